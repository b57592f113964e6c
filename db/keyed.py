"""Local files with a password: SQLCipher 4 with its own defaults, so that any of its tools opens them by the password.

The password becomes a key once (PBKDF2-HMAC-SHA512, 256,000 rounds, salted with the first 16 bytes of the file:
SQLCipher's design document, “Key Derivation”). The key stays in the memory of the process that was told it, and
of the worker that works for it. Files without a password are opened by Python's own driver, which is faster and
is there anyway; the one with a password is imported when there is such a file.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib
import secrets
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol
from weakref import WeakSet

MAGIC = b"SQLite format 3\0"
"""How a file without a password begins; one with a password begins with its salt."""
PAGE = 4096
ROUNDS = 256_000
SALT, IV, MAC = 16, 16, 64
MIXED = 235
"""An encrypted page has about all 256 bytes in it; fewer than so many different ones are no encrypted page."""
FIRST_PAGES = 8
"""So many pages are looked at to tell a wrong password from a damaged file."""
DRIVER = "sqlcipher3.dbapi2"


class NoKey(Exception):
    """The file has a password that nobody has said here."""

    def __init__(self, file: Path):
        super().__init__(f"{file.name} has a password")
        self.file = file


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a file, and with the same salt every copy of it. Never shown, never written down."""

    secret: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @classmethod
    def of(cls, password: str, salt: bytes | None = None) -> Key:
        """The key of a file with this salt; without one, of a file that is yet to be made."""
        salt = secrets.token_bytes(SALT) if salt is None else salt
        return cls(hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS, 32), salt)

    @classmethod
    def read(cls, said: str) -> Key:
        """The key of an address (`Store.address`)."""
        both = bytes.fromhex(said)
        return cls(both[:-SALT], both[-SALT:])

    def said(self) -> str:
        """As it goes to another process of this program, and to SQLCipher (“raw key and salt”)."""
        return (self.secret + self.salt).hex()


class _AtWork(Protocol):
    file: Path | None
    key: Key | None


_known: dict[bytes, Key] = {}
"""The keys this process was told, by salt."""
_at_work: WeakSet[Any] = WeakSet()


def know(key: Key) -> None:
    """Open what this key opens from now on, in this process."""
    _known[key.salt] = key


def begin(store: _AtWork) -> None:
    """A file is at work: nobody else of this process reads it past SQLite. (POSIX drops every lock that a
    process has on a file when it closes the file: sqlite.org, “How To Corrupt”, 2.2.)"""
    _at_work.add(store)


def end(store: _AtWork) -> None:
    _at_work.discard(store)


def at_work(file: Path) -> list[_AtWork]:
    """The stores of this process that have the file open."""
    where = file.resolve()
    return [one for one in _at_work if one.file is not None and one.file.resolve() == where]


def key_of(file: Path) -> Key | None:
    """The key of a file that is there, None where it has no password. Raises `NoKey` for one nobody has said."""
    for store in at_work(file):
        return store.key
    salt = salt_of(file)
    if salt is None:
        return None
    if salt not in _known:
        raise NoKey(file)
    return _known[salt]


def salt_of(file: Path) -> bytes | None:
    """How a file with a password begins; None for one without, for none at all, and for what is no database."""
    try:
        with file.open("rb") as opened:
            page, size = opened.read(PAGE), opened.seek(0, 2)
    except OSError:
        return None
    encrypted = len(page) == PAGE and size % PAGE == 0 and len(set(page)) >= MIXED
    return None if page.startswith(MAGIC) or not encrypted else page[:SALT]


def opens(key: Key, file: Path) -> bool:
    """Whether the key is this file's, however damaged some of its pages are: each is signed with it."""
    signer = hashlib.pbkdf2_hmac("sha512", key.secret, bytes(byte ^ 0x3A for byte in key.salt), 2, 32)
    with file.open("rb") as opened:
        for number in range(1, FIRST_PAGES + 1):
            page = opened.read(PAGE)[SALT if number == 1 else 0 :]
            made = hmac.digest(signer, page[:-MAC] + number.to_bytes(4, "little"), "sha512")
            if hmac.compare_digest(made, page[-MAC:]):
                return True
    return False


def knowing() -> ModuleType:
    """The DBAPI module that knows keys; it opens files without one, too."""
    return importlib.import_module(DRIVER)


def driver_for(key: Key | None) -> ModuleType:
    """The DBAPI module that opens it."""
    return sqlite3 if key is None else knowing()


def errors() -> tuple[type[Exception], ...]:
    """What either driver raises; of one that was never needed there is nothing to catch."""
    loaded = sys.modules.get(DRIVER)
    return (sqlite3.Error,) if loaded is None else (sqlite3.Error, loaded.Error)


def unlock(connection: Any, key: Key | None) -> None:
    """The first thing said on a new connection."""
    if key is not None:
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to the terminal
        connection.execute(f"PRAGMA key = \"x'{key.said()}'\"")


def connect(
    file: Path, key: Key | None, *, writable: bool = True, timeout: float = 5.0
) -> sqlite3.Connection:
    """A bare connection. The caller knows the key (`key_of`), or gives a new file one."""
    named = str(file) if writable else f"{file.resolve().as_uri()}?mode=ro"
    made = driver_for(key).connect(named, timeout=timeout, uri=not writable)
    unlock(made, key)
    return made


def write_over(source: Path, key: Key | None, target: Path, fresh: Key | None) -> None:
    """Write what a file holds into a new one under another key, or none."""
    with closing(ciphered(source, key)) as connection:
        rewrite(connection, target, fresh)


def rewrite(connection: Any, target: Path, fresh: Key | None) -> None:
    """The same from an open connection of the driver that knows keys."""
    said = "''" if fresh is None else f"\"x'{fresh.said()}'\""
    connection.execute(f"ATTACH DATABASE ? AS rewritten KEY {said}", (str(target),))
    # a file that does not count yet: waiting for the disk after each table would take seconds
    connection.execute("PRAGMA rewritten.journal_mode = OFF")
    connection.execute("PRAGMA rewritten.synchronous = OFF")
    try:
        (version,) = connection.execute("PRAGMA main.user_version").fetchone()
        connection.execute("SELECT sqlcipher_export('rewritten')")
        connection.execute(f"PRAGMA rewritten.user_version = {int(version)}")
    finally:
        connection.execute("DETACH DATABASE rewritten")


def ciphered(file: Path, key: Key | None) -> Any:
    """A connection of the driver that knows keys, to a file with or without one."""
    made = knowing().connect(str(file), timeout=20, isolation_level=None)
    unlock(made, key)
    return made
