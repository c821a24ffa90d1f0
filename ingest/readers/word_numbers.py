"""The numbers that Word shows before paragraphs but does not keep in their text."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LEVELS = 9
_MAX_NUMBER = 3_999


class Numbering:
    """Counts numbered paragraphs in document order. ``label`` must be asked for each paragraph once."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        self._styles = {s.style_id: s.element for s in document.styles if s.style_id}
        part = next(
            (r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None
        )
        if part is not None:
            self._read(part.element)

    def _read(self, root: Any) -> None:
        for abstract in root.iter(qn("w:abstractNum")):
            levels = {}
            for level in abstract.iter(qn("w:lvl")):
                at = level.get(qn("w:ilvl")) or ""
                if at.isdigit() and int(at) < _LEVELS:
                    start = _value(level, "w:start") or "1"
                    first = int(start) if start.isdigit() and len(start) < 5 else 1
                    levels[int(at)] = (
                        _value(level, "w:numFmt") or "decimal",
                        _value(level, "w:lvlText"),
                        first,
                    )
            self._levels[abstract.get(qn("w:abstractNumId")) or ""] = levels
        for number in root.iter(qn("w:num")):
            self._abstract[number.get(qn("w:numId")) or ""] = _value(number, "w:abstractNumId")

    def label(self, paragraph: Any) -> str | None:
        """What stands before a paragraph ("2.1", "a)", "•"); None where it is not numbered."""
        number, level = self._place(paragraph)
        abstract = self._abstract.get(number)
        if abstract is None or level not in self._levels.get(abstract, {}):
            return None
        kind, pattern, _ = self._levels[abstract][level]
        counts = self._counts.setdefault(abstract, [0] * _LEVELS)
        counts[level] = counts[level] + 1 if counts[level] else self._levels[abstract][level][2]
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        if kind == "bullet":
            return "•"
        return re.sub(r"%([1-9])", lambda m: self._shown(abstract, counts, int(m.group(1)) - 1), pattern)

    def _shown(self, abstract: str, counts: list[int], level: int) -> str:
        kind, _, first = self._levels[abstract].get(level, ("decimal", "", 1))
        return _format(counts[level] or first, kind)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """The list and level of a paragraph: its own, or its style's."""
        number, level = _numbered(paragraph)
        style, seen = paragraph.style, 0
        while number is None and style in self._styles and seen < 10:
            element = self._styles[style]
            number, styled = _numbered(element)
            level = level if level is not None else styled
            style, seen = _value(element, "w:basedOn"), seen + 1
        return number or "", level or 0


def _numbered(element: Any) -> tuple[str | None, int | None]:
    found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if found is None:
        return None, None
    number, level = _value(found, "w:numId"), _value(found, "w:ilvl")
    return number or None, int(level) if level.isdigit() and int(level) < _LEVELS else None


def _value(element: Any, name: str) -> str:
    found = element.find(qn(name))
    return str(found.get(qn("w:val")) or "") if found is not None else ""


def _format(number: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 5)
        return letters if kind == "lowerLetter" else letters.upper()
    if kind in ("lowerRoman", "upperRoman") and number <= _MAX_NUMBER:
        text = ""
        for value, sign in _ROMAN:
            text += sign * (number // value)
            number %= value
        return text if kind == "lowerRoman" else text.upper()
    return "" if kind == "none" else str(number)
