"""签到记录: who was at which training, over all sessions; by person, place and month."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from db.enums import Presence, Right
from gridoffice.accounts.rules import may
from gridoffice.listing import Ask
from gridoffice.training.listing import ATTENDANCE
from gridoffice.training.rows import AttendanceRow
from gridoffice.training.sheet import remove_attendance
from ui.exporting import Exporting, Way
from ui.pages.page import Page
from ui.widgets.cells import Cell
from ui.widgets.column_layout import ColumnLayout
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import button, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN = ("name", "training", "day", "presence", "counted", "score", "phone", "id_number", "hours", "month")
TOLD = frozenset({"training", "attendance", "person", "post"})


def presence_cell(_: AttendanceRow, presence: Presence | None) -> Cell:
    """Whoever stayed away stands out."""
    if presence is Presence.ABSENT:
        return Cell(presence.label, tone="warn", lead=("alert-triangle", "warn"))
    return Cell(presence.label if presence else "")


class AttendancePage(Page):
    """The ledger of sign-ins."""

    key, words, icon, title = "attendance", "签到记录", "school", "培训签到记录"
    reached_from = "trainings"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._asked: tuple[Any, ...] | None = None
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
        removing = button("删去签到", "x", "quiet", keys="Del", on_click=self._remove)
        removing.setEnabled(self.may_edit)
        if not self.may_edit:
            removing.setToolTip(f"账号“{desk.office.who.display}”只能查看。")
        self.put_head()
        self.put_bar(
            button("导入签到表", "upload", "primary", keys="Ctrl+O", on_click=self._import),
            self._export_button,
            button("打印", "printer", "quiet", keys="Ctrl+P", on_click=self._print),
            rule(vertical=True, length=20),
            button("看这场的签到表", "clipboard-check", "quiet", on_click=self._to_sheet),
            removing,
            None,
            self._columns_button,
        )
        by_name = {what.name: what for what in ATTENDANCE.columns}
        self.table = ListingTable(
            desk.runner,
            desk.office,
            ATTENDANCE,
            columns=[by_name[name] for name in SHOWN],
            widths={"name": 112, "training": 248, "day": 116, "presence": 112, "counted": 96, "score": 80},
            dress={
                "presence": presence_cell,
                "day": lambda _, day: Cell(day.isoformat() if day else "", tone="text2"),
                "month": lambda _, text: Cell(text, tone="text2"),
            },
        )
        self.table.empty_words = "还没有人签到。"
        self.table.empty_buttons = lambda: [
            button("导入签到表", "upload", on_click=self._import),
            button("去登记签到", "clipboard-check", on_click=lambda: desk.go("training-sheet")),
        ]
        self.kept = ColumnLayout(self.table, f"{desk.office.who.name} attendance")
        self.filters = FilterBar(self.table, "找姓名、拼音、电话、培训")
        self.main.put(self.filters)
        self.main.put(rule())
        self.main.put((self.table, 1))
        self.setFocusProxy(self.table)
        self.table.counted.connect(self._counted)
        self.table.ticked.connect(lambda _: self._ticked())
        self.table.opened.connect(lambda _: self._to_sheet())
        self.table.copied.connect(lambda words: desk.say(words, can_undo=False))
        self.table.failed.connect(desk.complain)
        self.commands = {
            "find": self.filters.begin,
            "import": self._import,
            "export": self._export,
            "print": self._print,
            "leave": self._remove,
            "clear": self.table.clear_filters,
            "refresh": self._again,
        }

    # asking

    def opened(self) -> None:
        asked = (self.desk.scope_id, self.desk.day)
        if asked != self._asked or not self.table.loaded:
            self._asked = asked
            self.table.show_what(scope=self.desk.scope_id, day=self.desk.day)
            self.desk.read(
                self, absences, self.desk.scope_id, self.desk.day, then=self._suggest, topic="chips"
            )

    def _again(self) -> None:
        self._asked = None
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.opened()

    def day_changed(self) -> None:
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

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "filters" in where or "search" in where:
            self.table.show_what(filters=tuple(where.get("filters", ())), search=where.get("search", ""))

    def _suggest(self, found: list[tuple[Presence, int]]) -> None:
        self.filters.suggest(
            [
                (f"{one.label} {count}", lambda one=one: self.table.filter_by("presence", (one,)))
                for one, count in found
                if one is not Presence.PRESENT
            ]
        )

    def _counted(self, count: int) -> None:
        narrowed = self.table.ask.filters or self.table.ask.search
        self.head_facts.setText(f"{self.desk.scope_name}·{'筛出' if narrowed else '共'} {count} 人次")
        self._ticked()

    def _ticked(self) -> None:
        """Of several that are ticked the status line adds up the hours."""
        model = self.table.model
        ticked = list(model.ticked_ids())
        if not ticked:
            self.show_facts([f"{self.desk.scope_name} {len(model.ids)} 人次"])
            return
        self.desk.read(self, added_up, ticked, then=self._added, topic="sum")

    def _added(self, said: tuple[int, int, Decimal]) -> None:
        count, people, hours = said
        self.show_facts([f"已选 {count} 人次，{people} 人", f"合计 {hours.normalize():f} 学时"])

    # what is done

    def _current(self) -> AttendanceRow | None:
        here = self.table.view.currentIndex().row()
        return self.table.model.values(here) if here >= 0 else None

    def _to_sheet(self) -> None:
        line = self._current()
        if line is not None:
            self.desk.go("training-sheet", training=line.training_id)
        else:
            self.desk.say("先选一行。", can_undo=False)

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

    def _print(self) -> None:
        self.desk.go("documents", report="attendance")

    def _export(self) -> None:
        name = f"{self.desk.scope_name}{ATTENDANCE.title}{self.desk.day.isoformat()}"
        way = Way("gridoffice.exports:export", (ATTENDANCE,), ATTENDANCE.title, name)
        self.exporting.offer(self.table, way, self._export_button)


def absences(session: Any, scope: int | None, day: Any) -> list[tuple[Presence, int]]:
    """How many sign-ins say what."""
    found = ATTENDANCE.choices(session, Ask(scope=scope, day=day), "presence")
    return [(value, count) for value, _, count in found]


def added_up(session: Any, ids: list[int]) -> tuple[int, int, Decimal]:
    """How many sign-ins of how many people, and the hours they count."""
    rows = ATTENDANCE.rows(session, ids)
    return len(rows), len({one.person_id for one in rows}), sum((one.counted for one in rows), Decimal(0))
