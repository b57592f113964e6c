"""Breaking Chinese text into lines that are flush on both sides.

What may not stand at the beginning or end of a line: GB/T 15834-2011 5.1. Numbers and words of Latin
letters, —— and …… are never broken. A mark that would begin a line is drawn in by narrowing the empty
halves of the line's marks; where that is not enough, the character before it goes down as well, and the
line is spread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gridoffice.documents.fonts import POINT, Font, within

NO_START = frozenset("、，。；：！？）》〉〕】』」”’％‰℃…·～—-,.;:!?)]}%")
NO_END = frozenset("（《〈〔【『「“‘([{")
# Marks whose glyph leaves one half of its square empty, so that half an em can be drawn in.
_EMPTY_RIGHT = frozenset("、，。；：）》〉〕】』」”’")
_EMPTY_LEFT = frozenset("（《〈〔【『「“‘")

_TOKEN = re.compile(
    r"——|……"
    r"|〔\d{4}〕\d+号?"  # a document number's year and serial
    r"|[!-~À-ɏ·−]*[0-9A-Za-zÀ-ɏ][!-~À-ɏ·]*[％‰℃年月日号]?"
    r"|.",
    re.DOTALL,
)
MOST_SPREAD = 0.3
"""Em: a line that would need wider gaps than this is left short instead."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stays on one line."""

    text: str
    width: float
    spacing: float = 0.0  # after each of its characters


@dataclass(frozen=True, slots=True)
class Run:
    """Text set from `x` (from the left edge of the line) with `spacing` after each character."""

    x: float
    text: str
    spacing: float


@dataclass(frozen=True, slots=True)
class Measure:
    """How text is set: the font, its size in points, and the advance of a Chinese character (mm)."""

    font: Font
    size: float
    cell: float

    @property
    def em(self) -> float:
        return self.size * POINT

    def pieces(self, text: str, longest: float) -> list[Piece]:
        """The unbreakable pieces of a text; a word longer than a line falls into its characters."""
        found: list[Piece] = []
        with within(text):
            for token in _TOKEN.findall(text):
                piece = self._piece(token)
                if piece.width > longest and len(token) > 1:
                    found += [self._piece(char) for char in token]
                else:
                    found.append(piece)
        return found

    def width(self, text: str) -> float:
        with within(text):
            return sum(self._piece(token).width for token in _TOKEN.findall(text))

    def _piece(self, token: str) -> Piece:
        width = self.font.width(token, self.size)
        if self._square(token):
            return Piece(token, self.cell * len(token), self.cell - self.em)
        return Piece(token, width)

    def _square(self, token: str) -> bool:
        return all(abs(self.font.glyph(char, token).advance - 1) < 0.001 for char in token)


def break_lines(
    measure: Measure, text: str, width: float, first_indent: float = 0.0, indent: float = 0.0
) -> list[list[Run]]:
    """Set `text` in lines `width` wide; every line but the last is flush. Answers the runs of each line.

    `first_indent` and `indent` are the empty space at the left of the first and the other lines.
    """
    pieces = measure.pieces(text, width - max(indent, first_indent))
    lines: list[list[Run]] = []
    start = 0
    while start < len(pieces):
        left = indent if lines else first_indent
        while start < len(pieces) and pieces[start].text == " " and lines:
            start += 1
        end = _line_end(pieces, start, width - left, measure.em)
        if end <= start:
            break
        lines.append(_set(pieces[start:end], left, width - left, measure.em, flush=end < len(pieces)))
        start = end
    return lines


def _gaps(pieces: Sequence[Piece], em: float) -> list[float]:
    """How far the gap after each piece can be narrowed; the last is the empty half at the line's end."""
    gaps = []
    for place, piece in enumerate(pieces):
        room = em / 2 if piece.text[-1] in _EMPTY_RIGHT else 0.0
        if place + 1 < len(pieces) and pieces[place + 1].text[0] in _EMPTY_LEFT:
            room = em / 2
        gaps.append(room)
    return gaps


def _line_end(pieces: Sequence[Piece], start: int, width: float, em: float) -> int:
    """The index after the last piece of the line that begins at `start`."""
    total, end = 0.0, start
    while end < len(pieces) and total + pieces[end].width <= width + 0.01:
        total += pieces[end].width
        end += 1
    if end == len(pieces):
        return end
    if end == start:
        return start + 1
    # Marks that may not begin the next line: draw them in, if narrowing gives the room.
    closing = end
    while closing < len(pieces) and pieces[closing].text[0] in NO_START:
        closing += 1
    if closing > end:
        wanted = sum(piece.width for piece in pieces[start:closing]) - width
        line = pieces[start:closing]
        if wanted <= min(sum(_gaps(line, em)), em) and line[-1].text[-1] not in NO_END:
            return closing
    # Otherwise the line ends earlier, at the last place where it may.
    cut = end
    while cut > start + 1 and (pieces[cut].text[0] in NO_START or pieces[cut - 1].text[-1] in NO_END):
        cut -= 1
    if pieces[cut].text[0] in NO_START or pieces[cut - 1].text[-1] in NO_END:
        return end  # nothing but marks: there is no right place
    return cut


def _set(pieces: Sequence[Piece], left: float, width: float, em: float, flush: bool) -> list[Run]:
    """Place the pieces of one line; `flush` spreads or narrows the gaps so that it fills the width."""
    while pieces and flush and pieces[-1].text == " ":
        pieces = pieces[:-1]
    extra = width - sum(piece.width for piece in pieces)
    gaps = [0.0] * len(pieces)
    if extra < -0.01:
        rooms = _gaps(pieces, em)
        share = extra / (sum(rooms) or 1.0)
        gaps = [room * share for room in rooms]
    elif flush and len(pieces) > 1 and extra / (len(pieces) - 1) <= MOST_SPREAD * em:
        gaps = [extra / (len(pieces) - 1)] * (len(pieces) - 1) + [0.0]
    runs: list[Run] = []
    x = left
    joinable = False  # the run before ends in a gap that its own spacing makes
    for place, (piece, gap) in enumerate(zip(pieces, gaps, strict=True)):
        single = len(piece.text) == 1
        spacing = piece.spacing + gap if single else piece.spacing
        previous = runs[-1] if runs else None
        last = place == len(pieces) - 1
        if previous and joinable and single and (last or abs(previous.spacing - spacing) < 1e-9):
            runs[-1] = Run(previous.x, previous.text + piece.text, previous.spacing)
        else:
            runs.append(Run(x, piece.text, spacing))
        joinable = single or abs(gap - piece.spacing) < 1e-9
        x += piece.width + gap
    return runs


def line_text(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)
