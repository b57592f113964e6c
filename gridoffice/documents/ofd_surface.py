"""The surface that writes OFD (GB/T 33190-2016): fixed pages as XML in one packed file.

Text keeps its characters and their advances, fonts are embedded with only the glyphs used, pictures and
the outline come along. Nothing here signs: the file says of itself that it is not for electronic seals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from gridoffice.documents import fonts
from gridoffice.documents.fonts import POINT, Font
from gridoffice.documents.ofd_package import Face, Mark, Package, Page, Picture
from gridoffice.documents.surface import BLACK, EM_TOP, Colour

Matrix = tuple[float, float, float, float, float, float]
"""Where a point of the drawing lies on the page: x = a·x + c·y + e, y = b·x + d·y + f."""

_UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def number(value: float) -> str:
    """A length as OFD writes it: millimetres, thousandths at most."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def numbers(*values: float) -> str:
    return " ".join(map(number, values))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _ink(name: str, colour: Colour) -> str:
    if colour is BLACK:
        return f'<ofd:{name} Value="0 0 0"/>'
    parts = " ".join(str(round(255 * part)) for part in (colour.red, colour.green, colour.blue))
    return f'<ofd:{name} Value="{parts}"/>'


@dataclass(slots=True)
class _Open:
    """The page that is being drawn."""

    width: float
    height: float
    base: Matrix
    objects: list[str] = field(default_factory=list)


