"""The numbers of the home page, each from one function, each with its scope and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import MonthState
from db.tables import Grid, Month, Person, Post, Sheet
from gridoffice.assessment.month import mean, months
from gridoffice.errors import Severity
from gridoffice.grids.listing import office_pack, path_of, standing
from gridoffice.grids.naming import short
from gridoffice.grids.rules import SEGMENT, below
from gridoffice.grids.service import serving
from gridoffice.overview.findings import Finding, Topic, check

AGES = (
    (0, 29, "30以下"),
    (30, 39, "30–39"),
    (40, 49, "40–49"),
    (50, 54, "50–54"),
    (55, 59, "55–59"),
    (60, 200, "60以上"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart; `reference` is what stands beside it (应配)."""

    label: str
    value: Decimal | int
    reference: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class ToDo:
    """One line of the to-do list: how many of what, and the first of them in words."""

    topic: Topic
    severity: Severity
    title: str
    detail: str
    count: int


@dataclass(frozen=True, slots=True)
class Glance:
    """The home page. `staffing` is by place directly below the scope: grids that have somebody at
    work, beside those that must; `means` is by month, oldest first."""

    scope: str
    day: date
    communities: int
    grids: int
    workers: int
    members: int
    full_time: int
    staffing: tuple[Bar, ...]
    ages: tuple[Bar, ...]
    average_age: Decimal | None
    means: tuple[Bar, ...]
    contracts: tuple[Bar, ...]
    todo: tuple[ToDo, ...]
    month: tuple[str, MonthState] | None


def glance(session: Session, scope: int | None = None, day: date | None = None) -> Glance:
    """Everything the home page shows, below one grid, on a day."""
    day = day or date.today()
    start, end = below(path_of(session, scope)) if scope is not None else ("", "~")
    pack = office_pack(session)
    here = (Grid.path >= start, Grid.path < end, standing(day))
    of_posts = (Post.grid_path >= start, Post.grid_path < end, serving(day))
    units = [kind.key for kind in pack.kinds if kind.unit]
    staffed = [kind.key for kind in pack.kinds if kind.staffed]
    people = session.execute(
        select(Person.birth, Person.political, Post.employment, Post.grid_path)
        .join(Post, Post.person_id == Person.id)
        .where(*of_posts)
    ).all()
    ages = [_age(birth, day) for birth, _, _, _ in people if birth is not None]
    counted = dict(
        session.execute(select(Grid.kind, func.count()).where(*here).group_by(Grid.kind)).all()  # type: ignore[arg-type]
    )
    root = session.execute(select(Grid.name, Grid.path).where(*here).order_by(Grid.path).limit(1)).first()
    known = months(session)
    return Glance(
        scope=root.name if root else "",
        day=day,
        communities=sum(counted.get(key, 0) for key in units),
        grids=sum(count for key, count in counted.items() if key not in pack.root and key not in units),
        workers=len(people),
        members=sum(1 for _, political, _, _ in people if political in ("01", "02")),
        full_time=sum(1 for _, _, employment, _ in people if employment == "full"),
        staffing=_staffing(session, here, root.path if root else "", staffed, [path for *_, path in people])[
            :12
        ],
        ages=tuple(Bar(label, sum(1 for age in ages if low <= age <= high)) for low, high, label in AGES),
        average_age=mean([Decimal(age) for age in ages], 1),
        means=_means(session, start, end),
        contracts=_contracts(session, of_posts, day),
        todo=todo(check(session, scope, day)),
        month=known[0] if known else None,
    )


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _staffing(
    session: Session, here: Sequence[Any], top: str, staffed: Sequence[str], posts: Sequence[str]
) -> tuple[Bar, ...]:
    """For each place directly below the scope: grids that have somebody, beside those that must."""
    query = select(Grid.name, Grid.path, Grid.kind).where(*here).order_by(Grid.path)
    covered = {path[:cut] for path in set(posts) for cut in range(SEGMENT, len(path) + 1, SEGMENT)}
    depth = len(top) + SEGMENT
    names: dict[str, str] = {}
    wanted: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    for name, path, kind in session.execute(query):
        if len(path) == depth:
            names[path] = name
        if kind in staffed:
            wanted[path[:depth]] += 1
            filled[path[:depth]] += path in covered
    return tuple(Bar(short(name), filled[path], wanted[path]) for path, name in names.items() if wanted[path])


def _means(session: Session, start: str, end: str) -> tuple[Bar, ...]:
    query = (
        select(Month.period, Sheet.total)
        .join(Sheet, Sheet.month_id == Month.id)
        .where(Sheet.total.is_not(None), Sheet.grid_path >= start, Sheet.grid_path < end)
        .order_by(Month.period)
    )
    totals: dict[str, list[Decimal]] = {}
    for period, total in session.execute(query):
        if total is not None:
            totals.setdefault(period, []).append(total)
    return tuple(
        Bar(f"{int(period[5:])}月", average)
        for period, some in list(totals.items())[-12:]
        if (average := mean(some, 1)) is not None
    )


def _contracts(session: Session, of_posts: Sequence[Any], day: date) -> tuple[Bar, ...]:
    """Contracts that end in each of the next six months."""
    index = day.year * 12 + day.month - 1
    spans = [date((index + n) // 12, (index + n) % 12 + 1, 1) for n in range(7)]
    ends = session.scalars(
        select(Post.contract_end).where(
            *of_posts, Post.contract_end >= spans[0], Post.contract_end < spans[6]
        )
    ).all()
    return tuple(
        Bar(f"{first.month}月", sum(1 for end in ends if end is not None and first <= end < following))
        for first, following in pairwise(spans)
    )


def todo(findings: Sequence[Finding]) -> tuple[ToDo, ...]:
    """Findings as lines of work, the most urgent first."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    lines = []
    for topic in Topic:
        some = [finding for finding in findings if finding.topic is topic]
        if some:
            severity = min((one.severity for one in some), key=order.__getitem__)
            first = some[0]
            lines.append(ToDo(topic, severity, topic.label, f"{first.grid}：{first.message}", len(some)))
    return tuple(sorted(lines, key=lambda line: order[line.severity]))
