"""党员花名册 as Excel knows it: a person and a membership in each row, however the party offices lay it
out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import PartyFlow, PartyMemberKind, PartyOrgKind, Political, Right
from db.tables import PartyMember, PartyOrg
from db.turns import Turn
from gridoffice.errors import Problem, Severity
from gridoffice.fields import columns
from gridoffice.intake import Incoming, Key, Ledger, Options, Outcome, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.party import rules
from gridoffice.party.asking import SIGN, OrgFound, find_org, org_choices
from gridoffice.party.listing import MEMBERS
from gridoffice.party.naming import Organisations, every_name, organisations
from gridoffice.party.rows import OF_MEMBER, FlowColumns, MemberRow
from gridoffice.people.finding import Stored, who
from gridoffice.people.hats import (
    Wardrobe,
    Wearer,
    asks_of,
    belongings,
    completed,
    namesakes,
    remembered_of,
    twin,
)
from gridoffice.people.rows import PERSONAL
from gridoffice.people.rules import check_identity
from gridoffice.people.writing import wearers
from gridoffice.questions import Asked, Choice
from gridoffice.service import service
from gridoffice.settling import differences, settle
from gridoffice.spreadsheet.guide import Group
from gridoffice.spreadsheet.taking import TakenRow

STANDING = {
    PartyMemberKind.FULL: Political.MEMBER,
    PartyMemberKind.PROBATIONARY: Political.PROBATIONARY,
}
"""政治面貌 of a person by the membership: the register of members knows it first."""


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the membership that its person has today."""
    wardrobe = Wardrobe.open(session, rows, options, remembered)
    held = belongings(session, PartyMember, wardrobe.people.ids())
    book = organisations(session)
    members = held.keys()
    seen: dict[Any, TakenRow] = {}
    return [
        _plan_row(
            row,
            options,
            book,
            wardrobe,
            wardrobe.wearer(row, members.__contains__, unnumbered=True),
            held,
            seen,
        )
        for row in rows
    ]


def _plan_row(
    row: TakenRow,
    options: Options,
    book: Organisations,
    wardrobe: Wardrobe,
    whose: Wearer,
    held: Mapping[int, Sequence[Stored]],
    seen: dict[Any, TakenRow],
) -> Planned:
    said = completed(dict(row.values), whose.person)
    problems = [*whose.problems, *check_room(PartyMember, columns(MemberRow), said)]
    if not any(problem.field == "身份证号码" for problem in row.problems):
        problems += check_identity(said.get("id_number"), said.get("sex"), said.get("birth"))
    problems += twin(seen, who(row), row, "同一个党员")
    today = date.today()
    old = next((one for one in held.get(whose.id or 0, ()) if (one["to_day"] or today) >= today), None)
    branch = OrgFound()
    if said.get("org"):
        branch = find_org(
            book, wardrobe.answers, said["org"], "所在党支部", create_missing=options.create_missing
        )
    problems += branch.problems
    org_id = branch.org_id
    if (flow := _flow(said)) is not None:
        said["flow"] = flow
    if said.get("kind") is None:
        said["kind"] = old["kind"] if old is not None else _usual_kind(whose.person)
    if said.get("confirmed") and "kind" not in row.values and old is not None:
        said["kind"] = PartyMemberKind.FULL
    problems += rules.check_member(said["kind"], said.get("joined"), said.get("confirmed"), said.get("birth"))
    said["political"] = STANDING[said["kind"]]
    changes: dict[str, tuple[Any, Any]] = {}
    if whose.person is not None:
        if whose.keep_name:
            said["name"] = whose.person["name"]
        changes |= differences(options, whose.person, said, PERSONAL)
        if (before := whose.person["political"]) is not None and "political" in changes:
            message = f"花名册里的政治面貌是{before.label}，改为{said['political'].label}。"
            problems.append(Problem(message, Severity.NOTE, field="人员类别", value=said["kind"].label))
    if old is not None:
        changes |= differences(options, old, said, OF_MEMBER)
        if org_id is not None and org_id != old["org_id"]:
            changes["org"] = book.called(old["org_id"]), book.display(org_id)
        elif branch.make:
            changes["org"] = (None, said["org"])
    return settle(
        row,
        problems,
        changes=changes,
        record=old["id"] if old is not None else None,
        resolved={"who": who(row), "person_id": whose.id, "org_id": org_id, "make": branch.make},
        conflict=whose.conflict,
        asks=(*whose.asked, *asks_of(branch.asked)),
        skip=whose.skip or branch.skip,
        out_of_scope=whose.outside,
        values=said,
    )


