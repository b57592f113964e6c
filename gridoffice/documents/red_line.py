"""一根红线 on paper: A3, as many sheets as the drawing needs, each with its title and the heads of the columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gridoffice.documents.fonts import POINT, Font, FontSet, printable
from gridoffice.documents.red_sheet import LONG, MARGIN, SHORT, PaperCard, RedSheet, Stroke
from gridoffice.documents.surface import RED, Colour, Surface

TOP = 36.0
"""Title and heads; the drawing begins below them."""

_TEXT, _TEXT2, _WARN = Colour(0.1, 0.15, 0.2), Colour(0.27, 0.33, 0.39), Colour(0.49, 0.32, 0)
_EDGE, _WARM, _GREY = Colour(0.76, 0.8, 0.83), Colour(0.99, 0.94, 0.85), Colour(0.5, 0.55, 0.6)


def write(surface: Surface, fonts: FontSet, sheet: RedSheet) -> None:
    """Raises OfficeError naming a character that no font has."""
    wide, high = (LONG, SHORT) if sheet.across else (SHORT, LONG)
    rows = max(int((high - TOP - MARGIN) // sheet.step), 1)
    start = 0.0
    while True:
        end = start + rows * sheet.step
        surface.page(wide, high)
        _head(surface, fonts.hei, sheet, wide)
        for stroke in sheet.strokes:
            _stroke(surface, stroke, start, end)
        for card in sheet.cards:
            if start <= card.y + sheet.card[1] / 2 < end:
                _card(surface, fonts.hei, sheet, card, start)
        start = end
        if start >= sheet.height:
            return


def _head(surface: Surface, font: Font, sheet: RedSheet, wide: float) -> None:
    surface.text(MARGIN, 18, printable(sheet.title), font, 16, colour=_TEXT)
    surface.text(wide - MARGIN - font.width(sheet.day, 10), 18, sheet.day, font, 10, colour=_TEXT2)
    for x, words, count in sheet.heads:
        size = _fitting(font, words, 10.5, sheet.card[0] - font.width(count, 9) - 3)
        surface.text(MARGIN + x, 28, words, font, size, colour=_TEXT)
        surface.text(MARGIN + x + font.width(words, size) + 2, 28, count, font, 9, colour=_TEXT2)
        surface.line(MARGIN + x, 31, MARGIN + x + sheet.card[0], 31, 0.5, _EDGE)


def _fitting(font: Font, words: str, size: float, room: float) -> float:
    wide = font.width(words, size)
    return size if wide <= room else size * room / wide


def _stroke(surface: Surface, stroke: Stroke, start: float, end: float) -> None:
    top, bottom = max(min(stroke.y1, stroke.y2), start), min(max(stroke.y1, stroke.y2), end)
    if top > bottom or (stroke.y1 == stroke.y2 and not start <= stroke.y1 < end):
        return
    down = TOP - start
    if not stroke.broken:
        surface.line(MARGIN + stroke.x1, top + down, MARGIN + stroke.x2, bottom + down, 0.5, RED)
        return
    for x1, y1, x2, y2 in _dashes(stroke.x1, top, stroke.x2, bottom):
        surface.line(MARGIN + x1, y1 + down, MARGIN + x2, y2 + down, 0.35, _GREY)


def _dashes(
    x1: float, y1: float, x2: float, y2: float, on: float = 1.4, off: float = 1.0
) -> Iterator[tuple[float, float, float, float]]:
    length = abs(x2 - x1) + abs(y2 - y1)
    at = 0.0
    while at < length:
        begin, stop = at / length, min(at + on, length) / length
        yield x1 + (x2 - x1) * begin, y1 + (y2 - y1) * begin, x1 + (x2 - x1) * stop, y1 + (y2 - y1) * stop
        at += on + off


def _card(surface: Surface, font: Font, sheet: RedSheet, card: PaperCard, start: float) -> None:
    wide, high = sheet.card
    x, y = MARGIN + card.x, TOP + card.y - start
    missing = card.broken and not card.organised
    surface.rectangle(x, y, wide, high, _WARM if missing else Colour(1, 1, 1))
    sides: Sequence[tuple[float, float, float, float]] = (
        (x, y, x + wide, y),
        (x, y + high, x + wide, y + high),
        (x, y, x, y + high),
        (x + wide, y, x + wide, y + high),
    )
    for side in sides:
        if missing:
            for dash in _dashes(*side):
                surface.line(*dash, 0.3, _WARN)
        else:
            surface.line(*side, 0.25, _EDGE)
    if card.organised:
        surface.rectangle(x, y, 1.0, high, RED)
    more = f"+{card.folded}" if card.folded else ""
    room = wide - 5 - (font.width(more, 8) + 2 if more else 0)
    title, below = printable(card.title), printable(card.below)
    size = _fitting(font, title, 10, room)
    surface.text(x + 3, y + high * 0.44, title, font, size, colour=_TEXT)
    size = _fitting(font, below, 8, room)
    surface.text(
        x + 3, y + high * 0.44 + 11 * POINT, below, font, size, colour=_WARN if card.broken else _TEXT2
    )
    if more:
        surface.text(x + wide - 2 - font.width(more, 8), y + high * 0.6, more, font, 8, colour=_TEXT2)
