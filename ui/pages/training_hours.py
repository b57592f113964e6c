"""学时: what everybody was trained in, beside what is asked for; who is short, of what, and what is offered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.overview.person_record import TrainingHat, person_record
from gridoffice.training.hours import TRAINING_HOURS, HoursRow, Offered, Standing, hours_line, offered, tally
from gridoffice.training.hours_edits import in_words
from gridoffice.training.service import HOURS
from gridoffice.training.sheet import invite
from ui.exporting import Exporting, Way
from ui.pages.page import Page
from ui.pages.training_rules import TrainingRulesPanel
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.column_layout import ColumnLayout
from ui.widgets.drawer import Drawer, body
from ui.widgets.filter_bar import FilterBar
from ui.widgets.form import fact
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import Box, button, column, label, row, rule

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


class TrainingHoursPage(Page):
    """Everybody who serves, each once."""

    key, words, icon, title = "training-hours", "学时", "school", "培训学时"
    reached_from = "trainings"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._asked: tuple[Any, ...] | None = None
        self._shown: int | None = None
        self._counts: dict[Standing, int] = {}
        self._rules: list[str] = []
        self.may_edit = may(desk.office.who.role, Right.EDIT_PEOPLE)
        self.exporting = Exporting(desk, self)
        self._export_button = button("导出", "download", keys="Ctrl+E", on_click=self._export)
        self._columns_button = button(
            "",
            "columns-3",
            "quiet",
            tip="显示哪些列",
            on_click=lambda: self.kept.open_at(self._columns_button),
        )
        self.put_head()
        self.put_bar(
            button(
                "学时要求", "clipboard-check", "primary", tip="谁，几年内，多少学时", on_click=self.show_rules
            ),
            self._export_button,
            button("打印", "printer", "quiet", keys="Ctrl+P", on_click=self._print),
            button("不足名单", "file-text", "quiet", tip="打印学时不足的人", on_click=self._print_short),
            None,
            self._columns_button,
        )
        by_name = {what.name: what for what in TRAINING_HOURS.columns}
        self.table = ListingTable(
            desk.runner,
            desk.office,
            TRAINING_HOURS,
            columns=[by_name[name] for name in SHOWN],
            widths={"name": 112, "standing": 112, "grid": 200, "title": 112, "employment": 84},
            dress={
                "standing": standing_cell,
                "missing": missing_cell,
                **dict.fromkeys(("done", "required", "this_year", "last_year"), number),
                "grid": lambda _, text: Cell(text, tone="text2"),
                "title": lambda _, text: Cell(text, tone="text2"),
            },
            beside=desk.read,
        )
        self.table.empty_words = "这里还没有人在岗。"
        self.table.empty_buttons = lambda: [button("去花名册", "users", on_click=lambda: desk.go("workers"))]
        self.kept = ColumnLayout(self.table, f"{desk.office.who.name} training-hours")
        self.filters = FilterBar(self.table, "找姓名、拼音、证件号、电话")
        self.main.put(self.filters)
        self.main.put(rule())
        self.main.put((self.table, 1))
        self.setFocusProxy(self.table)
        self.table.counted.connect(lambda _: self._say())
        self.table.ticked.connect(lambda _: self._say())
        self.table.opened.connect(self._open)
        self.table.moved.connect(lambda number: self._open(number) if self._shown is not None else None)
        self.table.copied.connect(lambda words: desk.say(words, can_undo=False))
        self.table.failed.connect(desk.complain)
        self.drawer = Drawer()
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._step)
        self.commands = {
            "find": self.filters.begin,
            "export": self._export,
            "print": self._print,
            "close": self._close,
            "save": self._save,
            "edit": self.show_rules,
            "clear": self.table.clear_filters,
            "refresh": self._again,
        }

    # asking

    def opened(self) -> None:
        asked = (self.desk.scope_id, self.desk.day)
        if asked != self._asked or not self.table.loaded:
            self._asked = asked
            self.table.show_what(scope=self.desk.scope_id, day=self.desk.day)
            self.desk.read(self, tally, *asked, then=self._tallied, topic="tally", heavy=True)
            self.desk.read(self, rule_words, then=self._rules_are, topic="words")

    def _again(self) -> None:
        self._asked = None
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.opened()

    def day_changed(self) -> None:
        self._close()
        self._asked = None
        self.table.forget()
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes and not changes.keys() & TOLD:
            return
        self._asked = None
        self.table.forget()
        if self.desk.page is self:
            self.opened()
            if self._shown is not None and self.side is self.drawer:
                self._read_drawer(self._shown)

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "standing" in where:
            self.table.filter_by("standing", (Standing(where["standing"]),))
        if "search" in where:
            self.table.show_what(search=where["search"], filters=())

    def _tallied(self, counts: dict[Standing, int]) -> None:
        self._counts = counts
        chips = []
        for one in (Standing.SHORT, Standing.EARLY, Standing.ENOUGH):
            if counts[one]:
                words = f"{'学时' if one is Standing.SHORT else ''}{one.label} {counts[one]}"
                chips.append((words, lambda one=one: self.table.filter_by("standing", (one,))))
        self.filters.suggest(chips)
        self._say()

    def _rules_are(self, words: list[str]) -> None:
        self._rules = words
        self._say()

    def _say(self) -> None:
        table = self.table
        narrowed = table.ask.filters or table.ask.search
        everybody = sum(self._counts.values())
        parts = [self.desk.scope_name, self.desk.day.isoformat(), f"共 {everybody} 人"]
        if narrowed:
            parts[-1] += f"，筛出 {len(table.model.ids)} 人"
        if self._rules:
            more = f"等 {len(self._rules)} 条" if len(self._rules) > 1 else ""
            parts.append(f"要求：{self._rules[0]}{more}")
        self.head_facts.setText("·".join(parts))
        ticked = table.model.tick_count()
        listed = f"{self.desk.scope_name} {len(table.model.ids)} 人"
        self.show_facts([listed, f"已选 {ticked} 人"] if ticked else [listed])

    # the drawer

    def _open(self, number: int) -> None:
        self._drop(self.side)
        self._shown = number
        self.table.go_to(number)
        self.table.model.mark(number)
        self._read_drawer(number)
        self.set_side(self.drawer)

    def _read_drawer(self, number: int) -> None:
        self.desk.read(
            self,
            trained,
            number,
            self.desk.day,
            then=self._show,
            topic="drawer",
            wrong=lambda _: self._close(),
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

    def _step(self, step: int) -> None:
        other = self.table.neighbour(self._shown, step) if self._shown is not None else None
        if other is not None:
            self._open(other)

    def show_rules(self) -> None:
        """The rules as a form, in the drawer's place."""
        self._drop(self.side)
        self._shown = None
        self.table.model.mark(None)
        panel = TrainingRulesPanel(self.desk)
        panel.closed.connect(self._close)
        panel.saved.connect(self._close)
        self.set_side(panel)

    def _save(self) -> None:
        if isinstance(self.side, TrainingRulesPanel):
            self.side.save()

    def _drop(self, side: QWidget | None) -> None:
        """A panel of rules goes for good; the drawer is kept."""
        if isinstance(side, TrainingRulesPanel):
            self.table.setFocus()  # before what has the keyboard goes away
            self.set_side(None)
            side.deleteLater()

    def _close(self) -> None:
        if self.side is None:
            return
        self._drop(self.side)
        self._shown = None
        self.table.model.mark(None)
        self.set_side(None)
        self.table.setFocus()

    # out

    def _print(self) -> None:
        self.desk.go("documents", report="training-hours")

    def _print_short(self) -> None:
        self.desk.go("documents", report="training-shortage")

    def _export(self) -> None:
        name = f"{self.desk.scope_name}{TRAINING_HOURS.title}{self.desk.day.isoformat()}"
        way = Way("gridoffice.exports:export", (TRAINING_HOURS,), TRAINING_HOURS.title, name)
        self.exporting.offer(self.table, way, self._export_button)


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
