"""A conversation as a Markdown or Word file, with its references."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

from docx import Document as WordDocument

from assistant.evidence.units import clean
from assistant.web.conversation import Turn, kept, where

_BOLD = re.compile(r"(\*\*.+?\*\*)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def markdown(turns: list[Turn]) -> str:
    """The conversation as Markdown. What users typed is escaped, so that it stays text."""
    out = ["# Questions and answers", ""]
    for turn in turns:
        out += [f"## {_escaped(turn['question'])}", "", _tagless(turn["answer"]), ""]
        out += [
            f"{one['n']}. {_escaped(where(one))}: “{_escaped(clean(one['quote']))}”"
            for one in turn["citations"]
        ]
        out += [""] if turn["citations"] else []
    return "\n".join(out)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _tagless(text: str) -> str:
    return text.replace("<", "&lt;")


def word(turns: list[Turn]) -> bytes:
    """The conversation as a Word file."""
    paper = WordDocument()
    paper.add_heading("Questions and answers", 0)
    for turn in turns:
        paper.add_heading(_printable(turn["question"]), 1)
        for line in filter(str.strip, turn["answer"].split("\n")):
            item = line.startswith("- ")
            paragraph = paper.add_paragraph(style="List Bullet" if item else None)
            for part in _BOLD.split(line.removeprefix("- ")):
                bold = part.startswith("**") and part.endswith("**") and len(part) > 4
                paragraph.add_run(_printable(part.strip("*") if bold else part)).bold = bold
        if turn["citations"]:
            paper.add_heading("References", 2)
        for one in turn["citations"]:
            paper.add_paragraph(_printable(f"[{one['n']}] {where(one)}: “{clean(one['quote'])}”"))
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def _printable(text: str) -> str:
    return _CONTROL.sub("", text)


def packed(name: str, kind: str, body: bytes) -> dict[str, str]:
    """A file as the page's script saves it: name, media type and contents in base64."""
    return {"name": name, "type": kind, "data": base64.b64encode(body).decode()}


def markdown_file(turns: Any) -> dict[str, str]:
    """The conversation as a Markdown file for the browser."""
    return packed("ledby-conversation.md", "text/markdown", markdown(kept(turns)).encode())


def word_file(turns: Any) -> dict[str, str]:
    """The conversation as a Word file for the browser."""
    return packed("ledby-conversation.docx", WORD, word(kept(turns)))
