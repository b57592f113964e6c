"""What can be done with a file that was looked through: its receipt, and taking back what it wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from gridoffice.history import journal
from gridoffice.office import Done
from gridoffice.spreadsheet.receipt import Receipt
from ui import dialogs
from ui.pages.import_start import WORKBOOK
from ui.reviewing import FileUnderReview

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class AfterReview(QObject):
    """The ways on from a file under review."""

    def __init__(self, desk: MainWindow, file: FileUnderReview):
        super().__init__(file)
        self.desk, self.file = desk, file

    def undo(self) -> None:
        """Take back what the file wrote."""
        found = self.file.now
        if found is not None and found.action is not None:
            self.take_back(found.action)

    def take_back(self, action: int) -> None:
        """Undo a whole import, however long ago it was."""
        self.desk.work_write(self, "gridoffice.history:undo", action, then=self._taken_back)

    def _taken_back(self, done: Done) -> None:
        kept = done.result.kept
        words = "已整批撤销这次导入。"
        if kept:
            names = "、".join(one.in_words() for one in kept[:3])
            words = f"已撤销这次导入。{sum(one.records for one in kept)} 条保持现状：{names}。"
        self.desk.say(words, can_undo=False)

    def ask_whether_undone(self, still: Callable[[], bool]) -> None:
        """The import may have been taken back, here or anywhere: then the file is looked at anew, if it is
        `still` shown as written."""
        found = self.file.now
        if found is None or found.action is None:
            return
        action = found.action

        def answer(lines: list[Any]) -> None:
            line = next((one for one in lines if one.id == action), None)
            if still() and line is not None and line.undone:
                self.file.again(replace(self.file.options, good_rows_only=False))

        self.desk.read(self, journal, 1, action + 1, then=answer, topic="undone")

    def receipt(self) -> None:
        """The clerk's own workbook, back again with what is wrong marked in it."""
        found = self.file.now
        if found is None:
            return
        proposal = Path(found.file).with_name(f"{Path(found.file).stem}（错误回执）.xlsx")
        target = dialogs.save_file(self.desk, "错误回执存到", proposal, WORKBOOK)

        def done(receipt: Receipt) -> None:
            words = f"错误回执在“{target.name if target else ''}”，标出 {receipt.cells} 格。改好直接再导。"
            self.desk.say(words, can_undo=False)

        if target is not None:
            self.file.receipt(target, done)
