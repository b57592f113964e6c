"""培训台账 as Excel knows it: a training in each row, told by its name and day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import Right
from db.tables import Training, table_of
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.intake import Incoming, Ledger, Options, Outcome, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.listing import chunked
from gridoffice.service import service
from gridoffice.settling import differences, settle
from gridoffice.spreadsheet.taking import TakenRow
from gridoffice.training import rules
from gridoffice.training.listing import TRAININGS
from gridoffice.training.rows import OF_TRAINING, TrainingRow


def plan(session: Session, rows: Sequence[TakenRow], options: Options, _ground: None) -> list[Planned]:
    """Each row against the training of the same name on the same day."""
    table = table_of(Training)
    stored: dict[Any, Any] = {}
    for chunk in chunked(sorted({row.values["name"] for row in rows if row.values.get("name")})):
        for one in session.execute(select(table).where(table.c.name.in_(chunk))).mappings():
            stored[one["name"], one["day"]] = dict(one)
    seen: dict[Any, TakenRow] = {}
    planned = []
    for row in rows:
        said = row.values
        problems = check_room(Training, columns(TrainingRow), said)
        problems += rules.check_most(said.get("hours"))
        key = said.get("name"), said.get("day")
        earlier = seen.setdefault(key, row)
        if earlier is not row and all(key):
            message = f"与{earlier.seen_from(row)}是同一天的同一个培训。"
            problems.append(Problem(message, field="培训名称", value=said.get("name")))
        old = stored.get(key)
        planned.append(
            settle(
                row,
                problems,
                changes=differences(options, old, said, OF_TRAINING) if old is not None else {},
                record=old["id"] if old is not None else None,
                resolved=None,
            )
        )
    return planned


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new trainings, change the others."""
    new = [row for row in rows if row.outcome is Outcome.NEW]
    ids = reserve(session, Training, len(new)) if new else ()
    bulk_insert(
        session,
        Training,
        [
            {"id": number, **{name: row.values.get(name) for name in ("name", "day", *OF_TRAINING)}}
            for number, row in zip(ids, new, strict=True)
        ],
    )
    bulk_update(
        session,
        Training,
        {
            row.record: {name: pair[1] for name, pair in row.changes.items()}
            for row in rows
            if row.outcome is Outcome.UPDATED and row.record is not None
        },
    )
    return {}


@service("导入培训台账", needs=Right.EDIT_PEOPLE)
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
    ground=lambda _session, _options: None,
    plan=plan,
    write=write,
    service=import_trainings,
    listing=TRAININGS,
)
