"""A table attachment of an official document, upright, turned, or on landscape sheets (GB/T 9704-2012 8)."""

from __future__ import annotations

from collections.abc import Sequence

from gridoffice.documents import official_format as form
from gridoffice.documents.columns import columns, largest_size, needs, wrap
from gridoffice.documents.flow import Row
from gridoffice.documents.fonts import POINT, FontSet, printable
from gridoffice.documents.model import TableAnnex
from gridoffice.documents.sums import with_sums
from gridoffice.documents.surface import Surface
from gridoffice.documents.tables import Look, Slice, Table

_TABLE_SIZES = (form.SIZE_4_SMALL, 11.0, form.SIZE_5, 10.0, 9.5, form.SIZE_5_SMALL, 8.5, 8.0, 7.5)
_PADS = (1.5, 1.2, 0.8)  # left and right of a cell's text: the less, the more columns there are


class AnnexTable:
    """The table laid out in a frame `width` x `height`; `rows` are its label and title above it."""

    def __init__(
        self,
        fonts: FontSet,
        annex: TableAnnex,
        rows: Sequence[Row],
        grid: form.Grid,
        width: float,
        height: float,
    ):
        self.annex = annex
        self.width = width
        self.rows = rows
        self.grid = grid
        texts = [[printable(text) for text in row] for row in annex.rows]
        summed = with_sums(texts, annex.sums)
        found = needs(annex.headings, summed.judged, fonts.song, fonts.hei)
        pads = [pad for pad in _PADS if largest_size(found, _TABLE_SIZES, pad, width) >= form.SIZE_5_SMALL]
        pad = pads[0] if pads else _PADS[-1]
        size = largest_size(found, _TABLE_SIZES, pad, width)
        roomy = size > form.SIZE_5_SMALL
        self.look = Look(
            fonts.song,
            fonts.hei,
            size,
            pad_x=pad,
            pad_y=1.3 if roomy else 0.75,
            least_height=size * POINT * (2.1 if roomy else 1.8),
            thick=form.TABLE_THICK,
            thin=form.TABLE_THIN,
        )
        sized = columns(found, size, pad, width, annex.widths, annex.align)
        self.table = Table(self.look, annex.headings, summed.rows, sized, summed.spans)
        self.note_lines = [
            line for note in annex.notes for line in wrap(fonts.song, self.note_size, printable(note), width)
        ]
        self.top = len(self.rows) * grid.pitch
        tail = len(self.note_lines) * self.note_size * POINT * 1.5 + (2.0 if self.note_lines else 0.0)
        self.parts = self.table.slices(height - self.top, height, tail)

    @property
    def note_size(self) -> float:
        return max(self.look.size, form.SIZE_5_SMALL)

    def draw(self, surface: Surface, x: float, y: float, index: int, part: Slice) -> float:
        """Draw one page of the attachment; answers where its contents end."""
        grid, look = self.grid, self.look
        if index == 0:
            for number, row in enumerate(self.rows):
                row.draw(surface, x, y + grid.baseline(number, row.size) - form.HEAD_MARGIN)
            y += self.top
            self._facts(surface, x, y - 1.8)
        bottom = self.table.draw(surface, x, y, part)
        if index == len(self.parts) - 1 and self.note_lines:
            font, step = look.body, self.note_size * POINT * 1.5
            baseline = bottom + 2.0 + step * 0.75
            for line in self.note_lines:
                surface.text(x, baseline, line, font, self.note_size)
                baseline += step
            bottom = baseline
        return bottom

    def _facts(self, surface: Surface, x: float, baseline: float) -> None:
        """Unit, month and the like, just above the table: the first left, the last right."""
        facts = [printable(fact) for fact in self.annex.facts]
        font, size = self.look.body, self.note_size
        for place, fact in enumerate(facts):
            share = place / (len(facts) - 1) if len(facts) > 1 else 0.0
            left = x + (self.width - font.width(fact, size)) * share
            surface.text(left, baseline, fact, font, size)
