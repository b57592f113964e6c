"""Taking a list out of the window: what is on screen, all of it, or what is chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtWidgets import QWidget

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.fields import masked_words, of_persons
from gridoffice.leaving import purpose_of
from gridoffice.listing import Ask, Listing, count
from ui import dialogs
from ui.widgets.export_panel import ExportPanel, Offer, Rows, Wanted
from ui.widgets.listing_table import ListingTable
from ui.widgets.popover import Popover

if TYPE_CHECKING:
    from ui.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Way:
    """How the worker process writes a list: a function of the office and what it takes before the
    target and the question; `title` on the panel, `name` of the file that is proposed."""

    function: str
    first: tuple[Any, ...]
    title: str
    name: str


def way_of(listing: Listing, name: str) -> Way:
    """How a list is written into a file of this name."""
    return Way("gridoffice.exports:export", (listing,), listing.title, name)


def export_whole(desk: MainWindow, asker: QWidget, way: Way, unit: str, *what: Any, **how: Any) -> None:
    """Ask for a file and write a list into it, all of it and masked; `what` is the question, where the
    function takes one behind the target, `how` what else it takes."""
    target = _target(asker, way)
    if target is not None:
        desk.work(
            asker,
            way.function,
            *way.first,
            target,
            *what,
            **how,
            then=lambda count: desk.say(f"已导出 {count} {unit}到“{target.name}”。", can_undo=False),
        )


def _target(asker: QWidget, way: Way) -> Path | None:
    name = Path.home() / f"{way.name}.xlsx"
    return dialogs.save_file(asker, f"导出{way.title}", name, "Excel 文件 (*.xlsx)")


class Exporting(QObject):
    """The export of one page, asked for in a popover below its button."""

    def __init__(self, desk: MainWindow, page: QWidget):
        super().__init__(page)
        self.desk, self._page = desk, page
        self.panel: ExportPanel | None = None

    def offer(self, table: ListingTable, way: Way, button: QWidget) -> None:
        """Ask which rows and how; counts are those of this moment."""
        whole = Ask(scope=table.ask.scope, day=table.ask.day)
        narrowed = bool(table.ask.filters or table.ask.search)
        if narrowed or not table.loaded:
            self.desk.read(
                self,
                count,
                table.listing,
                whole,
                then=lambda every: self._show(table, way, button, every),
                topic="export",
                heavy=table.listing.asked,
            )
        else:
            self._show(table, way, button, len(table.model.ids))

    def _show(self, table: ListingTable, way: Way, button: QWidget, every: int) -> None:
        shown, listed = len(table.columns_shown()), len(table.model.columns)
        chosen = len(table.chosen_ids())
        panel = ExportPanel(
            Offer(
                title=way.title,
                counts={
                    Rows.SHOWN: (len(table.model.ids), shown),
                    Rows.ALL: (every, listed),
                    Rows.CHOSEN: (chosen, shown),
                },
                unit=table.listing.unit,
                masked=masked_words(table.model.columns),
                may_reveal=may(self.desk.office.who.role, Right.REVEAL),
                proposed=Rows.CHOSEN if chosen > 1 else Rows.SHOWN,
                purpose=purpose_of(self.desk.office, way.title) if of_persons(table.model.columns) else None,
            )
        )
        self.panel = panel
        popover = Popover(self.desk, panel, 340)
        place = QRect(button.mapTo(self.desk, QPoint(0, 0)), button.size())
        popover.open_at(place)
        panel.grown.connect(lambda: popover.open_at(place))
        panel.setFocus()

        def take(wanted: Wanted) -> None:
            target = _target(self._page, way)
            if target is not None:
                popover.shut()
                self._write(table, way, wanted, target)

        panel.wanted.connect(take)

    def _write(self, table: ListingTable, way: Way, wanted: Wanted, target: Path) -> None:
        ask, ids, columns = table.ask, None, table.columns_shown()
        if wanted.rows is Rows.ALL:
            ask, columns = replace(ask, search="", filters=()), [what.name for what in table.model.columns]
        elif wanted.rows is Rows.CHOSEN:
            ids = list(table.chosen_ids())
        unit = table.listing.unit
        said = _form(table, columns, wanted)
        self.desk.work(
            self,
            way.function,
            *way.first,
            target,
            ask,
            ids=ids,
            columns=columns,
            reveal=wanted.reveal,
            reason=wanted.reason or None,
            then=lambda count: self.desk.say(
                f"已导出 {count} {unit}到“{target.name}”{said}。", can_undo=False
            ),
        )


def _form(table: ListingTable, columns: list[str], wanted: Wanted) -> str:
    """In which form sensitive columns left, where there are any among those."""
    masked = masked_words(what for what in table.model.columns if what.name in columns)
    if not masked:
        return ""
    return f"，{masked}是{'完整' if wanted.reveal else '遮住'}的"
