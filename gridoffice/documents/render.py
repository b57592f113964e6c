"""Pictures and text of a PDF's pages, from the very bytes that are saved and printed.

pdfium works in one thread at a time; a lock keeps callers in several threads apart.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import pypdfium2 as pdfium

_LOCK = Lock()


@contextmanager
def _document(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    with _LOCK:
        document = pdfium.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()


def pages(pdf: bytes) -> int:
    """How many pages the document has."""
    with _document(pdf) as document:
        return len(document)


def page_size(pdf: bytes, index: int) -> tuple[float, float]:
    """Width and height of a page as it is read (a turned page is measured turned), in millimetres."""
    with _document(pdf) as document:
        width, height = document[index].get_size()
    return width * 25.4 / 72, height * 25.4 / 72


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page as it is read, in millimetres."""
    with _document(pdf) as document:
        sizes = [document.get_page_size(index) for index in range(len(document))]
    return [(width * 25.4 / 72, height * 25.4 / 72) for width, height in sizes]


def page_png(pdf: bytes, index: int, dpi: float = 150) -> bytes:
    """A page as PNG. `index` counts from 0."""
    with _document(pdf) as document:
        page: Any = document[index]  # its scale may be a fraction, whatever its signature says
        picture = page.render(scale=dpi / 72).to_pil()
        target = io.BytesIO()
        picture.save(target, "PNG")
    return target.getvalue()


def page_rgb(pdf: bytes, index: int, scale: float) -> tuple[int, int, int, bytes]:
    """A page as pixels: width, height, bytes a row, and BGRA bytes (QImage.Format_RGB32).

    `scale` is pixels in a point: 1.0 is 72 dpi.
    """
    with _document(pdf) as document:
        page: Any = document[index]
        bitmap = page.render(scale=scale, prefer_bgrx=True, rev_byteorder=False)
        return bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer)


def page_text(pdf: bytes, index: int) -> str:
    """The text of a page in the order in which it was set, lines ended by \\n."""
    with _document(pdf) as document:
        page = document[index].get_textpage()
        return page.get_text_bounded().replace("\r\n", "\n")


def find_in_page(pdf: bytes, index: int, words: str) -> list[tuple[float, float, float, float]]:
    """Where words stand on a page as it is read: left, top, width and height in points from its upper left
    corner, one for each line that they run over."""
    with _document(pdf) as document:
        page: Any = document[index]
        text = page.get_textpage()
        wide, tall = page.get_size()
        turn = page.get_rotation()
        found: list[tuple[float, float, float, float]] = []
        search = text.search(words)
        while (hit := search.get_next()) is not None:
            for place in range(text.count_rects(*hit)):
                left, bottom, right, top = text.get_rect(place)
                if turn == 90:  # read lying: what was left is above
                    found.append((bottom, left, top - bottom, right - left))
                elif turn == 0:
                    found.append((left, tall - top, right - left, top - bottom))
                else:
                    found.append((0.0, 0.0, wide, tall))
        return found
