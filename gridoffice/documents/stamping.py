"""A mark on a file that somebody else made: at the edges of a PDF's pages, on a strip below a picture. Nothing that
stands on it is covered."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from gridoffice.documents import render
from gridoffice.documents.output import marked, surface_for
from gridoffice.documents.surface import Colour

if TYPE_CHECKING:
    from PIL import Image

_ACROSS, _STRIP, _SIDE = 150.0, 5.0, 3.0
"""The strip below a picture that is 150 mm wide, in millimetres: its height, and what stays free at its sides."""
_SIZE = 8.0  # points
_GREY = Colour(0.35, 0.35, 0.35)
_QUALITY = 92


def stamped(content: bytes, mark: str) -> bytes:
    """A PDF or a JPEG with its mark. A PDF that cannot be opened here, damaged or behind a password, stays as it
    is."""
    return _stamped_pdf(content, mark) if b"%PDF-" in content[:1024] else _stamped_picture(content, mark)


def _stamped_pdf(content: bytes, mark: str) -> bytes:
    import pikepdf

    try:
        sizes = render.page_sizes(content)
        document = pikepdf.open(BytesIO(content))
    except (pikepdf.PdfError, RuntimeError):  # pdfium's own error is one
        return content
    with marked(mark):
        surface = surface_for("", persons=True)
        for wide, tall in sizes:
            surface.page(wide, tall)
    with document, pikepdf.open(BytesIO(surface.finish())) as marks:
        for page, over in zip(document.pages, marks.pages, strict=True):
            page.add_overlay(over, None)
        written = BytesIO()
        document.save(written)
    return written.getvalue()


def _stamped_picture(content: bytes, mark: str) -> bytes:
    from PIL import Image

    with Image.open(BytesIO(content)) as picture:
        strip = _strip(mark, picture.width)
        whole = Image.new("RGB", (picture.width, picture.height + strip.height), "white")
        whole.paste(picture, (0, 0))
    whole.paste(strip, (0, whole.height - strip.height))
    written = BytesIO()
    whole.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def _strip(mark: str, wide: int) -> Image.Image:
    """The words on white, as wide as a picture of so many pixels."""
    from PIL import Image

    from gridoffice.documents.fonts import FontSet, printable

    words, font = printable(mark), FontSet.found().song
    surface = surface_for("", persons=False)
    surface.page(_ACROSS, _STRIP)
    size = _SIZE * min(1.0, (_ACROSS - 2 * _SIDE) / font.width(words, _SIZE))
    surface.text(_SIDE, _STRIP * 0.68, words, font, size, colour=_GREY)
    with Image.open(BytesIO(render.page_png(surface.finish(), 0, wide / _ACROSS * 25.4))) as strip:
        return strip.convert("RGB").resize((wide, max(1, round(wide * _STRIP / _ACROSS))))
