"""一根红线 taken out of the window: a picture in the colours of paper, or what is drawn on paper."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gridoffice.documents.red_sheet import LONG, MARGIN, SHORT, PaperCard, RedSheet, Stroke
from gridoffice.errors import RuleBroken
from ui.icons import svg
from ui.theme import Theme, look, tokens_of
from ui.widgets.redline_scene import HEAD, HIGH, PITCH, WIDE, Ink, Scene

TITLE, FOOT = 44, 28
SHARP = 2
"""Pixels of a picture for each of the screen."""
MOST_PIXELS = 60_000_000
MILLIMETRES = 25.4 / 96
"""Of one pixel of the screen at its normal size."""
BROAD = 1200
"""A drawing wider than this lies across the sheet."""


def paper_ink() -> Ink:
    """Black on white, whatever the window wears."""
    colors = tokens_of(Theme.LIGHT)
    return Ink(colors.__getitem__, partial(_sign, colors))


def _sign(colors: dict[str, QColor], name: str, token: str, size: float) -> QPixmap:
    side = look.px(size)
    made = QPixmap(side * 4, side * 4)
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(4)
    painter = QPainter(made)
    drawing = QSvgRenderer(QByteArray(svg(name, colors[token].name())))
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return made


def png_of(scene: Scene, title: str, day: date, mark: str) -> bytes:
    """The scene as a PNG, its mark below it. Raises `RuleBroken` when it would be too large to be opened
    anywhere."""
    wide, high = round(scene.width), round(scene.height) + look.px(TITLE + FOOT)
    if wide * high * SHARP * SHARP > MOST_PIXELS:
        raise RuleBroken("图太大，一张图片放不下。收起一些再导出，或者导出成 PDF。")
    image = QImage(wide * SHARP, high * SHARP, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SHARP)
    ink = paper_ink()
    image.fill(ink.color("paper"))
    painter = QPainter(image)
    _paint_title(painter, scene, title, day, ink)
    painter.translate(0, look.px(TITLE))
    scene.paint_heads(painter, ink)
    scene.paint(painter, QRectF(0, 0, scene.width, scene.height), ink)
    painter.setPen(ink.color("text3"))
    painter.setFont(look.font(12))
    foot = QRectF(look.px(20), scene.height, scene.width - look.px(40), look.px(FOOT))
    painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, mark)
    painter.end()
    written = QBuffer()
    image.save(written, "PNG")  # type: ignore[call-overload]
    return bytes(written.data().data())


def _paint_title(painter: QPainter, scene: Scene, title: str, day: date, ink: Ink) -> None:
    place = QRectF(look.px(20), look.px(8), scene.width - look.px(40), look.px(32))
    painter.setPen(ink.color("text"))
    painter.setFont(look.font(20, 700))
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
    painter.setPen(ink.color("text3"))
    painter.setFont(look.font(13))
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, day.isoformat())


def sheet_of(scene: Scene, title: str, day: date) -> RedSheet:
    """The scene in millimetres, as it is drawn on paper."""
    across = scene.width > look.px(BROAD)
    left, top = scene.x(0), look.px(HEAD)
    room = (LONG if across else SHORT) - 2 * MARGIN
    scale = min(room / max(scene.width - 2 * left, 1), MILLIMETRES * 1.1 / look.scale)
    heads = []
    for place, level in enumerate(scene.levels):
        cover = level.cover
        count = f"{cover.organised}/{cover.wanted}" if cover.wanted else f"{level.organisations} 个"
        heads.append(((scene.x(place) - left) * scale, level.label, count))
    cards = []
    for number in scene.middle:
        card, rect = scene.cards[number], scene.rect(number)
        folded = 0 if number in scene.opened else card.children
        cards.append(
            PaperCard(
                (rect.x() - left) * scale,
                (rect.y() - top) * scale,
                card.title,
                card.below,
                card.org_id is not None,
                bool(card.breaks),
                folded,
            )
        )
    strokes = [
        Stroke((x1 - left) * scale, (y1 - top) * scale, (x2 - left) * scale, (y2 - top) * scale, broken)
        for x1, y1, x2, y2, broken in scene.strokes()
    ]
    return RedSheet(
        title,
        day.isoformat(),
        across,
        (look.px(WIDE) * scale, look.px(HIGH) * scale),
        look.px(PITCH) * scale,
        (scene.height - top - look.px(12)) * scale,
        tuple(heads),
        tuple(cards),
        tuple(strokes),
    )
