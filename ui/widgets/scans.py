"""The scans of one owner in a drawer: looked at in place, added, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.documents import render
from gridoffice.errors import OfficeError
from gridoffice.leaving import purpose_of
from gridoffice.people.attachments import Content, Kept, Owner, add_scan, content, remove_scan, scans
from gridoffice.people.pictures import PDF
from ui import dialogs
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.parts import Box, button, column, label, row
from ui.widgets.picture import SCAN_FILES, Taking
from ui.widgets.purpose import PurposeLine

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Scans(Taking):
    """The scans of one owner: opened in place, added by a click, a drop or from the clipboard."""

    def __init__(self, desk: MainWindow, owner: Owner, title: str = "扫描件"):
        super().__init__(SCAN_FILES, f"选{title}")
        self._desk, self._owner, self._words = desk, owner, title
        self._shown: int | None = None
        self.purpose = PurposeLine()
        self.may_change = may(desk.office.who.role, Right.EDIT_PEOPLE) and not desk.past
        self.setAcceptDrops(self.may_change)
        self._wrong = column(gap=0)
        self._list = column(gap=2)
        self._view = column(gap=4)
        add: list[Any] = []
        if self.may_change:
            self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self.add = button(
                f"加{title}", "plus", "link", tip="JPG、PNG 或 PDF，也可以拖到这里", on_click=self.choose
            )
            add.append(self.add)
        self._said = label(title, "hint")
        whole = column(row(self._said, None, *add), self._wrong, self._list, self._view, gap=2)
        whole.setParent(self)
        self._whole = whole
        self.failed.connect(self._complain)
        self._ask()

    def sizeHint(self):
        return self._whole.sizeHint()

    def minimumSizeHint(self):
        return self._whole.minimumSizeHint()

    def resizeEvent(self, event) -> None:
        self._whole.setGeometry(self.rect())

    def _grown(self) -> None:
        self._whole.box.activate()
        self.setFixedHeight(self._whole.sizeHint().height())
        self.updateGeometry()

    def _ask(self) -> None:
        self._desk.read(self, scans, self._owner, then=self._arrived, topic="scans")

    def _arrived(self, found: Sequence[Kept]) -> None:
        self._list.clear()
        self._said.setText(f"{self._words} {len(found)} 份" if found else f"没有{self._words}")
        for one in found:
            self._list.put(self._line(one))
        self._grown()

    def _line(self, one: Kept) -> Box:
        look_at = button(one.name, "file-text", "link", tip="看一看", on_click=lambda: self._open(one.id))
        parts: list[Any] = [look_at, None]
        if self.may_change:
            remove = button("", "x", "quiet", tip=f"删去{one.name}", on_click=lambda: self._remove(one.id))
            parts.append(remove)
        return row(*parts, gap=4, height=32)

    def _open(self, number: int) -> None:
        if self._shown == number:
            self._close()
            return
        self._shown = number
        self._desk.read(self, _looked_at, number, then=self._show, topic="scan")

    def _close(self) -> None:
        self._shown = None
        self._view.clear()
        self._grown()

    def _show(self, said: _Look) -> None:
        self._view.clear()
        picture = QPixmap()
        if said.picture is not None and picture.loadFromData(said.picture):
            self._view.put(_Sheet(picture))
        else:
            self._view.put(note("warn", "这份扫描件显示不出来，另存以后用别的程序打开。"))
        self.purpose = PurposeLine()
        self.purpose.propose(purpose_of(self._desk.office, f"扫描件 {said.held.name}"))
        self._view.put(self.purpose)
        self._view.put(
            row(
                label(f"第 1 页，共 {said.pages} 页" if said.pages > 1 else "", "hint"),
                None,
                button("另存为", "download", "link", on_click=lambda: self._keep(said.held)),
                button("收起", kind="link", on_click=self._close),
            )
        )
        self._grown()

    def _keep(self, held: Content) -> None:
        target = dialogs.save_file(
            self, "另存扫描件", Path.home() / held.name, f"文件 (*{Path(held.name).suffix})"
        )
        if target is not None:
            self._desk.work(
                self,
                "ui.paper_jobs:save_scan",
                held,
                self.purpose.said(),
                target,
                then=lambda _: self._desk.say(f"已把扫描件存到“{target.name}”。", can_undo=False),
            )

    def take(self, body: bytes, name: str) -> None:
        self._wrong.clear()
        self._desk.write(
            self, add_scan, self._owner, body, name, then=lambda _: self._ask(), wrong=self._refused
        )

    def _remove(self, number: int) -> None:
        self._close()
        self._desk.write(self, remove_scan, number, then=lambda _: self._ask())

    def _refused(self, error: Exception) -> None:
        if isinstance(error, OfficeError):
            self._complain(error.message)
        else:
            self._desk.complain(error)

    def _complain(self, words: str) -> None:
        self._wrong.clear()
        self._wrong.put(note("err", words))
        self._grown()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.over:
            painter = QPainter(self)
            painter.setPen(QPen(look.color("accent_text"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            painter.end()


class _Sheet(QWidget):
    """A scan as wide as there is room."""

    def __init__(self, picture: QPixmap):
        super().__init__()
        self._picture = picture
        self.setAccessibleName("扫描件")

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(width * self._picture.height() / max(1, self._picture.width()))

    def resizeEvent(self, event) -> None:
        self.setFixedHeight(self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self.rect(), self._picture)
        painter.setPen(look.color("line_strong"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


@dataclass(frozen=True, slots=True)
class _Look:
    """A scan to look at: the file, how many pages it has, its first as a picture (None: it cannot be drawn)."""

    held: Content
    pages: int
    picture: bytes | None


def _looked_at(session: Any, number: int) -> _Look:
    held = content(session, number)
    if held.media != PDF:
        return _Look(held, 1, held.body)
    try:
        return _Look(held, render.pages(held.body), render.page_png(held.body, 0, 110))
    except RuntimeError:  # what the drawer of PDFs raises of a damaged one
        return _Look(held, 1, None)
