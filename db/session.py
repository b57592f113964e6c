"""One store, one door: `Store.reading()` and `Store.writing()`. Nobody else opens sessions.

A write is one transaction: what the service does and the journal line that records it are
committed together or not at all.
"""

from __future__ import annotations

import logging
import platform
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from db import journal
from db.enums import Deed


def url_of(database: str | Path) -> URL:
    """The URL of a database named by a file path (SQLite) or by an SQLAlchemy URL."""
    named = str(database)
    if "://" in named:
        url = make_url(named)
        return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    return URL.create("sqlite+pysqlite", database=named)


class Store:
    """An open database. `file` is the path of a local one, None for a shared one."""

    def __init__(self, database: str | Path | URL):
        self.url = database if isinstance(database, URL) else url_of(database)
        self.local = self.url.get_backend_name() == "sqlite"
        self.file = Path(self.url.database) if self.local and self.url.database else None
        self.engine = engine_at(self.url)
        self._writer = self.engine.execution_options(office_writes=True)
        self._reader = (
            self.engine if self.local else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )

    @property
    def address(self) -> str:
        """What opens this database again, in another process of this computer."""
        return self.url.render_as_string(hide_password=False)

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
    ) -> Iterator[Session]:
        """A transaction, journalled under `title`; committed at the end, rolled back on any error.

        Afterwards `session.info["action"]` is the journal line's number (None if nothing changed)
        and `session.info["changes"]` the ids touched, by table.
        """
        with Session(self._writer, info={}) as session:
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
                journal.queue(session)
            yield session
            session.info["action"] = journal.store(session)
            session.info["changes"] = recorder.changes()
            session.commit()

    def close(self) -> None:
        self.engine.dispose()


def engine_at(url: URL) -> Engine:
    """Connections to a database, as every session of the office uses them."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": 20, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # the driver warns of every statement behind one that was refused; the refusal itself is raised
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    settings = {"application_name": "gridoffice"}
    if "options" not in url.query:
        # compiling a query takes longer than any of ours runs
        settings["options"] = "-c jit=off"
    return create_engine(url, pool_pre_ping=True, connect_args=settings)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
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
