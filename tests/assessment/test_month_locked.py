"""Locked means locked: whatever is changed of a locked month behind the office's back is found, and
the month is named; if it is a sheet, the person too."""

from __future__ import annotations

import pytest

from db.tables import Base
from gridoffice import safekeeping
from gridoffice.assessment.locking import verify_month
from gridoffice.assessment.service import open_month
from gridoffice.cli.main import run
from gridoffice.demo.build import Built
from gridoffice.errors import NotFound
from gridoffice.office import Office
from tests.offices import PERIOD, Opening, sheets, tamper

WORDS = "2026年6月"


def columns(table: str) -> list[str]:
    return [column.name for column in Base.metadata.tables[table].columns]


def altered(table: str, column: str) -> str:
    """Another value that this column may hold."""
    special = {
        ("sheet", "person_id"): "999",
        ("sheet", "month_id"): "999",
        ("sheet", "post_id"): "post_id + 1",
        ("sheet", "employment"): "CASE employment WHEN 'full' THEN 'part' ELSE 'full' END",
        ("sheet", "inputs"): "'{\"visits\":1}'",
        ("sheet", "recorded"): "substr(recorded, 2)",
        ("sheet", "points"): "substr(points, 2)",
        ("sheet", "parts"): "'{}'",
        ("sheet", "trace"): "'{\"lines\":[]}'",
        ("sheet", "grade"): "'别的'",
        ("sheet", "id"): "id + 1000000",
        ("sheet", "id_number"): "'519921199003079999'",
        ("sheet", "seal"): "'" + "0" * 64 + "'",
        ("month", "state"): "'public'",
        ("month", "opened_on"): "'2020-01-01'",
        ("month", "computed_at"): "'2020-01-01T00:00:00.000000'",
        ("month", "locked_at"): "'2020-01-01T00:00:00.000000'",
        ("month", "locked_by"): "'别人'",
        ("month", "digest"): "'" + "0" * 64 + "'",
        ("month", "period"): "'1999-01'",
        ("month", "id"): "id + 1000000",
        ("month", "scheme_id"): "999",
        ("sheet", "grid_id"): "1",
        ("sheet", "department_id"): "1",
        ("sheet", "away"): "1",
        ("sheet", "away_kind"): "'sick'",
        ("sheet", "standing"): "'probation'",
        ("sheet", "standing_reason"): "'x'",
        ("sheet", "adjustment"): "10000",
        ("sheet", "granted"): "'优秀'",
        ("month", "edition"): "2",
        ("month", "target"): "'area'",
        ("sheet", "reasons"): '\'{"review":"x"}\'',
        ("month", "entered"): "'{}'",
        ("month", "due"): "'{}'",
        ("month", "pulled"): "'{}'",
        ("month", "submitted_by"): "'别人'",
        ("month", "reviewed_by"): "'别人'",
        ("month", "approved_by"): "NULL",
        ("month", "public_from"): "'2020-01-01'",
        ("month", "public_to"): "'2020-01-01'",
        ("month", "appeals_until"): "'2020-01-01'",
        ("month", "follows"): "1",
        ("month", "reason"): "'x'",
        ("scheme", "body"): "replace(body, '15', '14')",
        ("scheme", "id"): "id + 1000000",
    }
    if (table, column) in special:
        return special[table, column]
    kind = Base.metadata.tables[table].c[column].type.python_type
    return f"{column} + 1" if kind is int or column == "total" else f"{column} || 'x'"


CHANGES = [(table, column) for table in ("sheet", "month", "scheme") for column in columns(table)]


@pytest.mark.parametrize(("table", "column"), CHANGES)
def test_any_column_changed_is_found_and_named(
    locked_office: Office, table: str, column: str, office_at: Opening
) -> None:
    which = {"sheet": "id = 3", "month": "id = 1", "scheme": "id = 1"}[table]
    if (table, column) == ("scheme", "id"):
        # the month goes along, so that nothing else gives it away
        tamper(
            locked_office,
            "UPDATE scheme SET id = id + 1000000",
            "UPDATE month SET scheme_id = scheme_id + 1000000",
        )
    else:
        tamper(locked_office, f"UPDATE {table} SET {column} = {altered(table, column)} WHERE {which}")
    office = office_at(locked_office.store.address)
    found = safekeeping.verify(office).findings
    assert any(WORDS in said for said in found), found
    if table == "sheet" and column not in ("month_id", "name"):
        assert any(WORDS in said and "李䶮" in said for said in found), found


def test_every_column_is_tried(locked_office: Office) -> None:
    assert len(CHANGES) == sum(len(columns(table)) for table in ("sheet", "month", "scheme"))
    assert sheets(locked_office)[2]["name"] == "李䶮"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM sheet WHERE id = (SELECT max(id) FROM sheet)",
        "DELETE FROM sheet",
        "DELETE FROM month",
        "INSERT INTO sheet (id, person_id, {0}) SELECT 9999, 999, {0} FROM sheet WHERE id = 3",
    ],
)
def test_what_is_removed_or_added_is_named(locked_office: Office, statement: str) -> None:
    names = [column for column in columns("sheet") if column not in ("id", "person_id")]
    tamper(locked_office, statement.format(", ".join(names)))
    found = safekeeping.verify(locked_office).findings
    assert any(WORDS in said for said in found), found


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sheet SET recorded = substr(recorded, 9)",
        "UPDATE sheet SET recorded = NULL",
        "UPDATE sheet SET recorded = NULL, points = NULL",
        "UPDATE sheet SET points = substr(points, 2)",
        "UPDATE sheet SET inputs = '[]'",
        "UPDATE sheet SET inputs = '\"x\"'",
        'UPDATE sheet SET inputs = \'{"visits":"abc"}\'',
        "UPDATE sheet SET inputs = '{\"visits\":[1]}'",
        "UPDATE sheet SET inputs = '{'",
        "UPDATE sheet SET parts = '['",
        "UPDATE sheet SET trace = 'x'",
        "UPDATE month SET opened_on = '1900-01-01', digest = NULL",
        "UPDATE month SET locked_at = 'gestern'",
        "UPDATE scheme SET body = '{}'",
        "UPDATE scheme SET body = 'nonsense'",
        "UPDATE scheme SET body = '[1]'",
    ],
)
def test_what_cannot_even_be_read_is_a_finding_not_a_fault(
    locked_office: Office, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(locked_office, change)
    assert any(WORDS in said for said in safekeeping.verify(locked_office).findings)
    for command in (["verify"], ["assess", "verify", PERIOD]):
        assert run(["--database", locked_office.store.address, *command]) == 1
        said = capsys.readouterr()
        assert "故障编号" not in said.out + said.err
        assert WORDS in said.out


def test_an_untouched_month_is_proved(street_office: Office, demo_street: Built) -> None:
    found = safekeeping.verify(street_office)
    assert found.findings == () and any(one.startswith(demo_street.month) for one in found.locked_months)
    assert street_office.read(verify_month, demo_street.month) == []


def test_a_month_that_is_not_locked_proves_nothing(small_office: Office) -> None:
    with pytest.raises(NotFound, match="还没有开始"):
        small_office.read(verify_month, PERIOD)
    small_office.write(open_month, PERIOD)
    with pytest.raises(NotFound, match="还没有锁定"):
        small_office.read(verify_month, PERIOD)
