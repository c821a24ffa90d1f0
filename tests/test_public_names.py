"""What each package offers by name: a list on purpose, so that a new name is a decision."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest
from sources import ROOT, imported, modules

PUBLIC = {
    "corpus": {
        "Acronym", "Answer", "Block", "Cell", "Citation", "Commitment", "Document", "Finding", "Indicator",
        "Milestone", "Name", "Page", "Passage", "PlanEntry", "Priority", "Record", "Register", "Row", "Span",
        "Value",
    },
    "ingest.readers": {"documents_in", "read_source", "read_sources"},
    "assistant": {"Assistant", "Hit"},
}  # fmt: skip
PACKAGES = sorted(
    ".".join(path.parent.relative_to(ROOT).parts) for path in modules() if path.name == "__init__.py"
)


def test_only_the_listed_packages_offer_names() -> None:
    offering = {name for name in PACKAGES if hasattr(importlib.import_module(name), "__all__")}
    assert offering == set(PUBLIC)


@pytest.mark.parametrize("package", PUBLIC)
def test_a_package_offers_these_names_and_no_other(package: str) -> None:
    offered = importlib.import_module(package).__all__
    assert offered == sorted(offered)
    assert set(offered) == PUBLIC[package]


@pytest.mark.parametrize(
    "package, name", [(package, name) for package in PUBLIC for name in sorted(PUBLIC[package])]
)
def test_a_public_name_is_there_and_says_what_it_means(package: str, name: str) -> None:
    thing = getattr(importlib.import_module(package), name)
    doc = inspect.getdoc(thing) or ""
    assert len(doc) > 20
    assert not doc.startswith(f"{name}("), "dataclass without a docstring of its own"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_without_a_list_offers_nothing(package: str) -> None:
    module = importlib.import_module(package)
    init = Path(str(module.__file__))
    own = {name.split(".")[-1] for _, name in imported(init) if not name.startswith("__future__")}
    assert package in PUBLIC or own == set()


@pytest.mark.parametrize("package", PUBLIC)
def test_a_name_that_is_not_there_is_an_attribute_error(package: str) -> None:
    with pytest.raises(AttributeError, match=re.escape(package)):
        getattr(importlib.import_module(package), "no_such_name")  # noqa: B009
