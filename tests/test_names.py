"""The code that reads, indexes and answers knows no document, body, person or place of any corpus.

Which words are names is learnt: those that the catalogue writes with a capital letter and that no document of
the corpus ever writes without one. What is known of a particular document belongs in the catalogue.
"""

from __future__ import annotations

import ast
import calendar
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sources import ROOT, modules, strings, tree

from corpus.catalogue import read_catalogue
from corpus.text import fold
from index.generation import open_index

DOCUMENTS = ROOT / "corpus" / "documents"
MECHANISM = modules("ingest", "index", "assistant", "app")
OF_THE_CALENDAR = {*calendar.month_name, *calendar.day_name}
OF_THE_COUNTRY = {"NHS", "Cabinet"}
"""Names that any council's papers would hold, so that code may know them."""
ADDRESS = re.compile(r"\S*[@/.]\w\S*")


def catalogued() -> Iterator[str]:
    """Everything that the catalogue says in words about its documents."""
    for entry in read_catalogue().entries.values():
        for meta in (entry.meta, *(paper.meta for paper in entry.papers)):
            yield from (meta[key] for key in ("title", "short_title", "publisher", "author") if key in meta)
        yield from (paper.starts for paper in entry.papers)


@cache
def names() -> frozenset[str]:
    """The names among the words of the catalogue."""
    capital = {word for text in catalogued() for word in re.findall(r"\b[A-Z][A-Za-z]{2,}\b", text)}
    texts = (ADDRESS.sub(" ", path.read_text(encoding="utf-8")) for path in DOCUMENTS.glob("*.md"))
    small = {word for text in texts for word in re.findall(r"(?<![\w-])[a-z]+(?![\w-])", text)}
    return frozenset(w for w in capital if w.lower() not in small) - OF_THE_CALENDAR - OF_THE_COUNTRY


@cache
def handles() -> frozenset[str]:
    """Ids, file names and titles of catalogued documents, of more words than one."""
    found: set[str] = set()
    for entry in read_catalogue().entries.values():
        for meta in (entry.meta, *(paper.meta for paper in entry.papers)):
            found |= {meta[key] for key in ("id", "title", "short_title") if key in meta}
        found.add(entry.file)
    return frozenset(fold(handle) for handle in found if re.search(r"\w[\W_]+\w", handle))


def used(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of the strings and identifiers of a module."""
    yield from strings(path)
    for node in ast.walk(tree(path)):
        for part in ("id", "attr", "name", "arg"):
            text = getattr(node, part, None)
            if isinstance(text, str):
                yield getattr(node, "lineno", 0), text


def known(text: str) -> set[str]:
    """The names that stand in a text as words, or as parts of an identifier."""
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", text)} | set(
        re.findall(r"[a-z]+", text.lower())
    )
    return {name for name in names() if name.lower() in words}


def test_the_catalogue_teaches_names() -> None:
    """If nothing were learnt, nothing could be found."""
    people = {word for text in catalogued() if text.startswith("From: ") for word in text.split()[1:]}
    assert people <= names()
    assert not names() & {"Report", "Board", "Plan", "Minutes", "Strategy", "Health"}
    assert all(known(f"_{name.lower()}_rows") == {name} for name in people)


@pytest.mark.parametrize("path", MECHANISM, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_holds_no_name_of_the_catalogue(path: Path) -> None:
    assert [f"line {line}: {text[:60]!r}" for line, text in used(path) if known(text)] == []


@pytest.mark.parametrize("path", MECHANISM, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_holds_no_id_file_or_title_of_the_catalogue(path: Path) -> None:
    found = ((line, fold(text)) for line, text in strings(path) if len(text) > 4)
    assert [
        f"line {line}: {text[:60]!r}" for line, text in found if any(one in text for one in handles())
    ] == []


def test_what_ships_beside_the_code_holds_no_name_either() -> None:
    beside = [
        path
        for layer in ("ingest", "index", "assistant")
        for path in (ROOT / layer).rglob("*")
        if path.suffix in {".txt", ".toml", ".json", ".css", ".js", ".html", ".md"}
    ]
    assert beside
    assert {path.name: found for path in beside if (found := known(path.read_text(encoding="utf-8")))} == {}


def test_a_module_holds_no_short_form_that_the_documents_explain(small_index: Path) -> None:
    """Short forms of four capital letters and more; shorter ones mean too much else."""
    explained = {acronym.short for acronym in open_index(small_index).register.acronyms}
    short = {one for one in explained if re.fullmatch(r"[A-Z]{4,}", one)}
    assert len(short) > 20
    found = {
        f"{path.relative_to(ROOT)}, line {line}: {one}"
        for path in MECHANISM
        for line, text in used(path)
        for one in set(re.findall(r"[A-Z]{4,}", text)) & short
    }
    assert found == set()
