"""A month added up below one grid, from the sums by unit or, below a unit, from its sheets.

Imports NumPy: import it where months are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, select, type_coerce
from sqlalchemy.orm import Session

from db.enums import MonthState
from db.tables import Month, Sheet
from gridoffice.assessment.month import below_in_month, mean, scheme_of, taking_part
from gridoffice.assessment.scheme import Scheme
from gridoffice.assessment.tally import Tally, narrowed, of_sheets, unpacked
from gridoffice.grids.rules import SEGMENT, segment


@dataclass(frozen=True, slots=True)
class Added:
    """A month added up below one grid: the whole in one line, and a line for each grid next below."""

    id: int
    period: str
    scheme: Scheme
    whole: Tally
    areas: Mapping[int, int]
    by_area: Tally

    def total(self, tally: Tally, line: int) -> Decimal | None:
        """The mean total of one line."""
        found = Decimal(int(tally.totals[line])).scaleb(-self.scheme.places)
        return mean(found, int(tally.scored[line]), self.scheme.places)

    def points(self, tally: Tally, line: int, some: Sequence[int]) -> Decimal | None:
        """The mean points of some indicators together, over all that have a total or points in them."""
        counted = max((int(tally.counted[line, one]) for one in some), default=0)
        found = sum(int(tally.points[line, one]) for one in some)
        return mean(Decimal(found).scaleb(-self.scheme.places), counted, self.scheme.places)


def added(session: Session, month: Month, top: int | None) -> Added:
    """A month added up below a grid, wherever that hung when the month was opened (None: no grid at all)."""
    scheme = scheme_of(session, month)
    own = "" if top is None else segment(top)
    tally = tally_of(session, month, scheme)
    prefix = _prefix(tally.paths, own)
    if prefix is None or all(len(path) <= len(prefix) for path in tally.paths if path.startswith(prefix)):
        tally = _sheets_below(session, month, scheme, top)
        prefix = _prefix(tally.paths, own) or ""
    inside = [path if path.startswith(prefix) else None for path in tally.paths]
    whole = narrowed(tally, [None if path is None else "" for path in inside])
    start, end = len(prefix), len(prefix) + SEGMENT
    by_area = narrowed(tally, [path and (path[:end] if len(path) > start else None) for path in inside])
    areas = {int(path[start:end], 36): line for line, path in enumerate(by_area.paths)}
    return Added(month.id, month.period, scheme, whole, areas, by_area)


def tally_of(session: Session, month: Month, scheme: Scheme) -> Tally:
    """A month's sums by unit: as they were locked, else added up from its sheets."""
    if month.state is MonthState.LOCKED:
        kept = session.scalar(select(Month.tally).where(Month.id == month.id))
        found = None if kept is None else unpacked(kept)
        if found is not None:
            return found
    return of_sheets(scheme, _sheets(session, month, Sheet.unit_path), "place")


def _sheets_below(session: Session, month: Month, scheme: Scheme, top: int | None) -> Tally:
    return of_sheets(scheme, _sheets(session, month, Sheet.grid_path, top), "place")


def _sheets(session: Session, month: Month, place: Any, top: int | None = None) -> list[dict[str, Any]]:
    query = select(
        place.label("place"),
        type_coerce(Sheet.total, BigInteger).label("total"),
        Sheet.grade,
        Sheet.points,
        Sheet.parts,
        Sheet.recorded,
        Sheet.inputs,
    ).where(Sheet.month_id == month.id, taking_part())
    if top is not None:
        query = query.where(below_in_month(session, month.id, top))
    return [dict(row) for row in session.execute(query).mappings()]


def _prefix(paths: Iterable[str], own: str) -> str | None:
    """The path of the grid whose own part this is, as some path has it; None when none has."""
    if not own:
        return ""
    for path in paths:
        for start in range(0, len(path), SEGMENT):
            if path[start : start + SEGMENT] == own:
                return path[: start + SEGMENT]
    return None
