"""部门: what is assessed beside people and areas, and one of them in the drawer with its months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.assessment.departments import (
    DEPARTMENTS,
    DepartmentRow,
    MonthOfDepartment,
    department_row,
    remove_department,
    results_of_department,
    save_department,
)
from gridoffice.values import show
from ui.pages.drawer_page import DrawerPage, Subject
from ui.pages.grid_tabs import empty, line_of
from ui.widgets.cells import Cell
from ui.widgets.form import Form, fact
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, column, label, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

EVERYWHERE = "全办"


class DepartmentsPage(DrawerPage):
    """The list of departments."""

    key, words, icon, title = "departments", "部门", "list-details", "部门台账"
    reached_from = "assessment"
    tabs = ("资料", "考核")
    ticks = False
    subject = Subject(
        listing=DEPARTMENTS,
        read=department_row,
        save=save_department,
        needs=Right.ASSESS,
        place="grid",
        has_top=True,
        tables=frozenset({"department", "grid"}),
        beside=frozenset({"month", "sheet"}),
        ledger="departments",
        report="departments",
        new=("登记部门", "plus"),
        empty="还没有登记部门。登记后，按部门的方案考核时每个部门一张考核表。",
        finder="找名称、负责人、备注",
        widths={"name": 200, "grid": 200, "leader": 100, "phone": 132, "active": 96, "note": 280},
    )

    def tools(self) -> Sequence[Child]:
        go = button("去考核", "clipboard-check", "quiet", on_click=lambda: self.desk.go("assessment"))
        return rule(vertical=True, length=20), go

    def dress(self) -> dict[str, Dress]:
        return {
            "name": lambda line, text: Cell(text, weight=500, tone="text" if line.active else "text3"),
            "grid": lambda _, text: Cell(text or EVERYWHERE, tone="text2" if text else "text3"),
            "active": lambda _, told: Cell("考核", badge="ok") if told else Cell("不考核", badge="mute"),
        }

    # the drawer

    def name_of(self, line: DepartmentRow) -> tuple[str, str, tuple[str, str] | None]:
        return line.name, f"服务{line.grid or EVERYWHERE}", None if line.active else ("mute", "不考核")

    def fill_tab(self, made: Box, tab: int, line: DepartmentRow) -> None:
        if tab == 0:
            lines = [
                fact(what.field.label, show(what.field, getattr(line, what.name)) or _instead(what.name))
                for what in DEPARTMENTS.columns
                if what.name not in ("name", "note")
            ]
            made.put(column(*lines, gap=0))
            if line.note:
                made.put(rule())
                made.put(label("备注", "strong"))
                made.put(label(line.note, wrap=True))
            return
        holder = column(gap=8)
        made.put(holder)

        def told(months: list[MonthOfDepartment]) -> None:
            if self._shown == line.id:
                holder.put_all([_month(self.desk, one) for one in months])
                if not months:
                    holder.put(empty("还没有参加过考核。"))

        self.desk.read(self, results_of_department, line.id, then=told, topic="months of a department")

    def acts(self, line: DepartmentRow) -> list[Button]:
        words = "改成不考核" if line.active else "恢复考核"
        return [
            button(words, "clock", on_click=lambda: self._turn(line)),
            button("删去", "x", "quiet", on_click=lambda: self._remove(line.id)),
        ]

    def _turn(self, line: DepartmentRow) -> None:
        if self.desk.may_change():
            self.desk.write(self, save_department, line.id, {"active": not line.active}, line)

    def _remove(self, number: int) -> None:
        if self.desk.may_change():
            self.desk.write(self, remove_department, number, then=lambda _: self._close())

    def form_of(self, line: Any | None) -> tuple[str, str, Form]:
        form = Form(DEPARTMENTS.columns, line)
        if line is not None:
            return line.name, line.grid or EVERYWHERE, form
        form.fields["active"].input.setChecked(True)  # type: ignore[attr-defined]
        form.fields["grid"].input.setText(self.desk.scope_name)  # type: ignore[attr-defined]
        return "登记部门", "", form


def _instead(name: str) -> str:
    return EVERYWHERE if name == "grid" else "没填"


def _month(desk: MainWindow, one: MonthOfDepartment) -> Box:
    points = "没算" if one.total is None else f"{one.total:f} 分"
    said = [points, one.grade or "未定等次", f"第 {one.rank} 名" if one.rank is not None else ""]
    onward = button("打开", kind="link", on_click=lambda: desk.go("assessment", month=one.month))
    onward.setAccessibleName(f"打开{one.period}的考核")
    return line_of(f"{one.period}　{one.state.label}", "　".join(part for part in said if part), onward)
