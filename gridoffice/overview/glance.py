"""The numbers of the home page, each from one function, each with its scope and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import Employment, Political, Target
from db.tables import Grid, Month, Person, Post, Sheet
from gridoffice.assessment.dues import due_steps, waiting_appeals
from gridoffice.assessment.month import MonthLine, below_in_month, latest_edition, mean, months
from gridoffice.errors import Severity
from gridoffice.grids.listing import office_pack, path_of, standing
from gridoffice.grids.naming import short
from gridoffice.grids.pack import Pack
from gridoffice.grids.rules import SEGMENT, below
from gridoffice.grids.service import serving
from gridoffice.overview.everybody import is_top
from gridoffice.overview.findings import Sighting, Topic, named, sightings
from gridoffice.people.duplicates import duplicates

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
    """One line of the to-do list: how many of what, and the first of them in words; `month` is the address
    of the month of assessment that it leads to."""

    topic: Topic
    severity: Severity
    title: str
    detail: str
    count: int
    month: str | None = None


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
    month: MonthLine | None


@dataclass(frozen=True, slots=True)
class Team:
    """Who serves below a grid, counted; `ages` are people by age."""

    communities: int
    grids: int
    workers: int
    members: int
    full_time: int
    ages: Mapping[int, int]

    @property
    def average_age(self) -> Decimal | None:
        return mean(sum(age * count for age, count in self.ages.items()), sum(self.ages.values()), 1)


def _below(session: Session, scope: int | None, day: date) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The conditions of grids, and of posts, below one grid on a day."""
    start, end = below(path_of(session, scope)) if scope is not None else ("", "~")
    here = (Grid.path >= start, Grid.path < end, standing(day))
    return here, (Post.grid_path >= start, Post.grid_path < end, serving(day))


def team(session: Session, scope: int | None, day: date) -> Team:
    """Grids and people below one grid, on a day."""
    pack = office_pack(session)
    here, of_posts = _below(session, scope, day)
    units = [kind.key for kind in pack.kinds if kind.unit]
    kinds = _counts(session, select(Grid.kind, func.count()).where(*here).group_by(Grid.kind))
    posts = select(func.count()).select_from(Post).where(*of_posts)
    employed = select(Post.employment, func.count()).where(*of_posts).group_by(Post.employment)
    people = select(Person.political, func.count()).join(Post, Post.person_id == Person.id).where(*of_posts)
    politics = _counts(session, people.group_by(Person.political))
    return Team(
        communities=sum(kinds.get(key, 0) for key in units),
        grids=sum(count for key, count in kinds.items() if key in pack.counted()),
        workers=session.scalar(posts) or 0,
        members=politics.get(Political.MEMBER, 0) + politics.get(Political.PROBATIONARY, 0),
        full_time=_counts(session, employed).get(Employment.FULL_TIME, 0),
        ages=_ages(session, of_posts, day),
    )


def glance(session: Session, scope: int | None = None, day: date | None = None) -> Glance:
    """Everything the home page shows, below one grid, on a day."""
    day = day or date.today()
    here, of_posts = _below(session, scope, day)
    counted = team(session, scope, day)
    top = session.execute(select(Grid.name, Grid.path).where(*here).order_by(Grid.path).limit(1)).first()
    known = months(session)
    return Glance(
        scope=top.name if top else "",
        day=day,
        communities=counted.communities,
        grids=counted.grids,
        workers=counted.workers,
        members=counted.members,
        full_time=counted.full_time,
        staffing=_staffing(session, office_pack(session), here, of_posts, top.path if top else ""),
        ages=tuple(
            Bar(label, sum(count for age, count in counted.ages.items() if low <= age <= high))
            for low, high, label in AGES
        ),
        average_age=counted.average_age,
        means=monthly_means(session, scope),
        contracts=_contracts(session, of_posts, day),
        todo=todo(session, scope, day),
        month=known[0] if known else None,
    )


def _counts(session: Session, query: Any) -> dict[Any, int]:
    rows: Sequence[Any] = session.execute(query).all()
    return {key: count for key, count in rows}


def _ages(session: Session, of_posts: Sequence[Any], day: date) -> Counter[int]:
    """How many people are how old."""
    births = (
        select(Person.birth, func.count())
        .join(Post, Post.person_id == Person.id)
        .where(*of_posts, Person.birth.is_not(None))
        .group_by(Person.birth)
    )
    found: Counter[int] = Counter()
    for birth, count in session.execute(births):
        if birth is not None:
            found[day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))] += count
    return found


