"""What makes a register of many documents cheap gives what the plain way gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.names import Shorts, key_of
from ingest.splitting import LEADS, PLANS, Lexicon, Style, split
from ingest.written import Phrases, Written

WORDS = [
    "Hay",
    "hay",
    "Barn",
    "Barns",
    "Board",
    "Boards",
    "and",
    "of",
    "team",
    "A",
    "(FCB)",
    "Co-op",
    "/",
    "–",
    "BCC",
]
NAMES = st.lists(st.sampled_from([*WORDS, "Barn,", "including"]), min_size=1, max_size=6).map(" ".join)
TEXTS = st.lists(st.sampled_from([*WORDS, "Barnstead", "Board,", "plus", "\n"]), max_size=24).map(" ".join)
ENOUGH = 6


class Patient(Lexicon):
    """Looks every run of words up."""

    def may_begin(self, key: str) -> bool:
        return True


@given(st.lists(TEXTS, max_size=6), st.lists(NAMES | st.text("Ba rn", max_size=4), max_size=6))
def test_a_name_is_counted_as_by_reading_everything(texts: list[str], names: list[str]) -> None:
    written = Written(ENOUGH)
    for text in texts:
        written.add(text)
    for name in filter(str.strip, names):
        whole = sum(text.count(name) for text in texts)
        assert min(written.count(name), ENOUGH) == min(whole, ENOUGH)


def test_a_text_added_later_or_twice_counts() -> None:
    written = Written(ENOUGH)
    written.add("the Barn Board meets")
    assert written.count("arn Boa") == 1
    written.add("a Barn Boat")
    written.add("a Barn Boat")
    assert written.count("arn Boa") == 3
    assert written.count(" ") == 0


@given(st.lists(NAMES, max_size=8), TEXTS)
def test_phrases_in_a_text_are_those_that_stand_in_it(names: list[str], text: str) -> None:
    phrases = Phrases()
    for name in names:
        phrases.add(name)
    assert sorted(phrases.within(text)) == sorted(name for name in set(names) if name in text)


@given(st.lists(NAMES, max_size=12), TEXTS, st.sampled_from([LEADS, PLANS]))
def test_runs_with_which_no_name_begins_need_no_looking_up(names: list[str], text: str, style: Style) -> None:
    found = []
    for kind in (Lexicon, Patient):
        lexicon = kind(lambda name: key_of(name, Shorts({"BCC": "Borset County Council"})))
        for name in names:
            lexicon.add(name)
            if "," in name:
                lexicon.phrases.add(name)
        found.append(split(text, lexicon, style))
    assert found[0] == found[1]
