"""Small charts, painted: bars (one or two series), a line with its target, shares.

Value labels stand on the marks, at most three horizontal lines, no legend where the subtitle says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.theme import look
from ui.widgets.parts import Box, card, label, row

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


def ticks(low: float, high: float) -> list[float]:
    """Three or four round numbers from at most `low` to at least `high`."""
    span = max(high - low, 1e-9)
    step = 10.0 ** floor(log10(span / 3))
    step *= next(factor for factor in (1, 2, 2.5, 5, 10) if factor * step * 3 >= span)
    start = floor(low / step) * step
    return [start + step * place for place in range(max(1, ceil((high - start) / step - 1e-9)) + 1)]


class _Chart(QWidget):
    """Shared frame: tick labels at the left, names below, room for labels above."""

    picked = Signal(int)

    def __init__(self, meaning: str):
        super().__init__()
        self.setAccessibleName(meaning)
        self._downwards = self._thinned = False
        self.setMinimumHeight(look.px(96))

    def sizeHint(self) -> QSize:
        return QSize(look.px(240), look.px(140))

    def _area(self, names: Sequence[str] = ()) -> QRectF:
        """Where the marks stand. Names too wide for their share are written downwards if they are
        short, else every second one is left out."""
        wide = self.width() - look.px(36)
        tall = look.px(24)
        self._downwards = self._thinned = False
        if names and max(look.width(name, 12) for name in names) > wide / len(names):
            longest = max(len(name) for name in names)
            self._downwards, self._thinned = longest <= 3, longest > 3
            tall = look.px(4 + 15 * longest) if self._downwards else tall
        return QRectF(look.px(32), look.px(20), wide, self.height() - look.px(20) - tall)

    def _grid(self, painter: QPainter, area: QRectF, marks: Sequence[float]) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        low, high = marks[0], marks[-1]
        painter.setFont(look.font(12))
        for place, mark in enumerate(marks):
            y = round(area.bottom() - (mark - low) / (high - low) * area.height())
            painter.setPen(look.color("line_strong" if place == 0 else "chart_grid"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(look.color("text2"))
            painter.drawText(
                QRectF(0, y - look.px(10), look.px(26), look.px(20)),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                f"{mark:g}",
            )

    def _name(self, painter: QPainter, area: QRectF, x: float, wide: float, text: str) -> None:
        painter.setFont(look.font(12))
        painter.setPen(look.color("text2"))
        if not self._downwards:
            painter.drawText(
                QRectF(x - wide, area.bottom() + look.px(2), 2 * wide, look.px(20)),
                Qt.AlignmentFlag.AlignCenter,
                text,
            )
            return
        for place, character in enumerate(text):
            painter.drawText(
                QRectF(x - wide / 2, area.bottom() + look.px(3 + 15 * place), wide, look.px(15)),
                Qt.AlignmentFlag.AlignCenter,
                character,
            )


class BarChart(_Chart):
    """Bars side by side, each with its value; the current one in the accent."""

    def __init__(self, meaning: str, bars: Sequence[Bar] = ()):
        super().__init__(meaning)
        self.bars = tuple(bars)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self.bars = tuple(bars)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        area = self._area()
        if self.bars and area.left() <= event.position().x() <= area.right():
            self.picked.emit(int((event.position().x() - area.left()) / area.width() * len(self.bars)))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not any(bar.value or bar.reference for bar in self.bars):
            return  # nothing to show is said in the sentence above
        painter = QPainter(self)
        area = self._area([bar.name for bar in self.bars])
        top = max(float(value) for bar in self.bars for value in (bar.value, bar.reference or 0))
        marks = ticks(0, max(top, 3))
        self._grid(painter, area, marks)
        pitch = area.width() / len(self.bars)
        for place, bar in enumerate(self.bars):
            x = area.left() + (place + 0.5) * pitch
            self._paint_bar(painter, area, marks[-1], x, pitch, bar)
            if not (self._thinned and place % 2):
                self._name(painter, area, x, pitch, bar.name)
        painter.end()

    def _paint_bar(
        self, painter: QPainter, area: QRectF, top: float, x: float, pitch: float, bar: Bar
    ) -> None:
        high = float(bar.value) / top * area.height()
        wide = pitch * (0.28 if bar.reference is not None else 0.5)
        if bar.reference is not None:
            tall = float(bar.reference) / top * area.height()
            painter.fillRect(
                QRectF(round(x - wide - 1), area.bottom() - tall, round(wide), tall), look.color("chart3")
            )
            painter.fillRect(
                QRectF(round(x + 1), area.bottom() - high, round(wide), high), look.color("accent")
            )
            high = max(high, tall)
        else:
            ink = "accent_text" if bar.current else "chart2"
            painter.fillRect(
                QRectF(round(x - wide / 2), area.bottom() - high, round(wide), high), look.color(ink)
            )
        painter.setFont(look.font(12, 500 if bar.alarm or bar.current else 400))
        painter.setPen(look.color("warn" if bar.alarm else "text" if bar.current else "text2"))
        words = bar.words or f"{bar.value}"
        if look.width(words, 12) > pitch:
            words = words.replace(" ", "")
        painter.drawText(
            QRectF(x - pitch, area.bottom() - high - look.px(18), 2 * pitch, look.px(18)),
            Qt.AlignmentFlag.AlignCenter,
            words,
        )


class LineChart(_Chart):
    """One line over the months; the last point is marked and labelled, a target is dashed."""

    def __init__(self, meaning: str, points: Sequence[tuple[str, Number]] = (), target: Number | None = None):
        super().__init__(meaning)
        self.points, self.target = tuple(points), target

    def show_points(self, points: Sequence[tuple[str, Number]], target: Number | None = None) -> None:
        self.points, self.target = tuple(points), target
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.points:
            return
        painter = QPainter(self)
        area = self._area()
        values = [float(value) for _, value in self.points]
        seen = [*values, float(self.target)] if self.target is not None else values
        marks = ticks(min(seen) - 1, max(seen) + 1)
        self._grid(painter, area, marks)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

        def at(place: int, value: float) -> QPointF:
            share = (place + 0.5) / len(values)
            return QPointF(
                area.left() + share * area.width(),
                area.bottom() - (value - marks[0]) / (marks[-1] - marks[0]) * area.height(),
            )

        if self.target is not None:
            y = at(0, float(self.target)).y()
            painter.setPen(QPen(look.color("text3"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        line = [at(place, value) for place, value in enumerate(values)]
        painter.setPen(QPen(look.color("accent_text"), 2.5))
        painter.drawPolyline(QPolygonF(line))
        painter.setBrush(look.color("accent_text"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(line[-1], look.px(4), look.px(4))
        every = max(1, ceil(len(values) / 6))
        pitch = area.width() / len(values) * every
        for place, (name, value) in enumerate(self.points):
            last = place == len(values) - 1
            if (len(values) - 1 - place) % every == 0:
                self._name(painter, area, line[place].x(), pitch, name)
            if last or len(values) <= 6:
                painter.setFont(look.font(12, 500 if last else 400))
                painter.setPen(look.color("text" if last else "text2"))
                painter.drawText(
                    QRectF(
                        line[place].x() - look.px(30), line[place].y() - look.px(22), look.px(60), look.px(16)
                    ),
                    Qt.AlignmentFlag.AlignCenter,
                    f"{value}",
                )
        painter.end()


class Shares(QWidget):
    """One bar split among a few: grades with their counts, one line each."""

    def __init__(self, meaning: str):
        super().__init__()
        self.setAccessibleName(meaning)
        self.lines: tuple[tuple[str, int, str, float | None], ...] = ()

    def show_lines(self, lines: Sequence[tuple[str, int, str, float | None]]) -> None:
        """(name, people, hint, limit as a share of all or None)."""
        self.lines = tuple(lines)
        self.setFixedHeight(sum(look.px(44 if hint else 28) for _, _, hint, _ in self.lines))
        self.update()

    def relook(self) -> None:
        self.show_lines(self.lines)

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
                f"{count} 人",
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
