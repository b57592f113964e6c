"""The workbooks of a made-up office, opened again with two independent readers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from gridoffice.demo import DemoOffice, Size, make
from gridoffice.demo.broken import write_broken_roster
from gridoffice.demo.ledgers import StreetFiles, write_ledgers
from gridoffice.demo.values import Indicator, Measure, indicator_values

TODAY = date(2026, 9, 15)
AUGUST = date(2026, 8, 1)
INDICATORS = (
    Indicator("visits", "入户走访完成率", Measure.RATE),
    Indicator("missed", "漏报误报", Measure.COUNT),
    Indicator("opinion", "社区评价", Measure.POINTS, Decimal(20)),
)


@pytest.fixture(scope="module")
def office() -> DemoOffice:
    return make(Size.STREET, TODAY)


@pytest.fixture(scope="module")
def files(office: DemoOffice, tmp_path_factory: pytest.TempPathFactory) -> StreetFiles:
    (found,) = write_ledgers(office, tmp_path_factory.mktemp("ledgers"), INDICATORS, (AUGUST,))
    return found


def rows(path: Path) -> list[list]:
    """All rows by calamine, so that the Excel row number is the index + 1."""
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_the_same_office_writes_the_same_bytes(
    office: DemoOffice, files: StreetFiles, tmp_path: Path
) -> None:
    (again,) = write_ledgers(office, tmp_path, INDICATORS, (AUGUST,))
    for first, second in zip(paths_of(files), paths_of(again), strict=True):
        assert first.name == second.name
        assert first.read_bytes() == second.read_bytes(), first.name


def paths_of(files: StreetFiles) -> list[Path]:
    return [files.grids, files.workers, files.reported, *files.values.values()]


def test_the_grid_ledger_holds_every_grid(office: DemoOffice, files: StreetFiles) -> None:
    table = rows(files.grids)
    assert table[0][0] == "青禾街道网格划分一览表"
    assert "".join(table[3][1:10]).replace("\n", "") == (
        "网格编码网格名称网格类型上级网格四至范围户数（户）商户数（个）人口（人）面积（㎡）"
    )
    body = [row for row in table[4:] if row[1]]
    assert [row[1] for row in body] == [grid.code for grid in office.grids]
    assert sum(row[6] for row in body) == sum(grid.households for grid in office.grids)
    assert body[0][4] == "" and body[1][4] == "519921001"


def test_the_roster_keeps_numbers_as_text_and_days_as_days(office: DemoOffice, files: StreetFiles) -> None:
    table = rows(files.workers)
    assert table[0][0] == "青禾街道2026年9月网格员花名册"
    headings = table[2]
    body = [row for row in table[3:] if row[1]]
    assert len(body) == len(office.workers)
    for row, worker in zip(body, office.workers, strict=True):
        assert row[headings.index("姓名")] == worker.name
        assert row[headings.index("身份证号")] == worker.id_number
        assert row[headings.index("手机号")] == worker.phone
        assert row[headings.index("出生日期")] == worker.birth
        assert row[headings.index("离任时间")] == (worker.left or "")
    sheet = openpyxl.load_workbook(files.workers).worksheets[0]
    assert sheet["F4"].number_format == "@"
    assert sheet["F4"].value == office.workers[0].id_number
    assert "A1:S1" in {str(area) for area in sheet.merged_cells.ranges}


def test_the_reported_roster_is_messy_and_complete(office: DemoOffice, files: StreetFiles) -> None:
    sheet = openpyxl.load_workbook(files.reported).worksheets[0]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert any(area.startswith("B5:B") for area in merged), "the community is merged over its people"
    first = [str(row[0].value) for row in sheet.iter_rows()]
    assert first.count("小计") == 12
    assert first.count("合计") == 1
    assert first.count("序号") == 2, "the headings occur once more in the middle"
    people = [row for row in sheet.iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]
    serving = [worker for worker in office.workers if worker.left is None]
    assert len(people) == len(serving)
    assert any("　" in str(row[4]) for row in people)
    assert any(str(row[7]).endswith("x") for row in people)
    assert any("０" <= str(row[7])[0] <= "９" for row in people)
    assert len({type(row[13]) for row in people}) == 3, "text, number and date"


def test_the_values_of_the_month(office: DemoOffice, files: StreetFiles) -> None:
    table = rows(files.values[AUGUST])
    assert table[2][5:8] == ["入户走访完成率（%）", "漏报误报", "社区评价"]
    body = [row for row in table[3:] if row[1]]
    expected = list(indicator_values(office, INDICATORS, AUGUST))
    assert len(body) == len(expected)
    for row, (worker, values) in zip(body, expected, strict=True):
        assert row[2] == worker.id_number
        assert [Decimal(str(cell)) for cell in row[5:8]] == list(values.values())


def test_planted_errors_are_where_they_are_said_to_be(office: DemoOffice, tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    planted = write_broken_roster(path, office, office.grids[0])
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert len({(error.row, error.column) for error in planted}) == len(planted) == 8
    for error in planted:
        assert sheet[f"{error.column}3"].value == error.heading
    number, check, *_ = (sheet[f"{error.column}{error.row}"].value for error in planted)
    assert isinstance(number, int | float)
    assert len(check) == 18
    assert sheet.max_row == 3 + 60 + 1


def test_a_county_has_a_folder_a_street(tmp_path: Path) -> None:
    county = make(Size.COUNTY, TODAY)
    found = write_ledgers(county, tmp_path)
    assert len(found) == 11
    assert {path.name for path in tmp_path.iterdir()} == {street.name for street in county.streets()}
    table = rows(found[0].grids)
    assert table[4][4] == "519921", "a street in a county has a parent"
