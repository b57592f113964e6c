"""What was done to one person, whichever hat it concerned."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.images import text_of, unpack
from db.server.numbers import whole_numbers
from db.tables import Action, ActionPart, Person
from gridoffice.history import Line, lines_of
from gridoffice.people.owning import belongings_of

_OF_THE_MONTH = ("sheet",)
"""What is computed for everybody each month is told by the scores."""
LOOKED_AT = 2_000
"""So many actions are looked through at a time."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Journal lines, latest first; `before` is the action before which nobody has looked yet (None: the whole
    journal was looked through)."""

    lines: tuple[Line, ...]
    before: int | None


def changes_of_person(session: Session, person_id: int, before: int | None = None, most: int = 30) -> Changes:
    """The latest journal lines (before an action) that touched a person or anything of theirs, or looked at
    their numbers: a stretch of the journal at a time."""
    numbers = {Person.__tablename__: [person_id]}
    owners: dict[str, set[str]] = {}
    for table, column, ids in belongings_of(session, person_id):
        if table.name in _OF_THE_MONTH:
            continue
        numbers.setdefault(table.name, []).extend(ids)
        owners.setdefault(table.name, set()).add(column)
    whole_numbers(session, "看一个人的变动")
    # a part that is about the person says one of these numbers; few others do
    wanted = {
        table: re.compile(rf"(?<!\d)(?:{'|'.join(map(str, [person_id, *ids]))})(?!\d)".encode())
        for table, ids in numbers.items()
        if ids or table in owners
    }
    last = (session.scalar(select(func.max(Action.id))) or 0) if before is None else before - 1
    first = max(1, last - LOOKED_AT + 1)
    query = (
        select(ActionPart.action_id, ActionPart.of_table, ActionPart.body)
        .where(ActionPart.action_id.between(first, last), ActionPart.of_table.in_(wanted))
        .order_by(ActionPart.action_id.desc(), ActionPart.number)
    )
    found: list[int] = []
    with session.execute(query.execution_options(yield_per=20)) as parts:
        for action, table, body in parts:
            if found and found[-1] == action:
                continue
            if len(found) == most:
                first = found[-1]
                break
            if wanted[table].search(text_of(body)) and _concerns(
                body, numbers[table], owners.get(table, ()), person_id
            ):
                found.append(action)
    looked = select(Action.id, Action.detail).where(
        Action.id.between(first, last), Action.detail.is_not(None)
    )
    found += [
        number
        for number, detail in session.execute(looked)
        if detail is not None and detail.get("person") == person_id and "reason" in detail
    ]
    wanted_ids = sorted(set(found), reverse=True)
    return Changes(tuple(lines_of(session, wanted_ids)), first if first > 1 else None)


def _concerns(body: bytes, numbers: Collection[int], columns: Collection[str], person_id: int) -> bool:
    """Does a part hold one of these records, or one (it may be gone) that names the person in a column?"""
    return any(
        number in numbers
        or any(image is not None and image.get(name) == person_id for image in images for name in columns)
        for number, *images, _ in unpack(body)
    )
