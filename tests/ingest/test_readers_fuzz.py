"""Fuzzing: whatever the bytes, a reader gives a Source whose spans quote right, or one line naming the file.

LEDBY_FUZZ_SECONDS is how long it runs, for all formats together.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_pdfs import annotated, filled_form
from reader_files import check_spans, pages_pdf, plan_rows, raw_pdf, ruled_table_pdf, scanned_pdf, word_file

from corpus.catalogue import Catalogue
from corpus.errors import DocumentError
from ingest.read import documents_of
from ingest.readers.sandbox import Worker
from ingest.readers.text import read_text
from ingest.source import Source

SECONDS = float(os.environ.get("LEDBY_FUZZ_SECONDS", "8"))
TIMEOUT_S = 30
TOKENS = [
    b"<<",
    b">>",
    b"[",
    b"]",
    b"obj",
    b"endobj",
    b"stream",
    b"/Kids",
    b"/Length",
    b"-1",
    b"99999999999",
    b"\x00",
]
TOKENS += [
    b"1 0 R",
    b"<w:p>",
    b"</w:tbl>",
    b"<table>",
    b"</td>",
    b"<td colspan=9999999>",
    b"<!--",
    b"\t|\t",
    b"\xff\xfe",
]
BATCH = 20

edits = st.lists(
    st.tuples(st.floats(0, 1), st.one_of(st.binary(max_size=8), st.sampled_from(TOKENS)), st.integers(0, 40)),
    min_size=1,
    max_size=12,
)


def changed(data: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    """``data`` with pieces cut out and others put in."""
    for share, piece, cut in changes:
        at = int(share * len(data))
        data = data[:at] + piece + data[at + cut :]
    return data


def _table(path: Path) -> Path:
    return ruled_table_pdf(path, plan_rows(8))


def _pages(path: Path) -> Path:
    return pages_pdf(path, [["Words of the page."]] * 3, header="Title", footer="Page {n}")


def _raw(path: Path) -> Path:
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>"
    stream = "<< /Length 44 >> stream\nBT /F1 12 Tf 72 700 Td (Good words.) Tj ET    \nendstream"
    tree = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return raw_pdf(path, ["<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream])


def _html(path: Path) -> Path:
    rows = "<tr><td rowspan=2>a</td><td colspan=3>b</td></tr>" * 3
    path.write_text(f"<html><body><h1>Title</h1><ul><li>x<p>y</li></ul><table>{rows}</table></body></html>")
    return path


SEEDS: dict[str, Callable[[Path], Path]] = {
    "table.pdf": _table,
    "pages.pdf": _pages,
    "raw.pdf": _raw,
    "scan.pdf": scanned_pdf,
    "form.pdf": filled_form,
    "notes.pdf": annotated,
    "a.docx": word_file,
    "a.html": _html,
}


@pytest.mark.parametrize("name", SEEDS)
def test_changed_files(tmp_path: Path, name: str) -> None:
    seed = SEEDS[name](tmp_path / f"seed-{name}").read_bytes()
    path, worker = tmp_path / name, Worker()

    @settings(max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(edits)
    def run(changes: list[tuple[float, bytes, int]]) -> None:
        path.write_bytes(changed(seed, changes))
        _read(worker, path)

    try:
        _repeat(run, SECONDS / (len(SEEDS) + 1))
    finally:
        worker.retire()


def test_any_text() -> None:
    marks = st.sampled_from(
        ["\t", "|", "\n", "# ", "---\n", "**", "- ", "\f", "<!--", "-->", "1.2 ", "\x00", "\u202e"]
        + [
            "\n# Agenda\n",
            "1. Mud plan (Pages 1 - 4)\n",
            "\n\nMud plan\n\n",
            "From: A\n",
            "To: B, 1 May 2024\n",
        ]
        + ["Subject: Mud\n", "MINUTES of a meeting held on 31 June 2024\n", "99/99/2024 ", "DRAFT"]
    )
    texts = st.lists(st.one_of(marks, st.text(max_size=12)), max_size=60).map("".join)

    @settings(max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(texts.map(lambda t: t.encode("utf-8", "replace")), st.binary(max_size=400)))
    def run(data: bytes) -> None:
        try:
            source = read_text(data, "a.md")
        except DocumentError as error:
            assert str(error).startswith("a.md: ")
        else:
            _check(source)

    _repeat(run, SECONDS / (len(SEEDS) + 1))


def _read(worker: Worker, path: Path) -> None:
    try:
        source = worker.read(path, timeout_s=TIMEOUT_S, memory_mb=1024, password=None)
    except DocumentError as error:
        assert str(error).startswith(f"{path.name}: ") and "\n" not in str(error)
    else:
        _check(source)


def _check(source: Source) -> None:
    """A source's spans quote right, and so do those of the papers that it is split into."""
    check_spans(source)
    papers = documents_of(source, Catalogue())
    assert len({paper.id for paper in papers}) == len(papers)
    for paper in papers:
        assert paper.title and paper.text in source.text
        check_spans(Source(paper.file, paper.text, paper.blocks, paper.pages))


def _repeat(run: Callable[[], None], seconds: float) -> None:
    """Batches of new examples until the time is up, one at the least."""
    end = time.monotonic() + seconds
    run()
    while time.monotonic() < end:
        run()
