"""Days away in a month: what they do to points and grade, and what cannot be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from db.enums import AwayKind, MonthState, Standing
from gridoffice import history
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.month import month_facts
from gridoffice.assessment.presence import set_presence
from gridoffice.assessment.service import compute, move_month
from gridoffice.errors import Locked, NotFound, RuleBroken
from gridoffice.office import Office
from tests.offices import PERIOD, scheme, sheets, stepping, to


def of(office: Office, number: int) -> dict:
    return next(row for row in sheets(office) if row["id"] == number)


def test_days_away_ask_for_computing_again_and_are_taken_back(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    one = sheets(small_office)[0]
    small_office.write(set_presence, [one["id"]], away=3, away_kind=AwayKind.SICK, reason="住院")
    now = of(small_office, one["id"])
    assert (now["away"], now["away_kind"], now["standing"]) == (3, AwayKind.SICK, None)
    assert not small_office.read(month_facts, PERIOD).computed
    small_office.write(history.undo)
    assert of(small_office, one["id"])["away"] == one["away"]


def test_whoever_was_away_too_long_gets_no_grade(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    one = sheets(small_office)[0]
    allowed = int(30 * scheme(small_office).absent_beyond / 100)
    days = min(one["days"] or 30, allowed + 1)
    small_office.write(set_presence, [one["id"]], away=days, away_kind=AwayKind.SECONDED)
    small_office.write(compute, PERIOD)
    now = of(small_office, one["id"])
    if days > allowed:
        assert now["standing"] is Standing.ABSENT and now["grade"] is None and now["rank"] is None
    small_office.write(set_presence, [one["id"]], standing=Standing.PROBATION)
    small_office.write(compute, PERIOD)
    now = of(small_office, one["id"])
    assert now["standing"] is Standing.PROBATION and now["away"] is None
    assert isinstance(now["total"], Decimal) and now["grade"] is None


def test_what_cannot_be(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    one = sheets(small_office)[0]["id"]
    refused: list[tuple[dict[str, Any], str]] = [
        ({"away": -1}, "负数"),
        ({"away": 2}, "什么假"),
        ({"away": 40, "away_kind": AwayKind.SICK}, "缺勤不能有 40 天"),
        ({"standing": Standing.EXCLUDED}, "单独办"),
    ]
    for wanted, words in refused:
        with pytest.raises(RuleBroken, match=words):
            small_office.write(set_presence, [one], **wanted)
    with pytest.raises(NotFound):
        small_office.write(set_presence, [10**9])
    for state in (MonthState.REVIEW, MonthState.PUBLIC, MonthState.APPROVED):
        stepping(small_office, state).write(move_month, PERIOD, state)
    stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)
    with pytest.raises(Locked):
        small_office.write(set_presence, [one], away=1, away_kind=AwayKind.SICK)
