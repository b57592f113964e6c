"""What is done to a month: open it, collect, compute, move it on. Locking has a file of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import MonthState, Right, Standing
from db.journal import entitle
from db.tables import Appeal, Month, Sheet
from db.tables import Scheme as SchemeRecord
from db.turns import Turn
from gridoffice.accounts.service import require
from gridoffice.assessment.checking import check_values
from gridoffice.assessment.duties import (
    refuse_oneself,
    refuse_others_columns,
    refuse_own_sheets,
    refuse_own_step,
    refuse_part,
)
from gridoffice.assessment.month import (
    Where,
    cells_reader,
    month_record,
    scheme_of,
    taking_part,
    wanting,
    words_of,
)
from gridoffice.assessment.reasons import refuse_unexplained
from gridoffice.assessment.results import RESULTS, compute_results
from gridoffice.assessment.rules import (
    OPEN_FOR_VALUES,
    counted,
    in_words,
    is_onward,
    move_to,
    period_days,
    unit_of,
)
from gridoffice.assessment.schemes import readable, text_of
from gridoffice.assessment.subjects import NOBODY, subjects, those_who_joined
from gridoffice.assessment.working_days import work_days_after
from gridoffice.errors import Conflict, Locked, Refused, RuleBroken, has_error
from gridoffice.fields import Column
from gridoffice.grids.listing import office_pack
from gridoffice.listing import chunked
from gridoffice.scoring.columns import numbers_in, reason_columns, reasons_in, value_columns
from gridoffice.scoring.notation import dump
from gridoffice.scoring.scheme import Scheme
from gridoffice.scoring.scores import pack
from gridoffice.service import service
from gridoffice.values import show


def _edition(session: Session, scheme: Scheme) -> SchemeRecord:
    """This scheme as the office keeps it; a body that differs from all before is a new edition."""
    body = dump(scheme)
    known = session.scalars(
        select(SchemeRecord).where(SchemeRecord.key == scheme.key).order_by(SchemeRecord.edition.desc())
    ).all()
    for record in known:
        if record.body == body:
            return record
    record = SchemeRecord(
        key=scheme.key, edition=known[0].edition + 1 if known else 1, name=scheme.name, body=body
    )
    session.add(record)
    session.flush()
    return record


@service("开始月度考核", needs=Right.ASSESS, turn=Turn.MONTH)
def open_month(session: Session, period: str, scheme_key: str | None = None) -> int:
    """Open a month: one sheet for each person who held a post of the scheme's on any day of it, for each
    area, or for each department. Answers how many.

    Raises `RuleBroken` when the month is open already, nobody served, or the scheme is at fault.
    """
    refuse_part(session)
    first, last = period_days(period)
    period = f"{first:%Y-%m}"
    scheme = readable(text_of(session, scheme_key or office_pack(session).scheme))
    same = select(Month.id).where(Month.period == period, Month.scheme_key == scheme.key)
    if session.scalar(same) is not None:
        raise RuleBroken(f"{in_words(period)}按“{scheme.name}”的考核已经开始了。")
    found = subjects(session, scheme, first, last)
    if not found:
        raise RuleBroken(f"{in_words(period)}{NOBODY[scheme.target]}。")
    month = Month(
        period=period,
        scheme_key=scheme.key,
        target=scheme.target,
        scheme_id=_edition(session, scheme).id,
        state=MonthState.COLLECTING,
        opened_on=date.today(),
        entered={MonthState.COLLECTING.value: f"{date.today()}"},
    )
    session.add(month)
    session.flush()
    _add_sheets(session, month, found)
    entitle(session, f"开始 {in_words(period)}考核：{counted(month.target, len(found))}，{scheme.name}")
    return len(found)


def _add_sheets(session: Session, month: Month, found: Sequence[Mapping[str, Any]]) -> None:
    numbers = reserve(session, Sheet, len(found))
    fresh = {"month_id": month.id, "inputs": {}, "recorded": b"", **dict.fromkeys((*RESULTS, "seal"))}
    rows = [{"id": number, **fresh, **row} for number, row in zip(numbers, found, strict=True)]
    bulk_insert(session, Sheet, rows)


@service("补进新到岗的人", needs=Right.ASSESS, turn=Turn.MONTH)
def refresh_month(session: Session, where: Where) -> int:
    """Give a sheet to whoever came to a month after it was opened (a post entered late, a new area or
    department). Those who left keep theirs. Answers how many came."""
    refuse_part(session)
    month = month_record(session, where)
    refuse_unless_open(month)
    there = session.execute(
        select(Sheet.person_id, Sheet.grid_id, Sheet.department_id).where(Sheet.month_id == month.id)
    ).all()
    now = subjects(session, scheme_of(session, month), *period_days(month.period))
    found = those_who_joined(there, now)
    if found:
        _add_sheets(session, month, found)
        _uncomputed(session, month)
        entitle(session, f"{words_of(session, month)}考核补进 {counted(month.target, len(found))}")
    return len(found)


def refuse_unless_open(month: Month) -> None:
    """Raises `Locked` or `Refused` when a month takes no more values."""
    if month.state is MonthState.LOCKED:
        raise Locked(f"{in_words(month.period)}已锁定，不能改分。")
    if month.state not in OPEN_FOR_VALUES:
        raise Refused(f"{in_words(month.period)}在{month.state.label}，要改分先退回复核。")


@service("改考核数据", needs=Right.ASSESS)
def enter_values(
    session: Session,
    where: Where,
    values: Mapping[int, Mapping[str, Any]],
    seen: Mapping[int, Mapping[str, Any]] | None = None,
) -> int:
    """Change raw values and the words beside marks: by sheet number and column key (None clears one). Results computed before
    stay until they are computed again. Raises `Conflict` when somebody else changed one of them since it was
    `seen`. Answers how many sheets changed."""
    month = month_record(session, where)
    refuse_unless_open(month)
    scheme = scheme_of(session, month)
    asked, read = value_columns(scheme), cells_reader(scheme)
    known = {one.name for one in asked}
    merged: dict[int, dict[str, Any]] = {}
    touched: set[str] = set()
    rows = session.execute(
        select(Sheet.id, Sheet.name, Sheet.recorded, Sheet.reasons).where(
            Sheet.month_id == month.id, Sheet.id.in_(values)
        )
    ).all()
    for sheet_id, name, recorded, reasons in rows:
        unknown = values[sheet_id].keys() - known
        if unknown:
            raise RuleBroken(f"方案里没有这些列：{'、'.join(sorted(unknown))}。")
        touched.update(values[sheet_id])
        stands = read({"recorded": recorded, "reasons": reasons})
        _refuse_changed(asked, name, stands, values[sheet_id], (seen or {}).get(sheet_id, {}))
        merged[sheet_id] = {**stands, **values[sheet_id]}
        problems = [p for p in check_values(scheme, merged[sheet_id]) if has_error([p])]
        if problems:
            raise RuleBroken(f"{name}：{problems[0].message}", problems)
    refuse_own_sheets(session, month, merged.keys())
    refuse_others_columns(session, scheme, touched)
    changed = write_cells(session, month, scheme, merged)
    if changed and len(rows) == 1:
        entitle(session, f"已改“{rows[0][1]}”的 {words_of(session, month)}考核数据")
    elif changed:
        entitle(session, f"已改 {counted(month.target, changed)}的 {words_of(session, month)}考核数据")
    return changed


def _refuse_changed(
    asked: Sequence[Column],
    name: str,
    stands: Mapping[str, Any],
    wanted: Mapping[str, Any],
    seen: Mapping[str, Any],
) -> None:
    """Raises `Conflict` when a value is neither what was seen nor what is wanted."""
    for one in asked:
        key = one.name
        if key in wanted and key in seen and stands.get(key) not in (seen[key], wanted[key]):
            now, mine, was = (show(one.field, some.get(key)) or "空" for some in (stands, wanted, seen))
            raise Conflict(
                f"别人刚改过“{name}”的{one.field.label}：现在是 {now}，你填的是 {mine}，原来是 {was}。看过新的再改。"
            )


def write_cells(
    session: Session, month: Month, scheme: Scheme, cells: Mapping[int, Mapping[str, Any]]
) -> int:
    """Store all the raw values that these sheets have, and the words beside marks; where a value changed, the
    month then needs computing again. Answers how many sheets changed."""
    if not reason_columns(scheme):
        packed = pack(scheme, cells.values())
        updates = {sheet: {"recorded": recorded} for sheet, recorded in zip(cells, packed, strict=True)}
        changed = bulk_update(session, Sheet, updates)
        rescored = bool(changed)
    else:
        packed = pack(scheme, map(numbers_in, cells.values()))
        updates = {
            sheet: {"recorded": recorded, "reasons": reasons_in(own) or None}
            for (sheet, own), recorded in zip(cells.items(), packed, strict=True)
        }
        rescored = _rescored(session, updates)
        changed = bulk_update(session, Sheet, updates)
    if rescored:
        _uncomputed(session, month)
    return changed


def _rescored(session: Session, updates: Mapping[int, Mapping[str, Any]]) -> bool:
    """Whether raw values change, and not only words."""
    for chunk in chunked(list(updates)):
        rows = session.execute(select(Sheet.id, Sheet.recorded).where(Sheet.id.in_(chunk)))
        if any(updates[number]["recorded"] != recorded for number, recorded in rows):
            return True
    return False


@service("不参加本月考核", needs=Right.ASSESS)
def exclude(session: Session, where: Where, sheet_ids: Sequence[int], reason: str) -> int:
    """Take people out of a month (long leave, secondment); the reason stands on the sheet. Answers how
    many; `readmit` is the way back."""
    if not reason.strip():
        raise RuleBroken("不参加本月考核要写原因。")
    month = month_record(session, where)
    refuse_unless_open(month)
    refuse_oneself(session, month, sheet_ids)
    inside = select(Sheet.id, Sheet.name).where(
        Sheet.month_id == month.id, Sheet.id.in_(sheet_ids), taking_part()
    )
    gone = {sheet_id: name for sheet_id, name in session.execute(inside)}
    out = {"standing": Standing.EXCLUDED, "standing_reason": reason.strip()}
    if bulk_update(session, Sheet, {sheet_id: out for sheet_id in gone}):
        _uncomputed(session, month)
        entitle(session, f"{_whom(month, gone)}不参加 {words_of(session, month)}考核：{reason.strip()}")
    return len(gone)


@service("恢复参加本月考核", needs=Right.ASSESS)
def readmit(session: Session, where: Where, sheet_ids: Sequence[int]) -> int:
    """Take people who were left out into the month again, with the values they have. Answers how many."""
    month = month_record(session, where)
    refuse_unless_open(month)
    refuse_oneself(session, month, sheet_ids)
    inside = select(Sheet.id, Sheet.name).where(
        Sheet.month_id == month.id, Sheet.id.in_(sheet_ids), Sheet.standing == Standing.EXCLUDED
    )
    back = {sheet_id: name for sheet_id, name in session.execute(inside)}
    if bulk_update(
        session, Sheet, {sheet_id: {"standing": None, "standing_reason": None} for sheet_id in back}
    ):
        _uncomputed(session, month)
        entitle(session, f"{_whom(month, back)}恢复参加 {words_of(session, month)}考核")
    return len(back)


def _whom(month: Month, names: Mapping[int, str]) -> str:
    if len(names) == 1:
        return f"“{next(iter(names.values()))}”"
    return f" {counted(month.target, len(names))}"


def _uncomputed(session: Session, month: Month) -> None:
    """What was computed no longer follows from what is there."""
    session.refresh(month)
    month.computed_at = None


@service("计算月度考核", needs=Right.ASSESS, turn=Turn.MONTH)
def compute(session: Session, where: Where) -> int:
    """Compute every sheet of a month. Answers how many got a total."""
    month = month_record(session, where)
    refuse_unless_open(month)
    people, scored = compute_results(session, month)
    session.refresh(month)
    month.computed_at = datetime.now(UTC)
    said = f"{counted(month.target, scored)}有总分，{people - scored} {unit_of(month.target)}待补"
    entitle(session, f"计算 {words_of(session, month)}考核：{said}")
    return scored


@service("月度考核进入下一步", needs=Right.READ, turn=Turn.MONTH)
def move_month(session: Session, where: Where, to: MonthState, reason: str = "") -> MonthState:
    """Take one of the legal moves, each with its own right; locking has its own action (`lock_month`).
    Publicity runs for the scheme's working days, counted from today; a step back says why. Nobody reviews
    or approves what he submitted, unless there is nobody else who could; no month with an open appeal is
    approved."""
    refuse_part(session)
    month = month_record(session, where)
    if month.state is MonthState.LOCKED:
        raise Locked(f"{words_of(session, month)}已锁定。")
    move = move_to(month.state, to)
    if to is MonthState.LOCKED:
        raise RuleBroken("锁定要单独办，锁定后不能撤销。")
    require(session.info["who"], move.needs)
    onward = is_onward(move)
    told = refuse_own_step(session, month, to) if onward else ""
    if to in (MonthState.REVIEW, MonthState.PUBLIC) and onward:
        refuse_incomplete(session, month)
    if to is MonthState.APPROVED:
        told += approve(session, month)
    if to is MonthState.PUBLIC and onward:
        _publish(session, month)
    month.state = to
    month.entered = {**(month.entered or {}), to.value: f"{date.today()}"}
    _sign(session, month, to)
    why = f"（{reason.strip()}）" if reason.strip() else ""
    entitle(session, f"{words_of(session, month)}考核：{move.label}{why}{told}", needs=move.needs.value)
    return to


def _publish(session: Session, month: Month) -> None:
    """Publicity begins today and ends with the last of the scheme's working days; till then people appeal."""
    today = date.today()
    until = work_days_after(session, today, scheme_of(session, month).publicity_days)
    month.public_from, month.public_to, month.appeals_until = today, until, until


