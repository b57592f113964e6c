"""Golden pictures of the reference documents, as grey thumbnails, and how a page is compared with its own.

`python -m tests.documents.golden` makes them anew; look at every page before keeping them.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat

from gridoffice.documents.render import page_png, pages
from tests.documents.references import NAMES_OF_ALL, reference

FOLDER = Path(__file__).parent / "golden"
DPI = 45
TOLERANCE = 14.0
"""Of 255: the most that a spot of some 3 mm may differ. A line of text that moves by half a millimetre
differs by more, another version of pdfium by much less."""
_SPOT = 2.5  # pixels, the radius over which differences are evened out


def picture(pdf: bytes, index: int) -> Image.Image:
    """A page in 16 greys."""
    with Image.open(io.BytesIO(page_png(pdf, index, DPI))) as page:
        return page.convert("L").point([round(value / 17) * 17 for value in range(256)])


def difference(one: Image.Image, other: Image.Image) -> float:
    """The most by which a spot differs; 255 when the pages are of two sizes."""
    if one.size != other.size:
        return 255.0
    spots = ImageChops.difference(one, other).filter(ImageFilter.GaussianBlur(_SPOT))
    return float(ImageStat.Stat(spots).extrema[0][1])


def path_of(name: str, index: int) -> Path:
    return FOLDER / f"{name}-{index + 1}.png"


def kept(name: str) -> list[Path]:
    return sorted(FOLDER.glob(f"{name}-*.png"))


def keep(name: str) -> None:
    for path in kept(name):
        path.unlink()
    pdf = reference(name)
    for index in range(pages(pdf)):
        greys = picture(pdf, index).quantize(16)
        greys.save(path_of(name, index), optimize=True)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for chosen in sys.argv[1:] or NAMES_OF_ALL:
        keep(chosen)
