"""A line of the journal names every row that its transaction wrote, or the transaction is refused."""

from __future__ import annotations

import psycopg
import pytest

from db.images import Part
from db.proof import verify
from db.session import Store
from tests.server.conftest import DATABASE, Served
from tests.server.test_attacks import line

BODY = Part.of("person", [(1, {"note": None}, {"note": "x"}, "0" * 16)]).body()


def numbers(served: Served, count: int) -> list[int]:
    found = served.told("wutong", f"SELECT id FROM person ORDER BY id LIMIT {count}")
    return [number for (number,) in found]


def write(
    served: Served, account: str, *deeds: str, parts: tuple[tuple[str, int], ...] = (), named: str = ""
) -> str:
    """What the server says to these deeds under a rightly sealed line with such parts; empty when it takes them.
    Nothing is kept."""
    with served.opened(account) as connection:
        for deed in deeds:
            connection.execute(deed.encode())
        try:
            sealed(served, connection, account, parts)
            if named:
                connection.execute(named.encode())
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            return str(error)
        finally:
            connection.rollback()
    return ""


def sealed(
    served: Served, connection: psycopg.Connection, account: str, parts: tuple[tuple[str, int], ...]
) -> None:
    """A line and its parts, whose seal the server finds right."""
    ((number,),) = served.told("clerk", "SELECT count + 1 FROM journal_head")
    connection.execute(line(served, account, [(table, count, BODY) for table, count in parts]).encode())
    for n, (table, count) in enumerate(parts, 1):
        said = (number, n, table, count, BODY)
        connection.execute("INSERT INTO action_part VALUES (%s, %s, %s, %s, %s)", said)


def name(table: str, *ids: int) -> str:
    return f"SELECT gridoffice.name_rows('{table}', ARRAY{list(ids)}::bigint[])"


def test_what_is_named_is_taken(served: Served) -> None:
    one, _ = numbers(served, 2)
    deed = f"UPDATE person SET note = 'x' WHERE id = {one}"
    assert write(served, "wutong", deed, parts=(("person", 1),), named=name("person", one)) == ""


def test_rows_that_the_line_does_not_name_are_refused(served: Served) -> None:
    one, other = numbers(served, 2)
    deed = f"UPDATE person SET note = 'x' WHERE id = {one}"
    both = f"UPDATE person SET note = 'x' WHERE id IN ({one}, {other})"
    person = (("person", 1),)
    without = "journal line without a row"
    assert without in write(served, "wutong", deed)
    assert without in write(served, "wutong", deed, parts=person, named=name("person", other))
    assert without in write(served, "wutong", both, parts=person, named=name("person", one))
    assert without in write(served, "wutong", deed, parts=(("post", 1),), named=name("post", one))
    made = "INSERT INTO training (version, name, day) VALUES (1, 'x', '2026-01-05')"
    assert without in write(served, "wutong", made, parts=person, named=name("person", one))
    assert without in write(served, "administrator", "DELETE FROM setting WHERE key = 'name'")


def test_the_parts_count_what_is_named(served: Served) -> None:
    """A name that no part of the sealed line stands for is none."""
    one, other = numbers(served, 2)
    deed = f"UPDATE person SET note = 'x' WHERE id = {one}"
    said = "journal line of other rows"
    assert said in write(served, "wutong", deed, named=name("person", one))
    assert said in write(served, "wutong", deed, parts=(("post", 1),), named=name("person", one))
    assert said in write(served, "wutong", deed, parts=(("person", 1),), named=name("person", one, other))
    assert said in write(served, "wutong", deed, parts=(("person", 1),))


def test_what_is_as_it_was_needs_no_name(served: Served) -> None:
    one, _ = numbers(served, 2)
    there = f"UPDATE person SET note = 'x' WHERE id = {one}"
    back = f"UPDATE person SET note = NULL WHERE id = {one}"
    assert write(served, "wutong", there, back) == ""
    assert write(served, "wutong", f"UPDATE person SET version = version + 1 WHERE id = {one}") == ""
    made = "INSERT INTO training (version, name, day) VALUES (1, 'x', '2026-01-05')"
    assert write(served, "wutong", made, "DELETE FROM training WHERE name = 'x'") == ""


def test_names_of_others_are_not_seen_or_removed(served: Served) -> None:
    for table in ("touching", "named", "touched"):
        for deed in ("SELECT * FROM", "DELETE FROM", "TRUNCATE"):
            with served.psql("administrator") as connection, pytest.raises(psycopg.Error, match="denied"):
                connection.execute(f"{deed} gridoffice.{table}".encode())


def test_whoever_lies_in_what_he_seals_is_named(served: Served) -> None:
    """The server cannot read what a line says of its rows; the proof can, and tells whose line it was."""
    served.cluster.create("lied", DATABASE)
    office = Served(served.cluster, "lied")
    ((person,),) = served.told("wutong", "SELECT id FROM person WHERE name = '李䶮'")
    with office.opened("wutong") as connection:
        connection.execute("UPDATE person SET note = '绕过' WHERE id = %s", (person,))
        sealed(served, connection, "wutong", (("person", 1),))
        connection.execute(name("person", person).encode())
        connection.commit()
    store = Store(served.cluster.url("lied"))
    with store.reading() as session:
        found = verify(session)
    store.close()
    served.cluster.drop("lied")
    assert any("“李䶮”被绕过本程序改动过，最后由wutong在" in one for one in found)
