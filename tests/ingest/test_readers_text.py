"""Plain text and Markdown: decoding, lines that stay exact, pages, front matter, shapes that cost time."""

from __future__ import annotations

import time

import pytest
from reader_files import check_spans, kinds

from corpus.errors import DocumentError
from ingest.readers.text import MAX_CHARACTERS, is_tame, read_text


@pytest.mark.parametrize(
    "data",
    [
        "Café – £5 “now”\nsecond".encode(),
        b"\xef\xbb\xbf" + "Café – £5 “now”\nsecond".encode(),
        "Café – £5 “now”\nsecond".encode("utf-16"),
        "Café – £5 “now”\nsecond".encode("utf-16-le"),
        "Café – £5 “now”\nsecond".encode("utf-16-be"),
        "Café – £5 “now”\nsecond".encode("cp1252"),
        "Café – £5 “now”\r\nsecond".encode("cp1252"),
    ],
    ids=["utf-8", "marked utf-8", "utf-16", "utf-16 little", "utf-16 big", "cp1252", "cp1252 with CRLF"],
)
def test_encodings_give_the_same_text(data: bytes) -> None:
    source = read_text(data, "a.txt")
    assert source.text == "Café – £5 “now”\nsecond"
    assert source.warnings == ()
    assert source.has_lines


def test_broken_utf8_keeps_what_is_good_and_says_so() -> None:
    source = read_text("Café résumé naïve façade".encode() + b" \xff end", "a.txt")
    assert "résumé naïve façade" in source.text
    assert source.warnings == ("a.txt: 1 characters are not valid UTF-8 and could not be read.",)


def test_control_and_direction_characters_go_and_lines_stay() -> None:
    lines = ["one\x00\x07", "two\u202eowt\u202c", "three\x0b\x85", "four\ufeff", "five"]
    source = read_text("\n".join(lines).encode(), "a.txt")
    assert source.text.split("\n") == ["one", "twoowt", "three ", "four", "five"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_numbers_are_those_of_the_file(ends: str) -> None:
    lines = [f"Line {n} of the file." for n in range(1, 40)]
    source = read_text(ends.join(lines).encode(), "a.txt")
    assert source.text.split("\n")[24] == "Line 25 of the file."


def test_form_feeds_make_pages() -> None:
    source = read_text(b"First page.\n\fSecond page.\n\fThird.\n", "a.txt")
    assert [page.page_no for page in source.pages] == [1, 2, 3]
    assert source.pages[1].span.of(source.text) == "Second page.\n\f"
    check_spans(source)


@pytest.mark.parametrize("row", ["0\t\n", "0\f\t\n", "0\t\t \n", "\ta\t\n"])
def test_an_empty_cell_at_the_end_of_a_row_stands_within_it(row: str) -> None:
    """Else it would stand beyond a paper's text where a pack is cut behind the row."""
    source = read_text(f"{row}MINUTES of a meeting held on 31 June 2024\n".encode(), "a.md")
    (block,) = (one for one in source.blocks if one.kind == "table")
    for found in block.rows:
        assert found.cells and all(cell.span.end <= found.span.end for cell in found.cells)


def test_text_without_form_feeds_has_no_pages() -> None:
    assert read_text(b"Text.\n\f", "a.txt").pages == ()


def test_front_matter_is_meta_and_no_block() -> None:
    text = (
        '---\ntitle: "A plan: with a colon"\nShort-Title: Plan\ndate: 2024-06-12\n---\n# Heading\n\nBody.\n'
    )
    source = read_text(text.encode(), "a.md")
    assert source.meta == {"title": "A plan: with a colon", "short_title": "Plan", "date": "2024-06-12"}
    assert kinds(source) == [("heading", "# Heading"), ("paragraph", "Body.")]
    assert source.text == text


@pytest.mark.parametrize(
    "text", ["---\nNot a key\n---\nBody\n", "---\ntitle: open\nBody without end\n", "--- x\n"]
)
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    source = read_text(text.encode(), "a.md")
    assert source.meta == {}
    assert source.blocks[-1].span.end == len(text.rstrip())


def test_a_long_line_is_cut_into_paragraphs_that_lose_nothing() -> None:
    text = "Before.\n\n" + "word " * 10_000 + "\n\nAfter."
    source = read_text(text.encode(), "a.txt")
    check_spans(source)
    assert "".join(b.span.of(text) for b in source.blocks).replace(" ", "") == text.replace(" ", "").replace(
        "\n", ""
    )
    assert max(b.span.end - b.span.start for b in source.blocks) <= 4_000


@pytest.mark.parametrize(
    "text",
    ["#" + " " * 4_000_000 + "x", "<!-- " * 800_000, "a" * 6_000 + "\n", "\n" + " " * 300 + "\n"],
    ids=["spaces", "comments", "long line", "wide indent"],
)
def test_odd_shapes_are_not_tame(text: str) -> None:
    started = time.monotonic()
    assert not is_tame(text.encode())
    assert time.monotonic() - started < 2


def test_ordinary_text_is_tame() -> None:
    assert is_tame(b"# Heading\n\nText.\n<!-- a comment -->\n" * 10_000)


def test_unclosed_comments_are_text_and_take_no_time() -> None:
    started = time.monotonic()
    source = read_text(b"Start.\n" + b"<!-- x\n" * 100_000, "a.md")
    assert time.monotonic() - started < 20
    assert source.blocks


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00" * 100, "a.txt: is empty."),
        (b" \n\t\n", "a.txt: is empty."),
        (bytes(range(1, 32)) * 50, "a.txt: is not text"),
        (b"word " * (MAX_CHARACTERS // 5 + 1), "a.txt: holds 20,000,005 characters"),
    ],
    ids=["nulls", "blank", "binary", "too long"],
)
def test_what_is_no_text_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_text(data, "a.txt")
    assert str(caught.value).startswith(reason)
