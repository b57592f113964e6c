"""Small charts: bars (one or two series), a line with its target, shares.

Value labels stand on the marks, at most three horizontal lines, no legend where the subtitle says it.
Bars and lines are plotted by pyqtgraph (`plots`), which is imported beside the window's thread when the
first chart has something to show: never before the first paint.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolTip, QWidget
from shiboken6 import isValid

from ui.theme import look
from ui.widgets.parts import Box, card, label, row

if TYPE_CHECKING:
    from ui.widgets.plots import Plot

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `reference` is what it should be (a second, paler bar), `words` its label."""

    name: str
    value: Number
    reference: Number | None = None
    words: str = ""
    alarm: bool = False
    current: bool = False


class _Library(QObject):
    """pyqtgraph, once it is here; whoever answers `wanted` calls `load` in a thread, then `arrive`."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.loaded = False
        self._waiting: list[Chart] = []
        # one turn after the other, however many ask: timers of their own would all fire in one
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(5)
        self._turn.timeout.connect(self._next)

    def plot_for(self, chart: Chart) -> None:
        """Have a chart plotted as soon as that can be."""
        if chart not in self._waiting:
            self._waiting.append(chart)
        if self.loaded:
            self._turn.start()
        else:
            self.wanted.emit()

    def arrive(self, _answer: object = None) -> None:
        self.loaded = True
        self._turn.start()

    def _next(self) -> None:
        """One chart at a time, first its plot and then its marks: between them the window answers."""
        if not self._waiting:
            return
        chart = self._waiting.pop(0)
        if isValid(chart):
            if chart.plot is None:
                chart.make_plot()
                self._waiting.insert(0, chart)
            else:
                chart.draw(chart.plot)
        if self._waiting:
            self._turn.start()


def load() -> None:
    """In a thread: import what plots."""
    importlib.import_module("ui.widgets.plots")


library = _Library()


class Chart(QWidget):
    """A plot: hovering tells the value, a click on a mark is `picked`. One that leads somewhere
    (`by_keyboard`) is reached with Tab, its marks with the arrows; Enter is the click."""

    picked = Signal(int)

    def __init__(self, meaning: str):
        super().__init__()
        self.setAccessibleName(meaning)
        self.setMinimumHeight(look.px(96))
        self.setMouseTracking(True)
        self.plot: Plot | None = None
        self.at = 0
        """The mark where the keyboard is."""
        self._ring = _Ring(self)

    def by_keyboard(self) -> None:
        """Let the keyboard in: where a mark leads to its rows."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(look.px(240), look.px(140))

    def said(self) -> list[tuple[str, str]]:
        """Name and value of every mark, as words: for hovering and for screen readers."""
        raise NotImplementedError

    def draw(self, plot: Plot) -> None:
        """Put the marks on the plot."""
        raise NotImplementedError

    def _changed(self) -> None:
        self.setAccessibleDescription("；".join(f"{name} {words}" for name, words in self.said()))
        if self.said() or self.plot is not None:
            library.plot_for(self)

    def make_plot(self) -> None:
        """The plot, still without marks."""
        from ui.widgets.plots import Plot

        self.plot = Plot(self)
        self.plot.resize(self.size())
        self.plot.show()

    def relook(self) -> None:
        if self.plot is not None:
            self.draw(self.plot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.plot is not None:
            self.plot.resize(self.size())
            self.draw(self.plot)

    def mark_at(self, point: QPointF) -> int | None:
        """Which mark stands at a point."""
        count = len(self.said())
        return self.plot.place_at(point.x(), count) if self.plot is not None and count else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.mark_at(event.position())
        if place is not None:
            self.picked.emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.mark_at(event.position())
        if place is None:
            QToolTip.hideText()
            return
        name, words = self.said()[place]
        QToolTip.showText(event.globalPosition().toPoint() + QPoint(0, look.px(8)), f"{name}　{words}", self)

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        marks, key = self.said(), Qt.Key(event.key())
        if not marks:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.at)
        elif (to := self.onward(key)) is not None:
            self.at = max(0, min(to, len(marks) - 1))
            self.setAccessibleDescription(" ".join(marks[self.at]))
            self._show_ring()
        else:
            super().keyPressEvent(event)

    def onward(self, key: Qt.Key) -> int | None:
        """The mark that a key leads to; None where it leads nowhere."""
        ways = {
            Qt.Key.Key_Left: self.at - 1,
            Qt.Key.Key_Right: self.at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self.said()) - 1,
        }
        return ways.get(key)

    def place_of(self, mark: int) -> QRectF | None:
        """Where a mark stands."""
        count = len(self.said())
        return self.plot.room(mark, count) if self.plot is not None and mark < count else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_ring()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()

    def _show_ring(self) -> None:
        """Round the mark where the keyboard is, above the plot."""
        place = self.place_of(self.at) if self.hasFocus() and self.said() else None
        self._ring.setVisible(place is not None)
        if place is not None:
            self._ring.setGeometry(place.toAlignedRect())
            self._ring.raise_()


class _Ring(QWidget):
    """The frame of the mark where the keyboard is."""

    def __init__(self, chart: QWidget):
        super().__init__(chart)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(look.color("accent_text"), 2))
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()


