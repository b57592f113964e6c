"""待生效: dated changes that wait for their day, listed, and one of them taken up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db.enums import Right
from db.listening import Spot
from gridoffice.accounts.rules import may
from gridoffice.errors import RuleBroken
from gridoffice.grids.both_drafted import Seen
from gridoffice.grids.changing import carry_out_plan, give_up_plan
from gridoffice.grids.operations import Basis, Operation
from gridoffice.grids.pack import Pack
from gridoffice.grids.waiting import Plan, waiting
from ui.pages.change_drafts import Draft
from ui.widgets.badges import Badge
from ui.widgets.parts import Box, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def standing_of(plan: Plan) -> tuple[str, str]:
    """Kind and words of the badge of a change that waits."""
    left = (plan.day - date.today()).days
    if left > 0:
        return "mute", f"还有 {left} 天"
    return "clock", "今天生效" if not left else f"过了 {-left} 天"


def plan_line(plan: Plan, take_up: Callable[[int], None]) -> Box:
    """One change that waits: its day, what it does, on what it rests; a way to take it up."""
    rests = "　".join(part for part in (plan.basis.reason, plan.basis.approval) if part)
    onward = button("查看", kind="link", on_click=lambda: take_up(plan.id))
    onward.setAccessibleName(f"查看{plan.says}")
    words = [label(plan.says, "name", wrap=True)]
    words += [label(rests, "hint", wrap=True)] if rests else []
    return column(
        row(label(plan.day.isoformat(), "fact"), Badge(*standing_of(plan)), None, onward, gap=8),
        *words,
        gap=2,
    )


class WaitingPanel(SidePanel):
    """Every change that waits, the earliest first."""

    chosen = Signal(int)

    def __init__(self, desk: MainWindow):
        super().__init__("待生效的调整")
        self.act(button("关上", on_click=self.closed.emit))
        desk.read(self, waiting, then=self._show, topic="waiting_list")

    def _show(self, found: Sequence[Plan]) -> None:
        for place, plan in enumerate(found):
            if place:
                self.inside.put(rule())
            self.inside.put(plan_line(plan, self.chosen.emit))
        if not found:
            words = "没有待生效的调整。调整网格时，生效日期写今天以后的一天，就会存在这里。"
            self.inside.put(label(words, "hint", wrap=True))
        self.inside.put(None)


class PlannedDraft(Draft):
    """A change as it was drafted, to be carried out on its day, or put off, or given up."""

    verb = "现在办理"

    def __init__(self, desk: MainWindow, pack: Pack, plan: Plan):
        self.plan, self.basis = plan, plan.basis
        super().__init__(desk, [], pack)
        self.put(row(Badge(*standing_of(plan)), None))
        for words in plan.words:
            self.put(label(words, "name", wrap=True))
        if plan.day > date.today():
            self.put(label("提前办理，或者改到别的日子，就改下面的生效日期。", "hint", wrap=True))

    @property
    def title(self) -> str:
        return "待生效的调整"

    @property
    def spot(self) -> Spot:
        return Spot("grid plan", self.plan.id, True)

    def operations(self) -> tuple[Operation, ...]:
        return self.plan.operations

    def writing(self, basis: Basis, seen: Seen) -> tuple[Any, ...]:
        if basis == self.plan.basis and basis.day > date.today():
            raise RuleBroken(f"{basis.day} 才生效，到那天再办。")
        return carry_out_plan, self.plan.id, basis, self.plan.basis

    def settled(self, basis: Basis, picked: Mapping[str, Any], now: Seen) -> tuple[Any, ...]:
        return carry_out_plan, self.plan.id, Basis(**picked), Basis(**now)

    def more(self) -> Sequence[QWidget]:
        if not may(self.desk.office.who.role, Right.EDIT_GRIDS):
            return ()
        return (button("不办了", "x", on_click=self._give_up),)

    def _give_up(self) -> None:
        self.desk.write(self, give_up_plan, self.plan.id, self.plan.basis, then=lambda _: self.gone.emit())
