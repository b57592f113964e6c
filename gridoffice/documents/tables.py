"""Tables on paper: wrapped cells, pages with the head repeated, no row split.

Used by the attachments of official documents and by ledgers. Lengths are millimetres, sizes points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gridoffice.documents.columns import Column, fraction_of, wrap, wrap_evenly
from gridoffice.documents.fonts import POINT, Font
from gridoffice.documents.model import ColumnHead
from gridoffice.documents.surface import EM_TOP, Surface
from gridoffice.documents.table_head import lay_head
from gridoffice.progress import counted


@dataclass(frozen=True, slots=True)
class Look:
    """Fonts, sizes and lines of a table; `leading` is in em, the rest in millimetres."""

    body: Font
    head: Font
    size: float
    leading: float = 1.35
    head_leading: float = 1.2
    pad_x: float = 1.2
    pad_y: float = 1.3
    least_height: float = 0.0  # of a row
    thick: float = 0.35
    thin: float = 0.2

    @property
    def em(self) -> float:
        return self.size * POINT

    @property
    def step(self) -> float:
        """From line to line inside a cell."""
        return self.em * self.leading

    @property
    def head_step(self) -> float:
        return self.em * self.head_leading


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one page: the index of the first, and the height of each."""

    first: int
    heights: tuple[float, ...]

    @property
    def height(self) -> float:
        return sum(self.heights)


