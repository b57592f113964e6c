"""The ways a file comes to a page: chosen, dropped anywhere on it, copied in its folder, or as cells
copied in Excel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QWidget

from gridoffice.spreadsheet.reading import WORKBOOKS
from ui import dialogs
from ui.pages.page import Page
from ui.widgets.parts import Picture, column, label, row

if TYPE_CHECKING:
    from ui.main_window import MainWindow

KINDS = f"表格 ({' '.join(f'*{ending}' for ending in WORKBOOKS)})"


class DropHint(QWidget):
    """Over the page while a file hangs above it."""

    def __init__(self, page: QWidget):
        super().__init__(page)
        self._page = page
        self.setObjectName("drop")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._whole = column(
            None,
            row(
                None, Picture("upload", "accent_text", 24), label("松手就读这份文件", "section"), None, gap=8
            ),
            None,
        )
        self._whole.setParent(self)
        self.hide()

    def cover(self) -> None:
        self.setGeometry(self._page.rect())
        self._whole.setGeometry(self.rect())
        self.show()
        self.raise_()


class FilesPage(Page):
    """A page that takes files and pasted cells in."""

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.drop = DropHint(self)

    @property
    def pastes(self) -> bool:
        """Whether Ctrl+V means a table now."""
        raise NotImplementedError

    def take(self, source: Path | str) -> None:
        """Read a file, or text from the clipboard."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.drop.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop.hide()
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.take(files[0])
        if len(files) > 1:
            self.desk.say(f"一次读一份，先读“{files[0].name}”。", can_undo=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and self.pastes:
            self.paste()
        else:
            super().keyPressEvent(event)

    def choose(self) -> None:
        found = dialogs.open_file(self, "选要导入的文件", Path.home(), KINDS)
        if found is not None:
            self.take(found)

    def paste(self) -> None:
        """What was copied in Excel, or a file that was copied in its folder."""
        held = QGuiApplication.clipboard().mimeData()
        files = [Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile()] if held else []
        text = QGuiApplication.clipboard().text()
        if files:
            self.take(files[0])
        elif "\t" in text or "\n" in text.strip():
            self.take(text)
        else:
            self.desk.say("剪贴板里没有表格。在 Excel 里连表头一起选中，复制了再来。", can_undo=False)
