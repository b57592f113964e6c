"""Lists that leave the office: as they stand on screen, printable, and the same when they come back."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from python_calamine import CalamineWorkbook

from db.enums import Education, Employment, Ethnicity, MonthState, Political, Sex
from gridoffice import exports, history
from gridoffice.assessment.service import enter_values, open_month
from gridoffice.assessment.values_listing import month_values
from gridoffice.errors import RuleBroken
from gridoffice.fields import columns
from gridoffice.grids.listing import GRIDS
from gridoffice.intake import Merge
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.values import parser
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.rows import WorkerRow
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import PERIOD, Copies, come, good_values, grid_id, journal_lines, number, roster, to

LISTS = {"grids": GRIDS, "workers": WORKERS}


def sheet(file: Path) -> list[list[Any]]:
    book = openpyxl.load_workbook(file)
    found = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    book.close()
    return found


# What is on screen


def test_the_columns_are_those_on_screen_in_their_order(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "屏幕.xlsx"
    count = exports.export(small_office, WORKERS, file, Ask(sort="name"), columns=("phone", "name", "sex"))
    lines = sheet(file)
    assert [text for text in lines[2] if text] == ["序号", "联系电话", "姓名", "性别"]
    names = [line[2] for line in lines[3 : 3 + count]]
    assert names == [row.name for row in roster(small_office, Ask(sort="name"))]
    with pytest.raises(RuleBroken, match="没有“car”这一列"):
        exports.export(small_office, WORKERS, file, Ask(), columns=("name", "car"))


def test_the_line_below_the_title_says_what_narrows_the_list(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "筛过.xlsx"
    ask = Ask(
        day=date(2026, 8, 1),
        search="1380000001",
        filters=(Filter("title", ("网格长", "专职网格员")), Filter("sex", (Sex.MALE,))),
    )
    count = exports.export(small_office, WORKERS, file, ask)
    said = sheet(file)[1][0]
    assert said == (
        "单位：青禾街道网格办　　截至：2026-08-01　　"
        f"条件：职务：网格长、专职网格员；性别：男；找“1380000001”　　共 {count} 人"
    )
    assert count == len(roster(small_office, ask)) == 3
    done = come(small_office, "workers", file)
    assert done.preview.incoming.layout.unmapped == (), "the line confuses nobody who reads the file again"


def test_codes_of_the_office_are_said_in_its_words(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "网格.xlsx"
    kinds = tuple(key for key, *_ in small_office.read(GRIDS.choices, Ask(), "kind"))
    assert exports.export(small_office, GRIDS, file, Ask(filters=(Filter("kind", kinds[:1]),))) == 4
    assert "条件：网格类型：一般网格　　共 4 个网格" in sheet(file)[1][0]
    exports.export(small_office, GRIDS, file, Ask(filters=(Filter("kind", kinds),)))
    assert f"等 {len(kinds)} 项" in sheet(file)[1][0]


def test_rows_that_were_picked(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "选出.xlsx"
    people = roster(small_office)
    wanted = [people[4].id, people[0].id, 999_999]
    count = exports.export(small_office, WORKERS, file, Ask(search="没有的人"), ids=wanted)
    lines = sheet(file)
    assert count == 2, "whoever is gone meanwhile is not counted"
    assert [line[1] for line in lines[3:5]] == [people[4].name, people[0].name]
    assert lines[1][0].endswith("选出 2 人")
    assert "条件" not in lines[1][0]
    assert exports.export(small_office, WORKERS, file, Ask(), ids=[]) == 0


def test_the_journal_says_how_many_left_with_full_numbers(small_office: Office, tmp_path: Path) -> None:
    wanted = [row.id for row in roster(small_office)][:3]
    exports.export(
        small_office, WORKERS, tmp_path / "x.xlsx", Ask(), ids=wanted, reveal=True, reason="区里要核对"
    )
    line = small_office.read(history.journal, 1)[0]
    assert line.title.startswith("导出“网格员花名册”3 人到“x.xlsx”，")
    assert line.title.endswith("完整，用途：区里要核对")
    assert line.detail["reason"] == "区里要核对" and line.detail["file"] == "x.xlsx"


# Nothing becomes a formula, nothing is lost

STARTS = ("=", "+", "-", "@", "\t=", "＝")


def test_no_text_becomes_a_formula(small_office: Office, tmp_path: Path) -> None:
    grid = grid_id(small_office, "519921001001001")
    said = [f"{start}1+1" for start in STARTS]
    for place, text in enumerate(said):
        values = {"name": f"程{text}", "note": text, "grid_id": grid, "id_number": number(400 + place)}
        small_office.write(save_worker, None, values)
    file = tmp_path / "公式.xlsx"
    exports.export(small_office, WORKERS, file, Ask(search="程"), title="=标题")
    book = openpyxl.load_workbook(file)
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    book.close()
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr", "d"}, "openpyxl sees no formula"
    notes = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert all(text in notes for text in said)
    workbook = CalamineWorkbook.from_path(str(file))
    seen = workbook.get_sheet_by_index(0).to_python()
    assert seen[0][0] == "=标题"
    assert all(any(text in line for line in seen) for text in said), "nor does calamine"


def some_text(longest: int) -> some.SearchStrategy[str]:
    nasty = some.sampled_from(
        ["=1+1", "+86", "-", "@甲", "1e5", "00123", "2026-1-1", "无", "—", "_x000D_", "&lt;"]
    )
    signs = some.characters(codec="utf-8", exclude_categories=("Cs", "Cn", "Co", "Cc"))
    return nasty | some.text(signs, max_size=longest)


DAYS = some.dates(date(1950, 1, 1), date(2030, 12, 31))
PEOPLE = some.lists(
    some.fixed_dictionaries(
        {
            "name": some.text("王李𠮷䶮㐂𬭎𫍯·阿a ", min_size=1, max_size=9),
            "sequence": some.none() | some.integers(0, 400),
            "phone": some.sampled_from(["", "13800001111", "0577-88123456", "13800001111 13900002222"]),
            "note": some_text(30),
            "title": some.sampled_from(["网格长", "专职网格员", "微网格员"]),
            "ethnicity": some.none() | some.sampled_from(list(Ethnicity)),
            "political": some.none() | some.sampled_from(list(Political)),
            "education": some.none() | some.sampled_from(list(Education)),
            "employment": some.sampled_from(list(Employment)),
            "from_day": some.none() | some.dates(date(2000, 1, 1), date(2026, 8, 1)),
            "contract_end": some.none() | DAYS,
        }
    ),
    max_size=8,
    unique_by=lambda person: (person["sequence"], person["name"] if person["sequence"] is None else ""),
)
PLACES = ("519921001001", "519921001001001", "51992100100100102", "519921001002001", "519921001900001")


def written(office: Office, person: dict[str, Any], place: int) -> None:
    """As the form of the window writes it: each text read by its field."""
    fields = {column.name: column.field for column in columns(WorkerRow)}
    said = dict(person)
    sequence = said.pop("sequence")
    for name in ("name", "note", "phone"):
        said[name] = parser(fields[name])(said[name])[0]
    if not said["name"]:
        return
    said["id_number"] = None if sequence is None else number(sequence)
    try:
        office.write(save_worker, None, {**said, "grid_id": grid_id(office, PLACES[place % len(PLACES)])})
    except RuleBroken as refused:
        assert "已" in refused.message, refused.message  # a number that one of the known people has


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=PEOPLE)
def test_whatever_is_recorded_comes_back_unchanged(
    people: list[dict[str, Any]], small_copies: Copies, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("往返")
    shutil.copyfile(small_copies.file, folder / "office.db")
    office = Office.open(folder / "office.db")
    try:
        for place, person in enumerate(people):
            written(office, person, place)
        lines = None
        for key, listing in LISTS.items():
            file = folder / f"{key}.xlsx"
            count = exports.export(office, listing, file, Ask(), reveal=True, reason="核对")
            lines = journal_lines(office)
            done = come(office, key, file, merge=Merge.FILL)
            assert done.preview.in_words() == f"无变化 {count}", done.preview.problems
            assert journal_lines(office) == lines
    finally:
        office.close()


def test_a_months_values_go_out_and_come_back(small_office: Office, tmp_path: Path) -> None:
    to(small_office, MonthState.SCORING)
    file = tmp_path / "指标.xlsx"
    listing = small_office.read(month_values, PERIOD)
    count = exports.export(small_office, listing, file, Ask(), reveal=True, reason="核对")
    assert count == len(roster(small_office))
    done = come(small_office, "indicators", file, month=PERIOD)
    assert done.preview.in_words() == f"无变化 {count}"
    assert done.preview.incoming.layout.unmapped == ()


def test_a_month_without_values_is_a_sheet_to_fill_in(small_office: Office, tmp_path: Path) -> None:
    small_office.write(open_month, PERIOD)
    file = tmp_path / "待填.xlsx"
    listing = small_office.read(month_values, PERIOD)
    names = [one.name for one in listing.columns if one.name != "id_number"]
    count = exports.export(small_office, listing, file, Ask(), columns=names)
    book = openpyxl.load_workbook(file)
    cells: Any = book.worksheets[0]
    assert [cells.cell(4 + place, 2).value for place in range(count)].count("张三") == 2
    values = small_office.read(lambda session: listing.rows(session, listing.ids(session, Ask())))
    assert all(not row.values for row in values)
    wanted = good_values(small_office)
    small_office.write(enter_values, PERIOD, wanted)
    exports.export(small_office, listing, file, Ask(), columns=["name", *names[2:]], ids=list(wanted)[:1])
    assert sheet(file)[3][1] == next(row.name for row in values if row.id == next(iter(wanted)))


def test_who_left_is_not_on_the_list(small_office: Office, tmp_path: Path) -> None:
    people = roster(small_office)
    small_office.write(end_posts, [people[0].id], date(2026, 1, 31))
    file = tmp_path / "在岗.xlsx"
    assert exports.export(small_office, WORKERS, file, Ask(day=date(2026, 2, 1))) == len(people) - 1
