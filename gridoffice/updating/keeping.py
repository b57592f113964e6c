"""The backup before this program takes the place of an older one.

The newer program makes it: whatever was wrong with backups in the older is mended, and the office is neither
opened nor brought up to date, so that nobody is asked for a password and the older program still reads it. A file
whose own password the system's keyring does not remember is copied as it lies.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from db import backup
from db.session import Store
from gridoffice import safekeeping, settings, shelf
from gridoffice.errors import NeedsFilePassword
from gridoffice.progress import report
from gridoffice.unlocking import ready


def keep(version: str) -> Path | None:
    """Copy the local office last opened here as it stands, prove the copy, and answer where it is; None when
    there is no such office, or it is a shared one, whose administrator backs it up. Raises `OfficeError`."""
    target = safekeeping.before_upgrade(version)
    if target is None:
        return None
    office = Path(settings.default_database())
    with safekeeping.said("升级前没有备份成，资料没有变"):
        try:
            ready(office)
        except NeedsFilePassword:
            _as_it_lies(office, target)
            return target
        _proved(office, target)
    return target


def _proved(office: Path, target: Path) -> None:
    store = Store(office)
    try:
        backup.check(office)
        counts = backup.back_up(store, target, report)
        shelf.note_down(target, counts, datetime.now().astimezone())
    finally:
        store.close()


def _as_it_lies(office: Path, target: Path) -> None:
    """Byte for byte, with what is written and not yet taken over: setup has asked a running program to close."""
    backup.refuse_too_full(target.parent, backup.size_of(office))
    beside = Path(f"{office}-wal")
    if beside.exists() and beside.stat().st_size:
        shutil.copyfile(beside, f"{target}-wal")
    shutil.copyfile(office, target)
