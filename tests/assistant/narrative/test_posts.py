"""Who holds a post, over an invented council's papers."""

from __future__ import annotations

import pytest

from assistant.declining.sense_choice import in_doubt
from assistant.narrative.posts import _shortened
from assistant.question.understand import read_question
from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

REPORT = """# Ferry renewal programme

From: Ada Thorne, Cabinet Member for Harbours and
Fisheries

To: Wexmouth Council Cabinet, 4 March 2025

Subject: Ferry renewal programme

## Background

The ferries carry 4,000 people a week. Dr Ivo Marsh, Director of Public Health, told the board that noise fell by a third.
The Deputy Director of Housing, Lena Crowe, spoke of the quays.

## Contact details

Name: Piet Hollis

Job title: Wexmouth Harbour Safety Board Manager

Email: piet.hollis@wexmouth.example

Report author: Runa Vale
"""
MINUTES = """# Minutes of the Wexmouth Harbour Safety Board, 9 January 2025

PRESENT: Mrs O Fenn (Chairman), Mr T Brand (Vice-Chairman), Mr L Moss

## 1. Welcome

Mrs Fenn opened the meeting.
"""


@pytest.fixture(scope="module")
def council(over_papers: OverPapers) -> Assistant:
    """An assistant over two papers of the council."""
    return over_papers({"ferry-report.md": REPORT, "board-minutes.md": MINUTES})


@pytest.mark.parametrize(
    ("question", "person"),
    [
        ("Who is the manager of the Harbour Safety Board?", "Piet Hollis"),
        ("Who chairs the Wexmouth Harbour Safety Board?", "Mrs O Fenn"),
        ("who is the vice-chairman of the harbour safety board", "Mr T Brand"),
        ("Who is the Director of Public Health?", "Dr Ivo Marsh"),
        ("who's the cabinet member for fisheries?", "Ada Thorne"),
        ("Who wrote the report on the ferry renewal programme?", "Runa Vale"),
    ],
)
def test_who_holds_a_post_comes_first_and_is_cited(council: Assistant, question: str, person: str) -> None:
    """However the paper says it: in a label, in brackets, after a comma, over two lines."""
    answer = council.ask(question)
    assert answer.answered and answer.text.startswith(f"{person}: "), answer.text
    assert any(person in " ".join(citation.quote.split()) for citation in answer.citations)


def test_the_post_of_a_person_is_told(council: Assistant) -> None:
    """The other way round, with all of the post's name."""
    answer = council.ask("What is Lena Crowe's job?")
    assert answer.answered and answer.text.startswith("Lena Crowe: Deputy Director of Housing")
    assert "Lena Crowe" in answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "Who is the Director of Housing?",  # only a deputy is named
        "Who chairs the Northport Harbour Safety Board?",
        "Who is the chief executive of Wexmouth Council?",
    ],
)
def test_nobody_is_told_to_hold_a_post_that_the_papers_do_not_tell(council: Assistant, question: str) -> None:
    """A deputy, or who holds the post elsewhere, is not looked up."""
    assert council.posts.draft(read_question(question), frozenset(council.index.documents)) is None


def test_a_post_that_no_quote_speaks_of_is_declined(council: Assistant) -> None:
    """Names that stand near the body's are no answer."""
    told = council.ask("Who is the treasurer of the Harbour Safety Board?")
    assert not told.answered and not told.citations


HEADED = """# Quay lighting report

The lamps on the quay were changed.

## 5. Report Author and Relevant Director

Moss Hallam, Head of Lighting moss.hallam@wexmouth.example
"""
PLURAL = """# Slipway budget report

The slipway was mended for £4,000.

## 6. Contact details

Report Authors:

Nell Farrow (Harbour Accounts) 01234 567

Ivo Crane (Harbour Works) 01234 568

Background documents: none
"""


def test_people_under_a_heading_are_known_by_it(over_papers: OverPapers) -> None:
    """Also without a colon, and several where it says so."""
    papers = over_papers({"lamps.md": HEADED, "slipway.md": PLURAL})
    assert "Moss Hallam" in papers.ask("Who wrote the quay lighting report?").text
    both = papers.ask("Who wrote the slipway budget report?").text
    assert "Nell Farrow" in both and "Ivo Crane" in both
    assert "Report Authors" not in both


def test_a_post_whose_name_ends_in_s_has_one_holder(over_papers: OverPapers) -> None:
    """And keeps its name."""
    paper = "# Schools report\n\nThe schools did well.\n\nDirector of Children's Services:\n\nRuna Vale\n\nPiet Hollis\n"
    text = over_papers({"schools.md": paper}).ask("Who is the Director of Children's Services?").text
    assert "Runa Vale: Director of Children's Services" in text
    assert "Piet Hollis" not in text


