"""Accounts of a shared server that keeps the passwords itself: there an account is a login role."""

from __future__ import annotations

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.session import Store
from db.tables import Account
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

    session.flush()
    logins.set_password(session, account.name, password)


def set_own_password(session: Session, account: Account, password: str) -> None:
    """Change the password of the login at work. Raises `RuleBroken` for one that is too weak."""
    _refuse_weak(session, account, password)
    from db.server import logins

    logins.own_password(session, password)


def lets_in(url: URL, password: str) -> bool:
    """Whether the server lets the login of that address in by this password; a failure counts there as any other."""
    other = Store(url.set(password=password))
    try:
        with other.reading() as session:
            session.connection()
    except DBAPIError:
        return False
    finally:
        other.close()
    return True


def unlock(session: Session, account: Account) -> None:
    """Let an account try again that failed too often."""
    session.execute(text("SELECT gridoffice.unlock(:name)"), {"name": account.name})


def come_in(session: Session, terminal: str) -> None:
    """The account at work has come in from this computer."""
    session.execute(text("SELECT gridoffice.come_in(:terminal)"), {"terminal": terminal})


def unwatched(session: Session) -> str:
    """Why nobody is locked out here for wrong passwords, in a sentence; empty where the office or its server
    looks after that."""
    if not kept_by_server(session):
        return ""
    from db.server.watching import why_unwatched

    why = why_unwatched(session.connection())
    return (
        f"{UNWATCHED.get(why, '服务器的登录日志读不出来')}，输错密码的不会被锁，也不留记录。" if why else ""
    )


UNWATCHED = {
    "no reader": "服务器设置时没有给读登录日志的权限",
    "no csv log": "服务器没有把日志记成 csvlog",
    "unread": "服务器的登录日志还没有读过",
}


def _refuse_weak(session: Session, account: Account, password: str) -> None:
    said = password_faults(password, (account.name, account.display), policy_of(session))
    if said:
        raise RuleBroken(said[0], [Problem(message, field="新密码") for message in said])
