"""The table of a sign-in sheet: who, from where, and the three columns that are typed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from db.enums import Presence
from gridoffice.masking import mask_phone
from gridoffice.training.rows import SheetRow, TrainingRow
from gridoffice.training.rules import THERE
from gridoffice.training.sheet import OPEN, sheet_listing
from ui.widgets.cells import Cell
from ui.widgets.listing_table import ListingTable

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTHS: dict[str, float] = {
    "name": 112,
    "grid": 200,
    "title": 112,
    "phone": 120,
    "presence": 112,
    "hours": 80,
    "score": 80,
}


def presence_cell(_: SheetRow, presence: Presence | None) -> Cell:
    """Whether somebody came; who is missing stands out, who was not asked about yet is pale."""
    if presence is None:
        return Cell(OPEN, tone="text3")
    if presence is Presence.ABSENT:
        return Cell(presence.label, tone="warn", lead=("alert-triangle", "warn"))
    return Cell(presence.label)


def _quiet(_: SheetRow, text: str | None) -> Cell:
    return Cell(text or "", tone="text2", sunken=True)


def sheet_table(
    desk: MainWindow, training_id: int, training: Callable[[], TrainingRow | None]
) -> ListingTable:
    """The sheet of a training; `training` answers it once it was read."""

    def hours_cell(line: SheetRow, hours: Decimal | None) -> Cell:
        """Whoever was there has the hours of the training, unless others are said."""
        if hours is not None:
            return Cell(f"{hours.normalize():f}", right=True)
        one = training()
        if line.presence in THERE and one is not None and one.hours is not None:
            return Cell(f"{one.hours.normalize():f}", tone="text3", right=True)
        return Cell()

    return ListingTable(
        desk.runner,
        desk.office,
        sheet_listing(training_id),
        dress={
            "presence": presence_cell,
            "grid": _quiet,
            "phone": lambda line, text: _quiet(line, mask_phone(text or "")),
            "hours": hours_cell,
            "title": _quiet,
            "number": _quiet,
            "name": lambda _, text: Cell(text, weight=500, sunken=True),
        },
        widths=WIDTHS,
        ticks=False,
        grid=True,
        cursor=True,
    )
