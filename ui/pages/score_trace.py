"""得分从哪来: every line of a total, in words, beside its cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from gridoffice.assessment.provenance import Written
from gridoffice.assessment.results import sheet_trace
from gridoffice.overview.score_story import ScoreStory
from ui.widgets.listing_table import ListingTable
from ui.widgets.month import trimmed
from ui.widgets.parts import Box, Label, button, column, label, row, rule, size
from ui.widgets.popover import Popover

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SENTENCE_WIDTH = 270
MOST = 6
"""So many records behind one value are named in the drawer."""


def trace_panel(
    name: str, trace: Mapping[str, Any], edit: Callable[[], Any] | None, more: Callable[[], Any]
) -> Box:
    """The content of the popover beside a total; `edit` leads to the data while it may be changed, `more`
    to the records behind it."""
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
    made.put(row(None, button("看原始记录", "eye", "link", on_click=more)))
    return made


def score_lines(said: ScoreStory) -> list[Box | Label]:
    """The same for the drawer, with what each value was drawn from, who wrote it and when: once where most
    came in together."""
    made: list[Box | Label] = []
    most = Counter(one.action for one in said.written.values()).most_common(1)
    usual = next((one for one in said.written.values() if most and one.action == most[0][0]), None)
    if usual is not None and most[0][1] > 1:
        made.append(label(f"数据：{_written(usual)}", "hint", wrap=True))
    for line in said.trace["lines"]:
        points, full = line["points"], Decimal(line["full"])
        words = "不计" if points is None else trimmed(Decimal(points))
        weight = f" / {trimmed(full)}" if full else ""
        parts: list[Box | Label] = [
            row((label(line["name"], "strong", elide=True), 1), label(f"{words}{weight}", "strong"), gap=8),
            label(line["sentence"], "fact", wrap=True),
        ]
        evidence = said.evidence.get(line["key"])
        if evidence is not None:
            when = f"{evidence.pulled.month}月{evidence.pulled.day}日从" if evidence.pulled else "还没有从"
            parts.append(
                label(f"{when}{evidence.source}取数，现在有 {evidence.count} 条：", "hint", wrap=True)
            )
            parts += [label(f"· {one}", "hint", wrap=True) for one in evidence.lines[:MOST]]
            if evidence.count > MOST:
                parts.append(label(f"· 还有 {evidence.count - MOST} 条", "hint"))
        written = said.written.get(line["key"])
        if written is not None and (usual is None or most[0][1] == 1 or written.action != usual.action):
            parts.append(label(_written(written), "hint", wrap=True))
        made.append(column(*parts, gap=2))
    made.append(label(said.trace["formula"] or "还没有总分", "fact", wrap=True))
    made.append(label(said.trace["verdict"], "name", wrap=True))
    made += [label(remark, "hint", wrap=True) for remark in said.trace["notes"]]
    return made


def _written(one: Written) -> str:
    at = one.at.astimezone()
    return f"{one.who} {at.month}月{at.day}日 {at:%H:%M}：{one.title}"


class ScoreTrace(QObject):
    """Asks for the lines of a total and floats them beside the current cell."""

    def __init__(self, desk: MainWindow, page: QWidget):
        super().__init__(page)
        self.desk = desk
        self.popover: Popover | None = None

    def show(
        self, table: ListingTable, sheet: int, edit: Callable[[], Any] | None, more: Callable[[], Any]
    ) -> None:
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
            then=lambda trace: self._float(trace_panel(name, trace, edit, more), place),
        )

    def _float(self, panel: Box, place: QRect) -> None:
        self.popover = Popover(self.desk, panel, 368)
        self.popover.open_at(place)

    def shut(self) -> None:
        popover, self.popover = self.popover, None
        if popover is not None:
            popover.shut()
