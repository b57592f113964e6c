"""A write that may have to be tried again when the connection breaks, and is done once all the same."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from db.notices import Changes
from db.tables import Action


@dataclass(slots=True)
class Attempt:
    """One wish to write, however often it takes: `id` stands in the journal line. `line` is the number of
    the line that was being committed when the connection broke, `changes` what it touched."""

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    line: int | None = None
    changes: Changes = field(default_factory=dict)

    def landed(self, session: Session) -> bool:
        """Whether the commit that was in doubt arrived. To be asked with the turn to write: whoever held
        it before has committed or never will, and the number of the line was ours."""
        if self.line is None:
            return False
        detail = session.scalar(select(Action.detail).where(Action.id == self.line))
        return detail is not None and detail.get("request") == self.id


class Landed(Exception):
    """The commit that was in doubt had arrived: there is nothing more to do."""


_ENDED = {
    "57P01",  # the server is shut down
    "57P02",  # it crashed
    "57P03",  # it does not take anybody in yet
    "53300",  # there is no room for one more
    "25P03",  # we slept in the middle of a transaction
}
_GIVEN_UP = {"40001", "40P01"}


def lost(error: DBAPIError) -> bool:
    """Whether the connection broke, or none could be made: nothing of the transaction stands, unless it
    was being committed."""
    if error.connection_invalidated:
        return True
    if not hasattr(error.orig, "sqlstate"):
        return False  # a local file
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return isinstance(error, OperationalError)  # the driver's own: nobody answers
    return state in _ENDED or state.startswith("08")


def collided(error: BaseException | None) -> bool:
    """Whether the server gave this transaction up for another one: it may be tried again at once."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _GIVEN_UP
