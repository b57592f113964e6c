"""The papers of one training, below the button that offers them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtWidgets import QWidget

from gridoffice.leaving import purpose_of
from gridoffice.reports import Wish
from gridoffice.training.rows import TrainingRow
from ui import dialogs
from ui.widgets.parts import Button, button, column, row
from ui.widgets.popover import Popover
from ui.widgets.purpose import PurposeLine

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class SheetPapers(QObject):
    """`training` answers the one that is shown; without one nothing is offered."""

    def __init__(self, desk: MainWindow, anchor: QWidget, training: Callable[[], TrainingRow | None]):
        super().__init__(anchor)
        self.desk, self._anchor, self._training = desk, anchor, training
        self._purpose = PurposeLine()

    def offer(self) -> None:
        """The sheet to sign, the notice, the sheet as a workbook."""
        line = self._training()
        if line is None:
            return
        self._purpose = PurposeLine()
        self._purpose.propose(purpose_of(self.desk.office, "培训签到表"))
        content = column(
            row(self._paper("签到表，一人一行", "sign-in", line.id), None),
            row(self._paper("签到表，两人一行", "sign-in", line.id, layout="two"), None),
            row(self._paper("通知名单", "invitation", line.id), None),
            row(
                button("签到表存成 Excel，填好再导入", "table-export", "quiet", on_click=self.save_book), None
            ),
            row((self._purpose, 1), margins=(8, 4, 8, 0)),
            gap=2,
            margins=(8, 8, 8, 8),
        )
        popover = Popover(self.desk, content, 300)
        popover.open_at(QRect(self._anchor.mapTo(self.desk, QPoint(0, 0)), self._anchor.size()))
        popover.take_keyboard()

    def _paper(self, words: str, report: str, number: int, **more: Any) -> Button:
        return button(
            words,
            "printer",
            "quiet",
            on_click=lambda: self.desk.go("documents", report=report, training=number, **more),
        )

    def save_book(self) -> None:
        """The sheet as a workbook: filled in on a computer it is taken in again."""
        line = self._training()
        if line is None:
            return
        proposed = Path.home() / f"{line.name}签到表.xlsx"
        target = dialogs.save_file(self._anchor, "签到表", proposed, "Excel 文件 (*.xlsx)")
        if target is not None:
            self.desk.work(
                self,
                "gridoffice.reports:report_book",
                "sign-in",
                Wish(training=line.id, reason=self._purpose.said()),
                target,
                then=lambda count: self.desk.say(f"已存 {count} 人到“{target.name}”。", can_undo=False),
            )
