"""One store, one door: `Store.reading()` and `Store.writing()`. Nobody else opens sessions.

A write is one transaction: what the service does and the journal line that records it are
committed together or not at all.
"""

from __future__ import annotations

import logging
import platform
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from db import journal, keyed, notices, turns
from db.attempts import Attempt, Landed, lost
from db.enums import Deed
from db.keyed import Key
from db.server import numbers
from db.server.roles import SCHEMA
from db.server.watching import MAY_WATCH
from db.turns import Taken, Turn


def url_of(database: str | Path) -> URL:
    """The URL of a database named by a file path (SQLite) or by an SQLAlchemy URL."""
    named = str(database)
    if "://" in named:
        url = make_url(named)
        return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    return URL.create("sqlite+pysqlite", database=named)


class Store:
    """An open database. `file` is the path of a local one, None for a shared one; `key` opens a local one that
    has a password. One that is yet to be made gets the key it is given. Raises `NoKey`."""

    def __init__(self, database: str | Path | URL, key: Key | None = None):
        self.url = database if isinstance(database, URL) else url_of(database)
        self.local = self.url.get_backend_name() == "sqlite"
        self.file = Path(self.url.database) if self.local and self.url.database else None
        if self.local and self.url.password:
            key = Key.read(self.url.password)
            self.url = URL.create(self.url.drivername, database=self.url.database)
        if key is not None:
            keyed.know(key)
        elif self.file is not None:
            key = keyed.key_of(self.file)
        self.key = key
        self.engine = engine_at(self.url, key)
        keyed.begin(self)
        self._writer = self.engine.execution_options(office_writes=True)
        self._reader = (
            self.engine if self.local else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )

    @property
    def address(self) -> str:
        """What opens this database again, in another process of this computer; never written down."""
        url = self.url if self.key is None else self.url.set(username="key", password=self.key.said())
        return url.render_as_string(hide_password=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        with Session(self._reader) as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(
        self,
        title: str,
        who: str,
        *,
        service: str,
        deed: Deed = Deed.DO,
        target: int | None = None,
        undoable: bool = True,
        called: str = "",
        turn: Turn | None = None,
        attempt: Attempt | None = None,
    ) -> Iterator[Session]:
        """A transaction, journalled under `title`; committed at the end, rolled back on any error.

        Afterwards `session.info["action"]` is the journal line's number (None if nothing changed)
        and `session.info["changes"]` the ids touched, by table. `called` is how others are told who
        wrote; `turn` is what nobody else may do meanwhile (raises `Taken`). An `attempt` whose commit was
        in doubt and arrived raises `Landed`.
        """
        apart = turns.beside(self.file, turn, called or who) if turn and self.file else nullcontext()
        with apart, Session(self._writer, info={}) as session:
            recorder = journal.Recorder(
                title=title,
                service=service,
                who=who,
                terminal=platform.node() or "本机",
                deed=deed,
                target=target,
                undoable=undoable,
            )
            session.info["recorder"] = recorder
            event.listen(session, "before_flush", journal.remember)
            event.listen(session, "after_flush", journal.collect)
            if not self.local:
                numbers.whole_numbers(session, title)
                self._queue(session, turn, called or who)
            if attempt is not None:
                if attempt.landed(session):
                    raise Landed
                recorder.detail["request"] = attempt.id
            yield session
            session.info["action"] = action = journal.store(session)
            session.info["changes"] = changes = recorder.changes()
            if action is not None and not self.local:
                notices.send(session, action, called or who, changes)
            try:
                session.commit()
            except DBAPIError as error:
                if attempt is not None and lost(error):
                    attempt.line, attempt.changes = action, changes
                raise

    @contextmanager
    def alone(self, turn: Turn, who: str) -> Iterator[None]:
        """Have a turn for what is more than one transaction (restoring, upgrading); in a shared office while
        nobody has any other either. Raises `Taken`."""
        if self.file is not None:
            with turns.beside(self.file, turn, who):
                yield
            return
        with self.engine.connect() as connection:
            connection.detach()  # what is done meanwhile may let go of the pool
            held = turns.holder(connection)
            if held is not None:
                raise Taken(held)
            turns.take(connection, turn, who)
            yield

    def _queue(self, session: Session, turn: Turn | None, who: str) -> None:
        """Wait for the turn to write. Raises `Taken` when somebody has it for longer than is waited."""
        try:
            if turn is not None:
                turns.take(session.connection(), turn, who)
            journal.queue(session)
        except OperationalError as error:
            if not turns.refused_for(error):
                raise
            session.rollback()
            held = turns.holder(session.connection())
            if held is None:
                raise
            raise Taken(held) from error

    def close(self) -> None:
        self.engine.dispose()
        keyed.end(self)


def engine_at(url: URL, key: Key | None = None) -> Engine:
    """Connections to a database, as every session of the office uses them."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            module=keyed.driver_for(key),
            connect_args={"timeout": 20, "check_same_thread": False},
        )
        event.listen(engine, "connect", partial(_prepare_sqlite, key))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # the driver warns of every statement behind one that was refused; the refusal itself is raised
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    engine = create_engine(url, pool_pre_ping=True, connect_args=CONNECTING)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def engine_around(connection: Any) -> Engine:
    """The one connection of the driver that knows keys, as an engine; to be disposed with `close=False`."""
    return create_engine(
        "sqlite://", module=keyed.knowing(), creator=lambda: connection, poolclass=StaticPool
    )


CONNECTING: dict[str, Any] = {
    "application_name": "gridoffice",
    "connect_timeout": 5,
    # a network that went away is noticed in seconds, not hours
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    # compiling a query takes longer than any of ours runs; said here, since poolers refuse it at the start
    (number, watched) = connection.execute(
        f"SELECT pg_backend_pid(), ({MAY_WATCH}) FROM set_config('jit', 'off', false)"
    ).fetchone()
    if number != connection.info.backend_pid:
        # a pooler lends every transaction another connection, on which nothing is prepared
        connection.prepare_threshold = None
    if watched:
        from psycopg import Error  # not before there is a server

        # whoever is not let in now finds nothing, whatever the reason that nobody could look
        with suppress(Error):
            connection.execute(f"SELECT {SCHEMA}.watch()")
    connection.autocommit = False


def _prepare_sqlite(key: Key | None, connection: Any, _record: Any) -> None:
    keyed.unlock(connection, key)
    # the driver's own BEGIN comes too late for a read that must see one state
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -16384",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("office_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
