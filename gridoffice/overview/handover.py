"""工作交接清单: what somebody who leaves or goes elsewhere held, and to whom it may go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from db.enums import IssueState
from db.tables import (
    Certificate,
    Household,
    Issue,
    PartyLink,
    PartyOrg,
    PartyReport,
    Person,
    Post,
)
from gridoffice.errors import NotFound
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.grids.rules import below
from gridoffice.grids.service import serving
from gridoffice.people.lists import lasting
from gridoffice.qualifications.listing import current
from gridoffice.settings import NAME, setting
from gridoffice.training.service import shortage_between
from gridoffice.workers.rules import span

RECENT = timedelta(days=31)
"""A post that ended so long ago at most is still what is handed over."""
BY_HAND = ("工作证、袖标等证件", "工作手机、账号和密码", "纸质台账和钥匙")
"""What every hand-over asks for and no register knows: the line is ticked by hand."""


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is handed over: what kind, what, more about it, and who may take it (empty: to be
    written by hand)."""

    kind: str
    what: str
    detail: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """What one person hands over. `post_ids` are the posts that are left, `leaves` the last day in them
    (None: not yet known), `gone` says that no post remains."""

    person_id: int
    name: str
    posts: str
    post_ids: tuple[int, ...]
    leaves: date | None
    reason: str
    gone: bool
    items: tuple[Held, ...]


def leaving_between(session: Session, scope: int | None, day: date) -> list[int]:
    """Who left a post below a grid within the last month before a day, or leaves one after it is known."""
    query = select(Post.person_id).where(Post.to_day >= day - RECENT)
    if scope is not None:
        query = query.where(tree_on(session, day).within(Post.grid_path, path_of(session, scope)))
    return list(dict.fromkeys(session.scalars(query.order_by(Post.to_day, Post.grid_path, Post.id))))


def hand_over(session: Session, person_id: int, day: date | None = None) -> HandOver:
    """What somebody hands over as of a day: with a post that ended lately or ends, what lies in its grid;
    with none, all that the present posts hold. Whoever keeps no post hands over everything. Raises
    `NotFound`."""
    day = day or date.today()
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("没有这个人。")
    mine = session.scalars(
        select(Post).where(Post.person_id == person_id).order_by(Post.to_day.desc().nulls_last(), Post.id)
    ).all()
    ending = [one for one in mine if one.to_day is not None and one.to_day >= day - RECENT]
    present = [one for one in mine if _on(one, day)]
    left = ending or present
    stays = [one for one in mine if one not in ending and (one.to_day is None or one.to_day >= day)]
    gone = not stays or not ending
    own = {one.grid_id for one in left}
    names = _names(session, left)
    successors = _successors(session, person_id, left, day)
    items = [
        Held(
            "岗位",
            f"{names[one.grid_id]}·{one.title}",
            span(one.from_day, one.to_day),
            successors.get(one.id, ""),
        )
        for one in left
    ]
    items += _hats(session, person_id, own, None if gone else own, day)
    if gone:
        items += _own(session, person_id, left, day)
    items += [Held("物品", what, "有的打勾，没有的划去") for what in BY_HAND]
    return HandOver(
        person_id,
        person.name,
        "、".join(f"{names[one.grid_id]}{one.title}" for one in left),
        tuple(one.id for one in left),
        max((one.to_day for one in ending if one.to_day is not None), default=None),
        next((one.leave_reason for one in ending if one.leave_reason), ""),
        gone and bool(ending),
        tuple(items),
    )


def _on(post: Post, day: date) -> bool:
    return (post.from_day is None or post.from_day <= day) and (post.to_day is None or post.to_day >= day)


def _names(session: Session, posts: Sequence[Post]) -> dict[int, str]:
    found = names_of(session, office_pack(session), {one.grid_id for one in posts})
    return {number: name for number, (name, _) in found.items()}


def _successors(session: Session, person_id: int, left: Sequence[Post], day: date) -> dict[int, str]:
    """Who may take over each post: whoever serves in the same grid after it ends, the same post first."""
    found: dict[int, str] = {}
    for post in left:
        after = max(day, post.to_day + timedelta(days=1)) if post.to_day is not None else day
        query = (
            select(Person.name, Post.title)
            .join(Post, Post.person_id == Person.id)
            .where(Post.grid_id == post.grid_id, Post.person_id != person_id, serving(after))
            .order_by(Post.from_day.desc().nulls_last(), Post.id)
        )
        others = sorted(session.execute(query).all(), key=lambda one: one[1] != post.title)
        if others:
            found[post.id] = others[0][0]
    return found


def _there(column: Any, grids: set[int] | None) -> ColumnElement[bool]:
    return column.is_not(None) if grids is None else column.in_(grids)


