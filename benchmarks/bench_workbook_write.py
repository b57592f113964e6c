"""Writing a roster of 150,000 rows as a workbook; ours can be printed as it is, the peers' are bare."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from benchmarks.measure import Watch
from benchmarks.roster import COLUMNS, rows

TITLE = "写出工作簿：150,000 行花名册（xlsx）"
REPEAT = 3
COUNT = 150_000


def prepare(folder: Path) -> None:
    rows(folder, 1)


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


def xlsxwriter_rows(folder: Path, watch: Watch) -> None:
    import xlsxwriter

    values = plain(folder)
    with watch:
        book = xlsxwriter.Workbook(str(folder / "xlsxwriter.xlsx"), {"constant_memory": True})
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(values):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, datetime.combine(value, time()), day)
                else:
                    sheet.write_string(number, place, value)
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


CASES = {"网格办": ours, "XlsxWriter constant_memory": xlsxwriter_rows, "openpyxl write_only": openpyxl_rows}
