"""工作证: cards with a front and a back, several to a sheet of A4, to be printed on both sides and cut.

The back sides lie mirrored, so that each falls behind its own front when the sheet is turned over its long
edge. What stands in the code can be read by anybody's telephone, without any network.
"""

from __future__ import annotations

from collections.abc import Sequence

from gridoffice.documents.columns import wrap
from gridoffice.documents.fonts import POINT, Font, FontSet, printable, whose
from gridoffice.documents.model import Badge, BadgeLayout
from gridoffice.documents.surface import A4, Colour, Surface
from gridoffice.progress import report

_BLUE, _ON_BLUE, _SOFT = Colour(0.071, 0.286, 0.435), Colour(1, 1, 1), Colour(0.80, 0.886, 0.945)
_TEXT, _TEXT2, _RULE = Colour(0.09, 0.13, 0.17), Colour(0.36, 0.42, 0.48), Colour(0.76, 0.80, 0.83)
_BLACK, _MARK = Colour(0, 0, 0), Colour(0.35, 0.35, 0.35)
_QUIET = 4
"""Modules of white round a code (ISO/IEC 18004)."""
_LINE = 1.4  # of the size


def write(surface: Surface, fonts: FontSet, badges: Sequence[Badge], layout: BadgeLayout) -> None:
    """Sheets of fronts, each followed by its backs. Raises OfficeError naming a character no font has."""
    across, down = layout.grid
    wide, tall = layout.size
    left, top = (A4[0] - across * wide) / 2, (A4[1] - down * tall) / 2
    font = fonts.hei
    draw_front, draw_back = _SIDES[layout]
    for start in range(0, len(badges), across * down):
        report("正在排版工作证", start, len(badges))
        sheet = badges[start : start + across * down]
        number = start // (across * down) + 1
        for words, mirrored, draw in (("正面", False, draw_front), ("背面", True, draw_back)):
            surface.page(*A4)
            for place, badge in enumerate(sheet):
                column, line = place % across, place // across
                if mirrored:
                    column = across - 1 - column
                x, y = left + column * wide, top + line * tall
                if not mirrored:
                    surface.bookmark(printable(badge.name), y)
                with whose(badge.name):
                    draw(surface, font, badge, x, y)
            _marks(surface, left, top, layout)
            said = f"第 {number} 张{words}　双面打印，选“长边翻转”，按角线裁切"
            size = 7.0
            surface.text((A4[0] - font.width(said, size)) / 2, A4[1] - 4.5, said, font, size, colour=_TEXT2)


def _marks(surface: Surface, left: float, top: float, layout: BadgeLayout) -> None:
    """Where to cut: strokes outside the cards, so that none stays on one."""
    across, down = layout.grid
    wide, tall = layout.size
    right, bottom = left + across * wide, top + down * tall
    for column in range(across + 1):
        x = left + column * wide
        surface.line(x, top - 5, x, top - 1.5, 0.15, _MARK)
        surface.line(x, bottom + 1.5, x, bottom + 5, 0.15, _MARK)
    for line in range(down + 1):
        y = top + line * tall
        surface.line(left - 5, y, left - 1.5, y, 0.15, _MARK)
        surface.line(right + 1.5, y, right + 5, y, 0.15, _MARK)


def _fitting(font: Font, text: str, size: float, room: float) -> float:
    wide = font.width(text, size)
    return size if wide <= room else size * room / wide


def _line(
    surface: Surface, font: Font, x: float, y: float, text: str, size: float, room: float, colour: Colour
) -> None:
    """A line that gives way until it has room."""
    text = printable(text)
    surface.text(x, y, text, font, _fitting(font, text, size, room), colour=colour)


def _centred(
    surface: Surface, font: Font, x: float, y: float, room: float, text: str, size: float, colour: Colour
) -> None:
    text = printable(text)
    size = _fitting(font, text, size, room)
    surface.text(x + (room - font.width(text, size)) / 2, y, text, font, size, colour=colour)


def _photo(surface: Surface, font: Font, badge: Badge, x: float, y: float, wide: float, tall: float) -> None:
    if badge.photo is not None:
        surface.image(x, y, wide, tall, badge.photo)
    else:
        _centred(surface, font, x, y + tall / 2 + 1, wide, "照片", 9, _RULE)
    for ends in ((x, y, x + wide, y), (x, y + tall, x + wide, y + tall)):
        surface.line(*ends, 0.2, _RULE)
    for ends in ((x, y, x, y + tall), (x + wide, y, x + wide, y + tall)):
        surface.line(*ends, 0.2, _RULE)


def code_modules(text: str) -> list[str]:
    """The rows of a QR code for a text, '1' for dark; level M mends 15 % of it, which a worn card needs."""
    import segno  # with the first badge, not with the first window

    return ["".join(map(str, row)) for row in segno.make(text, error="m", micro=False).matrix]


