"""Question sets: one JSON object a line, read into Question, filtered, and proved against the sources.

A line holds ``id``, ``question``, ``kind``, ``style``, ``answerable``, ``must`` (required facts, each a
list of accepted spellings), ``must_not``, ``evidence`` (``doc`` a source file name, ``lines`` 1-based or
``page``), ``history``, ``held`` (never used for tuning) and ``derived`` (the fact is counted or inferred,
so that it does not stand word for word at the evidence).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from corpus.errors import UsageError
from corpus.text import plain
from eval.matching import facts_stated, fold, states

BUNDLED = Path(__file__).parent / "questions"
FINER = Path(__file__).parent / "finer"
EVERYDAY = Path(__file__).parent / "everyday"
FOLLOWUPS = Path(__file__).parent / "followups"
USERS = Path(__file__).parent / "users"
TURNS = Path(__file__).parent / "turns"
Part = Literal["all", "dev", "held"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact stands: source file name and 1-based inclusive lines, or a physical page, or the whole
    file."""

    doc: str
    lines: tuple[int, int] | None = None
    page: int | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what a right answer must and must not say, and the gold spans it rests on."""

    id: str
    question: str
    kind: str
    style: str
    answerable: bool
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    history: tuple[str, ...] = ()
    held: bool = False
    derived: bool = False


def _evidence(raw: Mapping[str, Any]) -> Evidence:
    lines, page = raw.get("lines"), raw.get("page")
    return Evidence(
        doc=str(raw["doc"]),
        lines=(int(lines[0]), int(lines[-1])) if lines else None,
        page=None if page is None else int(page),
        quote=str(raw.get("quote", "")),
    )


def parse(raw: Mapping[str, Any]) -> Question:
    """A Question from one decoded line; raises KeyError, TypeError or ValueError where the line is
    malformed."""
    must = raw["must"]
    if any(isinstance(fact, str) for fact in must):
        raise ValueError("every fact in 'must' is a list of spellings")
    return Question(
        id=str(raw["id"]),
        question=str(raw["question"]),
        kind=str(raw["kind"]),
        style=str(raw.get("style", "plain")),
        answerable=bool(raw["answerable"]),
        must=tuple(tuple(str(spelling) for spelling in fact) for fact in must),
        must_not=tuple(str(wrong) for wrong in raw.get("must_not", ())),
        evidence=tuple(_evidence(item) for item in raw.get("evidence", ())),
        history=tuple(str(turn) for turn in raw.get("history", ())),
        held=bool(raw.get("held", False)),
        derived=bool(raw.get("derived", False)),
    )


def load_file(path: Path) -> list[Question]:
    """The questions of one file. Raises UsageError with file and line number for a line that cannot be
    read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"cannot read the question set {path}: {error.strerror}; check the path") from error
    questions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            questions.append(parse(json.loads(line)))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            what = f"missing {error}" if isinstance(error, KeyError) else str(error)
            message = f"{path}:{number}: not a question ({what}); see eval/README.md for the form"
            raise UsageError(message) from error
    return questions


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The .jsonl files that the paths name (folders are searched); the bundled sets where none are given."""
    found: list[Path] = []
    for path in paths or [BUNDLED]:
        if path.is_dir():
            found += sorted(path.glob("*.jsonl"))
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(f"no such question set: {path}; name a .jsonl file or a folder of them")
    if not found:
        folders = ", ".join(map(str, paths or [BUNDLED]))
        raise UsageError(f"no .jsonl question set in {folders}; draft one with 'ledby eval init'")
    return found


def load(paths: Sequence[Path] = ()) -> list[Question]:
    """All questions of the files or folders named, in order; an id that comes twice is a UsageError."""
    questions = [question for path in find_files(paths) for question in load_file(path)]
    twice = [name for name, count in Counter(question.id for question in questions).items() if count > 1]
    if twice:
        raise UsageError(f"question ids come twice: {', '.join(twice[:5])}; make every id unique")
    return questions


def select(
    questions: Iterable[Question],
    *,
    part: Part = "all",
    kinds: Iterable[str] = (),
    styles: Iterable[str] = (),
    sample: int | None = None,
) -> list[Question]:
    """The questions of a part, of some kinds and styles; ``sample`` takes that many, spread evenly over the
    kinds."""
    kinds, styles = set(kinds), set(styles)
    kept = [
        question
        for question in questions
        if (part == "all" or question.held == (part == "held"))
        and (not kinds or question.kind in kinds)
        and (not styles or question.style in styles)
    ]
    return kept if sample is None or sample >= len(kept) else _spread(kept, sample)


def _spread(questions: Sequence[Question], size: int) -> list[Question]:
    """``size`` questions, one kind after the other in turns, so that a small sample still has every kind."""
    turn: Counter[str] = Counter()
    order: list[tuple[int, int]] = []
    for position, question in enumerate(questions):
        order.append((turn[question.kind], position))
        turn[question.kind] += 1
    return [questions[position] for position in sorted(position for _, position in sorted(order)[:size])]


class Sources:
    """The source files that evidence and citations point into, by file name; text files only, read once.

    ``documents`` are the stored texts of the index by document id, for citations of sources that have no
    lines.
    """

    def __init__(self, folders: Sequence[Path], documents: Mapping[str, str] | None = None) -> None:
        self.documents = documents or {}
        self._paths: dict[str, Path] = {}
        self._lines: dict[str, list[str]] = {}
        for folder in folders:
            for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
                if path.suffix.lower() in {".txt", ".md"}:
                    self._paths.setdefault(path.name, path)

    def __contains__(self, file: object) -> bool:
        return file in self._paths

    def lines(self, file: str) -> list[str]:
        """The lines of a file; ``file`` must be in the sources. Split at newlines only, as editors count
        them."""
        if file not in self._lines:
            text = self._paths[file].read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n")
            self._lines[file] = text.split("\n")
        return self._lines[file]

    def stretch(self, file: str, lines: tuple[int, int] | None) -> str:
        """The text of a stretch of 1-based lines, both ends included; of the whole file where ``lines`` is
        None."""
        all_lines = self.lines(file)
        first, last = lines or (1, len(all_lines))
        return "\n".join(all_lines[max(0, first - 1) : last])


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a question: its id and one sentence."""

    question: str
    message: str


