"""Shares that a place sets itself as a target, month by month, from what is recorded.

K 市: 60 % of the problems found are settled inside the grid, 30 % by the community, from the register of
problems. 大邑: how many of the micro-grid workers were active, and answers within 24 hours, from a month's
raw values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import case, extract, func, or_, select
from sqlalchemy.orm import Session

from db.enums import IssueState, Target
from db.tables import Grid, Issue
from gridoffice.assessment.month import mean
from gridoffice.assessment.rules import period_days
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.pack import Pack
from gridoffice.grids.rules import below
from gridoffice.scoring.scheme import Scheme

if TYPE_CHECKING:
    from gridoffice.assessment.tally import Tally

IN_GRID, IN_COMMUNITY, ACTIVE = "in_grid", "in_community", "active"
_OF_COMMUNITIES = ("社区", "村", "居委会", "村委会")


@dataclass(frozen=True, slots=True)
class ShareFigure:
    """A share in per cent over the months, the oldest first; `target` is what the place aims at."""

    key: str
    name: str
    target: Decimal | None
    months: tuple[tuple[str, Decimal | None], ...]


def shares(
    session: Session, months: Sequence[tuple[str, Scheme, Tally]], top: int | None
) -> tuple[ShareFigure, ...]:
    """The shares for which the office's pack has a target, over some months, the oldest first, below one
    grid. A share of which nothing is recorded in any of them is left out."""
    pack = office_pack(session)
    periods = [period for period, _, _ in months]
    found = [
        *_of_problems(session, pack, periods, top),
        *_of_activity(pack, months),
        *_of_rates(pack, months),
    ]
    return tuple(one for one in found if any(share is not None for _, share in one.months))


def _target(pack: Pack, *words: str) -> Decimal | None:
    """The target of the pack whose words hold all of these."""
    for target in pack.registers.targets:
        label = target.label.replace(" ", "")
        if all(word.replace(" ", "") in label for word in words):
            return target.percent
    return None


def _of_problems(
    session: Session, pack: Pack, periods: Sequence[str], top: int | None
) -> Sequence[ShareFigure]:
    """Problems found in a month, by who settled them: without any department it was the grid itself, unless
    the problem stands with the community; what turned out untrue does not count."""
    named = [
        (IN_GRID, "网格内解决的问题", _target(pack, "网格内")),
        (IN_COMMUNITY, "社区解决的问题", _target(pack, "社区", "解决")),
    ]
    if not periods or all(target is None for _, _, target in named):
        return ()
    first, last = period_days(periods[0])[0], period_days(periods[-1])[1]
    unit_kinds = [kind.key for kind in pack.kinds if kind.unit]
    nobody = or_(Issue.department.is_(None), Issue.department == "")
    community = or_(*(Issue.department.endswith(word) for word in _OF_COMMUNITIES))
    who = case(
        (Issue.state != IssueState.DONE, "open"),
        (nobody & Grid.kind.in_(unit_kinds), IN_COMMUNITY),
        (nobody, IN_GRID),
        (community, IN_COMMUNITY),
        else_="above",
    )
    year, month = extract("year", Issue.day), extract("month", Issue.day)
    query = (
        select(year, month, who, func.count())
        .join(Grid, Grid.id == Issue.grid_id)
        .where(Issue.day.between(first, last), Issue.state != IssueState.DROPPED)
        .group_by(year, month, who)
    )
    if top is not None:
        start, end = below(path_of(session, top))
        query = query.where(Grid.path >= start, Grid.path < end)
    whole: Counter[str] = Counter()
    settled: Counter[tuple[str, str]] = Counter()
    for of_year, of_month, by, count in session.execute(query):
        period = f"{int(of_year)}-{int(of_month):02d}"
        whole[period] += count
        settled[by, period] += count
    return [
        ShareFigure(
            key,
            name,
            target,
            tuple((one, mean(settled[key, one] * 100, whole[one], 1)) for one in periods),
        )
        for key, name, target in named
        if target is not None
    ]


def _of_activity(pack: Pack, months: Sequence[tuple[str, Scheme, Tally]]) -> Sequence[ShareFigure]:
    """Of all about whom anything is recorded, those with work that is counted by quantity."""
    target = _target(pack, "活跃")
    if target is None or months[-1][1].target is not Target.POST:
        return ()
    of_months = [
        (period, mean(int(tally.active.sum()) * 100, int(tally.reporting.sum()), 2))
        for period, _, tally in months
    ]
    return [ShareFigure(ACTIVE, "活跃人员", target, tuple(of_months))]


def _of_rates(pack: Pack, months: Sequence[tuple[str, Scheme, Tally]]) -> Sequence[ShareFigure]:
    """Rates of the scheme for which the place has a target: all numerators by all denominators."""
    found = []
    for indicator in months[-1][1].indicators:
        target = _target(pack, indicator.name)
        if target is None:
            continue
        of_months = []
        for period, scheme, tally in months:
            at = next(
                (place for place, one in enumerate(scheme.indicators) if one.key == indicator.key), None
            )
            parts = (0, 0) if at is None else (tally.numerators[:, at].sum(), tally.denominators[:, at].sum())
            of_months.append((period, mean(int(parts[0]) * 100, int(parts[1]), 2)))
        found.append(ShareFigure(indicator.key, indicator.name, target, tuple(of_months)))
    return found
