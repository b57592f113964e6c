"""Carrying out a write whatever becomes of the connection, and never twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from db.attempts import Attempt, collided
from gridoffice.errors import Lost, Unreachable

Patience = Callable[[float], bool]
"""Asked before a lost connection is tried again, with the seconds since it was lost: answers whether to
go on, having waited a little."""

T = TypeVar("T")

PAUSE = 0.3
"""Seconds between two tries."""
COLLISIONS = 5
"""So often a write that the server gave up for another one is begun anew."""


def for_seconds(patience: float) -> Patience:
    """Try again for so long."""

    def waited(since: float) -> bool:
        if since >= patience:
            return False
        time.sleep(PAUSE)
        return True

    return waited


def carried_out(once: Callable[[Attempt], T], patience: Patience) -> T:
    """Do a write once. When the connection breaks it is begun anew as soon as there is one again; where it
    broke in the middle of the commit, the journal tells whether that arrived. Raises `Lost` when the patience
    ends first; it says whether something may stand all the same."""
    attempt, lost_at, collisions = Attempt(), 0.0, 0
    while True:
        try:
            return once(attempt)
        except Lost as error:
            lost_at = lost_at or time.monotonic()
            if not patience(time.monotonic() - lost_at):
                if attempt.line is None:
                    raise
                raise Lost(
                    f"{error.message}连接断在写入的最后一刻，连上后看变动第 {attempt.line} 条有没有这一笔。"
                ) from error
        except Unreachable as error:
            cause = error.__cause__
            collisions += 1
            if collisions > COLLISIONS or not collided(cause):
                raise
