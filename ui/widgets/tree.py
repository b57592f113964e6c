"""The tree of grids that every list obeys: one is chosen, several can be marked and dragged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QModelIndex,
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
from ui.theme import look
from ui.widgets.tree_nodes import MEASURES, NOWHERE, Index, Node, TreeModel

DRAGGED = "application/x-gridoffice-grid"
"""Grids on their way to another, by their numbers."""
OPENS_AFTER_MS = 700


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
        if chosen or node.id in view.marked:
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


def _dragged(data: QMimeData) -> list[int]:
    return [int(one) for one in bytes(data.data(DRAGGED).data()).split(b",")]


class Tree(QTreeView):
    """The tree itself; one node is chosen and stays so whatever is opened or closed. Beside it several
    can be marked as in Excel, with Ctrl and Shift: they are dragged together."""

    picked = Signal(object)
    marks_changed = Signal()
    dropped = Signal(object, object)
    """Grids were dragged onto another: their numbers, and its."""

    def __init__(self, model: TreeModel):
        super().__init__()
        self.nodes = model
        self.chosen: int | None = None
        self.marked: frozenset[int] = frozenset()
        self._anchor: int | None = None
        """Where the range of Shift begins."""
        self._marking = False
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
        self.clicked.connect(self._clicked)
        self.collapsed.connect(self._put_out_of_sight)
        self.relook()

    def relook(self) -> None:
        self.setIndentation(look.px(18))
        self.scheduleDelayedItemsLayout()

    def _pick(self, index: QModelIndex) -> None:
        node = self.nodes.node(index)
        if node is not None:
            self.chosen = self._anchor = node.id
            self.mark(())
            self.picked.emit(node)

    def _clicked(self, index: QModelIndex) -> None:
        if not self._marking:
            self._pick(index)

    def rebuild(self, below: Mapping[int | None, Sequence[Node]], opened: Collection[int]) -> None:
        """Another tree in place of this: what is open, marked and in sight, and the keyboard's place, stay."""
        bar = self.verticalScrollBar()
        top, value = self.nodes.node(self.indexAt(QPoint(0, 0))), bar.value()
        current = self.nodes.node(self.currentIndex())
        self.nodes.replace(below)
        for number in (*below, *opened):
            if number is not None:
                self.expand(self.nodes.find(number))
        if current is not None:
            self.setAutoScroll(False)
            self.setCurrentIndex(self.nodes.find(current.id))
            self.setAutoScroll(True)
        self.executeDelayedItemsLayout()
        first = self.nodes.find(top.id) if top is not None else NOWHERE
        if first.isValid() and not self.visualRect(first).isEmpty():
            self.scrollTo(first, QAbstractItemView.ScrollHint.PositionAtTop)
        else:
            bar.setValue(value)
        self.mark(one for one in self.marked if self.nodes.find(one).isValid())

    # marking several

    def mark(self, numbers: Iterable[int]) -> None:
        """Mark these, and no others."""
        self.marked = frozenset(numbers)
        self.viewport().update()
        self.marks_changed.emit()

    def _toggle(self, number: int) -> None:
        """One more, or one less. The chosen one counts among them unless the other lies in it."""
        marked = self.marked
        if not marked and self.chosen is not None and self.chosen not in self.nodes.above(number):
            marked = frozenset((self.chosen,))
        self._anchor = number
        self.mark(marked ^ {number})

    def _mark_to(self, index: Index) -> None:
        """All in sight from where the range began to here."""
        begin: Index = self.nodes.find(self._anchor) if self._anchor is not None else NOWHERE
        if not begin.isValid():
            begin = index
        for start, end in ((begin, index), (index, begin)):
            numbers = []
            at: Index = start
            while (node := self.nodes.node(at)) is not None:
                numbers.append(node.id)
                if at == end:
                    self.mark(numbers)
                    return
                at = self.indexBelow(at)

    def _put_out_of_sight(self, index: QModelIndex) -> None:
        """What nobody sees is marked no longer."""
        closed = self.nodes.node(index)
        if closed is not None and self.marked:
            self.mark(one for one in self.marked if closed.id not in self.nodes.above(one))

    def together(self, number: int) -> list[int]:
        """What goes along when one is dragged: all that are marked if it is among them, in the tree's
        order; what lies below another of them goes along with that."""
        if number not in self.marked:
            return [number]
        tops = [one for one in self.marked if self.marked.isdisjoint(self.nodes.above(one))]
        return sorted(tops, key=self.nodes.place)

    # dragging

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at, keys = event.position().toPoint(), event.modifiers()
        index = self.indexAt(at)
        node = self.nodes.node(index)
        ranged = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        self._marking = (
            node is not None
            and event.button() is Qt.MouseButton.LeftButton
            and (ranged or bool(keys & Qt.KeyboardModifier.ControlModifier))
            and self.visualRect(index).contains(at)  # not on the arrow that opens it
        )
        self._pressed = None if self._marking else at
        super().mousePressEvent(event)
        if self._marking and node is not None:
            self._mark_to(index) if ranged else self._toggle(node.id)

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
        data.setData(DRAGGED, ",".join(map(str, self.together(node.id))).encode())
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
        fits = node is not None and node.id not in _dragged(event.mimeData())
        self._aim(node.id if fits and node is not None else None)
        event.acceptProposedAction() if fits else event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(None)

    def dropEvent(self, event: QDropEvent) -> None:
        node = self.nodes.node(self.indexAt(event.position().toPoint()))
        dragged = _dragged(event.mimeData())
        self._aim(None)
        if node is not None and node.id not in dragged:
            event.acceptProposedAction()
            self.dropped.emit(dragged, node.id)

    def event(self, event: QEvent) -> bool:
        # Esc is a key of the window; while several are marked it means them
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.marked
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, current = event.key(), self.currentIndex()
        ranged = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        added = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        node = self.nodes.node(current)
        if key == Qt.Key.Key_Escape and self.marked:
            self.mark(())
        elif key == Qt.Key.Key_Space and added and node is not None:
            self._toggle(node.id)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick(current)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and (ranged or added):
            to = self.indexAbove(current) if key == Qt.Key.Key_Up else self.indexBelow(current)
            if to.isValid():
                self.setCurrentIndex(to)
                if ranged:
                    self._mark_to(to)
        else:
            super().keyPressEvent(event)
            reached = self.nodes.node(self.currentIndex())
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and reached is not None:
                self._anchor = reached.id
                self.mark(())

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        node = self.nodes.node(index)
        if node is not None and (node.id == self.chosen or node.id in self.marked):
            painter.fillRect(QRect(0, rect.y(), rect.right() + 1, rect.height()), look.color("sel"))
        if node is not None and node.id == self.chosen:
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
