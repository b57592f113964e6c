"""A change on paper beside the norms: which grids would be too large or too small once it is done."""

from __future__ import annotations

from collections.abc import Sequence

from gridoffice.errors import Problem, Severity
from gridoffice.grids.norms import size_fault
from gridoffice.grids.sketch import Sketch, Spot, State


def measured(sketch: Sketch, spots: Sequence[Spot]) -> list[Problem]:
    """Warnings about grids that would be measured otherwise than today and would not fit."""
    kinds = {kind.key: kind for kind in sketch.pack.kinds}
    found = []
    for spot in spots:
        now = spot.now
        if spot.closing or now.kind not in kinds or (spot.was is not None and _size(spot.was) == _size(now)):
            continue
        fault = size_fault(kinds[now.kind], now.households, now.merchants, now.population, now.area, now.zone)
        if fault is not None:
            said = f"{now.name}：{fault.message}"
            found.append(Problem(said, Severity.WARNING, field="户数", value=now.name))
    return found


def _size(state: State) -> tuple[object, ...]:
    return state.kind, state.households, state.merchants, state.population, state.area, state.zone
