"""Forms of one sheet a record: labels with a blank beside them, a copy of the sheet for each record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import basename, dirname, join
from typing import Any

from gridoffice.fields import Column, Kind
from gridoffice.spreadsheet.form_values import FormStyle, writer
from gridoffice.spreadsheet.forms import Blank
from gridoffice.spreadsheet.parts import TYPES, WORKBOOK, Parts, elements
from gridoffice.spreadsheet.sheet_names import free_name, renamed, renamed_within
from gridoffice.spreadsheet.sheet_part import SheetPart
from gridoffice.spreadsheet.styles import Styles
from gridoffice.values import show


def fill_cards(
    part: SheetPart,
    styles: Styles,
    form_name: str,
    blanks: Sequence[Blank],
    columns: Sequence[Column],
    records: Sequence[Sequence[Any]],
    style: FormStyle,
    *,
    reveal: bool,
) -> Iterator[SheetPart]:
    """Fill the sheet for the first record and a copy of it for each further one, named after the
    persons. Yields the copies."""
    places = {column.name: place for place, column in enumerate(columns)}
    parts = part.parts
    parts.put(part.part, b"".join(part.pieces()))
    sheets = [part]
    for record in records[1:]:
        wanted = person_of(columns, record) or form_name
        sheets.append(SheetPart(parts, copy_sheet(parts, part.name, wanted)))
    for sheet, record in zip(sheets, records, strict=False):
        for blank in blanks:
            if blank.column is None:
                continue
            value = record[places[blank.column.name]] if blank.column.name in places else None
            cell = sheet.row(blank.row).cell(blank.at, sheet.column_style(blank.at))
            if value is not None and value != "" and cell.formula is None:
                writer(blank.column, blank.label, styles, style=style, reveal=reveal)(cell, value)
    yield from sheets[1:]


def person_of(columns: Sequence[Column], record: Sequence[Any]) -> str:
    """The name of the person that a record is of; empty when it is of none."""
    place = next((place for place, column in enumerate(columns) if column.field.kind is Kind.NAME), None)
    return show(columns[place].field, record[place]) if place is not None else ""


def copy_sheet(parts: Parts, name: str, wanted: str) -> str:
    """Add a copy of a sheet with its pictures, comments and print settings; answers its name."""
    title = free_name(parts, wanted)
    source = parts.sheets[name]
    copy = parts.fresh("xl/worksheets/sheet{}.xml")
    parts.put(copy, renamed_within(parts.read(source), name, title))
    _announce_like(parts, source, copy)
    _copy_links(parts, source, copy)
    book = parts.document(WORKBOOK)
    listed = elements(book, "sheet")
    made = listed[0].cloneNode(False)
    words = dict(made.attributes.items())
    if "state" in words:
        made.removeAttribute("state")
    made.setAttribute("name", title)
    made.setAttribute("sheetId", str(max(int(one.getAttribute("sheetId")) for one in listed) + 1))
    relation = next(word for word in words if word.endswith(":id"))
    made.setAttribute(relation, parts.link(WORKBOOK, "worksheet", copy))
    listed[-1].parentNode.appendChild(made)
    _copy_names(parts, list(parts.sheets).index(name), len(listed), name, title)
    parts.sheets[title] = copy
    return title


def _announce_like(parts: Parts, source: str, copy: str) -> None:
    for line in elements(parts.document(TYPES), "Override"):
        if line.getAttribute("PartName") == f"/{source}":
            parts.announce(copy, line.getAttribute("ContentType"))
            return


def _copy_links(parts: Parts, source: str, copy: str) -> None:
    """The relations of a part for its copy. What belongs to one sheet alone is copied, too."""
    name = join(dirname(source), "_rels", f"{basename(source)}.rels")
    if name not in parts.names:
        return
    parts.put(join(dirname(copy), "_rels", f"{basename(copy)}.rels"), parts.read(name))
    own = parts.document(join(dirname(copy), "_rels", f"{basename(copy)}.rels"))
    links = parts.links(source)
    for line in elements(own, "Relationship"):
        kind, target = links.get(line.getAttribute("Id"), ("", ""))
        if kind in ("drawing", "comments", "vmlDrawing", "printerSettings") and target in parts.names:
            stem, _, ending = basename(target).rpartition(".")
            fresh = parts.fresh(join(dirname(target), stem.rstrip("0123456789") + "{}." + ending))
            parts.put(fresh, parts.read(target))
            _announce_like(parts, target, fresh)
            _copy_links(parts, target, fresh)
            line.setAttribute("Target", f"/{fresh}")


def _copy_names(parts: Parts, source: int, copy: int, name: str, title: str) -> None:
    """Print areas and print titles are names of the sheet."""
    for one in elements(parts.document(WORKBOOK), "definedName"):
        if one.getAttribute("localSheetId") == str(source) and one.firstChild is not None:
            made = one.cloneNode(True)
            made.setAttribute("localSheetId", str(copy))
            made.firstChild.nodeValue = renamed(made.firstChild.nodeValue, name, title)
            one.parentNode.appendChild(made)
