"""What is in an index, from its manifest and documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from index.generation import open_index


def document_rows(directory: Path) -> list[dict[str, Any]]:
    """One row a document: catalogue fields, counts and warnings."""
    index = open_index(directory)
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
        }
        for d in index.documents.values()
    ]
