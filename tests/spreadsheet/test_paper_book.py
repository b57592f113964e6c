"""Finished tables as workbooks, opened with another library."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gridoffice.errors import OfficeError
from gridoffice.spreadsheet.paper_book import BookSheet, Heading, write_book

HEADS: tuple[Heading, ...] = (
    "名次",
    ("量的评价", ("立案数", ("按期结案", ("件数", "得分")))),
    "单位",
)
ROWS = (
    (1, 12, 11, Decimal("9.17"), "䶮㐂𬭎𠮷街道"),
    (2, None, 0, Decimal("-0.50"), "=SUM(A1:A9)"),
    (None, 12, 11, Decimal("8.67"), "合计"),
)


def sheet(name: str = "汇总", **changes: object) -> BookSheet:
    parts: dict[str, object] = {
        "name": name,
        "title": "部门考核情况表",
        "facts": ("单位：件、分", "共2个部门"),
        "headings": HEADS,
        "rows": ROWS,
        "places": (None, None, None, 2, None),
        "notes": ("注：按综合得分排名。",),
        "signature": ("制表人：", "负责人："),
        "sums": 1,
    }
    return BookSheet(**(parts | changes))  # type: ignore[arg-type]


def test_head_values_and_print_settings_are_there(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    assert write_book(file, [sheet()]) == 3
    page = openpyxl.load_workbook(file)["汇总"]
    assert page["A1"].value == "部门考核情况表" and "共2个部门" in page["A2"].value
    merged = {str(one) for one in page.merged_cells.ranges}
    assert {"A1:E1", "A3:A5", "B3:D3", "B4:B5", "C4:D4", "E3:E5"} <= merged
    assert [page.cell(5, 3).value, page.cell(5, 4).value] == ["件数", "得分"]
    values = [[cell.value for cell in row] for row in page["A6:E8"]]
    assert values == [
        [None if v is None else float(v) if isinstance(v, Decimal) else v for v in row] for row in ROWS
    ]
    assert page["E7"].data_type == "s" and page["D6"].number_format == "0.00"
    assert page["A8"].font.bold and page["D8"].font.bold and not page["D7"].font.bold
    assert page["A9"].value == "注：按综合得分排名。" and "负责人：" in page["A10"].value
    assert page.print_title_rows == "$3:$5" and page.freeze_panes == "A6"
    assert page.page_setup.orientation == "landscape" and page.page_setup.fitToHeight == 0
    assert page.print_area == "'汇总'!$A$1:$E$10"


def test_sheets_of_one_name_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    long = "很长的社区名字" * 6
    write_book(file, [sheet("第一网格"), sheet("第一网格"), sheet(long), sheet(long), sheet("a/b:c")])
    names = openpyxl.load_workbook(file).sheetnames
    assert names[:2] == ["第一网格", "第一网格（2）"] and names[4] == "abc"
    assert len(set(names)) == 5 and all(len(name) <= 31 for name in names)


def test_a_table_without_rows_and_one_column_is_written(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    assert write_book(file, [sheet(headings=("姓名",), rows=(), places=(None,), sums=0)]) == 0
    assert openpyxl.load_workbook(file).active["A3"].value == "姓名"  # type: ignore[index]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match="没有"):
        write_book(tmp_path / "no" / "book.xlsx", [sheet()])
