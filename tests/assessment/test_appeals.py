"""Appeals from being raised to being answered: what they change is what was foretold."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Decision, MonthState, Right, Role
from db.tables import Account
from gridoffice import history
from gridoffice.accounts.service import Who
from gridoffice.assessment.appeals import (
    WAITING,
    appeal_rows,
    appeals,
    decide_appeal,
    one_appeal,
    raise_appeal,
)
from gridoffice.assessment.calibration import foretell
from gridoffice.assessment.month import month_facts
from gridoffice.errors import Refused, RuleBroken
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.people.attachments import Owner, add_scan, scans
from gridoffice.scoring.scheme import Measure, all_inputs
from gridoffice.service import service
from tests.gridoffice.test_attachments import picture
from tests.offices import PERIOD, records, scheme, sheets, stepping, to


def register(office: Office) -> list[Any]:
    listing = office.read(appeals, PERIOD)
    return office.read(lambda session: appeal_rows(session, listing.ids(session, Ask())))


def last_of(office: Office) -> dict[str, Any]:
    return max(sheets(office), key=lambda row: row["rank"] or 0)


@service("停用别的账号（测试）", needs=Right.ADMINISTER)
def alone(session: Session, name: str) -> None:
    for one in session.scalars(select(Account)):
        one.active = one.name == name


def answering(office: Office) -> Office:
    """As somebody who may answer appeals and did not submit the month."""
    return stepping(office, MonthState.PUBLIC)


def test_an_appeal_is_registered_and_waits(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    one = last_of(small_office)
    first = small_office.write(raise_appeal, one["id"], "走访算少了", "按 92% 算").result
    (line,) = register(small_office)
    assert (line.id, line.number, line.name, line.state) == (first, 1, one["name"], WAITING)
    assert line.raised_on == date.today() < line.due_on and not line.late
    assert small_office.read(month_facts, PERIOD).open_appeals == 1
    with pytest.raises(RuleBroken, match="第 1 号申诉还没答复"):
        small_office.write(raise_appeal, one["id"], "再说一遍")
    small_office.write(history.undo)
    assert not register(small_office)


def test_values_that_are_changed_are_computed_as_foretold(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    one = last_of(small_office)
    rates = [entry.key for entry in all_inputs(scheme(small_office)) if entry.measure is Measure.RATE]
    better = {key: Decimal(100) for key in rates}
    number = small_office.write(raise_appeal, one["id"], "几项都记错了").result
    told = small_office.read(foretell, one["id"], better)
    answering(small_office).write(
        decide_appeal, number, Decision.CHANGED, "查过台账，确实少记", values=better
    )
    now = next(row for row in sheets(small_office) if row["id"] == one["id"])
    assert (now["total"], now["grade"], now["rank"]) == (told.after.total, told.after.grade, told.after.rank)
    assert now["total"] > one["total"]
    said = small_office.read(month_facts, PERIOD)
    assert said.computed and not said.open_appeals
    (line,) = register(small_office)
    assert line.state == Decision.CHANGED.label and "→ 100" in line.changed and line.decided_by
    small_office.write(history.undo)
    back = next(row for row in sheets(small_office) if row["id"] == one["id"])
    assert (back["total"], back["rank"]) == (one["total"], one["rank"])
    assert register(small_office)[0].state == WAITING


def test_points_and_a_grade_by_appeal(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    one = last_of(small_office)
    best = scheme(small_office).grades[0].name
    number = small_office.write(raise_appeal, one["id"], "值班没算").result
    place = (
        answering(small_office)
        .write(decide_appeal, number, Decision.CHANGED, "补记值班", change=Decimal("1.5"), grade=best)
        .result
    )
    assert place.total == one["total"] + Decimal("1.5") and place.grade == best
    assert register(small_office)[0].changed == f"加 1.5 分；定为“{best}”"


def test_who_submitted_the_month_does_not_answer_appeals_against_it(small_office: Office) -> None:
    """Where nobody else could he does, and the journal says that he was alone."""
    to(small_office, MonthState.PUBLIC)
    number = small_office.write(raise_appeal, last_of(small_office)["id"], "不服").result
    before = records(small_office)
    with pytest.raises(Refused, match="要由别人答复申诉") as refused:
        small_office.write(decide_appeal, number, Decision.KEPT, "按台账无误")
    assert records(small_office) == before
    # he is told so when he looks at it, others are not
    assert small_office.read(one_appeal, number).cannot == str(refused.value)
    assert answering(small_office).read(one_appeal, number).cannot == ""
    small_office.write(alone, small_office.who.name)
    assert small_office.read(one_appeal, number).cannot == ""
    assert small_office.write(decide_appeal, number, Decision.KEPT, "按台账无误").title.endswith(
        "（一人办理）"
    )


def test_what_is_kept_changes_nothing(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    one = last_of(small_office)
    number = small_office.write(raise_appeal, one["id"], "不服").result
    refused: list[tuple[dict[str, Any], str]] = [
        ({"decision": Decision.KEPT, "answer": " "}, "写清楚"),
        ({"decision": Decision.KEPT, "answer": "无误", "change": Decimal(1)}, "不改任何东西"),
        ({"decision": Decision.CHANGED, "answer": "改"}, "要改什么没写"),
        ({"decision": Decision.CHANGED, "answer": "改", "grade": "特优"}, "没有“特优”"),
        ({"decision": Decision.CHANGED, "answer": "改", "values": {"没有": 1}}, "没有这些列"),
    ]
    for wanted, words in refused:
        with pytest.raises(RuleBroken, match=words):
            answering(small_office).write(decide_appeal, number, **wanted)
    answering(small_office).write(decide_appeal, number, Decision.KEPT, "按台账无误")
    now = next(row for row in sheets(small_office) if row["id"] == one["id"])
    assert (now["total"], now["grade"], now["rank"]) == (one["total"], one["grade"], one["rank"])
    with pytest.raises(RuleBroken, match="已在"):
        answering(small_office).write(decide_appeal, number, Decision.KEPT, "再说一遍")


def test_whoever_looks_at_an_appeal_is_told_why_he_does_not_answer_it(small_office: Office) -> None:
    """Those without the right hear who has it; of one that was answered, that it was, and when."""
    to(small_office, MonthState.PUBLIC)
    number = small_office.write(raise_appeal, last_of(small_office)["id"], "不服").result
    reviewer = answering(small_office)
    clerk = Office(small_office.store, Who("zhu", "朱𬭎", Role.CLERK))
    assert re.fullmatch("申诉由复核的账号答复：.+", clerk.read(one_appeal, number).cannot)
    assert reviewer.who.display in clerk.read(one_appeal, number).cannot
    reviewer.write(decide_appeal, number, Decision.KEPT, "按台账无误")
    found = reviewer.read(one_appeal, number)
    assert found.cannot == f"第 1 号申诉已在 {date.today()} 答复。" and found.line.answer == "按台账无误"


def test_only_while_the_month_is_public(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    one = last_of(small_office)["id"]
    with pytest.raises(Refused, match="公示期里"):
        small_office.write(raise_appeal, one, "早了")


def test_evidence_is_kept_beside_it(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    one = last_of(small_office)["id"]
    with pytest.raises(RuleBroken, match="还没到"):
        small_office.write(raise_appeal, one, "日子错了", raised_on=date.today() + timedelta(days=1))
    number = small_office.write(raise_appeal, one, "有照片").result
    small_office.write(add_scan, Owner(appeal=number), picture(300, 200, "JPEG"), "签到表.jpg")
    (kept,) = small_office.read(scans, Owner(appeal=number))
    assert kept.name == "签到表.jpg"
    assert "第 1 号申诉" in small_office.read(history.journal)[0].title
