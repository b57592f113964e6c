"""考核: one month, from collecting to locked; every total explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gridoffice.assessment.month import MonthFacts, MonthLine, month_facts, months
from gridoffice.assessment.rules import in_words
from gridoffice.assessment.service import open_month
from gridoffice.overview import questions
from ui.pages.month_steps import MonthSteps, next_period
from ui.pages.page import Page
from ui.pages.score_grid import ScoreGrid
from ui.pages.sheet_drawer import SheetDrawer
from ui.widgets.listing_table import Blank
from ui.widgets.month import MonthPanel
from ui.widgets.parts import Choice, button

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class AssessmentPage(Page):
    """The month's scoring grid with its steps, formula line and trace."""

    key, words, icon, title = "assessment", "考核", "clipboard-check", "月度考核"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.period: str | None = None
        self.facts_now: MonthFacts | None = None
        self.choice = Choice((), "月份", 176)
        self.choice.activated.connect(lambda _: self._pick(self.choice.currentData()))
        self.start_button = button("开始新月份", "plus", on_click=self._begin)
        self.put_head(self.start_button, self.choice)
        self.steps = MonthSteps(desk)
        self.main.put(self.steps)
        self.grid = ScoreGrid(desk, self)
        self.grid.edit_wanted.connect(self._edit)
        self.grid.facts.connect(self.show_facts)
        self.grid.shown.connect(self._table_shown)
        self.main.put((self.grid, 1))
        self.exporting = self.grid.exporting
        self.blank = Blank(self.grid)
        self.panel = MonthPanel()
        self.drawer = SheetDrawer(desk)
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.saved.connect(self.steps.compute)
        self.drawer.step.connect(self._walk)
        self._export_button = button()
        self.commands = {
            "find": lambda: self.grid.filters.begin() if self.grid.filters else None,
            "next": lambda: self.grid.next_gap(1),
            "previous": lambda: self.grid.next_gap(-1),
            "close": self._close,
            "export": lambda: self.grid.export(self._export_button),
            "save": self.drawer.save,
            "edit": self.grid.edit_current,
            "import": self._import,
            "refresh": self.refresh,
            "clear": lambda: self.grid.table.clear_filters() if self.grid.table else None,
            "new": self._begin,
            "leave": lambda: self.grid.entry.clear() if self.grid.entry else None,
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
            if "filters" in where:
                self.grid.show_points(tuple(where["filters"]))
            self.refresh()

    def _months(self, known: list[MonthLine]) -> None:
        self.choice.fill([(one.address, f"{one.words}·{one.state.label}") for one in known])
        self.choice.setVisible(bool(known))
        if not known:
            self._nothing()
            return
        addresses = [one.address for one in known]
        if self.period not in addresses:
            self.period = addresses[0]
        self.choice.setCurrentIndex(addresses.index(self.period))
        self._load()

    def _nothing(self) -> None:
        self.period, self.facts_now = None, None
        for part in (self.steps, self.grid.band):
            part.hide()
        self.set_side(None)
        self.head_facts.setText("还没有开始")
        words = in_words(next_period((), date.today()))
        self.blank.say(
            "还没有月度考核。花名册导入后就可以开始。",
            [button(f"开始 {words}考核", "plus", "primary", on_click=self._begin)],
        )
        self.start_button.hide()
        self.blank.setGeometry(self.grid.rect())

    def _pick(self, period: str) -> None:
        self.period = period
        self._load()

    def _load(self) -> None:
        self.desk.read(self, month_facts, self.period, then=self._facts_are, topic="facts", heavy=True)

    def _facts_are(self, said: MonthFacts) -> None:
        self.facts_now = said
        self.blank.hide()
        self.start_button.show()
        for part in (self.steps, self.grid.band):
            part.show()
        self.head_facts.setText(f"{in_words(said.period)}·{said.scheme.name}")
        self.steps.show_steps(said)
        if self.desk.page is self:
            self.steps.show_state(said)
        self.grid.show_month(said)
        self._show_commands(said)
        self.desk.read(
            self,
            questions.totals,
            said.id,
            self.desk.scope_id,
            then=self._show_panel,
            topic="totals",
            heavy=True,
        )
        self.desk.read(self, questions.gaps, said.id, then=self._gaps_are, topic="gaps")

    def _show_commands(self, said: MonthFacts) -> None:
        raw = self.grid.raw_now
        self._export_button = button("导出", "download", "quiet", keys="Ctrl+E")
        self._export_button.clicked.connect(lambda _=False: self.grid.export(self._export_button))
        columns = button("", "columns-3", "quiet", tip="列宽")
        columns.clicked.connect(lambda _=False: self.grid.kept.open_at(columns) if self.grid.kept else None)
        self.steps.show_commands(
            said,
            button("导入指标数据", "upload", keys="Ctrl+O", on_click=self._import),
            [
                self._export_button,
                button(
                    "看得分" if raw else "看原始值",
                    "clipboard-check" if raw else "edit",
                    "quiet",
                    on_click=lambda: self.grid.show_values(not raw),
                ),
            ],
            columns,
        )

    def _table_shown(self) -> None:
        if self.grid.table is not None:
            self.setFocusProxy(self.grid.table)
        if self.facts_now is not None:
            self._show_commands(self.facts_now)

    def _gaps_are(self, sheets: list[int]) -> None:
        self.grid.gaps = sheets

    # one sheet beside the grid

    def _edit(self, sheet: int) -> None:
        self.grid.trace.shut()
        self.desk.read(
            self, questions.raw_sheet, sheet, then=lambda raw: self._show_sheet(sheet, raw), topic="raw"
        )

    def _show_sheet(self, sheet: int, raw: questions.RawSheet) -> None:
        said = self.facts_now
        if said is None:
            return
        if self.grid.table is not None:
            self.grid.table.model.mark(sheet)
        self.drawer.show_sheet(sheet, raw, said, self.grid.open_for_values)
        self.set_side(self.drawer)

    def _walk(self, step: int) -> None:
        table = self.grid.table
        if table is not None and self.drawer.sheet is not None:
            other = table.neighbour(self.drawer.sheet, step)
            if other is not None:
                table.go_to(other)
                self._edit(other)

    def _close(self) -> None:
        self.drawer.forget()
        if self.grid.table is not None:
            self.grid.table.model.mark(None)
        self.drawer.hide()
        self.set_side(self.panel if self.facts_now is not None else None, narrow="hide")

    # in and out

    def _begin(self) -> None:
        known = [self.choice.itemData(place) for place in range(self.choice.count())]
        self.period = next_period(known, date.today())
        self.desk.write(self, open_month, self.period)

    def _import(self) -> None:
        self.desk.go("import", ledger="indicators", month=self.period)

    # the panel at the right

    def _show_panel(self, totals: list[Decimal]) -> None:
        said = self.facts_now
        if said is not None:
            self.panel.show_month(said, totals, self.desk.scope_name)
            if self.drawer.sheet is None:
                self.set_side(self.panel, narrow="hide")
