"""Beside the rows under review: what the clerk has to settle, and the merge rules."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.widgets.merge_rules import MergeRules
from ui.widgets.parts import button, row, size
from ui.widgets.questions import QuestionList
from ui.widgets.tabs import Tabs

SIDE = 304


class ReviewSide(QWidget):
    """Beside the table: what the clerk has to settle, and the merge rules. `closed` by its cross, which
    stands there where the side covers the table."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        size(self, SIDE)
        self.tabs = Tabs(("要你定的", "合并规则"))
        self.questions = QuestionList()
        self.rules = MergeRules()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.questions)
        self.stack.addWidget(self.rules)
        self.tabs.picked.connect(self.stack.setCurrentIndex)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 4, 0, 0)
        box.setSpacing(0)
        self.cross = button("", "x", "quiet", tip="收起", keys="Esc", on_click=self.closed.emit)
        box.addWidget(row((self.tabs, 1), self.cross, gap=0, margins=(0, 0, 8, 0)))
        box.addWidget(self.stack, 1)

    def show_tab(self, place: int) -> None:
        self.tabs.show_tab(place)
        self.stack.setCurrentIndex(place)

    def count(self) -> None:
        waiting = self.questions.waiting()
        self.tabs.names = (f"要你定的 {waiting}" if waiting else "要你定的", "合并规则")
        self.tabs.show_tab(self.tabs.current)

    def sizeHint(self) -> QSize:
        return self.minimumSize()
