"""党员: who belongs to which branch, transferred and confirmed; the grids and households of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.enums import PartyFlow, PartyMemberKind, Right
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, columns
from gridoffice.listing import Filter
from gridoffice.party.facts import MemberFacts, member_facts
from gridoffice.party.listing import MEMBERS
from gridoffice.party.rows import FlowColumns, MemberRow
from gridoffice.party.rules import confirmation_day
from gridoffice.party.service import confirm_members, enter_member, member_row, save_member, transfer_members
from ui.pages.drawer_page import Subject
from ui.pages.party_page import PartyPage, put_spans
from ui.pages.party_panels import DayLine, DeedPanel, LinkPanel, OrgPicker, asked
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.form import Form, fact, facts
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, Choice, button, column, label, row, rule
from ui.widgets.person_picker import PersonPicker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.main_window import MainWindow

_BY_NAME = {what.name: what for what in columns(MemberRow)}
ORG = Column("org_id", _BY_NAME["org"].field)
FLOW = Column("flow", next(what.field for what in columns(FlowColumns) if what.name == "state"))
IN_FORM = ("org_id", "kind", "joined", "confirmed", "flow", "note")
NARROW = ("name", "org", "kind", "joined", "confirmed", "phone")
SHOWN = (
    "name",
    "org",
    "kind",
    "joined",
    "confirmed",
    "sex",
    "birth",
    "phone",
    "education",
    "id_number",
    "note",
)


class MemberPanel(DeedPanel):
    """新增党员: somebody the office knows becomes a member in its register."""

    def __init__(self, desk: MainWindow):
        super().__init__(desk, "新增党员", "新增党员")
        self.person = PersonPicker(desk)
        self.org = OrgPicker(desk, "所在党支部")
        self.kind = Choice([(one, one.label) for one in PartyMemberKind], "人员类别")
        self.joined = DayLine("入党日期", None)
        self.confirmed = DayLine("转正日期", None)
        self.since = DayLine("到本支部的日期", None)
        self.inside.put_all(
            [
                asked("姓名", self.person),
                label("名册里没有的人，先在“人员”里新增，或者从 Excel 导入。", "hint", wrap=True),
                asked("所在党支部（组织关系在外单位的不写）", self.org),
                asked("人员类别", self.kind),
                asked("入党日期", self.joined),
                asked("转正日期", self.confirmed),
                asked("到本支部的日期", self.since),
                None,
            ]
        )

    def begin(self) -> None:
        self.person.setFocus()

    def deed(self) -> tuple[Any, ...]:
        if self.person.picked is None:
            raise RuleBroken("姓名从下面列出的里选一个。")
        return (
            enter_member,
            self.person.picked,
            {
                "org_id": chosen_org(self.org),
                "kind": PartyMemberKind(self.kind.currentData()),
                "joined": self.joined.day(),
                "confirmed": self.confirmed.day(),
                "from_day": self.since.day(),
            },
        )


def chosen_org(picker: OrgPicker) -> int | None:
    """The branch that was chosen; none for one elsewhere. Raises `RuleBroken`."""
    if picker.picked is None and picker.line.text().strip():
        raise RuleBroken(f"“{picker.line.text().strip()}”还没选定，从下面列出的里选一个。")
    return picker.picked


class TransferPanel(DeedPanel):
    """转接组织关系: from a day on some members belong to another branch."""

    def __init__(self, desk: MainWindow, ids: Sequence[int], words: str):
        super().__init__(desk, "转接组织关系", "转接")
        self._ids = list(ids)
        self.org = OrgPicker(desk, "转到哪个党支部")
        self.since = DayLine("从哪天起", desk.day)
        self.inside.put_all(
            [
                label(words, "strong", wrap=True),
                asked("转到哪个党支部（转到外单位的不写）", self.org),
                asked("从哪天起", self.since),
                label("前一天为止算在原来的支部，名单查得到。", "hint", wrap=True),
                None,
            ]
        )

    def begin(self) -> None:
        self.org.setFocus()

    def deed(self) -> tuple[Any, ...]:
        return transfer_members, self._ids, chosen_org(self.org), self.since.needed()


class ConfirmPanel(DeedPanel):
    """转正: probationary members become full ones on a day."""

    def __init__(self, desk: MainWindow, ids: Sequence[int], words: str):
        super().__init__(desk, "预备党员转正", "转正")
        self._ids = list(ids)
        self.day = DayLine("转正日期", desk.day)
        self.inside.put_all(
            [
                label(words, "strong", wrap=True),
                label("预备期满一年，支部大会讨论通过的那天。", "hint", wrap=True),
                asked("转正日期", self.day),
                None,
            ]
        )

    def begin(self) -> None:
        self.day.setFocus()

    def deed(self) -> tuple[Any, ...]:
        return confirm_members, self._ids, self.day.needed()


class PartyMembersPage(PartyPage):
    """The roster of party members."""

    key, words, title = "party-members", "党员", "党员花名册"
    tabs = ("资料", "入格", "组织关系")
    subject = Subject(
        listing=MEMBERS,
        read=member_row,
        save=save_member,
        needs=Right.EDIT_PEOPLE,
        tables=frozenset(
            {"party_member", "party_org", "org_seat", "party_link", "person", "grid", "household"}
        ),
        ledger="party-members",
        report="party-members",
        new=("新增党员", "user-plus"),
        empty="这里还没有党员。",
        finder="找姓名、拼音、证件号、支部",
        widths={"name": 100, "org": 230, "kind": 100, "joined": 108, "confirmed": 108, "id_number": 168},
    )

    def tools(self) -> Sequence[Child]:
        transfer = button("转接", "arrows-exchange", "quiet", tip="转接组织关系", on_click=self._transfer)
        confirm = button("转正", "check", "quiet", tip="预备党员转正", on_click=self._confirm)
        return rule(vertical=True, length=20), self.guarded(transfer), self.guarded(confirm)

    def columns(self) -> Sequence[Column]:
        return [_BY_NAME[name] for name in SHOWN]

    def dress(self) -> dict[str, Dress]:
        return {
            "kind": self._kind,
            "org": lambda _, text: Cell(text) if text else Cell("外单位支部", tone="text3"),
        }

    def _kind(self, line: MemberRow, kind: PartyMemberKind) -> Cell:
        over = kind is PartyMemberKind.PROBATIONARY and line.joined is not None
        if over and line.joined is not None and confirmation_day(line.joined) <= self.desk.day:
            return Cell("预备期已满", badge="clock")
        return Cell(kind.label)

    def opened(self) -> None:
        narrow = self.desk.width() < look.px(1366)
        first = NARROW if narrow else SHOWN
        self.kept.propose([*first, *(name for name in SHOWN if name not in first)])
        super().opened()

    def arrive(self, where: Any) -> None:
        if where.get("probation"):
            kind = Filter("kind", (PartyMemberKind.PROBATIONARY,))
            where = {**where, "filters": (kind,)}
        super().arrive(where)

    def name_of(self, line: MemberRow) -> tuple[str, str, tuple[str, str] | None]:
        badge = ("mute", line.flow.label) if line.flow is not PartyFlow.NORMAL else None
        kind = line.kind.label if line.kind is not None else ""
        return line.name, "·".join(part for part in (kind, line.org or "外单位支部") if part), badge

    def fill_tab(self, made: Box, tab: int, line: MemberRow) -> None:
        holder = column(gap=12)
        made.put(holder)

        def told(said: MemberFacts) -> None:
            day, go = self.desk.day, self.desk.go
            if tab == 0:
                if said.due is not None:
                    holder.put(note("warn", f"预备期 {said.due} 已满，讨论转正后登记。", "clock"))
                wanted = ("org", "kind", "joined", "confirmed", "sex", "birth", "education", "phone")
                shown = [_BY_NAME[name] for name in (*wanted, "id_number", "note")]
                state = fact("党籍状态", line.flow.label)
                holder.put(column(*facts(shown, line, hide_empty=True), state, gap=0))
                whose = button("看这个人", "user", "link", on_click=lambda: self._whose(line))
                holder.put(row(whose, None))
            elif tab == 1:
                put_spans(
                    holder,
                    "所入网格",
                    said.links,
                    "还没有入格。",
                    day,
                    lambda one: go("party-links", show=one.id),
                )
                holder.put(rule())
                put_spans(holder, "联系户", said.households, "还没有联系户。", day)
            else:
                put_spans(holder, "组织关系", said.branches, "", day)

        self.desk.read(holder, member_facts, line.person_id, self.desk.day, then=told, topic="member facts")

    def _whose(self, line: MemberRow) -> None:
        self.desk.go("people", search=line.id_number or line.name)

    def acts(self, line: MemberRow) -> list[Button]:
        acts = [button("转接", "arrows-exchange", on_click=lambda: self._transfer_of([line.id], line.name))]
        if line.kind is PartyMemberKind.PROBATIONARY:
            acts.append(button("转正", "check", on_click=lambda: self._confirm_of([line.id], line.name)))
        else:
            acts.append(button("入格", "user-plus", on_click=lambda: self._enter(line)))
        return acts

    def form_of(self, line: MemberRow | None) -> tuple[str, str, Form]:
        assert line is not None  # a new one has a panel of its own
        picker = OrgPicker(self.desk, "所在党支部")
        if line.org_id is not None and line.org is not None:
            picker.choose(line.org_id, line.org)
        special = {"org_id": ORG, "flow": FLOW}
        wanted = [special.get(name) or _BY_NAME[name] for name in IN_FORM]
        return line.name, line.org or "", Form(wanted, line, pickers={"org_id": picker})

    def _new(self) -> None:
        if self.ready():
            self.put_panel(MemberPanel(self.desk), self.show_new)

    def _enter(self, line: MemberRow) -> None:
        if self.ready():
            panel = LinkPanel(self.desk, self.kinds)
            panel.person.choose(line.person_id, line.name)
            self.put_panel(panel)

    def _transfer(self) -> None:
        ids = self.chosen()
        if not ids:
            self.desk.say("先勾选要转接的党员。", can_undo=False)
        else:
            self._transfer_of(ids, f"已选 {len(ids)} 名党员")

    def _transfer_of(self, ids: Sequence[int], words: str) -> None:
        if self.ready():
            self.put_panel(
                TransferPanel(self.desk, ids, words), self._show_transferred if len(ids) == 1 else None
            )

    def _show_transferred(self, done: Any) -> None:
        self._open(done.result[0])

    def _confirm(self) -> None:
        ids = self.chosen()
        if not ids:
            self.desk.say("先勾选要转正的预备党员。", can_undo=False)
        else:
            self._confirm_of(ids, f"已选 {len(ids)} 名党员")

    def _confirm_of(self, ids: Sequence[int], words: str) -> None:
        if self.ready():
            self.put_panel(ConfirmPanel(self.desk, ids, words))
