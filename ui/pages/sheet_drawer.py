"""The raw values of one person's month in the drawer: to change while it is open, else to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gridoffice.assessment.month import MonthFacts
from gridoffice.assessment.rules import in_words
from gridoffice.assessment.scheme import value_columns
from gridoffice.assessment.service import enter_values
from gridoffice.errors import RuleBroken
from gridoffice.overview.questions import RawSheet
from ui.widgets.drawer import Drawer, body
from ui.widgets.form import Form, facts
from ui.widgets.parts import button

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class SheetDrawer(Drawer):
    """`sheet` is the one shown; `form` holds its values while they may be changed."""

    saved = Signal()

    def __init__(self, desk: MainWindow):
        super().__init__()
        self.desk = desk
        self.sheet: int | None = None
        self.form: Form | None = None
        self._period = ""

    def forget(self) -> None:
        self.sheet, self.form = None, None

    def show_sheet(self, sheet: int, raw: RawSheet, said: MonthFacts, may_change: bool) -> None:
        self.sheet, self.form, self._period = sheet, None, said.period
        self.name(raw.name, f"{raw.grid}·{in_words(said.period)}指标数据")
        wanted = value_columns(said.scheme)
        made = body()
        if may_change:
            self.form = Form(wanted, raw, narrow=True)
            made.put(self.form)
            self.act(
                button("保存并重新计算", "check", "primary", keys="Ctrl+S", on_click=self.save),
                button("取消", on_click=self.closed.emit),
                None,
            )
        else:
            made.put_all(facts(wanted, raw))
            made.put(None)
            self.act(button("关上", on_click=self.closed.emit), None)
        self.fill(made)

    def save(self) -> None:
        """Write what was changed, and close; what is refused stays open and says why."""
        changed = self.form.take() if self.form is not None else None
        if changed is None or self.sheet is None:
            return
        self.desk.write(
            self,
            enter_values,
            self._period,
            {self.sheet: changed},
            then=lambda _: self._saved(),
            wrong=self._refused,
        )

    def _saved(self) -> None:
        self.closed.emit()
        self.saved.emit()

    def _refused(self, error: Exception) -> None:
        problems = error.problems if isinstance(error, RuleBroken) else ()
        if self.form is None or not self.form.complain(problems):
            self.desk.complain(error)
