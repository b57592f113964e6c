"""A month as it is kept: its scheme and its sheets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, and_, exists, false, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from db.enums import MonthState, Standing, Target
from db.tables import Appeal, Month, Sheet, table_of
from db.tables import Scheme as SchemeRecord
from db.types import PathText
from gridoffice.assessment.duties import part_seen
from gridoffice.assessment.rules import in_words
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids.listing import path_of
from gridoffice.grids.rules import SEGMENT, below, path_ids, segment
from gridoffice.grids.service import root_id
from gridoffice.scoring.columns import as_cells
from gridoffice.scoring.notation import load
from gridoffice.scoring.scheme import Input, Measure, RankGroup, Scheme, all_inputs
from gridoffice.scoring.scores import pack, points_of, unpacker

Where = int | str
"""Which month is meant: its number, or its period as people say it (2026-06), with the scheme's key and
the edition behind it where there are several (2026-06/hecun/2)."""


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A month as a page shows it. `counts` is sheets by grade (None: 待补); those that take no part count
    as `excluded` alone. `edition` is the month's own, `scheme_edition` that of its scheme; `entered` and
    `due` are ISO days by the code of a state. `part` names what the account sees of it where that is not all:
    steps of the whole month are then others'."""

    id: int
    period: str
    address: str
    words: str
    state: MonthState
    target: Target
    scheme: Scheme
    scheme_edition: int
    edition: int
    people: int
    excluded: int
    scored: int
    mean: Decimal | None
    counts: Mapping[str | None, int]
    computed: bool
    entered: Mapping[str, str]
    due: Mapping[str, str]
    submitted_by: str | None
    reviewed_by: str | None
    approved_by: str | None
    public_from: date | None
    public_to: date | None
    appeals_until: date | None
    open_appeals: int
    follows: int | None
    reason: str | None
    locked_by: str | None
    locked_at: str | None
    part: str


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month as a list of months shows it. `address` finds it again, `words` call it."""

    id: int
    period: str
    scheme_key: str
    scheme: str
    target: Target
    edition: int
    state: MonthState
    address: str
    words: str


def month_record(
    session: Session, where: Where, scheme_key: str | None = None, edition: int | None = None
) -> Month:
    """The month. Of a period alone the only one is meant, or the only one of posts; without an edition the
    latest. Raises `NotFound`, and `RuleBroken` when several can be meant."""
    return session.get_one(Month, month_number(session, where, scheme_key, edition))


def month_number(
    session: Session, where: Where, scheme_key: str | None = None, edition: int | None = None
) -> int:
    """The number of the month that is meant, told without reading more of it. Raises as `month_record`."""
    columns = (Month.id, Month.scheme_key, type_coerce(Month.target, String), Month.edition)
    if isinstance(where, int):
        if session.scalar(select(Month.id).where(Month.id == where)) is None:
            raise NotFound("这个月的考核已不在了。")
        return where
    period, *rest = where.split("/")
    words = in_words(period)
    if len(rest) > 2 or (len(rest) == 2 and not rest[1].isdecimal()):
        raise RuleBroken(f"“{where}”不是月份，写成 2026-06 或 2026-06/方案/版次。")
    key = scheme_key if scheme_key is not None else next(iter(rest), None)
    wanted = edition if edition is not None else int(rest[1]) if len(rest) == 2 else None
    rows = session.execute(select(*columns).where(Month.period == period)).all()
    keys = {of_key for _, of_key, _, _ in rows}
    if key is None:
        posts = {of_key for _, of_key, target, _ in rows if target == Target.POST.value}
        meant = posts or keys
        if len(meant) > 1:
            raise RuleBroken(f"{words}有 {len(keys)} 个考核，写明按哪个方案：{'、'.join(sorted(keys))}。")
        key = next(iter(meant), None)
    editions = {of_edition: number for number, of_key, _, of_edition in rows if of_key == key}
    if not editions:
        by = f"按“{key}”的" if key is not None else ""
        raise NotFound(f"{words}还没有开始{by}考核。")
    if wanted is not None and wanted not in editions:
        raise NotFound(f"{words}考核没有第 {wanted} 版。")
    return editions[max(editions) if wanted is None else wanted]


def scheme_of(session: Session, month: Month) -> Scheme:
    return load(
        session.execute(select(SchemeRecord.body).where(SchemeRecord.id == month.scheme_id)).scalar_one()
    )


def months(session: Session, every: bool = False) -> list[MonthLine]:
    """Every month there is, the latest first, posts before areas and departments; of each its latest
    edition only, unless `every` is asked for."""
    columns = (Month.id, Month.period, Month.scheme_key, SchemeRecord.name, Month.target, Month.edition)
    query = select(*columns, Month.state).join(SchemeRecord, SchemeRecord.id == Month.scheme_id)
    order = list(Target)
    rows = sorted(
        session.execute(query), key=lambda row: (order.index(row.target), row.scheme_key, -row.edition)
    )
    rows.sort(key=lambda row: row.period, reverse=True)
    firsts: dict[str, dict[str, Any]] = {}
    for row in rows:
        firsts.setdefault(row.period, {}).setdefault(row.scheme_key, row)
    lines = []
    for row in rows:
        beside = firsts[row.period]
        last = beside[row.scheme_key] is row
        posts = [one for one in beside.values() if one.target is Target.POST] or list(beside.values())
        address = row.period if posts == [beside[row.scheme_key]] else f"{row.period}/{row.scheme_key}"
        words = f"{in_words(row.period)}·{row.name}" if len(beside) > 1 else in_words(row.period)
        if last or every:
            lines.append(
                MonthLine(
                    *row,
                    address=address if last else f"{row.period}/{row.scheme_key}/{row.edition}",
                    words=f"{words}（第{row.edition}版）" if row.edition > 1 else words,
                )
            )
    return lines


def words_of(session: Session, month: Month) -> str:
    """What a month is called: 2026年6月, with its scheme where several were assessed, and its edition."""
    return _line(session, month).words


def address_of(month: Month) -> str:
    """The address by which a month is always found again, whatever is opened beside it."""
    return f"{month.period}/{month.scheme_key}/{month.edition}"


def _line(session: Session, month: Month) -> MonthLine:
    return next(line for line in months(session, every=True) if line.id == month.id)


def month_facts(session: Session, where: Where) -> MonthFacts:
    """All a page says above the list. Raises `NotFound`."""
    month = month_record(session, where)
    line, scheme = _line(session, month), scheme_of(session, month)
    scheme_edition = session.execute(
        select(SchemeRecord.edition).where(SchemeRecord.id == month.scheme_id)
    ).scalar_one()
    counts: dict[str | None, int] = {grade.name: 0 for grade in scheme.grades}
    people = excluded = scored = 0
    totals = Decimal(0)
    # added up by the database: a city's sheets are not to be carried for four numbers
    query = select(Sheet.grade, Sheet.standing, func.count(), func.count(Sheet.total), func.sum(Sheet.total))
    query = query.where(Sheet.month_id == month.id).group_by(Sheet.grade, Sheet.standing)
    for grade, standing, sheets, with_total, sum_of in session.execute(query):
        if standing is Standing.EXCLUDED:
            excluded += sheets
            continue
        people += sheets
        counts[grade] = counts.get(grade, 0) + sheets
        scored += with_total
        totals += sum_of or 0
    undecided = select(func.count()).where(Appeal.month_id == month.id, Appeal.decision.is_(None))
    return MonthFacts(
        id=month.id,
        period=month.period,
        address=line.address,
        words=line.words,
        state=month.state,
        target=month.target,
        scheme=scheme,
        scheme_edition=scheme_edition,
        edition=month.edition,
        people=people,
        excluded=excluded,
        scored=scored,
        mean=mean(totals, scored, scheme.places),
        counts=counts,
        computed=month.computed_at is not None,
        entered=month.entered or {},
        due=month.due or {},
        submitted_by=month.submitted_by,
        reviewed_by=month.reviewed_by,
        approved_by=month.approved_by,
        public_from=month.public_from,
        public_to=month.public_to,
        appeals_until=month.appeals_until,
        open_appeals=session.execute(undecided).scalar_one(),
        follows=month.follows,
        reason=month.reason,
        locked_by=month.locked_by,
        locked_at=month.locked_at.isoformat() if month.locked_at else None,
        part=part_seen(session),
    )


def mean(total: Decimal | int, count: int, places: int) -> Decimal | None:
    """A sum shared out, rounded half up; None of nothing. The one place where a mean is taken."""
    if not count:
        return None
    whole = Decimal(total).scaleb(places)
    return Decimal(int((whole * 2 + count) // (count * 2))).scaleb(-places)


# ---- raw values as stored ----------------------------------------------------------------------


def recorded_of(scheme: Scheme, row: Mapping[str, Any]) -> bytes:
    """The raw values of a sheet, packed; a month locked long ago keeps them as text."""
    if row["recorded"] is not None:
        return row["recorded"]
    entries = all_inputs(scheme)
    kept = row["inputs"]
    (found,) = pack(
        scheme,
        [{one.key: _as_measured(one, kept[one.key]) for one in entries if kept.get(one.key) is not None}],
    )
    return found


def _as_measured(entry: Input, value: Any) -> Any:
    if entry.measure is Measure.YES_NO:
        return bool(value)
    return int(value) if entry.measure is Measure.COUNT else Decimal(str(value))


def values_reader(scheme: Scheme) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """How the raw values that a sheet has are read, each as its column's measure says; of the row
    `recorded` and `inputs` are read. Made once where many sheets are read."""
    read = unpacker(scheme)

    def values(row: Mapping[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in read(recorded_of(scheme, row)).items() if value is not None}

    return values


def cells_reader(scheme: Scheme) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """How a sheet is read as a row of the month's workbook: raw values, and the words beside marks. Of the row
    `recorded`, `inputs` and `reasons` are read."""
    read = values_reader(scheme)
    return lambda row: {**read(row), **as_cells(row["reasons"])}


def all_raw_values(scheme: Scheme, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The raw values that sheets have."""
    return list(map(values_reader(scheme), rows))


