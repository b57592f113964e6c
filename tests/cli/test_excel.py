"""Workbooks of others: their forms filled, their mistakes marked, their many sheets read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from gridoffice.office import Office
from tests.offices import number, records, roster, workbook

Call = Callable[..., tuple[int, Any, str]]
HEADS = ("姓名", "身份证号", "所属网格", "职务")


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A blank form of the county's, with a title, a fill-in line, a colour and a sum of its own."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("A1:G1")
    sheet["A1"], sheet["A2"] = "望禾县网格员登记表", "填报单位："
    for place, heading in enumerate(("序号", "村（社区）", "姓名", "身份证号", "联系电话", "车牌号"), 1):
        sheet.cell(3, place, heading).fill = PatternFill("solid", fgColor="DDEBF7")
    sheet["A5"], sheet["C5"] = "合计", "=COUNTA(C4:C4)"
    book.create_sheet("填表说明")["A1"] = "不要改动本表"
    path = tmp_path / "县里的表.xlsx"
    book.save(path)
    return path


def test_somebody_elses_form_is_filled_and_stays_theirs(
    form: Path, on: Call, small_office: Office, tmp_path: Path
) -> None:
    target = tmp_path / "填好.xlsx"
    status, said, _ = on("fill", form, target, "--ledger", "workers")
    people = roster(small_office)
    assert (status, said["rows"], said["unknown"]) == (0, len(people), ["车牌号"])
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Sheet", "填表说明"]
    sheet = book["Sheet"]
    last = 3 + len(people)
    names = [sheet.cell(row, 3).value for row in range(4, last + 1)]
    assert names == [person.name for person in people]
    assert all("*" in str(sheet.cell(row, 4).value) for row in range(4, last + 1) if sheet.cell(row, 4).value)
    assert sheet["A3"].fill.fgColor.rgb.endswith("DDEBF7")
    assert sheet.cell(last + 1, 3).value == f"=COUNTA(C4:C{last})"


def test_a_form_with_whole_numbers_needs_a_reason(
    form: Path, on: Call, small_office: Office, tmp_path: Path
) -> None:
    words = ("fill", form, tmp_path / "填好.xlsx", "--ledger", "workers", "--reveal")
    assert on(*words)[0] == 1
    assert on(*words, "--reason", "县民政局要")[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "填好.xlsx")["Sheet"]
    whole = [person.id_number for person in roster(small_office)]
    assert [sheet.cell(row, 4).value for row in range(4, 4 + len(whole))] == whole
    lines = on("journal", "--limit", 1)[1]["actions"]
    assert "县民政局要" in lines[0]["title"]


def test_a_form_that_asks_for_nothing_we_know_is_refused(on: Call, tmp_path: Path) -> None:
    form = workbook(tmp_path / "别的.xlsx", ("车牌号", "排量"), [("川A00001", "1.5")])
    status, said, _ = on("fill", form, tmp_path / "x.xlsx", "--ledger", "workers")
    assert status == 1
    assert "别的.xlsx" in said["error"]
    assert not (tmp_path / "x.xlsx").exists()


def test_the_clerks_own_workbook_comes_back_marked_and_goes_in_once_mended(
    on: Call, small_office: Office, tmp_path: Path
) -> None:
    good, bad = number(301), number(302)[:-1] + "0"
    bad = bad if bad != number(302) else bad[:-1] + "1"
    rows = [("程一", good, "梧桐社区第一网格", "专职网格员"), ("程二", bad, "梧桐社区第一网格", "专职网格员")]
    source = workbook(tmp_path / "花名册.xlsx", HEADS, rows, above=2)
    before = records(small_office)
    status, said, _ = on("import", "workers", source, "--receipt", tmp_path / "回执.xlsx")
    assert (status, said["written"], records(small_office)) == (1, False, before)
    (problem,) = [one for one in said["problems"] if one["severity"] == "error"]
    book = openpyxl.load_workbook(tmp_path / "回执.xlsx")
    sheet = book.worksheets[0]
    marked = sheet[f"{problem['column']}{problem['row']}"]
    assert marked.value == bad
    assert marked.comment is not None
    assert problem["message"] in str(sheet.cell(problem["row"], sheet.max_column).value)
    marked.value = number(302)
    book.save(tmp_path / "改好.xlsx")
    status, said, _ = on("import", "workers", tmp_path / "改好.xlsx")
    assert (status, said["written"], said["new"], said["unmapped"]) == (0, True, 2, [])


def test_a_sheet_for_each_community_and_a_summary(on: Call, small_office: Office, tmp_path: Path) -> None:
    """The summary repeats the others and is not read; the sheet's name says the community."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for place, community in enumerate(("梧桐社区", "柳荫社区", "汇总")):
        sheet = book.create_sheet(community)
        sheet.append([f"{community}网格员花名册"])
        sheet.append(HEADS)
        for one in range(2):
            sheet.append(
                (f"程{'甲乙丙'[place]}{one}", number(310 + 2 * place + one), "第一网格", "专职网格员")
            )
    path = tmp_path / "分社区.xlsx"
    book.save(path)
    status, said, _ = on("import", "workers", path)
    assert (status, said["new"], [one["name"] for one in said["sheets"]]) == (
        0,
        4,
        ["梧桐社区", "柳荫社区"],
    ), said["problems"]
    assert [one["sheet"] for one in said["left_out"]] == ["汇总"]
    places = {person.name: person.grid for person in roster(small_office)}
    assert (places["程甲0"], places["程乙1"]) == ("梧桐·第一网格", "柳荫·第一网格")


def test_the_same_person_on_two_sheets_is_named_with_the_sheet(on: Call, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for community in ("梧桐社区", "柳荫社区"):
        sheet = book.create_sheet(community)
        sheet.append(HEADS)
        sheet.append((f"程{community[0]}", number(320), "第一网格", "专职网格员"))
    path = tmp_path / "重复.xlsx"
    book.save(path)
    status, said, _ = on("import", "workers", path)
    assert status == 1
    errors = [one for one in said["problems"] if one["severity"] == "error"]
    assert any("“梧桐社区”第 2 行" in one["message"] for one in errors), errors


def test_what_a_heading_means_is_said_once(on: Call, small_office: Office, tmp_path: Path) -> None:
    """The second file of the same layout needs no words; undo takes the people back, not the words."""
    heads = ("大名", "身份证号", "所属网格")
    rows = [("程十", number(330), "梧桐社区第一网格")]
    first = workbook(tmp_path / "一.xlsx", heads, rows)
    assert on("import", "workers", first)[0] == 1
    status, said, _ = on("import", "workers", first, "--map", "大名=姓名")
    assert (status, said["new"]) == (0, 1), said
    assert on("undo")[0] == 0
    assert "程十" not in [person.name for person in roster(small_office)]
    rows = [("程十一", number(331), "梧桐社区第一网格")]
    status, said, _ = on("import", "workers", workbook(tmp_path / "二.xlsx", heads, rows))
    assert (status, said["new"]) == (0, 1), said
    assert said["mapping"][0]["how"] == "remembered"


def test_a_mapping_that_names_no_column_is_refused(on: Call, tmp_path: Path) -> None:
    path = workbook(tmp_path / "一.xlsx", HEADS, [("程十", number(330), "梧桐社区第一网格", "")])
    status, said, _ = on("import", "workers", path, "--map", "姓名=大名")
    assert status == 1
    assert "大名" in said["error"]
