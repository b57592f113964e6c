"""Labels, buttons, boxes: the small parts, sized in the design's own pixels.

Every part that has a fixed size or a picture can `relook`: sizes and icons follow when the scale or
the theme changes (`relook_all`). Colours and faces come from the one style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from ui import icons
from ui.theme import look

Child = QWidget | tuple[QWidget, int] | int | None
"""What a box holds: a part, a part with its stretch, a gap in pixels, or None for the free space."""


def size(widget: QWidget, width: float | None = None, height: float | None = None) -> None:
    """Fix a part's size in design pixels; None leaves that side free."""
    widget.setProperty("design_size", (width, height))
    _resize(widget)


def _resize(widget: QWidget) -> None:
    fixed = widget.property("design_size")
    if fixed:
        width, height = fixed
        if width is not None:
            widget.setFixedWidth(look.px(width))
        if height is not None:
            widget.setFixedHeight(look.px(height))


def relook_all(root: QWidget) -> None:
    """After a change of theme or scale: sizes, gaps and icons of everything below `root`."""
    for widget in (root, *root.findChildren(QWidget)):
        _resize(widget)
        relook = getattr(widget, "relook", None)
        if relook is not None:
            relook()
        widget.update()


def restyle(widget: QWidget, **properties: Any) -> None:
    """Set properties that the style sheet looks at, and have it look again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Box(QWidget):
    """A row or a column of parts."""

    def __init__(
        self,
        children: Sequence[Child],
        vertical: bool,
        gap: float,
        margins: Sequence[float],
        name: str,
        width: float | None,
        height: float | None,
    ):
        super().__init__()
        self._gap, self._margins = gap, tuple(margins)
        self.box: QBoxLayout = QVBoxLayout(self) if vertical else QHBoxLayout(self)
        self._gaps: list[tuple[int, float]] = []
        if name:
            self.setObjectName(name)
            self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        for child in children:
            self.put(child)
        size(self, width, height)
        self.relook()

    def put(self, child: Child) -> None:
        """Add one more part at the end."""
        if child is None:
            self.box.addStretch(1)
        elif isinstance(child, int):
            self._gaps.append((self.box.count(), child))
            self.box.addSpacing(look.px(child))
        elif isinstance(child, tuple):
            self.box.addWidget(*child)
        else:
            self.box.addWidget(child)

    def put_all(self, children: Sequence[Child]) -> None:
        for child in children:
            self.put(child)

    def clear(self) -> None:
        """Take everything out and away; a keyboard that stood in it stays in the same pane."""
        keep_keyboard(self)
        self._gaps.clear()
        while (item := self.box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def relook(self) -> None:
        self.box.setSpacing(look.px(self._gap))
        self.box.setContentsMargins(*(look.px(side) for side in self._margins))
        vertical = isinstance(self.box, QVBoxLayout)
        for place, gap in self._gaps:
            item = self.box.itemAt(place)
            spacer = item.spacerItem() if item is not None else None
            if spacer is not None:
                spacer.changeSize(0 if vertical else look.px(gap), look.px(gap) if vertical else 0)


def keep_keyboard(leaving: QWidget) -> None:
    """Before something goes that has the keyboard: give it to what stands round it, else Qt gives it to
    the first thing in the window."""
    focus = QApplication.focusWidget()
    if focus is None or not leaving.isAncestorOf(focus):
        return
    around = leaving.parentWidget()
    while around is not None and around.focusPolicy() is Qt.FocusPolicy.NoFocus:
        around = around.parentWidget()
    if around is not None:
        around.setFocus()


def row(
    *children: Child,
    gap: float = 8,
    margins: Sequence[float] = (0, 0, 0, 0),
    name: str = "",
    width: float | None = None,
    height: float | None = None,
) -> Box:
    """Parts side by side. Margins are left, top, right, bottom."""
    return Box(children, False, gap, margins, name, width, height)


def column(
    *children: Child,
    gap: float = 8,
    margins: Sequence[float] = (0, 0, 0, 0),
    name: str = "",
    width: float | None = None,
    height: float | None = None,
) -> Box:
    """Parts one below the other."""
    return Box(children, True, gap, margins, name, width, height)


def card(*children: Child, gap: float = 8, margins: Sequence[float] = (16, 12, 16, 12)) -> Box:
    return column(*children, gap=gap, margins=margins, name="card")


class Label(QLabel):
    """One line of text in a role of the type table; cut with … at the end when there is no room.

    A label that elides shows its whole text in a tooltip.
    """

    def __init__(self, text: str = "", role: str = "", elide: bool = False, wrap: bool = False):
        super().__init__()
        self._whole = text
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if role:
            self.setProperty("role", role)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self.setMinimumWidth(look.px(24))
        self.setText(text)

    def whole(self) -> str:
        """The text before cutting."""
        return self._whole

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        if self._elide:
            self._cut()
        else:
            super().setText(text)

    def _cut(self) -> None:
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room + 1)
        super().setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._elide:
            self._cut()


def label(text: str = "", role: str = "", elide: bool = False, wrap: bool = False) -> Label:
    return Label(text, role, elide, wrap)


class Picture(QLabel):
    """An icon by itself; what it means is said in words beside it or in `meaning`."""

    def __init__(self, name: str, token: str = "text2", side: float = 20, meaning: str = ""):
        super().__init__()
        self._name, self._token, self._side = name, token, side
        size(self, side, side)
        if meaning:
            self.setToolTip(meaning)
            self.setAccessibleName(meaning)
        self.relook()

    def change(self, name: str, token: str) -> None:
        self._name, self._token = name, token
        self.relook()

    def relook(self) -> None:
        self.setPixmap(icons.pixmap(self._name, self._token, self._side))


class Button(QPushButton):
    """A button: `kind` is "" (edge), "primary", "quiet", "link", "chip", "active" or "toast"."""

    def __init__(
        self,
        text: str = "",
        icon: str = "",
        kind: str = "",
        tip: str = "",
        keys: str = "",
        ink: str = "",
        on_click: Callable[[], Any] | None = None,
    ):
        super().__init__()
        self._icon, self._kind, self._ink = icon, kind, ink
        if kind:
            self.setProperty("kind", kind)
        self.say(text)
        hint = tip or (text if keys else "")
        if keys:
            hint = f"{hint}　{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}"
        self.setToolTip(hint)
        self.setAccessibleName(tip or text)
        self.setAutoDefault(False)
        if kind == "active":
            self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        if on_click is not None:
            self.clicked.connect(lambda _=False: on_click())
        self.relook()

    def say(self, text: str) -> None:
        """Set the words; a space keeps them off the icon, which a sheet cannot do."""
        beside = bool(self._icon and text)
        self.setText((f"{text} " if self._kind == "active" else f" {text}") if beside else text)

    def words(self) -> str:
        return self.text().strip()

    def picture(self, icon: str) -> None:
        self._icon = icon
        self.relook()

    def relook(self) -> None:
        if not self._icon:
            return
        ink = self._ink or {
            "primary": "on_accent",
            "link": "accent_text",
            "active": "accent_text",
            "toast": "toast_link",
        }.get(self._kind, "text2")
        side = 14 if self._kind == "active" else 18
        self.setIcon(icons.icon(self._icon, ink, side))
        self.setIconSize(QSize(look.px(side), look.px(side)))


def button(
    text: str = "",
    icon: str = "",
    kind: str = "",
    tip: str = "",
    keys: str = "",
    ink: str = "",
    on_click: Callable[[], Any] | None = None,
) -> Button:
    return Button(text, icon, kind, tip, keys, ink, on_click)


def rule(vertical: bool = False, length: float | None = None) -> QWidget:
    """A line of one pixel between parts."""
    made = QWidget()
    made.setObjectName("rule")
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if vertical:
        made.setFixedWidth(1)
        size(made, height=length)
    else:
        made.setFixedHeight(1)
    return made


class Input(QLineEdit):
    """A line to type in, with an optional icon at its head."""

    def __init__(self, hint: str = "", icon: str = "", width: float | None = None, name: str = ""):
        super().__init__()
        self.setPlaceholderText(hint)
        self.setAccessibleName(name or hint)
        self._icon = icon
        self._action = (
            self.addAction(icons.icon(icon, "text3", 16), QLineEdit.ActionPosition.LeadingPosition)
            if icon
            else None
        )
        size(self, width)

    def relook(self) -> None:
        if self._action is not None:
            self._action.setIcon(icons.icon(self._icon, "text3", 16))


class Choice(QComboBox):
    """A drop-down list of (value, words)."""

    def __init__(self, choices: Sequence[tuple[Any, str]] = (), name: str = "", width: float | None = None):
        super().__init__()
        self.setView(QListView())
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fill(choices)
        size(self, width)

    def fill(self, choices: Sequence[tuple[Any, str]]) -> None:
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        if choices:
            widest = max(self.fontMetrics().horizontalAdvance(words) for _, words in choices)
            self.view().setMinimumWidth(widest + look.px(40))

    def paintEvent(self, event) -> None:
        """Words that are too long end in an ellipsis: a character cut in two looks like another one."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, field.width() - look.px(4)
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event) -> None:
        """Scrolling the page must not change a value on the way."""
        event.ignore()


def scrolled(content: QWidget) -> QScrollArea:
    """The content in an area that scrolls downwards only."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    content.setAutoFillBackground(False)  # setWidget has just turned it on
    area.viewport().setAutoFillBackground(False)
    return area
