"""培训: the sessions of a year, held and to come, and one of them in the drawer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.enums import Right, TrainingState
from gridoffice.fields import Column, columns
from gridoffice.grids.listing import office_pack
from gridoffice.listing import Filter
from gridoffice.training.listing import TRAININGS
from gridoffice.training.plans import plan_names
from gridoffice.training.rows import TrainingRow
from gridoffice.training.service import move_training, remove_training, save_training, training_row
from gridoffice.training.year import Month, by_month, months_of
from ui.pages.drawer_page import DrawerPage, Subject
from ui.pages.training_card import badge, put_facts, put_people
from ui.pages.training_year import YearStrip
from ui.widgets.cells import Cell
from ui.widgets.form import Form
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN_FIRST = (
    "name",
    "day",
    "state",
    "present",
    "invited",
    "form",
    "area",
    "place",
    "hours",
    "leave",
    "absent",
)
IN_FORM = (
    "name",
    "day",
    "form",
    "theme",
    "place",
    "hours",
    "lecturer",
    "organiser",
    "area",
    "posts",
    "plan",
    "state",
)
ALIVE = (TrainingState.HELD, TrainingState.PLANNED)
"""What the strip of the year counts."""


class TrainingsPage(DrawerPage):
    """The ledger of trainings under its year."""

    key, words, icon, title = "trainings", "培训", "school", "网格员培训"
    tab = "场次"
    tabs = ("资料", "签到")
    subject = Subject(
        listing=TRAININGS,
        read=training_row,
        save=save_training,
        needs=Right.EDIT_PEOPLE,
        place="area",
        has_top=True,
        tables=frozenset({"training", "attendance", "invitation", "training_plan"}),
        ledger="training",
        report="training",
        new=("新增培训", "plus"),
        empty="还没有培训。",
        finder="找培训名称、主题、讲师",
        widths={
            "name": 272,
            "day": 112,
            "state": 128,
            "present": 72,
            "invited": 72,
            "leave": 72,
            "absent": 72,
            "form": 104,
            "area": 132,
            "place": 160,
            "hours": 72,
        },
    )

    def __init__(self, desk: MainWindow):
        self._sheet_button = button(
            "签到", "clipboard-check", "quiet", tip="登记谁到了", on_click=self._enter
        )
        self._held_button = button("标为已办", "check", "quiet", on_click=self._mark_held)
        super().__init__(desk)
        self.year = desk.day.year
        self.months: list[Month] = []
        self._plans: list[str] = []
        self._titles: list[str] = []
        self.strip = YearStrip()
        self.strip.picked.connect(self._pick_month)
        self.strip.turned.connect(self._turn)
        box = self.main.box
        box.insertWidget(box.indexOf(self.filters), self.strip)
        self.table.asked.connect(self._show_year)
        self.commands["leave"] = self._remove

    def tools(self) -> Sequence[Child]:
        line: QWidget = rule(vertical=True, length=20)
        return line, self._sheet_button, self.guarded(self._held_button)

    def columns(self) -> Sequence[Column]:
        by_name = {what.name: what for what in TRAININGS.columns}
        rest = [what for what in TRAININGS.columns if what.name not in SHOWN_FIRST]
        return [*(by_name[name] for name in SHOWN_FIRST), *rest]

    def dress(self) -> dict[str, Dress]:
        return {
            "name": lambda _, text: Cell(text, weight=500),
            "state": self._state,
            "present": self._present,
            "invited": lambda _, count: Cell(str(count) if count else "", right=True),
            **dict.fromkeys(
                ("leave", "absent"),
                lambda _, count: Cell(str(count) if count else "", tone="text2", right=True),
            ),
            "area": lambda _, text: Cell(text or "全体", tone="text2"),
            "place": lambda _, text: Cell(text or "", tone="text2"),
            "month": lambda _, text: Cell(text, tone="text2"),
        }

    def _overdue(self, line: TrainingRow) -> bool:
        """Its day is here and nobody is written down."""
        return line.state is TrainingState.PLANNED and line.day is not None and line.day <= date.today()

    def _state(self, line: TrainingRow, _state: TrainingState | None) -> Cell:
        kind, words = badge(line, self._overdue(line))
        if self._overdue(line):
            return Cell(words, badge=kind)
        return Cell(words, tone="text" if line.state is TrainingState.PLANNED else "text2")

    def _present(self, line: TrainingRow, count: int) -> Cell:
        if line.state is not TrainingState.HELD:
            return Cell("", right=True)
        if line.open:
            return Cell(str(count), tone="warn", lead=("alert-triangle", "warn"))
        return Cell(str(count), right=True)

    # the year

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.table.empty_words = f"“{self.desk.scope_name}”还没有培训。"
            self._read_year()
        super().scope_changed()

    def _read_year(self) -> None:
        scope = self.desk.scope_id
        self.desk.read(self, by_month, scope, self.year, then=self._year_is, topic="year")
        self.desk.read(self, form_hints, then=self._hints_are, topic="hints")

    def _hints_are(self, said: tuple[list[str], list[str]]) -> None:
        self._titles, self._plans = said

    def _year_is(self, months: list[Month]) -> None:
        if months and months[0].month[:4] == str(self.year):
            self.months = months
            self._show_year()

    def _show_year(self) -> None:
        if not hasattr(self, "strip"):
            return
        asked = next((one.values for one in self.table.ask.filters if one.column == "month"), ())
        chosen = asked[0] if len(asked) == 1 else ""
        self.strip.show_year(self.year, self.months, chosen, f"{date.today():%Y-%m}")
        self._suggest()

    def _turn(self, step: int) -> None:
        """Another year: its months, and the list of that year."""
        self.year += step
        self.months = []
        self._read_year()
        self.table.filter_by("month", months_of(self.year))

    def _pick_month(self, month: str) -> None:
        """The sessions that the strip counts in that month, and no others."""
        others = [one for one in self.table.ask.filters if one.column not in ("month", "state")]
        if month:
            others.append(Filter("month", (month,)))
            if any(one.month == month and one.states[TrainingState.CANCELLED] for one in self.months):
                others.append(Filter("state", ALIVE))
        self.table.show_what(filters=tuple(others))

    def _suggest(self) -> None:
        chips: list[tuple[str, Any]] = []
        asked = {one.column for one in self.table.ask.filters}
        coming = sum(one.coming for one in self.months)
        if coming and "state" not in asked:
            chips.append((f"{self.year}年要办 {coming}", lambda: self._only(TrainingState.PLANNED)))
        forms: dict[Any, int] = {}
        for one in self.months:
            for form, count in one.forms.items():
                forms[form] = forms.get(form, 0) + count
        if not asked & {"form", "month"}:
            for form, count in sorted(forms.items(), key=lambda one: -one[1]):
                if form is not None:
                    chips.append((f"{form.label} {count}", lambda form=form: self._only_form(form)))
        self.filters.suggest(chips)

    def _only(self, state: TrainingState) -> None:
        filters = (Filter("month", months_of(self.year)), Filter("state", (state,)))
        self.table.show_what(filters=filters, search="")

    def _only_form(self, form: Any) -> None:
        months = Filter("month", months_of(self.year))
        self.table.show_what(filters=(months, Filter("form", (form,)), Filter("state", ALIVE)), search="")

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes.keys() & self.subject.tables or "setting" in changes:
            if self.desk.page is self:
                self._read_year()
        super().told(changes)

    # the drawer

    def name_of(self, line: TrainingRow) -> tuple[str, str, None]:
        """A training's name is long: its state stands below it."""
        day = line.day.isoformat() if line.day else ""
        state = badge(line, self._overdue(line))[1]
        return line.name, "·".join(part for part in (day, state, line.place) if part), None

    def fill_tab(self, made: Box, tab: int, line: TrainingRow) -> None:
        match self.tabs[tab]:
            case "资料":
                put_facts(made, line, self._overdue(line), lambda: self._go_sheet(line.id))
            case _:
                put_people(made, self.desk, line, lambda: self._go_sheet(line.id))

    def acts(self, line: TrainingRow) -> list[Button]:
        return [
            button("签到", "clipboard-check", on_click=lambda: self._go_sheet(line.id)),
            button("打印", "printer", tip="签到表", on_click=lambda: self._paper(line.id)),
        ]

    def form_of(self, line: TrainingRow | None) -> tuple[str, str, Form]:
        by_name = {what.name: what for what in columns(TrainingRow)}
        form = Form(
            [by_name[name] for name in IN_FORM],
            line,
            hints={"plan": self._plans} if self._plans else None,
            offers={"posts": self._titles},
        )
        if line is None:
            return "新增培训", self.desk.scope_name, form
        return line.name, line.day.isoformat() if line.day else "", form

    # what is done

    def _current(self) -> list[int]:
        """What is ticked, else what is in the drawer, else the current row."""
        ticked = list(self.table.model.ticked_ids())
        here = self.table.view.currentIndex().row()
        if ticked or self._shown is not None:
            return ticked or [self._shown or 0]
        return [self.table.model.ids[here]] if 0 <= here < len(self.table.model.ids) else []

    def _enter(self) -> None:
        chosen = self._current()
        if chosen:
            self._go_sheet(chosen[0])
        else:
            self.desk.say("先选一场培训。", can_undo=False)

    def _go_sheet(self, training_id: int) -> None:
        self.desk.go("training-sheet", training=training_id)

    def _paper(self, training_id: int) -> None:
        self.desk.go("documents", report="sign-in", training=training_id)

    def _mark_held(self) -> None:
        chosen = self._current()
        if not chosen:
            self.desk.say("先勾选已经办过的培训。", can_undo=False)
        elif self.may_edit and self.desk.may_change():
            self.desk.write(
                self,
                move_training,
                chosen,
                TrainingState.HELD,
                then=lambda _: self.table.model.clear_ticks(),
            )

    def _remove(self) -> None:
        """Del: the one in the drawer, or the current row, goes; undo brings it back."""
        chosen = self._current()
        if len(chosen) == 1 and self.may_edit and self.desk.may_change():
            self._close()
            self.desk.write(self, remove_training, chosen[0])
        elif len(chosen) > 1:
            self.desk.say("一次删一场，先只勾一场。", can_undo=False)


def form_hints(session: Any) -> tuple[list[str], list[str]]:
    """Posts and plans that a form offers."""
    return [post.label for post in office_pack(session).posts], plan_names(session)
