"""看数据: what a chart shows as plain lines, to be read out and copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication

from ui.theme import look
from ui.widgets.parts import Button, button, column, label, row, scrolled
from ui.widgets.popover import Popover

MANY = 12
"""From so many lines on they scroll."""


def data_button(title: str, said: Callable[[], Sequence[tuple[str, str]]]) -> Button:
    """The button at a chart's head: `said` answers name and value of every mark when it is pressed."""
    made = button("看数据", kind="link", tip=f"{title}的数据，可复制到 Excel")
    made.clicked.connect(lambda _=False: _open(made, title, said()))
    return made


def _open(anchor: Button, title: str, lines: Sequence[tuple[str, str]]) -> None:
    listed = column(gap=4)
    for name, value in lines:
        listed.put(row((label(name, elide=True), 1), label(value, "name"), gap=12))
    if not lines:
        listed.put(label("还没有数据。", "hint"))
    inside = listed
    if len(lines) > MANY:
        inside = scrolled(listed)
        inside.setFixedHeight(look.px(24 * MANY))
    copied = button("复制", kind="link", on_click=lambda: _copy(title, lines))
    content = column(row(label(title, "section"), None, copied), inside, gap=8, margins=(12, 10, 12, 12))
    popover = Popover(anchor.window(), content, 368)
    popover.open_at(QRect(anchor.mapTo(anchor.window(), QPoint(0, 0)), anchor.size()))
    popover.take_keyboard()


def _copy(title: str, lines: Sequence[tuple[str, str]]) -> None:
    QGuiApplication.clipboard().setText(
        "\n".join([title, *(f"{name}\t{value}" for name, value in lines)]) + "\n"
    )
