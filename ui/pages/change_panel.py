"""A dated change of the tree as a panel on the page: the draft, its basis, what it would touch."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal

from gridoffice.both_changed import BothChanged
from gridoffice.errors import Conflict, OfficeError, RuleBroken, Severity
from gridoffice.fields import Field, Kind
from gridoffice.grids.both_drafted import key, seen_in
from gridoffice.grids.changing import preview
from gridoffice.grids.effects import Preview
from gridoffice.grids.operations import Basis, Operation
from gridoffice.grids.sketch import STATE
from gridoffice.values import parse
from ui.pages.change_drafts import Draft
from ui.pages.change_preview import put_preview
from ui.pages.text_meeting import ask_both
from ui.widgets.badges import note
from ui.widgets.parts import Box, Input, button, column, label, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

PAUSE_MS = 300
"""The preview follows the keyboard after so long."""


class ChangePanel(SidePanel):
    """Draft, day, reason, approval; below them the preview; at the foot the one action."""

    saved = Signal(object)

    def __init__(self, desk: MainWindow, draft: Draft):
        super().__init__(draft.title)
        self.desk, self.draft = desk, draft
        self.spot = draft.spot
        self.said: Preview | None = None
        self._warning = ""
        """That somebody else has changed what it would touch, until it is shown what it touches now."""
        self._seen: dict[date, dict[str, Any]] = {
            desk.day: {
                key(grid.id, name): getattr(grid.state, name) for grid in draft.grids for name in STATE
            }
        }
        """What the grids were when they were first looked at, by the day the change is drafted for."""
        self.day = Input("2026-06-28", name="生效日期")
        self.day.setText((draft.basis.day if draft.basis is not None else date.today()).isoformat())
        self.reason = Input("例如：小区扩建", name="原因")
        self.approval = Input("例如：青街办〔2026〕8号", name="批准文号")
        if draft.basis is not None:
            self.reason.setText(draft.basis.reason or "")
            self.approval.setText(draft.basis.approval or "")
        self.found: Box = column(gap=8)
        """What it would touch."""
        self.inside.put_all(
            [
                draft,
                rule(),
                column(label("生效日期", "hint"), self.day, gap=2),
                column(label("原因", "hint"), self.reason, gap=2),
                column(label("批准文号", "hint"), self.approval, gap=2),
                self.found,
                None,
            ]
        )
        self._save_button = button(draft.verb, "check", "primary", keys="Ctrl+S", on_click=self.save)
        self.act(self._save_button, *draft.more(), button("取消", on_click=self.closed.emit))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look)
        draft.changed.connect(self._anew)
        self.day.textChanged.connect(lambda _: self._anew())
        self._pause.start()

    def basis(self) -> Basis:
        """Day, reason and approval. Raises `RuleBroken` when the day cannot be read."""
        day, problems = parse(Field("生效日期", Kind.DATE), self.day.text())
        if problems or not isinstance(day, date):
            raise RuleBroken(problems[0].message if problems else "没写生效日期。")
        return Basis(day, self.reason.text().strip() or None, self.approval.text().strip() or None)

    def _wanted(self) -> tuple[Basis, tuple[Operation, ...]]:
        return self.basis(), self.draft.operations()

    def _anew(self) -> None:
        """Something else is drafted: what was shown of it is shown no longer."""
        self.said, self._warning = None, ""
        self._pause.start()

    def look(self) -> None:
        """Ask what the draft would touch, once it says enough."""
        self._pause.stop()
        try:
            basis, operations = self._wanted()
        except RuleBroken as error:
            self.said = None
            self.found.clear()
            self.judge(label(error.message, "hint", wrap=True))
            self._save_button.say(self.draft.verb)
            return
        self.desk.read(
            self, preview, basis, operations, then=self._show, topic="preview", wrong=self._refused
        )

    def _show(self, said: Preview) -> None:
        self.said = said
        seen = self._seen.setdefault(said.day, {})
        seen.update({where: value for where, value in seen_in(said).items() if where not in seen})
        errors = [one for one in said.problems if one.severity is Severity.ERROR]
        warned = [note("warn", self._warning, "arrows-exchange")] if self._warning else []
        self.judge(*warned, *(note("err", one.message) for one in self.draft.explain(errors)))
        self.found.clear()
        later = said.day > date.today()
        if later:
            words = f"{said.day.month}月{said.day.day}日才生效。现在先存着，到那天在“待生效”里办理。"
            self.found.put(note("info", words, "clock"))
        put_preview(self.found, said)
        grids = len(said.grids) + said.grids_along
        people = len({one.person_id for one in said.posts}) + said.posts_along
        verb = "先存着" if later else self.draft.verb
        words = f"{verb}（{grids} 个网格" + (f"、{people} 人）" if people else "）")
        self._save_button.say(words if said.allowed else self.draft.verb)

    def save(self) -> None:
        """Carry it out, all or nothing; what forbids it is said here."""
        self._pause.stop()
        try:
            basis = self.basis()
            self._write(*self.draft.writing(basis, self._seen.get(basis.day, {})))
        except RuleBroken as error:
            self.draft.point_out()
            self._refused(error)

    def _write(self, service: Any, *said: Any) -> None:
        self.desk.write(self, service, *said, shown=self.said, then=self._saved, wrong=self._refused)

    def _settle(self, picked: Any, now: Any) -> None:
        """Where both had changed the same somebody chose."""
        try:
            self._write(*self.draft.settled(self.basis(), picked, now))
        except RuleBroken as error:
            self._refused(error)

    def _saved(self, done: Any) -> None:
        self.saved.emit(done.result)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, OfficeError):
            self.desk.complain(error)
            return
        if isinstance(error, BothChanged):
            self.said = None  # it is told anew of what stands now
            ask_both(self.desk.page, error, self._settle, self)
            return
        if isinstance(error, Conflict):
            self._warning = error.message
            self.look()
        self.judge(note("err", error.message))
