"""Keeping accounts: asking for one, approving, changing, switching off.

Nothing of this is taken back by undo except where one person keeps the office alone: what somebody else
approved is not turned round by who asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Reach, Right, Role
from db.journal import entitle, recorder_of
from db.tables import Account, AccountGrid, Grid, Person
from gridoffice.accounts.passwords import give_password
from gridoffice.accounts.rights import STANDING, Rights, Standing, in_words, rights_of, standing
from gridoffice.accounts.rules import KEEPERS
from gridoffice.accounts.separation import (
    refuse_lockout,
    refuse_two_hats,
    require_approver,
    require_keeper,
    separated,
)
from gridoffice.accounts.service import Who, account_named, who_of
from gridoffice.both_changed import meet_fields
from gridoffice.errors import Conflict, NotFound, Refused, RuleBroken
from gridoffice.service import service

LONGEST = 64
"""How long a name of an account may be."""


# ---- asking for accounts and rights --------------------------------------------------------------


@service("新增账号", needs=Right.KEEP_ACCOUNTS)
def add_account(
    session: Session,
    name: str,
    display: str,
    role: Role,
    grid_id: int | None = None,
    *,
    reach: Reach | None = None,
    grids: Sequence[int] = (),
    password: str = "",
) -> Who:
    """A new account; names are unique. Without a `reach` it is the whole office, or with a grid that unit
    and what lies below. `password` is for the first sign-in, which asks for another. Where a security
    administrator works it waits for his approval. Raises `RuleBroken`, `Refused`."""
    require_keeper(session)
    for said, word in ((name, "账号名"), (display, "显示的名字")):
        if not said.strip() or len(said) > LONGEST:
            raise RuleBroken(f"{word}要写，最多 {LONGEST} 个字。")
    if session.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise RuleBroken(f"已有账号“{name}”。")
    reach = _reach(role, reach, grid_id)
    waits = separated(session)
    account = Account(
        name=name,
        display=display.strip(),
        role=role,
        reach=reach,
        grid_id=grid_id if reach in (Reach.BELOW, Reach.UNIT) else None,
        active=not waits,
        pending=_pending(session, new=True) if waits else None,
    )
    refuse_two_hats(session, account, role)
    session.add(account)
    session.flush()
    _set_grids(session, account, grids)
    if password:
        give_password(session, account, password)
    if waits:
        recorder_of(session).undoable = False
    entitle(session, f"新增账号“{account.display}”（{_told(session, account)}）{'，等批准' if waits else ''}")
    return who_of(account)


def _reach(role: Role, reach: Reach | None, grid_id: int | None) -> Reach:
    """How far an account of that role sees when nobody says otherwise. Raises `RuleBroken`."""
    if role in KEEPERS:
        return Reach.NONE
    if reach is Reach.NONE:
        raise RuleBroken(f"{role.label}要看业务资料，范围不能是“{reach.label}”。")
    return reach or (Reach.ALL if grid_id is None else Reach.BELOW)


def _pending(session: Session, **said: Any) -> dict[str, Any]:
    """What is kept of something that waits for approval."""
    who: Who = session.info["who"]
    return {"by": who.name, "at": datetime.now(UTC).isoformat(timespec="seconds"), **said}


def _set_grids(session: Session, account: Account, grids: Sequence[int]) -> None:
    """The grids of an account of reach 指定网格; any other has none of its own list."""
    wanted = set(grids) if account.reach is Reach.CUSTOM else set()
    there = session.scalars(select(AccountGrid).where(AccountGrid.account_id == account.id)).all()
    for one in there:
        if one.grid_id not in wanted:
            session.delete(one)
    for grid_id in sorted(wanted - {one.grid_id for one in there}):
        if session.get(Grid, grid_id) is None:
            raise NotFound("没有这个网格。")
        session.add(AccountGrid(account_id=account.id, grid_id=grid_id))


@service("改账号", needs=Right.KEEP_ACCOUNTS)
def change_account(
    session: Session,
    name: str,
    *,
    display: str,
    role: Role,
    reach: Reach,
    grid_id: int | None = None,
    grids: Sequence[int] = (),
    seen: Standing | None = None,
) -> None:
    """Change what an account is and how far it sees. Where a security administrator works, other rights wait
    for his approval and the account goes on with what it has. Raises `RuleBroken`, `Refused`, and `FieldsClash`
    where somebody else changed the same since it was `seen`: role and reach together are one thing there, for of
    two halves a right might come that nobody meant to give."""
    require_keeper(session)
    account = account_named(session, name)
    if not display.strip() or len(display) > LONGEST:
        raise RuleBroken(f"显示的名字要写，最多 {LONGEST} 个字。")
    wish = Rights(role, _reach(role, reach, grid_id), grid_id, tuple(grids)).tidy()
    now = standing(session, account)
    has = rights_of(session, account)
    # who leaves the rights as they are touches nothing that waits
    mine = {"display": display.strip(), "rights": now["rights"] if wish == has else wish}
    words = lambda key, value: value if key == "display" else in_words(session, value)  # noqa: E731
    said = meet_fields(f"账号“{account.display}”", STANDING, seen, mine, now, words)
    account.display, wish = said["display"], said["rights"]
    refuse_two_hats(session, account, wish.role)
    if wish == now["rights"]:
        entitle(session, f"改账号“{account.display}”的名字")
        return
    ask_for(session, account, wish)


def ask_for(session: Session, account: Account, wish: Rights) -> None:
    """Give an account these rights, or where a security administrator works ask him for them."""
    if separated(session) and not (account.pending or {}).get("new"):
        account.pending = _pending(session, **wish.plain())
        recorder_of(session).undoable = False
        entitle(session, f"申请改账号“{account.display}”的权限：{in_words(session, wish)}，等批准")
        return
    _take(session, account, wish)
    entitle(session, f"改账号“{account.display}”：{_told(session, account)}")


def _told(session: Session, account: Account) -> str:
    """What an account is and how far it sees, in words."""
    session.flush()
    return in_words(session, rights_of(session, account))


def _take(session: Session, account: Account, wish: Rights) -> None:
    """Give an account the rights that were asked for."""
    if account.active:
        refuse_lockout(session, account, wish.role)
    account.role, account.reach, account.grid_id = wish.role, wish.reach, wish.grid_id
    session.flush()
    _set_grids(session, account, wish.grids)


@service("批准账号", needs=Right.APPROVE_ACCOUNTS, undoable=False)
def approve_account(session: Session, name: str, seen: Rights | None = None) -> None:
    """Let in what waits for approval: a new account, or other rights. Nobody approves what he asked for, or
    his own account, or, where he has `seen` it, anything else than that. Raises `Refused`, `Conflict`."""
    account, asked = _waiting(session, name)
    wish = standing(session, account)["rights"]
    if seen is not None and wish != seen:
        raise Conflict(f"申请刚改过，现在是“{in_words(session, wish)}”。看过新的再批准。")
    if not asked.get("new"):
        _take(session, account, wish)
    refuse_two_hats(session, account, account.role)
    account.active, account.pending = True, None
    entitle(session, f"批准账号“{account.display}”：{_told(session, account)}")


@service("不批准账号", needs=Right.APPROVE_ACCOUNTS, undoable=False)
def reject_account(session: Session, name: str, reason: str) -> None:
    """Turn down what waits for approval: a new account stays switched off, an old one as it is."""
    account, asked = _waiting(session, name)
    if not reason.strip():
        raise RuleBroken("写一句为什么不批准。")
    account.pending = None
    what = "新账号" if asked.get("new") else "改权限"
    entitle(session, f"不批准{what}“{account.display}”：{reason.strip()}", reason=reason.strip())


def _waiting(session: Session, name: str) -> tuple[Account, Mapping[str, Any]]:
    require_approver(session)
    account, who = account_named(session, name), session.info["who"]
    if not account.pending:
        raise Refused(f"账号“{account.display}”没有要批准的。")
    if who.name in (account.name, account.pending["by"]):
        raise Refused("自己申请的、自己的账号，要由别人批准。")
    return account, account.pending


# ---- in use and out of use -----------------------------------------------------------------------


@service("停用账号", needs=Right.KEEP_ACCOUNTS, undoable=False)
def disable_account(session: Session, name: str) -> None:
    """Switch an account off: it stays in the journal and signs in no more. Raises `Refused` for one's own,
    and for the last who keeps or approves accounts."""
    require_keeper(session)
    account = account_named(session, name)
    switch_off(session, account)
    entitle(session, f"停用账号“{account.display}”")


def switch_off(session: Session, account: Account) -> None:
    if account.name == session.info["who"].name:
        raise Refused("自己的账号不能由自己停用。")
    if account.active:
        refuse_lockout(session, account, None)
    account.active, account.pending = False, None


@service("启用账号", needs=Right.KEEP_ACCOUNTS, undoable=False)
def enable_account(session: Session, name: str) -> None:
    """Bring an account that was switched off back; it waits for approval like a new one."""
    require_keeper(session)
    account = account_named(session, name)
    if account.active:
        raise Refused(f"账号“{account.display}”在用，不用启用。")
    refuse_two_hats(session, account, account.role)
    if separated(session):
        account.pending = _pending(session, new=True)
        entitle(session, f"申请启用账号“{account.display}”，等批准")
        return
    account.active, account.pending = True, None
    entitle(session, f"启用账号“{account.display}”")


@service("绑定账号", needs=Right.KEEP_ACCOUNTS)
def bind_account(session: Session, name: str, person_id: int | None = None, scorer: str = "") -> None:
    """Say who of the people an account is, and whose indicators alone it delivers in an assessment (empty:
    all). Nobody scores himself. Raises `NotFound`."""
    account = account_named(session, name)
    person = session.get(Person, person_id) if person_id is not None else None
    if person_id is not None and person is None:
        raise NotFound("没有这个人。")
    account.person_id, account.scorer = person_id, scorer.strip() or None
    refuse_two_hats(session, account, account.role)
    told = [f"本人是“{person.name}”"] if person is not None else []
    told += [f"评分单位是“{account.scorer}”"] if account.scorer else []
    entitle(session, f"账号“{account.display}”：{'，'.join(told) or '不再绑定'}")
