"""What the worker process is asked to do: services and questions of the office, by name.

Nothing of Qt is imported here. The office of one address and account is kept open between jobs, so
that a warm worker answers at once.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from gridoffice.errors import Cancelled
from gridoffice.office import Done, Office
from gridoffice.patience import PAUSE
from gridoffice.progress import report
from ui.worker import find


@lru_cache(maxsize=1)
def office_at(database: str, account: str) -> Office:
    """The office of this address, opened by this account. Long work that meets a lost connection waits for
    it, as long as nobody cancels."""
    office = Office.open(database, account)
    office.patience = _wait
    return office


def _wait(since: float) -> bool:
    try:
        report("等资料库连上", int(since))
    except Cancelled:
        return False
    time.sleep(PAUSE)
    return True


def write(database: str, account: str, service: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Done:
    """Carry out the service "module:function" as one transaction."""
    return office_at(database, account).write(find(service), *args, **keywords)


def read(database: str, account: str, question: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Ask the question "module:function"."""
    return office_at(database, account).read(find(question), *args, **keywords)


def call(database: str, account: str, function: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Call "module:function" that takes an open office first (import, export, backup, proof)."""
    return find(function)(office_at(database, account), *args, **keywords)
