"""The steps of a month: where it stands, what can be done next, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from db.enums import MonthState
from gridoffice.accounts.rules import may
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.month import MonthFacts
from gridoffice.assessment.rules import OPEN_FOR_VALUES, in_words, moves_from
from gridoffice.assessment.service import move_month
from ui import dialogs
from ui.widgets.parts import Box, Button, button, label, row, rule
from ui.widgets.stepper import At, Stepper, StepShown

if TYPE_CHECKING:
    from ui.main_window import MainWindow

STATES = tuple(MonthState)


def next_period(known: Sequence[str], today: date) -> str:
    """The month that is begun next: the one after the latest known, at first the last whole one."""
    if known:
        year, month = (int(part) for part in max(known)[:7].split("-"))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    else:
        year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year}-{month:02}"


class MonthSteps(Box):
    """The stepper and the command bar of a month."""

    def __init__(self, desk: MainWindow):
        self.desk = desk
        self.said: MonthFacts | None = None
        self.stepper = Stepper()
        self.stepper.picked.connect(self._picked)
        self.bar = row(margins=(20, 0, 20, 0), height=48)
        line = row(self.stepper, margins=(20, 0, 20, 0), height=48)
        super().__init__([line, self.bar], True, 0, (0, 0, 0, 0), "", None, None)

    def show_steps(self, said: MonthFacts) -> None:
        """What is done, what is now and what is missing for it."""
        self.said = said
        at = STATES.index(said.state)
        locked = said.state is MonthState.LOCKED
        left = said.people - said.scored
        missing = f"还差 {left} 人的分" if left else "分数齐了"
        now = {
            MonthState.COLLECTING: "导入指标数据",
            MonthState.LOCKED: "已封存",
            MonthState.SCORING: missing,
            MonthState.REVIEW: missing,
            MonthState.PUBLIC: "公示中",
            MonthState.APPROVED: "已审定",
        }[said.state]
        steps = []
        for place, state in enumerate(STATES):
            where = At.DONE if place < at or locked else At.NOW if place == at else At.NEXT
            below = now if place == at else "已完成" if place < at else "未到"
            steps.append(StepShown(state.label, below, where))
        self.stepper.show_steps(steps)

    def show_commands(self, said: MonthFacts, data: Button, tools: Sequence[Button], view: Button) -> None:
        """The next step first, then the page's own: `data` only while values may be entered, `view` at
        the far right."""
        self.bar.clear()
        role = self.desk.office.who.role
        steps = [move for move in moves_from(said.state) if may(role, move.needs)]
        onward = [move for move in steps if STATES.index(move.to) > STATES.index(said.state)]
        if onward:
            move = onward[0]
            locks = move.to is MonthState.LOCKED
            words = f"锁定 {int(said.period[5:])} 月" if locks else move.label
            sign = "lock" if locks else "check"
            self.bar.put(button(words, sign, "primary", on_click=lambda: self.move_to(move.to)))
        else:
            self.bar.put(
                button(
                    "出成绩通报",
                    "file-text",
                    "primary",
                    on_click=lambda: self.desk.go("documents", month=said.period),
                )
            )
        if said.state in OPEN_FOR_VALUES:
            self.bar.put(data)
            self.bar.put(button("重新计算", "refresh", on_click=self.compute))
        else:
            data.deleteLater()
        self.bar.put(rule(vertical=True, length=20))
        for back in steps:
            if back not in onward:
                self.bar.put(
                    button(back.label, "arrow-back-up", "quiet", on_click=lambda to=back.to: self.move_to(to))
                )
        self.bar.put_all(tools)
        self.bar.put(None)
        self.bar.put(label(f"已评 {said.scored} / {said.people} 人", "fact"))
        self.bar.put(view)

    def show_state(self, said: MonthFacts) -> None:
        """The banner: locked, or not computed since the data changed."""
        words = in_words(said.period)
        if said.state is MonthState.LOCKED:
            when = (said.locked_at or "")[:10]
            self.desk.banner.say(
                "info", "lock", f"{words}已由{said.locked_by}在 {when} 锁定，只能看，不能改分。"
            )
        elif not said.computed and said.people:
            tone, sign, rest = (
                ("warn", "alert-triangle", "的数据改过，还没有重新计算。")
                if said.scored
                else ("info", "info-circle", "还没有算过分：导入指标数据，或直接填在格子里，再计算。")
            )
            again = button("重新计算", "refresh", "link", on_click=self.compute)
            self.desk.banner.say(tone, sign, f"{words}{rest}", again)
        else:
            self.desk.show_standing()

    # doing it

    def compute(self) -> None:
        if self.said is not None:
            self.desk.work_write(self, "gridoffice.assessment.service:compute", self.said.id)

    def move_to(self, to: MonthState) -> None:
        """Move the month on or back; locking, which cannot be undone, asks first."""
        if self.said is None:
            return
        if to is not MonthState.LOCKED:
            self.desk.write(self, move_month, self.said.id, to)
            return
        words = in_words(self.said.period)
        if dialogs.decide(
            self,
            f"锁定{words}考核？",
            "锁定后姓名、网格、方案、原始数据和得分都封存，谁也不能再改，也不能撤销。",
            f"锁定 {words}",
            "先不锁",
        ):
            self.desk.work_write(self, f"{lock_month.__module__}:{lock_month.__name__}", self.said.id)

    def _picked(self, place: int) -> None:
        said = self.said
        if said is None:
            return
        legal = {STATES.index(move.to): move for move in moves_from(said.state)}
        if place in legal and may(self.desk.office.who.role, legal[place].needs):
            self.move_to(legal[place].to)
        elif place > STATES.index(said.state):
            self.desk.say(f"要先办完“{said.state.label}”。", can_undo=False)
