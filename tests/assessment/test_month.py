"""A month from opening to its lock, on both databases: what each step takes, refuses and leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.enums import MonthState
from gridoffice import history
from gridoffice.assessment import month as kept
from gridoffice.assessment.locking import lock_month, verify_month
from gridoffice.assessment.month import month_facts, months
from gridoffice.assessment.results import sheet_trace, traces
from gridoffice.assessment.rows import results
from gridoffice.assessment.rules import MOVES, moves_from
from gridoffice.assessment.service import (
    compute,
    enter_values,
    exclude,
    move_month,
    open_month,
)
from gridoffice.errors import Conflict, Locked, NotFound, Refused, RuleBroken
from gridoffice.grids.service import save_grid
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.scoring.scheme import all_inputs
from gridoffice.scoring.scores import Inputs, points_of, score
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import (
    PERIOD,
    come,
    errors,
    good_values,
    grid_id,
    number,
    records,
    scheme,
    sheets,
    stepping,
    to,
    workbook,
    worker,
)

# Opening


def test_everybody_who_served_on_any_day_gets_one_sheet(small_office: Office) -> None:
    grid = grid_id(small_office, "519921001002002")
    add = lambda name, sequence, **days: small_office.write(  # noqa: E731
        save_worker, None, {"name": name, "id_number": number(sequence), "grid_id": grid, **days}
    )
    add("月末来", 80, from_day=date(2026, 6, 30))
    add("月初走", 81, from_day=date(2026, 1, 1), to_day=date(2026, 6, 1))
    add("下月来", 82, from_day=date(2026, 7, 1))
    add("上月走", 83, from_day=date(2026, 1, 1), to_day=date(2026, 5, 31))
    done = small_office.write(open_month, PERIOD)
    names = [sheet["name"] for sheet in sheets(small_office)]
    assert done.result == len(names) == 9
    assert {"月末来", "月初走", "张三"} <= set(names)
    assert not {"下月来", "上月走"} & set(names)
    facts = small_office.read(month_facts, PERIOD)
    assert (facts.state, facts.people, facts.scored, facts.computed) == (MonthState.COLLECTING, 9, 0, False)
    assert sum(facts.counts.values()) == 9


def test_somebody_who_moved_is_assessed_once_where_they_are_now(small_office: Office) -> None:
    one = worker(small_office, "李䶮")
    small_office.write(end_posts, [one.id], date(2026, 6, 10))
    from db.enums import Right
    from db.tables import Grid, Post
    from gridoffice.service import service

    @service("调动", needs=Right.EDIT_PEOPLE)
    def transfer(session: Any) -> None:
        grid = session.get_one(Grid, grid_id(small_office, "519921001002001"))
        session.add(
            Post(
                person_id=one.person_id,
                grid_id=grid.id,
                grid_path=grid.path,
                title="网格长",
                employment="full",
                concurrent=False,
                from_day=date(2026, 6, 11),
            )
        )

    small_office.write(transfer)
    small_office.write(open_month, PERIOD)
    (sheet,) = [sheet for sheet in sheets(small_office) if sheet["name"] == "李䶮"]
    assert (sheet["grid_name"], sheet["unit_name"], sheet["title"]) == ("柳荫·第一网格", "柳荫社区", "网格长")


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-13", "不是月份"),
        ("2026-6", "不是月份"),
        ("六月", "不是月份"),
        ("", "不是月份"),
        ("+026-06", "不是月份"),
        ("２０２６-06", "不是月份"),
        ("1990-01", "没有在岗的人"),
    ],
)
def test_a_month_that_cannot_be_opened(small_office: Office, period: str, said: str) -> None:
    small_office.write(end_posts, [worker(small_office, "赵𫍯").id], date(1989, 1, 1))
    with pytest.raises(RuleBroken, match=said):
        small_office.write(open_month, period)
    assert small_office.read(months) == []


def test_a_month_is_opened_once(small_office: Office) -> None:
    small_office.write(open_month, PERIOD)
    with pytest.raises(RuleBroken, match="已经开始了"):
        small_office.write(open_month, PERIOD)
    with pytest.raises(NotFound, match="没有考核方案“别的”"):
        small_office.write(open_month, "2026-07", "别的")
    with pytest.raises(NotFound, match="还没有开始考核"):
        small_office.write(compute, "2026-07")


def test_the_same_scheme_is_kept_once(small_office: Office) -> None:
    for period in ("2026-05", "2026-06"):
        small_office.write(open_month, period)
    small_office.write(open_month, "2026-07", "hecun")
    assert [(row["key"], row["edition"]) for row in records(small_office)["scheme"]] == [
        ("street-default", 1),
        ("hecun", 1),
    ]
    assert [(one.period, one.state) for one in small_office.read(months)] == [
        ("2026-07", MonthState.COLLECTING),
        ("2026-06", MonthState.COLLECTING),
        ("2026-05", MonthState.COLLECTING),
    ]


# Values


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"visits": Decimal(101)}, "0 至 100"),
        ({"visits": Decimal(-1)}, "0 以上"),
        ({"visits": "很好"}, "应为数"),
        ({"nonsense": 1}, "没有这些列"),
        ({"stale": Decimal("1.5")}, "整数"),
        ({"review": Decimal(11)}, "最多 10 分"),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    small_office: Office, values: Mapping[str, Any], said: str
) -> None:
    small_office.write(open_month, PERIOD)
    before = sheets(small_office)
    with pytest.raises(RuleBroken, match=said):
        small_office.write(enter_values, PERIOD, {before[0]["id"]: values})
    assert sheets(small_office) == before


def test_values_come_and_go_and_ask_for_computing_again(small_office: Office) -> None:
    small_office.write(open_month, PERIOD)
    small_office.write(enter_values, PERIOD, good_values(small_office))
    small_office.write(compute, PERIOD)
    assert small_office.read(month_facts, PERIOD).computed
    first = sheets(small_office)[0]["id"]
    done = small_office.write(enter_values, PERIOD, {first: {"visits": Decimal("88.5"), "stale": None}})
    assert done.title == f"已改“{sheets(small_office)[0]['name']}”的 2026年6月考核数据"
    recorded = kept.raw_values(scheme(small_office), sheets(small_office)[0])
    assert recorded["visits"] == Decimal("88.5")
    assert "stale" not in recorded
    assert not small_office.read(month_facts, PERIOD).computed
    same = small_office.write(enter_values, PERIOD, {first: {"visits": Decimal("88.5")}})
    assert (same.result, same.action) == (0, None)


def test_a_sheet_of_another_month_is_not_touched(small_office: Office) -> None:
    small_office.write(open_month, "2026-05")
    small_office.write(open_month, PERIOD)
    other = sheets(small_office, "2026-05")
    ids = [sheet["id"] for sheet in other]
    small_office.write(enter_values, PERIOD, {ids[0]: {"visits": Decimal(50)}})
    small_office.write(exclude, PERIOD, ids, "弄错了月份")
    assert sheets(small_office, "2026-05") == other


def workbook_of(office: Office, path: Path, **changes: Mapping[str, Any]) -> Path:
    """Everybody's values as a workbook, some of them changed by name and heading."""
    entries = all_inputs(scheme(office))
    values = good_values(office)
    headings = ["姓名", "身份证号码", *(entry.label for entry in entries)]
    rows = []
    for sheet in sheets(office):
        row: dict[str, Any] = {"姓名": sheet["name"], "身份证号码": sheet["id_number"]}
        for entry in entries:
            value = values[sheet["id"]][entry.key]
            row[entry.label] = ("是" if value else "否") if isinstance(value, bool) else value
        rows.append([*(row | changes.get(sheet["name"], {})).values()])
    return workbook(path / "指标.xlsx", headings, rows, above=2)


