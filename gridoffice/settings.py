"""The named values of an office, and what this computer remembers between two days."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Setting

MODEL, NAME, ORGANISATION, MAPPINGS, PACKS = "model", "name", "organisation", "mappings", "packs"
ANSWERS, SIGN_PHONES, SCHEMES = "answers", "sign phones", "schemes"
BADGE_KEY = "badge key"
"""Keys of an office's settings: its governance pack, its short name, the name it signs with, what the
headings of the workbooks it receives mean, the governance packs it wrote itself; what was answered to the
questions of its imports, the phones on the public signs of its grids, the assessment schemes it wrote
itself, the key that marks its badges."""


def setting(session: Session, key: str, default: Any = None) -> Any:
    """A named value of the office."""
    found = session.scalar(select(Setting).where(Setting.key == key))
    return default if found is None else found.value


def set_setting(session: Session, key: str, value: Any) -> None:
    """Write a named value of the office; call it inside a service."""
    found = session.scalar(select(Setting).where(Setting.key == key))
    if found is None:
        session.add(Setting(key=key, value=value))
    else:
        found.value = value


def data_folder() -> Path:
    """Where offices and logs of this user lie."""
    return user_data_path("GridOffice", appauthor=False, ensure_exists=True)


def _memory() -> Path:
    return data_folder() / "window.json"


def _remembered() -> dict[str, Any]:
    """All that this computer remembers; a file that makes no sense is an empty one."""
    try:
        found = json.loads(_memory().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def recall(key: str, default: Any = None) -> Any:
    """What this computer remembers (the office last opened, the size of letters, …)."""
    return _remembered().get(key, default)


def remember(key: str, value: Any) -> None:
    """Keep a value for the next start on this computer."""
    file = _memory()
    known = {**_remembered(), key: value}
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(file)


def default_database() -> str:
    """The office last opened on this computer, else a new one in the user's data folder."""
    return last_database() or str(data_folder() / "office.db")


def last_database() -> str | None:
    """The office last opened on this computer."""
    last = recall("database")
    return last if isinstance(last, str) and last and "\0" not in last else None
