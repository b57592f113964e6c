"""What our ledgers say of a place's month: households, problems, resources, party, people in grids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from db.enums import Employment, IssueState
from db.tables import Grid, Household, Issue, OrgSeat, PartyLink, PartyService, Post, Resource
from gridoffice.assessment.evidence import (
    EVERYBODY,
    Record,
    Records,
    Span,
    Whom,
    below_place,
    lasting_on,
    of_person,
)
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack
from gridoffice.grids.rules import SEGMENT
from gridoffice.grids.service import serving

# ---- households, problems, resources ---------------------------------------------------------------


def households(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Households recorded on the last day: 1 who has somebody that calls, else 0."""
    tree = tree_on(session, span.last)
    query = (
        select(Grid.path, Household.name, Household.address, Household.caller_id)
        .join(Grid, Grid.id == Household.grid_id)
        .where(lasting_on(Household, span.last), below_place(tree, whom, Grid.path))
    )
    for path, name, address, caller in session.execute(query):
        there = caller is not None
        yield Record(int(there), 1, caller, tree.path(path), (name, address, "" if there else "没有人联系"))


def households_called(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Households that somebody calls on the last day."""
    query = select(Household.caller_id, Household.name, Household.address).where(
        lasting_on(Household, span.last),
        Household.caller_id.is_not(None),
        of_person(whom, Household.caller_id),
    )
    for person, name, address in session.execute(query):
        yield Record(1, 1, person, "", (name, address))


_OF_COMMUNITIES = ("社区", "村", "居委会", "村委会")


@dataclass(frozen=True, slots=True)
class Found:
    """A problem of the month as its sources look at it."""

    path: str
    person: int | None
    day: date
    what: str
    state: IssueState
    due: date | None
    closed: date | None
    department: str
    in_unit: bool
    satisfied: bool | None


def _in_month(span: Span, day: Any) -> ColumnElement[bool]:
    return day.between(span.first, span.last)


def _issues(
    session: Session, span: Span, whom: Whom, which: ColumnElement[bool] | None = None
) -> Iterator[Found]:
    """Problems found in the month, or those of which `which` is true, without those that turned out
    untrue."""
    tree = tree_on(session, span.last)
    units = {kind.key for kind in office_pack(session).kinds if kind.unit}
    if which is None:
        which = _in_month(span, Issue.day)
    query = (
        select(
            Grid.path,
            Issue.person_id,
            Issue.day,
            Issue.what,
            Issue.state,
            Issue.due,
            Issue.closed,
            Issue.department,
            Grid.kind,
            Issue.satisfied,
        )
        .join(Grid, Grid.id == Issue.grid_id)
        .where(which, Issue.state != IssueState.DROPPED)
        .where(of_person(whom, Issue.person_id), below_place(tree, whom, Grid.path))
        .order_by(Issue.day, Issue.id)
    )
    if whom.department is not None:
        query = query.where(Issue.department == whom.department)
    if span.word:
        query = query.where(Issue.kind == span.word)
    for path, person, found, what, state, due, closed, department, kind, satisfied in session.execute(query):
        yield Found(
            tree.path(path),
            person,
            found,
            what,
            state,
            due,
            closed,
            department or "",
            kind in units,
            satisfied,
        )


def issues_reported(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems that somebody reported in the month."""
    for one in _issues(session, span, whom):
        if one.person is not None:
            yield Record(1, 1, one.person, one.path, (one.day, one.what))


def issues_found(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems found in the month (立案数)."""
    for one in _issues(session, span, whom):
        yield Record(1, 1, None, one.path, (one.day, one.what, one.state.label), one.department)


def older_closed(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems of earlier months that were settled in this one (遗留案件结案量)."""
    settled = and_(Issue.day < span.first, Issue.state == IssueState.DONE, _in_month(span, Issue.closed))
    for one in _issues(session, span, whom, settled):
        yield Record(1, 1, None, one.path, (one.day, one.what, f"{one.closed} 办结"), one.department)


def older_open(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems of earlier months that were not settled by the last day (遗留案件未处置量)."""
    waiting = or_(Issue.closed > span.last, and_(Issue.closed.is_(None), Issue.state != IssueState.DONE))
    for one in _issues(session, span, whom, and_(Issue.day < span.first, waiting)):
        yield Record(1, 1, None, one.path, (one.day, one.what, "没办结"), one.department)


def issues_closed(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems found in the month: 1 which are settled, else 0."""
    for one in _issues(session, span, whom):
        done = one.state is IssueState.DONE
        yield Record(int(done), 1, None, one.path, (one.day, one.what, one.state.label), one.department)


def issues_on_time(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems found in the month that had a day to be settled by: 1 which were by then; those whose day is
    still to come at the month's end are not counted yet."""
    for one in _issues(session, span, whom):
        closed = one.closed if one.state is IssueState.DONE else None
        if one.due is not None and (closed is not None or one.due <= span.last):
            good = closed is not None and closed <= one.due
            told = "按期办结" if good else "超期"
            yield Record(
                int(good),
                1,
                None,
                one.path,
                (one.day, one.what, f"限 {one.due.isoformat()}", told),
                one.department,
            )


def issues_days(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems settled in the month: the days from finding to settling."""
    for one in _issues(session, span, whom, _in_month(span, Issue.closed)):
        if one.closed is not None and one.state is IssueState.DONE:
            days = max((one.closed - one.day).days, 0)
            yield Record(days, 1, None, one.path, (one.day, one.what, f"{days} 天办结"), one.department)


def issues_in_grid(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems found in the month: 1 which the grid itself settled, without any department."""
    for one in _issues(session, span, whom):
        here = one.state is IssueState.DONE and not one.department and not one.in_unit
        told = one.department or ("社区" if one.in_unit else "网格")
        yield Record(int(here), 1, None, one.path, (one.day, one.what, one.state.label, told))


def issues_in_community(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems found in the month: 1 which the community settled."""
    for one in _issues(session, span, whom):
        community = one.department.endswith(_OF_COMMUNITIES) or (one.in_unit and not one.department)
        here = one.state is IssueState.DONE and community
        told = one.department or ("社区" if one.in_unit else "网格")
        yield Record(int(here), 1, None, one.path, (one.day, one.what, one.state.label, told))


def issues_satisfied(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Problems settled in the month about which somebody was asked: 1 who was satisfied."""
    for one in _issues(session, span, whom, _in_month(span, Issue.closed)):
        if one.satisfied is not None:
            told = "满意" if one.satisfied else "不满意"
            yield Record(int(one.satisfied), 1, None, one.path, (one.day, one.what, told), one.department)


def resources(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Resources there are on the last day."""
    tree = tree_on(session, span.last)
    query = (
        select(Grid.path, Resource.kind, Resource.name)
        .join(Grid, Grid.id == Resource.grid_id)
        .where(lasting_on(Resource, span.last), below_place(tree, whom, Grid.path))
    )
    for path, kind, name in session.execute(query):
        if span.word in ("", kind.label):
            yield Record(1, 1, None, tree.path(path), (kind.label, name))


# ---- party -----------------------------------------------------------------------------------------


def party_coverage(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Grids of the last day: 1 which have an organisation of their own or a member who answers for them."""
    ties = {
        *session.scalars(select(OrgSeat.grid_id).where(lasting_on(OrgSeat, span.last))),
        *session.scalars(select(PartyLink.grid_id).where(lasting_on(PartyLink, span.last))),
    }
    for number, path, name in _grids(session, span, whom):
        told = "" if number in ties else "没有党组织，也没有党员联系"
        yield Record(int(number in ties), 1, None, path, (name, told))


def party_services(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Services of party members in the month."""
    tree = tree_on(session, span.last)
    query = (
        select(PartyService.person_id, Grid.path, PartyService.day, PartyService.what)
        .join(Grid, Grid.id == PartyService.grid_id)
        .where(PartyService.day.between(span.first, span.last))
        .where(of_person(whom, PartyService.person_id), below_place(tree, whom, Grid.path))
        .order_by(PartyService.day, PartyService.id)
    )
    for person, path, day, what in session.execute(query):
        yield Record(1, 1, person, tree.path(path), (day, what))


# ---- people in grids -------------------------------------------------------------------------------


def _grids(session: Session, span: Span, whom: Whom) -> Iterator[tuple[int, str, str]]:
    """Grids of the last day that are counted as such: number, path then, name."""
    tree = tree_on(session, span.last)
    kinds = office_pack(session).counted()
    query = select(tree.c.id, tree.c.path, tree.c.name).where(
        tree.standing(), tree.c.kind.in_(kinds), below_place(tree, whom, tree.c.path)
    )
    for number, path, name in session.execute(query):
        yield number, tree.path(path), name


def vacancies(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Grids of the last day: 1 in which nobody serves, nor in anything below."""
    tree = tree_on(session, span.last)
    served: set[str] = set()
    for today in session.scalars(select(Post.grid_path).where(serving(span.last)).distinct()):
        path = tree.path(today)
        for end in range(len(path), 0, -SEGMENT):
            if path[:end] in served:
                break
            served.add(path[:end])
    for _, path, name in _grids(session, span, whom):
        empty = path not in served
        yield Record(int(empty), 1, None, path, (name, "没有人" if empty else ""))


def full_time(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Posts held on the last day: 1 which are held full time."""
    tree = tree_on(session, span.last)
    query = select(Post.grid_path, Post.title, Post.employment).where(
        serving(span.last), below_place(tree, whom, Post.grid_path)
    )
    for path, title, employment in session.execute(query):
        full = employment is Employment.FULL_TIME
        yield Record(int(full), 1, None, tree.path(path), (title, employment.label))


def turnover(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Posts held on the first day: 1 which ended within the month."""
    tree = tree_on(session, span.last)
    query = select(Post.grid_path, Post.title, Post.to_day).where(
        serving(span.first), below_place(tree, whom, Post.grid_path)
    )
    for path, title, to_day in session.execute(query):
        left = to_day is not None and to_day <= span.last
        yield Record(int(left), 1, None, tree.path(path), (title, f"{to_day} 离岗" if left else ""))
