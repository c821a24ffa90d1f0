"""What is in an index, from its manifest and documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.generation import open_index


def document_rows(directory: Path) -> list[dict[str, Any]]:
    """One row a document: catalogue fields, counts, warnings, and what the register found in it."""
    index = open_index(directory)
    found: dict[str, list[str]] = {}
    for finding in index.register.findings:
        found.setdefault(finding.document, []).append(finding.message)
    counts = {line["document"]: line for file in index.manifest.files.values() for line in file["lines"]}
    return [
        {
            "id": d.id,
            "document": d.id,
            "file": d.file,
            "title": d.title,
            "short_title": d.short_title,
            "publisher": d.publisher,
            "date": d.date,
            "status": d.status,
            "family": d.family,
            "supersedes": d.supersedes,
            "pack": d.pack,
            "author": d.author,
            "pages": len(d.pages),
            "page_range": [d.pages[0].page_no, d.pages[-1].page_no] if d.pages else None,
            "passages": counts.get(d.id, {}).get("passages", 0),
            "records": counts.get(d.id, {}).get("records", 0),
            "inferred": sorted(d.inferred),
            "warnings": list(d.warnings),
            "findings": found.get(d.id, []),
        }
        for d in index.documents.values()
    ]


def quality_lines(findings: Sequence[str], most: int = 60) -> list[str]:
    """The quality report of an ingest as lines to print: each finding ("document: message") once, with how often it
    was made; at most ``most``, and how many more there are."""
    times = Counter(findings)
    lines = [f"{finding} ({n} times)" if n > 1 else finding for finding, n in times.items()]
    left = len(lines) - most
    return lines if left <= 0 else [*lines[:most], f"... and {left} more: ledby documents --json"]
