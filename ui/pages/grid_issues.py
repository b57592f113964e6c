"""问题: what is to be put right in the grids below the scope; one or several settled together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from db.enums import IssueState, Right
from gridoffice.errors import OfficeError
from gridoffice.fields import Column, Field, Kind, columns
from gridoffice.registers.issue_ledger import offers
from gridoffice.registers.listing import ISSUES, standings
from gridoffice.registers.rows import IssueRow
from gridoffice.registers.rules import LEFT, Standing
from gridoffice.registers.service import issue_row, remove_issues, save_issue, settle_issues
from gridoffice.values import parse
from ui.pages.drawer_page import DrawerPage, Subject
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.form import Form, facts
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, Choice, Input, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN_FIRST = ("what", "standing", "due", "grid", "kind", "state", "department", "day")
LONG = ("what", "result")
SIGNS = {Standing.LATE: "err", Standing.SOON: "clock"}
SATISFIED = ((None, "没问"), (True, "满意"), (False, "不满意"))


def standing(_: IssueRow, found: Standing) -> Cell:
    """A badge once it needs attention; else plain words."""
    badge = SIGNS.get(found, "")
    return Cell(found.label, badge=badge) if badge else Cell(found.label, tone="text2")


class SettlingPanel(SidePanel):
    """What became of a problem, or of several; `wanted` hands over state, day, result, satisfaction."""

    wanted = Signal(object, object, object, object)

    def __init__(self, title: str, count: int):
        super().__init__(title)
        self.state = Choice(
            [(one, one.label) for one in IssueState if one is not IssueState.OPEN], "办理情况"
        )
        self.state.setCurrentIndex(self.state.findData(IssueState.DONE))
        self.day = Input("2026-06-28", name="办结日期")
        self.day.setText(date.today().isoformat())
        self.result = Input("例如：已清走，楼道通了", name="办理结果")
        self.satisfied = Choice(SATISFIED, "群众满意")
        day = column(label("办结日期", "hint"), self.day, gap=2)
        self.state.currentIndexChanged.connect(lambda _: day.setVisible(self.state.currentData() not in LEFT))
        self.inside.put_all(
            [
                column(label("办理情况", "hint"), self.state, gap=2),
                day,
                column(label("办理结果", "hint"), self.result, gap=2),
                column(label("群众满意", "hint"), self.satisfied, gap=2),
                None,
            ]
        )
        words = f"办理 {count} 个" if count > 1 else "办理"
        self.act(
            button(words, "check", "primary", keys="Ctrl+S", on_click=self.take),
            button("取消", on_click=self.closed.emit),
        )

    def take(self) -> None:
        """Hand over what is said; say what cannot be read."""
        day, problems = parse(Field("办结日期", Kind.DATE), self.day.text())
        if problems:
            self.judge(note("err", problems[0].message))
            return
        result = self.result.text().strip() or None
        self.wanted.emit(IssueState(self.state.currentData()), day, result, self.satisfied.currentData())

    def complain(self, error: Exception) -> bool:
        """Say what the office refused; False when that is not for the clerk."""
        if isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        return isinstance(error, OfficeError)


class IssuesPage(DrawerPage):
    """The list of problems."""

    key, words, icon, title = "grid-issues", "问题", "alert-triangle", "问题清单"
    reached_from = "grids"
    tabs = ()
    subject = Subject(
        listing=ISSUES,
        read=issue_row,
        save=save_issue,
        needs=Right.EDIT_GRIDS,
        place="grid",
        tables=frozenset({"issue", "grid"}),
        ledger="grid-issues",
        report="grid-issues",
        new=("登记问题", "plus"),
        empty="这里还没有登记问题。",
        finder="找内容、上报人、部门、结果",
        widths={
            "what": 280,
            "standing": 116,
            "due": 108,
            "grid": 184,
            "kind": 108,
            "state": 88,
            "department": 140,
            "day": 108,
            "source": 108,
            "reporter": 88,
            "closed": 108,
            "result": 220,
            "satisfied": 84,
        },
    )

    def __init__(self, desk: MainWindow):
        self._settle_button = button(
            "办结", "check", "quiet", tip="勾选的问题一起办结或上报", on_click=self._settle
        )
        self._offers: Mapping[str, Sequence[str]] = {}
        self._settling: SettlingPanel | None = None
        super().__init__(desk)

    def tools(self) -> Sequence[Child]:
        return rule(vertical=True, length=20), self.guarded(self._settle_button)

    def columns(self) -> Sequence[Column]:
        by_name = {what.name: what for what in ISSUES.columns}
        rest = [what for what in ISSUES.columns if what.name not in SHOWN_FIRST]
        return [*(by_name[name] for name in SHOWN_FIRST), *rest]

    def dress(self) -> dict[str, Dress]:
        return {
            "what": lambda _, text: Cell(text, weight=500),
            "standing": standing,
            "grid": lambda _, text: Cell(text, tone="text2"),
            "department": lambda _, text: Cell(text or "", tone="text2"),
        }

    def scope_changed(self) -> None:
        super().scope_changed()
        if self.desk.page is self:
            self.desk.read(
                self, standings, self.desk.scope_id, self.desk.day, then=self._suggest, topic="tally"
            )
            self.desk.read(self, offers, then=self._offer, topic="offers")

    def arrive(self, where: Mapping[str, Any]) -> None:
        super().arrive(where)
        if where.get("late"):
            self.table.filter_by("standing", (Standing.LATE,))

    def _offer(self, found: Mapping[str, Sequence[str]]) -> None:
        self._offers = found

    def _suggest(self, counts: Mapping[Standing, int]) -> None:
        self.filters.suggest(
            [
                (f"{one.label} {counts[one]}", lambda one=one: self.table.filter_by("standing", (one,)))
                for one in Standing
                if counts.get(one)
            ]
        )

    # the drawer

    def name_of(self, line: IssueRow) -> tuple[str, str, tuple[str, str]]:
        return line.kind or "问题", line.grid, (SIGNS.get(line.standing, "mute"), line.standing.label)

    def fill_tab(self, made: Box, tab: int, line: IssueRow) -> None:
        if line.standing is Standing.LATE and line.due is not None:
            made.put(note("err", f"应在 {line.due} 前办结，已过 {(self.desk.day - line.due).days} 天。"))
        made.put(label(line.what, "name", wrap=True))
        made.put(rule())
        wanted = [what for what in ISSUES.columns if what.name not in (*LONG, "standing", "satisfied")]
        made.put(column(*facts(wanted, line), gap=0))
        if line.satisfied is not None:
            made.put(label("群众满意。" if line.satisfied else "群众不满意。", "hint"))
        if line.result:
            made.put(rule())
            made.put(label("办理结果", "strong"))
            made.put(label(line.result, wrap=True))
        ways: list[Child] = [button("看这个网格", "sitemap", "link", on_click=lambda: self._go(line))]
        if line.person_id is not None:
            name = line.reporter or ""
            to_person = button(
                "看上报人", "user", "link", on_click=lambda: self.desk.go("workers", search=name)
            )
            ways.append(to_person)
        made.put(row(*ways, None, gap=12))

    def _go(self, line: IssueRow) -> None:
        self.desk.go("grids", show=line.grid_id)

    def acts(self, line: IssueRow) -> list[Button]:
        made = [button("删去", "x", on_click=lambda: self._remove(line.id))]
        if line.state in LEFT:
            made.insert(0, button("办结", "check", on_click=lambda: self._settling_of([line.id], line)))
        return made

    def form_of(self, line: IssueRow | None) -> tuple[str, str, Form]:
        wanted = [what for what in columns(IssueRow) if not what.field.computed]
        form = Form(wanted, line, hints={"satisfied": ("是", "否")}, offers=self._offers)
        if line is None:
            form.fields["grid"].input.setText(self.desk.scope_name)  # type: ignore[attr-defined]
            form.fields["day"].input.setText(date.today().isoformat())  # type: ignore[attr-defined]
            return "登记问题", "", form
        return line.kind or "问题", line.grid, form

    # settling, removing

    def _settle(self) -> None:
        """What is ticked, else what is in the drawer."""
        ids = list(self.table.chosen_ids()) or ([self._shown] if self._shown is not None else [])
        if ids:
            self._settling_of(ids)
        else:
            self.desk.say("先勾选办完的问题。", can_undo=False)

    def _settling_of(self, ids: Sequence[int], line: IssueRow | None = None) -> None:
        if not self.may_edit or not self.desk.may_change():
            return
        self._editing = None
        title = (line.kind or "办结问题") if line is not None else f"办理 {len(ids)} 个问题"
        self._settling = SettlingPanel(title, len(ids))
        self._settling.closed.connect(self._close)
        self._settling.wanted.connect(
            lambda *said: self.desk.write(
                self, settle_issues, list(ids), *said, then=self._settled, wrong=self._not_settled
            )
        )
        self.set_side(self._settling)
        self._settling.result.setFocus()

    def _settled(self, _done: Any) -> None:
        self.table.model.clear_ticks()
        self._close()

    def _not_settled(self, error: Exception) -> None:
        if self._settling is None or not self._settling.complain(error):
            self.desk.complain(error)

    def _remove(self, number: int) -> None:
        if self.desk.may_change():
            self._close()
            self.desk.write(self, remove_issues, [number])

    def _save(self) -> None:
        if self._settling is not None:
            self._settling.take()
        else:
            super()._save()

    def _close(self) -> None:
        panel, self._settling = self._settling, None
        if panel is None:
            super()._close()
            return
        self.table.setFocus()  # before what has the keyboard goes away
        self.set_side(None)
        panel.deleteLater()
        if self._shown is not None:
            self._open(self._shown)
