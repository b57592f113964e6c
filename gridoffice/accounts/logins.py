"""Accounts of a shared server that keeps the passwords itself: there an account is a login role."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.tables import Account
from gridoffice.accounts.credentials import credential_of
from gridoffice.accounts.policy import policy_of
from gridoffice.accounts.rules import password_faults
from gridoffice.errors import Problem, RuleBroken


def kept_by_server(session: Session) -> bool:
    """Whether the server was set up for it (`server-setup`); else hashes are kept in the office."""
    if session.get_bind().dialect.name == "sqlite":
        return False
    owner = text("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = current_database() || '_owner')")
    return session.execute(owner).scalar_one()


def set_password(session: Session, account: Account, password: str) -> None:
    """Give an account's login another password, for one sign-in. Raises `RuleBroken` for one that is too
    weak."""
    _refuse_weak(session, account, password)
    from db.server import logins

    logins.set_password(session, account.name, password)
    _stamp(session, account, must_change=True)


def set_own_password(session: Session, account: Account, password: str) -> None:
    """Change the password of the login at work. Raises `RuleBroken` for one that is too weak."""
    _refuse_weak(session, account, password)
    from db.server import logins

    logins.own_password(session, password)
    _stamp(session, account, must_change=False)


def _stamp(session: Session, account: Account, must_change: bool) -> None:
    """The server keeps the password; since when it holds is kept here."""
    one = credential_of(session, account.id)
    one.since, one.must_change = datetime.now(UTC), must_change


def _refuse_weak(session: Session, account: Account, password: str) -> None:
    said = password_faults(password, (account.name, account.display), policy_of(session))
    if said:
        raise RuleBroken(said[0], [Problem(message, field="新密码") for message in said])
