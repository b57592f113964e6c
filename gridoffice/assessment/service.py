"""What is done to a month: open it, collect, compute, move it on, lock it, prove it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from db.bulk import bulk_delete, bulk_insert, bulk_update, reserve
from db.enums import MonthState, Right
from db.journal import entitle
from db.proof import looked
from db.tables import Month, Person, Post, Sheet, table_of
from db.tables import Scheme as SchemeRecord
from db.types import to_stored
from gridoffice.accounts.service import require
from gridoffice.assessment import month as kept
from gridoffice.assessment.checking import check_values
from gridoffice.assessment.month import month_record, scheme_of, score_rows, sheet_rows
from gridoffice.assessment.notation import dump
from gridoffice.assessment.rules import OPEN_FOR_VALUES, in_words, move_to, period_days
from gridoffice.assessment.scheme import Scheme, all_inputs
from gridoffice.assessment.schemes import readable, text_of
from gridoffice.assessment.shapes import plain
from gridoffice.assessment.trace import Trace, explain
from gridoffice.errors import Locked, NotFound, Refused, RuleBroken, has_error
from gridoffice.grids.cascades import book_on
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack
from gridoffice.grids.rules import path_ids
from gridoffice.listing import chunked
from gridoffice.progress import report
from gridoffice.service import service


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


@service("开始月度考核", needs=Right.ASSESS)
def open_month(session: Session, period: str, scheme_key: str | None = None) -> int:
    """Open a month: one sheet for each person who held a post on any day of it. Answers how many.

    Raises `RuleBroken` when the month is open already, nobody served, or the scheme is at fault.
    """
    first, last = period_days(period)
    if session.scalar(select(Month.id).where(Month.period == period)) is not None:
        raise RuleBroken(f"{in_words(period)}的考核已经开始了。")
    scheme = readable(text_of(session, scheme_key or office_pack(session).scheme))
    served = _served(session, first, last)
    if not served:
        raise RuleBroken(f"{in_words(period)}没有在岗的人，先导入网格员花名册。")
    month = Month(
        period=period,
        scheme_id=_edition(session, scheme).id,
        state=MonthState.COLLECTING,
        opened_on=date.today(),
    )
    session.add(month)
    session.flush()
    names = _Names(session, last)
    numbers = reserve(session, Sheet, len(served))
    bulk_insert(
        session,
        Sheet,
        [
            {
                "id": number,
                "month_id": month.id,
                **row,
                **names.of(row["grid_path"]),
                "inputs": {},
                **dict.fromkeys(("parts", "total", "grade", "rank", "unit_rank", "trace", "seal")),
            }
            for number, row in zip(numbers, served, strict=True)
        ],
    )
    entitle(session, f"开始 {in_words(period)}考核：{len(served)} 人，{scheme.name}")
    return len(served)


def _served(session: Session, first: date, last: date) -> list[dict[str, Any]]:
    """Everybody who held a post in a span of days, once, by the main and latest post."""
    query = (
        select(
            Post.person_id,
            Post.id,
            Person.name,
            Person.id_number,
            Post.title,
            Post.employment,
            Post.grid_path,
        )
        .join(Person, Person.id == Post.person_id)
        .where(
            Post.from_day.is_(None) | (Post.from_day <= last),
            Post.to_day.is_(None) | (Post.to_day >= first),
        )
        .order_by(Post.concurrent.desc(), func.coalesce(Post.from_day, first), Post.id)
    )
    found: dict[int, dict[str, Any]] = {}
    for person_id, post_id, name, id_number, title, employment, path in session.execute(query):
        found[person_id] = {
            "person_id": person_id,
            "post_id": post_id,
            "name": name,
            "id_number": id_number,
            "title": title,
            "employment": employment,
            "grid_path": path,
        }
    return sorted(found.values(), key=lambda row: (row["grid_path"], row["post_id"]))


class _Names:
    """Where grids were on the month's last day, and what they and their communities were called."""

    def __init__(self, session: Session, day: date):
        self._tree = tree_on(session, day)
        self._book = book_on(session, office_pack(session), day)

    def of(self, path: str) -> dict[str, str]:
        """The columns of a sheet that tell a grid, by the grid's present path."""
        place = self._book.places[path_ids(path)[-1]]
        unit = self._book.unit(place) or place
        return {
            "grid_path": self._tree.path(path),
            "grid_name": self._book.display(place),
            "unit_name": unit.name,
            "unit_path": self._tree.path(unit.path),
        }


