"""One sheet of a workbook file: a small tree around its rows, and the rows as they stand in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.dom.minidom import parseString

from gridoffice.spreadsheet.cell_xml import XmlRow, row, rows
from gridoffice.spreadsheet.letters import letter
from gridoffice.spreadsheet.parts import ORDER, Element, Parts, add, child, elements, xml_of

_DATA = re.compile(rb"<sheetData\b[^>]*?(?:/>|>(.*?)</sheetData>)", re.DOTALL)
_PIECE = 1 << 20
_WIDEST = 16384  # columns of a sheet


class SheetPart:
    """A sheet that is being changed. `around` is everything but the rows; rows that are not asked
    for are never taken apart."""

    def __init__(self, parts: Parts, name: str):
        self.parts = parts
        self.name = name
        self.part = parts.sheets[name]
        content = parts.read(self.part)
        found = _DATA.search(content)
        start, end = found.span() if found else (len(content), len(content))
        self.document = parseString(content[:start] + b"<sheetData/>" + content[end:])
        self.raw: dict[int, bytes] = dict(rows(found[1] or b"")) if found else {}
        self._taken: dict[int, XmlRow] = {}

    @property
    def around(self) -> Element:
        """The root of the tree without the rows."""
        return self.document.documentElement

    @property
    def last_row(self) -> int:
        """Excel's number of the last row in the file, 0 when there is none."""
        return max((*self.raw, *self._taken), default=0)

    def row(self, number: int) -> XmlRow:
        """A row to look at and to change; a new one when the file has none of that number."""
        if number not in self._taken:
            raw = self.raw.get(number)
            self._taken[number] = row(number, raw) if raw is not None else XmlRow(number)
        return self._taken[number]

    def put(self, row: XmlRow) -> None:
        """Set a row in its place."""
        self._taken[row.number] = row

    def taken_rows(self) -> list[XmlRow]:
        """The rows that were taken apart."""
        return list(self._taken.values())

    def renumber(self, moved: Callable[[int], int]) -> None:
        """Give rows other numbers. Those that move must have been taken apart before."""
        rows = list(self._taken.values())
        self.raw = {number: xml for number, xml in self.raw.items() if number not in self._taken}
        for one in rows:
            one.number = moved(one.number)
        self._taken = {one.number: one for one in rows}

    def has_row(self, number: int) -> bool:
        return number in self.raw or number in self._taken

    def find(self, name: str) -> Element:
        """The element of that name around the rows, None when there is none."""
        return next((one for one in self.around.childNodes if one.nodeName == name), None)

    def ensure(self, name: str) -> Element:
        """The same, made in its right place when there is none."""
        return child(self.around, name, ORDER)

    def add(self, made: Element) -> Element:
        """Put a new element around the rows, in its right place."""
        return add(self.around, made, ORDER)

    def pieces(self) -> Iterator[bytes]:
        """The whole part as it is to be written."""
        head, tail = xml_of(self.around).split("<sheetData/>", 1)
        buffer = [b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n', head.encode(), b"<sheetData>"]
        size = 0
        for number in sorted(self.raw.keys() | self._taken.keys()):
            taken = self._taken.get(number)
            xml = taken.xml().encode() if taken is not None else self.raw[number]
            buffer.append(xml)
            size += len(xml)
            if size > _PIECE:
                yield b"".join(buffer)
                buffer, size = [], 0
        buffer += [b"</sheetData>", tail.encode()]
        yield b"".join(buffer)

    def set_width(self, column: int, width: float) -> None:
        """Give one column (from 0) a width of its own; ranges of columns are divided for it."""
        cols = self.ensure("cols")
        number = column + 1
        for one in elements(cols, "col"):
            first, last = int(one.getAttribute("min")), int(one.getAttribute("max"))
            if first <= number <= last:
                for low, high in ((first, number - 1), (number + 1, last)):
                    if low <= high:
                        part = one.cloneNode(True)
                        part.setAttribute("min", str(low))
                        part.setAttribute("max", str(high))
                        cols.insertBefore(part, one)
                cols.removeChild(one)
        made = self.document.createElement("col")
        words = {"min": str(number), "max": str(number), "width": f"{width:g}", "customWidth": "1"}
        for name, value in words.items():
            made.setAttribute(name, value)
        cols.appendChild(made)
        ordered = sorted(elements(cols, "col"), key=lambda one: int(one.getAttribute("min")))
        for one in ordered:
            cols.appendChild(one)

    def column_style(self, column: int) -> int:
        """The style that cells of a column have when a row says nothing else."""
        cols = self.find("cols")
        for one in elements(cols, "col") if cols is not None else ():
            if int(one.getAttribute("min")) <= column + 1 <= int(one.getAttribute("max")):
                return int(one.getAttribute("style") or "0")
        return 0

    def set_dimension(self, last_row: int, last_column: int) -> None:
        """Say how far the sheet reaches."""
        self.ensure("dimension").setAttribute("ref", f"A1:{letter(min(last_column, _WIDEST - 1))}{last_row}")
