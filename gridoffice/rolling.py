"""Automatic backups: the last of each day, week and month, made while nobody waits; and what they say of how
safe the office is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import keyed
from db.enums import Right
from db.tables import Action, JournalHead, Person
from gridoffice import safekeeping
from gridoffice.accounts.rules import may
from gridoffice.errors import OfficeError, Refused
from gridoffice.office import Office, sentences
from gridoffice.safekeeping import BackedUp
from gridoffice.shelf import (
    Backup,
    Kind,
    Shelf,
    backups_on,
    day_of,
    keep_shelf,
    name_for,
    same_disk,
    shelf_of,
    spans_of,
)

AGAIN = timedelta(hours=1)
"""How long after an automatic backup what was written since is saved into it too."""
STALE = timedelta(days=7)
"""How old an automatic backup may be when the journal says that nothing changed: not everything an office
keeps stands in its journal."""
TORN = timedelta(days=1)
"""How old a half-made backup is that nobody makes any more."""
UNSEALED = (
    "资料库和备份的文件没有密码，账号密码只管本程序：谁拿到文件都读得出来。"
    "在“连接”页给资料库加上密码，备份跟着一样；带走的一份，另存时也能单独加。"
)
SEALED = "资料库和备份都有密码。换一台电脑恢复，用同一个密码；密码丢了谁也打不开。"
"""Said where backups of a local office are."""
AHEAD = timedelta(minutes=10)
"""How far two computers' clocks may differ before one of them is called wrong."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """The backup that was made (None: nothing had changed), and those that had served their time."""

    made: BackedUp | None
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How safe the office is: its last good backup, how many days ago that was (None when what it holds is all
    there is), and sentences of what is wrong, the worst first."""

    shelf: Shelf
    last: Backup | None
    days: int | None
    wrong: tuple[str, ...]
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelved:
    """The page of backups: what stands on the shelf, and how safe that is."""

    standing: Standing
    backups: tuple[Backup, ...]


def keeps_backups(office: Office) -> bool:
    """Does this computer back the office up by itself? A local office always; of a shared one only with the
    account of who maintains it."""
    return office.store.local or may(office.who.role, Right.MAINTAIN)


def roll(office: Office, now: datetime | None = None, anyway: bool = False) -> Rolled:
    """Make the automatic backup of today when there is something to save (or `anyway`), then let go of those
    that are the last of no day, week or month any more. Raises `OfficeError`; a failed backup removes
    nothing."""
    if not keeps_backups(office):
        raise Refused("共享资料库的备份由系统管理员做，这个账号不做。")
    now = now or datetime.now().astimezone()
    shelf = shelf_of(office.store)
    behind = _behind(office, backups_on(shelf, office.store), now)
    if behind:
        raise OfficeError(behind)
    if not anyway and not due(office, now):
        return Rolled(None)
    made = safekeeping.make(office, shelf.folder / name_for(Kind.AUTO, now, safekeeping.ending(office)), now)
    names = [one.file.name for one in backups_on(shelf, office.store) if one.kind is Kind.AUTO]
    stay = spans_of(names, shelf.kept)
    removed = [name for name in names if name not in stay and day_of(name) is not None]
    for name in removed:
        with suppress(OSError):  # opened by somebody: it goes tomorrow
            (shelf.folder / name).unlink()
    for torn in shelf.folder.glob("*.new*"):
        with suppress(OSError):
            if now.timestamp() - torn.stat().st_mtime > TORN.total_seconds():
                torn.unlink()
    return Rolled(made, tuple(removed))


def due(office: Office, now: datetime) -> bool:
    """Is there anything an automatic backup would save that none holds yet?"""
    automatic = [one for one in backups_on(shelf_of(office.store), office.store) if one.kind is Kind.AUTO]
    last = automatic[0] if automatic else None
    if last is None or not last.checked or now - last.at > STALE:
        return True
    written = _lines(office) != last.actions
    return written and (last.at.date() < now.date() or now - last.at >= AGAIN)


def standing(office: Office, now: datetime | None = None) -> Standing:
    """How safe the office is, in sentences."""
    return shelved(office, now).standing


def shelved(office: Office, now: datetime | None = None) -> Shelved:
    """What stands on the shelf of the office, and how safe that is."""
    now = now or datetime.now().astimezone()
    shelf = shelf_of(office.store)
    found = backups_on(shelf, office.store)
    good = next((one for one in found if one.checked), None)
    wrong = [said for said in (_behind(office, found, now),) if said]
    days = None
    if good is None:
        wrong.append("还没有核对过的备份。现在备份一份。" if keeps_backups(office) else "")
    elif _lines(office) != good.actions:
        days = max(0, (now.date() - good.at.astimezone().date()).days)
        if days >= shelf.remind and not wrong:
            wrong.append(f"已经 {days} 天没有备份，这几天的变动只有一份。现在备份一份。")
    advice = []
    if same_disk(shelf, office.store):
        advice.append("备份和资料库在同一块硬盘上，硬盘坏了会一起丢。放到另一块盘或网络盘更稳妥。")
    if office.store.local:
        advice.append(UNSEALED if office.store.key is None else SEALED)
    if office.store.key is not None:
        plain = [one.file for one in found if keyed.salt_of(one.file) is None]
        if plain:
            wrong.append(
                f"有 {len(plain)} 份备份没有密码，谁拿到都读得出来。删掉，或换一次密码，勾上“已有的备份也用这个密码”。"
            )
    return Shelved(Standing(shelf, good, days, tuple(filter(None, wrong)), tuple(advice)), tuple(found))


def set_shelf(office: Office, shelf: Shelf) -> None:
    """Where backups go from now on, and how many stay. Raises `OfficeError`."""
    office.require(Right.MAINTAIN)
    keep_shelf(office.store, shelf)


def _behind(office: Office, found: Sequence[Backup], now: datetime) -> str:
    """What to say when the computer's clock was set back: earlier than what stands written."""
    days = [day for one in found if (day := day_of(one.file.name)) is not None]
    newest = max(days, default=None)
    if newest is not None and newest > now.date():
        return (
            f"电脑的日期是 {_day(now.date())}，最后一次自动备份却在 {_day(newest)}。"
            "把日期改对，自动备份才会接着做；已有的备份都还在。"
        )
    with sentences(office.store), office.store.reading() as session:
        last = session.scalar(select(Action.at).order_by(Action.id.desc()).limit(1))
    if last is not None and last.astimezone() > now + AHEAD:
        return (
            f"电脑的时间是 {_day(now.date())} {now:%H:%M}，最后一条变动却记在 "
            f"{_day(last.astimezone().date())} {last.astimezone():%H:%M}。把日期和时间改对再接着办。"
        )
    return ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _lines(office: Office) -> int:
    with sentences(office.store), office.store.reading() as session:
        # the end of the journal is told to who reads few of its lines, too
        return session.scalar(select(JournalHead.count)) or 0


