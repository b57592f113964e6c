"""The program's icon as Windows keeps it: drawn anew in each size, simpler in the small ones."""

from __future__ import annotations

import io
import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

import resources

SIZES = (16, 20, 24, 32, 40, 48, 64, 96, 128, 256)
SMALL = 24
"""Up to this many pixels the drawing without its finest parts is sharper."""


def write(path: Path) -> None:
    """Write the icon file, every size as a PNG (Windows reads these since Vista)."""
    pictures = [picture(size) for size in SIZES]
    head = io.BytesIO()
    head.write(struct.pack("<HHH", 0, 1, len(SIZES)))
    offset = 6 + 16 * len(SIZES)
    for size, png in zip(SIZES, pictures, strict=True):
        head.write(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), offset))
        offset += len(png)
    path.write_bytes(head.getvalue() + b"".join(pictures))


def picture(size: int) -> bytes:
    """The icon at a size in pixels, as PNG."""
    drawing = resources.path("program", "icon-small.svg" if size <= SMALL else "icon.svg")
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(drawing)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
