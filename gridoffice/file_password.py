"""The password of a local office: put on, changed, taken off.

The office is written anew under the other key and compared row by row; only then it takes the place of the old
file, in one step. Nobody else has it open meanwhile. A crash leaves the one or the other, whole.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from db import backup, keyed
from db.backup import BadBackup
from db.comparing import differing
from db.enums import Right
from db.keyed import Key, NoKey
from db.session import Store, engine_around
from db.turns import Turn
from gridoffice import passwords, safekeeping, shelf
from gridoffice.errors import Busy, Refused, RuleBroken
from gridoffice.office import Office, sentences
from gridoffice.progress import report
from gridoffice.shelf import Backup, Kind
from gridoffice.unlocking import checked

LOST = "密码丢了，资料库和备份谁也打不开，写程序的人也不行。写在纸上，装进信封封好，交单位保管。"
IN_USE = "资料库还开着：别的窗口、别的程序或另一个用户。都关掉再来。"


@dataclass(frozen=True, slots=True)
class Resealed:
    """What became of it: the key now, the backup made before, how many backups have the same password now, and
    the names of those that could not be given it."""

    key: Key | None
    before: str
    people: int
    rows: int
    backups: int
    left: tuple[str, ...]
    words: str

    def in_words(self) -> str:
        """One or two sentences for whoever did it."""
        said = f"已{self.words}，{self.people} 人、{self.rows} 行逐行比过都一样。"
        if self.backups:
            said += f"{self.backups} 份备份也用这个密码。"
        if self.left:
            said += f"有 {len(self.left)} 份备份没有换：{'、'.join(self.left[:3])}。"
        return said


def proves(office: Office, password: str) -> None:
    """Raises `Refused` when it is not the office's present password."""
    store = office.store
    if store.key is not None and Key.of(password, store.key.salt) != store.key:
        raise Refused("现在的密码不对。")


def put(office: Office, password: str | None, remember: bool = False, backups: bool = True) -> Resealed:
    """Give a local office this password instead of the one it has, or none; with `backups`, to those on the shelf
    too that can be opened now (taking it off leaves them as they are). The office given is closed after it.

    Raises `OfficeError`; the office is then as it was."""
    office.require(Right.MAINTAIN)
    if password is not None:
        checked(password)
    store = office.store
    if store.file is None:
        raise RuleBroken("共享资料库在服务器上，这里的密码只给本机资料库用。")
    if password is None and store.key is None:
        raise RuleBroken("这个资料库没有密码。")
    words = (
        "去掉资料库的密码" if password is None else "换掉资料库的密码" if store.key else "给资料库加上密码"
    )
    fresh, now = None if password is None else Key.of(password), datetime.now().astimezone()
    with (
        safekeeping.said("没有换成，资料库没有变"),
        sentences(store),
        store.alone(Turn.RESTORE, office.who.display),
    ):
        place = shelf.shelf_of(store)
        before = place.folder / shelf.name_for(Kind.BEFORE_PASSWORD, now)
        safekeeping.make(office, before, now)
        people, rows = _replaced(office, store.file, fresh, words)
    if store.key is not None:
        remember = remember or passwords.recall(store.key.salt) is not None
        passwords.forget(store.key.salt)
    if fresh is not None and password is not None:
        keyed.know(fresh)
        if remember:
            passwords.keep(fresh.salt, password)
    done, left = _backups(place, store, fresh) if backups and fresh is not None else (0, ())
    return Resealed(fresh, str(before), people, rows, done, left, words)


def _replaced(office: Office, file: Path, fresh: Key | None, words: str) -> tuple[int, int]:
    """Write the office anew, prove it, and put it in the place of the old one. Answers how many people and rows
    it has."""
    made = file.with_name(f"{file.name}.new")
    backup.refuse_too_full(file.parent, backup.size_of(file))
    backup.clear_away(made)
    key = office.store.key
    office.store.close()
    try:
        with _alone_with(file, key) as held:
            report("写成新的文件")
            keyed.rewrite(held, made, fresh)
            counts = _proved(held, made, fresh, office, words)
            backup.settle(made, fresh)
            _to_disk(made)
            _put_in_place(made, file, held)
    finally:
        backup.clear_away(made)
    return counts.get("person", 0), sum(counts.values())


@contextmanager
def _alone_with(file: Path, key: Key | None) -> Iterator[Any]:
    """A connection of the driver that knows keys, while nobody else has the file open. Raises `Busy`."""
    if keyed.at_work(file):  # two drivers in one process do not see each other's locks
        raise Busy(IN_USE)
    with closing(keyed.ciphered(file, key)) as held:
        try:
            held.execute("PRAGMA busy_timeout = 2000")
            # leaves the write-ahead log only when nobody else is in the file
            (mode,) = held.execute("PRAGMA journal_mode = DELETE").fetchone()
            if mode != "delete":
                raise Busy(IN_USE)
            held.execute("PRAGMA locking_mode = EXCLUSIVE")
            held.execute("BEGIN EXCLUSIVE")
            held.execute("COMMIT")
        except keyed.errors() as error:
            if "locked" in str(error):
                raise Busy(IN_USE) from error
            raise
        yield held


def _proved(held: Any, made: Path, fresh: Key | None, office: Office, words: str) -> dict[str, int]:
    """Compare row by row (the journal and its chain with the rest), and write the line that stands for it."""
    here = engine_around(held)
    store = Store(made, fresh)
    try:
        with here.connect() as one, store.engine.connect() as other:
            _, wrong = differing(one, other, report)
        if wrong:
            raise BadBackup(f"新写的文件里 {'、'.join(wrong)} 与原来的不一样，没有换。")
        Office(store, office.who).write(safekeeping.noted, words, made.stem)
    finally:
        store.close()
        here.dispose(close=False)
    return backup.check(made)


def _put_in_place(made: Path, file: Path, held: Any) -> None:
    """In one step. Windows lets no file take the place of one that is open; elsewhere whoever waits for the old
    one finds it empty, so that nothing is written where nobody looks."""
    if sys.platform == "win32":
        held.close()
        try:
            made.replace(file)
        except PermissionError as error:
            raise Busy(IN_USE) from error
        return
    with file.open("r+b") as old:
        made.replace(file)
        old.truncate(0)
    _to_disk(file.parent)


def _to_disk(what: Path) -> None:
    """Written down before anything relies on it."""
    opened = os.open(what, os.O_RDONLY if what.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _backups(place: shelf.Shelf, store: Store, fresh: Key) -> tuple[int, tuple[str, ...]]:
    """Give the backups of an office its new password. Answers how many have it now, and those left as they are."""
    found = [one for one in shelf.backups_on(place, store) if one.file.suffix == shelf.ENDING]
    done, left = 0, []
    for number, one in enumerate(found):
        report("换备份的密码", number, len(found))
        try:
            _rewrite_backup(one, fresh)
            done += 1
        except (NoKey, BadBackup, OSError, *keyed.errors()):
            left.append(one.file.name)
    return done, tuple(left)


def _rewrite_backup(one: Backup, fresh: Key) -> None:
    file, was = one.file, one.file.stat()
    key = keyed.key_of(file)
    if key == fresh:
        return
    made = file.with_name(f"{file.name}.new")
    try:
        backup.clear_away(made)
        backup.refuse_too_full(file.parent, was.st_size)
        keyed.write_over(file, key, made, fresh)
        counts = backup.check(made)
        os.utime(made, ns=(was.st_atime_ns, was.st_mtime_ns))
        made.replace(file)
    finally:
        backup.clear_away(made)
    if one.checked:
        shelf.note_down(file, counts, one.at, one.drilled)
