"""One grid in the drawer: its facts."""

from __future__ import annotations

from gridoffice.grids.listing import GRIDS
from gridoffice.grids.norms import size_fault
from gridoffice.grids.pack import GridKind
from gridoffice.grids.rows import GridRow
from gridoffice.values import show
from ui.widgets.badges import note
from ui.widgets.form import facts
from ui.widgets.parts import Box, column, label, rule

LONG = ("extent", "note")
"""Columns of several lines: below the others, each under its own heading."""


def put_facts(made: Box, grid: GridRow, kind: GridKind | None) -> None:
    """What a grid is; beyond the norm of its kind comes first."""
    if kind is not None:
        fault = size_fault(kind, grid.households, grid.merchants, grid.population, grid.area, grid.zone)
        if fault is not None:
            made.put(note("warn", f"{fault.message}{fault.fix}。"))
    group = column(gap=0)
    group.put_all(facts([what for what in GRIDS.columns if what.name not in ("name", *LONG)], grid))
    made.put(group)
    for what in GRIDS.columns:
        if what.name in LONG and getattr(grid, what.name):
            made.put(rule())
            made.put(label(what.field.label, "strong"))
            made.put(label(show(what.field, getattr(grid, what.name)), wrap=True))
