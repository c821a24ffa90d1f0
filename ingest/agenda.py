"""The agenda of a pack: which papers it names, and where in the pack each of them begins.

Three forms are read: lines that end in "(Pages 7 - 60)", tables with a column of pages, and lists whose lines
end in a page number under a heading that says so. Of an agenda that tells no pages, the numbered lines count whose
titles stand at the head of a page further on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.model import Block, Page, Row
from corpus.text import fold, plain
from ingest.source import Source

_REACH = 20_000  # characters of a pack within which its agenda stands
_HEADING = re.compile(
    r"^[^\w\n]*(?:\w+[^\w\n]+){0,4}(?:agenda|order of business)\b(?:[^\w\n]+\w+){0,7}\W*$", re.I | re.M
)
_PAGES = re.compile(r"\(\s*(?:pages?|pp?\.?)\s*(\d{1,4})(?:\D{1,8}(\d{1,4}))?\s*\)", re.I)
_RANGE = re.compile(r"(\d{1,4})(?:\s*(?:[-–—]|to)\s*(\d{1,4}))?")
_PAGE_COLUMN = re.compile(r"(?:start )?(?:pages?|pp)\b.{0,12}", re.I)
_AUTHOR_COLUMN = re.compile(r"(?:lead|present|author|owner|sponsor|officer|report of|reporting|by\b)", re.I)
_PAGE_HEADING = re.compile(r"^[^\n]{0,60}\bpages?(?: nos?\.?| numbers?)?[^\w\n]*$", re.I | re.M)
_LISTED = re.compile(r"^[^\w\n]*(\d{1,3}[a-z]?)[.)]?\s+([^\n]*?[^\W\d][^\n]*?)[ .\t]+(\d{1,4})(?:\s*[-–—]\s*(\d{1,4}))?[ \t]*$", re.M)  # fmt: skip
_NUMBER = re.compile(r"^\W*(?:item\s+)?\d{1,3}(?:\.\d+)?[a-z]?[.):]?\s+", re.I)
_ITEM = re.compile(r"^\W*(?:item\s+)?(\d{1,3})[.):]?\s+(?=[A-Z\"'‘“])", re.I)
_HEAD_BLOCKS = 3  # of a page, among which its paper's title stands where no number tells the page
_MARKS = re.compile(r"[^\w'’&/-]+")
_APART = 3_000  # characters between two items, beyond which the second is no item but text of a paper
_MAX_LINES = 4  # that the title of an item takes
_MAX_TITLE = 160
_TOP = 1_200  # characters of a page within which its paper's title stands
_NAMED = 0.6  # share of a title's words that name it


@dataclass(frozen=True, slots=True)
class Item:
    """A paper that an agenda names: its title, the printed number of its first page, who brings it ("" where
    that is not said), and where the agenda has done with it."""

    title: str
    first: int
    author: str
    end: int


def agenda_of(source: Source) -> tuple[Item, ...]:
    """The papers that the agenda at the beginning of a source names, in the order of their pages; none where
    there is no agenda or it tells no pages."""
    head = source.text[:_REACH]
    heading = _HEADING.search(head)
    if heading is None:
        return ()
    found = [*_in_brackets(head, heading.start())] or [*_in_tables(source, heading.start())]
    found = found or [*_in_lists(head, heading.start())]
    rising: list[Item] = []
    for item in found:
        if rising and item.end - rising[-1].end > _APART:
            break
        if len(fold(item.title)) > 2 and (not rising or item.first > rising[-1].first):
            rising.append(item)
    return tuple(rising)


def _in_brackets(head: str, start: int) -> Iterator[Item]:
    """Lines such as "9. Harbour plan (Pages 7 - 60)", over several lines where the title is long."""
    last = start
    for match in _PAGES.finditer(head, start):
        lines = head[last : match.start()].split("\n")
        taken: list[str] = []
        for line in reversed(lines[-_MAX_LINES:]):
            if not line.strip() and any(one.strip() for one in taken):
                break
            taken.insert(0, line)
            if _NUMBER.match(line):
                break
        yield Item(_title(" ".join(taken)), int(match.group(1)), "", match.end())
        last = match.end()


def _in_tables(source: Source, start: int) -> Iterator[Item]:
    for block in source.blocks:
        if block.kind == "table" and start <= block.span.start < _REACH:
            yield from _in_table(block)


def _in_table(block: Block) -> Iterator[Item]:
    """Rows of a table that has a column of pages under a heading that says so."""
    for at, header in enumerate(block.rows[:3]):
        columns = [c for c, cell in enumerate(header.cells) if _PAGE_COLUMN.fullmatch(cell.text)]
        if columns:
            yield from _rows(block.rows[at + 1 :], columns[-1], header)
            return


def _rows(rows: Sequence[Row], pages: int, header: Row) -> Iterator[Item]:
    authors = [c for c, cell in enumerate(header.cells) if _AUTHOR_COLUMN.match(cell.text)]
    letters: Counter[int] = Counter()
    for row in rows:
        for c, cell in enumerate(row.cells):
            if c != pages and c not in authors:
                letters[c] += sum(character.isalpha() for character in cell.text)
    title = letters.most_common(1)[0][0] if letters else 0
    for row in rows:
        found = _RANGE.fullmatch(row.cells[pages].text.strip()) if pages < len(row.cells) else None
        if found and title < len(row.cells):
            author = row.cells[authors[0]].text if authors and authors[0] < len(row.cells) else ""
            yield Item(_title(row.cells[title].text), int(found.group(1)), author, row.span.end)


def _in_lists(head: str, start: int) -> Iterator[Item]:
    """Numbered lines that end in a page number, where the list is headed by the word "Page"."""
    heading = _PAGE_HEADING.search(head, start)
    if heading:
        for match in _LISTED.finditer(head, heading.end()):
            yield Item(_title(match.group(2)), int(match.group(3)), "", match.end())


def _title(text: str) -> str:
    return _NUMBER.sub("", plain(text).strip()).strip(" -–—.:\t")[:_MAX_TITLE]


def titled_pages(source: Source) -> list[tuple[str, int]]:
    """Titles in an agenda that tells no pages, each with the offset of the page that begins with it; none where fewer
    than two are found."""
    heading = _HEADING.search(source.text[:_REACH])
    if heading is None or not source.pages:
        return []
    items = list(_numbered(source, heading.end()))
    at = items[-1][2] if items else 0
    found: list[tuple[str, int]] = []
    for number, title, _ in items:
        pages = [page for page in source.pages if page.span.start >= at]
        begin = {
            said: page.span.start
            for page in reversed(pages)
            if (said := _begins(title, number, page, source))
        }
        if begin:
            at = begin[max(begin)] + 1
            found.append((title, begin[max(begin)]))
    return found if len(found) > 1 else []


def _numbered(source: Source, start: int) -> Iterator[tuple[int, str, int]]:
    """Number, title and end of the items of an agenda, as long as their numbers rise."""
    last, at = 0, start
    for block in (b for b in source.blocks if start <= b.span.start < _REACH):
        lines = [(" ".join(c.text for c in row.cells), row.span) for row in block.rows]
        for text, span in lines or [(block.span.of(source.text).split("\n", 1)[0], block.span)]:
            item = _ITEM.match(text)
            if item is None:
                continue
            if int(item.group(1)) <= last or span.start - at > _APART:
                return
            last, at = int(item.group(1)), span.end
            yield last, _title(text), at


def _begins(title: str, number: int, page: Page, source: Source) -> int:
    """How plainly a page begins with a title: 2 where a short block at its head says it and nothing else, 1 where the
    item's number stands before it, else 0."""
    blocks = [b for b in source.blocks if page.span.start <= b.span.start < page.span.end]
    for block in blocks[:_HEAD_BLOCKS]:
        text = block.span.of(source.text)
        if block.kind != "table" and len(_words(title)) > 1 and _says(title, text):
            own = _ITEM.match(text)
            return 2 if own is None else int(int(own.group(1)) == number)
    return 0


