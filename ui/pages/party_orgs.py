"""党组织: every party organisation, the grids it serves from when to when, who leads it, who belongs to it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from db.enums import Right
from db.listening import Spot
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.party.facts import OrgFacts, org_facts
from gridoffice.party.listing import ORGS
from gridoffice.party.proposals import org_proposal
from gridoffice.party.rows import OrgRow
from gridoffice.party.rules import leader_title
from gridoffice.party.service import dissolve_orgs, org_row, save_org, seat_org, set_secretary
from ui.pages.drawer_page import Subject
from ui.pages.party_page import PartyPage, put_spans
from ui.pages.party_panels import DayLine, DeedPanel, ManyGrids, OrgPanel, OrgPicker, asked
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.form import Form, facts
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, button, column, label, row, rule
from ui.widgets.person_picker import PersonPicker

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_BY_NAME = {what.name: what for what in columns(OrgRow)}
IN_FORM = ("name", "kind", "parent_id", "secretary", "phone")
PARENT = Column("parent_id", _BY_NAME["parent"].field)


class SeatsPanel(DeedPanel):
    """From a day on an organisation serves these grids."""

    def __init__(self, desk: MainWindow, org: OrgRow, grids: dict[int, str]):
        super().__init__(desk, "调整所在网格", "调整")
        self._org, self._seen = org, list(grids)
        self.spot = Spot(ORGS.key, org.id, True)
        self.grids = ManyGrids(desk)
        self.since = DayLine("生效日期", desk.day)
        self.inside.put_all(
            [
                label(org.name, "strong", wrap=True),
                asked("从那天起所在的网格", self.grids),
                asked("生效日期", self.since),
                label("以前在哪些网格照旧留着；要改写错的，日期写成当初那天。", "hint", wrap=True),
                None,
            ]
        )
        for number, words in grids.items():
            self.grids.add(number, words)

    def begin(self) -> None:
        self.grids.picker.setFocus()

    def deed(self) -> tuple[Any, ...]:
        return seat_org, self._org.id, self.grids.numbers(), self.since.needed(), self._seen


class LeaderPanel(DeedPanel):
    """Who leads an organisation."""

    def __init__(self, desk: MainWindow, org: OrgRow):
        title = leader_title(org.kind) if org.kind is not None else "书记"
        super().__init__(desk, f"设{title}", f"设为{title}")
        self._org, self._title = org, title
        self.spot = Spot(ORGS.key, org.id, True)
        self.person = PersonPicker(desk, title)
        self.inside.put_all(
            [
                label(org.name, "strong", wrap=True),
                label(f"现在的{title}：{org.secretary or '空缺'}", "hint", wrap=True),
                asked(title, self.person),
                None,
            ]
        )

    def begin(self) -> None:
        self.person.setFocus()

    def deed(self) -> tuple[Any, ...]:
        if self.person.picked is None:
            raise RuleBroken(f"{self._title}从下面列出的里选一个。")
        return set_secretary, self._org.id, self.person.picked, (self._org.secretary,)


class DissolvePanel(DeedPanel):
    """An organisation's last day."""

    def __init__(self, desk: MainWindow, ids: list[int], words: str):
        super().__init__(desk, "撤销党组织", "撤销")
        self._ids = ids
        self.last = DayLine("最后一天", desk.day)
        self.inside.put_all(
            [
                label(words, "strong", wrap=True),
                label("它所在的网格、党员的记录照旧留着；党员要另转支部。", "hint", wrap=True),
                asked("最后一天", self.last),
                None,
            ]
        )

    def begin(self) -> None:
        self.last.setFocus()

    def deed(self) -> tuple[Any, ...]:
        return dissolve_orgs, self._ids, self.last.needed()


