"""Notices: what others are told of a write, in the same transaction as its line of the journal.

A notice names who wrote and the records touched, never what they say: everybody who is connected
hears it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from db.images import unpack
from db.tables import Account, Action, ActionPart, Base, JournalHead

CHANNEL = "gridoffice"
FEW = 200
"""So many records are named one by one; of more only the table is told."""
LATEST = 50
"""So many lines are looked up one by one; after more, everything counts as changed."""

Changes = Mapping[str, frozenset[int]]


EVERYTHING: Changes = {
    table.name: frozenset()
    for table in Base.metadata.sorted_tables
    if table.name not in {"action", "action_part", "journal_head"}
}
"""What counts as changed when it is not known what was."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody wrote: the journal line's number, who (as shown), and the ids by table; no ids when there
    are too many to name. `changes` is None when it is not known what changed."""

    action: int
    who: str
    changes: Changes | None


def told(changes: Changes) -> Changes:
    """What of a change notice is worth sending: each table, and its ids where they are few."""
    few = sum(map(len, changes.values())) <= FEW
    return {
        table: ids if few or len(ids) <= FEW // 10 else frozenset() for table, ids in changes.items() if ids
    }


def send(session: Session, action: int, who: str, changes: Changes) -> None:
    """Tell everybody who listens to a shared office, when this transaction is committed."""
    said = {"n": action, "by": who, "t": {table: sorted(ids) for table, ids in told(changes).items()}}
    session.execute(
        text("SELECT pg_notify(:channel, :said)"),
        {"channel": CHANNEL, "said": json.dumps(said, ensure_ascii=False, separators=(",", ":"))},
    )


def heard(payload: str) -> Notice | None:
    """A notice as it was sent; None for what is none: any account may send any words."""
    try:
        said = json.loads(payload)
        changes = {
            str(table): frozenset(int(number) for number in numbers) for table, numbers in said["t"].items()
        }
        return Notice(int(said["n"]), str(said["by"]), changes)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def head(connection: Connection) -> int:
    """The number of the latest line of the journal."""
    return connection.scalar(select(JournalHead.count)) or 0


def since(connection: Connection, action: int) -> list[Notice]:
    """What was written after a line, read from the journal; what cannot be told line by line is one
    notice without changes."""
    found = connection.execute(
        select(Action.id, Action.who, Account.display)
        .outerjoin(Account, Account.name == Action.who)
        .where(Action.id > action)
        .order_by(Action.id)
        .limit(LATEST + 1)
    ).all()
    if not found:
        return []
    if len(found) > LATEST:
        return [Notice(head(connection), "", None)]
    touched: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    numbers = [line.id for line in found]
    parts = select(ActionPart.action_id, ActionPart.of_table, ActionPart.number, ActionPart.count)
    many: set[tuple[int, str]] = set()
    for line, table, number, count in connection.execute(
        parts.where(ActionPart.action_id.in_(numbers))
    ).all():
        if count > FEW:
            many.add((line, table))
        touched[line][table] |= set() if count > FEW else _ids(connection, line, number)
    return [
        Notice(
            line.id,
            line.display or line.who,
            {
                table: frozenset() if (line.id, table) in many else frozenset(ids)
                for table, ids in touched[line.id].items()
            }
            or None,  # nothing that this account may read
        )
        for line in found
    ]


def _ids(connection: Connection, action: int, number: int) -> set[int]:
    body = connection.scalar(
        select(ActionPart.body).where(ActionPart.action_id == action, ActionPart.number == number)
    )
    return {entry[0] for entry in unpack(body)} if body is not None else set()