def places_of(items: Sequence[Item], source: Source) -> list[int | None]:
    """The offset at which each item's paper begins; None where it is not in the source."""
    if not items:
        return []
    return _on_pages(items, source) if source.pages else _by_titles(items, source)


def _on_pages(items: Sequence[Item], source: Source) -> list[int | None]:
    """By page numbers: those printed on the pages, or, where none are, by how far the pages whose paper is
    known by its title lie behind the number that the agenda gives."""
    after = [page for page in source.pages if page.span.start >= items[-1].end and page.page_no]
    tops = {page.page_no: source.text[page.span.start : page.span.start + _TOP] for page in after}
    printed = Counter(
        page.page_no - number for page in after if page.page_no and (number := _printed(page)) is not None
    )
    titled = Counter(
        page.page_no - item.first
        for item in items
        for page in after
        if page.page_no and names(item.title, tops[page.page_no])
    )
    shifts = sorted({*printed, *titled}, key=lambda s: (titled[s], printed[s]), reverse=True)
    best = next((s for s in shifts if titled[s] or printed[s] >= 0.5 * len(after)), None)
    starts = {page.page_no: page.span.start for page in after}
    return [None if best is None else starts.get(item.first + best) for item in items]


def _printed(page: Page) -> int | None:
    found = re.search(r"(\d{1,4})\W*$", page.page_label or "")
    return int(found.group(1)) if found else None


def _by_titles(items: Sequence[Item], source: Source) -> list[int | None]:
    """By the first short block after the paper before that says the title, and little else."""
    places: list[int | None] = []
    at = items[-1].end
    for item in items:
        place = next(
            (
                block.span.start
                for block in source.blocks
                if block.span.start >= at
                and block.kind != "table"
                and _says(item.title, block.span.of(source.text))
            ),
            None,
        )
        places.append(place)
        at = at if place is None else place + 1
    return places


def names(title: str, text: str) -> bool:
    """Whether most words of a title stand in a text."""
    words = _words(title)
    found = words & _words(text)
    return bool(words) and len(found) >= max(_NAMED * len(words), min(2, len(words)))


def _says(title: str, text: str) -> bool:
    return len(text) < 2 * _MAX_TITLE and names(title, text) and names(text, title)


def _words(text: str) -> set[str]:
    return {word for word in _MARKS.sub(" ", fold(plain(text))).split() if len(word) > 3 or word.isdigit()}
