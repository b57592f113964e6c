"""年度服务: how often and how long each member who reported served this year, beside what the office asks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from db.enums import ReportSide, Right
from gridoffice.accounts.rules import may
from gridoffice.errors import RuleBroken
from gridoffice.fields import Field, Kind
from gridoffice.overview.party_year import year_listing
from gridoffice.own_tables import save_own_table
from gridoffice.party.report_rules import ServiceRule, ServiceTable, service_text
from gridoffice.party.reporting import ENOUGH, SERVICE, SHORT, YearRow
from gridoffice.values import parse
from ui.exporting import Exporting, Way
from ui.pages.page import Page
from ui.pages.party_panels import DeedPanel, asked
from ui.widgets.cells import Cell
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import Choice, Input, button, label, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TOLD = frozenset({"party_report", "party_service", "person", "grid", "setting"})
SIDES: dict[str, tuple[str, tuple[ReportSide, ...]]] = {
    "every": ("所有报到的党员", ()),
    "residence": ("居住地报到的党员", (ReportSide.RESIDENCE,)),
    "unit": ("单位报到的党员", (ReportSide.UNIT,)),
}


class RequirementPanel(DeedPanel):
    """服务要求: how often and how long a year asks for."""

    def __init__(self, desk: MainWindow, table: ServiceTable):
        super().__init__(desk, "服务要求", "保存要求")
        rule_ = table.rules[0] if table.rules else ServiceRule(0, Decimal(0), "")
        self.who = Choice([(key, words) for key, (words, _) in SIDES.items()], "要求谁")
        sides = [key for key, (_, some) in SIDES.items() if some == rule_.sides]
        self.who.setCurrentIndex(self.who.findData(sides[0] if sides else "every"))
        self.times = Input("例如：2", name="一年至少几次")
        self.times.setText(str(rule_.times))
        self.hours = Input("例如：8", name="一年至少多少小时")
        self.hours.setText(f"{rule_.hours:f}")
        self.source = Input("例如：街党工发〔2026〕3号", name="依据")
        self.source.setText(rule_.source)
        self.source.setCursorPosition(0)
        back = button("改回随程序的", "arrow-back-up", "link", on_click=self._back)
        self.inside.put_all(
            [
                asked("要求谁", self.who),
                asked("一年至少几次（不要求写 0）", self.times),
                asked("一年至少多少小时（不要求写 0）", self.hours),
                asked("依据", self.source),
                label("两条都写了，就都要满足。", "hint", wrap=True),
                back,
                None,
            ]
        )

    def begin(self) -> None:
        self.times.setFocus()

    def _number(self, line: Input, words: str) -> Decimal:
        found, problems = parse(Field(words, Kind.DECIMAL), line.text() or "0")
        if problems or found is None or not 0 <= found <= 10_000:
            raise RuleBroken(f"{words}写 0 以上的数。")
        return found

    def deed(self) -> tuple[Any, ...]:
        times = self._number(self.times, "次数")
        if times != int(times):
            raise RuleBroken("次数写整数。")
        sides = SIDES[self.who.currentData()][1]
        source = self.source.text().strip() or "本办规定"
        table = ServiceTable((ServiceRule(int(times), self._number(self.hours, "小时数"), source, sides),))
        return save_own_table, SERVICE, service_text(table)

    def _back(self) -> None:
        self.desk.write(self, save_own_table, SERVICE, None, then=self.saved.emit, wrong=self._refused)


class PartyYearPage(Page):
    """A list, worked out; what it asks for is edited beside it."""

    key, words, icon, title = "party-hours", "年度服务", "flag", "党员服务年度统计"
    reached_from = "redline"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._seen: tuple[Any, ...] | None = None
        self.panel: RequirementPanel | None = None
        self.may_edit = may(desk.office.who.role, Right.EDIT_PEOPLE)
        self.exporting = Exporting(desk, self)
        self._export_button = button("导出", "download", keys="Ctrl+E", on_click=self._export)
        ask = button("服务要求", "clipboard-check", "primary", on_click=self._ask)
        ask.setEnabled(self.may_edit)
        if not self.may_edit:
            ask.setToolTip(f"账号“{desk.office.who.display}”只能查看。")
        self.put_head()
        self.put_bar(
            ask,
            self._export_button,
            button("打印", "printer", "quiet", keys="Ctrl+P", on_click=self._print),
            None,
        )
        self.listing = year_listing()
        self.table = ListingTable(
            desk.runner,
            desk.office,
            self.listing,
            widths={"name": 100, "unit": 180, "grids": 220, "missing": 120, "sides": 140, "state": 90},
            dress={"state": self._state},
            ticks=False,
            beside=desk.read,
        )
        self.table.empty_words = "这一年这里还没有党员报到。"
        self.filters = FilterBar(self.table, "找姓名、单位、网格")
        self.main.put(self.filters)
        self.main.put(rule())
        self.main.put((self.table, 1))
        self.setFocusProxy(self.table)
        self.table.counted.connect(self._counted)
        self.table.opened.connect(self._go)
        self.table.failed.connect(desk.complain)
        self.table.copied.connect(lambda words: desk.say(words, can_undo=False))
        self.commands = {
            "find": self.filters.begin,
            "export": self._export,
            "print": self._print,
            "close": self._close,
            "save": lambda: self.panel.save() if self.panel is not None else None,
            "clear": self.table.clear_filters,
            "refresh": self._again,
        }

    @staticmethod
    def _state(_: YearRow, words: str) -> Cell:
        return Cell(words, badge="ok" if words == ENOUGH else "warn")

    def opened(self) -> None:
        now = (self.desk.scope_id, self.desk.day)
        if now != self._seen and self.desk.scope_id is not None:
            self._seen = now
            self.table.show_what(scope=self.desk.scope_id, day=self.desk.day)
            self.desk.read(self, SERVICE.of, then=self._asked, topic="asked")

    def _asked(self, table: ServiceTable) -> None:
        said = "；".join(
            "、".join(
                [*([f"{one.times} 次"] if one.times else []), *([f"{one.hours:f} 小时"] if one.hours else [])]
            )
            for one in table.rules
        )
        wanted = f"一年至少 {said}" if said else "没有要求"
        self.head_facts.setText(f"{self.desk.scope_name}·{self.desk.day.year} 年·{wanted}")
        self.filters.suggest([("还差的", lambda: self.table.filter_by("state", (SHORT,)))])

    def _again(self) -> None:
        self._seen = None
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.opened()

    def day_changed(self) -> None:
        self._close()
        self._seen = None
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if not changes or changes.keys() & TOLD:
            self._seen = None
            if self.desk.page is self:
                self.opened()

    def _counted(self, count: int) -> None:
        self.show_facts([f"{self.desk.scope_name} {count} 名党员"])

    def _go(self, number: int) -> None:
        """Whoever is opened is looked up among those who reported."""
        line = self.table.model.values(self.table.model.ids.index(number))
        if isinstance(line, YearRow):
            self.desk.go("party-reports", search=line.name)

    # beside it

    def _ask(self) -> None:
        if self.may_edit and self.desk.may_change():
            self.desk.read(self, SERVICE.of, then=self._edit, topic="edit")

    def _edit(self, table: ServiceTable) -> None:
        self._close()
        self.panel = RequirementPanel(self.desk, table)
        self.panel.closed.connect(self._close)
        self.panel.saved.connect(lambda _: self._close())
        self.set_side(self.panel)
        self.panel.begin()

    def _close(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            self.table.setFocus()  # before what has the keyboard goes away
            self.set_side(None)
            panel.deleteLater()

    # out

    def _print(self) -> None:
        self.desk.go("documents", report="party-hours")

    def _export(self) -> None:
        name = f"{self.desk.scope_name}{self.title}{self.desk.day.isoformat()}"
        way = Way("ui.export_jobs:export_party_year", (), self.listing.title, name)
        self.exporting.offer(self.table, way, self._export_button)
