"""What was done to one person, whichever hat it concerned."""

from __future__ import annotations

import re
import zlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

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
    # a record stands in its part as `[number,`; one that is gone still says whose it was
    wanted = {
        table: re.compile(
            "|".join(
                [rf"\[{number}," for number in ids]
                + [rf'"{column}":{person_id}[,}}]' for column in sorted(owners.get(table, ()))]
            ).encode()
        )
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
        if wanted[table].search(zlib.decompress(body)):
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
