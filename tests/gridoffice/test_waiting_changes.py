"""Changes dated after today: kept, listed, carried out on their day against the tree as it then is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.enums import Role, Zone
from gridoffice.accounts.keeping import add_account
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids import changing
from gridoffice.grids.changing import carry_out_plan, give_up_plan, preview
from gridoffice.grids.history import story
from gridoffice.grids.operation_text import operations_of, plain
from gridoffice.grids.operations import (
    Basis,
    Close,
    Convert,
    Establish,
    Facts,
    Merge,
    Move,
    Operation,
    Recode,
    Rename,
    Revise,
    Share,
    Split,
)
from gridoffice.grids.waiting import waiting
from gridoffice.office import Office
from gridoffice.overview.findings import Topic, check
from gridoffice.overview.glance import glance
from gridoffice.overview.questions import changes
from gridoffice.safekeeping import verify
from tests.gridoffice.tree_changes import (
    AUGUST,
    FIRST,
    JULY,
    JUNE,
    LIUYIN,
    MAY,
    SECOND,
    WUTONG,
    change,
    households,
    refused,
    split_of,
    tree,
    undone,
)
from tests.offices import grid_id, records

TOMORROW = date.today() + timedelta(days=1)


@pytest.fixture
def in_may(monkeypatch: pytest.MonkeyPatch):
    """It is the middle of May 2026 until this is called."""

    class May(date):
        @classmethod
        def today(cls) -> date:
            return MAY

    monkeypatch.setattr(changing, "date", May)
    return monkeypatch.undo


def test_a_change_of_a_day_to_come_is_kept_and_changes_nothing_yet(small_office: Office) -> None:
    before, now = records(small_office), tree(small_office)
    first = grid_id(small_office, FIRST)
    done = change(
        small_office, TOMORROW, Rename(first, "明天网格"), reason="小区改名", approval="〔2026〕9号"
    )
    assert done.title == f"存下待生效的调整：“第一网格”更名为“明天网格”（{TOMORROW} 起）"
    assert tree(small_office) == now and tree(small_office, TOMORROW) == now
    assert small_office.read(story, first) == []
    (plan,) = small_office.read(waiting)
    assert (plan.id, plan.day, plan.grids) == (done.result.plan, TOMORROW, (first,))
    assert (plan.basis.reason, plan.basis.approval) == ("小区改名", "〔2026〕9号")
    assert plan.operations == (Rename(first, "明天网格"),)
    assert small_office.read(waiting, [grid_id(small_office, LIUYIN)]) == []
    assert small_office.read(waiting, by=date.today()) == []
    with pytest.raises(RuleBroken, match="到那天再办"):
        small_office.write(carry_out_plan, plan.id)
    undone(small_office, before, done)
    assert done.action is not None
    (told,) = small_office.read(changes, done.action, 10)
    assert (told.noun, told.name) == ("待生效的网格变动", "“第一网格”更名为“明天网格”")


def test_on_its_day_it_is_carried_out_whole_and_undone_whole(small_office: Office, in_may) -> None:
    split = split_of(small_office)
    plan = change(small_office, JULY, split, reason="户数太多").result.plan
    in_may()
    before, was = records(small_office), tree(small_office)
    (due,) = small_office.read(waiting, by=date.today())
    assert due.id == plan and due.operations == (split,)
    done = small_office.write(carry_out_plan, plan)
    assert small_office.read(waiting) == []
    assert FIRST not in tree(small_office) and tree(small_office, JUNE) == was
    event = small_office.read(story, grid_id(small_office, FIRST))[-1]
    assert (event.day, event.reason) == (JULY, "户数太多")
    undone(small_office, before, done)
    with pytest.raises(NotFound, match="已不在了"):
        small_office.write(carry_out_plan, plan)


def test_what_forbids_it_by_then_is_told_then(small_office: Office, in_may) -> None:
    first, second = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    plan = change(small_office, JULY, Rename(second, "河畔网格")).result.plan
    in_may()
    change(small_office, JUNE, Rename(first, "河畔网格"))
    before = records(small_office)
    with pytest.raises(RuleBroken, match="这里已有一个“河畔网格”"):
        small_office.write(carry_out_plan, plan)
    assert records(small_office) == before
    change(small_office, AUGUST, Rename(first, "溪畔网格"), Rename(second, "第二"))
    with pytest.raises(RuleBroken, match="2026-08-01 已有变动"):
        small_office.write(carry_out_plan, plan)
    small_office.write(carry_out_plan, plan, Basis(date(2026, 9, 1)))
    assert tree(small_office)[SECOND][-1] == "河畔网格"
    assert tree(small_office, AUGUST)[SECOND][-1] == "第二"


def test_a_rule_that_is_broken_today_only_warns_of_a_day_to_come(small_office: Office) -> None:
    first = grid_id(small_office, FIRST)
    told = small_office.read(preview, Basis(TOMORROW), [Close(first)])
    assert told.allowed
    assert [one.message[:11] for one in told.problems] == ["到那天还是这样就办不成"] * len(told.problems)
    assert len(told.problems) >= 2
    change(small_office, TOMORROW, Close(first))
    # but what makes no sense on any day is refused at once
    said = refused(
        small_office,
        TOMORROW,
        Split(first, (Share("甲", Facts(households=1)), Share("乙", Facts(households=1)))),
    )
    assert "原有" in said


def test_it_waits_for_another_day_or_is_given_up(small_office: Office) -> None:
    first = grid_id(small_office, FIRST)
    plan = change(small_office, TOMORROW, Rename(first, "明天网格")).result.plan
    later = Basis(TOMORROW + timedelta(days=30), "再等等", "〔2026〕10号")
    before = records(small_office)
    done = small_office.write(carry_out_plan, plan, later)
    (kept,) = small_office.read(waiting)
    assert kept.basis == later and done.result.plan == plan
    undone(small_office, before, done)
    before = records(small_office)
    done = small_office.write(give_up_plan, plan)
    assert small_office.read(waiting) == []
    undone(small_office, before, done)


def test_nobody_plans_beyond_the_own_grids(small_office: Office) -> None:
    liu = grid_id(small_office, LIUYIN)
    small_office.write(add_account, "liu", "柳荫", Role.CLERK, liu)
    plan = change(small_office, TOMORROW, Rename(grid_id(small_office, FIRST), "别人的")).result.plan
    own = Office.open(small_office.store.address, "liu")
    try:
        assert "超出权限范围" in refused(own, TOMORROW, Rename(grid_id(small_office, FIRST), "明天网格"))
        with pytest.raises(RuleBroken, match="超出权限范围"):
            own.write(give_up_plan, plan)
        with pytest.raises(RuleBroken, match="超出权限范围"):
            own.write(carry_out_plan, plan, Basis(TOMORROW + timedelta(days=1)))
        change(own, TOMORROW, Rename(liu, "柳荫里"))
    finally:
        own.close()


def test_zone_and_note_are_what_they_were_on_each_day(small_office: Office) -> None:
    first = grid_id(small_office, FIRST)

    def then(day: date | None) -> tuple[Zone | None, str | None]:
        from gridoffice.grids.history import as_of

        state = small_office.read(as_of, day)[first][0]
        return state.zone, state.note

    change(small_office, JUNE, Revise(first, {"zone": Zone.CORE, "note": "商圈"}))
    before = records(small_office)
    done = change(small_office, JULY, Revise(first, {"zone": Zone.PLAIN}))
    assert [then(day) for day in (MAY, JUNE, JULY, None)] == [
        (None, None),
        (Zone.CORE, "商圈"),
        (Zone.PLAIN, "商圈"),
        (Zone.PLAIN, "商圈"),
    ]
    undone(small_office, before, done)
    told = small_office.read(preview, Basis(AUGUST), [Revise(first, {"zone": Zone.BUSY, "note": None})])
    assert told.grids[0].says == "区域类别由 一般区 改为 繁华区；备注由 商圈 改为 空"


def test_parts_lie_in_the_zone_of_the_whole_and_a_union_in_a_shared_one(small_office: Office) -> None:
    first, second = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    change(small_office, JUNE, Revise(first, {"zone": Zone.CORE, "note": "商圈"}))
    parts = (Share("东", Facts(households=200), keeps=True), Share("西", Facts(households=200)))
    west = change(small_office, JULY, Split(first, parts)).result.established[0]
    rows = {row["id"]: row for row in records(small_office)["grid"]}
    assert (rows[first]["zone"], rows[first]["note"]) == (Zone.CORE, "商圈")
    assert (rows[west]["zone"], rows[west]["note"]) == (Zone.CORE, None)
    union = change(small_office, AUGUST, Merge((first, west), name="合")).result.established[0]
    mixed = change(small_office, date(2026, 9, 1), Merge((union, second), name="混")).result.established[0]
    rows = {row["id"]: row for row in records(small_office)["grid"]}
    assert (rows[union]["zone"], rows[mixed]["zone"]) == (Zone.CORE, None)


FIGURES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "households": st.none() | st.integers(0, 9999),
        "area": st.none() | st.decimals(0, 10**6, places=2),
        "extent": st.none() | st.text(max_size=6),
        "zone": st.none() | st.sampled_from(Zone),
        "note": st.none() | st.just("𠮷"),
    }
)
NUMBERS = st.lists(st.integers(1, 99), max_size=3).map(tuple)
SHARES = st.builds(
    Share, st.text(max_size=4), FIGURES.map(lambda said: Facts(**said)), st.none() | st.text(max_size=4),
    NUMBERS, NUMBERS, NUMBERS, st.booleans(),
)  # fmt: skip
ANY: st.SearchStrategy[Operation] = st.one_of(
    st.builds(Establish, st.text(), st.text(), st.none() | st.integers(1, 9), st.none(), st.builds(Facts)),
    st.builds(Rename, st.integers(1, 9), st.text()),
    st.builds(Recode, st.integers(1, 9), st.none() | st.text()),
    st.builds(Move, st.integers(1, 9), st.none() | st.integers(1, 9)),
    st.builds(Split, st.integers(1, 9), st.lists(SHARES, max_size=3).map(tuple)),
    st.builds(Merge, NUMBERS, st.none(), st.text(), st.none(), st.dictionaries(st.integers(1, 9), st.text())),
    st.builds(Convert, st.integers(1, 9), st.text()),
    st.builds(Revise, st.integers(1, 9), FIGURES),
    st.builds(Close, st.integers(1, 9), st.none() | st.integers(1, 9), st.none(), NUMBERS),
)


@given(st.lists(ANY, max_size=4).map(tuple))
@settings(max_examples=120, deadline=None, derandomize=True)
def test_every_operation_is_read_as_it_was_written(operations: tuple[Operation, ...]) -> None:
    import json

    from db.types import canonical

    assert operations_of(json.loads(canonical(plain(operations)))) == operations


@given(
    plans=st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 60), st.sampled_from((FIRST, SECOND, LIUYIN))),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=10, deadline=None, derandomize=True)
def test_no_day_changes_by_what_only_waits(small_copies, tmp_path_factory, request, plans) -> None:
    """However many plans there are, every day is as it was; carried out today, only today is another."""
    office = Office.open(small_copies.address("sqlite", tmp_path_factory.mktemp("plans"), request))
    try:
        change(office, JUNE, Revise(grid_id(office, FIRST), {"zone": Zone.CORE, "area": Decimal("12000.50")}))
        days = (MAY, JUNE, JULY, date.today() - timedelta(days=1), date.today(), TOMORROW)
        trees = {day: (tree(office, day), households(office, (FIRST, SECOND), day)) for day in days}
        for what, days_on, code in plans:
            number = grid_id(office, code)
            operation = (
                Rename(number, f"新{days_on}"),
                Revise(number, {"households": days_on, "zone": Zone.BUSY}),
                Recode(number),
                Move(number, grid_id(office, WUTONG)),
            )[what]
            change(office, date.today() + timedelta(days=days_on), operation)
        assert len(office.read(waiting)) == len(plans)
        for day, said in trees.items():
            assert (tree(office, day), households(office, (FIRST, SECOND), day)) == said
        for plan in office.read(waiting):
            try:
                office.write(carry_out_plan, plan.id, Basis(date.today()))
            except RuleBroken:
                office.write(give_up_plan, plan.id)
        assert office.read(waiting) == []
        for day in days[:4]:
            assert tree(office, day) == trees[day][0]
        assert verify(office).findings == ()
    finally:
        office.close()


def test_what_has_come_due_is_a_line_of_work(small_office: Office, in_may) -> None:
    first = grid_id(small_office, FIRST)
    change(small_office, JULY, Rename(first, "河畔网格"))
    change(small_office, TOMORROW, Rename(first, "明天网格"))
    in_may()
    days = (date.today() - JULY).days
    (one,) = (one for one in small_office.read(check) if one.topic is Topic.PLANNED)
    assert (one.grid_id, one.message) == (
        first,
        f"“第一网格”更名为“河畔网格”，2026-07-01 生效，已过 {days} 天，还没办理。",
    )
    here = [
        one for one in small_office.read(check, grid_id(small_office, LIUYIN)) if one.topic is Topic.PLANNED
    ]
    assert here == []
    assert Topic.PLANNED not in {one.topic for one in small_office.read(check, None, JULY)}
    line = next(one for one in small_office.read(glance).todo if one.topic is Topic.PLANNED)
    assert (line.count, line.title, line.topic.errand) == (1, "网格调整到了日子", "去办理")
