"""What all tests share: the embedding model, and indexes of real documents that all processes make once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

# A test sees Ledby as it comes: no setting of whoever runs it, no network, no reports to anybody.
for name in [name for name in os.environ if name.startswith("LEDBY_")]:
    if name not in ("LEDBY_ORIGINALS", "LEDBY_PDFS", "LEDBY_FUZZ_SECONDS", "LEDBY_TEST_INDEXES"):
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
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share; both halves of `make test` share one too."""
    if given := os.environ.get("LEDBY_TEST_INDEXES"):
        return Path(given)
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def indexed(together: Path, name: str, sources: Path, embedder: Embedder) -> Path:
    """The folder of an index that whichever process comes first makes."""
    directory = together / name
    with FileLock(together / f"{name}.lock"):
        if not (directory / "current").is_file():
            ingest([sources], directory, embedder=embedder)
    return directory


@pytest.fixture(scope="session")
def small_documents(together: Path) -> Path:
    """A folder with three reading editions."""
    folder = together / "small"
    with FileLock(together / "small.lock"):
        folder.mkdir(exist_ok=True)
        for file in SMALL:
            if not (folder / file).is_file():
                shutil.copy(ROOT / "corpus" / "documents" / file, folder)
    return folder


@pytest.fixture(scope="session")
def small_index(small_documents: Path, together: Path, embedder: Embedder) -> Path:
    """The folder of an index of three reading editions. Tests only read it."""
    return indexed(together, "small-index", small_documents, embedder)


@pytest.fixture(scope="session")
def other_index(together: Path, embedder: Embedder) -> Path:
    """The folder of an index of papers of a place that nothing was made for. Tests only read it."""
    return indexed(together, "other-index", ROOT / "tests" / "data" / "other_text", embedder)


@pytest.fixture(scope="session")
def originals_folder() -> Path:
    """The folder of the originals, or a skip that says why."""
    folder = os.environ.get("LEDBY_ORIGINALS")
    if not folder:
        pytest.skip("LEDBY_ORIGINALS is not set: the original documents are not at hand")
    return Path(folder)


@pytest.fixture(scope="session")
def originals_index(originals_folder: Path, together: Path, embedder: Embedder) -> Path:
    """The folder of an index of the originals. Tests only read it."""
    return indexed(together, "originals-index", originals_folder, embedder)
