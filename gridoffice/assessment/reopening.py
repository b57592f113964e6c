"""A locked month taken up again: a new edition beside it, and what moved between the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, reserve
from db.enums import MonthState, Right, Standing
from db.journal import entitle
from db.tables import Month, Sheet
from db.turns import Turn
from gridoffice.assessment.duties import refuse_part
from gridoffice.assessment.month import (
    Where,
    cells_reader,
    month_record,
    recorded_of,
    scheme_of,
    sheet_rows,
    words_of,
)
from gridoffice.assessment.results import RESULTS, compute_results
from gridoffice.assessment.rules import days_of
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.scoring.columns import value_columns
from gridoffice.service import service


@service("重新考核已锁定的月份", needs=Right.LOCK_MONTH, turn=Turn.MONTH)
def reopen_month(session: Session, where: Where, reason: str) -> int:
    """Take a locked month up again: its sheets with all that was recorded become a new edition under review,
    the locked one stays as it is. Somebody else than who reopens it reviews it. Answers the number of the
    new month. Raises `RuleBroken` without a reason, and for a month that is not the latest locked one."""
    refuse_part(session)
    month = month_record(session, where)
    words = words_of(session, month)
    if month.state is not MonthState.LOCKED:
        raise RuleBroken(f"{words}还没有锁定，直接改就行。")
    if not reason.strip():
        raise RuleBroken("重新考核要写原因。")
    later = session.scalar(select(Month.edition).where(Month.follows == month.id))
    if later is not None:
        raise RuleBroken(f"{words}已有第 {later} 版，在那一版上改。")
    scheme, today = scheme_of(session, month), date.today()
    fresh = Month(
        period=month.period,
        scheme_key=month.scheme_key,
        edition=month.edition + 1,
        target=month.target,
        scheme_id=month.scheme_id,
        state=MonthState.REVIEW,
        opened_on=today,
        entered={MonthState.REVIEW.value: f"{today}"},
        pulled=month.pulled,
        submitted_by=session.info["who"].name,
        follows=month.id,
        reason=reason.strip(),
    )
    session.add(fresh)
    session.flush()
    rows = sheet_rows(session, month.id)
    nothing = {"inputs": {}, **dict.fromkeys((*RESULTS, "parts", "trace", "seal"))}
    numbers = reserve(session, Sheet, len(rows))
    bulk_insert(
        session,
        Sheet,
        [
            row
            | nothing
            | {
                "id": number,
                "version": 1,
                "month_id": fresh.id,
                "recorded": recorded_of(scheme, row),
                "days": days_of(month.period) if row["days"] is None else row["days"],
            }
            for number, row in zip(numbers, rows, strict=True)
        ],
    )
    compute_results(session, fresh)
    session.refresh(fresh)
    fresh.computed_at = datetime.now(UTC)
    entitle(session, f"重新考核 {words}，第 {fresh.edition} 版：{reason.strip()}")
    return fresh.id


# ---- what moved ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """How a sheet stands in one edition; nothing is there where it is not in it."""

    total: Decimal | None = None
    grade: str | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class SheetMoved:
    """One sheet in which two editions differ. `values` are raw values and words beside marks, by heading, before and after;
    `changes` whatever else was changed, in words."""

    name: str
    grid: str
    before: Side
    after: Side
    values: tuple[tuple[str, Any, Any], ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """What an edition changed of the one before it."""

    period: str
    edition: int
    followed: int
    reason: str
    sheets: int
    moved: tuple[SheetMoved, ...]


def month_diff(session: Session, where: Where) -> Diff:
    """What an edition changed of the locked one that it follows. Raises `NotFound` for a first edition."""
    month = month_record(session, where)
    earlier = session.get(Month, month.follows) if month.follows is not None else None
    if earlier is None:
        raise NotFound(f"{words_of(session, month)}是第一版，没有可比的。")
    scheme = scheme_of(session, month)
    labels = {one.name: one.field.label for one in value_columns(scheme)}
    read = cells_reader(scheme)
    before, after = (
        {_subject(row): (row, read(row)) for row in rows}
        for rows in (sheet_rows(session, earlier.id), sheet_rows(session, month.id))
    )
    places = scheme.places
    moved = []
    for who in [*after, *(who for who in before if who not in after)]:
        was, was_raw = before.get(who, (None, {}))
        now, now_raw = after.get(who, (None, {}))
        row = now or was or {}
        sides = _side(was, places), _side(now, places)
        values = tuple(
            (label, was_raw.get(key), now_raw.get(key))
            for key, label in labels.items()
            if was_raw.get(key) != now_raw.get(key)
        )
        changes = _changes(was, now)
        if sides[0] != sides[1] or values or changes:
            moved.append(SheetMoved(row["name"], row["grid_name"], *sides, values, changes))
    return Diff(month.period, month.edition, earlier.edition, month.reason or "", len(after), tuple(moved))


def _subject(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["person_id"], row["grid_id"], row["department_id"]


def _side(row: Mapping[str, Any] | None, places: int) -> Side:
    if row is None:
        return Side()
    total = None if row["total"] is None else row["total"].quantize(Decimal(1).scaleb(-places))
    return Side(total, row["grade"], row["rank"])


def _changes(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> tuple[str, ...]:
    if was is None or now is None:
        return ("新增",) if was is None else ("去掉",)
    found = []
    for name, label in (("adjustment", "调整"), ("granted", "定等"), ("away", "缺勤天数")):
        if was[name] != now[name]:
            found.append(f"{label}由 {_said(was[name])} 改为 {_said(now[name])}")
    if was["standing"] is not now["standing"]:
        found.append(f"由{_standing(was['standing'])}改为{_standing(now['standing'])}")
    return tuple(found)


def _said(value: Any) -> str:
    return "无" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def _standing(standing: Standing | None) -> str:
    return "正常参加" if standing is None else standing.label
