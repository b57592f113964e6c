"""A heat map: areas downwards, indicators or months across; every tile says its value.

The deeper the ground the higher the value; a ground is never so deep that its number is hard to read.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QScrollArea

from ui.theme import TEXT, contrast, look
from ui.widgets.charts import Chart

if TYPE_CHECKING:
    from ui.widgets.plots import Plot

NAMES, HEAD, TILE, PITCH = 132, 42, 30, 46
"""Design pixels: the column of names, the row of headings, a tile's height, its least width."""
DEPTHS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)


@dataclass(frozen=True, slots=True)
class Tiles:
    """What a heat map shows: names downwards and across, a value or nothing for each pair."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[Decimal | None, ...], ...]
    unit: str = ""

    def known(self) -> list[tuple[int, int, Decimal]]:
        """Every value with its place."""
        return [
            (down, along, value)
            for down, line in enumerate(self.values)
            for along, value in enumerate(line)
            if value is not None
        ]


def mixed(share: float) -> QColor:
    """The ground of a tile: from the surface to the series' colour."""
    low, high = look.color("surface"), look.color("chart2")

    def between(one: float, other: float) -> float:
        return one + (other - one) * share

    return QColor.fromRgbF(
        between(low.redF(), high.redF()),
        between(low.greenF(), high.greenF()),
        between(low.blueF(), high.blueF()),
    )


def deepest() -> float:
    """How far a ground may go towards the series' colour with text still readable on it."""
    ink = look.color("text")
    return next((depth for depth in DEPTHS if contrast(ink, mixed(depth)) >= TEXT), DEPTHS[-1])


class HeatMap(Chart):
    """Tiles with their values; the weakest is marked. `picked` says a tile by its number, row by row."""

    def __init__(self, meaning: str):
        super().__init__(meaning)
        self.tiles = Tiles((), (), ())

    def show_tiles(self, tiles: Tiles) -> None:
        self.tiles, self.at = tiles, 0
        self.fit()
        self._changed()

    def fit(self) -> None:
        """As high as its rows need; narrower than its columns need it does not get."""
        self.setFixedHeight(look.px(HEAD) + look.px(TILE) * max(1, len(self.tiles.rows)) + 2)
        self.setMinimumWidth(look.px(NAMES + PITCH * max(1, len(self.tiles.columns))))

    def relook(self) -> None:
        self.fit()
        super().relook()

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.height())

    def place(self, mark: int) -> tuple[int, int]:
        """Row and column of a tile."""
        return divmod(mark, len(self.tiles.columns))

    def said(self) -> list[tuple[str, str]]:
        return [
            (f"{name}·{column}", f"{value}{self.tiles.unit}" if value is not None else "还没有")
            for name, line in zip(self.tiles.rows, self.tiles.values, strict=True)
            for column, value in zip(self.tiles.columns, line, strict=True)
        ]

    def weakest(self) -> tuple[int, int] | None:
        """The tile with the lowest value, if they differ."""
        known = self.tiles.known()
        if len({value for _, _, value in known}) < 2:
            return None
        down, along, _ = min(known, key=lambda one: one[2])
        return down, along

    def place_of(self, mark: int) -> QRectF | None:
        if mark >= len(self.tiles.rows) * len(self.tiles.columns):
            return None
        down, along = self.place(mark)
        wide = self._pitch()
        return QRectF(
            look.px(NAMES) + along * wide, look.px(HEAD) + down * look.px(TILE), wide, look.px(TILE)
        )

    def _pitch(self) -> float:
        return (self.width() - look.px(NAMES)) / max(1, len(self.tiles.columns))

    def mark_at(self, point: QPointF) -> int | None:
        along = int((point.x() - look.px(NAMES)) // self._pitch())
        down = int((point.y() - look.px(HEAD)) // look.px(TILE))
        if 0 <= along < len(self.tiles.columns) and 0 <= down < len(self.tiles.rows):
            return down * len(self.tiles.columns) + along
        return None

    def onward(self, key: Qt.Key) -> int | None:
        wide = len(self.tiles.columns)
        ways = {
            Qt.Key.Key_Up: self.at - wide if self.at >= wide else self.at,
            Qt.Key.Key_Down: self.at + wide if self.at + wide < len(self.said()) else self.at,
        }
        return ways.get(key, super().onward(key))

    def draw(self, plot: Plot) -> None:
        plot.tiles(self.tiles, self.weakest(), deepest())


class ScrolledHeat(QScrollArea):
    """A heat map that is as wide as its columns need; what does not fit is scrolled to."""

    def __init__(self, chart: HeatMap):
        super().__init__()
        self.chart = chart
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(chart)
        chart.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def fit(self) -> None:
        """As high as the map, with room for the bar below it where it is wider than its place."""
        self.chart.fit()
        wide = self.chart.minimumWidth() > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if wide else 0
        self.setFixedHeight(self.chart.height() + bar)

    def relook(self) -> None:
        self.fit()
