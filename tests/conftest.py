"""What all tests share: the embedding model and indexes of real documents, each made once a session."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

# A test sees Ledby as it comes: no setting of whoever runs it, no network, no reports to anybody.
for name in [name for name in os.environ if name.startswith("LEDBY_")]:
    if name not in ("LEDBY_ORIGINALS", "LEDBY_PDFS", "LEDBY_FUZZ_SECONDS"):
        del os.environ[name]
os.environ |= {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "GRADIO_ANALYTICS_ENABLED": "False"}

from index.build import ingest  # noqa: E402
from index.embed import Embedder  # noqa: E402

ROOT = Path(__file__).parents[1]
SMALL = ("shared-delivery-plan-2024-06.md", "logframe-2024-07.md", "hwb-minutes-2023-12-06.md")


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The embedding model, loaded once."""
    return Embedder()


@pytest.fixture(scope="session")
def small_documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three reading editions."""
    folder = tmp_path_factory.mktemp("small") / "documents"
    folder.mkdir()
    for file in SMALL:
        shutil.copy(ROOT / "corpus" / "documents" / file, folder)
    return folder


@pytest.fixture(scope="session")
def small_index(small_documents: Path, embedder: Embedder) -> Path:
    """The folder of an index of three reading editions. Tests only read it."""
    directory = small_documents.parent / "index"
    ingest([small_documents], directory, embedder=embedder)
    return directory


@pytest.fixture(scope="session")
def originals_folder() -> Path:
    """The folder of the originals, or a skip that says why."""
    folder = os.environ.get("LEDBY_ORIGINALS")
    if not folder:
        pytest.skip("LEDBY_ORIGINALS is not set: the original documents are not at hand")
    return Path(folder)


@pytest.fixture(scope="session")
def originals_index(
    originals_folder: Path, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of an index of the originals. Tests only read it."""
    directory = tmp_path_factory.mktemp("originals") / "index"
    ingest([originals_folder], directory, embedder=embedder)
    return directory
