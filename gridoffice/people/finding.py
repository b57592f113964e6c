"""The people that the rows of a ledger may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.server.taking import held_elsewhere
from db.tables import Person, table_of
from gridoffice.intake import Key
from gridoffice.listing import chunked
from gridoffice.people.rows import PERSONAL
from gridoffice.people.stored import One, Several, Stored, Table
from gridoffice.spreadsheet.taken import TakenRow, TakenRows

__all__ = ["PERSON", "People", "Stored", "people_of", "who"]

PERSON = [table_of(Person).c[name] for name in ("id", *PERSONAL)]
"""What is compared of a person; what follows from it is not."""
_NAMES = [column.name for column in PERSON]


class People:
    """What the database holds of the people that a file may mean."""

    def __init__(self, table: Table, elsewhere: Mapping[str, tuple[str, str] | None]):
        self.table = table
        self.elsewhere = elsewhere
        """Whom other units hold, of whom this account is told no more: by ID number, name and unit."""
        number, name = _NAMES.index("id_number"), _NAMES.index("name")
        self.unnumbered = {row[name] for row in table.rows if not row[number]}
        """The names of those whose ID number nobody knows."""
        by_name: dict[str, list[int]] = defaultdict(list)
        for place, person in enumerate(table.rows):
            by_name[person[name]].append(place)
        self.by_name = Several(table, by_name)
        self.by_number = One(table, {row[number]: at for at, row in enumerate(table.rows) if row[number]})

    def ids(self) -> list[int]:
        """Everybody's number, ascending."""
        return sorted(row[0] for row in self.table.rows)


def people_of(session: Session, rows: Sequence[TakenRow], key: Key = Key.AUTO) -> People:
    """Everybody whom these rows may mean: whoever has one of the ID numbers, and whoever has the name of
    a row that its number does not settle."""
    said = rows if isinstance(rows, TakenRows) else TakenRows.of(rows)
    row_numbers = said.column("id_number")
    numbers = set(row_numbers) - {None}
    found: dict[int, tuple[Any, ...]] = {}
    named = dict(zip(row_numbers, said.column("name"), strict=True))
    asked = sorted(numbers)
    elsewhere = held_elsewhere(session, asked, [named[number] or "" for number in asked])

    def load(*conditions: ColumnElement[bool]) -> None:
        found.update(
            (person[0], tuple(person)) for person in session.execute(select(*PERSON).where(*conditions))
        )

    if session.execute(select(func.count()).select_from(Person)).scalar_one() <= len(numbers):
        load()  # fewer people than numbers to ask for: everybody at once
    else:
        for chunk in chunked(sorted(numbers)):
            load(Person.id_number.in_(chunk))
        by_number = key in (Key.AUTO, Key.ID_NUMBER)
        at = _NAMES.index("id_number")
        settled = {person[at] for person in found.values()} if by_number else set()
        pairs = zip(row_numbers, said.column("name"), strict=True)
        names = {name for number, name in pairs if number not in settled}
        for chunk in chunked(sorted(names - {None})):
            load(Person.name.in_(chunk))
    return People(Table(_NAMES, list(found.values())), elsewhere)


def who(row: TakenRow) -> Hashable:
    """What two rows of one person have in common."""
    said = row.values
    if said.get("id_number"):
        return said["id_number"]
    return (said.get("name"), said["phone"]) if said.get("phone") else row.key
