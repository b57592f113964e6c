"""Pages of a PDF as they will be saved and printed: the picture is made from those very bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from gridoffice.documents import render
from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.parts import rule, size
from ui.widgets.pdf_pages import BETWEEN, MARGIN, THUMB_WIDTH, Paper, Place, Sheet, Thumbs, image_of

POINT_PER_INCH, MM_PER_INCH, SCREEN_DPI = 72, 25.4, 96
ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
Hit = tuple[int, Place]
"""A place where the words stand: its page and where on it."""


class PdfView(QWidget):
    """Thumbnails and one page, or two, fitted or zoomed; words looked for are marked."""

    turned = Signal(int, int)
    zoomed = Signal(str)
    found = Signal(int, int)
    """Which of how many places is looked at, from 1; 0 of 0 when there is none."""

    def __init__(self, runner: TaskRunner, thumbs: bool = True, fit_width: bool = False):
        super().__init__()
        self._runner = runner
        self.pdf: bytes | None = None
        self.page = 0
        self.two = False
        self._fit_width = fit_width
        self._shapes: list[QSizeF] = []
        self._zoom: float | None = None
        self._drawing_thumb = False
        self._words = ""
        self.hits: list[Hit] = []
        self.hit: int | None = None
        self.paper = Paper()
        self.thumbs = Thumbs()
        self.thumbs.picked.connect(self.turn_to)
        self.thumbs.seen.connect(self._next_thumb)
        self._small = _area(self.thumbs)
        size(self._small, 128)
        self._large = _area(self.paper)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        if thumbs:
            box.addWidget(self._small)
            box.addWidget(rule(vertical=True))
        else:
            self._small.hide()
        box.addWidget(self._large, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_pdf(self, pdf: bytes | None, keep: bool = False) -> None:
        """Show other bytes, from the first page; with `keep` from the page that is looked at, and its
        picture stays until the new one is there."""
        self.pdf = pdf
        if not keep or pdf is None:
            self.page, self._shapes = 0, []
            self._zoom = None if self._fit_width else self._zoom
            self.paper.show_sheets([])
            self.thumbs.show_pages([])
        self._forget_hits()
        if pdf is not None:
            self._runner.ask(
                self, _shapes, pdf, on_done=lambda shapes: self._shaped(shapes, keep), topic="shapes"
            )

    def show_picture(self, picture: QPixmap) -> None:
        """Show a picture of a page where there is no document: nothing of it can be printed."""
        self.show_pdf(None)
        room = self._large.viewport().size()
        margin = look.px(2 * MARGIN)
        wide, tall = picture.width(), picture.height()
        scale = min(1.0, (room.width() - margin) / wide, (room.height() - margin) / tall)
        self.paper.show_sheets([Sheet(0, QSizeF(wide * scale, tall * scale), scale, picture)])

    def _shaped(self, shapes: list[tuple[float, float]], keep: bool) -> None:
        if self.pdf is None:
            return
        self._shapes = [QSizeF(*shape) for shape in shapes]
        self.thumbs.show_pages(self._shapes, keep)
        self.turn_to(min(self.page, len(shapes) - 1) if keep else 0, stay=keep)
        if self._words:
            self.search(self._words)

    def _next_thumb(self) -> None:
        """Small pages that can be seen, one after the other, so that the page itself is never kept
        waiting."""
        waiting = [place for place in self.thumbs.in_sight() if self.thumbs.pictures[place] is None]
        if not waiting or self.pdf is None or self._drawing_thumb or self._small.isHidden():
            return
        place, pdf = waiting[0], self.pdf
        wide = round(look.px(THUMB_WIDTH) * self.devicePixelRatioF())
        scale = 4 * wide / self._shapes[place].width()  # hairlines stay hairlines when made smaller
        self._drawing_thumb = True

        def arrived(raw: Any) -> None:
            self._drawing_thumb = False
            if self.pdf is pdf and place < len(self.thumbs.pictures):
                small = image_of(raw).scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
                self.thumbs.pictures[place] = QPixmap.fromImage(small)
                self.thumbs.update()
            QTimer.singleShot(0, self._next_thumb)

        def failed(_: Exception) -> None:
            self._drawing_thumb = False

        self._runner.ask(
            self, render.page_rgb, pdf, place, scale, on_done=arrived, on_error=failed, topic=f"thumb {place}"
        )

    # turning and zooming

    @property
    def count(self) -> int:
        return len(self._shapes)

    @property
    def shapes(self) -> list[QSizeF]:
        """The size of every page as it is read, in points."""
        return self._shapes

    def beside(self) -> list[int]:
        """The pages that are looked at: one, or an odd one and the next."""
        if not self.two:
            return [self.page]
        first = self.page - self.page % 2
        return [page for page in (first, first + 1) if page < self.count]

    def turn_to(self, page: int, stay: bool = False) -> None:
        """Look at a page; `stay` leaves the scroll bars where they are."""
        if not 0 <= page < len(self._shapes):
            return
        self.page = page
        self.thumbs.current = page
        self.thumbs.update()
        frame = self.thumbs.frame(page)
        self._small.ensureVisible(0, round(frame.center().y()), 0, round(frame.height()))
        if not stay:
            self._large.verticalScrollBar().setValue(0)
        self._draw()
        self.turned.emit(page, len(self._shapes))

    def turn(self, step: int) -> None:
        """Pages on or back; with two beside each other both are turned."""
        pages = self.beside()
        if self.two and pages:
            self.turn_to(pages[0] + 2 * step if 0 <= pages[0] + 2 * step < self.count else self.page)
        else:
            self.turn_to(self.page + step)

    def show_two(self, two: bool) -> None:
        """Two pages beside each other, or one."""
        self.two = two
        self._draw()

    def _fitting(self) -> float:
        """Screen pixels a point so that the whole page (or both) is seen, or its width."""
        shapes = [self._shapes[page] for page in self.beside()]
        room = self._large.viewport().size()
        whole = self._large.width() - self._large.verticalScrollBar().sizeHint().width() - 2
        across = (
            (whole if self._fit_width else room.width())
            - look.px(2 * MARGIN)
            - look.px(BETWEEN) * (len(shapes) - 1)
        )
        wide = across / sum(shape.width() for shape in shapes)
        tall = (room.height() - look.px(2 * MARGIN)) / max(shape.height() for shape in shapes)
        return max(0.1, wide if self._fit_width else min(wide, tall))

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
        share = round(scale * POINT_PER_INCH / SCREEN_DPI * 100)
        self.zoomed.emit(f"{share}%")
        sheets = []
        for page in self.beside():
            shape = self._shapes[page]
            shown = QSizeF(shape.width() * scale, shape.height() * scale)
            sheets.append(Sheet(page, shown, scale, marks=self._marks(page), current=self._marked(page)))
        self.paper.show_sheets(sheets)
        for slot, sheet in enumerate(sheets):
            self._ask_picture(sheet, slot)

    def _ask_picture(self, sheet: Sheet, slot: int) -> None:
        def arrived(raw: Any) -> None:
            if sheet in self.paper.sheets:
                sheet.picture = QPixmap.fromImage(image_of(raw))
                self.paper.update()

        sharp = sheet.scale * self.devicePixelRatioF()
        self._runner.ask(
            self, render.page_rgb, self.pdf, sheet.page, sharp, on_done=arrived, topic=f"page {slot}"
        )

    # looking for words

    def search(self, words: str) -> None:
        """Find words on every page, from the one that is looked at; empty words forget what was found."""
        self._forget_hits()
        self._words = words
        self._draw()
        if words and self.pdf is not None and self._shapes:
            self._search_page(self.pdf, words, 0)
        else:
            self.found.emit(0, 0)

    def _forget_hits(self) -> None:
        self.hits, self.hit = [], None

    def _search_page(self, pdf: bytes, words: str, page: int) -> None:
        def arrived(places: list[Place]) -> None:
            if self.pdf is not pdf or self._words != words:
                return
            self.hits += [(page, place) for place in places]
            if self.hit is None and places and page >= self.page:
                self._to_hit(len(self.hits) - len(places))
            elif places and page in self.beside():
                self._draw()
            if page + 1 < self.count:
                self._search_page(pdf, words, page + 1)
            elif self.hit is None and self.hits:
                self._to_hit(0)
            self.found.emit((self.hit or 0) + 1 if self.hits else 0, len(self.hits))

        self._runner.ask(self, render.find_in_page, pdf, page, words, on_done=arrived, topic="search")

    def next_hit(self, step: int = 1) -> None:
        """The next place where the words stand, or the one before; after the last comes the first."""
        if self.hits:
            at = self.hit if self.hit is not None else -1
            self._to_hit((at + step) % len(self.hits))
            self.found.emit((self.hit or 0) + 1, len(self.hits))

    def _to_hit(self, hit: int) -> None:
        self.hit = hit
        page, (_, top, _, tall) = self.hits[hit]
        self.turn_to(page)
        if page in self.beside() and self.paper.sheets:
            sheet = self.paper.sheets[self.beside().index(page)]
            frame = self.paper.frames()[self.beside().index(page)]
            y = frame.y() + (top + tall / 2) * sheet.scale
            self._large.ensureVisible(0, round(y), 0, look.px(120))

    def _marks(self, page: int) -> list[Place]:
        return [place for on, place in self.hits if on == page]

    def _marked(self, page: int) -> int | None:
        if self.hit is None or self.hits[self.hit][0] != page:
            return None
        return sum(1 for on, _ in self.hits[: self.hit] if on == page)

    # the widget

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
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Left: -1}
        ends: dict[Qt.Key, Callable[[], int]] = {
            Qt.Key.Key_Home: lambda: 0,
            Qt.Key.Key_End: lambda: self.count - 1,
        }
        if key in step:
            self.turn(step[key])
        elif key in ends:
            self.turn_to(ends[key]())
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(look.px(600), look.px(500))

    def top(self) -> QPoint:
        """Where the page is scrolled to."""
        return QPoint(self._large.horizontalScrollBar().value(), self._large.verticalScrollBar().value())


def _area(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def _shapes(pdf: bytes) -> list[tuple[float, float]]:
    """In the thread: the size of every page in points."""
    return [
        (width * POINT_PER_INCH / MM_PER_INCH, height * POINT_PER_INCH / MM_PER_INCH)
        for width, height in render.page_sizes(pdf)
    ]
