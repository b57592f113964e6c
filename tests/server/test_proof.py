"""The proof names what a server's own guards should be, whoever took one away."""

from __future__ import annotations

import pytest

from db.proof import GUARDS, verify
from db.server.guarding import expected
from db.session import Store
from tests.server.conftest import DATABASE, Served

ALL = "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"


def findings(served: Served) -> list[str]:
    store = Store(served.cluster.url(DATABASE))
    try:
        with store.reading() as session:
            return verify(session)
    finally:
        store.close()


def test_the_triggers_of_a_server_are_those_that_are_looked_for(served: Served) -> None:
    with served.cluster.connect(DATABASE) as owner:
        there = set(owner.execute(ALL.encode()).fetchall())
    assert there == GUARDS["postgresql"] | {(table, f"gridoffice_{name}") for table, name in expected()}


@pytest.mark.parametrize(
    ("table", "trigger", "said"),
    [
        ("sheet", "sheet_locked_moved", "资料库里保护sheet的锁不见了。"),
        ("action", "gridoffice_line_sealed", "服务器上的action少了服务器的锁"),
        ("person", "gridoffice_rows_written", "服务器上的person没有“改了要留变动记录”的锁"),
        ("account", "gridoffice_account_comes", "服务器上的account少了服务器的锁"),
    ],
)
@pytest.mark.parametrize("how", ["DISABLE", "ENABLE REPLICA"])
def test_one_that_does_not_fire_is_missed(
    served: Served, table: str, trigger: str, said: str, how: str
) -> None:
    """Another trigger of the same table does not stand in for it."""
    assert findings(served) == []
    alter = f"ALTER TABLE public.{table} {{}} TRIGGER {trigger}"
    with served.cluster.connect(DATABASE) as owner:
        owner.execute(alter.format(how).encode())
        try:
            assert [one[: len(said)] for one in findings(served)] == [said]
        finally:
            owner.execute(alter.format("ENABLE").encode())
