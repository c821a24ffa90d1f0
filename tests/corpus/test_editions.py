"""The reading editions and the originals: facts carry over, sentences do not.

What needs the originals is skipped when LEDBY_ORIGINALS does not say where they are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from corpus.check_facts import DOCUMENTS, EXPLAINED, check, editions, explanations, main, read_edition
from corpus.errors import DocumentError, UsageError
from corpus.text import plain

ROOT = Path(__file__).parents[2]
RUN = 14
TEXT = {
    ".md", ".py", ".toml", ".json", ".jsonl", ".yml", ".yaml", ".txt", ".html", ".css", ".js", ".sh", ".cfg",
    "",
}  # fmt: skip
# A table cell in which one of these words stands is read as a sentence; without them it is taken for a name.
FINITE = {
    "is", "are", "was", "were", "will", "would", "shall", "should", "must", "can", "could", "may", "has",
    "have", "had", "we", "they", "it",
}  # fmt: skip
BREAK = "\0"
EDITIONS = editions()

# Names of commitments and plans in the originals that are as long as a sentence and read like one.
LONG_NAMES = (
    "Kent and Medway Integrated Care Strategy: Shared Delivery Plan 2024-2026",
    "Act as anchor institutions by using our assets and resources to benefit our communities e.g. "
    "through procurement, employment/training opportunities, how we use our estate, environmental "
    "sustainability, retain wealth in the region",
    "Develop communication approaches, for example a fictional family, to bring the Integrated Care "
    "Strategy and Shared Delivery Plan to life demonstrating how delivery will impact the lives of the "
    "people of Kent and Medway",
    "Dispose of estate that is no longer suitable or does not represent value for money",
    "Electronic Patient Record Optimisation to ensure that all organisations across Kent and Medway ICS"
    " have an EPR in line with National Standards",
    "Healthwatch Kent work programme – Accessible Information standard and reviewing if people felt "
    "their communication needs had been met in hospital outpatient departments",
    "Improve proportion children achieving a good level of development at end Early Years Foundation "
    "Stage including through evidence-based parenting support to all who would likely benefit",
    "Increase percentage of the population who are in paid employment and are in contact with secondary"
    " mental health services or who have long term support for a learning disability",
    "Work together to ensure all care is focused on the individual including sharing data, seamless "
    "transition between services, good communication, understanding user needs",
)

Runs = frozenset[tuple[str, ...]]


def words(text: str) -> list[str]:
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text)
    return re.findall(
        rf"[a-z0-9]+|{BREAK}", re.sub(r"['’]", "", plain(re.sub(r"\\[nrt\"]", " ", text)).lower())
    )


def runs(text: str, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All runs of ``RUN`` words; none reaches across one of ``names``."""
    joined = f" {' '.join(words(text))} "
    for name in names:
        joined = joined.replace(f" {' '.join(words(name))} ", f" {BREAK} ")
    found = joined.split()
    return (tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1))


def prose_and_cells(text: str) -> tuple[str, list[str]]:
    """The text without headings, titles and table rows; and what the cells of its table rows list."""
    prose, cells = [], []
    for line in re.sub(r"<!--.*?-->", " ", text, flags=re.S).splitlines():
        if line.count("|") > 1 or "\t" in line.lstrip() or "\\t" in line:
            cells += re.split(r"[|;\t]|\\t", line)
            prose.append(BREAK)
        else:
            prose.append(BREAK if re.match(r"#+ |(short_)?title: ", line) else line)
    return "\n".join(prose), cells


def copied(text: str, of: Runs, names: tuple[str, ...] = ()) -> list[str]:
    """The runs of ``RUN`` words that ``text`` shares with the originals where it may not."""
    prose, cells = prose_and_cells(text)
    found = [run for run in runs(prose, names) if run in of]
    found += [run for cell in cells for run in runs(cell, names) if run in of and FINITE & set(run)]
    return [" ".join(run) for run in found]


