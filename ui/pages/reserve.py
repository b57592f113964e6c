"""后备: who waits for a post; entered, found, placed, or off the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from db.enums import ReserveState, Right
from gridoffice.fields import columns
from gridoffice.listing import Ask, Filter
from gridoffice.workers.reserve import leave_reserve, reserve_row, save_reserve
from gridoffice.workers.reserve_listing import RESERVES
from gridoffice.workers.reserve_rows import ReserveRow
from ui.pages.appointing import AppointPanel, Known, shown_panel
from ui.pages.drawer_page import DrawerPage, Subject
from ui.pages.posts_panel import post_titles
from ui.widgets.cells import Cell
from ui.widgets.form import Form, facts
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SIGNS = {ReserveState.WAITING: "clock", ReserveState.PLACED: "ok", ReserveState.LEFT: "mute"}
IN_FORM = ("title", "grid", "source", "since", "note")
WHO = ("name", "id_number", "phone", "sex", "birth", "education", "political")


class ReservePage(DrawerPage):
    """The reserve list."""

    key, words, icon, title = "reserve", "后备", "user-plus", "后备人员名册"
    reached_from = "workers"
    tabs = ("资料",)
    subject = Subject(
        listing=RESERVES,
        read=reserve_row,
        save=save_reserve,
        needs=Right.EDIT_PEOPLE,
        place="grid",
        has_top=True,
        tables=frozenset({"reserve", "person", "grid", "post"}),
        ledger="reserve",
        report="reserve",
        new=("列入后备", "user-plus"),
        empty="后备名册里还没有人。",
        finder="找姓名、拼音、岗位、来源",
        widths={
            "name": 100,
            "title": 112,
            "grid": 200,
            "state": 108,
            "source": 128,
            "id_number": 168,
            "phone": 120,
        },
    )

    def __init__(self, desk: MainWindow):
        self._titles: Sequence[str] = ()
        self._panel: AppointPanel | None = None
        super().__init__(desk)
        self.commands["leave"] = self._leave_ticked

    def tools(self) -> Sequence[Child]:
        leave = button("退出后备", "user-off", "quiet", keys="Del", on_click=self._leave_ticked)
        gaps = button("看空缺", "users", "quiet", on_click=lambda: self.desk.go("vacancies"))
        return rule(vertical=True, length=20), self.guarded(leave), gaps

    def dress(self) -> dict[str, Dress]:
        return {
            "state": lambda _, state: Cell(state.label, badge=SIGNS[state]) if state else Cell(),
            "title": lambda _, text: Cell(text or "都行", tone="text" if text else "text3"),
            "grid": lambda _, text: Cell(text or "哪里都行", tone="text2" if text else "text3"),
        }

    # the list

    def scope_changed(self) -> None:
        if self.desk.page is self:
            waiting = Filter("state", (ReserveState.WAITING,))
            ask = Ask(scope=self.desk.scope_id, day=self.desk.day, filters=(waiting,))
            self.desk.read(self, RESERVES.ids, ask, then=lambda ids: self._suggest(len(ids)), topic="waiting")
            self.desk.read(self, post_titles, then=self._offer, topic="titles")
        super().scope_changed()

    def _offer(self, titles: Sequence[str]) -> None:
        self._titles = titles

    def _suggest(self, waiting: int) -> None:
        words = f"{ReserveState.WAITING.label} {waiting}"
        only = (ReserveState.WAITING,)
        chips = [(words, lambda: self.table.filter_by("state", only))] if waiting else []
        self.filters.suggest(chips)

    # the drawer

    def name_of(self, line: ReserveRow) -> tuple[str, str, tuple[str, str] | None]:
        below = "·".join((line.grid or "哪里都行", line.title or "什么岗位都行"))
        state = line.state or ReserveState.WAITING
        return line.name, below, (SIGNS[state], state.label)

    def fill_tab(self, made: Box, tab: int, line: ReserveRow) -> None:
        by_name = {what.name: what for what in columns(ReserveRow)}
        wish = [by_name[name] for name in ("title", "grid", "source", "since", "to_day", "note")]
        made.put(label("后备", "strong"))
        made.put(column(*facts(wish, line), gap=0))
        made.put(rule())
        made.put(label("基本信息", "strong"))
        made.put(column(*facts([by_name[name] for name in WHO[1:]], line), gap=0))
        onward = button("看这个人的任职", "user", "link", on_click=lambda: self._roster(line))
        made.put(row(onward, None))

    def _roster(self, line: ReserveRow) -> None:
        self.desk.go("workers", search=line.id_number or line.name)

    def acts(self, line: ReserveRow) -> list[Button]:
        if line.state is not ReserveState.WAITING:
            return []
        return [
            button("上岗", "check", on_click=lambda: self._appoint(line)),
            button("退出", "user-off", on_click=lambda: self._leave([line.id])),
        ]

    def form_of(self, line: ReserveRow | None) -> tuple[str, str, Form]:
        by_name = {what.name: what for what in columns(ReserveRow)}
        hints = {"title": [*self._titles, *([line.title] if line and line.title else [])]}
        hints = {name: list(dict.fromkeys(some)) for name, some in hints.items()}
        if line is not None:
            return line.name, "后备", Form([by_name[name] for name in IN_FORM], line, hints)
        form = Form([by_name[name] for name in (*WHO[:3], *IN_FORM, *WHO[3:])], None, hints)
        return "列入后备", self.desk.scope_name, form

    # placed, off the list

    def _appoint(self, line: ReserveRow) -> None:
        if not self.desk.may_change():
            return
        self._close()
        posts = (line.title,) if line.title else ()
        self._panel = AppointPanel(self.desk, Known(person=(line.person_id, line.name), posts=posts))
        self._panel.closed.connect(self._close)
        self._panel.done.connect(self._close)
        self.set_side(self._panel)

    def _save(self) -> None:
        if self._panel is not None and shown_panel(self._panel, self):
            self._panel.save()
        else:
            super()._save()

    def _leave_ticked(self) -> None:
        ticked = list(self.table.model.ticked_ids()) or ([self._shown] if self._shown is not None else [])
        if not ticked:
            self.desk.say("先勾选要退出后备的人。", can_undo=False)
        elif self.may_edit:
            self._leave(ticked)

    def _leave(self, ids: Sequence[int]) -> None:
        if self.desk.may_change():
            self._close()
            done = self.table.model.clear_ticks
            self.desk.write(self, leave_reserve, list(ids), date.today(), then=lambda _: done())
