"""队伍变化: who came and went, as runs of service, so that every count follows from the same days.

Each person is counted once, where the main post is held; what is held beside it (兼任) is left out. A *run*
is a stretch of days without a gap on which somebody holds main posts within the area: a move inside the area
is neither a coming nor a leaving, one across its edge is. Therefore, for any days a ≤ b,

    joins(a, b) − leaves(a, b) = head count on b − head count on the day before a

and head counts of the parts of an area add up to its own. The area is cut as the tree was on the day looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Employment
from db.tables import Post
from gridoffice.fields import Field, Kind
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.grids.rules import SEGMENT, path_ids
from gridoffice.listing import Listing
from gridoffice.worked_out import worked, worked_out

MONTHS = 12
ONE_DAY = timedelta(days=1)


class Stay(NamedTuple):
    """A main post held: by whom, where (as the tree was on the day looked at), from when to when."""

    post_id: int
    person_id: int
    path: str
    grid_id: int
    first: date | None
    last: date | None
    full_time: bool

    def on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Run:
    """Days without a gap on which somebody serves, with the posts of them in order. `first` is None when
    it is not known since when, `last` when it goes on."""

    person_id: int
    first: date | None
    last: date | None
    stays: tuple[Stay, ...]

    def on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def begins(self, start: date, end: date) -> bool:
        """Whether its first day lies in a period, both days included."""
        return self.first is not None and start <= self.first <= end

    def ends(self, start: date, end: date) -> bool:
        """Whether the first day without it lies in a period, both days included."""
        return self.last is not None and start <= self.last + ONE_DAY <= end


def stays(session: Session, scope: int | None = None, day: date | None = None) -> list[Stay]:
    """Every main post ever held below a grid, as the tree was on a day (today when none is said)."""
    tree = tree_on(session, day)
    query = select(
        Post.id, Post.person_id, Post.grid_path, Post.grid_id, Post.from_day, Post.to_day, Post.employment
    ).where(Post.concurrent.is_(False))
    if scope is not None:
        query = query.where(tree.within(Post.grid_path, path_of(session, scope)))
    return [
        Stay(number, person, tree.path(path), grid, first, last, how is Employment.FULL_TIME)
        for number, person, path, grid, first, last, how in session.execute(query)
    ]


def runs(found: Iterable[Stay]) -> list[Run]:
    """Posts joined to runs: those of one person that touch or overlap are one."""
    mine: dict[int, list[Stay]] = defaultdict(list)
    for one in found:
        mine[one.person_id].append(one)
    joined: list[Run] = []
    for person_id, some in mine.items():
        if len(some) == 1:
            joined.append(Run(person_id, some[0].first, some[0].last, tuple(some)))
            continue
        some.sort(key=lambda one: (one.first or date.min, one.post_id))
        held: list[Stay] = []
        last: date | None = None
        for one in some:
            if held and last is not None and (one.first or date.min) > last + ONE_DAY:
                joined.append(Run(person_id, held[0].first, last, tuple(held)))
                held = []
            if not held:
                last = one.last
            elif last is not None:
                last = None if one.last is None else max(last, one.last)
            held.append(one)
        joined.append(Run(person_id, held[0].first, last, tuple(held)))
    return joined


class Spans:
    """First and last days of many stretches, in order: how many hold on a day, begin or end in a period is
    looked up and not counted."""

    def __init__(self, found: Iterable[tuple[date | None, date | None]]):
        self._firsts, self._lasts = [], []
        for first, last in found:
            self._firsts.append(first or date.min)
            self._lasts.append(last or date.max)
        self._firsts.sort()
        self._lasts.sort()

    def on(self, day: date) -> int:
        """How many hold on a day."""
        return bisect_right(self._firsts, day) - bisect_left(self._lasts, day)

    def begun(self, start: date, end: date) -> int:
        """How many began in a period, both days included."""
        return bisect_right(self._firsts, end) - bisect_left(self._firsts, start)

    def ended(self, start: date, end: date) -> int:
        """How many were over for the first time on a day of a period, both days included."""
        return bisect_right(self._lasts, end - ONE_DAY) - bisect_left(self._lasts, start - ONE_DAY)


class Team:
    """Runs to be counted: all of them, and the stretches of them in full time."""

    def __init__(self, found: Sequence[Run]):
        self.all = Spans((one.first, one.last) for one in found)
        self._full = Spans(stretch for one in found for stretch in _full_time(one))

    def full_time_rate(self, day: date) -> Decimal | None:
        """专职率: those whose main post on the day is in full time ÷ all who serve, in per cent."""
        return rate(self._full.on(day), self.all.on(day))

    def change(self, start: date, end: date) -> Change:
        """What a period brought."""
        before, after, left = self.all.on(start - ONE_DAY), self.all.on(end), self.all.ended(start, end)
        joined, share = self.all.begun(start, end), turnover_rate(left, before, after)
        return Change(start, end, before, joined, left, after, share, self.full_time_rate(end))


def _full_time(run: Run) -> Iterable[tuple[date | None, date | None]]:
    """The days of a run on which it is in full time: of several posts at once one is enough."""
    some = [one for one in run.stays if one.full_time]
    if len(some) > 1:
        return [(one.first, one.last) for one in runs(some)]
    return [(one.first, one.last) for one in some]


def rate(part: int, whole: Decimal | int) -> Decimal | None:
    """Per cent with one place; None of nobody."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def turnover_rate(left: int, before: int, after: int) -> Decimal | None:
    """流失率: those who left in a period ÷ the mean of the head counts before it and at its end, in per cent."""
    return rate(left, Decimal(before + after) / 2)


