"""党员入格: who answers for which grid, with which duty, for which households, from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.enums import Right
from gridoffice.fields import Column, columns
from gridoffice.party.facts import MemberFacts, member_facts
from gridoffice.party.listing import LINKS
from gridoffice.party.rows import LinkRow
from gridoffice.party.service import end_links, link_row, save_link
from ui.pages.drawer_page import Subject
from ui.pages.party_page import EndPanel, PartyPage, put_spans
from ui.pages.party_panels import LinkPanel
from ui.widgets.cells import Cell
from ui.widgets.form import Form, facts
from ui.widgets.grid_picker import GridPicker
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, column, label, row, rule

if TYPE_CHECKING:
    from collections.abc import Sequence


_BY_NAME = {what.name: what for what in columns(LinkRow)}
GRID = Column("grid_id", _BY_NAME["grid"].field)
IN_FORM = ("grid_id", "kind", "duty", "from_day", "to_day")
SHOWN = ("name", "grid", "kind", "duty", "from_day", "to_day", "id_number")


class PartyLinksPage(PartyPage):
    """The ledger of who answers for which grid."""

    key, words, title = "party-links", "党员入格", "党员入格台账"
    tabs = ("资料", "这名党员")
    subject = Subject(
        listing=LINKS,
        read=link_row,
        save=save_link,
        needs=Right.EDIT_PEOPLE,
        tables=frozenset({"party_link", "party_member", "person", "grid", "household"}),
        ledger="party-links",
        report="party-links",
        new=("党员入格", "user-plus"),
        empty="这里还没有党员入格。",
        finder="找姓名、拼音、证件号、网格",
        widths={"name": 100, "grid": 220, "kind": 150, "duty": 240, "from_day": 108, "to_day": 108},
    )

    def tools(self) -> Sequence[Child]:
        end = button("结束入格", "user-off", "quiet", on_click=self._end)
        return rule(vertical=True, length=20), self.guarded(end)

    def columns(self) -> Sequence[Column]:
        return [_BY_NAME[name] for name in SHOWN]

    def dress(self) -> dict[str, Dress]:
        return {
            "kind": lambda _, text: Cell(text or ""),
            "duty": lambda _, text: Cell(text) if text else Cell("没填职责", tone="text3"),
        }

    def name_of(self, line: LinkRow) -> tuple[str, str, tuple[str, str] | None]:
        over = line.to_day is not None and line.to_day < self.desk.day
        return line.name, line.grid or "", ("mute", "已结束") if over else None

    def fill_tab(self, made: Box, tab: int, line: LinkRow) -> None:
        if tab == 0:
            wanted = ("grid", "kind", "from_day", "to_day", "id_number")
            made.put(column(*facts([_BY_NAME[name] for name in wanted], line), gap=0))
            made.put(label("职责", "hint"))
            made.put(label(line.duty or "没填职责。", wrap=True))
            made.put(rule())
        holder = column(gap=12)
        made.put(holder)

        def told(said: MemberFacts) -> None:
            day, go = self.desk.day, self.desk.go
            if tab == 0:
                put_spans(holder, "联系户", said.households, "还没有联系户。", day)
                onward = button(
                    "去登记联系户", "arrow-right", "link", on_click=lambda: self._households(line)
                )
                holder.put(row(onward, None))
                return
            put_spans(
                holder,
                "组织关系",
                said.branches,
                "党员花名册里没有这个人。",
                day,
                lambda one: go("party-members", show=one.id),
            )
            holder.put(rule())
            others = [one for one in said.links if one.id != line.id]
            put_spans(holder, "别的网格", others, "没有入别的网格。", day, lambda one: self._open(one.id))

        self.desk.read(holder, member_facts, line.person_id, self.desk.day, then=told, topic="member facts")

    def _households(self, line: LinkRow) -> None:
        self.desk.scope.choose(line.grid_id)
        self.desk.go("households")

    def acts(self, line: LinkRow) -> list[Button]:
        words = f"{line.name}　{line.grid}"
        return [button("结束入格", "user-off", on_click=lambda: self._end_of([line.id], words))]

    def form_of(self, line: LinkRow | None) -> tuple[str, str, Form]:
        assert line is not None  # a new one has a panel of its own
        picker = GridPicker(self.desk.runner, self.desk.find_grids, "所入网格")
        picker.choose(line.grid_id, line.grid or "")
        wanted = [GRID if name == "grid_id" else _BY_NAME[name] for name in IN_FORM]
        kinds = [*self.kinds, *([line.kind] if line.kind and line.kind not in self.kinds else [])]
        form = Form(wanted, line, pickers={"grid_id": picker}, hints={"kind": kinds})
        return line.name, line.grid or "", form

    def _new(self) -> None:
        if self.ready():
            self.put_panel(LinkPanel(self.desk, self.kinds), self.show_new)

    def _end(self) -> None:
        ids = self.chosen()
        if not ids:
            self.desk.say("先勾选要结束的入格。", can_undo=False)
        else:
            self._end_of(ids, f"已选 {len(ids)} 条")

    def _end_of(self, ids: Sequence[int], words: str) -> None:
        if self.ready():
            self.put_panel(EndPanel(self.desk, "结束入格", end_links, ids, words))
