"""How a list is asked for: ids first, in the order shown, then only the rows that are looked at."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, any_, func, literal, or_, select
from sqlalchemy.orm import Session

from db.server.numbers import whole_numbers
from gridoffice.errors import Conflict
from gridoffice.fields import Column
from gridoffice.masking import TAIL, mask
from gridoffice.values import show

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one column: its value is among `values` (the values as stored)."""

    column: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """What the clerk wants to see: below which grid, on which day, matching what, in which order, and
    how many at most (None: all)."""

    scope: int | None = None
    day: date | None = None
    search: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str | None = None
    descending: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that screen, export and paper share.

    `ids` answers all ids in the order shown (8 bytes each); `rows` answers the row values for
    some of them, in the order asked; `choices` answers the distinct stored values of a column
    with their labels and counts, for the filter popup; `sorts` names the columns it can sort by,
    `filters` those with few enough values to tick. A `dated` list shows rows as of a day, which its
    `rows` takes as a third argument; rows of one that is `asked` are worked out, and it takes the whole
    question. `lines` passes either on.
    """

    key: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    ids: Callable[[Session, Ask], array]
    rows: Callable[..., list[Any]]
    choices: Callable[[Session, Ask, str], list[tuple[Any, str, int]]]
    sorts: frozenset[str] = field(default_factory=frozenset)
    filters: frozenset[str] = field(default_factory=frozenset)
    dated: bool = False
    asked: bool = False

    @property
    def measure(self) -> str:
        """The word that its lines are counted by: 本 of 本证书."""
        return self.unit[:1] if len(self.unit) > 2 else self.unit


def lines(session: Session, listing: Listing, ids: Sequence[int], ask: Ask) -> list[Any]:
    """Some rows of what was asked for."""
    if listing.asked:
        return listing.rows(session, ids, ask)
    return listing.rows(session, ids, ask.day) if listing.dated else listing.rows(session, ids)


def unchanged(columns: Sequence[Column], seen: Any, now: Any, names: Iterable[str]) -> None:
    """Raises `Conflict` when a value that is about to be changed is no longer the one that the clerk
    saw: `seen` is the row the form was filled from, `now` the row as it stands."""
    wanted = set(names)
    for column in columns:
        was, is_now = getattr(seen, column.name), getattr(now, column.name)
        # a shared server showed the clerk no more of a number than is masked
        shown = mask(column.field.sensitive, is_now) if isinstance(is_now, str) else is_now
        if column.name in wanted and was not in (is_now, shown):
            raise Conflict(
                f"别人刚改过{column.field.label}：现在是“{show(column.field, is_now)}”。看过新的内容再改。"
            )


def ordered_ids(
    session: Session, query: Select[Any], by: Mapping[str, Any], ask: Ask, order: Sequence[Any]
) -> array[int]:
    """Run a query for ids with the clerk's filters and sort; `by` maps column names to SQL
    expressions, `order` is the list's own order, and its last part, a number, breaks ties."""
    look_by_number(session, ask.search)
    query = filtered(query, by, ask)
    if ask.sort is not None:
        expression = by[ask.sort]
        # what is empty comes last, in either database and either direction
        sorted_by = expression.desc() if ask.descending else expression.asc()
        if getattr(expression.expression, "nullable", True):
            sorted_by = sorted_by.nulls_last()
        query = query.order_by(sorted_by, order[-1])
    else:
        query = query.order_by(*order)
    return numbers(session, query.limit(ask.limit))


def look_by_number(session: Session, text: str) -> None:
    """Whoever types more of a number than its masked ends looks for one: a shared server then has to look in
    whole numbers, which it writes down."""
    if sum(map(str.isdigit, text)) > TAIL:
        whole_numbers(session, "按号码查找")


def filtered(query: Select[Any], by: Mapping[str, Any], ask: Ask) -> Select[Any]:
    """A query with the clerk's filters; `by` maps column names to SQL expressions."""
    for condition in ask.filters:
        expression = by[condition.column]
        known = [value for value in condition.values if value is not None]
        wanted = expression.in_(known)
        if None in condition.values:
            wanted = or_(wanted, expression.is_(None))
        query = query.where(wanted)
    return query


