"""What a printed ledger adds up: subtotals by community, the total once at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid
from gridoffice.documents.model import Sums
from gridoffice.grids.atlas import short
from gridoffice.grids.listing import office_pack
from gridoffice.listing import Listing

BY_UNIT = "community"
LAYOUTS = (("", "逐行连续"), (BY_UNIT, "按村（社区）小计"))
NOWHERE = "未定网格"

PARTED: Mapping[str, tuple[str, ...]] = {
    "roster": (),
    "reserve": (),
    "qualifications": (),
    "skills": (),
    "party-links": (),
    "party-services": ("hours",),
    "training-shortage": (),
    "training-hours": ("missing", "this_year", "last_year", "sessions"),
    "vacancies": ("least", "present", "missing"),
    "team": (),
    "findings": (),
    "redline": (),
    "households": ("people",),
    "resources": (),
    "grid-issues": (),
}
"""The lists that can be parted by community, with the columns that are then added up beside the rows."""
TOTALLED: Mapping[str, tuple[str, ...]] = {
    "training": ("invited", "present", "leave", "absent"),
    "staffing": ("households", "grids", "required", "present", "gap", "serving", "full_time"),
}
"""The lists whose columns are added up once, at their end."""


def added(key: str, layout: str) -> tuple[str, ...]:
    """The columns of a report that are added up when it is laid out like this."""
    return PARTED[key] if layout == BY_UNIT else TOTALLED.get(key, ())


def sums_of(
    session: Session, listing: Listing, rows: Sequence[Sequence[str]], added: Sequence[str], by_unit: bool
) -> Sums | None:
    """What is added up of a list's rows as they are printed; None when nothing is.

    `added` names columns; `by_unit` parts the rows by the community that their grid lies in.
    """
    names = [column.name for column in listing.columns]
    if not by_unit:
        return Sums(_places(names, added), unit=listing.unit) if added else None
    place = names.index("grid")
    units = _units(session)
    return Sums(_places(names, added), [_unit_of(row[place], units) for row in rows], listing.unit)


def _places(names: Sequence[str], added: Sequence[str]) -> tuple[int, ...]:
    return tuple(place for place, name in enumerate(names) if name in added)


def _units(session: Session) -> dict[str, str]:
    """The communities of the office by what they are called in passing."""
    kinds = [kind.key for kind in office_pack(session).kinds if kind.unit]
    return {short(name): name for name in session.scalars(select(Grid.name).where(Grid.kind.in_(kinds)))}


def _unit_of(grid: str, units: dict[str, str]) -> str:
    """The community in a grid's name: 梧桐社区 in 梧桐·第一网格; of several grids that of the first."""
    parts = grid.split("、")[0].split("·")
    return next((units[short(part)] for part in parts if short(part) in units), parts[0] or NOWHERE)
