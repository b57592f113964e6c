"""An old workbook or a text table as an .xlsx with the same cells, for whoever has to write into it."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from gridoffice.cells import LOST_DIGITS, CellError, Percent, text_of
from gridoffice.spreadsheet.reading import Book, Sheet
from gridoffice.spreadsheet.sheet_rows import Cell
from gridoffice.spreadsheet.skeleton import FONT, display_width

_WIDEST = 40
_MEASURED = 500


def as_xlsx(book: Book) -> bytes:
    """The same sheets, cells, merged ranges and hidden parts. Fonts and colours of old workbooks are
    not known and stay behind; what looks like a number in a text table stays text."""
    import xlsxwriter

    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    plain = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}
    formats = {
        name: made.add_format(plain | {"num_format": code})
        for name, code in {
            "text": "@", "number": "General", "percent": "0.00%", "day": "yyyy-mm-dd",
            "moment": "yyyy-mm-dd hh:mm", "time": "hh:mm",
        }.items()
    }  # fmt: skip
    for sheet in book.sheets:
        _write(made.add_worksheet(sheet.name[:31]), sheet, formats)
    made.close()
    return target.getvalue()


def _write(target: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    if sheet.hidden:
        target.hide()
    for (first, left), (last, right) in sheet.merges:
        if (first, left) != (last, right):
            target.merge_range(first, left, last, right, "", formats["text"])
    widths: dict[int, int] = {}
    for number, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            if cell is None or (number, column) in sheet.filled:
                continue
            _cell(target, number, column, cell, formats)
            if number < _MEASURED:
                need = max(map(display_width, text_of(cell).split("\n"))) + 2
                widths[column] = max(widths.get(column, 8), min(need, _WIDEST))
    merged = {left for (_, left), (_, right) in sheet.merges if right > left}
    for column in range(max(map(len, sheet.rows), default=0)):
        options = {"hidden": True} if column in sheet.hidden_columns else {}
        width = min(widths.get(column, 8), 14) if column in merged else widths.get(column, 8)
        target.set_column(column, column, width, None, options)
    for number in sheet.hidden_rows:
        target.set_row(number, None, None, {"hidden": True})


def _cell(target: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, bool):
        target.write_boolean(row, column, cell, formats["number"])
    elif isinstance(cell, Percent):
        target.write_number(row, column, cell, formats["percent"])
    elif isinstance(cell, (int, float)) and abs(cell) < LOST_DIGITS:
        target.write_number(row, column, cell, formats["number"])
    elif isinstance(cell, datetime):
        target.write_datetime(row, column, cell, formats["moment" if cell.time() != time() else "day"])
    elif isinstance(cell, date) and cell.year >= 1900:
        target.write_datetime(row, column, cell, formats["day"])
    elif isinstance(cell, (time, timedelta)):
        target.write_datetime(row, column, cell, formats["time"])
    elif isinstance(cell, CellError):
        target.write_string(row, column, cell.code, formats["text"])
    else:
        # a number with lost digits stays as it is seen, and is found to be wrong again
        target.write_string(row, column, text_of(cell), formats["text"])
