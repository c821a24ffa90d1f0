"""Safe to expose: injection, headers, files, limits, signing in, errors."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from assistant.web.desk import Desk
from assistant.web.launch import launch
from assistant.web.options import WebOptions
from assistant.web.users import Users
from corpus.errors import IndexError_, UsageError
from corpus.model import Answer
from index.build import ingest
from index.embed import Embedder
from tests.web.conftest import served
from tests.web.papers import LONELY, SCRIPT

ATTACKS = (
    "<script>window.stung = true</script> who leads?",
    '<img src=x onerror="window.stung = true"> who leads?',
    "[who leads?](javascript:window.stung=true)",
    '"><svg onload="window.stung = true"> who leads?',
    "![x](http://example.com/x.png) $$\\href{javascript:window.stung=true}{x}$$ who leads?",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_question_stays_text(page: Page, ask: Callable[[str], None], attack: str) -> None:
    """What a user types is shown as typed and never runs, also after a reload."""
    ask(attack)
    expect(page.locator("#chat .said").last).to_have_text(" ".join(attack.split()))
    page.reload()
    expect(page.locator("#chat .said").last).to_have_text(" ".join(attack.split()))
    assert page.evaluate("window.stung") is None
    assert page.locator("#chat :is(img, svg[onload], script, a[href^='javascript'])").count() == 0


def test_a_document_stays_text(page: Page, ask: Callable[[str], None], address: str) -> None:
    """Script in a document's title and text is shown as words in answer, source and list, and never runs."""
    ask("How many visits did the harbour swimming pool have?")
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#source .source-title")).to_contain_text(SCRIPT)
    expect(page.locator("#source .reading")).to_contain_text("41,300")
    assert page.locator("#source .reading :is(img, script, a)").count() == 0
    page.goto(f"{address}/documents")
    expect(page.locator("#documents")).to_contain_text(SCRIPT)
    assert page.evaluate("window.stung") is None


def test_an_address_stays_text(page: Page, address: str) -> None:
    """A search in the address is not run either."""
    page.goto(f"{address}/find?q=%3Cimg%20src%3Dx%20onerror%3D%22window.stung%3Dtrue%22%3E")
    expect(page.locator("#found .count")).to_contain_text("0 entries")
    page.goto(f"{address}/leads?body=%3Cimg%20src%3Dx%20onerror%3D%22window.stung%3Dtrue%22%3E")
    expect(page.locator("#leads h2").first).to_contain_text("<img src=x")
    assert page.evaluate("window.stung") is None


def test_security_headers_on_everything(address: str) -> None:
    """Pages, files and refusals carry the headers; no script of a page runs without the nonce of that answer."""
    seen = set()
    for path in ("/", "/find", "/health", "/ledby/static/ledby.js", "/nothing-here", "/gradio_api/upload"):
        reply = httpx.get(address + path)
        policy = reply.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]
        assert reply.headers["x-frame-options"] == "DENY"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "server" not in reply.headers
        seen.add(policy)
    page = httpx.get(address)
    nonce = page.headers["content-security-policy"].split("'nonce-")[1].split("'")[0]
    assert page.text.count("<script") == page.text.count(f'<script nonce="{nonce}"')
    assert len(seen) > 1


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/file={index}/current",
        "/gradio_api/file={index}/../../../etc/passwd",
        "/ledby/static/..%2Fserver.py",
        "/ledby/static/%2e%2e/server.py",
        "/ledby/source?document=../../etc/passwd",
        "/ledby/page.png?document=..%2F..%2Fetc%2Fpasswd&page=1",
        "/ledby/page.png?document=eastmere-minutes&page=1",
        "/gradio_api/proxy=http://example.com/",
        "/gradio_api/deep_link?session_hash=x",
    ],
)
def test_no_file_outside_the_corpus(address: str, web_index: Path, path: str) -> None:
    """Neither the system's files nor the index's own can be fetched."""
    reply = httpx.get(address + path.format(index=web_index))
    assert "root:" not in reply.text
    assert "gen-" not in reply.text
    assert "import" not in reply.text
    assert reply.status_code in (403, 404) or "not in the index" in reply.text


def test_nothing_can_be_uploaded_and_large_requests_are_refused(address: str) -> None:
    """Ledby takes no files, and no request over two megabytes."""
    assert httpx.post(f"{address}/gradio_api/upload", files={"files": b"x"}).status_code == 404
    large = httpx.post(f"{address}/gradio_api/call/ask", content=b"x" * 2_100_000)
    assert large.status_code == 413


def test_a_source_checks_what_it_is_asked(address: str) -> None:
    """Numbers that are none, spans outside the document and quotes that changed get plain answers, no errors."""
    ask = f"{address}/ledby/source"
    assert httpx.get(ask, params={"document": "eastmere-minutes", "start": "x"}).status_code == 422
    far = httpx.get(ask, params={"document": "eastmere-minutes", "start": 10**8, "end": 10**8 + 5})
    assert "has changed since" in far.text
    changed = httpx.get(
        ask, params={"document": "eastmere-minutes", "start": 0, "end": 5, "check": "00000000"}
    )
    assert "has changed since" in changed.text


def test_questions_have_a_length_and_a_rate(page: Page, desk: Desk, inside: list[str]) -> None:
    """The box takes 500 characters; the third question in a minute is refused in words."""
    options = desk.options.model_copy(update={"rate": 2})
    with served(Desk(desk.directory, options, desk.assistant.index.embedder)) as slow:
        inside.append(slow)
        page.goto(slow)
        box = page.locator("#question textarea")
        assert box.get_attribute("maxlength") == "500"
        for n in range(3):
            box.fill("What does EBC stand for?")
            box.press("Enter")
            expect(page.locator("#chat .said")).to_have_count(min(n + 1, 3))
            expect(page.locator("#question .submit-button")).to_be_visible()
            page.wait_for_function("() => !document.querySelector('#chat .working')")
        expect(page.locator("#chat .answer").last).to_contain_text("more than 2 questions in a minute")
        long = httpx.post(f"{slow}/gradio_api/call/ask", json={"data": ["x" * 501, []]})
        told = httpx.get(f"{slow}/gradio_api/call/ask/{long.json()['event_id']}")
        assert "event: error" in told.text