class BarChart(Chart):
    """Bars side by side, each with its value; the current one in the accent."""

    def __init__(
        self,
        meaning: str,
        bars: Sequence[Bar] = (),
        series: tuple[str, str] = ("应有", "实有"),
        width: float = 0.5,
    ):
        """`series` names reference and value where bars have both; `width` is a bar's share of its place."""
        super().__init__(meaning)
        self._series, self._width = series, width
        self.bars: tuple[Bar, ...] = ()
        self.band: tuple[int, int] | None = None
        self.show_bars(bars)

    def show_bars(self, bars: Sequence[Bar], band: tuple[int, int] | None = None) -> None:
        """Nothing is plotted where every bar is 0: the sentence above says so. The first and the last
        bar of a `band` and all between them stand on a ground of their own: what is right."""
        self.band = band
        self.bars = tuple(bars) if any(bar.value or bar.reference for bar in bars) else ()
        self._changed()

    def said(self) -> list[tuple[str, str]]:
        wanted, had = self._series
        return [
            (
                bar.name,
                f"{bar.value}" if bar.reference is None else f"{wanted} {bar.reference}，{had} {bar.value}",
            )
            for bar in self.bars
        ]

    def draw(self, plot: Plot) -> None:
        plot.bars(self.bars, self._width, self.band)


class ScrolledBars(QScrollArea):
    """A bar chart that is as wide as its bars need; what does not fit is scrolled to, and no bar is left
    out. `pitch` is the least width of a bar's place."""

    def __init__(self, chart: BarChart, pitch: float = 40):
        super().__init__()
        self.chart, self._pitch = chart, pitch
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(chart)
        chart.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self.chart.setMinimumWidth(look.px(self._pitch) * len(bars) + look.px(32))
        self.chart.show_bars(bars)

    def relook(self) -> None:
        self.chart.setMinimumWidth(look.px(self._pitch) * len(self.chart.bars) + look.px(32))

    def sizeHint(self) -> QSize:
        return QSize(look.px(240), look.px(160))


class LineChart(Chart):
    """One line over the months; the last point is marked and labelled, a target is dashed."""

    def __init__(self, meaning: str, points: Sequence[tuple[str, Number]] = (), target: Number | None = None):
        super().__init__(meaning)
        self.points: tuple[tuple[str, Number], ...] = ()
        self.target: Number | None = None
        self.show_points(points, target)

    def show_points(self, points: Sequence[tuple[str, Number]], target: Number | None = None) -> None:
        self.points, self.target = tuple(points), target
        self._changed()

    def said(self) -> list[tuple[str, str]]:
        return [(name, f"{value}") for name, value in self.points]

    def draw(self, plot: Plot) -> None:
        plot.line(self.points, self.target)


class Shares(QWidget):
    """One bar split among a few: grades with their counts, one line each."""

    def __init__(self, meaning: str):
        super().__init__()
        self.setAccessibleName(meaning)
        self.lines: tuple[tuple[str, int, str, float | None], ...] = ()
        self.unit = "人"

    def show_lines(self, lines: Sequence[tuple[str, int, str, float | None]], unit: str = "人") -> None:
        """(name, how many, hint, limit as a share of all or None)."""
        self.lines, self.unit = tuple(lines), unit
        self.setFixedHeight(sum(look.px(44 if hint else 28) for _, _, hint, _ in self.lines))
        self.update()

    def relook(self) -> None:
        self.show_lines(self.lines, self.unit)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole = sum(count for _, count, _, _ in self.lines) or 1
        y, px = 0, look.px
        left, right = px(72), self.width() - px(56)
        for name, count, hint, limit in self.lines:
            painter.setFont(look.font(14))
            painter.setPen(look.color("text"))
            painter.drawText(QRectF(0, y, left, px(28)), Qt.AlignmentFlag.AlignVCenter, name)
            track = QRectF(left, y + px(10), right - left, px(8))
            painter.fillRect(track, look.color("mute_bg"))
            painter.fillRect(
                QRectF(left, track.y(), track.width() * count / whole, track.height()), look.color("chart2")
            )
            if limit is not None:
                x = left + track.width() * limit
                painter.fillRect(
                    QRectF(round(x), track.y() - px(3), 2, track.height() + px(6)), look.color("text")
                )
            painter.setFont(look.font(14, 500))
            painter.drawText(
                QRectF(right, y, px(56), px(28)),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                f"{count} {self.unit}",
            )
            y += px(28)
            if hint:
                painter.setFont(look.font(12))
                painter.setPen(look.color("text3"))
                painter.drawText(
                    QRectF(left, y - px(6), self.width() - left, px(18)), Qt.AlignmentFlag.AlignVCenter, hint
                )
                y += px(16)
        painter.end()


class Key(QWidget):
    """Which series is which, where the subtitle cannot say it: (token, words)."""

    def __init__(self, series: Sequence[tuple[str, str]]):
        super().__init__()
        self._series = tuple(series)
        self.relook()

    def relook(self) -> None:
        self.setFixedSize(sum(look.width(words, 12) + look.px(30) for _, words in self._series), look.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, x = QPainter(self), 0
        painter.setFont(look.font(12))
        for token, words in self._series:
            painter.fillRect(QRectF(x, look.px(5), look.px(10), look.px(10)), look.color(token))
            painter.setPen(look.color("text2"))
            wide = look.width(words, 12)
            painter.drawText(
                QRectF(x + look.px(16), 0, wide + 2, look.px(20)), Qt.AlignmentFlag.AlignVCenter, words
            )
            x += wide + look.px(30)
        painter.end()


def chart_card(title: str, subtitle: str, chart: QWidget, *after: QWidget) -> tuple[Box, QWidget]:
    """A card with title, one sentence with the conclusion, and the chart; answers card and sentence."""
    said = label(subtitle, "hint", elide=True)
    made = card(row(label(title, "strong"), None, *after), said, (chart, 1), gap=2, margins=(16, 10, 12, 8))
    return made, said
