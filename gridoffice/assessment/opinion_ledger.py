"""自评初评表 as Excel knows it: what each worker and his first reviewer say of a month, a person a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import OpinionStage, Right
from db.tables import Opinion
from db.turns import Turn
from gridoffice.assessment.duties import refuse_own_sheets
from gridoffice.assessment.ledger import WHO, groups
from gridoffice.assessment.month import month_record
from gridoffice.assessment.opinions import BY_HAND, check_points
from gridoffice.assessment.service import refuse_unless_open
from gridoffice.assessment.values_planning import (
    BONDS,
    KEYS,
    Ground,
    ground,
    settled,
    sheet_meant,
)
from gridoffice.assessment.values_planning import choices as whom
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, Field, Kind, columns
from gridoffice.intake import Incoming, Ledger, Options, Outcome, Planned, Preview, take_in
from gridoffice.listing import chunked
from gridoffice.questions import Answers, Asked, Choice
from gridoffice.service import service
from gridoffice.settling import differences
from gridoffice.spreadsheet.taking import TakenRow


@dataclass(frozen=True, slots=True)
class SaidOfSheet:
    """The columns beside those that name somebody."""

    self_points: Annotated[
        Decimal | None, Field("自评得分", Kind.DECIMAL, width=10, aliases=("自评分", "自评", "自我评分"))
    ]
    self_text: Annotated[
        str | None, Field("自评意见", width=30, aliases=("自我评价", "本人意见", "自评说明", "个人小结"))
    ]
    first_points: Annotated[
        Decimal | None,
        Field("初评得分", Kind.DECIMAL, width=10, aliases=("初评分", "初评", "社区评分", "社区初评得分")),
    ]
    first_text: Annotated[
        str | None, Field("初评意见", width=30, aliases=("社区意见", "初评说明", "社区初评意见"))
    ]


OF_OPINIONS = tuple(one.name for one in columns(SaidOfSheet))


def opinion_columns(session: Session, options: Options) -> tuple[Column, ...]:
    """By what the assessed are named, and what is said of them. Raises `RuleBroken` without a month."""
    if options.month is None:
        raise RuleBroken("没说是哪个月的自评初评。")
    return (*columns(WHO[month_record(session, options.month).target]), *columns(SaidOfSheet))


def opinions_held(session: Session, sheet_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What is recorded of some sheets, by sheet and column; what is not said is missing."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for chunk in chunked(sheet_ids):
        query = select(Opinion.sheet_id, Opinion.stage, Opinion.points, Opinion.text)
        query = query.where(Opinion.sheet_id.in_(chunk), Opinion.stage.in_(BY_HAND))
        for sheet, stage, points, text in session.execute(query):
            found[sheet][f"{stage.value}_points"] = None if points is None else points.normalize()
            found[sheet][f"{stage.value}_text"] = text
    return found


@dataclass(frozen=True, slots=True)
class Beside:
    """The month's sheets, and what is said of them so far."""

    sheets: Ground
    held: Mapping[int, Mapping[str, Any]]


def beside(session: Session, options: Options) -> Beside:
    """Load what every row is compared with."""
    sheets = ground(session, options, "opinions")
    return Beside(sheets, opinions_held(session, [one["id"] for one in sheets.by_subject.values()]))


def plan(_session: Session, rows: Sequence[TakenRow], options: Options, kept: Beside) -> list[Planned]:
    """Each row against what was said of the sheet that it means."""
    answers = Answers(options.answers, kept.sheets.remembered)
    labels = {one.name: one.field.label for one in columns(SaidOfSheet)}
    seen: dict[int, TakenRow] = {}
    planned = []
    for row in rows:
        found = sheet_meant(kept.sheets, row, options.key, answers)
        problems = [
            problem
            for name in ("self_points", "first_points")
            for problem in check_points(kept.sheets.scheme, row.values.get(name), labels[name])
        ]
        before = dict.fromkeys(OF_OPINIONS) | dict(
            kept.held.get(found.sheet["id"], {}) if found.sheet else {}
        )
        changes = differences(options, before, row.values, OF_OPINIONS)
        planned.append(settled(kept.sheets, seen, row, found, problems, changes, before))
    return planned


def choices(session: Session, kept: Beside, asked: Asked) -> tuple[Choice, ...]:
    """The people of the month that a row may mean."""
    return whom(session, kept.sheets, asked)


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Record what changed, each opinion under the account at work and the day of today."""
    assert options.month is not None
    month = month_record(session, options.month)
    refuse_unless_open(month)
    changed = [row for row in rows if row.outcome is Outcome.UPDATED and row.record is not None]
    reviewed = [row.record for row in changed if {"first_points", "first_text"} & row.changes.keys()]
    refuse_own_sheets(session, month, [sheet for sheet in reviewed if sheet is not None])
    there: dict[tuple[int, OpinionStage], int] = {}
    for chunk in chunked([row.record for row in changed if row.record is not None]):
        query = select(Opinion.sheet_id, Opinion.stage, Opinion.id).where(Opinion.sheet_id.in_(chunk))
        there |= {(sheet, stage): number for sheet, stage, number in session.execute(query)}
    signed = {"given_by": session.info["who"].name, "given_on": date.today()}
    new: list[dict[str, Any]] = []
    updates: dict[int, dict[str, Any]] = {}
    for row in changed:
        now = dict(row.resolved) | {name: pair[1] for name, pair in row.changes.items()}
        for stage in BY_HAND:
            names = (f"{stage.value}_points", f"{stage.value}_text")
            if not row.changes.keys() & set(names):
                continue
            said = {"points": now[names[0]], "text": now[names[1]], **signed}
            held = there.get((row.record or 0, stage))
            if held is not None:
                updates[held] = said
            else:
                new.append({"sheet_id": row.record, "stage": stage, "change": None, "grade": None, **said})
    numbers = reserve(session, Opinion, len(new)) if new else ()
    bulk_insert(session, Opinion, [{"id": number, **one} for number, one in zip(numbers, new, strict=True)])
    bulk_update(session, Opinion, updates)
    return {}


@service("导入自评初评表", needs=Right.ASSESS, turn=Turn.IMPORT)
def import_opinions(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take what workers and first reviewers say in, whole."""
    return take_in(session, OPINION_LEDGER, come, options, ready)


OPINION_LEDGER = Ledger(
    key="opinions",
    title="自评初评表",
    unit="人",
    columns=opinion_columns,
    ground=beside,
    plan=plan,
    write=write,
    service=import_opinions,
    groups=groups,
    choices=choices,
    keys=KEYS,
    bonds=BONDS,
)
