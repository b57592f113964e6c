"""规范核对: what does not fit the norms and what to do about it; each community beside what it calls for;
a split or a merge tried on paper before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.fields import of_persons
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import short
from gridoffice.grids.pack import Pack
from gridoffice.leaving import purpose_of
from gridoffice.overview.redivision import (
    FindingRow,
    Spread,
    findings_listing,
    spread,
)
from gridoffice.overview.staffing import Staffed, StaffingRow, staffed, staffing_listing
from gridoffice.overview.topics import Topic
from gridoffice.reports import REPORTS, Wish
from ui import dialogs
from ui.pages.grid_changes import GridChanges
from ui.pages.norm_cards import (
    FINDING_DRESS,
    FINDING_WIDTHS,
    PLACE_DRESS,
    PLACE_WIDTHS,
    put_finding,
    put_place,
    put_trials,
    span_words,
)
from ui.pages.party_ways import FOR_PARTY, to_party
from ui.pages.told_page import Telling
from ui.widgets import charts
from ui.widgets.count_tabs import CountTab, CountTabs
from ui.widgets.drawer import body
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import button, column, row, rule, size
from ui.widgets.purpose import PurposeLine

if TYPE_CHECKING:
    from ui.main_window import MainWindow

FINDINGS, STAFFING = 0, 1
TOLD = frozenset(
    {
        *("grid", "post", "person", "setting", "party_org", "party_link", "certificate", "training"),
        *("grid_plan", "issue", "org_seat", "attendance"),
    }
)


DRAWN = 30
"""So many communities the picture has room for; the list below it has them all."""


class NormsPage(Telling):
    """Two lists of one office: findings, and communities with their staffing below two charts."""

    key, words, icon, title = "norms", "规范核对", "clipboard-check", "规范核对"
    reached_from = "grids"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.may_edit = may(desk.office.who.role, Right.EDIT_GRIDS)
        self._counts = [0, 0]
        self._seen: tuple[Any, ...] | None = None
        self.put_head()
        self.purpose = PurposeLine(across=True)
        self.put_bar(
            button("打印", "printer", keys="Ctrl+P", on_click=self._print),
            button("导出 Excel", "table-export", keys="Ctrl+E", on_click=self._export),
            None,
            self.purpose,
        )
        self.tabs = CountTabs()
        self.tabs.picked.connect(self._turn)
        self.main.put(self.tabs)
        self.findings = self._table(findings_listing(), FINDING_DRESS, FINDING_WIDTHS)
        self.findings.empty_words = "没有不合规范的地方。"
        self.filters = FilterBar(self.findings, "找网格、问题")
        self.places = self._table(staffing_listing(), PLACE_DRESS, PLACE_WIDTHS)
        self.spread = charts.BarChart("各网格户数", width=0.62)
        self.staffing = charts.ScrolledBars(charts.BarChart("各村（社区）配备", series=("应配", "实有")))
        spread_card, self._spread_said = charts.chart_card("户数分布", "", self.spread)
        staff_card, self._staff_said = charts.chart_card(
            "各村（社区）配备", "", self.staffing, charts.Key((("chart3", "应配"), ("accent", "实有")))
        )
        self.staffing.chart.picked.connect(self._pick_bar)
        pictures = row((spread_card, 1), (staff_card, 1), gap=12, margins=(20, 12, 20, 12))
        size(pictures, height=248)
        self.stack = QStackedWidget()
        self.stack.addWidget(column(self.filters, rule(), (self.findings, 1), gap=0))
        self.stack.addWidget(column(pictures, rule(), (self.places, 1), gap=0))
        self.main.put((self.stack, 1))
        self.setFocusProxy(self.findings)
        self._drawn: Sequence[StaffingRow] = ()
        self.changes = GridChanges(desk, self, desk.office.read(office_pack), self._changed)
        self.commands = {
            "find": self.filters.begin,
            "print": self._print,
            "export": self._export,
            "close": self._close,
            "save": self._save,
            "clear": self.findings.clear_filters,
            "refresh": self._again,
        }
        self._show_tabs()
        self._propose()

    def _table(self, listing: Any, dress: dict[str, Any], widths: dict[str, float]) -> ListingTable:
        made = ListingTable(
            self.desk.runner,
            self.desk.office,
            listing,
            dress=dress,
            widths=widths,
            ticks=False,
            beside=self.desk.read,
        )
        self.attend(made)
        made.counted.connect(lambda count: self._counted(made, count))
        made.copied.connect(lambda words: self.desk.say(words, can_undo=False))
        made.failed.connect(self.desk.complain)
        return made

    @property
    def table(self) -> ListingTable:
        """The list of the tab that is shown."""
        return (self.findings, self.places)[self.stack.currentIndex()]

    # asking

    def opened(self) -> None:
        asked = (self.desk.scope_id, self.desk.day)
        if asked != self._seen and self.desk.scope_id is not None:
            self._seen = asked
            self.findings.show_what(scope=self.desk.scope_id, day=self.desk.day)
            self._read_charts()
            self.places.show_what(scope=self.desk.scope_id, day=self.desk.day)

    def _again(self) -> None:
        self._seen = None
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self._close()
            self.opened()

    def day_changed(self) -> None:
        self.changes.drop()
        self._seen = None
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes and not changes.keys() & TOLD:
            return
        self._seen = None
        if "setting" in changes:
            self.desk.read(self, office_pack, then=self._pack_is, topic="pack")
        if self.desk.page is self:
            self.opened()

    def _pack_is(self, pack: Pack) -> None:
        self.changes.pack = pack

    def arrive(self, where: Mapping[str, Any]) -> None:
        self._turn(where.get("tab", FINDINGS))
        if "topic" in where:
            self.findings.filter_by("topic", (Topic(where["topic"]).label,))

    def _read_charts(self) -> None:
        scope, day = self.desk.scope_id, self.desk.day
        self.desk.read(self, spread, scope, day, then=self._show_spread, topic="spread", heavy=True)
        self.desk.read(
            self, staffed, scope, day, DRAWN, then=self._show_staffing, topic="staffing", heavy=True
        )

    def _counted(self, table: ListingTable, count: int) -> None:
        if not table.ask.filters and not table.ask.search:
            self._counts[FINDINGS if table is self.findings else STAFFING] = count
        self._show_tabs()
        if table is self.table:
            self.show_facts([f"{self.desk.scope_name} {count} {table.listing.unit}"])
        self.head_facts.setText(
            f"{self.desk.scope_name}·{self.desk.day.isoformat()}·{self._counts[FINDINGS]} 处要看"
        )

    def _show_tabs(self) -> None:
        self.tabs.show_tabs(
            [
                CountTab("要看的问题", ("alert-triangle", "warn"), self._counts[FINDINGS]),
                CountTab("配备和划分", ("users", "text2"), self._counts[STAFFING]),
            ],
            self.stack.currentIndex() if hasattr(self, "stack") else FINDINGS,
        )

    def _turn(self, place: int) -> None:
        self._close()
        self.stack.setCurrentIndex(place)
        self.tabs.current = place
        self.tabs.update()
        self.setFocusProxy(self.table)
        self._counted(self.table, len(self.table.model.ids))
        self._propose()

    def _propose(self) -> None:
        """What is found names persons; how posts are filled does not."""
        title, personal = REPORTS[self._report()].title, of_persons(self.table.listing.columns)
        self.purpose.propose(purpose_of(self.desk.office, title) if personal else None)

    # charts

    def _show_spread(self, seen: Spread | None) -> None:
        if seen is None:
            self._spread_said.setText("这个治理模式不按户数比大小。")  # type: ignore[attr-defined]
            self.spread.show_bars([])
            return
        low, high = seen.norm
        parts = [f"标准 {low}–{high} 户，{seen.inside} 个合适"]
        parts += [f"{seen.above} 个过大"] if seen.above else []
        parts += [f"{seen.below} 个过小"] if seen.below else []
        parts += [f"{seen.unknown} 个没填户数"] if seen.unknown else []
        self._spread_said.setText("，".join(parts))  # type: ignore[attr-defined]
        fit = [place for place, (low_, high_, _) in enumerate(seen.bins) if seen.fits(low_, high_)]
        self.spread.show_bars(
            [
                charts.Bar(span_words(low_, high_), count, alarm=bool(count) and place not in fit)
                for place, (low_, high_, count) in enumerate(seen.bins)
            ],
            (fit[0], fit[-1]) if fit else None,
        )

    def _show_staffing(self, seen: Staffed) -> None:
        self._drawn = seen.drawn
        self._staff_said.setText(seen.words or "这个治理模式没有写应配人数。")  # type: ignore[attr-defined]
        self.staffing.show_bars(
            [
                charts.Bar(
                    short(one.place),
                    one.present,
                    one.required,
                    alarm=one.gap > 0,
                    words=f"缺 {one.gap}" if one.gap else str(one.present),
                )
                for one in self._drawn
            ]
        )

    def _pick_bar(self, place: int) -> None:
        if place < len(self._drawn):
            self._open(self._drawn[place].id)
            self.places.go_to(self._drawn[place].id)

    # the drawer

    def list_shown(self) -> ListingTable:
        return self.table

    def _open(self, number: int) -> None:
        self.changes.drop()
        super()._open(number)

    def tell(self, line: FindingRow | StaffingRow) -> None:
        if isinstance(line, FindingRow):
            self._show_finding(line)
        else:
            self._show_place(line)

    def _show_finding(self, line: FindingRow) -> None:
        self.drawer.name(line.grid, line.topic)
        made = body()
        put_finding(made, line)
        if self.may_edit and not self.desk.past and line.about in (Topic.SIZE, Topic.HOURS):
            put_trials(made, self.desk, self.changes, line.grid_id)
        made.put(None)
        self.drawer.fill(made)
        self.drawer.act(
            button(line.about.errand, "arrow-right", "primary", on_click=lambda: self._go(line)), None
        )

    def _go(self, line: FindingRow) -> None:
        """The place where it is put right."""
        if line.about is Topic.PLANNED:
            self.desk.go("grids", waiting=True)
        elif line.about is Topic.ISSUE:
            self.desk.scope.choose(line.grid_id)
            self.desk.go("grid-issues", late=True)
        elif line.about is Topic.CERTIFICATE:
            self.desk.scope.choose(line.grid_id)
            self.desk.go("certificates", ending=True)
        elif line.about in FOR_PARTY:
            to_party(self.desk, line.about, line.grid_id, line.person)
        elif line.post_id is not None:
            self.desk.go("workers", show=line.post_id)
        else:
            self.desk.go("grids", show=line.grid_id)

    def _show_place(self, line: StaffingRow) -> None:
        self.drawer.name(line.place, "配备和划分")
        made = body()
        put_place(made, line, self.places.listing.columns)
        made.put(None)
        self.drawer.fill(made)
        self.drawer.act(
            button("看这里的问题", "alert-triangle", on_click=lambda: self._into(line.id)),
            button("看这里的网格", "sitemap", on_click=lambda: self._grids_of(line.id)),
            None,
        )

    def _into(self, grid_id: int) -> None:
        self._turn(FINDINGS)
        self.desk.scope.choose(grid_id)

    def _grids_of(self, grid_id: int) -> None:
        self.desk.scope.choose(grid_id)
        self.desk.go("grids")

    def _save(self) -> None:
        if self.changes.panel is not None:
            self.changes.panel.save()

    def _changed(self, _grid: int | None) -> None:
        """A draft was saved or given up: what was looked at comes back."""
        self.set_side(None)
        if self._shown is not None and self._shown in self.table.model.ids:
            self._open(self._shown)
        self.table.setFocus()

    def _close(self) -> None:
        if self.changes.panel is not None:
            self.changes.close()
        else:
            super()._close()

    # out

    def _report(self) -> str:
        return ("findings", "staffing")[self.stack.currentIndex()]

    def _print(self) -> None:
        self.desk.go("documents", report=self._report())

    def _export(self) -> None:
        report = REPORTS[self._report()]
        name = f"{self.desk.scope_name}{report.title}{self.desk.day.isoformat()}.xlsx"
        target = dialogs.save_file(self, "导出", Path.home() / name, "Excel 文件 (*.xlsx)")
        if target is not None:
            self.desk.work(
                self,
                "gridoffice.reports:report_book",
                report.key,
                Wish(scope=self.desk.scope_id, day=self.desk.day, reason=self.purpose.said()),
                target,
                then=lambda count: self.desk.say(f"已导出 {count} 行到“{target.name}”。", can_undo=False),
            )
