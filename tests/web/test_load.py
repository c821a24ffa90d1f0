"""Fifty people asking at once, and how soon the first of them has an answer."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL
from typing import IO

import httpx
import pytest
from playwright.sync_api import Page, expect

from assistant.web.desk import Desk
from tests.web.conftest import ROOT, served
from tests.web.papers import OUTCOMES

PEOPLE, SECONDS, THINKING = 50, 12, 5
FORMS = (
    "who leads {}?",
    "which plan covers {}?",
    "what changed about {}?",
    "what do the papers say about {}?",
)
BODY_FORMS = ("what does {} lead?", "which plans does {} lead?", "is {} named as a lead?")


def questions() -> list[str]:
    """Some eighty different questions, so that few answers are at hand already."""
    commitments = {name: rows for part in OUTCOMES.values() for name, rows in part.items()}
    plans = [plan for rows in commitments.values() for plan, _ in rows]
    bodies = [lead for rows in commitments.values() for _, lead in rows]
    asked = [form.format(name) for name in (*commitments, *plans) for form in FORMS]
    return [*asked, *(form.format(body) for body in dict.fromkeys(bodies) for form in BODY_FORMS)]


@pytest.mark.alone
def test_fifty_people_at_once(desk: Desk, tmp_path: Path) -> None:
    """Each asks, reads for about five seconds and asks again: no error, and nineteen answers in twenty are
    whole within three seconds."""
    (tmp_path / "questions.txt").write_text("\n".join(questions()), encoding="utf-8")
    options = desk.options.model_copy(update={"rate_address": 100_000})
    with served(Desk(desk.directory, options, desk.assistant.index.embedder)) as address:
        httpx.get(f"{address}/health")
        told = subprocess.run(
            [sys.executable, "-m", "tests.web.crowd", address, str(tmp_path / "questions.txt")]
            + ["--people", str(PEOPLE), "--seconds", str(SECONDS), "--thinking", str(THINKING)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    found = json.loads(told.stdout)
    assert found["errors"] == 0, found["error"]
    assert found["answers"] >= PEOPLE
    assert found["whole_p95"] < 3.0


@contextmanager
def running(
    index: Path, code: str = "from app import main; main()", said: int | IO[str] = DEVNULL
) -> Iterator[str]:
    """``ledby serve`` as a process of its own, started by ``code``; its address. ``said`` gets what it prints."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", code, "serve", "--port", str(port)]
    environment = {**os.environ, "LEDBY_INDEX": str(index), "HF_HUB_OFFLINE": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def answering(address: str) -> None:
    """Wait until the server answers, for a minute at most."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/health").status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


@pytest.mark.alone
def test_the_first_answer_is_there_within_thirty_seconds(
    page: Page, inside: list[str], web_index: Path
) -> None:
    """From starting the server, nothing loaded yet, to an answer on the screen."""
    begun = time.monotonic()
    with running(web_index) as address:
        inside.append(address)
        answering(address)
        page.goto(address)
        page.locator("#question textarea").fill("who leads reducing loneliness?")
        page.locator("#question textarea").press("Enter")
        expect(page.locator("#chat .answer a.cite").first).to_be_visible(timeout=30_000)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("question", ["who leads reducing loneliness?", "What does EBC stand for?"])
def test_the_same_question_has_the_same_answer(desk: Desk, question: str) -> None:
    """An answer that is kept is the answer, whatever words of a conversation led to it."""
    first, again = desk.ask(question), desk.ask(question)
    assert (again.text, again.citations) == (first.text, first.citations)
    folded = desk.ask("and in the draft?", [question])
    assert folded.question == "and in the draft?"
    assert desk.ask(folded.standalone).text == folded.text


WATCHED = """
import sys
def watch(event, told):
    if event in ("socket.connect", "socket.getaddrinfo"):
        print(told[1 if event == "socket.connect" else 0], flush=True)
sys.addaudithook(watch)
from app import main
main()
"""


def test_the_server_turns_to_nobody(web_index: Path, tmp_path: Path) -> None:
    """While it starts, answers and is looked at, no other machine is connected to or looked up: no telemetry."""
    with (
        (tmp_path / "told").open("w", encoding="utf-8") as told,
        running(web_index, WATCHED, told) as address,
    ):
        answering(address)
        assert httpx.get(address).status_code == 200
        called = httpx.post(f"{address}/gradio_api/call/ask", json={"data": ["who leads?", []]}).json()
        assert "event: complete" in httpx.get(f"{address}/gradio_api/call/ask/{called['event_id']}").text
        time.sleep(2)
    places = (tmp_path / "told").read_text(encoding="utf-8").splitlines()
    assert places
    assert [one for one in places if not ("127.0.0.1" in one or one in ("None", "localhost"))] == []
