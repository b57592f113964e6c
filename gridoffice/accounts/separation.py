"""Who keeps accounts and who lets them in, once an office has set the two apart."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right, Role
from db.tables import Account
from gridoffice.accounts.rules import KEEPERS, may
from gridoffice.accounts.service import Who
from gridoffice.errors import Refused


def at_work(session: Session) -> Counter[Role]:
    """How many active accounts there are of each role."""
    return Counter(session.scalars(select(Account.role).where(Account.active)))


def separated(session: Session) -> bool:
    """Whether a security administrator lets accounts in: what is asked for waits for him."""
    return at_work(session)[Role.SECURITY_ADMIN] > 0


def require_keeper(session: Session) -> None:
    """Raises `Refused` for an administrator of the business where a system administrator keeps accounts."""
    _leave_to(session, Role.SYSTEM_ADMIN, "账号由系统管理员维护")


def require_approver(session: Session) -> None:
    """Raises `Refused` for an administrator of the business where a security administrator approves."""
    _leave_to(session, Role.SECURITY_ADMIN, "这一步由安全保密管理员办")


def _leave_to(session: Session, role: Role, words: str) -> None:
    who: Who = session.info["who"]
    if who.role is Role.ADMINISTRATOR:
        names = session.scalars(select(Account.display).where(Account.active, Account.role == role)).all()
        if names:
            raise Refused(f"{words}：{'、'.join(names[:3])}。")


def refuse_two_hats(session: Session, account: Account, role: Role) -> None:
    """Raises `Refused` when somebody who is one of the three would be another of them as well. The same
    person is who is bound to the same of the office's people, or goes by the same name."""
    if role not in KEEPERS:
        return
    for other in session.scalars(select(Account).where(Account.role.in_(KEEPERS - {role}))):
        same = other.display.strip() == account.display.strip()
        same |= account.person_id is not None and other.person_id == account.person_id
        if other.id != account.id and same and (other.active or other.pending):
            raise Refused(
                f"“{account.display}”已经是{other.role.label}（账号“{other.name}”），"
                f"一个人不能又是{role.label}。"
            )


def refuse_lockout(session: Session, account: Account, becomes: Role | None) -> None:
    """Raises `Refused` when nobody would be left who keeps accounts, or who lets them in; `becomes` is the
    role the account would have then, None when it would be switched off."""
    left = at_work(session)
    if account.active:
        left[account.role] -= 1
    if becomes is not None:
        left[becomes] += 1
    for right, words in (
        (Right.KEEP_ACCOUNTS, "维护账号"),
        (Right.APPROVE_ACCOUNTS, "批准账号"),
    ):
        if not any(count > 0 and may(role, right) for role, count in left.items()):
            raise Refused(f"“{account.display}”是最后一个能{words}的人，先让别人也能{words}。")
