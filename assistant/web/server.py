"""The application as one ASGI app: Gradio's pages, the sources beside them, and the health of it all."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr
from fastapi import FastAPI, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from gradio.components import Navbar

from assistant.web import api, ask, changes, documents, find, leads, quality, sheets
from assistant.web.desk import Desk
from assistant.web.examples import Examples
from assistant.web.feedback import store_for
from assistant.web.frame import VIEWS
from assistant.web.framing import Framing
from assistant.web.limits import Limits
from assistant.web.pageimage import page_png
from assistant.web.signin import SignIn
from assistant.web.source import Wanted, fragment
from assistant.web.users import Users
from corpus.errors import LedbyError
from corpus.model import Span

_STATIC = Path(__file__).parent / "static"
_FILES = {"ledby.css": "text/css", "ledby.js": "text/javascript", "icon.svg": "image/svg+xml"}
Number = Annotated[int | None, Query(ge=0, le=10**9)]


def theme() -> gr.themes.Base:
    """A plain theme that uses the fonts of the user's system."""
    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="slate",
        radius_size="none",
        font=["Arial", "Helvetica", "sans-serif"],
        font_mono=["Consolas", "monospace"],
    )


def pages(desk: Desk, examples: Examples) -> gr.Blocks:
    """All views as Gradio pages."""
    limits, differences = Limits(desk.options), changes.Differences(desk)
    blocks = gr.Blocks(title="Ledby", analytics_enabled=False)
    with blocks:
        Navbar(visible=False)
        ask.build(blocks, desk, examples, limits, store_for(desk.directory, desk.options))
        api.register(desk, limits, differences)
    for (path, name), view in zip(
        ((v.path, v.name) for v in VIEWS[1:]), _views(desk, differences), strict=True
    ):
        with blocks.route(name, path) as page:
            Navbar(visible=False)
            view(page)
    return blocks


def _views(desk: Desk, differences: changes.Differences) -> list[Callable[[gr.Blocks], None]]:
    """What builds each page after the first, in the order of the navigation."""
    return [
        lambda page: find.build(page, desk),
        lambda page: leads.build(page, desk),
        lambda page: changes.build(page, desk, differences),
        lambda page: documents.build(page, desk),
        lambda page: quality.build(page, desk),
    ]


def build(desk: Desk, examples: Examples | None = None) -> FastAPI:
    """The whole application over a desk."""
    app = FastAPI(title="Ledby", docs_url=None, redoc_url=None, openapi_url=None)
    _own_routes(app, desk)
    _downloads(app, desk)
    blocks = pages(desk, examples or Examples(desk))
    blocks.queue(default_concurrency_limit=16, max_size=500)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Gradio warns that it switches off what is off
        gr.mount_gradio_app(
            app,
            blocks,
            path="/",
            footer_links=[],
            run_history=False,
            show_error=False,
            ssr_mode=False,
            theme=theme(),
            mcp_server=desk.options.mcp or None,
            max_file_size=1,
        )
    if desk.options.users is not None:
        app.add_middleware(SignIn, users=Users(desk.options.users), secure=desk.options.secure)
    app.add_middleware(Framing)
    return app


def _own_routes(app: FastAPI, desk: Desk) -> None:
    @app.get("/health")
    def health() -> Response:
        try:
            index = desk.assistant.index
        except LedbyError:
            return JSONResponse({"status": "no index"}, status_code=503)
        return JSONResponse({"status": "ok", "generation": index.name, "documents": len(index.documents)})

    @app.get("/ledby/source")
    def source(
        document: Annotated[str, Query(max_length=200)],
        start: Number = None,
        end: Number = None,
        check: Annotated[str, Query(max_length=8)] = "",
        n: Number = None,
        page: Number = None,
        at: Number = None,
    ) -> Response:
        span = Span(start, end) if start is not None and end is not None else None
        return HTMLResponse(fragment(desk, Wanted(document, span, check, n, page, at)))

    @app.get("/ledby/page.png")
    def page_image(
        document: Annotated[str, Query(max_length=200)],
        page: Annotated[int, Query(ge=1)],
        start: Number = None,
        end: Number = None,
    ) -> Response:
        span = Span(start, end) if start is not None and end is not None else None
        image = page_png(desk, document, page, span)
        if image is None:
            return Response(status_code=404)
        return Response(image, media_type="image/png", headers={"cache-control": "private, max-age=3600"})

    @app.get("/ledby/static/{name}")
    def static(name: str) -> Response:
        if name not in _FILES:
            return Response(status_code=404)
        return FileResponse(_STATIC / name, media_type=_FILES[name], headers={"cache-control": "no-cache"})


def _downloads(app: FastAPI, desk: Desk) -> None:
    differences = changes.Differences(desk)

    @app.get("/ledby/find.{kind}")
    def found(kind: str, request: Request) -> Response:
        if kind not in ("csv", "xlsx"):
            return Response(status_code=404)
        rows = find.rows(desk, find.search_of(dict(request.query_params)))
        return sheets.file_response(rows, kind, "commitments")

    @app.get("/ledby/changes.{kind}")
    def changed(
        kind: str,
        old: Annotated[str, Query(max_length=200)],
        new: Annotated[str, Query(max_length=200)],
        kind_of_change: Annotated[str, Query(alias="kind", max_length=40)] = "",
        q: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        if kind not in ("csv", "xlsx"):
            return Response(status_code=404)
        rows = changes.rows(changes.chosen(differences.between(old, new), kind_of_change, q))
        return sheets.file_response(rows, kind, "changes")
