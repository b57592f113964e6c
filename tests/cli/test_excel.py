"""Workbooks of others: their forms filled, their mistakes marked, their many sheets read."""

from __future__ import annotations

import io
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


# What only the clerk can tell


PLACES = ("姓名", "身份证号", "社区", "网格")


def test_questions_stand_in_the_answer_and_are_answered_by_words(on: Call, tmp_path: Path) -> None:
    rows = [(f"程{i}明", number(310 + i), "梧桐社区", "青河路网格") for i in range(3)]
    source = workbook(tmp_path / "花名册.xlsx", PLACES, rows)
    status, said, _ = on("import", "workers", source)
    assert (status, said["written"], said["errors"], said["out_of_scope"]) == (1, False, 3, 0)
    (question,) = said["questions"]
    assert (question["field"], question["rows"], question["answer"]) == ("所属网格", 3, None)
    assert question["choices"][-1] == {"answer": "skip", "words": "这些行先不写"}
    status, said, _ = on("import", "workers", source, "--answer", "梧桐社区/青河路网格=519921001001002")
    assert (status, said["new"], said["questions"][0]["answer"]) == (0, 3, "to 519921001001002")
    status, said, _ = on("import", "workers", source)
    assert (status, said["unchanged"], said["written"]) == (0, 3, False)
    status, said, _ = on("import", "workers", source, "--dry-run", "--answer", "别的=skip")
    assert status == 1 and "没有问“别的”" in said["error"]


def test_a_file_that_came_before_says_so_until_it_is_taken_back(on: Call, tmp_path: Path) -> None:
    source = workbook(tmp_path / "花名册.xlsx", HEADS, [("程一", number(301), "梧桐社区第一网格", None)])
    _, first, _ = on("import", "workers", source)
    assert first["before"] is None
    status, said, _ = on("import", "workers", source)
    assert (status, said["unchanged"], said["before"]["action"]) == (0, 1, first["action"])
    assert said["before"]["title"] == "导入网格员花名册：新增 1"
    status, said, _ = on("undo", first["action"])
    assert status == 0
    _, said, _ = on("import", "workers", source, "--dry-run")
    assert (said["before"], said["new"]) == (None, 1)


def test_missing_grids_are_made_rows_left_out_and_rules_differ_by_column(
    on: Call, small_office: Office, tmp_path: Path
) -> None:
    row = ("程一明", number(310), "梧桐社区", "青河路网格")
    source = workbook(tmp_path / "甲.xlsx", PLACES, [row])
    status, said, _ = on("import", "workers", source, "--answer", "梧桐社区/青河路网格=skip")
    assert (status, said["skipped"], said["rows"], said["written"]) == (0, 1, 1, False)
    status, said, _ = on("import", "workers", source, "--create-missing")
    assert (status, said["new"]) == (0, 1)
    assert [one.grid for one in roster(small_office) if one.name == "程一明"] == ["梧桐·青河路网格"]
    headings = ("姓名", "身份证号", "联系电话", "社区", "网格")
    source = workbook(tmp_path / "乙.xlsx", headings, [(*row[:2], "13900000001", "梧桐社区", "第二网格")])
    words = ("import", "workers", source, "--dry-run", "--column-merge")
    status, said, _ = on(*words, "所属网格=blanks")
    assert (status, said["updated"], said["cells"]) == (0, 1, 1)
    status, said, _ = on(*words, "所属网格=别的")
    assert status == 1 and "写成“列名=规则”" in said["error"]


def test_the_key_is_chosen_and_refused_where_there_is_none(on: Call, tmp_path: Path) -> None:
    source = workbook(tmp_path / "花名册.xlsx", HEADS, [("张三", number(399), "柳荫社区", None)])
    _, said, _ = on("import", "workers", source, "--dry-run")
    assert said["new"] == 1
    status, said, _ = on("import", "workers", source, "--dry-run", "--key", "name")
    assert (status, said["conflicts"]) == (1, 1)
    assert {choice["answer"] for choice in said["questions"][0]["choices"]} >= {"new", "skip"}
    grids = workbook(tmp_path / "网格.xlsx", ("网格编码", "网格名称", "网格类型"), [("1", "a", "街道")])
    status, said, _ = on("import", "grids", grids, "--key", "name")
    assert status == 1 and "网格台账不能按“姓名”认" in said["error"]


def test_cells_come_from_the_clipboard_too(
    on: Call, small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\t".join(HEADS) + "\n" + "\t".join(("程一", number(301), "梧桐社区第一网格", "")) + "\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    status, said, _ = on("import", "workers", "-")
    assert (status, said["new"], said["file"]) == (0, 1, "")
    assert [one.grid for one in roster(small_office) if one.name == "程一"] == ["梧桐·第一网格"]


def test_an_import_far_back_is_undone_and_what_changed_since_is_kept_and_named(
    on: Call, small_office: Office, tmp_path: Path
) -> None:
    before = records(small_office)
    rows = [(f"程{i}明", number(310 + i), "梧桐社区第一网格", None) for i in range(2)]
    _, first, _ = on("import", "workers", workbook(tmp_path / "甲.xlsx", HEADS, rows))
    phones = ("姓名", "身份证号", "联系电话")
    for turn in range(3):
        later = [("程0明", number(310), f"1390000000{turn}")]
        on("import", "workers", workbook(tmp_path / f"乙{turn}.xlsx", phones, later))
    status, said, _ = on("undo", first["action"])
    assert status == 0
    assert "程0明" in str(said["kept"])
    left = [one.name for one in roster(small_office) if one.name.startswith("程")]
    assert "程1明" not in left
    for _ in range(3):
        on("undo")
    assert len(records(small_office)["person"]) == len(before["person"]) + 1


def test_an_account_of_one_community_imports_only_what_lies_below_it(
    on: Call, small_office: Office, tmp_path: Path
) -> None:
    status, _, _ = on("users", "add", "liuyin", "--display", "柳荫社区", "--grid", "519921001002")
    assert status == 0
    _, said, _ = on("users")
    mine = {"name": "liuyin", "display": "柳荫社区", "role": "clerk", "grid": "柳荫社区"}
    assert mine in [{key: one[key] for key in mine} for one in said["users"]]
    rows = [
        ("程一", number(301), "柳荫社区第一网格", None),
        ("程二", number(302), "梧桐社区第一网格", None),
    ]
    source = workbook(tmp_path / "花名册.xlsx", HEADS, rows)
    status, said, _ = on("--as", "liuyin", "import", "workers", source)
    assert (status, said["written"], said["errors"], said["out_of_scope"]) == (1, False, 1, 1)
    status, said, _ = on("--as", "liuyin", "import", "workers", source, "--good-rows-only")
    assert (status, said["new"], said["out_of_scope"]) == (0, 1, 1)
    assert [one.name for one in roster(small_office) if one.name.startswith("程")] == ["程一"]
