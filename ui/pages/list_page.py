"""A page that is one list: asked for by place and day, narrowed, ticked, exported, printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.listing import Listing
from ui.exporting import Exporting, way_of
from ui.pages.page import Page
from ui.views import Views
from ui.widgets.column_layout import ColumnLayout
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import ListingTable
from ui.widgets.models import Dress
from ui.widgets.parts import Button, Child, button, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class ListPage(Page):
    """The list, its filters and its commands; what is done with its lines a page says itself."""

    listing: ClassVar[Listing]
    shown: ClassVar[tuple[str, ...]]
    """The columns from left to right."""
    tables: ClassVar[frozenset[str]]
    """Those whose changes concern the list."""
    needs: ClassVar[Right] = Right.EDIT_PEOPLE
    report: ClassVar[str]
    empty: ClassVar[str]
    finder: ClassVar[str]
    widths: ClassVar[Mapping[str, float]]
    ticks: ClassVar[bool] = True

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._asked: tuple[Any, ...] | None = None
        self.may_edit = may(desk.office.who.role, self.needs)
        self.exporting = Exporting(desk, self)
        self._export_button = button("导出", "download", keys="Ctrl+E", on_click=self._export)
        self._columns_button = button(
            "",
            "columns-3",
            "quiet",
            tip="显示哪些列",
            on_click=lambda: self.kept.open_at(self._columns_button),
        )
        self.put_head()
        tools = self.tools()
        self.put_bar(
            *self.first(),
            self._export_button,
            button("打印", "printer", "quiet", keys="Ctrl+P", on_click=self._print),
            *((rule(vertical=True, length=20), *tools) if tools else ()),
            None,
            *self.views(),
            self._columns_button,
        )
        by_name = {what.name: what for what in self.listing.columns}
        self.table = ListingTable(
            desk.runner,
            desk.office,
            self.listing,
            columns=[by_name[name] for name in self.shown],
            widths=dict(self.widths),
            ticks=self.ticks,
            dress=self.dress(),
            beside=desk.read if self.listing.asked else None,
        )
        self.table.empty_words = self.empty
        self.table.empty_buttons = self.instead
        self.kept = ColumnLayout(self.table, f"{desk.office.who.name} {self.listing.key}")
        self.named = Views(desk, self, self.kept, self.listing.key)
        self.filters = FilterBar(self.table, self.finder, beside=self.named.button)
        for part in (*self.above(), self.filters, rule(), (self.table, 1)):
            self.main.put(part)
        self.setFocusProxy(self.table)
        self.table.counted.connect(self._counted)
        self.table.ticked.connect(lambda _: self.say_ticked())
        self.table.opened.connect(lambda _: self.enter())
        self.table.copied.connect(lambda words: desk.say(words, can_undo=False))
        self.table.failed.connect(desk.complain)
        self.commands = {
            "find": self.filters.begin,
            "export": self._export,
            "print": self._print,
            "clear": self.table.clear_filters,
            "refresh": self._again,
        }

    # what a page of this kind says of itself

    def first(self) -> Sequence[Child]:
        """The primary command, where there is one."""
        return ()

    def tools(self) -> Sequence[Child]:
        """Commands on the lines."""
        return ()

    def views(self) -> Sequence[Child]:
        """Commands at the right: how it is looked at."""
        return ()

    def above(self) -> Sequence[Child]:
        """What stands between the commands and the list."""
        return ()

    def dress(self) -> dict[str, Dress]:
        """How it shows some columns in its own way."""
        return {}

    def instead(self) -> Sequence[Button]:
        """What can be done while there are no lines."""
        return ()

    def enter(self) -> None:
        """Enter or a double click on a line."""

    def read_more(self) -> None:
        """What else is asked for with the list: suggested chips."""

    def say_ticked(self) -> None:
        """What the status bar says of the list and of ticked lines."""
        self.show_facts(self.table.status_words(self.desk.scope_name))

    def guarded(self, made: Button) -> Button:
        """A button of those who may change something; the others read why not."""
        made.setEnabled(self.may_edit)
        if not self.may_edit:
            made.setToolTip(f"账号“{self.desk.office.who.display}”只能查看。")
        return made

    def current(self) -> Any | None:
        """The line where the keyboard is."""
        here = self.table.view.currentIndex().row()
        line = self.table.model.values(here) if here >= 0 else None
        if line is None:
            self.desk.say("先选一行。", can_undo=False)
        return line

    # asking

    def opened(self) -> None:
        asked = (self.desk.scope_id, self.desk.day)
        known = self.desk.scope_id is not None or self.desk.scope.model.loaded_once
        if known and (asked != self._asked or not self.table.loaded):
            self._asked = asked
            self.table.show_what(scope=self.desk.scope_id, day=self.desk.day)
            self.read_more()

    def _again(self) -> None:
        self._asked = None
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.opened()

    def day_changed(self) -> None:
        self._asked = None
        self.table.forget()
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes and not changes.keys() & self.tables:
            return
        self._asked = None
        if self.desk.page is self:
            self.table.outdate()
            self.opened()
        else:
            self.table.forget()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "filters" in where or "search" in where:
            self.table.show_what(filters=tuple(where.get("filters", ())), search=where.get("search", ""))

    def _counted(self, _count: int) -> None:
        self.say_head()
        self.say_ticked()

    def say_head(self) -> None:
        """The line beside the title."""
        self.head_facts.setText("·".join(self.told_above()))

    def told_above(self) -> list[str]:
        """What that line says: where, when, how many."""
        day = self.desk.day.isoformat()
        return [self.desk.scope_name, day, self.table.count_words()]

    # out

    def _print(self) -> None:
        self.desk.go("documents", report=self.report)

    def _export(self) -> None:
        name = f"{self.desk.scope_name}{self.listing.title}{self.desk.day.isoformat()}"
        self.exporting.offer(self.table, way_of(self.listing, name), self._export_button)
