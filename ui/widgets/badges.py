"""States that need attention: icon, word and colour together, alone or in a line of their own."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import icons
from ui.theme import look
from ui.widgets.parts import Box, Child, Picture, label, row

BADGES: dict[str, tuple[str, str, str]] = {
    # kind: icon, ink, ground
    "ok": ("circle-check", "ok", "ok_bg"),
    "warn": ("alert-triangle", "warn", "warn_bg"),
    "clock": ("clock", "warn", "warn_bg"),
    "err": ("circle-x", "err", "err_bg"),
    "info": ("info-circle", "info", "info_bg"),
    "mute": ("minus", "text2", "mute_bg"),
    "new": ("plus", "ok", "ok_bg"),
    "update": ("edit", "info", "info_bg"),
    "same": ("equal", "text2", "mute_bg"),
    "conflict": ("arrows-exchange", "warn", "warn_bg"),
    "lock": ("lock", "text2", "mute_bg"),
}
"""Every state that gets attention: icon and word and colour together."""


def badge_width(text: str) -> int:
    return look.width(text, 13, 500) + look.px(7 + 16 + 4 + 8)


def paint_badge(painter: QPainter, place: QRectF, kind: str, text: str) -> None:
    """Icon and word on their ground, with an edge where grounds vanish."""
    name, ink, ground = BADGES[kind]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color(ink), 1) if look.edged else Qt.PenStyle.NoPen)
    painter.setBrush(look.color(ground))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    middle = place.center().y()
    painter.drawPixmap(round(place.x() + look.px(7)), round(middle - look.px(8)), icons.pixmap(name, ink, 16))
    painter.setPen(look.color(ink))
    painter.setFont(look.font(13, 500))
    painter.drawText(
        place.adjusted(look.px(7 + 16 + 4), 0, 0, 0),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        text,
    )
    painter.restore()


class Badge(QWidget):
    """A state by itself, beside a name or in a form."""

    def __init__(self, kind: str, text: str):
        super().__init__()
        self.kind, self.text = kind, text
        self.setAccessibleName(text)
        self.relook()

    def say(self, kind: str, text: str) -> None:
        self.kind, self.text = kind, text
        self.setAccessibleName(text)
        self.relook()
        self.update()

    def relook(self) -> None:
        self.setFixedSize(badge_width(self.text), look.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, QRectF(self.rect()), self.kind, self.text)
        painter.end()


def note(tone: str, text: str, icon: str = "", *after: Child) -> Box:
    """A short line on a coloured ground inside a card or drawer; tone is warn, err, info or ok."""
    named = {"warn": "alert-triangle", "err": "circle-x", "info": "info-circle", "ok": "circle-check"}
    made = row(
        Picture(icon or named[tone], tone, 18),
        (label(text, f"note-{tone}", wrap=True), 1),
        *after,
        margins=(10, 8, 10, 8),
        name="note",
    )
    made.setProperty("tone", tone)
    return made