def _hats(
    session: Session, person_id: int, own: set[int], grids: set[int] | None, day: date
) -> Iterator[Held]:
    """What somebody answers for in some grids (None: everywhere); `own` are those of the posts left."""
    pack = office_pack(session)
    links = session.scalars(
        select(PartyLink)
        .where(PartyLink.person_id == person_id, lasting(PartyLink, day), _there(PartyLink.grid_id, grids))
        .order_by(PartyLink.id)
    ).all()
    reports = session.scalars(
        select(PartyReport)
        .where(
            PartyReport.person_id == person_id, lasting(PartyReport, day), _there(PartyReport.grid_id, grids)
        )
        .order_by(PartyReport.id)
    ).all()
    homes = session.scalars(
        select(Household)
        .where(
            or_(Household.caller_id == person_id, Household.member_id == person_id),
            lasting(Household, day),
            _there(Household.grid_id, grids),
        )
        .order_by(Household.grid_id, Household.name, Household.id)
    ).all()
    # a problem that nobody was given goes with the grid
    whose = or_(Issue.person_id == person_id, and_(Issue.person_id.is_(None), Issue.grid_id.in_(own)))
    states = (IssueState.OPEN, IssueState.PASSED_ON)
    open_ones = and_(Issue.state.in_(states), Issue.day <= day, whose, _there(Issue.grid_id, grids))
    issues = session.scalars(select(Issue).where(open_ones).order_by(Issue.due.nulls_last(), Issue.id)).all()
    everywhere = {one.grid_id for some in (links, reports, homes, issues) for one in some}
    names = {number: name for number, (name, _) in names_of(session, pack, everywhere).items()}
    for one in links:
        yield Held(
            "党员入格", f"{one.kind}：{names[one.grid_id]}", one.duty or span(one.from_day, one.to_day)
        )
    for one in reports:
        yield Held("双报到", names[one.grid_id], f"{one.side.label}　{one.unit or ''}".strip())
    for one in homes:
        said = "　".join(part for part in (one.address, f"{one.people} 人" if one.people else "") if part)
        yield Held("联系户", f"{one.name}（{names[one.grid_id]}）", said)
    for one in issues:
        due = f"　{one.due} 前办结" if one.due is not None else ""
        yield Held("待办问题", f"{names[one.grid_id]}：{one.what}", f"{one.day} 发现　{one.state.label}{due}")


def _own(session: Session, person_id: int, left: Sequence[Post], day: date) -> Iterator[Held]:
    """What somebody who keeps no post has to settle: offices in the party, certificates, training due."""
    orgs = select(PartyOrg.name).where(PartyOrg.secretary_id == person_id, lasting(PartyOrg, day))
    for name in session.scalars(orgs.order_by(PartyOrg.id)):
        yield Held("党内职务", f"{name}书记", "按党内程序改选")
    held = select(Certificate).where(Certificate.person_id == person_id, current(day))
    for one in session.scalars(held.order_by(Certificate.issued, Certificate.id)):
        until = f"有效期到 {one.expires}" if one.expires is not None else "长期有效"
        level = f"　{one.level}" if one.level else ""
        yield Held("证书", f"{one.certificate}{level}", f"{one.number or '没写编号'}　{until}，本人留存")
    for start, end in dict.fromkeys(below(one.grid_path) for one in left):
        for short in shortage_between(session, start, end, day):
            if short.person_id == person_id:
                done, missing = (f"{hours.normalize():f}" for hours in (short.done, short.missing))
                said = f"{short.years} 年内已有 {done} 学时，还差 {missing} 学时"
                yield Held("培训", "学时没有学够", said)


HEADINGS = ("序号", "类别", "内容", "说明", "接收人", "接收人签字")
WIDTHS = {
    "序号": 5.0,
    "移交人": 10,
    "类别": 10,
    "内容": 38,
    "说明": 38,
    "接收人": 12,
    "接收人签字": 16,
}
SIGNED_BY = ("移交人：", "接收人：", "监交人：", "日期：")


@dataclass(frozen=True, slots=True)
class HandOverSheet:
    """The sheet of one person, or of several who left, ready to be printed."""

    title: str
    facts: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def hand_over_sheet(
    session: Session, person_id: int | None, scope: int | None = None, day: date | None = None
) -> HandOverSheet:
    """The hand-over of one person; of nobody named, of all who left or leave below a grid. Raises
    `NotFound` when there is nobody."""
    day = day or date.today()
    office = f"单位：{setting(session, NAME, '')}"
    if person_id is not None:
        found = hand_over(session, person_id, day)
        facts = [office, f"移交人：{found.name}", f"岗位：{found.posts or '没有任职'}"]
        facts.append(f"离任：{found.leaves}" if found.leaves is not None else f"截至：{day}")
        facts += [f"原因：{found.reason}"] if found.reason else []
        rows = tuple(_line(number, one) for number, one in enumerate(found.items, 1))
        return HandOverSheet("工作交接清单", tuple(facts), HEADINGS, rows)
    people = [hand_over(session, number, day) for number in leaving_between(session, scope, day)]
    if not people:
        raise NotFound("最近一个月没有人离任或调动，不用交接。")
    lines = [(one.name, item) for one in people for item in one.items]
    rows = tuple(
        (number, name, *rest)
        for place, (name, item) in enumerate(lines, 1)
        for number, *rest in [_line(place, item)]
    )
    facts = (office, f"截至：{day}", f"共 {len(people)} 人")
    return HandOverSheet("工作交接清单", facts, (HEADINGS[0], "移交人", *HEADINGS[1:]), rows)


def _line(number: int, one: Held) -> tuple[str, ...]:
    return str(number), one.kind, one.what, one.detail, one.to, ""
