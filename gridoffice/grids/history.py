"""The tree of any day, and the story of one grid.

Today is the plain table. A past day is that table without what changed since, and the periods that
held then. Only grids that changed have periods: whatever hung below a grid that moved is found where
it was by the moves alone, so a day costs as much as its changes.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, func, or_, select, union_all
from sqlalchemy.orm import Session

from db.enums import GridChangeKind, GridPart
from db.tables import Grid, GridChange, GridCode, GridLink, GridPeriod, table_of
from gridoffice.grids.rules import SEGMENT, below, path_ids, segment
from gridoffice.grids.sketch import STATE, State
from gridoffice.listing import chunked

FEW = 40
"""Of so many grids that hung elsewhere each path is compared with every one."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree of one day. `source` has the columns of a grid as it was then (`c`), but for `path`,
    which is today's; `moved` tells for each grid that hung elsewhere, by its path today, its path then."""

    day: date
    source: FromClause
    moved: Mapping[str, str]

    @property
    def c(self) -> Any:
        return self.source.c

    @property
    def past(self) -> bool:
        """Something has changed since."""
        return self.source is not table_of(Grid)

    def only(self, *names: str) -> Tree:
        """The same tree with some of its columns: what counts a city is not to carry whole lines."""
        if not self.past:
            return self
        return replace(self, source=_source(self.day, [*names, "valid_from", "valid_to"]))

    def standing(self) -> ColumnElement[bool]:
        """Grids that existed on the day."""
        return and_(
            or_(self.c.valid_from.is_(None), self.c.valid_from <= self.day),
            or_(self.c.valid_to.is_(None), self.c.valid_to >= self.day),
        )

    def path(self, today: str) -> str:
        """The path that a path of today had on the day."""
        # nearly all of a city's hung where they hang: where few moved that is seen at once
        if len(self.moved) > FEW or today.startswith(tuple(self.moved)):
            for end in range(len(today), 0, -SEGMENT):
                if (then := self.moved.get(today[:end])) is not None:
                    return then + today[end:]
        return today

    def ranges(self, today: str) -> list[tuple[str, str]]:
        """Where everything that was below a grid on the day is found today: half-open ranges of paths,
        the grid's own among them. `today` is the grid's path."""
        if not self.moved:
            return [below(today)]
        then = self.path(today)
        starts = {today, *(now for now, was in self.moved.items() if was.startswith(then))}
        found = []
        for start in sorted(starts):
            begin, end = below(start)
            cuts = sorted(now for now in self.moved if now != start and now.startswith(start))
            for cut in cuts:
                if cut >= begin:
                    found.append((begin, cut))
                    begin = below(cut)[1]
            found.append((begin, end))
        return [(begin, end) for begin, end in found if begin < end]

    def within(self, column: Any, today: str) -> ColumnElement[bool]:
        """The condition that a path of today lay below a grid on the day."""
        return _any([and_(column >= begin, column < end) for begin, end in self.ranges(today)])


