"""The catalogue: what it tells, and the line of each thing that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.catalogue import read_catalogue
from corpus.errors import CatalogueError
from index.build import ingest

GOOD = """# Ours
[[document]]
file = "a.pdf"
id = "a-2024"
date = 2024-06-12
status = "final"

[[document]]
file = "b.pdf"
twin = "a.pdf"

  [[document.paper]]
  starts = "From: A"
  title = "The status of draft papers"
  date = "2024"

  [[document.paper]]
  starts = "From: B"
  family = "b"
  supersedes = "a-2024"
"""


def fault(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "catalogue.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_good_catalogue(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text("\ufeff" + GOOD, encoding="utf-8")
    catalogue = read_catalogue(tmp_path / "catalogue.toml")
    a, b = catalogue.entry("a.pdf"), catalogue.entry("b.pdf")
    assert a and dict(a.meta) == {"id": "a-2024", "date": "2024-06-12", "status": "final"}
    assert b and [paper.starts for paper in b.papers] == ["From: A", "From: B"]
    assert catalogue.left_out(["a.pdf", "b.pdf"]) == {"b.pdf"}
    assert catalogue.left_out(["b.pdf"]) == frozenset()


def test_one_of_the_users_extends_and_overrides_the_bundled_one(tmp_path: Path) -> None:
    bundled = next(iter(read_catalogue().entries))
    (tmp_path / "catalogue.toml").write_text(f'[[document]]\nfile = "{bundled}"\ntitle = "Ours"\n')
    catalogue = read_catalogue(tmp_path / "catalogue.toml", tmp_path / "none.toml")
    entry = catalogue.entry(bundled)
    assert entry and dict(entry.meta) == {"title": "Ours"}
    assert len(catalogue.entries) == len(read_catalogue().entries) > 1


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('id = "a-2024"', 'id = "A 2024"', 4, "id 'A 2024' may have small letters"),
        ('status = "final"', 'status = "finished"', 6, "status 'finished' is none of final, draft"),
        ("2024-06-12", '"12 June 2024"', 5, "date '12 June 2024' is not YYYY"),
        ("2024-06-12", '"2024-13-40"', 5, "date '2024-13-40' is not YYYY"),
        ("2024-06-12", "", 5, "Invalid value"),
        ('date = "2024"', 'dat = "2024"', 15, "unknown field 'dat'; known are id, title"),
        ('date = "2024"', "date = true", 15, "date must be text in quotation marks"),
        ('date = "2024"', 'title = "again"', 15, "Cannot overwrite a value"),
        ('  title = "The status of draft papers"', "  status = 'papers'", 14, "status 'papers' is none of"),
        ('  title = "The status of draft papers"', '  title = ""', 14, "title must be text"),
        ('  title = "The status of draft papers"', "  title = ['a']", 14, "title must be text"),
        ('starts = "From: B"', 'title = "B"', 17, "a paper needs starts"),
        ('supersedes = "a-2024"', 'supersedes = "A"', 20, "supersedes 'A' may have small letters"),
        ('file = "b.pdf"\ntwin = "a.pdf"', 'file = "a.pdf"', 9, "there is an entry for 'a.pdf' already"),
        ('file = "b.pdf"\n', "", 8, 'a document needs file = "name"'),
        ('twin = "a.pdf"', 'twin = "b.pdf"', 10, "twin must be the name of another file"),
        ('family = "b"', "family = b", 19, "Invalid value"),
        ("# Ours", "[other]", 1, "unknown table 'other'; write [[document]]"),
        ("# Ours", "title = 'x'", 1, "unknown table 'title'; write [[document]]"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    assert GOOD.count(old) == 1
    told = fault(tmp_path, GOOD.replace(old, new))
    assert told.startswith(f"catalogue.toml, line {line}: {what}"), told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[document]\nfile = "a.pdf"\n', "line 1: document must be a list of tables; write [[document]]"),
        ("\ndocument = 3\n", "line 2: document must be a list of tables"),
        ('\ndocument = [{file = "a", dat = "x"}]\n', "line 2: unknown field 'dat'"),
        ('[[document]]\nfile = "a"\npaper = "x"\n', "line 3: paper must be a list of tables; write [[document.paper]]"),
        ('[[document]]\nfile = "a', "line 2: "),
        (b'[[document]]\nfile = "caf\xe9.pdf"\n', "line 2: is not UTF-8; save the file as UTF-8"),
    ],
)  # fmt: skip
def test_other_shapes(tmp_path: Path, text: str | bytes, told: str) -> None:
    assert fault(tmp_path, text).startswith(f"catalogue.toml, {told}")


def test_an_ingest_with_a_wrong_catalogue_stops_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.md").write_text("# Words\n\nMore words.\n")
    (tmp_path / "papers" / "catalogue.toml").write_text('[[document]]\nfile = "a.md"\nstatus = "new"\n')
    with pytest.raises(CatalogueError, match=r"^catalogue\.toml, line 3: status 'new' is none of"):
        ingest([tmp_path / "papers"], tmp_path / "index")
    assert not list((tmp_path / "index").glob("gen-*"))
