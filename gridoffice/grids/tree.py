"""The tree as it is looked at: its nodes with what is counted below them, on any day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from db.tables import Grid, OrgSeat, PartyMember, PartyOrg, Post
from gridoffice.grids import rules
from gridoffice.grids.history import Tree, tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.service import serving


class Counts(NamedTuple):
    """What lies in a grid and below it: grids (without itself), households (its own figure, else the sum
    of those below), posts held, staffed grids with nobody in them or below, party organisations and
    their members."""

    grids: int = 0
    households: int | None = None
    workers: int = 0
    vacancies: int = 0
    organisations: int = 0
    members: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the tree as the scope pane shows it. `workers` counts posts held below it on the
    day asked, `children` says whether it opens, `vacant` that somebody ought to be in it and is not."""

    id: int
    parent_id: int | None
    code: str
    name: str
    kind: str
    kind_label: str
    workers: int
    children: int
    vacant: bool
    counts: Counts = field(default=Counts())


def children(session: Session, parent_id: int | None, day: date | None = None) -> list[Node]:
    """The nodes directly below one (None: the roots) on a day, in their own order, with their counts."""
    tree = tree_on(session, day)
    below = tree.c.parent_id.is_(None) if parent_id is None else tree.c.parent_id == parent_id
    grids = session.execute(select(tree.source).where(below, tree.standing())).all()
    paths = {grid.id: tree.path(grid.path) for grid in grids}
    kinds = {kind.key: kind for kind in office_pack(session).kinds}
    opens = _opens(session, tree, list(paths))
    if len(tree.moved) > MOVES:
        counts: Mapping[int, Counts] = roll_up(session, parent_id, day)
    else:
        siblings = {grid.id: (paths[grid.id], grid.households, grid.path) for grid in grids}
        counts = _counted(session, tree, siblings, parent_id)
    return [
        Node(
            id=grid.id,
            parent_id=grid.parent_id,
            code=grid.code,
            name=grid.name,
            kind=grid.kind,
            kind_label=kinds[grid.kind].label,
            workers=counts[grid.id].workers,
            children=opens.get(grid.id, 0),
            vacant=kinds[grid.kind].staffed and counts[grid.id].workers == 0,
            counts=counts[grid.id],
        )
        for grid in sorted(grids, key=lambda one: paths[one.id])
    ]


def _opens(session: Session, tree: Tree, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(tree.c.parent_id, func.count())
        .where(tree.c.parent_id.in_(ids), tree.standing())
        .group_by(tree.c.parent_id)
    )
    return {parent: count for parent, count in rows if parent is not None}


def ancestors(session: Session, grid_id: int, day: date | None = None) -> list[int]:
    """The numbers of the grids from the root down to this one on a day; none when there is no such grid."""
    path = session.scalar(select(Grid.path).where(Grid.id == grid_id))
    return rules.path_ids(tree_on(session, day).path(path)) if path is not None else []


def count_workers(session: Session, path: str, day: date) -> int:
    """Posts held on a day in a grid and below it, by the grid's present path."""
    inside = tree_on(session, day).within(Post.grid_path, path)
    return session.scalar(select(func.count()).select_from(Post).where(inside, serving(day))) or 0


# ---- counting ----------------------------------------------------------------------------------


