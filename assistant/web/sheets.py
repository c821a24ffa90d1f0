"""Rows as CSV and Excel files."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.responses import Response
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from assistant.commands.cli import as_csv

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST = 60
_LONGEST_CELL = 32_000

Rows = Sequence[Mapping[str, Any]]


def excel(rows: Rows, sheet: str) -> bytes:
    """Rows as an Excel file: a bold header that stays in view, columns wide enough to read, cells only ever
    text or numbers, so that nothing in a document can act as a formula."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet[:31]
    names = list(rows[0]) if rows else []
    page.append(names)
    for line, row in enumerate(rows, 2):
        for n, name in enumerate(names, 1):
            _put(page.cell(line, n), row[name])
    for n, name in enumerate(names, 1):
        head = page.cell(1, n)
        head.font = Font(bold=True)
        widest = max((len(str(row[name] or "")) for row in rows), default=0)
        page.column_dimensions[head.column_letter].width = min(_WIDEST, max(len(name), widest) + 2)
    page.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    if isinstance(value, str):
        cell.value = _CONTROL.sub("", value)[:_LONGEST_CELL]
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        cell.value = value


def file_response(rows: Rows, kind: str, name: str) -> Response:
    """Rows as a download; ``kind`` is "csv" or "xlsx"."""
    if kind == "xlsx":
        body, media = excel(rows, name), EXCEL
    else:
        body, media = ("\ufeff" + as_csv([dict(row) for row in rows])).encode(), "text/csv; charset=utf-8"
    told = f'attachment; filename="ledby-{name}.{kind}"'
    return Response(body, media_type=media, headers={"content-disposition": told})
