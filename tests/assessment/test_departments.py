"""Departments: kept by form and by workbook, assessed, put out of use, given up; undone whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from gridoffice import history
from gridoffice.assessment.comparing import comparison
from gridoffice.assessment.departments import (
    DEPARTMENTS,
    DepartmentRow,
    department_row,
    remove_department,
    results_of_department,
    save_department,
)
from gridoffice.assessment.service import compute, enter_values, open_month
from gridoffice.assessment.subjects import subjects
from gridoffice.errors import Conflict, NotFound, RuleBroken
from gridoffice.exports import export
from gridoffice.grids.service import find
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from tests.gridoffice.tree_changes import undone
from tests.offices import PERIOD, STREET, come, errors, outcomes, records, sheets, workbook

SCHEME = "department-evaluation"
HEADS = ("部门名称", "服务区域", "负责人", "联系电话", "是否考核", "备注")
WUTONG = "519921001001"


def listed(office: Office, **asked: Any) -> list[DepartmentRow]:
    return office.read(lambda session: DEPARTMENTS.rows(session, DEPARTMENTS.ids(session, Ask(**asked))))


def kept(office: Office, name: str, **values: Any) -> int:
    return office.write(save_department, None, {"name": name, **values}).result


def test_a_department_is_kept_and_given_up(small_office: Office) -> None:
    office = small_office
    before = records(office)
    done = office.write(save_department, None, {"name": " 城管办 ", "leader": "𫍯建国"})
    number = done.result
    undone(office, before, done)
    (row,) = listed(office)
    assert (row.name, row.leader, row.grid, row.active) == ("城管办", "𫍯建国", None, True)
    with pytest.raises(RuleBroken, match="已有部门"):
        kept(office, "城管办")
    with pytest.raises(RuleBroken, match="没写部门名称"):
        kept(office, " ")
    office.write(open_month, PERIOD, SCHEME)
    with pytest.raises(RuleBroken, match="不参加考核"):
        office.write(remove_department, number)
    office.write(save_department, number, {"active": False})
    assert [one.active for one in listed(office)] == [False]
    other = kept(office, "应急办")
    office.write(remove_department, other)
    with pytest.raises(NotFound):
        office.read(department_row, other)


def test_which_unit_it_serves(small_office: Office) -> None:
    office = small_office
    top, wutong = office.read(find, STREET), office.read(find, WUTONG)
    everywhere = kept(office, "城管办", grid_id=top)
    own = kept(office, "梧桐物业站", grid_id=wutong)
    assert [(one.id, one.grid) for one in listed(office)] == [(everywhere, None), (own, "梧桐社区")]
    assert [one.id for one in listed(office, scope=wutong)] == [own]
    assert [one.id for one in listed(office, scope=top)] == [everywhere, own]
    with pytest.raises(NotFound):
        kept(office, "无处", grid_id=10**6)


def test_what_somebody_else_changed_is_not_written_over(small_office: Office) -> None:
    number = kept(small_office, "城管办", leader="李䶮")
    seen = small_office.read(department_row, number)
    small_office.write(save_department, number, {"leader": "赵犇"})
    with pytest.raises(Conflict, match="负责人"):
        small_office.write(save_department, number, {"leader": "王㛃"}, seen)
    small_office.write(save_department, number, {"note": "占道"}, seen)


def test_how_it_came_out_of_its_months(small_office: Office) -> None:
    office = small_office
    number, _ = kept(office, "城管办"), kept(office, "应急办")
    assert office.read(results_of_department, number) == []
    office.write(open_month, PERIOD, SCHEME)
    values = {
        "应处置数": 100,
        "处置数": 98,
        "按期处置数": 96,
        "超期待处置数": 2,
        "应结案数": 100,
        "返工数": 1,
    }
    values |= {"延期数": 0, "回访数": 20, "满意数": 19}
    worse = values | {"按期处置数": 50}
    office.write(
        enter_values,
        PERIOD,
        {row["id"]: one for row, one in zip(sheets(office), (values, worse), strict=True)},
    )
    office.write(compute, PERIOD)
    (month,) = office.read(results_of_department, number)
    assert (month.period, month.rank, month.grade) == (PERIOD, 1, "优秀")
    assert month.total is not None and f"{month.total}" == "97.30"
    found = office.read(comparison, SCHEME, PERIOD)
    assert found.months[-1].scored == 2 and found.areas == (), "departments lie in no area"


def test_a_ledger_of_departments_comes_from_excel_and_goes_there(
    small_office: Office, tmp_path: Path
) -> None:
    office = small_office
    kept(office, "城管办", leader="李䶮")
    before = records(office)
    rows = (
        ("城管办", "梧桐社区", "𫍯建国", "13800000077", "", "占道经营"),
        ("司法所", "", "赵犇", "", "否", ""),
        ("应急办", "青禾街道", "", "", "是", ""),
    )
    path = workbook(tmp_path / "d.xlsx", HEADS, rows, above=1)
    done = come(office, "departments", path)
    assert [one for _, one in outcomes(done)] == ["updated", "new", "new"]
    found = {one.name: one for one in listed(office)}
    assert (found["城管办"].grid, found["城管办"].leader, found["城管办"].active) == (
        "梧桐社区",
        "𫍯建国",
        True,
    )
    assert (found["司法所"].grid, found["司法所"].active) == (None, False)
    assert found["应急办"].grid is None
    assert [one.name for one in listed(office, filters=(Filter("active", (False,)),))] == ["司法所"]
    assessed = office.read(
        lambda session: subjects(session, _scheme(office), date(2026, 6, 1), date(2026, 6, 30))
    )
    assert [one["name"] for one in assessed] == ["应急办", "城管办"]
    again = come(office, "departments", path)
    assert {one for _, one in outcomes(again)} == {"unchanged"}
    office.write(history.undo, done.action)
    assert records(office) == before

    office.write(history.redo, done.action)
    out = tmp_path / "out.xlsx"
    assert office.read(lambda s: DEPARTMENTS.ids(s, Ask())) and export(office, DEPARTMENTS, out, Ask()) == 3
    cells = [cell for line in load_workbook(out).active.iter_rows(values_only=True) for cell in line]  # type: ignore[union-attr]
    assert {"城管办", "司法所", "应急办", "𫍯建国", "梧桐社区"} <= set(cells)


def _scheme(office: Office) -> Any:
    from gridoffice.assessment.schemes import shipped_scheme

    return shipped_scheme(SCHEME)


def test_what_is_wrong_in_a_ledger_is_named(small_office: Office, tmp_path: Path) -> None:
    rows = (
        ("城管办", "不存在社区", "", "", "", ""),
        ("应急办", "", "", "", "", ""),
        ("应急办", "", "", "", "", ""),
        ("部" * 90, "", "", "", "", ""),
    )
    done = come(small_office, "departments", workbook(tmp_path / "d.xlsx", HEADS, rows), good_rows_only=True)
    told = {row: message for row, _, message in errors(done)}
    assert "不存在社区" in told[2] and "同一个部门" in told[4] and told[5]
    assert [one.name for one in listed(small_office)] == ["应急办"]
