"""A month added up below one grid, from the sums by unit or, below a unit, from its sheets.

Imports NumPy: import it where months are compared.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Select, select, type_coerce
from sqlalchemy.orm import Session

from db.enums import MonthState
from db.tables import JournalHead, Month, Sheet
from gridoffice.accounts.service import Who
from gridoffice.assessment.month import below_in_month, mean, recorded_of, scheme_of, taking_part
from gridoffice.assessment.tally import Tally, narrowed, of_sheets, packed_points, unpacked
from gridoffice.grids.rules import SEGMENT, segment
from gridoffice.scoring.scheme import Scheme


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
        tally = _added_up(session, month, scheme, Sheet.grid_path, top)
        prefix = _prefix(tally.paths, own) or ""
    inside = [path if path.startswith(prefix) else None for path in tally.paths]
    whole = narrowed(tally, [None if path is None else "" for path in inside])
    start, end = len(prefix), len(prefix) + SEGMENT
    by_area = narrowed(
        tally, [path[:end] if path is not None and len(path) > start else None for path in inside]
    )
    areas = {int(path[start:end], 36): line for line, path in enumerate(by_area.paths)}
    return Added(month.id, month.period, scheme, whole, areas, by_area)


_RECENT: OrderedDict[tuple[Any, ...], Tally] = OrderedDict()
"""Months added up lately from their sheets, each as the journal stood then (a locked one stays as it is)."""
_MOST = 16


def tally_of(session: Session, month: Month, scheme: Scheme) -> Tally:
    """A month's sums by unit: as they were locked, else added up from its sheets."""
    locked = month.state is MonthState.LOCKED
    who: Who | None = session.info.get("who")
    # what was added up for everybody is not told to an account of part of the office
    part = None if who is None or who.whole else who
    if locked and part is None:
        kept = session.scalar(select(Month.tally).where(Month.id == month.id))
        found = None if kept is None else unpacked(kept)
        if found is not None:
            return found
    written = None if locked and part is None else session.scalar(select(JournalHead.digest))
    key = (str(session.get_bind().engine.url), part, month.id, month.digest, written)
    if key not in _RECENT:
        _RECENT[key] = added_afresh(session, month, scheme)
        while len(_RECENT) > _MOST:
            _RECENT.popitem(last=False)
    _RECENT.move_to_end(key)
    return _RECENT[key]


def added_afresh(session: Session, month: Month, scheme: Scheme) -> Tally:
    """A month's sums by unit from its sheets as they now are, also inside an action."""
    return _added_up(session, month, scheme, Sheet.unit_path, None)


def _added_up(session: Session, month: Month, scheme: Scheme, place: Any, top: int | None) -> Tally:
    """The sums of a month's sheets, or of those below a grid, by a column of theirs that is a path."""
    inside = [Sheet.month_id == month.id, taking_part()]
    if top is not None:
        inside.append(below_in_month(session, month.id, top))
    total = type_coerce(Sheet.total, BigInteger)
    query = select(place, total, Sheet.grade, Sheet.points, Sheet.recorded).where(*inside)
    # past the row objects, which would cost more than the query where there are 150,000
    cursor = session.connection().execute(query).cursor
    assert cursor is not None
    rows = cursor.fetchall()
    if any(row[-1] is None for row in rows):
        return _of_text(
            session, scheme, select(place, total, Sheet.grade, Sheet.parts, Sheet.inputs).where(*inside)
        )
    places, totals, grades, points, recorded = zip(*rows, strict=True) if rows else ((),) * 5
    return of_sheets(scheme, places, totals, grades, points, recorded)


def _of_text(session: Session, scheme: Scheme, query: Select[*tuple[Any, ...]]) -> Tally:
    """The sums of sheets that were locked while values and points were kept as text."""
    rows = session.execute(query).all()
    places, totals, grades, parts, inputs = zip(*rows, strict=True)
    return of_sheets(
        scheme,
        places,
        totals,
        grades,
        (packed_points(scheme, one) for one in parts),
        (recorded_of(scheme, {"recorded": None, "inputs": one}) for one in inputs),
    )


def _prefix(paths: Iterable[str], own: str) -> str | None:
    """The path of the grid whose own part this is, as some path has it; None when none has."""
    if not own:
        return ""
    for path in paths:
        for start in range(0, len(path), SEGMENT):
            if path[start : start + SEGMENT] == own:
                return path[: start + SEGMENT]
    return None
