"""资源清单 and 问题清单: entered, taken in, counted, settled, and what becomes of them when their grid ends."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import IssueState, ResourceKind, Role
from gridoffice.accounts.keeping import add_account
from gridoffice.errors import Conflict, RuleBroken
from gridoffice.exports import export
from gridoffice.grids.listing import office_pack
from gridoffice.grids.operations import Close, Merge
from gridoffice.ledgers import LEDGERS
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.overview.findings import Topic, check
from gridoffice.overview.questions import changes
from gridoffice.registers import rules
from gridoffice.registers.listing import standings
from gridoffice.registers.lists import lists_of
from gridoffice.registers.rules import Standing
from gridoffice.registers.service import (
    issue_row,
    remove_issues,
    remove_resources,
    resource_row,
    save_issue,
    save_resource,
    settle_issues,
)
from tests.gridoffice.tree_changes import (
    FIRST,
    JULY,
    LIUYIN,
    MICRO_1,
    SECOND,
    WUTONG,
    change,
    undone,
)
from tests.offices import Opening, come, errors, grid_id, outcomes, records, workbook, worker

TODAY = date.today()
LAST_WEEK, YESTERDAY = TODAY - timedelta(days=7), TODAY - timedelta(days=1)


def listed(office: Office, key: str, **ask: Any) -> list[Any]:
    listing = LEDGERS[key].listing
    assert listing is not None
    return office.read(lambda session: listing.rows(session, listing.ids(session, Ask(**ask))))


def resource(office: Office, code: str, name: str, **values: Any) -> int:
    said = {"grid_id": grid_id(office, code), "kind": ResourceKind.PLACE, "name": name, **values}
    return office.write(save_resource, None, said).result


def issue(office: Office, code: str, what: str, **values: Any) -> int:
    return office.write(save_issue, None, {"grid_id": grid_id(office, code), "what": what, **values}).result


def test_a_resource_is_entered_changed_and_taken_out(small_office: Office) -> None:
    before = records(small_office)
    done = small_office.write(
        save_resource,
        None,
        {
            "grid_id": grid_id(small_office, FIRST),
            "kind": ResourceKind.SUPPLIES,
            "name": "应急发电机",
            "contact": "王𠮷𬭎",
            "phone": "13800000011",
            "quantity": "2 台",
            "from_day": LAST_WEEK,
        },
    )
    assert done.title == "新增资源“应急发电机”"
    undone(small_office, before, done)
    (row,) = listed(small_office, "resources", scope=grid_id(small_office, WUTONG))
    assert (row.grid, row.kind.label, row.quantity) == ("梧桐·第一网格", "设备物资", "2 台")
    assert listed(small_office, "resources", scope=grid_id(small_office, LIUYIN)) == []
    assert listed(small_office, "resources", day=LAST_WEEK - timedelta(days=1)) == []
    assert [one.name for one in listed(small_office, "resources", search="发电")] == ["应急发电机"]
    seen = small_office.read(resource_row, row.id)
    small_office.write(save_resource, row.id, {"quantity": "3 台"}, seen=seen)
    with pytest.raises(Conflict):
        small_office.write(save_resource, row.id, {"quantity": "4 台"}, seen=seen)
    with pytest.raises(RuleBroken, match="早于启用日期"):
        small_office.write(save_resource, row.id, {"to_day": LAST_WEEK - timedelta(days=1)})
    with pytest.raises(RuleBroken, match="已有资源“应急发电机”"):
        resource(small_office, FIRST, "应急发电机")
    before = records(small_office)
    undone(small_office, before, small_office.write(remove_resources, [row.id]))


def test_a_problem_is_found_passed_on_settled_and_counted(small_office: Office) -> None:
    number = issue(
        small_office,
        FIRST,
        "3 栋楼道堆杂物，堵了消防通道",
        day=LAST_WEEK,
        kind="防火",
        reporter="李䶮",
        department="街道应急办",
        due=YESTERDAY,
    )
    row = small_office.read(issue_row, number)
    assert (row.state, row.standing, row.person_id) == (
        IssueState.OPEN,
        Standing.LATE,
        worker(small_office, "李䶮").person_id,
    )
    (found,) = (one for one in small_office.read(check) if one.topic is Topic.ISSUE)
    assert (found.grid_id, found.fix) == (grid_id(small_office, FIRST), "催街道应急办办结")
    assert found.message == f"“3 栋楼道堆杂物，堵了消防通道”应在 {YESTERDAY} 前办结，已过 1 天。"
    assert small_office.read(standings, None) == {Standing.LATE: 1}
    assert small_office.read(standings, grid_id(small_office, LIUYIN)) == {}
    late = listed(small_office, "grid-issues", filters=(Filter("standing", (Standing.LATE,)),))
    assert [one.id for one in late] == [number]
    told = small_office.read(lists_of, grid_id(small_office, WUTONG), TODAY)
    assert (told.issues, told.issues_below) == ((), 1)
    months = {f"{LAST_WEEK:%Y-%m}": 1}
    assert [(month, count) for month, count, _ in told.months if count] == list(months.items())
    assert len(told.months) == 6 and told.months[-1][0] == f"{TODAY:%Y-%m}"
    before = records(small_office)
    done = small_office.write(settle_issues, [number], result="清走了", satisfied=True)
    assert done.title == "问题“3 栋楼道堆杂物，堵了消防通道”已办结"
    row = small_office.read(issue_row, number)
    assert (row.state, row.closed, row.result, row.satisfied) == (IssueState.DONE, TODAY, "清走了", True)
    assert not any(one.topic is Topic.ISSUE for one in small_office.read(check))
    # on a past day it was still open
    assert small_office.read(standings, None, YESTERDAY) == {Standing.SOON: 1}
    undone(small_office, before, done)
    assert done.action is not None
    (told,) = small_office.read(changes, done.action, 10)
    assert (told.noun, told.name, told.word) == ("问题", "3 栋楼道堆杂物，堵了消防通道", "改")
    assert ("办理情况", "待办", "已办结") in told.columns
    with pytest.raises(RuleBroken, match="早于发现日期"):
        small_office.write(settle_issues, [number], IssueState.DONE, LAST_WEEK - timedelta(days=1))
    with pytest.raises(RuleBroken, match="已办结的要写办结日期"):
        small_office.write(save_issue, number, {"state": IssueState.DONE, "closed": None})
    before = records(small_office)
    undone(small_office, before, small_office.write(remove_issues, [number]))


def test_who_reported_is_whoever_serves_there(small_office: Office) -> None:
    liu = "519921001002001"
    # two are called so, both serve in the one grid: nobody can tell which is meant
    unclear = small_office.read(issue_row, issue(small_office, liu, "路灯不亮", reporter="张三"))
    assert (unclear.reporter, unclear.person_id) == ("张三", None)
    micro = small_office.read(issue_row, issue(small_office, MICRO_1, "井盖松动", reporter="王𠮷𬭎"))
    assert micro.person_id == worker(small_office, "王𠮷𬭎").person_id
    resident = small_office.read(issue_row, issue(small_office, MICRO_1, "噪声", reporter="居民周某"))
    assert (resident.reporter, resident.person_id) == ("居民周某", None)


RESOURCE_HEADS = ("网格", "类别", "名称", "负责人", "电话", "数量", "启用日期")
ISSUE_HEADS = (
    "所在网格",
    "发现时间",
    "隐患类型",
    "问题描述",
    "发现人",
    "责任单位",
    "整改期限",
    "整改情况",
    "完成日期",
    "是否满意",
)


def test_lists_are_taken_in_and_come_back_unchanged(small_office: Office, tmp_path: Path) -> None:
    rows = [
        ("梧桐·第一网格", "阵地", "微网格驿站", "王𠮷𬭎", "13800000011", "1 处", "2026-03-01"),
        ("梧桐·第二网格", "乡贤", "老支书调解室", None, None, None, None),
        ("梧桐·第二网格", "乡贤", "老支书调解室", None, None, None, None),
        ("没有的网格", "物资", "沙袋", None, None, "200 个", None),
    ]
    path = workbook(tmp_path / "r.xlsx", RESOURCE_HEADS, rows, above=1)
    seen = come(small_office, "resources", path)
    assert [outcome for _, outcome in outcomes(seen)] == ["new", "new", "error", "error"]
    assert errors(seen)[0][2] == "与第 4 行是同一项资源。"
    path = workbook(tmp_path / "r.xlsx", RESOURCE_HEADS, rows[:2], above=1)
    done = come(small_office, "resources", path)
    assert [one.name for one in listed(small_office, "resources")] == ["微网格驿站", "老支书调解室"]
    issues = [
        (
            "梧桐·第一网格",
            "2026-03-05",
            "燃气安全",
            "灶具软管老化",
            "李䶮",
            "港华燃气",
            "2026-03-10",
            "已整改",
            "2026-03-08",
            "是",
        ),
        ("梧桐·第二网格", "2026-03-06", "防火", "飞线充电", "单晓琴", None, None, None, None, None),
        ("梧桐·第二网格", "2026-03-06", "防火", "占用通道", None, None, "2026-03-01", None, None, None),
        ("梧桐·第二网格", "2026-03-06", "防火", "烟头", None, None, None, "未办结", "2026-03-07", None),
    ]
    seen = come(small_office, "grid-issues", workbook(tmp_path / "i.xlsx", ISSUE_HEADS, issues, above=1))
    assert [outcome for _, outcome in outcomes(seen)] == ["new", "new", "error", "error"]
    assert [field for _, field, _ in errors(seen)] == ["办结期限", "办理情况"]
    come(small_office, "grid-issues", workbook(tmp_path / "i.xlsx", ISSUE_HEADS, issues[:2], above=1))
    gas, wire = sorted(listed(small_office, "grid-issues"), key=lambda one: one.day)
    assert (gas.state, gas.satisfied, gas.person_id) == (
        IssueState.DONE,
        True,
        worker(small_office, "李䶮").person_id,
    )
    assert (wire.state, wire.closed) == (IssueState.OPEN, None)
    for key in ("resources", "grid-issues"):
        target = tmp_path / f"{key}.xlsx"
        listing = LEDGERS[key].listing
        assert listing is not None
        export(small_office, listing, target, Ask(), reveal=True, reason="核对")
        again = come(small_office, key, target)
        assert {outcome for _, outcome in outcomes(again)} == {"unchanged"}
        assert again.action is None
    assert done.action is not None
    # a later list settles what was open
    settled = [(*issues[1][:7], "已解决", "2026-03-09", "否")]
    seen = come(small_office, "grid-issues", workbook(tmp_path / "i.xlsx", ISSUE_HEADS, settled, above=1))
    assert [outcome for _, outcome in outcomes(seen)] == ["updated"]
    assert small_office.read(issue_row, wire.id).closed == date(2026, 3, 9)


def test_nobody_writes_into_the_lists_of_others(
    small_office: Office, office_at: Opening, tmp_path: Path
) -> None:
    mine = resource(small_office, FIRST, "微网格驿站")
    found = issue(small_office, FIRST, "路灯不亮")
    small_office.write(add_account, "liu", "柳荫", Role.CLERK, grid_id(small_office, LIUYIN))
    liu = office_at(small_office.store.address, "liu")
    there = {"grid_id": grid_id(small_office, FIRST), "kind": ResourceKind.PLACE, "name": "别处的"}
    for attempt in (
        lambda: liu.write(save_resource, None, there),
        lambda: liu.write(save_resource, mine, {"grid_id": grid_id(liu, LIUYIN)}),
        lambda: liu.write(remove_resources, [mine]),
        lambda: liu.write(settle_issues, [found]),
        lambda: liu.write(remove_issues, [found]),
    ):
        with pytest.raises(RuleBroken, match="超出权限范围"):
            attempt()
    rows = [("梧桐·第一网格", "阵地", "新的", None, None, None, None)]
    seen = come(liu, "resources", workbook(tmp_path / "r.xlsx", RESOURCE_HEADS, rows))
    assert seen.preview.rows[0].out_of_scope and seen.action is None


def test_lists_follow_the_grid_into_the_one_that_comes_after(small_office: Office) -> None:
    resource(small_office, FIRST, "微网格驿站", from_day=date(2026, 1, 1))
    resource(small_office, FIRST, "旧仓库", to_day=date(2026, 2, 1))
    left = issue(small_office, FIRST, "路灯不亮", day=date(2026, 5, 1))
    over = issue(small_office, FIRST, "井盖松动", day=date(2026, 5, 1), closed=date(2026, 5, 2))
    first, second = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    before = records(small_office)
    done = change(small_office, JULY, Merge((first, second), into=second))
    there = {(one.name, one.grid_id, one.from_day) for one in listed(small_office, "resources")}
    assert there == {("微网格驿站", second, JULY)}
    in_june = {one.grid_id for one in listed(small_office, "resources", day=JULY - timedelta(days=1))}
    assert in_june == {first}
    assert small_office.read(issue_row, left).grid_id == second
    assert small_office.read(issue_row, over).grid_id == first
    undone(small_office, before, done)
    # a grid that nothing comes after leaves what is open to the one above it
    micro = grid_id(small_office, MICRO_1)
    number = issue(small_office, MICRO_1, "噪声")
    posts = [row["id"] for row in records(small_office)["post"] if row["grid_id"] == micro]
    change(small_office, TODAY, Close(micro, leaving=tuple(posts)))
    assert small_office.read(issue_row, number).grid_id == second


@given(
    state=st.sampled_from(IssueState),
    days=st.tuples(*[st.none() | st.integers(-40, 5)] * 3),
)
def test_what_is_sound_is_settled_exactly_when_it_has_a_day(
    state: IssueState, days: tuple[int | None, ...]
) -> None:
    day, due, closed = (None if one is None else TODAY + timedelta(days=one) for one in days)
    sound = not rules.check_issue(state, day, due, closed, TODAY)
    if sound:
        assert (closed is not None) == (state not in rules.LEFT)
        assert closed is None or ((day is None or day <= closed) and closed <= TODAY)
        assert day is None or day <= TODAY
    for one in (TODAY, YESTERDAY):
        stands = rules.standing(due, closed, one)
        assert (stands is Standing.SETTLED) == (closed is not None and closed <= one)
        late = due is not None and due < one and stands is not Standing.SETTLED
        assert late == (stands is Standing.LATE)
    assert rules.state_said(None, closed) is (IssueState.OPEN if closed is None else IssueState.DONE)


def test_the_words_of_the_pack_are_offered(small_office: Office) -> None:
    pack = small_office.read(office_pack)
    assert rules.issue_kinds(pack) == rules.ISSUE_KINDS
    from gridoffice.grids.pack_text import load

    assert "燃气安全" in rules.issue_kinds(load("dayi"))
    assert "微光粒上报" in rules.sources(load("dayi"))
