"""Readers: a file of any kind -> Source."""

from __future__ import annotations

from ingest.readers.folder import documents_in
from ingest.readers.sandbox import read_source, read_sources

__all__ = ["documents_in", "read_source", "read_sources"]
