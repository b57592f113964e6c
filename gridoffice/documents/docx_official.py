"""An official document as a Word file in the layout of the PDF, for whoever must still change its words.

The head stands where the PDF has it, in frames; the text is running text on the 22 x 28 grid; tables keep
their widths. A word processor has no room for the standard's own 29.61 pt: its lines are 28.95 pt. Turned
tables lie on landscape sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, time
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor

from gridoffice.documents import docx_parts as word
from gridoffice.documents import official_format as form
from gridoffice.documents.docx_table import add_table
from gridoffice.documents.figure_picture import figure_png
from gridoffice.documents.flow import Row, Setter
from gridoffice.documents.fonts import POINT, Font, FontSet, printable
from gridoffice.documents.model import (
    Attachment,
    Block,
    Figure,
    Form,
    Heading,
    OfficialDocument,
    TextAnnex,
    chinese_date,
)
from gridoffice.documents.official_body import attendance, signature
from gridoffice.documents.official_heads import head_of
from gridoffice.documents.official_tables import AnnexTable
from gridoffice.documents.output import persons_listed
from gridoffice.documents.surface import BLACK, EM_TOP, Colour

AUTHOR_PROGRAM = "网格办 GridOffice"
_LOOKS = {1: "黑体", 2: "楷体"}
_MARK_SIZE = 7.0


@dataclass(slots=True)
class _Drawn:
    """What a head draws on a page, to be said in Word's own way."""

    texts: list[tuple[float, float, str, Font, float, Colour]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float, Colour]] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        font: Font,
        size: float,
        *,
        spacing: float = 0.0,
        colour: Colour = BLACK,
        stretch: float = 1.0,
    ) -> None:
        last = self.texts[-1] if self.texts else None
        if last is not None and last[1] == y and last[3] is font and last[4] == size:
            gap = x - last[0] - font.width(last[2], size)
            if abs(gap) < form.CELL / 2:  # one line, drawn in several runs
                self.texts[-1] = (last[0], y, last[2] + text, font, size, colour)
                return
        self.texts.append((x, y, text, font, size, colour))

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float, colour: Colour = BLACK) -> None:
        self.lines.append((x1, y1, x2, width, colour))

    def page(self, width: float, height: float, turn: int = 0) -> None: ...

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour) -> None: ...

    def blocks(self, places: Sequence[tuple[float, float, float, float]], fill: Colour) -> None: ...

    def image(self, x: float, y: float, width: float, height: float, content: bytes) -> None: ...

    def turned(self, x: float, y: float) -> AbstractContextManager[None]:
        raise NotImplementedError

    def bookmark(self, title: str, y: float = 0.0) -> None: ...

    def finish(self) -> bytes:
        return b""


def official_docx(document: OfficialDocument, fonts: FontSet | None = None) -> bytes:
    """An official document as a Word file (.docx). The same document gives the same layout as its PDF;
    what page a line stands on is left to the word processor."""
    return _Writer(document, fonts or FontSet.found()).write()


