"""校准: how each unit or scorer gave points against the whole, and adjusting with a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from db.enums import MonthState, Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.calibration import Distribution, calibrate, distribution
from gridoffice.assessment.month import MonthFacts
from gridoffice.assessment.rows import results
from gridoffice.assessment.rules import unit_of
from gridoffice.errors import OfficeError
from gridoffice.grids.naming import short
from gridoffice.listing import Listing
from gridoffice.scoring.shapes import plain
from ui.pages import spread_words as say
from ui.pages.adjusting import AdjustPanel
from ui.pages.month_page import MonthPage, called
from ui.pages.score_tables import points_table
from ui.theme import look
from ui.widgets import charts
from ui.widgets.chart_data import data_button
from ui.widgets.filter_bar import FilterBar
from ui.widgets.heat import HeatMap, ScrolledHeat, Tiles
from ui.widgets.listing_table import Blank, ListingTable
from ui.widgets.parts import Choice, button, column, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

BY = (("unit", "按社区（村）看"), ("scorer", "按评分单位看"))
HEIGHT = 236


class CalibrationPage(MonthPage):
    """Means and distributions above, the sheets below: ticked ones are adjusted together."""

    key, words, icon, title = "calibration", "校准", "clipboard-check", "校准"
    reached_from = "assessment"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.said: Distribution | None = None
        self.table: ListingTable | None = None
        self.filters: FilterBar | None = None
        self.panel: AdjustPanel | None = None
        self._unit: int | None = None
        self._shown: tuple[Any, ...] = ()
        self.by = Choice(BY, "怎么分组", 160)
        self.by.activated.connect(lambda _: self._ask_spread())
        self.put_head(self.choice)
        self.adjust_button = button("调整选中的", "edit", "primary", keys="F2", on_click=self.adjust)
        self.turn_button = button("看分布", "arrows-exchange", "quiet", on_click=self._turn)
        self.whole_button = button("看全部", "x", "quiet", on_click=lambda: self._only(None))
        self.whole_button.hide()
        self.bar = self.put_bar(self.adjust_button, self.by, self.turn_button, self.whole_button, None)
        self.means = charts.ScrolledBars(
            charts.BarChart("各单位平均分与总体平均的差", series=("校准前", "校准后")), pitch=48
        )
        self.means.chart.by_keyboard()
        self.means.chart.picked.connect(self._pick)
        self.heat = HeatMap("各单位得分分布")
        self.heat.by_keyboard()
        self.heat.picked.connect(lambda mark: self._pick(self.heat.place(mark)[0] - 1))
        self.heat_area = ScrolledHeat(self.heat)
        self.heat_area.hide()
        both = column((self.means, 1), (self.heat_area, 1), gap=0)
        self._sentence: Any
        self.card, self._sentence = charts.chart_card(
            "各单位平均分比总体高低多少",
            "",
            both,
            data_button("校准", lambda: say.lines(self.said) if self.said else []),
        )
        self.holder = column(gap=0)
        self.body = column(column(self.card, margins=(20, 0, 20, 8), gap=0), (self.holder, 1), gap=0)
        self.main.put((self.body, 1))
        self.blank = Blank(self.body)
        self.commands = {
            "find": lambda: self.filters.begin() if self.filters else None,
            "edit": self.adjust,
            "save": lambda: self.panel.save() if self.panel is not None else None,
            "close": self._close,
            "refresh": self.refresh,
            "clear": lambda: self.table.clear_filters() if self.table else None,
        }
        self._fit()

    def _fit(self) -> None:
        self.card.setFixedHeight(look.px(HEIGHT))

    def relook(self) -> None:
        super().relook()
        self._fit()

    # the month

    def without_month(self) -> None:
        self._nothing("还没有月度考核，没有要校准的。")

    def _nothing(self, words: str) -> None:
        self.card.hide()
        self.head_facts.setText(words)
        self.blank.setGeometry(self.body.rect())
        self.blank.say(
            words, [button("去月度考核", "clipboard-check", on_click=lambda: self.desk.go("assessment"))]
        )

    def show_month(self, said: MonthFacts) -> None:
        self.head_facts.setText(f"{called(said)}·现在是{said.state.label}")
        if not said.computed:
            self._nothing(f"{said.words}还没有算过分，算好了才能校准。")
            return
        self.blank.hide()
        self.card.show()
        open_now = said.state is MonthState.REVIEW and may(self.desk.office.who.role, Right.REVIEW_MONTH)
        self.adjust_button.setEnabled(open_now)
        self.adjust_button.setToolTip("" if open_now else "复核这一步才能校准，由复核的账号办。现在只能看。")
        self._ask_spread()
        key = (said.id, said.state)
        if self.table is None or self._shown != key:
            self._shown = key
            self.desk.read(self, results, said.id, then=self._listing, topic="listing")
        else:
            self.table.model.forget()
            self.table.show_what(scope=self._unit)

    def _ask_spread(self) -> None:
        said = self.facts_now
        if said is not None:
            by = self.by.currentData()
            self.desk.read(self, distribution, said.id, by, then=self._spread, topic="spread", heavy=True)

    def _spread(self, said: Distribution) -> None:
        self.said, groups = said, say.drawn(said)
        self._sentence.setText(say.sentence(said))
        self.means.show_bars(
            [
                charts.Bar(short(one.name) or one.name, *say.apart(said, one), words=say.number(one.after))
                for one in groups
            ]
        )
        shown = (said.whole, *groups)
        self.heat.show_tiles(
            Tiles(
                tuple(short(one.name) for one in shown),
                tuple(f"{plain(low)}–{plain(high)}" for low, high in said.spans),
                tuple(say.shares(one) for one in shown),
                "%",
            )
        )
        self.heat_area.fit()

    def _turn(self) -> None:
        """Means, or how totals are spread in each unit."""
        shown = self.heat_area.isHidden()
        self.heat_area.setVisible(shown)
        self.means.setVisible(not shown)
        self.turn_button.say("看平均分" if shown else "看分布")

    # the sheets

    def _listing(self, listing: Listing) -> None:
        said = self.facts_now
        if said is None or listing.key.rpartition("-")[2] != str(said.id):
            return
        self.holder.clear()
        self.table = points_table(self.desk, listing, said.scheme, ticks=True)
        self.table.opened.connect(lambda _: self.adjust())
        self.table.ticked.connect(lambda _: self._ticked())
        self.table.counted.connect(lambda _: self._ticked())
        self.table.copied.connect(lambda words: self.desk.say(words, can_undo=False))
        self.table.failed.connect(self.desk.complain)
        self.filters = FilterBar(self.table, "找姓名、网格", quiet=True)
        self.holder.put_all([rule(), self.filters, (self.table, 1)])
        self.setFocusProxy(self.table)
        self.table.show_what(scope=self._unit)

    def _pick(self, place: int) -> None:
        """The sheets of one unit."""
        if self.said is None or self.said.by != "unit":
            return
        groups = say.drawn(self.said)
        if 0 <= place < len(groups):
            key = groups[place].key
            self._only(int(key) if key else None)

    def _only(self, unit: int | None) -> None:
        self._unit = unit
        self.whole_button.setVisible(unit is not None)
        if self.table is not None:
            self.table.show_what(scope=unit)

    def chosen(self) -> list[int]:
        """The ticked sheets, else the one where the keyboard is."""
        if self.table is None:
            return []
        ticked = list(self.table.model.ticked_ids())
        here = self.table.view.currentIndex().row()
        return ticked or ([self.table.model.ids[here]] if here >= 0 else [])

    def _ticked(self) -> None:
        count = len(self.table.model.ticked_ids()) if self.table is not None else 0
        unit = unit_of(self.facts_now.target) if self.facts_now is not None else ""
        self.adjust_button.say(f"调整选中的 {count} {unit}" if count else "调整选中的")
        listed = len(self.table.model.ids) if self.table is not None else 0
        self.show_facts([f"列出 {listed} {unit}", *([f"已选 {count} {unit}"] if count else [])])
        if self.panel is not None:
            self.panel.show_sheets(self.chosen())

    # adjusting

    def adjust(self) -> None:
        """Beside the list: by how much, and why."""
        said = self.facts_now
        if said is None or not self.adjust_button.isEnabled():
            self.desk.say("复核这一步才能校准。", can_undo=False)
            return
        if self.panel is None:
            self.panel = AdjustPanel(self.desk, said)
            self.panel.closed.connect(self._close)
            self.panel.wanted.connect(self._calibrate)
            self.set_side(self.panel)
        self.panel.show_sheets(self.chosen())
        self.panel.begin()

    def _calibrate(self, change: Decimal | None, grade: str | None, reason: str) -> None:
        """The month is computed again in the same action: for a city in the worker process."""
        said = {"change": change, "grade": grade, "reason": reason}
        sheets, wrong = self.chosen(), self._refused
        if self.desk.large:
            service = f"{calibrate.__module__}:{calibrate.__name__}"
            self.desk.work_write(self, service, sheets, then=lambda _: self._close(), wrong=wrong, **said)
        else:
            self.desk.write(self, calibrate, sheets, then=lambda _: self._close(), wrong=wrong, **said)

    def _refused(self, error: Exception) -> None:
        if self.panel is not None and isinstance(error, OfficeError):
            self.panel.refuse(error.message)
        else:
            self.desk.complain(error)

    def _close(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            self.setFocus()
            self.set_side(None)
            panel.deleteLater()
        elif self._unit is not None:
            self._only(None)
