"""The sandbox: every file ends in a Source or one DocumentError, within its limits, and the others go in."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reader_files import check_spans, encrypted_pdf, pages_pdf, raw_pdf, word_file

from corpus.errors import DocumentError
from ingest.readers import documents_in, read_source, read_sources
from ingest.readers.wire import dump_source, load_source
from ingest.source import Source

ROOT = Path(__file__).resolve().parents[2]
SLOW = b"<html><table>" + b"<tr><td><table>" * 40_000 + b"words"  # minutes of work for the HTML parser


def outcome(path: Path, **limits: float) -> str:
    """The text of a file, or the line of its error, which must name the file."""
    try:
        source = read_source(path, **limits)  # type: ignore[arg-type]
    except DocumentError as error:
        line = str(error)
        assert line.startswith(f"{path.name}: ") and line.endswith(".") and "\n" not in line
        return line
    assert isinstance(source, Source)
    check_spans(source)
    return source.text


def _pdf(path: Path) -> None:
    pages_pdf(path, [["Words of the document."]])


def _text(path: Path) -> None:
    path.write_text("Words of the document.\n")


def _html(path: Path) -> None:
    path.write_text("<!doctype html><html><body><p>Words of the document.</p></body></html>")


def _word(path: Path) -> None:
    word_file(path)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (_pdf, "a.pdf"),
        (_pdf, "a.txt"),
        (_pdf, "a.docx"),
        (_pdf, "noextension"),
        (_text, "a.txt"),
        (_text, "a.md"),
        (_text, "a.dat"),
        (_html, "a.html"),
        (_html, "a.txt"),
        (_html, "a.pdf"),
        (_word, "a.docx"),
        (_word, "a.pdf"),
        (_word, "a.txt"),
    ],
)
def test_content_decides_what_a_file_is(tmp_path: Path, make: Callable[[Path], None], name: str) -> None:
    make(tmp_path / name)
    text = outcome(tmp_path / name)
    assert "Words of the document." in text or "The aims are set out here." in text


def _zip(path: Path, member: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "x")


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("a.pdf", b"", "a.pdf: is empty."),
        ("a.txt", b"", "a.txt: is empty."),
        (
            "a.docx",
            b"not a zip archive at all",
            "a.docx: is named as a Word file but is damaged or something else.",
        ),
        ("a.docx", b"PK\x03\x04 broken", "a.docx: is damaged and cannot be read (File is not a zip file)."),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc: is an old Office file"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx: is encrypted and needs a password",
        ),
        ("a.rtf", b"{\\rtf1 words}", "a.rtf: is rich text (RTF), which Ledby does not read"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "a.txt: is not text"),
        ("a.pdf", b"words that are no PDF", "a.pdf: is damaged and cannot be read"),
        ("a.html", b"<html></html>", "a.html: holds no text."),
    ],
)
def test_a_file_that_cannot_be_read_gets_its_line(tmp_path: Path, name: str, data: bytes, line: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert outcome(tmp_path / name).startswith(line)


@pytest.mark.parametrize(
    ("member", "what"),
    [
        ("xl/workbook.xml", "a spreadsheet"),
        ("ppt/presentation.xml", "a slide show"),
        ("a.txt", "a zip archive"),
    ],
)
def test_other_archives_are_named(tmp_path: Path, member: str, what: str) -> None:
    _zip(tmp_path / "a.docx", member)
    assert outcome(tmp_path / "a.docx").startswith(f"a.docx: is {what}, which Ledby does not read")


def test_missing_files_folders_and_pipes_get_their_lines(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert outcome(tmp_path / "none.txt") == "none.txt: does not exist."
    assert outcome(tmp_path / "pipe.txt") == "pipe.txt: is not a file."
    assert outcome(tmp_path) == f"{tmp_path.name}: is not a file."


def test_encrypted_files_say_so(tmp_path: Path) -> None:
    plain = pages_pdf(tmp_path / "plain.pdf", [["Secret words."]])
    path = encrypted_pdf(tmp_path / "a.pdf", plain, "sesame", "owner")
    assert outcome(path) == "a.pdf: is encrypted and needs a password."
    assert read_source(path, password="sesame").text.strip() == "Secret words."


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_truncated_files_end_in_something(tmp_path: Path, share: float) -> None:
    for path in (pages_pdf(tmp_path / "a.pdf", [["Words."]] * 20), word_file(tmp_path / "a.docx")):
        data = path.read_bytes()
        path.write_bytes(data[: int(share * len(data))])
        outcome(path, timeout_s=30)


def test_a_page_tree_that_holds_itself(tmp_path: Path) -> None:
    tree = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 /MediaBox [0 0 9 9] >>"
    path = raw_pdf(tmp_path / "a.pdf", ["<< /Type /Catalog /Pages 2 0 R >>", tree])
    assert outcome(path, timeout_s=30).startswith("a.pdf: is damaged")


def test_a_page_tree_as_deep_as_it_gets(tmp_path: Path) -> None:
    depth = 5_000
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    objects += [f"<< /Type /Pages /Kids [{n + 3} 0 R] /Count 1 >>" for n in range(depth)]
    path = raw_pdf(
        tmp_path / "a.pdf", [*objects, f"<< /Type /Page /Parent {depth + 1} 0 R /MediaBox [0 0 9 9] >>"]
    )
    outcome(path, timeout_s=30)


def test_a_page_count_that_lies(tmp_path: Path) -> None:
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"]
    path = raw_pdf(tmp_path / "a.pdf", [*objects, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"])
    outcome(path, timeout_s=30)


def test_objects_nested_without_end(tmp_path: Path) -> None:
    nested = "[" * 200_000 + "]" * 200_000
    path = raw_pdf(tmp_path / "a.pdf", [f"<< /Type /Catalog /Pages 2 0 R /X {nested} >>"])
    assert outcome(path, timeout_s=60).startswith("a.pdf: ")


def test_five_thousand_pages(tmp_path: Path) -> None:
    path = pages_pdf(tmp_path / "a.pdf", [[f"Words of sheet {n}."] for n in range(5_000)], footer="Page {n}")
    source = read_source(path, timeout_s=120)
    assert len(source.pages) == 5_000
    assert source.pages[4_998].span.of(source.text).split()[:4] == ["Words", "of", "sheet", "4998."]


def test_a_hundred_megabytes_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("word " * 20_000_000)
    assert (
        outcome(tmp_path / "a.txt")
        == "a.txt: holds 100,000,000 characters, more than 20,000,000; split the file."
    )


def test_a_long_line_within_reason_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("word " * 1_000_000)
    assert outcome(tmp_path / "a.txt", timeout_s=60).count("word") == 1_000_000


def test_time_is_limited(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(SLOW)
    started = time.monotonic()
    assert outcome(tmp_path / "a.html", timeout_s=2) == "a.html: took longer than 2 seconds to read."
    assert time.monotonic() - started < 10


def test_memory_is_limited(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"word " * 30_000_000)
    assert outcome(tmp_path / "a.txt", memory_mb=300) == "a.txt: needs more than 300 MB of memory to read."


def test_files_are_read_side_by_side_in_order_and_bad_ones_harm_none(tmp_path: Path) -> None:
    paths = []
    for n in range(12):
        paths.append(pages_pdf(tmp_path / f"{n:02}.pdf", [[f"Words of file {n}."]]))
    paths[3].write_bytes(b"%PDF-1.7 nonsense")
    (tmp_path / "05.html").write_bytes(SLOW)
    paths[5] = tmp_path / "05.html"
    results = list(read_sources(paths, timeout_s=3, workers=2))
    assert [path for path, _ in results] == paths
    bad = [n for n, (_, result) in enumerate(results) if isinstance(result, DocumentError)]
    assert bad == [3, 5]
    assert all(f"file {n}" in r.text for n, (_, r) in enumerate(results) if isinstance(r, Source))


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_for(found: Callable[[], list[int]], seconds: float = 10) -> list[int]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.05)
    return []


def test_a_killed_worker_costs_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(SLOW)
    good = pages_pdf(tmp_path / "b.pdf", [["Words."]])
    before = set(_children(os.getpid()))

    def kill() -> None:
        for pid in _wait_for(lambda: [p for p in _children(os.getpid()) if p not in before]):
            time.sleep(0.5)
            os.kill(pid, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    results = dict(read_sources([tmp_path / "a.html", good], timeout_s=30, workers=1))
    thread.join()
    assert str(results[tmp_path / "a.html"]) == "a.html: needs more memory than this machine has."
    assert isinstance(results[good], Source)


def test_a_process_with_many_files_open_reads_on(tmp_path: Path) -> None:
    """Pipes with a number over 1,024, which not every way of waiting takes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2_000)), hard))
    file = pages_pdf(tmp_path / "a.pdf", [["Plan of the harbour"]])
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1_100)]
    try:
        assert max(held) > 1_024
        for _, source in read_sources([file, file]):  # by workers that start now
            assert isinstance(source, Source) and "Plan of the harbour" in source.text
    finally:
        for one in held:
            os.close(one)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(SLOW)
    code = "import sys, pathlib, ingest.readers as r; r.read_source(pathlib.Path(sys.argv[1]))"
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "a.html")], cwd=ROOT)
    workers = _wait_for(lambda: _children(parent.pid))
    assert workers
    parent.kill()
    parent.wait()
    assert _wait_for(lambda: [1] if not any(_is_alive(pid) for pid in workers) else [])


