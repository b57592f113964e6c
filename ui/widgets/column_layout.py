"""How a list looks: its columns, how wide and in which order, how sorted and narrowed, as this user left it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from db.enums import Labelled
from gridoffice import settings
from gridoffice.fields import Field, Kind
from gridoffice.listing import Filter
from ui.theme import look
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import button, column, label, row, rule, scrolled
from ui.widgets.popover import Popover

MANY = 12
"""From so many columns on their list scrolls."""


def plain(value: Any) -> Any:
    """A ticked value as it is kept."""
    if isinstance(value, Labelled):
        return value.value
    return (
        value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
    )


def meant(field: Field, value: Any) -> Any:
    """The value that was kept so. Raises `ValueError` and `ArithmeticError` when there is none such."""
    if value is None:
        return None
    if field.codes is not None:
        return field.codes(value)
    if field.kind is Kind.DATE:
        return date.fromisoformat(value)
    return Decimal(value) if field.kind in (Kind.DECIMAL, Kind.RATE) else value


class ColumnLayout(QObject):
    """Keeps the columns, the order and the ticked values of a table under `key` on this computer, and gives
    the usual columns back.

    Names stand first and are never hidden. `movable` is off where cells are chosen in blocks, which
    hidden and moved columns would tear apart: there only widths are kept.
    """

    changed = Signal()

    def __init__(self, table: ListingTable, key: str, movable: bool = True):
        super().__init__(table)
        self.table, self.view, self.model = table, table.view, table.model
        self.movable = movable
        self._key = f"columns {key}"
        self._usual = list(self.view.widths())
        self._names = [what.name for what in self.model.columns]
        self._proposed: Sequence[str] = self._names
        self.view.head.setSectionsMovable(movable)
        self.view.head.arranged.connect(self._arranged)
        self.popover: Popover | None = None
        self._apply()
        self._ask_as_left()
        table.arranged.connect(self._keep_ask)

    # what is kept

    def _known(self) -> dict[str, Any]:
        found = settings.recall(self._key)
        return found if isinstance(found, dict) else {}

    def _remember(self, **changes: Any) -> None:
        known = {name: value for name, value in (self._known() | changes).items() if value}
        settings.remember(self._key, known)
        self._apply()
        self.changed.emit()

    def hidden(self) -> list[str]:
        return [name for name in self._known().get("hidden", ()) if name in self._names]

    def fixed(self, name: str) -> bool:
        """Whether a column always stands there: the name, and the first of all."""
        what = self.model.columns[self._names.index(name)]
        return what.field.kind is Kind.NAME or name == self._names[0]

    def _arranged(self, resized: Collection[int]) -> None:
        """Remember what the clerk has just done with the mouse."""
        head, offset = self.view.head, self.model.offset
        if offset and head.visualIndex(0) != 0:
            head.moveSection(head.visualIndex(0), 0)
        sizes = head.sizes()
        widths = dict(self._known().get("widths", {}))
        for section, width in sizes[:-1]:  # the last takes what is left over
            at = section - offset
            if (
                at >= 0
                and not head.isSectionHidden(section)
                and width != look.px(self.view.widths()[section])
            ):
                widths[self._names[at]] = round(width / look.scale)
        order = [self._names[section - offset] for section, _ in sizes if section >= offset]
        self._remember(widths=widths, order=order if order != list(self._proposed) else None)

    # how it is sorted and narrowed

    def look(self) -> dict[str, Any]:
        """How the list is looked at now: its columns, the order, and the ticked values."""
        ask = self.table.ask
        known = self._known() | {
            "sort": [ask.sort, ask.descending] if ask.sort is not None else None,
            "filters": {one.column: [plain(value) for value in one.values] for one in ask.filters},
        }
        return {name: value for name, value in known.items() if value}

    def take(self, look: Mapping[str, Any]) -> None:
        """Look at the list so from now on; what is looked for is given up."""
        settings.remember(self._key, dict(look))
        self._apply()
        self.changed.emit()
        self.table.show_what(**self._asked(look), search="")

    def _keep_ask(self) -> None:
        """Remember the order and the ticked values; what is looked for is another thing each time."""
        settings.remember(self._key, self.look())

    def _ask_as_left(self) -> None:
        """The list begins in the order and as narrowed as it was left."""
        asked = self._asked(self._known())
        if asked["sort"] is not None or asked["filters"]:
            self.table.begin_with(replace(self.table.ask, **asked))

    def _asked(self, look: Mapping[str, Any]) -> dict[str, Any]:
        """The order and the ticked values of a look; what the list has no more is left out."""
        sort, descending = look.get("sort") or (None, False)
        filters = []
        for name, values in look.get("filters", {}).items():
            field = next((what.field for what in self.table.listing.columns if what.name == name), None)
            if field is not None and name in self.table.listing.filters:
                with suppress(ValueError, ArithmeticError):
                    filters.append(Filter(name, tuple(meant(field, value) for value in values)))
        sort = sort if sort in self.table.listing.sorts else None
        return {"sort": sort, "descending": bool(descending), "filters": tuple(filters)}

    # what is shown

    def propose(self, order: Sequence[str]) -> None:
        """The order of columns as long as the clerk has none of his own."""
        self._proposed = list(order)
        self._apply_order()

    def _apply(self) -> None:
        widths = self._known().get("widths", {})
        self.table.own_widths = {name for name in widths if name in self._names}
        wanted = list(self._usual)
        for name in self.table.own_widths:
            wanted[self._names.index(name) + self.model.offset] = float(widths[name])
        if wanted != self.view.widths():
            self.view.set_widths(wanted)
        self._apply_order()
        hidden = self.hidden() if self.movable else ()
        for place, name in enumerate(self._names):
            self.view.setColumnHidden(place + self.model.offset, name in hidden)

    def _apply_order(self) -> None:
        if not self.movable:
            return
        own = [name for name in self._known().get("order", ()) if name in self._names]
        order = own or list(self._proposed)
        order += [name for name in self._names if name not in order]
        head, offset = self.view.head, self.model.offset
        for place, name in enumerate(order):
            head.moveSection(head.visualIndex(self._names.index(name) + offset), place + offset)

    def show_column(self, name: str, shown: bool) -> None:
        hidden = [other for other in self.hidden() if other != name]
        self._remember(hidden=hidden if shown else [*hidden, name])

    def reset(self) -> None:
        """The usual columns, widths and order again."""
        self._remember(widths=None, order=None, hidden=None)

    # choosing

    def open_at(self, button: QWidget) -> None:
        """The panel in a popover below a button."""
        window = button.window()
        self.popover = Popover(window, self.panel(), 280)
        self.popover.open_at(QRect(button.mapTo(window, QPoint(0, 0)), button.size()))
        self.popover.take_keyboard()

    def panel(self) -> QWidget:
        """The content of the popover: a box for each column, and the way back."""
        boxes = column(gap=0, margins=(12, 4, 12, 4), name="surface")
        shown: list[QCheckBox] = []
        hidden = self.hidden()
        for name in self._names:
            if self.fixed(name):
                continue
            box = QCheckBox(self.model.columns[self._names.index(name)].field.label)
            box.setChecked(name not in hidden)
            box.toggled.connect(lambda on, name=name: self.show_column(name, on))
            shown.append(box)
            boxes.put(box)

        def usual() -> None:
            self.reset()
            for box in shown:
                box.blockSignals(True)
                box.setChecked(True)
                box.blockSignals(False)

        if not self.movable:
            words = button("列宽恢复默认", "columns-3", "quiet", on_click=self.reset)
            return column(words, label("拖表头的边改列宽。", "small"), gap=4, margins=(8, 8, 8, 8))
        listed: QWidget = boxes
        if len(shown) > MANY:
            listed = scrolled(boxes)
            listed.setFixedHeight(look.px(MANY * 26))
        return column(
            row(
                label("显示的列", "strong"),
                None,
                button("恢复默认", kind="link", tip="列、列宽和顺序都恢复默认", on_click=usual),
                margins=(12, 8, 4, 0),
            ),
            row(label("拖表头换顺序，拖表头的边改列宽。", "small"), margins=(12, 0, 12, 0)),
            rule(),
            listed,
            gap=4,
            margins=(0, 0, 0, 8),
        )
