"""What the parser of workbooks leaves out, taken straight from a sheet's XML.

The parser gives an error cell and a formula without a result as blank, and knows neither number
formats nor hidden rows. One pass over the inflated XML in pieces finds these; a piece that holds
none of the marks is not looked at any further, so a clean sheet of 150,000 rows costs little more
than its inflation.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.etree import ElementTree

from gridoffice.cells import NO_RESULT
from gridoffice.spreadsheet.inflating import inflated
from gridoffice.spreadsheet.letters import column_index

Place = tuple[int, int]
"""Row and column, both counted from 0."""


@dataclass(slots=True)
class Marks:
    """What was found in one sheet. Merged cells and whether it is hidden are told by the parser for
    all kinds of workbooks but open documents."""

    errors: dict[Place, str] = field(default_factory=dict)
    percents: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[tuple[Place, Place]] = field(default_factory=list)
    hidden: bool = False


_CELL = rb'<c r="([A-Z]{1,3})([0-9]{1,7})"'
_ERROR = re.compile(_CELL + rb'[^>]*?\bt="e"[^>]*>(.*?)</c>', re.DOTALL)
_ADDRESS = re.compile(_CELL)
_RESULT = re.compile(rb"<v[^>]*>([^<]*)</v>")
_NO_RESULT = re.compile(_CELL + rb"([^>]*)>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(<v\s*/>|<v>\s*</v>)?\s*</c>")
_HIDDEN_ROW = re.compile(rb'<row [^>]*?\br="([0-9]+)"[^>]*?\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<col [^>]*?\bhidden="(?:1|true)"[^>]*>')
_NUMBER_OF = {name: re.compile(name + rb'="([0-9]+)"') for name in (b"min", b"max")}

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DOCUMENT_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_MAIN = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet, by the sheet's name."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    parts = {}
    for sheet in [*book.iter(f"{_MAIN}sheet"), *book.iter(f"{_STRICT_MAIN}sheet")]:
        target = targets.get(sheet.get(_DOCUMENT_RELATION) or sheet.get(_STRICT_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        parts[sheet.get("name", "")] = part
    return parts


def percent_styles(archive: zipfile.ZipFile) -> tuple[int, ...]:
    """The cell styles whose number format shows a percent sign."""
    try:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    except KeyError:
        return ()
    space = styles.tag.partition("}")[0] + "}"
    shown = {9, 10}  # the built-in 0% and 0.00%
    for number_format in styles.iter(f"{space}numFmt"):
        code = re.sub(r'"[^"]*"|\\.', "", number_format.get("formatCode", ""))
        if "%" in code:
            shown.add(int(number_format.get("numFmtId", "0")))
    cells = styles.find(f"{space}cellXfs")
    return tuple(
        index
        for index, style in enumerate(cells if cells is not None else ())
        if int(style.get("numFmtId", "0")) in shown
    )


def marks(
    archive: zipfile.ZipFile, part: str, percents: tuple[int, ...], see: Callable[[bytes], bytes]
) -> Marks:
    """Errors, percent cells and hidden rows and columns of one sheet. `see` is shown each piece of its XML
    (up to the end of a row) and answers where the signs of its cells are to be looked for."""
    found = Marks()
    styles = [f' s="{index}"'.encode() for index in percents]
    for piece in _pieces(archive, part):
        signs = see(piece)
        if b't="e"' in signs:
            for cell in _ERROR.finditer(piece):
                result = _RESULT.search(cell[3])
                found.errors[_place(cell)] = result[1].decode() if result else "#N/A"
        if b"<f" in signs:
            for cell in _NO_RESULT.finditer(piece):
                # a text formula whose result is the empty text has a type and an empty result
                if not (cell[4] and b't="str"' in cell[3]):
                    found.errors[_place(cell)] = NO_RESULT
        for style in styles:
            if style in signs:
                _add_styled(piece, style, found.percents)
        if b"h" in piece and b'hidden="' in piece:  # the first is found faster, and mostly not there
            found.hidden_rows.update(int(row[1]) - 1 for row in _HIDDEN_ROW.finditer(piece))
            for column in _HIDDEN_COLUMN.finditer(piece):
                first, last = (_NUMBER_OF[name].search(column[0]) for name in (b"min", b"max"))
                if first and last:
                    # a hidden range to the sheet's edge is empty space, not columns
                    found.hidden_columns.update(range(int(first[1]) - 1, min(int(last[1]), 1024)))
    return found


def _add_styled(piece: bytes, style: bytes, found: set[Place]) -> None:
    """Add the cells of one style. A plain search is three times as fast as a pattern here."""
    at = piece.find(style)
    while at >= 0:
        start = piece.rfind(b'<c r="', max(0, at - 40), at)
        # a row can have a style too; its tag lies behind the end of the last cell's
        if start >= 0 and piece.find(b">", start, at) < 0 and (cell := _ADDRESS.match(piece, start)):
            found.add(_place(cell))
        at = piece.find(style, at + len(style))


def _place(cell: re.Match[bytes]) -> Place:
    return int(cell[2]) - 1, column_index(cell[1].decode())


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML in pieces that end with a whole row."""
    rest = b""
    for piece in inflated(archive, part):
        piece = rest + piece
        end = piece.rfind(b"<row ")
        if end <= 0:
            rest = piece
            continue
        yield piece[:end]
        rest = piece[end:]
    yield rest
