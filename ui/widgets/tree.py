"""The tree of grids that every list obeys, loaded as it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from ui import icons
from ui.tasks import TaskRunner
from ui.theme import look

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
DRAGGED = "application/x-gridoffice-grid"
"""A grid on its way to another, by its number."""
OPENS_AFTER_MS = 700


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

    def reload(self) -> None:
        """Start anew from the roots."""
        self.beginResetModel()
        self._root = _Item(None, None)
        self._known.clear()
        self.endResetModel()
        self._ask(self._root)

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
        self.loaded_once = True
        self.loaded.emit(item.node)

    def index_of(self, item: _Item | None) -> QModelIndex:
        if item is None or item.parent is None or item.parent.items is None:
            return QModelIndex()
        return self.createIndex(item.parent.items.index(item), 0, item)

    def find(self, number: int) -> QModelIndex:
        """Where a grid stands, if it has been loaded."""
        return self.index_of(self._known.get(number))

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


def icon_of(node: Node, root: bool) -> tuple[str, str] | None:
    """The sign before a node's name: a problem first."""
    if node.vacant:
        return "alert-triangle", "warn"
    if root:
        return "building-community", "accent_text"
    return ("star", "text3") if "专属" in node.kind_label else None


class _NodePainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(60), look.px(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view: Tree = option.widget  # type: ignore[attr-defined]
        node = view.nodes.node(index)
        if node is None:
            return
        place: QRect = option.rect  # type: ignore[attr-defined]
        chosen = view.chosen == node.id
        painter.save()
        right = view.viewport().width()
        if chosen:
            painter.fillRect(
                QRect(place.x(), place.y(), right - place.x(), place.height()), look.color("sel")
            )
        left, middle = place.x() + look.px(2), place.center().y()
        sign = icon_of(node, not index.parent().isValid())
        if sign is not None:
            painter.drawPixmap(left, middle - look.px(8) + 1, icons.pixmap(*sign, 16))
            left += look.px(22)
        count = view.measure.of(node)
        wide, end = look.width(count, 13), right - look.px(12)
        weight = 500 if chosen else 400
        painter.setFont(look.font(14, weight))
        painter.setPen(look.color("accent_text" if chosen else "text"))
        room = end - wide - look.px(6) - left
        painter.drawText(
            QRectF(left, place.y(), room, place.height()),
            Qt.AlignmentFlag.AlignVCenter,
            look.metrics(14, weight).elidedText(node.name, Qt.TextElideMode.ElideRight, room),
        )
        painter.setFont(look.font(13))
        painter.setPen(look.color("text2" if chosen else "text3"))
        painter.drawText(
            QRectF(end - wide - 2, place.y(), wide + 2, place.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            count,
        )
        if view.target == node.id:
            painter.setPen(QPen(look.color("accent_text"), 2))
            painter.drawRect(QRect(place.x(), place.y() + 1, right - place.x() - 2, place.height() - 2))
        painter.restore()


class Tree(QTreeView):
    """The tree itself; one node is chosen and stays so whatever is opened or closed."""

    picked = Signal(object)
    dropped = Signal(object, object)
    """Grids were dragged onto another: their numbers, and its."""

    def __init__(self, model: TreeModel):
        super().__init__()
        self.nodes = model
        self.chosen: int | None = None
        self.drags = False
        """Whether grids can be dragged onto others."""
        self.target: int | None = None
        """The grid that a dragged one would hang below."""
        self._pressed: QPoint | None = None
        self._opening = QTimer(self)
        self._opening.setSingleShot(True)
        self._opening.setInterval(OPENS_AFTER_MS)
        self._opening.timeout.connect(self._open_target)
        self.viewport().setAcceptDrops(True)
        self.measure = MEASURES[0]
        """What the numbers at the right count."""
        self.setModel(model)
        self.setItemDelegate(_NodePainter(self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setAccessibleName("网格树")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(False)
        self.clicked.connect(self._pick)
        self.relook()

    def relook(self) -> None:
        self.setIndentation(look.px(18))
        self.scheduleDelayedItemsLayout()

    def _pick(self, index: QModelIndex) -> None:
        node = self.nodes.node(index)
        if node is not None:
            self.chosen = node.id
            self.viewport().update()
            self.picked.emit(node)

    # dragging

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at, start = event.position().toPoint(), self._pressed
        if self.drags and start is not None and event.buttons() & Qt.MouseButton.LeftButton:
            node = self.nodes.node(self.indexAt(start))
            if node is not None and (at - start).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                self._drag(node)
            return
        super().mouseMoveEvent(event)

    def _drag(self, node: Node) -> None:
        drag, data = QDrag(self), QMimeData()
        data.setData(DRAGGED, str(node.id).encode())
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.MoveAction)
        self._aim(None)

    def _aim(self, number: int | None) -> None:
        if number != self.target:
            self.target = number
            self.viewport().update()
            self._opening.start() if number is not None else self._opening.stop()

    def _open_target(self) -> None:
        """Resting on a closed grid opens it."""
        if self.target is not None:
            self.expand(self.nodes.find(self.target))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(DRAGGED):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        node = self.nodes.node(self.indexAt(event.position().toPoint()))
        dragged = bytes(event.mimeData().data(DRAGGED).data()).decode()
        fits = node is not None and str(node.id) != dragged
        self._aim(node.id if fits and node is not None else None)
        event.acceptProposedAction() if fits else event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(None)

    def dropEvent(self, event: QDropEvent) -> None:
        node = self.nodes.node(self.indexAt(event.position().toPoint()))
        dragged = int(bytes(event.mimeData().data(DRAGGED).data()))
        self._aim(None)
        if node is not None and node.id != dragged:
            event.acceptProposedAction()
            self.dropped.emit([dragged], node.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick(self.currentIndex())
            return
        super().keyPressEvent(event)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        node = self.nodes.node(index)
        if node is not None and node.id == self.chosen:
            painter.fillRect(QRect(0, rect.y(), rect.right() + 1, rect.height()), look.color("sel"))
            painter.fillRect(QRect(0, rect.y(), 3, rect.height()), look.color("accent_text"))
        if self.model().hasChildren(index):
            name = "chevron-down" if self.isExpanded(index) else "chevron-right"
            painter.drawPixmap(
                rect.right() - look.px(17),
                rect.center().y() - look.px(8) + 1,
                icons.pixmap(name, "text2", 16),
            )
        if self.hasFocus() and self.currentIndex() == index:
            painter.setPen(look.color("accent_text"))
            painter.drawRect(QRect(1, rect.y(), self.viewport().width() - 3, rect.height() - 1))