def _code(surface: Surface, text: str, x: float, y: float, side: float) -> None:
    """A code as one vector shape with its quiet zone inside the square."""
    rows = code_modules(text)
    step = side / (len(rows) + 2 * _QUIET)
    places = []
    for line, row in enumerate(rows):
        start = 0
        while (start := row.find("1", start)) >= 0:
            end = row.find("0", start)
            end = len(row) if end < 0 else end
            places.append(
                (x + (start + _QUIET) * step, y + (line + _QUIET) * step, (end - start) * step, step)
            )
            start = end
    surface.blocks(places, _BLACK)


def _facts(badge: Badge) -> tuple[tuple[str, str], ...]:
    return ("职务", badge.title), ("网格", badge.grid), ("编号", badge.number), ("有效期至", badge.until)


def _advice(badge: Badge) -> list[str]:
    said = [
        "入户走访先亮证。手机扫码，可核对姓名、职务、编号和有效期。",
        "本证只限本人使用，离岗交回。",
    ]
    return [*said, f"监督电话 {badge.phone}"] if badge.phone else said


def _advise(surface: Surface, font: Font, badge: Badge, x: float, y: float, room: float, size: float) -> None:
    for said in _advice(badge):
        for line in wrap(font, size, printable(said), room):
            surface.text(x, y, line, font, size, colour=_TEXT)
            y += size * POINT * _LINE
        y += size * POINT * 0.4


def _card_front(surface: Surface, font: Font, badge: Badge, x: float, y: float) -> None:
    wide, _ = BadgeLayout.CARD.size
    surface.rectangle(x, y, wide, 13, _BLUE)
    surface.text(x + 5, y + 8.9, "工作证", font, 17, colour=_ON_BLUE)
    organisation = printable(badge.organisation)
    size = _fitting(font, organisation, 10, wide - 10 - font.width("工作证", 17) - 4)
    surface.text(
        x + wide - 5 - font.width(organisation, size), y + 8.4, organisation, font, size, colour=_SOFT
    )
    _photo(surface, font, badge, x + 5, y + 17.5, 23.25, 31)
    left, room = x + 33, wide - 33 - 5
    _line(surface, font, left, y + 24.6, badge.name, 20, room, _TEXT)
    base = y + 32
    for words, value in _facts(badge):
        surface.text(left, base, words, font, 7.5, colour=_TEXT2)
        _line(surface, font, left + 12.5, base, value, 9.5, room - 12.5, _TEXT)
        base += 5.5


def _card_back(surface: Surface, font: Font, badge: Badge, x: float, y: float) -> None:
    wide, tall = BadgeLayout.CARD.size
    surface.rectangle(x, y, wide, 8, _BLUE)
    surface.text(x + 5, y + 5.6, "亮证入户", font, 11, colour=_ON_BLUE)
    _code(surface, badge.code, x + 2.5, y + 10.5, 41)
    _advise(surface, font, badge, x + 45.5, y + 15.5, wide - 45.5 - 5, 8.5)
    _line(surface, font, x + 45.5, y + tall - 4.5, badge.number, 7.5, wide - 45.5 - 5, _TEXT2)


def _hanging_front(surface: Surface, font: Font, badge: Badge, x: float, y: float) -> None:
    wide, _ = BadgeLayout.HANGING.size
    surface.rectangle(x, y, wide, 21, _BLUE)
    _centred(surface, font, x + 4, y + 7.4, wide - 8, badge.organisation, 10, _SOFT)
    _centred(surface, font, x + 4, y + 17, wide - 8, "工作证", 22, _ON_BLUE)
    _photo(surface, font, badge, x + (wide - 27) / 2, y + 24.5, 27, 36)
    _centred(surface, font, x + 4, y + 69.6, wide - 8, badge.name, 22, _TEXT)
    _centred(surface, font, x + 4, y + 76.4, wide - 8, badge.title, 12, _TEXT)
    base = y + 84
    for words, value in _facts(badge)[1:]:
        surface.text(x + 8, base, words, font, 8, colour=_TEXT2)
        _line(surface, font, x + 22, base, value, 9.5, wide - 22 - 5, _TEXT)
        base += 5.6


def _hanging_back(surface: Surface, font: Font, badge: Badge, x: float, y: float) -> None:
    wide, tall = BadgeLayout.HANGING.size
    surface.rectangle(x, y, wide, 11, _BLUE)
    _centred(surface, font, x, y + 7.6, wide, "亮证入户", 13, _ON_BLUE)
    _code(surface, badge.code, x + (wide - 48) / 2, y + 12, 48)
    _advise(surface, font, badge, x + 7, y + 66, wide - 14, 9.5)
    _centred(surface, font, x + 4, y + tall - 5, wide - 8, badge.number, 8, _TEXT2)


_SIDES = {
    BadgeLayout.CARD: (_card_front, _card_back),
    BadgeLayout.HANGING: (_hanging_front, _hanging_back),
}
