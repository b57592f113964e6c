"""The plots behind `charts`: the only module that imports pyqtgraph, itself imported late.

Nothing can be dragged, zoomed or opened: a plot is a picture that is drawn anew from the tokens whenever
its marks, its size or the theme change.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import look
from ui.widgets.charts import Bar, Number
from ui.widgets.heat import HEAD, NAMES, TILE, Tiles, mixed

LEFT, BELOW, ABOVE = 32, 24, 22
"""Room for the numbers at the left, the names below, the label on the highest mark; design pixels.
Fixed, so that plots of one row stand on one line."""
WIDEST = 44
"""A bar is not wider than that, however few there are; design pixels."""


def ticks(low: float, high: float) -> list[float]:
    """Three or four round numbers from at most `low` to at least `high`."""
    span = max(high - low, 1e-9)
    step = 10.0 ** floor(log10(span / 3))
    step *= next(factor for factor in (1, 2, 2.5, 5, 10) if factor * step * 3 >= span)
    start = floor(low / step) * step
    return [start + step * place for place in range(max(1, ceil((high - start) / step - 1e-9)) + 1)]


def _pen(token: str, width: float = 1, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    made = QPen(look.color(token), width, style)
    made.setCosmetic(True)
    return made


def _bytes(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


class Plot(pg.PlotWidget):
    """Marks 0, 1, 2 … from the left, values upwards."""

    def __init__(self, parent: QWidget):
        super().__init__(parent, enableMenu=False)
        self.setBackground(None)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self._item: Any = self.getPlotItem()
        self._item.hideButtons()
        self._item.setMouseEnabled(False, False)
        self._item.setContentsMargins(0, 0, 0, 0)
        self._axes: dict[str, Any] = {side: self._item.getAxis(side) for side in ("left", "bottom")}

    def place_at(self, x: float, count: int) -> int | None:
        """Which of the marks stands at x, in pixels from the left edge."""
        left = look.px(LEFT)
        share = (x - left) / max(1, self.width() - left)
        return int(share * count) if 0 <= share < 1 else None

    def room(self, place: int, count: int) -> QRectF:
        """The upright strip that a mark stands in, in pixels."""
        left = look.px(LEFT)
        wide = (self.width() - left) / count
        return QRectF(left + place * wide, 0, wide, self.height() - look.px(BELOW))

    # the frame

    def _begin(self, names: Sequence[str], marks: Sequence[float], every: int = 1) -> None:
        """Empty, with its range, the horizontal lines and the words at the axes.

        Names too wide for their share are written downwards if they are short, else every second one
        is left out.
        """
        self._item.clear()
        pitch = self._pitch(len(names))
        below = look.px(BELOW)
        longest = max(len(name) for name in names)
        if every == 1 and max(look.width(name, 12) for name in names) > pitch:
            if longest <= 3:
                names = ["\n".join(name) for name in names]
                below = look.px(10) + longest * look.metrics(12).height()
            else:
                every = 2
        last = len(names) - 1
        shown = [(place, name) for place, name in enumerate(names) if (last - place) % every == 0]
        left, bottom = self._axes["left"], self._axes["bottom"]
        for axis in (left, bottom):
            axis.setStyle(
                tickFont=look.font(12),
                tickLength=0,
                tickAlpha=0,
                tickTextOffset=look.px(5),
                autoExpandTextSpace=False,
                autoReduceTextSpace=False,
                hideOverlappingLabels=False,
            )
            axis.setTextPen(look.color("text2"))
        left.setWidth(look.px(LEFT))
        left.setPen(QPen(Qt.PenStyle.NoPen))
        left.setTicks([[(mark, f"{mark:g}") for mark in marks]])
        bottom.setHeight(below)
        bottom.setPen(_pen("line_strong"))
        bottom.setTicks([shown])
        low, high = marks[0], marks[-1]
        tall = max(1, self.height() - below)
        head = (high - low) * look.px(ABOVE) / max(1, tall - look.px(ABOVE))
        self._item.setRange(
            xRange=(-0.5, last + 0.5), yRange=(low, high + head), padding=0, disableAutoRange=True
        )
        for mark in marks[1:]:
            self._item.addItem(pg.InfiniteLine(mark, 0, _pen("chart_grid")))

    def _pitch(self, count: int) -> float:
        return max(1, self.width() - look.px(LEFT)) / max(1, count)

    def _words(self, place: float, value: float, text: str, token: str, weight: int) -> None:
        made = pg.TextItem(text, look.color(token), anchor=(0.5, 1))
        made.setFont(look.font(12, weight))
        made.setPos(QPointF(place, value))
        self._item.addItem(made, ignoreBounds=True)

    # the marks

    def bars(self, bars: Sequence[Bar], width: float, band: tuple[int, int] | None = None) -> None:
        """Bars with their values on top, as wide as that share of their place; a bar and its reference
        share it. What is below zero hangs from the line. The places of a `band` have a ground of their own."""
        if not bars:
            self._item.clear()
            self.hide()
            return
        self.show()
        highest = [max(float(bar.value), float(bar.reference or 0)) for bar in bars]
        lowest = min(0.0, *(min(float(bar.value), float(bar.reference or 0)) for bar in bars))
        self._begin([bar.name for bar in bars], ticks(lowest, max(*highest, 1 if lowest else 3)))
        if band is not None:
            ground = pg.LinearRegionItem((band[0] - 0.5, band[1] + 0.5), movable=False)
            ground.setBrush(look.color("soft"))
            for edge in ground.lines:
                edge.setPen(_pen("soft_line"))
            ground.setZValue(-20)
            self._item.addItem(ground)
        pitch = self._pitch(len(bars))
        width = min(width, look.px(WIDEST) / pitch)
        for place, bar in enumerate(bars):
            if bar.reference is None:
                self._bar(place - width / 2, width, bar.value, "accent_text" if bar.current else "chart2")
            else:
                self._bar(place - 0.3, 0.28, bar.reference, "chart3")
                self._bar(place + 0.02, 0.28, bar.value, "accent")
            words = bar.words or f"{bar.value}"
            self._words(
                place,
                max(highest[place], 0),
                words.replace(" ", "") if look.width(words, 12) > pitch else words,
                "warn" if bar.alarm else "text" if bar.current else "text2",
                500 if bar.alarm or bar.current else 400,
            )

    def _bar(self, left: float, width: float, value: Number, token: str) -> None:
        if not value:
            return  # a bar without height would still leave a line
        ink = look.color(token)
        self._item.addItem(
            pg.BarGraphItem(x0=[left], width=width, y0=0, height=[float(value)], pen=QPen(ink, 0), brush=ink)
        )

    def tiles(self, tiles: Tiles, weakest: tuple[int, int] | None, depth: float) -> None:
        """A heat map, in pixels: grounds as one picture, everything written on it as one mark."""
        self._item.clear()
        known = [float(value) for _, _, value in tiles.known()]
        if not known:
            self.hide()
            return
        self.show()
        for axis in self._axes.values():
            axis.hide()
        self._item.setRange(
            xRange=(0, self.width()), yRange=(0, self.height()), padding=0, disableAutoRange=True
        )
        self._item.getViewBox().invertY(True)
        low, high = min(known), max(known)
        shares = np.array(
            [
                [-1 if one is None else (float(one) - low) / (high - low or 1) for one in line]
                for line in tiles.values
            ]
        )
        grounds = np.array([_bytes(mixed(depth * place / 100)) for place in range(101)], dtype=np.ubyte)
        picture = grounds[np.clip(shares * 100, 0, 100).astype(int)]
        picture[shares < 0] = _bytes(look.color("sunken"))
        image = pg.ImageItem(picture, axisOrder="row-major", autoLevels=False, levels=(0, 255))
        left, top = look.px(NAMES), look.px(HEAD)
        image.setRect(QRectF(left, top, self.width() - left, look.px(TILE) * len(tiles.rows)))
        self._item.addItem(image)
        self._item.addItem(Writing(tiles, weakest, self.width()))

    def line(self, points: Sequence[tuple[str, Number]], target: Number | None) -> None:
        """A line whose last point is marked; few points say their values."""
        if not points:
            self._item.clear()
            self.hide()
            return
        self.show()
        values = [float(value) for _, value in points]
        seen = [*values, float(target)] if target is not None else values
        last = len(values) - 1
        self._begin([name for name, _ in points], ticks(min(seen) - 1, max(seen) + 1), ceil(len(values) / 6))
        if target is not None:
            self._item.addItem(pg.InfiniteLine(float(target), 0, _pen("text3", 1, Qt.PenStyle.DashLine)))
        ink = look.color("accent_text")
        self._item.addItem(
            pg.PlotCurveItem(list(range(len(values))), values, pen=_pen("accent_text", 2.5), antialias=True)
        )
        self._item.addItem(
            pg.ScatterPlotItem(
                [last], [values[-1]], size=look.px(8), pen=QPen(Qt.PenStyle.NoPen), brush=ink, antialias=True
            )
        )
        for place, (_, value) in enumerate(points):
            if place == last or len(values) <= 6:
                now = place == last
                self._words(place, float(value), f"{value}", "text" if now else "text2", 500 if now else 400)


class Writing(pg.GraphicsObject):
    """The words of a heat map: names, headings, values, lines between the tiles, the weakest framed."""

    def __init__(self, tiles: Tiles, weakest: tuple[int, int] | None, width: float):
        super().__init__()
        self._tiles, self._weakest, self._width = tiles, weakest, width

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, look.px(HEAD) + look.px(TILE) * len(self._tiles.rows) + 1)

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        tiles, left, top, tall = self._tiles, look.px(NAMES), look.px(HEAD), look.px(TILE)
        pitch = (self._width - left) / len(tiles.columns)
        middle, edge = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignVCenter
        painter.setFont(look.font(12))
        painter.setPen(look.color("text2"))
        for along, name in enumerate(tiles.columns):
            words = "\n".join(broken(name, pitch - look.px(4)))
            painter.drawText(QRectF(left + along * pitch, 0, pitch, top - look.px(2)), middle, words)
        for down, (name, line) in enumerate(zip(tiles.rows, tiles.values, strict=True)):
            y = top + down * tall
            painter.setFont(look.font(13))
            painter.setPen(look.color("text"))
            cut = look.metrics(13).elidedText(name, Qt.TextElideMode.ElideRight, left - look.px(8))
            painter.drawText(QRectF(0, y, left, tall), edge, cut)
            for along, value in enumerate(line):
                weak = (down, along) == self._weakest
                painter.setFont(look.font(12, 700 if weak else 400))
                painter.setPen(look.color("text3" if value is None else "text"))
                words = "—" if value is None else f"{value:f}"
                painter.drawText(QRectF(left + along * pitch, y, pitch, tall), middle, words)
        painter.setPen(_pen("surface", 2))
        for along in range(1, len(tiles.columns)):
            x = left + along * pitch
            painter.drawLine(QPointF(x, top), QPointF(x, top + tall * len(tiles.rows)))
        for down in range(1, len(tiles.rows)):
            painter.drawLine(QPointF(left, top + down * tall), QPointF(self._width, top + down * tall))
        if self._weakest is not None:
            down, along = self._weakest
            painter.setPen(_pen("err", 2))
            painter.drawRect(
                QRectF(left + along * pitch, top + down * tall, pitch, tall).adjusted(2, 2, -2, -2)
            )


def broken(name: str, room: float) -> list[str]:
    """A heading in at most three lines that fit; what is too long for them ends with …"""
    lines, rest = [], name
    while rest and len(lines) < 3:
        count = len(rest)
        while count > 1 and look.width(rest[:count], 12) > room:
            count -= 1
        lines.append(rest[:count])
        rest = rest[count:]
    if rest:
        lines[-1] = f"{lines[-1][:-1]}…"
    return lines