def test_a_workbook_says_the_same_as_typing_it(small_office: Office, tmp_path: Path) -> None:
    small_office.write(open_month, PERIOD)
    done = come(small_office, "indicators", workbook_of(small_office, tmp_path), month=PERIOD)
    assert (errors(done), done.preview.in_words()) == ([], "更新 7")
    ours = scheme(small_office)
    found = {sheet["id"]: kept.raw_values(ours, sheet) for sheet in sheets(small_office)}
    assert found == good_values(small_office)
    again = come(small_office, "indicators", workbook_of(small_office, tmp_path), month=PERIOD)
    assert (again.preview.in_words(), again.action) == ("无变化 7", None)


@pytest.mark.parametrize(
    ("name", "change", "field", "said"),
    [
        ("李䶮", {"入户走访率": "150%"}, "入户走访率", "0 至 100"),
        ("李䶮", {"入户走访率": "很好"}, "入户走访率", ""),
        ("李䶮", {"身份证号码": number(99)}, "身份证号码", "考核里没有“李䶮”"),
        ("李䶮", {"姓名": "李尧"}, "姓名", "是“李䶮”，这里写的是“李尧”"),
        ("赵𫍯", {"姓名": "赵四"}, "姓名", "考核里没有“赵四”"),
        ("李䶮", {"姓名": "张三", "身份证号码": None}, "姓名", "有 2 个“张三”"),
        ("李䶮", {"姓名": "单晓琴", "身份证号码": None}, "姓名", "同一个人"),
    ],
)
def test_a_wrong_row_of_values_is_named(
    small_office: Office, tmp_path: Path, name: str, change: dict[str, Any], field: str, said: str
) -> None:
    small_office.write(open_month, PERIOD)
    before = sheets(small_office)
    done = come(
        small_office, "indicators", workbook_of(small_office, tmp_path, **{name: change}), month=PERIOD
    )
    assert any(f == field and said in message for _, f, message in errors(done)), errors(done)
    assert not done.preview.written
    assert sheets(small_office) == before


