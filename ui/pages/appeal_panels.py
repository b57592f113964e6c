"""Beside the list of appeals: a new one, and one that is answered with its effect told beforehand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit

from db.enums import Decision
from db.listening import Spot
from gridoffice.assessment.appeals import Answering, decide_appeal, raise_appeal
from gridoffice.assessment.calibration import Adjusted, foretell
from gridoffice.assessment.month import MonthFacts
from gridoffice.errors import OfficeError, has_error
from gridoffice.fields import Field, Kind
from gridoffice.people.attachments import Owner
from gridoffice.scoring.columns import value_columns
from gridoffice.values import parse
from ui.pages.adjusting import POINTS, stands
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.form import fact
from ui.widgets.parts import Choice, Input, button, column, label, row, rule
from ui.widgets.scans import Scans
from ui.widgets.sheet_picker import SheetPicker
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

DAY = Field("哪天提的", Kind.DATE)


def _text(name: str, height: float) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    made.setFixedHeight(look.px(height))
    return made


class RaisePanel(SidePanel):
    """`done` when it is registered."""

    done = Signal()

    def __init__(self, desk: MainWindow, month_id: int):
        super().__init__("登记申诉")
        self.desk = desk
        self.who = SheetPicker(desk, month_id)
        self.what, self.wanted = (
            _text("对什么有意见", 96),
            Input("例如：入户走访率按 92% 算", name="要求怎么改"),
        )
        self.day = Input("2026-06-28", name="哪天提的")
        self.day.setText(date.today().isoformat())
        self.inside.put_all(
            [
                column(row(label("谁", "hint"), label("必填", "small"), None, gap=4), self.who, gap=2),
                column(
                    row(label("对什么有意见", "hint"), label("必填", "small"), None, gap=4), self.what, gap=2
                ),
                column(label("要求怎么改", "hint"), self.wanted, gap=2),
                column(label("哪天提的", "hint"), self.day, gap=2),
                label("证据（照片、扫描件）登记后在这件申诉里加。", "hint", wrap=True),
                None,
            ]
        )
        self.act(
            button("登记", "check", "primary", keys="Ctrl+S", on_click=self.save),
            button("取消", on_click=self.closed.emit),
        )

    def begin(self) -> None:
        self.who.setFocus()

    def save(self) -> None:
        """Register it; what is missing is said above the foot."""
        day, problems = parse(DAY, self.day.text().strip() or None)
        if self.who.picked is None:
            self.judge(note("err", "先选是谁申诉，从找到的里面选一个。"))
        elif not self.what.toPlainText().strip():
            self.judge(note("err", "对什么有意见没写。"))
            self.what.setFocus()
        elif has_error(problems):
            self.judge(note("err", problems[0].message))
        else:
            self.desk.write(
                self,
                raise_appeal,
                self.who.picked,
                self.what.toPlainText().strip(),
                wanted=self.wanted.text().strip(),
                raised_on=day,
                then=lambda _: self.done.emit(),
                wrong=lambda error: _refuse(self, error),
            )


class AnswerPanel(SidePanel):
    """One appeal: what is asked, its evidence, the answer and what that would change."""

    done = Signal()

    def __init__(self, desk: MainWindow, said: MonthFacts, found: Answering):
        line = found.line
        super().__init__(f"第 {line.number} 号·{line.name}")
        self.desk, self.said, self.line = desk, said, line
        self.spot = Spot("appeal", line.id, True)
        self._columns = {what.name: what.field for what in value_columns(said.scheme)}
        self.inside.put_all(
            [
                fact("网格", line.grid),
                fact("提出", f"{line.raised_on:%Y-%m-%d}，{line.due_on:%Y-%m-%d} 前答复"),
                label(line.what, wrap=True),
                *([label(f"要求：{line.wanted}", "fact", wrap=True)] if line.wanted else []),
                Scans(desk, Owner(appeal=line.id), "证据"),
                rule(),
            ]
        )
        self.outcome = column(gap=2)
        self._asks = not found.cannot
        if not self._asks:
            self.act(button("关上", on_click=self.closed.emit))
        if line.decided_on is not None:
            self._told()
        elif self._asks:
            self._ask()
        else:
            self.inside.put_all([note("info", found.cannot), None])

    def _told(self) -> None:
        line = self.line
        self.inside.put_all(
            [
                fact("结果", line.state),
                *([fact("改了什么", line.changed)] if line.changed else []),
                label(line.answer or "", wrap=True),
                label(f"{line.decided_by}　{line.decided_on:%Y-%m-%d}", "hint"),
                None,
            ]
        )

    def _ask(self) -> None:
        self.decision = Choice([(one, one.label) for one in Decision], "怎么答复")
        self.which = Choice(
            [(None, "不改数据"), *((name, field.label) for name, field in self._columns.items())],
            "改哪一项数据",
        )
        self.value = Input("改成多少", name="改成多少")
        self.change = Input("例如：2 或 -1.5", name="加减几分")
        self.grade = Choice(
            [(None, "不改等次"), *((one.name, one.name) for one in self.said.scheme.grades)], "定为哪一等"
        )
        self.answer = _text("答复", 72)
        self.changing = column(
            column(label("改哪一项数据", "hint"), self.which, self.value, gap=2),
            column(label("或者加减几分", "hint"), self.change, gap=2),
            column(label("或者直接定等次", "hint"), self.grade, gap=2),
            label("会变成这样", "strong"),
            self.outcome,
            gap=8,
        )
        self.inside.put_all(
            [
                column(label("怎么答复", "hint"), self.decision, gap=2),
                self.changing,
                column(row(label("答复", "hint"), label("必填", "small"), None, gap=4), self.answer, gap=2),
                None,
            ]
        )
        self.decision.activated.connect(lambda _: self._turn())
        self.which.activated.connect(lambda _: self._foretell())
        self.grade.activated.connect(lambda _: self._foretell())
        self.value.editingFinished.connect(self._foretell)
        self.change.editingFinished.connect(self._foretell)
        self.act(
            button("答复", "check", "primary", keys="Ctrl+S", on_click=self.save),
            button("取消", on_click=self.closed.emit),
        )
        self._turn()

    def begin(self) -> None:
        self.setFocus()

    def _turn(self) -> None:
        self.changing.setVisible(self._decided() is Decision.CHANGED)

    def _decided(self) -> Decision:
        return Decision(self.decision.currentData())

    def _changes(self) -> dict[str, Any] | None:
        """What the answer would change; None when something cannot be read (and is then said)."""
        if self._decided() is not Decision.CHANGED:
            return {}
        found: dict[str, Any] = {}
        name = self.which.currentData()
        if name is not None and self.value.text().strip():
            value, problems = parse(self._columns[name], self.value.text().strip())
            if has_error(problems):
                self.judge(note("err", f"{self._columns[name].label}：{problems[0].message}"))
                return None
            found["values"] = {name: value}
        change, problems = parse(POINTS, self.change.text().strip().replace("−", "-") or None)
        if has_error(problems):
            self.judge(note("err", f"加减几分：{problems[0].message}"))
            return None
        if isinstance(change, Decimal) and change:
            found["change"] = change
        if self.grade.currentData() is not None:
            found["grade"] = self.grade.currentData()
        return found

    def _foretell(self) -> None:
        changes = self._changes()
        self.outcome.clear()
        if not changes:
            return
        self.judge()
        self.desk.read(
            self,
            foretell,
            self.line.sheet_id,
            changes.get("values"),
            changes.get("change"),
            changes.get("grade"),
            then=self._show,
            topic="foretell",
        )

    def _show(self, found: Adjusted) -> None:
        self.outcome.clear()
        self.outcome.put_all(
            [label(f"现在 {stands(found.before)}", "hint"), label(f"改后 {stands(found.after)}", "name")]
        )

    def save(self) -> None:
        """Answer it: what changes is computed in the same action."""
        if not self._asks:
            return
        changes, answer = self._changes(), self.answer.toPlainText().strip()
        if changes is None:
            return
        decision = self._decided()
        if not answer:
            self.judge(note("err", "答复没写。"))
            self.answer.setFocus()
        elif decision is Decision.CHANGED and not changes:
            self.judge(note("err", "要改什么没写：改一项数据、加减几分，或者定等次。"))
        else:
            self.judge()
            self.desk.write(
                self,
                decide_appeal,
                self.line.id,
                decision,
                answer,
                then=lambda _: self.done.emit(),
                wrong=lambda error: _refuse(self, error),
                **changes,
            )


def _refuse(panel: RaisePanel | AnswerPanel, error: Exception) -> None:
    if isinstance(error, OfficeError):
        panel.judge(note("err", error.message))
    else:
        panel.desk.complain(error)
