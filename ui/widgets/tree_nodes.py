"""The nodes of the tree of grids, loaded as it is opened, and what is counted in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.tasks import TaskRunner

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class Node(Protocol):
    """What the tree needs to know of a grid."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def kind_label(self) -> str: ...
    @property
    def workers(self) -> int: ...
    @property
    def children(self) -> int: ...
    @property
    def vacant(self) -> bool: ...
    @property
    def counts(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted in a grid and below it: its name among the node's counts, its words."""

    key: str
    words: str
    unit: str

    def of(self, node: Node) -> str:
        """The number beside a node; empty when it is not known."""
        count = getattr(node.counts, self.key)
        return "" if count is None else str(count)


MEASURES = (
    Measure("workers", "网格员", "人"),
    Measure("grids", "下级网格", "个"),
    Measure("households", "户数", "户"),
    Measure("vacancies", "缺人的网格", "个"),
    Measure("organisations", "党组织", "个"),
    Measure("members", "党员", "人"),
)
"""What the tree can show; the first is the usual one."""


def all_counts(node: Node) -> str:
    """Everything that is counted, in words."""
    known = [(one, one.of(node)) for one in MEASURES]
    return "·".join(f"{one.words} {count} {one.unit}" for one, count in known if count)


Children = Callable[[int | None], Sequence[Node]]
"""The nodes below one (None: the roots); asked in the thread for short questions."""


class _Item:
    __slots__ = ("asked", "items", "node", "parent")

    def __init__(self, node: Node | None, parent: _Item | None):
        self.node, self.parent = node, parent
        self.items: list[_Item] | None = None
        self.asked = False


class TreeModel(QAbstractItemModel):
    """Nodes as they were asked for; a node's children are asked for when it is opened."""

    loaded = Signal(object)

    def __init__(self, runner: TaskRunner, children: Children, parent: QObject | None = None):
        super().__init__(parent)
        self._runner, self._children = runner, children
        self._root = _Item(None, None)
        self._known: dict[int, _Item] = {}
        self.loaded_once = False

    def replace(self, below: Mapping[int | None, Sequence[Node]]) -> None:
        """Another tree at once: the nodes below those (None: the roots) whose children were asked for."""
        self.beginResetModel()
        self._root = _Item(None, None)
        self._known.clear()
        todo = [self._root]
        while todo:
            item = todo.pop()
            number = item.node.id if item.node is not None else None
            if number in below:
                item.asked = True
                item.items = [_Item(node, item) for node in below[number]]
                self._known.update((child.node.id, child) for child in item.items if child.node is not None)
                todo += item.items
        self.endResetModel()
        self.loaded_once = True

    def _ask(self, item: _Item) -> None:
        if item.asked:
            return
        item.asked = True
        number = item.node.id if item.node is not None else None
        root = self._root
        self._runner.ask(
            self,
            self._children,
            number,
            topic=f"children {number}",
            on_done=lambda nodes: self._arrived(root, item, nodes),
        )

    def _arrived(self, root: _Item, item: _Item, nodes: Sequence[Node]) -> None:
        if root is not self._root:
            return  # the tree was begun anew meanwhile
        if nodes:
            self.beginInsertRows(self.index_of(item), 0, len(nodes) - 1)
            item.items = [_Item(node, item) for node in nodes]
            self._known.update((child.node.id, child) for child in item.items if child.node is not None)
            self.endInsertRows()
        else:
            item.items = []
        self.loaded.emit(item.node)

    def index_of(self, item: _Item | None) -> QModelIndex:
        if item is None or item.parent is None or item.parent.items is None:
            return QModelIndex()
        return self.createIndex(item.parent.items.index(item), 0, item)

    def find(self, number: int) -> QModelIndex:
        """Where a grid stands, if it has been loaded."""
        return self.index_of(self._known.get(number))

    def above(self, number: int) -> list[int]:
        """The grids above one, from the nearest up to the root."""
        found = []
        item = self._known.get(number)
        while item is not None and item.parent is not None and item.parent.node is not None:
            found.append(item.parent.node.id)
            item = item.parent
        return found

    def place(self, number: int) -> tuple[int, ...]:
        """Where a grid stands among the others, from the root down; sorts as the tree reads."""
        line = [self.find(one).row() for one in (number, *self.above(number))]
        return tuple(reversed(line))

    def node(self, index: Index) -> Node | None:
        return index.internalPointer().node if index.isValid() else None

    def _item(self, index: Index) -> _Item:
        return index.internalPointer() if index.isValid() else self._root

    # what Qt asks

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        items = self._item(parent).items or []
        return self.createIndex(row, column, items[row]) if 0 <= row < len(items) else QModelIndex()

    def parent(self, child: Index = NOWHERE) -> Any:  # type: ignore[override]
        item = self._item(child)
        return self.index_of(item.parent) if item.parent is not None else QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return len(self._item(parent).items or [])

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 1

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        item = self._item(parent)
        return bool(item.items) if item.items is not None else item.node is None or item.node.children > 0

    def canFetchMore(self, parent: Index) -> bool:
        item = self._item(parent)
        return item.node is not None and item.items is None and item.node.children > 0

    def fetchMore(self, parent: Index) -> None:
        self._ask(self._item(parent))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return node.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{node.name}　{node.workers} 人{'，没有网格员' if node.vacant else ''}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{node.name}（{node.kind_label}）\n{all_counts(node)}"
        return None
