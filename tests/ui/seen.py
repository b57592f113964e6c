"""What a clerk sees of a part of the window, and can click on it."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from ui.widgets.parts import Label


def words_in(holder: QWidget) -> str:
    """The words of all labels in sight, a line each."""
    return "\n".join(one.whole() for one in holder.findChildren(Label) if one.isVisible())


def click(holder: QWidget, words: str) -> None:
    """Click the first button in sight on which these words stand."""
    found = [one for one in holder.findChildren(QPushButton) if one.isVisible() and words in one.text()]
    assert found, words
    found[0].click()
