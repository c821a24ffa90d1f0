"""A small index of made-up papers, the application over it, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from assistant.web.desk import Desk
from assistant.web.options import WebOptions
from assistant.web.server import build
from index.build import ingest
from index.embed import Embedder
from tests.web.papers import write_papers

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ROOT = Path(__file__).parents[2]
expect.set_options(timeout=20_000)


def missing(what: str) -> NoReturn:
    """Skip a test for want of a tool; in CI, where every tool has to be there, fail it."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the papers of a made-up borough: a draft, the final plan as PDF, minutes."""
    folder = tmp_path_factory.mktemp("papers")
    write_papers(folder)
    return folder


@pytest.fixture(scope="session")
def web_index(papers: Path, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the papers. Tests only read it."""
    directory = tmp_path_factory.mktemp("web") / "index"
    ingest([papers], directory, embedder=embedder)
    return directory


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The application over a desk, listening on a free port; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        build(desk),
        host="127.0.0.1",
        port=port,
        log_level="critical",
        server_header=False,
        timeout_keep_alive=75,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def desk(web_index: Path, papers: Path, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that finds the PDF and keeps feedback apart."""
    options = WebOptions(
        files=str(papers),
        feedback=tmp_path_factory.mktemp("feedback") / "feedback.sqlite",
        rate=1000,
        results=tmp_path_factory.mktemp("results"),
    )
    desk = Desk(web_index, options, embedder)
    desk.ask("Who leads what?")
    return desk


@pytest.fixture(scope="session")
def address(desk: Desk) -> Iterator[str]:
    """Where the application listens."""
    with served(desk) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or a skip that says why."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        missing("Chromium is not installed (apt-get install chromium): the pages cannot be tried")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def outside() -> list[str]:
    """Addresses outside the application that the browser asked for."""
    return []


@pytest.fixture
def inside(address: str) -> list[str]:
    """Addresses that the browser may ask for; a test that serves another application adds its own."""
    return [address]


@pytest.fixture
def context(browser: Browser, inside: list[str], outside: list[str]) -> Iterator[BrowserContext]:
    """A browser of its own for a test, its network watched: a request to anywhere else fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(20_000)

    def watch(request: Request) -> None:
        if not request.url.startswith((*inside, "data:", "blob:")):
            outside.append(request.url)

    context.on("request", watch)
    yield context
    context.close()
    assert not outside


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page whose script errors fail the test."""
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


@pytest.fixture
def ask(page: Page, address: str) -> Callable[[str], None]:
    """Asks a question on the Ask page and waits for the whole answer."""

    def ask(question: str) -> None:
        if not page.url.startswith(address):
            page.goto(address)
        ask_on(page, question)

    return ask


def ask_on(page: Page, question: str) -> None:
    """Asks on the Ask page, which is open, and waits for the whole answer and for the button to ask with."""
    box = page.locator("#question textarea")
    box.fill(question)
    before = page.locator("#chat .answer").count()
    box.press("Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('#chat .answer').length > n && !document.querySelector('#chat .working')"
        " && document.querySelector('#question .submit-button')",
        arg=before,
    )


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, or a skip that says why."""
    places = [os.environ.get("AXE_CORE", ""), str(ROOT / "node_modules" / "axe-core" / "axe.min.js")]
    found = next((Path(place) for place in places if place and Path(place).is_file()), None)
    if found is None:
        missing("axe-core is not at hand: npm install --no-save axe-core, or set AXE_CORE to its axe.min.js")
    return found.read_text(encoding="utf-8")