# Computing


def test_what_is_stored_is_what_pure_scoring_says(street_office: Office, demo_street: Any) -> None:
    period = demo_street.month
    ours = scheme(street_office, period)
    rows = sheets(street_office, period)
    scored = score(
        ours,
        [
            Inputs(
                row["id"],
                kept.raw_values(ours, row),
                row["unit_path"],
                adjustment=row["adjustment"] or Decimal(0),
                granted=row["granted"],
            )
            for row in rows
        ],
    )
    assert len(rows) > 300
    for row, pure in zip(rows, scored, strict=True):
        assert (row["total"], row["grade"], row["rank"], row["unit_rank"]) == (
            pure.total,
            pure.grade,
            pure.rank,
            pure.group_rank,
        )
        points = points_of(ours, row["points"])
        assert [points.get(indicator.key) for indicator in ours.indicators] == list(pure.parts)


def test_computing_twice_changes_nothing_but_the_moment(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    before = sheets(small_office)
    small_office.write(compute, PERIOD)
    assert sheets(small_office) == before


def test_ranks_and_grades_in_the_list_add_up(street_office: Office, demo_street: Any) -> None:
    facts = street_office.read(month_facts, demo_street.month)
    listing = street_office.read(results, demo_street.month)
    rows = street_office.read(lambda session: listing.rows(session, listing.ids(session, Ask())))
    assert len(rows) == facts.people == facts.scored
    assert [row.rank for row in rows] == sorted(row.rank for row in rows)
    assert {grade: sum(1 for row in rows if row.grade == grade) for grade in facts.counts} == dict(
        facts.counts
    )
    totals: list[Decimal] = [row.total for row in rows]
    assert facts.mean is not None
    assert abs(sum(totals, Decimal(0)) / len(totals) - facts.mean) <= Decimal("0.005")


def test_a_trace_adds_up_to_the_total(street_office: Office, demo_street: Any) -> None:
    ours = scheme(street_office, demo_street.month)
    told = street_office.read(traces, demo_street.month)
    for sheet in sheets(street_office, demo_street.month):
        trace = told[sheet["id"]]
        assert sum(Decimal(term["points"]) for term in trace["terms"]) == sheet["total"], sheet["name"]
        sum_said, total_said = trace["formula"].split(" = ")
        signed = re.findall(r"([+−-])? ?[^ ]+ (\d+(?:\.\d+)?)", sum_said)
        assert sum(
            Decimal(number) * (-1 if sign in "−-" and sign else 1) for sign, number in signed
        ) == Decimal(total_said)
        assert Decimal(total_said) == sheet["total"]
        assert sheet["grade"] in trace["verdict"]
        points = {line["key"]: line["points"] for line in trace["lines"] if line["points"] is not None}
        assert points == {key: str(part) for key, part in points_of(ours, sheet["points"]).items()}
    assert street_office.read(sheet_trace, sheets(street_office, demo_street.month)[0]["id"])["lines"]


def test_a_trace_before_the_lock_is_the_one_after_it(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    before = {sheet["id"]: small_office.read(sheet_trace, sheet["id"]) for sheet in sheets(small_office)}
    stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)
    assert small_office.read(traces, PERIOD) == before


# Moving


@pytest.mark.parametrize("start", list(MonthState))
@pytest.mark.parametrize("end", list(MonthState))
def test_every_move_but_the_legal_ones_is_refused(
    small_office: Office, start: MonthState, end: MonthState
) -> None:
    to(small_office, start) if start is not MonthState.COLLECTING else small_office.write(open_month, PERIOD)
    if start is MonthState.COLLECTING:
        small_office.write(enter_values, PERIOD, good_values(small_office))
        small_office.write(compute, PERIOD)
    legal = end in [move.to for move in moves_from(start)]
    order = list(MonthState)
    mover = stepping(small_office, max(start, end, key=order.index))
    if start is MonthState.LOCKED:
        with pytest.raises(Locked):
            mover.write(move_month, PERIOD, end)
    elif legal and end is not MonthState.LOCKED:
        mover.write(move_month, PERIOD, end)
        assert small_office.read(month_facts, PERIOD).state is end
        return
    else:
        with pytest.raises(RuleBroken):
            mover.write(move_month, PERIOD, end)
    assert small_office.read(month_facts, PERIOD).state is start


def test_locking_has_its_own_way_and_only_from_publicity(small_office: Office) -> None:
    for state in (MonthState.COLLECTING, MonthState.SCORING, MonthState.REVIEW):
        small_office.write(open_month, PERIOD) if state is MonthState.COLLECTING else None
        with pytest.raises(RuleBroken, match="不能直接到锁定"):
            stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)
        if state is MonthState.COLLECTING:
            small_office.write(enter_values, PERIOD, good_values(small_office))
            small_office.write(compute, PERIOD)
        following = list(MonthState)[list(MonthState).index(state) + 1]
        stepping(small_office, following).write(move_month, PERIOD, following)
    stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)
    with pytest.raises(Locked, match="早已锁定"):
        stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)


