"""The states of a month and the moves between them. Buttons, services and tests read this table."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from db.enums import MonthState, Right, Target
from gridoffice.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Move:
    """A step from one state to another, what it is called, and who may take it."""

    start: MonthState
    to: MonthState
    label: str
    needs: Right


MOVES = (
    Move(MonthState.COLLECTING, MonthState.SCORING, "采集完毕，开始初评", Right.ASSESS),
    Move(MonthState.SCORING, MonthState.COLLECTING, "退回采集", Right.ASSESS),
    Move(MonthState.SCORING, MonthState.REVIEW, "提交复核", Right.ASSESS),
    Move(MonthState.REVIEW, MonthState.SCORING, "退回初评", Right.REVIEW_MONTH),
    Move(MonthState.REVIEW, MonthState.PUBLIC, "复核通过，开始公示", Right.REVIEW_MONTH),
    Move(MonthState.PUBLIC, MonthState.REVIEW, "撤回公示", Right.REVIEW_MONTH),
    Move(MonthState.PUBLIC, MonthState.APPROVED, "公示期满，审定", Right.LOCK_MONTH),
    Move(MonthState.APPROVED, MonthState.PUBLIC, "撤回审定", Right.LOCK_MONTH),
    Move(MonthState.APPROVED, MonthState.LOCKED, "锁定", Right.LOCK_MONTH),
)

OPEN_FOR_VALUES = frozenset({MonthState.COLLECTING, MonthState.SCORING, MonthState.REVIEW})
"""States in which raw values may change."""


def moves_from(state: MonthState) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if move.start is state)


def move_to(state: MonthState, to: MonthState) -> Move:
    """The move between two states. Raises `RuleBroken` when there is none."""
    for move in MOVES:
        if move.start is state and move.to is to:
            return move
    ways = "、".join(move.to.label for move in moves_from(state)) or "无"
    raise RuleBroken(f"现在是{state.label}，不能直接到{to.label}；能到：{ways}。")


def is_onward(move: Move) -> bool:
    """Does a step lead on, or back?"""
    order = list(MonthState)
    return order.index(move.to) > order.index(move.start)


def period_days(period: str) -> tuple[date, date]:
    """First and last day of a month written YYYY-MM; what stands behind it (2026-06/hecun) is left out.
    Raises `RuleBroken` for anything else."""
    try:
        first = date.fromisoformat(f"{period.partition('/')[0]}-01")
    except ValueError:
        raise RuleBroken(f"“{period}”不是月份，写成 2026-06 这样。") from None
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def days_of(period: str) -> int:
    """How many days a month has."""
    return period_days(period)[1].day


def counted(target: Target, count: int) -> str:
    """How many of what is assessed: 3 人, 2 个部门."""
    return f"{count} {unit_of(target)}"


def unit_of(target: Target) -> str:
    """How what is assessed is counted."""
    return {Target.POST: "人", Target.AREA: "个网格", Target.DEPARTMENT: "个部门"}[target]


def in_words(period: str) -> str:
    """`2026-06` as 2026年6月."""
    first, _ = period_days(period)
    return f"{first.year}年{first.month}月"


Span = tuple[date, date]
"""From a day to a day, both included."""


def days_served(spans: Iterable[Span], first: date, last: date) -> int:
    """On how many days from `first` to `last` any of these spans holds: posts side by side count once."""
    days, reached = 0, first - timedelta(days=1)
    for since, until in sorted(spans):
        since, until = max(since, first, reached + timedelta(days=1)), min(until, last)
        if since <= until:
            days += (until - since).days + 1
            reached = until
    return days
