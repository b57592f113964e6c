"""What belongs to a grid that ends, and follows it into the one that comes after: resources, represented
households, members who reported there, open problems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import GridPart
from db.tables import Household, Issue, PartyReport, Resource, table_of
from gridoffice.grids.sketch import Sketch


def heirs(sketch: Sketch) -> dict[int, int | None]:
    """By grid that ends: the grid that comes after it, the first where it became several; where none
    does, the one above it."""
    found: dict[int, int | None] = {}
    for step in sketch.steps:
        # those that merely hung below it are no heirs
        after = [number for number, part in step.parts if part in (GridPart.AFTER, GridPart.SUBJECT)]
        for number, part in step.parts:
            if part is GridPart.BEFORE and sketch.spot(number).closing:
                found[number] = after[0] if after else sketch.spot(number).now.parent_id
    return found


def hand_on(sketch: Sketch, numbers: Mapping[int, int]) -> None:
    """What is in use goes on in the heir from the day on, and what is not settled is to be settled there.
    `numbers` are those of new grids by their passing ones."""
    to = {grid_id: numbers.get(heir, heir) for grid_id, heir in heirs(sketch).items() if heir is not None}
    if to:
        for record in (Resource, Household, PartyReport):
            _lasting(sketch, record, to)
        _issues(sketch, to)


def _lasting(
    sketch: Sketch, record: type[Resource] | type[Household] | type[PartyReport], to: Mapping[int, int]
) -> None:
    """What lasts from a day to a day: it ends in the old grid and begins in the heir."""
    table, day = table_of(record), sketch.day
    lasting = or_(table.c.to_day.is_(None), table.c.to_day >= day)
    query = select(table).where(table.c.grid_id.in_(to), lasting).order_by(table.c.id)
    updates: dict[int, dict[str, Any]] = {}
    new: list[dict[str, Any]] = []
    for row in sketch.session.execute(query).mappings():
        heir = to[row["grid_id"]]
        if row["from_day"] is not None and row["from_day"] >= day:
            updates[row["id"]] = {"grid_id": heir}
            continue
        updates[row["id"]] = {"to_day": day - timedelta(days=1)}
        kept = {name: row[name] for name in row if name not in ("version", "id")}
        new.append({**kept, "grid_id": heir, "from_day": day})
    bulk_update(sketch.session, record, updates)
    ids = reserve(sketch.session, record, len(new)) if new else ()
    bulk_insert(sketch.session, record, [{"id": number, **row} for number, row in zip(ids, new, strict=True)])


def _issues(sketch: Sketch, to: Mapping[int, int]) -> None:
    table = table_of(Issue)
    query = select(table.c.id, table.c.grid_id).where(table.c.grid_id.in_(to), table.c.closed.is_(None))
    bulk_update(
        sketch.session,
        Issue,
        {number: {"grid_id": to[grid_id]} for number, grid_id in sketch.session.execute(query)},
    )
