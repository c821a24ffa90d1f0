"""What is borne out by evidence and what is not, in pairs that differ in one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.wording.grounding import borne_out
from ingest.sentences import sentences

DOCUMENTS = Path(__file__).parents[3] / "corpus" / "documents"
ROW = "| Open the towpath | Walking Strategy | Harbour Board, People's Panel; Parks & Gardens Team |"
PROSE = (
    "The Harbour Board met on 12 June 2024 and set aside £1.5 million, 40% of its budget, for nine bridges. "
    "Work runs from 3 to 5 May 2025; nobody objected. The sum was 2,500 a year in 2021/22. Call 01234 567890."
)
ISO = "Agreed 2024-06-12, begun 01/09/2024, half paid."


def pairs(evidence: str, *both: tuple[str, str]) -> list[tuple[str, str, str]]:
    return [(evidence, true, false) for true, false in both]


PAIRS = [
    *pairs(
        ROW,
        (
            "The Walking Strategy is led by the Harbour Board.",
            "The Walking Strategy is led by the Harbour Trust.",
        ),
        ("Harbour Board leads the towpath.", "Northport Board leads the towpath."),
        ("The towpath is with the People’s Panel.", "The towpath is with the People’s Forum."),
        (
            "Opening the towpath is for the Harbour Board.",
            "Northport has the towpath, with the Harbour Board.",
        ),
        ("The Parks and Gardens Team opens the towpath.", "The Parks and Canals Team opens the towpath."),
        ("The HARBOUR BOARD opens the towpath.", "The NORTHPORT BOARD opens the towpath."),
        ("The Walking Strategy opens the towpath.", "The Walking Strategy Harbour Board opens the towpath."),
        ("It opens the towpath: Harbour Board.", "It opens the towpath: Northport."),
    ),
    *pairs(
        PROSE,
        ("It set aside £1.5 million.", "It set aside £1.6 million."),
        ("It set aside £1,500,000.", "It set aside £150,000."),
        ("It set aside £1.5m.", "It set aside 1.5m."),
        ("It set aside 1.5 million pounds.", "It set aside 1.5 billion pounds."),
        ("It set aside 40 per cent of its budget.", "It set aside 40 of its budget."),
        ("It set aside forty per cent of its budget.", "It set aside forty-one per cent of its budget."),
        ("The money was set aside for 9 bridges.", "The money was set aside for 8 bridges."),
        ("The money was set aside for nine bridges.", "The money was set aside for ten bridges."),
        ("The sum was 2500 a year.", "The sum was 25,000 a year."),
        ("The board met in June 2024.", "The board met in June 2025."),
        ("The board met on 12th June.", "The board met on 11th June."),
        ("The board met on June 12, 2024.", "The board met on June 3, 2024."),
        ("The board met on 2024-06-12.", "The board met on 2024-12-06."),
        ("The work runs on 5 May 2025.", "The work runs on 5 June 2024."),
        ("The work runs from 3 May 2025.", "The work runs from 12 May 2025."),
        ("The work runs in May 2025.", "The work runs in May 2024."),
        ("In 2021/22 the sum was 2,500.", "In 2022/23 the sum was 2,500."),
        ("The board set money aside for bridges.", "The board set half its money aside for bridges."),
        ("The board can be called on 01234 567890.", "The board can be called on 01234 567891."),
        ("The Harbour Board set aside a sum.", "The Harbour Board set aside a sum, see harbour.example.org."),
        ("The Harbour Board set aside a sum.", "The Harbour Board set aside a [sum](http://a.b)."),
        ("The Harbour Board set aside a sum.", "The Harbour Board set aside a <b onclick=x>sum</b>."),
        ("The Harbour Board set aside a sum.", "The owls of old barns hunt small mice after dusk."),
    ),
    *pairs(
        ISO,
        ("It was agreed on 12 June 2024.", "It was agreed on 13 June 2024."),
        ("It was begun on 1 September 2024.", "It was begun on 9 January 2024."),
        ("It was agreed, and half is paid.", "It was agreed, and a quarter is paid."),
    ),
]


@pytest.mark.parametrize("evidence, true, false", PAIRS, ids=[false for _, _, false in PAIRS])
def test_the_true_sentence_stands_and_the_other_falls(evidence: str, true: str, false: str) -> None:
    assert borne_out(true, [evidence])
    assert not borne_out(false, [evidence])


def test_a_denial_needs_evidence_that_denies() -> None:
    assert borne_out("Nobody objected to the work.", [PROSE])
    assert not borne_out("The Harbour Board leads no towpath.", [ROW])
    assert not borne_out("The Harbour Board doesn't open the towpath.", [ROW])


def test_what_two_pieces_of_evidence_hold_together_stands() -> None:
    both = "The Walking Strategy has a budget of £1.5 million."
    assert borne_out(both, [ROW, PROSE])
    assert not borne_out(both, [ROW])
    assert not borne_out(both, [PROSE])


def test_the_question_lends_words_but_no_name_figure_or_date() -> None:
    lent = "For keen anglers who moor narrow boats it is the Harbour Board."
    question = "who helps keen anglers with 7 narrow boats they moor near Northport in july 2024?"
    assert not borne_out(lent, [ROW])
    assert borne_out(lent, [ROW], question)
    for false in ("in Northport", "with 7 boats", "in July 2024"):
        assert not borne_out(f"The towpath {false} is for the Harbour Board.", [ROW], question)
    assert not borne_out("Keen anglers moor narrow boats.", [ROW], question), "the evidence has no part in it"


def test_a_sentence_that_says_nothing_is_not_borne_out() -> None:
    assert not borne_out("It is.", [ROW])
    assert not borne_out("", [ROW])
    assert not borne_out("The Harbour Board opens the towpath.", [])


def of_the_corpus() -> Iterator[str]:
    """The sentences of the bundled documents."""
    for path in sorted(DOCUMENTS.glob("*.md")):
        text = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found = (span.of(text) for span in sentences(text))
        yield from (one for one in found if "\n" not in one and len(one.split()) > 3)


def test_every_sentence_of_the_corpus_bears_itself_out() -> None:
    found = list(of_the_corpus())
    assert len(found) > 1000
    assert [one for one in found if not borne_out(one, [one])] == []


def test_a_figure_that_is_changed_in_a_sentence_of_the_corpus_does_not_pass() -> None:
    """Whichever figure it is; 987654 stands nowhere."""
    changed = [
        (one, one[: figure.start()] + "987654" + one[figure.end() :])
        for one in of_the_corpus()
        for figure in re.finditer(r"(?<![\d.,])\d+(?![\d.,])", one)
    ]
    assert len(changed) > 1000
    assert [new for one, new in changed if borne_out(new, [one])] == []


def test_a_name_that_is_changed_in_a_sentence_of_the_corpus_does_not_pass() -> None:
    """Whichever capitalised word it is, first words of sentences too."""
    changed = [
        (one, one[: word.start()] + "Zanzibar" + one[word.end() :])
        for one in of_the_corpus()
        for word in re.finditer(r"(?<!\w)[A-Z][a-z]{3,}(?![\w'’])", one)
    ]
    assert len(changed) > 3000
    assert [new for one, new in changed if borne_out(new, [one])] == []
