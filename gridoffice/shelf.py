"""The shelf: the folder where this computer keeps an office's backups, and what is known of each of them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from db.dumping import ENDING as DUMP
from db.places import network_reason
from db.session import Store
from gridoffice import settings
from gridoffice.errors import RuleBroken

ENDING = ".backup"
LIST = "备份清单.json"
"""What was found when each backup was made and checked; it travels with them."""
REMEMBERED = "backups"


class Kind(Enum):
    """Why a backup was made; its name begins so."""

    AUTO = "自动备份"
    BY_HAND = "手动备份"
    BEFORE_RESTORE = "恢复前"
    BEFORE_UPGRADE = "升级前"
    BEFORE_PASSWORD = "换密码前"
    OTHER = "其他备份"


@dataclass(frozen=True, slots=True)
class Kept:
    """How many automatic backups stay: the last of so many days, weeks and months."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where backups go, how many stay, and after how many days without one the office reminds."""

    folder: Path
    kept: Kept = Kept()
    remind: int = 3


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup. `people`, `rows`, `actions` (lines of the journal) are known once it was checked; `drilled`
    is the day it was restored on trial."""

    file: Path
    kind: Kind
    at: datetime
    size: int
    people: int | None = None
    rows: int | None = None
    actions: int | None = None
    checked: bool = False
    drilled: date | None = None
    stays: str = ""
    """Of which span it is the last: 日, 周, 月; empty when it is not automatic."""


def shelf_of(store: Store) -> Shelf:
    """The shelf of an office on this computer; what was remembered of it and makes no sense does not count."""
    folder = (
        store.file.resolve().parent / f"{store.file.stem} 备份"
        if store.file is not None
        else settings.data_folder() / "备份" / _plain(f"{store.url.host or '本机'} {store.url.database}")
    )
    usual = Shelf(folder)
    known = settings.recall(REMEMBERED, {})
    said = known.get(_key(store)) if isinstance(known, dict) else None
    if not isinstance(said, dict):
        return usual
    chosen = said.get("folder")
    counts = {name: said[name] for name in ("daily", "weekly", "monthly") if _count(said.get(name), least=0)}
    kept = Kept(**counts)
    return Shelf(
        Path(chosen) if isinstance(chosen, str) and chosen and "\0" not in chosen else folder,
        kept if kept.daily or kept.weekly or kept.monthly else usual.kept,
        said["remind"] if _count(said.get("remind"), least=1) else usual.remind,
    )


def keep_shelf(store: Store, shelf: Shelf) -> None:
    """Remember where backups go and how many stay. Raises `RuleBroken`."""
    for count in (shelf.kept.daily, shelf.kept.weekly, shelf.kept.monthly):
        if not 0 <= count <= 366:
            raise RuleBroken(f"每样留 0 到 366 份，不能是 {count} 份。")
    if shelf.kept.daily < 1:
        raise RuleBroken("最近几天的备份至少留 1 份。")
    if not 1 <= shelf.remind <= 366:
        raise RuleBroken(f"隔几天提醒，写 1 到 366 天，不能是 {shelf.remind} 天。")
    try:
        shelf.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RuleBroken(f"“{shelf.folder}”建不了：{error.strerror or error}。换一个文件夹。") from error
    if not os.access(shelf.folder, os.W_OK):
        raise RuleBroken(f"“{shelf.folder}”不能写。换一个文件夹。")
    known = settings.recall(REMEMBERED, {})
    known = dict(known) if isinstance(known, dict) else {}
    known[_key(store)] = {
        "folder": str(shelf.folder),
        "daily": shelf.kept.daily,
        "weekly": shelf.kept.weekly,
        "monthly": shelf.kept.monthly,
        "remind": shelf.remind,
    }
    settings.remember(REMEMBERED, known)


def _count(said: Any, least: int) -> bool:
    return isinstance(said, int) and not isinstance(said, bool) and least <= said <= 366


def _key(store: Store) -> str:
    if store.file is not None:
        return str(store.file.resolve())
    return store.url.set(query={}).render_as_string(hide_password=True)


def _plain(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", name).strip(" .") or "共享"


# what stands on it


def name_for(kind: Kind, now: datetime, ending: str = ENDING) -> str:
    """An automatic backup is the last of its day; any other is of its second."""
    return (
        f"{kind.value} {now:%Y-%m-%d}{ending}"
        if kind is Kind.AUTO
        else f"{kind.value} {now:%Y-%m-%d %H%M%S}{ending}"
    )


def backups_on(shelf: Shelf, store: Store) -> list[Backup]:
    """Every backup on the shelf, and what lies beside a local office from earlier; the newest first."""
    known = _known(shelf.folder)
    found = [_backup(file, state, known.get(file.name)) for file, state in _files(shelf.folder)]
    if store.file is not None and store.file.parent.resolve() != shelf.folder:
        found += [
            _backup(file, state, None)
            for file, state in _files(store.file.parent)
            if file.name.startswith((Kind.BEFORE_RESTORE.value, "升级到 ", store.file.stem))
        ]
    newest = sorted(found, key=lambda one: (one.at, one.file.name), reverse=True)
    spans = spans_of((one.file.name for one in newest if one.kind is Kind.AUTO), shelf.kept)
    return [replace(one, stays=spans.get(one.file.name, "")) for one in newest]


def backup_at(file: Path) -> Backup:
    """What is known of one file, wherever it lies. Raises `OSError` when it is gone."""
    return _backup(file, file.stat(), _known(file.parent).get(file.name))


def _files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    try:
        return [
            (one, one.stat()) for one in folder.iterdir() if one.suffix in (ENDING, DUMP) and one.is_file()
        ]
    except OSError:
        return []


def _backup(file: Path, state: os.stat_result, said: Any) -> Backup:
    at = datetime.fromtimestamp(state.st_mtime).astimezone()
    day = day_of(file.name)
    at = (
        at if day is None else at.replace(day.year, day.month, day.day)
    )  # a copied file is as old as its copy
    plain = Backup(file, kind_of(file), at, state.st_size)
    if not isinstance(said, dict) or said.get("size") != state.st_size:
        return plain
    with suppress(TypeError, ValueError, KeyError):
        return replace(
            plain,
            at=datetime.fromisoformat(said["at"]).astimezone(),
            people=int(said["people"]),
            rows=int(said["rows"]),
            actions=int(said["actions"]),
            checked=True,
            drilled=date.fromisoformat(said["drilled"]) if said.get("drilled") else None,
        )
    return plain


def kind_of(file: Path) -> Kind:
    if re.search(r"\.\d{4}\.backup$", file.name) or file.name.startswith("升级到 "):
        return Kind.BEFORE_UPGRADE
    return next((kind for kind in Kind if file.name.startswith(kind.value)), Kind.OTHER)


def day_of(name: str) -> date | None:
    """The day that stands in the name of an automatic backup."""
    found = re.match(rf"{Kind.AUTO.value} (\d{{4}}-\d{{2}}-\d{{2}})\.\w+$", name)
    with suppress(ValueError):
        return date.fromisoformat(found[1]) if found else None
    return None


def spans_of(names: Iterable[str], kept: Kept) -> dict[str, str]:
    """Which automatic backups stay, and as the last of what: the newest of each of the last so many days,
    weeks and months of which there are any. Counted in backups, not by the clock: a computer whose date is
    wrong throws nothing away."""
    dated = sorted(((day, name) for name in names if (day := day_of(name)) is not None), reverse=True)
    found: dict[str, str] = {}
    for word, count, span in (
        ("月", kept.monthly, lambda day: (day.year, day.month)),
        ("周", kept.weekly, lambda day: day.isocalendar()[:2]),
        ("日", kept.daily, lambda day: day),
    ):
        last: dict[Any, str] = {}
        for day, name in dated:
            last.setdefault(span(day), name)
        found |= dict.fromkeys(list(last.values())[:count], word)
    return found


# what is known of each


def _known(folder: Path) -> dict[str, Any]:
    try:
        said = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def note_down(file: Path, counts: Mapping[str, int], at: datetime, drilled: date | None = None) -> None:
    """Keep beside a backup what was found in it. A shelf that cannot be written to loses only this note."""
    said: dict[str, Any] = {
        "size": file.stat().st_size,
        "at": at.isoformat(timespec="seconds"),
        "people": counts.get("person", 0),
        "rows": sum(counts.values()),
        "actions": counts.get("action", 0),
    }
    if drilled is not None:
        said["drilled"] = drilled.isoformat()
    known = {name: one for name, one in _known(file.parent).items() if (file.parent / name).exists()}
    known[file.name] = said
    fresh = file.with_name(LIST + ".new")
    with suppress(OSError):
        fresh.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(file.with_name(LIST))


def same_disk(shelf: Shelf, store: Store) -> bool:
    """Would one broken disk take the office and its backups?"""
    if store.file is None or network_reason(shelf.folder):
        return False
    here = next((place for place in (shelf.folder, *shelf.folder.parents) if place.exists()), None)
    with suppress(OSError):
        return here is not None and here.stat().st_dev == store.file.stat().st_dev
    return False
