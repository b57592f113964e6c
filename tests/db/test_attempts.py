"""A connection that breaks in the middle of a write: begun anew, done once, or said to be in doubt."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from db.enums import Right
from db.listening import Changed, Listener
from db.notices import FEW, Notice, heard, told
from gridoffice.errors import Lost
from gridoffice.office import Office
from gridoffice.patience import for_seconds
from gridoffice.service import service
from gridoffice.settings import set_setting, setting
from tests.offices import journal_lines

shared = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@service("记一笔", needs=Right.READ)
def count_up(session: Session) -> int:
    value = setting(session, "count", 0) + 1
    set_setting(session, "count", value)
    return value


def counted(office: Office) -> int:
    return office.read(setting, "count", 0)


def cut_at_commit(office: Office, arrives: bool) -> list[bool]:
    """Have the connection break while the next write is committed, before or after that arrived."""
    cut: list[bool] = []

    def breaking(connection: Connection) -> None:
        raw: Any = connection.connection.driver_connection
        if cut or not connection.get_execution_options().get("office_writes"):
            return
        cut.append(arrives)
        if arrives:
            raw.pgconn.exec_(b"COMMIT")
        raw.pgconn.finish()

    event.listen(office.store.engine, "commit", breaking)
    return cut


@shared
def test_cut_off_in_the_middle_it_is_begun_anew(small_office: Office) -> None:
    lines = journal_lines(small_office)
    once = iter([True])

    @service("记一笔", needs=Right.READ)
    def cut_once(session: Session) -> int:
        value = setting(session, "count", 0) + 1
        set_setting(session, "count", value)
        session.flush()
        if next(once, False):
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return value

    done = small_office.write(cut_once)
    assert done.result == 1
    assert (counted(small_office), journal_lines(small_office)) == (1, lines + 1)


@shared
@pytest.mark.parametrize("arrives", [True, False])
def test_cut_off_at_the_commit_it_is_done_once(small_office: Office, arrives: bool) -> None:
    lines = journal_lines(small_office)
    cut = cut_at_commit(small_office, arrives)
    done = small_office.write(count_up)
    assert cut == [arrives]
    assert (done.result, done.action) == (1, lines + 1)
    assert done.changes["setting"]
    assert (counted(small_office), journal_lines(small_office)) == (1, lines + 1)
    assert small_office.write(count_up).result == 2


@shared
def test_when_nobody_waits_any_longer_the_doubt_is_said(small_office: Office) -> None:
    lines = journal_lines(small_office)
    cut_at_commit(small_office, arrives=True)
    small_office.patience = for_seconds(0)
    with pytest.raises(Lost, match=f"看变动第 {lines + 1} 条有没有这一笔"):
        small_office.write(count_up)


# notices


def test_nonsense_that_somebody_sends_is_no_notice() -> None:
    for payload in ("", "x", "[]", "{}", '{"n":1}', '{"n":"x","by":"a","t":{}}', '{"n":1,"by":"a","t":[1]}'):
        assert heard(payload) is None
    assert heard('{"n":7,"by":"李四","t":{"person":[1,2]}}') == Notice(
        7, "李四", {"person": frozenset({1, 2})}
    )


def test_of_many_records_only_the_table_is_told() -> None:
    many = frozenset(range(FEW + 1))
    assert told({"person": many, "post": frozenset({1})}) == {"person": frozenset(), "post": frozenset({1})}


@shared
def test_what_was_missed_is_read_from_the_journal(small_office: Office) -> None:
    listener = Listener(small_office.store, "李四")
    news = iter(listener.follow(lambda: listener._line is not None and bool(seen)))
    seen: list[Any] = []
    listener._line = journal_lines(small_office)
    small_office.write(count_up)
    seen.append(next(news))
    (notice,) = seen[0].notices
    assert isinstance(seen[0], Changed)
    assert (notice.action, notice.who) == (journal_lines(small_office), "本机用户")
    assert set(notice.changes) == {"setting"}
