"""网格: the ledger of grids below the scope, and one of them in the drawer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.fields import Column
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.norms import size_fault
from gridoffice.grids.pack import Pack
from gridoffice.grids.rows import GridRow
from gridoffice.grids.service import grid_row, save_grid
from gridoffice.grids.waiting import Plan, waiting
from gridoffice.overview.topics import Finding, Topic
from ui.pages.drawer_page import DrawerPage, Subject
from ui.pages.grid_card import put_facts
from ui.pages.grid_changes import GridChanges
from ui.pages.grid_lists import put_issues, put_resources
from ui.pages.grid_story import put_story
from ui.pages.grid_tabs import put_party, put_problems, put_scores, put_team
from ui.pages.party_ways import FOR_PARTY, to_party
from ui.pages.sign_panel import SignPanel
from ui.widgets.cells import Cell
from ui.widgets.form import Form
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

FOR_PEOPLE = {Topic.VACANT, Topic.STAFF, Topic.PART_TIME, Topic.TEAM, Topic.CONTROL, Topic.COMMITTEE}
"""Findings that only people put right."""
TOLD = {
    "post",
    "person",
    "setting",
    "grid_plan",
    "resource",
    "issue",
    "party_org",
    "org_seat",
    "party_member",
    "party_link",
    "certificate",
    "training",
    "month",
    "sheet",
}
"""Tables besides the grids' own of which the drawer's tabs tell."""
SHOWN_FIRST = ("name", "kind", "parent", "households", "code")


class GridsPage(DrawerPage):
    """The ledger of grids."""

    key, words, icon, title = "grids", "网格", "sitemap", "网格台账"
    tabs = ("资料", "队伍", "资源", "问题", "党建", "得分", "核对", "沿革")
    subject = Subject(
        listing=GRIDS,
        read=grid_row,
        save=save_grid,
        needs=Right.EDIT_GRIDS,
        place="parent",
        has_top=True,
        tables=frozenset({"grid"}),
        ledger="grids",
        report="grids",
        new=("新增网格", "plus"),
        empty="还没有网格。",
        finder="找网格名称、编码",
        widths={
            "code": 172,
            "name": 200,
            "kind": 104,
            "parent": 168,
            "households": 104,
            "merchants": 84,
            "population": 84,
            "area": 112,
            "extent": 240,
            "valid_from": 116,
        },
    )

    def __init__(self, desk: MainWindow):
        self.pack = desk.office.read(office_pack)
        self._kinds = {kind.label: kind for kind in self.pack.kinds}
        self._change_button = button("调整", "arrows-exchange", "quiet", on_click=self._change)
        self._waiting_button = button(
            "待生效",
            "clock",
            "quiet",
            tip="日子还没到的网格调整",
            on_click=lambda: self.changes.show_waiting(),
        )
        self._waiting_button.hide()
        super().__init__(desk)
        self.changes = GridChanges(desk, self, self.pack, self._changed)

    def tools(self) -> Sequence[Child]:
        return rule(vertical=True, length=20), self.guarded(self._change_button), self._waiting_button

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if "setting" in changes:
            self.desk.read(self, office_pack, then=self._pack_is, topic="pack")
        super().told(changes)
        if "grid_plan" in changes and self.desk.page is self:
            self._count_waiting()
        if changes.keys() & TOLD and self.desk.page is self:
            self._look_again()

    def _count_waiting(self) -> None:
        self.desk.read(self, waiting, then=self._show_waiting, topic="waiting")

    def _show_waiting(self, found: list[Plan]) -> None:
        due = sum(1 for one in found if one.day <= date.today())
        self._waiting_button.setVisible(bool(found) and not self.desk.past)
        self._waiting_button.say(f"待生效 {len(found)}" + (f"，到日子 {due}" if due else ""))

    def opened(self) -> None:
        super().opened()
        self._count_waiting()
        self._look_again()  # what is told of it may have changed on another page

    def _look_again(self) -> None:
        if self.side is self.drawer and self._editing is None:
            self._reread()

    def _pack_is(self, pack: Pack) -> None:
        """Another way to run grids: other kinds, other norms."""
        self.pack = self.changes.pack = pack
        self._kinds = {kind.label: kind for kind in pack.kinds}
        self.table.forget()
        self.scope_changed()

    def columns(self) -> Sequence[Column]:
        by_name = {what.name: what for what in GRIDS.columns}
        rest = [what for what in GRIDS.columns if what.name not in SHOWN_FIRST]
        return [*(by_name[name] for name in SHOWN_FIRST), *rest]

    def dress(self) -> dict[str, Dress]:
        return {
            "name": lambda _, text: Cell(text, weight=500),
            "households": self._households,
            "code": lambda _, text: Cell(text, tone="text2"),
            "parent": lambda _, text: Cell(text or "", tone="text2"),
        }

    def _households(self, grid: GridRow, count: int | None) -> Cell:
        """Beyond the norm of its kind: the sign before the number."""
        kind = self._kinds.get(grid.kind)
        text = "" if count is None else str(count)
        if kind is not None and size_fault(kind, count, grid.merchants, zone=grid.zone):
            return Cell(text, tone="warn", weight=500, lead=("alert-triangle", "warn"))
        return Cell(text, right=True)

    # the drawer

    def name_of(self, line: GridRow) -> tuple[str, str, None]:
        return line.name, "·".join(part for part in (line.parent, line.kind) if part), None

    def fill_tab(self, made: Box, tab: int, line: GridRow) -> None:
        match self.tabs[tab]:
            case "资料":
                put_facts(made, line, self._kinds.get(line.kind))
            case "队伍":
                put_team(made, self.desk, line, lambda: self._go_people(line.id))
            case "党建":
                put_party(made, self.desk, line)
            case "得分":
                put_scores(made, self.desk, line)
            case "资源":
                put_resources(made, self.desk, line)
            case "问题":
                put_issues(made, self.desk, line)
            case "核对":
                put_problems(made, self.desk, line, self._put_right)
            case _:
                put_story(
                    made,
                    self.desk,
                    line,
                    {kind.key: kind.label for kind in self.pack.kinds},
                    self.changes.take_up,
                )

    def acts(self, line: GridRow) -> list[Button]:
        made = button("调整", "arrows-exchange", tip="从某一天起改名、移动、拆分、合并…")
        made.clicked.connect(lambda _=False: self.changes.offer([line.id], made))
        sign = button("公示牌", "printer", tip="挂在网格里的公示牌", on_click=lambda: self.show_sign(line))
        return [made, sign]

    def show_sign(self, line: GridRow) -> None:
        """The public sign of a grid, in the place of its drawer."""
        panel = SignPanel(self.desk, line.id, line.name)
        panel.closed.connect(self._close)
        self.set_side(panel)

    def form_of(self, line: GridRow | None) -> tuple[str, str, Form]:
        form = Form(
            [what for what in GRIDS.columns if line is not None or what.name != "parent"],
            line,
            hints={"kind": [kind.label for kind in self.pack.kinds]},
        )
        if line is None:
            return "新增网格", f"挂在{self.desk.scope_name}下面", form
        return line.name, line.parent or "", form

    # dated changes

    def arrive(self, where: Mapping[str, Any]) -> None:
        super().arrive(where)
        if "waiting" in where:
            self.changes.show_waiting()
        if "move" in where and self.may_edit:
            self.changes.stage(*where["move"])

    def day_changed(self) -> None:
        self.changes.drop()
        super().day_changed()

    def _change(self) -> None:
        """What is ticked, else what is in the drawer, else the current row."""
        here = self.table.view.currentIndex().row()
        current = self._shown or (self.table.model.ids[here] if here >= 0 else None)
        ids = list(self.table.chosen_ids()) or ([current] if current is not None else [])
        if ids:
            self.changes.offer(ids, self._change_button)
        else:
            self.desk.say("先选要调整的网格。", can_undo=False)

    def _changed(self, grid_id: int | None) -> None:
        self.table.model.clear_ticks() if grid_id is not None else None
        shown = grid_id if grid_id is not None else self._shown
        if shown is not None:
            self._open(shown)
        else:
            self.table.setFocus()

    def _new(self) -> None:
        if self.may_edit and self.desk.may_change():
            self.changes.establish(self._shown or self.desk.scope_id)

    def _save(self) -> None:
        if self.changes.panel is not None:
            self.changes.panel.save()
        elif isinstance(self.side, SignPanel):
            self.side.save()
        else:
            super()._save()

    def _print(self) -> None:
        if isinstance(self.side, SignPanel):
            self.side.print()
        else:
            super()._print()

    def _close(self) -> None:
        if self.changes.panel is not None or self.changes.listed is not None:
            self.changes.close()
        elif isinstance(self.side, SignPanel):
            panel = self.side
            self.table.setFocus()  # before what has the keyboard goes away
            self.set_side(self.drawer)
            panel.deleteLater()
        else:
            super()._close()

    def turn(self, tab: str) -> None:
        """Show another tab of the drawer."""
        if self.drawer.tabs is not None:
            self.drawer.tabs.show_tab(self.tabs.index(tab))
        self._reread()

    def _put_right(self, one: Finding) -> None:
        """Where a finding of the grid in the drawer is put right."""
        if one.topic is Topic.PLANNED:
            self.turn("沿革")
        elif one.topic is Topic.CERTIFICATE:
            self.desk.go("certificates", ending=True, search=one.person or "")
        elif one.post_id is not None:
            self.desk.go("workers", show=one.post_id)
        elif one.topic in FOR_PEOPLE:
            self._go_people(one.grid_id)
        elif one.topic in (Topic.SIZE, Topic.HOURS):
            self.desk.scope.choose(one.grid_id)
            self.desk.go("norms", topic=one.topic)
        elif one.topic is Topic.ISSUE:
            self.turn("问题")
        elif one.topic in FOR_PARTY:
            to_party(self.desk, one.topic, one.grid_id, one.person)
        else:
            self.turn("资料")
            if one.topic in (Topic.UNKNOWN_SIZE, Topic.FIXED):
                self._edit()

    def _go_people(self, grid_id: int) -> None:
        self.desk.scope.choose(grid_id)
        self.desk.go("workers")
