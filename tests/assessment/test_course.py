"""The course of a month: who takes which step, areas and departments, editions, what has come in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.enums import MonthState, OpinionStage, Reach, Right, Role, Standing, Target
from db.tables import Account, Person, Post
from gridoffice import history
from gridoffice.accounts.keeping import add_account, bind_account
from gridoffice.accounts.service import sign_in
from gridoffice.assessment.collection import SCORER, UNIT, progress, spoken
from gridoffice.assessment.departments import save_department
from gridoffice.assessment.dues import set_due
from gridoffice.assessment.locking import lock_month, verify_month
from gridoffice.assessment.month import month_facts, month_number, months
from gridoffice.assessment.opinions import give_opinion
from gridoffice.assessment.presence import set_presence
from gridoffice.assessment.reopening import month_diff, reopen_month
from gridoffice.assessment.rules import days_served
from gridoffice.assessment.service import (
    compute,
    enter_values,
    exclude,
    move_month,
    open_month,
    readmit,
    refresh_month,
)
from gridoffice.assessment.since_locked import ledgers_since
from gridoffice.assessment.working_days import HOLIDAYS, is_working, later
from gridoffice.demo.build import build_pack
from gridoffice.errors import Locked, NotFound, Refused, RuleBroken
from gridoffice.grids.listing import office_pack
from gridoffice.grids.pack import Axis
from gridoffice.office import Office
from gridoffice.overview.sheet_story import sheet_story
from gridoffice.scoring.scheme import all_inputs
from gridoffice.service import service
from tests.offices import PERIOD, good_values, records, scheme, sheets, stepping, to

AREA = "area-evaluation"


def bind(office: Office, account: str, person: str | None, scorer: str = "") -> None:
    number = office.read(lambda session: session.scalar(select(Person.id).where(Person.name == person)))
    office.write(bind_account, account, number, scorer)


@service("停用账号（测试）", needs=Right.ADMINISTER)
def only(session: Any, name: str) -> None:
    for one in session.scalars(select(Account)):
        one.active = one.name == name


def as_account(office: Office, name: str) -> Office:
    return Office(office.store, office.read(sign_in, name))


# Who takes which step


def test_nobody_reviews_or_approves_what_he_submitted(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    with pytest.raises(Refused, match="要由别人复核"):
        small_office.write(move_month, PERIOD, MonthState.PUBLIC)
    stepping(small_office, MonthState.PUBLIC).write(move_month, PERIOD, MonthState.PUBLIC)
    with pytest.raises(Refused, match="要由别人审定"):
        small_office.write(move_month, PERIOD, MonthState.APPROVED)
    with pytest.raises(Refused, match="要由别人审定"):
        small_office.write(lock_month, PERIOD)
    stepping(small_office, MonthState.APPROVED).write(move_month, PERIOD, MonthState.APPROVED)
    facts = small_office.read(month_facts, PERIOD)
    assert (facts.submitted_by, facts.reviewed_by, facts.approved_by) == (
        small_office.who.name,
        "reviewer",
        "leader",
    )


def test_who_is_alone_does_it_alone_and_the_journal_says_so(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    small_office.write(only, small_office.who.name)
    done = small_office.write(move_month, PERIOD, MonthState.PUBLIC)
    assert "一人办理" in done.title
    assert "一人办理" in small_office.write(lock_month, PERIOD).title


def test_nobody_enters_his_own_sheet(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    bind(small_office, "clerk", "李䶮")
    clerk = as_account(small_office, "clerk")
    own = next(row["id"] for row in sheets(small_office) if row["name"] == "李䶮")
    other = next(row["id"] for row in sheets(small_office) if row["name"] != "李䶮")
    values = good_values(small_office, 5)
    with pytest.raises(Refused, match="本人"):
        clerk.write(enter_values, PERIOD, {own: values[own], other: values[other]})
    assert clerk.write(enter_values, PERIOD, {other: values[other]}).result == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_worker_marks_himself_and_nothing_else(small_office: Office) -> None:
    """自评 by the worker: an account of his own (经办人, 仅本人) sees his sheet, marks it, and is told that the
    rest of it is for others. How a server holds it to that: tests/server."""
    to(small_office, MonthState.SCORING)
    small_office.write(add_account, "li", "李䶮", Role.CLERK, reach=Reach.OWN)
    bind(small_office, "li", "李䶮")
    worker = as_account(small_office, "li")
    own = next(row["id"] for row in sheets(small_office) if row["name"] == "李䶮")
    other = next(row["id"] for row in sheets(small_office) if row["name"] != "李䶮")
    assert [row["id"] for row in sheets(worker)] == [own]
    worker.write(give_opinion, own, OpinionStage.SELF, points=Decimal(92), text="走访补录了两户")
    story = worker.read(sheet_story, own)
    assert story.own and "本人" in story.cannot
    assert [(one.stage, one.points, one.by) for one in story.opinions] == [(OpinionStage.SELF, 92, "李䶮")]
    assert small_office.read(sheet_story, own).opinions[0].points == 92
    before = records(small_office)
    refused: list[tuple[Any, tuple[Any, ...]]] = [
        (give_opinion, (own, OpinionStage.FIRST, Decimal(99))),
        (give_opinion, (other, OpinionStage.SELF, Decimal(9))),
        (enter_values, (PERIOD, {own: good_values(small_office, 5)[own]})),
        (set_presence, ([own], 0, None, Standing.PROBATION)),
        (exclude, (PERIOD, [own], "自己不参加")),
    ]
    for action, asked in refused:
        with pytest.raises((Refused, NotFound)):
            worker.write(action, *asked)
    assert records(small_office) == before
    assert not small_office.read(sheet_story, own).own


def test_a_scorer_delivers_his_own_indicators_only(small_office: Office) -> None:
    to(small_office, MonthState.COLLECTING)
    own = next(one for one in scheme(small_office).indicators if one.scorer)
    foreign = next(one for one in scheme(small_office).indicators if one.scorer != own.scorer)
    assert own.scorer in [one.name for one in small_office.read(progress, PERIOD) if one.kind == SCORER]
    bind(small_office, "clerk", None, own.scorer)
    clerk = as_account(small_office, "clerk")
    one = sheets(small_office)[0]["id"]
    with pytest.raises(Refused, match=f"{foreign.name}不由你这里评分"):
        clerk.write(enter_values, PERIOD, {one: {own.key: Decimal(7), foreign.key: Decimal(7)}})
    assert clerk.write(enter_values, PERIOD, {one: {own.key: Decimal(7)}}).result == 1


# Publicity and deadlines


def test_publicity_runs_over_working_days(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    facts = small_office.read(month_facts, PERIOD)
    calendar = small_office.read(HOLIDAYS.of)
    assert facts.public_from == date.today()
    assert facts.public_to == later(calendar, date.today(), scheme(small_office).publicity_days)
    assert facts.entered["public"] == f"{date.today()}"


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(1, 40))
def test_so_many_working_days_lie_between(day: date, count: int) -> None:
    calendar = HOLIDAYS.read(HOLIDAYS.shipped())
    last = later(calendar, day, count)
    assert is_working(calendar, last)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(is_working(calendar, one) for one in between) == count


def test_holidays_and_days_worked_instead() -> None:
    calendar = HOLIDAYS.read(HOLIDAYS.shipped())
    assert later(calendar, date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert is_working(calendar, date(2026, 10, 10)) and not is_working(calendar, date(2026, 10, 11))


def test_steps_are_due_in_their_order(small_office: Office) -> None:
    to(small_office, MonthState.COLLECTING)
    small_office.write(set_due, PERIOD, {MonthState.COLLECTING: date(2026, 7, 5), MonthState.SCORING: None})
    assert small_office.read(month_facts, PERIOD).due == {"collecting": "2026-07-05"}
    with pytest.raises(RuleBroken, match="早于"):
        small_office.write(set_due, PERIOD, {MonthState.REVIEW: date(2026, 7, 1)})


# Who takes part


def test_who_was_left_out_comes_back_with_what_was_recorded(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    before = sheets(small_office)
    one = before[0]
    small_office.write(exclude, PERIOD, [one["id"]], "长期病假")
    small_office.write(compute, PERIOD)
    facts = small_office.read(month_facts, PERIOD)
    assert (facts.people, facts.excluded) == (len(before) - 1, 1)
    gone = next(row for row in sheets(small_office) if row["id"] == one["id"])
    assert (gone["standing"], gone["standing_reason"], gone["total"]) == (Standing.EXCLUDED, "长期病假", None)
    small_office.write(readmit, PERIOD, [one["id"]])
    small_office.write(compute, PERIOD)
    results = [(row["total"], row["grade"], row["rank"]) for row in sheets(small_office)]
    assert results == [(row["total"], row["grade"], row["rank"]) for row in before]
    with pytest.raises(RuleBroken, match="原因"):
        small_office.write(exclude, PERIOD, [one["id"]], " ")


def test_nobody_comes_twice(small_office: Office) -> None:
    to(small_office, MonthState.COLLECTING)
    assert small_office.write(refresh_month, PERIOD).action is None


@given(
    st.lists(
        st.tuples(st.dates(date(2026, 5, 20), date(2026, 7, 10)), st.integers(0, 60)), min_size=0, max_size=5
    )
)
def test_days_side_by_side_count_once(spans: list[tuple[date, int]]) -> None:
    first, last = date(2026, 6, 1), date(2026, 6, 30)
    held = [(day, day + timedelta(days=more)) for day, more in spans]
    month = [first + timedelta(days=n) for n in range(30)]
    assert days_served(held, first, last) == sum(any(a <= day <= b for a, b in held) for day in month)


# Areas and departments beside posts


def test_areas_are_assessed_beside_posts(small_office: Office) -> None:
    to(small_office, MonthState.COLLECTING)
    count = small_office.write(open_month, PERIOD, AREA).result
    area = small_office.read(month_facts, f"{PERIOD}/{AREA}")
    assert (area.target, area.people) == (Target.AREA, count)
    rows = sheets(small_office, area.id)  # type: ignore[arg-type]
    assert all(row["grid_id"] and row["person_id"] is None and row["days"] == 30 for row in rows)
    assert small_office.read(month_facts, PERIOD).target is Target.POST
    assert [one.address for one in small_office.read(months)] == [PERIOD, f"{PERIOD}/{AREA}"]
    with pytest.raises(RuleBroken, match="已经开始了"):
        small_office.write(open_month, PERIOD, AREA)
    with pytest.raises(NotFound, match="没有第 4 版"):
        small_office.read(month_number, f"{PERIOD}/{AREA}/4")


def test_departments_are_assessed(small_office: Office) -> None:
    with pytest.raises(RuleBroken, match="先登记部门"):
        small_office.write(open_month, PERIOD, "department-evaluation")
    for name in ("城管办", "应急办"):
        small_office.write(save_department, None, {"name": name})
    small_office.write(open_month, PERIOD, "department-evaluation")
    assert [row["name"] for row in sheets(small_office)] == ["城管办", "应急办"]


# Editions


def test_a_locked_month_is_followed_by_an_edition_and_stays(small_office: Office) -> None:
    to(small_office, MonthState.LOCKED)
    locked = sheets(small_office)
    first = small_office.read(month_number, PERIOD)
    leader = as_account(small_office, "leader")
    with pytest.raises(RuleBroken, match="原因"):
        leader.write(reopen_month, PERIOD, " ")
    before = records(small_office)
    second = leader.write(reopen_month, PERIOD, "漏报走访数据").result
    assert small_office.read(month_diff, second).moved == ()
    with pytest.raises(RuleBroken, match="已有第 2 版"):
        leader.write(reopen_month, first, "再来")
    with pytest.raises(RuleBroken, match="还没有锁定"):
        leader.write(reopen_month, PERIOD, "再来")
    sheet = sheets(small_office)[2]
    small_office.write(enter_values, PERIOD, {sheet["id"]: {"visits": Decimal(12)}})
    small_office.write(compute, PERIOD)
    found = small_office.read(month_diff, PERIOD)
    assert (found.edition, found.followed, found.reason) == (2, 1, "漏报走访数据")
    own = next(one for one in found.moved if one.name == sheet["name"])
    assert own.values and own.after.total != own.before.total
    assert sheets(small_office, first) == locked  # type: ignore[arg-type]
    assert small_office.read(verify_month, first) == []
    stepping(small_office, MonthState.PUBLIC).write(move_month, PERIOD, MonthState.PUBLIC)
    small_office.write(lock_month, PERIOD)
    assert small_office.read(verify_month, PERIOD) == small_office.read(verify_month, first) == []
    with pytest.raises(Locked):
        small_office.write(enter_values, first, {locked[0]["id"]: {"visits": Decimal(1)}})
    assert len(before["month"]) == 1


def test_taking_up_a_month_again_is_taken_back(small_office: Office) -> None:
    to(small_office, MonthState.LOCKED)
    before = records(small_office)
    as_account(small_office, "leader").write(reopen_month, PERIOD, "更正")
    small_office.write(history.undo)
    assert records(small_office) == before


# What has come in, and what ledgers say since


def test_what_has_come_in_is_counted_by_scorer_and_unit(small_office: Office) -> None:
    small_office.write(open_month, PERIOD)
    assert all(one.filled == 0 for one in small_office.read(progress, PERIOD))
    values = good_values(small_office)
    first = next(iter(values))
    small_office.write(enter_values, PERIOD, {first: values[first]})
    found = small_office.read(progress, PERIOD)
    by_scorer = [one for one in found if one.kind == SCORER]
    by_unit = [one for one in found if one.kind == UNIT]
    assert sum(one.wanted for one in by_unit) == sum(one.wanted for one in by_scorer)
    assert 0 < sum(one.filled for one in by_unit) == sum(one.filled for one in by_scorer)
    small_office.write(enter_values, PERIOD, values)
    assert all(one.done for one in small_office.read(progress, PERIOD))


def test_who_has_not_been_marked_yet_is_counted_and_named(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    rows = sorted(sheets(small_office), key=lambda row: (row["grid_path"], row["id"]))
    first, out, *rest = rows
    small_office.write(exclude, PERIOD, [out["id"]], "借调")
    small_office.write(give_opinion, first["id"], OpinionStage.SELF, Decimal(90))
    small_office.write(give_opinion, rest[0]["id"], OpinionStage.FIRST, text="还行")
    itself, reviewer = small_office.read(spoken, PERIOD, None)
    assert (itself.stage, itself.wanted, itself.given, itself.owing) == (
        OpinionStage.SELF,
        len(rows) - 1,
        1,
        len(rows) - 2,
    )
    assert itself.missing == tuple(row["name"] for row in rest)
    assert reviewer.missing == tuple(row["name"] for row in (first, *rest[1:]))
    (named, _) = small_office.read(spoken, PERIOD, 1)
    assert named.missing == (rest[0]["name"],) and named.owing == len(rows) - 2
    for row in rest:
        small_office.write(give_opinion, row["id"], OpinionStage.SELF, Decimal(80))
    assert small_office.read(spoken, PERIOD)[0].owing == 0


def test_a_ledger_that_changed_since_is_told(small_office: Office) -> None:
    to(small_office, MonthState.LOCKED)
    assert small_office.read(ledgers_since, PERIOD) == []

    @service("改名（测试）", needs=Right.EDIT_PEOPLE)
    def rename(session: Any) -> None:
        session.scalar(select(Person).where(Person.name == "李䶮")).name = "李㐂"

    small_office.write(rename)
    (said,) = small_office.read(ledgers_since, PERIOD)
    assert "李䶮" in said and "李㐂" in said
    assert small_office.read(verify_month, PERIOD) == []


def test_a_second_account_of_the_office_ends_being_alone(small_office: Office) -> None:
    small_office.write(only, small_office.who.name)
    small_office.write(add_account, "lin", "林审定", Role.LEADER)
    to_review(small_office)
    with pytest.raises(Refused, match="林审定"):
        small_office.write(move_month, PERIOD, MonthState.PUBLIC)


def to_review(office: Office) -> None:
    office.write(open_month, PERIOD)
    office.write(enter_values, PERIOD, good_values(office))
    office.write(compute, PERIOD)
    for state in (MonthState.SCORING, MonthState.REVIEW):
        office.write(move_month, PERIOD, state)


# Managing and supervising kept apart (东城)


def test_who_manages_a_grid_neither_scores_nor_judges_it(tmp_path: Path) -> None:
    """In 东城 one axis manages the grids and another supervises them: a manager neither enters, reviews, adjusts
    nor answers appeals of what lies in his grid; of any other grid he may."""
    built = build_pack(tmp_path, "dongcheng", date(2026, 9, 15))
    office = Office.open(built.database)
    pack = office.read(office_pack)
    managing = {post.label for post in pack.posts if post.axis is Axis.MANAGE}
    assert pack.options.separate and managing
    office.write(open_month, "2026-09")
    rows = sheets(office, "2026-09")

    def managers(session: Any) -> list[tuple[int, str]]:
        query = select(Post.person_id, Post.grid_path).where(Post.title.in_(managing), Post.to_day.is_(None))
        return [tuple(row) for row in session.execute(query.order_by(Post.grid_path))]

    person, path = office.read(managers)[0]
    inside = next(row for row in rows if path.startswith(row["grid_path"]))
    outside = next(row for row in rows if not path.startswith(row["grid_path"]))
    office.write(bind_account, "wangmin", person, "")
    manager = as_account(office, "wangmin")
    values = {all_inputs(scheme(office, "2026-09"))[0].key: 1}
    with pytest.raises(Refused, match="里有你管理的网格"):
        manager.write(enter_values, "2026-09", {inside["id"]: values})
    with pytest.raises(Refused, match="管理和监督分开"):
        manager.write(give_opinion, inside["id"], OpinionStage.FIRST, Decimal(60), text="不好")
    assert manager.write(give_opinion, outside["id"], OpinionStage.FIRST, Decimal(60), text="不好").result
    assert manager.write(enter_values, "2026-09", {outside["id"]: values}).result == 1
    office.close()