PERFORMANCE = """# Wexmouth performance report

## Harbours and Ferries

| Post | Holder |
|---|---|
| Cabinet Member | Ada Thorne |
| Director | Otto Brill |

Ferries ran to time.

### Schools and Nurseries

| Post | Holder |
|---|---|
| Cabinet Member | Bea Lorne |
| Director | Runa Vale |

Report Author: Piet Hollis Job title: Programme Manager, Ferry Renewal Telephone number: 01632 960000
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who is the director of harbours?", "Otto Brill: Director ("),
        ("Who is the director for schools?", "Runa Vale: Director ("),
        ("Which cabinet member is responsible for nurseries?", "Bea Lorne: Cabinet Member ("),
        (
            "Who wrote the performance report?",
            "Piet Hollis: Report Author, Programme Manager, Ferry Renewal (",
        ),
    ],
)
def test_a_post_beside_a_name_is_of_the_heading_right_above(
    over_papers: OverPapers, question: str, told: str
) -> None:
    """Not of the headings above that, as long as there is one of its own."""
    answer = over_papers({"performance.md": PERFORMANCE}).ask(question)
    assert answer.answered and answer.text.startswith(told), answer.text
    assert len(answer.citations) == 1


BOARD = """# Wexmouth harbour board

| Name | Role |
|---|---|
| Ada Thorne | Director |
| Otto Brill | Chair |
| Bea Lorne | Corporate Director |
| Piet Hollis | Clerk |

| Mayor | Leader |
|---|---|
| Lena Crowe | Runa Vale |
"""


def test_a_post_behind_a_name_is_not_of_the_next_name(over_papers: OverPapers) -> None:
    """A post beside another post is of no name below."""
    board = over_papers({"board.md": BOARD})
    held = {(p.person, p.role) for at in range(len(board.index.passages)) for p in board.posts._held(at)}
    assert not {name for name, role in held if name == "Otto Brill" and "Director" in role}
    assert not {name for name, role in held if name == "Piet Hollis" and "Director" in role}
    assert ("Lena Crowe", "Leader") not in held
    assert ("Otto Brill", "Chair") in held


def test_how_somebody_is_reached_is_no_part_of_a_post() -> None:
    """A word such as "mobile" may be."""
    assert _shortened("Head of Mobile Library Services") == "Head of Mobile Library Services"
    assert (
        _shortened("Clerk, Tel: 01632 960000")
        == _shortened("Clerk Email address clerk@quay.example")
        == "Clerk"
    )


SURVEY = """# Survey of the Wexmouth ferries

Half of those asked would sail more often. The ferries should run on Sundays.

Runa Vale
Survey Manager
9th June 2021

Appendix: the questions
"""
ASSESSMENT = """# Equality assessment of the ferry fares

Is there another group to think of?

Signed (Author) P Hollis

Signed (Fares Lead) OB Brill
"""
LETTER = """# Harbour committee, 4 May 2022

Dear Member

Please find the papers enclosed.

Yours sincerely

Ada Thorne General Counsel
"""
CHARTER = """# Dredging charter of the quays

The quays are dredged each year. Una Marsh, assigned officer for locks, saw to it.

Signed Off Date

Report author: Otto Brill
"""


@pytest.fixture(scope="module")
def signed(over_papers: OverPapers) -> Assistant:
    """An assistant over papers that people signed, each in another way, and one that nobody signed."""
    papers = {"survey": SURVEY, "assessment": ASSESSMENT, "letter": LETTER, "charter": CHARTER}
    return over_papers({f"{name}.md": text for name, text in papers.items()})


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who wrote the survey of the ferries?", ["Runa Vale: Survey Manager, signed 9th June 2021"]),
        ("Who signed the survey of the ferries?", ["Runa Vale: Survey Manager, signed 9th June 2021"]),
        ("Wexmouth ferries survey author and date", ["Runa Vale: Survey Manager, signed 9th June 2021"]),
        (
            "Who put their names to the equality assessment?",
            ["P Hollis: signed as Author", "OB Brill: signed as Fares Lead"],
        ),
        (
            "Who signed the letter of the harbour committee?",
            ["Ada Thorne: General Counsel, signed the letter"],
        ),
    ],
)
def test_who_signed_a_paper(signed: Assistant, question: str, told: list[str]) -> None:
    answer = signed.ask(question)
    assert answer.answered and all(one in answer.text for one in told), answer.text
    assert len(answer.citations) == len(told)


@pytest.mark.parametrize(
    "question",
    [
        "Who signed the dredging charter of the quays?",  # it has an author, and nobody signed it
        "Who signed up to the dredging charter?",
        "Who wrote the letter of the harbour committee?",  # signed for others, as a rule
    ],
)
def test_nobody_is_told_to_have_signed_what_they_did_not(signed: Assistant, question: str) -> None:
    draft = signed.posts.draft(read_question(question), frozenset(signed.index.documents))
    assert draft is None or "signed" not in draft.told, draft


def test_the_holder_of_a_post_is_beyond_doubt(over_papers: OverPapers) -> None:
    """So that a conversation looks for no other sense of the question."""
    paper = (
        "# Wexmouth Harbour Trust report\n\nWexmouth Harbour Trust (WHT) was founded in 1931. It looks after two piers.\n\n"
        "## Foreword\n\nThe pier was mended, and many people came.\n\nMary Vale, Chief Executive of Wexmouth Harbour Trust\n"
    )
    draft = over_papers({"trust.md": paper}).best("who's the boss in WHT?")
    assert "Mary Vale" in draft.told and not in_doubt(draft)
