"""A line in which one grid is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.parts import button, row
from ui.widgets.picker import Picker


class GridPicker(Picker):
    """`search` answers numbers and words: the name, a wide space, where it lies."""

    nobody = "没有这样的网格。"

    def __init__(
        self,
        runner: TaskRunner,
        search: Callable[[str], Sequence[tuple[int, str]]],
        name: str,
        hint: str = "",
    ):
        super().__init__(runner, search, name, hint or "名称、编码或拼音")

    def number_of(self, hit: tuple[int, str]) -> int:
        return hit[0]

    def words_of(self, hit: tuple[int, str]) -> str:
        return hit[1].split("　")[0]

    def offer(self, hit: tuple[int, str], take: Callable[[], None]) -> QWidget:
        words = hit[1]
        cut = look.metrics().elidedText(words, Qt.TextElideMode.ElideRight, look.px(210))
        return row(button(cut, kind="link", tip=words, on_click=take), None)
