"""The people that the rows of a ledger may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.tables import Person, table_of
from gridoffice.intake import Key
from gridoffice.listing import chunked
from gridoffice.people.rows import PERSONAL
from gridoffice.spreadsheet.taken import TakenRow, TakenRows

Stored = Mapping[str, Any]

PERSON = [table_of(Person).c[name] for name in ("id", *PERSONAL)]
"""What is compared of a person; what follows from it is not."""
_NAMES = [column.name for column in PERSON]


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


def people_of(session: Session, rows: Sequence[TakenRow], key: Key = Key.AUTO) -> People:
    """Everybody whom these rows may mean: whoever has one of the ID numbers, and whoever has the name of
    a row that its number does not settle."""
    said = rows if isinstance(rows, TakenRows) else TakenRows.of(rows)
    row_numbers = said.column("id_number")
    numbers = set(row_numbers) - {None}
    found: dict[int, Stored] = {}

    def load(*conditions: ColumnElement[bool]) -> None:
        for person in session.execute(select(*PERSON).where(*conditions)):
            found[person[0]] = dict(zip(_NAMES, person, strict=True))

    if session.execute(select(func.count()).select_from(Person)).scalar_one() <= len(numbers):
        load()  # fewer people than numbers to ask for: everybody at once
    else:
        for chunk in chunked(sorted(numbers)):  # type: ignore[type-var]
            load(Person.id_number.in_(chunk))
        by_number = key in (Key.AUTO, Key.ID_NUMBER)
        settled = {one["id_number"] for one in found.values()} if by_number else set()
        named = zip(row_numbers, said.column("name"), strict=True)
        names = {name for number, name in named if number not in settled}
        for chunk in chunked(sorted(names - {None})):  # type: ignore[type-var]
            load(Person.name.in_(chunk))
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
