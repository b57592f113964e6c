"""申诉: who objects to a result, by when it is to be answered, what an answer would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from db.enums import MonthState, Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.appeals import Answering, appeals, one_appeal
from gridoffice.assessment.month import MonthFacts
from gridoffice.listing import Listing
from ui.exporting import Exporting, Way
from ui.pages.appeal_panels import AnswerPanel, RaisePanel
from ui.pages.month_page import MonthPage
from ui.widgets.cells import Cell
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import Blank, ListingTable
from ui.widgets.parts import button, column, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTHS = {"number": 64, "name": 96, "grid": 200, "what": 260, "wanted": 200, "state": 104, "due_on": 112}
SHOWN = ("number", "name", "grid", "state", "due_on", "what", "wanted", "raised_on", "answer", "decided_by")


class AppealsPage(MonthPage):
    """The register of a month's appeals; beside it a new one, or one that is answered."""

    key, words, icon, title = "appeals", "申诉", "clipboard-check", "考核申诉"
    reached_from = "assessment"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.table: ListingTable | None = None
        self.filters: FilterBar | None = None
        self.panel: RaisePanel | AnswerPanel | None = None
        self._show_next: int | None = None
        self.exporting = Exporting(desk, self)
        self.put_head(self.choice)
        self.raise_button = button("登记申诉", "plus", "primary", keys="Ctrl+N", on_click=self.raise_one)
        self.export_button = button("导出", "download", keys="Ctrl+E", on_click=self._export)
        self.put_bar(self.raise_button, self.export_button, None)
        self.holder = column(gap=0)
        self.main.put((self.holder, 1))
        self.blank = Blank(self.holder)
        self.commands = {
            "find": lambda: self.filters.begin() if self.filters else None,
            "new": self.raise_one,
            "save": lambda: self.panel.save() if self.panel is not None else None,
            "edit": self._open_current,
            "close": self._close,
            "export": self._export,
            "refresh": self.refresh,
            "clear": lambda: self.table.clear_filters() if self.table else None,
        }

    def without_month(self) -> None:
        self.head_facts.setText("还没有月度考核")
        self.blank.setGeometry(self.holder.rect())
        to = button("去月度考核", "clipboard-check", on_click=lambda: self.desk.go("assessment"))
        self.blank.say("公示以后才有申诉。", [to])

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "sheet" in where:
            self._show_next = where["sheet"]
        super().arrive(where)

    def show_month(self, said: MonthFacts) -> None:
        self.blank.hide()
        public, last = said.state is MonthState.PUBLIC, said.appeals_until
        until = f"，{last.month}月{last.day}日前可以提" if public and last else ""
        left = f"{said.open_appeals} 件没答复" if said.open_appeals else "都答复了"
        self.head_facts.setText(f"{said.words}·{said.state.label}{until}·{left}")
        self.raise_button.setEnabled(public and may(self.desk.office.who.role, Right.ASSESS))
        self.raise_button.setToolTip("" if public else f"公示期里才能申诉，现在是{said.state.label}。")
        self.desk.read(self, appeals, said.id, then=self._listing, topic="listing")

    def _listing(self, listing: Listing) -> None:
        said = self.facts_now
        if said is None or listing.key.rpartition("-")[2] != str(said.id):
            return
        if self.table is not None and self.table.listing.key == listing.key:
            self.table.model.forget()
            self.table.show_what()
            return
        self.holder.clear()
        by_name = {what.name: what for what in listing.columns}
        self.table = ListingTable(
            self.desk.runner,
            self.desk.office,
            listing,
            {"state": _state, "grid": _second},
            [by_name[name] for name in SHOWN if name in by_name],
            dict(WIDTHS),
            ticks=False,
        )
        self.table.empty_words = f"{said.words}没有申诉。"
        self.table.opened.connect(self.answer)
        self.table.counted.connect(self._counted)
        self.table.copied.connect(lambda words: self.desk.say(words, can_undo=False))
        self.table.failed.connect(self.desk.complain)
        self.filters = FilterBar(self.table, "找姓名、网格")
        self.holder.put_all([self.filters, rule(), (self.table, 1)])
        self.setFocusProxy(self.table)
        self.table.show_what()

    def _counted(self, count: int) -> None:
        said = self.facts_now
        if said is not None:
            self.show_facts([f"申诉 {count} 件", f"没答复 {said.open_appeals} 件"])
        if self._show_next is not None:
            self._show_next = None
            self.raise_one()

    # one appeal

    def raise_one(self) -> None:
        """Beside the list: who objects to what."""
        said = self.facts_now
        if said is None or not self.raise_button.isEnabled():
            self.desk.say(self.raise_button.toolTip() or "现在不能登记申诉。", can_undo=False)
            return
        self._put(RaisePanel(self.desk, said.id))

    def _open_current(self) -> None:
        if self.table is not None and self.table.view.currentIndex().isValid():
            self.answer(self.table.model.ids[self.table.view.currentIndex().row()])

    def answer(self, number: int) -> None:
        """Beside the list: one appeal with its evidence, and what an answer would change."""
        said, table = self.facts_now, self.table
        if said is None or table is None:
            return

        def arrived(found: Answering) -> None:
            table.model.mark(number)
            self._put(AnswerPanel(self.desk, said, found))

        self.desk.read(self, one_appeal, number, then=arrived, topic="appeal")

    def _put(self, panel: RaisePanel | AnswerPanel) -> None:
        old, self.panel = self.panel, panel
        panel.closed.connect(self._close)
        panel.done.connect(self._close)
        self.set_side(panel)
        panel.begin()
        if old is not None:
            old.deleteLater()

    def _close(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            if self.table is not None:
                self.table.model.mark(None)
                self.table.setFocus()
            self.set_side(None)
            panel.deleteLater()

    def _export(self) -> None:
        said = self.facts_now
        if said is not None and self.table is not None:
            name = f"{said.words}考核申诉登记"
            way = Way("ui.export_jobs:export_appeals", (said.id,), name, name)
            self.exporting.offer(self.table, way, self.export_button)


def _second(_line: Any, text: str) -> Cell:
    return Cell(text, tone="text2")


def _state(line: Any, words: str) -> Cell:
    if line.decided_on is not None:
        return Cell(words, badge="ok")
    return Cell("过期没答复" if line.late else words, badge="err" if line.late else "clock")
