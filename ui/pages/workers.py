"""花名册: everybody who serves below the scope, and one of them in the drawer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.errors import RuleBroken
from gridoffice.exports import revealed
from gridoffice.fields import Column, columns
from gridoffice.listing import Ask
from gridoffice.overview import questions
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.rows import OF_POST, PERSONAL, WorkerRow
from gridoffice.workers.service import end_posts, save_worker, worker_row
from ui import dialogs
from ui.pages.page import Page
from ui.pages.worker_card import SOON, ending, put_changes, put_facts, put_scores
from ui.theme import look
from ui.widgets.cells import Cell
from ui.widgets.drawer import Drawer, body
from ui.widgets.filter_bar import FilterBar
from ui.widgets.form import Form
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import button, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

REVEAL_MS = 30_000
WIDTHS: dict[str, float] = {
    "name": 112,
    "title": 112,
    "grid": 228,
    "id_number": 168,
    "phone": 120,
    "contract_end": 140,
}
NARROW_FIRST = ("name", "title", "grid", "contract_end")
"""In a narrow window the column that carries the alarm stands before ID number and phone."""


class WorkersPage(Page):
    """The roster."""

    key, words, icon, title = "workers", "花名册", "users", "网格员花名册"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._shown: int | None = None
        self._editing: Form | None = None
        self._total: int | None = None
        today = desk.day
        self.put_head()
        may_edit = may(desk.office.who.role, Right.EDIT_PEOPLE)
        new = button("新增人员", "user-plus", "primary", keys="Ctrl+N", on_click=self._new)
        leave = button("移到离岗", "user-off", "quiet", keys="Del", on_click=self._leave_ticked)
        for made in (new, leave):
            made.setEnabled(may_edit)
            if not may_edit:
                made.setToolTip(f"账号“{desk.office.who.display}”只能查看。")
        self.put_bar(
            new,
            button("导入 Excel", "upload", keys="Ctrl+O", on_click=self._import),
            button("导出", "download", keys="Ctrl+E", on_click=self._export),
            button("打印", "printer", "quiet", keys="Ctrl+P", on_click=self._print),
            rule(vertical=True, length=20),
            leave,
            None,
        )
        self.table = ListingTable(
            desk.runner,
            desk.office,
            WORKERS,
            widths=WIDTHS,
            dress={
                "contract_end": lambda _, day: ending(day, today),
                "title": lambda _, text: Cell(text or ""),
            },
        )
        self.table.empty_words = "这个网格还没有人。"
        self.table.empty_buttons = lambda: [
            button("新增人员", "user-plus", on_click=self._new),
            button("导入 Excel", "upload", on_click=self._import),
        ]
        self.filters = FilterBar(self.table, "找姓名、拼音、证件号、电话")
        self.main.put(self.filters)
        self.main.put(rule())
        self.main.put((self.table, 1))
        self.setFocusProxy(self.table)
        self.table.counted.connect(self._counted)
        self.table.asked.connect(self._order_columns)
        self.table.ticked.connect(self._ticked)
        self.table.opened.connect(self._open)
        self.table.moved.connect(self._walk)
        self.drawer = Drawer(("资料", "考核", "变动"))
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._step)
        self.drawer.tab.connect(lambda _: self._reread())
        self._masked = QTimer(self)
        self._masked.setSingleShot(True)
        self._masked.setInterval(REVEAL_MS)
        self._masked.timeout.connect(self._reread)
        self.commands = {
            "find": self.filters.finder.setFocus,
            "new": self._new,
            "import": self._import,
            "export": self._export,
            "print": self._print,
            "close": self._close,
            "clear": self.table.clear_filters,
            "edit": self._edit,
            "leave": self._leave_ticked,
            "save": self._save,
            "refresh": self.table.refresh,
        }

    # the list

    def opened(self) -> None:
        self._order_columns()
        if self.table.ask.scope != self.desk.scope_id or not self.table._loaded:
            self.scope_changed()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self._total = None
            self.desk.read(
                self,
                questions.suggested,
                self.desk.scope_id,
                self.desk.day,
                self.desk.day + SOON,
                then=self._suggest,
                topic="suggested",
            )
            self.table.show_what(scope=self.desk.scope_id, day=self.desk.day)

    def _suggest(self, said: questions.Suggested) -> None:
        chips: list[tuple[str, Any]] = []
        if said.ending:
            chips.append(
                (
                    f"合同 {SOON.days} 天内到期 {said.ending}",
                    lambda: self.table.filter_by("contract_end", said.ends),
                )
            )
        if said.without_number:
            chips.append(
                (f"没有身份证号 {said.without_number}", lambda: self.table.filter_by("id_number", (None,)))
            )
        self.filters.suggest(chips)

    def _total_is(self, ids: Any) -> None:
        self._total = len(ids)
        self._counted(len(self.table.model.ids))

    def _counted(self, count: int) -> None:
        narrowed = bool(self.table.ask.filters or self.table.ask.search)
        if not narrowed:
            self._total = count
        elif self._total is None:
            whole = Ask(scope=self.desk.scope_id, day=self.desk.day)
            self.desk.read(self, WORKERS.ids, whole, then=self._total_is, topic="total")
            return
        found = f"，筛出 {count} 人" if narrowed else ""
        self.head_facts.setText(f"{self.desk.scope_name}·共 {self._total} 人{found}")
        self.table.empty_words = f"“{self.desk.scope_name}”还没有人。"
        self._ticked(self.table.model.tick_count())

    def _ticked(self, count: int) -> None:
        if not count:
            self.show_facts([f"{self.desk.scope_name} {len(self.table.model.ids)} 人"])
            return
        self.show_facts([f"已选 {count} 人"])
        if count > questions.STATISTICS_UP_TO:
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
        model, head = self.table.model, self.table.view.head
        names = [what.name for what in model.columns]
        asked = any(one.column == "contract_end" for one in self.table.ask.filters)
        narrow = asked or self.desk.width() < look.px(1366)
        first = [name for name in NARROW_FIRST if name in names] if narrow else []
        order = first + [name for name in names if name not in first]
        for place, name in enumerate(order):
            logical = names.index(name) + model.offset
            head.moveSection(head.visualIndex(logical), place + model.offset)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._order_columns()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes.keys() & {"post", "person", "grid"}:
            self.table.model.forget()
            if self.desk.page is self:
                self.scope_changed()
                if self._shown is not None and self._editing is None:
                    self._reread()
            else:
                self.table._loaded = False

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "show" in where:
            self._open(where["show"])
        if "filters" in where or "search" in where:
            self.table.show_what(filters=tuple(where.get("filters", ())), search=where.get("search", ""))

    # the drawer

    def _open(self, post_id: int) -> None:
        self._editing = None
        self._shown = post_id
        self.table.go_to(post_id)
        self.table.model.mark(post_id)
        self.set_side(self.drawer)
        self._reread()

    def _walk(self, post_id: int) -> None:
        if self._shown is not None and self._editing is None and post_id != self._shown:
            self._open(post_id)

    def _step(self, step: int) -> None:
        if self._shown is not None:
            other = self.table.neighbour(self._shown, step)
            if other is not None:
                self.table.go_to(other)
                self._open(other)

    def _close(self) -> None:
        """The nearest first: what is being edited, then the drawer."""
        if self.side is None:
            return
        if self._editing is not None and self._shown is not None:
            self._reread()
            return
        self._editing, self._shown = None, None
        self._masked.stop()
        self.table.model.mark(None)
        self.set_side(None)
        self.table.setFocus()

    def _reread(self) -> None:
        if self._shown is not None:
            self.desk.read(
                self, worker_row, self._shown, then=self._show, topic="drawer", wrong=lambda _: self._close()
            )

    def _show(self, person: WorkerRow, revealed_now: bool = False) -> None:
        if self._shown != person.id:
            return
        self._editing = None
        left = person.to_day is not None and person.to_day < self.desk.day
        self.drawer.name(
            person.name,
            "·".join(part for part in (person.grid, person.title) if part),
            ("mute", "离岗") if left else ("ok", "在岗"),
        )
        made = body()
        tab = self.drawer.tabs.current if self.drawer.tabs is not None else 0
        if tab == 0:
            put_facts(made, self.desk, person, revealed_now, lambda: self._reveal(person))
        elif tab == 1:
            put_scores(made, self.desk, person)
        else:
            put_changes(made, self.desk, person)
        made.put(None)
        self.drawer.fill(made)
        if may(self.desk.office.who.role, Right.EDIT_PEOPLE):
            self.drawer.act(
                button("编辑资料", "edit", "primary", keys="F2", on_click=self._edit),
                button("移到离岗", "user-off", on_click=lambda: self._leave([person.id])),
                None,
            )

    def _reveal(self, person: WorkerRow) -> None:
        """Show the whole numbers for 30 s; that stands in the journal."""
        self.desk.write(
            self,
            revealed,
            f"{person.name}（屏幕查看）",
            "查看",
            then=lambda _: self._show_revealed(person),
        )

    def _show_revealed(self, person: WorkerRow) -> None:
        self._show(person, True)
        self._masked.start()

    # changing

    def _edit(self) -> None:
        if self._shown is not None and may(self.desk.office.who.role, Right.EDIT_PEOPLE):
            self.desk.read(self, worker_row, self._shown, then=self._form, topic="form")

    def _new(self) -> None:
        self._shown = None
        self.table.model.mark(None)
        self.set_side(self.drawer)
        self._form(None)

    def _form(self, person: WorkerRow | None) -> None:
        self.drawer.name(
            person.name if person else "新增人员", person.grid or "" if person else self.desk.scope_name
        )
        wanted = (
            "name",
            "id_number",
            "phone",
            "sex",
            "ethnicity",
            "birth",
            "political",
            "education",
            "grid",
            "title",
            "employment",
            "from_day",
            "to_day",
            "contract_end",
            "note",
        )
        by_name: dict[str, Column] = {what.name: what for what in columns(WorkerRow)}
        self._editing = Form([by_name[name] for name in wanted], person)
        made = body()
        made.put(self._editing)
        self.drawer.fill(made)
        self.drawer.act(
            button("保存", "check", "primary", keys="Ctrl+S", on_click=self._save),
            button("取消", on_click=self._reread if person else self._close),
            None,
        )
        self._editing.first().setFocus()

    def _save(self) -> None:
        form = self._editing
        if form is None:
            return
        changed = form.take()
        if changed is None:
            return
        if not changed and self._shown is not None:
            self._reread()
            return
        shown, scope = self._shown, self.desk.scope_id
        values = {name: value for name, value in changed.items() if name in (*PERSONAL, *OF_POST)}

        def save(session: Any) -> int:
            if "grid" in changed:
                values["grid_id"] = questions.grid_meant(session, changed["grid"])
            elif shown is None:
                values["grid_id"] = scope
            return save_worker(session, shown, values, seen=form.filled_from)

        save.declared = save_worker.declared  # type: ignore[attr-defined]
        self.desk.write(self, save, then=self._saved, wrong=self._refused)

    def _saved(self, done: Any) -> None:
        self._editing = None
        self._open(done.result)
        self.table.setFocus()

    def _refused(self, error: Exception) -> None:
        if (
            isinstance(error, RuleBroken)
            and self._editing is not None
            and self._editing.complain(error.problems)
        ):
            return
        self.desk.complain(error)

    def _leave_ticked(self) -> None:
        ticked = list(self.table.model.ticked_ids())
        if ticked:
            self._leave(ticked)
        elif self._shown is not None:
            self._leave([self._shown])
        else:
            self.desk.say("先勾选要移到离岗的人。", can_undo=False)

    def _leave(self, posts: list[int]) -> None:
        self._close()
        self.desk.write(
            self,
            end_posts,
            posts,
            self.desk.day - timedelta(days=1),
            then=lambda _: self.table.model.clear_ticks(),
        )

    # in and out

    def _import(self) -> None:
        self.desk.go("import", ledger="workers")

    def _print(self) -> None:
        self.desk.go("documents", report="roster")

    def _export(self) -> None:
        name = f"{self.desk.scope_name}{self.title}{self.desk.day.isoformat()}.xlsx"
        target = dialogs.save_file(self, "导出花名册", Path.home() / name, "Excel 文件 (*.xlsx)")
        if target is not None:
            self.desk.work(
                self,
                "gridoffice.exports:export",
                WORKERS,
                target,
                self.table.ask,
                then=lambda count: self.desk.say(
                    f"已导出 {count} 人到“{target.name}”，证件号和电话是遮住的。", can_undo=False
                ),
            )
