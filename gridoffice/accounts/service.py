"""Accounts: signing in, adding, changing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Reach, Right, Role
from db.journal import entitle
from db.tables import Account, Grid, Person
from gridoffice.accounts.rules import may
from gridoffice.errors import NotFound, Refused, RuleBroken
from gridoffice.service import service

FIRST = "office"
"""The account of an office that nobody else shares."""

LONGEST = 64
"""How long a name of an account may be."""


@dataclass(frozen=True, slots=True)
class Who:
    """The account at work: `name` signs the journal, `display` is shown; `grid_id` is the top of what
    it may change, None for the whole office."""

    name: str
    display: str
    role: Role
    grid_id: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A grid and everything below it."""

    name: str
    path: str

    def holds(self, path: str) -> bool:
        """Does the grid of that path lie in it?"""
        return path.startswith(self.path)


def require(who: Who, right: Right) -> None:
    """Raises `Refused` when the account may not do this."""
    if not may(who.role, right):
        raise Refused(f"账号“{who.display}”不能{right.label}。")


def sign_in(session: Session, name: str | None) -> Who:
    """The account of that name; without a name, the office's first one."""
    if name is None:
        account = session.scalar(select(Account).where(Account.active).order_by(Account.id).limit(1))
        if account is None:
            raise NotFound("这个资料库里还没有账号。")
    else:
        account = session.scalar(select(Account).where(Account.name == name))
        if account is None:
            raise NotFound(f"没有账号“{name}”。")
        if not account.active:
            raise Refused(f"账号“{name}”已停用。")
    return Who(account.name, account.display, account.role, account.grid_id)


def accounts(session: Session) -> list[Who]:
    """Every active account, the first one first."""
    found = session.scalars(select(Account).where(Account.active).order_by(Account.id))
    return [Who(a.name, a.display, a.role, a.grid_id) for a in found]


def data_scope(session: Session) -> Scope | None:
    """Below which grid the account at work may see and change; None: the whole office."""
    who: Who | None = session.info.get("who")
    if who is None:
        return None
    found = session.execute(
        select(Grid.name, Grid.path).join(Account, Account.grid_id == Grid.id).where(Account.name == who.name)
    ).one_or_none()
    return Scope(*found) if found is not None else None


@service("新增账号", needs=Right.ADMINISTER)
def add_account(session: Session, name: str, display: str, role: Role, grid_id: int | None = None) -> Who:
    """A new account, of the whole office or of one grid and what lies below; names are unique. Raises
    `RuleBroken`."""
    for said, word in ((name, "账号名"), (display, "显示的名字")):
        if not said or len(said) > LONGEST:
            raise RuleBroken(f"{word}要写，最多 {LONGEST} 个字。")
    if session.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise RuleBroken(f"已有账号“{name}”。")
    reach = Reach.ALL if grid_id is None else Reach.BELOW
    session.add(Account(name=name, display=display, role=role, reach=reach, grid_id=grid_id))
    return Who(name, display, role, grid_id)


@service("绑定账号", needs=Right.ADMINISTER)
def bind_account(session: Session, name: str, person_id: int | None = None, scorer: str = "") -> None:
    """Say who of the people an account is, and whose indicators alone it delivers in an assessment (empty:
    all). Nobody scores himself. Raises `NotFound`."""
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        raise NotFound(f"没有账号“{name}”。")
    person = session.get(Person, person_id) if person_id is not None else None
    if person_id is not None and person is None:
        raise NotFound("没有这个人。")
    account.person_id, account.scorer = person_id, scorer.strip() or None
    told = [f"本人是“{person.name}”"] if person is not None else []
    told += [f"评分单位是“{account.scorer}”"] if account.scorer else []
    entitle(session, f"账号“{account.display}”：{'，'.join(told) or '不再绑定'}")
