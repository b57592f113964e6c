"""学时要求: how many hours are asked of whom, as a form; the office's own in place of the shipped ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QCompleter

from db.enums import Employment, Right
from db.listening import Spot
from gridoffice.accounts.rules import may
from gridoffice.both_changed import BothChanged
from gridoffice.errors import OfficeError, Problem
from gridoffice.fields import Field, Kind
from gridoffice.grids.listing import office_pack
from gridoffice.own_tables import save_own_table
from gridoffice.training.hours_edits import check_rule, rules_text
from gridoffice.training.rules import HoursRule, HoursTable, posts_in
from gridoffice.training.service import HOURS
from gridoffice.values import parse
from ui.pages.text_meeting import ask_both
from ui.widgets.badges import note
from ui.widgets.parts import Box, Input, button, column, label, restyle, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

NEW = HoursRule(2, Decimal(20), "")


class RuleForm(Box):
    """One rule: so many hours in so many years, of whom, and where that is written."""

    def __init__(self, asked: HoursRule, titles: Sequence[str], remove: Callable[[RuleForm], None]):
        self.years = Input(width=48, name="几年内")
        self.years.setText(str(asked.years))
        self.hours = Input(width=64, name="至少多少学时")
        self.hours.setText(f"{asked.hours.normalize():f}")
        self.kinds = {one: QCheckBox(one.label) for one in Employment}
        for one, box in self.kinds.items():
            box.setChecked(one in asked.employment)
        self.posts = Input("空着就是所有岗位", name="只管这些岗位")
        self.posts.setText("、".join(asked.posts))
        self.posts.setCompleter(QCompleter(list(titles), self.posts))
        self.source = Input("哪个文件规定的", name="依据")
        self.source.setText(asked.source)
        self.source.setCursorPosition(0)
        self.source.setToolTip(asked.source)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        gone = button("", "x", "quiet", tip="去掉这一条", on_click=lambda: remove(self))
        lines: list[Box] = [
            row(
                self.years,
                label("年内至少", "fact"),
                self.hours,
                label("学时", "fact"),
                None,
                gone,
            ),
            row(*self.kinds.values(), None, gap=12),
            column(label("只管这些岗位", "hint"), self.posts, gap=2),
            column(label("依据", "hint"), self.source, gap=2),
        ]
        super().__init__([*lines, self.problem, rule()], True, 6, (0, 0, 0, 4), "", None, None)

    def take(self, titles: Sequence[str]) -> HoursRule | None:
        """The rule that is written; None when something is wrong, which is then said."""
        years, years_wrong = parse(Field("几年内", Kind.INTEGER, required=True), self.years.text())
        hours, hours_wrong = parse(Field("学时", Kind.DECIMAL, required=True), self.hours.text())
        problems = [*years_wrong, *hours_wrong]
        found = None
        if isinstance(years, int) and isinstance(hours, Decimal) and not problems:
            kinds = tuple(one for one, box in self.kinds.items() if box.isChecked())
            found = HoursRule(years, hours, self.source.text().strip(), kinds, posts_in(self.posts.text()))
            problems = check_rule(found, titles)
        self.complain(problems)
        return None if problems else found

    def complain(self, problems: Sequence[Problem]) -> None:
        self.problem.setText(problems[0].message if problems else "")
        self.problem.setVisible(bool(problems))
        by_field = {"几年内": self.years, "学时": self.hours, "应参加岗位": self.posts}
        for field, line in by_field.items():
            restyle(line, wrong="true" if any(one.field == field for one in problems) else "false")


class TrainingRulesPanel(SidePanel):
    """Every rule; all of them must be met."""

    saved = Signal()

    def __init__(self, desk: MainWindow):
        super().__init__("学时要求")
        self.desk = desk
        self.forms: list[RuleForm] = []
        self._titles: Sequence[str] = ()
        self._own = False
        self._seen: str | None = None
        self._may = may(desk.office.who.role, Right.EDIT_PEOPLE)
        self._origin = label("", "hint", wrap=True)
        self._listed: Box = column(gap=8)
        self.inside.put(self._origin)
        self.inside.put(
            label("写了几条，就几条都要满足。专职、兼职、志愿都不勾就是所有人。", "hint", wrap=True)
        )
        self.inside.put(self._listed)
        self.inside.put(row(button("加一条", "plus", "link", on_click=lambda: self._add(NEW)), None))
        self.inside.put(None)
        keep = button("保存", "check", "primary", keys="Ctrl+S", on_click=self.save)
        back = button("用随程序的", "arrow-back-up", tip="去掉本办自己的要求", on_click=self._back)
        for made in (keep, back):
            made.setEnabled(self._may)
            if not self._may:
                made.setToolTip(f"账号“{desk.office.who.display}”只能查看。")
        self.act(keep, back, button("取消", on_click=self.closed.emit))
        self.spot = Spot("training rules", 0, True)
        desk.read(self, rules_now, then=self._arrived, topic="rules")

    def _arrived(self, said: tuple[HoursTable, str, list[str]]) -> None:
        table, self._seen, self._titles = said
        self._own = self._seen != HOURS.shipped()
        self._origin.setText(
            "现在用的是本办自己写的要求。" if self._own else "现在用的是随程序的要求，改了就成本办自己的。"
        )
        for one in table.rules:
            self._add(one)
        if self.forms:
            self.forms[0].years.setFocus()

    def _add(self, asked: HoursRule) -> None:
        made = RuleForm(asked, self._titles, self._remove)
        self.forms.append(made)
        self._listed.put(made)

    def _remove(self, form: RuleForm) -> None:
        self.forms.remove(form)
        self.setFocus()  # before what has the keyboard goes away
        self._listed.box.removeWidget(form)
        form.hide()
        form.deleteLater()

    def save(self) -> None:
        taken = [form.take(self._titles) for form in self.forms]
        if any(one is None for one in taken):
            self.judge(note("err", "有一条写得不对，看红字。"))
            return
        self.judge()
        text = rules_text(HoursTable(tuple(one for one in taken if one is not None)))
        self._write(text, self._seen)

    def _back(self) -> None:
        if self._own:
            self._write(None, self._seen)
        else:
            self.judge(note("info", "现在用的就是随程序的要求。"))

    def _write(self, text: str | None, seen: str | None = None) -> None:
        self.desk.write(
            self, save_own_table, HOURS, text, seen, then=lambda _: self.saved.emit(), wrong=self._refused
        )

    def _refused(self, error: Exception) -> None:
        if isinstance(error, BothChanged):
            ask_both(self.desk.page, error, self._write, self)
        elif isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        else:
            self.desk.complain(error)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.forms:
            self.forms[0].years.setFocus()


def rules_now(session: Any) -> tuple[HoursTable, str, list[str]]:
    """The rules that hold, their text, and the posts they may name."""
    titles = [post.label for post in office_pack(session).posts]
    return HOURS.of(session), HOURS.text(session), titles
