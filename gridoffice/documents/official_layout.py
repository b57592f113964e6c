"""An official document drawn on a surface, page by page, as GB/T 9704-2012 wants it."""

from __future__ import annotations

from gridoffice.documents import official_format as form
from gridoffice.documents.flow import Row, Setter, paginate
from gridoffice.documents.fonts import POINT, FontSet, naming, printable
from gridoffice.documents.model import (
    Attachment,
    Form,
    OfficialDocument,
    TableAnnex,
    TextAnnex,
    chinese_date,
)
from gridoffice.documents.official_body import body_rows
from gridoffice.documents.official_heads import head_of
from gridoffice.documents.official_tables import AnnexTable
from gridoffice.documents.output import persons_listed
from gridoffice.documents.surface import EM_TOP, Surface

_SHEET_FOOT = 15.0  # from the page number of a landscape sheet to the sheet's edge


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

    @property
    def left(self) -> float:
        """The left edge of the text area; with mirrored margins the back of a sheet is bound at its right."""
        mirrored = self.document.mirrored and self.number % 2 == 0
        return form.OUTER_MARGIN if mirrored else form.BINDING_MARGIN

    def write(self) -> None:
        document = self.document
        head = head_of(document, self.setter, self.grid)
        rows = body_rows(self.setter, document)
        for index, page in enumerate(paginate(rows, self.grid, head.first_row)):
            self._begin_page()
            if index == 0:
                self.surface.bookmark(printable(document.title.replace("\n", "")))
                head.draw(self.surface, self.left)
            self.used = page.draw(self.surface, self.fonts, self.grid, self.left)
        for index, attachment in enumerate(document.attachments, 1):
            label = f"附件{index}" if len(document.attachments) > 1 else "附件"
            with persons_listed(attachment.persons):
                self._annex(attachment, label)
        self._imprint()

    # Pages

    def _begin_page(self, turned: bool = False, numbered: bool = True) -> None:
        self.number += 1
        self.turned = turned
        self.used = 0.0
        self.surface.page(form.PAGE_WIDTH, form.PAGE_HEIGHT, 90 if turned else 0)
        first_of_letter = self.number == 1 and self.document.form is Form.LETTER  # 10.1: 首页不显示页码
        if numbered and not first_of_letter:
            self._page_number()

    def _page_number(self) -> None:
        """四号半角宋体, 一字线 7 mm below the text area, outside: odd right, even left (7.5)."""
        width = self.fonts.song.width(self._number_text, form.SIZE_4)
        side = form.PAGE_NUMBER_SIDE * form.SIZE_4 * POINT
        odd = self.number % 2 == 1
        x = self.left + (form.AREA_WIDTH - side - width if odd else side)
        self._set_number(x, form.AREA_BOTTOM + form.PAGE_NUMBER_DROP)

    @property
    def _number_text(self) -> str:
        return f"— {self.number} —"

    def _set_number(self, x: float, top: float) -> None:
        """The number from `x` on, the ink of its dashes beginning at `top`."""
        font, size = self.fonts.song, form.SIZE_4
        dash = font.glyph("—")
        ink, _ = dash.face.ink(dash.number)
        self.surface.text(x, top + ink * size * POINT, self._number_text, font, size)

    # 附件 (7.3.7, 8)

    def _label_rows(self, setter: Setter, attachment: Attachment, label: str) -> list[Row]:
        """附件 in the first line, the title centred from the third on, an empty line."""
        head = setter.at(0.0, label, self.fonts.hei)
        blanks = [Row(glued=True)] * (form.ATTACHMENT_TITLE_LINE - 1)
        title = setter.title(attachment.title, (self.document.organisation,))
        return [head, *blanks, *title, Row(glued=True)]

    def _bookmark(self, attachment: Attachment, label: str) -> None:
        self.surface.bookmark(f"{label} {printable(attachment.title.replace(chr(10), ''))}")

    def _annex(self, attachment: Attachment, label: str) -> None:
        if isinstance(attachment, TextAnnex):
            self._text_annex(attachment, label)
        elif not attachment.landscape:
            self._table_annex(attachment, label)
        elif self.document.landscape_sheets:
            self._sheet_annex(attachment, label)
        else:
            self._turned_annex(attachment, label)

    def _text_annex(self, annex: TextAnnex, label: str) -> None:
        rows = self._label_rows(self.setter, annex, label) + self.setter.blocks(annex.body)
        for index, page in enumerate(paginate(rows, self.grid, 0)):
            self._begin_page()
            if index == 0:
                self._bookmark(annex, label)
            self.used = page.draw(self.surface, self.fonts, self.grid, self.left)

    def _table(self, annex: TableAnnex, label: str, width: float, height: float) -> AnnexTable:
        rows = self._label_rows(Setter(self.fonts, width), annex, label)
        with naming(annex.rows):
            return AnnexTable(self.fonts, annex, rows, self.grid, width, height)

    def _table_annex(self, annex: TableAnnex, label: str) -> None:
        table = self._table(annex, label, form.AREA_WIDTH, form.AREA_HEIGHT)
        for index, part in enumerate(table.parts):
            self._begin_page()
            if index == 0:
                self._bookmark(annex, label)
            bottom = table.draw(self.surface, self.left, form.HEAD_MARGIN, index, part)
            self.used = bottom - form.HEAD_MARGIN

    def _turned_annex(self, annex: TableAnnex, label: str) -> None:
        """The head at the left of the sheet on every page, the page number where it always is (8)."""
        table = self._table(annex, label, form.AREA_HEIGHT, form.AREA_WIDTH)
        for index, part in enumerate(table.parts):
            self._begin_page(turned=True)
            if index == 0:
                self._bookmark(annex, label)
            with self.surface.turned(self.left, form.AREA_BOTTOM):
                table.draw(self.surface, 0.0, 0.0, index, part)

    def _sheet_annex(self, annex: TableAnnex, label: str) -> None:
        """Landscape sheets with the text area of a turned page, the number in the middle below it."""
        table = self._table(annex, label, form.AREA_HEIGHT, form.AREA_WIDTH)
        for index, part in enumerate(table.parts):
            self.number += 1
            self.turned = True
            self.surface.page(form.PAGE_HEIGHT, form.PAGE_WIDTH)
            if index == 0:
                self._bookmark(annex, label)
            x = (form.PAGE_HEIGHT - form.AREA_HEIGHT) / 2
            table.draw(self.surface, x, form.BINDING_MARGIN, index, part)
            width = self.fonts.song.width(self._number_text, form.SIZE_4)
            self._set_number((form.PAGE_HEIGHT - width) / 2, form.PAGE_WIDTH - _SHEET_FOOT)

    # 版记 (7.4)

    def _imprint(self) -> None:
        document, surface = self.document, self.surface
        letter = document.form is Form.LETTER  # 10.1: 版记不加印发机关和印发日期、分隔线
        if not document.copies_to and (letter or not document.issued_by):
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
        count = len(copies) + bool(document.issued_by and not letter)
        height = count * form.IMPRINT_STEP
        front = document.imprint_on_back and self.number % 2 == 1
        if front or self.turned or form.AREA_HEIGHT - self.used < height + self.grid.pitch / 2:
            # 7.5: an empty page before that of the 版记 has no number, and then neither has this one.
            empty = document.imprint_on_back and not front
            if empty:
                self._begin_page(numbered=False)
            self._begin_page(numbered=not empty)
        drop = (form.IMPRINT_STEP - em) / 2 + EM_TOP * em
        y = form.AREA_BOTTOM - height
        left, right = self.left, self.left + form.AREA_WIDTH
        if not letter:
            surface.line(left, y, right, y, form.IMPRINT_THICK)
            surface.line(left, form.AREA_BOTTOM, right, form.AREA_BOTTOM, form.IMPRINT_THICK)
        for row in copies:
            row.draw(surface, left + side, y + drop)
            y += form.IMPRINT_STEP
        if document.issued_by and not letter:
            if copies:
                surface.line(left, y, right, y, form.IMPRINT_THIN)
            day = f"{chinese_date(document.issued_on or document.day)}印发"
            surface.text(left + side, y + drop, printable(document.issued_by), font, size)
            surface.text(right - side - font.width(day, size), y + drop, day, font, size)
