"""Every table of the office, attacked in raw SQL: rows of another unit, registers of packages, keys, turns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import errors

from db.enums import Right
from db.scoping import PLACING
from db.session import Store
from db.turns import TURNS, Turn, holder
from tests.server.conftest import LIUYIN, WUTONG, Served

PLACED = sorted(name for name, placing in PLACING.items() if not (placing.everybody or placing.closed))


@pytest.fixture(scope="module")
def packages(served: Served) -> Iterator[Served]:
    """Two communities that send packages, one of each unit, and the office above; put there past every rule."""
    with served.cluster.connect(served.database) as owner:
        for name, place in (
            ("梧桐", f"(SELECT id FROM grid WHERE code = '{WUTONG}')"),
            ("柳荫", f"(SELECT id FROM grid WHERE code = '{LIUYIN}')"),
            ("上级", "NULL"),
        ):
            owner.execute(
                f"INSERT INTO partner (version, name, sign_key, seal_key, confirmed, grid_id) "
                f"VALUES (1, '{name}', md5('{name}') || md5('{name}'), repeat('0', 64), true, {place})".encode()
            )
        owner.execute(
            "INSERT INTO package (version, way, partner_id, number, identity, made, whole, contents, settled) "
            "SELECT 1, 'received', id, 1, md5(name), now() AT TIME ZONE 'UTC', true, '{}', '{}' FROM partner"
        )
        owner.execute(
            "INSERT INTO setting (version, key, value) VALUES (1, 'package keys', '{\"locked\": \"x\"}')"
        )
    yield served
    with served.cluster.connect(served.database) as owner:
        for table in ("package", "partner", "setting"):
            owner.execute(
                f"DELETE FROM {table}{' WHERE key = %s' if table == 'setting' else ''}".encode(),
                ("package keys",) if table == "setting" else None,
            )


def ids(served: Served, account: str, table: str) -> set[int]:
    with served.opened(account) as connection:
        return {one for (one,) in connection.execute(f"SELECT id FROM public.{table}".encode())}


@pytest.mark.parametrize("table", PLACED)
def test_rows_of_another_unit_are_neither_read_nor_written(packages: Served, table: str) -> None:
    others = ids(packages, "wutong", table) - ids(packages, "liuyin", table)
    assert table not in ("person", "post", "grid", "sheet", "partner", "package") or others
    with packages.opened("liuyin") as connection:
        for deed in (
            f"UPDATE public.{table} SET version = version + 1",
            f"DELETE FROM public.{table}",
        ):
            try:
                with connection.transaction():
                    found = connection.execute(f"{deed} WHERE id = ANY(%s)".encode(), (list(others),))
                    assert found.rowcount == 0
            except errors.InsufficientPrivilege:
                assert Right.EDIT_PEOPLE not in PLACING[table].writes
        connection.rollback()


@pytest.mark.parametrize("table", PLACED)
def test_who_has_no_unit_finds_nothing(packages: Served, table: str) -> None:
    assert ids(packages, "nowhere", table) == set()


def test_packages_are_those_of_ones_own_unit_and_of_the_office_above(packages: Served) -> None:
    def named(account: str) -> set[str]:
        query = "SELECT name FROM partner JOIN package ON package.partner_id = partner.id"
        return {name for (name,) in packages.told(account, query)}

    assert named("wutong") == {"梧桐", "上级"}
    assert named("liuyin") == named("liuyin_reader") == {"柳荫", "上级"}
    assert named("clerk") == named("reader") == {"梧桐", "柳荫", "上级"}


@pytest.mark.parametrize(
    ("account", "deed"),
    [
        # a partner is registered, and its fingerprint confirmed, by who administers the office
        ("clerk", "UPDATE partner SET sign_key = repeat('f', 64), confirmed = true"),
        ("wutong", "DELETE FROM partner"),
        # a package that was taken in is not forgotten, to be taken in again
        ("liuyin_reader", "DELETE FROM package"),
        ("reader", "UPDATE package SET settled = '[]'"),
        ("leader", "DELETE FROM package"),
    ],
)
def test_registers_of_packages_are_kept_by_right(packages: Served, account: str, deed: str) -> None:
    with packages.opened(account) as connection:
        with pytest.raises(Exception, match="permission denied"):
            connection.execute(deed.encode())
        connection.rollback()


def test_keys_of_packages_are_told_to_who_sends_them(packages: Served) -> None:
    query = "SELECT 1 FROM setting WHERE key = 'package keys'"
    for account, told in (
        ("clerk", 1),
        ("administrator", 1),
        ("reader", 0),
        ("self", 0),
        ("liuyin_reader", 0),
    ):
        assert len(packages.told(account, query)) == told
    with packages.opened("clerk") as connection:
        written = connection.execute("UPDATE setting SET value = '{}' WHERE key = 'package keys'")
        assert written.rowcount == 0
        connection.rollback()


def test_whoever_holds_a_turn_by_hand_is_named(served: Served) -> None:
    """No server keeps a login from an advisory lock: it is told whose it is, and goes with its connection."""
    store = Store(served.url("clerk"))
    with store.engine.connect() as other:
        with served.psql("wutong") as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (TURNS, 99))
            assert holder(other) is None  # no turn of ours
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (TURNS, Turn.IMPORT.number))
            held = holder(other)
            assert held is not None and (held.turn, held.who) == (Turn.IMPORT, "wutong")
            connection.rollback()
        assert holder(other) is None
    store.close()
