"""Charts on paper, drawn as lines and rectangles: black, white and grey, readable on every copy.

Nothing is said by colour alone: series differ in grey and outline, lines in their marks and dashes, and each
value stands beside its mark wherever there is room.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gridoffice.documents.columns import wrap_evenly
from gridoffice.documents.fonts import POINT, Font, FontSet, printable
from gridoffice.documents.model import Chart, ChartKind
from gridoffice.documents.surface import BLACK, Colour, Surface

_SIZE = 9.0  # points, of every word and number in a chart
_EM = _SIZE * POINT
_STEP = _EM * 1.25
_FILLS = (Colour(0.35, 0.35, 0.35), Colour(0.75, 0.75, 0.75), Colour(1, 1, 1), Colour(0.55, 0.55, 0.55))
_RULE = Colour(0.8, 0.8, 0.8)
_AXIS, _THIN, _CURVE = 0.25, 0.12, 0.45
_DASHES = ((1e9, 0.0), (2.2, 1.0), (0.7, 0.7), (3.2, 0.8))
_TICKS = 5  # steps of a scale at most


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of an axis: round steps, from at most the least value or 0 to at least the greatest."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> list[float]:
        return [
            self.low + self.step * place for place in range(round((self.high - self.low) / self.step) + 1)
        ]

    def part(self, value: float) -> float:
        """Where a value lies, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def scale_of(values: Sequence[float], from_zero: bool) -> Scale:
    """Steps of 1, 2 or 5 times a power of ten; `from_zero` keeps lengths in proportion."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if from_zero or low < 0 < high or low < (high - low):
        low, high = min(low, 0.0), max(high, 0.0)
    if high <= low:  # all the same: in the middle, or on the axis where lengths count
        low, high = low if from_zero else max(low - 1.0, min(low, 0.0)), high + 1.0
    power = 10.0 ** math.floor(math.log10((high - low) / _TICKS))
    step = next(
        factor * power for factor in (1, 2, 5, 10) if (high - low) / (factor * power) <= _TICKS + 1e-9
    )
    bottom = math.floor(low / step + 1e-9) * step
    if bottom > 0 and low - bottom < step / 3:
        bottom -= step  # room for the number below the lowest point
    return Scale(bottom, math.ceil(high / step - 1e-9) * step, step)


def number_text(value: float, places: int) -> str:
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def draw_chart(
    surface: Surface, fonts: FontSet, chart: Chart, x: float, y: float, width: float, height: float
) -> None:
    """Draw a chart in a rectangle. Raises OfficeError naming a character that no font has."""
    _Plot(surface, fonts.song, chart, x, y, width, height - 1.0).draw()


class _Plot:
    """One chart in its rectangle; `left`, `top`, `right`, `bottom` are the plot's own edges."""

    def __init__(
        self, surface: Surface, font: Font, chart: Chart, x: float, y: float, width: float, height: float
    ):
        self.surface, self.font, self.chart = surface, font, chart
        self.names = [printable(name) for name in chart.categories]
        known = [value for series in chart.series for value in series.values if value is not None]
        self.scale = scale_of(known, chart.kind is not ChartKind.LINE)
        self.tick_places = max(0, -math.floor(math.log10(self.scale.step) + 1e-9))
        self.x, self.y, self.right = x, y, x + width
        self.legend = chart.series if len(chart.series) > 1 else ()
        self.top = y + (_STEP * 1.4 if self.legend or chart.unit else 0.0) + _STEP
        self.bottom = y + height
        lying = chart.kind is ChartKind.BARS
        longest = max((font.width(name, _SIZE) for name in self.names), default=0.0)
        ticks = max(font.width(self._tick(value), _SIZE) for value in self.scale.ticks)
        self.left = x + min(longest if lying else ticks, width * 0.35) + 2.0
        if lying:
            self.right -= max((font.width(self._text(value), _SIZE) for value in known), default=0.0) + 2.0
            self.top -= _STEP
        else:
            self.right -= 2.0
            self.lines = [wrap_evenly(font, _SIZE, name, self.slot - 0.6) for name in self.names]
            self.bottom -= max((len(lines) for lines in self.lines), default=1) * _STEP + 1.0

    @property
    def slot(self) -> float:
        """The room of one category along the axis."""
        length = self.bottom - self.top if self.chart.kind is ChartKind.BARS else self.right - self.left
        return length / max(len(self.names), 1)

    def draw(self) -> None:
        self._legend()
        if self.chart.kind is ChartKind.BARS:
            self._lying()
            return
        self._grid()
        if self.chart.kind is ChartKind.COLUMNS:
            self._columns()
        else:
            self._curves()
        for place, lines in enumerate(self.lines):
            middle = self.left + self.slot * (place + 0.5)
            for row, line in enumerate(lines):
                self._words(middle, self.bottom + 1.0 + _STEP * (row + 0.8), line, 0.5)

    def _words(self, x: float, y: float, text: str, share: float = 0.0) -> None:
        """Text whose left edge (`share` 0), middle (0.5) or right edge (1) is at `x`."""
        self.surface.text(x - self.font.width(text, _SIZE) * share, y, text, self.font, _SIZE)

    def _text(self, value: float) -> str:
        return number_text(value, self.chart.places)

    def _tick(self, value: float) -> str:
        return number_text(value, self.tick_places)

    def _height(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * self.scale.part(value)

    def _legend(self) -> None:
        """The unit at the left, the series at the right, above the plot."""
        baseline = self.y + _STEP
        if self.chart.unit:
            self._words(self.x, baseline, f"单位：{printable(self.chart.unit)}")
        x = self.right
        for place in range(len(self.legend) - 1, -1, -1):
            name = printable(self.legend[place].name)
            x -= self.font.width(name, _SIZE)
            self._words(x, baseline, name)
            x -= 7.0
            middle = baseline - _EM * 0.38
            if self.chart.kind is ChartKind.LINE:
                self._dashed(x, middle, x + 6.0, middle, place)
                self._mark(x + 3.0, middle, place)
            else:
                self._bar(x + 1.0, middle - _EM * 0.4, 5.0, _EM * 0.8, place)
            x -= 4.0

    def _grid(self) -> None:
        for value in self.scale.ticks:
            y = self._height(value)
            self.surface.line(self.left, y, self.right, y, _THIN, _RULE)
            self._words(self.left - 1.2, y + _EM * 0.36, self._tick(value), 1.0)
        zero = self._height(max(self.scale.low, 0.0))
        self.surface.line(self.left, zero, self.right, zero, _AXIS)

    def _bar(self, x: float, y: float, width: float, height: float, place: int) -> None:
        self.surface.rectangle(x, y, width, height, _FILLS[place % len(_FILLS)])
        right, bottom = x + width, y + height
        for x1, y1, x2, y2 in ((x, y, right, y), (right, y, right, bottom), (x, bottom, right, bottom)):
            self.surface.line(x1, y1, x2, y2, _THIN)
        self.surface.line(x, y, x, bottom, _THIN)

    def _columns(self) -> None:
        count = len(self.chart.series)
        wide = min(self.slot * 0.72 / count, 12.0)
        zero = self._height(max(self.scale.low, 0.0))
        for number, series in enumerate(self.chart.series):
            fits = all(
                self.font.width(self._text(value), _SIZE) <= max(wide, self.slot / count) - 0.3
                for value in series.values
                if value is not None
            )
            for place, value in enumerate(series.values):
                if value is None:
                    continue
                middle = self.left + self.slot * (place + 0.5) + wide * (number - (count - 1) / 2)
                end = self._height(value)
                self._bar(middle - wide / 2, min(end, zero), wide, abs(zero - end), number)
                if fits:
                    below = end + _STEP * 0.85 if value < 0 else end - 0.7
                    self._words(middle, below, self._text(value), 0.5)

    def _lying(self) -> None:
        """Bars from top to bottom, each with its name before and its number behind it."""
        count = len(self.chart.series)
        thick = min(self.slot * 0.72 / count, 7.0)
        length = self.right - self.left
        zero = self.left + length * self.scale.part(max(self.scale.low, 0.0))
        for place, name in enumerate(self.names):
            middle = self.top + self.slot * (place + 0.5)
            self._words(self.left - 1.2, middle + _EM * 0.36, self._shortened(name), 1.0)
            for number, series in enumerate(self.chart.series):
                value = series.values[place]
                if value is None:
                    continue
                top = middle + thick * (number - count / 2)
                end = self.left + length * self.scale.part(value)
                self._bar(min(zero, end), top, abs(end - zero), thick, number)
                if thick >= _EM * 0.8:
                    self._words(max(zero, end) + 1.0, top + thick / 2 + _EM * 0.36, self._text(value))
        self.surface.line(zero, self.top, zero, self.bottom, _AXIS)

    def _shortened(self, name: str) -> str:
        room = self.left - self.x - 1.5
        while self.font.width(name, _SIZE) > room and len(name) > 2:
            name = name.rstrip("…")[:-1] + "…"
        return name

    def _curves(self) -> None:
        sparse = len(self.chart.series) * len(self.names) <= 14
        for number, series in enumerate(self.chart.series):
            before: tuple[float, float] | None = None
            for place, value in enumerate(series.values):
                if value is None:
                    before = None
                    continue
                here = self.left + self.slot * (place + 0.5), self._height(value)
                if before:
                    self._dashed(*before, *here, number)
                before = here
        for number, series in enumerate(self.chart.series):
            for place, value in enumerate(series.values):
                if value is not None:
                    x, y = self.left + self.slot * (place + 0.5), self._height(value)
                    self._mark(x, y, number)
                    if sparse and (above := self._label_above(number, place, value)) is not None:
                        above = above or y + _STEP * 1.2 > self.bottom
                        self._backed(x, y - 1.5 if above else y + _STEP, self._text(value))

    def _label_above(self, number: int, place: int, value: float) -> bool | None:
        """Whether the number of a point goes above it or below it; None: there is no room for it."""
        others = [
            other
            for place_of, series in enumerate(self.chart.series)
            if place_of != number and (other := series.values[place]) is not None
        ]
        if others:
            return True if value >= max(others) else False if value <= min(others) else None
        beside = self.chart.series[number].values[max(place - 1, 0) : place + 2]
        known = [other for other in beside if other is not None]
        return min(known) < value or max(known) == value

    def _backed(self, x: float, y: float, text: str) -> None:
        """A number in the middle of `x`, the lines behind it covered."""
        width = self.font.width(text, _SIZE)
        self.surface.rectangle(x - width / 2, y - _EM * 0.76, width, _EM * 0.8, Colour(1, 1, 1))
        self._words(x, y, text, 0.5)

    def _mark(self, x: float, y: float, number: int) -> None:
        """A square: filled, hollow, grey in turn."""
        self._bar(x - 0.75, y - 0.75, 1.5, 1.5, number)

    def _dashed(self, x1: float, y1: float, x2: float, y2: float, number: int) -> None:
        drawn, gap = _DASHES[number % len(_DASHES)]
        length = math.hypot(x2 - x1, y2 - y1)
        at = 0.0
        while at < length:
            end = min(at + drawn, length)
            a, b = at / length, end / length
            points = x1 + (x2 - x1) * a, y1 + (y2 - y1) * a, x1 + (x2 - x1) * b, y1 + (y2 - y1) * b
            self.surface.line(*points, _CURVE, BLACK)
            at = end + gap
