"""Writing people: new ones with what they are found by, changes with the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_update, insert_columns, reserve
from db.images import Columns
from db.tables import Person
from gridoffice.intake import Planned
from gridoffice.listing import chunked
from gridoffice.people.rows import PERSONAL
from gridoffice.people.service import all_keys, keys


def insert_people(session: Session, said: Columns) -> Sequence[int]:
    """Make people out of what is said of them, column by column, with what they are found by; answers
    their numbers."""
    numbers = reserve(session, Person, len(said["name"])) if said["name"] else range(0)
    derived = all_keys(said["name"], said["id_number"], said["phone"])
    insert_columns(session, Person, {"id": numbers, **said, **derived})
    return numbers


def update_people(session: Session, updates: dict[int, dict[str, Any]]) -> None:
    """Change people, by number; a changed name, number or phone changes what they are found by."""
    touched = [i for i, values in updates.items() if values.keys() & {"name", "id_number", "phone"}]
    for chunk in chunked(touched):
        query = select(Person.id, Person.name, Person.id_number, Person.phone).where(Person.id.in_(chunk))
        for person_id, name, id_number, phone in session.execute(query):
            values = updates[person_id]
            values |= keys(
                values.get("name", name), values.get("id_number", id_number), values.get("phone", phone)
            )
    bulk_update(session, Person, updates)


def wearers(session: Session, rows: Sequence[Planned]) -> list[int]:
    """The person of each planned row, by number. Those whom nobody knew are made, and what the row says
    otherwise of one who is known is written; `resolved` holds `who` and `person_id`."""
    fresh: dict[Any, Mapping[str, Any]] = {}
    for row in rows:
        if row.resolved["person_id"] is None:
            fresh.setdefault(row.resolved["who"], row.values)
    said = {name: [values.get(name) for values in fresh.values()] for name in PERSONAL}
    made = dict(zip(fresh, insert_people(session, said), strict=True))
    updates: dict[int, dict[str, Any]] = {}
    for row in rows:
        changed = {name: row.changes[name][1] for name in PERSONAL if name in row.changes}
        if changed and row.resolved["person_id"] is not None:
            updates.setdefault(row.resolved["person_id"], {}).update(changed)
    update_people(session, updates)
    return [row.resolved["person_id"] or made[row.resolved["who"]] for row in rows]
