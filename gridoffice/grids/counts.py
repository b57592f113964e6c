"""What statistics forms ask of a street, a community or a grid: how many grids, homes and people.

The forms of superior offices have a row for each unit and count what lies below it. A number that is
recorded for the unit itself stands; where there is none, the numbers of the parts are added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Annotated, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Employment, Political
from db.tables import Person, Post
from gridoffice.fields import Column, Field, Kind, Sensitive, columns
from gridoffice.grids.cascades import book_on, level_names
from gridoffice.grids.history import Tree, tree_on
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.naming import Gazetteer
from gridoffice.grids.pack import Norm, Pack
from gridoffice.grids.rules import path_ids
from gridoffice.grids.service import serving
from gridoffice.grids.tree import roll_up
from gridoffice.listing import Ask, listed

MEMBERS = (Political.MEMBER, Political.PROBATIONARY)
ADDED_UP = ("households", "merchants", "population", "area")
"""Columns of a grid that are added up from its parts where nothing is recorded for itself."""


@dataclass(frozen=True, slots=True)
class CountColumns:
    """What a statistics form may ask beside the columns of 网格台账. `party` counts members among the
    workers, `members` those of the party organisations there (empty in an office without a register)."""

    street: Annotated[
        str | None,
        Field(
            "街道", width=12, computed=True, aliases=("镇街", "镇（街道）", "乡镇", "街道名称", "所属街道")
        ),
    ]
    community: Annotated[
        str | None,
        Field(
            "社区",
            width=12,
            computed=True,
            aliases=("村（社区）", "社区（村）", "村社", "所属社区", "社区名称", "总网格"),
        ),
    ]
    grids: Annotated[
        int,
        Field(
            "网格数",
            Kind.INTEGER,
            computed=True,
            aliases=("网格总数", "网格个数", "一般网格数", "划分网格数", "网格数量"),
        ),
    ]
    micro_grids: Annotated[
        int,
        Field("微网格数", Kind.INTEGER, computed=True, aliases=("微网格总数", "微网格个数", "微网格数量")),
    ]
    people: Annotated[
        int,
        Field(
            "网格员人数",
            Kind.INTEGER,
            computed=True,
            aliases=("网格员数", "网格员总数", "网格员数量", "网格力量总数", "网格力量/总数"),
        ),
    ]
    full_time: Annotated[
        int,
        Field(
            "专职网格员人数",
            Kind.INTEGER,
            computed=True,
            aliases=("专职网格员数", "专职人数", "专职网格员", "专职", "专职网格员数量", "网格员其中专职"),
        ),
    ]
    part_time: Annotated[
        int,
        Field(
            "兼职网格员人数",
            Kind.INTEGER,
            computed=True,
            aliases=("兼职网格员数", "兼职人数", "兼职网格员", "兼职", "兼职网格员数量", "网格员其中兼职"),
        ),
    ]
    party: Annotated[
        int,
        Field(
            "网格员中党员数",
            Kind.INTEGER,
            computed=True,
            aliases=("党员网格员数", "党员网格员", "网格员中的党员", "网格员中党员", "网格员其中党员"),
        ),
    ]
    members: Annotated[
        int | None,
        Field(
            "党员数",
            Kind.INTEGER,
            computed=True,
            aliases=("党员总数", "党员人数", "党员", "党员数量", "党员（人）"),
        ),
    ]
    leader: Annotated[
        str | None, Field("网格长", computed=True, aliases=("网格长姓名", "网格长名单", "网格长/姓名"))
    ]
    leader_phone: Annotated[
        str | None,
        Field(
            "网格长电话",
            Kind.PHONE,
            computed=True,
            sensitive=Sensitive.PHONE,
            aliases=("网格长联系电话", "网格长手机", "网格长联系方式", "网格长手机号"),
        ),
    ]


COLUMNS: tuple[Column, ...] = (*GRIDS.columns, *columns(CountColumns))


@dataclass(slots=True)
class _Below:
    """What lies below a grid, itself included."""

    grids: int = 0
    micro_grids: int = 0
    people: int = 0
    full_time: int = 0
    part_time: int = 0
    party: int = 0
    leaders: list[tuple[str, str]] = field(default_factory=list)


def levels(pack: Pack, asked: frozenset[str], named: frozenset[str]) -> frozenset[str] | None:
    """The kinds of grids that a form with these columns has rows for; None for all of them. `named` are
    the columns in which the form itself names its rows."""
    said = named & {"street", "community", "name", "code"} or asked
    if "name" in said or "code" in said:
        # a list of everything says what kind each is; a form without that means the grids at work
        free = bool(named) or bool(asked & {"kind", "parent"})
        return None if free else frozenset(kind.key for kind in pack.kinds if kind.staffed) or None
    if "community" in said:
        return frozenset(kind.key for kind in pack.kinds if kind.unit) or None
    return pack.root if "street" in said else None


def wanted(session: Session, ask: Ask, asked: frozenset[str], named: frozenset[str]) -> list[int]:
    """The grids that a form asks for. A filter of the clerk's own on the kind of grid stands; else the
    form's columns say which kinds it counts."""
    ids = GRIDS.ids(session, ask)
    kinds = levels(office_pack(session), asked, named)
    if kinds is None or any(one.column == "kind" for one in ask.filters):
        return list(ids)
    grid = tree_on(session, ask.day).c
    of_kind = set(session.scalars(select(grid.id).where(grid.kind.in_(kinds))))
    return [one for one in ids if one in of_kind]