def files() -> list[Path]:
    """Every text file of the repository."""
    skipped = {".git", ".ledby", "__pycache__", "node_modules", "build", "dist"}
    found = []
    for folder, below, inside in os.walk(ROOT):
        if "pyvenv.cfg" in inside:
            below.clear()
            continue
        below[:] = [b for b in below if b not in skipped and not b.endswith(("_cache", ".egg-info"))]
        found += [Path(folder, name) for name in inside if Path(name).suffix in TEXT]
    return sorted(found)


@pytest.fixture(scope="session")
def originals() -> Path:
    folder = os.environ.get("LEDBY_ORIGINALS")
    if not folder:
        pytest.skip("LEDBY_ORIGINALS is not set: the originals are needed for the comparison")
    return Path(folder)


@pytest.fixture(scope="session")
def original_runs(originals: Path) -> Runs:
    found = frozenset(
        run for path in sorted(originals.glob("*.txt")) for run in runs(path.read_text(encoding="utf-8"))
    )
    assert len(found) > 10_000, f"{originals} holds no originals to compare with"
    return found


# --- what is in the repository ---


def test_there_are_editions() -> None:
    assert len(EDITIONS) >= 13


@pytest.mark.parametrize("path", EDITIONS, ids=lambda p: p.stem)
def test_front_matter_is_complete(path: Path) -> None:
    edition = read_edition(path)
    for key in ("title", "short_title", "publisher", "family"):
        assert edition.head.get(key), key
    assert edition.head["edition"] == "reading edition"
    assert edition.head["status"] in {"draft", "final", "minutes", "report"}
    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", edition.head["date"])
    assert edition.sources
    assert "reading edition" in edition.lines[edition.opening]


@pytest.mark.parametrize("path", EDITIONS, ids=lambda p: p.stem)
def test_a_place_in_the_original_stands_above_its_heading(path: Path) -> None:
    """Below it, the comment would be part of the passage that begins with the heading, and of its quotes."""
    lines = [line for line in read_edition(path).lines if line.strip()]
    below = [after for line, after in pairwise(lines) if line.startswith("<!-- source:")]
    assert below
    assert [line for line in below if not line.startswith(("#", "<!-- source:"))] == []


@pytest.mark.parametrize("path", EDITIONS, ids=lambda p: p.stem)
def test_every_fact_occurs_in_the_original_or_is_explained(path: Path, originals: Path) -> None:
    known = explanations().get(path.stem, {})
    assert [doubt for doubt in check(path, originals) if doubt.text not in known] == []


def test_every_explanation_is_needed_and_says_why(originals: Path) -> None:
    for name, reasons in explanations().items():
        doubted = {doubt.text for doubt in check(DOCUMENTS / f"{name}.md", originals)}
        assert set(reasons) <= doubted, f"{EXPLAINED.name} explains what {name} does not need"
        assert all(len(why.split()) > 2 for why in reasons.values())


def test_no_sentence_of_an_original_stands_in_the_repository(original_runs: Runs) -> None:
    found = {}
    for path in files():
        text = path.read_text(encoding="utf-8", errors="replace")
        if runs_found := copied(text, original_runs, names=LONG_NAMES):
            found[str(path.relative_to(ROOT))] = runs_found
    assert found == {}


# --- the comparison itself finds what it is for ---

COPY = "The quick brown fox has jumped over the lazy dog near the old river bank at noon"
NAME = "Council of the Seven Greater Rivers, Lakes, Ponds, Brooks, Springs, Wells, Ditches, Canals and Locks"


@pytest.fixture(scope="module")
def invented() -> Runs:
    return frozenset([*runs(COPY), *runs(NAME)])


@pytest.mark.parametrize(
    "text",
    [
        f"Before. {COPY}. After.",
        COPY.replace(" ", "\n"),
        COPY.upper().replace(" ", ", "),
        f"- {COPY[:40]}\n- {COPY[40:]}".replace("r\n- t", "r t"),
        f'{{"quote": "{COPY}"}}',
        f"| 1 | {COPY} | 3 |",
        f"a\t{COPY}\tb",
    ],
)
def test_a_copied_sentence_is_found(text: str, invented: Runs) -> None:
    assert copied(text, invented)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(COPY.split()[: RUN - 1]) + " and so on",
        f"## {COPY}",
        f"title: {COPY}",
        f"| 1 | {NAME} |",
        f"<!-- {COPY} -->",
        COPY.replace("lazy", "sleepy"),
    ],
)
def test_names_headings_and_own_words_are_not(text: str, invented: Runs) -> None:
    assert copied(text, invented) == []


