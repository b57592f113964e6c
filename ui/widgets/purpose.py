"""The line that says what something leaves for: filled in with what is proposed, so that who agrees need not touch
it; blank again for whole numbers, which want words of their own."""

from __future__ import annotations

from PySide6.QtCore import Signal

from gridoffice.leaving import MOST
from ui.widgets.parts import Box, Input, label


class PurposeLine(Box):
    """用途 and its line, hidden until something wants one: below each other, or `across` a bar. `meant` when the
    clerk wrote other words and left the line."""

    meant = Signal()

    def __init__(self, across: bool = False):
        self.input = Input("例如：报送区民政局名册", name="用途")
        self.input.setMaxLength(MOST)
        self._proposed, self._whole, self._told = "", False, ""
        super().__init__([], not across, 4, (0, 0, 0, 0), "", None, None)
        told = "印在页边，记入变动"
        self.put(label("用途" if across else f"用途（{told}）", "hint"))
        self.input.setToolTip(told if across else "")
        self.put(self.input)
        self.input.editingFinished.connect(self._left)
        self.hide()

    def propose(self, words: str | None) -> None:
        """Show what is proposed, unless the clerk wrote something; None: nothing here wants a purpose."""
        if self.said() is None and not self._whole:
            self._proposed = words or ""
            self._show(self._proposed)
        self.setVisible(bool(words) or self._whole)

    def ask(self, whole: bool) -> None:
        """Whole numbers want words of their own; without them what is proposed will do."""
        self._whole = whole
        self._show("" if whole else self._proposed)
        self.setVisible(whole or bool(self._proposed))
        if whole:
            self.input.setFocus()

    def forget(self) -> None:
        """What was written was for another thing."""
        self._proposed, self._whole = "", False
        self._show("")
        self.hide()

    def said(self) -> str | None:
        """The clerk's own words; None where he leaves what is proposed."""
        words = self.input.text().strip()
        return words if words and (self._whole or words != self._proposed) else None

    def _show(self, words: str) -> None:
        self._told = words
        self.input.setText(words)
        self.input.setCursorPosition(0)

    def _left(self) -> None:
        words = self.input.text().strip()
        if not words and not self._whole:
            self._show(self._proposed)
            words = self._proposed
        if words != self._told:
            self._told = words
            self.meant.emit()
