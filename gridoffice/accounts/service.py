"""Accounts: who is at work, how far he sees, and new accounts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, select, text
from sqlalchemy.orm import Session

from db.enums import Reach, Right, Role
from db.tables import Account, AccountGrid, Grid
from gridoffice.accounts.rules import may
from gridoffice.errors import NotFound, Refused

FIRST = "office"
"""The account of an office that nobody else shares."""

LONGEST = 64
"""How long a name of an account may be."""


@dataclass(frozen=True, slots=True)
class Who:
    """The account at work: `name` signs the journal, `display` is shown; `grid_id` is its unit, None where
    it has none or where its reach is not a unit's."""

    name: str
    display: str
    role: Role
    grid_id: int | None = None
    reach: Reach = Reach.ALL

    @property
    def whole(self) -> bool:
        """It sees and changes all of the office's business."""
        return self.reach is Reach.ALL


@dataclass(frozen=True, slots=True)
class Scope:
    """What an account of part of the office looks after: grids by their paths, with or without all that
    lies below; without any path nothing but what is told of `person_id`."""

    name: str
    paths: tuple[str, ...]
    below: bool = True
    person_id: int | None = None

    def holds(self, path: str) -> bool:
        """Does the grid of that path lie in it?"""
        return path.startswith(self.paths) if self.below else path in self.paths


def require(who: Who, right: Right) -> None:
    """Raises `Refused` when the account may not do this."""
    if not may(who.role, right):
        raise Refused(f"账号“{who.display}”不能{right.label}。")


def sign_in(session: Session, name: str | None) -> Who:
    """The account of that name; without a name, that of a shared server's login, else the office's first
    one. Nobody is asked for a password: whoever sits before the program comes in by `entering.enter`. Raises
    `NotFound`, `Refused`."""
    if name is None:
        shared = session.get_bind().dialect.name == "postgresql"
        login = session.scalar(text("SELECT session_user")) if shared else None
        mine = case((Account.name == login, 0), else_=1)
        account = session.scalar(select(Account).where(Account.active).order_by(mine, Account.id).limit(1))
        if account is None:
            raise NotFound("这个资料库里还没有账号。")
    else:
        account = session.scalar(select(Account).where(Account.name == name))
        if account is None:
            raise NotFound(f"没有账号“{name}”。")
        refuse_inactive(account)
    return who_of(account)


def refuse_inactive(account: Account) -> None:
    """Raises `Refused` for an account that waits for approval or is switched off."""
    if not account.active and account.pending:
        raise Refused(f"账号“{account.name}”还没批准，等安全保密管理员批准后再登录。")
    if not account.active:
        raise Refused(f"账号“{account.name}”已停用。")


def who_of(account: Account) -> Who:
    return Who(account.name, account.display, account.role, account.grid_id, account.reach)


def accounts(session: Session) -> list[Who]:
    """Every active account, the first one first."""
    return [
        who_of(one) for one in session.scalars(select(Account).where(Account.active).order_by(Account.id))
    ]


def account_named(session: Session, name: str) -> Account:
    """The account of that name, active or not. Raises `NotFound`."""
    found = session.scalar(select(Account).where(Account.name == name))
    if found is None:
        raise NotFound(f"没有账号“{name}”。")
    return found


WITHIN = "within"
"""In a session's `info`: a scope that takes the place of the account's, where a plan is asked for somebody else."""


def data_scope(session: Session) -> Scope | None:
    """What the account at work may see and change; None: the whole office."""
    who: Who | None = session.info.get("who")
    if who is None:
        return None
    return session.info.get(WITHIN) or scope_of(session, who.name)


def scope_of(session: Session, name: str) -> Scope | None:
    """How far an account sees by what is recorded of it now; None: the whole office."""
    query = select(Account.id, Account.display, Account.reach, Account.person_id, Grid.name, Grid.path)
    found = session.execute(
        query.outerjoin(Grid, Grid.id == Account.grid_id).where(Account.name == name)
    ).one_or_none()
    if found is None or found.reach is Reach.ALL:
        return None
    number, display, reach, person_id, unit, path = found
    if reach in (Reach.BELOW, Reach.UNIT):
        return Scope(unit or display, (path,) if path is not None else (), below=reach is Reach.BELOW)
    if reach is Reach.CUSTOM:
        named = select(Grid.name, Grid.path).join(AccountGrid, AccountGrid.grid_id == Grid.id)
        grids = session.execute(named.where(AccountGrid.account_id == number).order_by(Grid.path)).all()
        return Scope("、".join(name for name, _ in grids) or display, tuple(path for _, path in grids))
    return Scope(display, (), person_id=person_id if reach is Reach.OWN else None)
