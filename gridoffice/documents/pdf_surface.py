"""The surface that writes PDF: a reportlab canvas, measured in millimetres from the top left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from reportlab.pdfgen import canvas

from gridoffice.documents.archive import make_archival
from gridoffice.documents.embedding import registered, stream
from gridoffice.documents.fonts import POINT, Font, FontSet
from gridoffice.documents.pictures import picture
from gridoffice.documents.surface import BLACK, Colour

Canvas: Any = canvas.Canvas  # its signature has defaults and no types


class PdfSurface:
    """A document in PDF/A-2b with every font embedded, the same bytes for the same drawing.

    `title`, `author` and `day` become the information of the file: the date of an official document is
    the one it is signed under, not that of the computer. `part` 1 writes PDF/A-1b instead.
    """

    def __init__(self, title: str, author: str = "", day: date | None = None, part: int = 2):
        # Without a font of ours to begin with, every page would declare Helvetica and not embed it.
        first = registered(FontSet.bundled().song)
        version = (1, 4) if part == 1 else (1, 7)
        self._canvas = Canvas(
            "", pageCompression=1, invariant=1, pdfVersion=version, initialFontName=first, lang="zh-CN"
        )
        make_archival(self._canvas._doc, title, author, day, part)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._bookmarks = 0
        self._pictures: dict[bytes, tuple[str, int, int]] = {}
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
        name, wide, tall = self._picture(content)
        scale = max(width / wide, height / tall)
        across, down = wide * scale / POINT, tall * scale / POINT
        left, top = self._left + x / POINT, self._top - y / POINT
        self._canvas.saveState()
        path = self._canvas.beginPath()
        path.rect(left, top - height / POINT, width / POINT, height / POINT)
        self._canvas.clipPath(path, stroke=0, fill=0)
        corner = left + (width / POINT - across) / 2, top - (height / POINT + down) / 2
        self._canvas.transform(across, 0, 0, down, *corner)
        self._canvas.doForm(name)
        self._canvas.restoreState()

    def _picture(self, content: bytes) -> tuple[str, int, int]:
        """The name of a picture in the file, where it stands once, and its size in pixels."""
        if content not in self._pictures:
            name = f"picture{len(self._pictures) + 1}"
            found, wide, tall = picture(content)
            self._canvas._doc.addForm(name, found)
            self._canvas._doc.inPage()
            self._pictures[content] = name, wide, tall
        return self._pictures[content]

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
