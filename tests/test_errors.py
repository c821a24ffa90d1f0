"""What other libraries raise leaves Ledby as one of its own errors, with a line that says what to do."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import chromadb.errors
import pypdf
import pypdf.errors
import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus import errors
from corpus.errors import DocumentError, IndexError_, LedbyError, ServiceError
from index.chroma import open_store
from index.embed import Embedder
from index.generation import open_index
from ingest.readers import read_source

NOWHERE = "http://127.0.0.1:9"
"""The port "discard", on which nothing listens."""


def own() -> dict[str, type[LedbyError]]:
    return {n: e for n, e in vars(errors).items() if inspect.isclass(e) and e.__module__ == errors.__name__}


def test_the_docstring_draws_the_tree_as_it_is() -> None:
    drawn = re.findall(r"^([| ]*)(?:[|`]- )?(\w*Error_?)  ", str(errors.__doc__), re.MULTILINE)
    path: list[str] = []
    for indent, name in drawn:
        depth = len(indent) // 3 + (name != "LedbyError")
        path = [*path[:depth], name]
        assert [parent.__name__ for parent in own()[name].__mro__][: depth + 1] == path[::-1]
    assert {name for _, name in drawn} == set(own())


@pytest.mark.parametrize("name", sorted(own()))
def test_every_error_says_what_it_is_for(name: str) -> None:
    assert issubclass(own()[name], LedbyError)
    assert (own()[name].__doc__ or "").endswith(".")


def text_pdf(path: Path) -> Path:
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "Parks are led by the Orchard Board.")
    canvas.save()
    return path


def locked_pdf(path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=text_pdf(path))
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(path)


def cut_pdf(path: Path) -> None:
    whole = text_pdf(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 8])


def empty_pdf(path: Path) -> None:
    path.write_bytes(b"")


def noise_pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)


def pageless_pdf(path: Path) -> None:
    pypdf.PdfWriter().write(path)


@pytest.mark.parametrize(
    "make, reason",
    [
        (locked_pdf, "password"),
        (cut_pdf, "damaged"),
        (noise_pdf, "damaged"),
        (empty_pdf, "empty"),
        (pageless_pdf, ""),
    ],
)
def test_what_pypdf_raises_is_a_document_error(
    tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    path = tmp_path / "plan.pdf"
    make(path)
    with pytest.raises(DocumentError) as raised:
        read_source(path)
    assert str(raised.value).startswith("plan.pdf: ")
    assert reason in str(raised.value)
    assert "\n" not in str(raised.value)


def test_pypdf_itself_raises_on_these_files(tmp_path: Path) -> None:
    """So that the test above is about mapping, not about files that read well."""
    noise_pdf(tmp_path / "noise.pdf")
    locked_pdf(tmp_path / "locked.pdf")
    with pytest.raises(pypdf.errors.PyPdfError):
        pypdf.PdfReader(tmp_path / "noise.pdf").pages[0].extract_text()
    with pytest.raises(pypdf.errors.FileNotDecryptedError):
        pypdf.PdfReader(tmp_path / "locked.pdf").pages[0].extract_text()


def test_a_collection_that_is_gone_is_an_index_error(tmp_path: Path) -> None:
    open_store(tmp_path, "here", None, create=True).close()
    with pytest.raises(IndexError_, match="run: ledby ingest PATH --rebuild") as raised:
        open_store(tmp_path, "elsewhere", None)
    assert isinstance(raised.value.__cause__, chromadb.errors.NotFoundError)


def test_vectors_that_do_not_fit_are_an_index_error(small_index: Path, embedder: Embedder) -> None:
    index = open_index(small_index)
    vector = embedder.encode(["loneliness"])[0].vector
    with pytest.raises(IndexError_) as raised:
        index.store.nearest(vector[:10], 3)
    assert isinstance(raised.value.__cause__, chromadb.errors.ChromaError)


def test_a_damaged_vector_store_is_an_index_error(
    small_index: Path, tmp_path: Path, embedder: Embedder
) -> None:
    shutil.copytree(small_index, tmp_path / "index")
    for file in (tmp_path / "index").glob("gen-*/chroma/chroma.sqlite3"):
        file.write_bytes(b"no database")
    with pytest.raises(IndexError_, match="ledby ingest"):
        open_index(tmp_path / "index").store.nearest(embedder.encode(["loneliness"])[0].vector, 3)


def test_a_server_that_does_not_answer_is_a_service_error(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="does not answer; start it, or unset LEDBY_CHROMA_URL"):
        open_store(tmp_path, "here", NOWHERE)


def test_a_model_that_is_not_there_is_a_service_error(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"no-such-model.* cannot be loaded"):
        Embedder(str(tmp_path / "no-such-model")).encode(["words"])


def test_no_index_is_an_index_error_that_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexError_, match="There is no index at .*; make one with: ledby ingest"):
        open_index(tmp_path)
