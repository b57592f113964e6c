"""Column types that mean the same in SQLite and PostgreSQL."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import orjson
from sqlalchemy import BigInteger, CheckConstraint, Date, Dialect, Integer, LargeBinary, String, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

from db.enums import Labelled

E = TypeVar("E", bound=Labelled)

SQLITE = sqlite.dialect()

PathText = String(80).with_variant(String(80, collation="C"), "postgresql")
"""A grid's path: compared byte by byte, whatever language the database sorts in."""

Key = BigInteger().with_variant(Integer(), "sqlite")
"""A record's number. SQLite only gives out numbers by itself for INTEGER columns."""


class Exact(TypeDecorator[Decimal]):
    """An exact decimal, stored as a whole number of its smallest unit so that both databases sort,
    sum and round it alike. `Exact(2)` stores 96.50 as 9650; a value with more places is refused."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int):
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        whole = int(scaled)
        if whole != scaled:
            raise ValueError(f"{value} has more than {self.places} decimal places")
        return whole

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


class Coded(TypeDecorator[E], Generic[E]):
    """A member of a `Labelled` enum, stored as its code. Pair it with `codes_check`."""

    impl = String
    cache_ok = True

    def __init__(self, codes: type[E]):
        super().__init__(max(len(code.value) for code in codes))
        self.codes = codes
        self._known = {code.value: code for code in codes}

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.codes(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> E | None:
        # a code that is not known is refused by the enum itself
        return None if value is None else self._known.get(value) or self.codes(value)


def codes_check(column: str, codes: type[Labelled]) -> CheckConstraint:
    """The database's own refusal of a code that the list does not have."""
    listed = ", ".join(f"'{code.value}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_code")


class Canonical(TypeDecorator[Any]):
    """A plain value kept as canonical JSON text: same value, same bytes, in both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        return None if value is None else json.loads(value)


class Moment(TypeDecorator[datetime]):
    """A point in time, stored as UTC text with microseconds: it hashes and sorts alike everywhere."""

    impl = String(26)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def canonical(value: Any) -> str:
    """One text for one value: sorted keys, no spaces, decimals and dates as strings."""
    return _CANONICAL.encode(value)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)

_COMPACT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def compact(value: Any) -> bytes:
    """Plain values as text to be read again, without spaces, keys as they come: a tenth of the time of
    `canonical`."""
    return orjson.dumps(value, _plain, _COMPACT)


Converter = Callable[[Any], Any]
ColumnConverter = Callable[[Sequence[Any]], list[Any]]


def to_stored(kind: TypeEngine[Any]) -> Converter | None:
    """How a column's value becomes plain JSON for the journal and for digests; None: as it is."""
    if isinstance(kind, (Coded, Exact, Moment)):
        return lambda value: kind.process_bind_param(value, SQLITE)
    if isinstance(kind, Date):
        return lambda value: None if value is None else value.isoformat()
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else b64encode(value).decode()
    return None


def column_to_stored(kind: TypeEngine[Any]) -> ColumnConverter | None:
    """`to_stored` of a whole column: equal days are put into words once."""
    convert = to_stored(kind)
    if convert is None:
        return None
    if isinstance(kind, Coded):
        codes = kind.codes
        return lambda values: [value._value_ if type(value) is codes else convert(value) for value in values]
    if isinstance(kind, Date):
        return lambda values: list(map(_Once(convert).__getitem__, values))
    return lambda values: list(map(convert, values))


class _Once(dict[Any, Any]):
    """What a converter makes of each value, worked out once for equal ones."""

    def __init__(self, convert: Converter):
        super().__init__()
        self.convert = convert

    def __missing__(self, value: Any) -> Any:
        found = self[value] = self.convert(value)
        return found


def to_driver(kind: TypeEngine[Any]) -> Converter | None:
    """How a column's plain value goes to the driver of either database; None: as it is."""
    if isinstance(kind, Canonical):
        return lambda value: None if value is None else canonical(value)
    return None if isinstance(kind, LargeBinary) else to_stored(kind)


def from_stored(kind: TypeEngine[Any]) -> Converter | None:
    """The way back from `to_stored`."""
    if isinstance(kind, (Coded, Exact, Moment)):
        return lambda value: kind.process_result_value(value, SQLITE)
    if isinstance(kind, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else b64decode(value)
    return None
