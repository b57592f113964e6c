"""The frame round every page: navigation, top bar, status bar, toast and banner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from gridoffice.progress import Step
from ui import icons
from ui.theme import Theme, look
from ui.widgets.parts import Box, Button, Input, Picture, button, label, row, rule, size

NAV, TOP, STATUS = 80, 48, 32
TOAST_MS = 8000


class NavItem(QAbstractButton):
    """A page's place in the navigation: icon over word, a tile and a white bar when it is the one."""

    def __init__(self, words: str, icon: str, keys: str):
        super().__init__()
        self._icon = icon
        self.setText(words)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(words)
        self.setToolTip(f"{words}　{keys}" if keys else words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        size(self, NAV)
        self.relook()

    def relook(self) -> None:
        # a low window brings the pages closer together, large letters too
        self.setMinimumHeight(look.px(50))
        self.setMaximumHeight(look.px(64))

    def sizeHint(self) -> QSize:
        return QSize(look.px(NAV), look.px(64))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, on = look.px, self.isChecked()
        tile = QRectF(px(8), px(2), self.width() - px(16), self.height() - px(4))
        top = tile.y() + (tile.height() - px(60)) / 2
        if on or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("nav_sel_bg" if on else "nav_hover"))
            painter.drawRoundedRect(tile, 6, 6)
        if on:
            painter.setBrush(look.color("nav_sel"))
            painter.drawRoundedRect(QRectF(px(8), top + px(16), 3, px(28)), 1.5, 1.5)
        ink = "nav_sel" if on else "nav_text"
        painter.drawPixmap(
            round(self.width() / 2 - px(12)), round(top + px(8)), icons.pixmap(self._icon, ink, 24)
        )
        painter.setPen(look.color(ink))
        painter.setFont(look.font(13, 500 if on else 400))
        painter.drawText(
            QRectF(0, top + px(34), self.width(), px(20)), Qt.AlignmentFlag.AlignCenter, self.text()
        )
        if self.hasFocus():
            painter.setPen(QPen(look.color(ink), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile.adjusted(2, 2, -2, -2), 5, 5)
        painter.end()


class Nav(QWidget):
    """The pages, the settings at the bottom, the sign of the house on top."""

    picked = Signal(str)

    def __init__(self, pages: Sequence[tuple[str, str, str]]):
        super().__init__()
        self.items: dict[str, NavItem] = {}
        size(self, NAV)
        self._box = QVBoxLayout(self)
        self._box.setSpacing(0)
        self.setAccessibleName("页面")
        for place, (key, words, icon) in enumerate(pages):
            last = place == len(pages) - 1
            item = NavItem(words, icon, f"Ctrl+{place + 1}")
            item.clicked.connect(lambda _=False, key=key: self.picked.emit(key))
            if last:
                self._box.addStretch(1)
            self._box.addWidget(item)
            self.items[key] = item
        self.relook()

    def relook(self) -> None:
        self._box.setContentsMargins(0, look.px(54), 0, look.px(8))

    def show_current(self, key: str) -> None:
        self.items[key].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("nav"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, gap, middle = look.px(10), look.px(3), self.width() / 2
        ink = look.color("nav_text")
        for place in range(4):  # four grids, one of them filled
            x = middle - side - gap / 2 + (place % 2) * (side + gap)
            y = look.px(24) - side - gap / 2 + (place // 2) * (side + gap)
            painter.setPen(QPen(ink, 1.5))
            painter.setBrush(ink if place == 3 else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(x, y, side, side), 2, 2)
        if look.edged:
            painter.setPen(QPen(look.color("line_strong"), 1))
            painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
        painter.end()


class TopBar(Box):
    """Program name, quick search, size, theme, help, and who is at work."""

    def __init__(
        self,
        office_name: str,
        who: str,
        place: str,
        on_scale: Callable[[], Any],
        on_theme: Callable[[], Any],
        on_help: Callable[[], Any],
    ):
        self.search = Input("找人、网格、功能", "search", 380)
        self._keys = label("Ctrl+K", "key")
        self._keys.setParent(self.search)
        self.theme = button("", "moon", "quiet", tip="换明暗", on_click=on_theme)
        self.large = button("", "text-size", "quiet", tip="大字", keys="Ctrl+=", on_click=on_scale)
        self.name = label(office_name, "strong")
        self._who = label(who, "strong")
        self._place = label(place, "fact")
        right = row(
            None,
            self.large,
            self.theme,
            button("", "help", "quiet", tip="本页说明", keys="F1", on_click=on_help),
            rule(vertical=True),
            4,
            Picture("user", "text2", 18),
            self._who,
            self._place,
            gap=4,
        )
        left = row(self.name, None)
        super().__init__([(left, 1), self.search, (right, 1)], False, 8, (16, 0, 16, 0), "topbar", None, TOP)

    def relook(self) -> None:
        super().relook()
        px = look.px
        self._keys.setFixedHeight(px(20))
        self._keys.adjustSize()
        self._keys.move(self.search.width() - self._keys.sizeHint().width() - px(8), px(6))
        self.search.setTextMargins(0, 0, px(60), 0)
        self.theme.picture("sun" if look.theme is Theme.DARK else "moon")


LONG_FACT = 24
"""Signs: a longer fact of the status bar gives way."""


class StatusBar(Box):
    """Left: what is selected. Right: the last change with its 撤销, long work, and where it is kept."""

    undo_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self) -> None:
        self._facts = row(gap=12)
        self._undo_sign = Picture("arrow-back-up", "text2", 16)
        self._last = label("", "fact")
        self._undo = button("撤销", kind="link", tip="撤销", keys="Ctrl+Z")
        self._undo_rule = rule(vertical=True, length=20)
        self._work = label("", "fact")
        self._cancel = button("取消", kind="link")
        self._work_rule = rule(vertical=True, length=20)
        self._kept = label("", "fact")
        super().__init__(
            [
                (self._facts, 1),
                self._work,
                self._cancel,
                self._work_rule,
                self._undo_sign,
                self._last,
                self._undo,
                self._undo_rule,
                Picture("database", "text2", 16),
                self._kept,
            ],
            False,
            8,
            (16, 0, 16, 0),
            "status",
            None,
            STATUS,
        )
        self._undo.clicked.connect(lambda _=False: self.undo_wanted.emit())
        self._cancel.clicked.connect(lambda _=False: self.cancel_wanted.emit())
        self.show_last("")
        self.show_work(None)

    def show_facts(self, facts: Sequence[str]) -> None:
        self._facts.clear()
        for place, fact in enumerate(facts):
            if place:
                self._facts.put(rule(vertical=True, length=20))
            long = len(fact) > LONG_FACT  # cut where there is no room, whole in its tooltip
            self._facts.put((label(fact, "fact", elide=True), 1) if long else label(fact, "fact"))
        if not any(len(fact) > LONG_FACT for fact in facts):
            self._facts.put(None)

    def facts(self) -> list[str]:
        return [part.whole() for part in self._facts.findChildren(type(self._last)) if not part.isHidden()]

    def show_last(self, words: str, can_undo: bool = True) -> None:
        self._last.setText(words)
        for part in (self._undo_sign, self._last, self._undo_rule):
            part.setVisible(bool(words))
        self._undo.setVisible(bool(words) and can_undo)

    def last(self) -> str:
        return self._last.whole()

    def show_kept(self, words: str) -> None:
        self._kept.setText(words)

    def show_work(self, step: Step | None) -> None:
        words = ""
        if step is not None:
            words = f"{step.doing} {step.done}/{step.total}" if step.total else step.doing
        self._work.setText(words)
        for part in (self._work, self._cancel, self._work_rule):
            part.setVisible(step is not None)


class Toast(QWidget):
    """What was done, in one past-tense sentence, with its 撤销; 8 s, longer while hovered."""

    def __init__(self, parent: QWidget, undo: Callable[[], Any], corner: Callable[[], tuple[int, int]]):
        super().__init__(parent)
        self._corner = corner
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = Picture("circle-check", "toast_ok", 20)
        self._words = label("", "toast")
        self._undo = button("撤销 Ctrl+Z", kind="toast", on_click=undo)
        inside = row(self._sign, self._words, 8, self._undo, gap=8, margins=(16, 0, 8, 0), height=44)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(inside)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, words: str, can_undo: bool) -> None:
        self._words.setText(words)
        self._undo.setVisible(can_undo)
        self._box.activate()
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self._timer.start(TOAST_MS if look.scale <= 1.0 else TOAST_MS * 3 // 2)

    def words(self) -> str:
        return self._words.whole() if self.isVisible() else ""

    def offers_undo(self) -> bool:
        return self.isVisible() and self._undo.isVisible()

    def place(self) -> None:
        """Lower right of the content, 16 from the edges, left of a drawer and above an action bar."""
        right, bottom = self._corner()
        self.move(right - self.width() - look.px(16), bottom - self.height() - look.px(16))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(TOAST_MS // 2)


class Banner(QWidget):
    """One line at the top of the content: the state of the whole page."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("note")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._inside: Box | None = None
        self._said = label()
        self.tone = ""
        self.hide()

    def say(self, tone: str, icon: str, words: str, after: Button | None = None) -> None:
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
        self._said = label(words, f"note-{tone}", elide=True)
        self._said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._inside = row(
            Picture(icon, tone, 18),
            (self._said, 1),
            *([after] if after else []),
            margins=(20, 0, 20, 0),
            height=36,
        )
        self._box.addWidget(self._inside)
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()

    def words(self) -> str:
        if self._inside is None or self.isHidden():
            return ""
        return self._said.whole()


class Busy(QWidget):
    """A line of two pixels under the top bar while long work runs; full where its end is known."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(2)
        self._share: float | None = None

    def show_share(self, share: float | None) -> None:
        """How much is done, 0 to 1; None while nothing runs."""
        self._share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._share is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("soft"))
        painter.fillRect(QRectF(0, 0, self.width() * self._share, self.height()), look.color("accent_text"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.update()
