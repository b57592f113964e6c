"""考核: one month, from collecting to locked; every total explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect

from db.enums import MonthState, Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.month import MonthFacts, month_facts, months
from gridoffice.assessment.rows import results
from gridoffice.assessment.rules import OPEN_FOR_VALUES, in_words, moves_from
from gridoffice.assessment.scheme import value_columns
from gridoffice.assessment.service import enter_values, lock_month, move_month, open_month, sheet_trace
from gridoffice.errors import RuleBroken
from gridoffice.listing import Listing
from gridoffice.overview import questions
from ui import dialogs
from ui.pages.page import Page
from ui.pages.score_tables import points_table, values_table
from ui.widgets.drawer import Drawer, body
from ui.widgets.entry import Entry, Values
from ui.widgets.form import Form
from ui.widgets.listing_table import Blank, ListingTable
from ui.widgets.month import MonthPanel, trimmed
from ui.widgets.parts import (
    Choice,
    Picture,
    button,
    column,
    label,
    row,
    rule,
    size,
)
from ui.widgets.popover import Popover
from ui.widgets.stepper import At, Stepper, StepShown

if TYPE_CHECKING:
    from ui.main_window import MainWindow

STATES = tuple(MonthState)
RAW_STATES = (MonthState.COLLECTING, MonthState.SCORING)


class AssessmentPage(Page):
    """The month's scoring grid with its steps, formula line and trace."""

    key, words, icon, title = "assessment", "考核", "clipboard-check", "月度考核"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.period: str | None = None
        self.facts_now: MonthFacts | None = None
        self.table: ListingTable | None = None
        self._form: Form | None = None
        self._edited: int | None = None
        self._gaps: list[int] = []
        self._trace: Popover | None = None
        self.entry: Entry | None = None
        self._raw_chosen: bool | None = None
        self._rows_stand = False
        self.choice = Choice((), "月份", 176)
        self.choice.activated.connect(lambda _: self._pick(self.choice.currentData()))
        self.start_button = button("开始新月份", "plus", on_click=self._begin)
        self.put_head(self.start_button, self.choice)
        self.stepper = Stepper()
        self.stepper.picked.connect(self._step_picked)
        self.put_bar(self.stepper, height=48)
        self.bar = self.put_bar(height=48)
        self.formula = label("", elide=True)
        self.formula_lock = Picture("lock", "text3", 16)
        self.formula_hint = label("公式格，不能直接改", "hint")
        self.band = row(
            label("合计", "strong"),
            (self.formula, 1),
            self.formula_lock,
            self.formula_hint,
            gap=12,
            margins=(20, 0, 20, 0),
            name="band",
            height=36,
        )
        self.main.put(self.band)
        self.holder = column(gap=0)
        self.main.put((self.holder, 1))
        self.blank = Blank(self.holder)
        self.panel = MonthPanel()
        self.drawer = Drawer()
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._walk)
        self.commands = {
            "next": lambda: self._gap(1),
            "previous": lambda: self._gap(-1),
            "close": self._close,
            "export": self._export,
            "save": self._save,
            "edit": self._edit_current,
            "import": self._import,
            "refresh": self.refresh,
            "clear": lambda: self.table.clear_filters() if self.table else None,
            "new": self._begin,
            "leave": lambda: self.entry.clear() if self.entry else None,
        }

    # the month

    def opened(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        self.desk.read(self, months, then=self._months, topic="months")

    def scope_changed(self) -> None:
        if self.desk.page is self and self.period is not None:
            self._load()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes.keys() & {"month", "sheet", "scheme"} and self.desk.page is self:
            self.refresh()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "month" in where:
            self.period = where["month"]
            self.refresh()

    def _months(self, known: list[tuple[str, MonthState]]) -> None:
        self.choice.fill([(period, f"{in_words(period)}·{state.label}") for period, state in known])
        self.choice.setVisible(bool(known))
        if not known:
            self._nothing()
            return
        periods = [period for period, _ in known]
        if self.period not in periods:
            self.period = periods[0]
        self.choice.setCurrentIndex(periods.index(self.period))
        self._load()

    def _nothing(self) -> None:
        self.period, self.facts_now = None, None
        for part in (self.stepper, self.bar, self.band):
            part.hide()
        self.set_side(None)
        self.head_facts.setText("还没有开始")
        words = in_words(self._next_period())
        self.blank.say(
            "还没有月度考核。花名册导入后就可以开始。",
            [button(f"开始 {words}考核", "plus", "primary", on_click=self._begin)],
        )
        self.start_button.hide()
        self.blank.setGeometry(self.holder.rect())

    def _pick(self, period: str) -> None:
        self.period = period
        self._load()

    def _load(self) -> None:
        self.desk.read(self, month_facts, self.period, then=self._facts_are, topic="facts", heavy=True)

    def _facts_are(self, said: MonthFacts) -> None:
        fresh = (
            self.facts_now is None
            or self.facts_now.period != said.period
            or (self.facts_now.scheme != said.scheme)
            or (self.facts_now.state is not said.state)
        )
        self.facts_now = said
        self.blank.hide()
        self.start_button.show()
        for part in (self.stepper, self.bar, self.band):
            part.show()
        self.head_facts.setText(f"{in_words(said.period)}·{said.scheme.name}")
        self._show_steps(said)
        self._show_commands(said)
        self._show_state(said)
        stand, self._rows_stand = self._rows_stand, False
        if fresh or (self.table is not None and self.raw_now != self.table.listing.key.startswith("values")):
            self._ask_table()
        elif self.table is not None and not stand:
            self.table.model.forget()
            self.table.show_what(scope=self.desk.scope_id)
        self.desk.read(
            self,
            questions.totals,
            said.period,
            self.desk.scope_id,
            then=self._show_panel,
            topic="totals",
            heavy=True,
        )
        self.desk.read(self, questions.gaps, said.period, then=self._gaps_are, topic="gaps")

    def _show_steps(self, said: MonthFacts) -> None:
        at = STATES.index(said.state)
        locked = said.state is MonthState.LOCKED
        left = said.people - said.scored
        now = {
            MonthState.COLLECTING: "导入指标数据",
            MonthState.LOCKED: "已封存",
            MonthState.SCORING: f"还差 {left} 人的分" if left else "分数齐了",
            MonthState.REVIEW: f"还差 {left} 人的分" if left else "分数齐了",
            MonthState.PUBLIC: "公示中",
        }[said.state]
        steps = []
        for place, state in enumerate(STATES):
            where = At.DONE if place < at or locked else At.NOW if place == at else At.NEXT
            below = now if place == at else "已完成" if place < at else "未到"
            steps.append(StepShown(state.label, below, where))
        self.stepper.show_steps(steps)

    def _show_commands(self, said: MonthFacts) -> None:
        self.bar.clear()
        role = self.desk.office.who.role
        steps = [move for move in moves_from(said.state) if may(role, move.needs)]
        onward = [move for move in steps if STATES.index(move.to) > STATES.index(said.state)]
        back = [move for move in steps if move not in onward]
        if onward:
            move = onward[0]
            words = f"锁定 {int(said.period[5:])} 月" if move.to is MonthState.LOCKED else move.label
            self.bar.put(
                button(
                    words,
                    "lock" if move.to is MonthState.LOCKED else "check",
                    "primary",
                    on_click=lambda to=move.to: self._move(to),
                )
            )
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
            self.bar.put(button("导入指标数据", "upload", keys="Ctrl+O", on_click=self._import))
            self.bar.put(button("重新计算", "refresh", on_click=self._compute))
        self.bar.put(rule(vertical=True, length=20))
        for move in back:
            self.bar.put(
                button(move.label, "arrow-back-up", "quiet", on_click=lambda to=move.to: self._move(to))
            )
        self.bar.put(button("导出成绩单", "download", "quiet", keys="Ctrl+E", on_click=self._export))
        self.bar.put(
            button(
                "看得分" if self.raw_now else "看原始值",
                "clipboard-check" if self.raw_now else "edit",
                "quiet",
                on_click=lambda: self.show_values(not self.raw_now),
            )
        )
        self.bar.put(None)
        self.bar.put(label(f"已评 {said.scored} / {said.people} 人", "fact"))

    def _show_state(self, said: MonthFacts) -> None:
        if self.desk.page is not self:
            return
        words = in_words(said.period)
        if said.state is MonthState.LOCKED:
            when = (said.locked_at or "")[:10]
            self.desk.banner.say(
                "info", "lock", f"{words}已由{said.locked_by}在 {when} 锁定，只能看，不能改分。"
            )
        elif not said.computed and said.people:
            self.desk.banner.say(
                "warn" if said.scored else "info",
                "alert-triangle" if said.scored else "info-circle",
                f"{words}的数据改过，还没有重新计算。"
                if said.scored
                else f"{words}还没有算过分：导入指标数据，或直接填在格子里，再计算。",
                button("重新计算", "refresh", "link", on_click=self._compute),
            )
        else:
            self.desk.show_standing()

    # the scoring grid

    @property
    def raw_now(self) -> bool:
        """Whether raw values are shown: by choice, else as long as they are being collected and scored."""
        if self._raw_chosen is not None:
            return self._raw_chosen
        return self.facts_now is not None and self.facts_now.state in RAW_STATES

    def show_values(self, raw: bool) -> None:
        """Raw values or points in the grid."""
        self._raw_chosen = raw
        self._ask_table()

    def _ask_table(self) -> None:
        said = self.facts_now
        if said is not None:
            self._show_commands(said)
            question = questions.raw_listing if self.raw_now else results
            self.desk.read(self, question, said.period, then=self._listing, topic="listing")

    def _listing(self, listing: Listing) -> None:
        said = self.facts_now
        if said is None or not listing.key.endswith(said.period):
            return
        raw = listing.key.startswith("values")
        table = (values_table if raw else points_table)(self.desk, listing, said.scheme)
        table.opened.connect(self._explain)
        table.moved.connect(self._spell)
        table.counted.connect(self._counted)
        self.holder.clear()
        self.table, self.entry = table, None
        if raw and self._may_type():
            fields = {
                what.name: what.field for what in listing.columns if what.name.startswith(questions.RAW)
            }
            self.entry = Entry(table, fields, self._put, self._refuse)
        table.view.selectionModel().currentColumnChanged.connect(lambda *_: self._show_kind())
        self.holder.put(table)
        self.setFocusProxy(table)
        # typed rows keep their places: ranks move, grids do not
        table.show_what(scope=self.desk.scope_id, sort="grid" if raw else None)

    def _may_type(self) -> bool:
        return self._open_for_values() and may(self.desk.office.who.role, Right.ASSESS)

    def _show_kind(self) -> None:
        """In the formula line: a lock for what is computed, else what belongs into the cell."""
        if self.table is None:
            return
        place = self.table.view.currentIndex().column()
        what = self.table.model.columns[place] if 0 <= place < len(self.table.model.columns) else None
        typed = self.entry is not None and what is not None and what.name in self.entry.fields
        self.formula_lock.setVisible(not typed)
        self.formula_hint.setText(
            f"{what.field.label}：直接输入，也可以从 Excel 粘贴" if typed and what else "公式格，不能直接改"
        )

    def _put(self, found: Values) -> None:
        """Write typed values as one action; the rows show them at once and keep their places."""
        table, said = self.table, self.facts_now
        if table is None or said is None:
            return
        cut = len(questions.RAW)
        values = {
            number: {name[cut:]: value for name, value in some.items()} for number, some in found.items()
        }
        places = {number: place for place, number in enumerate(table.model.ids) if number in values}
        for number, some in values.items():
            held = table.model.values(places[number])
            if held is not None:
                table.model.change(places[number], replace(held, values={**held.values, **some}))
        self._rows_stand = True
        self.desk.write(self, enter_values, said.period, values, wrong=self._not_put)

    def _not_put(self, error: Exception) -> None:
        self._rows_stand = False
        if self.table is not None:
            self.table.model.forget()
            self.table.model.repaint_all()
        self.desk.complain(error)

    def _refuse(self, words: str) -> None:
        self.desk.complain(RuleBroken(words))

    def _counted(self, count: int) -> None:
        said = self.facts_now
        if said is not None:
            found = [f"{self.desk.scope_name} {count} 人", f"已评 {said.scored} 人"]
            if said.people > said.scored:
                found.append(f"缺分 {said.people - said.scored} 人，F8 去补")
            self.show_facts(found)
        if self.table is not None and count and not self.table.view.currentIndex().isValid():
            self.table.view.setCurrentIndex(self.table.model.index(0, 3))

    def _gaps_are(self, sheets: list[int]) -> None:
        self._gaps = sheets

    def _gap(self, step: int) -> None:
        """F8: the next person without a total."""
        if self.table is None or not self._gaps:
            self.desk.say("没有缺分的人。", can_undo=False)
            return
        place = self.table.view.currentIndex().row()
        at = [self.table.model.ids.index(number) for number in self._gaps if number in self.table.model.ids]
        if self.entry is not None and self._next_gap(step):
            return
        later = sorted(at) if step > 0 else sorted(at, reverse=True)
        onward = [one for one in later if (one - place) * step > 0] or later
        if onward:
            self.table.view.go(onward[0])

    def _next_gap(self, step: int) -> bool:
        """To the next empty cell of those that were read; False when there is none among them."""
        assert self.entry is not None
        model, (row, column) = self.entry.model, self.entry.at()
        wide = range(model.offset, len(model.headings))
        cells = ((place, at) for place in range(len(model.ids)) if model.here(place) for at in wide)
        empty = [at for at in cells if model.cell(*at).wrong]
        onward = [at for at in empty if (at > (row, column) if step > 0 else at < (row, column))]
        if onward:
            self.entry.go(*(onward[0] if step > 0 else onward[-1]))
        return bool(onward)

    def _spell(self, sheet: int) -> None:
        self.desk.read(
            self,
            sheet_trace,
            sheet,
            then=lambda trace: self.formula.setText(trace["formula"]),
            topic="formula",
        )

    def _explain(self, sheet: int) -> None:
        """得分从哪来, beside the cell; a click on a name opens the raw values instead."""
        if self.table is None:
            return
        index = self.table.view.currentIndex()
        name = self.table.model.columns[index.column()].name
        if name == "name":
            self._edit(sheet)
        elif name == "total" or name.startswith("points_"):
            place = self.table.view.visualRect(index)
            corner = self.table.view.viewport().mapTo(self.window(), place.topLeft())
            self.desk.read(
                self,
                sheet_trace,
                sheet,
                topic="trace",
                then=lambda trace: self._show_trace(sheet, trace, QRect(corner, place.size())),
            )

    def _show_trace(self, sheet: int, trace: dict[str, Any], anchor: QRect) -> None:
        values = self.table.model.values(self.table.view.currentIndex().row()) if self.table else None
        made = column(gap=2, margins=(12, 8, 12, 8))
        made.put(
            row(
                label(f"{values.name if values else ''}·得分从哪来", "strong"),
                None,
                button("改数据", "edit", "link", on_click=lambda: self._edit(sheet))
                if self._open_for_values()
                else label(""),
            )
        )
        made.put(rule())
        for line in trace["lines"]:
            points = line["points"]
            said = label(line["sentence"], "hint", wrap=True)
            size(said, 270)
            made.put(
                row(said, None, label(trimmed(Decimal(points)) if points is not None else "—", "strong"))
            )
        made.put(rule())
        made.put(label(trace["verdict"], "name", wrap=True))
        for remark in trace["notes"]:
            made.put(label(remark, "hint", wrap=True))
        self._trace = Popover(self.window(), made, 368)
        self._trace.open_at(anchor)

    def _open_for_values(self) -> bool:
        return self.facts_now is not None and self.facts_now.state in OPEN_FOR_VALUES

    # raw values

    def _edit_current(self) -> None:
        if self.entry is not None and self.entry.name(self.entry.at()[1]) in self.entry.fields:
            self.entry.begin()
        elif self.table is not None and self.table.view.currentIndex().isValid():
            self._edit(self.table.model.ids[self.table.view.currentIndex().row()])

    def _edit(self, sheet: int) -> None:
        if self._trace is not None:
            self._trace.shut()
            self._trace = None
        self.desk.read(
            self, questions.raw_sheet, sheet, then=lambda raw: self._show_form(sheet, raw), topic="raw"
        )

    def _show_form(self, sheet: int, raw: questions.RawSheet) -> None:
        said = self.facts_now
        if said is None:
            return
        self._edited = sheet
        if self.table is not None:
            self.table.model.mark(sheet)
        self.drawer.name(raw.name, f"{raw.grid}·{in_words(said.period)}指标数据")
        made = body()
        if self._open_for_values():
            self._form = Form(value_columns(said.scheme), raw, narrow=True)
            made.put(self._form)
            self.drawer.act(
                button("保存并重新计算", "check", "primary", keys="Ctrl+S", on_click=self._save),
                button("取消", on_click=self._close),
                None,
            )
        else:
            from ui.widgets.form import facts

            self._form = None
            made.put_all(facts(value_columns(said.scheme), raw))
            made.put(None)
            self.drawer.act(button("关上", on_click=self._close), None)
        self.drawer.fill(made)
        self.set_side(self.drawer)

    def _walk(self, step: int) -> None:
        if self.table is not None and self._edited is not None:
            other = self.table.neighbour(self._edited, step)
            if other is not None:
                self.table.go_to(other)
                self._edit(other)

    def _save(self) -> None:
        if self._form is None or self._edited is None or self.facts_now is None:
            return
        changed = self._form.take()
        if changed is None:
            return
        period = self.facts_now.period
        self.desk.write(
            self,
            enter_values,
            period,
            {self._edited: changed},
            then=lambda _: self._compute(),
            wrong=self._refused,
        )
        self._close()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, RuleBroken) and self._form is not None and self._form.complain(error.problems):
            return
        self.desk.complain(error)

    def _close(self) -> None:
        self._form, self._edited = None, None
        if self.table is not None:
            self.table.model.mark(None)
        self.drawer.hide()
        self.set_side(self.panel if self.facts_now is not None else None, narrow="hide")

    # moving the month

    def _next_period(self) -> str:
        today = date.today()
        known = [self.choice.itemData(place) for place in range(self.choice.count())]
        if known:
            year, month = (int(part) for part in max(known).split("-"))
        else:
            year, month = (
                (today.year, today.month - 2) if today.month > 2 else (today.year - 1, today.month + 10)
            )
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return f"{year}-{month:02}"

    def _begin(self) -> None:
        self.period = self._next_period()
        self.desk.write(self, open_month, self.period)

    def _compute(self) -> None:
        if self.period is not None:
            self.desk.work_write(self, "gridoffice.assessment.service:compute", self.period)

    def _move(self, to: MonthState) -> None:
        if self.period is None:
            return
        if to is MonthState.LOCKED:
            words = in_words(self.period)
            if dialogs.decide(
                self,
                f"锁定{words}考核？",
                "锁定后姓名、网格、方案、原始数据和得分都封存，谁也不能再改，也不能撤销。",
                f"锁定 {words}",
                "先不锁",
            ):
                self.desk.work_write(self, f"{lock_month.__module__}:{lock_month.__name__}", self.period)
            return
        self.desk.write(self, move_month, self.period, to)

    def _step_picked(self, place: int) -> None:
        said = self.facts_now
        if said is None:
            return
        legal = {STATES.index(move.to): move for move in moves_from(said.state)}
        if place in legal and may(self.desk.office.who.role, legal[place].needs):
            self._move(legal[place].to)
        elif place > STATES.index(said.state):
            self.desk.say(f"要先办完“{said.state.label}”。", can_undo=False)

    def _import(self) -> None:
        self.desk.go("import", ledger="indicators", month=self.period)

    def _export(self) -> None:
        if self.period is None or self.table is None:
            return
        name = f"{self.desk.scope_name}{in_words(self.period)}考核成绩单.xlsx"
        target = dialogs.save_file(self, "导出成绩单", Path.home() / name, "Excel 文件 (*.xlsx)")
        if target is not None:
            self.desk.work(
                self,
                "ui.jobs:export_results",
                self.period,
                target,
                self.table.ask,
                then=lambda count: self.desk.say(
                    f"已导出 {count} 人的成绩到“{target.name}”。", can_undo=False
                ),
            )

    # the panel at the right

    def _show_panel(self, totals: list[Decimal]) -> None:
        said = self.facts_now
        if said is not None:
            self.panel.show_month(said, totals, self.desk.scope_name)
            if self._edited is None:
                self.set_side(self.panel, narrow="hide")
