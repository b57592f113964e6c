"""Which files were taken in before, and whether this very one was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from db.enums import Deed
from db.tables import Account, Action
from gridoffice.history import journal


@dataclass(frozen=True, slots=True)
class Before:
    """A file was taken in before: when, by whom, as which action."""

    day: datetime
    who: str
    action: int
    title: str


def taken_in_before(session: Session, service: str, digest: str) -> Before | None:
    """The latest import of the very same file (by its SHA-256) that still stands, None when there is none."""
    imports = session.scalars(
        select(Action.id)
        .where(Action.service == service, Action.deed == Deed.DO)
        .where(type_coerce(Action.detail, Text).contains(digest))
        .order_by(Action.id.desc())
    ).all()
    for action_id in imports:
        (line,) = journal(session, limit=1, before=action_id + 1)
        if not line.undone:
            who = session.scalar(select(Account.display).where(Account.name == line.who))
            return Before(line.at, who or line.who, line.id, line.title)
    return None


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken in: its name, when, by whom, what came of it; `undone` when that was taken
    back."""

    action: int
    day: datetime
    who: str
    file: str
    title: str
    undone: bool


def files_taken_in(session: Session, limit: int = 6) -> list[Taken]:
    """The latest imports, the newest first."""
    imports = session.scalars(
        select(Action.id)
        .where(Action.deed == Deed.DO, type_coerce(Action.detail, Text).contains("sha256"))
        .order_by(Action.id.desc())
        .limit(limit)
    ).all()
    lines = [line for action_id in imports for line in journal(session, limit=1, before=action_id + 1)]
    names = select(Account.name, Account.display).where(Account.name.in_({line.who for line in lines}))
    shown = {name: display for name, display in session.execute(names)}
    return [
        Taken(line.id, line.at, shown.get(line.who) or line.who, line.detail["file"], line.title, line.undone)
        for line in lines
    ]