def refuse_unless_open(month: Month) -> None:
    """Raises `Locked` or `Refused` when a month takes no more values."""
    if month.state is MonthState.LOCKED:
        raise Locked(f"{in_words(month.period)}已锁定，不能改分。")
    if month.state not in OPEN_FOR_VALUES:
        raise Refused(f"{in_words(month.period)}在{month.state.label}，要改分先退回复核。")


@service("改考核数据", needs=Right.ASSESS)
def enter_values(session: Session, period: str, values: Mapping[int, Mapping[str, Any]]) -> int:
    """Change raw values: by sheet number and column key (None clears one). Results computed before
    stay until they are computed again. Answers how many sheets changed."""
    month = month_record(session, period)
    refuse_unless_open(month)
    scheme = scheme_of(session, month)
    entries = all_inputs(scheme)
    known = {entry.key for entry in entries}
    updates: dict[int, dict[str, Any]] = {}
    rows = session.execute(
        select(Sheet.id, Sheet.name, Sheet.inputs).where(Sheet.month_id == month.id, Sheet.id.in_(values))
    ).all()
    for sheet_id, name, inputs in rows:
        unknown = values[sheet_id].keys() - known
        if unknown:
            raise RuleBroken(f"方案里没有这些列：{'、'.join(sorted(unknown))}。")
        known_values = {**kept.raw_values(entries, inputs), **values[sheet_id]}
        problems = [p for p in check_values(scheme, known_values) if has_error([p])]
        if problems:
            raise RuleBroken(f"{name}：{problems[0].message}", problems)
        merged = {**inputs, **{key: kept.stored_value(value) for key, value in values[sheet_id].items()}}
        updates[sheet_id] = {"inputs": {key: value for key, value in merged.items() if value is not None}}
    changed = write_inputs(session, month, updates)
    if changed and len(rows) == 1:
        entitle(session, f"已改“{rows[0][1]}”的 {in_words(period)}考核数据")
    elif changed:
        entitle(session, f"已改 {changed} 人的 {in_words(period)}考核数据")
    return changed


def write_inputs(session: Session, month: Month, updates: Mapping[int, dict[str, Any]]) -> int:
    """Store raw values; the month then needs computing again."""
    changed = bulk_update(session, Sheet, updates)
    if changed:
        session.refresh(month)
        month.computed_at = None
    return changed


@service("不参加本月考核", needs=Right.ASSESS)
def exclude(session: Session, period: str, sheet_ids: Sequence[int], reason: str) -> int:
    """Take people out of a month (long leave, secondment); the reason stands in the journal."""
    month = month_record(session, period)
    refuse_unless_open(month)
    inside = select(Sheet.id, Sheet.name).where(Sheet.month_id == month.id, Sheet.id.in_(sheet_ids))
    names = {sheet_id: name for sheet_id, name in session.execute(inside)}
    gone = bulk_delete(session, Sheet, list(names))
    if gone:
        session.refresh(month)
        month.computed_at = None
        whom = f"“{next(iter(names.values()))}”" if gone == 1 else f" {gone} 人"
        entitle(session, f"{whom}不参加 {in_words(period)}考核：{reason}")
    return gone


@service("计算月度考核", needs=Right.ASSESS)
def compute(session: Session, period: str) -> int:
    """Compute every sheet of a month. Answers how many got a total."""
    month = month_record(session, period)
    refuse_unless_open(month)
    scheme = scheme_of(session, month)
    rows = sheet_rows(session, month.id)
    report("计算得分", 0, len(rows))
    scored = score_rows(scheme, rows)
    updates = {
        row["id"]: kept.result_columns(scheme, result) for row, result in zip(rows, scored, strict=True)
    }
    report("写入得分", 0, len(rows))
    bulk_update(session, Sheet, updates)
    session.refresh(month)
    month.computed_at = datetime.now(UTC)
    done = sum(1 for result in scored if result.total is not None)
    entitle(session, f"计算 {in_words(period)}考核：{done} 人有总分，{len(rows) - done} 人待补")
    return done


