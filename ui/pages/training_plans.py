"""培训计划: what is to be held in a year, beside what was; missing sessions are set down from here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.fields import Column, columns
from gridoffice.grids.listing import office_pack
from gridoffice.listing import Ask, Filter
from gridoffice.training.listing import TRAININGS
from gridoffice.training.plans import (
    PLANS,
    plan_row,
    proposed,
    remove_plan,
    save_plan,
    schedule,
)
from gridoffice.training.rows import PlanRow, TrainingRow
from ui.pages.drawer_page import DrawerPage, Subject
from ui.pages.training_card import badge
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.form import Form, fact, facts
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN_FIRST = ("name", "sessions", "held", "coming", "missing", "from_day", "to_day", "area", "posts")
IN_FORM = (
    "name",
    "from_day",
    "to_day",
    "sessions",
    "hours",
    "form",
    "theme",
    "area",
    "posts",
    "organiser",
    "note",
)
MOST = 60


class TrainingPlansPage(DrawerPage):
    """The ledger of plans."""

    key, words, icon, title = "training-plans", "计划", "school", "培训计划"
    reached_from = "trainings"
    tabs = ("资料", "场次")
    ticks = False
    subject = Subject(
        listing=PLANS,
        read=plan_row,
        save=save_plan,
        needs=Right.EDIT_PEOPLE,
        place="area",
        has_top=True,
        tables=frozenset({"training", "training_plan"}),
        ledger="training-plans",
        report="training-plans",
        new=("新增计划", "plus"),
        empty="还没有培训计划。",
        finder="找计划名称、主题",
        widths={
            "name": 232,
            "sessions": 104,
            "held": 80,
            "coming": 104,
            "missing": 104,
            "from_day": 116,
            "to_day": 116,
            "area": 132,
            "posts": 200,
        },
    )

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._titles: list[str] = []
        self._behind: list[int] = []
        self.commands["leave"] = self._remove

    def columns(self) -> Sequence[Column]:
        by_name = {what.name: what for what in PLANS.columns}
        rest = [what for what in PLANS.columns if what.name not in SHOWN_FIRST]
        return [*(by_name[name] for name in SHOWN_FIRST), *rest]

    def dress(self) -> dict[str, Dress]:
        return {
            "name": lambda _, text: Cell(text, weight=500),
            "missing": self._missing,
            "area": lambda _, text: Cell(text or "全体", tone="text2"),
            "posts": lambda _, text: Cell(text or "所有岗位", tone="text2"),
        }

    def _missing(self, line: PlanRow, count: int) -> Cell:
        """What nobody has set a day for stands out, and more so once the plan's time is over."""
        if not count:
            return Cell("0" if line.sessions else "", tone="text3", right=True)
        return Cell(str(count), tone="warn", weight=500, lead=("alert-triangle", "warn"))

    def opened(self) -> None:
        super().opened()
        self.desk.read(self, post_titles, then=self._titles_are, topic="titles")

    def _titles_are(self, titles: list[str]) -> None:
        self._titles = titles

    # the drawer

    def name_of(self, line: PlanRow) -> tuple[str, str, None]:
        return line.name, f"{line.from_day} 至 {line.to_day}", None

    def fill_tab(self, made: Box, tab: int, line: PlanRow) -> None:
        if self.tabs[tab] == "资料":
            self._put_facts(made, line)
        else:
            self._put_sessions(made, line)

    def _put_facts(self, made: Box, line: PlanRow) -> None:
        over = line.to_day is not None and line.to_day < date.today()
        if line.missing:
            when = "计划已经到期，" if over else ""
            made.put(note("warn", f"{when}还有 {line.missing} 场没排日子。"))
        see = button("看场次", kind="link", tip="这个计划的每一场", on_click=lambda: self._sessions(line))
        head = [see] if line.held + line.coming else []
        made.put(row(label("进度", "strong"), None, *head))
        counts = column(gap=0)
        counts.put(fact("计划", f"{line.sessions} 场" if line.sessions else "没写场次"))
        counts.put(fact("已办", f"{line.held} 场{_share(line.held, line.sessions)}"))
        counts.put(fact("已排未办", f"{line.coming} 场"))
        counts.put(fact("还没排", f"{line.missing} 场"))
        counts.put(fact("已办学时", f"{line.given.normalize():f}"))
        made.put(counts)
        made.put(rule())
        made.put(label("计划", "strong"))
        by_name = {what.name: what for what in PLANS.columns}
        shown = column(gap=0)
        names = ("form", "theme", "hours", "area", "posts", "organiser", "note")
        for box in facts([by_name[name] for name in names], line, hide_empty=True):
            shown.put(box)
        if not line.posts:
            shown.put(fact("应参加岗位", "所有岗位"))
        made.put(shown)

    def _put_sessions(self, made: Box, line: PlanRow) -> None:
        holder = column(gap=6)
        made.put(holder)

        def arrived(lines: list[TrainingRow]) -> None:
            for one in lines[:MOST]:
                go = button(
                    one.name, kind="link", on_click=lambda one=one: self.desk.go("trainings", show=one.id)
                )
                overdue = one.state is not None and one.day is not None and badge(one, False)[0] == "clock"
                late = overdue and one.day is not None and one.day <= date.today()
                state = badge(one, bool(late))[1]
                said = f"{one.day}　{state}" + (f"　实到 {one.present}" if one.present else "")
                holder.put(column(row(go, None), label(said, "small"), gap=0))
            if not lines:
                holder.put(label("还没有排场次。", "hint"))

        self.desk.read(made, sessions_of, line.name, then=arrived, topic="sessions")

    def acts(self, line: PlanRow) -> list[Button]:
        made = []
        if line.missing and line.to_day is not None and line.to_day >= date.today():
            tip = "平均分到剩下的工作日，之后可以一场一场改"
            made.append(
                button(f"排 {line.missing} 场", "calendar", tip=tip, on_click=lambda: self._schedule(line.id))
            )
        return made

    def _sessions(self, line: PlanRow) -> None:
        self.desk.go("trainings", filters=(Filter("plan", (line.name,)),))

    def _schedule(self, plan_id: int) -> None:
        """Set down what is missing, spread over what is left; undo takes it back."""
        if self.desk.may_change():
            self.desk.read(
                self,
                proposed,
                plan_id,
                date.today(),
                then=lambda days: self._set_down(plan_id, days),
                topic="days",
            )

    def _set_down(self, plan_id: int, days: list[date]) -> None:
        if days:
            self.desk.write(self, schedule, plan_id, days)
        else:
            self.desk.say("计划剩下的时间里没有空着的工作日。", can_undo=False)

    def _remove(self) -> None:
        """Del: the plan in the drawer, or the current one, goes; undo brings it back."""
        here = self.table.view.currentIndex().row()
        ids = self.table.model.ids
        chosen = self._shown if self._shown is not None else ids[here] if 0 <= here < len(ids) else None
        if chosen is not None and self.may_edit and self.desk.may_change():
            self._close()
            self.desk.write(self, remove_plan, chosen)

    def form_of(self, line: PlanRow | None) -> tuple[str, str, Form]:
        by_name = {what.name: what for what in columns(PlanRow)}
        form = Form([by_name[name] for name in IN_FORM], line, offers={"posts": self._titles})
        if line is None:
            return "新增培训计划", self.desk.scope_name, form
        return line.name, f"{line.from_day} 至 {line.to_day}", form


def _share(held: int, planned: int | None) -> str:
    return f"，{100 * held / planned:.0f}%" if planned else ""


def post_titles(session: Any) -> list[str]:
    """The posts of the pack."""
    return [post.label for post in office_pack(session).posts]


def sessions_of(session: Any, plan: str) -> list[TrainingRow]:
    """The sessions of a plan, the latest first."""
    ids = TRAININGS.ids(session, Ask(filters=(Filter("plan", (plan,)),)))
    return TRAININGS.rows(session, ids)
