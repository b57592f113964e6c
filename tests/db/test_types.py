"""Column types that mean the same in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import StatementError

from db.enums import MonthState
from db.session import Store
from db.types import Canonical, Coded, Exact, Moment, canonical, from_stored, to_driver, to_stored

TABLE = Table(
    "sample",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("exact", Exact(2)),
    Column("moment", Moment),
    Column("state", Coded(MonthState)),
    Column("plain", Canonical),
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    with store.engine.begin() as connection:
        TABLE.create(connection)
    yield store
    store.close()


def put(store: Store, **values: object) -> dict:
    with store.engine.begin() as connection:
        connection.execute(TABLE.delete())
        connection.execute(insert(TABLE), [{"id": 1, **values}])
        return dict(connection.execute(select(TABLE)).mappings().one())


@pytest.mark.parametrize("value", ["0", "0.01", "-0.01", "96.5", "12345678901234.56", "100", "-7"])
def test_a_decimal_comes_back_as_it_went_in(store: Store, value: str) -> None:
    assert put(store, exact=Decimal(value))["exact"] == Decimal(value)


def test_a_decimal_with_too_many_places_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="decimal places"):
        put(store, exact=Decimal("0.005"))


def test_decimals_are_summed_and_sorted_by_value(store: Store) -> None:
    numbers = [Decimal("9.5"), Decimal("10"), Decimal("-3.25"), Decimal("0.1")]
    with store.engine.begin() as connection:
        connection.execute(insert(TABLE), [{"id": i, "exact": n} for i, n in enumerate(numbers)])
        assert list(connection.scalars(select(TABLE.c.exact).order_by(TABLE.c.exact))) == sorted(numbers)
        assert connection.scalar(select(func.max(TABLE.c.exact))) == 10
        assert connection.scalar(select(func.sum(TABLE.c.exact))) == sum(numbers)


def test_a_moment_is_the_same_moment_whatever_its_zone(store: Store) -> None:
    chengdu = datetime(2026, 7, 1, 7, 30, 0, 5, timezone(timedelta(hours=8)))
    found = put(store, moment=chengdu)["moment"]
    assert found == chengdu
    assert found.tzinfo is UTC
    with store.engine.connect() as connection:
        assert connection.scalar(text("SELECT moment FROM sample")) == "2026-06-30T23:30:00.000005"


def test_moments_sort_by_time_also_on_the_whole_second(store: Store) -> None:
    start = datetime(2026, 7, 1, tzinfo=UTC)
    moments = [start + timedelta(microseconds=n) for n in (1_000_000, 0, 1, 999_999)]
    with store.engine.begin() as connection:
        connection.execute(insert(TABLE), [{"id": i, "moment": m} for i, m in enumerate(moments)])
        assert list(connection.scalars(select(TABLE.c.moment).order_by(TABLE.c.moment))) == sorted(moments)


def test_a_code_is_stored_short_and_read_as_its_member(store: Store) -> None:
    assert put(store, state=MonthState.PUBLIC)["state"] is MonthState.PUBLIC
    with pytest.raises(StatementError):
        put(store, state="nonsense")


def test_nothing_stays_nothing(store: Store) -> None:
    assert set(put(store).values()) == {1, None}


def test_a_plain_value_has_one_text(store: Store) -> None:
    value = {"乙": [1, "二", None, True], "甲": {"b": "1.10", "a": "𬭎"}}
    assert put(store, plain=value)["plain"] == value
    with store.engine.connect() as connection:
        said = connection.scalar(text("SELECT plain FROM sample"))
    assert said == '{"乙":[1,"二",null,true],"甲":{"a":"𬭎","b":"1.10"}}'
    assert canonical({"b": 1, "a": Decimal("1.10")}) == '{"a":"1.10","b":1}'
    assert canonical(date(2026, 7, 1)) == '"2026-07-01"'


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (TABLE.c.exact, Decimal("96.50")),
        (TABLE.c.moment, datetime(2026, 7, 1, 1, 2, 3, 4, UTC)),
        (TABLE.c.state, MonthState.LOCKED),
        (TABLE.c.exact, None),
        (TABLE.c.moment, None),
        (TABLE.c.state, None),
    ],
)
def test_what_the_journal_keeps_comes_back(column: Column, value: object) -> None:
    keep, give = to_stored(column.type), from_stored(column.type)
    assert keep is not None
    assert give is not None
    assert give(keep(value)) == value


def test_bytes_are_text_in_the_journal_and_bytes_for_the_driver() -> None:
    kind = LargeBinary()
    there, back = to_stored(kind), from_stored(kind)
    assert there is not None and back is not None and to_driver(kind) is None
    body = bytes(range(256))
    assert isinstance(there(body), str) and back(there(body)) == body
    assert there(None) is None and back(None) is None