class _Writer:
    def __init__(self, document: OfficialDocument, fonts: FontSet):
        self.document = document
        self.fonts = fonts
        self.setter = Setter(fonts)
        self.file = Document()
        self.section = self.file.sections[0]
        self._marked = ""

    def write(self) -> bytes:
        document = self.document
        self._prepare()
        self._body_of_letter()
        for index, attachment in enumerate(document.attachments, 1):
            label = f"附件{index}" if len(document.attachments) > 1 else "附件"
            with persons_listed(attachment.persons) as mark:
                self._annex(attachment, label, mark)
        self._imprint()
        target = BytesIO()
        self.file.save(target)
        return target.getvalue()

    # the file

    def _prepare(self) -> None:
        file, document = self.file, self.document
        for paragraph in list(file.paragraphs):
            paragraph._p.getparent().remove(paragraph._p)
        normal: Any = file.styles["Normal"]
        normal.font.size = Pt(form.SIZE_3)  # the grid of characters is counted from it
        fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(word.qn(f"w:{script}"), word.FACES["仿宋"])
        word.set_section(self.section)
        file.settings.odd_and_even_pages_header_footer = True
        if document.mirrored:
            file.settings.element.append(word.element("w:mirrorMargins"))
        self._number_pages(self.section)
        if document.form is Form.LETTER:
            self.section.different_first_page_header_footer = True  # 10.1: 首页不显示页码
        word.name_stand_ins(file.part.package)
        said = file.core_properties
        said.title = printable(document.title.replace("\n", ""))
        said.author = said.last_modified_by = printable(document.organisation)
        said.created = said.modified = datetime.combine(document.day, time(8))
        said.comments, said.subject, said.keywords = AUTHOR_PROGRAM, document.number or "", ""
        said.language = "zh-CN"

    def _number_pages(self, section: Any, landscape: bool = False) -> None:
        """— 1 —: odd pages right, even ones left, one character in (7.5); landscape sheets in the middle."""
        side = form.PAGE_NUMBER_SIDE * form.SIZE_4 * POINT
        odd, even = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
        if landscape:
            odd = even = WD_ALIGN_PARAGRAPH.CENTER
        for footer, align in ((section.footer, odd), (section.even_page_footer, even)):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            word.set_lines(paragraph, Pt(form.SIZE_4))
            word.indent(paragraph, left=0.0 if landscape else side, right=0.0 if landscape else side)
            word.put_page_number(paragraph)

    def _mark_pages(self, mark: str) -> None:
        """The mark small and grey at the head of the section's pages, none when it is empty."""
        self._marked = mark
        for header in (self.section.header, self.section.even_page_header):
            header.is_linked_to_previous = False
            run = header.paragraphs[0].add_run(printable(mark))
            word.set_font(run, "宋体", _MARK_SIZE)
            run.font.color.rgb = RGBColor(0x80, 0x80, 0x80)

    # paragraphs

    def _paragraph(self, text: str, look: str = "仿宋", size: float = form.SIZE_3) -> Any:
        made = self.file.add_paragraph()
        word.set_lines(made)
        if text:
            word.set_font(made.add_run(text), look, size)
        return made

    def _blank(self, count: int = 1) -> None:
        for _ in range(count):
            self._paragraph("")

    def _row(self, row: Row) -> Any:
        """A line set by the layout: it begins where its first run does, wide gaps become tab stops."""
        made = self._paragraph("")
        if row.font is None or not row.runs:
            return made
        runs = [*row.runs]
        word.indent(made, left=runs[0].x)
        text, edge = "", runs[0].x
        for run in runs:
            if run.x - edge > form.CELL:
                made.paragraph_format.tab_stops.add_tab_stop(Mm(run.x), WD_TAB_ALIGNMENT.LEFT)
                text += "\t"
            text += run.text
            edge = run.x + row.font.width(run.text, row.size) + run.spacing * len(run.text)
        word.set_font(made.add_run(text), row.font.name, row.size)
        return made

    def _blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            if isinstance(block, Figure):
                self._figure(block)
                continue
            heading = block.level if isinstance(block, Heading) else 0
            made = self._paragraph(printable(block.text).strip(), _LOOKS.get(heading, "仿宋"))
            made.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            word.indent_characters(made, form.INDENT)
            if heading:
                made.paragraph_format.keep_with_next = True
                word.set_outline(made, heading)

    def _figure(self, figure: Figure) -> None:
        """A chart as a picture over its title."""
        tall = (max(figure.lines - 1, 3)) * word.LINE.mm
        made = self.file.add_paragraph()
        made.paragraph_format.keep_with_next = True
        made.paragraph_format.space_before = made.paragraph_format.space_after = Pt(0)
        made.paragraph_format.line_spacing = 1.0
        word.put_property(made, word.element("w:snapToGrid", val=0))
        picture = figure_png(figure.chart, self.fonts, form.AREA_WIDTH, tall)
        shape = made.add_run().add_picture(BytesIO(picture), width=Mm(form.AREA_WIDTH))
        shape._inline.docPr.set("descr", _in_words(figure))
        caption = self._paragraph(printable(figure.chart.title), "楷体", form.SIZE_4)
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _title(self, title: str, width: float = form.AREA_WIDTH) -> Any:
        """二号小标宋 in the lines that the PDF has."""
        rows = Setter(self.fonts, width).title(title, (self.document.organisation, *self.document.signed_by))
        made = self._paragraph("")
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.paragraph_format.keep_with_next = True
        for place, row in enumerate(rows):
            run = made.add_run("".join(part.text for part in row.runs))
            word.set_font(run, "小标宋", form.SIZE_2)
            if place + 1 < len(rows):
                run.add_break()
        return made

    # the document itself

    def _body_of_letter(self) -> None:
        document = self.document
        grid = form.COMPACT if document.compact else form.STRICT
        head = head_of(document, self.setter, grid)
        self._head(head)
        title = self._title(document.title)
        # Word sets type in the middle of its line, the standard's grid at the top of it.
        drop = (word.LINE.mm - form.CELL) / 2
        title.paragraph_format.space_before = Mm(head.first_row * grid.pitch - drop)
        word.set_outline(title, 1)
        self._blank()
        if document.recipients:
            words = printable(document.recipients).strip().rstrip("：:")
            self._paragraph(f"{words}：").alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        self._blocks(document.body)
        if document.attachments:
            self._attachment_list()
        rows = (
            attendance(self.setter, document)
            if document.form is Form.MINUTES
            else signature(self.setter, document)
        )
        for row in rows:
            self._signed(row)
        if document.remark:
            words = printable(document.remark).strip("（）()")
            word.indent_characters(self._paragraph(f"（{words}）"), form.INDENT)

    def _signed(self, row: Row) -> None:
        made = self._row(row)
        made.paragraph_format.keep_with_next = row.glued
        if row.label is not None and row.label.font is not None:
            label = "".join(run.text for run in row.label.runs)
            run = made.runs[0] if made.runs else made.add_run()
            named = run.text
            run.text = label
            word.set_font(run, row.label.font.name, form.SIZE_3)
            word.set_font(made.add_run(named), "仿宋", form.SIZE_3)
            left = row.runs[0].x if row.runs else form.INDENT * form.CELL
            word.indent(made, left=left, first=row.label.runs[0].x - left)

    def _head(self, head: Any) -> None:
        """Everything of the head at its place of the sheet."""
        drawn = _Drawn()
        head.draw(drawn, form.BINDING_MARGIN)
        for x, y, text, font, size, colour in drawn.texts:
            em = size * POINT
            made = self.file.add_paragraph()
            tall = em * 1.3
            word.set_lines(made, Pt(tall / POINT))
            wide = font.width(text, size) + em
            top = y - EM_TOP * em - (tall - em) / 2
            if colour is not BLACK:  # the mark, in the middle of its frame whatever typeface is there
                made.alignment = WD_ALIGN_PARAGRAPH.CENTER
                x, wide = x - em / 2, wide
            word.set_font(made.add_run(text), font.name, size, colour)
            word.put_in_frame(made, x, top, wide, tall)
        for x1, y, x2, width, _ in drawn.lines:
            made = self.file.add_paragraph()
            word.set_lines(made, Pt(1))
            word.set_borders(made, top=width, red=1)
            word.put_in_frame(made, x1, y - width / 2, x2 - x1, 0.6)

    def _attachment_list(self) -> None:
        """附件说明, names aligned with each other (7.3.4)."""
        self._blank(form.BODY_TO_ATTACHMENTS)
        several = len(self.document.attachments) > 1
        for number, attachment in enumerate(self.document.attachments, 1):
            title = printable(attachment.title.replace("\n", ""))
            serial = f"{number}." if several else ""
            made = self._paragraph(("附件：" if number == 1 else "") + serial + title)
            label = form.INDENT * form.CELL + 3 * form.CELL
            hanging = form.CELL * (0.9 if several else 0.0)
            first = form.INDENT * form.CELL if number == 1 else label
            word.indent(made, left=label + hanging, first=first - label - hanging)
            made.paragraph_format.keep_with_next = True

    # attachments

    def _annex(self, attachment: Attachment, label: str, mark: str) -> None:
        """On pages of its own; `mark` stands at their head."""
        lying = getattr(attachment, "landscape", False)
        apart = lying or self.section.orientation == 1 or mark != self._marked
        if apart:
            self.section = self.file.add_section(WD_SECTION.NEW_PAGE)
            self.section.different_first_page_header_footer = False
            word.set_section(self.section, landscape=lying)
            self._number_pages(self.section, lying)
            self._mark_pages(mark)
        else:
            self.file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        width, height = (form.AREA_HEIGHT, form.AREA_WIDTH) if lying else (form.AREA_WIDTH, form.AREA_HEIGHT)
        first = self._first_paragraph() if apart else self.file.paragraphs[-1]
        word.set_lines(first)
        word.set_font(first.add_run(label), "黑体", form.SIZE_3)
        self._blank()
        word.set_outline(self._title(attachment.title, width), 1)
        self._blank()
        if isinstance(attachment, TextAnnex):
            self._blocks(attachment.body)
            return
        table = AnnexTable(self.fonts, attachment, (), form.COMPACT, width, height)
        self._facts(table)
        add_table(self.file, table)
        for note in attachment.notes:
            made = self._paragraph(printable(note), "宋体", table.note_size)
            word.set_lines(made, Pt(table.note_size * 1.5))

    def _first_paragraph(self) -> Any:
        return self.file.add_paragraph()

    def _facts(self, table: AnnexTable) -> None:
        """Unit, month and the like just above the table: the first left, the last right."""
        facts = [printable(fact) for fact in table.annex.facts]
        if not facts:
            return
        made = self._paragraph("\t".join(facts), "宋体", table.note_size)
        word.set_lines(made, Pt(table.note_size * 1.5))
        for place in range(1, len(facts)):
            last = place == len(facts) - 1
            at = table.width * place / (len(facts) - 1)
            align = WD_TAB_ALIGNMENT.RIGHT if last else WD_TAB_ALIGNMENT.CENTER
            made.paragraph_format.tab_stops.add_tab_stop(Mm(at), align)

    # 版记

    def _imprint(self) -> None:
        """抄送 and 印发机关 on the lower edge of the last page (7.4)."""
        document = self.document
        letter = document.form is Form.LETTER
        side = form.IMPRINT_SIDE * form.SIZE_4 * POINT
        parts: list[tuple[str, int]] = []
        if document.copies_to:
            text = f"抄送：{printable(document.copies_to).rstrip('。')}。"
            setter = Setter(self.fonts, form.AREA_WIDTH - 2 * side)
            hanging = len("抄送：") * form.SIZE_4 * POINT
            parts.append((text, len(setter.lines(text, self.fonts.fang, 0.0, hanging, form.SIZE_4))))
        if document.issued_by and not letter:
            day = f"{chinese_date(document.issued_on or document.day)}印发"
            parts.append((f"{printable(document.issued_by)}\t{day}", 1))
        y = form.AREA_BOTTOM - sum(lines for _, lines in parts) * form.IMPRINT_STEP
        for place, (text, lines) in enumerate(parts):
            made = self._paragraph(text, "仿宋", form.SIZE_4)
            word.set_lines(made, Mm(form.IMPRINT_STEP))
            hanging = len("抄送：") * form.SIZE_4 * POINT if text.startswith("抄送：") else 0.0
            word.indent(made, left=side + hanging, first=-hanging, right=side)
            at = Mm(form.AREA_WIDTH - side)
            made.paragraph_format.tab_stops.add_tab_stop(at, WD_TAB_ALIGNMENT.RIGHT)
            if not letter:
                borders = {"top": form.IMPRINT_THIN if place else form.IMPRINT_THICK}
                if place + 1 == len(parts):
                    borders["bottom"] = form.IMPRINT_THICK
                word.set_borders(made, **borders)
            tall = lines * form.IMPRINT_STEP
            word.put_in_frame(made, form.BINDING_MARGIN, y, form.AREA_WIDTH, tall, exact=False)
            y += tall
        if parts:  # what stands in a frame hangs on the paragraph after it
            word.set_lines(self.file.add_paragraph(), Pt(1))


def _in_words(figure: Figure) -> str:
    """What a chart shows, for whoever cannot see it."""
    chart = figure.chart
    said = [
        f"{name}："
        + "，".join(
            f"{one.name}{'' if one.values[place] is None else format(one.values[place], f'.{chart.places}f')}"
            for one in chart.series
        )
        for place, name in enumerate(chart.categories)
    ]
    return f"{chart.title}。{'；'.join(said)}"
