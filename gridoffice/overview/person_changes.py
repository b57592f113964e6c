"""What was done to one person, whichever hat it concerned."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.images import text_of, unpack
from db.tables import Action, ActionPart, Person
from gridoffice.history import Line, lines_of
from gridoffice.people.owning import belongings_of

_OF_THE_MONTH = ("sheet",)
"""What is computed for everybody each month is told by the scores."""
LOOKED_AT = 2_000
"""So many of the latest actions are looked through."""


def changes_of_person(session: Session, person_id: int, most: int = 30) -> list[Line]:
    """The latest journal lines that touched a person or anything of theirs, or looked at their numbers."""
    numbers = {Person.__tablename__: [person_id]}
    owners: dict[str, set[str]] = {}
    for table, column, ids in belongings_of(session, person_id):
        if table.name in _OF_THE_MONTH:
            continue
        numbers.setdefault(table.name, []).extend(ids)
        owners.setdefault(table.name, set()).add(column)
    # a part that is about the person says one of these numbers; few others do
    wanted = {
        table: re.compile(rf"(?<!\d)(?:{'|'.join(map(str, [person_id, *ids]))})(?!\d)".encode())
        for table, ids in numbers.items()
        if ids or table in owners
    }
    newest = session.scalar(select(func.max(Action.id))) or 0
    query = (
        select(ActionPart.action_id, ActionPart.of_table, ActionPart.body)
        .where(ActionPart.action_id > newest - LOOKED_AT, ActionPart.of_table.in_(wanted))
        .order_by(ActionPart.action_id.desc(), ActionPart.number)
    )
    found: list[int] = []
    for action, table, body in session.execute(query.execution_options(yield_per=20)):
        if found and found[-1] == action:
            continue
        if len(found) == most:
            break
        if wanted[table].search(text_of(body)) and _concerns(
            body, numbers[table], owners.get(table, ()), person_id
        ):
            found.append(action)
    looked = select(Action.id, Action.detail).where(
        Action.id > newest - LOOKED_AT, Action.detail.is_not(None)
    )
    found += [
        number
        for number, detail in session.execute(looked)
        if detail is not None and detail.get("person") == person_id and "reason" in detail
    ]
    return lines_of(session, sorted(set(found), reverse=True)[:most])


def _concerns(body: bytes, numbers: Collection[int], columns: Collection[str], person_id: int) -> bool:
    """Does a part hold one of these records, or one (it may be gone) that names the person in a column?"""
    return any(
        number in numbers
        or any(image is not None and image.get(name) == person_id for image in images for name in columns)
        for number, *images, _ in unpack(body)
    )