def test_moves_start_and_end_in_states_there_are() -> None:
    assert {move.start for move in MOVES} | {move.to for move in MOVES} == set(MonthState)
    assert moves_from(MonthState.LOCKED) == ()


def test_missing_values_hold_a_month_back(small_office: Office) -> None:
    small_office.write(open_month, PERIOD)
    values = good_values(small_office)
    late = sheets(small_office)[2]
    values[late["id"]].pop("visits")
    small_office.write(enter_values, PERIOD, values)
    with pytest.raises(RuleBroken, match="先重新计算"):
        small_office.write(move_month, PERIOD, MonthState.SCORING)
        small_office.write(move_month, PERIOD, MonthState.REVIEW)
    small_office.write(compute, PERIOD)
    with pytest.raises(RuleBroken, match=f"还差 1 人的分：{late['name']}"):
        small_office.write(move_month, PERIOD, MonthState.REVIEW)
    facts = small_office.read(month_facts, PERIOD)
    assert (facts.people, facts.scored, facts.counts[None]) == (7, 6, 1)
    small_office.write(exclude, PERIOD, [late["id"]], "产假")
    with pytest.raises(RuleBroken, match="先重新计算"):
        small_office.write(move_month, PERIOD, MonthState.REVIEW)
    small_office.write(compute, PERIOD)
    small_office.write(move_month, PERIOD, MonthState.REVIEW)
    assert small_office.read(month_facts, PERIOD).people == 6


def test_after_publicity_values_stay(small_office: Office, tmp_path: Path) -> None:
    to(small_office, MonthState.PUBLIC)
    before, first = sheets(small_office), sheets(small_office)[0]["id"]
    for attempt in (
        lambda: small_office.write(enter_values, PERIOD, {first: {"visits": Decimal(1)}}),
        lambda: small_office.write(compute, PERIOD),
        lambda: small_office.write(exclude, PERIOD, [first], "x"),
        lambda: come(
            small_office,
            "indicators",
            workbook_of(small_office, tmp_path, 李䶮={"入户走访率": 1}),
            month=PERIOD,
        ),
    ):
        with pytest.raises(Refused, match="在公示，要改分先退回复核"):
            attempt()
    assert sheets(small_office) == before
    small_office.write(move_month, PERIOD, MonthState.REVIEW)
    small_office.write(enter_values, PERIOD, {first: {"visits": Decimal(1)}})
    with pytest.raises(RuleBroken, match="先重新计算"):
        stepping(small_office, MonthState.PUBLIC).write(move_month, PERIOD, MonthState.PUBLIC)
    small_office.write(compute, PERIOD)
    stepping(small_office, MonthState.PUBLIC).write(move_month, PERIOD, MonthState.PUBLIC)


