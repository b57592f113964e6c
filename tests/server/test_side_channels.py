"""What is told by the way: plans, counters and guesses of the planner, not rows."""

from __future__ import annotations

import re

import psycopg
import pytest
from psycopg import errors

from db.server.numbers import TOLD_BY_STATISTICS
from tests.offices import number
from tests.server.conftest import Served

ASKED = ("id_number = '{0}'", "id_number >= '{0}' AND id_number < '{0}0'", "name >= '张' AND name < '弡'")


def plan(connection: psycopg.Connection, query: str, how: str = "ANALYZE, COSTS OFF") -> str:
    lines = connection.execute(f"EXPLAIN ({how}) {query}".encode()).fetchall()
    return "\n".join(line for (line,) in lines)


@pytest.mark.parametrize("account", ["clerk", "wutong", "leader", "reader", "liuyin_reader", "administrator"])
@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("table", ["person", "sheet"])
def test_a_closed_table_is_not_looked_into(served: Served, account: str, asked: str, table: str) -> None:
    """Rows that an index found and a policy took away are counted by EXPLAIN ANALYZE: by ranges that get
    smaller any number would be told sign by sign, and nobody would know."""
    said = f"SELECT 1 FROM public.{table} WHERE {asked.format(number(11))}"
    with served.psql(account) as connection:
        for statement in (said, f"EXPLAIN ANALYZE {said}", f"EXPLAIN {said}"):
            with pytest.raises(psycopg.Error, match=r"whole numbers are closed|permission denied"):
                connection.execute(statement.encode())
            connection.rollback()


def test_who_never_opens_has_no_table_to_ask(served: Served) -> None:
    for account in ("reader", "liuyin_reader", "self"):
        for table in ("person", "household", "sheet"):
            told = served.told(account, f"SELECT has_table_privilege('public.{table}', 'SELECT')")
            assert told == [(False,)]


def test_a_kept_plan_is_closed_again(served: Served) -> None:
    """A plan made while numbers were open does not read them afterwards."""
    ticket = served.announced("clerk")
    with served.psql("clerk") as connection:
        connection.execute("SET plan_cache_mode = force_generic_plan")
        connection.execute("SELECT gridoffice.whole_numbers(%s)", (ticket,))
        connection.execute("PREPARE look AS SELECT id_number FROM public.person")
        assert (number(11),) in connection.execute("EXECUTE look").fetchall()
        connection.commit()
        connection.execute("SET search_path = public")
        assert connection.execute("EXECUTE look").fetchall() == []


def test_a_plan_counts_no_names_of_other_units(served: Served) -> None:
    with served.psql("wutong") as connection:
        connection.execute("SET enable_seqscan = off")
        for name in ("张三", "no such name"):
            shown = plan(connection, f"SELECT 1 FROM person WHERE name = '{name}'")
            assert "Index Cond: ((name)" not in shown
        assert connection.execute("SELECT 1 FROM person WHERE name = '李䶮'").fetchall() == [(1,)]


def test_the_planner_keeps_no_samples_of_people(served: Served) -> None:
    """Its guesses would tell the bounds of its samples to whoever asks often enough."""
    with served.cluster.connect(served.database) as owner:
        owner.execute("ANALYZE")
        kept = owner.execute("SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'").fetchall()
    assert ("grid", "path") in kept
    assert [one for one in kept if one[1] in TOLD_BY_STATISTICS.get(one[0], ())] == []
    with served.psql("wutong") as connection:
        guesses = {
            match[1]
            for name in ("丁", "张三", "赵𫍯", "龥")
            if (
                match := re.search(
                    r"rows=(\d+)",
                    plan(connection, f"SELECT 1 FROM seen.person WHERE name < '{name}'", "COSTS"),
                )
            )
        }
        assert len(guesses) == 1


def test_what_no_row_shows_is_not_read_by_functions_of_the_server(served: Served) -> None:
    for deed in (
        "SELECT * FROM pg_statistic",
        "SELECT * FROM pg_statistic_ext_data",
        "SELECT pg_ls_logdir()",
        "SELECT pg_read_binary_file('x')",
        "SELECT gridoffice.log_portion(NULL, 0, NULL)",
        "SELECT gridoffice.failures_in('', false, false)",
        "CREATE STATISTICS public.mine ON name, phone FROM public.person",
    ):
        with served.psql("wutong") as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(deed.encode())
