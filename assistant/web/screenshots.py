"""Takes the pictures in docs/: every view, on a desktop and on a phone. Run with ``python -m
assistant.web.screenshots``; needs Chromium and the development tools."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from PIL import Image

from assistant.web.desk import Desk
from assistant.web.options import WebOptions
from assistant.web.pageimage import bundled
from corpus.errors import LedbyError, UsageError
from index.layout import current_name
from index.settings import settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = {"": (1280, 1100), "-phone": (360, 740)}
VIEWS = {
    "ask": ("/", "#chat .example"),
    "find": ("/find", "#found tbody tr"),
    "leads": ("/leads", "#leads tbody tr"),
    "changes": ("/changes", "#changes tbody tr"),
    "documents": ("/documents", "#documents tbody tr"),
    "quality": ("/quality", "#quality p, #quality table"),
}


@contextmanager
def _served(desk: Desk) -> Iterator[str]:
    from assistant.web.server import build

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(build(desk), host="127.0.0.1", port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)


def take(desk: Desk, folder: Path) -> list[Path]:
    """Take all pictures into a folder; their paths."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise UsageError("Chromium is not installed; on Debian: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with _served(desk) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (path, ready) in VIEWS.items():
            for suffix, (width, height) in SIZES.items():
                context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
                page = context.new_page()
                page.goto(address + path)
                page.locator(ready).first.wait_for()
                if name == "ask":
                    _converse(page, phone=bool(suffix))
                page.wait_for_timeout(500)
                taken.append(folder / f"{name}{suffix}.png")
                page.screenshot(path=taken[-1])
                _smaller(taken[-1])
                context.close()
        browser.close()
    return taken


def _smaller(path: Path) -> None:
    """The same picture in 256 colours, a third of the size."""
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(256)
    small.save(path, optimize=True)


def _converse(page: Page, *, phone: bool) -> None:
    """Ask the first example; on the desktop open its first source too."""
    page.locator("#chat .example").first.click()
    page.locator("#chat a.cite").first.wait_for()
    page.wait_for_timeout(2000)
    if not phone:
        page.locator("#chat a.cite").first.click()
        page.locator("#source mark").first.wait_for()
        page.wait_for_timeout(1500)
    page.evaluate("scrollTo(0, 0)")


def main() -> int:
    """Index the bundled documents where there is no index, and take the pictures into docs/."""
    try:
        directory = settings().index
        if current_name(directory) is None:
            from index.build import ingest

            ingest([bundled()], directory)
        for path in take(Desk(directory, WebOptions()), bundled().parents[1] / "docs"):
            print(path.name)
    except LedbyError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
