"""Appeals against a month's results: raised while it is public, answered by a day, the answer's effect
computed in the same action."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import Decision, MonthState, OpinionStage, Right
from db.journal import entitle
from db.tables import Account, Appeal, Month, Opinion, Sheet
from gridoffice.assessment.calibration import Place, adjusted
from gridoffice.assessment.checking import check_values
from gridoffice.assessment.duties import refuse_own_answer, refuse_own_sheets, refuse_without_right
from gridoffice.assessment.month import Where, cells_reader, month_record, scheme_of, words_of
from gridoffice.assessment.opinions import known_grade, sheet_and_month
from gridoffice.assessment.results import compute_results
from gridoffice.assessment.service import write_cells
from gridoffice.assessment.working_days import work_days_after
from gridoffice.errors import Locked, NotFound, Refused, RuleBroken, has_error
from gridoffice.fields import Field, Kind, columns
from gridoffice.listing import Ask, Listing, chunked, ordered_ids, spelled
from gridoffice.scoring.columns import as_cells, reason_columns, reasons_in, value_columns
from gridoffice.scoring.scheme import Scheme
from gridoffice.service import service

WAITING = "待答复"


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One appeal as the register shows it; `late` when its day went by without an answer."""

    id: int
    sheet_id: int
    number: Annotated[int, Field("编号", Kind.INTEGER, width=6)]
    name: Annotated[str, Field("申诉人", Kind.NAME, width=10)]
    grid: Annotated[str, Field("所属网格", width=22)]
    state: Annotated[str, Field("结果", width=10)]
    due_on: Annotated[date, Field("答复期限", Kind.DATE, width=12)]
    what: Annotated[str, Field("申诉内容", width=36)]
    wanted: Annotated[str | None, Field("要求", width=24)]
    raised_on: Annotated[date, Field("提出日期", Kind.DATE, width=12)]
    answer: Annotated[str | None, Field("答复", width=36)]
    decided_on: Annotated[date | None, Field("答复日期", Kind.DATE, width=12)]
    decided_by: Annotated[str | None, Field("答复人", width=10)]
    changed: Annotated[str, Field("改了什么", width=30)]
    late: bool


# ---- looking -------------------------------------------------------------------------------------

_BY = {
    "number": Appeal.number,
    "name": Sheet.name,
    "grid": Sheet.grid_path,
    "due_on": Appeal.due_on,
    "raised_on": Appeal.raised_on,
}


def appeals(session: Session, where: Where) -> Listing:
    """The register of a month's appeals. Raises `NotFound`."""
    month_id = month_record(session, where).id

    def ids(session: Session, ask: Ask) -> array[int]:
        query = select(Appeal.id).join(Sheet, Sheet.id == Appeal.sheet_id).where(Appeal.month_id == month_id)
        if ask.search:
            query = query.where(spelled(ask.search, Sheet.name, Sheet.grid_name, Appeal.what))
        return ordered_ids(session, query, _BY, ask, (Appeal.number, Appeal.id))

    return Listing(
        key=f"appeals-{month_id}",
        title="考核申诉",
        unit="件",
        columns=columns(AppealRow),
        ids=ids,
        rows=appeal_rows,
        choices=lambda *_: [],
        sorts=frozenset(_BY),
    )


def appeal_rows(session: Session, wanted: Sequence[int]) -> list[AppealRow]:
    """Some appeals, in the order that was asked for."""
    names = {name: shown for name, shown in session.execute(select(Account.name, Account.display))}
    found: dict[int, AppealRow] = {}
    for chunk in chunked(wanted):
        query = select(Appeal, Sheet).join(Sheet, Sheet.id == Appeal.sheet_id).where(Appeal.id.in_(chunk))
        for one, sheet in session.execute(query):
            decision: Decision | None = one.decision
            found[one.id] = AppealRow(
                id=one.id,
                sheet_id=sheet.id,
                number=one.number,
                name=sheet.name,
                grid=sheet.grid_name,
                state=WAITING if decision is None else decision.label,
                due_on=one.due_on,
                what=one.what,
                wanted=one.wanted,
                raised_on=one.raised_on,
                answer=one.answer,
                decided_on=one.decided_on,
                decided_by=names.get(one.decided_by or "", one.decided_by),
                changed=(one.changes or {}).get("words", ""),
                late=decision is None and one.due_on < date.today(),
            )
    return [found[number] for number in wanted if number in found]


