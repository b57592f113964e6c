"""Writing a roster of 150,000 rows as a workbook that can be printed as it is.

XlsxWriter, which streams too, is given the same look by hand: title, header style, borders, widths,
frozen header, filter, repeated header. openpyxl's is bare.
"""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from benchmarks import roster
from benchmarks.measure import Watch
from benchmarks.roster import COLUMNS, rows

TITLE = "写出工作簿：150,000 行花名册（xlsx）"
REPEAT = 3
COUNT = 150_000


def prepare(folder: Path) -> None:
    rows(folder, 1)
    roster.office(folder, people=True)


def plain(folder: Path) -> list[list[Any]]:
    from gridoffice.values import show

    return [
        [
            value if isinstance(value, date) else show(column.field, value)
            for column, value in zip(COLUMNS, row, strict=True)
        ]
        for row in rows(folder, COUNT)
    ]


def ours(folder: Path, watch: Watch) -> None:
    from gridoffice.spreadsheet.writing import SheetTable, write_ledger

    values = rows(folder, COUNT)
    with watch:
        write_ledger(folder / "ours.xlsx", SheetTable("网格员花名册", ("单位：示范",), COLUMNS, values))
    size(folder / "ours.xlsx", watch)


def from_office(folder: Path, watch: Watch) -> None:
    """The whole way of an export: asked of the database, named by their grids, written."""
    from gridoffice.exports import export
    from gridoffice.listing import Ask
    from gridoffice.office import Office
    from gridoffice.workers.listing import WORKERS

    office = Office.open(folder / "office.db")
    with watch:
        count = export(office, WORKERS, folder / "export.xlsx", Ask())
    office.close()
    watch.note("人", count)
    size(folder / "export.xlsx", watch)


def xlsxwriter_rows(folder: Path, watch: Watch) -> None:
    import xlsxwriter

    values = plain(folder)
    last = len(COLUMNS)
    with watch:
        book = xlsxwriter.Workbook(str(folder / "xlsxwriter.xlsx"), {"constant_memory": True})
        sheet = book.add_worksheet()
        look = {"border": 1, "valign": "vcenter", "font_size": 10}
        text, whole = book.add_format(look | {"num_format": "@"}), book.add_format(look)
        day = book.add_format(look | {"num_format": "yyyy-mm-dd"})
        heading = book.add_format(look | {"bold": True, "bg_color": "#D9E2EC", "text_wrap": True})
        for place, column in enumerate(COLUMNS, 1):
            sheet.set_column(place, place, column.field.width)
        sheet.merge_range(0, 0, 0, last, "网格员花名册", book.add_format({"bold": True, "font_size": 16}))
        sheet.write_row(2, 0, ("序号", *(column.field.label for column in COLUMNS)), heading)
        for number, row in enumerate(values, 3):
            sheet.write_number(number, 0, number - 2, whole)
            for place, value in enumerate(row, 1):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, datetime.combine(value, time()), day)
                else:
                    sheet.write_string(number, place, value, text)
        sheet.freeze_panes(3, 2)
        sheet.autofilter(2, 0, len(values) + 2, last)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        book.close()
    size(folder / "xlsxwriter.xlsx", watch)


def openpyxl_rows(folder: Path, watch: Watch) -> None:
    import openpyxl

    values = plain(folder)
    with watch:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in values:
            sheet.append(row)
        book.save(folder / "openpyxl.xlsx")
    size(folder / "openpyxl.xlsx", watch)


def size(path: Path, watch: Watch) -> None:
    watch.note("文件", path.stat().st_size / 1e6, " MB")


CASES = {
    "网格办": ours,
    "网格办 连同从资料库读出": from_office,
    "XlsxWriter constant_memory": xlsxwriter_rows,
    "openpyxl write_only": openpyxl_rows,
}