def test_a_long_name_can_be_excepted(invented: Runs) -> None:
    assert copied(f"See {NAME}.", invented)
    assert copied(f"See {NAME}.", invented, names=(NAME,)) == []


# --- check_facts ---

ORIGINAL = """Report of the **Upper Vale** Board
On Tuesday 4th March 2031 the Board met at Mill House. Mrs A. Marrow said that
twenty-five of 1,250 homes (2%) were empty as of 01/02/31. The Vale Housing Plan's target is 7.5.
Below the range: 999 barns, Lower Vale Trust.
"""


def doubts(tmp_path: Path, body: str, source: str = "vale.txt lines 1-3") -> list[tuple[str, str]]:
    (tmp_path / "vale.txt").write_text(ORIGINAL, encoding="utf-8")
    head = f"title: Upper Vale Board\nedition: reading edition\nsource: {source}"
    (tmp_path / "vale.md").write_text(f"---\n{head}\n---\nA reading edition.\n\n{body}\n", encoding="utf-8")
    return [(doubt.kind, doubt.text) for doubt in check(tmp_path / "vale.md", tmp_path)]


@pytest.mark.parametrize(
    "body",
    [
        "Mrs A. Marrow spoke at Mill House on 4 March 2031.",
        "25 of 1250 homes, or 2 per cent, stood empty on 1 February 2031.",
        "| Plan | Target |\n|---|---|\n| Vale Housing Plan | 7.5 |",
        "The Upper Vale and Mill House.",
        "Homes were empty. <!-- source: lines 2-3 -->",
        "In March 2031 nothing else happened.",
    ],
)
def test_facts_that_occur_are_not_doubted(tmp_path: Path, body: str) -> None:
    assert doubts(tmp_path, body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("The Board met on 5 March 2031.", ("date", "5 march 2031")),
        ("Homes were empty in February 2030.", ("date", "february 2030")),
        ("1,251 homes.", ("number", "1251")),
        ("| Target | 7.6 |", ("number", "7.6")),
        ("There are 999 barns.", ("number", "999")),
        ("It was Mrs Barrow who spoke.", ("name", "Mrs Barrow")),
        ("The Upper Vale and Miller House.", ("name", "Miller House")),
        ("## Lower Vale Trust", ("name", "Lower Vale Trust")),
        ("Nothing.\n<!-- source: lines 3-4 -->", ("place", "3-4")),
    ],
)
def test_what_does_not_occur_is_doubted(tmp_path: Path, body: str, expected: tuple[str, str]) -> None:
    assert expected in doubts(tmp_path, body)


def test_a_second_original_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("There were 321 owls.\n", encoding="utf-8")
    assert doubts(tmp_path, "321 owls.", "vale.txt lines 1-3; mended from other.txt") == []


def test_edition_without_source_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.md"
    path.write_text("---\ntitle: x\n---\nText\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="names no source"):
        read_edition(path)


def test_edition_without_front_matter_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.md"
    path.write_text("# Text\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="no front matter"):
        read_edition(path)


def test_missing_original_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no original gone.txt"):
        doubts(tmp_path, "Text", "gone.txt lines 1-2")


def test_command_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEDBY_ORIGINALS", raising=False)
    with pytest.raises(UsageError, match="LEDBY_ORIGINALS"):
        main([])


def test_command_lists_what_it_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    doubts(tmp_path, "1,251 homes.")
    monkeypatch.setenv("LEDBY_ORIGINALS", str(tmp_path))
    assert main([str(tmp_path / "vale.md")]) == 1
    assert "vale.md:8: number not in the original: 1251" in capsys.readouterr().out
