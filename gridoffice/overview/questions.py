"""Short questions that only the screen asks, put together from the subjects' own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import floor
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import Political
from db.tables import (
    Account,
    Attendance,
    Certificate,
    Completion,
    Grid,
    GridChange,
    GridCode,
    GridLink,
    GridPeriod,
    GridPlan,
    Household,
    Invitation,
    Issue,
    Month,
    PartyLink,
    PartyMember,
    PartyOrg,
    Person,
    Post,
    Record,
    Reserve,
    Resource,
    Sheet,
    Training,
    TrainingPlan,
)
from gridoffice.accounts.listed import FIELDS as account_fields
from gridoffice.assessment.month import (
    Where,
    below_in_month,
    cells_reader,
    latest_edition,
    month_number,
    month_record,
    scheme_of,
    sheet_rows,
    taking_part,
    wanting,
)
from gridoffice.assessment.reasons import unexplained
from gridoffice.assessment.rows import SheetRow, results
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.fields import Field, columns
from gridoffice.grids.listing import GRIDS, office_pack, path_of
from gridoffice.grids.naming import gazetteer, names_of
from gridoffice.grids.rules import below
from gridoffice.grids.service import serving
from gridoffice.history import touched
from gridoffice.households.listing import HOUSEHOLDS
from gridoffice.listing import Listing, chunked
from gridoffice.party import listing as party
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.registers.listing import ISSUES, RESOURCES
from gridoffice.scoring.columns import value_columns
from gridoffice.scoring.scheme import Missing, Scheme, inputs, missing_of
from gridoffice.training.listing import ATTENDANCE, TRAININGS
from gridoffice.training.plans import PLANS
from gridoffice.values import show
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.reserve_listing import RESERVES
from gridoffice.workers.rows import PostRow

MEMBERS = (Political.MEMBER, Political.PROBATIONARY)
STATISTICS_UP_TO = 20_000
"""Of more people than these the screen says only how many there are."""


def grid_meant(session: Session, text: str | None) -> int:
    """The number of the grid that a typed name means. Raises `RuleBroken` with the nearest one."""
    found = gazetteer(session, office_pack(session)).find(text or "")
    if isinstance(found, int):
        return found
    raise RuleBroken(found.message, [found])


def grid_name(session: Session, grid_id: int) -> str:
    """A grid as the clerk calls it."""
    return names_of(session, office_pack(session), [grid_id])[grid_id][0]


@dataclass(frozen=True, slots=True)
class Selected:
    """What the status line says of the ticked people."""

    people: int
    mean_age: float | None
    members: int


def selected(session: Session, post_ids: Sequence[int], day: date) -> Selected:
    """Head count, mean age in years, party members among these posts (distinct people)."""
    people: dict[int, tuple[date | None, str | None]] = {}
    for chunk in chunked(list(post_ids)):
        query = select(Person.id, Person.birth, Person.political).join(Post, Post.person_id == Person.id)
        for number, birth, political in session.execute(query.where(Post.id.in_(chunk))):
            people[number] = birth, political
    ages = [
        day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
        for birth, _ in people.values()
        if birth is not None
    ]
    members = sum(political in MEMBERS for _, political in people.values())
    return Selected(len(people), sum(ages) / len(ages) if ages else None, members)


def scores(session: Session, person_id: int, count: int = 6) -> list[tuple[str, Decimal | None, str | None]]:
    """A person's latest months, oldest first: (YYYY-MM, total, grade); of a month its latest edition."""
    query = (
        select(Month.period, Sheet.total, Sheet.grade)
        .join(Sheet, Sheet.month_id == Month.id)
        .where(Sheet.person_id == person_id, latest_edition(), taking_part())
        .order_by(Month.period.desc(), Month.id)
        .limit(count)
    )
    return [(period, total, grade) for period, total, grade in session.execute(query)][::-1]


def totals(session: Session, where: Where, scope: int | None) -> list[Decimal]:
    """Every total of a month below a grid."""
    month_id = month_number(session, where)
    query = select(Sheet.total).where(Sheet.month_id == month_id, Sheet.total.is_not(None))
    if scope is not None:
        query = query.where(below_in_month(session, month_id, scope))
    return [total for total in session.scalars(query) if total is not None]


