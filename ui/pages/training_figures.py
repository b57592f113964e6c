"""培训统计: a year in charts, each mark of which leads to exactly the rows that it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent

from db.enums import TrainingForm, TrainingState
from gridoffice.grids.naming import short
from gridoffice.listing import Filter
from gridoffice.training.year import AreaHours, Month, by_area, by_month, conclusion, known_years, months_of
from ui.pages.page import Page
from ui.pages.trainings import ALIVE
from ui.theme import look
from ui.widgets import charts
from ui.widgets.chart_data import data_button
from ui.widgets.listing_table import Blank
from ui.widgets.parts import Choice, button, column, row, scrolled

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TOLD = frozenset({"training", "attendance", "invitation", "grid", "post"})
CARD, TALLEST = 216, 340


@dataclass(frozen=True, slots=True)
class Figures:
    """What the charts of a year show."""

    year: int
    months: list[Month]
    areas: list[AreaHours]
    years: list[int]


class TrainingFiguresPage(Page):
    """Four charts of one year."""

    key, words, icon, title = "training-figures", "统计", "school", "培训统计"
    reached_from = "trainings"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.year = desk.day.year
        self.seen: Figures | None = None
        self._asked: tuple[Any, ...] | None = None
        self.choice = Choice((), "哪一年", width=104)
        self.choice.activated.connect(lambda _: self._turn(self.choice.currentData()))
        self.put_head(
            button("", "chevron-left", "quiet", tip="上一年", on_click=lambda: self._turn(self.year - 1)),
            self.choice,
            button("", "chevron-right", "quiet", tip="下一年", on_click=lambda: self._turn(self.year + 1)),
        )
        self.by_month = charts.BarChart("每月场次", series=("要办", "已办"), width=0.62)
        self.by_form = charts.BarChart("各种形式的场次", width=0.5)
        self.by_area = charts.ScrolledBars(charts.BarChart("各地学时", width=0.62), pitch=48)
        self.rate = charts.BarChart("每月到场率", width=0.62)
        cards = []
        self._said: dict[str, Any] = {}
        for name, title, chart, lines in (
            ("months", "每月场次", self.by_month, self._month_lines),
            ("forms", "培训形式", self.by_form, self._form_lines),
            ("areas", "各地培训学时", self.by_area, self._area_lines),
            ("rate", "每月到场率", self.rate, self._rate_lines),
        ):
            made, self._said[name] = charts.chart_card(title, "", chart, data_button(title, lines))
            cards.append(made)
        self._cards = cards
        self._upper = row((cards[0], 3), (cards[1], 2), gap=12)
        self._lower = row((cards[2], 1), (cards[3], 1), gap=12)
        inside = column((self._upper, 1), (self._lower, 1), gap=12, margins=(20, 4, 20, 16))
        self._area = scrolled(inside)
        self.main.put((self._area, 1))
        self.blank = Blank(self)
        self.by_month.picked.connect(self._pick_month)
        self.by_form.picked.connect(self._pick_form)
        self.by_area.chart.picked.connect(self._pick_area)
        self.rate.picked.connect(self._pick_rate)
        self.commands = {"refresh": self._again}
        self._fit()

    def _fit(self) -> None:
        """Cards share the height there is; where there is too little of it, the page scrolls."""
        for made in self._cards:
            made.setMinimumHeight(look.px(CARD))
            made.setMaximumHeight(look.px(TALLEST))

    def relook(self) -> None:
        super().relook()
        self._fit()

    # asking

    def opened(self) -> None:
        asked = (self.desk.scope_id, self.year)
        if asked != self._asked:
            self._asked = asked
            self.desk.read(self, figures, *asked, date.today(), then=self._show, topic="figures", heavy=True)

    def _again(self) -> None:
        self._asked = None
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.opened()

    def day_changed(self) -> None:
        self.year = self.desk.day.year
        self._asked = None
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes and not changes.keys() & TOLD:
            return
        self._asked = None
        if self.desk.page is self:
            self.opened()

    def _turn(self, year: int) -> None:
        self.year = year
        self.opened()

    # what is shown

    def _show(self, seen: Figures) -> None:
        if seen.year != self.year:
            return
        self.seen = seen
        years = sorted({*seen.years, self.year}, reverse=True)
        self.choice.fill([(one, f"{one}年") for one in years])
        self.choice.setCurrentIndex(years.index(self.year))
        held = sum(one.held for one in seen.months)
        coming = sum(one.coming for one in seen.months)
        self.head_facts.setText(f"{self.desk.scope_name}·{seen.year}年·已办 {held} 场，要办 {coming} 场")
        self.show_facts([f"{self.desk.scope_name}{seen.year}年 {held + coming} 场培训"])
        nothing = not held + coming
        self._area.setVisible(not nothing)
        self.blank.hide()
        if nothing:
            self.blank.setGeometry(0, look.px(100), self.width(), self.height() - look.px(100))
            self.blank.say(
                f"“{self.desk.scope_name}”{seen.year}年还没有培训。",
                [button("去培训", "school", on_click=lambda: self.desk.go("trainings"))],
            )
        now = f"{date.today():%Y-%m}"
        self.by_month.show_bars(
            [
                charts.Bar(_short(one.month), one.sessions, current=one.month == now, words=_words(one))
                for one in seen.months
            ]
        )
        self.by_form.show_bars([charts.Bar(form.label, count) for form, count in self._forms()])
        self.by_area.show_bars(
            [charts.Bar(short(one.name), one.hours, words=f"{one.hours.normalize():f}") for one in seen.areas]
        )
        self.rate.show_bars(
            [
                charts.Bar(
                    _short(one.month),
                    one.rate or 0,
                    words=f"{one.rate:.0f}%" if one.rate is not None else "—",
                )
                for one in seen.months
            ]
        )
        self._conclude(seen)

    def _conclude(self, seen: Figures) -> None:
        self._said["months"].setText(conclusion(seen.months))
        forms = self._forms()
        self._said["forms"].setText(f"{forms[0][0].label}最多，{forms[0][1]} 场" if forms else "没写培训形式")
        whole = sum((one.hours for one in seen.areas), Decimal(0))
        if seen.areas and whole:
            most, least = (pick(seen.areas, key=lambda one: one.hours) for pick in (max, min))
            self._said["areas"].setText(
                f"共 {whole.normalize():f} 人学时，{short(most.name)}最多，{short(least.name)}最少"
            )
        else:
            self._said["areas"].setText("下面没有网格，看不出各地的差别" if not seen.areas else "还没有学时")
        invited, present = sum(one.invited for one in seen.months), sum(one.present for one in seen.months)
        rate = (
            f"应到 {invited} 人次，实到 {present} 人次，{100 * present / invited:.1f}%"
            if invited
            else "还没有签到"
        )
        self._said["rate"].setText(rate)

    def _forms(self) -> list[tuple[TrainingForm, int]]:
        counts: dict[TrainingForm, int] = {}
        for one in self.seen.months if self.seen else ():
            for form, count in one.forms.items():
                if form is not None:
                    counts[form] = counts.get(form, 0) + count
        return sorted(counts.items(), key=lambda one: -one[1])

    # as lines

    def _month_lines(self) -> list[tuple[str, str]]:
        months = self.seen.months if self.seen else ()
        return [(f"{_short(one.month)}", f"已办 {one.held}　要办 {one.coming}") for one in months]

    def _form_lines(self) -> list[tuple[str, str]]:
        return [(form.label, f"{count} 场") for form, count in self._forms()]

    def _area_lines(self) -> list[tuple[str, str]]:
        areas = self.seen.areas if self.seen else ()
        return [(one.name, f"{one.hours.normalize():f} 学时　{one.attendances} 人次") for one in areas]

    def _rate_lines(self) -> list[tuple[str, str]]:
        months = self.seen.months if self.seen else ()
        return [
            (_short(one.month), f"{one.present}/{one.invited}　{one.rate}%" if one.invited else "没有签到")
            for one in months
        ]

    # where marks lead

    def _pick_month(self, place: int) -> None:
        """The sessions of a month: as many as the bar counts."""
        if self.seen is not None:
            month = Filter("month", (self.seen.months[place].month,))
            self.desk.go("trainings", filters=(month, Filter("state", ALIVE)))

    def _pick_form(self, place: int) -> None:
        if self.seen is not None:
            filters = (
                Filter("month", months_of(self.year)),
                Filter("state", ALIVE),
                Filter("form", (self._forms()[place][0],)),
            )
            self.desk.go("trainings", filters=filters)

    def _pick_area(self, place: int) -> None:
        """The sign-ins of an area's people in the year, which the hours are added up from."""
        if self.seen is not None:
            months = Filter("month", months_of(self.year))
            self.desk.scope.choose(self.seen.areas[place].grid_id)
            self.desk.go("attendance", filters=(months,))

    def _pick_rate(self, place: int) -> None:
        if self.seen is not None:
            month = Filter("month", (self.seen.months[place].month,))
            self.desk.go("trainings", filters=(month, Filter("state", (TrainingState.HELD,))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.blank.isVisible():
            self.blank.setGeometry(0, look.px(100), self.width(), self.height() - look.px(100))


def _short(month: str) -> str:
    return f"{int(month[5:])}月"


def _words(one: Month) -> str:
    """What stands on a bar: what is still to come counts apart."""
    return f"{one.held}＋{one.coming}" if one.held and one.coming else str(one.sessions)


def figures(session: Any, scope: int | None, year: int, today: date) -> Figures:
    """Everything the charts of a year show."""
    return Figures(
        year,
        by_month(session, scope, year),
        by_area(session, scope, year, today),
        known_years(session, today),
    )
