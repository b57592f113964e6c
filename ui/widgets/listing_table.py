"""A listing of the office on screen: it asks for ids, sorts and filters in the database."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gridoffice.errors import Lost, OfficeError
from gridoffice.fields import Column, Kind
from gridoffice.listing import (
    Ask,
    Filter,
    Listing,
    all_ids,
    choices,
    count,
    first_screen,
    in_sight,
    lines,
)
from ui.tasks import TaskRunner
from ui.widgets.blank import Blank
from ui.widgets.copying import copy_from
from ui.widgets.filters import filter_panel
from ui.widgets.models import PAGE, Dress, ListingModel
from ui.widgets.parts import Button, button
from ui.widgets.popover import Popover
from ui.widgets.table import Table
from ui.widgets.widths import designed, widen

MANY = 20_000
"""Above so many rows the first of them are asked for before all ids are put in order."""


class Reader(Protocol):
    """What a table needs of the office."""

    def read(self, question: Callable[..., Any], *args: Any) -> Any: ...


class ListingTable(QWidget):
    """A listing of the office on screen."""

    counted = Signal(int)
    ticked = Signal(int)
    opened = Signal(int)
    moved = Signal(int)
    asked = Signal()
    arranged = Signal()
    chosen = Signal()
    copied = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        runner: TaskRunner,
        office: Reader,
        listing: Listing,
        dress: dict[str, Dress] | None = None,
        columns: Sequence[Column] | None = None,
        widths: dict[str, float] | None = None,
        ticks: bool = True,
        grid: bool = False,
        cursor: bool = False,
        below: dict[str, str] | None = None,
        beside: Callable[..., None] | None = None,
    ):
        """`beside` is how a desk reads for a list that is worked out: of a large office in the worker
        process, where its rows stay."""
        super().__init__()
        self.runner, self.office, self.listing = runner, office, listing
        self._beside = beside
        self.ask = Ask()
        self.empty_words = f"这里还没有{listing.unit}。"
        self.empty_buttons: Callable[[], Sequence[Button]] = tuple
        self.loaded = False
        self.total: int | None = None
        """How many there are when nothing narrows the list; None until that is known."""
        self._taking = False
        self.block: Callable[[], tuple[range, range]] | None = None
        """Rows and columns that are chosen together, where cells are chosen as in Excel."""
        self.own_widths: set[str] = set()
        """Columns whose width the clerk has set: they keep it."""
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
        named = [place for place, what in enumerate(shown) if what.field.kind is Kind.NAME]
        self.view.freeze((named[0] + 1 if named and named[0] <= 1 else 1) + self.model.offset)
        self.view.set_widths(designed(shown, widths or {}, self.model.offset))
        self.view.head.sort_wanted.connect(self._sort)
        self.view.head.filter_wanted.connect(self._filter)
        self.view.filter_key.connect(self._filter)
        self.view.opened.connect(self.opened)
        self.view.current.connect(self._walked)
        self.view.copying = self.copy
        self.model.ticks_changed.connect(lambda: self.ticked.emit(self.model.tick_count()))
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
        self.model.arrived.connect(lambda _: self._widen())
        self.view.verticalScrollBar().valueChanged.connect(lambda _: self._widen())

    def _widen(self) -> None:
        """Names and numbers are never cut: their column gets wider as they come into sight."""
        widen(self.view, self.model, self.own_widths)

    def relook(self) -> None:
        self.model.forget()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.setGeometry(self.rect())
        head = self.view.head.height()
        self.blank.setGeometry(0, head, self.width(), max(0, self.height() - head))
        self._bar.setGeometry(0, head, self.width(), 2)

    # asking

    def forget(self) -> None:
        """What was read is out of date; it is read again when the list is shown next."""
        self.outdate()
        self.model.forget()

    def outdate(self) -> None:
        """What is shown is out of date, and stays until it is here anew."""
        self.loaded, self.total = False, None

    def show_what(self, **changes: Any) -> None:
        """Change what is asked for (scope, day, search, filters, sort, descending) and ask."""
        before, self.ask = self.ask, replace(self.ask, **changes)
        if (before.scope, before.day) != (self.ask.scope, self.ask.day):
            self.total = None
        self._show_ask()
        self.refresh()

    def begin_with(self, ask: Ask) -> None:
        """What is asked for when the list is first shown."""
        self.ask = ask
        self._show_ask()

    def refresh(self) -> None:
        """Ask again; what is shown stays until the answer is here, and that brings the rows in sight."""
        self._slow.start()
        if self._beside is not None or 0 < len(self.model.ids) <= MANY:
            start = max(0, self.view.rowAt(0)) // PAGE * PAGE
            self._ask(in_sight, start, 2 * PAGE, then=lambda found: self._take(found[0], start, found[1]))
        else:
            self._ask(first_screen, PAGE, then=self._take_first)

    def read(
        self,
        question: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], None],
        topic: str,
        wrong: Callable[[Exception], None] | None = None,
    ) -> None:
        """Ask about the list, there where its rows are."""
        wrong = wrong or self.failed.emit
        if self._beside is not None:
            self._beside(self, question, self.listing, *args, then=then, wrong=wrong, topic=topic, heavy=True)
            return
        read = self.office.read
        self.runner.ask(self, read, question, self.listing, *args, on_done=then, on_error=wrong, topic=topic)

    def _ask(self, question: Callable[..., Any], *more: Any, then: Callable[[Any], None]) -> None:
        self.read(question, self.ask, *more, then=then, topic="ids", wrong=self._fail)

    def _take_first(self, first: tuple[array[int], list[Any]]) -> None:
        """A long list is painted before all of it is in order."""
        ids, rows = first
        if len(ids) < PAGE:
            self._take(ids, 0, rows)
            return
        if self.view.verticalScrollBar().value() == 0:
            self.model.take_first(ids, rows)
        self._ask(all_ids, then=lambda every: self._take(every, 0, rows if every[:PAGE] == ids else ()))

    def _take(self, ids: array[int], start: int, rows: Sequence[Any]) -> None:
        self._settled()
        keep, bar = self.view.currentIndex(), self.view.verticalScrollBar()
        number = self.model.ids[keep.row()] if keep.isValid() and keep.row() < len(self.model.ids) else None
        top = bar.value()
        place, held = self._held_in_sight(top)
        self._taking = True
        self.model.take(ids, start, rows)
        self.loaded = True
        if number is not None and number in ids:
            self.view.setCurrentIndex(self.model.index(ids.index(number), max(keep.column(), 0)))
        if held is not None and held in ids:
            top = ids.index(held) - place
        bar.setValue(min(top, bar.maximum()))
        self._taking = False
        self._show_blank()
        if not self.narrowed:
            self.total = len(ids)
        elif self.total is None:
            self.read(count, replace(self.ask, search="", filters=()), then=self._total_is, topic="total")
        self.counted.emit(len(ids))
        self.ticked.emit(self.model.tick_count())

    def _held_in_sight(self, top: int) -> tuple[int, int | None]:
        """The row that stays where it is on the screen when others come or go above it, and how far below
        the first in sight: the current one if it is in sight, else the first. None at the very top, where
        what is new is to be seen."""
        here, ids = self.view.currentIndex().row(), self.model.ids
        last = self.view.rowAt(self.view.viewport().height() - 1)
        if top <= here < len(ids) and (last < 0 or here <= last):
            return here - top, ids[here]
        return 0, ids[top] if 0 < top < len(ids) else None

    def _total_is(self, total: int) -> None:
        self.total = total
        self.counted.emit(len(self.model.ids))

    @property
    def narrowed(self) -> bool:
        """Whether a filter or a search leaves lines out."""
        return bool(self.ask.filters or self.ask.search)

    def count_words(self) -> str:
        """How many there are, and how many of them are shown: `共 35 本证书，筛出 3 本`."""
        unit = self.listing.unit
        if not self.narrowed:
            return f"共 {len(self.model.ids)} {unit}"
        if self.total is None:
            return f"筛出 {len(self.model.ids)} {unit}"
        return f"共 {self.total} {unit}，筛出 {len(self.model.ids)} {self.listing.measure}"

    def status_words(self, place: str) -> list[str]:
        """What the status bar says of it: how many lines a place has, and how many are ticked."""
        ticked = self.model.tick_count()
        listed = f"{place} {len(self.model.ids)} {self.listing.unit}"
        return [listed, f"已选 {ticked} {self.listing.measure}"] if ticked else [listed]

    def _walked(self, number: int) -> None:
        """The clerk went to another row; rows that come anew under the keyboard are no walk."""
        if not self._taking:
            self.moved.emit(number)

    def _fail(self, error: Exception) -> None:
        self._settled()
        if isinstance(error, Lost) and len(self.model.ids):
            self.failed.emit(error)  # what was read stays to be looked at
            return
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
        self.read(lines, list(numbers), self.ask, then=then, topic=f"rows {numbers[0] if numbers else 0}")

    # sorting and filtering

    def _name(self, section: int) -> str | None:
        place = section - self.model.offset
        return self.model.columns[place].name if 0 <= place < len(self.model.columns) else None

    def _sort(self, section: int) -> None:
        """First up, then down, then as it comes."""
        name = self._name(section)
        self._arrange(lambda: self._sort_by(name))

    def _arrange(self, change: Callable[[], None]) -> None:
        """The clerk sorts or narrows the list by hand: that is worth remembering."""
        change()
        self.arranged.emit()

    def _sort_by(self, name: str | None) -> None:
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
        self.read(
            choices,
            without,
            name,
            then=lambda values: self._open_filter(section, name, values),
            topic="choices",
            wrong=self._fail,
        )

    def _open_filter(self, section: int, name: str, values: list[tuple[Any, str, int]]) -> None:
        chosen = next((f.values for f in self.ask.filters if f.column == name), ())
        sorts = self.model.headings[section].sorts
        panel = filter_panel(
            self.model.headings[section].text,
            values,
            chosen,
            lambda picked: self.filter_by(name, picked),
            (lambda down: self._arrange(lambda: self.show_what(sort=name, descending=down)))
            if sorts
            else None,
        )
        head = self.view.head
        place = head.section_rect(section)
        corner = head.viewport().mapTo(self.window(), QPoint(0, 0))
        self._popup = Popover(self.window(), panel, 300)
        self._popup.open_at(place.translated(corner))
        panel.setFocus()

    def filter_by(self, name: str, values: Sequence[Any]) -> None:
        """Show only rows whose column holds one of the values; no value takes the filter away."""
        others = tuple(f for f in self.ask.filters if f.column != name)
        wanted = (*others, Filter(name, tuple(values))) if values else others
        self._arrange(lambda: self.show_what(filters=wanted))

    def clear_filters(self) -> None:
        self._arrange(lambda: self.show_what(filters=(), search=""))

    def _show_ask(self) -> None:
        names = {
            self.model.columns[place].name: place + self.model.offset
            for place in range(len(self.model.columns))
        }
        head = self.view.head
        head.filtered = {names[f.column] for f in self.ask.filters if f.column in names}
        head.sorted = (names[self.ask.sort], self.ask.descending) if self.ask.sort in names else None
        head.viewport().update()
        self.asked.emit()

    # what is chosen

    def columns_shown(self) -> list[str]:
        """The names of the columns on screen, from left to right."""
        return [self.model.columns[at - self.model.offset].name for at in self.view.shown_columns()]

    def chosen_ids(self) -> Sequence[int]:
        """The rows chosen together, in the order shown: a block of more than one, else the ticked."""
        rows = self.block()[0] if self.block is not None else range(0)
        return self.model.ids[rows.start : rows.stop] if len(rows) > 1 else self.model.ticked_ids()

    def copy(self) -> None:
        """What is chosen, or else the current row, to the clipboard."""
        copy_from(self, self.read)

    # the row beside the table

    def neighbour(self, number: int, step: int) -> int | None:
        """The id before or after this one in the order shown."""
        try:
            place = self.model.ids.index(number) + step
        except ValueError:
            return None
        return self.model.ids[place] if 0 <= place < len(self.model.ids) else None

    def with_line(self, number: int, then: Callable[[Any], None]) -> None:
        """Do something with a line of the list: at once if it has been read, else when it is."""
        line = self.model.values(self.model.ids.index(number)) if number in self.model.ids else None
        if line is not None:
            then(line)
        else:
            self.read(
                lines,
                [number],
                self.ask,
                then=lambda found: then(found[0]) if found else None,
                topic="line",
            )

    def go_to(self, number: int) -> None:
        if number in self.model.ids:
            self.view.go(self.model.ids.index(number))
