"""One sheet of a month in the drawer: its values, attendance, what was said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from db.enums import AwayKind, MonthState, OpinionStage, Right, Standing
from db.listening import Spot
from gridoffice.accounts.rules import may
from gridoffice.assessment.month import MonthFacts
from gridoffice.assessment.opinions import give_opinion
from gridoffice.assessment.presence import presence_of, set_presence
from gridoffice.assessment.service import enter_values, exclude
from gridoffice.errors import Conflict, OfficeError, Problem, RuleBroken
from gridoffice.fields import Column
from gridoffice.overview.score_story import ScoreStory, score_story
from gridoffice.overview.sheet_story import SheetStory, sheet_story
from gridoffice.scoring.columns import value_columns
from ui.pages.meeting import Meeting
from ui.pages.score_trace import score_lines
from ui.pages.sheet_forms import OPINION, OWN_OPINION, PRESENCE, Told, opinion_line, presence_facts, way_lines
from ui.widgets.badges import note
from ui.widgets.drawer import Drawer, body
from ui.widgets.form import Form, facts
from ui.widgets.parts import Box, Button, Child, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SCORE = 1
TABS = ("数据", "得分", "出勤", "意见")


class SheetDrawer(Drawer):
    """`sheet` is the one shown; `form` holds what may be changed of it on the tab that is shown."""

    saved = Signal()
    looked = Signal()
    """Another sheet is looked at, or something is typed in it."""

    def __init__(self, desk: MainWindow):
        super().__init__(TABS)
        self.desk = desk
        self.sheet: int | None = None
        self.form: Form | None = None
        self._said: MonthFacts | None = None
        self._story: SheetStory | None = None
        self._keep: Callable[[], None] | None = None
        self._as: Callable[[SheetStory], Any] = lambda story: story
        """How a sheet is read by the form that is shown."""
        self._meeting: Meeting | None = None
        """Around a form that fills in what stands: what others did to the same sheet meanwhile."""
        self.tab.connect(lambda _: self._fill())

    def forget(self) -> None:
        self.sheet, self.form, self._story, self._keep, self._meeting = None, None, None, None, None

    @property
    def spot(self) -> Spot | None:
        """The sheet, for others who look at the same one."""
        return None if self.sheet is None else Spot("sheet", self.sheet, self._touched)

    @property
    def _touched(self) -> bool:
        return self.form is not None and self.form.touched

    def ask(self, sheet: int, said: MonthFacts, then: Callable[[], None], tab: int | None = None) -> None:
        """Read a sheet and show it, on the tab that is meant."""
        if tab is not None and self.tabs is not None:
            self.tabs.show_tab(tab)

        def arrived(story: SheetStory) -> None:
            self.sheet, self._said, self._story = sheet, said, story
            self.name(story.name, f"{story.grid}·{said.words}")
            self._fill()
            then()

        self.desk.read(self, sheet_story, sheet, then=arrived, topic="sheet")

    def again(self) -> None:
        """The sheet was changed: told anew; what is being typed in it stays, and is compared with it."""
        if self.sheet is None or self._said is None:
            return
        if not self._touched:
            self.ask(self.sheet, self._said, lambda: None)
        elif self._meeting is not None:
            self.desk.read(self, sheet_story, self.sheet, then=self._meet, topic="meet")

    def _meet(self, story: SheetStory, refused: Conflict | None = None) -> None:
        """The sheet as it is now, beside the form that is open on it; `refused` when a save ran into it."""
        meeting = self._meeting
        if meeting is None or self.sheet != story.id:
            return
        self._story = story
        changed = meeting.meet(self._as(story), self.desk.together.who_changed({"sheet"}))
        if refused is None:
            return
        if meeting.clashes:
            meeting.choose()
        elif changed:
            self.save()
        else:
            self.desk.complain(refused)

    def step_back(self) -> bool:
        """Esc in the choice between two goes back to what was typed; answers whether it did."""
        if self._meeting is None or not self._meeting.choosing:
            return False
        self._meeting.show_form()
        return True

    @property
    def _may_change(self) -> bool:
        states = (MonthState.COLLECTING, MonthState.SCORING, MonthState.REVIEW)
        return (
            self._said is not None
            and self._said.state in states
            and may(self.desk.office.who.role, Right.ASSESS)
        )

    def _fill(self) -> None:
        story = self._story
        if story is None or self.tabs is None:
            return
        self.form, self._keep, self._meeting = None, None, None
        made = body()
        (self._data, self._score, self._presence, self._opinions)[self.tabs.current](made, story)
        made.put(None)
        self.fill(made)
        self.looked.emit()

    def _fill_in(
        self,
        made: Box,
        columns: Sequence[Column],
        story: SheetStory,
        keep: Callable[[], None],
        verb: str,
        reads: Callable[[SheetStory], Any] = lambda story: story,
        more: Callable[[], Sequence[Button]] = tuple,
    ) -> None:
        """A form on what stands, with whoever else changes it."""
        self._as, self._keep = reads, keep
        self.form = Form(columns, reads(story), narrow=True)
        self.form.typed.connect(self.looked)
        foot = lambda buttons: self.act(*buttons)  # noqa: E731
        self._meeting = Meeting(self.form, self.save, self.closed.emit, foot, verb, more)
        made.put(self._meeting)

    def _close_only(self) -> None:
        self.act(button("关上", on_click=self.closed.emit), None)

    def _offer(self, words: str, keep: Callable[[], None], *more: Button) -> None:
        self._keep = keep
        self.act(button(words, "check", "primary", keys="Ctrl+S", on_click=keep), *more, None)

    # values

    def _data(self, made: Box, story: SheetStory) -> None:
        assert self._said is not None
        wanted = value_columns(self._said.scheme)
        if self._may_change and not story.cannot:
            self._fill_in(made, wanted, story, self._keep_values, "保存并重新计算")
        else:
            made.put_all([*self._why_not(story.cannot), *facts(wanted, story)])
            self._close_only()

    def _why_not(self, words: str) -> list[Child]:
        """What to say to whom may change sheets, but not this one."""
        return [note("info", words)] if words and self._may_change else []

    def _keep_values(self) -> None:
        changed = self.form.take() if self.form is not None else None
        if changed is None or self.sheet is None or self._said is None:
            return
        seen = {name: getattr(self._story, name) for name in changed}
        said = (self._said.id, {self.sheet: changed}, {self.sheet: seen})
        self._write(enter_values, *said, then=self._values_kept)

    def _values_kept(self) -> None:
        self.closed.emit()
        self.saved.emit()

    # where the score comes from

    def _score(self, made: Box, story: SheetStory) -> None:
        made.put_all([note("warn", f"{words}。") for words in story.follows])
        place = column(label("正在算……", "hint"), gap=12)
        made.put_all([place, rule(), label("怎样到下一等", "strong"), *way_lines(story.reaching)])
        self._close_only()

        def told(said: ScoreStory) -> None:
            place.clear()
            place.put_all(score_lines(said))

        self.desk.read(place, score_story, story.id, then=told, topic="score", heavy=True)

    # attendance

    def _presence(self, made: Box, story: SheetStory) -> None:
        made.put_all([*self._why_not(story.cannot if story.own else ""), *presence_facts(story)])
        if not self._may_change or story.own:
            self._close_only()
            return
        made.put(rule())
        more = lambda: [button("不参加", "user-off", tip="不参加本月考核，要写说明", on_click=self._exclude)]  # noqa: E731
        self._fill_in(made, PRESENCE, story, self._keep_presence, "保存", Told, more)

    def _keep_presence(self) -> None:
        changed = self.form.take() if self.form is not None else None
        story = self._story
        if changed is None or story is None or self.form is None:
            return
        aside = changed["aside"] if "aside" in changed else Told(story).aside
        away = changed.get("away", story.away)
        kind = changed.get("away_kind", story.away_kind)
        reason = changed.get("standing_reason", story.standing_reason) or ""
        self._write(
            set_presence,
            [story.id],
            away=away or 0,
            away_kind=None if kind is None else AwayKind(kind),
            standing=None if aside is None else Standing(aside),
            reason=reason,
            seen=presence_of(story),
            then=self._kept,
        )

    def _exclude(self) -> None:
        """Take this one out of the month; the reason is what stands in the form."""
        form, story, said = self.form, self._story, self._said
        if form is None or story is None or said is None:
            return
        reason = str(form.fields["standing_reason"].text() or "").strip()
        if not reason:
            form.complain([Problem("不参加要写为什么。", field="说明")])
            form.fields["standing_reason"].input.setFocus()
            return
        self._write(exclude, said.id, [story.id], reason, then=self.closed.emit)

    # opinions

    def _opinions(self, made: Box, story: SheetStory) -> None:
        if not story.opinions:
            made.put(label("还没有自评和初评。", "hint"))
        for one in story.opinions:
            made.put(opinion_line(one, story.total))
        if not self._may_change:
            self._close_only()
            return
        self.form = Form(OWN_OPINION if story.own else OPINION, None, narrow=True)
        made.put_all([rule(), label("我的自评" if story.own else "记一条", "strong"), self.form])
        if not story.own:
            many = button("整月的自评初评从 Excel 导入", "upload", "link", on_click=self._import_opinions)
            made.put(row(many, None))
        self._offer("记下", self._keep_opinion)

    def _import_opinions(self) -> None:
        if self._said is not None:
            self.desk.go("import", ledger="opinions", month=self._said.address)

    def _keep_opinion(self) -> None:
        given = self.form.take() if self.form is not None else None
        story = self._story
        if given is None or self.sheet is None or story is None:
            return
        stage = OpinionStage(given.get("stage", OpinionStage.SELF))
        stands = next((one for one in story.opinions if one.stage is stage), None)
        self._write(
            give_opinion,
            self.sheet,
            stage,
            points=given.get("points"),
            text=given.get("text") or "",
            seen=(None, "") if stands is None else (stands.points, stands.text),
            then=self._kept,
        )

    # writing

    def save(self) -> None:
        """Ctrl+S: what the tab offers; where both changed the same, the choice."""
        meeting = self._meeting
        if meeting is not None and meeting.clashes:
            meeting.take() if meeting.choosing else meeting.choose()
        elif self._keep is not None:
            self._keep()

    def _write(self, service: Callable[..., Any], *args: Any, then: Callable[[], None], **named: Any) -> None:
        self.desk.write(self, service, *args, then=lambda _: then(), wrong=self._refused, **named)

    def _kept(self) -> None:
        self.form = None
        self.again()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, Conflict) and self.sheet is not None:
            self._refused_by_another(error, self.sheet)
            return
        problems = error.problems if isinstance(error, RuleBroken) else ()
        if self.form is not None and self.form.complain(problems):
            return
        if isinstance(error, OfficeError) and self.form is not None:
            self.form.put(note("err", error.message))
        else:
            self.desk.complain(error)

    def _refused_by_another(self, error: Conflict, sheet: int) -> None:
        """Somebody else changed it: what can be compared is; what he wrote is told, and stands as seen from then on."""

        def told(story: SheetStory) -> None:
            self._story = story
            if self.form is not None:
                self.form.put(note("warn", error.message, "arrows-exchange"))

        if self._meeting is not None:
            meet = lambda story: self._meet(story, error)  # noqa: E731
            self.desk.read(self, sheet_story, sheet, then=meet, topic="meet")
        else:
            self.desk.read(self, sheet_story, sheet, then=told, topic="meet")
