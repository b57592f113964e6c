"""错误回执: the clerk's own workbook with what is wrong marked in it.

The file stays as it is, cell for cell and format for format: bad cells become red and get a comment,
doubtful ones yellow, and one column behind the last says why, so that it can be filtered. Corrected
and taken in again, the file needs no mapping: the added column is known and no data.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridoffice.errors import OfficeError, Problem, Severity
from gridoffice.progress import counted, report
from gridoffice.spreadsheet import comments
from gridoffice.spreadsheet.books import TakenBook, TakenSheet
from gridoffice.spreadsheet.cell_xml import XmlRow
from gridoffice.spreadsheet.converting import as_xlsx
from gridoffice.spreadsheet.headings import REASON
from gridoffice.spreadsheet.letters import column_index, letter
from gridoffice.spreadsheet.matching import Layout
from gridoffice.spreadsheet.page_marks import mark_pages
from gridoffice.spreadsheet.parts import Parts, elements
from gridoffice.spreadsheet.reading import Book, Sheet, read
from gridoffice.spreadsheet.replacing import replacing
from gridoffice.spreadsheet.sheet_part import SheetPart
from gridoffice.spreadsheet.styles import Styles

BAD = "FF9C9C"
DOUBTFUL = "FFE699"
"""Fill of cells with an error, and of those with a warning (RRGGBB)."""

MOST_COMMENTS = 2000
"""Comments in one sheet; beyond, Excel takes minutes to open it, and the column says the same."""

REASON_WIDTH = 46

_XLSX = b"PK"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was marked: cells, rows with an error, and problems without a place in the file."""

    cells: int
    rows: int
    unplaced: tuple[Problem, ...] = ()


Place = tuple[int, int]
"""Excel's row number and the column from 0."""


def write_receipt(
    source: Path,
    target: Path,
    taken: TakenBook,
    problems: Iterable[Problem],
    *,
    digest: str | None = None,
    mark: str = "",
) -> Receipt:
    """Write a copy of `source` with these problems marked. `digest` is the SHA-256 of the file that
    they were found in, `mark` is printed at the head of the pages. Raises `OfficeError` when the file has
    changed since, `BadSheet` when it can no longer be read."""
    source, target = Path(source), Path(target)
    if target.suffix.lower() != ".xlsx":
        raise OfficeError(f"错误回执存成 .xlsx，“{target.name}”不行。")
    book = read(source)
    if digest is not None and book.digest != digest:
        raise OfficeError(f"“{source.name}”在核对之后改过，先重新核对一遍。")
    by_sheet: dict[str, list[Problem]] = defaultdict(list)
    unplaced = []
    first = taken.sheets[0].name
    known = {sheet.name for sheet in taken.sheets}
    for problem in problems:
        if problem.severity is Severity.NOTE:
            continue
        name = problem.sheet or first
        if problem.row is None or name not in known:
            unplaced.append(problem)
        else:
            by_sheet[name].append(problem)
    parts = _parts(source, book)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    styles = Styles(parts)
    cells = rows = 0
    streams = {}
    for place, sheet in enumerate(taken.sheets):
        report(f"标出“{sheet.name}”里的问题", place, len(taken.sheets))
        part = SheetPart(parts, sheet.name)
        if mark:
            mark_pages(part, mark)
        marked = _mark(part, sheets[sheet.name], styles, sheet, by_sheet[sheet.name])
        cells, rows = cells + marked.cells, rows + marked.rows
        streams[part.part] = part
    report(f"写出“{target.name}”")
    with replacing(target) as file:
        parts.save(file, {name: part.pieces() for name, part in streams.items()})
    return Receipt(cells, rows, tuple(unplaced))


def _parts(source: Path, book: Book) -> Parts:
    content = source.read_bytes()
    if content.startswith(_XLSX):
        try:
            return Parts(content)
        except KeyError:
            pass  # an open document, which is another kind of archive
    return Parts(as_xlsx(book))


def _mark(
    part: SheetPart, read_sheet: Sheet, styles: Styles, sheet: TakenSheet, problems: Sequence[Problem]
) -> Receipt:
    layout = sheet.layout
    header = layout.header_rows[-1]
    at = _reason_column(read_sheet, layout)
    labels = {mapped.column.field.label: mapped.index for mapped in layout.columns}
    bad: dict[Place, list[str]] = defaultdict(list)
    doubtful: dict[Place, list[str]] = defaultdict(list)
    reasons: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        number = problem.row or header
        column = column_index(problem.column) if problem.column else labels.get(problem.field or "")
        is_error = problem.severity is Severity.ERROR
        if is_error and number > header:
            reasons[number].append(
                f"{problem.field}：{problem.message}" if problem.field else problem.message
            )
        if column is not None and column != at:
            (bad if is_error else doubtful)[number, column].append(problem.message)
    _clear(part, styles, at, layout.first_row)
    for places, colour in ((doubtful, DOUBTFUL), (bad, BAD)):
        for number, column in places:
            cell = part.row(number).cell(column, _style_at(part, part.row(number), column))
            cell.style = styles.filled(cell.style, colour)
    _explain(part, styles, header, at, reasons)
    texts = {
        place: "\n".join(dict.fromkeys([*bad.get(place, ()), *doubtful.get(place, ())]))
        for place in (*bad, *doubtful)
    }
    comments.mark(part, dict(sorted(texts.items())[:MOST_COMMENTS]))
    last = max((row.number for row in sheet.taken.rows), default=header)
    _filter(part, header, max(last, *reasons, header), at)
    part.set_dimension(max(part.last_row, header), at)
    return Receipt(len(texts), len(reasons))