def _counted(
    session: Session, tree: Tree, siblings: Mapping[int, tuple[str, int | None, str]], parent_id: int | None
) -> dict[int, Counts]:
    """The counts of all grids below one parent, by their path on the day, their own households, their path
    today: one pass over the grids below, one over the posts, the adding up left to the database."""
    if not siblings:
        return {}
    tree = tree.only("id", "path", "kind", "households")
    above = path_of(session, parent_id) if parent_id is not None else None
    then = tree.path(above) if above is not None else ""
    length = len(then) + rules.SEGMENT
    moved = {now: was for now, was in tree.moved.items() if was.startswith(then)}

    def stretches(column: Any) -> list[list[ColumnElement[bool]]]:
        """Where all below lies today, each as a condition of its own: joined, no index would be walked."""
        if above is None:
            return [[]]
        return [[column >= begin, column < end] for begin, end in tree.ranges(above)]

    staffed = [kind.key for kind in office_pack(session).kinds if kind.staffed]
    top = _top(tree.c.path, moved, length)
    # whether anybody is at work below a grid that something left, or came to, its ranges tell
    touched = sorted({one for path in (*moved, *moved.values()) for one in rules.path_ids(path)[:-1]})
    vacant = and_(tree.c.kind.in_(staffed), tree.c.id.not_in(touched), ~_occupied(tree))
    empty = case((vacant, 1), else_=0)
    grids: Counter[str] = Counter()
    vacancies: Counter[str] = Counter()
    counted = select(top, func.count(), func.sum(empty)).where(tree.standing()).group_by(top)
    for stretch in stretches(tree.c.path):
        for path, count, without in session.execute(counted.where(*stretch)):
            grids[path] += count
            vacancies[path] += without
    for path in _left_empty(session, tree, touched, staffed):
        vacancies[path[:length]] += path.startswith(then)
    place = _top(Post.grid_path, moved, length)
    workers: Counter[str] = Counter()
    held = select(place, func.count()).where(serving(tree.day)).group_by(place)
    for stretch in stretches(Post.grid_path):
        workers.update({path: count for path, count in session.execute(held.where(*stretch))})
    homes: dict[str, int] = {}
    unknown = [today for _, own, today in siblings.values() if own is None]
    if unknown:
        every = len(unknown) == len(siblings) or len(unknown) > MOVES
        whole = [tree.within(tree.c.path, above)] if above is not None else []
        below = whole if every else [or_(*(tree.within(tree.c.path, one) for one in unknown))]
        homes = _homes(session, tree, length, below)
    party: dict[str, list[int]] = {}
    for path, (organisations, members) in _party(session, tree).items():
        sums = party.setdefault(path[:length], [0, 0])
        sums[0] += organisations
        sums[1] += members
    return {
        grid_id: Counts(
            grids[path] - 1,
            own if own is not None else homes.get(path),
            workers[path],
            vacancies[path],
            *party.get(path, (0, 0)),
        )
        for grid_id, (path, own, _) in siblings.items()
    }


MOVES = 40
"""Of more grids that hung elsewhere the tree of a day is gone through whole: each costs the database a
comparison for every grid."""


def _top(column: Any, moved: Mapping[str, str], length: int) -> ColumnElement[str]:
    """The first signs of the path that a path of today had on the day; `moved` as in `Tree`."""
    plain = func.substr(column, 1, length)
    found = []
    for now in sorted(moved, key=len, reverse=True):
        was = moved[now]
        begin, end = rules.below(now)
        rest = func.substr(column, len(now) + 1, length - len(was))
        value = literal(was[:length]) if len(was) >= length else literal(was).concat(rest)
        found.append((and_(column >= begin, column < end), value))
    return case(*found, else_=plain) if found else plain


def _left_empty(session: Session, tree: Tree, grid_ids: Sequence[int], staffed: Sequence[str]) -> list[str]:
    """Of some grids those that must have somebody, and had nobody in them or below on the day: by their
    paths then."""
    query = select(tree.c.path).where(tree.c.id.in_(grid_ids), tree.c.kind.in_(staffed), tree.standing())
    return [
        tree.path(path)
        for path in (session.scalars(query) if grid_ids and staffed else ())
        if not session.scalar(select(exists().where(tree.within(Post.grid_path, path), serving(tree.day))))
    ]


def _occupied(tree: Tree) -> ColumnElement[bool]:
    """Somebody is at work in a grid or below it. Nothing in a path sorts after `~`."""
    inside = and_(Post.grid_path >= tree.c.path, Post.grid_path < tree.c.path + "~")
    return exists().where(inside, serving(tree.day)).correlate(tree.source)


def _homes(session: Session, tree: Tree, length: int, inside: list[ColumnElement[bool]]) -> dict[str, int]:
    """Households of grids without a figure of their own: the figures below them, the uppermost each."""
    query = select(tree.c.path, tree.c.households)
    query = query.where(tree.standing(), tree.c.households.is_not(None), *inside)
    if tree.moved:
        then = ((tree.path(path), number) for path, number in session.execute(query))
        rows = sorted(pair for pair in then if len(pair[0]) > length)
    else:
        longer = query.where(func.length(tree.c.path) > length)
        rows = session.execute(longer.order_by(tree.c.path)).all()
    sums: dict[str, int] = {}
    above = "~"
    for path, number in rows:
        if not path.startswith(above):
            above = path
            sums[path[:length]] = sums.get(path[:length], 0) + number
    return sums


