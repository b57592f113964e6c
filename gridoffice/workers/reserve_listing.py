"""后备人员名册: who waits, was placed or left the list, as of a day."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session

from db.enums import ReserveState
from db.tables import Grid, Person, Reserve
from gridoffice.fields import columns
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.listing import Ask, Listing, chunked, ordered_ids, spelled
from gridoffice.people.lists import OF_PERSON, tallied
from gridoffice.people.service import matching
from gridoffice.workers.reserve_rows import ReserveRow

_BY: dict[str, Any] = {
    **{name: OF_PERSON[name] for name in ("name", "id_number", "phone", "sex", "birth", "education")},
    "title": Reserve.title,
    "grid": Grid.path,
    "state": Reserve.state,
    "source": Reserve.source,
    "since": Reserve.since,
    "to_day": Reserve.to_day,
}
_WAITING_FIRST = case((Reserve.state == ReserveState.WAITING, 0), else_=1)


def _asked(session: Session, ask: Ask) -> Select[Any]:
    day = ask.day or date.today()
    query = (
        select(Reserve.id)
        .join(Person, Person.id == Reserve.person_id)
        .outerjoin(Grid, Grid.id == Reserve.grid_id)
        .where(or_(Reserve.since.is_(None), Reserve.since <= day))
    )
    if ask.scope is not None:
        below = tree_on(session, day).within(Grid.path, path_of(session, ask.scope))
        query = query.where(or_(Reserve.grid_id.is_(None), below))
    if ask.search:
        query = query.where(or_(matching(ask.search), spelled(ask.search, Reserve.title, Reserve.source)))
    return query


def ids(session: Session, ask: Ask) -> array[int]:
    return ordered_ids(session, _asked(session, ask), _BY, ask, (_WAITING_FIRST, Reserve.since, Reserve.id))


def rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[ReserveRow]:
    """These lines; who was placed or left after the day still waited on it."""
    found: dict[int, tuple[Reserve, Person]] = {}
    for chunk in chunked(wanted):
        query = select(Reserve, Person).join(Person, Person.id == Reserve.person_id)
        found |= {
            one.id: (one, person) for one, person in session.execute(query.where(Reserve.id.in_(chunk)))
        }
    places = {one.grid_id for one, _ in found.values() if one.grid_id is not None}
    names = names_of(session, office_pack(session), places, day)
    lines = []
    for number in wanted:
        if number not in found:
            continue
        one, person = found[number]
        later = day is not None and one.to_day is not None and one.to_day > day
        lines.append(
            ReserveRow(
                id=one.id,
                person_id=person.id,
                name=person.name,
                title=one.title,
                grid=names[one.grid_id][0] if one.grid_id is not None else None,
                state=ReserveState.WAITING if later else one.state,
                source=one.source,
                since=one.since,
                to_day=None if later else one.to_day,
                id_number=person.id_number,
                phone=person.phone,
                sex=person.sex,
                birth=person.birth,
                education=person.education,
                political=person.political,
                note=one.note,
            )
        )
    return lines


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _asked(session, ask), _BY[column])


RESERVES = Listing(
    "reserve",
    "后备人员名册",
    "人",
    columns(ReserveRow),
    ids,
    rows,
    choices,
    frozenset(_BY),
    frozenset({"title", "state", "source", "sex", "education"}),
    dated=True,
)
