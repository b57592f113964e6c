"""Locking a month for good, and proving that it is what was locked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.deriving import derive_columns
from db.enums import MonthState, Right, Target
from db.journal import entitle
from db.proof import looked
from db.server.numbers import whole_numbers
from db.tables import Appeal, Month, Opinion, Sheet, table_of
from db.tables import Scheme as SchemeRecord
from db.turns import Turn
from db.types import canonical, to_stored
from gridoffice.assessment.duties import refuse_own_step, refuse_part
from gridoffice.assessment.month import (
    Where,
    kept_points,
    month_number,
    month_record,
    scheme_of,
    sheet_rows,
    words_of,
)
from gridoffice.assessment.results import RESULTS, result_columns, score_sheets
from gridoffice.assessment.rules import counted, days_of, in_words, move_to
from gridoffice.assessment.service import approve, refuse_incomplete
from gridoffice.errors import Locked, NotFound, RuleBroken
from gridoffice.progress import report
from gridoffice.scoring.scheme import Scheme
from gridoffice.scoring.scores import points_of
from gridoffice.scoring.shapes import plain
from gridoffice.service import service

_LATER = (
    "grid_id",
    "department_id",
    "days",
    "away",
    "away_kind",
    "standing",
    "standing_reason",
    "adjustment",
    "granted",
)
"""What a sheet knows of since there is a course; in a month that was locked before all of it is empty."""
_SEALED = tuple(column.name for column in table_of(Sheet).columns if column.name not in ("seal", "reasons"))
_SEALED_BEFORE = tuple(name for name in _SEALED if name not in _LATER)
_SEALED_AS_TEXT = tuple(name for name in _SEALED_BEFORE if name not in ("recorded", "points"))
"""What was sealed while raw values and points were kept as text."""
_MONTH_BEFORE = (
    "id",
    "version",
    "period",
    "scheme_id",
    "state",
    "opened_on",
    "computed_at",
    "locked_at",
    "locked_by",
)
"""What of a month was under its digest before there was a course."""
_PLAIN = {
    name: convert for name in _SEALED if (convert := to_stored(table_of(Sheet).c[name].type)) is not None
}
Result = tuple[Any, ...]
"""What `RESULTS` names, of one sheet."""


def seal_of(row: Mapping[str, Any]) -> str:
    """The digest of one sheet: every column of it; words beside marks stand behind them where there are any, as
    sheets were sealed before there were such words."""
    sealed = _SEALED
    if all(row[name] is None for name in _LATER):
        sealed = _SEALED_AS_TEXT if row["recorded"] is row["points"] is None else _SEALED_BEFORE
    facts = [_PLAIN[name](row[name]) if name in _PLAIN else row[name] for name in sealed]
    if row["reasons"] is not None:
        facts.append({"reasons": row["reasons"]})
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def digest_of(
    month: Mapping[str, Any], scheme: Mapping[str, Any], said: Sequence[str], seals: Iterator[str]
) -> str:
    """The digest of a locked month: its own facts, its scheme, what was said of its sheets and appealed,
    and the seal of every sheet."""
    facts = [{k: v for k, v in month.items() if k != "digest"}, dict(scheme), list(seals)]
    if month["approved_by"] is None and not said and _as_before(month, scheme):
        facts[0] = {name: month[name] for name in _MONTH_BEFORE}
    else:
        facts.append(list(said))
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def _as_before(month: Mapping[str, Any], scheme: Mapping[str, Any]) -> bool:
    """Is all that a month knows of since there is a course as an upgrade leaves it?"""
    left = {"edition": 1, "target": Target.POST.value, "scheme_key": scheme["key"]}
    return all(
        value == left.get(name) for name, value in month.items() if name not in (*_MONTH_BEFORE, "digest")
    )


@service("锁定月度考核", needs=Right.LOCK_MONTH, undoable=False, turn=Turn.MONTH)
def lock_month(session: Session, where: Where) -> str:
    """Freeze a month for good: names, grids, scheme, raw values and scores, each sheet under a seal and
    the month under a digest; what a score comes from follows from these. Whoever locks a month that is
    still public approves it. Answers the digest."""
    refuse_part(session)
    month = month_record(session, where)
    if month.state is MonthState.LOCKED:
        raise Locked(f"{words_of(session, month)}早已锁定。")
    told = ""
    if month.state is MonthState.PUBLIC:
        told = refuse_own_step(session, month, MonthState.APPROVED) + approve(session, month)
    else:
        move_to(month.state, MonthState.LOCKED)
        refuse_incomplete(session, month)
    rows = sheet_rows(session, month.id)
    for row, stored, again in _both(scheme_of(session, month), rows, days_of(month.period)):
        if stored != again:
            raise RuleBroken(f"“{row['name']}”的得分和重新算的不一样，先重新计算。")
    seals = []
    for row in rows:
        if len(seals) % 1000 == 0:
            report("封存考核表", len(seals), len(rows))
        seals.append(seal_of(row))
    derive_columns(session, Sheet, [row["id"] for row in rows], {"seal": seals})
    month = month_record(session, month.id)
    now, by = datetime.now(UTC), session.info["who"].display
    # the month is written once, digest and all: after that the database refuses
    of_month, of_scheme, said = _digest_facts(session, month.id)
    tally = tally_to_keep(session, month)
    of_month |= {
        "tally": to_stored(table_of(Month).c.tally.type)(tally),  # type: ignore[misc]
        "state": MonthState.LOCKED.value,
        "locked_at": to_stored(table_of(Month).c.locked_at.type)(now),  # type: ignore[misc]
        "locked_by": by,
        "approved_by": month.approved_by or session.info["who"].name,
        "version": month.version + 1,
    }
    month.state, month.locked_at, month.locked_by = MonthState.LOCKED, now, by
    month.approved_by, month.tally = of_month["approved_by"], tally
    digest = digest_of(of_month, of_scheme, said, iter(seals))
    month.digest = digest
    words = words_of(session, month)
    entitle(
        session,
        f"锁定 {words}考核：{counted(month.target, len(rows))}{told}",
        period=month.period,
        digest=digest,
    )
    return digest


def tally_to_keep(session: Session, month: Month) -> bytes:
    """What a month adds up to, to be kept with it."""
    from gridoffice.assessment.month_sums import added_afresh  # NumPy

    return added_afresh(session, month, scheme_of(session, month)).pack()


def _both(
    scheme: Scheme, rows: list[dict[str, Any]], whole: int
) -> Iterator[tuple[dict[str, Any], Result, Result]]:
    """Each sheet with its results as they are kept and as they are when computed again."""
    found = result_columns(scheme, score_sheets(scheme, rows, whole))
    for row, again in zip(rows, zip(*(found[name] for name in RESULTS), strict=True), strict=True):
        stored = tuple(row[name] for name in RESULTS)
        if row["recorded"] is None:
            stored, again = (kept_points(scheme, row), *stored[1:]), (points_of(scheme, again[0]), *again[1:])
        yield row, stored, again


def _digest_facts(session: Session, month_id: int) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """A month and its scheme, column by column, in stored form; and a digest of each opinion and appeal."""
    of_month, of_scheme = table_of(Month), table_of(SchemeRecord)
    month = session.execute(select(of_month).where(of_month.c.id == month_id)).mappings().one()
    scheme = session.execute(select(of_scheme).where(of_scheme.c.id == month["scheme_id"])).mappings().one()
    opinion, appeal, sheet = table_of(Opinion), table_of(Appeal), table_of(Sheet)
    said = [
        hashlib.sha256(canonical([table.name, _stored(table, dict(row))]).encode()).hexdigest()
        for table, query in (
            (
                opinion,
                select(opinion)
                .join(sheet, sheet.c.id == opinion.c.sheet_id)
                .where(sheet.c.month_id == month_id),
            ),
            (appeal, select(appeal).where(appeal.c.month_id == month_id)),
        )
        for row in session.execute(query.order_by(table.c.id)).mappings()
    ]
    return _stored(of_month, dict(month)), _stored(of_scheme, dict(scheme)), said


def _stored(table: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for column in table.columns:
        convert = to_stored(column.type)
        found[column.name] = convert(row[column.name]) if convert else row[column.name]
    return found


def verify_month(session: Session, where: Where) -> list[str]:
    """Prove a locked month: seals, digest, and the whole computed again. Answers what is wrong.

    Raises `NotFound` when there is no such month, or it is not locked."""
    # as it stands there: what cannot be read is a finding
    number = month_number(session, where)
    query = text("SELECT state, period, edition FROM month WHERE id = :id")
    state, period, edition = session.execute(query, {"id": number}).one()
    words = f"{in_words(period)}（第{edition}版）" if edition > 1 else in_words(period)
    if state != MonthState.LOCKED.value:
        raise NotFound(f"{words}还没有锁定，没有可比对的。")
    return looked(session, f"{words}考核", lambda: _differences(session, number, words))


def _differences(session: Session, number: int, words: str) -> list[str]:
    whole_numbers(session, "核验")  # seals are of whole lines
    month = session.get_one(Month, number)
    rows = sheet_rows(session, month.id)
    facts = _digest_facts(session, month.id)
    found = [f"{words}考核里“{row['name']}”的考核表被改动过。" for row in rows if seal_of(row) != row["seal"]]
    if digest_of(*facts, (row["seal"] for row in rows)) != month.digest:
        found.append(f"{words}考核与锁定时不一致：月份、方案或人数被改动过。")

    def again() -> list[str]:
        total = RESULTS.index("total")
        return [
            f"{words}考核里“{row['name']}”重新计算得 {_said(now[total])}，锁定的是 {_said(row['total'])}。"
            for row, stored, now in _both(scheme_of(session, month), rows, days_of(month.period))
            if stored != now
        ]

    return [*found, *looked(session, f"{words}考核", again)]


def _said(total: Decimal | None) -> str:
    return "待补" if total is None else plain(total)
