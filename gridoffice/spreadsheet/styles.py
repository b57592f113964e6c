"""The cell styles of a workbook, and variants of them that differ in one thing."""

from __future__ import annotations

import re

from gridoffice.spreadsheet.parts import WORKBOOK, Element, Parts, elements

TEXT_FORMAT = 49
"""The built-in number format @: what stands in the cell is text."""

_BUILT_IN_DATES = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_BUILT_IN_PERCENTS = frozenset((9, 10))


class Styles:
    """The styles of one workbook. New ones are variants of those that are there."""

    def __init__(self, parts: Parts):
        name = next(part for kind, part in parts.links(WORKBOOK).values() if kind == "styles")
        self._document = parts.document(name)
        (self._cells,) = elements(self._document, "cellXfs")
        self._styles = [one for one in self._cells.childNodes if one.nodeName == "xf"]
        self._formats = {
            int(one.getAttribute("numFmtId")): one.getAttribute("formatCode")
            for one in elements(self._document, "numFmt")
        }
        self._made: dict[tuple[int, tuple[tuple[str, str], ...], bool], int] = {}
        self._fills: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many styles there are; they are numbered from 0."""
        return len(self._styles)

    def filled(self, style: int, colour: str) -> int:
        """The style with a fill of this colour (RRGGBB)."""
        return self._variant(style, {"fillId": str(self._fill(colour)), "applyFill": "1"})

    def unfilled(self, style: int) -> int:
        """The style without any fill."""
        return self._variant(style, {"fillId": "0", "applyFill": "1"})

    def as_text(self, style: int) -> int:
        """The style for text, so that a number typed or kept there stays as it is written."""
        return self._variant(style, {"numFmtId": str(TEXT_FORMAT), "applyNumberFormat": "1"})

    def as_percent(self, style: int) -> int:
        """The style that shows a fraction as per cent."""
        return self._variant(style, {"numFmtId": "10", "applyNumberFormat": "1"})

    def wrapped(self, style: int) -> int:
        """The style with its text at the left, broken into lines."""
        return self._variant(style, {"applyAlignment": "1"}, wrap=True)

    def has_fill(self, style: int, colour: str) -> bool:
        """Does the style fill the cell with this colour?"""
        fill = self._at(style).getAttribute("fillId")
        return fill.isdecimal() and self._colour(int(fill)) == colour

    def is_text(self, style: int) -> bool:
        """Does the style keep text as text?"""
        return self._format_id(style) == TEXT_FORMAT

    def is_date(self, style: int) -> bool:
        """Does the style show a number as a day?"""
        number = self._format_id(style)
        code = _without_texts(self._formats.get(number, ""))
        return number in _BUILT_IN_DATES or ("%" not in code and any(sign in code.lower() for sign in "yd"))

    def is_percent(self, style: int) -> bool:
        """Does the style show a number as per cent?"""
        number = self._format_id(style)
        return number in _BUILT_IN_PERCENTS or "%" in _without_texts(self._formats.get(number, ""))

    def has_border(self, style: int) -> bool:
        """Does the style draw a line at any side of the cell?"""
        borders = elements(self._document, "borders")
        number = int(self._at(style).getAttribute("borderId") or "0")
        kept = [one for one in borders[0].childNodes if one.nodeName == "border"] if borders else []
        if number >= len(kept):
            return False
        return any(
            side.getAttribute("style") not in ("", "none")
            for side in kept[number].childNodes
            if side.attributes
        )

    def _at(self, style: int) -> Element:
        return self._styles[style if style < len(self._styles) else 0]

    def _format_id(self, style: int) -> int:
        return int(self._at(style).getAttribute("numFmtId") or "0")

    def _variant(self, style: int, words: dict[str, str], *, wrap: bool = False) -> int:
        key = style, tuple(sorted(words.items())), wrap
        if key not in self._made:
            made = self._at(style).cloneNode(True)
            for name, value in words.items():
                made.setAttribute(name, value)
            if wrap:
                for old in [one for one in made.childNodes if one.nodeName == "alignment"]:
                    made.removeChild(old)
                alignment = self._document.createElement("alignment")
                alignment.setAttribute("vertical", "center")
                alignment.setAttribute("wrapText", "1")
                made.insertBefore(alignment, made.firstChild)
            self._cells.appendChild(made)
            self._styles.append(made)
            self._cells.setAttribute("count", str(len(self._styles)))
            self._made[key] = len(self._styles) - 1
        return self._made[key]

    def _fill(self, colour: str) -> int:
        if colour not in self._fills:
            (fills,) = elements(self._document, "fills")
            kept = [one for one in fills.childNodes if one.nodeName == "fill"]
            number = next((n for n in range(len(kept)) if self._colour(n) == colour), len(kept))
            if number == len(kept):
                fill = self._document.createElement("fill")
                pattern = self._document.createElement("patternFill")
                pattern.setAttribute("patternType", "solid")
                for name in ("fgColor", "bgColor"):
                    side = self._document.createElement(name)
                    side.setAttribute("rgb", f"FF{colour}")
                    pattern.appendChild(side)
                fill.appendChild(pattern)
                fills.appendChild(fill)
                fills.setAttribute("count", str(number + 1))
            self._fills[colour] = number
        return self._fills[colour]

    def _colour(self, fill: int) -> str | None:
        (fills,) = elements(self._document, "fills")
        kept = [one for one in fills.childNodes if one.nodeName == "fill"]
        if fill >= len(kept):
            return None
        colours = elements(kept[fill], "fgColor")
        return colours[0].getAttribute("rgb")[-6:].upper() if colours else None


def _without_texts(code: str) -> str:
    """A number format without its quoted texts, escaped signs and conditions."""
    return re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code)
