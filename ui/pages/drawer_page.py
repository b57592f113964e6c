"""A list of the office and, beside it, one of its lines: open, walk, edit, save."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.fields import Column
from gridoffice.listing import Listing
from ui.exporting import Exporting, way_of
from ui.pages.drawer_lines import standing_line
from ui.pages.line_editing import LineEditing
from ui.pages.page import unless_gone
from ui.views import Views
from ui.widgets.column_layout import ColumnLayout
from ui.widgets.drawer import Drawer, body
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import ListingTable
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, Input, button, rule
from ui.widgets.picker import Picker

if TYPE_CHECKING:
    from ui.main_window import MainWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a page lists, and how one line of it is read and saved.

    `place` is the column that names a grid: chosen by its name, saved as `<place>_id`, and left empty
    only where there is a top of all (`has_top`); a list without one has no such column. `tables` are
    those whose changes concern the list; `ledger` and `report` lead to its import and its paper, where
    there are any.
    """

    listing: Listing
    read: Callable[[Any, int], Any]
    save: Callable[..., int]
    needs: Right
    place: str = ""
    has_top: bool = False
    tables: frozenset[str]
    beside: frozenset[str] = frozenset()
    """Tables that only the drawer tells of: their changes leave the list as it is."""
    ledger: str = ""
    report: str = ""
    new: tuple[str, str]
    """Words and icon of the button for a new one."""
    empty: str
    finder: str
    widths: Mapping[str, float]