class PartyOrgsPage(PartyPage):
    """The ledger of organisations."""

    key, words, title = "party-orgs", "党组织", "网格党组织台账"
    tabs = ("资料", "党员", "下级")
    subject = Subject(
        listing=ORGS,
        read=org_row,
        save=save_org,
        needs=Right.EDIT_PEOPLE,
        tables=frozenset({"party_org", "org_seat", "party_member", "person", "grid"}),
        ledger="party-orgs",
        report="party-orgs",
        new=("建立党组织", "plus"),
        empty="这里还没有党组织。",
        finder="找党组织、书记",
        widths={"name": 240, "parent": 200, "grid": 200, "secretary": 96, "phone": 120, "members": 80},
    )

    def dress(self) -> dict[str, Dress]:
        return {
            "name": lambda _, text: Cell(text, weight=500),
            "secretary": lambda _, text: Cell(text) if text else Cell("空缺", badge="warn"),
        }

    def name_of(self, line: OrgRow) -> tuple[str, str, tuple[str, str] | None]:
        over = line.to_day is not None and line.to_day < self.desk.day
        return (
            line.name,
            line.kind.label if line.kind is not None else "",
            ("mute", "已撤销") if over else None,
        )

    def fill_tab(self, made: Box, tab: int, line: OrgRow) -> None:
        if tab == 0:
            wanted = ("kind", "parent", "grid", "secretary", "phone", "members")
            made.put(column(*facts([_BY_NAME[name] for name in wanted], line), gap=0))
        holder = column(gap=12)
        made.put(holder)

        def told(said: OrgFacts) -> None:
            day, go = self.desk.day, self.desk.go
            if tab == 0:
                if said.doubt:
                    holder.put(note("warn", said.doubt))
                holder.put(rule())
                put_spans(holder, "所在网格", said.seats, "没有所在网格，跟着上级党组织。", day)
                if self.may_edit and not self.desk.past:
                    change = button("调整所在网格", "sitemap", "link", on_click=lambda: self._seats(line))
                    holder.put(row(change, None))
            elif tab == 1:
                holder.put(label(f"正式党员 {said.full} 人（连同党小组）", "fact"))
                put_spans(
                    holder,
                    "党员",
                    said.members,
                    "还没有党员。",
                    day,
                    lambda one: go("party-members", show=one.id),
                )
            else:
                put_spans(
                    holder, "下级党组织", said.lower, "没有下级党组织。", day, lambda one: self._open(one.id)
                )

        self.desk.read(holder, org_facts, line.id, self.desk.day, then=told, topic="org facts")

    def acts(self, line: OrgRow) -> list[Button]:
        title = leader_title(line.kind) if line.kind is not None else "书记"
        return [
            button(f"设{title}", "user", on_click=lambda: self.put_panel(LeaderPanel(self.desk, line))),
            button("撤销", "x", on_click=lambda: self._dissolve(line)),
        ]

    def form_of(self, line: OrgRow | None) -> tuple[str, str, Form]:
        assert line is not None  # a new one has a panel of its own
        picker = OrgPicker(self.desk, "上级党组织")
        if line.parent_id is not None and line.parent is not None:
            picker.choose(line.parent_id, line.parent)
        wanted = [PARENT if name == "parent_id" else _BY_NAME[name] for name in IN_FORM]
        return line.name, line.grid or "", Form(wanted, line, pickers={"parent_id": picker})

    def _new(self) -> None:
        if not self.ready():
            return
        scope = self.desk.scope_id
        if scope is None:
            self.put_panel(OrgPanel(self.desk), self.show_new)
            return
        self.desk.read(
            self,
            org_proposal,
            scope,
            self.desk.day,
            then=lambda found: self.put_panel(OrgPanel(self.desk, found), self.show_new),
            topic="proposal",
        )

    def _seats(self, line: OrgRow) -> None:
        self.desk.read(
            self,
            _named,
            line.grid_ids,
            self.desk.day,
            then=lambda grids: self.put_panel(SeatsPanel(self.desk, line, grids)),
            topic="seats",
        )

    def _dissolve(self, line: OrgRow) -> None:
        self.put_panel(DissolvePanel(self.desk, [line.id], line.name))


def _named(session: Any, grid_ids: tuple[int, ...], day: date) -> dict[int, str]:
    names = names_of(session, office_pack(session), grid_ids, day)
    return {one: names[one][0] for one in grid_ids}
