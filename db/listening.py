"""Hearing of what others write, and who looks at the same record, on one connection beside the others.

A shared office is heard by LISTEN; where a pooler stands between (PgBouncer lends a connection for one
transaction) that hears nothing, and the journal's head is looked at every second instead. A local one is
shared by the window and the command line: SQLite counts what others commit (`data_version`).

Who looks at a record holds an advisory lock of it, shared with everybody else who does: nothing is
written, and what a dead client held goes with its connection. A local file has no such locks and tells of
nobody: a second start of the window on it brings the first to the front, so beside it there is only the command
line, which looks at no record for longer than it runs; and a list kept in a file or table would name the dead.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from db.attempts import lost
from db.notices import CHANNEL, Notice, head, heard, since
from db.server.watching import EVERY, watch
from db.session import Store
from db.turns import PROGRAM, ascii_name, read_name

TICK = 0.25
"""Seconds until a wish of the window (another record is looked at, it closes) is noticed."""
LOOK = 1.0
"""Seconds between two looks at a local file, or at an office behind a pooler."""
BEAT = 2.0
"""Seconds between two looks at who is at the same record; also how a lost connection is noticed."""
AGAIN = 1.0
"""Seconds between two tries to connect again."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A record that is looked at: its list and number, and whether it is being changed."""

    kind: str
    number: int
    editing: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """Others wrote (and so did we: the window knows its own lines by their numbers)."""

    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """The database cannot be reached."""


@dataclass(frozen=True, slots=True)
class Found:
    """The database can be reached (again)."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Who else is at the record that is looked at: (name, changing it)."""

    spot: Spot
    people: tuple[tuple[str, bool], ...]


News = Changed | Lost | Found | Beside


@dataclass(slots=True)
class Listener:
    """Follows one database for one window. `look` may be set by another thread at any time."""

    store: Store
    who: str
    """How the others call who sits here."""
    look: Spot | None = None
    _line: int | None = None
    """The latest line that was told."""
    _held: Spot | None = None
    _beside: tuple[tuple[str, bool], ...] = ()
    _pooled: bool = field(default=False, init=False)
    _watched: float = field(default=0.0, init=False)

    def follow(self, stopped: Callable[[], bool]) -> Iterator[News]:
        """What happens, as it happens, until `stopped`."""
        reached = True
        # what the driver itself raises while it waits is not translated
        broken = (DBAPIError, self.store.engine.dialect.loaded_dbapi.Error)
        while not stopped():
            try:
                with self._connected() as connection:
                    if not reached:
                        yield Found()
                    reached = True
                    yield from self._hear(connection, stopped)
            except broken:
                if reached:
                    yield Lost()
                reached = False
                self._held, self._beside = None, ()
                self._rest(AGAIN, stopped)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = self.store.engine
        if not self.store.local:
            engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        connection = engine.connect()
        try:
            yield connection
        finally:
            # what it listened to and held must not come back with it from the pool
            with suppress(DBAPIError):
                connection.invalidate()
            connection.close()

    def _keep_watch(self, connection: Connection) -> None:
        """Once a minute a shared server looks who failed to sign in."""
        now = time.monotonic()
        if self.store.local or now - self._watched < EVERY:
            return
        self._watched = now
        try:
            watch(connection)
        except DBAPIError as error:
            if lost(error):
                raise

    def _rest(self, seconds: float, stopped: Callable[[], bool]) -> None:
        end = time.monotonic() + seconds
        while not stopped() and time.monotonic() < end:
            time.sleep(TICK)

    def _hear(self, connection: Connection, stopped: Callable[[], bool]) -> Iterator[News]:
        if self.store.local:
            yield from self._watch(connection, stopped)
            return
        raw: Any = connection.connection.driver_connection
        connection.execute(
            text("SELECT set_config('application_name', :name, false)"),
            {"name": f"{PROGRAM} {ascii_name(self.who)}"},
        )
        # a pooler answers with a number of its own
        self._pooled = connection.scalar(text("SELECT pg_backend_pid()")) != raw.info.backend_pid
        if self._pooled:
            yield from self._watch(connection, stopped)
            return
        connection.execute(text(f"LISTEN {CHANNEL}"))
        yield from self._missed(connection)
        beat = 0.0
        while not stopped():
            self._keep_watch(connection)
            notices = [heard(one.payload) for one in raw.notifies(timeout=TICK, stop_after=1)]
            fresh = tuple(one for one in notices if one is not None)
            if fresh:
                self._line = max(self._line or 0, *(one.action for one in fresh))
                yield Changed(fresh)
            if self.look != self._held or time.monotonic() - beat > BEAT:
                beat = time.monotonic()
                yield from self._present(connection)

    # what was written

    def _missed(self, connection: Connection) -> Iterator[News]:
        """What was written while nobody listened."""
        latest = head(connection)
        if self._line is None or latest < self._line:
            restored, self._line = self._line is not None, latest
            if restored:
                yield Changed((Notice(latest, "", None),))
            return
        if latest > self._line:
            # lines that this account may not read count as well
            found = since(connection, self._line) or [Notice(latest, "", None)]
            self._line = max(latest, found[-1].action)
            yield Changed(tuple(found))

    def _watch(self, connection: Connection, stopped: Callable[[], bool]) -> Iterator[News]:
        """Where nobody calls: look whether the database changed, then at its journal."""
        seen = None
        while not stopped():
            now = connection.scalar(text("PRAGMA data_version")) if self.store.local else head(connection)
            if now != seen:
                seen = now
                yield from self._missed(connection)
            self._keep_watch(connection)
            connection.rollback()  # an open read would go on seeing what it saw
            self._rest(LOOK, stopped)

    # who is beside us

    def _present(self, connection: Connection) -> Iterator[News]:
        """Say where we are, and hear who is there too."""
        wanted = self.look
        if wanted != self._held:
            connection.execute(text("SELECT pg_advisory_unlock_all()"))
            if wanted is not None:
                connection.execute(
                    text("SELECT pg_advisory_lock_shared(:place, :number)"), _lock(wanted, wanted.editing)
                )
            self._held, self._beside = wanted, ()
        if wanted is None:
            connection.execute(text("SELECT 1"))  # still there?
            return
        found = connection.execute(
            text(
                "SELECT at.application_name, held.classid::bigint = :changing FROM pg_locks held"
                " JOIN pg_stat_activity at ON at.pid = held.pid"
                " WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2"
                " AND held.classid::bigint IN (:looking, :changing) AND held.objid::bigint = :number"
                " AND held.pid <> pg_backend_pid()"
                " AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            ),
            {
                "looking": _place(wanted, False),
                "changing": _place(wanted, True),
                "number": wanted.number & _HALF,
            },
        ).all()
        people = tuple(sorted({(read_name(named), changing) for named, changing in found}))
        people = tuple(one for one in people if one[0])
        if people != self._beside:
            self._beside = people
            yield Beside(wanted, people)


_HALF = 0x7FFF_FFFF
"""An advisory lock has two numbers of 31 bits that are the same with and without a sign."""


def _place(spot: Spot, editing: bool) -> int:
    return zlib.crc32(f"{'change' if editing else 'look'} {spot.kind}".encode()) & _HALF


def _lock(spot: Spot, editing: bool) -> dict[str, int]:
    return {"place": _place(spot, editing), "number": spot.number & _HALF}
