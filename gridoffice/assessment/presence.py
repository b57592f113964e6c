"""Attendance of a month on its sheets: days away and why, and who has no grade for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_update
from db.enums import AwayKind, Right, Standing
from db.journal import entitle
from db.tables import Month, Sheet
from gridoffice.assessment.duties import refuse_oneself
from gridoffice.assessment.month import scheme_of, taking_part, words_of
from gridoffice.assessment.rules import counted, days_of
from gridoffice.assessment.service import refuse_unless_open
from gridoffice.errors import Conflict, NotFound, Problem, RuleBroken
from gridoffice.scoring.proration import too_long_away
from gridoffice.service import service

PRESENCE = ("away", "away_kind", "standing", "standing_reason")
"""What a sheet tells of attendance."""


def presence_of(sheet: Any) -> dict[str, Any]:
    """What stands of attendance, as `set_presence` is told that it was seen."""
    return {name: getattr(sheet, name) for name in PRESENCE}


@service("改出勤情况", needs=Right.ASSESS)
def set_presence(
    session: Session,
    sheet_ids: Sequence[int],
    away: int = 0,
    away_kind: AwayKind | None = None,
    standing: Standing | None = None,
    reason: str = "",
    seen: Mapping[str, Any] | None = None,
) -> int:
    """Say how many days people of one month were away, and whether they are graded; points follow when it
    is computed again. Whoever was away longer than the scheme allows stands as absent by itself. Answers
    how many sheets changed.

    Raises `RuleBroken` for more days than were served, days without a kind, and for 不参加, which is an
    action of its own; `Conflict` when somebody else changed the same of one of them since it was `seen`.
    """
    query = select(Sheet).where(Sheet.id.in_(sheet_ids), taking_part()).order_by(Sheet.id)
    found = session.scalars(query).all()
    if not found:
        raise NotFound("没有这张考核表，或者这个人不参加这个月的考核。")
    month = session.get_one(Month, found[0].month_id)
    refuse_unless_open(month)
    refuse_oneself(session, month, sheet_ids)
    if standing is Standing.EXCLUDED:
        raise RuleBroken("不参加本月考核单独办，要写原因。")
    scheme, whole = scheme_of(session, month), days_of(month.period)
    if away < 0:
        raise _wrong("缺勤天数不能是负数。", "缺勤天数")
    if away and away_kind is None:
        raise _wrong("写了缺勤天数，还要选是什么假。", "什么假")
    for sheet in found:
        served = whole if sheet.days is None else sheet.days
        if away > served:
            raise _wrong(f"“{sheet.name}”这个月在岗 {served} 天，缺勤不能有 {away} 天。", "缺勤天数")
    if standing is None and too_long_away(scheme, away, whole):
        standing = Standing.ABSENT
    said = {
        "away": away or None,
        "away_kind": away_kind if away else None,
        "standing": standing,
        "standing_reason": reason.strip() or None,
    }
    for sheet in found:
        if seen and any(getattr(sheet, name) not in (seen[name], said[name]) for name in PRESENCE):
            raise Conflict(f"别人刚改过“{sheet.name}”的出勤情况，没有存。看过新的再改。")
    changed = bulk_update(session, Sheet, {sheet.id: said for sheet in found})
    if changed:
        session.refresh(month)
        month.computed_at = None
        whom = f"“{found[0].name}”" if len(found) == 1 else f" {counted(month.target, len(found))}"
        entitle(session, f"改{whom}的 {words_of(session, month)}出勤情况")
    return changed


def _wrong(words: str, field: str) -> RuleBroken:
    return RuleBroken(words, [Problem(words, field=field)])