@dataclass(frozen=True, slots=True)
class Spread:
    """How the totals of a month are spread: how many there are, their mean, and how many in each span of
    points, by the points it begins at."""

    count: int
    mean: Decimal | None
    spans: tuple[tuple[int, int], ...]


def spread(session: Session, where: Where, scope: int | None) -> Spread:
    """How the totals of a month below a grid are spread."""
    return spread_of(totals(session, where, scope))


def spread_of(found: Sequence[Decimal], most: int = 8) -> Spread:
    """The same of given totals, in spans of whole points, as many as `most`."""
    if not found:
        return Spread(0, None, ())
    low, beyond = floor(min(found)), floor(max(found)) + 1
    step = max(1, -(-(beyond - low) // most))
    inside = Counter(floor(total - low) // step for total in found)
    spans = tuple((low + at * step, inside[at]) for at in range(len(range(low, beyond, step))))
    return Spread(len(found), sum(found, Decimal(0)) / len(found), spans)


@dataclass(frozen=True, slots=True)
class Gaps:
    """The sheets of a month that should have a total and have none yet, and those with a mark that wants a
    reason and has none; `marks` is how many such marks there are."""

    sheets: tuple[int, ...] = ()
    unexplained: tuple[int, ...] = ()
    marks: int = 0


def gaps(session: Session, where: Where) -> Gaps:
    """What a month still waits for."""
    number = month_number(session, where)
    inside = (Sheet.month_id == number, wanting())
    lacking = unexplained(session, number)
    return Gaps(
        tuple(session.scalars(select(Sheet.id).where(*inside).order_by(Sheet.id))),
        tuple(dict.fromkeys(one.sheet for one in lacking)),
        len(lacking),
    )


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One person's raw values of a month, as the form shows them."""

    name: str
    grid: str
    values: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.values.get(name)


def raw_sheet(session: Session, sheet_id: int) -> RawSheet:
    """The raw values of a sheet, with the words beside marks. Raises `NotFound`."""
    sheet = session.get(Sheet, sheet_id)
    month = session.get(Month, sheet.month_id) if sheet is not None else None
    if sheet is None or month is None:
        raise NotFound("没有这张考核表。")
    row = {"recorded": sheet.recorded, "inputs": sheet.inputs, "reasons": sheet.reasons}
    return RawSheet(sheet.name, sheet.grid_name, cells_reader(scheme_of(session, month))(row))


RAW = "raw_"
"""Before a raw value's key, where it is a column of a list beside the results."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One person's results with the raw values behind them: `raw_KEY` reads one of these."""

    line: SheetRow
    values: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.values.get(name.removeprefix(RAW)) if name.startswith(RAW) else getattr(self.line, name)


def raw_listing(session: Session, where: Where) -> Listing:
    """A month's people with their raw values, for typing them in. Raises `NotFound`."""
    month = month_record(session, where)
    found, scheme = results(session, month.id), scheme_of(session, month)
    by_name = {what.name: what for what in found.columns}
    read = cells_reader(scheme)
    typed = (replace(what, name=f"{RAW}{what.name}") for what in value_columns(scheme))

    def rows(session: Session, wanted: Sequence[int]) -> list[RawRow]:
        kept: dict[int, Any] = {}
        for chunk in chunked(wanted):
            sheets = sheet_rows(session, None, chunk)
            kept.update((sheet["id"], read(sheet)) for sheet in sheets)
        return [RawRow(line, kept.get(line.id) or {}) for line in found.rows(session, wanted)]

    return replace(
        found,
        key=f"values-{month.id}",
        title="考核原始值",
        columns=(*(by_name[name] for name in ("name", "grid", "total", "grade", "rank")), *typed),
        rows=rows,
    )


def blocking(scheme: Scheme) -> frozenset[str]:
    """The raw values without which a person has no total."""
    return frozenset(
        entry.key
        for indicator in scheme.indicators
        if missing_of(scheme, indicator) is Missing.BLOCKS
        for entry in inputs(indicator)
    )


@dataclass(frozen=True, slots=True)
class Suggested:
    """Filters one click away: the days on which contracts end soon (or ended), and how many people
    each filter would show."""

    ends: tuple[date, ...]
    ending: int
    without_number: int


def suggested(session: Session, scope: int | None, day: date, until: date) -> Suggested:
    """What is worth a look below a grid."""
    here = [serving(day)]
    if scope is not None:
        start, end = below(path_of(session, scope))
        here += [Post.grid_path >= start, Post.grid_path < end]
    ends = session.execute(
        select(Post.contract_end, func.count())
        .where(*here, Post.contract_end <= until)
        .group_by(Post.contract_end)
        .order_by(Post.contract_end)
    ).all()
    without = select(func.count()).select_from(Post).join(Person, Person.id == Post.person_id)
    return Suggested(
        tuple(last for last, _ in ends if last is not None),
        sum(count for _, count in ends),
        session.scalar(without.where(*here, Person.id_number.is_(None))) or 0,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One record an action touched, in the clerk's words: (heading, before, after) for each column."""

    noun: str
    name: str
    word: str
    columns: tuple[tuple[str, str, str], ...]


_LISTS: dict[type[Record], Listing] = {
    Grid: GRIDS,
    Person: WORKERS,
    Post: WORKERS,
    Reserve: RESERVES,
    Certificate: CERTIFICATES,
    PartyOrg: party.ORGS,
    PartyMember: party.MEMBERS,
    PartyLink: party.LINKS,
    Household: HOUSEHOLDS,
    Resource: RESOURCES,
    Issue: ISSUES,
    Training: TRAININGS,
    Attendance: ATTENDANCE,
    TrainingPlan: PLANS,
}
"""Which list says what the columns of a record are called."""

_FIELDS = {kind.noun: {what.name: what.field for what in listing.columns} for kind, listing in _LISTS.items()}
_FIELDS[Account.noun] = dict(account_fields)
_FIELDS[Post.noun] = {what.name: what.field for what in columns(PostRow)}  # the roster leaves some out
_KINDS: dict[str, Any] = {kind.noun: kind for kind in (*_LISTS, Account, Sheet, Invitation)}


_BOOKS = {GridChange.noun, GridLink.noun, GridPeriod.noun}
"""Records that a dated change keeps beside what it changes; the grid's own story tells them."""


def changes(session: Session, action_id: int, limit: int) -> list[Change]:
    """What an action did; ID numbers and phones are masked."""
    found = []
    for one in touched(session, action_id, limit):
        if one.noun in _BOOKS:
            continue
        before, after = one.before or {}, one.after or {}
        word = "新增" if one.before is None else "删去" if one.after is None else "改"
        name = (
            after.get("name")
            or before.get("name")
            or (one.noun == GridCode.noun and (after or before).get("code"))
            or (one.noun == Completion.noun and (after or before).get("number"))
            or (one.noun == GridPlan.noun and _planned((after or before).get("draft")))
            or _name_of(session, one.noun, one.record, after or before)
        )
        fields = _FIELDS.get(one.noun, {})
        columns = tuple(
            (fields[key].label, _in_words(fields[key], before.get(key)), _in_words(fields[key], new))
            for key, new in after.items()
            if word == "改" and before.get(key) != new and key in fields
        )
        found.append(Change(one.noun, str(name), word, columns))
    return found


def _planned(draft: Any) -> str:
    """What a change that waits is to do."""
    return "；".join(draft["words"]) if draft else ""


def _name_of(session: Session, noun: str, record: int, image: Mapping[str, Any]) -> str:
    """What a record is called that was changed elsewhere than in its name: by its own present name, or
    by its person's."""
    kind = _KINDS.get(noun)
    named = None
    if kind is Issue:
        named = session.scalar(select(Issue.what).where(Issue.id == record)) or image.get("what")
    elif kind is not None and hasattr(kind, "name"):
        named = session.scalar(select(kind.name).where(kind.id == record))
    elif kind is not None:
        of_record = session.scalar(select(kind.person_id).where(kind.id == record))
        person_id = of_record or image.get("person_id")
        named = session.scalar(select(Person.name).where(Person.id == person_id))
    return named or f"第 {record} 号"


def _in_words(field: Field, value: Any) -> str:
    if value is None or value == "":
        return "空"
    if field.codes is not None:
        value = next((code for code in field.codes if code.value == value), value)
    if field.sensitive is not None or field.codes is not None or isinstance(value, bool):
        return show(field, value)
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
