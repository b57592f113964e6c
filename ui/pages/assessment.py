"""考核: one month, from collecting to locked; every total explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from db.enums import MonthState, Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.month import MonthFacts, month_facts, months
from gridoffice.assessment.results import sheet_trace
from gridoffice.assessment.rows import results
from gridoffice.assessment.rules import OPEN_FOR_VALUES, in_words
from gridoffice.assessment.service import enter_values, open_month
from gridoffice.errors import RuleBroken
from gridoffice.listing import Listing
from gridoffice.overview import questions
from ui.exporting import Exporting, Way
from ui.pages.month_steps import MonthSteps, next_period
from ui.pages.page import Page
from ui.pages.score_tables import points_table, values_table
from ui.pages.score_trace import ScoreTrace
from ui.pages.sheet_drawer import SheetDrawer
from ui.widgets.block import Block
from ui.widgets.column_layout import ColumnLayout
from ui.widgets.entry import Entry, Values
from ui.widgets.filter_bar import FilterBar
from ui.widgets.formula_band import FormulaBand
from ui.widgets.listing_table import Blank, ListingTable
from ui.widgets.month import MonthPanel, trimmed
from ui.widgets.parts import (
    Choice,
    button,
    column,
)

if TYPE_CHECKING:
    from ui.main_window import MainWindow

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
        self._gaps: list[int] = []
        self.entry: Entry | None = None
        self.filters: FilterBar | None = None
        self.kept: ColumnLayout | None = None
        self._raw_chosen: bool | None = None
        self._rows_stand = False
        self.exporting = Exporting(desk, self)
        self.trace = ScoreTrace(desk, self)
        self.choice = Choice((), "月份", 176)
        self.choice.activated.connect(lambda _: self._pick(self.choice.currentData()))
        self.start_button = button("开始新月份", "plus", on_click=self._begin)
        self.put_head(self.start_button, self.choice)
        self.steps = MonthSteps(desk)
        self.main.put(self.steps)
        self.band = FormulaBand()
        self.main.put(self.band)
        self.holder = column(gap=0)
        self.main.put((self.holder, 1))
        self.blank = Blank(self.holder)
        self.panel = MonthPanel()
        self.drawer = SheetDrawer(desk)
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.saved.connect(self.steps.compute)
        self.drawer.step.connect(self._walk)
        self.commands = {
            "find": lambda: self.filters.begin() if self.filters else None,
            "next": lambda: self._gap(1),
            "previous": lambda: self._gap(-1),
            "close": self._close,
            "export": self._export,
            "save": self.drawer.save,
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
        for part in (self.steps, self.band):
            part.hide()
        self.set_side(None)
        self.head_facts.setText("还没有开始")
        words = in_words(next_period((), date.today()))
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
        for part in (self.steps, self.band):
            part.show()
        self.head_facts.setText(f"{in_words(said.period)}·{said.scheme.name}")
        self.steps.show_steps(said)
        self._show_commands(said)
        if self.desk.page is self:
            self.steps.show_state(said)
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

    def _show_commands(self, said: MonthFacts) -> None:
        raw = self.raw_now
        self._export_button = button("导出", "download", "quiet", keys="Ctrl+E", on_click=self._export)
        columns = button("", "columns-3", "quiet", tip="列宽")
        columns.clicked.connect(lambda _=False: self.kept.open_at(columns) if self.kept else None)
        self.steps.show_commands(
            said,
            button("导入指标数据", "upload", keys="Ctrl+O", on_click=self._import),
            [
                self._export_button,
                button(
                    "看得分" if raw else "看原始值",
                    "clipboard-check" if raw else "edit",
                    "quiet",
                    on_click=lambda: self.show_values(not raw),
                ),
            ],
            columns,
        )

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
        block: Block
        if raw and self._may_type():
            fields = {
                what.name: what.field for what in listing.columns if what.name.startswith(questions.RAW)
            }
            block = self.entry = Entry(table, fields, self._put, self._refuse)
        else:
            block = Block(table)
        table.chosen.connect(lambda: self._chosen(block))
        key = f"{self.desk.office.who.name} {listing.key.partition('-')[0]}"
        self.kept = ColumnLayout(table, key, movable=False)
        table.copied.connect(lambda words: self.desk.say(words, can_undo=False))
        table.view.selectionModel().currentColumnChanged.connect(lambda *_: self._show_kind())
        self.filters = FilterBar(table, "找姓名、网格", quiet=True)
        self.holder.put(self.filters)
        self.holder.put((table, 1))
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
        self.band.show_kind(what.field.label if typed and what else None)

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

    def _chosen(self, block: Block) -> None:
        """Of several cells the status line says what Excel would say."""
        said = block.figures()
        if said.cells < 2:
            self._counted(len(block.model.ids))
            return
        facts = [f"已选 {said.cells} 格"]
        if said.numbers:
            total = sum(said.numbers)
            facts += [f"合计 {trimmed(Decimal(total))}", f"平均 {total / len(said.numbers):.2f}"]
        self.show_facts(facts)

    def _gaps_are(self, sheets: list[int]) -> None:
        self._gaps = sheets

    def _gap(self, step: int) -> None:
        """F8: the next person without a total."""
        if self.table is None or not self._gaps:
            self.desk.say("没有缺分的人。", can_undo=False)
            return
        place = self.table.view.currentIndex().row()
        at = [self.table.model.ids.index(number) for number in self._gaps if number in self.table.model.ids]
        if self.entry is not None and self.entry.next_gap(step):
            return
        later = sorted(at) if step > 0 else sorted(at, reverse=True)
        onward = [one for one in later if (one - place) * step > 0] or later
        if onward:
            self.table.view.go(onward[0])

    def _spell(self, sheet: int) -> None:
        self.desk.read(
            self,
            sheet_trace,
            sheet,
            then=lambda trace: self.band.spell(trace["formula"]),
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
            edit = (lambda: self._edit(sheet)) if self._open_for_values() else None
            self.trace.show(self.table, sheet, edit)

    def _open_for_values(self) -> bool:
        return self.facts_now is not None and self.facts_now.state in OPEN_FOR_VALUES

    # raw values

    def _edit_current(self) -> None:
        if self.entry is not None and self.entry.name(self.entry.at()[1]) in self.entry.fields:
            self.entry.begin()
        elif self.table is not None and self.table.view.currentIndex().isValid():
            self._edit(self.table.model.ids[self.table.view.currentIndex().row()])

    def _edit(self, sheet: int) -> None:
        self.trace.shut()
        self.desk.read(
            self, questions.raw_sheet, sheet, then=lambda raw: self._show_sheet(sheet, raw), topic="raw"
        )

    def _show_sheet(self, sheet: int, raw: questions.RawSheet) -> None:
        said = self.facts_now
        if said is None:
            return
        if self.table is not None:
            self.table.model.mark(sheet)
        self.drawer.show_sheet(sheet, raw, said, self._open_for_values())
        self.set_side(self.drawer)

    def _walk(self, step: int) -> None:
        if self.table is not None and self.drawer.sheet is not None:
            other = self.table.neighbour(self.drawer.sheet, step)
            if other is not None:
                self.table.go_to(other)
                self._edit(other)

    def _close(self) -> None:
        self.drawer.forget()
        if self.table is not None:
            self.table.model.mark(None)
        self.drawer.hide()
        self.set_side(self.panel if self.facts_now is not None else None, narrow="hide")

    # in and out

    def _begin(self) -> None:
        known = [self.choice.itemData(place) for place in range(self.choice.count())]
        self.period = next_period(known, date.today())
        self.desk.write(self, open_month, self.period)

    def _import(self) -> None:
        self.desk.go("import", ledger="indicators", month=self.period)

    def _export(self) -> None:
        if self.period is None or self.table is None or self.facts_now is None:
            return
        raw = self.raw_now
        title = "指标数据" if raw else "成绩单"
        name = f"{self.desk.scope_name}{in_words(self.period)}考核{title}"
        way = Way("ui.export_jobs:export_month", (self.period, raw), f"{in_words(self.period)}{title}", name)
        self.exporting.offer(self.table, way, self._export_button)

    # the panel at the right

    def _show_panel(self, totals: list[Decimal]) -> None:
        said = self.facts_now
        if said is not None:
            self.panel.show_month(said, totals, self.desk.scope_name)
            if self.drawer.sheet is None:
                self.set_side(self.panel, narrow="hide")
