"""年度服务: how often and how long each member who reported served this year, beside what the office asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from db.listening import Spot
from gridoffice.errors import RuleBroken
from gridoffice.fields import Field, Kind
from gridoffice.overview.party_year import short_of, year_listing
from gridoffice.own_tables import save_own_table
from gridoffice.party.facts import Span
from gridoffice.party.report_rules import ServiceTable
from gridoffice.party.reporting import (
    ENOUGH,
    SERVICE,
    SHORT,
    SIDES,
    YearRow,
    required,
    save_requirement,
    services_of,
)
from gridoffice.values import parse
from ui.pages.party_panels import DeedPanel, asked
from ui.pages.told_page import ToldPage
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.drawer import body
from ui.widgets.form import fact
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, Choice, Input, button, column, label, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTHS = {"name": 104.0, "unit": 180, "grids": 220, "missing": 140, "sides": 150, "state": 100}
MOST = 30


class RequirementPanel(DeedPanel):
    """服务要求: how often and how long a year asks for. `seen` is what it asks for, `text` how that is written."""

    def __init__(self, desk: MainWindow, seen: Mapping[str, Any], text: str):
        super().__init__(desk, "服务要求", "保存要求")
        self.seen, self._text = seen, text
        self.spot = Spot("service requirement", 0, True)
        self.who = Choice(list(enumerate(SIDES.values())), "要求谁")
        self.who.setCurrentIndex(
            list(SIDES).index(tuple(seen["sides"])) if tuple(seen["sides"]) in SIDES else 0
        )
        self.times = Input("例如：2", name="一年至少几次")
        self.times.setText(str(seen["times"]))
        self.hours = Input("例如：8", name="一年至少多少小时")
        self.hours.setText(f"{seen['hours']:f}")
        self.source = Input("例如：街党工发〔2026〕3号", name="依据")
        self.source.setText(seen["source"])
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
        said = {
            "sides": list(SIDES)[self.who.currentIndex()],
            "times": int(times),
            "hours": self._number(self.hours, "小时数"),
            "source": self.source.text().strip() or "本办规定",
        }
        return save_requirement, said, self.seen

    def settle(self, chosen: Any, now: Any) -> tuple[Any, ...]:
        return save_requirement, chosen, now

    def _back(self) -> None:
        self.do(save_own_table, SERVICE, None, self._text)


class PartyYearPage(ToldPage):
    """A list, worked out; what it asks for is edited beside it."""

    key, words, icon, title = "party-hours", "年度服务", "flag", "党员服务年度统计"
    reached_from = "redline"
    listing = year_listing()
    shown = ("name", "state", "missing", "times", "hours", "unit", "grids", "sides")
    tables = frozenset({"party_report", "party_service", "person", "grid", "setting"})
    report = "party-hours"
    empty = "这一年这里还没有党员报到。"
    finder = "找姓名、拼音、单位、网格"
    widths = WIDTHS
    ticks = False

    def __init__(self, desk: MainWindow):
        self._wanted = ""
        super().__init__(desk)
        self.commands["edit"] = self._ask

    def first(self) -> Sequence[Child]:
        return (self.guarded(button("服务要求", "clipboard-check", "primary", on_click=self._ask)),)

    def dress(self) -> dict[str, Dress]:
        quiet: Dress = lambda _, text: Cell(text or "", tone="text2")  # noqa: E731
        return {"state": _state, "unit": quiet, "grids": quiet, "sides": quiet}

    def instead(self) -> Sequence[Button]:
        return (button("去登记双报到", "flag", on_click=lambda: self.desk.go("party-reports")),)

    def read_more(self) -> None:
        self.desk.read(self, SERVICE.of, then=self._asked_is, topic="asked")
        asked = (self.desk.scope_id, self.desk.day)
        self.desk.read(self, short_of, *asked, then=self._short_is, topic="short", heavy=True)

    def _short_is(self, count: int) -> None:
        words = f"还差的 {count}"
        pick = ("state", (SHORT,))
        self.filters.suggest([(words, lambda: self.table.filter_by(*pick))] if count else [])

    def _asked_is(self, table: ServiceTable) -> None:
        said = "；".join(
            "、".join(
                [*([f"{one.times} 次"] if one.times else []), *([f"{one.hours:f} 小时"] if one.hours else [])]
            )
            for one in table.rules
        )
        self._wanted = f"一年至少 {said}" if said else "没有要求"
        self.say_head()

    def told_above(self) -> list[str]:
        where, _, count = super().told_above()
        return [part for part in (where, f"{self.desk.day.year} 年", count, self._wanted) if part]

    # beside it

    def tell(self, line: YearRow) -> None:
        self.drawer.name(line.name, line.unit or "", ("ok" if line.state == ENOUGH else "warn", line.state))
        made = body()
        if line.missing:
            made.put(note("warn", f"{self.desk.day.year} 年还差 {line.missing}。"))
        made.put(
            column(
                fact("报到类别", line.sides),
                fact("报到网格", label(line.grids, wrap=True)),
                fact("服务次数", f"{line.times} 次"),
                fact("服务时长", f"{line.hours.normalize():f} 小时"),
                gap=0,
            )
        )
        made.put(rule())
        served = column(label("做过的服务", "strong"), gap=6)
        made.put(served)
        made.put(None)
        self.drawer.fill(made)
        self.drawer.act(
            button(
                "看服务记录",
                "flag",
                "primary",
                on_click=lambda: self.desk.go("party-services", search=line.name),
            ),
            button("看报到", on_click=lambda: self.desk.go("party-reports", search=line.name)),
            None,
        )
        self.desk.read(
            served,
            services_of,
            line.id,
            self.desk.day,
            then=lambda found: self._services(served, found[1]),
            topic="served",
        )

    @staticmethod
    def _services(made: Box, spans: Sequence[Span]) -> None:
        for one in spans[:MOST]:
            made.put(column(label(one.name, wrap=True), label(one.below, "small"), gap=0))
        if len(spans) > MOST:
            made.put(label(f"还有 {len(spans) - MOST} 次，在服务记录里。", "hint"))
        if not spans:
            made.put(label("还没有登记过服务。", "hint"))

    def _ask(self) -> None:
        if self.may_edit and self.desk.may_change():
            self.desk.read(self, _requirement, then=self._edit, topic="edit")

    def _edit(self, said: tuple[Mapping[str, Any], str]) -> None:
        panel = RequirementPanel(self.desk, *said)
        panel.saved.connect(lambda _: self._close())
        self.show_panel(panel)
        panel.begin()


def _requirement(session: Any) -> tuple[Mapping[str, Any], str]:
    """What a year asks for, and how that is written."""
    return required(session), SERVICE.text(session)


def _state(_: YearRow, words: str) -> Cell:
    return Cell(words, tone="text2") if words == ENOUGH else Cell(words, badge="warn")
