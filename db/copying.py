"""All rows of an office from one database into another, of either kind, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, func, insert, select, text

from db.server import enforced
from db.session import Store
from db.tables import Base

PORTION = 2000
KEEPER, OWNER = "keeper", "owner"
"""Of a shared office that was set up for many: who reads all of it for a backup, and who owns its tables. The
roles' names begin with the database's."""

Progress = Callable[[str, int, int], None]
"""What is done, how much of it, of how much. It may raise to stop the work."""


class NotWhole(Exception):
    """Not every row can be seen, so none is copied. The message is a sentence."""


NOT_ALL = "这个账号看不到全部资料。备份和搬家要由管全办的管理员做，或由维护服务器的人用自己的登录做。"


def silent(doing: str, done: int, total: int) -> None:
    """Nobody watches."""


@contextmanager
def snapshot(store: Store) -> Iterator[Connection]:
    """One state of the whole office, nothing hidden. Raises `NotWhole`."""
    engine = store.engine
    if not store.local:
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        see_everything(connection)
        yield connection
        connection.rollback()


def role_of(connection: Connection, part: str) -> str | None:
    """The role of that part in this shared office, if the login may work as it."""
    if not enforced(connection):
        return None  # a role may be left of an earlier database of this name
    may = text(
        "SELECT rolname FROM pg_roles WHERE rolname = current_database() || '_' || :part"
        " AND pg_has_role(session_user, oid, 'MEMBER')"
    )
    return connection.execute(may, {"part": part}).scalar()


def see_everything(connection: Connection, part: str = KEEPER) -> str | None:
    """Work as who sees all of a shared office until the transaction ends, where the login may; answers that
    role. Who sees part of the rows must not take it for all: raises `NotWhole`."""
    if connection.dialect.name != "postgresql":
        return None
    role = role_of(connection, part) or role_of(connection, OWNER)
    if role is not None:
        connection.exec_driver_sql(f"SET LOCAL ROLE {connection.dialect.identifier_preparer.quote(role)}")
        # an account's names of tables lead to views with masked numbers
        connection.exec_driver_sql("SET LOCAL search_path = public")
        return role
    if enforced(connection):
        raise NotWhole(NOT_ALL)
    hidden = text(
        "SELECT count(*) FROM pg_class WHERE relname = ANY(:tables)"
        " AND relnamespace = CAST('public' AS regnamespace)"
        " AND (row_security_active(oid) OR NOT has_table_privilege(oid, 'SELECT'))"
    )
    if connection.execute(hidden, {"tables": list(Base.metadata.tables)}).scalar_one():
        raise NotWhole(NOT_ALL)
    return None


def copy_rows(
    source: Store,
    target: Store,
    progress: Progress = silent,
    replace: bool = False,
    prove: Callable[[Connection, Connection], None] | None = None,
) -> None:
    """Copy everything; with `replace`, what the target held goes first. `prove` sees both sides before it
    counts: what it raises takes all of it back."""
    with snapshot(source) as here, target.engine.execution_options(office_writes=True).begin() as there:
        see_everything(there, OWNER)
        tables = Base.metadata.sorted_tables
        if replace:
            _empty(there, tables)
        guards = _take_guards(there)
        for table in tables:
            if table.name == "journal_head":
                there.execute(table.delete())
            _copy_table(here, there, table, progress)
            if table.c.get("id") is not None and table.dialect_options["sqlite"]["autoincrement"]:
                _set_last_number(there, table.name, _last_number(here, table.name))
        _give_guards(there, guards)
        if prove is not None:
            prove(here, there)


def _empty(there: Connection, tables: list[Table]) -> None:
    if there.dialect.name == "postgresql":
        there.exec_driver_sql(f"TRUNCATE {', '.join(table.name for table in tables)} CASCADE")
        return
    guards = _take_guards(there)
    there.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for table in reversed(tables):
        there.execute(table.delete())
    _give_guards(there, guards)


def _take_guards(there: Connection) -> list[tuple[str, str]]:
    """A copy brings locked months and the journal in: their guards rest for this one transaction."""
    if there.dialect.name == "postgresql":
        guarded = there.exec_driver_sql(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
        ).scalars()
        found = [
            (f"ALTER TABLE {table} DISABLE TRIGGER USER", f"ALTER TABLE {table} ENABLE TRIGGER USER")
            for table in guarded
        ]
    else:
        rows = there.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        found = [(f'DROP TRIGGER "{name}"', said) for name, said in rows]
    for rest, _ in found:
        there.exec_driver_sql(rest)
    return found


def _give_guards(there: Connection, guards: list[tuple[str, str]]) -> None:
    for _, stand in guards:
        there.exec_driver_sql(stand)


def _last_number(connection: Connection, table: str) -> int:
    """The highest record number ever given out, so that none is given out twice."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :t")
    else:
        query = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:t, 'id'))")
    return connection.execute(query, {"t": table}).scalar() or 0


def _set_last_number(connection: Connection, table: str, number: int) -> None:
    if number == 0:
        return
    if connection.dialect.name == "sqlite":
        changed = connection.execute(
            text("UPDATE sqlite_sequence SET seq = :n WHERE name = :t"), {"n": number, "t": table}
        )
        if changed.rowcount == 0:
            connection.execute(
                text("INSERT INTO sqlite_sequence(name, seq) VALUES (:t, :n)"), {"n": number, "t": table}
            )
    else:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:t, 'id'), :n)"), {"n": number, "t": table}
        )


def in_order(table: Table) -> list:
    """Parents before their children: a path begins with the parent's."""
    return [table.c.path] if "path" in table.c else list(table.primary_key.columns)


def _copy_table(here: Connection, there: Connection, table: Table, progress: Progress) -> None:
    total = here.execute(select(func.count()).select_from(table)).scalar_one()
    done = 0
    query = select(table).order_by(*in_order(table)).execution_options(stream_results=True)
    with here.execute(query) as rows:
        for portion in rows.mappings().partitions(PORTION):
            there.execute(insert(table), [dict(row) for row in portion])
            done += len(portion)
            progress("备份", done, total)
