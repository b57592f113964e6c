"""The lines of a form while it is filled: room for more of them, in the form's own style."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gridoffice.fields import Column
from gridoffice.spreadsheet.cell_xml import XmlRow
from gridoffice.spreadsheet.facts import Facts
from gridoffice.spreadsheet.form_values import FormStyle
from gridoffice.spreadsheet.forms import Body, FormSheet
from gridoffice.spreadsheet.inserting import insert_rows
from gridoffice.spreadsheet.letters import column_index, letter
from gridoffice.spreadsheet.matching import Layout
from gridoffice.spreadsheet.parts import Element, elements
from gridoffice.spreadsheet.reading import Book, Sheet
from gridoffice.spreadsheet.sheet_part import SheetPart
from gridoffice.spreadsheet.shifting import copied
from gridoffice.spreadsheet.styles import Styles


@dataclass(slots=True)
class Work:
    """One sheet of a form while it is being filled."""

    part: SheetPart
    sheet: Sheet
    book: Book
    styles: Styles
    form: FormSheet
    columns: Sequence[Column]
    facts: Facts
    style: FormStyle
    reveal: bool
    converted: bool
    unknown: set[str] = field(default_factory=set)


def make_room(work: Work, layout: Layout, body: Body, added: int) -> tuple[XmlRow, int]:
    """The line to copy, and the row at which new lines begin; the rows below have moved down.

    New lines stand before the last one, so that what belongs to the last line (a thicker border)
    stays with it and ranges over all lines grow by themselves.
    """
    part, count = work.part, body.last - body.first + 1
    if count <= 0:
        sample = _bare_line(work, layout, body.first)
        if added:
            insert_rows(part, body.first, added, grows=False)
        return sample, body.first
    at = body.last if count > 1 else body.last + 1
    sample = part.row(at - 1).copy(at - 1)
    if added:
        insert_rows(part, at, added, grows=count == 1)
        _repeat_merges(part, at - 1, added)
        _forget_texts(sample, work, body)
    return sample, at


def _bare_line(work: Work, layout: Layout, number: int) -> XmlRow:
    """A line for a form that ends with its header: the header's borders without its colour."""
    header = work.part.row(layout.header_rows[-1])
    row = XmlRow(number)
    for index, cell in header.cells.items():
        row.cell(index, work.styles.unfilled(cell.style))
    return row


def style_at(work: Work, sample: XmlRow, index: int) -> int:
    cell = sample.cells.get(index)
    if cell is not None:
        return cell.style
    if work.converted and work.form.layout is not None:
        # blank cells of old workbooks are not known: the header's lines go on below it
        header = work.part.row(work.form.layout.header_rows[-1])
        if index in header.cells:
            return header.cells[index].style
    return work.part.column_style(index)


def old_line(work: Work, row: XmlRow, layout: Layout) -> None:
    """A line of an old workbook has boxes at all columns and holds nothing."""
    for index in range(len(layout.headings)):
        row.cell(index, style_at(work, row, index))
    forget_numbers(row)


def forget_numbers(row: XmlRow) -> None:
    """Numbers in the blank lines of an old workbook are results whose formulas are lost."""
    for cell in row.cells.values():
        if cell.kind in ("", "n"):
            cell.set(None)


def follow(row: XmlRow, sample: int) -> None:
    """Formulas of a copied line speak of their own line."""
    for cell in row.cells.values():
        formula = cell.formula
        if formula is not None:
            cell.set_formula(copied(formula, row.number - sample))


def _forget_texts(sample: XmlRow, work: Work, body: Body) -> None:
    """What stands in the copied line alone is not repeated; what stands in every line is."""
    for index, cell in sample.cells.items():
        if cell.inner and cell.formula is None:
            contents = {_cell_at(work.sheet, number, index) for number in range(body.first, body.last + 1)}
            if len(contents) > 1 or body.first == body.last:
                cell.set(None)


def _cell_at(sheet: Sheet, number: int, index: int) -> Any:
    row = sheet.rows[number - 1] if number <= len(sheet.rows) else []
    return row[index] if index < len(row) else None


def _merge_ends(one: Element) -> tuple[int, int, int, int]:
    """First row, column from 0, last row, column of a merged range."""
    found = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", one.getAttribute("ref"))
    if found is None:
        return 0, 0, 0, 0
    return int(found[2]), column_index(found[1]), int(found[4]), column_index(found[3])


def _repeat_merges(part: SheetPart, sample: int, added: int) -> None:
    """Cells that are merged side by side in the copied line are so in the new ones."""
    merges = part.find("mergeCells")
    if merges is None:
        return
    for one in elements(merges, "mergeCell"):
        first, left, last, right = _merge_ends(one)
        if first == last == sample and right > left:
            for number in range(sample + 1, sample + added + 1):
                made = part.document.createElement("mergeCell")
                made.setAttribute("ref", f"{letter(left)}{number}:{letter(right)}{number}")
                merges.appendChild(made)
    merges.setAttribute("count", str(len(elements(merges, "mergeCell"))))


def hidden_places(work: Work) -> set[tuple[int, int]]:
    """Cells below the first of a merged range: what is written there nobody sees."""
    merges = work.part.find("mergeCells")
    found = set()
    for one in elements(merges, "mergeCell") if merges is not None else ():
        first, left, last, right = _merge_ends(one)
        for number in range(first, last + 1):
            for index in range(left, right + 1):
                if (number, index) != (first, left):
                    found.add((number, index))
    return found