@dataclass(frozen=True, slots=True)
class Loss:
    """What restoring a backup would take away: how many changes since, the last of them in words; people then
    and now. `strange`: the backup is not an earlier state of this office."""

    backup: Backup
    actions: int
    last: tuple[str, ...]
    people_then: int
    people_now: int
    strange: bool


SHOWN = 6
"""How many lost changes are named."""


def loss(office: Office, file: str) -> Loss:
    """What would be lost. Raises `OfficeError` when the file is no good backup."""
    office.require(Right.MAINTAIN)
    seen = safekeeping.look_into(office, file)

    def compare(session: Session) -> tuple[bool, int, tuple[str, ...], int]:
        people = session.scalar(select(func.count()).select_from(Person)) or 0
        same = (
            seen.lines == 0
            or session.scalar(select(Action.digest).where(Action.id == seen.lines)) == seen.head
        )
        since = select(Action).where(Action.id > (seen.lines if same else 0))
        count = session.scalar(select(func.count()).select_from(since.subquery())) or 0
        last = tuple(
            f"{action.at.astimezone():%m-%d %H:%M}　{action.who}　{action.title}"
            for action in session.scalars(since.order_by(Action.id.desc()).limit(SHOWN))
        )
        return same, count, last, people

    with safekeeping.whole(office, "对照备份") as session:
        same, count, last, people = compare(session)
    return Loss(seen.backup, count, last, seen.backup.people or 0, people, not same)
