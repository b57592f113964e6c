"""The drawer beside a table: a record's head, its tabs, its body, and a foot with one or two actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import look
from ui.widgets.badges import Badge
from ui.widgets.beside import BesideLine
from ui.widgets.parts import (
    Box,
    Button,
    button,
    column,
    keep_keyboard,
    label,
    row,
    scrolled,
    size,
)
from ui.widgets.tabs import Tabs

PERSON, PANEL = 348, 292


class Drawer(QWidget):
    """Head, tabs, body, foot. `step` wants the record before (-1) or after (1)."""

    step = Signal(int)
    closed = Signal()
    tab = Signal(int)

    def __init__(self, tabs: Sequence[str] = (), width: float = PERSON):
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        size(self, width)
        self._title = label("", "title", elide=True)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._badge = Badge("ok", "")
        self._below = label("", "fact", elide=True)
        self.head = column(
            row(
                self._title,
                8,
                self._badge,
                None,
                button("", "chevron-left", "quiet", tip="上一个", on_click=lambda: self.step.emit(-1)),
                button("", "chevron-right", "quiet", tip="下一个", on_click=lambda: self.step.emit(1)),
                button("", "x", "quiet", tip="关上", keys="Esc", on_click=self.closed.emit),
                gap=0,
            ),
            self._below,
            gap=0,
            margins=(16, 8, 8, 8),
        )
        self._beside = BesideLine()
        self.tabs = Tabs(tabs) if tabs else None
        self.foot = row(name="actions", margins=(16, 0, 16, 0), height=52)
        self._area: QScrollArea = scrolled(QWidget())
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.head)
        box.addWidget(self._beside)
        if self.tabs is not None:
            box.addWidget(self.tabs)
            self.tabs.picked.connect(self.tab)
        box.addWidget(self._area, 1)
        box.addWidget(self.foot)

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), look.px(400))

    def name(self, title: str, below: str, badge: tuple[str, str] | None = None) -> None:
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._title.setMinimumWidth(
            min(
                look.width(title, 20, 700) + 4,
                self.maximumWidth() - look.px(178 if badge is not None else 124),
            )
        )
        self._title.setText(title)
        self._below.setText(below)
        self._badge.setVisible(badge is not None)
        if badge is not None:
            self._badge.say(*badge)

    def attend(self, words: str, changing: bool = False) -> None:
        """Say who else is here; no words when nobody is."""
        self._beside.tell(words, changing)

    def fill(self, body: Box) -> None:
        """Show a body; the one before is thrown away."""
        old = self._area.widget()
        if old is not None:
            keep_keyboard(old)
            self._area.takeWidget()
            old.hide()
            old.deleteLater()
        self._area.setWidget(body)
        body.setAutoFillBackground(False)

    def act(self, *buttons: Button | None) -> None:
        """What the foot offers; with nothing to offer it goes."""
        self.foot.clear()
        self.foot.setVisible(any(buttons))
        for made in buttons:
            self.foot.put(made)


def body() -> Box:
    """An empty body with the drawer's own margins."""
    return column(gap=12, margins=(16, 12, 16, 12), name="surface")
