"""Pages of a PDF as they will be saved and printed: the picture is made from those very bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPageLayout,
    QPageSize,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from gridoffice.documents import render
from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.parts import rule, size

POINT_PER_INCH, MM_PER_INCH, SCREEN_DPI, PRINT_DPI = 72, 25.4, 96, 300
THUMB_WIDTH = 80
A3_LONG = 1100
"""A sheet whose longer side has so many points is one of A3, not of A4."""
ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)


def image_of(raw: tuple[int, int, int, bytes]) -> QImage:
    """A rendered page as a picture of its own memory."""
    width, height, stride, data = raw
    return QImage(data, width, height, stride, QImage.Format.Format_RGB32).copy()


class _Paper(QWidget):
    """One page on the sunken ground, with a soft edge."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: QPixmap | None = None
        self.shown = QSizeF(0, 0)

    def show_picture(self, picture: QPixmap | None, shown: QSizeF) -> None:
        self.picture, self.shown = picture, shown
        self.setMinimumSize(round(shown.width()) + look.px(48), round(shown.height()) + look.px(48))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("sunken"))
        if self.shown.isEmpty():
            return
        left = round((self.width() - self.shown.width()) / 2)
        top = round(max(look.px(24), (self.height() - self.shown.height()) / 2))
        paper = QRectF(left, top, round(self.shown.width()), round(self.shown.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        shade = look.color("shadow")
        shade.setAlpha(shade.alpha() // 4)
        painter.setBrush(shade)
        for ring in range(4, 0, -1):
            painter.drawRect(paper.adjusted(-ring, -ring + 2, ring, ring + 2))
        painter.fillRect(paper, look.color("paper"))
        if self.picture is not None:
            painter.drawPixmap(paper, self.picture, QRectF(self.picture.rect()))
        painter.setPen(QPen(look.color("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(paper.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()


class _Thumbs(QWidget):
    """Small pages at the left; the current one in a frame."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[QPixmap | None] = []
        self.shapes: list[QSizeF] = []
        self.current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("各页")

    def show_pages(self, shapes: list[QSizeF]) -> None:
        self.shapes, self.current = shapes, 0
        self.pictures = [None for _ in shapes]
        self.setMinimumHeight(round(sum(self._tall(shape) for shape in shapes)) + look.px(16))
        self.update()

    def _tall(self, shape: QSizeF) -> float:
        return look.px(THUMB_WIDTH) * shape.height() / shape.width() + look.px(44)

    def _frames(self) -> list[QRectF]:
        found, y = [], float(look.px(16))
        for shape in self.shapes:
            tall = self._tall(shape)
            found.append(QRectF(look.px(12), y, look.px(THUMB_WIDTH + 24), tall - look.px(8)))
            y += tall
        return found

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place, frame in enumerate(self._frames()):
            if frame.contains(event.position()):
                self.picked.emit(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("sunken"))
        for place, frame in enumerate(self._frames()):
            shape = self.shapes[place]
            on = place == self.current
            if on:
                painter.setPen(QPen(look.color("accent_text"), 2))
                painter.setBrush(look.color("soft"))
                painter.drawRoundedRect(frame, 4, 4)
            wide = look.px(THUMB_WIDTH)
            paper = QRectF(
                frame.x() + look.px(12),
                frame.y() + look.px(8),
                wide,
                round(wide * shape.height() / shape.width()),
            )
            painter.fillRect(paper, look.color("paper"))
            picture = self.pictures[place]
            if picture is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawPixmap(paper, picture, QRectF(picture.rect()))
            painter.setPen(QPen(look.color("line_strong"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(paper)
            painter.setFont(look.font(13, 500 if on else 400))
            painter.setPen(look.color("text" if on else "text3"))
            painter.drawText(
                QRectF(frame.x(), paper.bottom(), frame.width(), look.px(22)),
                Qt.AlignmentFlag.AlignCenter,
                str(place + 1),
            )
        painter.end()


class PdfView(QWidget):
    """Thumbnails and one page, fitted or zoomed."""

    turned = Signal(int, int)
    zoomed = Signal(str)

    def __init__(self, runner: TaskRunner):
        super().__init__()
        self._runner = runner
        self.pdf: bytes | None = None
        self.page = 0
        self._shapes: list[QSizeF] = []
        self._zoom: float | None = None
        self.paper = _Paper()
        self.thumbs = _Thumbs()
        self.thumbs.picked.connect(self.turn_to)
        self._small = _area(self.thumbs)
        size(self._small, 128)
        self._large = _area(self.paper)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._small)
        box.addWidget(rule(vertical=True))
        box.addWidget(self._large, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_pdf(self, pdf: bytes | None) -> None:
        """Show other bytes, from the first page."""
        self.pdf, self.page = pdf, 0
        self._shapes = []
        self.paper.show_picture(None, QSizeF(0, 0))
        self.thumbs.show_pages([])
        if pdf is not None:
            self._runner.ask(self, _shapes, pdf, on_done=self._shaped, topic="shapes")

    def _shaped(self, shapes: list[tuple[float, float]]) -> None:
        self._shapes = [QSizeF(*shape) for shape in shapes]
        self.thumbs.show_pages(self._shapes)
        self.turn_to(0)
        self._next_thumb(0)

    def _next_thumb(self, place: int) -> None:
        """Thumbnails one after the other, so that the page itself is never kept waiting."""
        if place >= len(self._shapes) or self.pdf is None or place >= 60:
            return
        wide = round(look.px(THUMB_WIDTH) * self.devicePixelRatioF())
        scale = 4 * wide / self._shapes[place].width()  # hairlines stay hairlines when made smaller

        def arrived(raw: Any) -> None:
            if place < len(self.thumbs.pictures):
                small = image_of(raw).scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
                self.thumbs.pictures[place] = QPixmap.fromImage(small)
                self.thumbs.update()
                self._next_thumb(place + 1)

        self._runner.ask(self, render.page_rgb, self.pdf, place, scale, on_done=arrived, topic="thumb")

    # turning and zooming

    @property
    def count(self) -> int:
        return len(self._shapes)

    def turn_to(self, page: int) -> None:
        if not 0 <= page < len(self._shapes):
            return
        self.page = page
        self.thumbs.current = page
        self.thumbs.update()
        frame = self.thumbs._frames()[page]
        self._small.ensureVisible(0, round(frame.center().y()), 0, round(frame.height()))
        self._large.verticalScrollBar().setValue(0)
        self._draw()
        self.turned.emit(page, len(self._shapes))

    def turn(self, step: int) -> None:
        self.turn_to(self.page + step)

    def _fitting(self) -> float:
        """Screen pixels a point so that the whole page is seen."""
        shape, room = self._shapes[self.page], self._large.viewport().size()
        margin = look.px(48)
        return max(
            0.1, min((room.width() - margin) / shape.width(), (room.height() - margin) / shape.height())
        )

    def zoom(self, step: int) -> None:
        """One step in or out; 0 fits the whole page."""
        if not self._shapes:
            return
        now = (self._zoom or self._fitting()) * POINT_PER_INCH / SCREEN_DPI
        if step == 0:
            self._zoom = None
        else:
            onward = [one for one in ZOOMS if (one - now) * step > 0.01]
            if onward:
                self._zoom = (onward[0] if step > 0 else onward[-1]) * SCREEN_DPI / POINT_PER_INCH
        self._draw()

    def _draw(self) -> None:
        if not self._shapes or self.pdf is None:
            return
        scale = self._zoom or self._fitting()
        shown = QSizeF(self._shapes[self.page].width() * scale, self._shapes[self.page].height() * scale)
        share = round(scale * POINT_PER_INCH / SCREEN_DPI * 100)
        self.zoomed.emit(f"{share}%" if self._zoom else f"整页 {share}%")
        self.paper.show_picture(self.paper.picture if self.paper.shown == shown else None, shown)
        page = self.page

        def arrived(raw: Any) -> None:
            if page == self.page:
                self.paper.show_picture(QPixmap.fromImage(image_of(raw)), shown)

        self._runner.ask(
            self,
            render.page_rgb,
            self.pdf,
            page,
            scale * self.devicePixelRatioF(),
            on_done=arrived,
            topic="page",
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def relook(self) -> None:
        self._draw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Left: -1}.get(
            Qt.Key(event.key()), 0
        )
        if step:
            self.turn(step)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(look.px(600), look.px(500))

    # printing

    def print_to(self, printer: QPrinter, then: Callable[[], None]) -> None:
        """Print every page at 300 dpi in its own orientation, rendering off the window's thread."""
        if self.pdf is None or not self._shapes:
            return
        printer.setResolution(PRINT_DPI)
        printer.setFullPage(True)
        self._print_page(printer, QPainter(), 0, then)

    def _print_page(self, printer: QPrinter, painter: QPainter, page: int, then: Callable[[], None]) -> None:
        if page >= len(self._shapes) or self.pdf is None:
            painter.end()
            then()
            return

        def arrived(raw: Any) -> None:
            shape = self._shapes[page]
            lying = shape.width() > shape.height()
            printer.setPageOrientation(
                QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
            )
            if page == 0:
                if (
                    max(shape.width(), shape.height()) < A3_LONG
                ):  # larger sheets: on the paper that was chosen
                    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
                painter.begin(printer)
            else:
                printer.newPage()
            place = QRectF(QPointF(0, 0), QSizeF(printer.pageLayout().fullRectPixels(PRINT_DPI).size()))
            painter.drawImage(place, image_of(raw))
            self._print_page(printer, painter, page + 1, then)

        self._runner.ask(
            self, render.page_rgb, self.pdf, page, PRINT_DPI / POINT_PER_INCH, on_done=arrived, topic="print"
        )


def _area(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def _shapes(pdf: bytes) -> list[tuple[float, float]]:
    """In the thread: the size of every page in points."""
    sizes = (render.page_size(pdf, page) for page in range(render.pages(pdf)))
    return [
        (width * POINT_PER_INCH / MM_PER_INCH, height * POINT_PER_INCH / MM_PER_INCH)
        for width, height in sizes
    ]
