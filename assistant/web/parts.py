"""Gradio components as Ledby uses them."""

from __future__ import annotations

from typing import Any

import gradio as gr

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
"""Settings of events that are no part of the API and show no progress of their own."""


def markup(html: str = "", classes: str | None = None, elem_id: str | None = None) -> gr.HTML:
    """A piece of HTML without Gradio's own styles and click handler."""
    return gr.HTML(
        html, elem_classes=classes, elem_id=elem_id, min_width=0, apply_default_css=False, js_on_load=None
    )


def schema_once(kind: type[gr.components.Component]) -> None:
    """Keep the schema of a kind of component. Gradio makes it anew at every step of a stream, which for a
    chat costs more than the step itself; a subclass of its own would make Gradio write a stub beside this
    file."""
    told = kind(render=False).api_info()
    setattr(kind, "api_info", lambda _: told)  # noqa: B010
