"""One assessment sheet with all that is told beside its points: attendance, opinions, what the next grade
would ask; and who takes no part in a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import AwayKind, OpinionStage, Standing
from db.tables import Account, Month, Opinion, Sheet
from gridoffice.assessment.duties import refuse_oneself, refuse_own_sheets
from gridoffice.assessment.in_a_row import consequences_of
from gridoffice.assessment.month import cells_reader, scheme_of, sheet_rows
from gridoffice.assessment.results import inputs_of
from gridoffice.assessment.rules import days_of
from gridoffice.errors import NotFound, Refused
from gridoffice.scoring.reaching import Reaching, reaching


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a sheet: `points` is what they would give, `change` what they gave or took, `by`
    who it was as people know him."""

    stage: OpinionStage
    points: Decimal | None
    change: Decimal | None
    grade: str | None
    text: str | None
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class SheetStory:
    """A sheet as the drawer tells it. A raw value is read by its key."""

    id: int
    name: str
    grid: str
    values: Mapping[str, Any]
    whole: int
    days: int | None
    away: int | None
    away_kind: AwayKind | None
    standing: Standing | None
    standing_reason: str | None
    adjustment: Decimal | None
    granted: str | None
    total: Decimal | None
    grade: str | None
    opinions: tuple[Said, ...]
    reaching: Reaching
    follows: tuple[str, ...]
    """What the scheme says of the months in a row that end with this one."""
    own: bool
    """The account at work is who is assessed: he marks himself, and no more."""
    cannot: str
    """Why the account at work does not score it; empty when it may."""

    def __getattr__(self, name: str) -> Any:
        return self.values.get(name)


def sheet_story(session: Session, sheet_id: int) -> SheetStory:
    """Everything that is told of a sheet. Raises `NotFound`."""
    sheet = session.get(Sheet, sheet_id)
    month = session.get(Month, sheet.month_id) if sheet is not None else None
    if sheet is None or month is None:
        raise NotFound("没有这张考核表。")
    scheme, whole = scheme_of(session, month), days_of(month.period)
    (row,) = sheet_rows(session, None, [sheet.id])
    own = inputs_of(scheme, row)
    names = {name: shown for name, shown in session.execute(select(Account.name, Account.display))}
    query = select(Opinion).where(Opinion.sheet_id == sheet.id).order_by(Opinion.id)
    return SheetStory(
        id=sheet.id,
        name=sheet.name,
        grid=sheet.grid_name,
        values=cells_reader(scheme)(row),
        whole=whole,
        days=sheet.days,
        away=sheet.away,
        away_kind=sheet.away_kind,
        standing=sheet.standing,
        standing_reason=sheet.standing_reason,
        adjustment=sheet.adjustment,
        granted=sheet.granted,
        total=None if sheet.total is None else sheet.total.quantize(Decimal(1).scaleb(-scheme.places)),
        grade=sheet.grade,
        opinions=tuple(
            Said(
                one.stage,
                one.points,
                one.change,
                one.grade,
                one.text,
                names.get(one.given_by, one.given_by),
                one.given_on,
            )
            for one in session.scalars(query)
        ),
        reaching=reaching(scheme, own, whole),
        follows=consequences_of(session, month, {sheet.id}).get(sheet.id, ()),
        own=bool(_refusal(refuse_oneself, session, month, [sheet.id])),
        cannot=_refusal(refuse_own_sheets, session, month, [sheet.id]),
    )


def _refusal(rule: Callable[[Session, Month, Sequence[int]], Any], *asked: Any) -> str:
    """What a rule refuses with; empty when it lets pass."""
    try:
        rule(*asked)
    except Refused as why:
        return why.message
    return ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who takes no part in a month, and why."""

    sheet_id: int
    name: str
    grid: str
    reason: str | None


def left_out(session: Session, month_id: int) -> list[LeftOut]:
    """All who take no part in a month."""
    query = (
        select(Sheet.id, Sheet.name, Sheet.grid_name, Sheet.standing_reason)
        .where(Sheet.month_id == month_id, Sheet.standing == Standing.EXCLUDED)
        .order_by(Sheet.grid_path, Sheet.id)
    )
    return [LeftOut(*row) for row in session.execute(query)]
