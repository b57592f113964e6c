"""F6 goes round the panes of the window: navigation, scope, page, drawer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def next_pane(window: MainWindow, step: int) -> None:
    """Put the keyboard into the next one, or with -1 into the one before."""
    page = window.page
    panes = [window.nav, window.scope, page.main, page.side]
    panes = [pane for pane in panes if pane is not None and pane.isVisible()]
    focus = QApplication.focusWidget()
    at = next(
        (
            place
            for place, pane in enumerate(panes)
            if focus is not None and (pane is focus or pane.isAncestorOf(focus))
        ),
        -1,
    )
    pane = panes[(at + step) % len(panes)]
    if pane is window.nav:
        window.nav.items[page.key].setFocus(Qt.FocusReason.ShortcutFocusReason)
    elif pane is window.scope:
        (window.scope.tree if not window.scope.folded else window.scope.rail).setFocus()
    elif pane is page.main and page.focusProxy() is not None:
        page.focusProxy().setFocus(Qt.FocusReason.ShortcutFocusReason)
    else:
        first = next(
            (
                w
                for w in pane.findChildren(QWidget)
                if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
            ),
            pane,
        )
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)
