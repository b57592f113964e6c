"""A ledger on paper: 10,000 rows on A4 landscape, with lines, repeated head and page numbers."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from benchmarks.measure import Watch
from benchmarks.roster import COLUMNS, texts

TITLE = "台账成文：10,000 行 × 12 列（PDF，A4 横向）"
REPEAT = 3
COUNT = 10_000
SHOWN = COLUMNS[:12]


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


CASES = {"网格办": ours, "reportlab LongTable": platypus}
