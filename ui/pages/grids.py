"""网格: the ledger of grids below the scope, and one of them in the drawer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.rows import GridRow
from gridoffice.grids.rules import size_finding
from gridoffice.grids.service import grid_row, save_grid
from gridoffice.listing import Ask
from gridoffice.overview import questions
from gridoffice.values import show
from gridoffice.workers.listing import WORKERS
from ui import dialogs
from ui.pages.page import Page
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.drawer import Drawer, body
from ui.widgets.filter_bar import FilterBar
from ui.widgets.form import Form, fact, facts
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import button, column, label, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTHS: dict[str, float] = {
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
}
SHOWN_FIRST = ("name", "kind", "parent", "households", "code")


class GridsPage(Page):
    """The ledger of grids."""

    key, words, icon, title = "grids", "网格", "sitemap", "网格台账"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._shown: int | None = None
        self._form: Form | None = None
        self._new_below: int | None = None
        self.pack = desk.office.read(office_pack)
        self._kinds = {kind.label: kind for kind in self.pack.kinds}
        self.put_head()
        self._may_edit = may(desk.office.who.role, Right.EDIT_GRIDS)
        new = button("新增网格", "plus", "primary", keys="Ctrl+N", on_click=self._new)
        new.setEnabled(self._may_edit)
        if not self._may_edit:
            new.setToolTip(f"账号“{desk.office.who.display}”只能查看。")
        self.put_bar(
            new,
            button("导入 Excel", "upload", keys="Ctrl+O", on_click=self._import),
            button("导出", "download", keys="Ctrl+E", on_click=self._export),
            button("打印", "printer", "quiet", keys="Ctrl+P", on_click=self._print),
            None,
        )
        by_name = {what.name: what for what in GRIDS.columns}
        shown = [
            *(by_name[name] for name in SHOWN_FIRST),
            *(what for what in GRIDS.columns if what.name not in SHOWN_FIRST),
        ]
        self.table = ListingTable(
            desk.runner,
            desk.office,
            GRIDS,
            columns=shown,
            widths=WIDTHS,
            ticks=False,
            dress={
                "name": lambda _, text: Cell(text, weight=500),
                "households": self._households,
                "code": lambda _, text: Cell(text, tone="text2"),
                "parent": lambda _, text: Cell(text or "", tone="text2"),
            },
        )
        self.table.empty_words = "还没有网格。"
        self.table.empty_buttons = lambda: [
            button("新增网格", "plus", on_click=self._new),
            button("导入 Excel", "upload", on_click=self._import),
        ]
        self.filters = FilterBar(self.table, "找网格名称、编码")
        self.main.put(self.filters)
        self.main.put(rule())
        self.main.put((self.table, 1))
        self.setFocusProxy(self.table)
        self.table.counted.connect(self._counted)
        self.table.opened.connect(self._open)
        self.table.moved.connect(self._walk)
        self.drawer = Drawer(("资料", "人员"))
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._step)
        self.drawer.tab.connect(lambda _: self._reread())
        self.commands = {
            "find": self.filters.finder.setFocus,
            "new": self._new,
            "import": self._import,
            "export": self._export,
            "print": self._print,
            "close": self._close,
            "clear": self.table.clear_filters,
            "edit": self._edit,
            "save": self._save,
            "refresh": self.table.refresh,
        }

    def _households(self, grid: GridRow, count: int | None) -> Cell:
        """Beyond the norm of its kind: the sign before the number."""
        kind = self._kinds.get(grid.kind)
        text = "" if count is None else str(count)
        if kind is not None and size_finding(kind, count, grid.merchants):
            return Cell(text, tone="warn", weight=500, lead=("alert-triangle", "warn"))
        return Cell(text, right=True)

    # the list

    def opened(self) -> None:
        if self.table.ask.scope != self.desk.scope_id or not self.table._loaded:
            self.scope_changed()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.table.show_what(scope=self.desk.scope_id, day=self.desk.day)

    def _counted(self, count: int) -> None:
        narrowed = self.table.ask.filters or self.table.ask.search
        word = "筛出" if narrowed else "共"
        self.head_facts.setText(f"{self.desk.scope_name}·{word} {count} 个")
        self.show_facts([f"{self.desk.scope_name}{'筛出' if narrowed else ''} {count} 个网格"])

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if "grid" in changes:
            self.table.model.forget()
            if self.desk.page is self:
                self.scope_changed()
                if self._shown is not None and self._form is None:
                    self._reread()
            else:
                self.table._loaded = False

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "show" in where:
            self._open(where["show"])
        if "filters" in where or "search" in where:
            self.table.show_what(filters=tuple(where.get("filters", ())), search=where.get("search", ""))

    # the drawer

    def _open(self, grid_id: int) -> None:
        self._form = None
        self._shown = grid_id
        self.table.go_to(grid_id)
        self.table.model.mark(grid_id)
        self.set_side(self.drawer)
        self._reread()

    def _walk(self, grid_id: int) -> None:
        if self._shown is not None and self._form is None and grid_id != self._shown:
            self._open(grid_id)

    def _step(self, step: int) -> None:
        other = self.table.neighbour(self._shown, step) if self._shown is not None else None
        if other is not None:
            self.table.go_to(other)
            self._open(other)

    def _close(self) -> None:
        """The nearest first: what is being edited, then the drawer."""
        if self.side is None:
            return
        if self._form is not None and self._shown is not None:
            self._reread()
            return
        self._form, self._shown = None, None
        self.table.model.mark(None)
        self.set_side(None)
        self.table.setFocus()

    def _reread(self) -> None:
        if self._shown is not None:
            self.desk.read(
                self, grid_row, self._shown, then=self._show, topic="drawer", wrong=lambda _: self._close()
            )

    def _show(self, grid: GridRow) -> None:
        if self._shown != grid.id:
            return
        self._form = None
        self.drawer.name(grid.name, "·".join(part for part in (grid.parent, grid.kind) if part))
        made = body()
        if self.drawer.tabs is not None and self.drawer.tabs.current == 1:
            self._show_people(made, grid)
        else:
            self._show_facts(made, grid)
        made.put(None)
        self.drawer.fill(made)
        look_at = button("看这里的人", "users", on_click=lambda: self._go_people(grid.id))
        if self._may_edit:
            self.drawer.act(
                button("编辑资料", "edit", "primary", keys="F2", on_click=self._edit), look_at, None
            )
        else:
            self.drawer.act(look_at, None)

    def _show_facts(self, made: Any, grid: GridRow) -> None:
        kind = self._kinds.get(grid.kind)
        said = size_finding(kind, grid.households, grid.merchants) if kind is not None else None
        if said:
            made.put(note("warn", said))
        group = column(gap=0)
        long = ("extent", "note")
        group.put_all(facts([what for what in GRIDS.columns if what.name not in ("name", *long)], grid))
        made.put(group)
        for what in GRIDS.columns:
            if what.name in long and getattr(grid, what.name):
                made.put(rule())
                made.put(label(what.field.label, "strong"))
                made.put(label(show(what.field, getattr(grid, what.name)), wrap=True))

    def _show_people(self, made: Any, grid: GridRow) -> None:
        holder = column(gap=0)
        made.put(holder)

        def arrived(people: list[Any]) -> None:
            for person in people:
                holder.put(
                    fact(
                        person.title or "",
                        label(person.name, "name"),
                        None,
                        button(
                            "打开",
                            kind="link",
                            on_click=lambda number=person.id: self.desk.go("workers", show=number),
                        ),
                    )
                )
            if not people:
                holder.put(note("err", "没有网格员，尽快配人。"))

        def people(session: Any) -> list[Any]:
            return WORKERS.rows(session, WORKERS.ids(session, Ask(scope=grid.id, day=self.desk.day))[:60])

        self.desk.read(self, people, then=arrived, topic="people")

    def _go_people(self, grid_id: int) -> None:
        self.desk.scope.choose(grid_id)
        self.desk.go("workers")

    # changing

    def _edit(self) -> None:
        if self._shown is not None and self._may_edit:
            self.desk.read(self, grid_row, self._shown, then=self._fill_form, topic="form")

    def _new(self) -> None:
        self._shown = None
        self.table.model.mark(None)
        self.set_side(self.drawer)
        self._fill_form(None)

    def _fill_form(self, grid: GridRow | None) -> None:
        self.drawer.name(
            grid.name if grid else "新增网格",
            grid.parent or "" if grid else f"挂在{self.desk.scope_name}下面",
        )
        wanted: list[Column] = [what for what in GRIDS.columns if grid is not None or what.name != "parent"]
        self._form = Form(wanted, grid, hints={"kind": [kind.label for kind in self.pack.kinds]})
        made = body()
        made.put(self._form)
        self.drawer.fill(made)
        self.drawer.act(
            button("保存", "check", "primary", keys="Ctrl+S", on_click=self._save),
            button("取消", on_click=self._reread if grid else self._close),
            None,
        )
        self._form.first().setFocus()

    def _save(self) -> None:
        form = self._form
        changed = form.take() if form is not None else None
        if form is None or changed is None:
            return
        if not changed and self._shown is not None:
            self._reread()
            return
        shown, scope = self._shown, self.desk.scope_id
        values = {name: value for name, value in changed.items() if name != "parent"}

        def save(session: Any) -> int:
            if "parent" in changed:
                values["parent_id"] = (
                    questions.grid_meant(session, changed["parent"]) if changed["parent"] else None
                )
            elif shown is None:
                values["parent_id"] = scope
            return save_grid(session, shown, values, seen=form.filled_from)

        save.declared = save_grid.declared  # type: ignore[attr-defined]
        self.desk.write(self, save, then=self._saved, wrong=self._refused)

    def _saved(self, done: Any) -> None:
        self._form = None
        self._open(done.result)
        self.table.setFocus()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, RuleBroken) and self._form is not None and self._form.complain(error.problems):
            return
        self.desk.complain(error)

    # in and out

    def _import(self) -> None:
        self.desk.go("import", ledger="grids")

    def _print(self) -> None:
        self.desk.go("documents", report="grids")

    def _export(self) -> None:
        name = f"{self.desk.scope_name}{self.title}{self.desk.day.isoformat()}.xlsx"
        target = dialogs.save_file(self, "导出网格台账", Path.home() / name, "Excel 文件 (*.xlsx)")
        if target is not None:
            self.desk.work(
                self,
                "gridoffice.exports:export",
                GRIDS,
                target,
                self.table.ask,
                then=lambda count: self.desk.say(f"已导出 {count} 个网格到“{target.name}”。", can_undo=False),
            )
