"""Departments that are assessed: kept, listed, given up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Department, Grid, Sheet
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.service import service

LONGEST = 80


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """One department; `grid` is the unit it serves (empty: the whole office)."""

    id: int
    name: str
    grid_id: int | None
    grid: str
    leader: str | None
    phone: str | None
    active: bool
    note: str | None


def departments(session: Session, every: bool = False) -> list[DepartmentLine]:
    """The departments that are assessed, or all there are, in the order in which they were entered."""
    query = select(Department, Grid.name).outerjoin(Grid, Grid.id == Department.grid_id)
    if not every:
        query = query.where(Department.active)
    return [
        DepartmentLine(one.id, one.name, one.grid_id, grid or "", one.leader, one.phone, one.active, one.note)
        for one, grid in session.execute(query.order_by(Department.id))
    ]


@service("保存部门", needs=Right.ASSESS)
def save_department(
    session: Session,
    department_id: int | None,
    name: str,
    grid_id: int | None = None,
    leader: str = "",
    phone: str = "",
    active: bool = True,
    note: str = "",
) -> int:
    """Keep a department, a new one without a number; one that is not active is not assessed from the next
    month on. Answers its number. Raises `RuleBroken` for a name that is missing, too long or there
    already, `NotFound` when the department or the unit is not there."""
    name = name.strip()
    if not name or len(name) > LONGEST:
        raise RuleBroken(f"部门名称要写，最多 {LONGEST} 个字。")
    same = session.scalar(select(Department.id).where(Department.name == name))
    if same is not None and same != department_id:
        raise RuleBroken(f"已有部门“{name}”。")
    if grid_id is not None and session.get(Grid, grid_id) is None:
        raise NotFound("没有这个网格。")
    one = Department() if department_id is None else _there(session, department_id)
    one.name, one.grid_id, one.active = name, grid_id, active
    one.leader, one.phone, one.note = leader.strip() or None, phone.strip() or None, note.strip() or None
    session.add(one)
    session.flush()
    entitle(session, f"{'登记' if department_id is None else '改'}部门“{name}”")
    return one.id


@service("删除部门", needs=Right.ASSESS)
def remove_department(session: Session, department_id: int) -> None:
    """Give up a department that was never assessed. Raises `RuleBroken` for one that was: that is put out of
    use instead."""
    one = _there(session, department_id)
    if session.scalar(select(Sheet.id).where(Sheet.department_id == one.id).limit(1)) is not None:
        raise RuleBroken(f"“{one.name}”有考核表，不能删除，可以停用。")
    session.delete(one)
    entitle(session, f"删除部门“{one.name}”")


def _there(session: Session, department_id: int) -> Department:
    one = session.get(Department, department_id)
    if one is None:
        raise NotFound("没有这个部门。")
    return one
