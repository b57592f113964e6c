"""Icons of the shipped set as sharp pixmaps in a colour of the theme."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources
from ui.theme import look

STROKE = 1.75
"""Thinner than the set's own 2, to match the strokes of Chinese at weight 400."""

_pixmaps: dict[tuple[str, str, int, bool, float, float], QPixmap] = {}


@cache
def _drawing(name: str, filled: bool) -> str:
    folder = ("icons", "filled") if filled else ("icons",)
    return resources.path(*folder, f"{name}.svg").read_text("utf-8")


def svg(name: str, ink: str, filled: bool = False, stroke: float = STROKE) -> bytes:
    """The drawing in one colour (`ink` as #RRGGBB)."""
    text = _drawing(name, filled).replace("currentColor", ink)
    return text.replace('stroke-width="2"', f'stroke-width="{stroke}"').encode()


def pixmap(
    name: str,
    token: str = "text2",
    size: float = 20,
    filled: bool = False,
    stroke: float = STROKE,
    ratio: float | None = None,
) -> QPixmap:
    """An icon of `size` design pixels, rendered for the screen's own pixels."""
    side = look.px(size)
    if ratio is None:
        screen = QGuiApplication.primaryScreen()
        ratio = screen.devicePixelRatio() if screen is not None else 1.0
    ink = look.color(token).name()
    key = (name, ink, side, filled, stroke, ratio)
    found = _pixmaps.get(key)
    if found is None:
        found = QPixmap(round(side * ratio), round(side * ratio))
        found.fill(Qt.GlobalColor.transparent)
        found.setDevicePixelRatio(ratio)
        painter = QPainter(found)
        QSvgRenderer(QByteArray(svg(name, ink, filled, stroke))).render(painter, QRectF(0, 0, side, side))
        painter.end()
        _pixmaps[key] = found
    return found


def icon(name: str, token: str = "text2", size: float = 18, filled: bool = False) -> QIcon:
    made = QIcon(pixmap(name, token, size, filled))
    made.addPixmap(pixmap(name, "disabled", size, filled), QIcon.Mode.Disabled)
    return made


def forget() -> None:
    """Drop all pixmaps: theme or size changed."""
    _pixmaps.clear()


look.worn.connect(forget)
