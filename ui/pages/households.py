"""联系户: the households of grids by their representatives, who calls each, and the call tree on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.errors import OfficeError
from gridoffice.fields import Column
from gridoffice.households.listing import HOUSEHOLDS, Reached, reached
from gridoffice.households.naming import FIELDS
from gridoffice.households.rows import HouseholdRow
from gridoffice.households.service import (
    end_households,
    give_caller,
    household_row,
    remove_households,
    reveal_household,
    save_household,
)
from gridoffice.values import show
from ui.pages.drawer_page import DrawerPage, Subject
from ui.pages.person_card import WhyLine
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.form import Form, fact
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, column, label, rule
from ui.widgets.person_picker import PersonPicker
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN = ("name", "caller", "grid", "phone", "people", "address", "member", "note", "from_day", "to_day")
IN_FORM = ("name", "grid", "phone", "address", "people", "caller", "member", "from_day", "to_day", "note")
NOBODY = "没有指定"
REVEAL_MS = 30_000
_FIELDS = {what.name: what.field for what in HOUSEHOLDS.columns}


class CallerPanel(SidePanel):
    """`wanted` hands over the number of who is to call the ticked households; None: nobody."""

    wanted = Signal(object)

    def __init__(self, desk: MainWindow, count: int):
        super().__init__("指定呼叫人")
        self.picker = PersonPicker(desk, "呼叫人")
        self.inside.put(label(f"勾选的 {count} 户，由谁打电话通知？", "hint", wrap=True))
        self.inside.put(self.picker)
        self.inside.put(None)
        self.act(
            button(f"指定 {count} 户", "check", "primary", keys="Ctrl+S", on_click=self.take),
            button("先不指定", tip="把这些户的呼叫人空出来", on_click=lambda: self.wanted.emit(None)),
        )

    def take(self) -> None:
        """Say what is missing, else hand the person over."""
        if self.picker.picked is None:
            self.judge(note("err", "还没选人：写几个字，从下面找到的里面选一个。"))
            self.picker.setFocus()
        else:
            self.wanted.emit(self.picker.picked)

    def complain(self, error: OfficeError) -> None:
        self.judge(note("err", error.message))


class HouseholdsPage(DrawerPage):
    """The ledger of represented households."""

    key, words, icon, title = "households", "联系户", "phone-call", "联系户台账"
    reached_from = "grids"
    tabs = ()
    subject = Subject(
        listing=HOUSEHOLDS,
        read=household_row,
        save=save_household,
        needs=Right.EDIT_PEOPLE,
        place="grid",
        tables=frozenset({"household", "person", "grid"}),
        ledger="households",
        report="households",
        new=("新增联系户", "plus"),
        empty="这里还没有联系户。",
        finder="找户代表、电话、住址、呼叫人",
        widths={
            "name": 104,
            "caller": 128,
            "grid": 216,
            "phone": 124,
            "people": 96,
            "address": 200,
            "member": 104,
            "note": 176,
            "from_day": 112,
            "to_day": 112,
        },
    )

    def __init__(self, desk: MainWindow):
        self._give_button = button(
            "指定呼叫人", "phone-call", "quiet", tip="勾选的户由谁打电话通知", on_click=self._give
        )
        self._tree_button = button(
            "呼叫树", "sitemap", "quiet", tip="谁通知谁，一张表印出来", on_click=self._tree
        )
        super().__init__(desk)
        self._reached: Reached | None = None
        self._giving: CallerPanel | None = None
        self._whole: HouseholdRow | None = None
        self._masked = QTimer(self)
        self._masked.setSingleShot(True)
        self._masked.setInterval(REVEAL_MS)
        self._masked.timeout.connect(self._mask)
        self.commands["reveal"] = self._ask
        self.commands["leave"] = self._remove_chosen

    def tools(self) -> Sequence[Child]:
        return rule(vertical=True, length=20), self.guarded(self._give_button), self._tree_button

    def columns(self) -> Sequence[Column]:
        by_name = {what.name: what for what in HOUSEHOLDS.columns}
        return [by_name[name] for name in SHOWN]

    def dress(self) -> dict[str, Dress]:
        return {
            "caller": self._caller,
            "grid": lambda _, text: Cell(text, tone="text2"),
            "note": lambda _, text: Cell(text or "", tone="text2"),
            "member": lambda _, text: Cell(text or ""),
        }

    @staticmethod
    def _caller(_: HouseholdRow, name: str | None) -> Cell:
        """A household that nobody calls is what this list is looked through for."""
        return Cell(name) if name else Cell(NOBODY, badge="warn")

    # the list

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.desk.read(
                self, reached, self.desk.scope_id, self.desk.day, then=self._suggest, topic="reached"
            )
        super().scope_changed()

    def _suggest(self, found: Reached) -> None:
        self._reached = found
        chips: list[tuple[str, Any]] = []
        for words, count, name in (
            ("没有呼叫人", found.without_caller, "caller"),
            ("没有电话", found.without_phone, "phone"),
        ):
            if count:
                chips.append((f"{words} {count}", lambda name=name: self.table.filter_by(name, (None,))))
        self.filters.suggest(chips)
        self.counted(len(self.table.model.ids))

    def told_above(self) -> list[str]:
        *where, count = super().told_above()
        people = self._reached.people if self._reached is not None else None
        return [*where, count if people is None or self.table.narrowed else f"{count}、{people} 人"]

    # the drawer

    def name_of(self, line: HouseholdRow) -> tuple[str, str, tuple[str, str] | None]:
        return line.name, line.grid, None if line.caller else ("warn", "没有呼叫人")

    def fill_tab(self, made: Box, tab: int, line: HouseholdRow) -> None:
        looked = self._whole is not None and self._whole.id == line.id
        self._why = column(gap=0)
        told = column(gap=0)
        for name in IN_FORM:
            if name in ("name", "grid", "note"):
                continue
            field, value = _FIELDS[name], getattr(line, name)
            hidden = field.sensitive is not None and bool(value) and not looked
            after: list[Child] = [None]
            if hidden and may(self.desk.office.who.role, Right.REVEAL):
                after.append(
                    button("查看", kind="link", tip="显示 30 秒，会记入变动", keys="F4", on_click=self._ask)
                )
            words = label(show(field, value, reveal=looked), wrap=looked)
            told.put(fact(field.label, words, *after))
        made.put_all([told, self._why])
        if line.note:
            made.put(column(label("备注", "hint"), label(line.note, wrap=True), gap=2))

    def _ask(self) -> None:
        """Ask why the numbers are looked at; when they are, mask them again."""
        if self._whole is not None:
            self._mask()
        elif self._shown is not None and may(self.desk.office.who.role, Right.REVEAL):
            self._why.clear()
            line = WhyLine(self._look, self._why.clear)
            self._why.put(line)
            line.line.setFocus()

    def _look(self, reason: str) -> None:
        self.desk.write(self, reveal_household, self._shown, reason, then=self._looked)

    def _looked(self, done: Any) -> None:
        if done.result.id == self._shown:
            self._whole = done.result
            self._masked.start()
            self._show(done.result)

    def _mask(self) -> None:
        self._masked.stop()
        self._whole = None
        if self._editing is None and self._giving is None:
            self._reread()

    def acts(self, line: HouseholdRow) -> list[Button]:
        return [
            button(
                "停止联系",
                "user-off",
                tip="从今天起不再联系，以前的还查得到",
                on_click=lambda: self._end(line.id),
            ),
            button("删去", "x", keys="Del", on_click=lambda: self._remove([line.id])),
        ]

    def form_of(self, line: HouseholdRow | None) -> tuple[str, str, Form]:
        by_name = {what.name: what for what in HOUSEHOLDS.columns}
        wanted, pickers = [], {}
        for name in IN_FORM:
            if name in FIELDS:
                key, words = FIELDS[name]
                wanted.append(Column(key, by_name[name].field))
                pickers[key] = PersonPicker(self.desk, words)
                if line is not None:
                    pickers[key].choose(getattr(line, key), getattr(line, name) or "")
            elif name != "grid" or line is not None:
                wanted.append(by_name[name])
        looked = line is not None and self._whole is not None and self._whole.id == line.id
        form = Form(wanted, line, pickers=pickers, reveal=looked)
        if line is None:
            return "新增联系户", f"在{self.desk.scope_name}", form
        return line.name, line.grid, form

    # several together

    def _chosen(self) -> list[int]:
        """What is ticked, else what is in the drawer."""
        return list(self.table.chosen_ids()) or ([self._shown] if self._shown is not None else [])

    def _give(self) -> None:
        ids = self._chosen()
        if not ids:
            self.desk.say("先勾选要指定呼叫人的户。", can_undo=False)
        elif self.may_edit and self.desk.may_change():
            self._editing = None
            panel = self._giving = CallerPanel(self.desk, len(ids))
            panel.closed.connect(self._close)
            panel.wanted.connect(
                lambda person: self.desk.write(
                    self, give_caller, ids, person, then=lambda _: self._given(), wrong=self._not_given
                )
            )
            self.set_side(panel)
            panel.picker.line.setFocus()

    def _given(self) -> None:
        self._drop()
        self.table.model.clear_ticks()
        if self._shown is not None:
            self._open(self._shown)

    def _not_given(self, error: Exception) -> None:
        if self._giving is not None and isinstance(error, OfficeError):
            self._giving.complain(error)
        else:
            self.desk.complain(error)

    def _drop(self) -> None:
        panel, self._giving = self._giving, None
        if panel is not None:
            self.table.setFocus()  # before what has the keyboard goes away
            self.set_side(None)
            panel.deleteLater()

    def _end(self, number: int) -> None:
        if self.desk.may_change():
            self._close()
            self.desk.write(self, end_households, [number], self.desk.day - timedelta(days=1))

    def _remove_chosen(self) -> None:
        ids = self._chosen()
        if ids and self._editing is None and self.may_edit:
            self._remove(ids)

    def _remove(self, ids: Sequence[int]) -> None:
        if self.desk.may_change():
            self._close()
            self.desk.write(self, remove_households, list(ids), then=lambda _: self.table.model.clear_ticks())

    def _tree(self) -> None:
        self.desk.go("documents", report="contacts")

    def _save(self) -> None:
        if self._giving is not None:
            self._giving.take()
        else:
            super()._save()

    def _close(self) -> None:
        if self._giving is None:
            super()._close()
            return
        self._drop()
        if self._shown is not None:
            self._open(self._shown)