def _flow(said: Mapping[str, Any]) -> PartyFlow | None:
    """What a row tells of a member's taking part, in whichever of the columns."""
    if said.get("lost"):
        return PartyFlow.LOST
    if said.get("away"):
        return PartyFlow.AWAY
    return said.get("state")


def _usual_kind(person: Stored | None) -> PartyMemberKind:
    """Where nobody says: what the person's political status says, else a full member."""
    if person is not None and person["political"] is Political.PROBATIONARY:
        return PartyMemberKind.PROBATIONARY
    return PartyMemberKind.FULL


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Make who and what is missing, insert new memberships, change the others."""
    owners = wearers(session, rows)
    made = _missing_orgs(session, rows)

    def org_of(row: Planned) -> int | None:
        return row.resolved["org_id"] or made.get(row.values.get("org") or "")

    new = [(row, owner) for row, owner in zip(rows, owners, strict=True) if row.outcome is Outcome.NEW]
    bulk_insert(
        session,
        PartyMember,
        [
            {
                "id": number,
                "person_id": owner,
                "org_id": org_of(row),
                "from_day": None,
                "to_day": None,
                **{name: row.values.get(name) for name in OF_MEMBER},
                "flow": row.values.get("flow") or PartyFlow.NORMAL,
            }
            for number, (row, owner) in zip(
                reserve(session, PartyMember, len(new)) if new else (), new, strict=True
            )
        ],
    )
    updates: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.outcome is Outcome.UPDATED and row.record is not None:
            values = {name: row.changes[name][1] for name in OF_MEMBER if name in row.changes}
            if "org" in row.changes:
                values["org_id"] = org_of(row)
            if values:
                updates[row.record] = values
    bulk_update(session, PartyMember, updates)
    return {}


def _missing_orgs(session: Session, rows: Sequence[Planned]) -> dict[str, int]:
    """Make the organisations that rows name and nobody knows; answers their numbers by name."""
    names = list(dict.fromkeys(row.values["org"] for row in rows if row.resolved["make"]))
    if not names:
        return {}
    made = dict(zip(names, reserve(session, PartyOrg, len(names)), strict=True))
    bulk_insert(
        session,
        PartyOrg,
        [
            {
                "id": number,
                "name": name,
                "kind": rules.kind_of(name) or PartyOrgKind.BRANCH,
                **dict.fromkeys(_OF_NEW_ORG),
            }
            for name, number in made.items()
        ],
    )
    return made


_OF_NEW_ORG = ("parent_id", "secretary", "secretary_id", "phone", "from_day", "to_day", "note")


def choices(session: Session, ground: object, asked: Asked) -> tuple[Choice, ...]:
    """What may be answered to a question of a roster of members."""
    return org_choices(session, asked) if asked.key.startswith(SIGN) else namesakes(session, ground, asked)


def groups(session: Session) -> tuple[Group, ...]:
    """Branches, which rosters write in their title (`××党支部党员名册`), as sheet names, or once above."""
    names = frozenset(session.scalars(select(PartyOrg.name)))
    return (Group("org", ("党支部", "支部", "党总支", "党小组", "支部委员会"), names),)


@service("导入党员花名册", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_members(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a roster of party members in, whole."""
    return take_in(session, MEMBER_LEDGER, come, options, ready)


MEMBER_LEDGER = Ledger(
    key="party-members",
    title="党员花名册",
    unit="名党员",
    columns=lambda _session, _options: (*columns(MemberRow), *columns(FlowColumns)),
    ground=remembered_of("party-members"),
    plan=plan,
    choices=choices,
    keys=tuple(Key),
    write=write,
    service=import_members,
    listing=MEMBERS,
    groups=groups,
    offers=lambda session: {"org": every_name(session)},
)
