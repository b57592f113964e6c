"""The backup before this program takes the place of an older one.

The newer program makes it: whatever was wrong with backups in the older is mended, and the office is neither
opened nor brought up to date, so that nobody is asked for a password and the older program still reads it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from db import backup
from db.session import Store
from gridoffice import safekeeping, settings, shelf
from gridoffice.progress import report


def keep(version: str) -> Path | None:
    """Copy the local office last opened here as it stands, prove the copy, and answer where it is; None when
    there is no such office, or it is a shared one, whose administrator backs it up. Raises `OfficeError`."""
    target = safekeeping.before_upgrade(version)
    if target is None:
        return None
    store = Store(Path(settings.default_database()))
    try:
        with safekeeping.said("升级前没有备份成，资料没有变"):
            backup.check(Path(settings.default_database()))
            counts = backup.back_up(store, target, report)
            shelf.note_down(target, counts, datetime.now().astimezone())
    finally:
        store.close()
    return target