def rows(session: Session, ask: Ask, ids: Sequence[int]) -> Iterator[list[Any]]:
    """Some grids with what lies below each on the day, values aligned with `COLUMNS`."""
    pack, tree = office_pack(session), tree_on(session, ask.day)
    book = book_on(session, pack, tree.day)
    below = _below(session, book, tree)
    added = _added_up(session, pack, tree)
    counted = roll_up(session, ask.scope, tree.day)
    registered = any(one.organisations for one in counted.values())
    names = [column.name for column in GRIDS.columns]
    for grid_id, values in zip(ids, listed(session, GRIDS, ask, ids), strict=True):
        place, found = book.places[grid_id], below[grid_id]
        for name in ADDED_UP:
            values[names.index(name)] = added[name].get(grid_id)
        street, community, _, _ = level_names(book, place)
        yield [
            *values,
            street or None,
            community or None,
            found.grids,
            found.micro_grids,
            found.people,
            found.full_time,
            found.part_time,
            found.party,
            counted[grid_id].members if registered else None,
            "、".join(name for name, _ in found.leaders) or None,
            " ".join(phone for _, phone in found.leaders[:2] if phone) or None,
        ]


def _below(session: Session, book: Gazetteer, tree: Tree) -> Mapping[int, _Below]:
    staffed = {kind.key for kind in book.pack.kinds if kind.staffed}
    small = {kind.key for kind in book.pack.kinds if not kind.staffed and kind.parents & staffed}
    found: dict[int, _Below] = defaultdict(_Below)
    for path, kind in session.execute(select(tree.c.path, tree.c.kind).where(tree.standing())):
        for one in path_ids(tree.path(path)):
            found[one].grids += kind in staffed
            found[one].micro_grids += kind in small
    for posts in _by_person(session, tree):
        _count(found, posts, "people", lambda _: True)
        _count(found, posts, "full_time", lambda post: post[1] is Employment.FULL_TIME)
        _count(found, posts, "part_time", lambda post: post[1] is Employment.PART_TIME)
        _count(found, posts, "party", lambda post: post[2] in MEMBERS)
    leading = (
        select(Post.grid_id, Person.name, Person.phone)
        .join(Person, Person.id == Post.person_id)
        .where(serving(tree.day), Post.title.endswith("网格长"))
        .order_by(Post.id)
    )
    for grid_id, name, phone in session.execute(leading):
        found[grid_id].leaders.append((name, phone or ""))
    return found


Held = tuple[str, Employment | None, Political | None]
"""A post: the path of its grid, how it is held, and its holder's political status."""


def _by_person(session: Session, tree: Tree) -> Iterator[list[Held]]:
    """The posts of each person that serves on a day: who has two of them counts once above both."""
    query = (
        select(Post.person_id, Post.grid_path, Post.employment, Person.political)
        .join(Person, Person.id == Post.person_id)
        .where(serving(tree.day))
        .order_by(Post.person_id)
    )
    for _, posts in groupby(session.execute(query), key=lambda row: row[0]):
        yield [(tree.path(path), employment, political) for _, path, employment, political in posts]


def _count(
    found: Mapping[int, _Below], posts: Sequence[Held], name: str, counts: Callable[[Held], bool]
) -> None:
    for one in {grid for post in posts if counts(post) for grid in path_ids(post[0])}:
        setattr(found[one], name, getattr(found[one], name) + 1)


def _added_up(session: Session, pack: Pack, tree: Tree) -> Mapping[str, Mapping[int, Any]]:
    """For each column of `ADDED_UP` the number recorded, or the sum of the parts where it is recorded
    for all of them: a sum that leaves a part out would be silently too small."""
    sized = {kind.key for kind in pack.kinds if kind.staffed and (kind.norm() != Norm() or kind.zones)}
    # where grids have a norm, those without one (专属网格: a market, a school) need no number
    free = {kind.key for kind in pack.kinds if kind.staffed} - sized if sized else set()
    found: dict[str, dict[int, Any]] = {name: {} for name in ADDED_UP}
    lacking: dict[str, set[int]] = {name: set() for name in ADDED_UP}
    own = (tree.c[name] for name in ADDED_UP)
    query = select(tree.c.path, tree.c.id, tree.c.parent_id, tree.c.kind, *own).where(tree.standing())
    # the deepest first: what is summed up is there when its parent is reached
    grids = sorted(session.execute(query), key=lambda row: len(tree.path(row[0])), reverse=True)
    for _, grid_id, parent_id, kind, *values in grids:
        for name, value in zip(ADDED_UP, values, strict=True):
            known = found[name]
            if value is not None:
                known[grid_id] = value
            elif grid_id in lacking[name]:
                known.pop(grid_id, None)
            if parent_id is None:
                continue
            if grid_id in known:
                known[parent_id] = known.get(parent_id, 0) + known[grid_id]
            elif kind not in free:
                lacking[name].add(parent_id)
    return found
