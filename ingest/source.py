"""What a reader returns: one file's text with its layout, before it is known what papers are in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.model import Block, Page


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read. ``meta`` holds what the file says of itself (keys: title, author, date, publisher,
    status, family, supersedes, short_title, id); ``has_lines`` is True for text sources, whose citations
    carry line numbers.
    """

    file: str
    text: str
    blocks: tuple[Block, ...] = ()
    pages: tuple[Page, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    has_lines: bool = False
