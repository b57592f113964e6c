"""A month's scores while its values are typed: total, grade and rank follow every cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from gridoffice.listing import Listing
from gridoffice.overview.questions import RawRow
from gridoffice.scoring.shapes import plain

if TYPE_CHECKING:
    from gridoffice.assessment.live import Change, LiveMonth
    from gridoffice.scoring.scores import Scored
    from ui.main_window import MainWindow

Typed = Mapping[int, Mapping[str, Any]]


def open_live(session: Any, month_id: int) -> LiveMonth:
    """In the thread: what scores is imported where values are typed, not when the window starts."""
    from gridoffice.assessment.live import live_month

    return live_month(session, month_id)


class LiveScores(QObject):
    """`month` is None until it has been read; then every typed value is scored at once."""

    def __init__(self, desk: MainWindow, parent: QObject):
        super().__init__(parent)
        self.desk = desk
        self.month: LiveMonth | None = None
        self._stand: dict[int, Scored] = {}

    def open(self, month_id: int, then: Callable[[], None]) -> None:
        """Read the month (again): what was typed elsewhere, or taken back, is in it."""
        self.shut()

        def opened(month: LiveMonth) -> None:
            self.month = month
            then()

        self.desk.read(self, open_live, month_id, then=opened, topic="live")

    def shut(self) -> None:
        self.month = None
        self._stand.clear()

    def put(self, values: Typed) -> tuple[list[Change], dict[int, dict[str, Any]]]:
        """Score typed values; answers what changed, and the values as they were. Raises `RuleBroken` for
        one that cannot be, nothing has changed then."""
        month = self.month
        if month is None:
            return [], {}
        held = {sheet: month.cells(sheet) for sheet in values}
        before = {sheet: {key: held[sheet].get(key) for key in some} for sheet, some in values.items()}
        changes = month.set_many(values)
        self._stand.clear()
        return changes, before

    def stand(self, sheet: int) -> Scored | None:
        """How a sheet stands now; None while the month has not been read."""
        if self.month is None:
            return None
        found = self._stand.get(sheet)
        if found is None:
            found = self._stand[sheet] = self.month.scored(sheet)
        return found

    def formula(self, sheet: int) -> str:
        """The sum of one sheet in words; empty without a total."""
        return "" if self.month is None else self.month.trace(sheet).formula


LIVE = {"total": "total", "grade": "grade", "rank": "rank", "unit_rank": "group_rank"}
"""The columns of a row that follow its values, and what they are called where it is scored."""


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A row whose results are those of the values as they are typed now."""

    row: RawRow
    live: LiveScores

    def __getattr__(self, name: str) -> Any:
        stand = self.live.stand(self.row.line.id) if name in LIVE else None
        return getattr(self.row, name) if stand is None else getattr(stand, LIVE[name])

    def typed(self, values: Mapping[str, Any]) -> LiveRow:
        """The row with other values in it."""
        return replace(self, row=replace(self.row, values={**self.row.values, **values}))


def living(listing: Listing, live: LiveScores) -> Listing:
    """The list, its rows alive."""

    def rows(session: Any, wanted: Sequence[int], *rest: Any) -> list[LiveRow]:
        return [LiveRow(row, live) for row in listing.rows(session, wanted, *rest)]

    return replace(listing, rows=rows)


def told(changes: Sequence[Change], names: Mapping[int, str], unit: str = "人") -> str:
    """What typed values did, in one line."""
    if len(changes) != 1:
        better = sum((one.after.total or 0) > (one.before.total or 0) for one in changes)
        found = [f"改了 {len(changes)} {unit}，{better} {unit}总分高了"]
    else:
        (one,) = changes
        name = names.get(one.sheet, "")
        if one.after.total is None:
            found = [f"{name} 待补"]
        else:
            rank = f"，第 {one.after.rank} 名" if one.after.rank is not None else ""
            found = [f"{name} {plain(one.after.total)} 分，{one.after.grade or '不定等次'}{rank}"]
    if changes and changes[0].moved:
        found.append(f"另有 {changes[0].moved} {unit}名次变了")
    if changes and changes[0].regraded:
        found.append(f"{len(changes[0].regraded)} {unit}等次变了")
    return "，".join(found)
