"""The lexical index: scores are those of bm25s, and the words against which spelling is mended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bm25s
import numpy as np
import pytest

from index.generation import open_index
from index.lexical import LexicalIndex, known_words, lower_words, read_words, terms, write_words

TEXTS = (
    "Reduce loneliness in Medway",
    "Loneliness, and loneliness again: the plan to reduce it",
    "",
    "Housing plan 2024/25",
    "The board approved the plan for housing in Medway",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("lexical")
    LexicalIndex.build(TEXTS, folder)
    return LexicalIndex.load(folder)


@pytest.mark.parametrize(
    "query",
    ["loneliness", "reduce loneliness in medway", "plan plan housing", "2024/25 xylophone", "zzz", ""],
)
def test_scores_are_those_of_bm25s(index: LexicalIndex, query: str) -> None:
    model = bm25s.BM25(k1=1.2, b=0.6)
    model.index([terms(text) or [""] for text in TEXTS], show_progress=False)
    known = [word for word in terms(query) if word in model.vocab_dict]
    wanted = model.get_scores(known) if known else np.zeros(len(TEXTS))
    assert np.allclose(index.scores(terms(query)), wanted, atol=1e-6)
    assert len(index) == len(TEXTS)


def test_a_word_that_no_text_holds_is_the_rarest(index: LexicalIndex) -> None:
    assert index.idf("xylophone") >= index.idf(terms("approved")[0]) > index.idf("plan")
    assert index.knows("plan") and not index.knows("xylophone")


def test_an_index_of_another_version_is_told(tmp_path: Path) -> None:
    LexicalIndex.build(TEXTS, tmp_path)
    told = (tmp_path / "ledby.json").read_text()
    (tmp_path / "ledby.json").write_text(told.replace('"version": 1', '"version": 99'))
    with pytest.raises(ValueError, match="version 99"):
        LexicalIndex.load(tmp_path)


def test_known_words_are_those_used_twice(tmp_path: Path) -> None:
    words = known_words(["Housing in Swale", "HOUSING and the board’s board's plan", "in an ox, an ox"])
    assert words == ["board's", "housing"]
    write_words(tmp_path / "words", words)
    assert read_words(tmp_path / "words") == words
    write_words(tmp_path / "words", [])
    assert read_words(tmp_path / "words") == []


def test_lower_words_are_those_written_without_a_capital() -> None:
    texts = ["Housing near the ox, e.g. at www.swale.gov", "housing's plans: re-use, Plans"]
    assert lower_words(texts) == ["housing", "near", "plans", "the"]


def test_an_index_keeps_the_words_of_its_documents(small_index: Path) -> None:
    opened = open_index(small_index)
    assert (opened.folder / "words.txt").is_file()
    assert opened.words == known_words(document.text for document in opened.documents.values())
    assert "loneliness" in opened.words
    assert (opened.folder / "lower.txt").is_file()
    assert opened.lower_words == set(lower_words(document.text for document in opened.documents.values()))


def test_an_index_without_stored_words_counts_them(small_index: Path) -> None:
    """As one made by an earlier Ledby."""
    opened, earlier = open_index(small_index), open_index(small_index)
    earlier.manifest = replace(earlier.manifest, parts={})
    assert earlier.words == opened.words
    assert earlier.lower_words == opened.lower_words
