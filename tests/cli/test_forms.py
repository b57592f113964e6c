"""Workbooks that leave the office from the command line: lists, templates, other people's forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from db.enums import MonthState
from gridoffice.office import Office
from tests.offices import PERIOD, to, workbook

Call = Callable[..., tuple[int, Any, str]]


def lines(file: Path) -> list[list[Any]]:
    book = openpyxl.load_workbook(file)
    found = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    book.close()
    return found


def test_a_list_is_exported_as_it_is_asked_for(on: Call, tmp_path: Path) -> None:
    file = tmp_path / "网格长.xlsx"
    words = ("export", "workers", file, "--where", "职务=网格长、微网格员", "--sort", "姓名", "--descending")
    status, said, _ = on(*words, "--columns", "姓名，职务，联系电话")
    assert (status, said["rows"]) == (0, 3)
    found = lines(file)
    assert found[2] == ["序号", "姓名", "职务", "联系电话"]
    assert [line[1] for line in found[3:6]] == ["张三", "王𠮷𬭎", "阿依古丽·买买提"]
    assert "条件：职务：网格长、微网格员" in found[1][0]


def test_what_cannot_be_asked_is_said_with_what_can(on: Call, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    for words, told in (
        (("--where", "车牌=川A"), "可以用：职务、"),
        (("--where", "职务=村长"), "“职务”里没有“村长”。现有：专职网格员、"),
        (("--columns", "姓名、车牌"), "这里不能用“车牌”。可以用：姓名、职务、"),
        (("--sort", "备注"), "这里不能用“备注”"),
    ):
        status, said, _ = on("export", "workers", file, *words)
        assert status == 1
        assert told in said["error"]
        assert not file.exists()


def test_a_months_values_are_exported(on: Call, small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "指标.xlsx"
    assert "--month" in on("export", "indicators", file)[1]["error"]
    to(small_office, MonthState.SCORING)
    status, said, _ = on("export", "indicators", file, "--month", PERIOD, "--reveal", "--reason", "核对")
    assert (status, said["rows"]) == (0, 7)
    status, said, _ = on("import", "indicators", file, "--month", PERIOD)
    assert (status, said["unchanged"], said["rows"]) == (0, 7, 7)


def test_a_form_says_itself_which_ledger_it_wants(on: Call, tmp_path: Path) -> None:
    heads = ("序号", "社区", "网格数", "户数", "低保户数")
    blank = workbook(tmp_path / "统计.xlsx", heads, [], above=1)
    target = tmp_path / "好.xlsx"
    status, said, _ = on("fill", blank, target)
    assert (status, said["ledger"], said["rows"], said["headings"]) == (0, "grids", 2, 4)
    assert (said["kind"], said["unknown"]) == ("rows", ["低保户数"])
    assert [line[1:4] for line in lines(target)[2:4]] == [["梧桐社区", 2, 1200], ["柳荫社区", 2, 900]]
    status, said, _ = on("fill", blank, target, "--where", "网格类型=一般网格")
    assert (status, said["rows"]) == (0, 4)


def test_how_a_form_is_written_is_said_once(on: Call, tmp_path: Path) -> None:
    heads = ("姓名", "任职时间", "身份证号", "分工")
    blank = workbook(tmp_path / "表.xlsx", heads, [], above=1)
    full = ("--reveal", "--reason", "区里要", "--search", "李䶮")
    style = ("--days", "chinese", "--numbers", "spaced", "--map", "分工=职务")
    status, said, _ = on("fill", blank, tmp_path / "a.xlsx", *full, *style)
    assert (status, said["unknown"]) == (0, [])
    first = lines(tmp_path / "a.xlsx")[2]
    assert first[1] == "2024年3月1日"
    assert first[2].count(" ") == 2
    assert first[3] == "专职网格员"
    assert on("fill", blank, tmp_path / "b.xlsx", *full)[0] == 0
    assert lines(tmp_path / "b.xlsx")[2] == first, "the next time without saying it"
    assert on("fill", blank, tmp_path / "c.xlsx", *full, "--days", "dots")[0] == 0
    assert lines(tmp_path / "c.xlsx")[2][1:3] == ["2024.3.1", first[2]], "the other way of writing stays"
    assert on("fill", blank, tmp_path / "d.xlsx", "--map", "分工=工种")[0] == 1
    assert not (tmp_path / "d.xlsx").exists()


def test_what_was_filled_is_told_in_words(small_office: Office, call: Call, tmp_path: Path) -> None:
    blank = workbook(tmp_path / "表.xlsx", ("社区", "户数"), [("梧桐", None), ("河湾", None)], above=1)
    words = ("--database", small_office.store.address, "fill", blank, tmp_path / "好.xlsx")
    status, said, _ = call(*words)
    assert status == 0
    assert "这张表有 2 列，认得 2 列。" in said
    assert "已用网格台账填 1 行到" in said
    assert "表里这几行在台账里没找到，留空：河湾。" in said
