"""技能等级: who holds which level of 城市管理网格员, who may go for the next one and when; by what rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent

from db.enums import SkillLevel
from gridoffice.grids.naming import short
from gridoffice.listing import Filter
from gridoffice.overview.skills import Skilled, SkillRow, skilled, skills_listing
from gridoffice.qualifications.rules import Going
from ui.pages.skill_rules import SkillRulesPanel
from ui.pages.told_page import ToldPage
from ui.theme import look
from ui.widgets import charts
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.chart_data import data_button
from ui.widgets.drawer import body
from ui.widgets.form import facts
from ui.widgets.models import Dress
from ui.widgets.parts import Child, button, column, label, row, size

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TOLD = frozenset({"grid", "post", "person", "certificate", "setting"})
TALL = 720
"""A window lower than this keeps its room for the list: the charts are folded away."""
SIGNS = {Going.NOW: "ok", Going.UNKNOWN: "warn"}
NONE_YET = "未持证"
WIDTHS = {
    "name": 112,
    "area": 120,
    "grid": 200,
    "title": 112,
    "level": 124,
    "issued": 112,
    "following": 124,
    "going": 124,
    "opens": 112,
    "reason": 420,
}
SHOWN = ("name", "going", "following", "opens", "level", "grid", "reason", "title", "issued", "area")


def standing(_: SkillRow, found: Going) -> Cell:
    badge = SIGNS.get(found, "")
    return Cell(found.label, badge=badge) if badge else Cell(found.label, tone="text2")


class SkillsPage(ToldPage):
    """Two charts and, below them, everybody who serves."""

    key, words, icon, title = "skills", "技能等级", "clipboard-check", "技能等级"
    reached_from = "workers"
    listing = skills_listing()
    shown = SHOWN
    tables = TOLD
    report = "skills"
    empty = "这里还没有人在岗。"
    finder = "找姓名、拼音、网格、依据"
    widths = WIDTHS

    def __init__(self, desk: MainWindow):
        self._seen: Skilled | None = None
        self._folded: bool | None = None
        super().__init__(desk)
        self.commands["edit"] = self.show_rules
        self._fold()

    def first(self) -> Sequence[Child]:
        tip = "每一级要满足什么，可以改"
        return (button("申报条件", "clipboard-check", "primary", tip=tip, on_click=self.show_rules),)

    def views(self) -> Sequence[Child]:
        self._fold_button = button("", "", "quiet", on_click=self._fold_by_hand)
        return (self._fold_button,)

    def above(self) -> Sequence[Child]:
        self.held = charts.ScrolledBars(charts.BarChart("各村（社区）持证率", width=0.62), pitch=56)
        self.levels = charts.BarChart("等级结构", width=0.62)
        held_card, self._held_said = charts.chart_card(
            "各村（社区）持证率", "", self.held, data_button("各村（社区）持证率", self._area_lines)
        )
        level_card, self._level_said = charts.chart_card(
            "等级结构", "", self.levels, data_button("等级结构", self._level_lines)
        )
        self.held.chart.picked.connect(self._pick_area)
        self.levels.picked.connect(self._pick_level)
        self.pictures = row((held_card, 3), (level_card, 2), gap=12, margins=(20, 4, 20, 12))
        size(self.pictures, height=232)
        return (self.pictures,)

    def dress(self) -> dict[str, Dress]:
        quiet: Dress = lambda _, text: Cell(text, tone="text2")  # noqa: E731
        return {"going": standing, "grid": quiet, "area": quiet, "reason": quiet}

    def read_more(self) -> None:
        asked = (self.desk.scope_id, self.desk.day)
        self.desk.read(self, skilled, *asked, then=self._show, topic="skilled", heavy=True)

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "going" in where:
            where = {**where, "filters": (Filter("going", (Going(where["going"]),)),)}
        super().arrive(where)

    # charts

    def _show(self, seen: Skilled) -> None:
        self._seen = seen
        rate = f"{100 * seen.holders / seen.people:.1f}%" if seen.people else ""
        least = min(seen.areas, key=lambda one: one.rate, default=None)
        worst = f"，{least.area}最低，{least.rate}%" if least is not None and len(seen.areas) > 1 else ""
        words = f"{seen.people} 人里 {seen.holders} 人持证，{rate}{worst}" if seen.people else "还没有人在岗"
        self._held_said.setText(words)  # type: ignore[attr-defined]
        self._level_said.setText(f"{seen.may_go} 人现在可以申报下一级")  # type: ignore[attr-defined]
        self.held.show_bars(
            [charts.Bar(short(one.area), one.rate, words=f"{one.rate}%") for one in seen.areas]
        )
        self.levels.show_bars(
            [charts.Bar(self._level_words(level)[:2], count) for level, count in seen.levels[1:]]
        )
        chips: list[tuple[str, Any]] = []
        if seen.may_go:
            words = f"{Going.NOW.label} {seen.may_go}"
            chips.append((words, lambda: self.table.filter_by("going", (Going.NOW,))))
        without = dict(seen.levels)[None]
        if without:
            chips.append((f"{NONE_YET} {without}", lambda: self.table.filter_by("level", (None,))))
        self.filters.suggest(chips)

    @staticmethod
    def _level_words(level: SkillLevel | None) -> str:
        return level.label if level is not None else NONE_YET

    def _area_lines(self) -> list[tuple[str, str]]:
        areas = self._seen.areas if self._seen is not None else ()
        found = []
        for one in areas:
            levels = "·".join(f"{level.label[:2]} {count}" for level, count in one.levels if count)
            words = f"{one.holders}/{one.people} 人　{one.rate}%"
            found.append((one.area, f"{words}　{levels}" if levels else words))
        return found

    def _level_lines(self) -> list[tuple[str, str]]:
        levels = self._seen.levels if self._seen is not None else ()
        return [(self._level_words(level), f"{count} 人") for level, count in levels]

    def _pick_area(self, place: int) -> None:
        """The holders of an area: as many as the bar counts."""
        if self._seen is not None and place < len(self._seen.areas):
            area = Filter("area", (self._seen.areas[place].area,))
            self.table.show_what(filters=(area, Filter("level", tuple(SkillLevel))), search="")

    def _pick_level(self, place: int) -> None:
        if self._seen is not None and place + 1 < len(self._seen.levels):
            level = self._seen.levels[place + 1][0]
            self.table.show_what(filters=(Filter("level", (level,)),), search="")

    def _fold_by_hand(self) -> None:
        self._folded = self.pictures.isVisibleTo(self)
        self._fold()

    def _fold(self) -> None:
        low = self.desk.height() < look.px(TALL)
        folded = low if self._folded is None else self._folded
        self.pictures.setVisible(not folded)
        self._fold_button.say("看图" if folded else "收起图")
        self._fold_button.setAccessibleName("看图" if folded else "收起图")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    # the drawer

    def tell(self, line: SkillRow) -> None:
        badge = SIGNS.get(line.going, "mute"), line.going.label
        self.drawer.name(line.name, "·".join((line.grid, line.title)), badge)
        made = body()
        if line.going is Going.NOW and line.following is not None:
            made.put(note("ok", f"{line.following.label}：{line.opens} 起可以申报。"))
        by_name = {what.name: what for what in self.listing.columns}
        made.put(
            column(
                *facts(
                    [by_name[name] for name in ("level", "issued", "following", "opens")],
                    line,
                    hide_empty=True,
                ),
                gap=0,
            )
        )
        if line.reason:
            made.put(column(label("依据", "hint"), label(line.reason, wrap=True), gap=2))
        made.put(None)
        self.drawer.fill(made)
        self.drawer.act(
            button(
                "看证书",
                "certificate",
                "primary",
                on_click=lambda: self.desk.go("certificates", search=line.name),
            ),
            button("看这个人", "user", on_click=lambda: self.desk.go("workers", show=line.post_id)),
            None,
        )

    def show_rules(self) -> None:
        """The rules as a form, in the drawer's place."""
        panel = SkillRulesPanel(self.desk)
        panel.saved.connect(self._close)
        self.show_panel(panel)
