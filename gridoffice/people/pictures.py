"""What a picture must be before it is kept: a small JPEG without what the camera wrote into it, or a PDF."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from gridoffice.errors import RuleBroken

if TYPE_CHECKING:  # the window opens without it: pages only ask what kinds of picture there are
    from PIL import Image

PHOTO = (480, 640)
"""Width and height that a portrait has room in, in pixels."""
PHOTO_BYTES = 100 * 1024
SCAN = (2480, 3508)
"""A4 at 300 dots an inch, either way up."""
SCAN_BYTES = 2 * 1024 * 1024

JPEG, PDF = "image/jpeg", "application/pdf"
PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp")
_QUALITIES = (88, 80, 70, 60, 45, 30)


def photo_of(body: bytes) -> bytes:
    """A portrait as it is kept: upright, at most 480×640, a JPEG of at most 100 KB. Raises `RuleBroken`
    when it is no picture."""
    return _jpeg(_opened(body), PHOTO, PHOTO_BYTES)


def scan_of(body: bytes) -> tuple[str, bytes]:
    """A scan as it is kept, with its media type: a PDF as it is, a picture as a JPEG of at most 2 MB.
    Raises `RuleBroken` when it is neither, or a PDF of more than that."""
    if body[:1024].lstrip().startswith(b"%PDF-"):
        if len(body) > SCAN_BYTES:
            size = len(body) / 1024 / 1024
            raise RuleBroken(f"这个 PDF 有 {size:.1f} MB，最多 2 MB。扫描时选低一档清晰度再来。")
        return PDF, body
    picture = _opened(body)
    wide = picture.width > picture.height
    return JPEG, _jpeg(picture, (SCAN[1], SCAN[0]) if wide else SCAN, SCAN_BYTES)


def _opened(body: bytes) -> Image.Image:
    """The picture upright and opaque, without place, time and camera."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(body))
        with opened as picture:
            upright = ImageOps.exif_transpose(picture)
            if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                shown = upright.convert("RGBA")
                paper = Image.new("RGB", shown.size, "white")
                paper.paste(shown, mask=shown.getchannel("A"))
                return paper
            return upright.convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise RuleBroken("这张图片的点数太多。缩小以后再选。") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise RuleBroken("这不是能读的图片。存成 JPG 或 PNG 再选。") from error


def _jpeg(picture: Image.Image, most: tuple[int, int], size: int) -> bytes:
    """The picture no larger than `most` as a JPEG of at most `size` bytes: first coarser, then smaller."""
    from PIL.Image import Resampling

    made = picture.copy()
    made.thumbnail(most, Resampling.LANCZOS)
    while True:
        for quality in _QUALITIES:
            held = io.BytesIO()
            made.save(held, "JPEG", quality=quality, optimize=True)
            if held.tell() <= size:
                return held.getvalue()
        made = made.resize((made.width * 3 // 4, made.height * 3 // 4), Resampling.LANCZOS)
