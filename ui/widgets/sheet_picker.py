"""A line in which somebody of a month is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridoffice.overview.sheet_hits import SheetHit, find_sheets
from ui.widgets.parts import button, label, row
from ui.widgets.picker import Picker

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class SheetPicker(Picker):
    """Looks among everybody who takes part in the month."""

    nobody = "这个月的考核里没有。"

    def __init__(self, desk: MainWindow, month_id: int):
        super().__init__(
            desk.runner, lambda text: desk.office.read(find_sheets, month_id, text), "谁", "姓名、网格"
        )

    def number_of(self, hit: SheetHit) -> int:
        return hit.id

    def words_of(self, hit: SheetHit) -> str:
        return hit.name

    def offer(self, hit: SheetHit, take: Callable[[], None]) -> QWidget:
        made = button(hit.name, kind="link", tip=f"{hit.name}　{hit.grid}", on_click=take)
        return row(made, (label(hit.grid, "hint", elide=True), 1), label(hit.grade or "", "hint"), gap=4)