@dataclass(frozen=True, slots=True)
class Change:
    """A period: head count before it and at its end, who came and went, the turnover rate, and the share
    of those in full time at its end."""

    start: date
    end: date
    before: int
    joined: int
    left: int
    after: int
    rate: Decimal | None
    full_time: Decimal | None


def periods(day: date, count: int = MONTHS) -> list[tuple[date, date]]:
    """The last months up to a day, oldest first; the last of them ends on the day."""
    found = [(day.replace(day=1), day)]
    while len(found) < count:
        end = found[-1][0] - ONE_DAY
        found.append((end.replace(day=1), end))
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the scope: what changed there in the whole time, and the full-time rate at each month's end."""

    grid_id: int
    name: str
    change: Change
    rates: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Turnover:
    """The page's numbers: the months of the scope, the whole of them, and each part."""

    day: date
    months: tuple[Change, ...]
    whole: Change
    areas: tuple[Area, ...]


def turnover(session: Session, scope: int | None = None, day: date | None = None) -> Turnover:
    """Who came and went below a grid in the twelve months up to a day."""
    day = day or date.today()
    found = worked(session, stays, scope, day).rows
    everybody, months = Team(runs(found)), periods(day)
    start = months[0][0]
    parts = {grid_id: Team(own) for grid_id, own in by_area(session, found, scope, day).items()}
    names = names_of(session, office_pack(session), parts, day)
    return Turnover(
        day,
        tuple(everybody.change(*month) for month in months),
        everybody.change(start, day),
        tuple(
            Area(
                grid_id,
                names[grid_id][0],
                own.change(start, day),
                tuple(own.full_time_rate(end) for _, end in months),
            )
            for grid_id, own in parts.items()
        ),
    )


def by_area(session: Session, found: Iterable[Stay], scope: int | None, day: date) -> Mapping[int, list[Run]]:
    """The runs of each part right below a grid (of the whole office: below its top), in the order of the
    tree; posts at the grid itself are a part of their own."""
    tree = tree_on(session, day)
    deep = len(tree.path(path_of(session, scope))) if scope is not None else SEGMENT
    parts: dict[str, list[Stay]] = defaultdict(list)
    for one in found:
        parts[one.path[: deep + SEGMENT]].append(one)
    return {path_ids(path)[-1]: runs(parts[path]) for path in sorted(parts)}


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area on paper: the twelve months up to the day."""

    id: int
    area: Annotated[str, Field("区域", width=16, computed=True)]
    before: Annotated[int, Field("期初在岗", Kind.INTEGER, width=9, computed=True)]
    joined: Annotated[int, Field("来", Kind.INTEGER, width=6, computed=True)]
    left: Annotated[int, Field("走", Kind.INTEGER, width=6, computed=True)]
    after: Annotated[int, Field("期末在岗", Kind.INTEGER, width=9, computed=True)]
    rate: Annotated[Decimal | None, Field("流失率", Kind.RATE, width=9, computed=True)]
    full_before: Annotated[Decimal | None, Field("一年前专职率", Kind.RATE, width=12, computed=True)]
    full_time: Annotated[Decimal | None, Field("专职率", Kind.RATE, width=9, computed=True)]


def area_rows(session: Session, scope: int | None = None, day: date | None = None) -> list[AreaRow]:
    """Each part of an area, as `turnover` has them."""
    return [
        AreaRow(
            one.grid_id,
            one.name,
            one.change.before,
            one.change.joined,
            one.change.left,
            one.change.after,
            one.change.rate,
            one.rates[0],
            one.change.full_time,
        )
        for one in turnover(session, scope, day).areas
    ]


def turnover_listing(day: date | None = None) -> Listing:
    """The areas with what changed in a year, for paper and workbook."""
    return worked_out("turnover", "队伍变化情况表", "个区域", AreaRow, area_rows, day=day)
