"""考核对比: a month against the months before, areas against each other, what is weak where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent

from gridoffice.assessment.comparing import Comparison, Course, Heat, comparison, courses
from gridoffice.assessment.moving import Movers, movers
from gridoffice.assessment.rules import in_words
from gridoffice.grids.naming import short
from gridoffice.listing import Filter
from gridoffice.overview.questions import totals
from gridoffice.scoring.shapes import plain
from ui.pages import comparison_words as say
from ui.pages.page import Page
from ui.theme import look
from ui.widgets import charts
from ui.widgets.chart_data import data_button
from ui.widgets.heat import HeatMap, ScrolledHeat, Tiles
from ui.widgets.listing_table import Blank
from ui.widgets.parts import Box, Choice, button, card, column, label, row, scrolled

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TOLD = frozenset({"month", "sheet", "scheme"})
CARD, TALLEST = 208, 300
MOST = 4
"""So many of those who rose and of those who fell are named."""


class ComparisonPage(Page):
    """Charts of one scheme's month; every mark leads to the rows that it counts."""

    key, words, icon, title = "comparison", "对比", "clipboard-check", "考核对比"
    reached_from = "assessment"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.courses: tuple[Course, ...] = ()
        self.said: Comparison | None = None
        self._asked: tuple[Any, ...] | None = None
        self._by_month = False
        self.scheme_choice = Choice((), "考核方案", 220)
        self.scheme_choice.activated.connect(lambda _: self._scheme_picked())
        self.month_choice = Choice((), "月份", 128)
        self.month_choice.activated.connect(lambda _: self._ask())
        self.put_head(self.scheme_choice, self.month_choice)
        self._said: dict[str, Any] = {}
        self.months = charts.LineChart("逐月平均分")
        self.spans = charts.BarChart("得分分布", width=0.86)
        self.areas = charts.ScrolledBars(charts.BarChart("各地平均分", series=("上月", "本月")), pitch=44)
        self.grades = charts.BarChart("等次", series=("上月", "本月"), width=0.5)
        self.dimensions = charts.ScrolledBars(
            charts.BarChart("各类得分率", series=("上月", "本月")), pitch=64
        )
        self.heat = HeatMap("热力图")
        self.heat_area = ScrolledHeat(self.heat)
        self.movers = column(gap=6)
        self.turn_button = button("按月份看", "arrows-exchange", "link", on_click=self._turn_heat)
        self._cards = [
            self._card("months", "逐月平均分", self.months, say.month_lines),
            self._card("spans", "得分分布", self.spans, say.span_lines),
            self._card("areas", "各地平均分", self.areas, say.area_lines),
            self._card("grades", "等次", self.grades, say.grade_lines),
            self._card("dimensions", "各类得分率", self.dimensions, say.dimension_lines),
            self._mover_card(),
        ]
        self._shares = row(gap=12)
        heat_card, self._said["heat"] = charts.chart_card(
            "哪里弱在哪一项",
            "",
            self.heat_area,
            self.turn_button,
            data_button("热力图", lambda: say.heat_lines(self._heat) if self.said else []),
        )
        first, second, third, fourth, fifth, sixth = self._cards
        inside = column(
            row((first, 3), (second, 2), gap=12),
            row((third, 3), (fourth, 2), gap=12),
            row((fifth, 3), (sixth, 2), gap=12),
            self._shares,
            heat_card,
            None,
            gap=12,
            margins=(20, 4, 20, 16),
        )
        self._area = scrolled(inside)
        self.main.put((self._area, 1))
        self.blank = Blank(self)
        self._lead()
        self.commands = {"refresh": self._again}
        self._fit()

    def _card(self, name: str, title: str, chart: Any, lines: Callable[[Comparison], say.Lines]) -> Box:
        made, self._said[name] = charts.chart_card(
            title, "", chart, data_button(title, lambda: lines(self.said) if self.said else [])
        )
        return made

    def _mover_card(self) -> Box:
        self._said["movers"] = label("", "hint", elide=True)
        return card(
            label("变动最大的", "strong"),
            self._said["movers"],
            (scrolled(self.movers), 1),
            gap=2,
            margins=(16, 10, 12, 8),
        )

    def _lead(self) -> None:
        """Where the marks lead."""
        for chart, then in (
            (self.months, self._pick_month),
            (self.spans, self._pick_span),
            (self.areas.chart, self._pick_area),
            (self.grades, self._pick_grade),
            (self.heat, self._pick_tile),
        ):
            chart.by_keyboard()
            chart.picked.connect(then)

    def _fit(self) -> None:
        for made in self._cards:
            made.setMinimumHeight(look.px(CARD))
            made.setMaximumHeight(look.px(TALLEST))

    def relook(self) -> None:
        super().relook()
        self._fit()

    # asking

    def opened(self) -> None:
        self.desk.read(self, courses, then=self._courses, topic="courses")

    def _courses(self, found: tuple[Course, ...]) -> None:
        held, period = self.scheme_choice.currentData(), self.month_choice.currentData()
        self.courses = found
        self.scheme_choice.fill([(one.scheme_key, one.name) for one in found])
        self.scheme_choice.setVisible(len(found) > 1)
        self.month_choice.setVisible(bool(found))
        self._area.setVisible(bool(found))
        if not found:
            self.said = None
            self.head_facts.setText("还没有算过分的月份")
            self._place_blank()
            self.blank.say(
                "算过分的月份才有对比。",
                [button("去月度考核", "clipboard-check", on_click=lambda: self.desk.go("assessment"))],
            )
            return
        self.blank.hide()
        self.scheme_choice.setCurrentIndex(max(0, self.scheme_choice.findData(held)))
        self._fill_months(period)
        self._ask()

    def _fill_months(self, wanted: str | None = None) -> None:
        course = self.courses[self.scheme_choice.currentIndex()]
        self.month_choice.fill([(period, in_words(period)) for period in course.periods])
        self.month_choice.setCurrentIndex(max(0, self.month_choice.findData(wanted)))

    def _scheme_picked(self) -> None:
        self._fill_months(self.month_choice.currentData())
        self._ask()

    def _ask(self) -> None:
        asked = (self.scheme_choice.currentData(), self.month_choice.currentData(), self.desk.scope_id)
        if asked != self._asked:
            self._asked = asked
            self.desk.read(self, comparison, *asked, then=self._show, topic="comparison", heavy=True)

    def _again(self) -> None:
        self._asked = None
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self and self.courses:
            self._ask()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes and not changes.keys() & TOLD:
            return
        self._asked = None
        if self.desk.page is self:
            self.opened()

    # what is shown

    def _show(self, said: Comparison) -> None:
        self.said = said
        self.head_facts.setText(f"{self.desk.scope_name}·{in_words(said.period)}·{said.scheme_name}")
        now = [one for one in said.months if one.period == said.period]
        scored = now[0].scored if now else 0
        self.show_facts([f"{self.desk.scope_name}{in_words(said.period)} {scored} {said.unit}有总分"])
        known = [one for one in said.months if one.mean is not None]
        self.months.show_points([(say.month(one.period, said.period), one.mean or 0) for one in known])
        self.spans.show_bars(
            [charts.Bar(plain(one.low), one.people, words=str(one.people)) for one in said.spans]
        )
        self.areas.show_bars(
            [
                charts.Bar(short(one.name), one.mean or 0, one.before, plain(one.mean) if one.mean else "—")
                for one in said.areas
            ]
        )
        self.grades.show_bars(
            [charts.Bar(name, count, then, str(count)) for name, count, then in say.grades_of(said)]
        )
        shown = said.dimensions if len(said.dimensions) > 1 else said.indicators
        self.dimensions.show_bars(
            [
                charts.Bar(
                    one.name,
                    say.rate(one, one.mean) or 0,
                    say.rate(one, one.before),
                    f"{say.rate(one, one.mean)}%",
                )
                for one in shown
            ]
        )
        for name, text in (
            ("months", say.of_months(said)),
            ("spans", say.of_spans(said)),
            ("areas", say.of_areas(said.areas)),
            ("grades", say.of_grades(said)),
            ("dimensions", say.of_dimensions(shown)),
        ):
            pairs = name in ("areas", "grades", "dimensions") and len(known) > 1
            self._said[name].setText(f"{text}（浅色是上月）" if pairs else text)
        self._show_shares(said)
        self._show_heat()
        asked = (said.scheme_key, said.period, self.desk.scope_id)
        self.desk.read(
            self,
            movers,
            *asked,
            then=self._show_movers,
            topic="movers",
            heavy=True,
            wrong=lambda error: self._no_movers(str(error)),
        )

    def _show_shares(self, said: Comparison) -> None:
        self._shares.clear()
        self._shares.setVisible(bool(said.shares))
        for one in said.shares:
            chart = charts.LineChart(one.name)
            known = [
                (say.month(period, said.period), value) for period, value in one.months if value is not None
            ]
            chart.show_points(known, one.target)
            made, _ = charts.chart_card(
                one.name,
                say.of_share(one),
                chart,
                data_button(one.name, lambda one=one: say.share_lines(one)),
            )
            made.setMinimumHeight(look.px(CARD))
            self._shares.put((made, 1))

    def _show_movers(self, found: Movers) -> None:
        said = self.said
        if said is None or found.period != said.period:
            return
        self.movers.clear()
        if found.risen or found.fallen:
            words = f"同{in_words(found.against)}比，{found.both} {said.unit}两个月都有总分"
        else:
            words = f"同{in_words(found.against)}比没有变动"
        self._said["movers"].setText(words)
        for one in (*found.risen[:MOST], *found.fallen[:MOST]):
            change = one.after - one.before
            points = label(f"{say.signed(change)} 分", "name")
            self.movers.put(
                row(
                    (label(f"{one.name}　{one.grid}", "name", elide=True), 1),
                    points,
                    gap=8,
                )
            )
            self.movers.put(label(say.of_mover(one), "hint", elide=True))
        self.movers.put(None)

    def _no_movers(self, words: str) -> None:
        self.movers.clear()
        self._said["movers"].setText(words)

    @property
    def _heat(self) -> Heat:
        assert self.said is not None
        return self.said.by_month if self._by_month else self.said.by_indicator

    def _turn_heat(self) -> None:
        """By indicator, or by month."""
        self._by_month = not self._by_month
        self.turn_button.say("按指标看" if self._by_month else "按月份看")
        self._show_heat()

    def _show_heat(self) -> None:
        if self.said is None:
            return
        heat = self._heat
        names = [say.month(key, self.said.period) if self._by_month else name for key, name in heat.columns]
        self.heat.show_tiles(
            Tiles(tuple(short(name) for _, name in heat.rows), tuple(names), heat.values, heat.unit)
        )
        self.heat_area.fit()
        self._said["heat"].setText(say.of_heat(heat))

    # where marks lead

    def _go(self, period: str, area: int | None = None, filters: Sequence[Filter] = ()) -> None:
        """To the month's list, below an area where one is meant."""
        months = {one.period: one.month_id for one in self.said.months} if self.said is not None else {}
        if period in months:
            if area is not None:
                self.desk.scope.choose(area)
            self.desk.go("assessment", month=months[period], filters=tuple(filters))

    def _pick_month(self, place: int) -> None:
        known = [one for one in self.said.months if one.mean is not None] if self.said else []
        if place < len(known):
            self._go(known[place].period)

    def _pick_span(self, place: int) -> None:
        """Those with a total in the span; the last one has both its ends."""
        said = self.said
        if said is None:
            return
        span, last = said.spans[place], place == len(said.spans) - 1

        def found(all_totals: list[Decimal]) -> None:
            inside = (one for one in all_totals if span.low <= one and (one < span.high or last))
            self._go(said.period, filters=(Filter("total", tuple(sorted(set(inside)))),))

        self.desk.read(self, totals, said.month_id, self.desk.scope_id, then=found, topic="totals")

    def _pick_area(self, place: int) -> None:
        if self.said is not None:
            self._go(self.said.period, self.said.areas[place].grid_id)

    def _pick_grade(self, place: int) -> None:
        if self.said is not None:
            name = say.grades_of(self.said)[place][0]
            self._go(self.said.period, filters=(Filter("grade", (name,)),))

    def _pick_tile(self, mark: int) -> None:
        """The area's list, in the tile's month."""
        if self.said is not None:
            down, along = self.heat.place(mark)
            heat = self._heat
            period = heat.columns[along][0] if self._by_month else self.said.period
            self._go(period, heat.rows[down][0])

    def _place_blank(self) -> None:
        self.blank.setGeometry(0, look.px(100), self.width(), self.height() - look.px(100))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.heat_area.fit()
        if self.blank.isVisible():
            self._place_blank()
