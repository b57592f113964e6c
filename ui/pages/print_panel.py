"""打印: which printer, which pages, how often, on both sides or one; and what is in the queue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar

from gridoffice.errors import OfficeError
from gridoffice.leaving import Leaving, Out, left
from ui.printing import Order, PrintQueue, Sides, State, Wish, last_sides, pages_meant, printers
from ui.widgets.parts import Choice, Input, Picture, button, column, label, row, rule, size
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTH = 320
MOST_COPIES = 999
_ICONS = {
    State.WAITING: ("clock", "text3"),
    State.PRINTING: ("printer", "accent_text"),
    State.DONE: ("circle-check", "ok"),
    State.CANCELLED: ("x", "text3"),
    State.FAILED: ("circle-x", "err"),
}


class PrintPanel(SidePanel):
    """Prints a PDF that is shown: what the journal is to say of it, `pdf` its bytes, `page` the one that is
    looked at."""

    def __init__(self, desk: MainWindow):
        super().__init__("打印", WIDTH)
        self.desk = desk
        self.queue = PrintQueue.of(desk)
        self._out, self._pdf, self._page = Leaving(Out.PRINT, ""), b"", 0
        self.what = label("", "strong", wrap=True)
        self.printer = Choice((), "打印机")
        self.which = Choice([("all", "全部"), ("this", "当前页"), ("some", "选几页")], "哪些页")
        self.pages = Input("例如：1-3，5", name="页码")
        self.copies = Input("1", name="份数")
        self.sides = Choice([(one, one.label) for one in Sides], "单双面")
        self.wrong = label("", "error", wrap=True)
        self.listed = column(gap=6)
        self.queued = column(rule(), label("打印队列", "section"), self.listed, gap=8)
        self.inside.put_all(
            [
                self.what,
                column(label("打印机", "hint"), self.printer, gap=4),
                column(label("哪些页", "hint"), self.which, self.pages, gap=4),
                column(label("份数", "hint"), self.copies, gap=4),
                column(label("单双面", "hint"), self.sides, gap=4),
                label("横排的页自动横着打。印出来的就是看到的这份。", "hint", wrap=True),
                self.wrong,
                self.queued,
                None,
            ]
        )
        self.print_button = button("打印", "printer", "primary", keys="Ctrl+P", on_click=self.print)
        self.act(self.print_button, button("关上", on_click=self.closed.emit))
        self.which.activated.connect(lambda _: self._which())
        for line in (self.pages, self.copies):
            line.textEdited.connect(lambda _: self._check())
            line.returnPressed.connect(self.print)
        self.queue.changed.connect(self.show_queue)
        self._which()
        self.show_queue()

    def ask(self, out: Leaving, pdf: bytes, page: int) -> None:
        """Offer this document; `out` counts its pages."""
        self._out, self._pdf, self._page = out, pdf, page
        self.what.setText(f"{out.what}（{out.count} 页）")
        known = printers()
        self.printer.fill([(one, one) for one in known])
        self.printer.setVisible(bool(known))
        self.print_button.setEnabled(bool(known))
        self.sides.setCurrentIndex(list(Sides).index(last_sides()))
        self.copies.setText(self.copies.text() or "1")
        if known:
            self.judge()
        else:
            self.judge(label("这台电脑没有装打印机。可以另存为 PDF，拿到别的电脑打印。", "hint", wrap=True))
        self._check()

    def _which(self) -> None:
        some = self.which.currentData() == "some"
        self.pages.setVisible(some)
        if some:
            self.pages.setFocus()
        self._check()

    def _check(self) -> Wish | None:
        """What is wished; None, with the reason on screen, when it cannot be."""
        try:
            wish = self._wish()
        except OfficeError as error:
            self.wrong.setText(error.message)
            self.wrong.show()
            return None
        self.wrong.hide()
        return wish

    def _wish(self) -> Wish:
        match self.which.currentData():
            case "this":
                pages: tuple[int, ...] = (self._page,)
            case "some":
                pages = pages_meant(self.pages.text(), self._out.count)
            case _:
                pages = tuple(range(self._out.count))
        said = self.copies.text().strip() or "1"
        if not said.isdecimal() or not 1 <= int(said) <= MOST_COPIES:
            raise OfficeError(f"份数写 1 到 {MOST_COPIES}。")
        return Wish(self.printer.currentData() or "", pages, int(said), self.sides.currentData())

    def print(self) -> None:
        """Put the document into the queue, once the journal has it."""
        wish = self._check()
        if wish is not None and wish.printer and self._pdf:
            order = Order(self._out.what, self._pdf, wish)
            out = replace(self._out, count=order.total)
            self.desk.write(self, left, out, then=lambda _: self._put(order))

    def _put(self, order: Order) -> None:
        self.queue.put(order)

    def show_queue(self) -> None:
        """What was ordered, the latest first, each with how far it is."""
        self.listed.clear()
        orders = self.queue.orders[::-1][:12]
        self.queued.setVisible(bool(orders))
        for order in orders:
            icon, ink = _ICONS[order.state]
            said = order.state.value
            if order.state is State.PRINTING:
                said = f"{said}，{order.done}/{order.total} 页"
            stop = button("取消", kind="link", on_click=lambda order=order: self.queue.cancel(order))
            stop.setVisible(not order.over)
            head = row(Picture(icon, ink, 16), (label(order.name, "strong", elide=True), 1), stop, gap=6)
            below = label(order.why or f"{said}·{order.wish.printer}", "hint", elide=True)
            parts = [head, below]
            if order.state is State.PRINTING:
                bar = QProgressBar()
                bar.setRange(0, order.total)
                bar.setValue(order.done)
                bar.setTextVisible(False)
                size(bar, height=6)
                parts.append(bar)
            self.listed.put(column(*parts, gap=2))
        if any(one.over for one in orders):
            self.listed.put(row(button("清掉打完的", kind="link", on_click=self.queue.forget), None))
