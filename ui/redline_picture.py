"""一根红线 as a picture or on paper, in the colours of paper whatever the theme."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gridoffice.errors import RuleBroken
from ui.icons import svg
from ui.theme import Theme, look, tokens_of
from ui.widgets.redline_scene import HEAD, PITCH, Ink, Scene

TITLE = 44
SHARP = 2
"""Pixels of a picture for each of the screen."""
MOST_PIXELS = 60_000_000
DPI = 300
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


def save_picture(scene: Scene, title: str, day: date, target: Path) -> None:
    """Write the scene as the file's name says: PDF, else PNG. Raises `RuleBroken` when a picture would
    be too large to be opened anywhere, or cannot be written there."""
    if target.suffix.lower() == ".pdf":
        _save_pdf(scene, title, day, target)
    else:
        _save_png(scene, title, day, target)


def _save_png(scene: Scene, title: str, day: date, target: Path) -> None:
    wide, high = round(scene.width), round(scene.height) + look.px(TITLE)
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
    painter.end()
    if not image.save(str(target)):
        raise RuleBroken(f"“{target.name}”写不进去，换个地方再试。")


def _save_pdf(scene: Scene, title: str, day: date, target: Path) -> None:
    """A3, as many sheets as there are cards for; each has title and heads."""
    writer = QPdfWriter(str(target))
    writer.setTitle(title)
    writer.setResolution(DPI)
    across = scene.width > look.px(BROAD)
    way = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A3), way, QMarginsF(12, 12, 12, 12))
    layout.setUnits(QPageLayout.Unit.Millimeter)
    writer.setPageLayout(layout)
    paper = QSizeF(writer.width(), writer.height())
    painter = QPainter()
    if not painter.begin(writer):
        raise RuleBroken(f"“{target.name}”写不进去，换个地方再试。")
    ink, top = paper_ink(), look.px(TITLE + HEAD)
    scale = min(paper.width() / max(scene.width, 1), DPI / 96 * 1.15)
    room = paper.height() / scale - top
    step = max(int(room // look.px(PITCH)), 1) * look.px(PITCH)
    start = float(look.px(HEAD))
    while True:
        painter.save()
        painter.scale(scale, scale)
        _paint_title(painter, scene, title, day, ink)
        painter.translate(0, look.px(TITLE))
        scene.paint_heads(painter, ink)
        part = QRectF(0, start, scene.width, min(step, scene.height - start))
        painter.translate(0, look.px(HEAD) - start)
        painter.setClipRect(part)
        scene.paint(painter, part, ink)
        painter.restore()
        start += step
        if start >= scene.height - look.px(12):
            break
        writer.newPage()
    painter.end()


def _paint_title(painter: QPainter, scene: Scene, title: str, day: date, ink: Ink) -> None:
    place = QRectF(look.px(20), look.px(8), scene.width - look.px(40), look.px(32))
    painter.setPen(ink.color("text"))
    painter.setFont(look.font(20, 700))
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
    painter.setPen(ink.color("text3"))
    painter.setFont(look.font(13))
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, day.isoformat())
