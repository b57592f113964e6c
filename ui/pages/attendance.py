"""签到记录: who was at which training, over all sessions; by person, place and month."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from db.enums import Presence
from gridoffice.listing import Ask
from gridoffice.training.listing import ATTENDANCE
from gridoffice.training.rows import AttendanceRow
from gridoffice.training.sheet import remove_attendance
from ui.pages.list_page import ListPage
from ui.widgets.cells import Cell
from ui.widgets.models import Dress
from ui.widgets.parts import Button, Child, button

WIDTHS: dict[str, float] = {
    "name": 112,
    "training": 248,
    "day": 116,
    "presence": 112,
    "counted": 96,
    "score": 80,
}


def presence_cell(_: AttendanceRow, presence: Presence | None) -> Cell:
    """Whoever stayed away stands out."""
    if presence is Presence.ABSENT:
        return Cell(presence.label, tone="warn", lead=("alert-triangle", "warn"))
    return Cell(presence.label if presence else "")


class AttendancePage(ListPage):
    """The ledger of sign-ins."""

    key, words, icon, title = "attendance", "签到记录", "school", "培训签到记录"
    reached_from = "trainings"
    listing = ATTENDANCE
    shown = (
        "name",
        "training",
        "day",
        "presence",
        "counted",
        "score",
        "phone",
        "id_number",
        "hours",
        "month",
    )
    tables = frozenset({"training", "attendance", "person", "post"})
    report = "attendance"
    empty = "还没有人签到。"
    finder = "找姓名、拼音、电话、培训"
    widths = WIDTHS

    def __init__(self, desk: Any):
        super().__init__(desk)
        self.commands |= {"import": self._import, "leave": self._remove}

    def first(self) -> Sequence[Child]:
        return (button("导入签到表", "upload", "primary", keys="Ctrl+O", on_click=self._import),)

    def tools(self) -> Sequence[Child]:
        see = button("看这场的签到表", "clipboard-check", "quiet", on_click=self.enter)
        return see, self.guarded(button("删去签到", "x", "quiet", keys="Del", on_click=self._remove))

    def dress(self) -> dict[str, Dress]:
        return {
            "presence": presence_cell,
            "day": lambda _, day: Cell(day.isoformat() if day else "", tone="text2"),
            "month": lambda _, text: Cell(text, tone="text2"),
        }

    def instead(self) -> Sequence[Button]:
        enter = button("去登记签到", "clipboard-check", on_click=lambda: self.desk.go("training-sheet"))
        return button("导入签到表", "upload", on_click=self._import), enter

    def enter(self) -> None:
        line = self.current()
        if line is not None:
            self.desk.go("training-sheet", training=line.training_id)

    def read_more(self) -> None:
        self.desk.read(self, said_of, self.desk.scope_id, self.desk.day, then=self._suggest, topic="chips")

    def _suggest(self, found: list[tuple[Presence, int]]) -> None:
        self.filters.suggest(
            [
                (f"{one.label} {count}", lambda one=one: self.table.filter_by("presence", (one,)))
                for one, count in found
                if one is not Presence.PRESENT
            ]
        )

    def say_ticked(self) -> None:
        """Of several that are ticked the status bar adds up the hours."""
        super().say_ticked()
        ticked = list(self.table.model.ticked_ids())
        if ticked:
            self.desk.read(self, added_up, ticked, then=self._added, topic="sum")

    def _added(self, said: tuple[int, int, Decimal]) -> None:
        count, people, hours = said
        self.show_facts([f"已选 {count} 人次，{people} 人", f"合计 {hours.normalize():f} 学时"])

    def _remove(self) -> None:
        ticked = list(self.table.model.ticked_ids())
        if not self.may_edit or not self.desk.may_change():
            return
        if ticked:
            self.desk.write(self, remove_attendance, ticked, then=lambda _: self.table.model.clear_ticks())
        else:
            self.desk.say("先勾选要删去的签到。", can_undo=False)

    def _import(self) -> None:
        self.desk.go("import", ledger="attendance")


def said_of(session: Any, scope: int | None, day: Any) -> list[tuple[Presence, int]]:
    """How many sign-ins say what."""
    found = ATTENDANCE.choices(session, Ask(scope=scope, day=day), "presence")
    return [(value, count) for value, _, count in found]


def added_up(session: Any, ids: list[int]) -> tuple[int, int, Decimal]:
    """How many sign-ins of how many people, and the hours they count."""
    rows = ATTENDANCE.rows(session, ids)
    return len(rows), len({one.person_id for one in rows}), sum((one.counted for one in rows), Decimal(0))
