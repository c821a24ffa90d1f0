"""What the README tells is so: commands, options, settings, targets, files and the catalogue's form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from pydantic_settings import BaseSettings

import app
from assistant.web.options import WebOptions
from corpus.catalogue import FIELDS, read_catalogue
from index.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS: dict[str, Any] = typer.main.get_command(app.cli).commands  # type: ignore[attr-defined]
SETTINGS: tuple[type[BaseSettings], ...] = (Settings, WebOptions)
OF_TESTS = {"LEDBY_ORIGINALS", "LEDBY_PDFS", "LEDBY_FUZZ_SECONDS"}


def table(heading: str) -> list[list[str]]:
    """The body of the first table under a heading."""
    part = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def fields() -> Iterator[tuple[str, Any]]:
    for settings in SETTINGS:
        for name, field in settings.model_fields.items():
            yield f"LEDBY_{name.upper()}", field


def options(command: Any) -> set[str]:
    """The options of a command and of the commands below it."""
    own = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    return own.union(*(options(one) for one in getattr(command, "commands", {}).values()))


def test_every_command_is_in_the_table_and_no_other() -> None:
    told = [re.match(r"`ledby (\w+)", row[0]) for row in table("Commands")]
    assert {match[1] for match in told if match} == set(COMMANDS)
    assert all(told)


@pytest.mark.parametrize("row", table("Commands"), ids=lambda row: row[0])
def test_every_option_in_the_table_is_there(row: list[str]) -> None:
    name = row[0].strip("`").split()[1]
    named = set(re.findall(r"(?<![\w-])--?[a-z]+", " ".join(row)))
    assert named <= options(COMMANDS[name])


def test_every_command_line_in_the_text_starts_a_command() -> None:
    lines = re.findall(r"(?:^|`)ledby (\w+)([^`\n]*)", README, re.MULTILINE)
    assert len(lines) > 10
    for name, rest in lines:
        if name.isupper():
            continue
        assert name in COMMANDS
        assert set(re.findall(r"(?<![\w-])--[a-z]+", rest)) <= options(COMMANDS[name])


def test_every_setting_is_in_the_table_with_its_default_and_no_other() -> None:
    told = {row[0].strip("`"): row[1].strip("`") for row in table("Settings")}
    made = {name: "none" if field.default in (None, "") else str(field.default) for name, field in fields()}
    assert told == made


def test_no_setting_is_named_that_does_not_exist() -> None:
    known = {name for name, _ in fields()} | OF_TESTS
    for path in ("README.md", "CHANGELOG.md", "eval/README.md"):
        named = set(re.findall(r"LEDBY_[A-Z_]+", (ROOT / path).read_text(encoding="utf-8")))
        assert named <= known, path


def test_every_make_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test", "eval", "lint", "format", "screenshots"} <= targets
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE)) <= targets


def test_the_workflow_is_ten_lines_and_its_commands_are_there() -> None:
    example = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert example and len(example[1].splitlines()) <= 10
    (job,) = yaml.safe_load(example[1])["jobs"].values()
    runs = [step["run"].split() for step in job["steps"] if "run" in step]
    ours = [words for words in runs if words[0] == "ledby"]
    assert [words[1] for words in ours] == ["ingest", "eval"]
    for words in ours:
        assert {word for word in words if word.startswith("--")} <= options(COMMANDS[words[1]])


def test_the_catalogue_example_is_read(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert example
    (tmp_path / "catalogue.toml").write_text(example[1], encoding="utf-8")
    (told,) = tomllib.loads(example[1])["document"]
    entry = read_catalogue(tmp_path / "catalogue.toml").entry(told["file"])
    assert entry is not None
    assert dict(entry.meta) == {key: told[key] for key in entry.meta}
    assert [paper.starts for paper in entry.papers] == [paper["starts"] for paper in told["paper"]]
    named = {*entry.meta, *entry.papers[0].meta}
    assert {field for field in FIELDS if field not in named and f"`{field}`" not in README} == set()


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


@pytest.mark.parametrize("module", re.findall(r"`python -m ([\w.]+)", README))
def test_every_module_that_is_run_is_there(module: str) -> None:
    assert (ROOT / module.replace(".", "/")).with_suffix(".py").is_file()
