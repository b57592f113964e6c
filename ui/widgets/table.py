"""The table of a page: 150,000 rows, one painter, no widget per row.

`Table` is the view (keyboard, ticks, copying, widths, frozen names). `ListingTable` shows a `Listing`
of the office: it asks for ids, sorts and filters in the database, and says what is shown.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QToolTip, QWidget

from gridoffice.errors import OfficeError
from gridoffice.fields import Column, Kind
from gridoffice.listing import Ask, Filter, Listing
from gridoffice.values import show
from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.cells import PAD, TICK, CellPainter
from ui.widgets.filters import filter_panel
from ui.widgets.head import Head
from ui.widgets.models import Dress, ListingModel, TableModel
from ui.widgets.parts import Button, button, column, label, row
from ui.widgets.popover import Popover

NEVER_CUT = (Kind.NAME, Kind.ID_NUMBER, Kind.PHONE, Kind.GRID)
COPY_ROWS = 20_000
"""At most so many lines go to the clipboard; more belong into a workbook."""


class Reader(Protocol):
    """What a table needs of the office."""

    def read(self, question: Callable[..., Any], *args: Any) -> Any: ...


class Table(QTableView):
    """The view. Keys as in Excel: arrows, Ctrl+A, Ctrl+C, Space ticks, Enter opens."""

    opened = Signal(int)
    current = Signal(int)
    filter_key = Signal(int)

    def __init__(self, model: TableModel, grid: bool = False, cursor: bool = False, name: str = ""):
        super().__init__()
        self._model = model
        self.head = Head(self, grid)
        self.painter = CellPainter(self, grid, cursor)
        self._anchor: int | None = None
        self._widths: list[float] = []
        self.setModel(model)
        self.setHorizontalHeader(self.head)
        self.setItemDelegate(self.painter)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.head.tick_wanted.connect(self.tick_all)
        model.ticks_changed.connect(self._show_ticks)
        model.modelReset.connect(self._show_ticks)
        self.relook()

    # sizes

    def relook(self) -> None:
        self.head.headings = self._model.headings
        self.head.relook()
        sections = self.verticalHeader()
        sections.setMinimumSectionSize(look.px(20))
        sections.setDefaultSectionSize(look.px(32))
        self._apply_widths()

    def set_widths(self, widths: Sequence[float]) -> None:
        """Widths in design pixels, the tick column's included."""
        self._widths = list(widths)
        self._apply_widths()

    def _apply_widths(self) -> None:
        for place, width in enumerate(self._widths[: self._model.columnCount()]):
            self.setColumnWidth(place, look.px(width))

    # ticks

    def tick_all(self) -> None:
        """Tick everything that is shown, or nothing if everything is."""
        model = self._model
        if len(model.ticked_ids()) == len(model.ids):
            model.clear_ticks()
        else:
            model.tick(set(model.ids))

    def _show_ticks(self) -> None:
        ticked, shown = len(self._model.ticked_ids()), len(self._model.ids)
        self.head.ticks = "" if not ticked else "check" if ticked == shown else "minus"
        self.head.viewport().update()

    def _tick_to(self, place: int) -> None:
        anchor = self._anchor if self._anchor is not None else place
        low, high = sorted((anchor, place))
        self._model.tick(set(self._model.ids[low:high + 1]))

    def _flip(self, place: int) -> None:
        self._anchor = place
        self._model.tick([self._model.ids[place]], not self._model.ticked(place))

    # mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if not index.isValid() or event.button() is not Qt.MouseButton.LeftButton:
            return
        held = event.modifiers()
        if self._model.cell(index.row(), index.column()) is TICK:
            self._tick_to(index.row()) if held & Qt.KeyboardModifier.ShiftModifier else self._flip(index.row())
        elif self._model.offset and held & Qt.KeyboardModifier.ShiftModifier:
            self._tick_to(index.row())
        elif self._model.offset and held & Qt.KeyboardModifier.ControlModifier:
            self._flip(index.row())
        else:
            self._anchor = index.row()
            self.opened.emit(self._model.ids[index.row()])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, place: int) -> None:
        if place != self.painter.hovered:
            self.painter.hovered = place
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers()
        ctrl = bool(held & Qt.KeyboardModifier.ControlModifier)
        index = self.currentIndex()
        if ctrl and key == Qt.Key.Key_A and self._model.offset:
            self._model.tick(set(self._model.ids))
        elif ctrl and key == Qt.Key.Key_C:
            self.copy()
        elif ctrl and key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._model.ids:
            self.go(0 if key == Qt.Key.Key_Home else len(self._model.ids) - 1)
        elif key == Qt.Key.Key_Space and index.isValid() and self._model.offset:
            self._flip(index.row())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.opened.emit(self._model.ids[index.row()])
        elif key == Qt.Key.Key_Down and held & Qt.KeyboardModifier.AltModifier and index.isValid():
            self.filter_key.emit(index.column())
        else:
            super().keyPressEvent(event)

    def go(self, place: int) -> None:
        """Move to a row, keeping the column."""
        at = max(self.currentIndex().column(), self._model.offset)
        self.setCurrentIndex(self._model.index(place, at))
        self.scrollTo(self.currentIndex())

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid() and current.row() != previous.row():
            self.current.emit(self._model.ids[current.row()])

    def shown_columns(self) -> list[int]:
        """The columns after the tick box, in the order in which they stand on screen."""
        order = [self.head.logicalIndex(place) for place in range(self._model.columnCount())]
        return [place for place in order if place >= self._model.offset and not self.isColumnHidden(place)]

    def copy(self) -> None:
        """Ticked rows, or else the current one, to the clipboard as they are shown."""
        model = self._model
        rows = [place for place in range(len(model.ids)) if model.ticked(place)] if model.ticked_ids() else []
        if not rows and self.currentIndex().isValid():
            rows = [self.currentIndex().row()]
        if rows:
            QGuiApplication.clipboard().setText(model.copied(rows[:COPY_ROWS], self.shown_columns()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._whole_text(event)
            return True
        return super().viewportEvent(event)

    def _whole_text(self, event: QHelpEvent) -> None:
        """The whole text of a cell that is cut."""
        index = self.indexAt(event.pos())
        text = self._model.data(index) if index.isValid() else None
        room = self.columnWidth(index.column()) - look.px(20) if index.isValid() else 0
        if text and look.width(text) > room:
            QToolTip.showText(event.globalPos(), text, self)
        else:
            QToolTip.hideText()


class Blank(QWidget):
    """What stands where rows would be: why there are none, and what can be done."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._words = label("", "fact")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = row(gap=8)
        whole = column(None, self._words, row(None, self._buttons, None), None, gap=12)
        self._whole = whole
        whole.setParent(self)
        self.hide()

    def say(self, words: str, buttons: Sequence[Button] = ()) -> None:
        self._words.setText(words)
        self._buttons.clear()
        for made in buttons:
            self._buttons.put(made)
        self.show()
        self.raise_()

    def words(self) -> str:
        return self._words.whole() if self.isVisible() else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._whole.setGeometry(self.rect())


class ListingTable(QWidget):
    """A listing of the office on screen."""

    counted = Signal(int)
    ticked = Signal(int)
    opened = Signal(int)
    moved = Signal(int)
    asked = Signal()
    failed = Signal(object)

    def __init__(
        self, runner: TaskRunner, office: Reader, listing: Listing, dress: dict[str, Dress] | None = None,
        columns: Sequence[Column] | None = None, widths: dict[str, float] | None = None, ticks: bool = True,
        grid: bool = False, cursor: bool = False, below: dict[str, str] | None = None,
    ):
        super().__init__()
        self.runner, self.office, self.listing = runner, office, listing
        self.ask = Ask()
        self.empty_words = f"这里还没有{listing.unit}。"
        self.empty_buttons: Callable[[], Sequence[Button]] = tuple
        self._loaded = False
        shown = list(columns) if columns is not None else list(listing.columns)
        self.model = ListingModel(
            shown, self._fetch, listing.sorts, listing.filters, dress or {}, parent=self, ticks=ticks
        )
        for place, what in enumerate(shown):
            if below and what.name in below:
                at = place + self.model.offset
                self.model.headings[at] = replace(self.model.headings[at], below=below[what.name])
        self.view = Table(self.model, grid, cursor, listing.title)
        self.view.setParent(self)
        self.view.set_widths(self._design_widths(shown, widths or {}))
        self.view.head.sort_wanted.connect(self._sort)
        self.view.head.filter_wanted.connect(self._filter)
        self.view.filter_key.connect(self._filter)
        self.view.opened.connect(self.opened)
        self.view.current.connect(self.moved)
        self.model.ticks_changed.connect(lambda: self.ticked.emit(len(self.model.ticked_ids())))
        self.blank = Blank(self)
        self._bar = QWidget(self)
        self._bar.setObjectName("busy")
        self._bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._bar.hide()
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(300)
        self._slow.timeout.connect(self._bar.show)
        self.setFocusProxy(self.view)
        self._popup: Popover | None = None
        self._whole = [place for place, what in enumerate(shown) if what.field.kind in NEVER_CUT]
        self.model.arrived.connect(self._widen)

    def _widen(self, rows: list[Any]) -> None:
        """Names and numbers are never cut: their column gets wider as they come into sight."""
        for place in self._whole:
            what, at = self.model.columns[place], place + self.model.offset
            weight = 500 if what.field.kind is Kind.NAME else 400
            longest = max((show(what.field, getattr(row, what.name)) for row in rows), key=len, default="")
            need = look.width(longest, 14, weight) + look.px(2 * PAD + 2)
            if need > self.view.columnWidth(at):
                self.view.setColumnWidth(at, min(need, look.px(320)))

    def _design_widths(self, columns: Sequence[Column], widths: dict[str, float]) -> list[float]:
        found: list[float] = [36.0] if self.model.offset else []
        for what in columns:
            given = widths.get(what.name)
            heading = 20 + 14 * len(what.field.label) + 24
            found.append(given if given is not None else max(heading, 20 + 8 * what.field.width))
        return found

    def relook(self) -> None:
        self.model.forget()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.setGeometry(self.rect())
        head = self.view.head.height()
        self.blank.setGeometry(0, head, self.width(), max(0, self.height() - head))
        self._bar.setGeometry(0, head, self.width(), 2)

    # asking

    def show_what(self, **changes: Any) -> None:
        """Change what is asked for (scope, day, search, filters, sort, descending) and ask."""
        self.ask = replace(self.ask, **changes)
        self._show_ask()
        self.refresh()

    def refresh(self) -> None:
        """Ask again; what is shown stays until the answer is here."""
        self._slow.start()
        self.runner.ask(
            self, self.office.read, self.listing.ids, self.ask, on_done=self._take, on_error=self._fail,
            topic="ids",
        )

    def _take(self, ids: array[int]) -> None:
        self._settled()
        keep = self.view.currentIndex()
        number = self.model.ids[keep.row()] if keep.isValid() and keep.row() < len(self.model.ids) else None
        scroll = self.view.verticalScrollBar().value()
        self.model.take(ids)
        self._loaded = True
        if number is not None and number in ids:
            self.view.setCurrentIndex(self.model.index(ids.index(number), max(keep.column(), 0)))
        self.view.verticalScrollBar().setValue(min(scroll, self.view.verticalScrollBar().maximum()))
        self._show_blank()
        self.counted.emit(len(ids))
        self.ticked.emit(len(self.model.ticked_ids()))

    def _fail(self, error: Exception) -> None:
        self._settled()
        words = error.message if isinstance(error, OfficeError) else str(error)
        self.blank.say(words, [button("再试一次", "refresh", on_click=self.refresh)])
        self.failed.emit(error)

    def _settled(self) -> None:
        self._slow.stop()
        self._bar.hide()

    def _show_blank(self) -> None:
        if len(self.model.ids):
            self.blank.hide()
            return
        conditions = len(self.ask.filters) + bool(self.ask.search)
        if conditions:
            self.blank.say(
                f"没有符合 {conditions} 个条件的{self.listing.unit}。",
                [button("清空筛选", "x", on_click=self.clear_filters)],
            )
        else:
            self.blank.say(self.empty_words, self.empty_buttons())

    def _fetch(self, numbers: Sequence[int], then: Callable[[list[Any]], None]) -> None:
        self.runner.ask(
            self, self.office.read, self.listing.rows, list(numbers), on_done=then, on_error=self.failed.emit,
            topic=f"rows {numbers[0] if numbers else 0}",
        )

    # sorting and filtering

    def _name(self, section: int) -> str | None:
        place = section - self.model.offset
        return self.model.columns[place].name if 0 <= place < len(self.model.columns) else None

    def _sort(self, section: int) -> None:
        """First up, then down, then as it comes."""
        name = self._name(section)
        if self.ask.sort != name:
            self.show_what(sort=name, descending=False)
        elif not self.ask.descending:
            self.show_what(descending=True)
        else:
            self.show_what(sort=None, descending=False)

    def _filter(self, section: int) -> None:
        name = self._name(section)
        if name is None or not self.model.headings[section].filters:
            return
        without = replace(self.ask, filters=tuple(f for f in self.ask.filters if f.column != name))
        self.runner.ask(
            self, self.office.read, self.listing.choices, without, name,
            on_done=lambda values: self._open_filter(section, name, values), on_error=self._fail,
            topic="choices",
        )

    def _open_filter(self, section: int, name: str, values: list[tuple[Any, str, int]]) -> None:
        chosen = next((f.values for f in self.ask.filters if f.column == name), ())
        sorts = self.model.headings[section].sorts
        panel = filter_panel(
            self.model.headings[section].text, values, chosen,
            lambda picked: self.filter_by(name, picked),
            (lambda down: self.show_what(sort=name, descending=down)) if sorts else None,
        )
        head = self.view.head
        place = QRect(head.sectionViewportPosition(section), 0, head.sectionSize(section), head.height())
        corner = head.viewport().mapTo(self.window(), QPoint(0, 0))
        self._popup = Popover(self.window(), panel, 300)
        self._popup.open_at(place.translated(corner))
        panel.setFocus()

    def filter_by(self, name: str, values: Sequence[Any]) -> None:
        """Show only rows whose column holds one of the values; no value takes the filter away."""
        others = tuple(f for f in self.ask.filters if f.column != name)
        self.show_what(filters=(*others, Filter(name, tuple(values))) if values else others)

    def clear_filters(self) -> None:
        self.show_what(filters=(), search="")

    def _show_ask(self) -> None:
        names = {self.model.columns[place].name: place + self.model.offset
                 for place in range(len(self.model.columns))}
        head = self.view.head
        head.filtered = {names[f.column] for f in self.ask.filters if f.column in names}
        head.sorted = (names[self.ask.sort], self.ask.descending) if self.ask.sort in names else None
        head.viewport().update()
        self.asked.emit()

    # the row beside the table

    def neighbour(self, number: int, step: int) -> int | None:
        """The id before or after this one in the order shown."""
        try:
            place = self.model.ids.index(number) + step
        except ValueError:
            return None
        return self.model.ids[place] if 0 <= place < len(self.model.ids) else None

    def go_to(self, number: int) -> None:
        if number in self.model.ids:
            self.view.go(self.model.ids.index(number))
