"""A conversation as kept in the browser: a list of turns, each a question with the answer object of the
contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from assistant.contract import answer_json
from assistant.evidence.units import clean
from assistant.web.text import STATUS, answer_html, british, esc
from corpus.model import Answer

Turn: TypeAlias = dict[str, Any]
Turns: TypeAlias = list[Turn]
_LONGEST = 40  # turns kept


def turn_of(answer: Answer, generation: str) -> Turn:
    """A turn from an answer; ``generation`` is the index that answered."""
    return {**answer_json(answer), "notes": list(answer.notes), "generation": generation, "feedback": None}


def notice_turn(question: str, text: str) -> Turn:
    """A turn that says why a question was not worked on."""
    return {"question": question, "answer": text, "notice": True, "citations": [], "answered": False}


def kept(turns: Any) -> Turns:
    """The turns as they came back from the browser, which may hold anything; what is not a turn is left
    out."""
    if not isinstance(turns, list):
        return []
    return [turn for turn in turns if _sound(turn)][-_LONGEST:]


def _sound(turn: Any) -> bool:
    if (
        not isinstance(turn, dict)
        or not isinstance(turn.get("question"), str)
        or not isinstance(turn.get("answer"), str)
    ):
        return False
    cited = turn.get("citations")
    return isinstance(cited, list) and all(_sound_citation(one) for one in cited)


def _sound_citation(one: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("n"), int):
        return False
    span = one.get("span")
    texts = all(isinstance(one.get(key), str) for key in ("document", "title", "quote"))
    return texts and isinstance(span, list) and len(span) == 2 and all(isinstance(at, int) for at in span)


def questions_of(turns: Sequence[Turn]) -> list[str]:
    """The user's earlier questions, oldest first."""
    return [turn["question"] for turn in turns if not turn.get("notice")]


def cited(turn: Turn) -> Mapping[int, Mapping[str, Any]]:
    """The citations of a turn by their number."""
    return {one["n"]: one for one in turn["citations"]}


def messages(turns: Sequence[Turn], partly: str | None = None) -> list[dict[str, Any]]:
    """The turns as the chat shows them; ``partly`` replaces the text of the last answer while it is being
    written."""
    out: list[dict[str, Any]] = []
    for n, turn in enumerate(turns):
        last = n == len(turns) - 1
        out.append({"role": "user", "content": f'<div class="said">{esc(turn["question"])}</div>'})
        text = partly if last and partly is not None else None
        out.append({"role": "assistant", "content": turn_html(turn, text)})
    return out


def turn_html(turn: Turn, partly: str | None = None) -> str:
    """An answer as HTML, with how it was understood where that differs, and what to know about it."""
    understood = turn.get("standalone") or turn["question"]
    head = ""
    if understood.strip().casefold() != turn["question"].strip().casefold():
        head = f'<p class="understood">Understood as: {esc(understood)}</p>'
    if isinstance(turn.get("only"), str) and turn["only"]:
        head += f'<p class="understood">Only from: {esc(turn["only"])}</p>'
    body = answer_html(turn["answer"] if partly is None else partly, cited(turn))
    if partly == "":
        body = '<p class="working">Looking through the documents…</p>'
    looks = "answer" if turn.get("answered") else "answer declined"
    return f'<div class="{looks}">{head}{body}{_foot(turn) if partly is None else ""}</div>'


def _foot(turn: Turn) -> str:
    notes = [esc(note) for note in turn.get("notes") or () if isinstance(note, str)]
    if turn.get("answered") and turn.get("completeness") == "partial":
        notes.append("There may be more than this in the documents.")
    hint = f'<p class="hint">{" ".join(notes)}</p>' if notes else ""
    return hint + _references(turn)


def _references(turn: Turn) -> str:
    """The citations written out, folded away; they are what is copied with an answer."""
    if not turn["citations"]:
        return ""
    items = "".join(
        f"<p>[{one['n']}] {esc(where(one))}: <q>{esc(clean(one['quote']))}</q></p>"
        for one in turn["citations"]
    )
    count = len(turn["citations"])
    name = f"{count} reference{'s' if count > 1 else ''}"
    return f'<details class="references"><summary>{name}</summary>{items}</details>'


def where(one: Mapping[str, Any]) -> str:
    """Where a citation stands, in words: title, status, date, page or lines, section, file."""
    status = STATUS.get(str(one.get("status")), str(one.get("status") or "")).lower()
    parts = [f"{one['title']} ({status}, {british(one.get('date'))})"]
    if one.get("page") is not None:
        parts.append(f"page {one['page']}")
    elif one.get("lines"):
        first, last = one["lines"]
        parts.append(f"lines {first} to {last}" if last > first else f"line {first}")
    if one.get("section"):
        parts.append(str(one["section"]).replace(" > ", " › "))
    return ", ".join([*parts, str(one.get("file") or "")]).rstrip(", ")


def pieces(text: str, steps: int = 12) -> list[str]:
    """An answer as it grows on the screen: at most ``steps`` beginnings of it, cut between words, the whole
    last."""
    words = text.split(" ")
    size = max(1, -(-len(words) // steps))
    return [" ".join(words[:n]) for n in range(size, len(words), size)] + [text]
