"""The baselines on a small corpus: the real splitter, the real model, a real Chroma store."""

from pathlib import Path

import pytest
from eval_double import TEXT, Scripted, ScriptedHit, cite, hit, say

from corpus.errors import ServiceError
from corpus.model import Document
from eval import baselines
from eval.questions import Evidence, Question, Sources
from eval.run import run, summarise
from eval.session import Plan, evaluate

APPLES = Question(
    id="apples",
    question="Who leads apples?",
    kind="lead",
    style="plain",
    answerable=True,
    must=(("Orchard Board",),),
    must_not=("Pear Group",),
    evidence=(Evidence("fruit.txt", (2, 2)),),
)
GOOD = say("The Orchard Board [1].", cite(2))
FILLER = "".join(f"Paragraph {n} speaks of ships, harbours and tides at some length.\n\n" for n in range(300))


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "fruit.txt").write_text(TEXT)
    (tmp_path / "ships.txt").write_text(FILLER)
    return Sources([tmp_path])


def test_chunks_are_stock_and_know_their_lines(sources: Sources) -> None:
    document = next(iter(baselines.whole_files(["ships.txt"], sources)))
    chunks = baselines.split(document)
    assert len(chunks) > 1
    assert all(document.text[chunk.span.start : chunk.span.end] == chunk.text for chunk in chunks)
    assert chunks[0].lines is not None and chunks[0].lines[0] == 1
    assert chunks[1].span.start < chunks[0].span.end  # the stock overlap of 200 tokens


def test_stock_retrieval_finds_the_file_and_keeps_its_vectors(sources: Sources, tmp_path: Path) -> None:
    documents = baselines.whole_files(["fruit.txt", "ships.txt", "none.pdf"], sources)
    assert [document.file for document in documents] == ["fruit.txt", "ships.txt"]
    stock = baselines.stock(documents, tmp_path / "cache")
    try:
        stock.expect(["Who leads apples?"])
        first, *_ = stock.search("Who leads apples?", 2)
        handling = baselines.citation_engine(stock, [APPLES])
    finally:
        stock.close()
    assert (first.document.file, first.rank) == ("fruit.txt", 1)
    assert handling.stray == handling.answers == 1
    assert handling.located == 0
    ours = baselines.ledby_handling(Scripted({APPLES.question: GOOD}), [APPLES])
    assert (ours.stray, ours.answers, ours.located, ours.sources) == (0, 1, 1, 1)
    (kept,) = (tmp_path / "cache").glob("vectors-*.npz")
    before = kept.stat().st_mtime_ns

    class Refusing:
        name = "all-MiniLM-L6-v2"

        def encode(self, texts: list[str]) -> list[object]:
            raise AssertionError("everything was encoded before")

    again = baselines.encode([first.text, "Who leads apples?"], tmp_path / "cache", Refusing())  # type: ignore[arg-type]
    assert again.shape == (2, 384)
    assert kept.stat().st_mtime_ns == before


def test_a_missing_splitter_model_is_one_plain_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NLTK_DATA", str(tmp_path))
    with pytest.raises(ServiceError, match="lacks corpora/stopwords and tokenizers/punkt_tab"):
        baselines.split(Document("a", "a.txt", "a", "Some text."))


def test_retrieved_text_is_right_when_it_holds_every_fact(sources: Sources) -> None:
    hits: dict[str, list[ScriptedHit]] = {"Who leads apples?": [hit(4, 4), hit(3, 3), hit(2, 2)]}
    search = baselines.remembered(Scripted({}, hits).search)
    asked = [baselines.flattered(APPLES)]
    three, two = (run(baselines.Retrieved(search, k), asked, sources) for k in (3, 2))
    assert (three[0].correct, two[0].correct) == (True, False)
    assert summarise(two).rates["recall@5"].value == 1


def test_what_the_scripted_model_makes_up_is_told_from_what_it_cites() -> None:
    """The scripted model words Ledby's answer anew; its true sentence stays, the made-up citation goes."""
    prompt = "Source 1:\nAn example.\n\nSource 1:\nApples are led by the Orchard Board\nQuery: who?"
    text = baselines.scripted_reply(prompt.rpartition("Source 1:")[2])
    assert text.startswith("Apples are led by the Orchard Board") and "[99]" in text
    assert baselines.stray_marker(text, 1) and not baselines.stray_marker("The Board [1][2].", 2)
    assert baselines.stray_marker("The Board [3].", 2) and baselines.stray_marker("The Board [0].", 2)
    silent = baselines.ledby_handling(Scripted({}), [APPLES])
    assert (silent.answers, silent.sources, silent.source_words) == (0, 0, 0.0)


def test_a_search_is_run_once_a_query() -> None:
    calls: list[str] = []

    def search(query: str, k: int) -> list[ScriptedHit]:
        calls.append(query)
        return []

    remembered = baselines.remembered(search)
    remembered("a", 10), remembered("a", 10), remembered("b", 10)
    assert calls == ["a", "b"]


def test_earlier_turns_are_part_of_a_baseline_query() -> None:
    assert baselines.as_query("and there?", ["Who leads apples?"]) == "Who leads apples? and there?"


def test_all_systems_stand_side_by_side(sources: Sources, tmp_path: Path) -> None:
    opened: list[frozenset[str]] = []
    document = Document("fruit", "fruit.txt", "Fruit", TEXT, first_line=1)

    def opener(without: frozenset[str]) -> Scripted:
        opened.append(without)
        return Scripted(
            {APPLES.question: say("The Orchard Board [1].", cite(2))}, {APPLES.question: [hit(2, 2)]}
        )

    plan = Plan([APPLES], sources, {"fruit": document}, tmp_path / "results")
    result = evaluate(plan, opener)
    assert list(result.systems) == [
        "stock llama-index, top 2",
        "stock llama-index, top 5",
        "dense alone, top 5",
        "BM25 alone, top 5",
        "hybrid, top 5",
        "Ledby",
    ]
    assert opened == [frozenset(), *(parts for _, parts in baselines.ABLATIONS)]
    assert all(summary.rates["accuracy"].value == 1 for summary in result.systems.values())
    ours = result.handling["Ledby"]
    assert (ours.stray, ours.located, ours.sources) == (0, 1, 1)
