"""Grids that an import names and the office lacks: made on the way, each with the next free code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import reserve
from db.enums import Right
from db.tables import Grid
from gridoffice.accounts.service import require
from gridoffice.grids.codes import next_codes
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import Place
from gridoffice.grids.service import insert_grids


def make_grids(session: Session, places: Iterable[Place]) -> dict[int, int]:
    """Make grids below standing ones, in force from today; answers their numbers by the passing ones
    that they were planned with. Needs the right to change grids. Raises `RuleBroken` where the pack
    cannot say which code comes next."""
    wanted = {place.id: place for place in places}
    if not wanted:
        return {}
    require(session.info["who"], Right.EDIT_GRIDS)
    pack = office_pack(session)
    numbers = dict(zip(wanted, reserve(session, Grid, len(wanted)), strict=True))
    used: list[str] = []
    rows = []
    for passing, place in wanted.items():
        above = session.scalar(select(Grid.code).where(Grid.id == place.parent_id))
        used += next_codes(session, pack.kind(place.kind), above, 1, place.name, used)
        rows.append(
            {
                "id": numbers[passing],
                "code": used[-1],
                "name": place.name,
                "kind": place.kind,
                "parent_id": place.parent_id,
                "households": None,
                "merchants": None,
                "population": None,
                "area": None,
                "extent": None,
                "note": None,
                "valid_from": date.today(),
                "valid_to": None,
            }
        )
    insert_grids(session, rows)
    return numbers
