"""Builds an index: files -> documents -> register and passages -> a new generation, switched in when it is
whole.

Incremental by content: a file that was read before is taken from the cache of read files, a text that was
embedded before from the vector cache. With nothing changed nothing is built, and nothing heavy is imported.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import IndexError_, UsageError
from index import inputs
from index.embed import Embedder
from index.held import held
from index.inputs import File
from index.layout import Manifest, current_name, ill_sized, read_manifest
from index.settings import Settings, settings
from index.summary import Line, Progress, Summary

__all__ = ["Line", "Progress", "Summary", "ingest"]


def ingest(
    paths: Sequence[Path],
    directory: Path,
    *,
    keep: bool = False,
    rebuild: bool = False,
    wait_s: float | None = None,
    progress: Progress = lambda *_: None,
    embedder: Embedder | None = None,
) -> Summary:
    """Make the index at ``directory`` hold exactly the documents at ``paths`` (with ``keep``: those as well).

    ``rebuild`` reads every file anew and writes a new generation whatever is there; vectors in the cache are
    checked and those that are sound are used again. ``wait_s`` is how long to wait for another ingest
    (LEDBY_WAIT_SECONDS). Raises UsageError for paths with no documents, BusyError when another ingest holds
    the index, and IndexError_ when the folder cannot be written.
    """
    begun = time.monotonic()
    if keep and rebuild:
        raise UsageError("--keep and --rebuild do not go together: what is read anew must be given")
    told = settings()
    model = embedder or Embedder(told.embed_model)
    wait = told.wait_seconds if wait_s is None else wait_s
    inputs.documents_at(paths, [])  # a wrong path is told before anything is written or waited for
    with held(directory, wait, lambda: progress("Waiting for another ingest", 0, 1)):
        warnings: list[str] = []
        files, catalogue = inputs.files_of(paths, warnings)
        before = None if rebuild else _before(directory, model.name, warnings)
        kept = _kept(files, before) if keep and before else {}
        if before and _is_same(files, kept, before, told):
            return _unchanged(before, warnings, begun)

        from index.make import Build, Work

        build = Build(directory, model, progress, begun, warnings, fresh=rebuild)
        return build.run(Work(files, catalogue, kept, before))


def _before(directory: Path, model: str, warnings: list[str]) -> Manifest | None:
    """The manifest of the current generation, if that is sound and of this model."""
    try:
        name = current_name(directory)
        found = read_manifest(directory / name) if name else None
        for fault in ill_sized(directory / name, found) if name and found else ():
            raise IndexError_(f"The index at {directory} is damaged ({fault})")
    except IndexError_ as error:
        warnings.append(f"{str(error).split('; run:')[0]}; built anew")
        return None
    return found if found and found.model == model else None


def _kept(files: Sequence[File], before: Manifest) -> dict[str, Mapping[str, Any]]:
    given = {file.name for file in files}
    return {name: file for name, file in before.files.items() if name not in given}


def _is_same(
    files: Sequence[File], kept: Mapping[str, Mapping[str, Any]], before: Manifest, told: Settings
) -> bool:
    """Whether the index holds just these files, as this Ledby makes them, where it is now to hold them."""
    if before.code != inputs.built_by() or before.served != bool(told.chroma_url):
        return False
    stored = inputs.keys_of(before.files)
    wanted = {file.name: (file.key, inputs.failed_key(file.key, told)) for file in files}
    return stored.keys() == {*wanted, *kept} and all(stored[name] in keys for name, keys in wanted.items())


def _unchanged(before: Manifest, warnings: Sequence[str], begun: float) -> Summary:
    lines = tuple(
        Line(**{**line, "warnings": tuple(line["warnings"])})
        for file in before.files.values()
        for line in file["lines"]
    )
    told = tuple(dict.fromkeys([*warnings, *before.warnings]))
    return Summary(lines, told, time.monotonic() - begun, False, findings=before.findings)
