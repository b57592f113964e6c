"""The journal's chain and the database's guards: whoever changes the past is found out or refused."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.enums import Right
from gridoffice import safekeeping
from gridoffice.errors import Locked
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.service import service
from tests.offices import grid_id, journal_lines, tamper


def findings(office: Office) -> tuple[str, ...]:
    return safekeeping.verify(office).findings


def chain(office: Office) -> str:
    """What verify says of the journal, in one text."""
    return "\n".join(findings(office))


def test_an_untouched_office_is_clean(small_office: Office) -> None:
    found = safekeeping.verify(small_office)
    assert found.findings == ()
    assert found.actions == journal_lines(small_office)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "'别的事'"),
        ("who", "'别人'"),
        ("at", "'2020-01-01T00:00:00.000000'"),
        ("terminal", "'别处'"),
        ("deed", "'note'"),
        ("service", "'x.y'"),
        ("target", "1"),
        ("undoable", "NOT undoable"),
        ("detail", "'[1]'"),
        ("previous", "'" + "f" * 64 + "'"),
        ("digest", "'" + "f" * 64 + "'"),
    ],
)
def test_an_altered_line_is_named(small_office: Office, column: str, value: str) -> None:
    tamper(small_office, f"UPDATE action SET {column} = {value} WHERE id = 5")
    assert "第 5 条" in chain(small_office)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE action_part SET count = count + 1 WHERE action_id = 5",
        "UPDATE action_part SET of_table = 'person' WHERE action_id = 5",
        "UPDATE action_part SET number = 9 WHERE action_id = 5",
        "UPDATE action_part SET body = (SELECT body FROM action_part WHERE action_id = 6) WHERE action_id = 5",
        "DELETE FROM action_part WHERE action_id = 5",
        "UPDATE action_part SET action_id = 1, number = 9 WHERE action_id = 5 AND number = 1",
    ],
)
def test_an_altered_part_is_named_by_its_line(small_office: Office, change: str) -> None:
    tamper(small_office, change)
    assert "第 5 条" in chain(small_office)


def test_a_part_that_cannot_be_read_is_named(small_office: Office) -> None:
    body = "x'00'" if small_office.store.local else r"'\x00'::bytea"
    tamper(small_office, f"UPDATE action_part SET body = {body} WHERE action_id = 5")
    assert "第 5 条" in chain(small_office)


@pytest.mark.parametrize(
    ("lines", "said"),
    [("id = 5", "缺了第 5 条"), ("id IN (5, 6, 7)", "缺了第 5 至 7 条"), ("id = 1", "缺了第 1 条")],
)
def test_removed_lines_are_named(small_office: Office, lines: str, said: str) -> None:
    of_parts = f"DELETE FROM action_part WHERE {lines.replace('id', 'action_id')}"
    tamper(small_office, of_parts, f"DELETE FROM action WHERE {lines}")
    assert said in chain(small_office)


def test_removed_last_lines_are_named(small_office: Office) -> None:
    last = journal_lines(small_office)
    tamper(
        small_office,
        f"DELETE FROM action_part WHERE action_id > {last - 2}",
        f"DELETE FROM action WHERE id > {last - 2}",
    )
    assert f"缺了最后的第 {last - 1} 至 {last} 条" in chain(small_office)


@pytest.mark.parametrize("change", ["count = count - 1", "count = count + 1", "digest = '" + "0" * 64 + "'"])
def test_an_altered_end_is_found(small_office: Office, change: str) -> None:
    tamper(small_office, f"UPDATE journal_head SET {change}")
    assert findings(small_office) != ()


def test_a_removed_end_is_found(small_office: Office) -> None:
    tamper(small_office, "DELETE FROM journal_head")
    assert "末尾标记不见了" in chain(small_office)


def test_a_line_smuggled_in_is_found(small_office: Office) -> None:
    last = journal_lines(small_office)
    columns = "at, who, terminal, deed, title, service, target, undoable, detail, previous, digest"
    tamper(
        small_office,
        f"INSERT INTO action (id, {columns}) SELECT {last + 1}, {columns} FROM action WHERE id = {last}",
    )
    assert findings(small_office) != ()


# what the journal last said of each record is what stands there


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE person SET phone = '13999999999' WHERE name = '李䶮'", "李䶮"),
        ("UPDATE grid SET extent = '别处' WHERE code = '519921001001002'", "第二网格"),
        ("UPDATE post SET contract_end = '2030-01-01' WHERE person_id = 2", "李䶮"),
        ("UPDATE account SET role = 'administrator' WHERE name = 'reader'", "reader"),
        ("UPDATE setting SET value = '\"别的\"' WHERE key = 'name'", "name"),
        ("DELETE FROM post WHERE person_id = 2", "任职"),
    ],
)
def test_a_record_changed_behind_the_journal_is_named(small_office: Office, change: str, named: str) -> None:
    tamper(small_office, change)
    assert named in chain(small_office)


def test_a_record_that_came_from_nowhere_is_named(small_office: Office) -> None:
    tamper(
        small_office,
        "INSERT INTO person (id, version, name, pinyin, search) VALUES (999, 1, '凭空', 'x', 'x')",
    )
    assert "凭空" in chain(small_office)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE person SET search = 'nobody' WHERE name = '李䶮'",
        "UPDATE person SET pinyin = 'aaa' WHERE name = '李䶮'",
        "UPDATE grid SET path = '0000100009' WHERE code = '519921001002'",
        "UPDATE post SET grid_path = '00001' WHERE person_id = 2",
    ],
)
def test_what_follows_from_a_record_is_proved_too(small_office: Office, change: str) -> None:
    tamper(small_office, change)
    assert findings(small_office) != ()


def test_the_guards_themselves_are_missed(small_office: Office) -> None:
    with small_office.store.engine.execution_options(office_writes=True).begin() as connection:
        if small_office.store.local:
            connection.execute(text("DROP TRIGGER sheet_into_locked"))
        else:
            connection.execute(text("ALTER TABLE sheet DISABLE TRIGGER sheet_locked_update"))
    assert chain(small_office) == "资料库里保护sheet的锁不见了。"


# The guards


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE action SET title = 'x' WHERE id = 3",
        "DELETE FROM action WHERE id = 3",
        "UPDATE action_part SET count = 0 WHERE action_id = 3",
        "DELETE FROM action_part WHERE action_id = 3",
        "DELETE FROM journal_head",
    ],
)
def test_the_database_itself_keeps_the_journal(small_office: Office, statement: str) -> None:
    with (
        pytest.raises(DBAPIError, match="append-only"),
        small_office.store.engine.execution_options(office_writes=True).begin() as connection,
    ):
        connection.execute(text(statement))
    assert findings(small_office) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sheet SET total = total + 1 WHERE id = (SELECT min(id) FROM sheet)",
        "DELETE FROM sheet WHERE id = (SELECT min(id) FROM sheet)",
        "UPDATE sheet SET month_id = (SELECT min(id) FROM month) WHERE id = (SELECT max(id) FROM sheet)",
        "INSERT INTO sheet SELECT * FROM sheet WHERE id = (SELECT min(id) FROM sheet)",
        "UPDATE month SET state = 'public'",
        "UPDATE month SET digest = NULL",
        "DELETE FROM month",
        "UPDATE scheme SET body = '{}'",
        "DELETE FROM scheme",
    ],
)
def test_the_database_itself_keeps_a_locked_month(street_office: Office, statement: str) -> None:
    with (
        pytest.raises(DBAPIError, match="locked month"),
        street_office.store.engine.execution_options(office_writes=True).begin() as connection,
    ):
        connection.execute(text(statement))


def test_a_refusal_of_the_database_is_a_sentence(street_office: Office) -> None:
    @service("试改", needs=Right.READ)
    def change(session: Session) -> None:
        session.execute(text("UPDATE sheet SET grade = '优秀'"))

    with pytest.raises(Locked, match="已锁定，不能再改"):
        street_office.write(change)
    street_office.write(save_grid, grid_id(street_office, "519921001"), {"population": 1})
