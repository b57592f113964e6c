"""队伍变化: who came and went, how old, how long, how schooled the team is; each picture leads to its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from gridoffice.grids.naming import short
from gridoffice.listing import Filter
from gridoffice.overview.team_lists import (
    Picture,
    due_listing,
    movements_listing,
    picture,
    serving_listing,
)
from gridoffice.reports import REPORTS, Wish
from ui import dialogs
from ui.exporting import Exporting, way_of
from ui.pages.page import Page
from ui.pages.turnover_looks import DRESSES, GOING, WIDTHS, brief, lines
from ui.theme import look
from ui.widgets import charts
from ui.widgets.chart_data import data_button
from ui.widgets.count_tabs import CountTab, CountTabs
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import Label, button, column, label, row, rule, scrolled

if TYPE_CHECKING:
    from ui.main_window import MainWindow

PICTURES, SERVING, MOVED, DUE = range(4)
REPORT = ("turnover", "team", "movements", "due")
"""What each tab prints as."""
TOLD = frozenset({"grid", "post", "person"})
LISTS = (
    (serving_listing(), "这里没有人在岗。", "找姓名、拼音、网格、用工单位"),
    (movements_listing(), "近 12 个月没有人进出。", "找姓名、拼音、网格、原因"),
    (due_listing(), "90 天内没有合同到期，也没有人满周年。", "找姓名、拼音、网格"),
)
"""Each list, what it says when it is empty, and what can be looked for in it."""
CARD, TALL = 340, 232
"""The least width of a card and its height, design pixels."""


class TurnoverPage(Page):
    """Six pictures, and the three lists they lead to."""

    key, words, icon, title = "turnover", "队伍变化", "users", "队伍变化"
    reached_from = "workers"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._seen: tuple[Any, ...] | None = None
        self._said: Picture | None = None
        self._counts = [0, 0, 0, 0]
        self._wanted: tuple[Filter, ...] | None = None
        self.put_head()
        self.exporting = Exporting(desk, self)
        self._export_button = button("导出", "download", keys="Ctrl+E", on_click=self._export)
        self.put_bar(
            button("打印", "printer", keys="Ctrl+P", on_click=self._print),
            self._export_button,
            None,
        )
        self.tabs = CountTabs()
        self.tabs.picked.connect(self._turn)
        self.main.put(self.tabs)
        self._make_charts()
        self.stack = QStackedWidget()
        self._pictures = scrolled(self._cards)
        to_roster = button("去花名册", "users", on_click=lambda: desk.go("workers"))
        words = label("近 12 个月这里没有人在岗。", "fact")
        self._nobody = column(None, row(None, words, None), row(None, to_roster, None), None, gap=12)
        self._nobody.hide()
        self.stack.addWidget(column((self._nobody, 1), (self._pictures, 1), gap=0))
        self._holders = [column(gap=0) for _ in LISTS]
        for holder in self._holders:
            self.stack.addWidget(holder)
        self.tables: dict[int, ListingTable] = {}
        self.filters: dict[int, FilterBar] = {}
        self.main.put((self.stack, 1))
        self.commands = {
            "find": lambda: self.filters[self._tab].begin() if self._listed else None,
            "print": self._print,
            "export": self._export,
            "close": self._close,
            "clear": lambda: self.table.clear_filters() if self._listed else None,
            "refresh": self._again,
        }
        self._show_tabs()

    def _make_charts(self) -> None:
        self.moves = charts.BarChart("每月来和走的人数", series=("来", "走"))
        self.rates = charts.BarChart("每月流失率")
        self.full = charts.ScrolledBars(charts.BarChart("各片专职率", series=("一年前", "现在")), pitch=52)
        self.ages = charts.BarChart("年龄结构")
        self.tenures = charts.BarChart("任职年限")
        self.schoolings = charts.BarChart("学历结构")
        self.moves.picked.connect(lambda place: self._month(place, ()))
        self.rates.picked.connect(lambda place: self._month(place, GOING))
        self.full.chart.picked.connect(self._area)
        for chart, name in (
            (self.ages, "age_band"),
            (self.tenures, "tenure_band"),
            (self.schoolings, "schooling"),
        ):
            chart.picked.connect(lambda place, name=name: self._band(name, place))
        series = charts.Key((("chart3", "来"), ("accent", "走")))
        years = charts.Key((("chart3", "一年前"), ("accent", "现在")))
        self._cards = QWidget()
        self._grid = QGridLayout(self._cards)
        self._said_at: dict[str, Label] = {}
        self._made: list[QWidget] = []
        for name, chart, *after in (
            ("每月进出", self.moves, series),
            ("流失率", self.rates),
            ("各片专职率", self.full, years),
            ("年龄结构", self.ages),
            ("任职年限", self.tenures),
            ("学历结构", self.schoolings),
        ):
            data = data_button(name, lambda name=name: self._data(name))
            made, said = charts.chart_card(name, "", chart, *after, data)
            assert isinstance(said, Label)
            self._said_at[name] = said
            self._made.append(made)
        self.rearranged.connect(self._lay_out)

    def _lay_out(self) -> None:
        """As many cards in a row as there is room for, three at most."""
        px = look.px
        across = max(1, min(3, (self.main.width() - px(40)) // px(CARD)))
        self._grid.setContentsMargins(px(20), px(12), px(20), px(12))
        self._grid.setSpacing(px(12))
        for place, made in enumerate(self._made):
            made.setMinimumHeight(px(TALL))
            self._grid.addWidget(made, place // across, place % across)
        for place in range(3):
            self._grid.setColumnStretch(place, 1 if place < across else 0)

    def _list(self, tab: int) -> ListingTable:
        """The list of a tab, made when it is first turned to."""
        if tab not in self.tables:
            listing, empty, finder = LISTS[tab - 1]
            table = self.tables[tab] = ListingTable(
                self.desk.runner,
                self.desk.office,
                listing,
                dress=DRESSES[tab - 1],
                widths=dict(WIDTHS[tab - 1]),
                ticks=False,
                beside=self.desk.read,
            )
            self.filters[tab] = FilterBar(table, finder)
            table.empty_words = empty
            table.opened.connect(lambda number: self._open(tab - 1, number))
            table.counted.connect(lambda count: self._counted(tab, count))
            table.copied.connect(lambda words: self.desk.say(words, can_undo=False))
            table.failed.connect(self.desk.complain)
            self._holders[tab - 1].put_all([self.filters[tab], rule(), (table, 1)])
        return self.tables[tab]

    @property
    def _tab(self) -> int:
        return self.stack.currentIndex()

    @property
    def _listed(self) -> bool:
        """Whether a list is shown, not the pictures."""
        return self._tab != PICTURES

    @property
    def table(self) -> ListingTable:
        """The list of the tab that is shown."""
        return self._list(self._tab)

    # asking

    def opened(self) -> None:
        asked = (self.desk.scope_id, self.desk.day)
        if asked != self._seen and (self.desk.scope_id is not None or self.desk.scope.model.loaded_once):
            self._seen = asked
            self._close()
            self.desk.read(self, picture, *asked, then=self._show, topic="picture", heavy=True)
            for table in self.tables.values():
                table.forget()
            if self._listed:
                self._ask()

    def _ask(self) -> None:
        """The list that is shown: the others are asked for when they are turned to."""
        self.table.show_what(scope=self.desk.scope_id, day=self.desk.day)

    def _again(self) -> None:
        self._seen = None
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.opened()

    def day_changed(self) -> None:
        self._seen = None
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes and not changes.keys() & TOLD:
            return
        self._seen = None
        if self.desk.page is self:
            self.opened()

    def arrive(self, where: Mapping[str, Any]) -> None:
        self._turn(where.get("tab", PICTURES))
        if "filters" in where and self._listed:
            self.table.show_what(filters=tuple(where["filters"]))

    def _counted(self, tab: int, count: int) -> None:
        if self._tab == tab:
            self.show_facts([f"{self.desk.scope_name} {count} {self.tables[tab].listing.unit}"])

    def _show_tabs(self) -> None:
        words = ("变化", "在岗", "进出", "到期和周年")
        icons = ("list-details", "users", "arrows-exchange", "clock")
        counts = (6, *self._counts[1:])
        self.tabs.show_tabs(
            [
                CountTab(word, (icon, "text2"), count)
                for word, icon, count in zip(words, icons, counts, strict=True)
            ],
            self._tab if hasattr(self, "stack") else PICTURES,
        )

    def _turn(self, place: int) -> None:
        self._close()
        self.stack.setCurrentIndex(place)
        self.setFocusProxy(self._list(place) if place else self.tabs)
        self._show_tabs()
        if place and self.table.loaded:
            self._counted(place, len(self.table.model.ids))
        elif place:
            self._ask()

    # the pictures

    def _show(self, said: Picture) -> None:
        self._said = said
        found, whole = said.turnover, said.turnover.whole
        ever = bool(said.serving or whole.joined or whole.left)
        self._nobody.setVisible(not ever)
        self._pictures.setVisible(ever)
        self._counts = [0, said.serving, whole.joined + whole.left, said.due]
        self.head_facts.setText(
            f"{self.desk.scope_name}·{found.day.isoformat()}·在岗 {said.serving} 人，近 12 个月来 {whole.joined} 人、"
            f"走 {whole.left} 人"
        )
        self.moves.show_bars(
            [
                charts.Bar(f"{one.start.month}月", one.left, one.joined, words=f"{one.joined}/{one.left}")
                for one in found.months
            ]
        )
        self._say(
            "每月进出", f"{whole.before} 人到 {whole.after} 人，来 {whole.joined} 人，走 {whole.left} 人"
        )
        self.rates.show_bars(
            [
                charts.Bar(
                    f"{one.start.month}月",
                    one.rate or 0,
                    words=f"{one.rate or 0:.1f}",
                    current=one.end == found.day,
                )
                for one in found.months
            ]
        )
        rate = (
            f"近 12 个月 {whole.rate}%：走的人 ÷ 期初期末平均人数"
            if whole.rate is not None
            else "还没有人在岗"
        )
        self._say("流失率", rate)
        self.full.show_bars(
            [
                charts.Bar(
                    short(one.name),
                    one.change.full_time or 0,
                    one.rates[0] or 0,
                    words=f"{one.change.full_time or 0:.0f}",
                )
                for one in found.areas
            ]
        )
        first, last = found.months[0].full_time, found.months[-1].full_time
        told = f"全部 {last}%" if last is not None else "没有人在岗"
        self._say("各片专职率", f"{told}，一年前 {first}%" if first is not None else told)
        for chart, bands in (
            (self.ages, said.ages),
            (self.tenures, said.tenures),
            (self.schoolings, said.schoolings),
        ):
            chart.show_bars([charts.Bar(brief(words), count) for words, count in bands])
        for name, bands in (
            ("年龄结构", said.ages),
            ("任职年限", said.tenures),
            ("学历结构", said.schoolings),
        ):
            most = max(bands, key=lambda one: one[1])
            share = f"，占 {100 * most[1] / said.serving:.0f}%" if said.serving else ""
            self._say(name, f"{most[0]}最多，{most[1]} 人{share}" if most[1] else "没有人在岗")
        self._show_tabs()

    def _say(self, name: str, words: str) -> None:
        self._said_at[name].setText(words)

    def _month(self, place: int, ways: Sequence[str]) -> None:
        """The rows of a month: who came and went, or only who went."""
        if self._said is None:
            return
        months = self._said.turnover.months
        if place < len(months):
            self._turn(MOVED)
            filters = [Filter("month", (f"{months[place].start:%Y-%m}",))]
            filters += [Filter("way", tuple(ways))] if ways else []
            self.table.show_what(filters=tuple(filters), search="")

    def _area(self, place: int) -> None:
        if self._said is not None and place < len(self._said.turnover.areas):
            self.desk.scope.choose(self._said.turnover.areas[place].grid_id)

    def _band(self, name: str, place: int) -> None:
        bands = {"age_band": "ages", "tenure_band": "tenures", "schooling": "schoolings"}
        found = getattr(self._said, bands[name]) if self._said is not None else ()
        if place < len(found):
            self._turn(SERVING)
            self.table.show_what(filters=(Filter(name, (found[place][0],)),), search="")

    def _data(self, name: str) -> list[tuple[str, str]]:
        """A picture's numbers in words."""
        return lines(name, self._said) if self._said is not None else []

    # one of the rows

    def _open(self, place: int, number: int) -> None:
        post = number if place == SERVING - 1 else number // 2
        self.desk.go("workers", show=post)

    def _close(self) -> None:
        if self.side is not None:
            self.set_side(None)

    # out

    def _print(self) -> None:
        self.desk.go("documents", report=REPORT[self._tab])

    def _export(self) -> None:
        report = REPORTS[REPORT[self._tab]]
        if self._listed:
            name = f"{self.desk.scope_name}{report.title}{self.desk.day.isoformat()}"
            self.exporting.offer(self.table, way_of(self.table.listing, name), self._export_button)
            return
        name = f"{self.desk.scope_name}{report.title}{self.desk.day.isoformat()}.xlsx"
        target = dialogs.save_file(self, "导出", Path.home() / name, "Excel 文件 (*.xlsx)")
        if target is not None:
            self.desk.work(
                self,
                "gridoffice.reports:report_book",
                report.key,
                Wish(scope=self.desk.scope_id, day=self.desk.day),
                target,
                then=lambda count: self.desk.say(f"已导出 {count} 行到“{target.name}”。", can_undo=False),
            )