class DrawerPage(LineEditing):
    """The list, its filters, its commands, and the drawer with one line of it."""

    subject: ClassVar[Subject]
    tabs: ClassVar[tuple[str, ...]]
    ticks: ClassVar[bool] = True

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        subject = self.subject
        self._outdated = False
        """What the drawer shows was changed while another page was looked at."""
        self.may_edit = may(desk.office.who.role, subject.needs)
        words, icon = subject.new
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
        ways = [button(words, icon, "primary", keys="Ctrl+N", on_click=self._new)]
        self.guarded(ways[0])
        if subject.ledger:
            ways.append(button("导入 Excel", "upload", keys="Ctrl+O", on_click=self._import))
        ways.append(self._export_button)
        if subject.report:
            ways.append(button("打印", "printer", "quiet", keys="Ctrl+P", on_click=self._print))
        self.put_bar(
            *ways,
            *self.tools(),
            None,
            self._columns_button,
        )
        self.table = ListingTable(
            desk.runner,
            desk.office,
            subject.listing,
            columns=self.columns(),
            widths=dict(subject.widths),
            ticks=self.ticks,
            dress=self.dress(),
        )
        self.table.empty_words = subject.empty
        self.table.empty_buttons = lambda: [
            button(words, icon, on_click=self._new),
            *([button("导入 Excel", "upload", on_click=self._import)] if subject.ledger else []),
        ]
        self.kept = ColumnLayout(self.table, f"{desk.office.who.name} {subject.listing.key}")
        self.kept.changed.connect(self._say_hidden)
        self._say_hidden()
        self.named = Views(desk, self, self.kept, subject.listing.key)
        self.filters = FilterBar(self.table, subject.finder, beside=self.named.button)
        self.main.put(self.filters)
        self.main.put(rule())
        self.main.put((self.table, 1))
        self.setFocusProxy(self.table)
        self.table.counted.connect(self.counted)
        self.table.counted.connect(lambda _: self._stay())
        self.table.ticked.connect(lambda _: self.say_ticked())
        self.table.opened.connect(self._open)
        self.table.moved.connect(self._walk)
        self.table.copied.connect(lambda words: desk.say(words, can_undo=False))
        self.drawer = Drawer(self.tabs)
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._step)
        self.drawer.tab.connect(lambda _: self._reread())
        self.commands = {
            "find": self.filters.begin,
            "new": self._new,
            "export": self._export,
            **({"import": self._import} if subject.ledger else {}),
            **({"print": self._print} if subject.report else {}),
            "close": self._close,
            "clear": self.table.clear_filters,
            "edit": self._edit,
            "save": self._save,
            "refresh": self.table.refresh,
        }

    # what a page of this kind says of itself

    def tools(self) -> Sequence[Child]:
        """More commands of the bar."""
        return ()

    def columns(self) -> Sequence[Column]:
        return self.subject.listing.columns

    def dress(self) -> dict[str, Dress]:
        """How it shows some columns in its own way."""
        return {}

    def counted(self, _count: int) -> None:
        """The list is here: what the line beside the title and the status bar say of it."""
        self.head_facts.setText("·".join(self.told_above()))
        self.say_ticked()

    def told_above(self) -> list[str]:
        """What stands beside the title: where, when, how many."""
        day = self.desk.day.isoformat()
        return [self.desk.scope_name, day, self.table.count_words()]

    def say_ticked(self) -> None:
        """What the status bar says of the list and of ticked lines."""
        self.show_facts(self.table.status_words(self.desk.scope_name))

    def name_of(self, line: Any) -> tuple[str, str, tuple[str, str] | None]:
        """Title, second line and badge of the drawer."""
        raise NotImplementedError

    def fill_tab(self, made: Box, tab: int, line: Any) -> None:
        """Put a tab of the drawer together."""
        raise NotImplementedError

    def acts(self, line: Any) -> list[Button]:
        """What can be done with a line besides editing it, by those who may."""
        raise NotImplementedError

    def guarded(self, made: Button) -> Button:
        """A button of those who may change something; the others read why not."""
        made.setEnabled(self.may_edit)
        if not self.may_edit:
            made.setToolTip(f"账号“{self.desk.office.who.display}”只能查看。")
        return made

    # the list

    def _say_hidden(self) -> None:
        hidden = len(self.kept.hidden())
        self._columns_button.say(f"隐藏 {hidden} 列" if hidden else "")

    def opened(self) -> None:
        if self._outdated:
            self._outdated = False
            self.again()
        if self.table.ask.scope != self.desk.scope_id or not self.table.loaded:
            self.scope_changed()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.table.show_what(scope=self.desk.scope_id, day=self.desk.day)

    def day_changed(self) -> None:
        self._editing = None
        self._close()
        self.table.forget()
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        listed = changes.keys() & self.subject.tables
        if not listed and not changes.keys() & self.subject.beside:
            return
        if self.desk.page is self:
            if listed:
                self.table.outdate()
                self.scope_changed()
            self.again()
        else:
            if listed:
                self.table.forget()
            self._outdated = True

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "new" in where:
            self._new()
            self._propose(where["new"])
        if "show" in where:
            self._open(where["show"])
        if "filters" in where or "search" in where:
            self.table.show_what(filters=tuple(where.get("filters", ())), search=where.get("search", ""))

    def _propose(self, values: Mapping[str, Any]) -> None:
        """What another page knows of a new one stands in its form already; somebody or something that is
        picked as its number and its words."""
        if self._editing is None:
            return
        for name, text in values.items():
            part = self._editing.fields[name].input
            if isinstance(part, Input):
                part.setText(text)
            elif isinstance(part, Picker):
                part.choose(*text)

    # the drawer

    def _open(self, number: int) -> None:
        self._shown = number
        self.table.go_to(number)
        self.table.model.mark(number)
        self.set_side(self.drawer)
        self.drawer.attend("")
        self._edit_ends()
        self._reread()

    def _stay(self) -> None:
        """What is shown is the current row again once the list is here anew."""
        here, ids = self.table.view.currentIndex().row(), self.table.model.ids
        if self._shown is not None and not (0 <= here < len(ids) and ids[here] == self._shown):
            self.table.go_to(self._shown)

    def _walk(self, number: int) -> None:
        if self._shown is not None and self._editing is None and number != self._shown:
            self._open(number)

    def _step(self, step: int) -> None:
        other = self.table.neighbour(self._shown, step) if self._shown is not None else None
        if other is not None:
            self._open(other)

    def _close(self) -> None:
        """The nearest first: what is being edited, then the drawer."""
        if self.side is None:
            return
        if self._meeting is not None and self._meeting.choosing:
            self._meeting.show_form()
            return
        if self._editing is not None and self._shown is not None:
            self._reread()
            return
        self._shown = None
        self._edit_ends()
        self.table.model.mark(None)
        self.set_side(None)
        self.table.setFocus()

    def _reread(self) -> None:
        if self._shown is not None:
            self.desk.read(
                self,
                standing_line,
                self.subject,
                self._shown,
                self.desk.day if self.desk.past else None,
                then=self._show,
                topic="drawer",
                wrong=unless_gone(self.desk, self._close),
            )

    def _show(self, line: Any) -> None:
        if self._shown != line.id:
            return
        self._edit_ends()
        self.drawer.name(*self.name_of(line))
        made = body()
        self.fill_tab(made, self.drawer.tabs.current if self.drawer.tabs is not None else 0, line)
        made.put(None)
        self.drawer.fill(made)
        changing: list[Button] = []
        if self.may_edit and not self.desk.past:
            edit = button("编辑资料", "edit", "primary", keys="F2", on_click=self._edit)
            changing = [edit, *self.acts(line)]
        self.drawer.act(*changing, None)

    # changing

    def _edit(self) -> None:
        if self._shown is not None and self.may_edit and self.desk.may_change():
            self.desk.read(self, self.subject.read, self._shown, then=self._show_form, topic="form")

    def _new(self) -> None:
        if not self.may_edit or not self.desk.may_change():
            return
        self._shown = None
        self.table.model.mark(None)
        self.set_side(self.drawer)
        self.drawer.attend("")
        self._show_form(None)

    # in and out

    def _import(self) -> None:
        self.desk.go("import", ledger=self.subject.ledger)

    def _print(self) -> None:
        self.desk.go("documents", report=self.subject.report)

    def _export(self) -> None:
        listing = self.subject.listing
        name = f"{self.desk.scope_name}{self.title}{self.desk.day.isoformat()}"
        self.exporting.offer(self.table, way_of(listing, name), self._export_button)
