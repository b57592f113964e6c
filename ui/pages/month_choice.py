"""Which month of assessment is looked at: period, scheme where there are several, edition where it was
taken up again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from gridoffice.assessment.month import MonthLine
from gridoffice.assessment.rules import in_words
from ui.widgets.parts import Box, Choice


class MonthChoice(Box):
    """Three lists, of which those with nothing to choose stay away. `picked` says a month's number."""

    picked = Signal(int)

    def __init__(self) -> None:
        self.period = Choice((), "月份", 172)
        self.scheme = Choice((), "考核方案", 200)
        self.edition = Choice((), "第几版", 104)
        super().__init__([self.scheme, self.edition, self.period], False, 8, (0, 0, 0, 0), "", None, None)
        self.lines: Sequence[MonthLine] = ()
        self.period.activated.connect(lambda _: self._to(self._of_period(self.period.currentData())))
        self.scheme.activated.connect(lambda _: self._to(self._of_scheme(self.scheme.currentData())))
        self.edition.activated.connect(lambda _: self.picked.emit(self.edition.currentData()))

    def fill(self, lines: Sequence[MonthLine], wanted: int | str | None) -> int | None:
        """Show the months there are (the latest first, every edition). `wanted` is a number, an address or
        a period; answers the number of the one that is chosen."""
        self.lines = lines
        meant = (line for line in lines if wanted in (line.id, line.address, line.period))
        now = next(meant, lines[0] if lines else None)
        self.setVisible(bool(lines))
        if now is None:
            return None
        latest: dict[str, MonthLine] = {}
        for line in sorted(lines, key=lambda line: line.scheme_key != now.scheme_key):
            latest.setdefault(line.period, line)  # its state is that by the scheme that is looked at
        latest = {line.period: latest[line.period] for line in lines}
        self.period.fill([(one, f"{in_words(one)}·{line.state.label}") for one, line in latest.items()])
        self.period.setCurrentIndex(self.period.findData(now.period))
        beside = self._of_period(now.period)
        schemes = {line.scheme_key: line for line in reversed(beside)}
        self.scheme.fill([(key, f"{line.target.label}·{line.scheme}") for key, line in schemes.items()])
        self.scheme.setCurrentIndex(self.scheme.findData(now.scheme_key))
        self.scheme.setVisible(len(schemes) > 1)
        editions = [line for line in beside if line.scheme_key == now.scheme_key]
        self.edition.fill([(line.id, f"第 {line.edition} 版") for line in editions])
        self.edition.setCurrentIndex(self.edition.findData(now.id))
        self.edition.setVisible(len(editions) > 1)
        return now.id

    def _of_period(self, period: str) -> list[MonthLine]:
        return [line for line in self.lines if line.period == period]

    def _of_scheme(self, key: str) -> list[MonthLine]:
        return [line for line in self._of_period(self.period.currentData()) if line.scheme_key == key]

    def _to(self, found: Sequence[MonthLine]) -> None:
        """The first of some: of one scheme with the scheme that was looked at, if it is among them."""
        key = self.scheme.currentData()
        same = [line for line in found if line.scheme_key == key] or found
        if same:
            self.picked.emit(same[0].id)
