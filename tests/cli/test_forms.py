"""Workbooks that leave the office from the command line: lists, templates, other people's forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from db.enums import MonthState
from gridoffice.office import Office
from tests.offices import PERIOD, to

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
