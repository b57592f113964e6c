"""The scope pane: filter box, tree of grids, footer; folds to a rail that names the scope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import (
    QStackedLayout,
    QWidget,
)

from gridoffice import settings
from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.parts import Input, Picture, button, column, label, row, rule, size
from ui.widgets.popover import Popover
from ui.widgets.tree import MEASURES, Children, Measure, Node, Tree, TreeModel

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
WIDTH, RAIL = 212, 44
COUNTED = "counted in the tree"


class ScopePane(QWidget):
    """Filter box, tree with counts, a footer with what is wrong; folds to a rail that names the scope."""

    changed = Signal(object)
    folded_by_hand = Signal(bool)
    day_wanted = Signal()

    def __init__(
        self,
        runner: TaskRunner,
        children: Children,
        ancestors: Callable[[int], Sequence[int]],
        search: Callable[[str], Sequence[tuple[int, str]]],
    ):
        super().__init__()
        self.setObjectName("scope")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._runner, self._ancestors, self._search = runner, ancestors, search
        self.node: Node | None = None
        self.folded = False
        self._open: set[int] = set()
        self._sought: int | None = None
        self.model = TreeModel(runner, children, self)
        self.tree = Tree(self.model)
        self.tree.picked.connect(self._take)
        self.tree.expanded.connect(lambda index: self._remember(index, True))
        self.tree.collapsed.connect(lambda index: self._remember(index, False))
        self.model.loaded.connect(self._loaded)
        self.found = column(gap=0, margins=(4, 0, 4, 0))
        self.finder = Input("筛选网格", "filter")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(150)
        self._pause.timeout.connect(self._look_for)
        self.finder.textChanged.connect(lambda _: self._pause.start())
        self._sign = Picture("alert-triangle", "warn", 16)
        self._said = label("", "fact", elide=True)
        self._to = button("查看", kind="link")
        self.footer = column(
            rule(), row(self._sign, (self._said, 1), self._to, gap=6, margins=(12, 4, 4, 4)), gap=0
        )
        self.footer.hide()
        self._measure = button(
            "", "chevron-down", "link", tip="右边的数是什么", on_click=self._choose_measure
        )
        self._counting = row(label("网格", "small"), None, self._measure, margins=(12, 0, 4, 0), height=26)
        tip = "看哪一天的网格"
        self._day = button("今天", "calendar", "link", tip=tip, on_click=self.day_wanted.emit)
        self._rail_day = button("", "calendar", "quiet", tip=tip, on_click=self.day_wanted.emit)
        self.wide = column(
            row(
                label("范围", "strong"),
                self._day,
                None,
                button(
                    "",
                    "layout-sidebar-left-collapse",
                    "quiet",
                    tip="收起范围",
                    keys="Ctrl+B",
                    on_click=lambda: self.fold_by_hand(True),
                ),
                gap=4,
                margins=(12, 0, 4, 0),
            ),
            row(self.finder, margins=(12, 0, 12, 0)),
            self._counting,
            self.found,
            (self.tree, 1),
            self.footer,
            gap=4,
            margins=(0, 8, 0, 0),
        )
        self.count(settings.recall(COUNTED, MEASURES[0].key))
        self.found.hide()
        self._rail_name = label("", "strong")
        self._rail_name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._rail_head = label("范\n围", "hint")
        self._rail_head.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.rail = column(
            button(
                "",
                "layout-sidebar-left-expand",
                "quiet",
                tip="展开范围",
                keys="Ctrl+B",
                on_click=lambda: self.fold_by_hand(False),
            ),
            self._rail_day,
            self._rail_head,
            self._rail_name,
            None,
            gap=8,
            margins=(2, 8, 2, 0),
        )
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 1, 0)
        self._stack.addWidget(self.wide)
        self._stack.addWidget(self.rail)
        self.setFocusProxy(self.tree)
        self.fold(False)

    def count(self, key: str) -> None:
        """What the numbers beside the grids count, by its key; remembered on this computer."""
        self.tree.measure = next((one for one in MEASURES if one.key == key), MEASURES[0])
        self._measure.say(self.tree.measure.words)
        self.tree.viewport().update()

    def _choose_measure(self) -> None:
        listed = column(gap=0, margins=(4, 4, 4, 4))
        popover = Popover(self.window(), listed, 160)
        for one in MEASURES:

            def take(one: Measure = one) -> None:
                popover.shut()
                settings.remember(COUNTED, one.key)
                self.count(one.key)

            here = one == self.tree.measure
            listed.put(row(button(one.words, "check" if here else "", "quiet", on_click=take), None))
        popover.open_at(QRect(self._measure.mapTo(self.window(), QPoint(0, 0)), self._measure.size()))
        popover.take_keyboard()

    def show_day(self, day: date | None) -> None:
        """The day looked at, in its button; None is today."""
        self._day.say("今天" if day is None else day.isoformat())

    def day_button(self) -> QWidget:
        """Where the day is chosen."""
        return self._rail_day if self.folded else self._day

    def fold(self, folded: bool) -> None:
        """Fold to the rail, or open again."""
        self.folded = folded
        self._stack.setCurrentWidget(self.rail if folded else self.wide)
        size(self, RAIL if folded else WIDTH)

    def fold_by_hand(self, folded: bool) -> None:
        self.fold(folded)
        self.folded_by_hand.emit(folded)

    def warn(self, words: str, on_click: Callable[[], Any] | None = None) -> None:
        """The footer; empty words take it away."""
        self._said.setText(words)
        self.footer.setVisible(bool(words))
        self._to.setVisible(on_click is not None)
        if on_click is not None:
            self._to.clicked.disconnect() if self._to.receivers("2clicked(bool)") else None
            self._to.clicked.connect(lambda _=False: on_click())

    # choosing

    def reload(self) -> None:
        """Ask for the tree anew; what was open opens again, what was chosen stays chosen."""
        self._sought = self.node.id if self.node is not None else None
        self.model.reload()

    def choose(self, number: int) -> None:
        """Choose a grid, opening the way to it."""
        self._sought = number
        self._runner.ask(self, self._ancestors, number, on_done=self._open_way, topic="ancestors")

    def _open_way(self, way: Sequence[int]) -> None:
        self._open |= set(way[:-1])
        for number in way[:-1]:
            index = self.model.find(number)
            if index.isValid():
                self.tree.expand(index)
        self._settle()

    def _loaded(self, node: Node | None) -> None:
        if node is None and self.model.rowCount():
            root = self.model.index(0, 0)
            self.tree.expand(root)
            if self._sought is None and self.node is None:
                self.tree._pick(root)
        if node is None and not self.model.rowCount():
            self.node = None
            self.changed.emit(None)
        for place in range(self.model.rowCount(self.model.find(node.id) if node else NOWHERE)):
            child = self.model.index(place, 0, self.model.find(node.id) if node else NOWHERE)
            found = self.model.node(child)
            if found is not None and found.id in self._open:
                self.tree.expand(child)
        self._settle()

    def _settle(self) -> None:
        """Choose what is sought as soon as it is there."""
        if self._sought is None:
            return
        index = self.model.find(self._sought)
        if index.isValid():
            self._sought = None
            self.tree.setCurrentIndex(index)
            node = self.model.node(index)
            if self.node is None or node is None or node.id != self.node.id:
                self.tree._pick(index)
            else:
                self.node = node

    def _remember(self, index: QModelIndex, opened: bool) -> None:
        node = self.model.node(index)
        if node is not None:
            self._open = self._open | {node.id} if opened else self._open - {node.id}

    def _take(self, node: Node) -> None:
        self.node = node
        self._rail_name.setText("\n".join(node.name[:12]))
        self.changed.emit(node)

    # finding by name

    def _look_for(self) -> None:
        text = self.finder.text().strip()
        if not text:
            self.found.hide()
            self._counting.show()
            self.tree.show()
            return
        self._runner.ask(self, self._search, text, on_done=self._show_found, topic="search")

    def _show_found(self, hits: Sequence[tuple[int, str]]) -> None:
        self.found.clear()
        for number, words in hits[:12]:
            made = button(
                look.metrics().elidedText(words, Qt.TextElideMode.ElideRight, look.px(176)),
                kind="link",
                tip=words,
                on_click=lambda number=number: self._go_found(number),
            )
            self.found.put(row(made, None))
        if not hits:
            self.found.put(label("没有这样的网格。", "hint"))
        self.found.put(None)
        self.found.show()
        self._counting.hide()
        self.tree.hide()

    def _go_found(self, number: int) -> None:
        self.finder.clear()
        self._pause.stop()
        self._look_for()
        self.choose(number)
