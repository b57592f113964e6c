"""What the lists of the party's pages share: a panel beside the list, lines of what held from when to when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gridoffice.party.facts import Span
from gridoffice.party.proposals import link_kinds
from ui.pages.drawer_page import DrawerPage
from ui.pages.party_panels import DayLine, DeedPanel, asked
from ui.widgets.badges import Badge
from ui.widgets.parts import Box, button, column, label, row

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class EndPanel(DeedPanel):
    """The last day of something: `service` takes numbers and that day."""

    def __init__(
        self, desk: MainWindow, title: str, service: Callable[..., Any], ids: Sequence[int], words: str
    ):
        super().__init__(desk, title, "结束")
        self._service, self._ids = service, list(ids)
        self.last = DayLine("最后一天", desk.day)
        self.inside.put_all([label(words, "strong", wrap=True), asked("最后一天", self.last), None])

    def begin(self) -> None:
        self.last.setFocus()

    def deed(self) -> tuple[Any, ...]:
        return self._service, self._ids, self.last.needed()


class PartyPage(DrawerPage):
    """A list of the party register. New ones, and what is done to several, are panels at its side."""

    reached_from = "redline"
    icon = "flag"

    def __init__(self, desk: MainWindow):
        self.panel: DeedPanel | None = None
        self.kinds: tuple[str, ...] = ()
        super().__init__(desk)

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.desk.read(self, link_kinds, then=self._kinds_are, topic="kinds")
        super().scope_changed()

    def _kinds_are(self, kinds: Sequence[str]) -> None:
        self.kinds = tuple(kinds)

    def chosen(self) -> list[int]:
        """What is ticked, else what is in the drawer."""
        return list(self.table.chosen_ids()) or ([self._shown] if self._shown is not None else [])

    # panels

    def ready(self) -> bool:
        """Whether something may be changed here and now."""
        return self.may_edit and self.desk.may_change()

    def put_panel(self, panel: DeedPanel, then: Callable[[Any], Any] | None = None) -> None:
        """Fill something in at the side; `then` is called when it is done."""
        self.drop_panel()
        self._editing = None
        self.panel = panel
        panel.closed.connect(self._close)

        def done(result: Any) -> None:
            self.drop_panel()
            self.table.model.clear_ticks()
            if then is not None:
                then(result)
            else:
                self._back()

        panel.saved.connect(done)
        self.set_side(panel)
        panel.begin()

    def drop_panel(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            self.table.setFocus()  # before what has the keyboard goes away
            self.set_side(None)
            panel.deleteLater()

    def _back(self) -> None:
        if self._shown is not None:
            self._open(self._shown)

    def show_new(self, done: Any) -> None:
        """What was just made, in the drawer."""
        self._open(done.result)

    def _open(self, number: int) -> None:
        self.drop_panel()
        super()._open(number)

    def _save(self) -> None:
        if self.panel is not None:
            self.panel.save()
        else:
            super()._save()

    def _close(self) -> None:
        if self.panel is None:
            super()._close()
            return
        self.drop_panel()
        self._back()

    def _walk(self, number: int) -> None:
        if self.panel is None:
            super()._walk(number)

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        super().told(changes)
        if "setting" in changes and self.desk.page is self:
            self.desk.read(self, link_kinds, then=self._kinds_are, topic="kinds")


def days_of(one: Span) -> str:
    """From when to when, in words."""
    if one.from_day is None and one.to_day is None:
        return ""
    start = one.from_day.isoformat() if one.from_day is not None else ""
    end = one.to_day.isoformat() if one.to_day is not None else "今"
    return f"{start} 至 {end}" if start else f"到 {end}"


def put_spans(
    made: Box,
    title: str,
    spans: Sequence[Span],
    empty: str,
    day: Any,
    onward: Callable[[Span], Any] | None = None,
    most: int = 40,
) -> None:
    """A heading and what held when, each with a way to it; what is over is marked."""
    made.put(label(f"{title} {len(spans)}" if spans else title, "strong"))
    for one in spans[:most]:
        below = "　".join(part for part in (one.below, days_of(one)) if part)
        words = [label(one.name, "name", wrap=True)]
        words += [label(below, "hint", wrap=True)] if below else []
        line = row((column(*words, gap=0), 1), gap=8)
        if one.to_day is not None and one.to_day < day:
            line.put(Badge("mute", "已结束"))
        if onward is not None:
            to = button("打开", kind="link", on_click=lambda one=one: onward(one))
            to.setAccessibleName(f"打开{one.name}")
            line.put(to)
        made.put(line)
    if len(spans) > most:
        made.put(label(f"还有 {len(spans) - most} 个，在列表里看。", "hint"))
    if not spans:
        made.put(label(empty, "hint", wrap=True))
