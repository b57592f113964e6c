"""学时: what everybody was trained in, beside what is asked for; who is short, of what, and what is offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from gridoffice.listing import Filter
from gridoffice.overview.person_record import TrainingHat, person_record
from gridoffice.training.hours import TRAINING_HOURS, HoursRow, Offered, Standing, hours_line, offered, tally
from gridoffice.training.hours_edits import in_words
from gridoffice.training.service import HOURS
from gridoffice.training.sheet import invite
from ui.pages.page import unless_gone
from ui.pages.told_page import ToldPage
from ui.pages.training_rules import TrainingRulesPanel
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.drawer import body
from ui.widgets.form import fact
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TOLD = frozenset({"training", "attendance", "person", "post", "setting", "invitation"})
SHOWN = (
    "name",
    "standing",
    "missing",
    "done",
    "required",
    "this_year",
    "last_year",
    "grid",
    "title",
    "employment",
    "sessions",
    "latest",
    "years",
)
WIDTHS = {"name": 112.0, "standing": 112, "grid": 200, "title": 112, "employment": 84}
BADGES = {Standing.SHORT: "warn", Standing.ENOUGH: "ok", Standing.EARLY: "mute", Standing.FREE: "mute"}
MOST = 40


def standing_cell(_: HoursRow, standing: Standing) -> Cell:
    """Who is short stands out; who is fine is plain."""
    if standing is Standing.SHORT:
        return Cell(standing.label, badge="warn")
    return Cell(standing.label, tone="text2")


def number(_: HoursRow, hours: Decimal | None) -> Cell:
    return Cell("" if hours is None else f"{hours.normalize():f}", right=True)


def missing_cell(line: HoursRow, hours: Decimal | None) -> Cell:
    if line.standing is Standing.SHORT and hours:
        return Cell(f"{hours.normalize():f}", tone="warn", weight=500, right=True)
    return number(line, hours if hours else None)


class TrainingHoursPage(ToldPage):
    """Everybody who serves, each once."""

    key, words, icon, title = "training-hours", "学时", "school", "培训学时"
    reached_from = "trainings"
    listing = TRAINING_HOURS
    shown = SHOWN
    tables = TOLD
    report = "training-hours"
    empty = "这里还没有人在岗。"
    finder = "找姓名、拼音、证件号、电话"
    widths = WIDTHS

    def __init__(self, desk: MainWindow):
        self._counts: dict[Standing, int] = {}
        self._rules: list[str] = []
        super().__init__(desk)
        self.commands["edit"] = self.show_rules

    def first(self) -> Sequence[Child]:
        tip = "谁，几年内，多少学时"
        return (button("学时要求", "clipboard-check", "primary", tip=tip, on_click=self.show_rules),)

    def tools(self) -> Sequence[Child]:
        short = "training-shortage"
        return (
            button(
                "不足名单",
                "file-text",
                "quiet",
                tip="打印学时不足的人",
                on_click=lambda: self.desk.go("documents", report=short),
            ),
        )

    def dress(self) -> dict[str, Dress]:
        quiet: Dress = lambda _, text: Cell(text, tone="text2")  # noqa: E731
        return {
            "standing": standing_cell,
            "missing": missing_cell,
            **dict.fromkeys(("done", "required", "this_year", "last_year"), number),
            "grid": quiet,
            "title": quiet,
        }

    def instead(self) -> Sequence[Button]:
        return (button("去花名册", "users", on_click=lambda: self.desk.go("workers")),)

    def read_more(self) -> None:
        asked = (self.desk.scope_id, self.desk.day)
        self.desk.read(self, tally, *asked, then=self._tallied, topic="tally", heavy=True)
        self.desk.read(self, rule_words, then=self._rules_are, topic="words")

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "standing" in where:
            where = {**where, "filters": (Filter("standing", (Standing(where["standing"]),)),)}
        super().arrive(where)

    def _tallied(self, counts: dict[Standing, int]) -> None:
        self._counts = counts
        chips = []
        for one in (Standing.SHORT, Standing.EARLY, Standing.ENOUGH):
            if counts[one]:
                words = f"{'学时' if one is Standing.SHORT else ''}{one.label} {counts[one]}"
                chips.append((words, lambda one=one: self.table.filter_by("standing", (one,))))
        self.filters.suggest(chips)

    def _rules_are(self, words: list[str]) -> None:
        self._rules = words
        self.say_head()

    def told_above(self) -> list[str]:
        more = f"等 {len(self._rules)} 条" if len(self._rules) > 1 else ""
        return super().told_above() + ([f"要求：{self._rules[0]}{more}"] if self._rules else [])

    # the drawer

    def tell(self, line: HoursRow) -> None:
        """The line as it stands now, every training, and what is still offered."""
        self.drawer.name(line.name, "", (BADGES[line.standing], line.standing.label))
        self.desk.read(
            self,
            trained,
            line.id,
            self.desk.day,
            then=self._show,
            topic="drawer",
            wrong=unless_gone(self.desk, self._close),
        )

    def _show(self, said: tuple[HoursRow | None, tuple[TrainingHat, ...], list[Offered]]) -> None:
        line, hats, coming = said
        if line is None or line.id != self._shown:
            return
        self.drawer.name(
            line.name,
            "·".join(part for part in (line.grid, line.title) if part),
            (BADGES[line.standing], line.standing.label),
        )
        made = body()
        self._put_standing(made, line)
        if coming:
            self._put_offers(made, line, coming)
        made.put(label("参加过的培训", "strong"))
        listed = column(gap=6)
        for one in hats[:MOST]:
            listed.put(self._hat(one))
        if len(hats) > MOST:
            listed.put(label(f"还有 {len(hats) - MOST} 场，在签到记录里。", "hint"))
        if not hats:
            listed.put(label("还没有参加过培训。", "hint"))
        made.put(listed)
        made.put(None)
        self.drawer.fill(made)
        self.drawer.act(
            button("看这个人", "user", "primary", on_click=lambda: self.desk.go("workers", show=line.id)),
            button(
                "签到记录",
                "clipboard-check",
                on_click=lambda: self.desk.go("attendance", search=line.name, filters=()),
            ),
            None,
        )

    def _put_standing(self, made: Box, line: HoursRow) -> None:
        if line.standing is Standing.SHORT and line.missing is not None:
            made.put(note("warn", f"{line.years} 年内还差 {line.missing.normalize():f} 学时。"))
        facts = column(gap=0)
        if line.required is not None:
            facts.put(fact("要求", f"{line.years} 年内 {line.required.normalize():f} 学时"))
            facts.put(fact("已有", f"{(line.done or Decimal(0)).normalize():f} 学时"))
        if line.standing is Standing.EARLY:
            facts.put(fact("说明", "在岗还没满要求的年限"))
        facts.put(fact("今年", f"{line.this_year.normalize():f} 学时，{line.sessions} 场"))
        facts.put(fact("上年", f"{line.last_year.normalize():f} 学时"))
        made.put(facts)
        made.put(rule())

    def _put_offers(self, made: Box, line: HoursRow, coming: list[Offered]) -> None:
        made.put(label("还能参加的", "strong"))
        listed = column(gap=6)
        for one in coming:
            hours = f"　{one.hours.normalize():f} 学时" if one.hours else ""
            asked: QWidget = label("已通知", "hint")
            if not one.on and self.may_edit:
                asked = button(
                    "通知", kind="link", on_click=lambda one=one: self._invite(one, line.person_id)
                )
                asked.setAccessibleName(f"通知{line.name}参加{one.name}")
            listed.put(
                column(
                    row((label(one.name, "name", elide=True), 1), asked, gap=8),
                    label(f"{one.day}{hours}", "small"),
                    gap=0,
                )
            )
        made.put(listed)
        made.put(rule())

    def _invite(self, one: Offered, person_id: int) -> None:
        if self.desk.may_change():
            self.desk.write(self, invite, one.training_id, [person_id])

    def _hat(self, one: TrainingHat) -> Box:
        said = f"{one.hours.normalize():f} 学时" if one.hours else one.presence.label
        go = button(
            one.name, kind="link", on_click=lambda: self.desk.go("training-sheet", training=one.training_id)
        )
        return column(row(go, None), label(f"{one.day}　{said}", "small"), gap=0)

    def show_rules(self) -> None:
        """The rules as a form, in the drawer's place."""
        panel = TrainingRulesPanel(self.desk)
        panel.saved.connect(self._close)
        self.show_panel(panel)


def rule_words(session: Any) -> list[str]:
    """The rules that hold, each in one sentence."""
    return [in_words(one) for one in HOURS.of(session).rules]


def trained(
    session: Any, post_id: int, day: Any
) -> tuple[HoursRow | None, tuple[TrainingHat, ...], list[Offered]]:
    """Somebody as the list has them, every training, and what is still offered."""
    line = hours_line(session, post_id, day)
    if line is None:
        return None, (), []
    hats = person_record(session, line.person_id, day).trainings
    return line, hats, offered(session, line.person_id, day)
