"""The keys of the window. What a page, or a panel beside it, can do with one is in its `commands`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QKeySequence, QShortcut

from ui.panes import next_pane
from ui.theme import SIZES, look

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def bind(window: MainWindow) -> None:
    """Let the window obey its keys."""

    def key(text: str, action: Callable[[], Any]) -> None:
        QShortcut(QKeySequence(text), window).activated.connect(action)

    for place, name in enumerate(window.nav.items):
        key(f"Ctrl+{place + 1}", lambda name=name: window.go(name))
    key("Ctrl+K", window.search.begin)
    key("Ctrl+B", lambda: window.scope.fold_by_hand(not window.scope.folded))
    key("Ctrl+Shift+Z", window.redo)
    key("F6", lambda: next_pane(window, 1))
    key("Shift+F6", lambda: next_pane(window, -1))
    key("Ctrl+Z", window.undo)
    key("Ctrl+Y", window.redo)
    key("Ctrl+=", window.larger)
    key("Ctrl+-", window.smaller)
    key("Ctrl+0", lambda: look.wear(scale=SIZES[0]))
    key("Ctrl+PgUp", lambda: window.turn(-1))
    key("Ctrl+PgDown", lambda: window.turn(1))
    key("F1", window.help)
    for text, name in (
        ("Ctrl+F", "find"),
        ("Ctrl+N", "new"),
        ("Ctrl+S", "save"),
        ("Ctrl+P", "print"),
        ("Ctrl+O", "import"),
        ("Ctrl+E", "export"),
        ("Ctrl+Shift+L", "clear"),
        ("F2", "edit"),
        ("F4", "reveal"),
        ("F5", "refresh"),
        ("F8", "next"),
        ("Shift+F8", "previous"),
        ("Escape", "close"),
        ("Delete", "leave"),
    ):
        key(text, lambda name=name: window.command(name))