def check_form(question: Question) -> list[Problem]:
    """What is wrong with a question by itself, without looking at the sources."""
    said: list[str] = []
    if not question.question.strip():
        said.append("the question is empty")
    if question.answerable and not question.must:
        said.append("answerable, but no required fact in 'must'")
    if question.answerable and not question.evidence:
        said.append("answerable, but no 'evidence'")
    if not question.answerable and question.must:
        said.append("not answerable, yet facts are required in 'must'")
    if any(not any(fold(spelling) for spelling in fact) for fact in question.must):
        said.append("a fact has no spelling")
    for wrong in question.must_not:
        if any(all(states(fold(spelling), [wrong]) for spelling in fact) for fact in question.must):
            said.append(f"{wrong!r} is both required and forbidden")
    return [Problem(question.id, message) for message in said]


def check_sources(question: Question, sources: Sources) -> list[Problem]:
    """Whether the evidence exists and every required fact stands in it (save in ``derived`` questions)."""
    said: list[str] = []
    texts: list[str] = []
    for item in question.evidence:
        if item.doc not in sources:
            said.append(f"{item.doc} is not among the sources")
            continue
        count = len(sources.lines(item.doc))
        if item.lines and not 1 <= item.lines[0] <= item.lines[1] <= count:
            said.append(f"lines {item.lines[0]} to {item.lines[1]} are not in {item.doc} ({count} lines)")
            continue
        texts.append(plain(sources.stretch(item.doc, item.lines)))
    if question.answerable and not question.derived and not said:
        stated = facts_stated(" \n ".join(texts), question.must)
        missing = [fact[0] for fact, ok in zip(question.must, stated, strict=True) if not ok]
        said += [f"no spelling of {name!r} stands at the evidence" for name in missing]
    return [Problem(question.id, message) for message in said]


def check(questions: Sequence[Question], sources: Sources) -> list[Problem]:
    """Every problem of every question, in order."""
    return [problem for q in questions for problem in (*check_form(q), *check_sources(q, sources))]
