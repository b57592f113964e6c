"""培训计划 as Excel knows it: a plan in each row, told by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.tables import TrainingPlan, table_of
from db.turns import Turn
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.intake import Incoming, Ledger, Options, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.people.hats import asks_of, remembered_of
from gridoffice.service import service
from gridoffice.settling import differences, settle, write_settled
from gridoffice.spreadsheet.taking import TakenRow
from gridoffice.training import rules
from gridoffice.training.meant import Meant, place_choices
from gridoffice.training.plans import PLANS
from gridoffice.training.rows import OF_PLAN, PlanRow

_SAID = ("from_day", *OF_PLAN)


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the plan of the same name."""
    stored = {one["name"]: dict(one) for one in session.execute(select(table_of(TrainingPlan))).mappings()}
    meant = Meant.open(session, options, remembered)
    seen: dict[Any, TakenRow] = {}
    return [_plan_row(row, options, stored, meant, seen) for row in rows]


def _plan_row(
    row: TakenRow,
    options: Options,
    stored: Mapping[str, Mapping[str, Any]],
    meant: Meant,
    seen: dict[Any, TakenRow],
) -> Planned:
    said = dict(row.values)
    problems = check_room(TrainingPlan, columns(PlanRow), said) + rules.check_most(said.get("hours"))
    problems += rules.check_span(said.get("from_day"), said.get("to_day"), said.get("sessions"))
    area, outside = meant.area(said, problems)
    meant.posts(said, problems)
    name = said.get("name")
    earlier = seen.setdefault(name, row)
    if name and earlier is not row:
        problems.append(Problem(f"与{earlier.seen_from(row)}是同一个计划。", field="计划名称", value=name))
    old = stored.get(name or "")
    changes: dict[str, tuple[Any, Any]] = {}
    if old is not None:
        changes = differences(options, old, said, _SAID) | meant.changed_area(old, area.grid_id)
    return settle(
        row,
        problems,
        changes=changes,
        record=old["id"] if old is not None else None,
        resolved={"grid_id": area.grid_id},
        asks=asks_of(area.asked),
        skip=area.skip,
        out_of_scope=outside,
        values=said,
    )


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new plans, change the others."""
    write_settled(session, TrainingPlan, rows, ("name", *_SAID), {"area": "grid_id"})
    return {}


@service("导入培训计划", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_plans(session: Session, come: Incoming, options: Options, ready: Preview | None = None) -> Preview:
    """Take plans of training in, whole."""
    return take_in(session, PLAN_LEDGER, come, options, ready)


PLAN_LEDGER = Ledger(
    key="training-plans",
    title="培训计划",
    unit="个计划",
    columns=lambda _session, _options: columns(PlanRow),
    ground=remembered_of("training-plans"),
    plan=plan,
    choices=place_choices,
    write=write,
    service=import_plans,
    listing=PLANS,
)
