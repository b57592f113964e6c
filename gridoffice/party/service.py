"""What is done to the party register: organisations, memberships, who answers for which grid."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from db.enums import PartyFlow, PartyMemberKind, Right
from db.journal import entitle
from db.tables import Grid, PartyLink, PartyMember, PartyOrg, Person
from gridoffice.errors import Conflict, NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.limits import check_room
from gridoffice.listing import unchanged
from gridoffice.party import rules
from gridoffice.party.link_ledger import kind_said
from gridoffice.party.listing import link_rows, member_rows, org_rows
from gridoffice.party.member_ledger import STANDING
from gridoffice.party.naming import organisations
from gridoffice.party.rows import LinkRow, MemberRow, OrgRow
from gridoffice.party.seats import end_seats, move_seats, put_right, seats_of
from gridoffice.service import service

ORG_GONE = "这个党组织已不在台账里。"
MEMBER_GONE = "这名党员已不在花名册里。"
LINK_GONE = "这条入格记录已不在台账里。"

_ORG = ("name", "kind", "parent_id", "secretary", "secretary_id", "phone", "from_day", "to_day", "note")
_MEMBER = ("org_id", "kind", "flow", "joined", "confirmed", "from_day", "to_day", "note")
_LINK = ("person_id", "grid_id", "kind", "duty", "from_day", "to_day")
_SHOWN = {"parent_id": "parent", "grid_ids": "grid", "grid_id": "grid", "org_id": "org"}
"""Under which name a row shows what the form gives as a number."""


def org_row(session: Session, org_id: int) -> OrgRow:
    """One organisation as the form shows it. Raises `NotFound`."""
    return _one(org_rows(session, [org_id]), ORG_GONE)


def member_row(session: Session, member_id: int) -> MemberRow:
    """One membership as the form shows it. Raises `NotFound`."""
    return _one(member_rows(session, [member_id]), MEMBER_GONE)


def link_row(session: Session, link_id: int) -> LinkRow:
    """One link as the form shows it. Raises `NotFound`."""
    return _one(link_rows(session, [link_id]), LINK_GONE)


def _one(found: Sequence[Any], gone: str) -> Any:
    if not found:
        raise NotFound(gone)
    return found[0]


def _said(record: Any, names: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """What holds once the form's values are taken: those it leaves alone stay."""
    said = {name: getattr(record, name) for name in names}
    return said | {name: None if value == "" else value for name, value in values.items() if name in names}


def _refuse(problems: Sequence[Problem]) -> None:
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)


def _seen(row_type: type, seen: Any, now: Any, values: Mapping[str, Any]) -> None:
    unchanged(columns(row_type), seen, now, {_SHOWN.get(name, name) for name in values})


@service("保存党组织", needs=Right.EDIT_PEOPLE)
def save_org(
    session: Session, org_id: int | None, values: Mapping[str, Any], seen: OrgRow | None = None
) -> int:
    """Create or change one organisation: `values` by column name, `parent_id` and `secretary_id` as
    numbers, `grid_ids` as those of the grids it serves (put right as they are today; `seat_org` moves
    it); `to_day` dissolves it. A secretary who is somebody the office knows is written by that name; one
    who is only written is nobody known. Raises `RuleBroken`, and `Conflict` when somebody else changed
    the same value since `seen`; answers its number."""
    org = session.get(PartyOrg, org_id) if org_id is not None else PartyOrg()
    if org is None:
        raise NotFound(ORG_GONE)
    if org_id is not None and seen is not None:
        _seen(OrgRow, seen, org_row(session, org_id), values)
    said = _said(org, _ORG, values)
    if values.get("secretary_id") is not None:
        said["secretary"] = _somebody(session, values["secretary_id"]).name
    elif "secretary" in values and "secretary_id" not in values:
        said["secretary_id"] = None
    if not said["name"]:
        raise RuleBroken("没写党组织名称。")
    said["kind"] = said["kind"] or rules.kind_of(said["name"])
    if said["kind"] is None:
        raise RuleBroken("没写党组织类型。")
    _refuse(check_room(PartyOrg, columns(OrgRow), said) + rules.check_days(said["from_day"], said["to_day"]))
    book = organisations(session)
    if said["parent_id"] is not None and org_id in {one.id for one in book.above(said["parent_id"])}:
        raise RuleBroken("党组织不能挂在自己或自己的下级下面。")
    for twin in book.named(said["name"]):
        if twin.id != org_id and twin.parent_id == said["parent_id"]:
            raise RuleBroken(f"同一个上级下已有“{twin.name}”。")
    for name in _ORG:
        setattr(org, name, said[name])
    if org_id is None:
        session.add(org)
    session.flush()
    if "grid_ids" in values:
        put_right(session, org, values["grid_ids"], date.today())
    end_seats(session, org)
    entitle(session, f"{'建立' if org_id is None else '已改'}党组织“{said['name']}”")
    session.flush()
    return org.id