class Table:
    """A table whose cells are wrapped once; any page of it can then be drawn."""

    def __init__(
        self,
        look: Look,
        headings: Sequence[ColumnHead],
        rows: Sequence[Sequence[str]],
        columns: Sequence[Column],
        spans: Mapping[int, int] | None = None,
    ):
        """`spans` are the rows that are sums: the first of their cells reaches over so many columns."""
        self.look = look
        self.headings = headings
        self.columns = columns
        self.width = sum(column.width for column in columns)
        self._source = rows
        self._source_spans = spans or {}
        self._spans: dict[int, int] = {}
        self._rows: list[Sequence[str]] = []
        self._heights: list[float] = []
        self._wrapped: dict[tuple[int, int], list[str]] = {}
        self._edges = [0.0]
        for column in self.columns:
            self._edges.append(self._edges[-1] + column.width)
        self._lay_head()

    def slices(self, first_room: float, room: float, tail: float = 0.0, keep: int = 2) -> list[Slice]:
        """Share the rows out to pages.

        `first_room` and `room` are the heights for head and rows on the first and on later pages. `tail` is
        the height of what follows the last row; it never stands alone: at least `keep` rows stay with it.
        """
        self._measure(room - self.head_height)
        heights = self._heights
        starts = [0]
        used, free = 0.0, first_room - self.head_height
        for index, height in enumerate(heights):
            if used + height > free + 0.01:
                starts.append(self._with_row(index, starts[-1]))
                used, free = sum(heights[starts[-1] : index]), room - self.head_height
            used += height
        if used + tail > free + 0.01:
            starts.append(len(heights))
        if tail and len(starts) > 1:
            # Rows come over from the page before, as long as it keeps one itself.
            last = self._with_row(max(len(heights) - keep, 0), starts[-2])
            starts[-1] = min(starts[-1], max(last, starts[-2] + 1))
        ends = [*starts[1:], len(heights)]
        return [Slice(start, tuple(heights[start:end])) for start, end in zip(starts, ends, strict=True)]

    def _with_row(self, index: int, start: int) -> int:
        """Where a page begins that would begin with row `index`: a sum does not leave its last row."""
        first = index
        while first in self._spans and first > start + 1:
            first -= 1
        return first

    def draw(self, surface: Surface, x: float, y: float, part: Slice) -> float:
        """Draw the head and the rows of a page from the corner (x, y); answers where the table ends."""
        for cell in self._head:
            self._draw_block(surface, x + cell.left, y + cell.top, cell.width, cell.height, cell.lines)
        self._draw_rows(surface, x, y + self.head_height, part)
        self._draw_lines(surface, x, y, part)
        return y + self.head_height + part.height

    def _measure(self, room: float) -> None:
        """Wrap the cells and find the height of every row; a row taller than a page becomes several."""
        look, size, width_of = self.look, self.look.size, self.look.body.width
        rooms = [column.width - 2 * look.pad_x + 0.01 for column in self.columns]
        single = max(look.least_height, look.step + 2 * look.pad_y)
        most = max(1, int((room - 2 * look.pad_y) / look.step))
        for number, row in enumerate(counted(self._source, "排表格", len(self._source))):
            if number in self._source_spans:
                self._spans[len(self._rows)] = self._source_spans[number]
                self._rows.append(row)
                self._heights.append(single)
                continue
            long = {
                place: wrap(look.body, size, text, own)
                for place, (text, own) in enumerate(zip(row, rooms, strict=True))
                if text and width_of(text, size) > own
            }
            if not long:
                self._rows.append(row)
                self._heights.append(single)
                continue
            count = max(len(lines) for lines in long.values())
            for start in range(0, count, most):
                for place, lines in long.items():
                    self._wrapped[len(self._rows), place] = lines[start : start + most]
                self._rows.append(row if start == 0 else [""] * len(row))
                height = min(most, count - start) * look.step + 2 * look.pad_y
                self._heights.append(max(look.least_height, height))

    def _lay_head(self) -> None:
        look = self.look
        self.head_height, self._head = lay_head(
            self.headings, self._edges, self._head_lines, look.head_step, 2 * look.pad_y, look.least_height
        )

    def _head_lines(self, title: str, first: int, span: int) -> list[str]:
        room = self._edges[first + span] - self._edges[first] - 2 * self.look.pad_x * 0.6
        return wrap_evenly(self.look.head, self.look.size, title, room)

    def _draw_block(
        self, surface: Surface, x: float, y: float, width: float, height: float, lines: Sequence[str]
    ) -> None:
        look = self.look
        baseline = y + (height - look.head_step * (len(lines) - 1)) / 2 + (EM_TOP - 0.5) * look.em
        for line in lines:
            left = x + (width - look.head.width(line, look.size)) / 2
            surface.text(left, baseline, line, look.head, look.size)
            baseline += look.head_step

    def _draw_rows(self, surface: Surface, x: float, y: float, part: Slice) -> None:
        look, body, size = self.look, self.look.body, self.look.size
        width_of, text_at, wrapped = body.width, surface.text, self._wrapped
        drop = (EM_TOP - 0.5) * look.em
        for index, height in enumerate(part.heights, part.first):
            middle = y + height / 2
            if index in self._spans:
                self._draw_sum(surface, x, middle + drop, index)
                y += height
                continue
            for place, (text, column) in enumerate(zip(self._rows[index], self.columns, strict=True)):
                left = x + self._edges[place]
                lines = wrapped.get((index, place)) if wrapped else None
                if lines is not None:
                    baseline = middle - look.step * (len(lines) - 1) / 2 + drop
                    for line in lines:
                        spare = column.width - width_of(line, size) if column.align == "c" else 2 * look.pad_x
                        text_at(left + spare / 2, baseline, line, body, size)
                        baseline += look.step
                elif text:
                    if column.align == "l":
                        left += look.pad_x
                    elif column.align == "c":
                        left += (column.width - width_of(text, size)) / 2
                    else:
                        left += self._indent(column, text)
                    text_at(left, middle + drop, text, body, size)
            y += height

    def _indent(self, column: Column, text: str) -> float:
        """Where a number begins in its column, so that the decimal points stand below each other."""
        font = self.look.body
        size, point = self.look.size, fraction_of(text) if column.fraction else ""
        behind = column.fraction - font.width(point, size)
        block = min(column.widest, column.width - 2 * self.look.pad_x)
        return (column.width + block) / 2 - behind - font.width(text, size)

    def _draw_sum(self, surface: Surface, x: float, baseline: float, index: int) -> None:
        """小计 and 合计: the words in the typeface of the head over their columns, each sum in its own."""
        look = self.look
        row = self._rows[index]
        span = self._spans[index]
        if span:
            room = self._edges[span] - 2 * look.pad_x
            size = min(look.size, look.size * room / look.head.width(row[0], look.size))
            surface.text(x + look.pad_x, baseline, row[0], look.head, size)
        for place in range(span, len(row)):
            if text := row[place]:
                column, left = self.columns[place], x + self._edges[place]
                number = column.align == "r"
                spare = (column.width - look.body.width(text, look.size)) / 2
                left += self._indent(column, text) if number else spare
                surface.text(left, baseline, text, look.body, look.size)

    def _draw_lines(self, surface: Surface, x: float, y: float, part: Slice) -> None:
        look = self.look
        right, head_bottom = x + self.width, y + self.head_height
        bottom = head_bottom + part.height
        line_y = head_bottom
        for height in part.heights:
            surface.line(x, line_y, right, line_y, look.thin)
            line_y += height
        begun: set[int] = {0}
        for cell in self._head:
            if cell.over:
                level = y + cell.top + cell.height
                surface.line(x + cell.left, level, x + cell.left + cell.width, level, look.thin)
            if cell.first not in begun:  # the highest cell that begins at a border says where it begins
                begun.add(cell.first)
                for top, end in self._uprights(cell.first, y + cell.top, head_bottom, part):
                    surface.line(x + cell.left, top, x + cell.left, end, look.thin)
        for edge_y in (y, bottom):
            surface.line(x - look.thick / 2, edge_y, right + look.thick / 2, edge_y, look.thick)
        for edge_x in (x, right):
            surface.line(edge_x, y, edge_x, bottom, look.thick)

    def _uprights(
        self, column: int, top: float, head_bottom: float, part: Slice
    ) -> Iterator[tuple[float, float]]:
        """The line at the left of a column from `top` to the end of the page, but not through words that
        reach over it."""
        y = head_bottom
        for index, height in enumerate(part.heights, part.first) if self._spans else ():
            if column < self._spans.get(index, 0):
                if y > top:
                    yield top, y
                top = y + height
            y += height
        if head_bottom + part.height > top:
            yield top, head_bottom + part.height
