"""An official document drawn on a surface, page by page, as GB/T 9704-2012 wants it."""

from __future__ import annotations

import math

from gridoffice.documents import official_format as form
from gridoffice.documents.columns import columns, largest_size, needs, wrap
from gridoffice.documents.flow import Row, Setter, body_rows, paginate
from gridoffice.documents.fonts import POINT, FontSet, printable
from gridoffice.documents.model import Attachment, OfficialDocument, TableAnnex, TextAnnex, chinese_date
from gridoffice.documents.surface import EM_TOP, RED, Surface
from gridoffice.documents.tables import Look, Slice, Table

_TABLE_SIZES = (form.SIZE_4_SMALL, 11.0, form.SIZE_5, 10.0, 9.5, form.SIZE_5_SMALL, 8.5, 8.0, 7.5)
_PADS = (1.5, 1.2, 0.8)  # left and right of a cell's text: the less, the more columns there are
_IMPRINT_STEP = 9.0  # from line to line in the 版记


class Writer:
    """Draws one document; keeps the number of the page and what is still free on it."""

    def __init__(self, surface: Surface, fonts: FontSet, document: OfficialDocument):
        self.surface = surface
        self.fonts = fonts
        self.document = document
        self.grid = form.COMPACT if document.compact else form.STRICT
        self.setter = Setter(fonts)
        self.number = 0
        self.used = 0.0  # how far down the text area of the current page is used
        self.turned = False

    def write(self) -> None:
        document = self.document
        first_row = self._head_rows()
        for index, page in enumerate(paginate(body_rows(self.setter, document), self.grid, first_row)):
            self._begin_page()
            if index == 0:
                self.surface.bookmark(printable(document.title.replace("\n", "")))
                self._draw_head()
            self.used = page.draw(self.surface, self.grid)
        for index, attachment in enumerate(document.attachments, 1):
            label = f"附件{index}" if len(document.attachments) > 1 else "附件"
            if isinstance(attachment, TextAnnex):
                self._text_annex(attachment, label)
            elif attachment.landscape:
                self._landscape_annex(attachment, label)
            else:
                self._table_annex(attachment, label)
        self._imprint()

    # Pages

    def _begin_page(self, turned: bool = False) -> None:
        self.number += 1
        self.turned = turned
        self.used = 0.0
        self.surface.page(form.PAGE_WIDTH, form.PAGE_HEIGHT, 90 if turned else 0)
        self._page_number()

    def _page_number(self) -> None:
        """四号半角宋体, 一字线 7 mm below the text area, outside: odd right, even left (7.5)."""
        font, size = self.fonts.song, form.SIZE_4
        em = size * POINT
        text = f"— {self.number} —"
        dash = font.glyph("—")
        top, _ = dash.face.ink(dash.number)
        width = font.width(text, size)
        side = form.PAGE_NUMBER_SIDE * em
        odd = self.number % 2 == 1
        x = form.AREA_RIGHT - side - width if odd else form.BINDING_MARGIN + side
        self.surface.text(x, form.AREA_BOTTOM + form.PAGE_NUMBER_DROP + top * em, text, font, size)

    # 版头 (7.2)

    def _has_head(self) -> bool:
        return bool(self.document.red_head) or self.document.preprinted

    def _mark_size(self) -> tuple[float, float]:
        """Size of 发文机关标志 in points, and how far its characters are narrowed."""
        mark = self.document.red_head or "　" * 12
        one = self.fonts.title.width(printable(mark), 1.0)
        size = min(form.MARK_LARGEST, form.MARK_WIDEST / one)
        if size < form.MARK_SMALLEST:
            return form.MARK_SMALLEST, form.MARK_WIDEST / (one * form.MARK_SMALLEST)
        return size, 1.0

    def _number_row(self) -> int:
        size, _ = self._mark_size()
        return math.ceil((form.MARK_TOP + size * POINT) / self.grid.pitch + form.MARK_TO_NUMBER)

    def _red_line(self) -> float:
        return self.grid.row_top(self._number_row()) + form.CELL + form.NUMBER_TO_LINE

    def _head_rows(self) -> int:
        """The grid row in which the title begins."""
        if self._has_head():
            below = (self._red_line() - form.HEAD_MARGIN) / self.grid.pitch
            return math.ceil(below - 1e-6 + form.LINE_TO_TITLE)
        return 3 if self.document.number else 1

    def _draw_head(self) -> None:
        document, surface = self.document, self.surface
        if document.number:
            row = self._number_row() if self._has_head() else 0
            number = self.setter.centred(printable(document.number), self.fonts.fang, form.SIZE_3)
            number.draw(surface, form.BINDING_MARGIN, self.grid.baseline(row))
        if document.red_head and not document.preprinted:
            font = self.fonts.title
            mark = printable(document.red_head)
            size, stretch = self._mark_size()
            top = max(glyph.face.ink(glyph.number)[0] for glyph in map(font.glyph, mark))
            x = form.BINDING_MARGIN + (form.AREA_WIDTH - font.width(mark, size) * stretch) / 2
            baseline = form.HEAD_MARGIN + form.MARK_TOP + top * size * POINT
            surface.text(x, baseline, mark, font, size, colour=RED, stretch=stretch)
            line = self._red_line()
            surface.line(form.BINDING_MARGIN, line, form.AREA_RIGHT, line, form.RED_LINE_WIDTH, RED)

    # 附件 (7.3.7, 8)

    def _label_rows(self, setter: Setter, attachment: Attachment, label: str) -> list[Row]:
        """附件 in the first line, the title centred from the third on, an empty line."""
        head = setter.at(0.0, label, self.fonts.hei)
        blanks = [Row(glued=True)] * (form.ATTACHMENT_TITLE_LINE - 1)
        title = setter.title(attachment.title, (self.document.organisation,))
        return [head, *blanks, *title, Row(glued=True)]

    def _bookmark(self, attachment: Attachment, label: str) -> None:
        self.surface.bookmark(f"{label} {printable(attachment.title.replace(chr(10), ''))}")

    def _text_annex(self, annex: TextAnnex, label: str) -> None:
        rows = self._label_rows(self.setter, annex, label) + self.setter.blocks(annex.body)
        for index, page in enumerate(paginate(rows, self.grid, 0)):
            self._begin_page()
            if index == 0:
                self._bookmark(annex, label)
            self.used = page.draw(self.surface, self.grid)

    def _table_annex(self, annex: TableAnnex, label: str) -> None:
        frame = _Frame(self, annex, label, form.AREA_WIDTH, form.AREA_HEIGHT)
        for index, part in enumerate(frame.parts):
            self._begin_page()
            if index == 0:
                self._bookmark(annex, label)
            self.used = frame.draw(form.BINDING_MARGIN, form.HEAD_MARGIN, index, part) - form.HEAD_MARGIN

    def _landscape_annex(self, annex: TableAnnex, label: str) -> None:
        """The head at the left of the sheet on every page, the page number where it always is (8)."""
        frame = _Frame(self, annex, label, form.AREA_HEIGHT, form.AREA_WIDTH)
        for index, part in enumerate(frame.parts):
            self._begin_page(turned=True)
            if index == 0:
                self._bookmark(annex, label)
            with self.surface.turned(form.BINDING_MARGIN, form.AREA_BOTTOM):
                frame.draw(0.0, 0.0, index, part)

    # 版记 (7.4)

    def _imprint(self) -> None:
        document, surface = self.document, self.surface
        if not (document.copies_to or document.issued_by):
            return
        font, size = self.fonts.fang, form.SIZE_4
        em = size * POINT
        side = form.IMPRINT_SIDE * em
        copies: list[Row] = []
        if document.copies_to:
            label = "抄送："
            setter = Setter(self.fonts, form.AREA_WIDTH - 2 * side)
            text = label + printable(document.copies_to).rstrip("。") + "。"
            copies = setter.lines(text, font, 0.0, len(label) * em, size)
        count = len(copies) + bool(document.issued_by)
        height = count * _IMPRINT_STEP
        if self.turned or form.AREA_HEIGHT - self.used < height + self.grid.pitch / 2:
            self._begin_page()
        drop = (_IMPRINT_STEP - em) / 2 + EM_TOP * em
        y = form.AREA_BOTTOM - height
        left, right = form.BINDING_MARGIN, form.AREA_RIGHT
        surface.line(left, y, right, y, form.IMPRINT_THICK)
        for row in copies:
            row.draw(surface, left + side, y + drop)
            y += _IMPRINT_STEP
        if document.issued_by:
            if copies:
                surface.line(left, y, right, y, form.IMPRINT_THIN)
            day = f"{chinese_date(document.issued_on or document.day)}印发"
            surface.text(left + side, y + drop, printable(document.issued_by), font, size)
            surface.text(right - side - font.width(day, size), y + drop, day, font, size)
        surface.line(left, form.AREA_BOTTOM, right, form.AREA_BOTTOM, form.IMPRINT_THICK)


