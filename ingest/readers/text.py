"""Plain text and Markdown -> Source: decoding, control characters, form feeds, front matter, very long lines.

Nothing is done that would move a line: line ``n`` of the stored text is line ``n`` of the file, so that
citations can name it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

from corpus.errors import DocumentError
from corpus.model import Block, Cell, Page, Row, Span
from ingest.blocks import parse_blocks
from ingest.source import Source

MAX_CHARACTERS = 20_000_000
LONG_LINE = 20_000
_PIECE = 4_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_OTHER_BREAK = re.compile("[\x85\u2028\u2029]")
_ODD = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]")
_KEY = re.compile(r"^([A-Za-z][A-Za-z0-9_ -]{0,40}):(?:\s+(.*))?$")
_WIDE_SPACE = re.compile(r"[^\S\n]{200}")
_TAME_LINE = 5_000
_BINARY_SHARE = 0.1
_MAX_FRONT_LINES = 100
_SAMPLE = 65_536


def read_text(data: bytes, name: str) -> Source:
    """Read a text or Markdown file from its bytes; ``name`` is the file's name.

    Raises DocumentError when it is empty, is no text, or holds more than MAX_CHARACTERS characters.
    """
    text, warnings = decode(data, name)
    if len(text) > MAX_CHARACTERS:
        raise too_long(name, text)
    if not text.strip():
        raise DocumentError(f"{name}: is empty.")
    meta, start = front_matter(text)
    return Source(
        file=name,
        text=text,
        blocks=_blocks(text, start),
        pages=_pages(text),
        meta=meta,
        warnings=tuple(warnings),
        has_lines=True,
    )


def too_long(name: str, text: str) -> DocumentError:
    """The error for a file of more text than any document has."""
    return DocumentError(
        f"{name}: holds {len(text):,} characters, more than {MAX_CHARACTERS:,}; split the file."
    )


def is_tame(data: bytes) -> bool:
    """Whether text is of a shape that every pattern over it handles at once: no enormous lines or stretches
    of spaces, no run of unclosed comments. Other text is read under limits."""
    if max(map(len, data.split(b"\n"))) > _TAME_LINE:
        return False
    text = data.decode("latin-1")
    return not _WIDE_SPACE.search(text) and text.count("<!--", max(0, text.rfind("-->"))) < 50


def decode(data: bytes, name: str) -> tuple[str, list[str]]:
    """Bytes -> text with ``\\n`` line ends, and a warning where characters were lost.

    UTF-8, UTF-16 and UTF-32 by their marks, UTF-16 also without one; else UTF-8; else Windows' cp1252.
    Raises DocumentError when the bytes are no text.
    """
    text, lost = _decoded(data)
    sample = text[:_SAMPLE]
    if len(_ODD.findall(sample)) > _BINARY_SHARE * len(sample):
        raise DocumentError(f"{name}: is not text, nor another kind of document that Ledby reads.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _OTHER_BREAK.sub(" ", _CONTROL.sub("", text))
    warnings = [f"{name}: {lost} characters are not valid UTF-8 and could not be read."] if lost else []
    return text, warnings


def _decoded(data: bytes) -> tuple[str, int]:
    """The text, and how many characters of it were lost."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return text, text.count("\ufffd") if encoding == "utf-8" else 0
    wide = _unmarked_utf16(data)
    if wide:
        return data.decode(wide, "replace"), 0
    try:
        return data.decode("utf-8"), 0
    except UnicodeDecodeError:
        return _mixed(data)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte of Western text is null."""
    head = data[:4096]
    half = len(head) // 2
    if half < 2 or head.count(0) < 0.3 * len(head):
        return None
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.1 * half else None


def _mixed(data: bytes) -> tuple[str, int]:
    """UTF-8 with a few broken bytes keeps its good characters; otherwise it is cp1252."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    good = sum(1 for c in text if c > "\x7f") - lost
    if good > lost:
        return text, lost
    table = {i: bytes([i]).decode("cp1252", "ignore") or chr(i) for i in range(128, 160)}
    return data.decode("latin-1").translate(table), 0


def front_matter(text: str) -> tuple[dict[str, str], int]:
    """The ``key: value`` lines between ``---`` lines at the top, keys in lower case with ``_``, and the
    offset at which the body begins; ``({}, 0)`` when the text does not begin so."""
    if not re.match(r"---[ \t]*\n", text):
        return {}, 0
    meta: dict[str, str] = {}
    at = text.index("\n") + 1
    for _ in range(_MAX_FRONT_LINES):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)].rstrip()
        if line in ("---", "..."):
            return meta, end + 1 if end >= 0 else len(text)
        found = _KEY.match(line[:2000])
        if found:
            meta[re.sub(r"[ -]+", "_", found.group(1).lower())] = _unquoted(found.group(2) or "")
        elif line and not line.startswith((" ", "\t", "#", "- ")):
            return {}, 0
        if end < 0:
            break
        at = end + 1
    return {}, 0


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _pages(text: str) -> tuple[Page, ...]:
    """Form feeds make pages; text without one has none."""
    if "\f" not in text.rstrip():
        return ()
    starts = [0, *(m.end() for m in re.finditer("\f", text.rstrip()))]
    ends = [*starts[1:], len(text)]
    return tuple(Page(n, None, Span(a, b)) for n, (a, b) in enumerate(zip(starts, ends, strict=True), 1))


def _blocks(text: str, start: int) -> tuple[Block, ...]:
    """Blocks from ``start`` on; lines beyond LONG_LINE, which no writer made, become plain paragraphs."""
    blocks: list[Block] = []
    at = start
    for line in re.finditer(rf"[^\n]{{{LONG_LINE},}}", text[start:]):
        blocks += _parsed(text[at : start + line.start()], at)
        blocks += _pieces(text, start + line.start(), start + line.end())
        at = start + line.end()
    return (*blocks, *_parsed(text[at:], at))


def _parsed(text: str, offset: int) -> list[Block]:
    if not text.strip():
        return []
    closed = text.rfind("-->") + 1
    blocks = parse_blocks(text[:closed] + text[closed:].replace("<!--", "    "))
    return [_moved(block, offset) for block in blocks] if offset else list(blocks)


def _moved(block: Block, by: int) -> Block:
    def span(old: Span) -> Span:
        return Span(old.start + by, old.end + by)

    rows = tuple(Row(tuple(Cell(c.text, span(c.span)) for c in r.cells), span(r.span)) for r in block.rows)
    return replace(block, span=span(block.span), rows=rows)


def _pieces(text: str, start: int, end: int) -> list[Block]:
    """A very long line as paragraphs of about _PIECE characters, cut at spaces where there are any."""
    blocks = []
    while start < end:
        cut = min(end, start + _PIECE)
        if cut < end:
            space = text.rfind(" ", start + _PIECE // 2, cut)
            cut = space if space > 0 else cut
        body = text[start:cut]
        left = start + len(body) - len(body.lstrip())
        if body.strip():
            blocks.append(Block("paragraph", Span(left, start + len(body.rstrip()))))
        start = cut
    return blocks
