"""Certificates of completion (结业证书): a sheet each, two a sheet, or only the words on printed forms."""

from __future__ import annotations

from collections.abc import Sequence

from gridoffice.documents.columns import wrap
from gridoffice.documents.fonts import POINT, Font, FontSet, printable, whose
from gridoffice.documents.model import CertificateLayout, CompletionPaper
from gridoffice.documents.surface import A4, Colour, Surface

_INK, _FRAME, _PALE = Colour(0.09, 0.13, 0.17), Colour(0.071, 0.286, 0.435), Colour(0.66, 0.79, 0.88)
_GREY = Colour(0.55, 0.6, 0.65)
_ACROSS = (A4[1], A4[0])
_HALF = (A4[0], A4[1] / 2)


def write(
    surface: Surface, fonts: FontSet, papers: Sequence[CompletionPaper], layout: CertificateLayout
) -> None:
    """Draw certificates one after the other. Raises OfficeError naming a character that no font has."""
    for place, paper in enumerate(papers):
        with whose(paper.name):
            if layout is CertificateLayout.HALF:
                if place % 2 == 0:
                    surface.page(*A4)
                top = (place % 2) * _HALF[1]
                if place % 2:
                    _cut(surface)
                _one(surface, fonts, paper, _HALF, top, 0.72, framed=True)
            else:
                surface.page(*_ACROSS)
                _one(surface, fonts, paper, _ACROSS, 0.0, 1.0, framed=layout is CertificateLayout.SHEET)
        surface.bookmark(printable(paper.name))


def _cut(surface: Surface) -> None:
    """Where the sheet is cut: short strokes, so that nobody takes them for an edge."""
    y, x = _HALF[1], 4.0
    while x < A4[0] - 4:
        surface.line(x, y, x + 3, y, 0.15, _GREY)
        x += 6


def _one(
    surface: Surface,
    fonts: FontSet,
    paper: CompletionPaper,
    size: tuple[float, float],
    top: float,
    scale: float,
    *,
    framed: bool,
) -> None:
    wide, tall = size
    if framed:
        _frame(surface, wide, tall, top, scale)
        _middle(surface, fonts.title, "结业证书", wide, top + 46 * scale, 46 * scale, _FRAME)
    number = f"编号：{printable(paper.number)}"
    edge = 34 * scale
    surface.text(
        wide - edge - fonts.song.width(number, 13 * scale),
        top + 62 * scale,
        number,
        fonts.song,
        13 * scale,
        colour=_INK,
    )
    _body(surface, fonts, paper, wide, top, scale, edge)
    _signed(surface, fonts, paper, wide, top + tall, scale)


def _frame(surface: Surface, wide: float, tall: float, top: float, scale: float) -> None:
    """A broad line, a fine one inside it, and a small square in each corner."""
    for inset, width, ink in ((10 * scale, 1.6 * scale, _FRAME), (14 * scale, 0.4, _PALE)):
        left, up, right, low = inset, top + inset, wide - inset, top + tall - inset
        for x1, y1, x2, y2 in (
            (left, up, right, up),
            (left, low, right, low),
            (left, up, left, low),
            (right, up, right, low),
        ):
            surface.line(x1, y1, x2, y2, width, ink)
    side = 6 * scale
    for x in (14 * scale, wide - 14 * scale - side):
        for y in (top + 14 * scale, top + tall - 14 * scale - side):
            surface.rectangle(x, y, side, side, _PALE)


def _body(
    surface: Surface,
    fonts: FontSet,
    paper: CompletionPaper,
    wide: float,
    top: float,
    scale: float,
    edge: float,
) -> None:
    """The name on its own line, then the sentence, two characters in, as large as its room allows."""
    name = f"{printable(paper.name)} 同志："
    size, room = 22 * scale, wide - 2 * edge
    y = top + 84 * scale
    surface.text(edge, y, name, fonts.kai, _fitting(fonts.kai, name, 26 * scale, room), colour=_INK)
    text = f"　　{printable(paper.text)}"
    lines = wrap(fonts.kai, size, text, room)
    while len(lines) > 4 and size > 12 * scale:
        size -= scale
        lines = wrap(fonts.kai, size, text, room)
    for line in lines:
        y += size * POINT * 1.75
        surface.text(edge, y, line, fonts.kai, size, colour=_INK)


def _signed(
    surface: Surface, fonts: FontSet, paper: CompletionPaper, wide: float, low: float, scale: float
) -> None:
    """Who signs, above the day, both in the middle of where the seal goes."""
    size = 18 * scale
    centre = wide - 86 * scale
    for text, above in ((printable(paper.organisation), 44), (printable(paper.day), 32)):
        fit = _fitting(fonts.kai, text, size, 104 * scale)
        surface.text(
            centre - fonts.kai.width(text, fit) / 2, low - above * scale, text, fonts.kai, fit, colour=_INK
        )


def _middle(
    surface: Surface, font: Font, text: str, wide: float, base: float, size: float, ink: Colour
) -> None:
    spacing = size * POINT * 0.35
    whole = font.width(text, size) + spacing * (len(text) - 1)
    x = (wide - whole) / 2
    for sign in text:
        surface.text(x, base, sign, font, size, colour=ink)
        x += font.width(sign, size) + spacing


def _fitting(font: Font, text: str, size: float, room: float) -> float:
    wide = font.width(text, size)
    return size if wide <= room else size * room / wide
