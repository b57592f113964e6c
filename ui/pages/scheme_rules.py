"""The indicators of a scheme: read, or typed over as in Excel while the checks say what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridoffice.assessment.checking import quantity_and_quality
from gridoffice.assessment.scheme_draft import SchemeDraft
from gridoffice.errors import RuleBroken
from gridoffice.overview.scheme_rules import RuleRow, draft_listing, rules_listing, rules_of
from gridoffice.scoring.scheme import Grade, Scheme
from gridoffice.scoring.shapes import plain
from ui.widgets.entry import Entry, Values
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import Box, label, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTHS = {"name": 176, "dimension": 112, "full": 64, "rule": 420, "nature": 72, "origin": 96, "scorer": 120}
TYPED = ("name", "dimension", "full", "nature", "scorer")


class SchemeSaid(Box):
    """Above the indicators: where the scheme comes from, its balance, its grades, and remarks."""

    def __init__(self) -> None:
        super().__init__([], True, 4, (20, 8, 20, 8), "", None, None)

    def tell(self, scheme: Scheme, remarks: Sequence[QWidget]) -> None:
        quantity, quality = quantity_and_quality(scheme)
        grades = "、".join(_grade(one) for one in scheme.grades)
        words = f"数量类 {plain(quantity)} 分，质量类 {plain(quality)} 分；等次：{grades}"
        self.clear()
        self.put(label(f"出处：{scheme.source or '没有写'}", "hint", elide=True))
        self.put(label(words, "fact", elide=True))
        self.put_all(remarks)


def _grade(one: Grade) -> str:
    limit = f"（不超过 {plain(one.quota)}%）" if one.quota is not None else ""
    return f"{one.name} {plain(one.minimum)} 分起{limit}"


class SchemeRules(Box):
    """`draft` is the scheme while it may be changed; nothing is written before it is saved."""

    changed = Signal()
    opened = Signal(int)
    """Enter or a double click on what is not typed: the place of the indicator, from 0."""

    def __init__(self, desk: MainWindow):
        super().__init__([], True, 0, (0, 0, 0, 0), "", None, None)
        self.desk = desk
        self.draft: SchemeDraft | None = None
        self.table: ListingTable | None = None
        self.entry: Entry | None = None
        self.filters: FilterBar | None = None

    def show_scheme(self, key: str, text: str | None) -> None:
        """The indicators of a scheme; with its `text` they can be changed."""
        self.clear()
        self.draft = SchemeDraft(text) if text is not None else None
        draft = self.draft
        listing = rules_listing(key) if draft is None else draft_listing(key, lambda: draft.scheme)
        self.table = table = ListingTable(
            self.desk.runner,
            self.desk.office,
            listing,
            widths=dict(WIDTHS),
            ticks=False,
            grid=draft is not None,
            cursor=draft is not None,
        )
        self.entry = None
        if draft is not None:
            fields = {what.name: what.field for what in listing.columns if what.name in TYPED}
            self.entry = Entry(table, fields, self._put, self._refuse)
        table.copied.connect(lambda words: self.desk.say(words, can_undo=False))
        table.failed.connect(self.desk.complain)
        table.opened.connect(self._opened)
        self.filters = FilterBar(table, "找指标")
        self.put_all([self.filters, rule(), (table, 1)])
        self.setFocusProxy(table)
        table.show_what()

    def _opened(self, number: int) -> None:
        self.opened.emit(number - 1)

    @property
    def place(self) -> int | None:
        """The indicator where the keyboard is, from 0."""
        row = self.table.view.currentIndex().row() if self.table is not None else -1
        return self.table.model.ids[row] - 1 if self.table is not None and row >= 0 else None

    def _put(self, found: Values) -> None:
        """Take what was typed into the draft: all of it, or nothing when it makes no scheme."""
        draft = self.draft
        if draft is None:
            return
        before = draft.said, draft.scheme
        try:
            for number, values in found.items():
                draft.put(number - 1, values)
        except RuleBroken as error:
            draft.said, draft.scheme = before
            self.desk.complain(error)
            return
        self.again()

    def again(self) -> None:
        """Show the rows as the draft has them now; the place is kept."""
        table, draft = self.table, self.draft
        if table is None or draft is None:
            return
        rows: dict[int, RuleRow] = {row.id: row for row in rules_of(draft.scheme)}
        if set(rows) == set(table.model.ids):
            for place, number in enumerate(table.model.ids):
                if table.model.values(place) != rows[number]:
                    table.model.change(place, replace(rows[number]))
        else:
            table.show_what()
        self.changed.emit()

    def _refuse(self, words: str) -> None:
        self.desk.complain(RuleBroken(words))

    def edit(self) -> Any:
        """F2: type into the cell, or open the rule."""
        entry = self.entry
        if entry is not None and entry.name(entry.at()[1]) in entry.fields:
            entry.begin()
        elif self.place is not None:
            self.opened.emit(self.place)
