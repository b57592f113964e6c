"""What the parser leaves out of open documents (.ods), taken straight from their content.xml.

OpenDocument 1.3 part 3, §9: merged cells, error cells, cells shown as per cent, hidden rows,
columns and sheets. LibreOffice marks errors with `calcext:value-type`.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

from gridoffice.spreadsheet.sheet_xml import Marks

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"

_UNSEEN = ("collapse", "filter")
_WIDEST = 1024  # a repeated column to the sheet's edge is empty space, not columns


def is_protected(archive: zipfile.ZipFile) -> bool:
    """Is the content encrypted with a password?"""
    try:
        return b"encryption-data" in archive.read("META-INF/manifest.xml")
    except KeyError:
        return False


@dataclass(slots=True)
class _Reading:
    """Where the reading of content.xml stands."""

    marks: dict[str, Marks] = field(default_factory=dict)
    unseen_styles: set[str] = field(default_factory=set)
    style: str = ""
    now: Marks = field(default_factory=Marks)
    depth: int = 0
    row: int = 0
    column: int = 0
    header_column: int = 0


def marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """Marks of every sheet by its name."""
    state = _Reading()
    with archive.open("content.xml") as stream:
        for event, element in ElementTree.iterparse(stream, ("start", "end")):
            if event == "start":
                _started(state, element)
            else:
                _ended(state, element)
                if element.tag == f"{_TABLE}table-row":
                    element.clear()
    return state.marks


def _started(state: _Reading, element: ElementTree.Element) -> None:
    tag = element.tag
    if tag == f"{_STYLE}style":
        state.style = element.get(f"{_STYLE}name", "")
    elif tag == f"{_STYLE}table-properties" and element.get(f"{_TABLE}display") == "false":
        state.unseen_styles.add(state.style)
    elif tag == f"{_TABLE}table":
        state.depth += 1
        if state.depth == 1:
            state.now = state.marks.setdefault(element.get(f"{_TABLE}name", ""), Marks())
            state.now.hidden = element.get(f"{_TABLE}style-name") in state.unseen_styles
            state.row = state.header_column = 0
    elif tag == f"{_TABLE}table-row":
        state.column = 0


def _ended(state: _Reading, element: ElementTree.Element) -> None:
    tag = element.tag
    if tag == f"{_TABLE}table":
        state.depth -= 1
    elif state.depth != 1:
        return
    elif tag == f"{_TABLE}table-column":
        count = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
        if element.get(f"{_TABLE}visibility") in _UNSEEN:
            last = min(state.header_column + count, _WIDEST)
            state.now.hidden_columns.update(range(state.header_column, last))
        state.header_column += count
    elif tag == f"{_TABLE}table-row":
        count = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
        if element.get(f"{_TABLE}visibility") in _UNSEEN and state.column:
            state.now.hidden_rows.update(range(state.row, state.row + min(count, _WIDEST)))
        state.row += count
    elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        count = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
        _cell(state, element, count)
        state.column += count


def _cell(state: _Reading, element: ElementTree.Element, count: int) -> None:
    place = state.row, state.column
    across = int(element.get(f"{_TABLE}number-columns-spanned", "1"))
    down = int(element.get(f"{_TABLE}number-rows-spanned", "1"))
    if across > 1 or down > 1:
        state.now.merges.append((place, (state.row + down - 1, state.column + across - 1)))
    if element.get(f"{_CALC}value-type") == "error":
        state.now.errors[place] = "".join(element.itertext()).strip() or "#N/A"
    elif element.get(f"{_OFFICE}value-type") == "percentage":
        state.now.percents.update((state.row, state.column + step) for step in range(min(count, _WIDEST)))
