"""A surface that only remembers what was drawn on it, to hold readers of finished files against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from gridoffice.documents.fonts import POINT, Font
from gridoffice.documents.surface import BLACK, Colour


class Recorder:
    """What layout code draws, as letters and lines in the coordinates of the page as it is read."""

    def __init__(self) -> None:
        self.pages: list[dict[str, Any]] = []
        self._frames: list[Any] = []

    def page(self, width: float, height: float, turn: int = 0) -> None:
        self.pages.append({"letters": [], "lines": [], "size": (height, width) if turn else (width, height)})
        self._frames = [(lambda x, y: (height - y, x)) if turn else (lambda x, y: (x, y))]

    def _at(self, x: float, y: float) -> tuple[float, float]:
        for frame in reversed(self._frames):
            x, y = frame(x, y)
        return x, y

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
        for char in text:
            self.pages[-1]["letters"].append((char, *self._at(x, y), size * POINT))
            x += (font.glyph(char).advance * size * POINT + spacing) * stretch

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float, colour: Colour = BLACK) -> None:
        self.pages[-1]["lines"].append((self._at(x1, y1), self._at(x2, y2), width))

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour) -> None: ...

    def blocks(self, places: Sequence[tuple[float, float, float, float]], fill: Colour) -> None: ...

    def image(self, x: float, y: float, width: float, height: float, content: bytes) -> None: ...

    @contextmanager
    def turned(self, x: float, y: float) -> Iterator[None]:
        self._frames.append(lambda u, v: (x + v, y - u))
        yield
        self._frames.pop()

    def bookmark(self, title: str, y: float = 0.0) -> None: ...

    def finish(self) -> bytes:
        return b""