class _Frame:
    """A table attachment laid out in a frame `width` x `height`, upright or turned."""

    def __init__(self, writer: Writer, annex: TableAnnex, label: str, width: float, height: float):
        self.writer = writer
        self.annex = annex
        self.width = width
        fonts = writer.fonts
        self.rows = writer._label_rows(Setter(fonts, width), annex, label)
        texts = [[printable(text) for text in row] for row in annex.rows]
        found = needs(annex.headings, texts, fonts.song, fonts.hei)
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
        self.table = Table(
            self.look, annex.headings, texts, columns(found, size, pad, width, annex.widths, annex.align)
        )
        self.note_lines = [
            line for note in annex.notes for line in wrap(fonts.song, self.note_size, printable(note), width)
        ]
        self.top = len(self.rows) * writer.grid.pitch
        tail = len(self.note_lines) * self.note_size * POINT * 1.5 + (2.0 if self.note_lines else 0.0)
        self.parts = self.table.slices(height - self.top, height, tail)

    @property
    def note_size(self) -> float:
        return max(self.look.size, form.SIZE_5_SMALL)

    def draw(self, x: float, y: float, index: int, part: Slice) -> float:
        """Draw one page of the attachment; answers where its contents end."""
        surface, grid, look = self.writer.surface, self.writer.grid, self.look
        if index == 0:
            for number, row in enumerate(self.rows):
                row.draw(surface, x, y + grid.baseline(number, row.size) - form.HEAD_MARGIN)
            y += self.top
            self._facts(x, y - 1.8)
        bottom = self.table.draw(surface, x, y, part)
        if index == len(self.parts) - 1 and self.note_lines:
            font, step = look.body, self.note_size * POINT * 1.5
            baseline = bottom + 2.0 + step * 0.75
            for line in self.note_lines:
                surface.text(x, baseline, line, font, self.note_size)
                baseline += step
            bottom = baseline
        return bottom

    def _facts(self, x: float, baseline: float) -> None:
        """Unit, month and the like, just above the table: the first left, the last right."""
        facts = [printable(fact) for fact in self.annex.facts]
        font, size = self.look.body, self.note_size
        for place, fact in enumerate(facts):
            share = place / (len(facts) - 1) if len(facts) > 1 else 0.0
            left = x + (self.width - font.width(fact, size)) * share
            self.writer.surface.text(left, baseline, fact, font, size)
