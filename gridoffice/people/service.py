"""Persons: what is derived from them, finding them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from db.tables import Person, table_of
from gridoffice import pinyin
from gridoffice.listing import chunked


def keys(name: str, id_number: str | None, phone: str | None) -> dict[str, str]:
    """The derived columns of a person: the pinyin a list is sorted by, and the text a search looks in."""
    full, initials = pinyin.keys(name)
    # rare characters without a reading sort after every letter
    return {
        "pinyin": full or "~",
        "search": " ".join((name, full, initials, id_number or "", phone or "")).lower(),
    }


def rekey(session: Session, ids: Iterable[int]) -> None:
    """Compute the derived columns of these persons again."""
    session.flush()
    table = table_of(Person)
    statement = (
        update(table)
        .where(table.c.id == bindparam("person"))
        .values(pinyin=bindparam("sorted_by"), search=bindparam("looked_in"))
    )
    for chunk in chunked(list(ids)):
        people = session.execute(
            select(Person.id, Person.name, Person.id_number, Person.phone).where(Person.id.in_(chunk))
        )
        rows = [
            {"person": person_id, "sorted_by": found["pinyin"], "looked_in": found["search"]}
            for person_id, name, number, phone in people
            if (found := keys(name, number, phone))
        ]
        if rows:
            session.connection().execute(statement, rows)
    session.expire_all()


def matching(text: str) -> Any:
    """The condition that a search text finds a person: name, pinyin, initials, ID number or phone."""
    return Person.search.contains(text.strip().lower(), autoescape=True)
