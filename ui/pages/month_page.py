"""A page about one month of assessment: which one is chosen in its head, for all such pages together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from gridoffice.assessment.month import MonthFacts, MonthLine, month_facts, months
from ui.pages.month_choice import MonthChoice
from ui.pages.page import Page

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def called(said: MonthFacts) -> str:
    """Month and scheme; where several were assessed, the month's words name the scheme already."""
    return said.words if said.scheme.name in said.words else f"{said.words}·{said.scheme.name}"


class MonthPage(Page):
    """`facts_now` is the month that is shown; a page says what it shows of one, and without any."""

    tables: ClassVar[frozenset[str]] = frozenset({"month", "sheet", "scheme", "opinion", "appeal"})
    """Those whose changes concern it."""

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.facts_now: MonthFacts | None = None
        self._wanted: int | str | None = None
        self.choice = MonthChoice()
        self.choice.picked.connect(self.pick)

    # what a page of this kind says itself

    def show_month(self, said: MonthFacts) -> None:
        """The month is known, or known anew."""
        raise NotImplementedError

    def without_month(self) -> None:
        """There is none yet."""
        raise NotImplementedError

    # asking

    def opened(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        self.desk.read(self, months, True, then=self._months, topic="months")

    def scope_changed(self) -> None:
        if self.desk.page is self and self.facts_now is not None:
            self.load()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes.keys() & self.tables and self.desk.page is self:
            self.refresh()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "month" in where:
            self._wanted = where["month"]
            self.refresh()

    def pick(self, month_id: int) -> None:
        """Look at another month, here and on the sister pages."""
        self.desk.month = month_id
        self.choice.fill(self.choice.lines, month_id)
        self.load()

    def _months(self, lines: list[MonthLine]) -> None:
        wanted, self._wanted = self._wanted, None
        self.desk.month = self.choice.fill(lines, wanted or self.desk.month)
        if self.desk.month is None:
            self.facts_now = None
            self.without_month()
        else:
            self.load()

    def load(self) -> None:
        """Ask for the month anew."""
        self.desk.read(self, month_facts, self.desk.month, then=self._known, topic="facts", heavy=True)

    def _known(self, said: MonthFacts) -> None:
        if said.id == self.desk.month:
            self.facts_now = said
            self.show_month(said)
