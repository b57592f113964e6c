"""A ledger on paper: 10,000 rows on A4 landscape, with lines, repeated head and page numbers."""

# fpdf2 and LibreOffice are not among the locked dependencies: who runs this bench installs them
# pyright: reportMissingImports=false, reportMissingModuleSource=false

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.measure import Watch
from benchmarks.roster import COLUMNS, texts

TITLE = "台账成文：10,000 行 × 12 列（PDF，A4 横向）"
REPEAT = 3
COUNT = 10_000
SHOWN = COLUMNS[:12]
BARE_ROWS = 22


def prepare(folder: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(folder / "ledger.xlsx"))
    sheet = book.add_worksheet("花名册")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    cell = book.add_format({"border": 1, "font_size": 9, "font_name": "Noto Serif SC"})
    sheet.write_row(0, 0, [column.field.label for column in SHOWN], cell)
    for place, column in enumerate(SHOWN):
        sheet.set_column(place, place, column.field.width)
    for number, row in enumerate(texts(folder, COUNT), 1):
        sheet.write_row(number, 0, row[: len(SHOWN)], cell)
    book.close()


def ours(folder: Path, watch: Watch) -> None:
    from gridoffice.documents.pdf import ledger_pdf
    from gridoffice.documents.render import pages

    lines = [row[: len(SHOWN)] for row in texts(folder, COUNT)]
    heads = [column.field.label for column in SHOWN]
    with watch:
        made = ledger_pdf(
            "网格员花名册", ["单位：示范"], heads, lines, [column.field.width for column in SHOWN]
        )
    watch.note("页", pages(made))
    watch.note("文件", len(made) / 1e6, " MB")


class _CanvasFont:
    """Our 宋体 as a canvas asks for it."""

    _dynamicFont = _multiByte = True
    shapable = False

    def __init__(self, name: str):
        from gridoffice.documents.embedding import EmbeddedFace
        from gridoffice.documents.fonts import FontSet

        self.name = self.fontName = name
        self.face = self
        self.font = FontSet.bundled().song
        self.faces: dict[Any, EmbeddedFace] = {}
        self.known: dict[str, tuple[EmbeddedFace, bytes]] = {}

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[Any, bytes]]:
        runs: list[tuple[Any, bytes]] = []
        for char in text:
            face, code = self.known.get(char) or self._new(char, doc)
            if runs and runs[-1][0] is face:
                runs[-1] = (face, runs[-1][1] + code)
            else:
                runs.append((face, code))
        return runs

    def _new(self, char: str, doc: Any) -> tuple[Any, bytes]:
        from gridoffice.documents.embedding import EmbeddedFace

        glyph = self.font.glyph(char)
        if glyph.face not in self.faces:
            self.faces[glyph.face] = EmbeddedFace(glyph.face, f"F{len(self.faces) + 1}")
            doc.delayedFonts.append(self.faces[glyph.face])
        face = self.faces[glyph.face]
        found = self.known[char] = face, face.code(char, glyph).to_bytes(2, "big")
        return found

    def getSubsetInternalName(self, subset: Any, doc: Any) -> str:
        return f"/{subset.resource}"


