"""培训签到与成绩 as Excel knows it: a person at a training in each row, or two people side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import Presence, Right
from db.tables import Attendance, Training, table_of
from db.turns import Turn
from gridoffice.errors import Problem, Severity
from gridoffice.fields import columns
from gridoffice.intake import Incoming, Key, Ledger, Options, Outcome, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.people.finding import Stored, who
from gridoffice.people.hats import Wardrobe, Wearer, belongings, completed, namesakes, remembered_of, twin
from gridoffice.people.writing import wearers
from gridoffice.service import service
from gridoffice.settling import differences, settle
from gridoffice.spreadsheet.guide import Group
from gridoffice.spreadsheet.taking import TakenRow
from gridoffice.training import rules
from gridoffice.training.listing import ATTENDANCE
from gridoffice.training.rows import OF_ATTENDANCE, AttendanceRow
from gridoffice.training.service import now_held


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against what is written down of its person at its training."""
    held: dict[str, list[Stored]] = defaultdict(list)
    for one in session.execute(select(table_of(Training))).mappings():
        held[one["name"]].append(dict(one))
    wardrobe = Wardrobe.open(session, rows, options, remembered)
    known = belongings(session, Attendance, wardrobe.people.ids())
    seen: dict[Any, TakenRow] = {}
    return [_plan_row(row, options, held, wardrobe.wearer(row), known, seen) for row in rows]


def _plan_row(
    row: TakenRow,
    options: Options,
    held: Mapping[str, Sequence[Stored]],
    whose: Wearer,
    known: Mapping[int, Sequence[Stored]],
    seen: dict[Any, TakenRow],
) -> Planned:
    said = completed(dict(row.values), whose.person)
    problems = [*whose.problems, *check_room(Attendance, columns(AttendanceRow), said)]
    training = _training(held, said, options, problems)
    key = training["id"] if training is not None else (said.get("training"), said.get("day"))
    problems += twin(seen, (who(row), key), row, "同一个培训")
    old = None
    if training is not None:
        old = next((o for o in known.get(whose.id or 0, ()) if o["training_id"] == training["id"]), None)
    if said.get("presence") is None:
        # whoever stands on a sign-in sheet was there
        said["presence"] = old["presence"] if old is not None else Presence.PRESENT
    most = training["hours"] if training is not None else None
    problems += rules.check_hours(said.get("hours"), said["presence"], most)
    problems += rules.check_score(said.get("score"))
    return settle(
        row,
        problems,
        changes=differences(options, old, said, OF_ATTENDANCE) if old is not None else {},
        record=old["id"] if old is not None else None,
        resolved={
            "who": who(row),
            "person_id": whose.id,
            "training_id": training["id"] if training is not None else None,
        },
        conflict=whose.conflict,
        asks=whose.asked,
        skip=whose.skip,
        out_of_scope=whose.outside,
        values=said,
    )


def _training(
    held: Mapping[str, Sequence[Stored]],
    said: dict[str, Any],
    options: Options,
    problems: list[Problem],
) -> Stored | None:
    """The training that a row names; without a day the only one of that name. One that nobody knows may
    be made."""
    name, day = said.get("training"), said.get("day")
    if not name:
        problems.append(Problem("没写是哪个培训。标题里写上培训名称，或加一列。", field="培训名称"))
        return None
    named = held.get(name, ())
    found = [one for one in named if day is None or one["day"] == day]
    if len(found) == 1:
        return found[0]
    if found:
        days = "、".join(str(one["day"]) for one in found[:3])
        problems.append(
            Problem(f"“{name}”办过 {len(found)} 次（{days}…），写上培训日期。", field="培训日期", value=name)
        )
        return None
    if options.create_missing and day is not None:
        message = f"培训“{name}”（{day}）还没有，一并新建。"
        problems.append(Problem(message, Severity.NOTE, field="培训名称", value=name))
        return None
    if named:
        days = "、".join(str(one["day"]) for one in named[:3])
        problems.append(
            Problem(f"“{name}”没有在 {day} 办过，办过的是 {days}。", field="培训日期", value=str(day))
        )
        return None
    problems.append(Problem(f"没有培训“{name}”，先导入培训台账。", field="培训名称", value=name))
    return None


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Make who and what is missing, insert new attendances, change the others."""
    owners = wearers(session, rows)
    wanted = dict.fromkeys(
        (row.values["training"], row.values["day"]) for row in rows if row.resolved["training_id"] is None
    )
    made = dict(zip(wanted, reserve(session, Training, len(wanted)), strict=True)) if wanted else {}
    bulk_insert(
        session,
        Training,
        [{"id": number, "name": name, "day": day} for (name, day), number in made.items()],
    )
    new = [(row, owner) for row, owner in zip(rows, owners, strict=True) if row.outcome is Outcome.NEW]
    ids = reserve(session, Attendance, len(new)) if new else ()
    bulk_insert(
        session,
        Attendance,
        [
            {
                "id": number,
                "training_id": row.resolved["training_id"] or made[row.values["training"], row.values["day"]],
                "person_id": owner,
                **{name: row.values.get(name) for name in OF_ATTENDANCE},
            }
            for number, (row, owner) in zip(ids, new, strict=True)
        ],
    )
    updates = {
        row.record: {name: row.changes[name][1] for name in OF_ATTENDANCE if name in row.changes}
        for row in rows
        if row.outcome is Outcome.UPDATED and row.record is not None
    }
    bulk_update(session, Attendance, updates)
    now_held(session, list({row.resolved["training_id"] for row in rows} - {None}))
    return {}


def groups(session: Session) -> tuple[Group, ...]:
    """Trainings, which sign-in sheets name in their title."""
    (named,) = (one.field for one in columns(AttendanceRow) if one.name == "training")
    names = frozenset(session.scalars(select(Training.name)))
    return (Group("training", (), names, (named.label, *named.aliases)),)


@service("导入培训签到与成绩", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_attendance(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take sign-ins and scores in, whole."""
    return take_in(session, ATTENDANCE_LEDGER, come, options, ready)


ATTENDANCE_LEDGER = Ledger(
    key="attendance",
    title="培训签到与成绩",
    unit="人次",
    columns=lambda _session, _options: columns(AttendanceRow),
    ground=remembered_of("attendance"),
    plan=plan,
    choices=namesakes,
    keys=tuple(Key),
    write=write,
    service=import_attendance,
    listing=ATTENDANCE,
    groups=groups,
    offers=lambda session: {"training": session.scalars(select(Training.name).order_by(Training.day)).all()},
)
