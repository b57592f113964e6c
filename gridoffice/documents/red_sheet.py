"""What is drawn of 一根红线 on paper, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass

SHORT, LONG = 297.0, 420.0
MARGIN = 12.0


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A card: its upper left corner in millimetres, its two lines, whether it has its organisation and
    lacks something, and how many are folded away below it."""

    x: float
    y: float
    title: str
    below: str
    organised: bool
    broken: bool
    folded: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight piece of the line, across or down; broken ones are dashed and grey."""

    x1: float
    y1: float
    x2: float
    y2: float
    broken: bool


@dataclass(frozen=True, slots=True)
class RedSheet:
    """The drawing as a whole, in millimetres from its own upper left corner; `heads` are the columns'
    left edges with their words and counts, `step` is from one card to the next below it."""

    title: str
    day: str
    across: bool
    card: tuple[float, float]
    step: float
    height: float
    heads: tuple[tuple[float, str, str], ...]
    cards: tuple[PaperCard, ...]
    strokes: tuple[Stroke, ...]
