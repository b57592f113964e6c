"""呼叫树: who calls whom when something happens — down the tree of grids from leader to leader, in each grid
from its leader to the others who serve, and from them to the representatives of households.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Household, Person, Post
from gridoffice.fields import Field, Kind
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.grids.rules import SEGMENT
from gridoffice.grids.service import serving
from gridoffice.listing import Listing, chunked
from gridoffice.people import rows as person
from gridoffice.people.lists import lasting, today_or
from gridoffice.worked_out import worked_out

NOBODY = "没有指定"
LEADER, WORKER, HOUSEHOLD = "负责人", "网格员", "户代表"


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One call: who is called, by whom. `id` is the place in the tree."""

    id: int
    grid: Annotated[str, Field("网格", width=22, computed=True)]
    tier: Annotated[str, Field("层级", width=8, computed=True)]
    caller: Annotated[str, Field("由谁呼叫", width=10, computed=True)]
    name: Annotated[str, replace(person.NAME, computed=True, required=False)]
    role: Annotated[str, Field("职务", width=12, computed=True)]
    phone: Annotated[str | None, replace(person.PHONE, computed=True)]
    people: Annotated[int | None, Field("人数", Kind.INTEGER, width=6, computed=True)]
    address: Annotated[str | None, replace(person.ADDRESS, computed=True)]
    note: Annotated[str | None, Field("备注", width=16, computed=True)]


@dataclass(frozen=True, slots=True)
class Serves:
    """Somebody who serves in a grid."""

    person_id: int
    name: str
    title: str
    phone: str | None


def call_tree(session: Session, scope: int | None = None, day: date | None = None) -> list[ContactRow]:
    """Every call below a grid on a day, in the order of the tree: the leader of a grid (the first of its
    people in the order of the pack's posts) is called by the nearest leader above, the others by the
    leader, a household by whoever is to call it."""
    day = today_or(day)
    pack, tree = office_pack(session), tree_on(session, day)
    every = select(tree.c.path, tree.c.id).where(tree.standing())
    serves = _serving(session, day, [post.label for post in pack.posts])
    leaders = {path: serves[number][0] for path, number in session.execute(every) if number in serves}
    households: dict[int, list[Household]] = defaultdict(list)
    represented = select(Household).where(lasting(Household, day)).order_by(Household.name, Household.id)
    for one in session.scalars(represented):
        households[one.grid_id].append(one)
    callers = _names(session, {one.caller_id for some in households.values() for one in some})
    if scope is not None:
        every = every.where(tree.within(tree.c.path, path_of(session, scope)))
    known = [
        (path, number)
        for path, number in session.execute(every.order_by(tree.c.path))
        if number in serves or number in households
    ]
    names = names_of(session, pack, [number for _, number in known], day)
    made = [
        (names[number][0], *call)
        for path, number in known
        for call in calls(serves.get(number, ()), households.get(number, ()), callers, _above(leaders, path))
    ]
    return [ContactRow(place, *call) for place, call in enumerate(made, 1)]


def _serving(session: Session, day: date, order: Sequence[str]) -> dict[int, list[Serves]]:
    """Who serves in which grid, the leader first."""
    found: dict[int, list[Serves]] = defaultdict(list)
    posts = select(Post.grid_id, Person.id, Person.name, Post.title, Person.phone)
    posts = posts.join(Person, Person.id == Post.person_id).where(serving(day)).order_by(Post.id)
    for grid_id, person_id, name, title, phone in session.execute(posts):
        found[grid_id].append(Serves(person_id, name, title, phone))
    places = {title: place for place, title in enumerate(order)}
    for some in found.values():
        some.sort(key=lambda one: places.get(one.title, len(places)))
    return dict(found)


def _names(session: Session, numbers: set[int | None]) -> dict[int | None, str]:
    found: dict[int | None, str] = {}
    for chunk in chunked(sorted(one for one in numbers if one is not None)):
        found |= {
            number: name
            for number, name in session.execute(select(Person.id, Person.name).where(Person.id.in_(chunk)))
        }
    return found


def _above(leaders: Mapping[str, Serves], path: str) -> Serves | None:
    """The leader of the nearest grid above."""
    ends = range(len(path) - SEGMENT, 0, -SEGMENT)
    return next((leaders[path[:end]] for end in ends if path[:end] in leaders), None)


Call = tuple[str, str, str, str, str | None, int | None, str | None, str | None]
"""A line after the name of its grid."""


def calls(
    serves: Sequence[Serves],
    households: Sequence[Household],
    callers: Mapping[int | None, str],
    above: Serves | None,
) -> Iterator[Call]:
    """The calls of one grid: its leader, the others who serve, and below each the households that one calls;
    last those that somebody of another grid calls, and those that nobody does."""
    left = list(households)
    for place, one in enumerate(serves):
        caller = serves[0].name if place else above.name if above is not None else ""
        yield WORKER if place else LEADER, caller, one.name, one.title, one.phone, None, None, None
        for house in [house for house in left if house.caller_id == one.person_id]:
            left.remove(house)
            yield _household(house, one.name)
    for house in sorted(left, key=lambda house: house.caller_id is None):
        yield _household(house, callers.get(house.caller_id, NOBODY))


def _household(one: Household, caller: str) -> Call:
    return HOUSEHOLD, caller, one.name, "", one.phone, one.people, one.address, one.note


def contacts_listing(day: date | None = None) -> Listing:
    """The call tree for the window, paper and workbook."""
    return worked_out("contacts", "紧急联络呼叫树", "个电话", ContactRow, call_tree, ("tier", "caller"), day)
