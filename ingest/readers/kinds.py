"""What kind of document a file is: by its content first, then by the end of its name."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

from corpus.errors import DocumentError

Kind = Literal["pdf", "word", "html", "text"]

EXTENSIONS: dict[str, Kind] = {
    ".pdf": "pdf",
    ".docx": "word",
    ".docm": "word",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "text",
    ".markdown": "text",
    ".txt": "text",
    ".text": "text",
}
HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<(?:!doctype\s+html|html)\b", re.I)
_SAVE_AS = "which Ledby does not read; save it as .docx or PDF."
_OTHERS = {
    "xl/workbook.xml": "a spreadsheet",
    "ppt/presentation.xml": "a slide show",
    "content.xml": "an OpenDocument file",
}


def kind_by_head(head: bytes) -> Kind | Literal["zip", "ole", "rtf"] | None:
    """What the first bytes of a file say it is; None when they say nothing."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if start.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(_OLE):
        return "ole"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = head.decode("utf-16" if wide else "latin-1", "ignore").lstrip("\ufeff\xef\xbb\xbf")
    return "html" if _HTML.match(text) else None


def kind_of(path: Path) -> Kind:
    """The kind of a file. Raises DocumentError when it is empty or of a kind that Ledby does not read."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise DocumentError(f"{path.name}: is empty.")
    found = kind_by_head(head)
    if found == "zip":
        return _kind_of_zip(path)
    if found == "ole":
        raise _refused_ole(path)
    if found == "rtf":
        raise DocumentError(f"{path.name}: is rich text (RTF), {_SAVE_AS}")
    return found or _kind_by_name(path, head)


def _kind_by_name(path: Path, head: bytes) -> Kind:
    """For content that says nothing: a name is believed, except that a Word file is always a zip archive."""
    kind = EXTENSIONS.get(path.suffix.lower(), "text")
    if kind == "word":
        raise DocumentError(f"{path.name}: is named as a Word file but is damaged or something else.")
    if kind != "pdf" and b"%PDF-" in head[:1024] and b"\x00" in head:
        return "pdf"
    return kind


def _kind_of_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DocumentError(f"{path.name}: is damaged and cannot be read ({error}).") from None
    if any(name.startswith("word/") for name in names):
        return "word"
    what = next((what for name, what in _OTHERS.items() if name in names), "a zip archive")
    raise DocumentError(f"{path.name}: is {what}, {_SAVE_AS}")


def _refused_ole(path: Path) -> DocumentError:
    with path.open("rb") as file:
        data = file.read(2_000_000)
    if _ENCRYPTED_PACKAGE in data:
        return DocumentError(f"{path.name}: is encrypted and needs a password; save it without one.")
    return DocumentError(f"{path.name}: is an old Office file, {_SAVE_AS}")
