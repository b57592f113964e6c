"""A chart as a picture, for formats that take no drawing of ours."""

from __future__ import annotations

from gridoffice.documents.charts import draw_chart
from gridoffice.documents.fonts import FontSet
from gridoffice.documents.model import Chart
from gridoffice.documents.pdf_surface import PdfSurface
from gridoffice.documents.render import page_png

DPI = 300


def figure_png(chart: Chart, fonts: FontSet, width: float, height: float) -> bytes:
    """The chart as PNG, `width` x `height` millimetres at 300 dpi."""
    surface = PdfSurface(chart.title)
    surface.page(width, height)
    draw_chart(surface, fonts, chart, 0.0, 0.0, width, height)
    return page_png(surface.finish(), 0, DPI)
