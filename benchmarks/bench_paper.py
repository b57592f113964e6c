"""A ledger on paper: 10,000 rows on A4 landscape, with lines, repeated head and page numbers."""

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
    texts(folder, 1)


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


CASES = {"网格办": ours, "只画不排（画布原型）": bare, "reportlab LongTable": platypus}
