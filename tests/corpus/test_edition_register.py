"""The register of the reading edition of the June 2024 plan is the register of the original, row by row.

Rows are compared without spaces and punctuation, on canonical names. Where the two differ for good,
``tests/data/edition_differences.toml`` says why; an explanation that is no longer needed fails, too.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from register_rows import PLAN, Row, changed, differences, documents, other_records, rows

from corpus.check_facts import DOCUMENTS
from corpus.model import Register
from ingest.register import build_register

EXPLAINED = Path(__file__).parents[1] / "data" / "edition_differences.toml"

WORDS = 12
Change = tuple[str, str, str]


@pytest.fixture(scope="module")
def originals() -> Register:
    folder = os.environ.get("LEDBY_ORIGINALS")
    if not folder:
        pytest.skip("LEDBY_ORIGINALS is not set: the originals are needed for the comparison")
    return build_register(documents(*sorted(Path(folder).glob("*.txt"))))


@pytest.fixture(scope="module")
def editions() -> Register:
    return build_register(documents(*sorted(DOCUMENTS.glob("*.md"))))


def explanations() -> dict[Change, str]:
    """The differences that stay, with the reason for each."""
    loaded = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("difference", [])
    return {(e["field"], e["original"], e["edition"]): e["why"] for e in loaded}


def changes(originals: Register, editions: Register) -> list[Change]:
    """What differs between the two registers, each difference once and in a few words."""
    pairs = differences(rows(originals), rows(editions))
    found = (change for pair in pairs for change in changed(pair))
    return list(dict.fromkeys((field, begun(ours), begun(theirs)) for field, ours, theirs in found))


def begun(text: str) -> str:
    """The first words of a text, which are enough to know it by."""
    first = text.split()[:WORDS]
    return " ".join(first) + (" ..." if len(text.split()) > WORDS else "")


def as_toml(change: Change) -> str:
    """A difference as it would stand among the explained ones."""
    field, original, edition = (text.replace("\\", "\\\\").replace('"', '\\"') for text in change)
    return f'[[difference]]\nfield = "{field}"\noriginal = "{original}"\nedition = "{edition}"\nwhy = ""\n'


def test_entries_are_those_of_the_original(originals: Register, editions: Register) -> None:
    assert len(rows(editions)) > 400
    known = explanations()
    missing = [change for change in changes(originals, editions) if change not in known]
    assert not missing, f"not explained in {EXPLAINED.name}:\n" + "\n".join(map(as_toml, missing))


def test_every_explanation_is_needed_and_says_why(originals: Register, editions: Register) -> None:
    assert set(explanations()) - set(changes(originals, editions)) == set()
    assert all(len(why.split()) > 3 for why in explanations().values())


@pytest.mark.parametrize("kind", ["priorities", "milestones", "short forms"])
def test_other_records_are_those_of_the_original(kind: str, originals: Register, editions: Register) -> None:
    loaded = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("record", [])
    explained = {tuple(entry["record"]) for entry in loaded if entry["kind"] == kind}
    theirs, ours = other_records(originals)[kind], other_records(editions)[kind]
    assert len(ours) >= 28
    assert (theirs ^ ours) == explained


def test_indicators_have_the_figures_of_the_original(originals: Register, editions: Register) -> None:
    """Wording differs, and the original's sentences are damaged; what they aim at is the same."""

    def aims(register: Register) -> set[tuple[float | None, float | None, str | None]]:
        return {
            (i.baseline.number if i.baseline else None, i.target.number if i.target else None, i.by)
            for i in register.indicators
            if i.document == PLAN and i.target and i.target.number is not None
        }

    assert len(aims(originals)) >= 10
    assert aims(originals) - aims(editions) == set()


@pytest.mark.parametrize("document", ["logframe-2024-04", "logframe-2024-07"])
def test_logframes_aim_at_what_the_originals_aim_at(
    document: str, originals: Register, editions: Register
) -> None:
    def aims(register: Register) -> dict[str | None, tuple[object, ...]]:
        return {
            i.number: (i.outcome, i.by, i.direction)
            + tuple(v.number if v else None for v in (i.baseline, i.target))
            for i in register.indicators
            if i.document == document
        }

    assert len(aims(originals)) >= 89
    assert aims(editions) == aims(originals)


# --- the comparison itself ---

A = Row("1", "keep warm", "blanket plan; stove plan", ("north vale council",))
B = Row("1", "keep warm", "soup plan", ("south vale council", "vale trust"))


@pytest.mark.parametrize(
    "same",
    [
        Row("1", "keep warm", "blanket plan stove plan", ("north vale council",)),
        Row("1", "keep  warm", "blanket plan; ยstove plan", ("north vale council",)),
    ],
)
def test_lost_breaks_and_strange_letters_are_no_difference(same: Row) -> None:
    assert list(differences([A, B], [same, B])) == []


@pytest.mark.parametrize(
    "other",
    [
        Row("2", "keep warm", "soup plan", ("south vale council", "vale trust")),
        Row("1", "keep calm", "soup plan", ("south vale council", "vale trust")),
        Row("1", "keep warm", "soap plan", ("south vale council", "vale trust")),
        Row("1", "keep warm", "soup plan", ("south vale council",)),
        Row("1", "keep warm", "soup plan", ("south vale council vale trust",)),
    ],
)
def test_another_word_or_lead_is_a_difference(other: Row) -> None:
    assert list(differences([A, B], [A, other])) == [(B, other)]
    assert len(list(changed((B, other)))) == 1


def test_a_row_that_one_side_lacks_is_a_difference() -> None:
    assert list(differences([A, B], [A])) == [(B, None)]
    assert list(differences([B], [A, B])) == [(None, A)]
    assert list(changed((None, A))) == [("row", "", str(A))]
