"""Turns: work that one does at a time, and who is at it since when.

In a shared office a turn is an advisory lock of the transaction; who holds it since when stands in the
name of the connection, which the server tells everybody. Beside a local file it is a lock of the
operating system on a file of its own. Either is gone with whoever held it, however that ended.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

WAIT = 3
"""Seconds to wait for one's turn before it is told who has it."""

TURNS = 722_015
"""The first number of our advisory locks for turns; the second says which."""

PROGRAM = "gridoffice"
NAME_ROOM = 30
"""So many bytes of somebody's name fit, in ASCII and with what else stands there, into the 63 bytes that
a connection's name may have."""


class Turn(StrEnum):
    """What one does at a time."""

    IMPORT = "import"
    MONTH = "month"
    UPGRADE = "upgrade"
    RESTORE = "restore"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def number(self) -> int:
        return list(Turn).index(self)


_WORDS = {
    Turn.IMPORT: "导入",
    Turn.MONTH: "办月度考核",
    Turn.UPGRADE: "升级资料库",
    Turn.RESTORE: "恢复或搬动资料库",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a turn since when."""

    turn: Turn
    who: str
    since: datetime

    def in_words(self) -> str:
        """正在由张三导入（10:32 开始）"""
        return f"正在由{self.who or '别人'}{self.turn.words}（{self.since.astimezone():%H:%M} 开始）"


class Taken(Exception):
    """Somebody else has the turn."""

    def __init__(self, holder: Holder):
        super().__init__(holder.in_words())
        self.holder = holder

    def __reduce__(self):
        return type(self), (self.holder,)


# names of connections


def ascii_name(who: str) -> str:
    """Somebody's name as a connection may bear it: the server keeps ASCII only."""
    short = who.encode()[:NAME_ROOM].decode(errors="ignore")
    return base64.urlsafe_b64encode(short.encode()).decode()


def read_name(text_: str) -> str:
    """Whose name a connection bears; empty for one of another program."""
    words = text_.split()
    if len(words) < 2 or words[0] != PROGRAM:
        return ""
    try:
        return base64.urlsafe_b64decode(words[-1]).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


# in a shared office


def take(connection: Connection, turn: Turn, who: str) -> None:
    """Take a turn until the transaction ends. Raises the database's own error when somebody else has it
    for longer than `WAIT`; `holder` then tells who."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:turns, :turn)"), _key(turn))
    connection.execute(
        text(
            "SELECT set_config('application_name', concat_ws(' ', CAST(:program AS text),"
            " CAST(extract(epoch FROM clock_timestamp()) AS bigint), CAST(:who AS text)), true)"
        ),
        {"program": PROGRAM, "who": ascii_name(who)},
    )


def holder(connection: Connection) -> Holder | None:
    """Who has a turn in a shared office; None when nobody has."""
    found = connection.execute(
        text(
            "SELECT held.objid, at.application_name, at.usename FROM pg_locks held"
            " JOIN pg_stat_activity at ON at.pid = held.pid"
            " WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2"
            " AND held.classid = :turns AND held.objid < :every AND held.pid <> pg_backend_pid()"
            " AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " ORDER BY held.objid LIMIT 1"
        ),
        {"turns": TURNS, "every": len(Turn)},
    ).one_or_none()
    if found is None:
        return None
    number, named, login = found
    words = named.split()
    known = len(words) == 3 and words[1].isdecimal()
    since = datetime.fromtimestamp(int(words[1]), UTC) if known else datetime.now(UTC)
    # whoever took it with another program is known by the login
    return Holder(list(Turn)[number], read_name(named) or login, since)


def refused_for(error: OperationalError) -> bool:
    """Whether the server refused because somebody else holds what was wanted."""
    return getattr(error.orig, "sqlstate", None) == "55P03"


def _key(turn: Turn) -> dict[str, int]:
    return {"turns": TURNS, "turn": turn.number}


# beside a local file


@contextmanager
def beside(file: Path, turn: Turn, who: str) -> Iterator[None]:
    """Have a turn in a local office. Raises `Taken`."""
    place = _place(file)
    deadline = time.monotonic() + WAIT
    while True:
        with place.open("a+b") as held:
            if _lock(held):
                if not _is_at(held, place):
                    continue  # whoever had it has just taken the file away
                try:
                    held.truncate(0)
                    held.write(json.dumps([turn.value, who, time.time()]).encode())
                    held.flush()
                    yield
                    break
                finally:
                    _take_away(place, still_open=True)
                    _unlock(held)
            if time.monotonic() > deadline:
                raise Taken(_told(held) or Holder(turn, "", datetime.now(UTC)))
        time.sleep(0.05)
    _take_away(place, still_open=False)


def _take_away(place: Path, still_open: bool) -> None:
    """Elsewhere a file that is taken away while it is locked is found out by the next one; Windows takes away
    only what nobody has open, and so nobody waits for."""
    if still_open == (sys.platform != "win32"):
        with suppress(OSError):
            place.unlink()


def holder_beside(file: Path) -> Holder | None:
    """Who has a turn in a local office; None when nobody has."""
    place = _place(file)
    if not place.exists():
        return None
    with place.open("r+b") as looked_at:
        if _lock(looked_at):
            _unlock(looked_at)
            return None
        return _told(looked_at)


def _place(file: Path) -> Path:
    return file.with_name(f"{file.name}-turn")


def _is_at(held: IO[bytes], place: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(held.fileno()), place.stat())
    except FileNotFoundError:
        return False


def _told(held: IO[bytes]) -> Holder | None:
    held.seek(0)
    try:
        turn, who, since = json.loads(held.read())
        return Holder(Turn(turn), who, datetime.fromtimestamp(since, UTC))
    except (ValueError, OSError):
        return None  # just being written or given up


if sys.platform == "win32":
    import msvcrt

    FAR = 1 << 30
    """What is locked cannot be read on Windows: the lock lies behind the words."""

    def _lock(file: IO[bytes]) -> bool:
        file.seek(FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
