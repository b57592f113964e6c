"""The tree as columns that narrow each other down: 街道 → 社区 → 网格 → 微网格."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.naming import Gazetteer, Place
from gridoffice.grids.pack import Pack
from gridoffice.listing import Ask

Path = tuple[str, str, str, str]
"""Street, community, grid, and what lies below a grid."""


def level_names(book: Gazetteer, place: Place) -> Path:
    """What a place is called in each of the columns; empty where it has nothing of a level, as a grid
    right below its street has no community."""
    above = book.above(place)
    street = next((one for one in above if one.kind in book.pack.root), None)
    unit = book.unit(place)
    inside = [one.name for one in above if one.kind not in book.pack.root]
    if unit is not None:
        inside = inside[: above.index(unit)]
    inside.reverse()
    return (
        street.name if street is not None else "",
        unit.name if unit is not None else "",
        inside[0] if inside else "",
        "·".join(inside[1:]),
    )


def book_on(session: Session, pack: Pack, day: date) -> Gazetteer:
    """Every grid as it was called, and under which it stood, on a day."""
    grid = tree_on(session, day).c
    columns = (grid.id, grid.code, grid.name, grid.kind, grid.parent_id, grid.path)
    return Gazetteer(pack, (Place(*row) for row in session.execute(select(*columns))))


def standing_paths(session: Session, pack: Pack, day: date) -> list[Path]:
    """The paths of all grids that stand on a day, in the order of the tree."""
    book = book_on(session, pack, day)
    return [level_names(book, book.places[one]) for one in GRIDS.ids(session, Ask(day=day))]
