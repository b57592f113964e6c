"""What a clerk cannot do with his own password and any program that speaks to PostgreSQL."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg import errors

from db.enums import Sex
from db.scoping import PLACING
from db.types import canonical
from gridoffice.history import undo
from gridoffice.office import Office
from gridoffice.people.duplicates import duplicates
from gridoffice.serving.openings import openings
from gridoffice.workers.service import save_worker
from tests.offices import number, worker
from tests.server.conftest import LIUYIN, WUTONG, Served

BUSINESS = sorted(
    table for table, placing in PLACING.items() if not placing.closed and table not in ("setting",)
)


def refused(served: Served, account: str, *statements: str, why: type[Exception] | str) -> None:
    """The statements, of which the last is refused."""
    with served.opened(account) as connection:
        for statement in statements[:-1]:
            connection.execute(statement.encode())
        kind, words = (psycopg.Error, why) if isinstance(why, str) else (why, None)
        with pytest.raises(kind, match=words):
            connection.execute(statements[-1].encode())
            connection.commit()
        connection.rollback()


def untouched(served: Served, account: str, statement: str) -> None:
    """A statement that finds nothing to change."""
    with served.opened(account) as connection:
        assert connection.execute(statement.encode()).rowcount == 0
        connection.rollback()


NOT_ALLOWED = errors.InsufficientPrivilege
CLOSED = "whole numbers are closed|permission denied"


# Other units' rows


def names(served: Served, account: str) -> set[str]:
    return {name for (name,) in served.told(account, "SELECT name FROM person")}


def test_each_sees_the_people_of_his_own_scope(served: Served) -> None:
    wutong = {"王𠮷𬭎", "李䶮", "阿依古丽·买买提", "单晓琴", "赵𫍯"}
    assert names(served, "wutong") == wutong
    assert names(served, "liuyin") == names(served, "liuyin_reader") == {"张三"}
    assert names(served, "only_wutong") == {"赵𫍯"}
    assert names(served, "two_grids") == {"单晓琴", "张三"}
    assert names(served, "self") == {"单晓琴"}
    assert names(served, "nowhere") == set()
    assert names(served, "clerk") == names(served, "reader") == wutong | {"张三"}


def test_a_scope_is_the_same_in_posts_sheets_and_grids(served: Served) -> None:
    for table, column in (("post", "grid_path"), ("sheet", "grid_path"), ("grid", "path")):
        every = {row for (row,) in served.told("clerk", f"SELECT {column} FROM {table}")}
        top = served.told("clerk", f"SELECT path FROM grid WHERE code = '{WUTONG}'")[0][0]
        above = {top[:5]} if table == "grid" else set()
        seen = {row for (row,) in served.told("wutong", f"SELECT {column} FROM {table}")}
        assert seen == {path for path in every if path.startswith(top)} | above
        assert seen < every


def test_names_above_a_scope_are_read_but_not_changed(served: Served) -> None:
    assert served.told("wutong", "SELECT name FROM grid WHERE code = '519921001'") == [("青禾街道",)]
    untouched(served, "wutong", "UPDATE grid SET name = 'x' WHERE code = '519921001'")
    assert served.told("wutong", f"SELECT name FROM grid WHERE code = '{LIUYIN}'") == []


@pytest.mark.parametrize("table", ["person", "post", "grid"])
def test_rows_of_another_unit_are_not_there_to_change(served: Served, table: str) -> None:
    ((total,),) = served.told("clerk", f"SELECT count(*) FROM {table}")
    with served.opened("wutong") as connection:
        assert 0 < connection.execute(f"UPDATE {table} SET note = 'x'".encode()).rowcount < total
        connection.rollback()
    untouched(served, "nowhere", f"UPDATE {table} SET note = 'x'")
    untouched(served, "nowhere", f"DELETE FROM {table}")


def test_nothing_is_put_into_another_unit(served: Served) -> None:
    ((grid, path),) = served.told("clerk", f"SELECT id, path FROM grid WHERE code = '{LIUYIN}001'")
    ((own, own_path),) = served.told("wutong", f"SELECT id, path FROM grid WHERE code = '{WUTONG}001'")
    ((person,),) = served.told("wutong", "SELECT id FROM person WHERE name = '李䶮'")
    post = (
        "INSERT INTO post (version, person_id, grid_id, grid_path, title, employment, concurrent) "
        f"VALUES (1, {person}, {{}}, '{{}}', '微网格员', 'full', false)"
    )
    policy = "row-level security"
    refused(served, "wutong", post.format(grid, path), why=policy)
    refused(served, "wutong", post.format(grid, own_path), why=policy)
    refused(served, "wutong", post.format(own, path), why=policy)
    refused(served, "wutong", f"UPDATE post SET grid_id = {grid}, grid_path = '{path}'", why=policy)
    refused(served, "wutong", f"UPDATE post SET grid_id = {grid}", why=policy)
    child = (
        "INSERT INTO grid (version, code, name, kind, parent_id, path) "
        "VALUES (1, 'x', 'x', '微网格', {}, '{}')"
    )
    refused(served, "wutong", child.format(grid, path + "zzzzz"), why=policy)
    refused(served, "wutong", child.format(grid, own_path + "zzzzz"), why=policy)
    refused(served, "wutong", f"UPDATE grid SET path = '{path}zzzzz' WHERE id = {own}", why=policy)
    resource = "INSERT INTO resource (version, grid_id, kind, name) VALUES (1, {}, 'place', 'x')"
    refused(served, "wutong", resource.format(grid), why=policy)


def test_certificates_and_training_follow_the_person(served: Served) -> None:
    ((other,),) = served.told("clerk", "SELECT max(id) FROM person WHERE name = '张三'")
    certificate = f"INSERT INTO certificate (version, person_id, certificate) VALUES (1, {other}, 'x')"
    refused(served, "wutong", certificate, why="row-level security")
    attended = (
        "WITH held AS (INSERT INTO training (version, name, day) VALUES (1, 'x', '2026-01-05') RETURNING id) "
        f"INSERT INTO attendance (version, training_id, person_id, presence) "
        f"SELECT 1, id, {other}, 'present' FROM held"
    )
    refused(served, "wutong", attended, why="row-level security")


def test_a_condition_that_tells_tales_sees_only_rows_in_scope(served: Served) -> None:
    """The classic way round a view: a condition that fails on, and so tells of, rows it should not see."""
    with served.psql("wutong") as connection:
        found = connection.execute(
            "SELECT name FROM person WHERE 1 / (CASE name WHEN '张三' THEN 0 ELSE 1 END) = 1"
        )
        assert len(found.fetchall()) == 5
        with pytest.raises(NOT_ALLOWED):
            connection.execute(
                "CREATE FUNCTION told(text) RETURNS bool LANGUAGE sql AS 'SELECT true' COST 0.0001"
            )
    assert served.told("wutong", "SELECT * FROM pg_stats WHERE tablename = 'person'") == []


def test_row_security_cannot_be_switched_off(served: Served) -> None:
    refused(served, "wutong", "SET row_security = off", "SELECT * FROM person", why=NOT_ALLOWED)
    refused(served, "wutong", "ALTER TABLE person DISABLE ROW LEVEL SECURITY", why=NOT_ALLOWED)
    refused(served, "wutong", "DROP POLICY gridoffice_seen ON person", why=NOT_ALLOWED)


@pytest.mark.parametrize("table", BUSINESS)
def test_a_reader_writes_nothing(served: Served, table: str) -> None:
    refused(served, "reader", f"DELETE FROM public.{table}", why=CLOSED)
    refused(served, "reader", f"UPDATE public.{table} SET version = 9", why=CLOSED)
    refused(served, "reader", f"INSERT INTO public.{table} DEFAULT VALUES", why=CLOSED)
    refused(served, "clerk", f"TRUNCATE public.{table} CASCADE", why=NOT_ALLOWED)


def test_settings_are_changed_by_right(served: Served) -> None:
    untouched(
        served, "clerk", "UPDATE setting SET value = '\"x\"' WHERE key IN ('name', 'model', 'security')"
    )
    untouched(served, "reader", "DELETE FROM setting WHERE key <> 'answers'")
    refused(
        served,
        "clerk",
        "INSERT INTO setting (version, key, value) VALUES (1, 'schemes', '{}')",
        why="row-level security",
    )


# Whole numbers


PLAIN = r"\d{7,}"


@pytest.mark.parametrize("account", ["clerk", "wutong", "administrator", "leader", "reader"])
def test_whole_numbers_are_not_told_to_who_looks(served: Served, account: str) -> None:
    for table, columns in (
        ("person", "id_number, phone, search, address"),
        ("sheet", "id_number"),
        ("household", "phone, address"),
    ):
        rows = served.told(account, f"SELECT {columns} FROM {table}")
        assert not any(re.search(PLAIN, str(value)) for row in rows for value in row)
        refused(served, account, "ROLLBACK", f"SELECT {columns} FROM public.{table}", why=CLOSED)
    assert ("519***********" + number(11)[-4:],) in served.told("clerk", "SELECT id_number FROM person")
    assert ("138****0011",) in served.told("clerk", "SELECT phone FROM person")


def test_a_number_is_not_found_by_guessing(served: Served) -> None:
    """A search that may look in whole numbers would tell them digit by digit."""
    whole = number(12, Sex.FEMALE)
    for guess in (whole, whole[:8], whole[5:12]):
        assert served.told("clerk", f"SELECT name FROM person WHERE search LIKE '%{guess.lower()}%'") == []
        assert served.told("clerk", f"SELECT name FROM person WHERE id_number LIKE '%{guess}%'") == []
    assert served.told("clerk", f"SELECT name FROM person WHERE search LIKE '%{whole[-4:].lower()}%'") != []


def test_who_may_see_whole_numbers_says_why(served: Served) -> None:
    ticket = served.announced("wutong", "核对")
    with served.psql("wutong") as connection:
        assert connection.execute("SELECT gridoffice.whole_numbers(%s)", (ticket,)).fetchone() == (True,)
        found = connection.execute("SELECT id_number FROM person").fetchall()
        assert (number(11),) in found and len(found) == 5
        connection.rollback()
        # it is over with the transaction
        with pytest.raises(psycopg.Error, match=CLOSED):
            connection.execute("SELECT count(*) FROM public.person")
    noted = "SELECT who, why FROM gridoffice.opening"
    assert ("wutong", "核对") in served.told("wutong", noted)
    assert served.told("liuyin", f"{noted} WHERE who = 'wutong'") == []


def test_nothing_opens_before_the_note_of_it_is_kept(served: Served) -> None:
    """Looked at and rolled back, nobody would know."""
    look = "SELECT gridoffice.whole_numbers(%s)"
    with served.psql("wutong") as connection:
        (ticket,) = connection.execute("SELECT gridoffice.announce('x')").fetchone() or ("",)
        with pytest.raises(psycopg.Error, match="does not count"):
            connection.execute(look, (ticket,))
        connection.rollback()
        with pytest.raises(psycopg.Error, match="does not count"):
            connection.execute(look, (ticket,))  # the note is gone
        connection.rollback()
        # kept as a whole, but not the note
        connection.execute("SAVEPOINT before")
        (ticket,) = connection.execute("SELECT gridoffice.announce('x')").fetchone() or ("",)
        connection.execute("ROLLBACK TO before")
        connection.commit()
        with pytest.raises(psycopg.Error, match="does not count"):
            connection.execute(look, (ticket,))
        connection.rollback()
        for statement in ("SELECT gridoffice.announce(' ')", "SELECT gridoffice.whole_numbers('1 2 3 x')"):
            with pytest.raises(psycopg.Error, match=r"no reason|no such ticket"):
                connection.execute(statement.encode())
            connection.rollback()


def test_a_ticket_is_ones_own_and_soon_over(served: Served) -> None:
    ticket = served.announced("clerk") or ""
    first, transaction, at, seal = ticket.split()
    later = f"{first} {transaction} {int(at) + 9} {seal}"
    for account, shown in (("wutong", ticket), ("clerk", later), ("clerk", ""), ("clerk", ticket[:-1])):
        with served.psql(account) as connection, pytest.raises(psycopg.Error, match="no such ticket"):
            connection.execute("SELECT gridoffice.whole_numbers(%s)", (shown,))
    for account in ("wutong", "administrator"):
        refused(served, account, "SELECT * FROM gridoffice.seal", why=NOT_ALLOWED)
        refused(served, account, "DELETE FROM gridoffice.opening", why=NOT_ALLOWED)
        refused(served, account, "UPDATE gridoffice.opening SET why = 'x'", why=NOT_ALLOWED)
        refused(
            served,
            account,
            "INSERT INTO gridoffice.opening (at, who, terminal, why) VALUES (now(), 'x', 'x', 'x')",
            why=NOT_ALLOWED,
        )


def test_a_line_of_the_journal_takes_the_place_of_the_note(
    served: Served, served_at: Callable[[str], Office]
) -> None:
    """A write opens whole numbers too: when nothing comes of it, the note stays."""
    clerk = served_at("clerk")
    count = "SELECT count(*) FROM gridoffice.opening WHERE who = 'clerk'"
    ((before,),) = served.told("clerk", count)
    post = worker(clerk, "李䶮").id
    done = clerk.write(save_worker, post, {"note": "周二值班"})
    assert done.action is not None and served.told("clerk", count) == [(before,)]
    clerk.write(undo, done.action)
    assert clerk.write(save_worker, post, {}).action is None
    assert served.told("clerk", count) == [(before + 1,)]


def test_who_looks_again_for_the_same_reason_is_noted_once(
    served: Served, served_at: Callable[[str], Office]
) -> None:
    clerk = served_at("clerk")
    count = "SELECT count(*) FROM gridoffice.opening WHERE why = '查重'"
    ((before,),) = served.told("clerk", count)
    for _ in range(3):
        clerk.read(duplicates)
    assert served.told("clerk", count) == [(before + 1,)]
    assert (clerk.read(openings)[0].who, clerk.read(openings)[0].why) == ("clerk", "查重")
    assert served_at("liuyin").read(openings) == []


def test_who_may_not_see_whole_numbers_opens_nothing(served: Served) -> None:
    assert served.announced("reader") is None
    with served.psql("reader") as connection:
        for ticket in (None, served.announced("clerk")):
            shown = connection.execute("SELECT gridoffice.whole_numbers(%s)", (ticket,)).fetchone()
            assert shown == (False,)
        with pytest.raises(psycopg.Error, match=CLOSED):
            connection.execute("SELECT count(*) FROM public.person")
    refused(served, "reader", "UPDATE gridoffice.written SET opened = true", why=NOT_ALLOWED)
    refused(
        served,
        "clerk",
        "CREATE OR REPLACE VIEW seen_whole.person AS SELECT 1",
        why="must be owner|permission denied",
    )


# The journal


def line(served: Served, account: str, parts: Sequence[tuple[str, int, bytes]] = (), **said: object) -> str:
    """The statement that puts a line into the journal, rightly sealed unless it says otherwise, with parts that
    are written after it."""
    ((count, digest),) = served.told("clerk", "SELECT count, digest FROM journal_head")
    facts: dict[str, object] = {
        "id": count + 1,
        "at": f"{datetime.now(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}",
        "who": account,
        "terminal": "x",
        "deed": "note",
        "title": '引号"和\\反斜杠\n换行',
        "service": "x",
        "target": None,
        "undoable": False,
        "detail": None,
        "previous": digest,
        **said,
    }
    hung = [
        [n, table, count, hashlib.sha256(body).hexdigest()] for n, (table, count, body) in enumerate(parts, 1)
    ]
    sealed = [*facts.values(), hung]
    sealed[1] = f"{facts['at']}+00:00"
    facts.setdefault("digest", hashlib.sha256(canonical(sealed).encode()).hexdigest())
    values = ", ".join(
        "NULL" if value is None else str(value) if isinstance(value, (bool, int)) else _text(str(value))
        for value in facts.values()
    )
    return f"INSERT INTO action ({', '.join(facts)}) VALUES ({values})"


def _text(said: str) -> str:
    return "'" + said.replace("'", "''") + "'"


def test_a_right_line_is_taken(served: Served) -> None:
    """What the refusals below are measured against. Not kept."""
    with served.psql("clerk") as connection:
        connection.execute(line(served, "clerk").encode())
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.rollback()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"who": "administrator"}, "row-level security|somebody else"),
        ({"at": "2026-01-01T00:00:00.000000"}, "another time"),
        ({"previous": "0" * 64}, "out of its place"),
        ({"id": 9999}, "out of its place"),
        ({"digest": "0" * 64}, "wrong seal"),
    ],
)
def test_a_line_that_lies_is_refused(served: Served, said: dict[str, Any], why: str) -> None:
    refused(served, "clerk", line(served, "clerk", **said), why=why)


def test_the_journal_is_not_changed(served: Served) -> None:
    for table in ("action", "action_part"):
        refused(
            served,
            "administrator",
            f"UPDATE {table} SET {'title' if table == 'action' else 'body'} = ''",
            why=NOT_ALLOWED,
        )
        refused(served, "administrator", f"DELETE FROM {table}", why=NOT_ALLOWED)
        refused(served, "administrator", f"TRUNCATE {table} CASCADE", why=NOT_ALLOWED)
    refused(served, "administrator", "UPDATE journal_head SET count = 0", why=NOT_ALLOWED)
    refused(served, "administrator", "UPDATE journal_head SET id = 2", why="append-only")
    refused(served, "administrator", "DELETE FROM journal_head", why=NOT_ALLOWED)
    refused(served, "administrator", "ALTER TABLE action DISABLE TRIGGER ALL", why=NOT_ALLOWED)
    refused(served, "administrator", "SET session_replication_role = replica", why=NOT_ALLOWED)


def test_nothing_is_added_to_an_old_line(served: Served) -> None:
    ((own,),) = served.told("administrator", "SELECT min(id) FROM action WHERE who = 'reviewer'")
    part = f"INSERT INTO action_part VALUES ({own}, 99, 'person', 1, 'x')"
    refused(served, "reviewer", part, why="append-only")
    refused(served, "clerk", part, why="row-level security|append-only")


def test_a_line_says_what_hangs_on_it(served: Served) -> None:
    """The seal covers the parts: one more than was sealed is found when the transaction ends."""
    said = line(served, "clerk")
    ((count,),) = served.told("clerk", "SELECT count + 1 FROM journal_head")
    part = f"INSERT INTO action_part VALUES ({count}, 1, 'person', 1, 'x')"
    named = "SELECT gridoffice.name_rows('person', ARRAY[1]::bigint[])"
    refused(served, "clerk", said, part, named, "COMMIT", why="wrong seal")


def test_rows_without_a_line_are_refused_when_they_are_committed(served: Served) -> None:
    ((person,),) = served.told("wutong", "SELECT id FROM person WHERE name = '李䶮'")
    for deed in (
        f"UPDATE person SET note = 'x' WHERE id = {person}",
        "DELETE FROM opinion",
        "INSERT INTO training (version, name, day) VALUES (1, 'x', '2026-01-05')",
    ):
        refused(served, "wutong", deed, "COMMIT", why="no journal line")
    assert served.told("clerk", f"SELECT note FROM person WHERE id = {person}") == [(None,)]


def test_a_savepoint_or_a_line_before_does_not_hide_rows(served: Served) -> None:
    deed = "UPDATE person SET note = 'x'"
    refused(served, "wutong", "SAVEPOINT one", deed, "RELEASE one", "COMMIT", why="no journal line")
    refused(served, "wutong", deed, "SET CONSTRAINTS ALL IMMEDIATE", why="no journal line")
    refused(
        served,
        "wutong",
        line(served, "wutong"),
        "SET CONSTRAINTS ALL IMMEDIATE",
        "UPDATE training_plan SET note = 'x'",
        why="no journal line",
    )
    refused(served, "wutong", "DELETE FROM gridoffice.written", why=NOT_ALLOWED)


def test_others_lines_and_what_they_touched_are_not_told(served: Served) -> None:
    assert served.told("wutong", "SELECT * FROM action") == []
    assert served.told("wutong", "SELECT * FROM action_part") == []
    ((clerk,),) = served.told("clerk", "SELECT count(*) FROM action_part")
    assert clerk == 0
    with served.opened("clerk") as connection:
        assert len(connection.execute("SELECT number FROM action_part").fetchall()) > 10
    with served.opened("wutong") as connection:
        assert connection.execute("SELECT * FROM action_part").fetchall() == []
    assert {who for (who,) in served.told("reviewer", "SELECT who FROM action")} > {"reviewer"}


# Locked months


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE month SET digest = NULL",
        "UPDATE month SET state = 'collecting'",
        "DELETE FROM sheet",
        "UPDATE sheet SET total = 0",
        "UPDATE sheet SET name = 'x'",
        "UPDATE scheme SET body = '{}'",
    ],
)
def test_a_locked_month_is_locked(served: Served, deed: str) -> None:
    for account in ("clerk", "leader", "administrator"):
        refused(served, account, deed, why="locked month|permission denied|no right to lock")


def test_no_table_of_ones_own_hides_the_lock(served: Served) -> None:
    refused(served, "clerk", "CREATE TEMP TABLE month (id bigint, state text)", why=NOT_ALLOWED)
    refused(served, "clerk", "CREATE TABLE public.month2 (id bigint)", why=NOT_ALLOWED)
    refused(served, "clerk", "CREATE SCHEMA mine", why=NOT_ALLOWED)
    refused(
        served,
        "clerk",
        "SET LOCAL search_path = pg_temp, public",
        "UPDATE sheet SET total = 0",
        why="locked month",
    )


def test_a_month_is_locked_by_right(served: Served) -> None:
    opened = (
        "INSERT INTO month (version, period, scheme_key, edition, target, scheme_id, state, opened_on) "
        "SELECT 1, '2026-07', scheme_key, 1, target, scheme_id, 'public', '2026-07-01' FROM month LIMIT 1"
    )
    locked = "UPDATE month SET state = 'approved' WHERE period = '2026-07'"
    refused(served, "clerk", opened, locked, why="no right to lock")
    with served.opened("leader") as connection:
        connection.execute(opened.encode())
        assert connection.execute(locked.encode()).rowcount == 1
        connection.rollback()


def test_a_month_is_of_the_whole_office(served: Served) -> None:
    """Computed over the part that an account sees, ranks would be wrong and a seal would cover a part."""
    opened = (
        "INSERT INTO month (version, period, scheme_key, edition, target, scheme_id, state, opened_on) "
        "SELECT 1, '2026-08', scheme_key, 1, target, scheme_id, 'collecting', '2026-08-01' FROM month LIMIT 1"
    )
    refused(served, "wutong", opened, why="of the whole office")
    refused(served, "wutong", "DELETE FROM month", why="of the whole office|locked month")
    with served.opened("clerk") as connection:
        assert connection.execute(opened.encode()).rowcount == 1
        connection.rollback()


def test_by_what_all_are_scored_is_not_changed_by_who_sees_a_part(served: Served) -> None:
    more = (
        "INSERT INTO scheme (version, key, name, edition, body) "
        "SELECT 1, key, name, edition + 1, body FROM scheme LIMIT 1"
    )
    refused(served, "wutong", more, why="row-level security")
    untouched(served, "wutong", "UPDATE scheme SET body = '{}'")
    untouched(served, "wutong", "DELETE FROM scheme")


# More than one's own rights


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE account SET role = 'administrator' WHERE name = 'wutong'",
        "UPDATE account SET reach = 'all' WHERE name = 'wutong'",
        "INSERT INTO account (version, name, display, role, reach, active) "
        "VALUES (1, 'mine', 'mine', 'administrator', 'all', true)",
        "DELETE FROM account",
        "INSERT INTO account_grid (version, account_id, grid_id) SELECT 1, id, 1 FROM account",
    ],
)
@pytest.mark.parametrize("account", ["wutong", "clerk", "leader"])
def test_an_account_does_not_raise_itself(served: Served, account: str, deed: str) -> None:
    refused(served, account, deed, why=NOT_ALLOWED)


@pytest.mark.parametrize(
    "deed",
    [
        "SET ROLE served_owner",
        "SET ROLE served_doorkeeper",
        "SET ROLE served_keeper",
        "SET ROLE served_whole",
        "SET ROLE administrator",
        "SET SESSION AUTHORIZATION administrator",
        "GRANT served_whole TO wutong",
        "CREATE ROLE mine SUPERUSER",
        "ALTER ROLE wutong SUPERUSER",
        "ALTER ROLE administrator PASSWORD 'x'",
        "SELECT gridoffice.admit('wutong', 'administrator', 'all', true)",
        "SELECT gridoffice.set_password('administrator', 'SCRAM-SHA-256$4096:x')",
        "SELECT * FROM gridoffice.login",
        "COPY person TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT * FROM pg_authid",
        "ALTER FUNCTION gridoffice.reach() OWNER TO wutong",
        "CREATE OR REPLACE FUNCTION gridoffice.reach() RETURNS text LANGUAGE sql AS 'SELECT ''all'''",
        "ALTER DATABASE served SET search_path = pg_temp",
    ],
)
def test_no_way_up(served: Served, deed: str) -> None:
    refused(served, "wutong", deed, why="permission denied|must (be|have)|password of somebody else")


def test_who_keeps_the_office_does_not_own_it(served: Served) -> None:
    for deed in ("SET ROLE served_owner", "SET ROLE served_doorkeeper", "DROP TABLE public.person"):
        refused(served, "administrator", deed, why=NOT_ALLOWED)
    with served.psql("administrator", autocommit=True) as connection:
        # who reads everything leaves a line before he does
        with pytest.raises(NOT_ALLOWED):
            connection.execute("SET ROLE served_keeper")
        with pytest.raises(psycopg.Error, match="no journal line"):
            connection.execute("SELECT gridoffice.keep(true)")
        with connection.transaction():
            connection.execute(line(served, "administrator").encode())
            connection.execute("SELECT gridoffice.keep(true)")
        connection.execute("SET ROLE served_keeper")
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (7,)
        with pytest.raises(NOT_ALLOWED):
            connection.execute("UPDATE person SET note = 'x'")
        connection.execute("RESET ROLE")
        connection.execute("SELECT gridoffice.keep(false)")
        with pytest.raises(NOT_ALLOWED):
            connection.execute("SET ROLE served_keeper")


@pytest.mark.parametrize("account", ["clerk", "wutong", "reader", "leader"])
def test_who_maintains_nothing_reads_not_everything(served: Served, account: str) -> None:
    refused(served, account, line(served, account), "SELECT gridoffice.keep(true)", why="no keeper")


def test_another_office_of_the_same_server_is_closed(served: Served) -> None:
    served.cluster.create("another_office")
    with served.cluster.connect("another_office") as owner:
        owner.execute("REVOKE ALL ON DATABASE another_office FROM PUBLIC")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        Served(served.cluster, "another_office").psql("clerk")
    served.cluster.drop("another_office")
