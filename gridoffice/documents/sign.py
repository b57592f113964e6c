"""The public sign of a grid: one sheet of A3 across, to be read from three metres away.

From that distance Chinese characters want about a centimetre (28 pt); nothing that matters is set
smaller until it no longer fits the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from gridoffice.documents.columns import wrap
from gridoffice.documents.fonts import POINT, Font, FontSet, printable, whose
from gridoffice.documents.model import PublicSign
from gridoffice.documents.surface import Colour, Surface

WIDTH, HEIGHT = 420.0, 297.0
_SIDE = 14.0
_BAND_TOP, _BAND_HEIGHT = 12.0, 72.0
_TOP, _BOTTOM = 96.0, 226.0
_PHONES_TOP, _PHONES_HEIGHT = 236.0, 40.0
_GUTTER = 14.0
_LEFT_WIDTH = 186.0
_RIGHT = _SIDE + _LEFT_WIDTH + _GUTTER
_RIGHT_WIDTH = WIDTH - _SIDE - _RIGHT
_PAD = 10.0
_LINE = 1.42  # of the size

_BLUE, _PALE, _ON_BLUE = Colour(0.071, 0.286, 0.435), Colour(0.902, 0.937, 0.965), Colour(1, 1, 1)
_SOFT_ON_BLUE, _TEXT, _TEXT2 = Colour(0.80, 0.886, 0.945), Colour(0.09, 0.13, 0.17), Colour(0.27, 0.33, 0.39)
_RULE = Colour(0.76, 0.80, 0.83)

_HEADING = 26.0
_HEADING_ROOM = 16.0
_BODY_SIZES = (34.0, 32.0, 30.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0)
_ONE_COLUMN, _TWO_COLUMNS = 6, 12
"""So many people stand one below the other, so many in two columns; of more the last place counts the
rest."""


def write(surface: Surface, fonts: FontSet, signs: Sequence[PublicSign]) -> None:
    """One page a sign. Raises OfficeError naming a character that no font has."""
    for sign in signs:
        surface.page(WIDTH, HEIGHT)
        surface.bookmark(printable(sign.name))
        with whose(sign.name):
            _head(surface, fonts.hei, sign)
            _people(surface, fonts.hei, sign.people)
            _right(surface, fonts.hei, sign)
            _phones(surface, fonts.hei, sign.phones)
            _foot(surface, fonts.hei, sign)


def _fitting(font: Font, text: str, size: float, room: float) -> float:
    """The size at which a line has room, at most `size`."""
    wide = font.width(text, size)
    return size if wide <= room else size * room / wide


def _head(surface: Surface, font: Font, sign: PublicSign) -> None:
    wide = WIDTH - 2 * _SIDE
    surface.rectangle(_SIDE, _BAND_TOP, wide, _BAND_HEIGHT, _BLUE)
    left, room = _SIDE + _PAD, wide - 2 * _PAD
    title, place, name = printable(sign.title), printable(sign.place), printable(sign.name)
    surface.text(left, _BAND_TOP + 17.5, title, font, 30, colour=_SOFT_ON_BLUE)
    size = _fitting(font, place, 30, room - font.width(title, 30) - 20)
    surface.text(
        left + room - font.width(place, size), _BAND_TOP + 17.5, place, font, size, colour=_SOFT_ON_BLUE
    )
    size = _fitting(font, name, 104, room)
    middle = _BAND_TOP + 22 + (_BAND_HEIGHT - 24) / 2
    surface.text(left, middle + size * POINT * 0.36, name, font, size, colour=_ON_BLUE)


def _heading(surface: Surface, font: Font, x: float, y: float, words: str) -> None:
    surface.rectangle(x, y + 1.6, 2.4, 9.4, _BLUE)
    surface.text(x + 6, y + 9.6, words, font, _HEADING, colour=_BLUE)


def _people(surface: Surface, font: Font, people: Sequence[tuple[str, str]]) -> None:
    _heading(surface, font, _SIDE, _TOP, "工作人员")
    shown = [(printable(name), printable(post)) for name, post in people]
    if len(shown) > _TWO_COLUMNS:
        rest = len(shown) - _TWO_COLUMNS + 1
        shown = [*shown[: _TWO_COLUMNS - 1], (f"另有 {rest} 人", "")]
    across = 1 if len(shown) <= _ONE_COLUMN else 2
    down = ceil(len(shown) / across)
    top, room = _TOP + _HEADING_ROOM, _BOTTOM - _TOP - _HEADING_ROOM
    tall = min(36.0 if across == 1 else 22.0, room / max(1, down))
    wide = (_LEFT_WIDTH - (across - 1) * 8) / across
    for place, (name, post) in enumerate(shown):
        x, y = _SIDE + (place // down) * (wide + 8), top + (place % down) * tall
        if across == 1:
            _beside(surface, font, x, y, wide, tall, name, post)
        else:
            _below(surface, font, x, y, wide, tall, name, post)
        surface.line(x, y + tall, x + wide, y + tall, 0.3, _RULE)


def _beside(
    surface: Surface, font: Font, x: float, y: float, wide: float, tall: float, name: str, post: str
) -> None:
    """Name and post on one line, the post at the right; both give way when they are long."""
    small = _fitting(font, post, 32, wide * 0.45)
    size = _fitting(font, name, min(60.0, tall * 1.95), wide - font.width(post, small) - 8)
    base = y + tall / 2 + size * POINT * 0.36
    surface.text(x, base, name, font, size, colour=_TEXT)
    surface.text(x + wide - font.width(post, small), base, post, font, small, colour=_TEXT2)


def _below(
    surface: Surface, font: Font, x: float, y: float, wide: float, tall: float, name: str, post: str
) -> None:
    """The post below the name: half as wide as beside it."""
    scale = min(1.0, tall / 19.0)
    size = _fitting(font, name, 27 * scale, wide)
    base = y + tall * (0.5 if post else 0.62)
    surface.text(x, base, name, font, size, colour=_TEXT)
    surface.text(x, y + tall * 0.87, post, font, _fitting(font, post, 17 * scale, wide), colour=_TEXT2)


def _right(surface: Surface, font: Font, sign: PublicSign) -> None:
    """The scope and the duties as large as both have room; what is too long even so ends with …."""
    parts = [
        (words, [printable(line) for line in lines])
        for words, lines in (("网格范围", sign.scope), ("服务内容", sign.duties))
        if lines
    ]
    room = _BOTTOM - _TOP
    size, *smaller = _BODY_SIZES
    set_ = [(words, _lines(font, size, lines)) for words, lines in parts]
    while _height(set_, size) > room and smaller:
        size = smaller.pop(0)
        set_ = [(words, _lines(font, size, lines)) for words, lines in parts]
    while _height(set_, size) > room:
        longest = max((lines for _, lines in set_), key=len)
        longest[-2:] = [f"{longest[-2][:-1]}…"]
    y = _TOP
    for words, lines in set_:
        _heading(surface, font, _RIGHT, y, words)
        y += _HEADING_ROOM
        for line in lines:
            surface.text(_RIGHT, y + size * POINT, line, font, size, colour=_TEXT)
            y += size * POINT * _LINE
        y += 7


def _lines(font: Font, size: float, lines: Sequence[str]) -> list[str]:
    return [part for line in lines for part in wrap(font, size, line, _RIGHT_WIDTH)]


def _height(parts: Sequence[tuple[str, Sequence[str]]], size: float) -> float:
    return sum(_HEADING_ROOM + 7 + len(lines) * size * POINT * _LINE for _, lines in parts) - 7


def _phones(surface: Surface, font: Font, phones: Sequence[tuple[str, str]]) -> None:
    wide = WIDTH - 2 * _SIDE
    surface.rectangle(_SIDE, _PHONES_TOP, wide, _PHONES_HEIGHT, _PALE)
    share = wide / max(1, len(phones))
    for place, (words, said) in enumerate(phones):
        x, room, number = _SIDE + place * share + _PAD, share - 2 * _PAD, printable(said)
        if place:
            surface.line(x - _PAD, _PHONES_TOP + 8, x - _PAD, _PHONES_TOP + _PHONES_HEIGHT - 8, 0.3, _RULE)
        middle = _PHONES_TOP + _PHONES_HEIGHT / 2
        surface.text(x, middle + 28 * POINT * 0.36, words, font, 28, colour=_TEXT2)
        start = font.width(words, 28) + 8
        size = _fitting(font, number, 56, room - start)
        surface.text(x + start, middle + size * POINT * 0.36, number, font, size, colour=_BLUE)


def _foot(surface: Surface, font: Font, sign: PublicSign) -> None:
    left, right = printable(sign.organisation), printable(sign.made)
    surface.text(_SIDE, HEIGHT - 8.5, left, font, 16, colour=_TEXT2)
    surface.text(WIDTH - _SIDE - font.width(right, 16), HEIGHT - 8.5, right, font, 16, colour=_TEXT2)
