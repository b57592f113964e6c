"""统计 of the journal beside its lines: by day, by matter, by person; a click on a bar looks at its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gridoffice.audit import AuditAsk, Matter
from gridoffice.audit_figures import Tally
from ui.theme import look
from ui.widgets import charts
from ui.widgets.chart_data import data_button
from ui.widgets.parts import button, label
from ui.widgets.side_panel import SidePanel

WIDTH = 348
TALL = 176
PEOPLE = 6
"""So many people stand in the chart; all of them in its data."""
SHORT = {
    Matter.DOOR: "登录",
    Matter.ACCOUNTS: "账号",
    Matter.OUT: "导出",
    Matter.OFFICE: "资料库",
    Matter.BUSINESS: "业务",
}
"""What fits below a bar."""


class AuditPanel(SidePanel):
    """`narrow` is told which lines are to be looked at."""

    def __init__(self, narrow: Callable[[AuditAsk], None]):
        super().__init__("统计", WIDTH)
        self._narrow = narrow
        self._ask, self._said = AuditAsk(), None
        self.by_day = charts.BarChart("每天多少条", width=0.62)
        self.by_matter = charts.BarChart("各类事项多少条", width=0.5)
        self.by_person = charts.BarChart("每人多少条", width=0.5)
        self._sentences, self._cards = [], []
        self._none = label("没有这样的变动，也就没有统计。", "hint", wrap=True)
        self.inside.put(self._none)
        for title, chart, lines in (
            ("每天", self.by_day, self._days),
            ("事项", self.by_matter, self._matters),
            ("每人", self.by_person, self._people),
        ):
            made, sentence = charts.chart_card(title, "", chart, data_button(title, lines))
            made.setFixedHeight(look.px(TALL))
            chart.by_keyboard()
            self._sentences.append(sentence)
            self._cards.append(made)
            self.inside.put(made)
        self._room = label("", "hint", wrap=True)
        self.inside.put_all([self._room, None])
        self.by_day.picked.connect(self._pick_day)
        self.by_matter.picked.connect(self._pick_matter)
        self.by_person.picked.connect(self._pick_person)
        self.act(button("关上", on_click=self.closed.emit))

    def show_tally(self, ask: AuditAsk, said: Tally) -> None:
        """Show how the lines of a question are spread."""
        self._ask, self._said = ask, said
        last = said.by_day[-1][0] if said.by_day else None
        self.by_day.show_bars(
            [charts.Bar(f"{day.month}-{day.day}", count, current=day == last) for day, count in said.by_day]
        )
        self.by_matter.show_bars([charts.Bar(SHORT[matter], count) for matter, count in said.by_matter])
        self.by_person.show_bars([charts.Bar(name[:4], count) for _, name, count in said.by_person[:PEOPLE]])
        busiest = said.by_person[0] if said.by_person else None
        most = max(said.by_matter, key=lambda one: one[1]) if said.count else None
        self._none.setVisible(not said.count)
        for card in self._cards:
            card.setVisible(bool(said.count))
        days = f"这 {len(said.by_day)} 天" if len(said.by_day) > 1 else f"{last}" if last else ""
        sentences = (
            f"{days} {said.in_days} 条",
            f"{most[0].label}最多，{most[1]} 条" if most else "",
            f"{len(said.by_person)} 人，{busiest[1]}最多，{busiest[2]} 条" if busiest else "",
        )
        for sentence, words in zip(self._sentences, sentences, strict=True):
            sentence.setText(words)  # type: ignore[attr-defined]
        self._room.setText(
            f"变动记录占 {max(said.used, 1)} MB，到 {said.most} MB 提醒。一条也不删，至少查得到六个月以前。"
        )

    # what stands behind the marks

    def _days(self) -> list[tuple[str, str]]:
        found = self._said.by_day if self._said is not None else ()
        return [(day.isoformat(), f"{count} 条") for day, count in found]

    def _matters(self) -> list[tuple[str, str]]:
        found = self._said.by_matter if self._said is not None else ()
        return [(matter.label, f"{count} 条") for matter, count in found]

    def _people(self) -> list[tuple[str, str]]:
        found = self._said.by_person if self._said is not None else ()
        return [(name, f"{count} 条") for _, name, count in found]

    def _pick_day(self, place: int) -> None:
        if self._said is not None:
            day = self._said.by_day[place][0]
            self._narrow(replace(self._ask, first=day, last=day))

    def _pick_matter(self, place: int) -> None:
        if self._said is not None:
            self._narrow(replace(self._ask, matter=self._said.by_matter[place][0]))

    def _pick_person(self, place: int) -> None:
        if self._said is not None:
            self._narrow(replace(self._ask, who=self._said.by_person[place][0]))
