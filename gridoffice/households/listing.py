"""联系户台账: the households that are represented on a day, grid by grid."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from db.server.numbers import whole_numbers
from db.tables import Grid, Household, Person
from gridoffice.fields import columns
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.households.rows import OWN, HouseholdRow
from gridoffice.listing import Ask, Listing, chunked, filtered, ordered_ids, spelled
from gridoffice.people.lists import lasting, tallied, today_or

_DOOR = re.compile(r"[\d路街巷弄号幢栋楼室组]")
"""What stands behind the place in an address."""
CALLER, MEMBER = aliased(Person), aliased(Person)

_BY: dict[str, Any] = {
    "grid": Grid.path,
    **{name: getattr(Household, name) for name in OWN},
    "caller": CALLER.name,
    "member": MEMBER.name,
}


def _asked(session: Session, ask: Ask) -> Select[Any]:
    query = (
        select(Household.id)
        .join(Grid, Grid.id == Household.grid_id)
        .join(CALLER, CALLER.id == Household.caller_id, isouter=True)
        .join(MEMBER, MEMBER.id == Household.member_id, isouter=True)
        .where(lasting(Household, today_or(ask.day)))
    )
    if ask.scope is not None:
        query = query.where(tree_on(session, ask.day).within(Grid.path, path_of(session, ask.scope)))
    if ask.search:
        if _DOOR.search(ask.search):
            whole_numbers(session, "按地址查找")  # of an address a shared server shows the place only
        told = (Household.name, Household.phone, Household.address, Household.note, CALLER.name, MEMBER.name)
        query = query.where(spelled(ask.search, *told))
    return query


def ids(session: Session, ask: Ask) -> array[int]:
    return ordered_ids(session, _asked(session, ask), _BY, ask, (Grid.path, Household.name, Household.id))


def rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[HouseholdRow]:
    """Some households, with the names that their grids had on a day."""
    found: dict[int, Any] = {}
    for chunk in chunked(wanted):
        query = (
            select(Household, CALLER.name, MEMBER.name)
            .join(CALLER, CALLER.id == Household.caller_id, isouter=True)
            .join(MEMBER, MEMBER.id == Household.member_id, isouter=True)
        )
        for line in session.execute(query.where(Household.id.in_(chunk))):
            found[line[0].id] = line
    names = names_of(session, office_pack(session), {one.grid_id for one, _, _ in found.values()}, day)
    return [
        HouseholdRow(
            id=one.id,
            grid_id=one.grid_id,
            caller_id=one.caller_id,
            member_id=one.member_id,
            grid=names[one.grid_id][0],
            caller=caller,
            member=member,
            **{name: getattr(one, name) for name in OWN},
        )
        for one, caller, member in (found[number] for number in wanted if number in found)
    ]


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, filtered(_asked(session, ask), _BY, ask), _BY[column])


@dataclass(frozen=True, slots=True)
class Reached:
    """Of the households below a grid on a day: how many there are, how many people live in them, how many
    nobody is to call, how many have no phone."""

    households: int
    people: int
    without_caller: int
    without_phone: int


def reached(session: Session, scope: int | None = None, day: date | None = None) -> Reached:
    """Whom a call goes out to."""
    asked = _asked(session, Ask(scope=scope, day=day)).subquery()
    inside = Household.id.in_(select(asked.c.id))
    count, people = session.execute(select(func.count(), func.sum(Household.people)).where(inside)).one()
    left, silent = (
        session.scalar(select(func.count()).select_from(Household).where(inside, lacking)) or 0
        for lacking in (Household.caller_id.is_(None), Household.phone.is_(None))
    )
    return Reached(count, people or 0, left, silent)


HOUSEHOLDS = Listing(
    "households",
    "联系户台账",
    "户",
    columns(HouseholdRow),
    ids,
    rows,
    choices,
    frozenset(_BY),
    frozenset({"caller", "member"}),
    dated=True,
)