def _staffing(
    session: Session, pack: Pack, here: Sequence[Any], of_posts: Sequence[Any], top: str
) -> tuple[Bar, ...]:
    """For each place directly below the scope: grids that have somebody, beside those that must."""
    held = set(session.scalars(select(Post.grid_path).where(*of_posts).distinct()))
    covered = {path[:cut] for path in held for cut in range(SEGMENT, len(path) + 1, SEGMENT)}
    staffed = {kind.key for kind in pack.kinds if kind.staffed}
    depth = len(top) + SEGMENT
    names: dict[str, str] = {}
    wanted: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    query = select(Grid.name, Grid.path, Grid.kind).where(*here).order_by(Grid.path)
    places: Sequence[Any] = session.execute(query).all()
    for name, path, kind in places:
        if len(path) == depth:
            names[path] = name
        if kind in staffed:
            wanted[path[:depth]] += 1
            filled[path[:depth]] += path in covered
    return tuple(Bar(short(name), filled[path], wanted[path]) for path, name in names.items() if wanted[path])


def monthly_means(session: Session, scope: int | None) -> tuple[Bar, ...]:
    """The mean total of each of the last twelve months that have one, oldest first."""
    found = []
    of_posts = (Month.target == Target.POST, latest_edition())
    query = select(Month.id, Month.period).where(*of_posts).order_by(Month.period.desc(), Month.id)
    for number, period in reversed(session.execute(query.limit(12)).all()):
        inside = [Sheet.month_id == number, Sheet.total.is_not(None)]
        if scope is not None:
            inside.append(below_in_month(session, number, scope))
        total, count = session.execute(
            select(func.sum(Sheet.total, type_=Sheet.total.type), func.count()).where(*inside)
        ).one()
        average = mean(total or 0, count, 1)
        if average is not None:
            found.append(Bar(f"{int(period[5:])}月", average))
    return tuple(found)


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


def todo(session: Session, scope: int | None, day: date) -> tuple[ToDo, ...]:
    """Findings as lines of work, the most urgent first, each with its first one in words."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    by_topic: dict[Topic, list[Sighting]] = {}
    for sighting in sightings(session, scope, day):
        by_topic.setdefault(sighting.topic, []).append(sighting)
    firsts = named(session, [some[0] for some in by_topic.values()], day)
    lines = [
        ToDo(
            topic=first.topic,
            severity=min((one.severity for one in by_topic[first.topic]), key=order.__getitem__),
            title=first.topic.label,
            detail=f"{first.grid}：{first.message}",
            count=len(by_topic[first.topic]),
        )
        for first in firsts
    ]
    lines = [*_of_months(session, day), *lines, *_twins(session, scope)]
    return tuple(sorted(lines, key=lambda line: order[line.severity]))


def _of_months(session: Session, day: date) -> list[ToDo]:
    """Steps of assessments that are due, and appeals that wait, the first of each in words."""
    lines = []
    steps = due_steps(session, day)
    if steps:
        one, topic = steps[0], Topic.STEP
        when = f"过了 {one.late} 天" if one.late else f"{one.due} 到期"
        severity = Severity.ERROR if one.late else Severity.WARNING
        detail = f"{one.words}：{one.state.label}{when}"
        lines.append(ToDo(topic, severity, topic.label, detail, len(steps), one.month))
    appeals = waiting_appeals(session, day)
    if appeals:
        one, topic = appeals[0], Topic.APPEAL
        when = f"答复期限过了 {one.late} 天" if one.late else f"{one.due} 前答复"
        severity = Severity.ERROR if one.late else Severity.WARNING
        detail = f"“{one.name}”（{one.words}）：{when}"
        lines.append(ToDo(topic, severity, topic.label, detail, len(appeals), one.month))
    return lines


def _twins(session: Session, scope: int | None) -> list[ToDo]:
    """Who may have been entered twice: namesakes may live anywhere, so this is told of the whole office."""
    found = duplicates(session) if scope is None or is_top(session, scope) else []
    if not found:
        return []
    topic, first = Topic.TWINS, found[0]
    return [ToDo(topic, Severity.NOTE, topic.label, f"“{first.name}”：{first.reason}", len(found))]
