"""The first people whom a few typed letters may mean, each told apart from namesakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from db.tables import Person
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.listing import look_by_number
from gridoffice.masking import mask_id, mask_phone
from gridoffice.people.lists import serving_in
from gridoffice.people.service import matching


@dataclass(frozen=True, slots=True)
class PersonHit:
    """Somebody as the picker names them: numbers masked, the grid of the first post held on the day."""

    id: int
    name: str
    id_number: str
    phone: str
    grid: str


def find_people(session: Session, text: str, day: date | None = None, limit: int = 8) -> list[PersonHit]:
    """People by name, pinyin, initials, any part of the ID number or the phone: those whose name begins
    so (or is read so) first, each in the order of their reading. An empty text finds nobody."""
    sought = text.strip().lower()
    if not sought:
        return []
    look_by_number(session, sought)
    begins = or_(*(of.startswith(sought, autoescape=True) for of in (Person.search, Person.pinyin)))
    first = case((begins, 0), else_=1)
    query = select(Person.id, Person.name, Person.id_number, Person.phone).where(matching(sought))
    people = session.execute(query.order_by(first, Person.pinyin, Person.id).limit(limit)).all()
    grids = serving_in(session, [person[0] for person in people], day)
    return [
        PersonHit(
            number,
            name,
            mask_id(id_number or ""),
            mask_phone(phone or ""),
            grids.get(number, ""),
        )
        for number, name, id_number, phone in people
    ]


def person_called(session: Session, text: str) -> int:
    """The number of the one person of that ID number or that name. Raises `NotFound`, and `RuleBroken`
    naming the grids of namesakes, who are told apart by their ID numbers."""
    said = text.strip()
    look_by_number(session, said)
    found = session.execute(
        select(Person.id, Person.id_number)
        .where(or_(Person.id_number == said.upper(), Person.name == said))
        .order_by(Person.id)
    ).all()
    if not found:
        raise NotFound(f"没有“{said}”这个人。")
    if len(found) > 1:
        grids = serving_in(session, [number for number, _ in found])
        where = "、".join(grids.get(number, "没有岗位") for number, _ in found)
        raise RuleBroken(f"叫“{said}”的有 {len(found)} 人（{where}），用身份证号指明是哪一个。")
    return found[0][0]
