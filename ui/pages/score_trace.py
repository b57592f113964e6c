"""得分从哪来: every line of a total, in words, beside its cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from gridoffice.assessment.results import sheet_trace
from ui.widgets.listing_table import ListingTable
from ui.widgets.month import trimmed
from ui.widgets.parts import Box, button, column, label, row, rule, size
from ui.widgets.popover import Popover

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SENTENCE_WIDTH = 270


def trace_panel(name: str, trace: Mapping[str, Any], edit: Callable[[], Any] | None) -> Box:
    """The content of the popover beside a total; `edit` leads to the data while it may be changed."""
    made = column(gap=2, margins=(12, 8, 12, 8))
    onward = button("改数据", "edit", "link", on_click=edit) if edit is not None else label("")
    made.put(row(label(f"{name}·得分从哪来", "strong"), None, onward))
    made.put(rule())
    for line in trace["lines"]:
        points = line["points"]
        said = label(line["sentence"], "hint", wrap=True)
        size(said, SENTENCE_WIDTH)
        made.put(row(said, None, label(trimmed(Decimal(points)) if points is not None else "—", "strong")))
    made.put(rule())
    made.put(label(trace["verdict"], "name", wrap=True))
    for remark in trace["notes"]:
        made.put(label(remark, "hint", wrap=True))
    return made


class ScoreTrace(QObject):
    """Asks for the lines of a total and floats them beside the current cell."""

    def __init__(self, desk: MainWindow, page: QWidget):
        super().__init__(page)
        self.desk = desk
        self.popover: Popover | None = None

    def show(self, table: ListingTable, sheet: int, edit: Callable[[], Any] | None) -> None:
        index = table.view.currentIndex()
        place = table.view.visualRect(index)
        place.moveTopLeft(table.view.viewport().mapTo(self.desk, place.topLeft()))
        line = table.model.values(index.row())
        name = line.name if line is not None else ""
        self.desk.read(
            self,
            sheet_trace,
            sheet,
            topic="trace",
            then=lambda trace: self._float(trace_panel(name, trace, edit), place),
        )

    def _float(self, panel: Box, place: QRect) -> None:
        self.popover = Popover(self.desk, panel, 368)
        self.popover.open_at(place)

    def shut(self) -> None:
        popover, self.popover = self.popover, None
        if popover is not None:
            popover.shut()
