"""Reading and writing within what an account looks after. The whole office pays nothing for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Reach, Right, Role
from db.journal import recorder_of
from db.narrowing import Extent, Lines, reading, strays, within
from db.session import Store
from db.tables import Account
from gridoffice.accounts.rules import OFFICE_DUTIES, may
from gridoffice.accounts.service import Who, data_scope, scope_of
from gridoffice.errors import Refused

NAMED = 3
"""So many records that lie outside are named."""


@contextmanager
def looking(store: Store, who: Who) -> Iterator[Session]:
    """A reading session that sees what the account may see. On a shared server the server narrows."""
    extent = None
    if store.local and not who.whole:
        with store.reading() as session:
            extent = extent_of(session, who)
    with store.reading() if extent is None else reading(store, extent) as session:
        session.info["extent"] = extent
        yield session


def extent_of(session: Session, who: Who) -> Extent | None:
    """How far an account sees, by what is recorded of it now; None: the whole office."""
    scope = scope_of(session, who.name)
    if scope is None:
        return None
    lines = {Role.AUDITOR: Lines.ALL, Role.SECURITY_ADMIN: Lines.USERS}.get(who.role, Lines.OWN)
    return Extent(
        who.name,
        scope.name,
        scope.paths,
        scope.below,
        scope.person_id,
        closed=not scope.paths and scope.person_id is None,
        tree=may(who.role, Right.KEEP_ACCOUNTS) or may(who.role, Right.APPROVE_ACCOUNTS),
        doors=any(may(who.role, one) for one in (*OFFICE_DUTIES, Right.AUDIT)),
        lines=lines,
    )


def in_reach(session: Session, table: str, ids: Iterable[int]) -> frozenset[int] | None:
    """Those of some records, found by a session that plans, that the account at work sees: a plan compares a file
    with no others. None where it sees the whole office, and on a shared server, which finds no others."""
    scope = data_scope(session)
    if scope is None or session.get_bind().dialect.name != "sqlite":
        return None
    name = session.info["who"].name
    extent = Extent(name, scope.name, scope.paths, scope.below, scope.person_id)
    return frozenset(within(session, extent, table, ids))


def still_at_work(session: Session, who: Who) -> None:
    """Raises `Refused` when the account was switched off, or given other rights, since it signed in."""
    now = session.execute(
        select(Account.active, Account.role, Account.reach).where(Account.name == who.name)
    ).one_or_none()
    # the office's founding comes before its first account
    if now is not None and now != (True, who.role, who.reach):
        raise Refused("这个账号的权限刚改过或已停用，重新登录后再办。")


def stay_within(session: Session, who: Who, needs: Right) -> None:
    """Raises `Refused` when a write touched what the account does not look after. Keeping accounts and the
    office itself concerns all of it. A shared server refuses by itself."""
    local = session.get_bind().dialect.name == "sqlite"
    if not local or who.reach is Reach.ALL or needs in OFFICE_DUTIES:
        return
    extent = extent_of(session, who)
    if extent is None:
        return
    session.flush()
    found = list(dict.fromkeys(strays(session, extent, recorder_of(session).parts)))
    if found:
        more = "等" if len(found) > NAMED else ""
        raise Refused(f"{'、'.join(found[:NAMED])}{more}不在你管的“{extent.name}”里，这次没有写入。")
