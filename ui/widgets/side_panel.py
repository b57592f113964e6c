"""A panel at the side of a page: title, something to fill in, a verdict always in sight, a foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.listening import Spot
from ui.theme import look
from ui.widgets.beside import BesideLine
from ui.widgets.drawer import PERSON
from ui.widgets.parts import Box, Child, button, column, label, row, scrolled, size


class SidePanel(QWidget):
    """`inside` takes what is filled in; `judge` says what is missing or forbidden above the foot."""

    closed = Signal()

    def __init__(self, title: str, width: float = PERSON):
        super().__init__()
        self.commands: dict[str, Callable[[], Any]] = {}
        """What the window's keys do while it stands beside a page, before what they do there."""
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        size(self, width)
        self.inside: Box = column(gap=10, margins=(16, 4, 16, 12), name="surface")
        self.verdict: Box = column(margins=(16, 6, 16, 6))
        self.foot: Box = row(name="actions", margins=(16, 0, 16, 0), height=52)
        head = row(
            (label(title, "title", elide=True), 1),
            button("", "x", "quiet", tip="关上", keys="Esc", on_click=self.closed.emit),
            gap=4,
            margins=(16, 8, 8, 8),
        )
        self.spot: Spot | None = None
        """The record that is filled in, for others who look at the same one."""
        self._beside = BesideLine()
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(head)
        box.addWidget(self._beside)
        box.addWidget(scrolled(self.inside), 1)
        box.addWidget(self.verdict)
        box.addWidget(self.foot)
        self.judge()

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), look.px(400))

    def attend(self, words: str, changing: bool = False) -> None:
        """Say who else is at the same record; no words when nobody is."""
        self._beside.tell(words, changing)

    def judge(self, *parts: QWidget) -> None:
        self.verdict.clear()
        self.verdict.put_all(parts)
        self.verdict.setVisible(bool(parts))

    def act(self, *parts: Child) -> None:
        """What the foot offers."""
        self.foot.clear()
        self.foot.put_all([*parts, None])
