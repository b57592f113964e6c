"""Short questions that only the screen asks, put together from the subjects' own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Political
from db.tables import Person, Post
from gridoffice.errors import RuleBroken
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer, names_of
from gridoffice.listing import chunked

MEMBERS = (Political.MEMBER, Political.PROBATIONARY)
STATISTICS_UP_TO = 20_000


def grid_meant(session: Session, text: str | None) -> int:
    """The number of the grid that a typed name means. Raises `RuleBroken` with the nearest one."""
    found = gazetteer(session, office_pack(session)).find(text or "")
    if isinstance(found, int):
        return found
    raise RuleBroken(found.message, [found])


def grid_name(session: Session, grid_id: int) -> str:
    """A grid as the clerk calls it."""
    return names_of(session, office_pack(session), [grid_id])[grid_id][0]


@dataclass(frozen=True, slots=True)
class Selected:
    """What the status line says of the ticked people."""

    people: int
    mean_age: float | None
    members: int


def selected(session: Session, post_ids: Sequence[int], day: date) -> Selected:
    """Head count, mean age in years, party members among these posts (distinct people)."""
    people: dict[int, tuple[date | None, str | None]] = {}
    for chunk in chunked(list(post_ids)[:STATISTICS_UP_TO]):
        query = select(Person.id, Person.birth, Person.political).join(Post, Post.person_id == Person.id)
        for number, birth, political in session.execute(query.where(Post.id.in_(chunk))):
            people[number] = birth, political
    ages = [
        day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
        for birth, _ in people.values() if birth is not None
    ]
    members = sum(political in MEMBERS for _, political in people.values())
    return Selected(len(people), sum(ages) / len(ages) if ages else None, members)


