"""Reading a roster of 150,000 rows: the file alone, and down to checked values."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Watch
from benchmarks.roster import COLUMNS, rows

TITLE = "读入工作簿：150,000 行花名册（xlsx）"
REPEAT = 3
COUNT = 150_000


def prepare(folder: Path) -> None:
    from gridoffice.spreadsheet.writing import SheetTable, write_ledger

    if not (folder / "roster.xlsx").is_file():
        table = SheetTable("网格员花名册", (), COLUMNS, rows(folder, COUNT), reveal=True)
        write_ledger(folder / "roster.xlsx", table)


def ours(folder: Path, watch: Watch) -> None:
    from gridoffice.spreadsheet.reading import read

    with watch:
        book = read(folder / "roster.xlsx")
    assert len(book.sheets[0].rows) > COUNT


def ours_checked(folder: Path, watch: Watch) -> None:
    from gridoffice.spreadsheet.matching import best_sheet
    from gridoffice.spreadsheet.reading import read
    from gridoffice.spreadsheet.taking import take

    with watch:
        taken = take(*best_sheet(read(folder / "roster.xlsx"), COLUMNS))
    assert len(taken.rows) == COUNT


def openpyxl_reader(folder: Path, watch: Watch) -> None:
    import openpyxl

    with watch:
        sheet = openpyxl.load_workbook(folder / "roster.xlsx", read_only=True, data_only=True).worksheets[0]
        found = list(sheet.iter_rows(values_only=True))
    assert len(found) > COUNT


CASES = {"网格办 读": ours, "网格办 读、对列、逐格检查": ours_checked, "openpyxl read_only": openpyxl_reader}
