"""Whatever stands in the cells: reading ends with rows or one sentence, and the marked copy is read again
as the same rows."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gridoffice.errors import BadSheet, Problem
from gridoffice.spreadsheet.books import TakenBook, take_book
from gridoffice.spreadsheet.cell_xml import xml_text
from gridoffice.spreadsheet.reading import read
from gridoffice.spreadsheet.receipt import write_receipt
from tests.spreadsheet.corpus.pages import COLUMNS, GROUPS, Page, write_xlsx

WORDS = [
    "合计",
    "小计",
    "姓名",
    "梧桐社区",
    "一、青松社区",
    "同上",
    "制表人：甲",
    "共3人",
    "错误原因",
    "#REF!",
    "=1+1",
    "男",
    "无",
    "示例",
    "1",
]
CELL = some.one_of(
    some.none(),
    some.sampled_from(WORDS),
    some.text(max_size=8).map(xml_text),
    some.integers(-(10**9), 10**9),
    some.floats(allow_nan=False, allow_infinity=False),
    some.booleans(),
    some.dates(date(1900, 3, 1), date(2100, 1, 1)),
)
DAMAGE = some.lists(some.tuples(some.integers(0, 14), some.integers(0, 9), CELL), max_size=25)


def rows(found: TakenBook) -> list[Any]:
    return [(row.number, row.block, row.values, row.cells) for row in found.rows]


def problems(found: TakenBook) -> list[Problem]:
    return [*found.all_problems, *(problem for row in found.rows for problem in row.problems)]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(DAMAGE)
def test_random_cells_end_in_rows_or_in_a_sentence(damage):
    page = Page()
    page.line("青禾街道2026年6月网格员花名册")
    page.header()
    for _ in range(8):
        page.person()
    page.line("合计", None, None, "8人")
    cells = [[*row, *[None] * (10 - len(row))] for row in page.rows] + [[None] * 10 for _ in range(4)]
    for row, column, cell in damage:
        cells[row][column] = cell
    page.rows = cells
    with tempfile.TemporaryDirectory() as folder:
        path, copy = Path(folder, "a.xlsx"), Path(folder, "b.xlsx")
        write_xlsx(path, [page])
        try:
            found = take_book(read(path), COLUMNS, groups=GROUPS)
        except BadSheet as refused:
            assert refused.message.endswith("。")
            return
        numbers = {row.number for row in found.rows} | {row.row for row in found.skipped}
        last = max(
            (number for number, row in enumerate(cells, 1) if any(cell not in (None, "") for cell in row)),
            default=0,
        )
        first = found.sheets[0].layout.first_row
        assert numbers >= {
            n for n in range(first, last + 1) if any(str(c or "").strip() for c in cells[n - 1])
        }
        write_receipt(path, copy, found, problems(found))
        again = take_book(read(copy), COLUMNS, groups=GROUPS)
        if not any(cell == "错误原因" for row in cells for cell in row):
            assert rows(again) == rows(found)
