"""The steps of a month: where it stands, what can be done next, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from db.enums import MonthState, Right
from gridoffice.accounts.rules import may
from gridoffice.accounts.service import Who
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.month import MonthFacts
from gridoffice.assessment.reopening import reopen_month
from gridoffice.assessment.rules import OPEN_FOR_VALUES, moves_from
from gridoffice.assessment.service import move_month
from gridoffice.errors import OfficeError
from ui import dialogs
from ui.widgets.badges import note
from ui.widgets.parts import Box, Button, Input, button, column, row, rule
from ui.widgets.stepper import At, Stepper, StepShown

if TYPE_CHECKING:
    from ui.main_window import MainWindow

STATES = tuple(MonthState)


def next_period(known: Sequence[str], today: date) -> str:
    """The month that is begun next: the one after the latest known, at first the last whole one."""
    if known:
        year, month = (int(part) for part in max(known).split("-"))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    else:
        year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year}-{month:02}"


def _short(day: str | date | None) -> str:
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return "" if found is None else f"{found.month}/{found.day}"


def second_line(
    said: MonthFacts, state: MonthState, today: date, names: Mapping[str, str], unexplained: int = 0
) -> str:
    """What stands below a step: who finished it and when, what it waits for, or by when it is due.
    `names` are what accounts are called, `unexplained` how many marks want a reason and have none."""
    at, place = STATES.index(said.state), STATES.index(state)
    if said.state is MonthState.LOCKED and state is MonthState.LOCKED:
        return f"{_short((said.locked_at or '')[:10] or None)} {said.locked_by or ''}".strip() or "已封存"
    due = said.due.get(state.value)
    if place > at:
        return f"{_short(due)} 前" if due else "未到"
    if place < at:
        after = said.entered.get(STATES[place + 1].value)
        by = {
            MonthState.SCORING: said.submitted_by,
            MonthState.REVIEW: said.reviewed_by,
            MonthState.APPROVED: said.approved_by,
        }.get(state)
        if state is MonthState.PUBLIC and said.public_from is not None:
            return f"{_short(said.public_from)}–{_short(said.public_to)}"
        who = names.get(by, by) if by else "已完成"
        return " ".join(part for part in (_short(after), who) if part)
    late = (today - date.fromisoformat(due)).days if due else 0
    when = f"，晚了 {late} 天" if late > 0 else f"，{_short(due)} 前" if due else ""
    return f"{_waits_for(said, today, unexplained)}{when}"


def _waits_for(said: MonthFacts, today: date, unexplained: int) -> str:
    """What the step at hand still needs."""
    left = said.people - said.scored
    match said.state:
        case MonthState.COLLECTING:
            return f"还差 {left} 份" if left and said.scored else "导入指标数据"
        case MonthState.SCORING | MonthState.REVIEW:
            if left:
                return f"还差 {left} 份的分"
            return f"还差 {unexplained} 处说明" if unexplained else "分数齐了"
        case MonthState.PUBLIC:
            if said.open_appeals:
                return f"{said.open_appeals} 件申诉没答复"
            if said.public_to is not None and said.public_to >= today:
                return f"公示到 {_short(said.public_to)}"
            return "公示期满"
        case MonthState.APPROVED:
            return "可以锁定"
        case _:
            return "已封存"


class MonthSteps(Box):
    """The stepper, the command bar of a month, and why a step was refused. `asked` wants something of the
    page: the next gap, the difference from the edition before."""

    asked = Signal(str)
    reopened = Signal(int)
    """A locked month is followed by a new edition: its number."""

    def __init__(self, desk: MainWindow):
        self.desk = desk
        self.said: MonthFacts | None = None
        self.names: dict[str, str] = {}
        self.unexplained = 0
        self._refusal = False
        self.stepper = Stepper()
        self.stepper.picked.connect(self._picked)
        self.bar = row(margins=(20, 0, 20, 0), height=48)
        self.below = column(margins=(20, 0, 20, 6))
        self.below.hide()
        line = row(self.stepper, margins=(20, 0, 20, 0), height=48)
        super().__init__([line, self.bar, self.below], True, 0, (0, 0, 0, 0), "", None, None)

    def show_names(self, known: Sequence[Who]) -> None:
        """What accounts are called."""
        self.names = {one.name: one.display for one in known}
        if self.said is not None:
            self.show_steps(self.said)

    def show_unexplained(self, marks: int) -> None:
        """How many marks of the month want a reason and have none; a refusal whose cause is gone goes with it."""
        self.unexplained = marks
        said = self.said
        if said is not None:
            self.show_steps(said)
            if self._refusal and not marks and said.people == said.scored and not said.open_appeals:
                self._say_below()

    def show_steps(self, said: MonthFacts) -> None:
        """What is done, what is now and what is missing for it."""
        if self.said is None or (self.said.id, self.said.state) != (said.id, said.state):
            self._say_below()
        self.said = said
        at, locked = STATES.index(said.state), said.state is MonthState.LOCKED
        self.stepper.show_steps(
            [
                StepShown(
                    state.label,
                    second_line(said, state, date.today(), self.names, self.unexplained),
                    At.DONE if place < at or locked else At.NOW if place == at else At.NEXT,
                )
                for place, state in enumerate(STATES)
            ]
        )

    def show_commands(self, said: MonthFacts, data: Button, tools: Sequence[Button], view: Button) -> None:
        """The next step first, then the page's own: `data` only while values may be entered, `view` at
        the far right."""
        self.bar.clear()
        role = self.desk.office.who.role
        steps = [move for move in moves_from(said.state) if may(role, move.needs) and not said.part]
        onward = [move for move in steps if STATES.index(move.to) > STATES.index(said.state)]
        if onward:
            move = onward[0]
            locks = move.to is MonthState.LOCKED
            words = f"锁定 {int(said.period[5:])} 月" if locks else move.label
            sign = "lock" if locks else "check"
            self.bar.put(button(words, sign, "primary", on_click=lambda: self.move_to(move.to)))
        elif said.state is MonthState.LOCKED:
            paper = button("出成绩通报", "file-text", "primary")
            paper.clicked.connect(lambda _=False: self.desk.go("documents", month=said.address))
            self.bar.put(paper)
        if said.state in OPEN_FOR_VALUES:
            self.bar.put(data)
            if not said.part:
                self.bar.put(button("重新计算", "refresh", on_click=self.compute))
        else:
            data.deleteLater()
        self.bar.put(rule(vertical=True, length=20))
        for back in steps:
            if back not in onward:
                again = button(back.label, "arrow-back-up", "quiet")
                again.clicked.connect(lambda _=False, to=back.to, words=back.label: self._ask_back(to, words))
                self.bar.put(again)
        if said.state is MonthState.LOCKED and may(role, Right.LOCK_MONTH) and not said.part:
            words = "重开一版"
            self.bar.put(button(words, "arrow-back-up", "quiet", on_click=lambda: self._ask_again(words)))
        if said.follows is not None:
            diff = button("和上一版的不同", "arrows-exchange", "quiet")
            diff.clicked.connect(lambda _=False: self.asked.emit("diff"))
            self.bar.put(diff)
        self.bar.put_all(tools)
        self.bar.put(None)
        self.bar.put(view)

    def show_state(self, said: MonthFacts, typing: bool) -> None:
        """The banner: locked, or not computed since the data changed; while values are typed the rows tell
        all the same."""
        if said.state is MonthState.LOCKED:
            when = (said.locked_at or "")[:10]
            words = f"{said.words}已由{said.locked_by}在 {when} 锁定，只能看，不能改分。"
            self.desk.banner.say("info", "lock", words)
        elif not said.computed and said.people:
            tone, sign, rest = "info", "info-circle", "还没有算过分：导入指标数据，或直接填在格子里。"
            if said.scored and typing:
                rest = "的数据改过，表里边填边算，到下一步时一起算好存下。"
            elif said.scored:
                tone, sign, rest = "warn", "alert-triangle", "的数据改过，还没有重新计算。"
            if said.part:
                self.desk.banner.say("info", sign, f"{said.words}的数据改过，总分和名次由管全办的账号算。")
            else:
                again = button("重新计算", "refresh", "link", on_click=self.compute)
                self.desk.banner.say(tone, sign, f"{said.words}{rest}", again)
        else:
            self.desk.show_standing()

    # doing it

    def compute(self, then: Callable[[Any], None] | None = None) -> None:
        if self.said is not None and not self.said.part:
            service = "gridoffice.assessment.service:compute"
            self.desk.work_write(self, service, self.said.id, then=then, wrong=self._refused)

    def move_to(self, to: MonthState, reason: str = "") -> None:
        """Move the month on or back. What was typed is computed first; locking, which cannot be undone,
        asks first."""
        said = self.said
        if said is None:
            return
        self._say_below()
        onward = STATES.index(to) > STATES.index(said.state)
        if onward and to is not MonthState.SCORING and said.state in OPEN_FOR_VALUES and not said.computed:
            self.compute(then=lambda _: self._move(said.id, to, reason))
        elif to is not MonthState.LOCKED:
            self._move(said.id, to, reason)
        elif dialogs.decide(
            self,
            f"锁定{said.words}考核？",
            "锁定后姓名、网格、方案、原始数据和得分都封存，谁也不能再改，也不能撤销。",
            f"锁定 {said.words}",
            "先不锁",
        ):
            lock = f"{lock_month.__module__}:{lock_month.__name__}"
            self.desk.work_write(self, lock, said.id, wrong=self._refused)

    def _move(self, month_id: int, to: MonthState, reason: str) -> None:
        why = (reason,) if reason else ()
        self.desk.write(self, move_month, month_id, to, *why, wrong=self._refused)

    def _picked(self, place: int) -> None:
        said = self.said
        if said is None:
            return
        legal = {STATES.index(move.to): move for move in moves_from(said.state)}
        if place in legal and may(self.desk.office.who.role, legal[place].needs):
            move = legal[place]
            if place < STATES.index(said.state):
                self._ask_back(move.to, move.label)
            else:
                self.move_to(move.to)
        elif place > STATES.index(said.state):
            self.desk.say(f"要先办完“{said.state.label}”。", can_undo=False)

    # what stands below the bar

    def _say_below(self, *parts: Box) -> None:
        self._refusal = False
        self.below.clear()
        self.below.put_all(parts)
        self.below.setVisible(bool(parts))

    def _ask_back(self, to: MonthState, words: str) -> None:
        """Why a month goes back is asked for in a line below the bar, and stands in the journal."""
        self._ask_why(words, "先不退", lambda reason: self.move_to(to, reason))

    def _ask_again(self, words: str) -> None:
        """Why a locked month is taken up again; it stays as it is, a new edition follows it."""

        def go(reason: str) -> None:
            said = self.said
            if said is not None:
                service = f"{reopen_month.__module__}:{reopen_month.__name__}"
                done = self.reopened.emit
                self.desk.work_write(
                    self, service, said.id, reason, then=lambda made: done(made.result), wrong=self._refused
                )

        self._ask_why(words, "先不开", go)

    def _ask_why(self, words: str, otherwise: str, then: Callable[[str], None]) -> None:
        why = Input("为什么，会写进变动记录", name="原因")

        def go() -> None:
            if why.text().strip():
                then(why.text().strip())
            else:
                why.setFocus()
                self.desk.say("先写一句为什么。", can_undo=False)

        why.returnPressed.connect(go)
        self._say_below(
            row(
                (why, 1),
                button(words, "arrow-back-up", on_click=go),
                button(otherwise, kind="quiet", on_click=self._say_below),
                gap=8,
            )
        )
        why.setFocus()

    def _refused(self, error: Exception) -> None:
        """Why a step was refused, with what can be done about it."""
        said = self.said
        if said is None or not isinstance(error, OfficeError):
            self.desk.complain(error)
            return
        ways: list[Button] = []
        if (said.people > said.scored or self.unexplained) and said.state in OPEN_FOR_VALUES:
            ways.append(button("去补 F8", kind="link", on_click=lambda: self.asked.emit("gaps")))
        if said.open_appeals:
            ways.append(button("去答复申诉", kind="link", on_click=lambda: self.desk.go("appeals")))
        ways.append(button("知道了", kind="link", on_click=self._say_below))
        self._say_below(note("err", error.message, "", *ways))
        self._refusal = True
