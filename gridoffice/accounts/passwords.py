"""Passwords of accounts: given, changed, unlocked; and the rules of the door that they keep to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Deed, Right, Role
from db.journal import entitle, recorder_of
from db.tables import Account
from gridoffice.accounts import logins
from gridoffice.accounts.credentials import asks_for_passwords, credential_of, fits, set_secret, unlock
from gridoffice.accounts.policy import BOUNDS, SECURITY, policy_of
from gridoffice.accounts.rules import KEEPERS, may
from gridoffice.accounts.separation import require_approver, require_keeper, separated
from gridoffice.accounts.service import account_named, require
from gridoffice.both_changed import meet_fields
from gridoffice.errors import Refused, RuleBroken
from gridoffice.service import service
from gridoffice.settings import set_setting


def give_password(session: Session, account: Account, password: str) -> None:
    """A password for another. Raises `Refused` when it would be the office's first: from then on everybody
    is asked for one, and who gave it would stand outside himself."""
    if logins.kept_by_server(session):
        logins.set_password(session, account, password)
        return
    if not asks_for_passwords(session):
        raise Refused("先给自己设一个密码，再给别人设：有了第一个密码，每个人登录都要密码。")
    set_secret(session, account, password, policy_of(session), must_change=True)


@service("重设密码", needs=Right.READ, undoable=False)
def reset_password(session: Session, name: str, password: str) -> None:
    """Give another a password that holds for one sign-in; the account is unlocked by that. Those of the
    three are given to each other: the security administrator's by the system administrator, theirs by the
    security administrator. Raises `RuleBroken`, `Refused`."""
    account = account_named(session, name)
    keeps = account.role not in KEEPERS - {Role.SECURITY_ADMIN} or not separated(session)
    require(session.info["who"], Right.KEEP_ACCOUNTS if keeps else Right.APPROVE_ACCOUNTS)
    (require_keeper if keeps else require_approver)(session)
    if account.name == session.info["who"].name:
        raise Refused("自己的密码用“改密码”改，要先写现在的密码。")
    give_password(session, account, password)
    _note(session, f"重设账号“{account.display}”的密码，下次登录要换")


@service("解锁账号", needs=Right.KEEP_ACCOUNTS, undoable=False)
def unlock_account(session: Session, name: str) -> None:
    """Let an account try again that failed too often."""
    require_keeper(session)
    account = account_named(session, name)
    if logins.kept_by_server(session):
        logins.unlock(session, account)
    else:
        unlock(credential_of(session, account.id))
    _note(session, f"解锁账号“{account.display}”")


@service("改密码", needs=Right.READ, undoable=False)
def change_own_password(session: Session, old: str, new: str) -> None:
    """Change one's own password, by saying the present one. Raises `RuleBroken`.

    On a server that keeps the passwords, the present one is tried there by a connection of its own, so that whoever
    finds a window open cannot take its account over. It is the program that asks: PostgreSQL lets every login that
    is connected change its own password (ALTER ROLE), and whoever connects by other means is not asked for it."""
    account = account_named(session, session.info["who"].name)
    if logins.kept_by_server(session):
        if not logins.lets_in(session.get_bind().engine.url, old):
            raise RuleBroken("现在的密码不对，或者连不上共享资料库。")
        logins.set_own_password(session, account, new)
    else:
        if not asks_for_passwords(session) and not may(account.role, Right.KEEP_ACCOUNTS):
            raise Refused("这个资料库还不用密码，要用就由管理员先给自己设一个。")
        secret = credential_of(session, account.id).secret
        if secret is not None and not fits(secret, old):
            raise RuleBroken("现在的密码不对。")
        set_secret(session, account, new, policy_of(session), must_change=False)
    _note(session, "改自己的密码")


def _note(session: Session, title: str) -> None:
    """What changes no journalled record is a line of its own all the same."""
    recorder_of(session).deed = Deed.NOTE
    entitle(session, title)


@service("改密码和锁屏的规矩", needs=Right.APPROVE_ACCOUNTS, undoable=False)
def set_policy(session: Session, values: Mapping[str, Any], seen: Mapping[str, Any] | None = None) -> None:
    """Change some numbers of the policy. Raises `RuleBroken` for one that is out of its bounds, `FieldsClash` where
    somebody else changed the same since it was `seen`."""
    require_approver(session)
    for name, value in values.items():
        bounds = BOUNDS[name]
        if not isinstance(value, int) or not bounds.least <= value <= bounds.most:
            raise RuleBroken(f"{bounds.label}：{bounds.least} 到 {bounds.most} {bounds.unit}。")
    now = asdict(policy_of(session))
    labels = {name: bounds.label for name, bounds in BOUNDS.items()}
    say = lambda name, value: f"{value} {BOUNDS[name].unit}"  # noqa: E731
    said = meet_fields("密码和锁屏的规矩", labels, seen, values, now, say)
    set_setting(session, SECURITY, {**now, **said})
    told = [
        f"{labels[name]} {now[name]} → {say(name, value)}"
        for name, value in said.items()
        if now[name] != value
    ]
    entitle(session, f"改安全规矩：{'；'.join(told) or '没有变'}")
