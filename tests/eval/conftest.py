"""What the tests of the evaluation share."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def originals() -> Path:
    """The folder of the originals, or a skip that says why."""
    folder = os.environ.get("LEDBY_ORIGINALS")
    if not folder:
        pytest.skip("LEDBY_ORIGINALS is not set: the original documents are not at hand")
    return Path(folder)
