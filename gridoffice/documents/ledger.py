"""A ledger of any length on A4 landscape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridoffice.documents import official_format as form
from gridoffice.documents.columns import columns, largest_size, needs, wrap
from gridoffice.documents.fonts import POINT, FontSet, naming, printable
from gridoffice.documents.model import ColumnHead, Sums
from gridoffice.documents.sums import with_sums
from gridoffice.documents.surface import Surface
from gridoffice.documents.tables import Look, Table
from gridoffice.progress import report

_SIDE, _TOP, _BOTTOM = 13.5, 16.0, 15.0
_TITLE_SIZE, _FACT_SIZE, _FOOT_SIZE = 18.0, 10.5, 9.0
_FOOT_DROP = 7.5
_SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
_TITLE_ROOM, _FACT_ROOM = 11.0, 6.0
_SIGNATURE_ROOM = 13.0
_NOTE_SIZE, _NOTE_STEP, _NOTE_GAP = 9.0, 4.8, 1.5
_PAD = 1.3  # left and right of a cell's text


@dataclass(frozen=True, slots=True)
class _Paper:
    """A sheet as it lies: A4 or, for tables with more columns than A4 shows in type that can be read, A3."""

    width: float
    height: float

    @property
    def area(self) -> float:
        """How wide a table is."""
        return self.width - 2 * _SIDE


_A4, _A3 = _Paper(form.PAGE_HEIGHT, form.PAGE_WIDTH), _Paper(2 * form.PAGE_WIDTH, form.PAGE_HEIGHT)
_TIGHT = 0.7
"""What is left beside a text on A3, where even that is narrow."""


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
    wide: bool = False,
    sums: Sums | None = None,
    begun: bool = False,
) -> None:
    """Draw the ledger, a `wide` one on A3, or, where it has only `begun`, the first page of its first rows;
    raises OfficeError naming a character that no font has, and its row."""
    paper = _A3 if wide else _A4
    summed = with_sums(rows, sums)
    with naming(rows):
        found = needs(headings, summed.judged, fonts.song, fonts.hei)
    pad = _TIGHT if wide and largest_size(found, _SIZES, _PAD, paper.area) == _SIZES[-1] else _PAD
    size = largest_size(found, _SIZES, pad, paper.area)
    look = Look(
        fonts.song, fonts.hei, size, 1.3, pad_x=pad, pad_y=1.15, least_height=max(6.4, size * POINT * 2)
    )
    sized = columns(found, size, pad, paper.area, widths, align)
    table = Table(look, headings, summed.rows, sized, summed.spans)
    title = printable(title)
    head = _TITLE_ROOM + (_FACT_ROOM if facts else 2.0)
    room = paper.height - _TOP - _BOTTOM
    said = [line for note in notes for line in wrap(fonts.song, _NOTE_SIZE, printable(note), paper.area)]
    noted = len(said) * _NOTE_STEP + (_NOTE_GAP if said else 0.0)
    tail = noted + (_SIGNATURE_ROOM if signature else 0.0)
    with naming(rows):
        parts = table.slices(room - head, room, tail)
    if begun:
        parts, signature, said = parts[:1], (), []
    for number, part in enumerate(parts, 1):
        report("生成文件", number - 1, len(parts))
        surface.page(paper.width, paper.height)
        y = _TOP
        if number == 1:
            surface.bookmark(title)
            _title(surface, fonts, paper, title, facts, y)
            y += head
        bottom = table.draw(surface, _SIDE, y, part)
        if not rows:
            bottom = _nothing(surface, fonts, paper, bottom)
        if number == len(parts):
            for place, line in enumerate(said):
                baseline = bottom + _NOTE_GAP + (place + 0.75) * _NOTE_STEP
                surface.text(_SIDE, baseline, line, fonts.song, _NOTE_SIZE)
            _signature(surface, fonts, paper, signature, bottom + noted)
        _foot(surface, fonts, paper, title if number > 1 else "", number, 0 if begun else len(parts))


def _title(
    surface: Surface, fonts: FontSet, paper: _Paper, title: str, facts: Sequence[str], y: float
) -> None:
    font = fonts.title
    size = min(_TITLE_SIZE, paper.area / font.width(title, 1.0)) if title else _TITLE_SIZE
    surface.text((paper.width - font.width(title, size)) / 2, y + 6.0, title, font, size)
    shown = [printable(fact) for fact in facts]
    for place, fact in enumerate(shown):
        share = place / (len(shown) - 1) if len(shown) > 1 else 0.0
        left = _SIDE + (paper.area - fonts.song.width(fact, _FACT_SIZE)) * share
        surface.text(left, y + _TITLE_ROOM + _FACT_ROOM - 1.8, fact, fonts.song, _FACT_SIZE)


def _nothing(surface: Surface, fonts: FontSet, paper: _Paper, y: float) -> float:
    """The one row of a ledger without rows says so."""
    height, font, size, text = 9.0, fonts.song, _FACT_SIZE, "没有符合条件的记录"
    for x1, y1, x2, y2 in (
        (_SIDE, y + height, _SIDE + paper.area, y + height),
        (_SIDE, y, _SIDE, y + height),
        (_SIDE + paper.area, y, _SIDE + paper.area, y + height),
    ):
        surface.line(x1, y1, x2, y2, form.TABLE_THICK)
    surface.text((paper.width - font.width(text, size)) / 2, y + height / 2 + 1.4, text, font, size)
    return y + height


def _signature(surface: Surface, fonts: FontSet, paper: _Paper, signature: Sequence[str], y: float) -> None:
    """The places to sign, evenly along the foot of the table."""
    for place, label in enumerate(signature):
        words = printable(label).rstrip("：:") + "："
        surface.text(_SIDE + paper.area * place / len(signature), y + 9.0, words, fonts.song, _FACT_SIZE)


def _foot(surface: Surface, fonts: FontSet, paper: _Paper, title: str, number: int, count: int) -> None:
    font = fonts.song
    text = f"第 {number} 页　共 {count} 页" if count else f"第 {number} 页"
    surface.text(
        (paper.width - font.width(text, _FOOT_SIZE)) / 2, paper.height - _FOOT_DROP, text, font, _FOOT_SIZE
    )
    if title:
        surface.text(_SIDE, paper.height - _FOOT_DROP, title, font, _FOOT_SIZE)