@service("设党组织书记", needs=Right.EDIT_PEOPLE)
def set_secretary(
    session: Session, org_id: int, person_id: int | None, seen: tuple[str | None] | None = None
) -> int:
    """Who leads an organisation: somebody the office knows, or nobody. Raises `Conflict` when it is not led any more
    by the one who was `seen` (his name). Answers its number."""
    org = session.get(PartyOrg, org_id)
    if org is None:
        raise NotFound(ORG_GONE)
    if seen is not None and seen[0] != org.secretary:
        now = f"现在是“{org.secretary}”" if org.secretary else "现在空缺"
        raise Conflict(f"别人刚改过“{org.name}”的{rules.leader_title(org.kind)}，{now}。看过新的再改。")
    person = _somebody(session, person_id) if person_id is not None else None
    org.secretary, org.secretary_id = (person.name, person.id) if person is not None else (None, None)
    post = rules.leader_title(org.kind)
    words = f"已设“{person.name}”为“{org.name}”{post}" if person is not None else f"“{org.name}”{post}空缺"
    entitle(session, words)
    session.flush()
    return org.id


@service("调整党组织所在网格", needs=Right.EDIT_PEOPLE)
def seat_org(
    session: Session, org_id: int, grid_ids: Sequence[int], day: date, seen: Sequence[int] | None = None
) -> int:
    """From a day on an organisation serves these grids. Raises `RuleBroken`, and `Conflict` when it serves others
    today than were `seen`; answers its number."""
    org = session.get(PartyOrg, org_id)
    if org is None:
        raise NotFound(ORG_GONE)
    if seen is not None and set(seen) != set(seats_of(session, [org.id], date.today()).get(org.id, ())):
        raise Conflict(f"别人刚调整过“{org.name}”所在的网格。看过新的再改。")
    if org.to_day is not None and org.to_day < day:
        raise RuleBroken(f"“{org.name}”到 {org.to_day} 为止，那以后没有所在网格。")
    move_seats(session, org, grid_ids, day)
    names = names_of(session, office_pack(session), list(grid_ids))
    where = "、".join(f"“{names[one][0]}”" for one in grid_ids) or "不设在网格"
    entitle(session, f"“{org.name}”从 {day} 起在{where}" if grid_ids else f"“{org.name}”从 {day} 起{where}")
    session.flush()
    return org.id


@service("撤销党组织", needs=Right.EDIT_PEOPLE)
def dissolve_orgs(session: Session, org_ids: Sequence[int], last_day: date) -> int:
    """Some organisations end; `last_day` is the last one. Raises `RuleBroken` naming what still stands
    below one of them or who still belongs to it; answers how many."""
    names = []
    for org in session.scalars(select(PartyOrg).where(PartyOrg.id.in_(org_ids)).order_by(PartyOrg.id)):
        _refuse(rules.check_days(org.from_day, last_day))
        _left_below(session, org, set(org_ids), last_day)
        org.to_day = last_day
        end_seats(session, org)
        names.append(org.name)
    words = f"“{names[0]}”" if len(names) == 1 else f" {len(names)} 个党组织"
    entitle(session, f"已撤销{words}（到 {last_day} 为止）")
    session.flush()
    return len(names)


