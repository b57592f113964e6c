"""The scope pane: filter box, tree of grids, footer; folds to a rail that names the scope."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
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
from ui.widgets.tree import Tree
from ui.widgets.tree_nodes import MEASURES, NOWHERE, Children, Measure, Node, TreeModel

WIDTH, RAIL = 212, 44
COUNTED = "counted in the tree"


@dataclass(frozen=True, slots=True)
class Grown:
    """A tree as far as it is open: the nodes below each open one (None: the roots). `way` leads to what
    was sought, when it lay below something closed."""

    below: Mapping[int | None, Sequence[Node]]
    way: Sequence[int]


def grown(
    children: Children,
    ancestors: Callable[[int], Sequence[int]],
    opened: Collection[int],
    sought: int | None,
) -> Grown:
    """In the thread: the whole tree as it is to be shown, in one answer."""
    below: dict[int | None, Sequence[Node]] = {}
    known: set[int] = set()

    def grow(number: int | None, opened: Collection[int]) -> None:
        todo = [number]
        while todo:
            above = todo.pop()
            if above not in below:
                below[above] = children(above)
                known.update(node.id for node in below[above])
            todo += [node.id for node in below[above] if node.id in opened and node.children]

    grow(None, opened)
    if sought is None or sought in known:
        return Grown(below, ())
    way = ancestors(sought)
    if way and way[0] in known:
        grow(None, {*opened, *way[:-1]})
    return Grown(below, way)


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
        self._runner, self._search = runner, search
        self._children, self._ancestors = children, ancestors
        self.node: Node | None = None
        self.folded = False
        self._open: set[int] = set()
        self._sought: int | None = None
        self.model = TreeModel(runner, children, self)
        self.tree = Tree(self.model)
        self.tree.picked.connect(self._take)
        self.tree.marks_changed.connect(self._show_marks)
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
        self._marked = label("", "small")
        self._marks = row(
            self._marked,
            None,
            button("不选了", kind="link", on_click=lambda: self.tree.mark(())),
            margins=(12, 0, 4, 0),
        )
        self._marks.hide()
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
            self._marks,
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
        """Ask for the tree anew; it stays until the new one is there. What is open stays open, what is
        chosen stays chosen wherever it hangs now; if it is gone, what it hung below is chosen."""
        if self._sought is None and self.node is not None:
            self._sought = self.node.id
        self._runner.ask(
            self,
            grown,
            self._children,
            self._ancestors,
            frozenset(self._open),
            self._sought,
            on_done=self._grown,
            topic="tree",
        )

    def _grown(self, found: Grown) -> None:
        first = not self.model.loaded_once
        sought = self._sought
        above = self.model.above(sought) if sought is not None else []
        self.tree.rebuild(found.below, self._open)
        root = self.model.index(0, 0)
        if not root.isValid():
            self.node = self._sought = None
            self.changed.emit(None)
            return
        if first:
            self.tree.expand(root)
        if sought is None:
            self.tree._pick(root)
        elif not self._settle(here=self.node is not None and sought == self.node.id):
            there = [one for one in (*reversed(found.way), *above) if self.model.find(one).isValid()]
            self._sought = None
            self.tree._pick(self.model.find(there[0]) if there else root)

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

    def _loaded(self, node: Node) -> None:
        above = self.model.find(node.id)
        for place in range(self.model.rowCount(above)):
            child = self.model.index(place, 0, above)
            found = self.model.node(child)
            if found is not None and found.id in self._open:
                self.tree.expand(child)
        self._settle()

    def _settle(self, here: bool = False) -> bool:
        """Choose what is sought as soon as it is there; whether it is. What is chosen `here` already is
        only told its new name."""
        index = self.model.find(self._sought) if self._sought is not None else NOWHERE
        node = self.model.node(index)
        if node is None:
            return False
        self._sought = None
        if not here:
            self.tree.setCurrentIndex(index)
        if self.node is None or node.id != self.node.id:
            self.tree._pick(index)
        else:
            self.node = node
            self._name_rail(node)
        return True

    def _remember(self, index: QModelIndex, opened: bool) -> None:
        node = self.model.node(index)
        if node is not None:
            self._open = self._open | {node.id} if opened else self._open - {node.id}

    def _take(self, node: Node) -> None:
        self.node = node
        self._name_rail(node)
        self.changed.emit(node)

    def _name_rail(self, node: Node) -> None:
        self._rail_name.setText("\n".join(node.name[:12]))

    def _show_marks(self) -> None:
        count = len(self.tree.marked)
        self._marked.setText(f"已选 {count} 个网格")
        self._marked.setToolTip("拖到要挂的网格上，就一起移过去。" if self.tree.drags else "")
        self._marks.setVisible(count > 1)

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
