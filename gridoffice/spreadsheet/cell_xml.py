"""Cells as XML: texts that stay texts, numbers, and the rows of a sheet taken apart and put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from html import unescape

from gridoffice.spreadsheet.letters import column_index, letter

LONGEST = 32767
"""Characters that Excel takes in one cell."""

FIRST_SERIAL = 61
"""1900-03-01. Excel believes in a 29th of February 1900; before it days are text."""

_DAY_ZERO = date(1899, 12, 30).toordinal()
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def xml_text(value: str) -> str:
    """Text for XML: control characters gone, signs escaped, and Excel's own _x0041_ not triggered."""
    value = _CONTROL.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
    if "_x" in value:
        value = _ESCAPED.sub("_x005F_", value)
    return escaped(value)


def is_its_own_xml(value: str) -> bool:
    """Is there nothing that `xml_text` would change in a text, that a cell must keep by an attribute, or
    that Excel has no room for? Of most texts that is plain at once."""
    if len(value) > LONGEST:
        return False
    if value.isalnum():
        return True
    return (
        value.isprintable()
        and not ("&" in value or "<" in value or ">" in value or "_" in value)
        and value.strip(" ") == value != ""
    )


def escaped(value: str) -> str:
    """Text with the signs of XML escaped and nothing else changed."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(value: str) -> str:
    """Text for an attribute in double quotes."""
    return escaped(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;")


def serial(day: date) -> int | None:
    """Excel's number of a day, None when Excel has none for it."""
    number = day.toordinal() - _DAY_ZERO
    return number if number >= FIRST_SERIAL else None


@dataclass(slots=True)
class XmlCell:
    """One cell: its column from 0, its style, its type and what is between its tags. `other` are
    attributes that belong to that content."""

    column: int
    style: int = 0
    kind: str = ""
    inner: str = ""
    other: str = ""

    @property
    def formula(self) -> str | None:
        """The formula, without `=`; None when the cell has none (or is part of a shared one)."""
        found = _FORMULA.search(self.inner)
        return unescape(found[2] or "") if found else None

    def set(self, value: str | int | Decimal | date | None) -> None:
        """Put a value in. Texts are texts, whatever they begin with; a day becomes its number."""
        self.kind, self.inner, self.other = "", "", ""
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            value = serial(value) or value.isoformat()
        if isinstance(value, (int, Decimal)):
            self.inner = f"<v>{value:f}</v>" if isinstance(value, Decimal) else f"<v>{value}</v>"
        elif value:
            self.kind = "inlineStr"
            self.inner = f'<is><t xml:space="preserve">{xml_text(value[:LONGEST])}</t></is>'

    def set_formula(self, formula: str, result: Decimal | None = None) -> None:
        """Put a formula in, with its result where it is known."""
        self.kind, self.other = "", ""
        self.inner = f"<f>{xml_text(formula)}</f>" + ("" if result is None else f"<v>{result:f}</v>")

    def xml(self, row: int) -> str:
        start = f'<c r="{letter(self.column)}{row}"' + (f' s="{self.style}"' if self.style else "")
        start += (f' t="{self.kind}"' if self.kind else "") + self.other
        return f"{start}>{self.inner}</c>" if self.inner else f"{start}/>"


_FORMULA = re.compile(r"<f\b([^>]*?)(?:/>|>(.*?)</f>)", re.DOTALL)
_ROW = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL = re.compile(r"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_REF = re.compile(r"([A-Z]+)[0-9]+")


@dataclass(slots=True)
class XmlRow:
    """One row taken apart: Excel's number, the attributes of its tag, its cells by column."""

    number: int
    attributes: dict[str, str] = field(default_factory=dict)
    cells: dict[int, XmlCell] = field(default_factory=dict)

    def cell(self, column: int, style: int = 0) -> XmlCell:
        """The cell of a column, made with this style when there is none."""
        if column not in self.cells:
            self.cells[column] = XmlCell(column, style)
        return self.cells[column]

    def xml(self) -> str:
        # spans is a hint that a new cell would make wrong
        words = {k: v for k, v in self.attributes.items() if k not in ("r", "spans")}
        start = f'<row r="{self.number}"' + "".join(f' {k}="{v}"' for k, v in words.items())
        cells = "".join(self.cells[column].xml(self.number) for column in sorted(self.cells))
        return f"{start}>{cells}</row>" if cells else f"{start}/>"

    def copy(self, number: int) -> XmlRow:
        """The same row under another number; the cells can be changed without touching this one."""
        cells = {
            c: XmlCell(c, cell.style, cell.kind, cell.inner, cell.other) for c, cell in self.cells.items()
        }
        return XmlRow(number, dict(self.attributes), cells)


def rows(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and XML of every row of a sheet's data."""
    number = 0
    for found in _ROW.finditer(data):
        place = re.search(rb'\br="([0-9]+)"', found[1])
        number = int(place[1]) if place else number + 1
        yield number, found[0]


def row(number: int, xml: bytes) -> XmlRow:
    """One row taken apart."""
    found = _ROW.match(xml)
    if found is None:
        return XmlRow(number)
    taken = XmlRow(number, dict(_ATTRIBUTE.findall(found[1].decode())))
    column = -1
    for cell in _CELL.finditer((found[2] or b"").decode()):
        words = dict(_ATTRIBUTE.findall(cell[1]))
        place = _REF.match(words.get("r", ""))
        column = column_index(place[1]) if place else column + 1
        other = "".join(f' {name}="{words[name]}"' for name in ("cm", "vm", "ph") if name in words)
        style, kind = int(words.get("s", "0")), words.get("t", "")
        taken.cells[column] = XmlCell(column, style, kind, cell[2] or "", other)
    return taken