def bare(folder: Path, watch: Watch) -> None:
    """The least that draws such a ledger: reportlab's canvas with our fonts, fixed columns, nothing judged,
    wrapped or checked, text at the left of its cell."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfgen import canvas as reportlab

    from gridoffice.documents.render import pages

    Canvas: Any = reportlab.Canvas

    heads = [column.field.label for column in SHOWN]
    lines = [row[: len(SHOWN)] for row in texts(folder, COUNT)]
    weights = [column.field.width for column in SHOWN]
    with watch:
        font = "Song"
        pdfmetrics.registerFont(_CanvasFont(font))
        canvas = Canvas("", pagesize=(842, 595), pageCompression=1, invariant=1, initialFontName=font)
        edges = [40.0]
        for weight in weights:
            edges.append(edges[-1] + 762 * weight / sum(weights))
        for number, start in enumerate(range(0, len(lines), BARE_ROWS), 1):
            canvas.setLineWidth(0.5)
            text = canvas.beginText()
            text.setFont(font, 9)
            y = 550.0
            for row in (heads, *lines[start : start + BARE_ROWS]):
                for words, edge in zip(row, edges, strict=False):
                    text.setTextOrigin(edge + 2, y + 5)
                    text.textLine(words)
                canvas.line(40, y, 802, y)
                y -= 22
            for edge in edges:
                canvas.line(edge, 572, edge, y + 22)
            canvas.line(40, 572, 802, 572)
            text.setTextOrigin(400, 25)
            text.textLine(f"第 {number} 页")
            canvas.drawText(text)
            canvas.showPage()
        made = canvas.getpdfdata()
    watch.note("页", pages(made))
    watch.note("文件", len(made) / 1e6, " MB")


def fpdf(folder: Path, watch: Watch) -> None:
    """The same bare drawing in fpdf2, which has fallback for each glyph of its own."""
    from fpdf import FPDF

    import resources
    from gridoffice.documents.render import pages

    heads = [column.field.label for column in SHOWN]
    lines = [row[: len(SHOWN)] for row in texts(folder, COUNT)]
    weights = [column.field.width for column in SHOWN]
    with watch:
        paper = FPDF("L", "pt", "A4")
        paper.set_auto_page_break(False)
        paper.add_font("Song", fname=str(resources.path("fonts", "NotoSerifSC-Regular.ttf")))
        paper.add_font("Last", fname=str(resources.path("fonts", "HanaMinB.ttf")))
        paper.set_font("Song", size=9)
        paper.set_fallback_fonts(["Last"])
        paper.set_line_width(0.5)
        edges = [40.0]
        for weight in weights:
            edges.append(edges[-1] + 762 * weight / sum(weights))
        for number, start in enumerate(range(0, len(lines), BARE_ROWS), 1):
            paper.add_page()
            y = 45.0
            paper.line(40, y - 22, 802, y - 22)
            for row in (heads, *lines[start : start + BARE_ROWS]):
                for words, edge in zip(row, edges, strict=False):
                    if words:
                        paper.text(edge + 2, y - 5, words)
                paper.line(40, y, 802, y)
                y += 22
            for edge in edges:
                paper.line(edge, 23, edge, y - 22)
            paper.text(400, 570, f"第 {number} 页")
        made = bytes(paper.output())
    watch.note("页", pages(made))
    watch.note("文件", len(made) / 1e6, " MB")


def libreoffice(folder: Path, watch: Watch) -> None:
    """The workbook of the same rows, printed to PDF; making the workbook is not counted."""
    import subprocess

    from gridoffice.documents.render import pages

    profile = f"-env:UserInstallation={(folder / 'office').resolve().as_uri()}"
    words = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    with watch:
        subprocess.run([*words, str(folder / "ledger.xlsx")], check=True, capture_output=True)
    made = (folder / "ledger.pdf").read_bytes()
    watch.note("页", pages(made))
    watch.note("文件", len(made) / 1e6, " MB")


def platypus(folder: Path, watch: Watch) -> None:
    """The usual way; its font class writes rare characters that copy out wrong."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, SimpleDocTemplate

    import resources
    from gridoffice.documents.render import pages

    heads = [column.field.label for column in SHOWN]
    lines = [heads, *(row[: len(SHOWN)] for row in texts(folder, COUNT))]
    made = BytesIO()
    with watch:
        pdfmetrics.registerFont(TTFont("Song", str(resources.path("fonts", "NotoSerifSC-Regular.ttf"))))
        style = [("FONT", (0, 0), (-1, -1), "Song", 6), ("GRID", (0, 0), (-1, -1), 0.3, "black")]
        page = SimpleDocTemplate(made, pagesize=landscape(A4), leftMargin=20, rightMargin=20)
        page.build([LongTable(lines, style=style, repeatRows=1)])
    watch.note("页", pages(made.getvalue()))
    watch.note("文件", len(made.getvalue()) / 1e6, " MB")


CASES = {
    "网格办": ours,
    "只画不排（画布原型）": bare,
    "fpdf2，只画不排": fpdf,
    "LibreOffice": libreoffice,
    "reportlab LongTable": platypus,
}