class OfdSurface:
    """A document in OFD, the same bytes for the same drawing. `title`, `author` and `day` become what the
    file says of itself."""

    def __init__(self, title: str, author: str = "", day: date | None = None):
        self._package = Package(title, author, day)
        self._page: _Open | None = None
        self._matrix = _UPRIGHT
        self._faces: dict[int, Face] = {}
        self._pictures: dict[str, Picture] = {}

    # pages

    def page(self, width: float, height: float, turn: int = 0) -> None:
        self._close_page()
        if turn % 180:  # OFD knows no turned pages: the page lies as it is read
            base: Matrix = (0.0, 1.0, -1.0, 0.0, height, 0.0)
            self._page = _Open(height, width, base)
        else:
            self._page = _Open(width, height, _UPRIGHT)
        self._matrix = self._page.base

    def _close_page(self) -> None:
        if self._page is not None:
            page = self._page
            self._package.add_page(Page(page.width, page.height, "".join(page.objects)))
        self._page = None

    def _put(self, kind: str, box: Sequence[float], attributes: str, inside: str) -> None:
        assert self._page is not None
        made = self._package.next_id()
        self._page.objects.append(
            f'<ofd:{kind} ID="{made}" Boundary="{numbers(*box)}"{attributes}>{inside}</ofd:{kind}>'
        )

    def _at(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self._matrix
        return a * x + c * y + e, b * x + d * y + f

    def _boundary(self, corners: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
        across, down = zip(*(self._at(*corner) for corner in corners), strict=True)
        return min(across), min(down), max(across) - min(across), max(down) - min(down)

    # drawing

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
        em = size * POINT
        glyphs = [(char, font.glyph(char, text)) for char in text]
        for _, some in groupby(glyphs, key=lambda one: id(one[1].face)):
            run = list(some)
            face = self._face(run[0][1].face)
            steps = [(glyph.advance * em + spacing) * stretch for _, glyph in run]
            chars = "".join(char for char, _ in run)
            wide = sum(steps)
            left, top, across, down = self._boundary(
                [(x, y - EM_TOP * em), (x + wide, y + (1 - EM_TOP) * em)]
            )
            start, base = self._at(x, y)
            attributes = f' Font="{face.id}" Size="{number(em)}"'
            place = numbers(start - left, base - top)
            if stretch != 1.0:
                attributes += f' HScale="{number(stretch)}"'
            if self._matrix[:4] != (1.0, 0.0, 0.0, 1.0):
                turned = (*self._matrix[:4], start - left, base - top)
                attributes += f' CTM="{numbers(*turned)}"'
                place = "0 0"
            ink = _ink("FillColor", colour) if colour is not BLACK else ""
            thicker = font.thickened.get(run[0][1].face, 0.0)
            if thicker:  # drawn round its outlines too, as in a PDF
                attributes += f' Stroke="true" LineWidth="{number(thicker * em)}"'
                ink += _ink("StrokeColor", colour)
            deltas = f' DeltaX="{numbers(*steps[:-1])}"' if len(steps) > 1 else ""
            across_, down_ = place.split(" ")
            self._put(
                "TextObject",
                (left, top, across, down),
                attributes,
                f"{ink}{face.choose(run)}"
                f'<ofd:TextCode X="{across_}" Y="{down_}"{deltas}>{escaped(chars)}</ofd:TextCode>',
            )
            x += wide

    def _face(self, face: fonts.Face) -> Face:
        known = self._faces.get(id(face))
        if known is None:
            known = self._faces[id(face)] = self._package.add_face(face)
        return known

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float, colour: Colour = BLACK) -> None:
        half = width / 2
        corners = [
            (min(x1, x2) - half, min(y1, y2) - half),
            (max(x1, x2) + half, max(y1, y2) + half),
        ]
        box = self._boundary(corners)
        ends = [self._at(x1, y1), self._at(x2, y2)]
        (sx, sy), (ex, ey) = ((px - box[0], py - box[1]) for px, py in ends)
        path = f"<ofd:AbbreviatedData>M {numbers(sx, sy)} L {numbers(ex, ey)}</ofd:AbbreviatedData>"
        ink = _ink("StrokeColor", colour) if colour is not BLACK else ""
        self._put("PathObject", box, f' LineWidth="{number(width)}"', ink + path)

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        self.blocks([(x, y, width, height)], fill)

    def blocks(self, places: Sequence[tuple[float, float, float, float]], fill: Colour) -> None:
        if not places:
            return
        corners = [(x, y) for x, y, _, _ in places] + [(x + w, y + h) for x, y, w, h in places]
        box = self._boundary(corners)
        data: list[str] = []
        for x, y, w, h in places:
            around = [self._at(*one) for one in ((x, y), (x + w, y), (x + w, y + h), (x, y + h))]
            steps = [numbers(px - box[0], py - box[1]) for px, py in around]
            data.append(f"M {steps[0]} L {steps[1]} L {steps[2]} L {steps[3]} C")
        self._put(
            "PathObject",
            box,
            ' Stroke="false" Fill="true"',
            f"{_ink('FillColor', fill)}<ofd:AbbreviatedData>{' '.join(data)}</ofd:AbbreviatedData>",
        )

    def image(self, x: float, y: float, width: float, height: float, content: bytes) -> None:
        key = f"{hashlib.sha256(content).hexdigest()} {width / height:.4f}"
        if key not in self._pictures:
            self._pictures[key] = self._package.add_picture(content, width / height)
        box = self._boundary([(x, y), (x + width, y + height)])
        a, b, c, d, _, _ = self._matrix
        start, base = self._at(x, y)
        fitted = (a * width, b * width, c * height, d * height, start - box[0], base - box[1])
        attributes = f' CTM="{numbers(*fitted)}" ResourceID="{self._pictures[key].id}"'
        self._put("ImageObject", box, attributes, "")

    @contextmanager
    def turned(self, x: float, y: float) -> Iterator[None]:
        outer = self._matrix
        a, b, c, d, _, _ = outer
        e, f = self._at(x, y)
        self._matrix = (-c, -d, a, b, e, f)  # right is up, down is right
        yield
        self._matrix = outer

    def bookmark(self, title: str, y: float = 0.0) -> None:
        left, top = self._at(0.0, y)
        self._package.marks.append(Mark(title, self._package.pages + 1, left, max(top, 0.0)))

    def finish(self) -> bytes:
        self._close_page()
        return self._package.finish()
