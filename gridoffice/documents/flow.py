"""The text of an official document as rows of the 22 x 28 grid, and the rows shared out to pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gridoffice.documents import official_format as form
from gridoffice.documents.charts import draw_chart
from gridoffice.documents.fonts import Font, FontSet, printable
from gridoffice.documents.lines import Measure, Run, break_lines
from gridoffice.documents.model import Attachment, Block, Chart, Figure, Heading
from gridoffice.documents.surface import Surface
from gridoffice.documents.titles import balanced


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the grid. `glued` rows are not parted from the next one by the end of a page.

    `label` is text in another typeface in front of it; `chart` hangs from the row over `chart_rows` rows.
    """

    runs: tuple[Run, ...] = ()
    font: Font | None = None
    size: float = form.SIZE_3
    glued: bool = False
    label: Row | None = None
    chart: Chart | None = None
    chart_rows: int = 0

    @property
    def empty(self) -> bool:
        return self.font is None and self.chart is None

    def draw(self, surface: Surface, left: float, baseline: float) -> None:
        if self.label:
            self.label.draw(surface, left, baseline)
        if self.font:
            for run in self.runs:
                surface.text(left + run.x, baseline, run.text, self.font, self.size, spacing=run.spacing)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page: the first stands in the grid's row `first`, the others `pitch` below each other."""

    first: int
    rows: tuple[Row, ...]
    pitch: float

    def draw(self, surface: Surface, fonts: FontSet, grid: form.Grid, left: float) -> float:
        """Draw the rows; answers how far down the text area is used, from its top."""
        used = 0.0
        top = self.first * grid.pitch
        for number, row in enumerate(self.rows):
            drop = top + number * self.pitch
            row.draw(surface, left, drop + grid.baseline(0, row.size))
            if row.chart:
                height = row.chart_rows * self.pitch
                draw_chart(surface, fonts, row.chart, left, form.HEAD_MARGIN + drop, form.AREA_WIDTH, height)
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
        return glue(self.lines(text.rstrip("：:") + "：", self.fonts.fang))

    def blocks(self, blocks: Iterable[Block]) -> list[Row]:
        """Paragraphs and headings; a heading stays with the line after it (7.3.3)."""
        rows: list[Row] = []
        indent = form.INDENT * form.CELL
        for block in blocks:
            if isinstance(block, Figure):
                rows += self.figure(block)
            elif isinstance(block, Heading):
                font = {1: self.fonts.hei, 2: self.fonts.kai}.get(block.level, self.fonts.fang)
                rows += glue(self.lines(block.text, font, indent))
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

    def figure(self, figure: Figure) -> list[Row]:
        """A chart over its title; the two stay on one page."""
        caption = self.centred(printable(figure.chart.title), self.fonts.kai, form.SIZE_4)
        over = max(figure.lines - 1, 3)
        return [
            Row(chart=figure.chart, chart_rows=over, glued=True),
            *[BLANK] * (over - 1),
            caption,
        ]


def _lines_printable(text: str) -> str:
    return "\n".join(printable(line).strip() for line in text.split("\n"))


def glue(rows: list[Row]) -> list[Row]:
    """The rows, none parted from the next by the end of a page."""
    return [replace(row, glued=True) for row in rows]


def paginate(rows: Sequence[Row], grid: form.Grid, first_row: int) -> list[Page]:
    """Share rows out to pages; the first begins at `first_row`, a later one never with an empty row.

    When only a row or two of the end would go to a page of their own, the lines of the last page are set
    closer instead, as the standard advises (7.3.5.5).
    """
    pages: list[Page] = []
    start = 0
    while start < len(rows):
        first = 0 if pages else first_row
        while pages and start < len(rows) and rows[start].empty:
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
