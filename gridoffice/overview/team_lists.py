"""The people behind 队伍变化: who serves with age, education and tenure; who came and went; whose contract
ends and whose anniversary is ahead. Every chart leads to exactly these rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Education, Employment
from db.tables import Person, Post
from gridoffice.fields import Field, Kind
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.listing import Listing, chunked
from gridoffice.overview.team_bands import AGES, SCHOOLING, TENURES, UNKNOWN, Bands, schooling, tenure
from gridoffice.overview.turnover import ONE_DAY, Run, Stay, Turnover, periods, runs, stays, turnover
from gridoffice.people import rows as person
from gridoffice.worked_out import worked, worked_out

MANY = 20_000
AHEAD = 90
"""So many days ahead ends of contracts and anniversaries are spoken of."""


class _Facts(NamedTuple):
    """What is told of a person and a post."""

    name: str
    birth: date | None
    education: Education | None
    title: str
    employment: Employment
    contract_end: date | None
    employer: str | None
    reason: str | None
    leave_reason: str | None


def _facts(session: Session, post_ids: Sequence[int]) -> dict[int, _Facts]:
    found: dict[int, _Facts] = {}
    columns = (
        Person.name,
        Person.birth,
        Person.education,
        Post.title,
        Post.employment,
        Post.contract_end,
        Post.employer,
        Post.reason,
        Post.leave_reason,
    )
    query = select(Post.id, *columns).join(Person, Person.id == Post.person_id)
    wanted = sorted(set(post_ids))
    # of so many everybody's are read at once: numbering them takes longer
    for chunk in chunked(wanted) if len(wanted) < MANY else (None,):
        part = query.where(Post.id.in_(chunk)) if chunk is not None else query
        found |= {one[0]: _Facts._make(one[1:]) for one in session.execute(part).all()}
    return found


def _names(session: Session, found: Sequence[Stay], day: date) -> Mapping[int, str]:
    names = names_of(session, office_pack(session), {one.grid_id for one in found}, day)
    return {number: name for number, (name, _) in names.items()}


# who serves


@dataclass(frozen=True, slots=True)
class ServingRow:
    """Somebody who serves; `id` is the main post. `joined` is the first day of service without a gap."""

    id: int
    name: Annotated[str, person.NAME]
    grid: Annotated[str, Field("所属网格", Kind.GRID, width=22, computed=True)]
    title: Annotated[str, Field("职务", width=12, computed=True)]
    employment: Annotated[Employment, Field("专兼职", Kind.CODE, width=8, codes=Employment, computed=True)]
    age: Annotated[int | None, Field("年龄", Kind.INTEGER, width=6, computed=True)]
    age_band: Annotated[str, Field("年龄段", width=10, computed=True)]
    schooling: Annotated[str, Field("学历段", width=9, computed=True)]
    joined: Annotated[date | None, Field("开始任职", Kind.DATE, width=12, computed=True)]
    tenure: Annotated[Decimal | None, Field("任职年数", Kind.DECIMAL, width=9, computed=True)]
    tenure_band: Annotated[str, Field("任职年限", width=10, computed=True)]
    contract_end: Annotated[date | None, Field("合同到期日", Kind.DATE, width=12, computed=True)]
    employer: Annotated[str | None, Field("用工单位", width=16, computed=True)]
    person_id: int


def serving_rows(session: Session, scope: int | None = None, day: date | None = None) -> list[ServingRow]:
    """Everybody who serves below a grid on a day, each once, in the order of the tree."""
    day = day or date.today()
    now = [
        (one, next(stay for stay in reversed(one.stays) if stay.on(day)))
        for one in runs(worked(session, stays, scope, day).rows)
        if one.on(day)
    ]
    now.sort(key=lambda pair: (pair[1].path, pair[1].post_id))
    facts, bands = _facts(session, [stay.post_id for _, stay in now]), Bands(day)
    names = _names(session, [stay for _, stay in now], day)
    return [_serving(run, stay, facts[stay.post_id], names[stay.grid_id], bands) for run, stay in now]


def _serving(run: Run, stay: Stay, one: _Facts, grid: str, bands: Bands) -> ServingRow:
    years, served = bands.of_age(one.birth), bands.of_tenure(run.first)
    return ServingRow(
        stay.post_id,
        one.name,
        grid,
        one.title,
        one.employment,
        *years,
        schooling(one.education),
        run.first,
        *served,
        one.contract_end,
        one.employer,
        run.person_id,
    )


# who came and went


class Way(StrEnum):
    """How somebody came or went; from or to another area of the same office it is a transfer."""

    JOINED = "新任"
    CAME = "调入"
    LEFT = "离任"
    WENT = "调出"


@dataclass(frozen=True, slots=True)
class MovementRow:
    """Somebody who came or went in the twelve months up to the day; `day` is the first day with or without
    them, `elsewhere` the other grid of a transfer."""

    id: int
    month: Annotated[str, Field("月份", width=8, computed=True)]
    day: Annotated[date, Field("日期", Kind.DATE, width=12, computed=True)]
    way: Annotated[str, Field("变化", width=8, computed=True)]
    name: Annotated[str, person.NAME]
    grid: Annotated[str, Field("网格", Kind.GRID, width=22, computed=True)]
    title: Annotated[str, Field("职务", width=12, computed=True)]
    employment: Annotated[Employment, Field("专兼职", Kind.CODE, width=8, codes=Employment, computed=True)]
    elsewhere: Annotated[str, Field("从哪来、到哪去", width=22, computed=True)]
    reason: Annotated[str | None, Field("原因", width=14, computed=True)]
    tenure: Annotated[Decimal | None, Field("任职年数", Kind.DECIMAL, width=9, computed=True)]
    post_id: int
    person_id: int


def movement_rows(session: Session, scope: int | None = None, day: date | None = None) -> list[MovementRow]:
    """Who came and went below a grid in the twelve months up to a day, the latest first."""
    day = day or date.today()
    start, held = periods(day)[0][0], worked(session, stays, scope, day).rows
    seen = [(run, stay, comes) for run in runs(held) for stay, comes in _turns(run, start, day)]
    others = _elsewhere(session, {run.person_id for run, _, _ in seen}, held, scope, day)
    facts = _facts(session, [stay.post_id for _, stay, _ in seen])
    found = []
    there = [other for some in others.values() for other in some]
    names = _names(session, [*(stay for _, stay, _ in seen), *there], day)
    for run, stay, comes in seen:
        one = facts[stay.post_id]
        when = run.first if comes else run.last + ONE_DAY if run.last is not None else None
        assert when is not None
        beside = when - ONE_DAY if comes else when
        other = next((place for place in others.get(run.person_id, ()) if place.on(beside)), None)
        way = (Way.JOINED, Way.CAME) if comes else (Way.LEFT, Way.WENT)
        found.append(
            MovementRow(
                2 * stay.post_id + (not comes),
                f"{when:%Y-%m}",
                when,
                way[other is not None].value,
                one.name,
                names[stay.grid_id],
                one.title,
                one.employment,
                names[other.grid_id] if other is not None else "",
                one.reason if comes else one.leave_reason,
                None if comes else tenure(run.first, when),
                stay.post_id,
                run.person_id,
            )
        )
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.id))


def _turns(run: Run, start: date, end: date) -> Iterator[tuple[Stay, bool]]:
    """The first and the last post of a run, where it begins or ends in the time."""
    if run.begins(start, end):
        yield run.stays[0], True
    if run.ends(start, end):
        yield max(run.stays, key=lambda one: (one.last or date.max, one.post_id)), False


def _elsewhere(
    session: Session, wanted: Set[int], held: Sequence[Stay], scope: int | None, day: date
) -> dict[int, list[Stay]]:
    """What some people hold or held outside the area."""
    if scope is None:
        return {}
    inside = {one.post_id for one in held}
    found: dict[int, list[Stay]] = {}
    for one in worked(session, stays, None, day).rows:
        if one.person_id in wanted and one.post_id not in inside:
            found.setdefault(one.person_id, []).append(one)
    return found


# what is ahead


class Due(StrEnum):
    """What is ahead of somebody, and how near."""

    OVER = "合同已到期"
    DAYS_30 = "合同 30 天内到期"
    DAYS_60 = "合同 60 天内到期"
    DAYS_90 = "合同 90 天内到期"
    YEARS = "任职满周年"


@dataclass(frozen=True, slots=True)
class DueRow:
    """A contract that ends, or full years of service that come, within 90 days; `left` is negative once the
    day is over."""

    id: int
    due: Annotated[str, Field("什么事", width=16, computed=True)]
    day: Annotated[date, Field("哪一天", Kind.DATE, width=12, computed=True)]
    left: Annotated[int, Field("还有几天", Kind.INTEGER, width=9, computed=True)]
    name: Annotated[str, person.NAME]
    grid: Annotated[str, Field("所属网格", Kind.GRID, width=22, computed=True)]
    title: Annotated[str, Field("职务", width=12, computed=True)]
    employer: Annotated[str | None, Field("用工单位", width=16, computed=True)]
    joined: Annotated[date | None, Field("开始任职", Kind.DATE, width=12, computed=True)]
    years: Annotated[int | None, Field("满几年", Kind.INTEGER, width=8, computed=True)]
    post_id: int
    person_id: int


def due_rows(session: Session, scope: int | None = None, day: date | None = None) -> list[DueRow]:
    """Contracts over or ending within 90 days, and anniversaries of service in that time, of those who
    serve below a grid on a day; the nearest first."""
    return _ahead(worked(session, serving_rows, scope, day).rows, day or date.today())


def _ahead(rows: Sequence[ServingRow], day: date) -> list[DueRow]:
    found = []
    for one in rows:
        if one.contract_end is not None and (left := (one.contract_end - day).days) <= AHEAD:
            found.append(_due(one, _stage(left), one.contract_end, left, None, 0))
        when = _anniversary(one.joined, day)
        if when is not None and one.joined is not None and (left := (when - day).days) <= AHEAD:
            found.append(_due(one, Due.YEARS, when, left, when.year - one.joined.year, 1))
    return sorted(found, key=lambda one: (one.day, one.id))


def _due(one: ServingRow, due: Due, when: date, left: int, years: int | None, place: int) -> DueRow:
    return DueRow(
        2 * one.id + place,
        due.value,
        when,
        left,
        one.name,
        one.grid,
        one.title,
        one.employer,
        one.joined,
        years,
        one.id,
        one.person_id,
    )


def _stage(left: int) -> Due:
    if left < 0:
        return Due.OVER
    return Due.DAYS_30 if left <= 30 else Due.DAYS_60 if left <= 60 else Due.DAYS_90


def _anniversary(first: date | None, day: date) -> date | None:
    """The next day on or after `day` on which a full year of service is reached; of 29 February the 28th."""
    if first is None:
        return None
    for year in (day.year, day.year + 1):
        try:
            when = first.replace(year=year)
        except ValueError:
            when = date(year, 2, 28)
        if when >= day and when > first:
            return when
    return None


def serving_listing(day: date | None = None) -> Listing:
    """Who serves, for the window, paper and workbook."""
    bands = ("title", "employment", "age_band", "schooling", "tenure_band", "employer")
    return worked_out("team", "在岗人员结构", "人", ServingRow, serving_rows, bands, day, "person_id")


def movements_listing(day: date | None = None) -> Listing:
    """Who came and went, for the window, paper and workbook."""
    filters = ("month", "way", "title", "employment", "reason")
    return worked_out(
        "movements", "队伍进出名单", "人次", MovementRow, movement_rows, filters, day, "person_id"
    )


def due_listing(day: date | None = None) -> Listing:
    """Ends of contracts and anniversaries ahead, for the window, paper and workbook."""
    filters = ("due", "title", "employer")
    return worked_out("due", "合同和周年提醒", "件", DueRow, due_rows, filters, day, "person_id")


@dataclass(frozen=True, slots=True)
class Picture:
    """What the charts show: who came and went, and how many serve in each band of age, service, schooling;
    `due` counts contracts and anniversaries ahead."""

    turnover: Turnover
    serving: int
    due: int
    ages: tuple[tuple[str, int], ...]
    tenures: tuple[tuple[str, int], ...]
    schoolings: tuple[tuple[str, int], ...]


def picture(session: Session, scope: int | None = None, day: date | None = None) -> Picture:
    """The whole page of an area on a day, each band as its rows have it."""
    rows = worked(session, serving_rows, scope, day).rows
    return Picture(
        turnover(session, scope, day),
        len(rows),
        len(_ahead(rows, day or date.today())),
        _tallied([one.age_band for one in rows], [words for _, _, words in AGES]),
        _tallied([one.tenure_band for one in rows], [words for _, words in TENURES]),
        _tallied([one.schooling for one in rows], [words for words, _ in SCHOOLING]),
    )


def _tallied(bands: Sequence[str], order: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """How many fall in each band, in the order of the bands; those not filled in last, if any."""
    counts = Counter(bands)
    wanted = [*order, *([UNKNOWN] if counts[UNKNOWN] else [])]
    return tuple((words, counts[words]) for words in wanted)