def raw_values(scheme: Scheme, row: Mapping[str, Any]) -> dict[str, Any]:
    """The raw values that one sheet has."""
    return values_reader(scheme)(row)


def kept_points(scheme: Scheme, row: Mapping[str, Any]) -> dict[str, Decimal]:
    """The points of a sheet by indicator, those that there are; of the row `points` and `parts` are read."""
    if row["points"] is not None:
        return points_of(scheme, row["points"])
    return {key: Decimal(points) for key, points in (row["parts"] or {}).items()}


def within(group: RankGroup, unit_path: str) -> str:
    """Within which unit somebody's second rank, or a quota, is counted."""
    if group is RankGroup.COMMUNITY:
        return unit_path
    if group is RankGroup.STREET:
        return unit_path[:-SEGMENT]
    return ""


def sheet_rows(
    session: Session, month_id: int | None, wanted: Collection[int] | None = None, *, taking: bool = False
) -> list[dict[str, Any]]:
    """Sheets (all of a month, those taking part in it, or these few) as plain rows, in the order in which
    they were opened."""
    table = table_of(Sheet)
    query = select(table).order_by(table.c.id)
    if month_id is not None:
        query = query.where(table.c.month_id == month_id)
    if wanted is not None:
        query = query.where(table.c.id.in_(wanted))
    if taking:
        query = query.where(taking_part())
    return [dict(row) for row in session.execute(query).mappings()]


