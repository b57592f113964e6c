"""How wide columns are: as a page says, else as their heading and field want; what may not be cut is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gridoffice.fields import Column, Kind
from gridoffice.values import show
from ui.theme import look
from ui.widgets.cells import PAD
from ui.widgets.models import ListingModel
from ui.widgets.table import Table

NEVER_CUT = (Kind.NAME, Kind.ID_NUMBER, Kind.PHONE, Kind.GRID)


def designed(columns: Sequence[Column], given: Mapping[str, float], offset: int) -> list[float]:
    """The widths that a list begins with, design pixels; `offset` is 1 where a column for ticks is first."""
    found: list[float] = [36.0] * offset
    for what in columns:
        heading = 20 + 14 * len(what.field.label) + 24
        found.append(given.get(what.name, max(heading, 20 + 8 * what.field.width)))
    return found


def widen(view: Table, model: ListingModel, but: Collection[str]) -> None:
    """Make columns of names and numbers wide enough for the rows in sight, not for those that have not been
    seen; columns `but` which the clerk has set keep their width."""
    last = view.rowAt(view.viewport().height() - 1)
    seen = range(max(0, view.rowAt(0)), (last if last >= 0 else len(model.ids) - 1) + 1)
    rows = [model.values(place) for place in seen if model.here(place)]
    for place, what in enumerate(model.columns):
        if what.field.kind not in NEVER_CUT or what.name in but:
            continue
        weight = 500 if what.field.kind is Kind.NAME else 400
        texts = (show(what.field, getattr(row, what.name)) for row in rows if row is not None)
        need = look.width(max(texts, key=len, default=""), 14, weight) + look.px(2 * PAD + 2)
        at = place + model.offset
        if need > view.columnWidth(at):
            view.setColumnWidth(at, min(need, look.px(320)))
