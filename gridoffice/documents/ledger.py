"""A ledger of any length on A4 landscape."""

from __future__ import annotations

from collections.abc import Sequence

from gridoffice.documents import official_format as form
from gridoffice.documents.columns import columns, largest_size, needs, wrap
from gridoffice.documents.fonts import POINT, FontSet, printable
from gridoffice.documents.model import ColumnHead
from gridoffice.documents.surface import Surface
from gridoffice.documents.tables import Look, Table
from gridoffice.progress import report

_PAGE_WIDTH, _PAGE_HEIGHT = form.PAGE_HEIGHT, form.PAGE_WIDTH
_SIDE, _TOP, _BOTTOM = 13.5, 16.0, 15.0
_WIDTH = _PAGE_WIDTH - 2 * _SIDE
_TITLE_SIZE, _FACT_SIZE, _FOOT_SIZE = 18.0, 10.5, 9.0
_SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
_TITLE_ROOM, _FACT_ROOM = 11.0, 6.0
_SIGNATURE_ROOM = 13.0
_NOTE_SIZE, _NOTE_STEP, _NOTE_GAP = 9.0, 4.8, 1.5
_PAD = 1.3  # left and right of a cell's text
_FOOT_BASELINE = _PAGE_HEIGHT - 7.5


def write(
    surface: Surface,
    fonts: FontSet,
    title: str,
    facts: Sequence[str],
    headings: Sequence[ColumnHead],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float] | None,
    align: str | None,
    signature: Sequence[str],
    notes: Sequence[str] = (),
) -> None:
    """Draw the ledger; raises OfficeError naming a character that no font has."""
    found = needs(headings, rows, fonts.song, fonts.hei)
    size = largest_size(found, _SIZES, _PAD, _WIDTH)
    look = Look(
        fonts.song, fonts.hei, size, 1.3, pad_x=_PAD, pad_y=1.15, least_height=max(6.4, size * POINT * 2)
    )
    table = Table(look, headings, rows, columns(found, size, _PAD, _WIDTH, widths, align))
    title = printable(title)
    head = _TITLE_ROOM + (_FACT_ROOM if facts else 2.0)
    room = _PAGE_HEIGHT - _TOP - _BOTTOM
    said = [line for note in notes for line in wrap(fonts.song, _NOTE_SIZE, printable(note), _WIDTH)]
    noted = len(said) * _NOTE_STEP + (_NOTE_GAP if said else 0.0)
    tail = noted + (_SIGNATURE_ROOM if signature else 0.0)
    parts = table.slices(room - head, room, tail)
    for number, part in enumerate(parts, 1):
        report("生成文件", number - 1, len(parts))
        surface.page(_PAGE_WIDTH, _PAGE_HEIGHT)
        y = _TOP
        if number == 1:
            surface.bookmark(title)
            _title(surface, fonts, title, facts, y)
            y += head
        bottom = table.draw(surface, _SIDE, y, part)
        if not rows:
            bottom = _nothing(surface, fonts, bottom)
        if number == len(parts):
            for place, line in enumerate(said):
                baseline = bottom + _NOTE_GAP + (place + 0.75) * _NOTE_STEP
                surface.text(_SIDE, baseline, line, fonts.song, _NOTE_SIZE)
            _signature(surface, fonts, signature, bottom + noted)
        _foot(surface, fonts, title if number > 1 else "", number, len(parts))


def _title(surface: Surface, fonts: FontSet, title: str, facts: Sequence[str], y: float) -> None:
    font = fonts.title
    size = min(_TITLE_SIZE, _WIDTH / font.width(title, 1.0)) if title else _TITLE_SIZE
    surface.text((_PAGE_WIDTH - font.width(title, size)) / 2, y + 6.0, title, font, size)
    shown = [printable(fact) for fact in facts]
    for place, fact in enumerate(shown):
        share = place / (len(shown) - 1) if len(shown) > 1 else 0.0
        left = _SIDE + (_WIDTH - fonts.song.width(fact, _FACT_SIZE)) * share
        surface.text(left, y + _TITLE_ROOM + _FACT_ROOM - 1.8, fact, fonts.song, _FACT_SIZE)


def _nothing(surface: Surface, fonts: FontSet, y: float) -> float:
    """The one row of a ledger without rows says so."""
    height, font, size, text = 9.0, fonts.song, _FACT_SIZE, "没有符合条件的记录"
    for x1, y1, x2, y2 in (
        (_SIDE, y + height, _SIDE + _WIDTH, y + height),
        (_SIDE, y, _SIDE, y + height),
        (_SIDE + _WIDTH, y, _SIDE + _WIDTH, y + height),
    ):
        surface.line(x1, y1, x2, y2, form.TABLE_THICK)
    surface.text((_PAGE_WIDTH - font.width(text, size)) / 2, y + height / 2 + 1.4, text, font, size)
    return y + height


def _signature(surface: Surface, fonts: FontSet, signature: Sequence[str], y: float) -> None:
    """The places to sign, evenly along the foot of the table."""
    for place, label in enumerate(signature):
        words = printable(label).rstrip("：:") + "："
        surface.text(_SIDE + _WIDTH * place / len(signature), y + 9.0, words, fonts.song, _FACT_SIZE)


def _foot(surface: Surface, fonts: FontSet, title: str, number: int, count: int) -> None:
    font = fonts.song
    text = f"第 {number} 页　共 {count} 页"
    surface.text((_PAGE_WIDTH - font.width(text, _FOOT_SIZE)) / 2, _FOOT_BASELINE, text, font, _FOOT_SIZE)
    if title:
        surface.text(_SIDE, _FOOT_BASELINE, title, font, _FOOT_SIZE)
