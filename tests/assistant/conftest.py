"""Assistants over small invented papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from assistant.service import Assistant
from index.build import ingest
from index.embed import Embedder

OverPapers: TypeAlias = Callable[[Mapping[str, str]], Assistant]


@pytest.fixture(scope="session")
def over_papers(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> OverPapers:
    """Makes an assistant over an index of papers, given by file name and text."""

    def make(papers: Mapping[str, str]) -> Assistant:
        folder = tmp_path_factory.mktemp("papers")
        for name, text in papers.items():
            (folder / "papers").mkdir(exist_ok=True)
            (folder / "papers" / name).write_text(text, encoding="utf-8")
        ingest([folder / "papers"], folder / "index", embedder=embedder)
        return Assistant.open(folder / "index", embedder=embedder)

    return make
