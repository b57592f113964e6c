"""考核: one month, from collecting to locked; every total explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.enums import MonthState, Right
from db.listening import Spot
from gridoffice.accounts.rules import may
from gridoffice.accounts.service import accounts
from gridoffice.assessment.collection import progress, spoken
from gridoffice.assessment.month import MonthFacts
from gridoffice.assessment.pulling import computed, pull
from gridoffice.assessment.rules import in_words, unit_of
from gridoffice.assessment.service import open_month, readmit
from gridoffice.overview import questions
from gridoffice.overview.sheet_story import LeftOut, left_out
from ui.pages.month_begin import BeginPanel
from ui.pages.month_dues import DuePanel
from ui.pages.month_editions import DiffPanel
from ui.pages.month_page import MonthPage, called
from ui.pages.month_steps import MonthSteps, next_period
from ui.pages.score_grid import ScoreGrid
from ui.pages.sheet_drawer import SCORE, SheetDrawer
from ui.widgets.listing_table import Blank
from ui.widgets.month import MonthPanel
from ui.widgets.parts import Button, button
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class AssessmentPage(MonthPage):
    """The month's scoring grid with its steps, formula line and trace."""

    key, words, icon, title = "assessment", "考核", "clipboard-check", "月度考核"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.start_button = button("开始新月份", "plus", on_click=self._begin)
        self.put_head(self.start_button, self.choice)
        self.steps = MonthSteps(desk)
        self.main.put(self.steps)
        self.grid = ScoreGrid(desk, self)
        self.grid.edit_wanted.connect(self._edit)
        self.grid.story_wanted.connect(lambda sheet: self._edit(sheet, SCORE))
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
        self.drawer.looked.connect(self.tell_spot)
        self._passing: QWidget | None = None
        self.steps.asked.connect(self._asked)
        self.steps.reopened.connect(lambda month: self.arrive({"month": month}))
        self.grid.scored.connect(self._scored)
        self._export_button = button()
        self.commands = {
            "find": lambda: self.grid.filters.begin() if self.grid.filters else None,
            "next": lambda: self.grid.next_gap(1),
            "previous": lambda: self.grid.next_gap(-1),
            "close": self._close,
            "export": lambda: self.grid.export(self._export_button),
            "save": self._save,
            "edit": self.grid.edit_current,
            "import": self._import,
            "refresh": self.refresh,
            "clear": lambda: self.grid.table.clear_filters() if self.grid.table else None,
            "new": self._begin,
            "leave": lambda: self.grid.entry.clear() if self.grid.entry else None,
        }

    # the month

    def opened(self) -> None:
        self.desk.read(self, accounts, then=self.steps.show_names, topic="accounts")
        super().opened()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "filters" in where:
            self.grid.show_points(tuple(where["filters"]))
        super().arrive(where)

    def without_month(self) -> None:
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

    def show_month(self, said: MonthFacts) -> None:
        self.blank.hide()
        self.start_button.show()
        for part in (self.steps, self.grid.band):
            part.show()
        self.head_facts.setText(called(said))
        self.steps.show_steps(said)
        typed = self.grid.show_month(said)
        if self.desk.page is self:
            self.steps.show_state(said, self.grid.may_type and self.grid.raw_now)
        self._show_commands(said)
        self.drawer.again()
        if typed and self.desk.large:
            return  # the rows and the panel tell already what was typed; a city is not counted for a cell
        scope = self.desk.scope_id
        self.desk.read(
            self, questions.spread, said.id, scope, then=self._show_panel, topic="totals", heavy=True
        )
        self.desk.read(self, questions.gaps, said.id, then=self._gaps_are, topic="gaps")
        self.desk.read(self, left_out, said.id, then=self._show_aside, topic="aside")
        if self.grid.open_for_values:
            self.desk.read(
                self, progress, said.id, then=self.panel.show_progress, topic="progress", heavy=True
            )
            self.desk.read(
                self,
                spoken,
                said.id,
                then=lambda found: self.panel.show_spoken(found, unit_of(said.target)[:1]),
                topic="spoken",
                heavy=True,
            )
        else:
            self.panel.show_progress(())
            self.panel.show_spoken((), "")

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
                *self._due_button(said),
                *self._pull_buttons(said),
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

    def _due_button(self, said: MonthFacts) -> list[Button]:
        """By when each step is to be done, for those who take them."""
        if said.state is MonthState.LOCKED or not may(self.desk.office.who.role, Right.ASSESS):
            return []
        return [button("期限", "clock", "quiet", tip="各步到哪天办完", on_click=self.set_days)]

    def set_days(self) -> None:
        """Beside the month: a day for each step."""
        said = self.facts_now
        if said is not None:
            self._pass(DuePanel(self.desk, said))

    def _pull_buttons(self, said: MonthFacts) -> list[Button]:
        """取数, where the scheme asks our own ledgers and the month takes values."""
        known = computed(said.scheme) if self.grid.may_type and not said.part else []
        if not known:
            return []
        names = "、".join(indicator.name for indicator, _, _ in known)
        return [
            button("从台账取数", "database", "quiet", tip=f"按现在的台账填：{names}", on_click=self._pull)
        ]

    def _pull(self) -> None:
        if self.facts_now is not None:
            service = f"{pull.__module__}:{pull.__name__}"
            self.desk.work_write(self, service, self.facts_now.id)

    def _table_shown(self) -> None:
        if self.grid.table is not None:
            self.setFocusProxy(self.grid.table)
        if self.facts_now is not None:
            self._show_commands(self.facts_now)

    def _gaps_are(self, found: questions.Gaps) -> None:
        self.grid.show_gaps(found)
        self.steps.show_unexplained(found.marks)

    # one sheet beside the grid

    def _edit(self, sheet: int, tab: int | None = None) -> None:
        self.grid.trace.shut()
        said = self.facts_now
        if said is not None:
            self.drawer.ask(sheet, said, lambda: self._show_sheet(sheet), tab)

    def _show_sheet(self, sheet: int) -> None:
        if self.grid.table is not None:
            self.grid.table.model.mark(sheet)
        self.set_side(self.drawer)

    def _save(self) -> None:
        """Ctrl+S goes to what stands at the side."""
        if isinstance(self._passing, DuePanel):
            self._passing.save()
        else:
            self.drawer.save()

    def _walk(self, step: int) -> None:
        table = self.grid.table
        if table is not None and self.drawer.sheet is not None:
            other = table.neighbour(self.drawer.sheet, step)
            if other is not None:
                table.go_to(other)
                self._edit(other)

    @property
    def spot(self) -> Spot | None:
        return self.drawer.spot if self.side is self.drawer else super().spot

    def _close(self) -> None:
        if self.drawer.step_back():
            return
        self.drawer.forget()
        if self.grid.table is not None:
            self.grid.table.model.mark(None)
        self.drawer.hide()
        passing, self._passing = self._passing, None
        self.set_side(self.panel if self.facts_now is not None else None, narrow="hide")
        if passing is not None:
            passing.deleteLater()

    # in and out

    def _next_period(self) -> str:
        return next_period([line.period for line in self.choice.lines], date.today())

    def _begin(self) -> None:
        """The first month is simply begun; of the next ones it is asked which, and by which scheme."""
        if not self.choice.lines:
            self.desk.write(self, open_month, self._next_period())
            return
        panel = BeginPanel(self.desk, self._next_period())
        panel.closed.connect(self._close)
        panel.begun.connect(self._begun)
        self.set_side(panel)
        self._passing = panel

    def _begun(self, period: str) -> None:
        self._close()
        self.arrive({"month": period})

    def _asked(self, what: str) -> None:
        said = self.facts_now
        if what == "gaps":
            self.grid.next_gap(1)
        elif what == "diff" and said is not None:
            panel = DiffPanel(self.desk, said.id)
            panel.act(button("关上", on_click=panel.closed.emit))
            self._pass(panel)

    def _pass(self, panel: SidePanel) -> None:
        """A panel that goes again when it is closed."""
        self._close()
        panel.closed.connect(self._close)
        self._passing = panel
        self.set_side(panel)

    def _import(self) -> None:
        said = self.facts_now
        self.desk.go("import", ledger="indicators", month=said.address if said is not None else None)

    # the panel at the right

    def _show_panel(self, totals: questions.Spread) -> None:
        said = self.facts_now
        if said is not None:
            self.panel.show_month(said, totals, self.desk.scope_name)
            self._scored()
            if self.drawer.sheet is None and self._passing is None:
                self.set_side(self.panel, narrow="hide")

    def _show_aside(self, found: list[LeftOut]) -> None:
        said = self.facts_now
        if said is not None:
            self.panel.show_aside(found, self._readmit if self.grid.may_type else None)

    def _readmit(self, sheet: int) -> None:
        if self.facts_now is not None:
            self.desk.write(self, readmit, self.facts_now.id, [sheet])

    def _scored(self) -> None:
        """What was typed changes grades and mean at once; how totals are spread is asked for again when
        they are computed."""
        live, said = self.grid.live.month, self.facts_now
        if live is not None and said is not None:
            self.panel.show_standing(said.scheme, live.counts(), live.mean())
