"""Reading the whole of a shared office, to back it up, to prove it or to move it.

Who maintains an office need not see its business (三员): on a server he reads all of it only for the length of
such a task, and that he did stands in the journal before the first row is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.copying import KEEPER, OWNER, role_of
from db.enums import Deed, Right
from db.journal import entitle, recorder_of
from db.server import enforced
from gridoffice.accounts.rules import may
from gridoffice.errors import OfficeError
from gridoffice.office import Office, sentences
from gridoffice.service import service


@contextmanager
def everything(office: Office, why: str) -> Iterator[None]:
    """While it lasts the account reads the whole office, where it maintains it; `why` stands in the journal.
    Nothing to do in a local office, for who may anyway, and within another such task."""
    if office.store.local or not may(office.who.role, Right.MAINTAIN) or not _closed(office):
        yield
        return
    office.write(read_everything, why)
    try:
        yield
    finally:
        # whoever cannot give it back has lost the server; the next one's task takes it from him
        with suppress(OfficeError), sentences(office.store), office.store.engine.begin() as connection:
            connection.execute(text("SELECT gridoffice.keep(false)"))


def _closed(office: Office) -> bool:
    with sentences(office.store), office.store.engine.connect() as connection:
        able = any(role_of(connection, part) for part in (KEEPER, OWNER))
        return enforced(connection) and not able


@service("读全部资料", needs=Right.MAINTAIN, undoable=False)
def read_everything(session: Session, why: str) -> None:
    """The account reads everything from now on. Raises `Refused` when the server does not let it."""
    recorder_of(session).deed = Deed.NOTE
    session.execute(text("SELECT gridoffice.keep(true)"))
    entitle(session, f"为{why}读全部资料")
