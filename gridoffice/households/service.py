"""What is done to represented households: entering, giving them a caller, ending, removing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Deed, Right
from db.journal import entitle, recorder_of
from db.tables import Grid, Household, Person
from gridoffice.accounts.service import data_scope
from gridoffice.errors import NotFound, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.grids.listing import path_of
from gridoffice.households import rules
from gridoffice.households.listing import rows
from gridoffice.households.naming import FIELDS
from gridoffice.households.rows import OWN, HouseholdRow
from gridoffice.limits import check_room
from gridoffice.listing import unchanged
from gridoffice.service import service
from gridoffice.settling import out_of_scope

GONE = "这一户已不在台账里。"
_KEYS = {key: field for field, (key, _) in FIELDS.items()}
"""Where the number of somebody named is kept, and the column that shows the name."""


def household_row(session: Session, household_id: int) -> HouseholdRow:
    """One household as the form shows it. Raises `NotFound`."""
    found = rows(session, [household_id])
    if not found:
        raise NotFound(GONE)
    return found[0]


@service("保存联系户", needs=Right.EDIT_PEOPLE)
def save_household(
    session: Session, household_id: int | None, values: Mapping[str, Any], seen: HouseholdRow | None = None
) -> int:
    """Create or change one household: `values` by column name, `grid_id`, `caller_id` and `member_id` as
    numbers. Raises `RuleBroken`, and `Conflict` when somebody else changed the same value since `seen`;
    answers its number."""
    one = session.get(Household, household_id) if household_id is not None else Household()
    if one is None:
        raise NotFound(GONE)
    if household_id is not None:
        _owned(session, one.grid_id)
        if seen is not None:
            names = {_KEYS.get(name, "grid" if name == "grid_id" else name) for name in values}
            unchanged(columns(HouseholdRow), seen, household_row(session, household_id), names)
    said = {name: getattr(one, name) for name in ("grid_id", *_KEYS, *OWN)}
    said |= {name: None if value == "" else value for name, value in values.items() if name in said}
    _owned(session, said["grid_id"])
    if not said["name"]:
        raise RuleBroken("没写户代表。")
    for key in _KEYS:
        if said[key] is not None and session.get(Person, said[key]) is None:
            raise NotFound("没有这个人。")
    problems = check_room(Household, columns(HouseholdRow), said)
    problems += rules.check_household(said["people"], said["from_day"], said["to_day"])
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)
    for name, value in said.items():
        setattr(one, name, value)
    session.add(one)
    entitle(session, f"{'新增' if household_id is None else '已改'}联系户“{said['name']}”")
    session.flush()
    return one.id


@service("指定呼叫人", needs=Right.EDIT_PEOPLE)
def give_caller(session: Session, household_ids: Sequence[int], person_id: int | None) -> int:
    """Let one person call several households, or nobody (None). Raises `NotFound`; answers how many."""
    person = session.get(Person, person_id) if person_id is not None else None
    if person_id is not None and person is None:
        raise NotFound("没有这个人。")
    found = _some(session, household_ids)
    for one in found:
        one.caller_id = person_id
    who = f"由“{person.name}”呼叫" if person is not None else "先不指定呼叫人"
    entitle(session, f"{len(found)} 户{who}")
    return len(found)


@service("停止联系", needs=Right.EDIT_PEOPLE)
def end_households(session: Session, household_ids: Sequence[int], last: date) -> int:
    """These households are represented until a day; they stay in the ledger of the days before. Raises
    `RuleBroken` for one that began later; answers how many."""
    found = _some(session, household_ids)
    for one in found:
        if one.from_day is not None and one.from_day > last:
            raise RuleBroken(f"“{one.name}”{one.from_day} 才开始联系，停不到 {last}。登记错的直接删去。")
        one.to_day = last
    entitle(session, f"{len(found)} 户联系到 {last} 为止")
    return len(found)


@service("删去联系户", needs=Right.EDIT_PEOPLE)
def remove_households(session: Session, household_ids: Sequence[int]) -> int:
    """Take households out of the ledger, as if they had never been there; answers how many."""
    found = _some(session, household_ids)
    for one in found:
        session.delete(one)
    words = f"联系户“{found[0].name}”" if len(found) == 1 else f" {len(found)} 户"
    entitle(session, f"删去{words}")
    return len(found)


@service("查看联系户的完整电话和住址", needs=Right.REVEAL, undoable=False)
def reveal_household(session: Session, household_id: int, reason: str) -> HouseholdRow:
    """A household with the phone and the address that are otherwise masked; who looked and why stands in
    the journal. Raises `RuleBroken` without a reason, `NotFound`."""
    why = reason.strip()
    if not why:
        raise RuleBroken("先写为什么要看。")
    found = household_row(session, household_id)
    recorder_of(session).deed = Deed.NOTE
    entitle(session, f"查看“{found.name}”户的完整电话和住址：{why}", reason=why)
    return found


def _some(session: Session, household_ids: Sequence[int]) -> Sequence[Household]:
    found = session.scalars(select(Household).where(Household.id.in_(household_ids))).all()
    if not found:
        raise NotFound(GONE)
    for grid_id in {one.grid_id for one in found}:
        _owned(session, grid_id)
    return found


def _owned(session: Session, grid_id: int | None) -> None:
    """Raises `RuleBroken` without a grid, and for one that the account at work does not look after."""
    if grid_id is None:
        raise RuleBroken("没写所属网格。")
    scope = data_scope(session)
    if scope is not None and not scope.holds(path_of(session, grid_id)):
        name = session.scalar(select(Grid.name).where(Grid.id == grid_id))
        problem = out_of_scope("所属网格", name, f"你管“{scope.name}”，这一户的是“{name}”")
        raise RuleBroken(problem.message, [problem])
