"""The commands, as a user types them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from eval_double import LINE, TEXT
from typer.testing import CliRunner

from eval.command import register


@pytest.fixture
def cli() -> typer.Typer:
    app = typer.Typer()

    @app.callback()
    def main() -> None:
        """A command line with only this group."""

    register(app)
    return app


def call(cli: typer.Typer, *words: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["eval", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(LINE) + "\n")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "fruit.txt").write_text(TEXT)
    return path


def test_check_proves_a_sound_set(cli: typer.Typer, questions: Path) -> None:
    code, out, _ = call(cli, "check", questions, "--sources", questions.parent / "sources")
    assert (code, out) == (0, "1 questions, 0 held out, 0 problems\n")


def test_check_shows_each_question_beside_its_evidence(cli: typer.Typer, questions: Path) -> None:
    _, out, _ = call(cli, "check", questions, "--sources", questions.parent / "sources", "--show")
    assert "must say: Orchard Board" in out
    assert "fruit.txt:2-2: Apples are led by the Orchard Board" in out


def test_check_names_what_is_wrong_and_exits_1(cli: typer.Typer, questions: Path) -> None:
    questions.write_text(json.dumps(LINE | {"must": [["Pear Group"]]}))
    code, out, _ = call(cli, "check", questions, "--sources", questions.parent / "sources")
    assert code == 1
    assert "apples: no spelling of 'Pear Group' stands at the evidence" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.jsonl"], "no such question set: none.jsonl"),
        (["QUESTIONS", "--index", "nowhere"], "There is no index at nowhere"),
        (["QUESTIONS", "--held"], "no question is left"),
        (["QUESTIONS", "--held", "--dev"], "--held and --dev exclude each other"),
        (["QUESTIONS", "--part", "some"], "unknown part 'some'"),
        (["QUESTIONS", "--without", "magic"], "unknown part 'magic' in --without"),
        (["QUESTIONS", "--profile", "none"], "has no profile 'none'"),
        (["QUESTIONS", "--sources", "nowhere"], "no such folder of sources: nowhere"),
        (["check", "QUESTIONS", "--sources", "nowhere"], "no such folder of sources: nowhere"),
        (["init", "--out", "QUESTIONS"], "exists; name another file"),
        (["squad", "none.json"], "cannot read none.json"),
        (["beir", "none", "none", "none"], "cannot read none"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line_and_exit_2(
    cli: typer.Typer, questions: Path, words: list[str], message: str
) -> None:
    index = questions.parent / "index"
    given = [str(questions) if word == "QUESTIONS" else word for word in words]
    code, out, err = call(cli, *given)
    assert (code, out) == (2, "")
    assert err.startswith("ledby: ") and err.count("\n") == 1
    assert message in err
    assert not index.exists()


def test_the_group_explains_itself(cli: typer.Typer) -> None:
    code, out, _ = call(cli, "--help")
    assert code == 0
    assert all(name in out for name in ("run", "init", "check", "squad", "beir"))


def test_the_commands_load_nothing_heavy() -> None:
    heavy = "{'torch', 'chromadb', 'llama_index', 'sentence_transformers', 'numpy'}"
    code = f"import sys, eval.command; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