@service("月度考核进入下一步", needs=Right.ASSESS)
def move_month(session: Session, period: str, to: MonthState) -> MonthState:
    """Take one of the legal moves; locking has its own action (`lock_month`)."""
    month = month_record(session, period)
    if month.state is MonthState.LOCKED:
        raise Locked(f"{in_words(period)}已锁定。")
    move = move_to(month.state, to)
    if to is MonthState.LOCKED:
        raise RuleBroken("锁定要单独办，锁定后不能撤销。")
    require(session.info["who"], move.needs)
    if to in (MonthState.REVIEW, MonthState.PUBLIC):
        _complete(session, month)
    month.state = to
    entitle(session, f"{in_words(period)}考核：{move.label}", needs=move.needs.value)
    return to


def _complete(session: Session, month: Month) -> None:
    if month.computed_at is None:
        raise RuleBroken(f"{in_words(month.period)}的数据改过，先重新计算。")
    gaps = session.scalars(
        select(Sheet.name).where(Sheet.month_id == month.id, Sheet.total.is_(None)).order_by(Sheet.id)
    ).all()
    if gaps:
        names = "、".join(gaps[:5]) + ("等" if len(gaps) > 5 else "")
        raise RuleBroken(f"还差 {len(gaps)} 人的分：{names}。补齐，或记为不参加本月考核。")


@service("锁定月度考核", needs=Right.LOCK_MONTH, undoable=False)
def lock_month(session: Session, period: str) -> str:
    """Freeze a month for good: names, grids, scheme, raw values, scores and their explanation, each
    sheet under a seal and the month under a digest. Answers the digest."""
    month = month_record(session, period)
    if month.state is MonthState.LOCKED:
        raise Locked(f"{in_words(period)}早已锁定。")
    move_to(month.state, MonthState.LOCKED)
    _complete(session, month)
    scheme = scheme_of(session, month)
    rows = sheet_rows(session, month.id)
    scored = score_rows(scheme, rows)
    for row, result in zip(rows, scored, strict=True):
        stored = {name: row[name] for name in ("parts", "total", "grade", "rank", "unit_rank")}
        if stored != kept.result_columns(scheme, result):
            raise RuleBroken(f"“{row['name']}”的得分和重新算的不一样，先重新计算。")
    entries = all_inputs(scheme)
    table = table_of(Sheet)
    freeze = (
        update(table)
        .where(table.c.id == bindparam("sheet"))
        .values(trace=bindparam("trace"), seal=bindparam("seal"), version=bindparam("version"))
    )
    seals = []
    for chunk in chunked(list(zip(rows, scored, strict=True)), 500):
        report("封存考核表", len(seals), len(rows))
        sealed = []
        for row, result in chunk:
            row["trace"] = plain_trace(explain(scheme, kept.raw_values(entries, row["inputs"]), result))
            row["version"] += 1
            seals.append(kept.seal_of(row))
            sealed.append(
                {"sheet": row["id"], "trace": row["trace"], "seal": seals[-1], "version": row["version"]}
            )
        session.connection().execute(freeze, sealed)
    now, by = datetime.now(UTC), session.info["who"].display
    # the month is written once, digest and all: after that the database refuses
    of_month, of_scheme = _digest_facts(session, month.id)
    of_month |= {
        "state": MonthState.LOCKED.value,
        "locked_at": to_stored(table_of(Month).c.locked_at.type)(now),  # type: ignore[misc]
        "locked_by": by,
        "version": month.version + 1,
    }
    month.state, month.locked_at, month.locked_by = MonthState.LOCKED, now, by
    digest = kept.digest_of(of_month, of_scheme, iter(seals))
    month.digest = digest
    entitle(session, f"锁定 {in_words(period)}考核：{len(rows)} 人", period=period, digest=digest)
    return digest