def taking_part() -> ColumnElement[bool]:
    """The sheets that nobody took out of their month."""
    return Sheet.standing.is_distinct_from(Standing.EXCLUDED)


def wanting() -> ColumnElement[bool]:
    """The sheets that should have a total and have none."""
    return and_(Sheet.total.is_(None), or_(Sheet.standing.is_(None), Sheet.standing == Standing.PROBATION))


def latest_edition() -> ColumnElement[bool]:
    """The months that no later edition follows."""
    later = aliased(Month)
    return ~exists(select(later.id).where(later.follows == Month.id))


def below_in_month(session: Session, month_id: int, scope: int) -> ColumnElement[bool]:
    """The sheets of a month below a grid, wherever that hung when the month was opened: a month keeps
    the paths it was opened with, the tree moves on. Departments that serve the whole office lie below its
    top alone."""
    if scope == root_id(session) and _is_of_departments(session, month_id):
        return Sheet.month_id == month_id
    today = path_of(session, scope)
    inside = and_(Sheet.month_id == month_id, *_below(today))
    if session.scalar(select(Sheet.id).where(inside).limit(1)) is not None:
        return and_(*_below(today))
    own, width = segment(scope), PathText.length or 0
    places = (func.substr(Sheet.grid_path, start, SEGMENT) == own for start in range(1, width, SEGMENT))
    found = session.scalar(select(Sheet.grid_path).where(Sheet.month_id == month_id, or_(*places)).limit(1))
    if found is None:
        return false()
    ids = path_ids(found)
    return and_(*_below(found[: (ids.index(scope) + 1) * SEGMENT]))


def _is_of_departments(session: Session, month_id: int) -> bool:
    return session.scalar(select(Month.target).where(Month.id == month_id)) is Target.DEPARTMENT


def _below(path: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    start, end = below(path)
    return Sheet.grid_path >= start, Sheet.grid_path < end
