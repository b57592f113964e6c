"""公示牌: the sign of one grid as it will be printed, and the phones of the office that stand on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.documents import render
from gridoffice.errors import OfficeError
from gridoffice.leaving import Leaving, Out, left, of_paper
from gridoffice.overview.signs import OFFICE, SUPERVISION, SignPhones, save_sign_phones, sign_phones
from gridoffice.reports import Wish
from ui import dialogs
from ui.printing import Order, PrintQueue
from ui.printing import Wish as PrintWish
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.parts import Input, button, column, label, rule
from ui.widgets.pdf_pages import image_of
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTH = 420
SHEET = 420 / 297


class _Sheet(QWidget):
    """The printed sheet, as wide as the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("公示牌样张")
        self.picture: QPixmap | None = None

    def show_picture(self, picture: QPixmap | None) -> None:
        self.picture = picture
        self.setVisible(picture is not None)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(round(self.width() / SHEET))

    def sizeHint(self) -> QSize:
        return QSize(look.px(WIDTH - 32), round(look.px(WIDTH - 32) / SHEET))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), look.color("paper"))
        if self.picture is not None:
            painter.drawPixmap(QRectF(self.rect()), self.picture, QRectF(self.picture.rect()))
        painter.setPen(QPen(look.color("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class SignPanel(SidePanel):
    """Two phones, the sheet, and at the foot what to do with it. A phone is kept when its line is left."""

    def __init__(self, desk: MainWindow, grid_id: int, name: str):
        super().__init__(f"公示牌：{name}", WIDTH)
        self.desk, self.grid_id, self.grid_name = desk, grid_id, name
        self.pdf: bytes | None = None
        self.phones: SignPhones | None = None
        self._sent: tuple[str, str] | None = None
        """What was last to be kept: what was refused is not sent again each time the line is left."""
        self.office = Input("例如：0571-87654321", name=OFFICE)
        self.supervision = Input("例如：12345", name=SUPERVISION)
        self.whose = label("", "hint", wrap=True)
        self.sheet = _Sheet()
        self.sheet.hide()
        may_write = may(desk.office.who.role, Right.EDIT_GRIDS) and not desk.past
        for line in (self.office, self.supervision):
            line.setReadOnly(not may_write)
            line.editingFinished.connect(self.keep)
        self.inside.put_all(
            [
                column(label(OFFICE, "hint"), self.office, self.whose, gap=2),
                column(label(SUPERVISION, "hint"), self.supervision, gap=2),
                label("印姓名、岗位和单位的电话，不印个人手机、身份证号和住址。", "hint", wrap=True),
                rule(),
                self.sheet,
                None,
            ]
        )
        self.save_button = button("另存为 PDF", "device-floppy", "primary", keys="Ctrl+S", on_click=self.save)
        self.print_button = button("打印", "printer", keys="Ctrl+P", on_click=self.print)
        self.act(self.save_button, self.print_button)
        desk.read(self, sign_phones, grid_id, desk.day, then=self._known, topic="phones")

    def _known(self, phones: SignPhones) -> None:
        self.phones = phones
        self.office.setText(phones.office or "")
        self.supervision.setText(phones.supervision or "")
        self.whose.setText(f"{phones.place}的各个网格都用这个。")
        if phones.missing:
            self._wait(f"写上{'和'.join(phones.missing)}就能看样张。")
            (self.supervision if phones.office else self.office).setFocus()
        else:
            self._make()

    def _wait(self, words: str) -> None:
        self.pdf = None
        self.sheet.show_picture(None)
        self.judge(label(words, "hint", wrap=True))

    def keep(self) -> None:
        """Keep what was written, unless it is what is kept already."""
        written = (self.office.text(), self.supervision.text())
        if self.phones is None or written == self._sent:
            return
        self._sent = written
        said = [
            text if (text := line.text().strip()) and text != (known or "") else None
            for line, known in (
                (self.office, self.phones.office),
                (self.supervision, self.phones.supervision),
            )
        ]
        if said != [None, None]:
            self.desk.write(
                self,
                save_sign_phones,
                self.grid_id,
                *said,
                then=lambda done: self._known(done.result),
                wrong=self._refused,
            )

    def _make(self) -> None:
        self.judge()
        self.desk.work(
            self,
            "gridoffice.reports:report_pdf",
            "sign",
            Wish(scope=self.grid_id, day=self.desk.day),
            then=self._made,
            wrong=self._refused,
        )

    def _made(self, pdf: bytes) -> None:
        self.pdf = pdf
        wide = look.px(WIDTH) * self.devicePixelRatioF()
        self.desk.runner.ask(
            self,
            render.page_rgb,
            pdf,
            0,
            2 * wide / (render.page_size(pdf, 0)[0] / 25.4 * 72),
            on_done=lambda raw: self.sheet.show_picture(QPixmap.fromImage(image_of(raw))),
            topic="sheet",
        )

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, OfficeError):
            self.desk.complain(error)
            return
        self.judge(note("err", error.message))

    # out

    def save(self) -> None:
        """Save the sheet as a file."""
        if self.pdf is None:
            self._still_missing()
            return
        title = f"{self.grid_name}公示牌"
        target = dialogs.save_file(self, "另存为 PDF", Path.home() / f"{title}.pdf", "PDF (*.pdf)")
        if target is None:
            return
        self.desk.work(
            self,
            "ui.paper_jobs:save_pages",
            self.pdf,
            of_paper(title, 1),
            "",
            target,
            then=lambda _: self.desk.say(f"已存为“{target.name}”。", can_undo=False),
            wrong=self._refused,
        )

    def print(self) -> None:
        """Send the sheet to a printer: on A3, or made smaller on what it has."""
        if self.pdf is None:
            self._still_missing()
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec():
            wish = PrintWish(printer.printerName(), (0,), printer.copyCount())
            order = Order(f"{self.grid_name}公示牌", self.pdf, wish, make=lambda _: printer)
            out = Leaving(Out.PRINT, order.name, order.total, "页")
            self.desk.write(self, left, out, then=lambda _: self._ordered(order))

    def _ordered(self, order: Order) -> None:
        PrintQueue.of(self.desk).put(order)
        self.desk.say(f"已送去打印“{order.name}”。", can_undo=False)

    def _still_missing(self) -> None:
        if self.phones is not None and self.phones.missing:
            self._wait(f"先写上{'和'.join(self.phones.missing)}。")
