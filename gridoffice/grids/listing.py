"""The grid list: which grids, in which order, and what each line shows."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from db.tables import Grid
from gridoffice.fields import columns
from gridoffice.grids.naming import names_of
from gridoffice.grids.own_packs import pack_called
from gridoffice.grids.pack import Pack
from gridoffice.grids.rows import GridRow
from gridoffice.grids.rules import below
from gridoffice.listing import Ask, Listing, chunked, ordered_ids, spelled
from gridoffice.settings import MODEL, setting


def office_pack(session: Session) -> Pack:
    """The governance pack of this office."""
    return pack_called(session, setting(session, MODEL, "chengdu-3+1"))


def standing(day: date | None) -> ColumnElement[bool]:
    """Grids that exist on a day (today when none is said)."""
    day = day or date.today()
    return and_(
        or_(Grid.valid_from.is_(None), Grid.valid_from <= day),
        or_(Grid.valid_to.is_(None), Grid.valid_to >= day),
    )


def path_of(session: Session, grid_id: int) -> str:
    return session.execute(select(Grid.path).where(Grid.id == grid_id)).scalar_one()


def _asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(Grid.id).where(standing(ask.day))
    if ask.scope is not None:
        start, end = below(path_of(session, ask.scope))
        query = query.where(Grid.path >= start, Grid.path < end)
    if ask.search:
        query = query.where(spelled(ask.search, Grid.name, Grid.code))
    return query


_BY = {
    "code": Grid.code,
    "name": Grid.name,
    "kind": Grid.kind,
    "households": Grid.households,
    "merchants": Grid.merchants,
    "population": Grid.population,
    "area": Grid.area,
    "valid_from": Grid.valid_from,
}


def ids(session: Session, ask: Ask) -> array[int]:
    return ordered_ids(session, _asked(session, ask), _BY, ask, (Grid.path, Grid.id))


def rows(session: Session, wanted: Sequence[int]) -> list[GridRow]:
    pack = office_pack(session)
    labels = {kind.key: kind.label for kind in pack.kinds}
    found: dict[int, Grid] = {}
    for chunk in chunked(wanted):
        found.update({grid.id: grid for grid in session.scalars(select(Grid).where(Grid.id.in_(chunk)))})
    names = names_of(session, pack, {g.parent_id for g in found.values() if g.parent_id is not None})
    return [
        GridRow(
            id=grid.id,
            code=grid.code,
            name=grid.name,
            kind=labels[grid.kind],
            parent=names[grid.parent_id][0] if grid.parent_id is not None else None,
            households=grid.households,
            merchants=grid.merchants,
            population=grid.population,
            area=grid.area,
            extent=grid.extent,
            zone=grid.zone,
            valid_from=grid.valid_from,
            note=grid.note,
        )
        for grid in (found[grid_id] for grid_id in wanted if grid_id in found)
    ]


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    expression = _BY[column]
    asked = _asked(session, ask).subquery()
    counted = session.execute(
        select(expression, func.count())
        .where(Grid.id.in_(select(asked.c.id)))
        .group_by(expression)
        .order_by(func.count().desc(), expression.asc().nulls_last())
        .limit(200)
    ).all()
    labels = {kind.key: kind.label for kind in office_pack(session).kinds} if column == "kind" else {}
    return [(value, labels.get(value, "" if value is None else str(value)), n) for value, n in counted]


GRIDS = Listing(
    "grids", "网格台账", "个网格", columns(GridRow), ids, rows, choices, frozenset(_BY), frozenset({"kind"})
)
