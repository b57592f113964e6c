"""The funnel's popup: which values of a column to show, with their counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.theme import look
from ui.widgets.cells import paint_box
from ui.widgets.parts import Input, button, column, label, row, rule

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class _Values(QAbstractListModel):
    """(value, words, count) with ticks."""

    def __init__(self, values: Sequence[tuple[Any, str, int]], chosen: Sequence[Any], parent: QWidget):
        super().__init__(parent)
        self._all = list(values)
        self.shown = list(values)
        self.chosen: set[Any] = set(chosen)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        value, words, count = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words or "空"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{'已选' if value in self.chosen else '未选'} {words or '空'} {count}"
        if role == Qt.ItemDataRole.UserRole:
            return count, value in self.chosen
        return None

    def narrow(self, text: str) -> None:
        self.beginResetModel()
        self.shown = [entry for entry in self._all if text in entry[1]]
        self.endResetModel()

    def flip(self, number: int) -> None:
        self.chosen ^= {self.shown[number][0]}
        at = self.index(number, 0)
        self.dataChanged.emit(at, at)

    def ordered(self) -> tuple[Any, ...]:
        return tuple(value for value, _, _ in self._all if value in self.chosen)


class _Line(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(160), look.px(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        count, chosen = index.data(Qt.ItemDataRole.UserRole)
        place = QRectF(option.rect)  # type: ignore[attr-defined]
        view: Any = option.widget  # type: ignore[attr-defined]
        painter.save()
        if view.currentIndex() == index and view.hasFocus():
            painter.fillRect(place, look.color("hover"))
            painter.fillRect(QRectF(place.x(), place.y(), 3, place.height()), look.color("accent_text"))
        side = look.px(16)
        box = QRectF(place.x() + look.px(12), round(place.center().y() - side / 2), side, side)
        paint_box(painter, box, "check" if chosen else "")
        number = str(count)
        painter.setFont(look.font(13))
        painter.setPen(look.color("text3"))
        inner = place.adjusted(look.px(36), 0, -look.px(12), 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
        painter.setFont(look.font(14))
        painter.setPen(look.color("text"))
        room = int(inner.width()) - look.width(number, 13) - look.px(8)
        painter.drawText(
            inner,
            Qt.AlignmentFlag.AlignVCenter,
            look.metrics(14).elidedText(index.data(), Qt.TextElideMode.ElideRight, room),
        )
        painter.restore()


class _List(QListView):
    def __init__(self, model: _Values, changed: Callable[[], None]):
        super().__init__()
        self._values, self._changed = model, changed
        self.setModel(model)
        self.setItemDelegate(_Line(self))
        self.setUniformItemSizes(True)
        self.setAccessibleName("可选的值")
        self.clicked.connect(self._flip)
        self.setMinimumHeight(look.px(32 * min(8, max(2, model.rowCount()))))

    def _flip(self, index: QModelIndex) -> None:
        self._values.flip(index.row())
        self._changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self._flip(self.currentIndex())
            return
        super().keyPressEvent(event)


def filter_panel(
    heading: str,
    values: Sequence[tuple[Any, str, int]],
    chosen: Sequence[Any],
    on_change: Callable[[tuple[Any, ...]], None],
    on_sort: Callable[[bool], None] | None,
) -> QWidget:
    """The content of the popup; every tick takes effect at once."""
    holder = QWidget()
    model = _Values(values, chosen, holder)
    count = label(f"{len(values)} 项", "hint")

    def changed() -> None:
        on_change(model.ordered())

    def clear() -> None:
        model.chosen.clear()
        model.narrow(search.text())
        changed()

    search = Input("找一项", "search")
    search.textChanged.connect(model.narrow)
    listed = _List(model, changed)
    inside = column(
        row(
            label(heading, "strong"),
            count,
            None,
            button("清除", kind="link", on_click=clear),
            margins=(12, 8, 4, 0),
        ),
        row(search, margins=(12, 0, 12, 0)),
        listed,
        gap=4,
        margins=(0, 0, 0, 4),
    )
    if on_sort is not None:
        inside.put(rule())
        inside.put(
            row(
                button("升序", "sort-ascending", "quiet", on_click=lambda: on_sort(False)),
                button("降序", "sort-descending", "quiet", on_click=lambda: on_sort(True)),
                None,
                margins=(4, 2, 4, 0),
            )
        )
    model.setParent(inside)
    holder.deleteLater()
    inside.setFocusProxy(search)
    return inside
