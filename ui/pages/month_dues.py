"""定期限: by when a month is to leave each of its steps."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from db.enums import MonthState
from db.listening import Spot
from gridoffice.assessment.dues import set_due
from gridoffice.assessment.month import MonthFacts
from gridoffice.errors import OfficeError
from gridoffice.fields import Column, Field, Kind
from ui.widgets.badges import note
from ui.widgets.form import Form
from ui.widgets.parts import button, label
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

STEPS = tuple(state for state in MonthState if state is not MonthState.LOCKED)
COLUMNS = tuple(Column(state.value, Field(f"{state.label}到哪天", Kind.DATE)) for state in STEPS)


class Days:
    """The days of a month as the form reads them."""

    def __init__(self, said: MonthFacts):
        self.due = said.due

    def __getattr__(self, name: str) -> date | None:
        told = self.due.get(name)
        return date.fromisoformat(told) if told else None


class DuePanel(SidePanel):
    """Beside the month: a day for each step that is still to be left; those passed stay as they were."""

    def __init__(self, desk: MainWindow, said: MonthFacts):
        super().__init__("各步期限")
        self.desk, self.said = desk, said
        self.spot = Spot("month dues", said.id, True)
        self.form = Form(COLUMNS, Days(said), narrow=True)
        at = STEPS.index(said.state)
        for state in STEPS[:at]:
            part = self.form.fields[state.value].input
            part.setEnabled(False)
            part.setToolTip(f"“{state.label}”已经办完。")
        words = "写到哪天为止要办完这一步；空着就是不定。过了期限，工作台会提醒。"
        self.inside.put_all([label(words, "hint", wrap=True), self.form, None])
        self.act(
            button("保存", "check", "primary", keys="Ctrl+S", on_click=self.save),
            button("取消", on_click=self.closed.emit),
        )

    def save(self) -> None:
        """Write the days that changed; what stands against them is said here."""
        changed = self.form.take()
        if changed is None:
            return
        if not changed:
            self.closed.emit()
            return
        due = {MonthState(code): day for code, day in changed.items()}
        days = Days(self.said)
        seen = {state: getattr(days, state.value) for state in due}
        done = lambda _: self.closed.emit()  # noqa: E731
        self.desk.write(self, set_due, self.said.id, due, seen, then=done, wrong=self._refused)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        else:
            self.desk.complain(error)
