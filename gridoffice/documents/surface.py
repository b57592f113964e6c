"""What a page is drawn on: text, lines, rectangles and pictures, in millimetres from the top left of the sheet.

Layout code draws on a `Surface` and knows no file format; `pdf_surface.PdfSurface` writes PDF, and any
other format of fixed pages is one more class with these few methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gridoffice.documents.fonts import Font

A4 = (210.0, 297.0)
EM_TOP = 0.88
"""How far the box of a Chinese character rises above its baseline, in em; the rest hangs below."""


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue from 0 to 1."""

    red: float
    green: float
    blue: float


BLACK = Colour(0, 0, 0)
# GB/T 9704-2012 6.2: red ink Y 80 %, M 80 %; on screen and office printers this is its usual red.
RED = Colour(0.835, 0.063, 0.063)


class Surface(Protocol):
    """One document's pages, drawn one after the other."""

    def page(self, width: float, height: float, turn: int = 0) -> None:
        """Begin a page of `width` x `height`; a reader shows it turned clockwise by `turn` degrees."""
        ...

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
        """Set `text` from `x` on the baseline `y`, `size` in points, `spacing` added after each character.

        `stretch` makes characters wider (above 1) or narrower. Raises OfficeError naming the character
        that no layer of the font has.
        """
        ...

    def line(
        self, x1: float, y1: float, x2: float, y2: float, width: float, colour: Colour = BLACK
    ) -> None: ...

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour) -> None: ...

    def blocks(self, places: Sequence[tuple[float, float, float, float]], fill: Colour) -> None:
        """Many rectangles (x, y, width, height) as one shape: no seam shows where they touch."""
        ...

    def image(self, x: float, y: float, width: float, height: float, content: bytes) -> None:
        """A picture that fills a rectangle; what does not fit is cut off evenly at both sides."""
        ...

    def turned(self, x: float, y: float) -> AbstractContextManager[None]:
        """Draw a quarter turn to the left: inside, (0, 0) is at (x, y), right is up and down is right."""
        ...

    def bookmark(self, title: str, y: float = 0.0) -> None:
        """An entry of the outline that leads to height `y` of the current page."""
        ...

    def finish(self) -> bytes:
        """Close the last page; answers the whole file."""
        ...
