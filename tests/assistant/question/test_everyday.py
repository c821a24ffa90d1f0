"""The thesaurus of everyday words: its format, and that no entry undoes or doubles another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assistant.question.everyday
from assistant.question.everyday import Everyday, read_thesaurus
from corpus.text import fold

FILE = Path(assistant.question.everyday.__file__).with_name("everyday.txt")
LINES = FILE.read_text(encoding="utf-8").splitlines()
ENTRIES = [(number, line) for number, line in enumerate(LINES, 1) if line and not line.startswith("#")]
SEPARATOR = " : "


def forms_of(line: str) -> list[str]:
    """The everyday forms of an entry."""
    return line.partition(SEPARATOR)[0].split(" | ")


def wording_of(line: str) -> str:
    """The standard rendering of an entry."""
    return line.partition(SEPARATOR)[2]


def parts_of(line: str) -> list[str]:
    """The forms and the rendering of an entry."""
    return [*forms_of(line), wording_of(line)]


def where(entries: Sequence[tuple[int, str]]) -> list[str]:
    """Entries as a failing test shows them: line number and text."""
    return [f"{number}: {line}" for number, line in entries]


@pytest.fixture(scope="module")
def everyday() -> Everyday:
    """The thesaurus as the assistant uses it, with no words to mend spelling against."""
    return Everyday([], [])


@pytest.fixture(scope="module")
def whole() -> re.Pattern[str]:
    """All forms as one expression, the longest first: what the thesaurus means, too slow to start with."""
    forms = sorted(read_thesaurus(FILE), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, forms)) + r")(?![\w-])")


def test_every_entry_has_forms_and_one_rendering() -> None:
    wrong = [entry for entry in ENTRIES if entry[1].count(SEPARATOR) != 1 or not all(parts_of(entry[1]))]
    assert not where(wrong)


def test_no_stray_separators_or_blanks() -> None:
    parts = [(number, part) for number, line in ENTRIES for part in parts_of(line)]
    stray = [(n, part) for n, part in parts if part != " ".join(part.split()) or set(part) & set("|#")]
    assert not stray


def test_entries_are_folded_and_lower_case() -> None:
    """Questions are matched folded: a form with a capital, a curly quote or an ampersand is never found."""
    parts = [(number, part) for number, line in ENTRIES for part in parts_of(line)]
    assert not [(number, part) for number, part in parts if part != part.lower() or part != fold(part)]


def test_no_everyday_form_twice() -> None:
    counted = Counter(form for _, line in ENTRIES for form in forms_of(line))
    assert not [form for form, times in counted.items() if times > 1]


def test_no_form_shorter_than_two_letters() -> None:
    assert not [form for _, line in ENTRIES for form in forms_of(line) if sum(map(str.isalnum, form)) < 2]


def test_no_rendering_is_an_everyday_form() -> None:
    forms = {form for _, line in ENTRIES for form in forms_of(line)}
    assert not where([entry for entry in ENTRIES if wording_of(entry[1]) in forms])


def test_standard_wording_is_left_alone(everyday: Everyday) -> None:
    """A rendering that holds a form would come out doubled where a user asks in standard words already."""
    changed = [entry for entry in ENTRIES if everyday.standard(wording_of(entry[1])) != wording_of(entry[1])]
    assert not where(changed)


def test_every_form_is_found_in_a_sentence(everyday: Everyday) -> None:
    """Each form, typed with capitals, gives its own rendering: no shorter form takes its place."""
    missed = [
        form
        for _, line in ENTRIES
        for form in forms_of(line)
        if everyday.standard(f"zzz {form.upper()} zzz?") != f"zzz {wording_of(line)} zzz?"
    ]
    assert not missed


def test_the_reader_finds_every_form() -> None:
    assert read_thesaurus(FILE) == {form: wording_of(line) for _, line in ENTRIES for form in forms_of(line)}


def test_the_list_is_broad() -> None:
    sections = [line for line in LINES if line.startswith("# --- ")]
    assert len(sections) >= 20
    assert len(ENTRIES) >= 900


@given(
    st.lists(
        st.one_of(
            st.sampled_from(sorted(read_thesaurus(FILE))),
            st.sampled_from(["who", "leads", "-", "'", "(", ")", "?", "kids's", "a", "2024"]),
            st.text(max_size=3),
        ),
        max_size=8,
    ),
    st.sampled_from([" ", "", "-", ", "]),
)
def test_any_question_is_read_as_the_definition_says(
    everyday: Everyday, whole: re.Pattern[str], parts: list[str], between: str
) -> None:
    """From left to right, the longest form that no letter, figure or hyphen touches."""
    question = between.join(parts)
    forms = read_thesaurus(FILE)
    assert everyday.standard(question) == whole.sub(lambda match: forms[match.group()], fold(question))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many kids are bunking off?", "how many children are absent from school?"),
        ("help for mums-to-be to pack in the fags", "help for pregnant women to stop smoking"),
        ("Can I get a jab at the chemist?", "can i get a vaccination at the pharmacy?"),
        ("ex\u2011soldiers sleeping on the streets", "armed forces veterans sleeping rough"),
        ("wich docter signed off the spending plans", "which doctor approved the budget"),
    ],
)
def test_questions_in_everyday_words(everyday: Everyday, question: str, expected: str) -> None:
    assert everyday.standard(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "who leads on the disabled facilities grant?",
        "what does the board check before the home bank act?",
        "which wards have the highest relative poverty by 2028?",
        "impact on the social care workforce",
        "children with child protection plans living with child poverty",
        "which areas are rated in the red, and which lag behind",
    ],
)
def test_standard_questions_are_not_touched(everyday: Everyday, question: str) -> None:
    assert everyday.standard(question) == fold(question)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("market value Sept 2024", "market value september 2024"),
        ("calls between Oct and Dec 24", "calls between october and december 24"),
        ("Oct-Dec 24 and 3 Nov", "october-december 24 and 3 november"),
        ("may 20 people join in mar. 2025", "may 20 people join in march 2025"),
        ("an APR 29% loan, a mar 3% rise", "an apr 29% loan, a mar 3% rise"),
        ("the top 5 dec items", "the top 5 dec items"),
        ("the DEC report by the mar group", "the dec report by the mar group"),
    ],
)
def test_months_are_written_in_full(typed: str, mended: str) -> None:
    """Where a figure or another month stands beside them: "dec" and "mar" may be names."""
    assert Everyday([], []).mended(typed) == mended


def test_only_what_is_no_word_is_mended() -> None:
    """A word of the language stays, as does one that the documents hold, be it once."""
    beach = Everyday(["beaches", "divided", "housing", "ravens"], [], lambda stem: stem == "rabey")
    assert beach.mended("breaches of the dividend houisng rule") == "breaches of the dividend housing rule"
    assert beach.mended("who is Rabey") == "who is rabey"
    assert beach.mended("Who leeds on housing in Leeds?") == "who leads on housing in leeds?"
    assert (
        Everyday(["community-led"], [], lambda stem: stem == "led").mended("comunity-led") == "community-led"
    )


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("school attendence", "school attendance"),
        ("the improvment plan", "the improvement plan"),
        ("the councils prioritys", "the councils priorities"),
        ("which highways", "which highways"),
        ("mary berrys surgery", "mary berrys surgery"),
        ("who attends", "who attends"),  # a word of the language stays, whatever stands in the documents
        ("karrier", "karrier"),  # a name that stands there once
        ("publicise", "publicise"),  # another form of a word is no slip
    ],
)
def test_a_word_with_the_stem_of_a_known_one_is_mended(typed: str, right: str) -> None:
    """Though its stem stands in the documents, so that it is found by words."""
    stems = {"attend", "school", "improv", "plan", "karrier", "publicis"}
    known = [
        "priority",
        "priorities",
        "berries",
        "attendance",
        "improvement",
        "publicised",
        "school",
        "plan",
        "carriers",
    ]
    assert Everyday(known, ["who"], stems.__contains__).mended(typed) == right
