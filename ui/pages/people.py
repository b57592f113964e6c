"""所有人员: everybody whom the office knows, worker or not, each once with all they wear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent

from db.enums import Right
from gridoffice.fields import Column, columns
from gridoffice.overview.everybody import (
    EVERYBODY,
    EverybodyRow,
    Serving,
    Standing,
    everybody_row,
    standing_of,
)
from gridoffice.people.duplicates import duplicates
from gridoffice.people.rows import PersonalRow
from gridoffice.people.service import save_person
from ui.pages.drawer_page import DrawerPage, Subject
from ui.pages.person_tabs import TABLES, TABS, PersonTabs
from ui.theme import look
from ui.widgets.cells import Cell
from ui.widgets.form import Form
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN = (
    "name",
    "serving",
    "posts",
    "grid",
    "member",
    "certificates",
    "hours",
    "id_number",
    "phone",
    "sex",
    "birth",
    "education",
    "address",
)
BADGES = {Serving.NOW: ("ok", "在岗"), Serving.BEFORE: ("mute", "离岗"), Serving.NEVER: ("mute", "不任职")}


class PeoplePage(DrawerPage):
    """Everybody, with posts, party, certificates and hours as columns."""

    key, words, icon, title = "people", "所有人员", "user", "所有人员"
    reached_from = "workers"
    tabs = TABS
    subject = Subject(
        listing=EVERYBODY,
        read=everybody_row,
        save=save_person,
        needs=Right.EDIT_PEOPLE,
        tables=frozenset({"person", "post", "grid", "certificate", "party_member", "attendance", "training"}),
        beside=TABLES,
        new=("新增人员", "user-plus"),
        empty="这里还没有人。",
        finder="找姓名、拼音、证件号、电话",
        widths={
            "name": 112,
            "serving": 88,
            "posts": 112,
            "grid": 208,
            "member": 96,
            "certificates": 80,
            "hours": 92,
            "id_number": 168,
            "phone": 120,
            "address": 140,
        },
    )

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._pairs = 0
        self._standing = Standing(0, 0)
        self.person = PersonTabs(desk, self.again)
        self.commands["reveal"] = self.person.ask

    def tools(self) -> Sequence[Child]:
        self._merge_button = button(
            "合并", "arrows-exchange", "quiet", tip="把勾选的两个人合成一个", on_click=self._merge
        )
        return rule(vertical=True, length=20), self.guarded(self._merge_button)

    def columns(self) -> Sequence[Column]:
        by_name = {what.name: what for what in EVERYBODY.columns}
        return [by_name[name] for name in SHOWN]

    def dress(self) -> dict[str, Dress]:
        return {
            "serving": lambda _, found: Cell(found.label, tone="text" if found is Serving.NOW else "text2"),
            "posts": lambda _, text: Cell(text or ""),
            "grid": lambda _, text: Cell(text or "", tone="text2"),
        }

    # the list

    def scope_changed(self) -> None:
        if self.desk.page is self:
            day, scope = self.desk.day, self.desk.scope_id
            self.desk.read(
                self, standing_of, scope, day, then=self._standing_is, topic="standing", heavy=True
            )
            self.desk.read(self, duplicates, then=self._pairs_are, topic="duplicates", heavy=True)
        super().scope_changed()

    def _standing_is(self, said: Standing) -> None:
        self._standing = said
        self._suggest()

    def _pairs_are(self, found: Sequence[Any]) -> None:
        self._pairs = len(found)
        self._suggest()

    def _suggest(self) -> None:
        chips: list[tuple[str, Any]] = []
        if self._pairs:
            chips.append((f"可能重复 {self._pairs}", lambda: self.desk.go("duplicates")))
        if self._standing.without_post:
            away = (Serving.BEFORE, Serving.NEVER)
            words = f"不在岗 {self._standing.without_post}"
            chips.append((words, lambda: self.table.filter_by("serving", away)))
        if self._standing.without_number:
            words = f"没有身份证号 {self._standing.without_number}"
            chips.append((words, lambda: self.table.filter_by("id_number", (None,))))
        self.filters.suggest(chips)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.main.width() >= look.px(620)
        self._merge_button.say("合并" if roomy else "")

    # the drawer

    def name_of(self, line: EverybodyRow) -> tuple[str, str, tuple[str, str]]:
        return line.name, "·".join(part for part in (line.grid, line.posts) if part), BADGES[line.serving]

    def fill_tab(self, made: Box, tab: int, line: EverybodyRow) -> None:
        self.person.fill(made, tab, line.id)

    def acts(self, line: EverybodyRow) -> list[Button]:
        if line.post_id is None:
            return []
        onward = line.post_id
        return [button("在花名册看", "users", on_click=lambda: self.desk.go("workers", show=onward))]

    def form_of(self, line: EverybodyRow | None) -> tuple[str, str, Form]:
        looked_at = self.person.whole is not None and line is not None
        form = Form(columns(PersonalRow), line, reveal=looked_at)
        if line is None:
            return "新增人员", "不任职的也可以登记", form
        return line.name, line.grid or "", form

    # two that are one

    def _merge(self) -> None:
        ticked = list(self.table.model.ticked_ids())
        if len(ticked) == 2:
            self.desk.go("duplicates", pair=tuple(ticked))
        else:
            self.desk.say("先勾选两个人。", can_undo=False)