def _left_below(session: Session, org: PartyOrg, going: Collection[int], last_day: date) -> None:
    after = or_(PartyOrg.to_day.is_(None), PartyOrg.to_day > last_day)
    lower = select(PartyOrg.name).where(PartyOrg.parent_id == org.id, after, PartyOrg.id.not_in(going))
    name = session.scalar(lower.order_by(PartyOrg.id).limit(1))
    if name is not None:
        raise RuleBroken(f"“{org.name}”下面还有“{name}”，先把它改挂到别处或一起撤销。")
    stays = or_(PartyMember.to_day.is_(None), PartyMember.to_day > last_day)
    members = select(func.count()).where(PartyMember.org_id == org.id, stays)
    count = session.scalar(members) or 0
    if count:
        raise RuleBroken(f"“{org.name}”还有党员 {count} 人，先把组织关系转到别的支部。")


def _somebody(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("这个人已不在了。")
    return person


@service("保存党员", needs=Right.EDIT_PEOPLE)
def save_member(
    session: Session,
    member_id: int | None,
    values: Mapping[str, Any],
    seen: MemberRow | None = None,
    person_id: int | None = None,
) -> int:
    """Create (for `person_id`) or change one membership: `values` by column name, `org_id` as a number.
    Raises `RuleBroken`, and `Conflict` when somebody else changed the same value since `seen`; answers
    its number."""
    if member_id is None:
        member = PartyMember(person_id=person_id, flow=PartyFlow.NORMAL, kind=PartyMemberKind.FULL)
    else:
        member = session.get(PartyMember, member_id)
    person = session.get(Person, member.person_id) if member is not None and member.person_id else None
    if member is None or person is None:
        raise NotFound(MEMBER_GONE if member_id is not None else "没写是谁。")
    if member_id is not None and seen is not None:
        _seen(MemberRow, seen, member_row(session, member_id), values)
    said = _said(member, _MEMBER, values)
    said["kind"], said["flow"] = said["kind"] or PartyMemberKind.FULL, said["flow"] or PartyFlow.NORMAL
    _refuse(
        check_room(PartyMember, columns(MemberRow), said)
        + rules.check_days(said["from_day"], said["to_day"])
        + rules.check_member(said["kind"], said["joined"], said["confirmed"], person.birth)
    )
    for other in session.scalars(select(PartyMember).where(PartyMember.person_id == person.id)):
        if other.id != member_id and rules.overlap(
            said["from_day"], said["to_day"], other.from_day, other.to_day
        ):
            raise RuleBroken(f"“{person.name}”在这段时间已有党员记录，组织关系同时只在一个支部。")
    for name in _MEMBER:
        setattr(member, name, said[name])
    if member_id is None:
        session.add(member)
    if said["to_day"] is None:
        person.political = STANDING[said["kind"]]
    entitle(session, f"{'新增' if member_id is None else '已改'}党员“{person.name}”")
    session.flush()
    return member.id


@service("新增党员", needs=Right.EDIT_PEOPLE)
def enter_member(session: Session, person_id: int, values: Mapping[str, Any]) -> int:
    """Somebody the office knows becomes a member in its register, as `save_member` has it."""
    return save_member(session, None, values, person_id=person_id)


@service("转接组织关系", needs=Right.EDIT_PEOPLE)
def transfer_members(session: Session, member_ids: Sequence[int], org_id: int | None, day: date) -> list[int]:
    """From `day` on some members belong to another branch (None: to one elsewhere), all or none; until
    the day before stands what was. Raises `RuleBroken`; answers the new memberships' numbers."""
    fresh = [_transfer(session, one, org_id, day) for one in member_ids]
    if len(fresh) > 1:
        entitle(session, f"{len(fresh)} 名党员的组织关系从 {day} 起转接")
    return fresh


def _transfer(session: Session, member_id: int, org_id: int | None, day: date) -> int:
    old = session.get(PartyMember, member_id)
    person = session.get(Person, old.person_id) if old is not None else None
    if old is None or person is None:
        raise NotFound(MEMBER_GONE)
    if old.to_day is not None:
        raise RuleBroken("这段组织关系已经结束，不能再转。")
    if old.from_day is not None and day <= old.from_day:
        raise RuleBroken(f"转接日期 {day} 不晚于到现支部的日期 {old.from_day}。")
    if org_id == old.org_id:
        raise RuleBroken("转去的和现在的是同一个支部。")
    old.to_day = rules.day_before(day)
    values = {name: getattr(old, name) for name in _MEMBER} | {
        "org_id": org_id,
        "from_day": day,
        "to_day": None,
    }
    later = select(PartyMember.from_day).where(
        PartyMember.person_id == person.id, PartyMember.id != old.id, PartyMember.from_day >= day
    )
    if session.scalar(later.limit(1)) is not None:
        raise RuleBroken(f"“{person.name}”在 {day} 以后已另有组织关系。")
    fresh = PartyMember(person_id=person.id, **values)
    session.add(fresh)
    entitle(session, f"“{person.name}”的组织关系从 {day} 起转接")
    session.flush()
    return fresh.id


@service("预备党员转正", needs=Right.EDIT_PEOPLE)
def confirm_members(session: Session, member_ids: Sequence[int], day: date) -> int:
    """Probationary members become full ones on `day`. Raises `RuleBroken` naming whose year of probation
    is not over; answers how many."""
    names = []
    for member in session.scalars(select(PartyMember).where(PartyMember.id.in_(member_ids))):
        person = session.get(Person, member.person_id)
        name = person.name if person is not None else ""
        if member.kind is PartyMemberKind.FULL:
            raise RuleBroken(f"“{name}”已经是正式党员。")
        if member.joined is not None and day < (ready := rules.confirmation_day(member.joined)):
            raise RuleBroken(f"“{name}”的预备期到 {ready} 才满一年。")
        member.kind, member.confirmed = PartyMemberKind.FULL, day
        if person is not None:
            person.political = STANDING[PartyMemberKind.FULL]
        names.append(name)
    whom = f"“{names[0]}”" if len(names) == 1 else f" {len(names)} 人"
    entitle(session, f"已把{whom}转为正式党员")
    session.flush()
    return len(names)


@service("保存党员入格", needs=Right.EDIT_PEOPLE)
def save_link(
    session: Session, link_id: int | None, values: Mapping[str, Any], seen: LinkRow | None = None
) -> int:
    """Create or change who answers for a grid: `values` by column name, `person_id` and `grid_id` as
    numbers; without a kind it is that of the grid's tier. Raises `RuleBroken` when the same member
    answers for the same grid at the same time already, and `Conflict` when somebody else changed the
    same value since `seen`; answers its number."""
    link = session.get(PartyLink, link_id) if link_id is not None else PartyLink()
    if link is None:
        raise NotFound(LINK_GONE)
    if link_id is not None and seen is not None:
        _seen(LinkRow, seen, link_row(session, link_id), values)
    said = _said(link, _LINK, values)
    person = session.get(Person, said["person_id"]) if said["person_id"] else None
    grid = session.get(Grid, said["grid_id"]) if said["grid_id"] else None
    if person is None:
        raise RuleBroken("没写是谁。")
    if grid is None:
        raise RuleBroken("没写所入网格。")
    pack = office_pack(session)
    said["kind"] = kind_said(pack, said["kind"], grid.kind)
    _refuse(
        check_room(PartyLink, columns(LinkRow), said) + rules.check_days(said["from_day"], said["to_day"])
    )
    others = select(PartyLink).where(PartyLink.person_id == person.id, PartyLink.grid_id == grid.id)
    for other in session.scalars(others):
        if other.id != link_id and rules.overlap(
            said["from_day"], said["to_day"], other.from_day, other.to_day
        ):
            raise RuleBroken(f"“{person.name}”在这段时间已经入了这个网格。")
    for name in _LINK:
        setattr(link, name, said[name])
    if link_id is None:
        session.add(link)
    where = names_of(session, pack, [grid.id])[grid.id][0]
    entitle(session, f"“{person.name}”{'入格' if link_id is None else '入格资料已改：'}“{where}”")
    session.flush()
    return link.id


@service("结束党员入格", needs=Right.EDIT_PEOPLE)
def end_links(session: Session, link_ids: Sequence[int], last_day: date) -> int:
    """Some members no longer answer for their grids; `last_day` is the last one. Answers how many."""
    found = session.scalars(select(PartyLink).where(PartyLink.id.in_(link_ids))).all()
    for link in found:
        _refuse(rules.check_days(link.from_day, last_day))
        link.to_day = last_day
    entitle(session, f"结束 {len(found)} 条党员入格")
    session.flush()
    return len(found)
