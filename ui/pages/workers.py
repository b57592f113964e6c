"""花名册: everybody who serves below the scope, and one of them in the drawer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent

from db.enums import Right
from gridoffice.fields import columns
from gridoffice.overview import questions
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.rows import WorkerRow
from gridoffice.workers.service import end_posts, save_worker, worker_row
from ui.pages.drawer_page import DrawerPage, Subject
from ui.pages.person_card import SOON, ending
from ui.pages.person_tabs import TABLES, TABS, PersonTabs
from ui.pages.posts_bulk import BulkPanel, BulkPosts, ChangePanel, LeavePanel, TransferPanel
from ui.theme import look
from ui.widgets.cells import Cell
from ui.widgets.form import Form
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

NARROW_FIRST = ("name", "title", "grid", "contract_end")
"""In a narrow window the column that carries the alarm stands before ID number and phone."""
BAR_NEEDS = 970
"""The width that all words of the command bar need."""
IN_FORM = (
    "name",
    "id_number",
    "phone",
    "sex",
    "ethnicity",
    "birth",
    "political",
    "education",
    "address",
    "grid",
    "title",
    "employment",
    "from_day",
    "to_day",
    "contract_end",
    "employer",
    "leave_reason",
    "note",
)


class WorkersPage(DrawerPage):
    """The roster."""

    key, words, icon, title = "workers", "花名册", "users", "网格员花名册"
    tabs = TABS
    subject = Subject(
        listing=WORKERS,
        read=worker_row,
        save=save_worker,
        needs=Right.EDIT_PEOPLE,
        place="grid",
        has_top=False,
        tables=frozenset({"post", "person", "grid"}),
        beside=TABLES,
        ledger="workers",
        report="roster",
        new=("新增人员", "user-plus"),
        empty="这个网格还没有人。",
        finder="找姓名、拼音、证件号、电话",
        widths={
            "name": 112,
            "title": 112,
            "grid": 228,
            "id_number": 168,
            "phone": 120,
            "contract_end": 140,
        },
    )

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.person = PersonTabs(desk, self.again)
        self.commands["reveal"] = self.person.ask
        self.table.asked.connect(self._order_columns)
        self.commands["leave"] = self._leave_ticked
        self.bulk = BulkPosts(desk, self)
        self.rearranged.connect(self._fit_bar)

    def tools(self) -> Sequence[Child]:
        acts = (
            ("调整网格", "arrows-exchange", TransferPanel),
            ("批量修改", "edit", ChangePanel),
            ("移到离岗", "user-off", LeavePanel),
        )
        self._acts = {
            words: button(words, icon, "quiet", tip=words, on_click=lambda kind=kind: self._begin(kind))
            for words, icon, kind in acts
        }
        guarded = [self.guarded(made) for made in self._acts.values()]
        tip = "印勾选的人的工作证，没勾选就印范围里所有人的"
        self._acts["工作证"] = button("工作证", "id-badge-2", "quiet", tip=tip, on_click=self._badges)
        return rule(vertical=True, length=20), *guarded, self._acts["工作证"]

    def _badges(self) -> None:
        self.desk.go("documents", report="badges", posts=tuple(self.table.model.ticked_ids()))

    def _fit_bar(self) -> None:
        """Beside a drawer the bar has no room for all words: what is done to ticked rows keeps its icons."""
        roomy = self.main.width() >= look.px(BAR_NEEDS)
        for words, made in self._acts.items():
            made.say(words if roomy else "")

    def dress(self) -> dict[str, Dress]:
        return {
            "contract_end": lambda _, day: ending(day, self.desk.day),
            "title": lambda _, text: Cell(text or ""),
        }

    # the list

    def opened(self) -> None:
        self._order_columns()
        super().opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            day = self.desk.day
            self.desk.read(
                self,
                questions.suggested,
                self.desk.scope_id,
                day,
                day + SOON,
                then=self._suggest,
                topic="suggested",
            )
        super().scope_changed()

    def _suggest(self, said: questions.Suggested) -> None:
        chips: list[tuple[str, Any]] = []
        if said.ending:
            words = f"合同 {SOON.days} 天内到期 {said.ending}"
            chips.append((words, lambda: self.table.filter_by("contract_end", said.ends)))
        if said.without_number:
            words = f"没有身份证号 {said.without_number}"
            chips.append((words, lambda: self.table.filter_by("id_number", (None,))))
        self.filters.suggest(chips)

    def say_ticked(self) -> None:
        super().say_ticked()
        if not 0 < self.table.model.tick_count() <= questions.STATISTICS_UP_TO:
            return  # a mean over some of them would be a wrong number
        self.desk.read(
            self,
            questions.selected,
            list(self.table.model.ticked_ids()),
            self.desk.day,
            then=self._statistics,
            topic="selected",
        )

    def _statistics(self, said: questions.Selected) -> None:
        ticked = self.table.model.tick_count()
        if not ticked:
            return
        found = [f"已选 {ticked} 人"]
        if said.mean_age is not None:
            found.append(f"平均年龄 {said.mean_age:.1f} 岁")
        self.show_facts([*found, f"党员 {said.members} 人"])

    def _order_columns(self) -> None:
        """Alarm before identity where room is short, or where the alarm is what was asked for."""
        names = [what.name for what in self.table.model.columns]
        asked = any(one.column == "contract_end" for one in self.table.ask.filters)
        narrow = asked or self.desk.width() < look.px(1366)
        first = NARROW_FIRST if narrow else ()
        self.kept.propose([*first, *(name for name in names if name not in first)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._order_columns()

    # the drawer

    def name_of(self, line: WorkerRow) -> tuple[str, str, tuple[str, str]]:
        left = line.to_day is not None and line.to_day < self.desk.day
        below = "·".join(part for part in (line.grid, line.title) if part)
        return line.name, below, ("mute", "离岗") if left else ("ok", "在岗")

    def fill_tab(self, made: Box, tab: int, line: WorkerRow) -> None:
        self.person.fill(made, tab, line.person_id)

    def acts(self, line: WorkerRow) -> list[Button]:
        return [button("移到离岗", "user-off", on_click=lambda: self._leave([line.id]))]

    def form_of(self, line: WorkerRow | None) -> tuple[str, str, Form]:
        by_name = {what.name: what for what in columns(WorkerRow)}
        looked_at = self.person.whole is not None and line is not None
        form = Form([by_name[name] for name in IN_FORM], line, reveal=looked_at)
        if line is None:
            return "新增人员", self.desk.scope_name, form
        return line.name, line.grid or "", form

    def _begin(self, kind: type[BulkPanel]) -> None:
        """A panel for the ticked rows, or for the one in the drawer, takes the drawer's place."""
        shown, self._editing = self._shown, None
        self._close()
        self.bulk.begin(kind, shown)

    def _save(self) -> None:
        posts = self.person.posts
        if self.bulk.panel is not None and self.bulk.open:
            self.bulk.panel.save()
        elif self._editing is None and posts is not None and posts.form is not None:
            posts.save()
        else:
            super()._save()

    def _close(self) -> None:
        posts = self.person.posts
        if self.side is not self.drawer or posts is None or self._editing is not None or not posts.cancel():
            super()._close()

    # leaving

    def _leave_ticked(self) -> None:
        ticked = list(self.table.model.ticked_ids())
        if not self.may_edit:
            return
        if ticked:
            self._leave(ticked)
        elif self._shown is not None:
            self._leave([self._shown])
        else:
            self.desk.say("先勾选要移到离岗的人。", can_undo=False)

    def _leave(self, posts: list[int]) -> None:
        if not self.desk.may_change():
            return
        self._close()
        self.desk.write(
            self,
            end_posts,
            posts,
            self.desk.day - timedelta(days=1),
            then=lambda _: self.table.model.clear_ticks(),
        )