def spelled(text: str, *columns: Any) -> ColumnElement[bool]:
    """The condition that a text stands in one of some columns: every sign as it is, large or small."""
    return or_(*(column.icontains(text.strip(), autoescape=True) for column in columns))


def numbers(session: Session, query: Select[Any]) -> array[int]:
    """The whole numbers that a query of one column finds; read past the row objects, which would
    cost more than the query where there are 150,000."""
    cursor = session.connection().execute(query).cursor
    assert cursor is not None
    return array("q", [row[0] for row in cursor.fetchall()])


def among(session: Session, column: Any, wanted: Iterable[int]) -> ColumnElement[bool]:
    """The condition that a column is one of many numbers. They travel as one value: putting thousands into a
    statement one by one takes longer than the database needs to answer."""
    if session.get_bind().dialect.name == "sqlite":
        listed = func.json_each(json.dumps(list(wanted))).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(literal(list(wanted), ARRAY(BigInteger)))


def first_screen(session: Session, listing: Listing, ask: Ask, limit: int) -> tuple[array[int], list[Any]]:
    """The first ids of a list and their rows: enough to paint, long before all ids are in order."""
    ids = listing.ids(session, replace(ask, limit=limit))
    return ids, lines(session, listing, ids, ask)


def in_sight(
    session: Session, listing: Listing, ask: Ask, start: int, limit: int
) -> tuple[array[int], list[Any]]:
    """All ids of a list, and the rows from a place on: what is looked at is painted with the answer."""
    ids = listing.ids(session, ask)
    return ids, lines(session, listing, ids[start : start + limit], ask)


def all_ids(session: Session, listing: Listing, ask: Ask) -> array[int]:
    """All ids of a list in its order."""
    return listing.ids(session, ask)


def count(session: Session, listing: Listing, ask: Ask) -> int:
    """How many rows a list has."""
    return len(listing.ids(session, ask))


def choices(session: Session, listing: Listing, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    """What a column of a list can be narrowed to."""
    return listing.choices(session, ask, column)


def as_text(
    session: Session,
    listing: Listing,
    ask: Ask,
    ids: Sequence[int],
    names: Sequence[str],
    headings: bool,
) -> str:
    """Rows as they are shown (masked where masked), tab-separated, as Excel and WPS take them."""
    fields = {column.name: column.field for column in listing.columns}
    wanted = [(name, fields[name]) for name in names]
    said = ["\t".join(field.label for _, field in wanted)] if headings else []
    for chunk in chunked(ids):
        for row in lines(session, listing, chunk, ask):
            said.append("\t".join(show(field, getattr(row, name)) for name, field in wanted))
    return "\n".join(said) + "\n"


def fetched(session: Session, query: Select[*tuple[Any, ...]], wanted: Sequence[int]) -> list[Any]:
    """What a query of records (and whatever is joined to them) finds for some numbers of the first of
    them, in the order asked; those that are no longer there are left out."""
    number = query.column_descriptions[0]["expr"].id
    found: dict[int, Any] = {}
    for chunk in chunked(wanted):
        for row in session.execute(query.where(number.in_(chunk))):
            found[row[0].id] = row
    return [found[one] for one in wanted if one in found]


def chunked(ids: Sequence[T], size: int = 900) -> Iterator[Sequence[T]]:
    """Ids (or rows) in portions that every database takes in one question."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def listed(
    session: Session, listing: Listing, ask: Ask, ids: Sequence[int] | None = None
) -> Iterator[list[Any]]:
    """Row values in the order of the listing's columns, a portion of the database at a time."""
    wanted = listing.ids(session, ask) if ids is None else ids
    names = [column.name for column in listing.columns]
    # of one name the getter answers the value itself
    values = attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)
    for chunk in chunked(wanted):
        yield from map(list, map(values, lines(session, listing, chunk, ask)))
