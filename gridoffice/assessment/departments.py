"""Departments that are assessed: listed, kept, given up."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.enums import MonthState, Right
from db.journal import entitle
from db.tables import Department, Grid, Month, Sheet
from gridoffice.accounts.service import data_scope
from gridoffice.assessment.month import address_of, latest_edition, scheme_of
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import Field, Kind, columns
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import root_id
from gridoffice.limits import check_room
from gridoffice.listing import Ask, Listing, fetched, ordered_ids, spelled, unchanged
from gridoffice.people import rows as person
from gridoffice.people.lists import tallied
from gridoffice.service import service
from gridoffice.settling import out_of_scope

GONE = "没有这个部门。"
OF_DEPARTMENT = ("leader", "phone", "active", "note")
"""Columns beside the name and the grid."""


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """One department; `grid` is the unit it serves (empty: the whole office). One that is not `active` is
    not assessed from the next month on."""

    id: int
    grid_id: int | None
    name: Annotated[
        str,
        Field("部门名称", width=22, required=True, aliases=("部门", "单位", "单位名称", "科室", "责任部门")),
    ]
    grid: Annotated[
        str | None,
        Field(
            "服务区域",
            Kind.GRID,
            width=22,
            aliases=("服务网格", "所属网格", "服务范围", "所在街道", "所在社区"),
            hint="不写就是全办",
        ),
    ]
    leader: Annotated[str | None, Field("负责人", width=12, aliases=("部门负责人", "科长", "主任"))]
    phone: Annotated[str | None, person.PHONE]
    active: Annotated[bool, Field("参加考核", Kind.YES_NO, width=9, aliases=("是否考核", "是否参加考核"))]
    note: Annotated[str | None, Field("备注", width=24, aliases=("说明", "职责"))]


# ---- looking -------------------------------------------------------------------------------------

_BY: dict[str, Any] = {
    "grid": Grid.path,
    **{name: getattr(Department, name) for name in ("name", "leader", "active")},
}


def _asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(Department.id).outerjoin(Grid, Grid.id == Department.grid_id)
    if ask.scope is not None and ask.scope != root_id(session):
        query = query.where(Grid.path.startswith(path_of(session, ask.scope)))
    if ask.search:
        query = query.where(spelled(ask.search, Department.name, Department.leader, Department.note))
    return query


def department_ids(session: Session, ask: Ask) -> array[int]:
    order = (Department.active.desc(), Grid.path.is_not(None), Grid.path, Department.id)
    return ordered_ids(session, _asked(session, ask), _BY, ask, order)


def department_rows(session: Session, wanted: Sequence[int]) -> list[DepartmentRow]:
    """Some departments, in the order that was asked for."""
    found = [one for (one,) in fetched(session, select(Department), wanted)]
    names = names_of(session, office_pack(session), {one.grid_id for one in found if one.grid_id is not None})
    return [
        DepartmentRow(
            id=one.id,
            grid_id=one.grid_id,
            name=one.name,
            grid=None if one.grid_id is None else names[one.grid_id][0],
            **{name: getattr(one, name) for name in OF_DEPARTMENT},
        )
        for one in found
    ]


def department_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    found = tallied(session, _asked(session, ask), _BY[column])
    return [(value, "是" if value else "否", count) for value, _, count in found]


DEPARTMENTS = Listing(
    "departments",
    "部门台账",
    "个部门",
    columns(DepartmentRow),
    department_ids,
    department_rows,
    department_choices,
    frozenset(_BY),
    frozenset({"active"}),
)


def department_row(session: Session, department_id: int) -> DepartmentRow:
    """One department as the form shows it. Raises `NotFound`."""
    found = department_rows(session, [department_id])
    if not found:
        raise NotFound(GONE)
    return found[0]


@dataclass(frozen=True, slots=True)
class MonthOfDepartment:
    """How a department came out of one month; `month` is the month's address."""

    month: str
    period: str
    state: MonthState
    total: Decimal | None
    grade: str | None
    rank: int | None


