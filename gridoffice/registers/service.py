"""What is done to resources and problems of grids, and what is counted of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import IssueState, ResourceKind, Right
from db.journal import entitle
from db.tables import Grid, Issue, Resource
from gridoffice.accounts.service import data_scope
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.grids.listing import path_of
from gridoffice.limits import check_room
from gridoffice.listing import unchanged
from gridoffice.registers import rules
from gridoffice.registers.listing import issue_rows, resource_rows
from gridoffice.registers.reporters import reporters
from gridoffice.registers.rows import OF_ISSUE, OF_RESOURCE, IssueRow, ResourceRow
from gridoffice.service import service
from gridoffice.settling import out_of_scope

NO_RESOURCE, NO_ISSUE = "这项资源已不在清单里。", "这个问题已不在清单里。"
SHORT = 20
"""So much of a problem is said in a title."""


def resource_row(session: Session, resource_id: int) -> ResourceRow:
    """One resource as the form shows it. Raises `NotFound`."""
    found = resource_rows(session, [resource_id])
    if not found:
        raise NotFound(NO_RESOURCE)
    return found[0]


def issue_row(session: Session, issue_id: int) -> IssueRow:
    """One problem as the form shows it. Raises `NotFound`."""
    found = issue_rows(session, [issue_id])
    if not found:
        raise NotFound(NO_ISSUE)
    return found[0]


def _owned(session: Session, grid_id: int | None) -> None:
    """Raises `RuleBroken` without a grid, and for one that the account at work does not look after."""
    if grid_id is None:
        raise RuleBroken("没写所属网格。")
    scope = data_scope(session)
    if scope is not None and not scope.holds(path_of(session, grid_id)):
        name = session.scalar(select(Grid.name).where(Grid.id == grid_id))
        problem = out_of_scope("所属网格", name, f"你管“{scope.name}”，这一条的是“{name}”")
        raise RuleBroken(problem.message, [problem])


def _refuse(problems: Sequence[Problem]) -> None:
    if has_error(problems):
        raise RuleBroken(next(one.message for one in problems if has_error([one])), problems)


@service("保存资源", needs=Right.EDIT_GRIDS)
def save_resource(
    session: Session, resource_id: int | None, values: Mapping[str, Any], seen: ResourceRow | None = None
) -> int:
    """Create or change one resource: `values` by column name, `grid_id` as a number. Raises `RuleBroken`,
    and `Conflict` when somebody else changed the same value since `seen`; answers its number."""
    one = session.get(Resource, resource_id) if resource_id is not None else Resource()
    if one is None:
        raise NotFound(NO_RESOURCE)
    if resource_id is not None:
        _owned(session, one.grid_id)
        if seen is not None:
            unchanged(columns(ResourceRow), seen, resource_row(session, resource_id), _named(values))
    said = _merged(one, ("grid_id", "name", *OF_RESOURCE), values)
    _owned(session, said["grid_id"])
    if not said["name"] or not said["kind"]:
        raise RuleBroken("资源要有名称和类型。")
    said["kind"] = ResourceKind(said["kind"])  # a form hands over the code alone
    problems = check_room(Resource, columns(ResourceRow), said)
    _refuse([*problems, *rules.check_span(said["from_day"], said["to_day"])])
    twins = select(Resource.id).where(
        Resource.grid_id == said["grid_id"], Resource.name == said["name"], Resource.id != (resource_id or 0)
    )
    if session.scalar(twins.where(Resource.to_day.is_(None))) is not None and said["to_day"] is None:
        raise RuleBroken(f"这个网格已有资源“{said['name']}”。")
    for name, value in said.items():
        setattr(one, name, value)
    session.add(one)
    entitle(session, f"{'新增' if resource_id is None else '已改'}资源“{said['name']}”")
    session.flush()
    return one.id


def _named(values: Mapping[str, Any]) -> set[str]:
    return {"grid" if name == "grid_id" else name for name in values}


def _merged(one: Any, names: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in names}
    return said | {name: None if value == "" else value for name, value in values.items() if name in said}


@service("删去资源", needs=Right.EDIT_GRIDS)
def remove_resources(session: Session, resource_ids: Sequence[int]) -> int:
    """Take resources out of the list, as if they had never been there; answers how many."""
    found = session.scalars(select(Resource).where(Resource.id.in_(resource_ids))).all()
    for one in found:
        _owned(session, one.grid_id)
        session.delete(one)
    what = f"“{found[0].name}”" if len(found) == 1 else f" {len(found)} 项"
    entitle(session, f"删去资源{what}")
    return len(found)


@service("保存网格问题", needs=Right.EDIT_GRIDS)
def save_issue(
    session: Session, issue_id: int | None, values: Mapping[str, Any], seen: IssueRow | None = None
) -> int:
    """Create or change one problem: `values` by column name, `grid_id` as a number. Without a state one
    that has a day of settlement is settled. Raises `RuleBroken`, and `Conflict` when somebody else changed
    the same value since `seen`; answers its number."""
    one = session.get(Issue, issue_id) if issue_id is not None else Issue()
    if one is None:
        raise NotFound(NO_ISSUE)
    if issue_id is not None:
        _owned(session, one.grid_id)
        if seen is not None:
            unchanged(columns(IssueRow), seen, issue_row(session, issue_id), _named(values))
    said = _merged(one, ("grid_id", "day", "what", *OF_ISSUE), values)
    _owned(session, said["grid_id"])
    if not said["what"]:
        raise RuleBroken("没写问题内容。")
    said["day"] = said["day"] or date.today()
    # a form hands over the code alone
    state = IssueState(said["state"]) if said["state"] else None
    said["state"] = rules.state_said(state, said["closed"])
    problems = check_room(Issue, columns(IssueRow), said)
    _refuse(
        [*problems, *rules.check_issue(said["state"], said["day"], said["due"], said["closed"], date.today())]
    )
    for name, value in said.items():
        setattr(one, name, value)
    one.person_id = reporters(session, [(said["reporter"], said["grid_id"])]).get(
        (said["reporter"], said["grid_id"])
    )
    session.add(one)
    entitle(session, f"{'登记' if issue_id is None else '已改'}问题“{_short(said['what'])}”")
    session.flush()
    return one.id


def _short(what: str) -> str:
    return what if len(what) <= SHORT else f"{what[:SHORT]}…"


@service("办结网格问题", needs=Right.EDIT_GRIDS)
def settle_issues(
    session: Session,
    issue_ids: Sequence[int],
    state: IssueState = IssueState.DONE,
    day: date | None = None,
    result: str | None = None,
    satisfied: bool | None = None,
) -> int:
    """Say of problems that they are settled (or passed on, or unfounded), all or none; what is not said
    stays as it was. Raises `RuleBroken`; answers how many."""
    closed = None if state in rules.LEFT else day or date.today()
    found = session.scalars(select(Issue).where(Issue.id.in_(issue_ids))).all()
    for one in found:
        _owned(session, one.grid_id)
        problems = rules.check_issue(state, one.day, None, closed, date.today())
        if problems:
            raise RuleBroken(f"“{_short(one.what)}”：{problems[0].message}", problems)
        one.state, one.closed = state, closed
        one.result = result or one.result
        one.satisfied = one.satisfied if satisfied is None else satisfied
    what = f"“{_short(found[0].what)}”" if len(found) == 1 else f" {len(found)} 个"
    entitle(session, f"问题{what}{state.label}")
    return len(found)


@service("删去网格问题", needs=Right.EDIT_GRIDS)
def remove_issues(session: Session, issue_ids: Sequence[int]) -> int:
    """Take problems out of the list, as if they had never been there; answers how many."""
    found = session.scalars(select(Issue).where(Issue.id.in_(issue_ids))).all()
    for one in found:
        _owned(session, one.grid_id)
        session.delete(one)
    what = f"“{_short(found[0].what)}”" if len(found) == 1 else f" {len(found)} 个"
    entitle(session, f"删去问题{what}")
    return len(found)
