"""The surface that writes PDF: a reportlab canvas, measured in millimetres from the top left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from gridoffice.documents.embedding import registered, stream
from gridoffice.documents.fonts import POINT, Font, FontSet
from gridoffice.documents.surface import BLACK, Colour

PRODUCER = "网格办 GridOffice"

Canvas: Any = canvas.Canvas  # its signature has defaults and no types


class PdfSurface:
    """A document in PDF 1.7 with every font embedded, the same bytes for the same drawing.

    `title`, `author` and `day` become the information of the file: the date of an official document is
    the one it is signed under, not that of the computer.
    """

    def __init__(self, title: str, author: str = "", day: date | None = None):
        # Without a font of ours to begin with, every page would declare Helvetica and not embed it.
        first = registered(FontSet.bundled().song)
        self._canvas = Canvas(
            "", pageCompression=1, invariant=1, pdfVersion=(1, 7), initialFontName=first, lang="zh-CN"
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject("")
        self._canvas.setCreator(PRODUCER)
        self._canvas.setProducer(PRODUCER)
        if day:
            self._canvas.setDateFormatter(lambda *_now: f"D:{day:%Y%m%d}")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._bookmarks = 0
        self._open = False

    def page(self, width: float, height: float, turn: int = 0) -> None:
        self._close_page()
        self._open = True
        self._colour = BLACK
        self._left, self._top = 0.0, height / POINT
        size = (width / POINT, height / POINT)
        # The size of a turned page is taken as it is read.
        self._canvas.setPageSize(size if turn % 180 == 0 else size[::-1])
        self._canvas.setPageRotation(turn)

    def _close_page(self) -> None:
        if self._open:
            self._canvas.showPage()
            # Packed at once: reportlab would keep the text of every page until the end, and a city's
            # roster has thousands.
            page = self._canvas._doc.Pages[-1]
            page.Contents = stream(page.stream.encode("latin-1"))
            page.stream = None
        self._open = False

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
        self._ink(colour)
        line = self._canvas.beginText(self._left + x / POINT, self._top - y / POINT)
        line.setFont(registered(font), size)
        if spacing:
            line.setCharSpace(spacing / POINT)
        if stretch != 1.0:
            line.setHorizScale(stretch * 100)
        line.textLine(text)
        if spacing:
            line.setCharSpace(0)
        if stretch != 1.0:
            line.setHorizScale(100)
        self._canvas.drawText(line)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float, colour: Colour = BLACK) -> None:
        self._ink(colour)
        self._canvas.setLineWidth(width / POINT)
        left, top = self._left, self._top
        self._canvas.line(left + x1 / POINT, top - y1 / POINT, left + x2 / POINT, top - y2 / POINT)

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        self._ink(fill)
        corner = self._left + x / POINT, self._top - (y + height) / POINT
        self._canvas.rect(*corner, width / POINT, height / POINT, stroke=0, fill=1)

    def blocks(self, places: Sequence[tuple[float, float, float, float]], fill: Colour) -> None:
        self._ink(fill)
        path = self._canvas.beginPath()
        for x, y, width, height in places:
            corner = self._left + x / POINT, self._top - (y + height) / POINT
            path.rect(*corner, width / POINT, height / POINT)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def image(self, x: float, y: float, width: float, height: float, content: bytes) -> None:
        picture = ImageReader(BytesIO(content))
        wide, tall = picture.getSize()
        scale = max(width / wide, height / tall)
        across, down = wide * scale, tall * scale
        left, top = self._left + x / POINT, self._top - y / POINT
        self._canvas.saveState()
        path = self._canvas.beginPath()
        path.rect(left, top - height / POINT, width / POINT, height / POINT)
        self._canvas.clipPath(path, stroke=0, fill=0)
        corner = left - (across - width) / 2 / POINT, top - (down + height) / 2 / POINT
        self._canvas.drawImage(picture, *corner, across / POINT, down / POINT)
        self._canvas.restoreState()

    def _ink(self, colour: Colour) -> None:
        if colour is not self._colour:
            self._canvas.setFillColorRGB(colour.red, colour.green, colour.blue)
            self._canvas.setStrokeColorRGB(colour.red, colour.green, colour.blue)
            self._colour = colour

    @contextmanager
    def turned(self, x: float, y: float) -> Iterator[None]:
        outer = self._left, self._top, self._colour
        self._canvas.saveState()
        self._canvas.transform(0, 1, -1, 0, self._left + x / POINT, self._top - y / POINT)
        self._left = self._top = 0.0
        yield
        self._canvas.restoreState()
        self._left, self._top, self._colour = outer

    def bookmark(self, title: str, y: float = 0.0) -> None:
        self._bookmarks += 1
        key = str(self._bookmarks)
        self._canvas.bookmarkPage(key, fit="XYZ", top=self._top - y / POINT)
        self._canvas.addOutlineEntry(title, key)
        self._canvas.showOutline()

    def finish(self) -> bytes:
        self._close_page()
        return self._canvas.getpdfdata()