def test_an_abandoned_reading_leaves_no_worker(tmp_path: Path) -> None:
    before = set(_children(os.getpid()))
    paths = [pages_pdf(tmp_path / f"{n}.pdf", [["Words."]]) for n in range(6)]
    reading: Iterator[object] = read_sources(paths, workers=2)
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert _wait_for(lambda: [1] if set(_children(os.getpid())) <= before else [])


def test_the_worker_loads_no_model() -> None:
    code = (
        "import sys, ingest.readers.worker, ingest.readers.pdf, ingest.readers.word, ingest.readers.html\n"
        "print(sorted({'torch', 'chromadb', 'llama_index', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_source_survives_the_wire(tmp_path: Path) -> None:
    source = read_source(word_file(tmp_path / "a.docx"))
    assert load_source(dump_source(source)) == source


def test_documents_in_a_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    (inside / "sub").mkdir(parents=True)
    (inside / ".hidden").mkdir()
    outside.mkdir()
    for name in (
        "b.md",
        "sub/a.txt",
        "README.md",
        "catalogue.toml",
        ".secret.md",
        ".hidden/c.md",
        "~$b.docx",
        "x.xlsx",
    ):
        (inside / name).write_text("words")
    pages_pdf(inside / "report.data", [["Words."]])
    (outside / "private.txt").write_text("words")
    (inside / "away.txt").symlink_to(outside / "private.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "again.md").symlink_to(inside / "b.md")
    (inside / "round").symlink_to(inside)
    (inside / "lost.md").symlink_to(inside / "none.md")
    notes: list[str] = []
    found = documents_in(inside, warnings=notes)
    assert [str(path.relative_to(inside)) for path in found] == ["b.md", "report.data", "sub/a.txt"]
    assert notes == [
        "away.txt: is a link that leads outside the folder; left out.",
        "folder: is a link that leads outside the folder; left out.",
        "lost.md: is a link that leads nowhere; left out.",
        "x.xlsx: is not a kind of document that Ledby reads; left out.",
    ]


def test_a_file_is_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("words")
    assert documents_in(tmp_path / "README.md") == [tmp_path / "README.md"]
