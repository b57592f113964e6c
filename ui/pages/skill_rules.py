"""申报条件: what each level of the skill asks for, as a form; the office's own in place of the shipped one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from db.enums import Education, Right, SkillLevel
from db.listening import Spot
from gridoffice.accounts.rules import may
from gridoffice.both_changed import BothChanged
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.own_tables import save_own_table
from gridoffice.qualifications.rules import SkillTable, Step, Way, way_words
from gridoffice.qualifications.service import SKILLS
from gridoffice.qualifications.skill_text import skill_text
from ui.pages.text_meeting import ask_both
from ui.widgets.badges import note
from ui.widgets.parts import Box, Choice, Input, button, column, label, restyle, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

MOST_YEARS = 50


class WayForm(Box):
    """One way to be admitted; what is empty is not asked for."""

    def __init__(self, way: Way, below: SkillLevel | None, remove: Callable[[WayForm], None]):
        self._way = way
        self.work = Input(width=48, name="从事本职业满几年")
        self.work.setText("" if way.work is None else str(way.work))
        self.years = Input(width=48, name="取得前一级证书满几年")
        self.years.setText(str(way.years) if way.after is not None else "")
        self.below = way.after or below
        studied = [(one, f"{one.label}以上") for one in Education if one is not Education.OTHER]
        self.education = Choice([(None, "不限"), *studied], "学历")
        self.education.setCurrentIndex(max(0, self.education.findData(way.education)))
        gone = button("", "x", "quiet", tip="去掉这一条", on_click=lambda: remove(self))
        lines = [row(label("从事本职业满", "fact"), self.work, label("年", "fact"), None, gone)]
        if self.below is not None:
            words = f"取得{self.below.label.split('/')[0]}证书满"
            lines.append(row(label(words, "fact"), self.years, label("年", "fact"), None))
        lines.append(row(label("学历", "fact"), (self.education, 1)))
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        super().__init__([*lines, self.problem], True, 4, (0, 0, 0, 0), "", None, None)

    def take(self) -> Way | None:
        """The way as it is written; None, and said below it, where it cannot be read or asks for nothing."""
        found: dict[str, int | None] = {}
        for name, line in (("work", self.work), ("years", self.years)):
            text = line.text().strip()
            fits = not text or (text.isdecimal() and int(text) <= MOST_YEARS)
            restyle(line, wrong="false" if fits else "true")
            if not fits:
                return self._wrong(f"“{text}”不是年数，写 0 到 {MOST_YEARS} 的整数。")
            found[name] = int(text) if text else None
        if found["work"] is None and found["years"] is None:
            return self._wrong("工作年限和前一级证书的年限，至少写一个。")
        self.problem.hide()
        education = self.education.currentData()
        made = replace(
            self._way,
            work=found["work"],
            after=self.below if found["years"] is not None else None,
            years=found["years"] or 0,
            # a combo box hands enums of text back as the text
            education=Education(education) if education is not None else None,
        )
        return made if made == self._way else replace(made, words=way_words(made))

    def _wrong(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.show()


class StepForm(Box):
    """A level with its ways; one of them is enough."""

    def __init__(self, step: Step):
        self.level = step.level
        order = list(SkillLevel)
        place = order.index(step.level)
        self._below = order[place - 1] if place else None
        self.ways: list[WayForm] = []
        self._list = column(gap=10)
        more = button("加一条", "plus", "link", tip=f"{step.level.label}再加一条", on_click=self._add)
        super().__init__(
            [row(label(step.level.label, "strong"), None, more), self._list],
            True,
            4,
            (0, 0, 0, 0),
            "",
            None,
            None,
        )
        for way in step.ways:
            self._put(way)

    def _put(self, way: Way) -> None:
        made = WayForm(way, self._below, self._remove)
        self.ways.append(made)
        self._list.put(made)

    def _add(self) -> None:
        self._put(Way(""))
        self.ways[-1].work.setFocus()

    def _remove(self, way: WayForm) -> None:
        if len(self.ways) == 1:
            way._wrong("一级至少留一条。")
            return
        self.ways.remove(way)
        self.setFocus()
        way.hide()
        way.deleteLater()

    def take(self) -> Step | None:
        ways = [way.take() for way in self.ways]
        good = [way for way in ways if way is not None]
        return Step(self.level, tuple(good)) if len(good) == len(ways) else None


class SkillRulesPanel(SidePanel):
    """`saved` once the office has other rules than before."""

    saved = Signal()

    def __init__(self, desk: MainWindow):
        super().__init__("申报条件")
        self.desk = desk
        self.steps: list[StepForm] = []
        self._table: SkillTable | None = None
        self._seen: str | None = None
        self.may_edit = may(desk.office.who.role, Right.EDIT_PEOPLE) and not desk.past
        self.spot = Spot("skill rules", 0, self.may_edit)
        desk.read(self, _read, then=self._show, topic="rules")

    def _show(self, found: tuple[SkillTable, str]) -> None:
        self._table, self._seen = found
        own = self._seen != SKILLS.shipped()
        self.inside.clear()
        words = "现在用本办自己的。" if own else "现在用随程序的。"
        self.inside.put(label(f"每一级满足其中一条就能申报。{words}", "hint", wrap=True))
        if self._table.source:
            self.inside.put(label(f"依据：{self._table.source}", "hint", wrap=True))
        self.steps = [StepForm(step) for step in self._table.steps]
        for step in self.steps:
            step.setEnabled(self.may_edit)
            self.inside.put_all([rule(), step])
        self.inside.put(None)
        buttons: list[Any] = []
        if self.may_edit:
            buttons.append(button("保存", "check", "primary", keys="Ctrl+S", on_click=self.save))
            if own:
                buttons.append(button("改回随程序的", "arrow-back-up", on_click=self._reset))
        buttons.append(button("取消" if self.may_edit else "关上", on_click=self.closed.emit))
        self.act(*buttons)

    def save(self) -> None:
        """Put what is written in place of the rules there are."""
        steps = [step.take() for step in self.steps]
        good = tuple(step for step in steps if step is not None)
        if self._table is None or len(good) < len(steps):
            return
        if good == self._table.steps:
            self.closed.emit()
            return
        self._write(skill_text(replace(self._table, steps=good)), self._seen)

    def _reset(self) -> None:
        self._write(None, self._seen)

    def _write(self, text: str | None, seen: str | None = None) -> None:
        self.desk.write(
            self, save_own_table, SKILLS, text, seen, then=lambda _: self.saved.emit(), wrong=self._refused
        )

    def _refused(self, error: Exception) -> None:
        if isinstance(error, BothChanged):
            ask_both(self.desk.page, error, self._write, self)
        elif isinstance(error, OfficeError):
            words = (
                error.problems[0].message
                if isinstance(error, RuleBroken) and error.problems
                else error.message
            )
            self.judge(note("err", words))
        else:
            self.desk.complain(error)


def _read(session: Any) -> tuple[SkillTable, str]:
    """The rules that hold, and their text."""
    return SKILLS.of(session), SKILLS.text(session)
