"""Odd and hostile PDF files, made on the spot: each of a kind that has broken one reader or another."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdf
from pypdf.annotations import FreeText, Text
from pypdf.generic import ArrayObject, NameObject, NumberObject, RectangleObject, StreamObject
from reader_files import pages_pdf, raw_pdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

GOOD = "Words about the harbour"
CATALOGUE, TREE = "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = f"BT /F1 12 Tf 72 700 Td ({GOOD}.) Tj ET"
FORM = "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F1 5 0 R >> /XObject << /X {} 0 R >> >>"


def stream(content: str, more: str = "") -> str:
    """A stream object."""
    return f"<< /Length {len(content)} {more} >> stream\n{content}\nendstream"


def one_page(path: Path, content: str, *more: str, font: str = FONT, extra: str = "") -> Path:
    """A page with the given content; object 5 is its font, ``more`` are the objects from 6 on."""
    resources = "/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R {resources} {extra} >>"
    return raw_pdf(path, [CATALOGUE, TREE, page, stream(content), font, *more])


def plain(path: Path) -> pypdf.PdfWriter:
    """Three ordinary pages, to be spoilt."""
    pages = [[f"{GOOD}, sheet {n}.", f"Line {n} goes on."] for n in (1, 2, 3)]
    return pypdf.PdfWriter(clone_from=pages_pdf(path.with_suffix(".plain"), pages))


def _saved(path: Path, writer: pypdf.PdfWriter) -> Path:
    writer.write(path)
    return path


def page_key(key: str, value: object) -> Callable[[Path], Path]:
    """Three pages, the first of which has ``key`` set to ``value``; None takes it away."""

    def make(path: Path) -> Path:
        writer = plain(path)
        if value is None:
            del writer.pages[0][key]
        else:
            writer.pages[0][NameObject(key)] = value  # type: ignore[assignment]
        return _saved(path, writer)

    return make


def changed_bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """Three pages whose file, with a compressed table of objects, is changed."""

    def make(path: Path) -> Path:
        writer = plain(path)
        writer.write(path)
        path.write_bytes(change(path.read_bytes()))
        return path

    return make


def cyclic_outline(path: Path) -> Path:
    writer = plain(path)
    first, second = (writer.add_outline_item(title=t, page_number=n) for n, t in enumerate("AB"))
    for one, other in ((first, second), (second, first)):
        one.get_object()[NameObject("/Next")] = other  # type: ignore[index]
    return _saved(path, writer)


def embedded_files(path: Path) -> Path:
    writer = plain(path)
    writer.add_attachment("tool.exe", b"MZ" * 1000)
    action = "<< /S /JavaScript /JS (app.alert\\('x'\\)) >>"
    _saved(path, writer)
    path.write_bytes(
        path.read_bytes().replace(b"/Type /Catalog", f"/OpenAction {action} /Type /Catalog".encode())
    )
    return path


def annotated(path: Path) -> Path:
    writer = plain(path)
    writer.add_annotation(0, FreeText(text="A note by the clerk", rect=(50, 550, 300, 650)))
    writer.add_annotation(0, Text(text="a sticky note", rect=(10, 10, 50, 50)))
    return _saved(path, writer)


def filled_form(path: Path) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawString(72, 780, "Name of the plan:")
    canvas.acroForm.textfield(
        name="plan", x=200, y=775, width=200, height=20, value="Harbour plan of the town"
    )
    canvas.acroForm.checkbox(name="agree", x=72, y=740, checked=True)
    canvas.drawString(100, 745, "Agreed")
    canvas.save()
    return path


def unpacking_without_end(path: Path) -> Path:
    content = StreamObject()
    content._data = zlib.compress(zlib.compress(b" " * 400_000_000, 9), 9)
    content[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode")] * 2)
    writer = plain(path)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content)
    return _saved(path, writer)


def forms_in_forms(path: Path) -> Path:
    """Thirty levels, each of which draws the next four times."""
    levels = [stream("/X Do " * 4, FORM.format(7 + n)) for n in range(30)]
    return one_page(path, TEXT + " /X Do", *levels, stream(TEXT, FORM.format(99)))


def no_letters(path: Path) -> Path:
    """A font that says which glyphs it shows and not which letters."""
    font = "<< /Type /Font /Subtype /Type0 /BaseFont /AB+X /Encoding /Identity-H /DescendantFonts [6 0 R] >>"
    cid = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AB+X /FontDescriptor 7 0 R /CIDSystemInfo "
    cid += "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    descriptor = "<< /Type /FontDescriptor /FontName /AB+X /Flags 4 >>"
    return one_page(path, "BT /F1 12 Tf 72 700 Td <002B0048004F004F0052> Tj ET", cid, descriptor, font=font)


def _cut_xref(data: bytes) -> bytes:
    return data[: data.rfind(b"startxref")]


# What keeps its good words, by what is odd about it.
READABLE: dict[str, Callable[[Path], Path]] = {
    "no size": page_key("/MediaBox", RectangleObject((0, 0, 0, 0))),
    "huge size": page_key("/MediaBox", RectangleObject((0, 0, 10**7, 10**7))),
    "size upside down": page_key("/MediaBox", RectangleObject((595, 842, 0, 0))),
    "size is a word": page_key("/MediaBox", NameObject("/Large")),
    "size missing": page_key("/MediaBox", None),
    "origin elsewhere": page_key("/MediaBox", RectangleObject((-300, -400, 295, 442))),
    "turned by 45 degrees": page_key("/Rotate", NumberObject(45)),
    "resources missing": page_key("/Resources", None),
    "cyclic outline": cyclic_outline,
    "embedded files and a script": embedded_files,
    "annotations": annotated,
    "table of objects cut off": changed_bytes(_cut_xref),
    "table of objects elsewhere": changed_bytes(lambda d: _cut_xref(d) + b"startxref\n99999999999999\n%%EOF"),
    "size of the table lies": changed_bytes(lambda d: re.sub(rb"/Size \d+", b"/Size 2000000000", d)),
    "words before the file": changed_bytes(lambda d: b"HTTP/1.1 200 OK\r\n\r\n" + d),
    "nulls after the file": changed_bytes(lambda d: d + b"\x00" * 200_000),
    "file twice": changed_bytes(lambda d: d + d),
    "version to come": changed_bytes(lambda d: d.replace(b"%PDF-1.", b"%PDF-9.")),
    "form that draws itself": lambda p: one_page(p, TEXT + " /X Do", stream("/X Do /X Do", FORM.format(6))),
    "annotations that hold themselves": lambda p: one_page(
        p, TEXT, "[6 0 R << /Subtype /Widget /FT /Tx /Parent 6 0 R /Rect [0 (a) 0 0] /V 6 0 R >>]", extra="/Annots 6 0 R"
    ),
    "odd kids": lambda p: raw_pdf(
        p,
        [CATALOGUE, "<< /Type /Pages /Kids [3 0 R null 99 0 R (x)] /Count -7 >>"]
        + ["<< /Type /Page /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"]
        + [stream(TEXT), FONT],
    ),
    "letters of no size, far away": lambda p: one_page(
        p, f"BT /F1 0 Tf 1e308 1e308 Td (Far words) Tj ET BT /F1 1e30 Tf (x) Tj ET {TEXT}"
    ),
    "a fine grid of rules": lambda p: one_page(
        p, TEXT + " ".join(f" {x} 0 m {x} 800 l S 0 {x} m 600 {x} l S" for x in range(0, 600, 2))
    ),
    "many states saved": lambda p: one_page(p, "q " * 200_000 + TEXT),
}  # fmt: skip

# What may end either way, but soon and in one line.
HOSTILE: dict[str, Callable[[Path], Path]] = {
    "unpacks without end": unpacking_without_end,
    "forms in forms": forms_in_forms,
    "arrays in arrays": lambda p: one_page(p, "BT /F1 12 Tf " + "[" * 100_000 + "]" * 100_000 + " TJ ET"),
    "widths without end": lambda p: one_page(
        p, TEXT, "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /W [0 2000000000 500] >>",
        font="<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] >>",
    ),
    "letters without end": lambda p: one_page(
        p, TEXT, stream("1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange"),
        font="<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
    ),
    "labels that hold themselves": lambda p: raw_pdf(
        p, ["<< /Type /Catalog /Pages 2 0 R /PageLabels << /Nums [0 << /S /r /St 2000000000 >>] /Kids [1 0 R] >> >>", TREE]
    ),
    "a picture of giants": lambda p: one_page(
        p, "q 600 0 0 800 0 0 cm /X Do Q",
        stream("", "/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"),
    ),
    "a header alone": lambda p: (p.write_bytes(b"%PDF-1.7\n"), p)[1],
    "no pages": lambda p: raw_pdf(p, ["<< /Type /Catalog >>"]),
}  # fmt: skip