@dataclass(frozen=True, slots=True)
class Answering:
    """An appeal as somebody looks at it; `cannot` says why the account at work does not answer it, empty
    when it may."""

    line: AppealRow
    cannot: str


def one_appeal(session: Session, appeal_id: int) -> Answering:
    """One appeal, and whether the account at work may answer it. Raises `NotFound`."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFound("没有这件申诉。")
    (line,) = appeal_rows(session, [appeal_id])
    try:
        refuse_without_right(session)
        _refuse_answer(session, appeal, *sheet_and_month(session, appeal.sheet_id))
    except (Locked, Refused, RuleBroken) as why:
        return Answering(line, why.message)
    return Answering(line, "")


# ---- raising and answering -----------------------------------------------------------------------


@service("登记考核申诉", needs=Right.ASSESS)
def raise_appeal(
    session: Session, sheet_id: int, what: str, wanted: str = "", raised_on: date | None = None
) -> int:
    """Register that somebody objects to a result; it is to be answered within the scheme's working days.
    Answers its number in the office (not that in the month's register).

    Raises `RuleBroken` without a word, for a day outside the month's publicity, or while an appeal of the
    same sheet is open; `Refused` unless the month is public, `Locked` when it is.
    """
    sheet, month = sheet_and_month(session, sheet_id)
    _refuse_unless_public(session, month, "申诉")
    if not what.strip():
        raise RuleBroken("对什么有意见要写清楚。")
    day = raised_on or date.today()
    if month.public_from is not None and day < month.public_from:
        raise RuleBroken(f"公示从 {month.public_from} 开始，{day} 还不能申诉。")
    if day > date.today():
        raise RuleBroken(f"{day} 还没到。")
    if month.appeals_until is not None and day > month.appeals_until:
        raise RuleBroken(f"申诉到 {month.appeals_until} 为止，{day} 已经过了。")
    again = select(Appeal.number).where(Appeal.sheet_id == sheet.id, Appeal.decision.is_(None))
    held = session.scalar(again)
    if held is not None:
        raise RuleBroken(f"“{sheet.name}”的第 {held} 号申诉还没答复，补充的话写在那一件里。")
    last = session.scalar(select(func.max(Appeal.number)).where(Appeal.month_id == month.id)) or 0
    made = Appeal(
        month_id=month.id,
        sheet_id=sheet.id,
        number=last + 1,
        raised_on=day,
        what=what.strip(),
        wanted=wanted.strip() or None,
        due_on=work_days_after(session, day, scheme_of(session, month).appeal_days),
    )
    session.add(made)
    session.flush()
    entitle(session, f"登记 {words_of(session, month)}考核第 {made.number} 号申诉：“{sheet.name}”")
    return made.id


@service("答复考核申诉", needs=Right.REVIEW_MONTH)
def decide_appeal(
    session: Session,
    appeal_id: int,
    decision: Decision,
    answer: str,
    values: Mapping[str, Any] | None = None,
    change: Decimal | None = None,
    grade: str | None = None,
) -> Place:
    """Answer an appeal. One that is upheld changes raw values, gives or takes points, or sets a grade, and
    the month is computed again in the same action. Answers how the sheet stands then.

    Raises `RuleBroken` without an answer, without a change where something is to change or with one where
    nothing is, for values that cannot be; `Refused` unless the month is public and for whoever submitted it,
    `Locked` when it is.
    """
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFound("没有这件申诉。")
    sheet, month = sheet_and_month(session, appeal.sheet_id)
    alone = _refuse_answer(session, appeal, sheet, month)
    if not answer.strip():
        raise RuleBroken("答复要写清楚为什么。")
    scheme = scheme_of(session, month)
    wants = bool(values) or bool(change) or grade is not None
    if wants and decision is not Decision.CHANGED:
        raise RuleBroken(f"“{decision.label}”不改任何东西；要改选“更改”。")
    if decision is Decision.CHANGED and not wants:
        raise RuleBroken("要改什么没写：改一项数据、加减几分，或者定等次。")
    before = Place(sheet.total, sheet.grade, sheet.rank)
    said: list[str] = []
    kept: dict[str, Any] = {}
    if values:
        kept["values"] = _change_values(session, month, scheme, sheet, values, answer, said)
    if change or grade is not None:
        _adjust(session, scheme, sheet, answer, change, grade, said)
    if decision is Decision.CHANGED:
        session.flush()
        session.refresh(month)
        was = month.computed_at
        compute_results(session, month)
        month.computed_at = was or datetime.now(UTC)
        session.expire(sheet)
    after = Place(sheet.total, sheet.grade, sheet.rank)
    if wants:
        kept["words"] = "；".join(said)
        kept["before"], kept["after"] = _kept(before), _kept(after)
    appeal.decision, appeal.answer, appeal.changes = decision, answer.strip(), kept or None
    appeal.decided_on, appeal.decided_by = date.today(), session.info["who"].name
    outcome = f"，{'；'.join(said)}" if said else ""
    entitle(
        session,
        f"答复 {words_of(session, month)}考核第 {appeal.number} 号申诉（“{sheet.name}”）："
        f"{decision.label}{outcome}{alone}",
    )
    return after


def _refuse_answer(session: Session, appeal: Appeal, sheet: Sheet, month: Month) -> str:
    """Raises `Refused`, `Locked` or `RuleBroken` when an appeal is not, or no longer, answered by the account
    at work. Answers what the journal adds: that there was nobody else."""
    _refuse_unless_public(session, month, "答复申诉")
    refuse_own_sheets(session, month, [sheet.id])
    if appeal.decision is not None:
        raise RuleBroken(f"第 {appeal.number} 号申诉已在 {appeal.decided_on} 答复。")
    return refuse_own_answer(session, month)


def _refuse_unless_public(session: Session, month: Month, what: str) -> None:
    if month.state is MonthState.LOCKED:
        raise Locked(f"{words_of(session, month)}已锁定，不能再{what}。")
    if month.state is not MonthState.PUBLIC:
        raise Refused(f"{words_of(session, month)}在{month.state.label}，公示期里才能{what}。")


def _change_values(
    session: Session,
    month: Month,
    scheme: Scheme,
    sheet: Sheet,
    values: Mapping[str, Any],
    answer: str,
    said: list[str],
) -> dict[str, list[str | None]]:
    """Write what stands in columns of the month's workbook; answers it before and after, as text."""
    labels = {one.name: one.field.label for one in value_columns(scheme)}
    unknown = values.keys() - labels.keys()
    if unknown:
        raise RuleBroken(f"方案里没有这些列：{'、'.join(sorted(unknown))}。")
    kept = {"recorded": sheet.recorded, "inputs": sheet.inputs, "reasons": sheet.reasons}
    held = cells_reader(scheme)(kept)
    merged = {**held, **values}
    problems = [one for one in check_values(scheme, merged) if has_error([one])]
    if problems:
        raise RuleBroken(problems[0].message, problems)
    computed = month.computed_at
    merged |= _why(scheme, held, values, answer)
    write_cells(session, month, scheme, {sheet.id: merged})
    month.computed_at = computed
    session.refresh(sheet)
    for key, value in values.items():
        said.append(f"{labels[key]} {_said(held.get(key))} → {_said(value)}")
    return {key: [_text(held.get(key)), _text(value)] for key, value in values.items()}


def _why(scheme: Scheme, held: Mapping[str, Any], values: Mapping[str, Any], answer: str) -> dict[str, str]:
    """The words beside marks that an answer changes: where it gives none of its own, it is itself the reason,
    behind the one that stood there."""
    stood = reasons_in(held)
    return as_cells(
        {
            key: "；".join(part for part in (stood.get(key), f"申诉答复：{answer.strip()}") if part)
            for key, column in reason_columns(scheme).items()
            if key in values and column.name not in values
        }
    )


def _adjust(
    session: Session,
    scheme: Scheme,
    sheet: Sheet,
    answer: str,
    change: Decimal | None,
    grade: str | None,
    said: list[str],
) -> None:
    """Give or take points, set a grade; the answer stands as an opinion on the sheet."""
    known_grade(scheme, grade)
    for name, value in adjusted(sheet.adjustment, sheet.granted, change, grade).items():
        setattr(sheet, name, value)
    session.add(
        Opinion(
            sheet_id=sheet.id,
            stage=OpinionStage.APPEAL,
            change=change,
            grade=grade,
            text=answer.strip(),
            given_by=session.info["who"].name,
            given_on=date.today(),
        )
    )
    if change:
        said.append(f"{'加' if change > 0 else '减'} {_said(abs(change))} 分")
    if grade is not None:
        said.append(f"定为“{grade}”")


def _said(value: Any) -> str:
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return f"“{value}”"
    return f"{Decimal(value).normalize():f}"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _kept(one: Place) -> dict[str, Any]:
    return {"total": _text(one.total), "grade": one.grade, "rank": one.rank}
