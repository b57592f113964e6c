"""A database of the first program comes to the present schema with every record, journal line and
locked month as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData, make_url, text

from db import migrate
from db.session import Store
from gridoffice.office import Office
from gridoffice.safekeeping import verify
from tests.offices import Copies, Opening


def schema_of(store: Store, revision: str) -> None:
    """The tables as a revision made them."""
    config = migrate._config()
    with store.engine.execution_options(office_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def rows_of(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the database itself gives it."""
    found = MetaData()
    with store.engine.connect() as connection:
        found.reflect(connection)
        return {
            table.name: [
                dict(row)
                for row in connection.execute(table.select().order_by(*table.primary_key.columns)).mappings()
            ]
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }


def as_first_left_it(source: Path, store: Store) -> None:
    """Fill a database of revision 0001 with what a present one holds, past every guard."""
    there = MetaData()
    with store.engine.connect() as connection:
        there.reflect(connection)
    tables = [table for table in there.sorted_tables if table.name != "alembic_version"]
    with closing(sqlite3.connect(source)) as here:
        here.row_factory = sqlite3.Row
        content = {
            table.name: [dict(row) for row in here.execute(f"SELECT * FROM {table.name}")] for table in tables
        }
    with store.engine.begin() as connection:
        if store.local:
            guards = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            ).all()
            for name, _ in guards:
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            guards = []
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in tables:
            connection.execute(table.delete())
            for row in content[table.name]:
                values = {name: row[name] for name in table.c.keys()}  # noqa: SIM118 - columns, not a dict
                marks = ", ".join(f":{name}" for name in values)
                if not store.local:
                    for name, column in table.c.items():
                        if column.type.python_type is bool:
                            values[name] = bool(values[name])
                names = ", ".join(f'"{name}"' for name in values)
                connection.execute(text(f"INSERT INTO {table.name} ({names}) VALUES ({marks})"), values)
        for _, said in guards:
            connection.exec_driver_sql(said)


@pytest.fixture
def first_office(locked_copies: Copies, new_database: Callable[[str], str]) -> str:
    """The address of an office with a locked month, as the first program kept it."""
    address = new_database("first")
    store = Store(make_url(address))
    schema_of(store, "0001")
    as_first_left_it(locked_copies.file, store)
    store.close()
    return address


def test_an_office_of_the_first_program_keeps_everything(first_office: str, office_at: Opening) -> None:
    store = Store(make_url(first_office))
    before = rows_of(store)
    assert migrate.current(store.engine) == "0001"
    assert before["month"][0]["state"] == "locked"
    assert len(before["action"]) > 10
    migrate.upgrade(store.engine)
    after = rows_of(store)
    store.close()
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[name]] if rows else after[name]
        assert kept == rows, name
    office: Office = office_at(first_office)
    assert verify(office).findings == ()
    assert verify(office).locked_months == ("2026-06",)


def test_its_grids_are_what_they_always_were_and_found_by_pinyin(first_office: str) -> None:
    from gridoffice.pinyin import place_keys

    store = Store(make_url(first_office))
    migrate.upgrade(store.engine)
    after = rows_of(store)
    store.close()
    assert {row["since"] for row in after["grid"]} == {None}
    assert [after[name] for name in ("grid_change", "grid_link", "grid_period", "grid_code")] == [[]] * 4
    for row in after["grid"]:
        whole, initials = place_keys(row["name"])
        assert row["search"] == f"{row['name']} {whole} {initials} {row['code']}".lower()
    assert "wutongshequ" in next(row["search"] for row in after["grid"] if row["name"] == "梧桐社区")


def test_an_organisations_grid_becomes_its_seat(database_url: str) -> None:
    """With its days; members, parents and the numbers that were given up stay as they are."""
    store = Store(make_url(database_url))
    schema_of(store, "0004")
    with store.engine.execution_options(office_writes=True).begin() as connection:
        for statement in (
            "INSERT INTO grid (id, version, code, name, kind, path, search) "
            "VALUES (7, 1, '519921001', '青禾街道', 'street', '0000007', '')",
            "INSERT INTO person (id, version, name, pinyin, search) VALUES (3, 1, '王𠮷𬭎', '', '')",
            "INSERT INTO party_org (id, version, name, kind, parent_id, grid_id, secretary, from_day, to_day) "
            "VALUES (5, 2, '街道党工委', 'committee', NULL, 7, '李䶮', '2020-01-01', '2026-05-31')",
            "INSERT INTO party_org (id, version, name, kind, parent_id) "
            "VALUES (4, 1, '机关支部', 'branch', 5), (9, 1, '撤销的支部', 'branch', NULL)",
            "INSERT INTO party_member (id, version, person_id, org_id, kind, flow) "
            "VALUES (2, 3, 3, 4, '01', 'normal')",
            "DELETE FROM party_org WHERE id = 9",
        ):
            connection.execute(text(statement))
    before = rows_of(store)
    migrate.upgrade(store.engine)
    after = rows_of(store)
    for name, rows in before.items():
        for old, new in zip(rows, after[name], strict=True):
            assert {column: new[column] for column in old.keys() - {"grid_id"}} == {
                column: old[column] for column in old.keys() - {"grid_id"}
            }
    (seat,) = after["org_seat"]
    assert (seat["org_id"], seat["grid_id"]) == (5, 7)
    assert (str(seat["from_day"]), str(seat["to_day"])) == ("2020-01-01", "2026-05-31")
    if store.local:
        with store.engine.connect() as connection:
            found = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'party_org'"))
            assert found.scalar() == 9
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    store.close()