def _digest_facts(session: Session, month_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    of_month, of_scheme = table_of(Month), table_of(SchemeRecord)
    month = session.execute(select(of_month).where(of_month.c.id == month_id)).mappings().one()
    scheme = session.execute(select(of_scheme).where(of_scheme.c.id == month["scheme_id"])).mappings().one()
    return kept.facts_of(of_month, dict(month)), kept.facts_of(of_scheme, dict(scheme))


def plain_trace(trace: Trace) -> dict[str, Any]:
    """A trace as plain values, as a locked sheet keeps it."""
    found = asdict(trace)
    return _plain(found)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return kept.stored_value(value)


def verify_month(session: Session, period: str) -> list[str]:
    """Prove a locked month: seals, digest, and the whole computed again. Answers what is wrong.

    Raises `NotFound` when there is no such month, or it is not locked."""
    words = in_words(period)
    # as it stands there: what cannot be read is a finding
    query = text("SELECT state FROM month WHERE period = :period")
    state = session.execute(query, {"period": period}).scalar_one_or_none()
    if state is None:
        raise NotFound(f"{words}还没有开始考核。")
    if state != MonthState.LOCKED.value:
        raise NotFound(f"{words}还没有锁定，没有可比对的。")
    return looked(session, f"{words}考核", lambda: _differences(session, period))


def _differences(session: Session, period: str) -> list[str]:
    month, words = month_record(session, period), in_words(period)
    rows = sheet_rows(session, month.id)
    facts = _digest_facts(session, month.id)
    found = [
        f"{words}考核里“{row['name']}”的考核表被改动过。" for row in rows if kept.seal_of(row) != row["seal"]
    ]
    if kept.digest_of(*facts, (row["seal"] for row in rows)) != month.digest:
        found.append(f"{words}考核与锁定时不一致：月份、方案或人数被改动过。")

    def again() -> list[str]:
        scheme = scheme_of(session, month)
        different = []
        for row, result in zip(rows, score_rows(scheme, rows), strict=True):
            stored = {name: row[name] for name in ("parts", "total", "grade", "rank", "unit_rank")}
            if stored != kept.result_columns(scheme, result):
                different.append(
                    f"{words}考核里“{row['name']}”重新计算得 {_said(result.total)}，锁定的是 {_said(row['total'])}。"
                )
        return different

    return [*found, *looked(session, f"{words}考核", again)]


def _said(total: Decimal | None) -> str:
    return "待补" if total is None else plain(total)


def sheet_trace(session: Session, sheet_id: int) -> dict[str, Any]:
    """Where one score comes from. Raises `NotFound`."""
    sheet = session.get(Sheet, sheet_id)
    if sheet is None:
        raise NotFound("没有这张考核表。")
    if sheet.trace is not None:
        return sheet.trace
    period = session.execute(select(Month.period).where(Month.id == sheet.month_id)).scalar_one()
    return traces(session, period, {sheet_id})[sheet_id]


def traces(session: Session, period: str, wanted: Collection[int] | None = None) -> dict[int, dict[str, Any]]:
    """Where the scores of a month come from, by sheet: the frozen explanation of a locked month,
    else explained now, ranks and quotas included."""
    month = month_record(session, period)
    rows = sheet_rows(session, month.id)
    if month.state is MonthState.LOCKED:
        return {row["id"]: row["trace"] for row in rows if wanted is None or row["id"] in wanted}
    scheme = scheme_of(session, month)
    entries = all_inputs(scheme)
    return {
        row["id"]: plain_trace(explain(scheme, kept.raw_values(entries, row["inputs"]), result))
        for row, result in zip(rows, score_rows(scheme, rows), strict=True)
        if wanted is None or row["id"] in wanted
    }


def sheet_numbers(session: Session, period: str) -> dict[int, str | None]:
    """The ID number on each sheet of a month, for finding one by it."""
    month = month_record(session, period)
    rows = session.execute(select(Sheet.id, Sheet.id_number).where(Sheet.month_id == month.id))
    return {sheet_id: number for sheet_id, number in rows}