def approve(session: Session, month: Month) -> str:
    """Look whether a month that is public may be approved. Raises `RuleBroken` when it is not complete or an
    appeal is open. Answers what the journal adds: that publicity was not over."""
    refuse_incomplete(session, month)
    undecided = session.scalar(
        select(func.count()).where(Appeal.month_id == month.id, Appeal.decision.is_(None))
    )
    if undecided:
        raise RuleBroken(f"还有 {undecided} 件申诉没有答复，答复后再审定。")
    early = month.public_to is not None and date.today() <= month.public_to
    return f"（公示未满，原定到 {month.public_to}）" if early else ""


def _sign(session: Session, month: Month, to: MonthState) -> None:
    """Whose step it was stands on the month; a step back takes the name away."""
    name = session.info["who"].name
    order = list(MonthState).index(to)
    for state, column in SIGNED.items():
        if to is state:
            setattr(month, column, name)
        elif order < list(MonthState).index(state):
            setattr(month, column, None)


SIGNED = {
    MonthState.REVIEW: "submitted_by",
    MonthState.PUBLIC: "reviewed_by",
    MonthState.APPROVED: "approved_by",
}
"""Which column names who brought a month to a state."""


def refuse_incomplete(session: Session, month: Month) -> None:
    """Raises `RuleBroken` when a month was changed since it was computed, somebody has no total, or a mark
    wants a reason and has none."""
    if month.computed_at is None:
        raise RuleBroken(f"{in_words(month.period)}的数据改过，先重新计算。")
    gaps = session.scalars(
        select(Sheet.name).where(Sheet.month_id == month.id, wanting()).order_by(Sheet.id)
    ).all()
    if gaps:
        names = "、".join(gaps[:5]) + ("等" if len(gaps) > 5 else "")
        raise RuleBroken(
            f"还差 {counted(month.target, len(gaps))}的分：{names}。补齐，或记为不参加本月考核。"
        )
    refuse_unexplained(session, month)
