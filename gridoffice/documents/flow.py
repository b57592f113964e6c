"""The text of an official document as rows of the 22 x 28 grid, and the rows shared out to pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gridoffice.documents import official_format as form
from gridoffice.documents.fonts import Font, FontSet, printable
from gridoffice.documents.lines import Measure, Run, break_lines
from gridoffice.documents.model import (
    Attachment,
    Block,
    Heading,
    OfficialDocument,
    chinese_date,
)
from gridoffice.documents.surface import Surface
from gridoffice.documents.titles import balanced


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the grid. `glued` rows are not parted from the next one by the end of a page."""

    runs: tuple[Run, ...] = ()
    font: Font | None = None
    size: float = form.SIZE_3
    glued: bool = False

    def draw(self, surface: Surface, left: float, baseline: float) -> None:
        if self.font:
            for run in self.runs:
                surface.text(left + run.x, baseline, run.text, self.font, self.size, spacing=run.spacing)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page: the first stands in the grid's row `first`, the others `pitch` below each other."""

    first: int
    rows: tuple[Row, ...]
    pitch: float

    def draw(self, surface: Surface, grid: form.Grid) -> float:
        """Draw the rows; answers how far down the text area is used, from its top."""
        used = 0.0
        top = self.first * grid.pitch
        for number, row in enumerate(self.rows):
            drop = top + number * self.pitch
            row.draw(surface, form.BINDING_MARGIN, drop + grid.baseline(0, row.size))
            if row.font:
                used = drop + form.CELL
        return used


BLANK = Row(glued=True)


class Setter:
    """Turns the parts of a document into rows `width` wide."""

    def __init__(self, fonts: FontSet, width: float = form.AREA_WIDTH):
        self.fonts = fonts
        self.width = width

    def measure(self, font: Font, size: float = form.SIZE_3) -> Measure:
        """Body type stands in the cells of the grid; other sizes at their own advance."""
        em = size / 72 * 25.4
        return Measure(font, size, form.CELL if size == form.SIZE_3 else em)

    def lines(
        self, text: str, font: Font, first_indent: float = 0.0, indent: float = 0.0, size: float = form.SIZE_3
    ) -> list[Row]:
        measure = self.measure(font, size)
        broken = break_lines(measure, printable(text).strip(), self.width, first_indent, indent)
        return [Row(tuple(runs), font, size) for runs in broken]

    def at(self, x: float, text: str, font: Font, size: float = form.SIZE_3) -> Row:
        """One line of text that begins at `x`."""
        measure = self.measure(font, size)
        (runs,) = break_lines(measure, text, 1e9, x) or [[]]
        return Row(tuple(runs), font, size)

    def centred(self, text: str, font: Font, size: float) -> Row:
        width = self.measure(font, size).width(text)
        return self.at((self.width - width) / 2, text, font, size)

    def title(self, title: str, words: Iterable[str] = ()) -> list[Row]:
        """二号小标宋, centred, in balanced lines (7.3.1)."""
        font = self.fonts.title
        lines = balanced(self.measure(font, form.SIZE_2), _lines_printable(title), self.width, words)
        return [replace(self.centred(line, font, form.SIZE_2), glued=True) for line in lines]

    def recipients(self, text: str) -> list[Row]:
        """主送机关: 顶格, 回行顶格, ends with a full-width colon (7.3.2)."""
        return _glue(self.lines(text.rstrip("：:") + "：", self.fonts.fang))

    def blocks(self, blocks: Iterable[Block]) -> list[Row]:
        """Paragraphs and headings; a heading stays with the line after it (7.3.3)."""
        rows: list[Row] = []
        indent = form.INDENT * form.CELL
        for block in blocks:
            if isinstance(block, Heading):
                font = {1: self.fonts.hei, 2: self.fonts.kai}.get(block.level, self.fonts.fang)
                rows += _glue(self.lines(block.text, font, indent))
            else:
                rows += self.lines(block.text, self.fonts.fang, indent)
        return rows

    def attachment_list(self, attachments: Sequence[Attachment]) -> list[Row]:
        """附件说明: 左空二字, names aligned with each other, no mark after them (7.3.4)."""
        font = self.fonts.fang
        label = "附件："
        left = form.INDENT * form.CELL + len(label) * form.CELL
        rows: list[Row] = []
        for number, attachment in enumerate(attachments, 1):
            serial = f"{number}." if len(attachments) > 1 else ""
            name_left = left + (form.CELL * (1.1 if len(attachments) < 10 else 1.6) if serial else 0.0)
            named = self.lines(attachment.title.replace("\n", ""), font, name_left, name_left)
            head = self.at(form.INDENT * form.CELL, label, font).runs if number == 1 else ()
            if serial:
                head += self.at(left, serial, font).runs
            rows.append(replace(named[0], runs=(*head, *named[0].runs)))
            rows += named[1:]
        return rows

    def signature(self, document: OfficialDocument) -> list[Row]:
        """署名 and 成文日期, with room for a seal (7.3.5.1) or without one (7.3.5.2)."""
        font = self.fonts.fang
        day = chinese_date(document.day)
        name = printable(document.signature)
        measure = self.measure(font)
        name_width, day_width = measure.width(name), measure.width(day)
        if document.sealed:
            day_x = self.width - form.SEALED_RIGHT * form.CELL - day_width
            name_x = min(day_x + (day_width - name_width) / 2, self.width - name_width)
            day_x = min(day_x, name_x + (name_width - day_width) / 2) if name_width > day_width else day_x
            blank = form.SEALED_BLANK
        else:
            day_x = self.width - form.UNSEALED_RIGHT * form.CELL - day_width
            name_x = day_x - form.UNSEALED_DATE_SHIFT * form.CELL
            if name_width >= day_width:
                name_x = self.width - form.UNSEALED_RIGHT * form.CELL - name_width
                day_x = name_x + form.UNSEALED_DATE_SHIFT * form.CELL
            blank = form.UNSEALED_BLANK
        signed = replace(self.at(max(name_x, 0.0), name, font), glued=True)
        return [BLANK] * blank + [signed, self.at(day_x, day, font)]


