"""Databases of earlier programs come to the present schema with every record, journal line and locked
month as it was. Those in `earlier` were written by these programs themselves: the small office of the
tests with June locked, July computed, one of its values changed since and one sheet taken out."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData, make_url, text

from db import migrate
from db.enums import MonthState
from db.session import Store
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.month import kept_points, raw_values
from gridoffice.assessment.results import sheet_trace
from gridoffice.assessment.service import compute, move_month
from gridoffice.errors import Conflict
from gridoffice.history import journal, undo
from gridoffice.office import Office
from gridoffice.safekeeping import verify
from tests.offices import JOURNAL, Opening, scheme, sheets, stepping, tamper


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


def fill_as_it_was(source: Path, store: Store) -> None:
    """Fill the tables of a revision with what a file of that revision holds, past every guard."""
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


EARLIER = ("0001", "0004")


@pytest.fixture(params=EARLIER)
def earlier_office(request: pytest.FixtureRequest, new_database: Callable[[str], str], tmp_path: Path) -> str:
    """The address of an office as an earlier program left it."""
    return earlier(request.param, new_database, tmp_path)


def earlier(revision: str, new_database: Callable[[str], str], folder: Path) -> str:
    file = folder / f"{revision}.db"
    file.write_bytes(gzip.decompress((Path(__file__).parent / "earlier" / f"{revision}.db.gz").read_bytes()))
    address = new_database("earlier")
    store = Store(make_url(address))
    schema_of(store, revision)
    fill_as_it_was(file, store)
    assert migrate.current(store.engine) == revision
    store.close()
    return address


def upgraded(address: str, office_at: Opening) -> Office:
    store = Store(make_url(address))
    migrate.upgrade(store.engine)
    store.close()
    return office_at(address)


GIVEN_UP = {"party_org": {"grid_id"}}
"""Columns that a later revision keeps elsewhere."""


def test_an_office_of_an_earlier_program_keeps_everything(earlier_office: str, office_at: Opening) -> None:
    store = Store(make_url(earlier_office))
    before = rows_of(store)
    assert [month["state"] for month in before["month"]] == ["locked", "collecting"]
    assert len(before["action"]) > 30
    migrate.upgrade(store.engine)
    after = rows_of(store)
    store.close()
    locked = {row["id"] for row in before["sheet"] if row["month_id"] == before["month"][0]["id"]}
    assert locked
    for name, rows in before.items():
        gone = GIVEN_UP.get(name, set())
        if name == "journal_head":
            continue
        there = after[name][: len(rows)] if name in ("action", "action_part") else after[name]
        assert len(there) == len(rows), name
        for old, new in zip(rows, there, strict=True):
            if name == "sheet" and old["id"] not in locked:
                gone = {"inputs", "parts"}
            assert {c: new[c] for c in old.keys() - gone} == {c: old[c] for c in old.keys() - gone}, name
    office = office_at(earlier_office)
    assert verify(office).findings == ()
    assert verify(office).locked_months == ("2026-06",)
    assert office.read(journal)[0].title == "资料库升级到新版本"


def test_an_open_month_goes_on_where_it_was(earlier_office: str, office_at: Opening) -> None:
    store = Store(make_url(earlier_office))
    before = {row["id"]: row for row in rows_of(store)["sheet"]}
    migrate.upgrade(store.engine)
    store.close()
    office = office_at(earlier_office)
    for period in ("2026-06", "2026-07"):
        rules = scheme(office, period)
        for sheet in sheets(office, period):
            old = before[sheet["id"]]
            raw = raw_values(rules, sheet)
            assert {key: plain_text(value) for key, value in raw.items()} == {
                key: plain_text(value) for key, value in json.loads(old["inputs"]).items()
            }
            points = {key: str(value) for key, value in kept_points(rules, sheet).items()}
            assert points == json.loads(old["parts"])
    changed = sheets(office, "2026-07")[0]
    assert raw_values(scheme(office, "2026-07"), changed)["visits"] == Decimal("88.5")
    trace = office.read(sheet_trace, sheets(office, "2026-06")[0]["id"])
    assert trace == json.loads(before[sheets(office, "2026-06")[0]["id"]]["trace"])
    office.write(compute, "2026-07")
    for step in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC):
        stepping(office, step).write(move_month, "2026-07", step)
    stepping(office, MonthState.LOCKED).write(lock_month, "2026-07")
    assert verify(office).findings == ()
    assert verify(office).locked_months == ("2026-06", "2026-07")


def plain_text(value: Any) -> str:
    return str(value) if isinstance(value, bool) else format(Decimal(str(value)).normalize(), "f")


def test_what_was_done_before_an_upgrade_is_taken_back_where_it_still_fits(
    earlier_office: str, office_at: Opening
) -> None:
    """A sheet that was taken out comes back; one whose value was changed has been written anew since,
    and is kept and named."""
    office = upgraded(earlier_office, office_at)
    out, typed = (
        next(line.id for line in office.read(journal) if words in line.title)
        for words in ("不参加 2026年7月考核", "的 2026年7月考核数据")
    )
    people = len(sheets(office, "2026-07"))
    with pytest.raises(Conflict, match="后来又改过"):
        office.write(undo, typed)
    changed = sheets(office, "2026-07")[0]
    assert raw_values(scheme(office, "2026-07"), changed)["visits"] == Decimal("88.5")
    office.write(undo, out)
    assert len(sheets(office, "2026-07")) == people + 1
    assert verify(office).findings == ()
    office.write(compute, "2026-07")


def test_what_was_altered_before_an_upgrade_is_given_away_after_it(
    earlier_office: str, office_at: Opening
) -> None:
    store = Store(make_url(earlier_office))
    with store.engine.execution_options(office_writes=True).begin() as connection:
        connection.execute(
            text(
                "UPDATE sheet SET total = total + 100 WHERE id = "
                "(SELECT min(sheet.id) FROM sheet JOIN month ON month.id = month_id WHERE period = '2026-07')"
            )
        )
    store.close()
    office = upgraded(earlier_office, office_at)
    (found,) = verify(office).findings
    assert "考核表" in found and "被绕过本程序改动过" in found


def test_an_organisations_grid_of_an_earlier_program_is_its_seat(
    new_database: Callable[[str], str], tmp_path: Path, office_at: Opening
) -> None:
    office = upgraded(earlier("0004", new_database, tmp_path), office_at)
    seats = office.read(
        lambda session: session.execute(
            text(
                "SELECT party_org.name, grid.name FROM org_seat JOIN party_org ON party_org.id = org_id "
                "JOIN grid ON grid.id = grid_id ORDER BY org_id"
            )
        ).all()
    )
    assert [tuple(one) for one in seats] == [("青禾街道党工委", "青禾街道"), ("梧桐社区党委", "梧桐社区")]


def test_its_grids_are_what_they_always_were_and_found_by_pinyin(earlier_office: str) -> None:
    from gridoffice.pinyin import place_keys

    store = Store(make_url(earlier_office))
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
        for old, new in () if name in JOURNAL else zip(rows, after[name], strict=True):
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


def test_a_month_locked_before_marks_had_reasons_stays_as_it_was_sealed(
    new_database: Callable[[str], str], tmp_path: Path, office_at: Opening
) -> None:
    """Sealed without the column that came after it, and one with a reason beside it now."""
    office = upgraded(earlier("0011", new_database, tmp_path), office_at)
    assert {row["reasons"] for period in ("2026-06", "2026-07") for row in sheets(office, period)} == {None}
    assert (verify(office).findings, verify(office).locked_months) == ((), ("2026-06",))
    change = 'UPDATE sheet SET reasons = \'{"review":"x"}\' WHERE id = 3'
    tamper(office, change)
    name = next(row["name"] for row in sheets(office, "2026-06") if row["id"] == 3)
    assert any(f"“{name}”的考核表被改动过" in one for one in verify(office_at(office.store.address)).findings)