def _party(session: Session, tree: Tree) -> dict[str, tuple[int, int]]:
    """Party organisations, and their members, by the path of the grid where they stand. One that serves
    several grids counts in each, and is taken off where two of them meet: summed up from anywhere in
    the tree it is one."""

    def there(record: Any) -> ColumnElement[bool]:
        return and_(
            or_(record.from_day.is_(None), record.from_day <= tree.day),
            or_(record.to_day.is_(None), record.to_day >= tree.day),
        )

    query = select(PartyOrg.id, PartyOrg.parent_id).where(there(PartyOrg))
    orgs: dict[int, int | None] = {org_id: parent_id for org_id, parent_id in session.execute(query)}
    if not orgs:
        return {}
    seats: dict[int, set[str]] = {}
    seated = select(OrgSeat.org_id, Grid.path).join(Grid, Grid.id == OrgSeat.grid_id).where(there(OrgSeat))
    for org_id, path in session.execute(seated):
        seats.setdefault(org_id, set()).add(tree.path(path))
    joined = or_(PartyMember.joined.is_(None), PartyMember.joined <= tree.day)
    counts = select(PartyMember.org_id, func.count()).where(there(PartyMember), joined)
    counts = counts.group_by(PartyMember.org_id)
    heads: dict[int | None, int] = {org_id: count for org_id, count in session.execute(counts)}
    sums: dict[str, tuple[int, int]] = {}

    def add(path: str, organisations: int, members: int) -> None:
        some, people = sums.get(path, (0, 0))
        sums[path] = some + organisations, people + members

    for org_id in orgs:
        # one without a grid stands where the organisation above it stands
        one: int | None = org_id
        while one in orgs and one not in seats:
            one = orgs[one]
        paths = sorted(seats.get(one, ())) if one in orgs else []
        members = heads.get(org_id, 0)
        for path in paths:
            add(path, 1, members)
        for path, following in pairwise(paths):
            add(rules.meeting(path, following), -1, -members)
    return sums


def roll_up(session: Session, scope: int | None = None, day: date | None = None) -> dict[int, Counts]:
    """The counts of every grid in and below one (None: of all), in one pass from the leaves up."""
    tree = tree_on(session, day).only("id", "path", "kind", "households")
    staffed = {kind.key for kind in office_pack(session).kinds if kind.staffed}
    above = path_of(session, scope) if scope is not None else None
    grids = select(tree.c.id, tree.c.path, tree.c.kind, tree.c.households).where(tree.standing())
    held = select(Post.grid_path, func.count()).where(serving(tree.day)).group_by(Post.grid_path)
    if above is not None:
        grids = grids.where(tree.within(tree.c.path, above))
        held = held.where(tree.within(Post.grid_path, above))
    posts: dict[str, int] = {tree.path(path): count for path, count in _all(session, held)}
    party = _party(session, tree)
    rows = _all(session, grids)
    if tree.moved:
        rows = [(number, tree.path(path), kind, homes) for number, path, kind, homes in rows]
    rows.sort(key=lambda row: row[1], reverse=True)
    waiting: dict[str, list[int]] = {}
    found: dict[int, Counts] = {}
    for number, path, kind, homes in rows:
        # whatever lies below came first: its sums wait under this path
        below, workers, vacant, summed, known, orgs, members = waiting.pop(path, _NOTHING)
        workers += posts.get(path, 0)
        if not workers and kind in staffed:
            vacant += 1
        if party and path in party:
            orgs, members = orgs + party[path][0], members + party[path][1]
        if homes is None and known:
            homes = summed
        found[number] = Counts(below, homes, workers, vacant, orgs, members)
        sums = waiting.get(path[: -rules.SEGMENT])
        if sums is None:
            sums = waiting[path[: -rules.SEGMENT]] = [0, 0, 0, 0, 0, 0, 0]
        sums[0] += below + 1
        sums[1] += workers
        sums[2] += vacant
        if homes is not None:
            sums[3] += homes
            sums[4] = 1
        sums[5] += orgs
        sums[6] += members
    return found


_NOTHING = [0, 0, 0, 0, 0, 0, 0]


def _all(session: Session, query: Any) -> list[Any]:
    """Every line of an answer, past the row objects, which would cost more than the query."""
    cursor = session.connection().execute(query).cursor
    assert cursor is not None
    return list(cursor.fetchall())