def _style_at(part: SheetPart, row: XmlRow, column: int) -> int:
    if column in row.cells:
        return row.cells[column].style
    return int(row.attributes.get("s", "0")) or part.column_style(column)


def _reason_column(sheet: Sheet, layout: Layout) -> int:
    """The column that says why: the one of an earlier copy, else the first behind the last one used."""
    for column, heading in enumerate(layout.headings):
        if heading.split("/")[-1] == REASON:
            return column
    used = len(layout.headings) - 1
    for mapped in (*layout.columns, *(m for block in layout.repeats for m in block)):
        used = max(used, mapped.index)
    # notes beside the table are not written over
    for row in sheet.rows:
        filled = len(row)
        while filled > used + 1 and row[filled - 1] is None:
            filled -= 1
        used = max(used, filled - 1)
    return used + 1


def _clear(part: SheetPart, styles: Styles, at: int, first_row: int) -> None:
    """Take the marks of an earlier copy away: our two colours, and the old reasons."""
    ours = {
        style
        for style in range(styles.count)
        if styles.has_fill(style, BAD) or styles.has_fill(style, DOUBTFUL)
    }
    reason = re.compile(rf' r="{letter(at)}[0-9]+"'.encode())
    marked = (
        re.compile(rb' s="(?:' + b"|".join(str(style).encode() for style in sorted(ours)) + rb')"')
        if ours
        else None
    )
    for number, xml in list(part.raw.items()):
        if number >= first_row and reason.search(xml):
            part.row(number).cells.pop(at, None)
        if marked is not None and marked.search(xml):
            for cell in part.row(number).cells.values():
                if cell.style in ours:
                    cell.style = styles.unfilled(cell.style)


def _explain(part: SheetPart, styles: Styles, header: int, at: int, reasons: dict[int, list[str]]) -> None:
    """The heading of the added column, and its texts."""
    row = part.row(header)
    beside = max((column for column in row.cells if column < at), default=None)
    heading = row.cell(at, row.cells[beside].style if beside is not None else 0)
    heading.set(REASON)
    for number, texts in counted(reasons.items(), "写明原因", len(reasons)):
        line = part.row(number)
        line.attributes.pop("hidden", None)  # what has to be corrected must be seen
        beside = max((column for column in line.cells if column < at), default=None)
        style = line.cells[beside].style if beside is not None else 0
        cell = line.cell(at, style)
        cell.style = styles.wrapped(styles.as_text(styles.unfilled(style)))
        cell.set("\n".join(dict.fromkeys(texts)))
    part.set_width(at, REASON_WIDTH)


def _filter(part: SheetPart, header: int, last: int, at: int) -> None:
    """Arrows at the header, reaching over the added column."""
    tables = [target for kind, target in part.parts.links(part.part).values() if kind == "table"]
    if tables:
        # a table has arrows of its own; two sets of arrows damage the file
        for table in tables:
            _widen_table(part, table, header, at)
        return
    there = part.find("autoFilter")
    first = "A"
    if there is not None:
        start, _, end = there.getAttribute("ref").partition(":")
        found = re.fullmatch(r"([A-Z]+)([0-9]+)", start)
        if found and int(found[2]) == header:
            first = found[1]
            rows = re.search(r"[0-9]+$", end)
            last = int(rows[0]) if rows else last
    made = part.ensure("autoFilter")
    made.setAttribute("ref", f"{first}{header}:{letter(at)}{last}")
    place = list(part.parts.sheets).index(part.name)
    name = part.name.replace("'", "''")
    part.parts.defined_name(
        "_xlnm._FilterDatabase", place, f"'{name}'!${first}${header}:${letter(at)}${last}"
    )


def _widen_table(part: SheetPart, table: str, header: int, at: int) -> None:
    """Let a table whose last column stands just before ours take ours in."""
    document = part.parts.document(table)
    (root,) = elements(document, "table")
    found = re.fullmatch(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)", root.getAttribute("ref"))
    if not found or int(found[2]) != header or column_index(found[3]) != at - 1:
        return
    ref = f"{found[1]}{found[2]}:{letter(at)}{found[4]}"
    root.setAttribute("ref", ref)
    for one in elements(document, "autoFilter"):
        one.setAttribute("ref", ref)
    (columns,) = elements(document, "tableColumns")
    known = elements(columns, "tableColumn")
    made = document.createElement("tableColumn")
    made.setAttribute("id", str(max((int(one.getAttribute("id")) for one in known), default=0) + 1))
    made.setAttribute("name", REASON)
    columns.appendChild(made)
    columns.setAttribute("count", str(len(known) + 1))
