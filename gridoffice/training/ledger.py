"""培训台账 as Excel knows it: a training in each row, told by its name and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.tables import Training, TrainingPlan, table_of
from db.turns import Turn
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.intake import Incoming, Ledger, Options, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.listing import chunked
from gridoffice.people.hats import asks_of, remembered_of
from gridoffice.service import service
from gridoffice.settling import differences, settle, write_settled
from gridoffice.spreadsheet.taking import TakenRow
from gridoffice.training import rules
from gridoffice.training.listing import TRAININGS
from gridoffice.training.meant import Meant, place_choices
from gridoffice.training.rows import OF_TRAINING, TrainingRow


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the training of the same name on the same day."""
    table = table_of(Training)
    stored: dict[Any, Any] = {}
    for chunk in chunked(sorted({row.values["name"] for row in rows if row.values.get("name")})):
        for one in session.execute(select(table).where(table.c.name.in_(chunk))).mappings():
            stored[one["name"], one["day"]] = dict(one)
    meant = Meant.open(session, options, remembered)
    seen: dict[Any, TakenRow] = {}
    return [_plan_row(row, options, stored, meant, seen) for row in rows]


def _plan_row(
    row: TakenRow,
    options: Options,
    stored: Mapping[Any, Mapping[str, Any]],
    meant: Meant,
    seen: dict[Any, TakenRow],
) -> Planned:
    said = dict(row.values)
    problems = check_room(Training, columns(TrainingRow), said)
    problems += rules.check_most(said.get("hours"))
    area, outside = meant.area(said, problems)
    plan_id = meant.plan(said.get("plan"), problems)
    meant.posts(said, problems)
    key = said.get("name"), said.get("day")
    earlier = seen.setdefault(key, row)
    if earlier is not row and all(key):
        message = f"与{earlier.seen_from(row)}是同一天的同一个培训。"
        problems.append(Problem(message, field="培训名称", value=said.get("name")))
    old = stored.get(key)
    changes: dict[str, tuple[Any, Any]] = {}
    if old is not None:
        # what the day says of it is no news
        if old["state"] is None and said.get("state") is rules.state_of(None, old["day"], date.today()):
            del said["state"]
        changes = differences(options, old, said, OF_TRAINING) | meant.changed_area(old, area.grid_id)
        if plan_id is not None and plan_id != old["plan_id"]:
            changes["plan"] = (
                next((n for n, ids in meant.plans.items() if old["plan_id"] in ids), None),
                said["plan"],
            )
    return settle(
        row,
        problems,
        changes=changes,
        record=old["id"] if old is not None else None,
        resolved={"grid_id": area.grid_id, "plan_id": plan_id},
        asks=asks_of(area.asked),
        skip=area.skip,
        out_of_scope=outside,
        values=said,
    )


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new trainings, change the others."""
    refers = {"area": "grid_id", "plan": "plan_id"}
    write_settled(session, Training, rows, ("name", "day", *OF_TRAINING), refers)
    return {}


@service("导入培训台账", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_trainings(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a ledger of trainings in, whole."""
    return take_in(session, TRAINING_LEDGER, come, options, ready)


TRAINING_LEDGER = Ledger(
    key="training",
    title="培训台账",
    unit="场培训",
    columns=lambda _session, _options: columns(TrainingRow),
    ground=remembered_of("training"),
    plan=plan,
    choices=place_choices,
    write=write,
    service=import_trainings,
    listing=TRAININGS,
    offers=lambda session: {
        "plan": session.scalars(select(TrainingPlan.name).order_by(TrainingPlan.id)).all()
    },
)
