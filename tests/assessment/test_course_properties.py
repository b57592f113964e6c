"""What holds of any month: undo of every step returns the state, an appeal changes its own sheet alone, a lock
cannot be moved in either database, and what follows from months in a row is told wherever it is read."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from db.enums import AwayKind, Decision, MonthState, OpinionStage, Right
from gridoffice import history
from gridoffice.assessment.appeals import decide_appeal, raise_appeal
from gridoffice.assessment.calibration import calibrate
from gridoffice.assessment.dues import set_due
from gridoffice.assessment.in_a_row import consequences_of
from gridoffice.assessment.locking import lock_month, verify_month
from gridoffice.assessment.month import month_record
from gridoffice.assessment.notices import score_notices
from gridoffice.assessment.opinions import give_opinion
from gridoffice.assessment.payroll import payroll_table
from gridoffice.assessment.presence import set_presence
from gridoffice.assessment.reopening import reopen_month
from gridoffice.assessment.report import notice
from gridoffice.assessment.service import (
    compute,
    enter_values,
    exclude,
    move_month,
    open_month,
    readmit,
)
from gridoffice.documents.model import Paragraph
from gridoffice.documents.pdf import official_pdf
from gridoffice.documents.render import page_text, pages
from gridoffice.errors import Locked
from gridoffice.office import Office
from gridoffice.overview.sheet_story import sheet_story
from gridoffice.scoring.scheme import all_inputs
from gridoffice.service import service
from tests.offices import PERIOD, good_values, grid_id, records, scheme, sheets, stepping, to


def test_undo_of_every_step_of_the_month_returns_the_state(small_office: Office) -> None:
    office, chance = small_office, random.Random(6)
    reviewer, leader = stepping(office, MonthState.PUBLIC), stepping(office, MonthState.APPROVED)

    def returned(who: Office, *said: Any, **named: Any) -> Any:
        """Done, undone, done again; answers what it answers."""
        before = records(office)
        done = who.write(*said, **named)
        after = records(office)
        assert after != before, f"“{done.title}” changed nothing"
        office.write(history.undo, done.action)
        assert records(office) == before, f"“{done.title}” is not taken back whole"
        office.write(history.redo, done.action)
        assert records(office) == after, f"“{done.title}” is not done again whole"
        return done.result

    def some() -> dict[str, Any]:
        return chance.choice(sheets(office))

    returned(office, open_month, PERIOD)
    returned(office, enter_values, PERIOD, good_values(office, chance.randrange(5)))
    returned(office, compute, PERIOD)
    returned(office, set_due, PERIOD, {MonthState.COLLECTING: date.today(), MonthState.SCORING: date.today()})
    returned(office, set_presence, [some()["id"]], 3, AwayKind.SICK, reason="病假")
    gone = some()["id"]
    returned(office, exclude, PERIOD, [gone], "借调")
    returned(office, readmit, PERIOD, [gone])
    returned(office, give_opinion, some()["id"], OpinionStage.SELF, Decimal(90), text="都做了")
    returned(office, compute, PERIOD)
    returned(office, move_month, PERIOD, MonthState.SCORING)
    returned(office, give_opinion, some()["id"], OpinionStage.FIRST, Decimal(80), text="还行")
    returned(office, move_month, PERIOD, MonthState.COLLECTING, "少了一份")
    returned(office, move_month, PERIOD, MonthState.SCORING)
    returned(office, move_month, PERIOD, MonthState.REVIEW)
    returned(reviewer, calibrate, [some()["id"]], Decimal("-0.5"), None, "偏宽")
    returned(reviewer, calibrate, [some()["id"]], None, scheme(office).grades[1].name, "评议")
    returned(reviewer, move_month, PERIOD, MonthState.PUBLIC)
    number = returned(office, raise_appeal, some()["id"], "少记了")
    returned(reviewer, decide_appeal, number, Decision.CHANGED, "属实", None, Decimal(1))
    other = returned(office, raise_appeal, some()["id"], "扣错了")
    returned(reviewer, decide_appeal, other, Decision.KEPT, "没有扣错")
    returned(leader, move_month, PERIOD, MonthState.APPROVED)
    returned(leader, move_month, PERIOD, MonthState.PUBLIC, "再看看")
    returned(leader, move_month, PERIOD, MonthState.APPROVED)
    leader.write(lock_month, PERIOD)
    returned(leader, reopen_month, PERIOD, "漏报")


@pytest.mark.parametrize("seed", range(4))
def test_an_appeal_changes_exactly_its_sheet(small_office: Office, seed: int) -> None:
    """Of the others nothing but ranks, and grades where a quota is shared, follows from it."""
    to(small_office, MonthState.PUBLIC)
    chance = random.Random(seed)
    reviewer = stepping(small_office, MonthState.PUBLIC)
    before = sheets(small_office)
    one = chance.choice(before)
    change: dict[str, Any] = {"change": Decimal(chance.randint(-30, 30) or 7) / 10}
    if chance.random() < 0.5:
        rate = next(entry.key for entry in all_inputs(scheme(small_office)))
        change = {"values": {rate: Decimal(chance.randint(0, 100))}}
    number = small_office.write(raise_appeal, one["id"], "少记了").result
    reviewer.write(decide_appeal, number, Decision.CHANGED, "属实", **change)
    moving = {"rank", "unit_rank", "grade", "version"}
    for was, now in zip(before, sheets(small_office), strict=True):
        differs = {name for name in was if was[name] != now[name]}
        if was["id"] == one["id"]:
            assert differs & {"adjustment", "recorded"}, "what was decided stands on the sheet"
        else:
            assert differs <= moving


GUARDED = ("month", "sheet", "opinion", "appeal")


@pytest.mark.parametrize("table", GUARDED)
def test_a_lock_cannot_be_moved(small_office: Office, table: str) -> None:
    """Whatever writes, by whatever way: the database itself refuses."""
    office = small_office
    to(office, MonthState.PUBLIC)
    sheet = sheets(office)[0]["id"]
    number = office.write(raise_appeal, sheet, "少记了").result
    reviewer = stepping(office, MonthState.PUBLIC)
    reviewer.write(decide_appeal, number, Decision.CHANGED, "属实", None, Decimal(1))
    stepping(office, MonthState.LOCKED).write(lock_month, PERIOD)
    before = records(office)
    name = {"month": "reason", "sheet": "name", "opinion": "text", "appeal": "answer"}[table]

    def refused(statement: str) -> None:
        @service("绕过锁（测试）", needs=Right.ASSESS)
        def past(session: Any) -> None:
            session.execute(text(statement))

        with pytest.raises(Locked, match="已锁定"):
            office.write(past)

    refused(f"UPDATE {table} SET {name} = '改了'")
    named = "SELECT sheet_id FROM opinion UNION SELECT sheet_id FROM appeal"
    refused(f"DELETE FROM {table}" + (f" WHERE id NOT IN ({named})" if table == "sheet" else ""))
    assert records(office) == before
    assert office.read(verify_month, PERIOD) == []


# months in a row


SCHEME = "assistants"


def _month(office: Office, period: str, poor: str, lock: bool) -> None:
    """A month by the scheme of assistants in which one falls short of everything."""
    where = f"{period}/{SCHEME}"
    office.write(open_month, period, SCHEME)
    good = {"people": Decimal(99), "places": Decimal(99), "closed": Decimal(99)}
    good |= {"meetings": 0, "reports": 90, "handbook": 0}
    bad = good | {"people": Decimal(20), "places": Decimal(20), "closed": Decimal(20)}
    values = {row["id"]: bad if row["name"] == poor else good for row in sheets(office, where)}
    office.write(enter_values, where, values)
    office.write(compute, where)
    for state in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC):
        stepping(office, state).write(move_month, where, state)
    if lock:
        stepping(office, MonthState.LOCKED).write(lock_month, where)


def test_months_in_a_row_are_told_in_the_drawer_on_papers_and_on_the_payroll(small_office: Office) -> None:
    office = small_office
    for period in ("2026-03", "2026-05"):
        _month(office, period, "李䶮", lock=True)
    _month(office, "2026-06", "李䶮", lock=False)
    told = "连续 2 个月“不合格”：按聘用协议研究解聘"
    poor = next(row for row in sheets(office, f"2026-06/{SCHEME}") if row["name"] == "李䶮")

    def follows(session: Any) -> dict[int, tuple[str, ...]]:
        return consequences_of(session, month_record(session, f"2026-06/{SCHEME}"))

    assert office.read(follows) == {poor["id"]: (told,)}, "April was not assessed: March says nothing more"
    assert office.read(sheet_story, poor["id"]).follows == (told,)
    notices = office.read(score_notices, f"2026-06/{SCHEME}")
    assert [one.name for one in notices if f"{told}。" in one.notes] == ["李䶮"]
    notes = office.read(payroll_table, f"2026-06/{SCHEME}").notes
    assert sum(told in line and "李䶮" in line for line in notes) == 1
    assert office.read(payroll_table, f"2026-05/{SCHEME}").notes == notes[:1], "one month alone says nothing"
    official = "按照方案，李䶮（梧桐社区）连续2个月“不合格”：按聘用协议研究解聘。"
    printed = official_pdf(office.read(notice, f"2026-06/{SCHEME}"))
    assert official in "".join("".join(page_text(printed, at).split()) for at in range(pages(printed)))
    for period, scope in (("2026-05", None), ("2026-06", grid_id(office, "519921001002"))):
        body = office.read(notice, f"{period}/{SCHEME}", scope).body
        assert not any(isinstance(one, Paragraph) and "连续" in one.text for one in body)


def test_a_month_that_is_not_locked_yet_is_no_month_before(small_office: Office) -> None:
    _month(small_office, "2026-05", "李䶮", lock=False)
    _month(small_office, "2026-06", "李䶮", lock=False)
    found = small_office.read(
        lambda session: consequences_of(session, month_record(session, f"2026-06/{SCHEME}"))
    )
    assert found == {}
