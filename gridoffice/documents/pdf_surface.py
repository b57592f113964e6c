"""The surface that writes PDF: a reportlab canvas, measured in millimetres from the top left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from reportlab.pdfgen import canvas

from gridoffice.documents.archive import make_archival
from gridoffice.documents.embedding import NO_FONT, DocumentFonts, stream
from gridoffice.documents.fonts import POINT, Font
from gridoffice.documents.pictures import picture
from gridoffice.documents.surface import BLACK, Colour

Canvas: Any = canvas.Canvas  # its signature has defaults and no types


@dataclass(slots=True)
class State:
    """What the page's graphics state holds, so that nothing is written twice."""

    fill: Colour = BLACK
    font: str = ""
    size: float = 0.0
    spacing: float = 0.0
    stretch: float = 1.0
    line: float = 0.0


class PdfSurface:
    """A document in PDF/A-2b with every font embedded, the same bytes for the same drawing.

    `title`, `author` and `day` become the information of the file: the date of an official document is
    the one it is signed under, not that of the computer. `part` 1 writes PDF/A-1b instead.
    """

    def __init__(self, title: str, author: str = "", day: date | None = None, part: int = 2):
        version = (1, 4) if part == 1 else (1, 7)
        self._canvas = Canvas("", invariant=1, pdfVersion=version, initialFontName=NO_FONT, lang="zh-CN")
        make_archival(self._canvas._doc, title, author, day, part)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._fonts = DocumentFonts(self._canvas._doc)
        self._bookmarks = 0
        self._pictures: dict[bytes, tuple[str, int, int]] = {}
        self._code: list[str] = []
        self._open = False

    def page(self, width: float, height: float, turn: int = 0) -> None:
        self._close_page()
        self._left, self._top = 0.0, height / POINT
        size = (width / POINT, height / POINT)
        # The size of a turned page is taken as it is read.
        self._canvas.setPageSize(size if turn % 180 == 0 else size[::-1])
        self._canvas.setPageRotation(turn)
        self._code = []
        self._state = State()
        self._open = True

    def _close_page(self) -> None:
        if self._open:
            self._canvas.addLiteral("\n".join(self._code))
            self._canvas.showPage()
            # Packed at once: reportlab would keep the text of every page until the end, and a city's
            # roster has thousands.
            page = self._canvas._doc.Pages[-1]
            page.Contents = stream(page.stream.encode("ascii"))
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
        runs = self._fonts.runs(text, font)
        state = self._state
        if state.fill is not colour:
            self._ink(colour)
        if state.spacing != spacing or state.stretch != stretch:
            self._code.append(f"{spacing / POINT:.3f} Tc {stretch * 100:.3f} Tz")
            state.spacing, state.stretch = spacing, stretch
        place = f"BT {self._left + x / POINT:.2f} {self._top - y / POINT:.2f} Td"
        for resource, codes, thicker in runs:
            if state.font != resource or state.size != size:
                place = f"{place} /{resource} {size:g} Tf"
                state.font, state.size = resource, size
            if thicker:
                place = f"{place} {thicker * size:.3f} w 2 Tr <{codes}> Tj 0 Tr"
                state.line = 0.0
            else:
                place = f"{place} <{codes}> Tj"
        self._code.append(f"{place} ET")

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float, colour: Colour = BLACK) -> None:
        state = self._state
        if state.fill is not colour:
            self._ink(colour)
        if state.line != width:
            self._code.append(f"{width / POINT:.3f} w")
            state.line = width
        left, top = self._left, self._top
        self._code.append(
            f"{left + x1 / POINT:.2f} {top - y1 / POINT:.2f} m "
            f"{left + x2 / POINT:.2f} {top - y2 / POINT:.2f} l S"
        )

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        self.blocks([(x, y, width, height)], fill)

    def blocks(self, places: Sequence[tuple[float, float, float, float]], fill: Colour) -> None:
        self._ink(fill)
        self._code += [self._box(*place) for place in places]
        self._code.append("f")

    def _box(self, x: float, y: float, width: float, height: float) -> str:
        left, low = self._left + x / POINT, self._top - (y + height) / POINT
        return f"{left:.3f} {low:.3f} {width / POINT:.3f} {height / POINT:.3f} re"

    def image(self, x: float, y: float, width: float, height: float, content: bytes) -> None:
        name, wide, tall = self._picture(content)
        scale = max(width / wide, height / tall)
        across, down = wide * scale / POINT, tall * scale / POINT
        left = self._left + (x + width / 2) / POINT - across / 2
        low = self._top - (y + height / 2) / POINT - down / 2
        clip = f"q {self._box(x, y, width, height)} W n"
        self._code.append(f"{clip} {across:.3f} 0 0 {down:.3f} {left:.3f} {low:.3f} cm /{name} Do Q")

    def _picture(self, content: bytes) -> tuple[str, int, int]:
        """The name of a picture in the file, where it stands once, and its size in pixels."""
        if content not in self._pictures:
            name = f"picture{len(self._pictures) + 1}"
            found, wide, tall = picture(content)
            self._canvas._doc.addForm(name, found)
            self._canvas._doc.inPage()
            self._pictures[content] = name, wide, tall
        name, wide, tall = self._pictures[content]
        self._canvas._formsinuse.append(name)
        return self._canvas._doc.getXObjectName(name), wide, tall

    def _ink(self, colour: Colour) -> None:
        if colour is not self._state.fill:
            ink = f"{colour.red:g} {colour.green:g} {colour.blue:g}"
            self._code.append(f"{ink} rg {ink} RG")
            self._state.fill = colour

    @contextmanager
    def turned(self, x: float, y: float) -> Iterator[None]:
        outer = self._left, self._top, self._state
        self._code.append(f"q 0 1 -1 0 {self._left + x / POINT:.3f} {self._top - y / POINT:.3f} cm")
        self._left = self._top = 0.0
        self._state = replace(self._state)
        yield
        self._code.append("Q")
        self._left, self._top, self._state = outer

    def bookmark(self, title: str, y: float = 0.0) -> None:
        self._bookmarks += 1
        key = str(self._bookmarks)
        self._canvas.bookmarkPage(key, fit="XYZ", top=self._top - y / POINT)
        self._canvas.addOutlineEntry(title, key)
        self._canvas.showOutline()

    def finish(self) -> bytes:
        self._close_page()
        return self._canvas.getpdfdata()
