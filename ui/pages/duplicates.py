"""重复人员: pairs of records that may be one person, compared field by field, made one or told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.overview.look_alikes import PairRow, SideBySide, look_alikes, side_by_side
from gridoffice.people.duplicates import tell_apart
from gridoffice.people.merging import merge_people
from ui.pages.page import Page, unless_gone
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.drawer import Drawer, body
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import button, column, rule
from ui.widgets.side_by_side import Comparison, told

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDE = 480
"""Two values side by side need more room than one."""
TABLES = frozenset({"person", "post", "not_twins", "certificate", "party_member", "attachment"})


class DuplicatesPage(Page):
    """The pairs, and one of them in the drawer."""

    key, words, icon, title = "duplicates", "重复人员", "users", "可能重复的人"
    tab = "重复"
    reached_from = "workers"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.may_edit = may(desk.office.who.role, Right.EDIT_PEOPLE)
        self.listing = look_alikes()
        self._pair: tuple[int, int] | None = None
        self.comparison: Comparison | None = None
        self.put_head()
        self.table = ListingTable(
            desk.runner,
            desk.office,
            self.listing,
            columns=self.listing.columns,
            widths={"name": 112, "reason": 200, "kept": 380, "dropped": 380},
            ticks=False,
            dress={
                "reason": lambda _, text: Cell(text),
                "kept": lambda _, text: Cell(text, tone="text2"),
                "dropped": lambda _, text: Cell(text, tone="text2"),
            },
            beside=desk.read,
        )
        self.table.empty_words = "没有看起来重复的人。"
        self.table.empty_buttons = lambda: [button("看所有人员", "users", on_click=lambda: desk.go("people"))]
        self.filters = FilterBar(self.table, "找姓名")
        self.main.put(self.filters)
        self.main.put(rule())
        self.main.put((self.table, 1))
        self.setFocusProxy(self.table)
        self.table.counted.connect(self._counted)
        self.table.opened.connect(self._open)
        self.table.moved.connect(lambda number: self._open(number) if self._pair is not None else None)
        self.drawer = Drawer((), WIDE)
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._step)
        self.commands = {
            "find": self.filters.begin,
            "close": self._close,
            "save": self.merge,
            "refresh": self.table.refresh,
        }

    # the list

    def opened(self) -> None:
        self.table.show_what(day=self.desk.day)

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes.keys() & TABLES:
            self.table.forget()
            if self.desk.page is self:
                self.opened()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "pair" in where:
            self._ask(tuple(where["pair"]))

    def _counted(self, count: int) -> None:
        self.head_facts.setText(f"{count} 对，最像的在前面" if count else "")
        self.show_facts([f"可能重复 {count} 对"])

    # one pair

    def _open(self, number: int) -> None:
        def arrived(found: PairRow) -> None:
            self.table.model.mark(number)
            self._ask((found.keep, found.drop))

        self.table.with_line(number, arrived)

    def _ask(self, pair: tuple[int, int]) -> None:
        self._pair = pair
        self.set_side(self.drawer)
        self.desk.read(
            self,
            side_by_side,
            *pair,
            then=self._show,
            topic="sides",
            wrong=unless_gone(self.desk, self._close),
        )

    def _show(self, said: SideBySide) -> None:
        if self._pair != (said.merging.keep, said.merging.drop):
            return
        self.drawer.name(said.kept.name, "这两条是不是同一个人？")
        self.comparison = Comparison(said)
        made = body()
        refused = said.merging.refused
        if refused:
            made.put(note("err", refused))
        elif said.merging.numbers:
            made.put(note("warn", "身份证号只差一处，多半是抄错。说明哪个对，就能合并。"))
        made.put(self.comparison)
        self._verdict = column(gap=0)
        made.put(self._verdict)
        if not refused:
            made.put(told(said))
        made.put(None)
        self.drawer.fill(made)
        if not self.may_edit or self.desk.past:
            self.drawer.act()
            return
        join = button("合并成一个人", "check", "primary", keys="Ctrl+S", on_click=self.merge)
        swap = button("换边", "arrows-exchange", tip="留下另一条", on_click=self._swap)
        apart = button("不是同一个人", "x", tip="记下来，以后不再提示", on_click=self._apart)
        self.drawer.act(*([swap] if refused else [join, swap]), apart, None)

    def _swap(self) -> None:
        if self._pair is not None:
            self._ask((self._pair[1], self._pair[0]))

    def merge(self) -> None:
        """Make the two that are compared one."""
        if self._pair is None or self.comparison is None or not self.may_edit:
            return
        if not self.desk.may_change() or self.comparison.said.merging.refused:
            return
        if lacks := self.comparison.lacks():
            self._verdict.clear()
            self._verdict.put(note("err", lacks))
            return
        self.desk.write(
            self,
            merge_people,
            *self._pair,
            self.comparison.taken(),
            self.comparison.reason.text(),
            then=lambda _: self._next(),
        )

    def _apart(self) -> None:
        if self._pair is not None and self.desk.may_change():
            self.desk.write(self, tell_apart, *self._pair, then=lambda _: self._next())

    def _next(self) -> None:
        """On to the pair that took the place of the one that is done; none is left when the list is empty."""
        row = max(0, self.table.view.currentIndex().row())
        self._close()

        def onward(count: int) -> None:
            self.table.counted.disconnect(onward)
            if count:
                self._open(self.table.model.ids[min(row, count - 1)])

        self.table.counted.connect(onward)

    def _step(self, step: int) -> None:
        row = self.table.view.currentIndex().row() + step
        if 0 <= row < len(self.table.model.ids):
            self.table.go_to(self.table.model.ids[row])
            self._open(self.table.model.ids[row])

    def _close(self) -> None:
        if self.side is None:
            return
        self._pair, self.comparison = None, None
        self.table.model.mark(None)
        self.set_side(None)
        self.table.setFocus()