# Undo


def test_every_step_before_the_lock_is_taken_back_and_done_again(
    small_office: Office, tmp_path: Path
) -> None:
    steps = (
        lambda: small_office.write(open_month, PERIOD),
        lambda: come(small_office, "indicators", workbook_of(small_office, tmp_path), month=PERIOD),
        lambda: small_office.write(compute, PERIOD),
        lambda: small_office.write(move_month, PERIOD, MonthState.SCORING),
        lambda: small_office.write(exclude, PERIOD, [sheets(small_office)[-1]["id"]], "借调"),
        lambda: small_office.write(compute, PERIOD),
        lambda: small_office.write(move_month, PERIOD, MonthState.REVIEW),
        lambda: stepping(small_office, MonthState.PUBLIC).write(move_month, PERIOD, MonthState.PUBLIC),
    )
    states = [records(small_office)]
    for step in steps:
        step()
        states.append(records(small_office))
    for state in reversed(states[:-1]):
        small_office.write(history.undo)
        assert records(small_office) == state
    for state in states[1:]:
        small_office.write(history.redo)
        assert records(small_office) == state
    stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)
    assert small_office.read(verify_month, PERIOD) == []


def test_after_the_lock_nothing_of_the_month_is_taken_back(small_office: Office) -> None:
    first = small_office.write(open_month, PERIOD).action
    small_office.write(enter_values, PERIOD, good_values(small_office))
    small_office.write(compute, PERIOD)
    for state in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC):
        stepping(small_office, state).write(move_month, PERIOD, state)
    stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)
    last = small_office.read(history.journal, 1)[0].id
    before = records(small_office)
    with pytest.raises(Refused, match="没有可以撤销的了"):
        small_office.write(history.undo)
    assert first is not None
    for action in range(first, last + 1):
        with pytest.raises((Locked, Refused, Conflict)):
            small_office.write(history.undo, action)
    assert records(small_office) == before
    assert small_office.read(verify_month, PERIOD) == []


def test_after_the_lock_the_rest_goes_on_and_can_be_undone(small_office: Office) -> None:
    to(small_office, MonthState.LOCKED)
    before = records(small_office)
    one = worker(small_office, "李䶮")
    small_office.write(save_worker, one.id, {"name": "李尧", "id_number": None, "phone": "13911112222"})
    small_office.write(save_grid, grid_id(small_office, "519921001001"), {"name": "新梧桐社区"})
    small_office.write(end_posts, [one.id], date.today() - timedelta(days=1))
    # the locked month keeps the old names
    (sheet,) = [sheet for sheet in sheets(small_office) if sheet["person_id"] == one.person_id]
    assert (sheet["name"], sheet["grid_name"], sheet["unit_name"]) == ("李䶮", "梧桐·第一网格", "梧桐社区")
    listing = small_office.read(results, PERIOD)
    shown = small_office.read(lambda session: listing.rows(session, listing.ids(session, Ask())))
    assert "李䶮" in [row.name for row in shown]
    assert small_office.read(verify_month, PERIOD) == []
    for _ in range(3):
        small_office.write(history.undo)
    assert records(small_office) == before


def test_a_person_of_a_locked_month_is_not_undone_away(small_office: Office) -> None:
    made = small_office.write(
        save_worker,
        None,
        {"name": "周敏", "id_number": number(88), "grid_id": grid_id(small_office, "519921001001")},
    )
    to(small_office, MonthState.LOCKED)
    with pytest.raises(Conflict, match="周敏”后来被别处用到"):
        small_office.write(history.undo, made.action)
    assert small_office.read(verify_month, PERIOD) == []


def test_a_locked_month_is_not_opened_again(small_office: Office) -> None:
    to(small_office, MonthState.LOCKED)
    with pytest.raises(RuleBroken, match="已经开始了"):
        small_office.write(open_month, PERIOD)
    attempts: list[Any] = [
        (compute, ()),
        (enter_values, ({1: {"visits": Decimal(1)}},)),
        (exclude, ([1], "x")),
        (move_month, (MonthState.REVIEW,)),
    ]
    for service, arguments in attempts:
        with pytest.raises(Locked):
            small_office.write(service, PERIOD, *arguments)
