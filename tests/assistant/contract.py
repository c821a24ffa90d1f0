"""The contract of the commands: the keys of every object that they print and the kinds of their values, and how to
hold one against it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def is_range(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(is_count, value)) and value[0] <= value[1]


def one_of(*values: object) -> Check:
    return lambda value: value in values


def or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def is_a(*types: type) -> Check:
    return lambda value: type(value) in types


STATUS = one_of("final", "draft", "superseded", "report", "minutes")
ANSWER: dict[str, Check] = {
    "id": or_null(is_text),
    "question": is_text,
    "standalone": is_text,
    "answered": is_a(bool),
    "kind": one_of(
        "lead",
        "plan",
        "reverse",
        "indicator",
        "place",
        "acronym",
        "milestone",
        "diff",
        "list",
        "narrative",
        "none",
    ),
    "completeness": one_of("complete", "partial", "none"),
    "answer": is_text,
    "citations": is_a(list),
    "suggestions": is_texts,
    "took_ms": is_a(int, float),
}
CITATION: dict[str, Check] = {
    "n": is_count,
    "document": is_text,
    "file": is_text,
    "title": is_text,
    "status": STATUS,
    "date": or_null(is_text),
    "page": or_null(is_count),
    "page_label": or_null(is_text),
    "section": is_a(str),
    "lines": or_null(is_range),
    "span": is_range,
    "quote": is_text,
}
ROW: dict[str, Check] = {
    "id": is_text,
    "document": is_text,
    "file": is_text,
    "version": one_of("final", "draft"),
    "date": or_null(is_text),
    "outcome": or_null(is_text),
    "priority": or_null(is_text),
    "commitment": or_null(is_text),
    "plan": or_null(is_text),
    "leads": is_texts,
    "leads_of": one_of("commitment", "plan"),
    "status": or_null(is_text),
    "timescale": or_null(is_text),
    "measure": or_null(is_text),
    "page": or_null(is_count),
    "lines": or_null(is_range),
    "quote": is_text,
    "doubtful": is_a(bool),
    "why": or_null(is_text),
}
DOCUMENT: dict[str, Check] = {
    "id": is_text,
    "file": is_text,
    "title": is_text,
    "date": or_null(is_text),
    "status": STATUS,
    "pages": is_count,
    "passages": is_count,
    "records": is_count,
    "warnings": is_texts,
}
HIT: dict[str, Check] = {
    "rank": is_count,
    "score": is_a(float),
    "retriever": is_text,
    "id": is_text,
    "document": is_text,
    "file": is_text,
    "title": is_text,
    "page": or_null(is_count),
    "section": is_a(str),
    "lines": or_null(is_range),
    "span": is_range,
    "text": is_text,
}


class Done(NamedTuple):
    """How a command line ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Ledby = Callable[..., Done]


def check(thing: dict[str, Any], keys: dict[str, Check], *, more: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    """An object has exactly these keys, each with a value of its kind; ``more`` may be there too."""
    assert set(thing) - more == set(keys)
    wrong = {key: thing[key] for key, right in keys.items() if not right(thing[key])}
    assert wrong == {}


def check_answer(answer: dict[str, Any]) -> None:
    check(answer, ANSWER)
    for n, citation in enumerate(answer["citations"], 1):
        check(citation, CITATION)
        assert citation["n"] == n
        assert f"[{n}]" in answer["answer"]


def check_plain_error(done: Done, *said: str, code: int = 2) -> None:
    """One plain line on stderr, nothing on stdout, and the exit code for wrong use."""
    assert done.code == code
    assert done.out == ""
    assert done.err.count("\n") == 1
    assert done.err.endswith("\n")
    assert "Traceback" not in done.err
    for words in said:
        assert words in done.err
