"""What is said of a sheet beside its computed points: the worker's own mark, the first reviewer's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import OpinionStage, Right
from db.journal import entitle
from db.tables import Month, Opinion, Sheet
from gridoffice.assessment.duties import refuse_own_sheets
from gridoffice.assessment.month import scheme_of, words_of
from gridoffice.assessment.service import refuse_unless_open
from gridoffice.errors import Conflict, NotFound, Problem, RuleBroken
from gridoffice.scoring.scheme import Scheme
from gridoffice.scoring.shapes import plain
from gridoffice.service import service

BY_HAND = (OpinionStage.SELF, OpinionStage.FIRST)
"""What is recorded here; calibration and appeals say theirs with what they change."""


def sheet_and_month(session: Session, sheet_id: int) -> tuple[Sheet, Month]:
    """A sheet with its month. Raises `NotFound`."""
    sheet = session.get(Sheet, sheet_id)
    month = session.get(Month, sheet.month_id) if sheet is not None else None
    if sheet is None or month is None:
        raise NotFound("没有这张考核表。")
    return sheet, month


@service("记考核意见", needs=Right.ASSESS)
def give_opinion(
    session: Session,
    sheet_id: int,
    stage: OpinionStage,
    points: Decimal | None = None,
    grade: str | None = None,
    text: str = "",
    seen: tuple[Decimal | None, str] | None = None,
) -> int:
    """Record what the worker or the first reviewer says of a sheet: it stands beside the computed total
    and changes nothing. Said again, it takes the place of what was said. Answers its number.

    Raises `RuleBroken` for other stages, points out of range, a grade the scheme has not, or no word; `Conflict`
    when somebody else has said something since these points and words were `seen` (none and no words: nothing was).
    """
    sheet, month = sheet_and_month(session, sheet_id)
    refuse_unless_open(month)
    if stage not in BY_HAND:
        raise RuleBroken(f"“{stage.label}”不在这里记，这里记自评和初评。")
    if stage is OpinionStage.FIRST:
        refuse_own_sheets(session, month, [sheet.id])
    scheme = scheme_of(session, month)
    if points is None and grade is None and not text.strip():
        raise RuleBroken("打几分、意见至少写一样。", [Problem("打几分、意见至少写一样。", field="意见")])
    wrong = check_points(scheme, points, "打几分")
    if wrong:
        raise RuleBroken(wrong[0].message, wrong)
    known_grade(scheme, grade)
    query = select(Opinion).where(Opinion.sheet_id == sheet.id, Opinion.stage == stage)
    held = session.scalars(query).first()
    stands = (None, "") if held is None else (held.points, held.text or "")
    if seen is not None and stands != (seen[0], seen[1] or ""):
        raise Conflict(f"别人刚记过{stage.label}：{_said(*stands)}。你写的还没有存，再按一次就用你的。")
    if held is None:
        held = Opinion(sheet_id=sheet.id, stage=stage)
        session.add(held)
    held.points, held.grade, held.text = points, grade, text.strip() or None
    held.given_by, held.given_on = session.info["who"].name, date.today()
    session.flush()
    entitle(session, f"记“{sheet.name}”{words_of(session, month)}考核的{stage.label}")
    return held.id


def _said(points: Decimal | None, text: str) -> str:
    words = [*([f"{plain(points)} 分"] if points is not None else []), *([text] if text else [])]
    return "，".join(words) or "删去了"


def check_points(scheme: Scheme, points: Decimal | None, field: str) -> list[Problem]:
    """What is wrong with the points that somebody would give a whole sheet."""
    if points is None or 0 <= points <= highest(scheme):
        return []
    wrong = f"{plain(points)} 分不对，应在 0 到 {plain(highest(scheme))} 分之间。"
    return [Problem(wrong, field=field, value=plain(points))]


def highest(scheme: Scheme) -> Decimal:
    """The most points that a total can have."""
    return scheme.full + scheme.bonus_cap if scheme.ceiling is None else scheme.ceiling


def known_grade(scheme: Scheme, grade: str | None) -> None:
    """Raises `RuleBroken` for a grade that the scheme has not."""
    names = [one.name for one in scheme.grades]
    if grade is not None and grade not in names:
        raise RuleBroken(f"方案里没有“{grade}”这一等，有：{'、'.join(names)}。")
