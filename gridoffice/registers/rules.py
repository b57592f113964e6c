"""What must be true of a resource and of a problem of a grid."""

from __future__ import annotations

from datetime import date, timedelta

from db.enums import IssueState, Labelled
from gridoffice.errors import Problem
from gridoffice.grids.pack import Pack


class Standing(Labelled):
    """How a problem stands on a day."""

    LATE = "late", "已过期限"
    SOON = "soon", "7 天内到期"
    LEFT = "left", "在办"
    SETTLED = "settled", "已了结"


SOON = 7
"""So many days before it should be settled a problem is spoken of."""

LEFT = (IssueState.OPEN, IssueState.PASSED_ON)
"""Where a problem stands that is not settled."""

ISSUE_KINDS = ("安全隐患", "环境卫生", "矛盾纠纷", "民生诉求", "其他")
SOURCES = ("入户走访", "日常巡查", "居民反映", "上级交办")
"""What a form offers where the pack has no words of its own."""


def issue_kinds(pack: Pack) -> tuple[str, ...]:
    """The kinds of problems that an office tells apart."""
    return pack.registers.issues or ISSUE_KINDS


def sources(pack: Pack) -> tuple[str, ...]:
    """Where problems come from."""
    return pack.registers.sources or SOURCES


def check_span(from_day: date | None, to_day: date | None) -> list[Problem]:
    """Nothing ends before it begins."""
    if from_day and to_day and to_day < from_day:
        said = f"停用日期 {to_day} 早于启用日期 {from_day}。"
        return [Problem(said, field="停用日期", value=to_day.isoformat())]
    return []


def state_said(state: IssueState | None, closed: date | None) -> IssueState:
    """Where a problem stands when nobody says: what has a day of settlement is settled."""
    return state or (IssueState.DONE if closed is not None else IssueState.OPEN)


def check_issue(
    state: IssueState, day: date | None, due: date | None, closed: date | None, today: date
) -> list[Problem]:
    """The days of a problem follow each other, and the last is there exactly when it is settled."""
    found = []
    for label, one in (("发现日期", day), ("办结日期", closed)):
        if one is not None and one > today:
            found.append(Problem(f"{label} {one} 还没到。", field=label, value=one.isoformat()))
    for label, one in (("办结期限", due), ("办结日期", closed)):
        if one is not None and day is not None and one < day:
            said = f"{label} {one} 早于发现日期 {day}。"
            found.append(Problem(said, field=label, value=one.isoformat()))
    if closed is None and state not in LEFT:
        found.append(Problem(f"{state.label}的要写办结日期。", field="办结日期"))
    if closed is not None and state in LEFT:
        said = f"写了办结日期 {closed}，办理情况却是{state.label}，改一处。"
        found.append(Problem(said, field="办理情况", value=state.label))
    return found


def standing(due: date | None, closed: date | None, day: date) -> Standing:
    """How a problem stands on a day: late once the day that it should be settled by is over."""
    if closed is not None and closed <= day:
        return Standing.SETTLED
    if due is None or due > day + timedelta(SOON):
        return Standing.LEFT
    return Standing.SOON if due >= day else Standing.LATE
