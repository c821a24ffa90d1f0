"""What an ingest is given: files, the catalogues beside them, and the key by which a file counts as
unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.catalogue import Catalogue, read_catalogue
from corpus.errors import UsageError
from index.settings import Settings

_ROOT = Path(__file__).resolve().parents[1]
_READS = ("corpus", "ingest")
_BUILDS = ("corpus", "ingest", "index")


@dataclass(frozen=True, slots=True)
class File:
    """A source file: ``name`` is unique among the files of an ingest; ``digest`` is of its content; ``key``
    also of its catalogue entry and of the code that reads it."""

    path: Path
    name: str
    digest: str
    key: str


def files_of(paths: Sequence[Path], warnings: list[str]) -> tuple[list[File], Catalogue]:
    """The documents at ``paths`` with the catalogue that tells of them; what is left out goes to
    ``warnings``.

    Raises UsageError for a path that is not there and where no document is found.
    """
    catalogue = read_catalogue(*(path / "catalogue.toml" for path in paths if path.is_dir()))
    found = documents_at(paths, warnings)
    left_out = catalogue.left_out({path.name for path in found.values()})
    kept = {name: path for name, path in found.items() if path.name not in left_out}
    return [_file(path, name, catalogue) for name, path in kept.items()], catalogue


def documents_at(paths: Sequence[Path], warnings: list[str]) -> dict[str, Path]:
    """The documents at ``paths`` by name. Raises UsageError where there is none."""
    from ingest.readers.folder import documents_in

    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist; give a document or a folder of documents")
        for one in documents_in(path, warnings=warnings):
            if one.name != "catalogue.toml":
                name = one.name if one.name not in found else str(one.relative_to(path.parent))
                found[name] = one
    if not found:
        told = "; ".join(warnings)
        raise UsageError(
            f"No documents in {', '.join(map(str, paths))}"
            + (f" ({told})" if told else "")
            + "; Ledby reads PDF, Word, HTML, Markdown and text"
        )
    return found


def _file(path: Path, name: str, catalogue: Catalogue) -> File:
    digest = _digest(path)
    told = repr((code_digest(_READS), name, catalogue.entry(path.name)))
    return File(path, name, digest, hashlib.sha256(f"{digest}{told}".encode()).hexdigest())


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


def failed_key(key: str, settings: Settings) -> str:
    """The key under which a file that could not be read is remembered: it is tried again under other
    limits."""
    return f"{key}!{settings.file_seconds:g}s,{settings.file_megabytes}MB"


def built_by() -> str:
    """A digest of the code that makes an index of documents: another Ledby builds anew, and embeds what is
    new."""
    return code_digest(_BUILDS)


@cache
def code_digest(packages: tuple[str, ...]) -> str:
    """A digest of the modules of Ledby's packages, so that what they made of a file is made anew when they
    change."""
    whole = hashlib.sha256()
    for package in packages:
        for path in sorted((_ROOT / package).rglob("*.py")):
            whole.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()[:16]


def keys_of(files: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """File name -> key, of a manifest's files."""
    return {name: str(file["key"]) for name, file in files.items()}
