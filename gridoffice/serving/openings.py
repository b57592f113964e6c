"""Who opened whole numbers on a shared server, and said why: what the journal does not tell already. A write
opens them too; its line stands in place of the note, so a note of a write is of one that came to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from db import server
from db.server.roles import SCHEMA


@dataclass(frozen=True, slots=True)
class Opening:
    """When, which account, from which address of the network, what for."""

    at: datetime
    who: str
    terminal: str
    why: str


def openings(session: Session, most: int = 200) -> list[Opening]:
    """The newest first: one's own, to who audits everybody's. None in an office that no server keeps."""
    if session.get_bind().dialect.name != "postgresql" or not server.enforced(session.connection()):
        return []
    query = f"SELECT at, who, terminal, why FROM {SCHEMA}.opening ORDER BY number DESC LIMIT :most"
    return [Opening(*row) for row in session.execute(text(query), {"most": most})]
