"""One grid in the drawer: its facts, and the people who serve in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gridoffice.grids.listing import GRIDS
from gridoffice.grids.norms import size_fault
from gridoffice.grids.pack import GridKind
from gridoffice.grids.rows import GridRow
from gridoffice.listing import Ask
from gridoffice.values import show
from gridoffice.workers.listing import WORKERS
from ui.widgets.badges import note
from ui.widgets.form import fact, facts
from ui.widgets.parts import Box, button, column, label, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

LONG = ("extent", "note")
"""Columns of several lines: below the others, each under its own heading."""
PEOPLE_SHOWN = 60


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


def put_people(made: Box, desk: MainWindow, grid: GridRow) -> None:
    """Who serves in a grid and below it."""
    holder = column(gap=0)
    made.put(holder)

    def arrived(people: list[Any]) -> None:
        for person in people:
            onward = button(
                "打开", kind="link", on_click=lambda number=person.id: desk.go("workers", show=number)
            )
            holder.put(fact(person.title or "", label(person.name, "name"), None, onward))
        if not people:
            holder.put(note("err", "没有网格员，尽快配人。"))

    def people(session: Any) -> list[Any]:
        ask = Ask(scope=grid.id, day=desk.day, limit=PEOPLE_SHOWN)
        return WORKERS.rows(session, WORKERS.ids(session, ask))

    desk.read(holder, people, then=arrived, topic="people")
