"""What a document can be begun from, and what can be put into its text: menus below the buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from gridoffice.papers.drafts import all_facts
from gridoffice.papers.facts import GROUPS
from gridoffice.papers.figures import FIGURES
from ui.widgets.parts import Button

if TYPE_CHECKING:
    from ui.pages.writing import WritingPage

Line = tuple[str, Callable[[], Any] | None]
"""Words of a menu and what they do; None is a heading."""
SHORTENED = 24


class WritingMenus(QObject):
    """The menus of the page."""

    def __init__(self, page: WritingPage):
        super().__init__(page)
        self._page = page
        self.menu: QMenu | None = None

    def templates(self) -> None:
        """Begin a document."""
        page = self._page
        known = page.templates.values()
        lines: list[Line] = []
        for own in (False, True):
            if own and any(one.own for one in known):
                lines.append(("本办的", None))
            lines += [
                (
                    f"{one.title}（{one.kind}）",
                    lambda key=one.key: page.leave_safely(lambda: page.begin(key)),
                )
                for one in known
                if one.own is own
            ]
        self._open(page.begin_button, lines)

    def numbers(self) -> None:
        """Every number that this document can name, with what it is now."""
        page = self._page
        if page.writing is not None:
            page.desk.read(page, all_facts, page.meant(), then=self._numbers, topic="numbers", heavy=True)

    def _numbers(self, facts: Mapping[str, str]) -> None:
        lines: list[Line] = []
        for group, names, _ in GROUPS:
            known = [name for name in names if name in facts]
            if known:
                lines.append((group, None))
            lines += [
                (
                    f"{name}　{facts[name][:SHORTENED] or '没有'}",
                    lambda name=name: self._page.editor.insert_number(name, facts[name]),
                )
                for name in known
            ]
        self._open(self._page.number_button, lines)

    def figures(self) -> None:
        """Every chart."""
        editor = self._page.editor
        lines: list[Line] = [
            (name, lambda name=name: editor.insert_line(f"【图：{name}】")) for name in FIGURES
        ]
        self._open(self._page.figure_button, lines)

    def _open(self, below: Button, lines: Sequence[Line]) -> None:
        menu = QMenu(self._page)
        for words, act in lines:
            if act is None:
                menu.addSection(words)
                continue
            made = QAction(words, menu)
            made.triggered.connect(lambda _=False, act=act: act())
            menu.addAction(made)
        self.menu = menu
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))
