"""Which person a row of a ledger means: by ID number, else by name and phone, else by name. Never the
first of several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Person, table_of
from gridoffice.errors import Problem
from gridoffice.listing import chunked
from gridoffice.spreadsheet.taking import TakenRow

Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class People:
    """What the database holds of the people that a file may mean."""

    by_number: Mapping[str, Stored]
    by_name: Mapping[str, Sequence[Stored]]

    def ids(self) -> list[int]:
        """Everybody's number, ascending."""
        return sorted(
            {one["id"] for one in self.by_number.values()}
            | {one["id"] for some in self.by_name.values() for one in some}
        )


def people_of(session: Session, rows: Sequence[TakenRow]) -> People:
    """Everybody with an ID number or a name that stands in these rows."""
    numbers = {row.values.get("id_number") for row in rows} - {None}
    names = {row.values.get("name") for row in rows} - {None}
    table = table_of(Person)
    found: dict[int, Stored] = {}
    for column, wanted in ((table.c.id_number, numbers), (table.c.name, names)):
        for chunk in chunked(sorted(wanted)):  # type: ignore[type-var]
            for person in session.execute(select(table).where(column.in_(chunk))).mappings():
                found[person["id"]] = dict(person)
    by_name: dict[str, list[Stored]] = defaultdict(list)
    for person in found.values():
        by_name[person["name"]].append(person)
    return People({one["id_number"]: one for one in found.values() if one["id_number"]}, by_name)


def who(row: TakenRow) -> Hashable:
    """What two rows of one person have in common."""
    said = row.values
    if said.get("id_number"):
        return said["id_number"]
    return (said.get("name"), said["phone"]) if said.get("phone") else row.key


def nowhere(_person_id: int) -> bool:
    return False


def meant(
    people: People, said: Mapping[str, Any], near: Callable[[int], bool] = nowhere
) -> tuple[Stored | None, Problem | None]:
    """The person a row means, None when it is nobody known; and the problem when only the clerk can
    tell. `near` says whether somebody is where the row speaks of, which tells namesakes apart."""
    number, name, phone = said.get("id_number"), said.get("name"), said.get("phone")
    if number and number in people.by_number:
        person = people.by_number[number]
        if name and person["name"] != name:
            return person, Problem(
                f"花名册里这个身份证号是“{person['name']}”，这里写的是“{name}”。", field="姓名", value=name
            )
        return person, None
    namesakes = [one for one in people.by_name.get(name or "", ()) if not (number and one["id_number"])]
    by_phone = [one for one in namesakes if phone and one["phone"] == phone]
    if len(by_phone) == 1:
        return by_phone[0], None
    if number:
        return None, None
    here = [one for one in namesakes if near(one["id"])]
    found = by_phone or here or namesakes
    if len(found) > 1:
        return None, Problem(
            f"花名册里有 {len(found)} 个“{name}”，补上身份证号才能认出是哪一个。", field="姓名", value=name
        )
    return (found[0], None) if found else (None, None)