def _lines_printable(text: str) -> str:
    return "\n".join(printable(line).strip() for line in text.split("\n"))


def _glue(rows: list[Row]) -> list[Row]:
    return [replace(row, glued=True) for row in rows]


def body_rows(setter: Setter, document: OfficialDocument) -> list[Row]:
    """Everything from the title to the date.

    The last two lines of text stay with the signature, so that no page holds a signature alone: 此页无正文
    is not allowed (7.3.5.5).
    """
    words = (document.organisation, document.signature)
    rows = setter.title(document.title, words)
    if document.recipients:
        rows += [BLANK] * form.TITLE_TO_RECIPIENTS + setter.recipients(document.recipients)
    else:
        rows.append(BLANK)
    rows += setter.blocks(document.body)
    if document.attachments:
        rows[-2:] = _glue(rows[-2:])
        rows += [BLANK] * form.BODY_TO_ATTACHMENTS + _glue(setter.attachment_list(document.attachments))
    else:
        rows[-2:] = _glue(rows[-2:])
    return rows + setter.signature(document)


def paginate(rows: Sequence[Row], grid: form.Grid, first_row: int) -> list[Page]:
    """Share rows out to pages; the first begins at `first_row`, a later one never with an empty row.

    When only a row or two of the end would go to a page of their own, the lines of the last page are set
    closer instead, as the standard advises (7.3.5.5).
    """
    pages: list[Page] = []
    start = 0
    while start < len(rows):
        first = 0 if pages else first_row
        while pages and start < len(rows) and rows[start].font is None:
            start += 1
        room = grid.rows - first
        left = len(rows) - start
        if left <= room or (left - room <= form.MOST_EXTRA_ROWS and left >= 10 * (left - room)):
            pitch = grid.pitch
            if left > room:
                pitch = (form.AREA_HEIGHT - form.CELL - first * grid.pitch) / (left - 1)
            pages.append(Page(first, tuple(rows[start:]), pitch))
            break
        end = start + room
        cut = end
        while cut > start + 1 and rows[cut - 1].glued:
            cut -= 1
        end = cut if cut > start + 1 else end
        pages.append(Page(first, tuple(rows[start:end]), grid.pitch))
        start = end
    return pages
