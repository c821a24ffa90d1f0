"""Open benchmarks from files given by path: SQuAD 2.0 for declining and finding, BEIR and TREC for retrieval.

Nothing is downloaded. A collection is laid out as text files, which are ingested like any documents; what
is then measured is the product itself.
"""

from __future__ import annotations

import json
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from eval import metrics
from eval.judge import HitLike, Outcome
from eval.metrics import Ratio
from eval.questions import Evidence, Question

Search = Callable[[str, int], Sequence[HitLike]]
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_LAID_OUT = re.compile(r"\d{4,7}-.*\.txt$")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; check the path") from error


@dataclass(frozen=True, slots=True)
class Squad:
    """A SQuAD set: file name -> text of an article with one paragraph a line, and the questions over them."""

    files: Mapping[str, str]
    questions: Sequence[Question]


def read_squad(path: Path, *, limit: int | None = None) -> Squad:
    """Reads a SQuAD 2.0 (or 1.1) file. ``limit`` takes only that many questions, but all their articles'
    text.

    Raises UsageError for a file of another form. ``must`` holds the accepted answers as one fact; the
    evidence is the line of the paragraph, so that it survives any cutting into passages.
    """
    files: dict[str, str] = {}
    questions: list[Question] = []
    try:
        for number, article in enumerate(json.loads(_read(path))["data"]):
            name = f"{number:04}-{_UNSAFE.sub('_', article.get('title', 'article'))[:60]}.txt"
            lines: list[str] = []
            for paragraph in article["paragraphs"]:
                lines += [" ".join(paragraph["context"].split()), ""]
                questions += [_squad_question(qa, name, len(lines) - 1) for qa in paragraph["qas"]]
            files[name] = "\n".join(lines)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is not a SQuAD file ({type(error).__name__}: {error})") from error
    kept = questions if limit is None else _spaced(questions, limit)
    used = {question.evidence[0].doc for question in kept}
    return Squad({name: text for name, text in files.items() if name in used}, kept)


def _squad_question(raw: Mapping[str, Any], file: str, line: int) -> Question:
    answers = tuple(
        dict.fromkeys(str(answer["text"]) for answer in raw.get("answers", ()) if answer["text"].strip())
    )
    possible = not raw.get("is_impossible", False) and bool(answers)
    return Question(
        id=str(raw["id"]),
        question=str(raw["question"]).strip(),
        kind="answerable" if possible else "unanswerable",
        style="plain",
        answerable=possible,
        must=(answers,) if possible else (),
        evidence=(Evidence(file, (line, line)),),
    )


def _spaced(items: Sequence[Question], limit: int) -> list[Question]:
    return [items[place * len(items) // limit] for place in range(min(limit, len(items)))]


def normalise(text: str) -> list[str]:
    """The words of an answer as SQuAD's own scorer compares them: no case, punctuation or articles."""
    bare = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return _ARTICLES.sub(" ", bare).split()


def token_f1(said: str, answers: Sequence[str]) -> float:
    """The best overlap of words with any accepted answer (harmonic mean of precision and recall); an empty
    answer matches only an empty one."""
    return max((_f1(normalise(said), normalise(answer)) for answer in answers), default=0.0)


def _f1(said: Sequence[str], wanted: Sequence[str]) -> float:
    if not said or not wanted:
        return float(list(said) == list(wanted))
    shared = sum((Counter(said) & Counter(wanted)).values())
    return 2 * shared / (len(said) + len(wanted))


@dataclass(frozen=True, slots=True)
class SquadScores:
    """``holds``: the answer's text holds an accepted answer (of the answerable); ``f1``: overlap of words,
    which a whole sentence cannot bring to 1; ``declined``: of the unanswerable; ``found``: the paragraph
    is among the top 5."""

    holds: Ratio
    f1: Ratio
    declined: Ratio
    false_declines: Ratio
    found: Ratio
    errors: Ratio


def squad_scores(outcomes: Sequence[Outcome]) -> SquadScores:
    """Scores of SQuAD outcomes; errors are wrong in every one of them."""
    can = [outcome for outcome in outcomes if outcome.question.answerable]
    cannot = [outcome for outcome in outcomes if not outcome.question.answerable]
    ranks = [outcome.found.gold[0] if outcome.found and outcome.found.gold else None for outcome in can]
    return SquadScores(
        holds=metrics.ratio([outcome.correct for outcome in can]),
        f1=metrics.mean([token_f1(o.text, o.question.must[0]) if o.answered else 0.0 for o in can]),
        declined=metrics.ratio([outcome.declined for outcome in cannot]),
        false_declines=metrics.ratio([outcome.declined for outcome in can]),
        found=metrics.ratio([rank is not None and rank <= 5 for rank in ranks]),
        errors=metrics.ratio([outcome.error is not None for outcome in outcomes]),
    )


@dataclass(frozen=True, slots=True)
class Collection:
    """A retrieval collection: file name -> text; document id by file name; queries by id; gains by query
    id."""

    files: Mapping[str, str]
    ids: Mapping[str, str]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, float]]