def _any(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Some conditions joined by OR as a balanced tree: SQLite takes no expression deeper than 1000."""
    if len(conditions) < 3:
        return or_(false(), *conditions) if conditions else false()
    half = len(conditions) // 2
    return or_(_any(conditions[:half]).self_group(), _any(conditions[half:]).self_group())


def tree_on(session: Session, day: date | None = None) -> Tree:
    """The tree of a day (today when none is said)."""
    today = date.today()
    grid = table_of(Grid)
    if day is None or day >= today:
        return Tree(day or today, grid, {})
    held = _held(day)
    if session.scalar(select(GridPeriod.id).where(held).limit(1)) is None:
        return Tree(day, grid, {})
    return Tree(day, _source(day, list(grid.c.keys())), _moved(session, held))


def _held(day: date) -> ColumnElement[bool]:
    """Periods that held on a day."""
    return and_(GridPeriod.to_day >= day, or_(GridPeriod.from_day.is_(None), GridPeriod.from_day <= day))


def _source(day: date, names: Sequence[str]) -> FromClause:
    """Some columns of the tree of a day: the lines that are as they were, and what the others were."""
    grid, period = table_of(Grid), table_of(GridPeriod)
    dated = {*STATE, "search"}
    # by number, which every index has: by `since` each line of a city would be read whole
    unchanged = select(*(grid.c[name] for name in names)).where(
        grid.c.id.not_in(select(period.c.grid_id).where(_held(day)))
    )
    then = (
        select(*(period.c[name] if name in dated else grid.c[name] for name in names))
        .select_from(period)
        .join(grid, grid.c.id == period.c.grid_id)
        .where(_held(day))
    )
    return union_all(unchanged, then).subquery("tree")


def _moved(session: Session, held: ColumnElement[bool]) -> dict[str, str]:
    """Grids that hung elsewhere on the day: by their path today, their path then."""
    query = (
        select(Grid.id, Grid.path, GridPeriod.parent_id)
        .join(GridPeriod, GridPeriod.grid_id == Grid.id)
        .where(held, GridPeriod.parent_id.is_distinct_from(Grid.parent_id))
    )
    moves = {grid_id: (path, parent_id) for grid_id, path, parent_id in session.execute(query)}
    parents: dict[int, str] = {}
    for chunk in chunked(sorted({parent for _, parent in moves.values() if parent is not None})):
        parents |= {
            i: path for i, path in session.execute(select(Grid.id, Grid.path).where(Grid.id.in_(chunk)))
        }
    known: dict[int, str] = {}

    def then(grid_id: int) -> str:
        if grid_id not in known:
            parent_id = moves[grid_id][1]
            known[grid_id] = ("" if parent_id is None else carried(parents[parent_id])) + segment(grid_id)
        return known[grid_id]

    def carried(path: str) -> str:
        ids = path_ids(path)
        for count in range(len(ids), 0, -1):
            if ids[count - 1] in moves:
                return then(ids[count - 1]) + path[count * SEGMENT :]
        return path

    return {path: then(grid_id) for grid_id, (path, _) in moves.items()}


def as_of(session: Session, day: date | None = None) -> dict[int, tuple[State, str]]:
    """Every grid that existed on a day, with its path then."""
    tree = tree_on(session, day)
    query = select(tree.c.id, tree.c.path, *(tree.c[name] for name in STATE)).where(tree.standing())
    return {number: (State(*state), tree.path(path)) for number, path, *state in session.execute(query)}


def in_order(
    session: Session, tree: Tree, query: Select[Any], path: Any, limit: int | None = None
) -> array[int]:
    """The ids that a query finds, in the order of the tree of the day: `query` selects ids only and
    `path` is the column with today's path."""
    rows = session.execute(query.add_columns(path)).all()
    ordered = sorted(rows, key=lambda row: (tree.path(row[1]), row[0]))
    return array("q", [row[0] for row in ordered[:limit]])


# ---- the story of one grid ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kin:
    """Another grid of the same change, and what it was to it."""

    part: GridPart
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Event:
    """One change in the story of a grid. `before` is what the grid was until then, where the change
    left it different; `kin` are the others: predecessors, successors, the grid it went into."""

    id: int
    kind: GridChangeKind
    day: date
    reason: str | None
    approval: str | None
    part: GridPart
    before: State | None
    kin: tuple[Kin, ...]


def story(session: Session, grid_id: int) -> list[Event]:
    """The dated changes of one grid, the earliest first."""
    changes = session.execute(
        select(GridChange, GridLink.part)
        .join(GridLink, GridLink.change_id == GridChange.id)
        .where(GridLink.grid_id == grid_id)
        .order_by(GridChange.day, GridChange.id)
    ).all()
    ids = [change.id for change, _ in changes]
    kin: dict[int, list[Kin]] = {one: [] for one in ids}
    for chunk in chunked(ids):
        others = (
            select(GridLink.change_id, GridLink.part, Grid.id, Grid.code, Grid.name)
            .join(Grid, Grid.id == GridLink.grid_id)
            .where(
                GridLink.change_id.in_(chunk),
                GridLink.grid_id != grid_id,
                GridLink.part != GridPart.CARRIED,
            )
            .order_by(GridLink.id)
        )
        for change_id, part, other, code, name in session.execute(others):
            kin[change_id].append(Kin(part, other, code, name))
    periods = session.scalars(select(GridPeriod).where(GridPeriod.grid_id == grid_id))
    before = {period.change_id: State.of(period) for period in periods}
    return [
        Event(
            change.id,
            change.kind,
            change.day,
            change.reason,
            change.approval,
            part,
            before.get(change.id),
            tuple(kin[change.id]),
        )
        for change, part in changes
    ]


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A code that is not used any more: whose it was, since when not, and why."""

    code: str
    grid_id: int
    name: str
    day: date
    reason: str


def given_up(session: Session, grid_ids: Sequence[int] | None = None) -> list[GivenUp]:
    """Codes that were given up, the latest first; of some grids or of all."""
    query = select(GridCode.code, GridCode.grid_id, Grid.name, GridCode.day, GridCode.reason).join(
        Grid, Grid.id == GridCode.grid_id
    )
    query = query.order_by(GridCode.day.desc(), GridCode.id.desc())
    if grid_ids is None:
        return [GivenUp(*row) for row in session.execute(query)]
    found: list[GivenUp] = []
    for chunk in chunked(grid_ids):
        found += [GivenUp(*row) for row in session.execute(query.where(GridCode.grid_id.in_(chunk)))]
    return found


def change_days(session: Session) -> list[date]:
    """The days on which the tree changed, the latest first: what a date picker offers."""
    return list(
        session.scalars(
            select(GridChange.day).group_by(GridChange.day).order_by(func.max(GridChange.day).desc())
        )
    )
