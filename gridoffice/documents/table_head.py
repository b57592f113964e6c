"""The head of a table, as many levels deep as its headings are nested: where each of its cells stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gridoffice.documents.model import ColumnHead, HeadGroup


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A cell of the head, placed from the table's upper left corner. `first` and `span` are its columns;
    `over` says that others stand below it."""

    first: int
    span: int
    left: float
    top: float
    width: float
    height: float
    lines: list[str]
    over: bool


@dataclass(frozen=True, slots=True)
class _Part:
    level: int
    first: int
    span: int
    lines: list[str]
    over: bool


def lay_head(
    headings: Sequence[ColumnHead],
    edges: Sequence[float],
    wrap: Callable[[str, int, int], list[str]],
    step: float,
    pad: float,
    least: float,
) -> tuple[float, list[HeadCell]]:
    """The height of the head and its cells. `edges` are the columns' borders; `wrap` answers the lines of a
    heading over some columns, `step` is from line to line, `pad` above and below them together.

    A heading that has nothing below it reaches down to the rows."""
    parts = list(_parts(headings, wrap, 0, 0))
    depth = 1 + max((part.level for part in parts), default=0)
    heights = [0.0] * depth
    for part in parts:
        if part.over or part.level == depth - 1:
            heights[part.level] = max(heights[part.level], len(part.lines) * step + pad)
    for part in parts:
        if not part.over:
            heights[-1] = max(heights[-1], len(part.lines) * step + pad - sum(heights[part.level : -1]))
    heights[-1] = max(heights[-1], least - sum(heights[:-1]))
    tops = [sum(heights[:level]) for level in range(depth + 1)]
    cells = []
    for part in parts:
        left, right = edges[part.first], edges[part.first + part.span]
        bottom = tops[part.level + 1] if part.over else tops[-1]
        top = tops[part.level]
        cells.append(
            HeadCell(part.first, part.span, left, top, right - left, bottom - top, part.lines, part.over)
        )
    return tops[-1], cells


def _parts(
    headings: Sequence[ColumnHead], wrap: Callable[[str, int, int], list[str]], level: int, first: int
) -> Iterator[_Part]:
    for heading in headings:
        if isinstance(heading, HeadGroup):
            below = list(_parts(heading.columns, wrap, level + 1, first))
            span = sum(part.span for part in below if not part.over)
            yield _Part(level, first, span, wrap(heading.title, first, span), True)
            yield from below
        else:
            span = 1
            yield _Part(level, first, 1, wrap(heading, first, 1), False)
        first += span