@pytest.mark.parametrize("error", [IndexError_, ValueError])
def test_errors_say_nothing_internal(
    page: Page, desk: Desk, inside: list[str], error: type[Exception]
) -> None:
    """What goes wrong inside, foreseen or not, is told in plain words, with neither path nor traceback, by the
    page and by the endpoint; and another question can be asked."""

    class Broken(Desk):
        def ask(self, question: str, history: object = (), within: object = None) -> Answer:
            raise error("The index at /secret/place is damaged")

    with served(Broken(desk.directory, desk.options, desk.assistant.index.embedder)) as broken:
        inside.append(broken)
        page.goto(broken)
        box = page.locator("#question textarea")
        box.fill("who leads?")
        box.press("Enter")
        expect(page.locator("#chat .answer").last).to_contain_text("cannot answer just now")
        expect(page.locator("#question .submit-button")).to_be_visible()
        assert "/secret/place" not in page.content()
        called = httpx.post(f"{broken}/gradio_api/call/ask", json={"data": ["who leads?", []]}).json()
        told = httpx.get(f"{broken}/gradio_api/call/ask/{called['event_id']}").text
        assert "event: error" in told
        assert "secret" not in told


@pytest.fixture
def closed(desk: Desk, tmp_path: Path) -> Iterator[str]:
    """The application with one user, Ada."""
    users = Users(tmp_path / "users.json")
    users.add("Ada", "correct horse battery")
    options = desk.options.model_copy(update={"users": users.path})
    with served(Desk(desk.directory, options, desk.assistant.index.embedder)) as address:
        yield address


def test_signing_in_and_out(page: Page, closed: str, inside: list[str]) -> None:
    """Without signing in there is only the form; with it the application; after signing out the form again."""
    inside.append(closed)
    page.goto(f"{closed}/find")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill("wrong horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#question textarea")).to_be_visible()
    page.locator("#question textarea").fill("What does EBC stand for?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .answer").last).to_contain_text("Eastmere Borough Council")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_everything_but_health_asks_to_sign_in(closed: str) -> None:
    """Sources, files, endpoints and configuration are closed; a forged cookie opens nothing."""
    assert httpx.get(f"{closed}/health").status_code == 200
    for path in ("/config", "/ledby/source?document=eastmere-minutes", "/ledby/find.csv", "/gradio_api/info"):
        assert httpx.get(closed + path).status_code == 401, path
        assert httpx.get(closed + path, cookies={"ledby-session": "QWRh.00"}).status_code == 401
        assert httpx.get(closed + path, auth=("Ada", "correct horse battery")).status_code == 200, path
    assert httpx.get(closed, headers={"accept": "text/html"}).headers["location"] == "/sign-in"


def test_the_user_command(tmp_path: Path) -> None:
    """Adds, lists and removes; the file holds no password and is for its owner's eyes only."""
    from app import cli

    path = tmp_path / "users.json"
    run = CliRunner()
    word = "a long enough word"
    assert (
        run.invoke(cli, ["user", "add", "Ada", "--file", str(path)], input=f"{word}\n{word}\n").exit_code == 0
    )
    assert word not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert run.invoke(cli, ["user", "list", "--file", str(path)]).stdout.strip() == "Ada"
    assert run.invoke(cli, ["user", "add", "Bob", "--file", str(path)], input="short\nshort\n").exit_code != 0
    users = Users(path)
    ticket = users.ticket("Ada")
    assert users.holder(ticket) == "Ada"
    assert users.holder(ticket, now=10**12) is None
    users.add("Ada", "another long word")
    assert users.holder(ticket) is None
    assert run.invoke(cli, ["user", "remove", "Ada", "--file", str(path)]).exit_code == 0
    assert users.names() == []


def test_health_says_when_there_is_no_index(tmp_path: Path, embedder: Embedder, address: str) -> None:
    """200 and the generation, or 503."""
    told = httpx.get(f"{address}/health").json()
    assert told["status"] == "ok"
    assert told["documents"] == 3
    with served(Desk(tmp_path / "none", WebOptions(), embedder)) as empty:
        assert httpx.get(f"{empty}/health").status_code == 503


def test_a_new_generation_is_picked_up(papers: Path, tmp_path: Path, embedder: Embedder) -> None:
    """The running application answers from the new index after an ingest, and says so at /health."""
    folder = tmp_path / "papers"
    folder.mkdir()
    shutil.copy(papers / "eastmere-minutes.md", folder)
    ingest([folder], tmp_path / "index", embedder=embedder)
    desk = Desk(tmp_path / "index", WebOptions(), embedder)
    with served(desk) as address:
        assert httpx.get(f"{address}/health").json()["documents"] == 1
        shutil.copy(papers / "eastmere-plan-draft.md", folder)
        ingest([folder], tmp_path / "index", embedder=embedder)
        assert httpx.get(f"{address}/health").json()["documents"] == 2
        assert LONELY[0][0] in desk.ask("who leads reducing loneliness in the draft?").text


def test_an_address_that_is_taken_is_one_plain_line(web_index: Path) -> None:
    """Serving where something listens already says so, before anything is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Cannot listen on 127.0.0.1:{port} "):
            launch(web_index, "127.0.0.1", port)
