"""工作台: what is to be done, where the month stands, four pictures of the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from db.enums import MonthState, Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.month import MonthFacts, month_facts
from gridoffice.assessment.rules import in_words
from gridoffice.audit import Alarm, AuditAsk, alarms
from gridoffice.errors import Severity
from gridoffice.overview.findings import Finding, Topic, check
from gridoffice.overview.glance import Glance, ToDo, glance
from ui.pages.page import Page
from ui.pages.party_ways import FOR_PARTY, to_party
from ui.pages.todo_line import ToDoLine
from ui.theme import look
from ui.widgets import charts
from ui.widgets.badges import note
from ui.widgets.drawer import Drawer, body
from ui.widgets.parts import Box, button, card, column, label, row, rule, scrolled, size
from ui.widgets.stepper import At, Stepper, StepShown

if TYPE_CHECKING:
    from ui.main_window import MainWindow

STATES = tuple(MonthState)
SHOWN = 12
"""Places that the chart of staffing has room for; the page of norms has them all."""


class HomePage(Page):
    """To-do, stepper, charts; every number leads to its rows."""

    key, words, icon, title = "home", "工作台", "home", "工作台"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.put_head()
        self._watches = may(desk.office.who.role, Right.AUDIT)
        self._alarms: dict[ToDo, AuditAsk] = {}
        self._glanced: Glance | None = None
        self._onward = button("去考核", "arrow-right", "primary", on_click=self._go_on)
        self._founded = True
        self._month_title = label("月度考核", "section")
        self._month_said = label("", "fact", elide=True)
        self.stepper = Stepper()
        self.stepper.picked.connect(lambda _: desk.go("assessment"))
        self._month = card(
            row(self._month_title, (self._month_said, 1), self._onward, gap=12),
            self.stepper,
            gap=4,
            margins=(16, 10, 16, 8),
        )
        size(self._month, height=108)
        self._todo_said = label("", "fact")
        self._lines = column(gap=0)
        self._safety = column(margins=(16, 8, 16, 8))
        recent = row(
            label("常去", "hint"),
            button("花名册", "users", "link", on_click=lambda: desk.go("workers")),
            button("导入 Excel", "upload", "link", on_click=lambda: desk.go("import")),
            button("出通报", "file-text", "link", on_click=lambda: desk.go("documents")),
            None,
            gap=12,
            margins=(16, 8, 16, 12),
        )
        self._todo = column(
            row(label("待办", "section"), self._todo_said, None, margins=(16, 10, 16, 8)),
            rule(),
            self._safety,
            (scrolled(column(self._lines, None, gap=0)), 1),
            recent,
            gap=0,
            name="card",
        )
        self.staffing = charts.BarChart("网格配备", series=("应配", "有人"))
        self.means = charts.LineChart("考核平均分")
        self.ages = charts.BarChart("年龄结构")
        self.contracts = charts.BarChart("合同到期")
        self.staffing.picked.connect(lambda _: desk.go("grids"))
        self.means.setCursor(Qt.CursorShape.ArrowCursor)
        self._charts = [
            charts.chart_card(
                "网格配备", "", self.staffing, charts.Key((("chart3", "应配"), ("accent", "有人")))
            ),
            charts.chart_card("考核平均分", "", self.means),
            charts.chart_card("年龄结构", "", self.ages),
            charts.chart_card("合同到期", "", self.contracts),
        ]
        self._grid = QWidget()
        cells = QGridLayout(self._grid)
        cells.setContentsMargins(0, 0, 0, 0)
        for place, (made, _) in enumerate(self._charts):
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            cells.addWidget(made, place // 2, place % 2)
        self._cells = cells
        self.main.put(
            (
                column(
                    self._month,
                    (row((self._todo, 47), (self._grid, 66), gap=12), 1),
                    gap=12,
                    margins=(20, 0, 20, 16),
                ),
                1,
            )
        )
        self.drawer = Drawer()
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(lambda _: None)
        self.commands = {"close": self._close, "refresh": self.opened}
        desk.keeper.changed.connect(self._show_safety)
        self.relook()
        self._show_safety()

    def relook(self) -> None:
        super().relook()
        if hasattr(self, "_cells"):
            self._cells.setSpacing(look.px(12))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(600), look.px(400))

    def opened(self) -> None:
        if self._watches:
            self.desk.read(self, alarms, then=self._alarmed, topic="alarms")
        if self.desk.scope_id is not None or self.desk.scope.model.loaded_once:
            self.desk.read(
                self, glance, self.desk.scope_id, self.desk.day, then=self._show, topic="glance", heavy=True
            )

    def _alarmed(self, found: list[Alarm]) -> None:
        """What somebody at the door did stands above all other work."""
        self._alarms = {
            ToDo(
                Topic.JOURNAL if one.large else Topic.DOOR,
                Severity.WARNING,
                (Topic.JOURNAL if one.large else Topic.DOOR).label,
                one.short,
                one.count,
            ): one.ask
            for one in found
        }
        if self._glanced is not None:
            self._show_todo(self._glanced)

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self._close()
            self.opened()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if self.desk.page is self:
            self.opened()

    def _show(self, said: Glance) -> None:
        self._glanced = said
        day = said.day
        self.head_facts.setText(f"{day.year}年{day.month}月{day.day}日·{said.scope or '还没有网格'}")
        self._show_todo(said)
        self._show_charts(said)
        self.show_facts(
            [
                f"{said.scope} {said.communities} 个社区（村）",
                f"网格 {said.grids} 个",
                f"网格员 {said.workers} 人",
                f"专职 {said.full_time} 人",
                f"党员 {said.members} 人",
            ]
            if said.scope
            else []
        )
        self.desk.scope.warn(*self._vacant(said))
        if said.month is None:
            self._founded = bool(said.scope)
            self._show_no_month()
        else:
            self.desk.read(self, month_facts, said.month.id, then=self._show_month, topic="month")

    def _vacant(self, said: Glance) -> tuple[str, Any]:
        empty = next((one for one in said.todo if one.topic is Topic.VACANT), None)
        if empty is None:
            return "", None
        return f"{empty.count} 个网格无网格员", lambda: (self.desk.go("home"), self._open(empty))

    # the month

    def _show_no_month(self) -> None:
        self._month_title.setText("月度考核")
        self._month_said.setText("还没有开始")
        self.stepper.show_steps([StepShown(state.label, "未到", At.NEXT) for state in STATES])
        self._onward.say("开始考核" if self._founded else "导入网格台账")

    def _go_on(self) -> None:
        """The next step of the month; in an office without grids, the first import."""
        if self._founded:
            self.desk.go("assessment")
        else:
            self.desk.go("import", ledger="grids")

    def _show_month(self, said: MonthFacts) -> None:
        month = int(said.period[5:])
        locked = said.state is MonthState.LOCKED
        self._month_title.setText(f"{month} 月考核进度")
        left = said.people - said.scored
        gap = f"还差 {left} 人的分" if left else f"{said.people} 人都有分"
        self._month_said.setText(
            f"{in_words(said.period)}已锁定，{gap}" if locked else f"正在{said.state.label}，{gap}"
        )
        at = STATES.index(said.state)
        steps = []
        for place, state in enumerate(STATES):
            where = At.DONE if place < at or locked else At.NOW if place == at else At.NEXT
            below = "已完成" if where is At.DONE else (gap if where is At.NOW else "未到")
            steps.append(StepShown(state.label, below, where))
        self.stepper.show_steps(steps)
        self._onward.say("查看成绩" if locked else f"继续{said.state.label}")

    # to-do

    def _show_safety(self) -> None:
        """One line above all others when the office is not safe."""
        words = self.desk.keeper.words
        self._safety.clear()
        if words:
            there = button("去备份", kind="link", on_click=lambda: self.desk.go("backups"))
            self._safety.put(note("warn", words, "database-export", there))
        self._safety.setVisible(bool(words))

    def _show_todo(self, said: Glance) -> None:
        self._lines.clear()
        # of an alarm its many attempts are one thing to look at
        kinds, count = (
            len(said.todo) + len(self._alarms),
            sum(one.count for one in said.todo) + len(self._alarms),
        )
        self._todo_said.setText(f"{kinds} 类 {count} 项，按急缓排" if kinds else "")
        for one in (*self._alarms, *said.todo):
            line = ToDoLine(one)
            line.picked.connect(self._open)
            self._lines.put(line)
        if not said.scope:
            self._lines.put(
                row(
                    label("还没有网格。先导入网格台账，再导入花名册，然后就能开始考核。", "fact", wrap=True),
                    margins=(16, 16, 16, 16),
                )
            )
        elif not kinds:
            self._lines.put(row(label("今天没有待办。", "fact"), None, margins=(16, 16, 16, 16)))
        self._lines.put(None)

    def _open(self, todo: ToDo) -> None:
        """The findings behind a line, each leading to its grid or person; what has a list of its own
        leads there."""
        if todo in self._alarms:
            self.desk.go("journal", ask=self._alarms[todo])
            return
        if todo.topic is Topic.PLANNED:
            self.desk.go("grids", waiting=True)
            return
        if todo.topic is Topic.TWINS:
            self.desk.go("duplicates")
            return
        if todo.month is not None:
            self.desk.go("appeals" if todo.topic is Topic.APPEAL else "assessment", month=todo.month)
            return
        if todo.topic is Topic.ISSUE:
            self.desk.go("grid-issues", late=True)
            return
        if todo.topic is Topic.CERTIFICATE:
            self.desk.go("certificates", ending=True)
            return
        self.desk.read(
            self,
            check,
            self.desk.scope_id,
            self.desk.day,
            topic="findings",
            heavy=True,
            then=lambda found: self._show_findings(todo, [f for f in found if f.topic is todo.topic]),
        )

    def _show_findings(self, todo: ToDo, found: list[Finding]) -> None:
        unit = todo.topic.unit
        self.drawer.name(todo.title, f"{self.desk.scope_name}·{len(found)} {unit}")
        made = body()
        for one in found[:200]:
            made.put(self._finding(one))
        if len(found) > 200:
            made.put(label(f"还有 {len(found) - 200} {unit}，选小一点的范围再看。", "hint", wrap=True))
        made.put(None)
        self.drawer.fill(made)
        self.drawer.act(button("关上", on_click=self._close), None)
        self.set_side(self.drawer, narrow="over")

    def _finding(self, one: Finding) -> Box:
        def go() -> None:
            if one.topic in FOR_PARTY:
                to_party(self.desk, one.topic, one.grid_id, one.person)
            elif one.post_id is not None:
                self.desk.go("workers", show=one.post_id)
            else:
                self.desk.go("grids", show=one.grid_id)

        words = one.message if one.post_id is not None else one.grid
        below = one.grid if one.post_id is not None else one.message
        below = f"{below}（{one.fix}）" if one.fix else below
        return row(
            (column(label(words, "name", wrap=True), label(below, "hint", wrap=True), gap=0), 1),
            button("打开", kind="link", on_click=go),
            gap=8,
        )

    def _close(self) -> None:
        self.set_side(None)

    # charts

    def _show_charts(self, said: Glance) -> None:
        wanted = sum(int(bar.reference or 0) for bar in said.staffing)
        filled = sum(int(bar.value) for bar in said.staffing)
        short = wanted - filled
        more = len(said.staffing) - SHOWN
        rest = f"；图上是前 {SHOWN} 处，另有 {more} 处在规范核对里" if more > 0 else ""
        sentences = [
            f"{wanted} 个网格要配人，" + (f"缺 {short} 个" if short else "都配齐了") + rest
            if wanted
            else "还没有网格",
            f"近 {len(said.means)} 个月" if said.means else "还没有算过分",
            f"平均 {said.average_age} 岁，55 岁以上 {sum(int(bar.value) for bar in said.ages[4:])} 人"
            if said.average_age is not None
            else "还没有人",
            f"今后 6 个月共 {sum(int(bar.value) for bar in said.contracts)} 人",
        ]
        for (_, label_), words in zip(self._charts, sentences, strict=True):
            label_.setText(words)  # type: ignore[attr-defined]
        self.staffing.show_bars(
            [
                charts.Bar(
                    bar.label,
                    bar.value,
                    bar.reference,
                    alarm=bar.value != bar.reference,
                    words=f"缺 {int(bar.reference or 0) - int(bar.value)}"
                    if bar.value != bar.reference
                    else str(bar.value),
                )
                for bar in said.staffing[:SHOWN]
            ]
        )
        self.means.show_points([(bar.label, bar.value) for bar in said.means])
        self.ages.show_bars([charts.Bar(bar.label, bar.value) for bar in said.ages])
        self.contracts.show_bars(
            [
                charts.Bar(
                    bar.label, bar.value, current=place == 0, words=f"{bar.value} 人" if place == 0 else ""
                )
                for place, bar in enumerate(said.contracts)
            ]
        )
