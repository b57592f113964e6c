"""The print queue: pages of a PDF as pictures of its very bytes, one order after the other, off the window's
thread.

A page is drawn at 300 dpi and handed to the printer in its own orientation; one page is one short
question of the thread, so that the window's other questions are answered in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from gridoffice.documents import render
from gridoffice.errors import OfficeError
from gridoffice.settings import recall, remember
from ui.tasks import TaskRunner

POINT_PER_INCH, PRINT_DPI = 72, 300
A3_LONG = 1100
"""A sheet whose longer side has so many points is one of A3, not of A4."""
KEPT = "printer"
"""Under this name the computer remembers the printer used last, and how it printed."""

_PART = re.compile(r"(\d+)(?:[-–—~～至到](\d+))?")


class Sides(Enum):
    """On which sides of the paper: one, or both, turned at the long or at the short edge."""

    ONE = "one"
    LONG = "long"
    SHORT = "short"

    @property
    def label(self) -> str:
        return {
            Sides.ONE: "单面",
            Sides.LONG: "双面，沿长边翻（竖排文件）",
            Sides.SHORT: "双面，沿短边翻（横排表）",
        }[self]

    @property
    def mode(self) -> QPrinter.DuplexMode:
        return {
            Sides.ONE: QPrinter.DuplexMode.DuplexNone,
            Sides.LONG: QPrinter.DuplexMode.DuplexLongSide,
            Sides.SHORT: QPrinter.DuplexMode.DuplexShortSide,
        }[self]


@dataclass(frozen=True, slots=True)
class Wish:
    """How it is to be printed: on which printer, which pages (from 0, in their order), how often."""

    printer: str
    pages: tuple[int, ...]
    copies: int = 1
    sides: Sides = Sides.ONE


class State(Enum):
    """How an order stands."""

    WAITING = "等着打"
    PRINTING = "正在打"
    DONE = "已送去打印机"
    CANCELLED = "已取消"
    FAILED = "没打成"


@dataclass(slots=True, eq=False)
class Order:
    """One document in the queue: `done` of `total` sheets sides are at the printer."""

    name: str
    pdf: bytes
    wish: Wish
    state: State = State.WAITING
    done: int = 0
    why: str = ""
    make: Callable[[str], QPrinter] = field(default=lambda name: named_printer(name), repr=False)
    _printer: QPrinter | None = None
    _painter: QPainter | None = None

    @property
    def total(self) -> int:
        return len(self.wish.pages) * self.wish.copies

    @property
    def over(self) -> bool:
        return self.state not in (State.WAITING, State.PRINTING)


def named_printer(name: str) -> QPrinter:
    """The printer of that name as the computer knows it. Raises `OfficeError` when there is none."""
    known = QPrinterInfo.printerInfo(name)
    if known.isNull():
        raise OfficeError(f"这台电脑上没有打印机“{name}”。")
    return QPrinter(known, QPrinter.PrinterMode.HighResolution)


def printers() -> list[str]:
    """The printers of this computer, the one used last or the usual one first."""
    names = list(QPrinterInfo.availablePrinterNames())
    first = recall(KEPT, {}).get("name") or QPrinterInfo.defaultPrinterName()
    return sorted(names, key=lambda name: name != first)


def last_sides() -> Sides:
    """How this computer printed last."""
    return Sides(recall(KEPT, {}).get("sides", Sides.ONE.value))


def pages_meant(text: str, count: int) -> tuple[int, ...]:
    """The pages that somebody wrote, `1-3，5`, counted from 0; nothing written means all. Raises
    `OfficeError`."""
    if not text.strip():
        return tuple(range(count))
    found: list[int] = []
    for part in re.split(r"[,，、;；\s]+", text.strip()):
        span = _PART.fullmatch(part)
        if span is None:
            raise OfficeError(f"页码“{part}”看不懂，写成 1-3，5 这样。")
        first, last = int(span[1]), int(span[2] or span[1])
        for page in (first, last):
            if not 1 <= page <= count:
                raise OfficeError(f"一共 {count} 页，没有第 {page} 页。")
        step = 1 if last >= first else -1
        found += range(first - 1, last - 1 + step, step)
    return tuple(found)


class PrintQueue(QObject):
    """Orders, one printed after the other. `changed` whenever one of them stands differently."""

    changed = Signal()
    finished = Signal(object)

    def __init__(self, runner: TaskRunner, parent: QObject | None = None):
        super().__init__(parent)
        self._runner = runner
        self.orders: list[Order] = []

    @classmethod
    def of(cls, desk: Any) -> PrintQueue:
        """The one queue of a window."""
        found = desk.findChild(cls)
        return found if found is not None else cls(desk.runner, desk)

    def put(self, order: Order) -> Order:
        """Print a document as soon as those before it are through; remembers the printer."""
        if not order.wish.pages:
            raise OfficeError("没有要打印的页。")
        self.orders.append(order)
        remember(KEPT, {"name": order.wish.printer, "sides": order.wish.sides.value})
        if sum(not one.over for one in self.orders) == 1:
            self._begin(order)
        self.changed.emit()
        return order

    def cancel(self, order: Order) -> None:
        """Print no more of an order; what the printer has got already it may still print."""
        if order.state is State.WAITING:
            self._end(order, State.CANCELLED)
        elif order.state is State.PRINTING:
            order.state = State.CANCELLED  # the page that is on its way ends it
            self.changed.emit()

    def forget(self) -> None:
        """Take what is over off the list."""
        self.orders = [one for one in self.orders if not one.over]
        self.changed.emit()

    def _begin(self, order: Order) -> None:
        order.state = State.PRINTING
        self._runner.do(
            self,
            _begin,
            order,
            on_done=lambda _: self._next(order),
            on_error=lambda error: self._failed(order, error),
        )

    def _next(self, order: Order) -> None:
        self.changed.emit()
        if order.state is State.CANCELLED or order.done == order.total:
            self._runner.do(self, _close, order, on_done=lambda _: self._closed(order))
            return
        self._runner.do(
            self,
            _print_page,
            order,
            on_done=lambda _: self._next(order),
            on_error=lambda error: self._failed(order, error),
        )

    def _closed(self, order: Order) -> None:
        self._end(order, State.CANCELLED if order.state is State.CANCELLED else State.DONE)

    def _failed(self, order: Order, error: Exception) -> None:
        order.why = getattr(error, "message", str(error))
        self._runner.do(self, _close, order, on_done=lambda _: self._end(order, State.FAILED))

    def _end(self, order: Order, state: State) -> None:
        order.state, order.pdf = state, b""
        following = next((one for one in self.orders if one.state is State.WAITING), None)
        busy = any(one.state is State.PRINTING for one in self.orders)
        if following is not None and not busy:
            self._begin(following)
        self.changed.emit()
        self.finished.emit(order)


# in the thread


def _begin(order: Order) -> None:
    printer = order.make(order.wish.printer)
    printer.setDocName(order.name)
    printer.setResolution(PRINT_DPI)
    printer.setFullPage(True)
    printer.setDuplex(order.wish.sides.mode)
    order._printer = printer


def _sequence(order: Order) -> Sequence[int]:
    """The pages one after the other, whole copies behind each other."""
    return order.wish.pages * order.wish.copies


def _print_page(order: Order) -> None:
    """Draw the next page on a sheet of its own size and orientation."""
    printer = order._printer
    assert printer is not None
    page = _sequence(order)[order.done]
    wide, tall = render.page_sizes(order.pdf)[page]
    lying = wide > tall
    orientation = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    large = max(wide, tall) / 25.4 * POINT_PER_INCH >= A3_LONG
    size = QPageSize(QPageSize.PageSizeId.A3 if large else QPageSize.PageSizeId.A4)
    printer.setPageSize(size)  # a printer without A3 keeps its own: the page is made to fit below
    printer.setPageOrientation(orientation)
    if order._painter is None:
        order._painter = QPainter()
        if not order._painter.begin(printer):
            order._painter = None
            raise OfficeError(f"“{order.wish.printer}”打不了，看看它开着没有、连上没有。")
    elif not printer.newPage():
        raise OfficeError(f"“{order.wish.printer}”中途停了，看看有没有纸。")
    raw = render.page_rgb(order.pdf, page, PRINT_DPI / POINT_PER_INCH)
    width, height, stride, data = raw
    picture = QImage(data, width, height, stride, QImage.Format.Format_RGB32)
    order._painter.drawImage(_place(printer, width, height), picture)
    order.done += 1


def _place(printer: QPrinter, width: int, height: int) -> QRectF:
    """Where a picture of that shape lies on the sheet: all of it, as large as it goes."""
    sheet = QSizeF(printer.pageLayout().fullRectPixels(printer.resolution()).size())
    share = min(sheet.width() / width, sheet.height() / height)
    size = QSizeF(width * share, height * share)
    corner = QPointF((sheet.width() - size.width()) / 2, (sheet.height() - size.height()) / 2)
    return QRectF(corner, size)


def _close(order: Order) -> None:
    if order._painter is not None:
        if order.state is State.CANCELLED and order._printer is not None:
            order._printer.abort()
        order._painter.end()
    order._painter = order._printer = None