def results_of_department(session: Session, department_id: int, most: int = 12) -> list[MonthOfDepartment]:
    """The latest months in which a department was assessed, the last one first."""
    query = (
        select(Month, Sheet.total, Sheet.grade, Sheet.rank)
        .join(Sheet, Sheet.month_id == Month.id)
        .where(Sheet.department_id == department_id, latest_edition())
        .order_by(Month.period.desc(), Month.id)
        .limit(most)
    )
    found = []
    for month, total, grade, rank in session.execute(query):
        places = Decimal(1).scaleb(-scheme_of(session, month).places)
        exact = None if total is None else total.quantize(places)
        found.append(MonthOfDepartment(address_of(month), month.period, month.state, exact, grade, rank))
    return found


# ---- keeping -------------------------------------------------------------------------------------


def refuse_foreign(session: Session, grid_id: int | None) -> None:
    """Raises `RuleBroken` for a department that serves beyond what the account at work looks after."""
    problem = foreign(session, grid_id)
    if problem is not None:
        raise RuleBroken(problem.message, [problem])


def foreign(session: Session, grid_id: int | None) -> Problem | None:
    """What stands against an account of part of the office that keeps this department."""
    scope = data_scope(session)
    if scope is None or (grid_id is not None and scope.holds(path_of(session, grid_id))):
        return None
    where = "全办" if grid_id is None else session.scalar(select(Grid.name).where(Grid.id == grid_id))
    return out_of_scope("服务区域", where, f"你管“{scope.name}”，这个部门服务“{where}”")


def unit_served(session: Session, grid_id: int | None) -> int | None:
    """A department that serves the top of the tree serves the whole office. Raises `NotFound`."""
    if grid_id is not None and session.get(Grid, grid_id) is None:
        raise NotFound("没有这个网格。")
    return None if grid_id == root_id(session) else grid_id


@service("保存部门", needs=Right.ASSESS)
def save_department(
    session: Session,
    department_id: int | None,
    values: Mapping[str, Any],
    seen: DepartmentRow | None = None,
) -> int:
    """Create or change one department: `values` by column name, `grid_id` as a number (None: the whole
    office). Answers its number. Raises `RuleBroken` for a name that is missing or there already,
    `NotFound`, and `Conflict` when somebody else changed the same value since `seen`."""
    one = Department(active=True) if department_id is None else _there(session, department_id)
    if department_id is not None:
        refuse_foreign(session, one.grid_id)
        if seen is not None:
            named = {"grid" if name == "grid_id" else name for name in values}
            unchanged(columns(DepartmentRow), seen, department_row(session, department_id), named)
    said = {name: getattr(one, name) for name in ("name", "grid_id", *OF_DEPARTMENT)}
    for name, value in values.items():
        if name in said:
            said[name] = (value.strip() or None) if isinstance(value, str) else value
    said["grid_id"] = unit_served(session, said["grid_id"])
    refuse_foreign(session, said["grid_id"])
    if not said["name"]:
        raise RuleBroken("没写部门名称。", [Problem("没写部门名称。", field="部门名称")])
    problems = check_room(Department, columns(DepartmentRow), said)
    same = session.scalar(select(Department.id).where(Department.name == said["name"]))
    if same is not None and same != department_id:
        problems.append(Problem(f"已有部门“{said['name']}”。", field="部门名称", value=said["name"]))
    if has_error(problems):
        raise RuleBroken(next(one.message for one in problems if has_error([one])), problems)
    for name, value in said.items():
        setattr(one, name, value)
    session.add(one)
    session.flush()
    entitle(session, f"{'登记' if department_id is None else '已改'}部门“{one.name}”")
    return one.id


@service("删去部门", needs=Right.ASSESS)
def remove_department(session: Session, department_id: int) -> None:
    """Give up a department that was never assessed. Raises `RuleBroken` for one that was: that is put out of
    use instead."""
    one = _there(session, department_id)
    refuse_foreign(session, one.grid_id)
    if session.scalar(select(Sheet.id).where(Sheet.department_id == one.id).limit(1)) is not None:
        raise RuleBroken(f"“{one.name}”有考核表，不能删去，可以改成不参加考核。")
    session.delete(one)
    entitle(session, f"删去部门“{one.name}”")


def _there(session: Session, department_id: int) -> Department:
    one = session.get(Department, department_id)
    if one is None:
        raise NotFound(GONE)
    return one
