"""The sign-in sheet of a training on A4: one person a row, or two side by side, and rows left to write in.

The headings are those that the ledger of sign-ins reads, so that a sheet typed off comes in again.
"""

from __future__ import annotations

from math import ceil

from gridoffice.documents.columns import wrap
from gridoffice.documents.fonts import POINT, Font, FontSet, printable, whose
from gridoffice.documents.model import SignInSheet
from gridoffice.documents.surface import A4, Surface

_WIDTH, _HEIGHT = A4
_SIDE, _TOP, _BOTTOM = 15.0, 16.0, 16.0
_TABLE = _WIDTH - 2 * _SIDE
_ROW, _HEAD = 9.4, 8.4
_THICK, _THIN = 0.35, 0.18
_TITLE, _TITLE_ROOM = 20.0, 13.0
_FACT, _FACT_LINE = 11.0, 6.6
_FOOT = 9.0
_ONE = (
    ("序号", 12.0),
    ("姓名", 27.0),
    ("所在网格", 66.0),
    ("电话尾号", 20.0),
    ("签名", 34.0),
    ("备注", 21.0),
)
_TWO = (("序号", 9.0), ("姓名", 22.0), ("电话尾号", 16.0), ("签名", 26.0), ("备注", 17.0))


def write(surface: Surface, fonts: FontSet, sheet: SignInSheet) -> None:
    """Draw the sheet, as many pages as it takes. Raises OfficeError naming a character that no font has."""
    across = 2 if sheet.two else 1
    head = _head_height(fonts.song, sheet)
    room = _HEIGHT - _TOP - _BOTTOM - head - _HEAD - 9.0
    down = int(room // _ROW)
    wanted = len(sheet.people) + max(0, sheet.blank)
    pages = max(1, ceil(wanted / (down * across)))
    # the last page is filled up with empty rows: somebody always comes who was not asked
    for page in range(pages):
        surface.page(_WIDTH, _HEIGHT)
        if page == 0:
            surface.bookmark(printable(sheet.title))
        y = _draw_head(surface, fonts, sheet)
        first = page * down * across
        for side in range(across):
            x = _SIDE + side * _TABLE / across
            _draw_column(surface, fonts, sheet, x, y, first + side * down, down)
        _draw_foot(surface, fonts.song, sheet, y + _HEAD + down * _ROW, page, pages)


def _lines(font: Font, sheet: SignInSheet) -> list[list[tuple[float, str]]]:
    """The facts in lines: short ones two a line, each with its place."""
    half, found = _TABLE / 2, []
    pending: list[tuple[float, str]] = []
    for words, said in sheet.facts:
        text = f"{words}：{printable(said) if said else '＿' * 12}"
        if font.width(text, _FACT) <= half - 4:
            pending.append((half * len(pending), text))
            if len(pending) == 2:
                found.append(pending)
                pending = []
            continue
        if pending:
            found.append(pending)
            pending = []
        found += [[(0.0, line)] for line in wrap(font, _FACT, text, _TABLE)]
    return [*found, pending] if pending else found


def _head_height(font: Font, sheet: SignInSheet) -> float:
    return _TITLE_ROOM + _FACT_LINE * len(_lines(font, sheet)) + 1.5


def _draw_head(surface: Surface, fonts: FontSet, sheet: SignInSheet) -> float:
    title = printable(sheet.title)
    size = min(_TITLE, _TABLE / max(1.0, fonts.title.width(title, 1.0)))
    surface.text((_WIDTH - fonts.title.width(title, size)) / 2, _TOP + 7.0, title, fonts.title, size)
    y = _TOP + _TITLE_ROOM
    for line in _lines(fonts.song, sheet):
        for x, text in line:
            surface.text(_SIDE + x, y + 4.4, text, fonts.song, _FACT)
        y += _FACT_LINE
    return y + 1.5


def _draw_column(
    surface: Surface, fonts: FontSet, sheet: SignInSheet, x: float, y: float, first: int, down: int
) -> None:
    shape = _TWO if sheet.two else _ONE
    share = (_TABLE / (2 if sheet.two else 1)) / sum(width for _, width in shape)
    edges = [x]
    for _, width in shape:
        edges.append(edges[-1] + width * share)
    bottom = y + _HEAD + down * _ROW
    for place, edge in enumerate(edges):
        surface.line(edge, y, edge, bottom, _THICK if place in (0, len(edges) - 1) else _THIN)
    for place in range(down + 2):
        level = y if place == 0 else y + _HEAD + (place - 1) * _ROW
        surface.line(edges[0], level, edges[-1], level, _THICK if place in (0, 1, down + 1) else _THIN)
    for place, (words, _) in enumerate(shape):
        _centred(surface, fonts.hei, words, edges[place], edges[place + 1], y, _HEAD, 10.5)
    for place in range(down):
        number, top = first + place, y + _HEAD + place * _ROW
        _centred(surface, fonts.song, str(number + 1), edges[0], edges[1], top, _ROW, 10.5)
        if number < len(sheet.people):
            name, unit, tail = (printable(part) for part in sheet.people[number])
            said = (name, tail) if sheet.two else (name, unit, tail)
            with whose(name):
                for at, text in enumerate(said, 1):
                    size = 12 if at == 1 else 10.5
                    _centred(surface, fonts.song, text, edges[at], edges[at + 1], top, _ROW, size)


def _centred(
    surface: Surface, font: Font, text: str, left: float, right: float, top: float, tall: float, size: float
) -> None:
    """A text in the middle of its cell: smaller when it is too wide, in two lines when even that is."""
    if not text:
        return
    room = right - left - 1.6
    wide = font.width(text, size)
    if wide <= room * 1.25:
        size = min(size, size * room / wide) if wide > room else size
        lines = [text]
    else:
        size = min(size, 9.0)
        lines = wrap(font, size, text, room)
        while len(lines) > 2 and size > 6.0:
            size -= 0.5
            lines = wrap(font, size, text, room)
    pitch = size * POINT * 1.15
    base = top + tall / 2 - pitch * len(lines) / 2 + size * POINT * 0.95
    for line in lines:
        surface.text((left + right - font.width(line, size)) / 2, base, line, font, size)
        base += pitch


def _draw_foot(surface: Surface, font: Font, sheet: SignInSheet, y: float, page: int, pages: int) -> None:
    if page == pages - 1:
        said = f"应到 {len(sheet.people)} 人　　实到＿＿＿＿人　　请假＿＿＿＿人　　缺席＿＿＿＿人　　登记人：＿＿＿＿＿＿"
        surface.text(_SIDE, y + 7.0, said, font, 10.5)
    base = _HEIGHT - 8.0
    number = f"第 {page + 1} 页　共 {pages} 页"
    surface.text((_WIDTH - font.width(number, _FOOT)) / 2, base, number, font, _FOOT)
    surface.text(_SIDE, base, printable(sheet.organisation), font, _FOOT)
