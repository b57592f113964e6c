"""The grids whose organisation a party organisation is, day by day: a joint branch has several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from db.tables import Grid, OrgSeat, PartyOrg
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.listing import chunked
from gridoffice.party.rules import day_before
from gridoffice.people.lists import lasting


def seats_of(session: Session, org_ids: Iterable[int], day: date) -> dict[int, tuple[int, ...]]:
    """The grids of some organisations on a day, in the order of the tree; those without are left out."""
    found: dict[int, list[int]] = defaultdict(list)
    for chunk in chunked(sorted(set(org_ids))):
        query = (
            select(OrgSeat.org_id, OrgSeat.grid_id)
            .join(Grid, Grid.id == OrgSeat.grid_id)
            .where(OrgSeat.org_id.in_(chunk), lasting(OrgSeat, day))
            .order_by(Grid.path, OrgSeat.id)
        )
        for org_id, grid_id in session.execute(query):
            if grid_id not in found[org_id]:
                found[org_id].append(grid_id)
    return {org_id: tuple(grids) for org_id, grids in found.items()}


def standing_at(session: Session, day: date) -> dict[int, tuple[int, ...]]:
    """Every organisation of a day and the grids where it stands: its own, else those of the nearest one
    above that has some."""
    query = select(PartyOrg.id, PartyOrg.parent_id).where(lasting(PartyOrg, day)).order_by(PartyOrg.id)
    above = {org_id: parent for org_id, parent in session.execute(query)}
    own = seats_of(session, above, day)
    found: dict[int, tuple[int, ...]] = {}
    for org_id in above:
        one: int | None = org_id
        while one in above and one not in own:
            one = above[one]
        found[org_id] = own.get(one, ()) if one is not None else ()
    return found


def first_path(org: Any, day: date) -> Any:
    """The path of an organisation's first grid on a day, as an expression; None where it has none."""
    return (
        select(func.min(Grid.path))
        .join(OrgSeat, OrgSeat.grid_id == Grid.id)
        .where(OrgSeat.org_id == org.id, lasting(OrgSeat, day))
        .correlate(org)
        .scalar_subquery()
    )


def seated(org: Any, day: date) -> ColumnElement[bool]:
    """The condition that an organisation has a grid of its own on a day."""
    return exists().where(and_(OrgSeat.org_id == org.id, lasting(OrgSeat, day)))


def put_right(session: Session, org: PartyOrg, grid_ids: Collection[int], day: date) -> None:
    """What is written of an organisation's grids on a day was wrong: it is these. A seat that stays keeps
    its days; a new one takes those of the one it stands for, else of the organisation. Raises `NotFound`."""
    wanted = list(dict.fromkeys(grid_ids))
    _there(session, wanted)
    held = session.scalars(
        select(OrgSeat).where(OrgSeat.org_id == org.id, lasting(OrgSeat, day)).order_by(OrgSeat.id)
    ).all()
    wrong = [seat for seat in held if seat.grid_id not in wanted]
    missing = [one for one in wanted if one not in {seat.grid_id for seat in held}]
    for grid_id in missing:
        if wrong:
            wrong.pop(0).grid_id = grid_id
        else:
            session.add(OrgSeat(org_id=org.id, grid_id=grid_id, from_day=org.from_day, to_day=org.to_day))
    for seat in wrong:
        session.delete(seat)


def move_seats(session: Session, org: PartyOrg, grid_ids: Collection[int], day: date) -> None:
    """From a day on an organisation serves these grids; until the day before stands what was. Raises
    `RuleBroken` when something begins later already, and `NotFound`."""
    wanted = list(dict.fromkeys(grid_ids))
    _there(session, wanted)
    later = select(OrgSeat.from_day).where(OrgSeat.org_id == org.id, OrgSeat.from_day > day)
    begins = session.scalar(later.order_by(OrgSeat.from_day).limit(1))
    if begins is not None:
        raise RuleBroken(f"“{org.name}”的所在网格从 {begins} 起另有安排，日期写在那之后。")
    held = session.scalars(select(OrgSeat).where(OrgSeat.org_id == org.id, lasting(OrgSeat, day))).all()
    for seat in held:
        if seat.grid_id in wanted:
            seat.to_day = org.to_day
        elif seat.from_day is not None and seat.from_day >= day:
            session.delete(seat)
        else:
            seat.to_day = day_before(day)
    kept = {seat.grid_id for seat in held}
    for grid_id in wanted:
        if grid_id not in kept:
            session.add(OrgSeat(org_id=org.id, grid_id=grid_id, from_day=day, to_day=org.to_day))


def end_seats(session: Session, org: PartyOrg) -> None:
    """No seat outlasts its organisation."""
    if org.to_day is None:
        return
    for seat in session.scalars(select(OrgSeat).where(OrgSeat.org_id == org.id)):
        if seat.from_day is not None and seat.from_day > org.to_day:
            session.delete(seat)
        elif seat.to_day is None or seat.to_day > org.to_day:
            seat.to_day = org.to_day


def _there(session: Session, grid_ids: Collection[int]) -> None:
    for grid_id in grid_ids:
        if session.get(Grid, grid_id) is None:
            raise NotFound("这个网格已不在了。")
