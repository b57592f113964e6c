"""Persons: what is derived from them, finding them, changing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Person, table_of
from gridoffice import pinyin
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.listing import chunked
from gridoffice.service import service


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
    for chunk in chunked(list(ids)):
        rows = session.execute(
            select(Person.id, Person.name, Person.id_number, Person.phone).where(Person.id.in_(chunk))
        ).all()
        for person_id, name, id_number, phone in rows:
            session.execute(
                update(table).where(table.c.id == person_id).values(**keys(name, id_number, phone))
            )
    session.expire_all()


def matching(text: str) -> Any:
    """The condition that a search text finds a person: name, pinyin, initials, ID number or phone."""
    return Person.search.contains(text.strip().lower(), autoescape=True)


@service("改人员资料", needs=Right.EDIT_PEOPLE)
def save_person(session: Session, person_id: int, values: Mapping[str, Any]) -> None:
    """Change some columns of one person. Raises `RuleBroken` when the ID number is another's."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("这个人已不在花名册里。")
    number = values.get("id_number")
    if number and number != person.id_number:
        twin = session.scalar(select(Person).where(Person.id_number == number))
        if twin is not None:
            raise RuleBroken(f"花名册里已有这个身份证号：{twin.name}。")
    for name, value in values.items():
        setattr(person, name, value)
    for name, value in keys(person.name, person.id_number, person.phone).items():
        setattr(person, name, value)
    entitle(session, f"已改“{person.name}”的资料")
