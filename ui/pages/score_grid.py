"""The scoring grid: points as they were computed, or raw values typed in as into Excel."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from db.enums import MonthState, Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.month import MonthFacts
from gridoffice.assessment.results import sheet_trace
from gridoffice.assessment.rows import results
from gridoffice.assessment.rules import OPEN_FOR_VALUES, unit_of
from gridoffice.assessment.service import enter_values
from gridoffice.errors import RuleBroken
from gridoffice.listing import Filter, Listing
from gridoffice.overview import questions
from ui.exporting import Exporting, Way
from ui.pages.live_scores import LiveScores, living, told
from ui.pages.page import Page
from ui.pages.score_tables import points_table, values_table
from ui.pages.score_trace import ScoreTrace
from ui.widgets.block import Block
from ui.widgets.column_layout import ColumnLayout
from ui.widgets.entry import Entry, Values
from ui.widgets.filter_bar import FilterBar
from ui.widgets.formula_band import FormulaBand
from ui.widgets.listing_table import ListingTable
from ui.widgets.month import trimmed
from ui.widgets.parts import Box, Button, column

if TYPE_CHECKING:
    from ui.main_window import MainWindow

FEW = 20
"""So few sheets are found one by one among all."""
RAW_STATES = (MonthState.COLLECTING, MonthState.SCORING)


class ScoreGrid(Box):
    """Formula line, filters and table of one month. `said` is the month that is shown."""

    edit_wanted = Signal(int)
    story_wanted = Signal(int)
    """All that is behind a total."""
    facts = Signal(object)
    shown = Signal()
    """Another table stands in it: points instead of raw values, or those of another month."""
    scored = Signal()
    """Typed values have changed totals."""

    def __init__(self, desk: MainWindow, page: Page):
        self.desk = desk
        self.said: MonthFacts | None = None
        self.table: ListingTable | None = None
        self.entry: Entry | None = None
        self.block: Block | None = None
        self.filters: FilterBar | None = None
        self.kept: ColumnLayout | None = None
        self.gaps = questions.Gaps()
        self._raw_chosen: bool | None = None
        self._wanted: tuple[Filter, ...] = ()
        self._rows_stand = False
        self.band = FormulaBand()
        self.holder = column(gap=0)
        super().__init__([self.band, (self.holder, 1)], True, 0, (0, 0, 0, 0), "", None, None)
        self.exporting = Exporting(desk, page)
        self.trace = ScoreTrace(desk, page)
        self.live = LiveScores(desk, self)

    # which month, which table

    def show_month(self, said: MonthFacts) -> bool:
        """Show a month: its rows are asked for anew, unless they are those that were just typed; answers
        whether they were."""
        old, self.said = self.said, said
        fresh = old is None or (old.id, old.scheme, old.state) != (said.id, said.scheme, said.state)
        stand, self._rows_stand = self._rows_stand, False
        if fresh or (self.table is not None and self.raw_now != self.table.listing.key.startswith("values")):
            self.ask_table()
        elif self.table is not None and not stand:
            self.table.model.forget()
            self.table.show_what(scope=self.desk.scope_id)
            if self.entry is not None:
                self.live.open(said.id, self._live_again)
        return stand and not fresh

    @property
    def raw_now(self) -> bool:
        """Whether raw values are shown: by choice, else as long as they are being collected and scored."""
        if self._raw_chosen is not None:
            return self._raw_chosen
        return self.said is not None and self.said.state in RAW_STATES

    def show_values(self, raw: bool) -> None:
        """Raw values or points."""
        self._raw_chosen = raw
        self.ask_table()

    def show_points(self, filters: tuple[Filter, ...]) -> None:
        """The points, narrowed: another page leads here to the rows that it counts."""
        self._wanted, self._raw_chosen, self.said = filters, False, None

    def ask_table(self) -> None:
        if self.said is not None:
            question = questions.raw_listing if self.raw_now else results
            self.desk.read(self, question, self.said.id, then=self._listing, topic="listing")

    def _listing(self, listing: Listing) -> None:
        said = self.said
        if said is None or listing.key.rpartition("-")[2] != str(said.id):
            return
        raw = listing.key.startswith("values")
        if raw and self.may_type:
            listing = living(listing, self.live)
        table = (values_table if raw else points_table)(self.desk, listing, said.scheme)
        table.opened.connect(self.explain)
        table.moved.connect(self._spell)
        table.counted.connect(self._counted)
        self.holder.clear()
        self.table, self.entry = table, None
        block: Block
        if raw and self.may_type:
            fields = {
                what.name: what.field for what in listing.columns if what.name.startswith(questions.RAW)
            }
            block = self.entry = Entry(table, fields, self._put, self._refuse)
        else:
            block = Block(table)
        self.block = block
        table.chosen.connect(lambda: self._chosen(block))
        key = f"{self.desk.office.who.name} {listing.key.partition('-')[0]}"
        self.kept = ColumnLayout(table, key, movable=False)
        table.copied.connect(lambda words: self.desk.say(words, can_undo=False))
        table.view.selectionModel().currentColumnChanged.connect(lambda *_: self._show_kind())
        self.filters = FilterBar(table, "找姓名、网格", quiet=True)
        self.holder.put(self.filters)
        self.holder.put((table, 1))
        self.live.shut()
        if self.entry is not None:
            self.live.open(said.id, self._live_again)
        self.shown.emit()
        # typed rows keep their places: ranks move, grids do not
        wanted, self._wanted = self._wanted, ()
        table.show_what(scope=self.desk.scope_id, filters=wanted, sort="grid" if raw else None)

    @property
    def open_for_values(self) -> bool:
        return self.said is not None and self.said.state in OPEN_FOR_VALUES

    @property
    def may_type(self) -> bool:
        return self.open_for_values and may(self.desk.office.who.role, Right.ASSESS)

    # what is said of the current cell

    def _show_kind(self) -> None:
        """In the formula line: a lock for what is computed, else what belongs into the cell."""
        if self.table is None:
            return
        place = self.table.view.currentIndex().column()
        what = self.table.model.columns[place] if 0 <= place < len(self.table.model.columns) else None
        typed = self.entry is not None and what is not None and what.name in self.entry.fields
        self.band.show_kind(what.field.label if typed and what else None)

    def _spell(self, sheet: int) -> None:
        if self.live.month is not None:
            self.band.spell(self.live.formula(sheet))
            return
        self.desk.read(
            self,
            sheet_trace,
            sheet,
            then=lambda trace: self.band.spell(trace["formula"]),
            topic="formula",
        )

    def explain(self, sheet: int) -> None:
        """得分从哪来, beside the cell; a click on a name opens the raw values instead."""
        if self.table is None:
            return
        index = self.table.view.currentIndex()
        name = self.table.model.columns[index.column()].name
        if name == "name":
            self.edit_wanted.emit(sheet)
        elif name == "total" or name.startswith("points_"):
            edit = (lambda: self.edit_wanted.emit(sheet)) if self.open_for_values else None
            self.trace.show(self.table, sheet, edit, lambda: self.story_wanted.emit(sheet))

    def edit_current(self) -> None:
        """F2: into the cell where it can be typed, else the whole sheet beside."""
        if self.entry is not None and self.entry.name(self.entry.at()[1]) in self.entry.fields:
            self.entry.begin()
        elif self.table is not None and self.table.view.currentIndex().isValid():
            self.edit_wanted.emit(self.table.model.ids[self.table.view.currentIndex().row()])

    # typing

    def _live_again(self) -> None:
        """The month has been read, or values were typed: the rows say it anew when they are painted."""
        if self.table is not None:
            self.table.model.redress()
            self._spell_current()
            self.scored.emit()

    def _spell_current(self) -> None:
        row = self.table.view.currentIndex().row() if self.table is not None else -1
        if self.table is not None and 0 <= row < len(self.table.model.ids):
            self._spell(self.table.model.ids[row])

    def _put(self, found: Values) -> None:
        """Score typed values, show them, and write them as one action; rows keep their places."""
        table, said = self.table, self.said
        if table is None or said is None:
            return
        cut = len(questions.RAW)
        values = {
            number: {name[cut:]: value for name, value in some.items()} for number, some in found.items()
        }
        try:
            changes, before = self.live.put(values)
        except RuleBroken as error:
            self.desk.complain(error)
            return
        ids = table.model.ids
        if len(values) < FEW:
            places = {number: ids.index(number) for number in values}
        else:
            places = {number: place for place, number in enumerate(ids) if number in values}
        names = {}
        for number, some in values.items():
            held = table.model.values(places[number])
            if held is not None:
                names[number] = held.name
                table.model.change(places[number], held.typed(some))
        if changes:
            self._live_again()
            self.band.tell(told(changes, names, unit_of(said.target)))
        self._rows_stand = True
        self.desk.write(
            self, enter_values, said.id, values, before, wrong=lambda error: self._not_put(error, before)
        )

    def _not_put(self, error: Exception, before: Values) -> None:
        """What the office refused is not shown either."""
        self._rows_stand = False
        if before:
            self.live.put(before)
        if self.table is not None:
            self.table.model.forget()
            self.table.model.repaint_all()
        self.desk.complain(error)

    def _refuse(self, words: str) -> None:
        self.desk.complain(RuleBroken(words))

    # what is said of all

    def show_gaps(self, found: questions.Gaps) -> None:
        """What the month still waits for."""
        self.gaps = found
        if self.block is not None:
            self._chosen(self.block)

    def _counted(self, count: int) -> None:
        said = self.said
        if said is not None:
            found = [f"{self.desk.scope_name} {count} {unit_of(said.target)}", f"已评 {said.scored}"]
            if said.people > said.scored:
                found.append(f"缺分 {said.people - said.scored}，F8 去补")
            if self.gaps.marks:
                found.append(f"缺说明 {self.gaps.marks} 处，F8 去补")
            self.facts.emit(found)
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
        self.facts.emit(facts)

    def next_gap(self, step: int) -> None:
        """F8: the next person without a total, or with a mark that wants a reason."""
        wanted = {*self.gaps.sheets, *self.gaps.unexplained}
        if self.table is None or not wanted:
            self.desk.say("没有缺分的人。", can_undo=False)
            return
        place = self.table.view.currentIndex().row()
        if self.entry is not None and self.entry.next_gap(step):
            return
        places = {number: at for at, number in enumerate(self.table.model.ids)}
        at = [places[number] for number in wanted if number in places]
        later = sorted(at, reverse=step < 0)
        onward = [one for one in later if (one - place) * step > 0] or later
        if not onward:
            return
        cell = self.entry.gap_in(onward[0]) if self.entry is not None else None
        if self.entry is not None and cell is not None:
            self.entry.go(onward[0], cell)
        else:
            self.table.view.go(onward[0])

    # out

    def export(self, anchor: Button) -> None:
        """What is shown, or all of it, as a workbook."""
        said = self.said
        if said is None or self.table is None:
            return
        raw = self.raw_now
        title = "指标数据" if raw else "成绩单"
        words = said.words
        name = f"{self.desk.scope_name}{words}考核{title}"
        way = Way("ui.export_jobs:export_month", (said.id, raw), f"{words}{title}", name)
        self.exporting.offer(self.table, way, anchor)