def read_collection(corpus: Path, queries: Path, qrels: Path, *, limit: int | None = None) -> Collection:
    """Reads BEIR files (corpus.jsonl, queries.jsonl, qrels/test.tsv) or their TREC forms (``id<tab>text``
    for corpus and queries, ``query 0 document gain`` for qrels). ``limit`` takes only the first queries
    that have qrels; the corpus is always whole. Raises UsageError for files of another form or that do not
    belong together."""
    files, ids = {}, {}
    for number, (name, text) in enumerate(_entries(corpus)):
        file = f"{number:07}-{_UNSAFE.sub('_', name)[:60]}.txt"
        files[file], ids[file] = text, name
    gains = _qrels(qrels)
    asked = (
        (name, text) for name, text in _entries(queries) if any(g > 0 for g in gains.get(name, {}).values())
    )
    chosen = dict(islice(asked, limit))
    if not chosen:
        raise UsageError(
            f"no query of {queries} has a relevant document in {qrels}; do the files belong together?"
        )
    return Collection(files, ids, chosen, gains)


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    """Id and text of each line, a JSON object (BEIR) or two columns (TREC); a title comes before the text."""
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            if line.startswith("{"):
                raw = json.loads(line)
                text = "\n\n".join(part for part in (raw.get("title", ""), raw["text"]) if part)
                yield str(raw["_id"]), text
            else:
                name, text = line.split("\t", 1)
                yield name, text
        except (ValueError, KeyError) as error:
            raise UsageError(f"{path}:{number}: neither JSON with _id and text nor 'id<tab>text'") from error


def _qrels(path: Path) -> dict[str, dict[str, float]]:
    gains: dict[str, dict[str, float]] = {}
    for number, line in enumerate(_read(path).splitlines(), 1):
        cells = line.split()
        if not cells or (number == 1 and cells[0] == "query-id"):
            continue
        try:
            query, document, gain = (cells[0], cells[-2], float(cells[-1]))
        except (ValueError, IndexError) as error:
            raise UsageError(
                f"{path}:{number}: not 'query document gain' or 'query 0 document gain'"
            ) from error
        gains.setdefault(query, {})[document] = gain
    return gains


def ranking(collection: Collection, search: Search, query: str, depth: int) -> list[str]:
    """Document ids by their best passage, each once, at most ``depth``."""
    ids = (collection.ids[hit.document.file] for hit in search(query, depth * 3))
    return list(dict.fromkeys(ids))[:depth]


def beir_scores(collection: Collection, search: Search, *, depth: int = 100) -> dict[str, Ratio]:
    """nDCG@10, MRR@10, recall@10 and recall@``depth``, each a mean over the queries that have relevant
    documents."""
    pairs = [
        (ranking(collection, search, text, depth), collection.qrels[name])
        for name, text in collection.queries.items()
    ]
    return {
        "ndcg@10": metrics.mean([metrics.ndcg_at(found, gains, 10) for found, gains in pairs]),
        "mrr@10": metrics.mean([metrics.reciprocal_rank(found[:10], gains) for found, gains in pairs]),
        "recall@10": metrics.mean([metrics.recall_at(found, gains, 10) for found, gains in pairs]),
        f"recall@{depth}": metrics.mean([metrics.recall_at(found, gains, depth) for found, gains in pairs]),
    }


def lay_out(files: Mapping[str, str], folder: Path) -> None:
    """Writes the files of a collection into a folder, to be ingested: only those that changed; files that
    an earlier collection left there (by the form of their names) are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.txt"):
        if _LAID_OUT.match(path.name) and path.name not in files:
            path.unlink()
    for name, text in files.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
