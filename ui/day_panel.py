"""Which day the window looks at: today, a day on which the tree changed, or any other that is past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtWidgets import QWidget

from gridoffice.fields import Field, Kind
from gridoffice.values import parse
from ui.widgets.parts import Box, Input, button, column, label, restyle, row, rule
from ui.widgets.popover import Popover

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN = 8
WIDTH = 196


class DayPanel(Box):
    """The content of the popover: `picked` carries the day, None for today."""

    picked = Signal(object)

    def __init__(self, day: date, today: date, days: Sequence[date], grew: Callable[[], None]):
        self._today, self._grew = today, grew
        super().__init__([], True, 6, (12, 8, 12, 12), "", None, None)
        self.put(label("看哪一天的网格和人", "strong"))
        self.line = Input("2025-06-30", name="日期")
        self.line.setText(day.isoformat() if day != today else "")
        self.line.returnPressed.connect(self._take)
        self._wrong = label("", "error", wrap=True)
        self._wrong.hide()
        self.put(self.line)
        self.put(self._wrong)
        self.put(row(None, button("看这天", on_click=self._take)))
        if day != today:
            self.put(
                row(
                    button("回到今天", "arrow-back-up", "link", on_click=lambda: self.picked.emit(None)), None
                )
            )
        past = [one for one in days if one < today][:SHOWN]
        if past:
            self.put(rule())
            self.put(label("网格变动过的日子", "hint"))
            days_box = column(gap=0)
            for one in past:
                made = button(one.isoformat(), kind="link", on_click=lambda one=one: self.picked.emit(one))
                days_box.put(row(made, None))
            self.put(days_box)
        self.setFocusProxy(self.line)

    def _take(self) -> None:
        value, problems = parse(Field("日期", Kind.DATE), self.line.text())
        words = problems[0].message if problems else ""
        if not words and isinstance(value, date) and value > self._today:
            words = f"{value.isoformat()} 还没到，只能看今天和以前。"
        if not words and not isinstance(value, date):
            words = "没写日期。写成 2025-06-30 这样。"
        if words:
            self._wrong.setText(words)
            self._wrong.show()
            restyle(self.line, wrong="true")
            self._grew()
            return
        self.picked.emit(None if value == self._today else value)


def offer_days(window: MainWindow, below: QWidget, days: Sequence[date]) -> None:
    """Ask for the day in a popover below a part; `days` are those on which the tree changed."""
    panel = DayPanel(window.day, date.today(), days, lambda: popover.open_at(place))
    panel.picked.connect(window.look_at)
    popover = Popover(window, panel, WIDTH)
    place = QRect(below.mapTo(window, QPoint(0, 0)), below.size())
    popover.open_at(place)
    panel.setFocus()
