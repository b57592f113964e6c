"""Keeping accounts: asking for one, approving, changing, switching off, passwords, handing over.

Nothing of this is taken back by undo except where one person keeps the office alone: what somebody else
approved is not turned round by who asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Deed, Reach, Right, Role
from db.journal import entitle, recorder_of
from db.tables import Account, AccountGrid, Draft, Grid, Person
from gridoffice.accounts import logins
from gridoffice.accounts.credentials import (
    asks_for_passwords,
    credential_of,
    fits,
    set_secret,
    unlock,
)
from gridoffice.accounts.policy import BOUNDS, SECURITY, policy_of
from gridoffice.accounts.rules import KEEPERS, may
from gridoffice.accounts.separation import (
    refuse_lockout,
    refuse_two_hats,
    require_approver,
    require_keeper,
    separated,
)
from gridoffice.accounts.service import Who, account_named, require, who_of
from gridoffice.errors import NotFound, Refused, RuleBroken
from gridoffice.service import service
from gridoffice.settings import set_setting

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
        pending=_asked(session, new=True) if waits else None,
    )
    refuse_two_hats(session, account, role)
    session.add(account)
    session.flush()
    _set_grids(session, account, grids)
    if password:
        _give_password(session, account, password)
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


def _asked(session: Session, **said: Any) -> dict[str, Any]:
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
) -> None:
    """Change what an account is and how far it sees. Where a security administrator works, other rights wait
    for his approval and the account goes on with what it has. Raises `RuleBroken`, `Refused`."""
    require_keeper(session)
    account = account_named(session, name)
    if not display.strip() or len(display) > LONGEST:
        raise RuleBroken(f"显示的名字要写，最多 {LONGEST} 个字。")
    account.display = display.strip()
    reach = _reach(role, reach, grid_id)
    refuse_two_hats(session, account, role)
    wish = {
        "role": role.value,
        "reach": reach.value,
        "grid_id": grid_id if reach in (Reach.BELOW, Reach.UNIT) else None,
        "grids": sorted(set(grids)) if reach is Reach.CUSTOM else [],
    }
    if wish == _rights_of(session, account):
        entitle(session, f"改账号“{account.display}”的名字")
        return
    if separated(session) and not (account.pending or {}).get("new"):
        account.pending = _asked(session, **wish)
        recorder_of(session).undoable = False
        entitle(session, f"申请改账号“{account.display}”的权限：{role.label}，{reach.label}，等批准")
        return
    _take(session, account, wish)
    entitle(session, f"改账号“{account.display}”：{_told(session, account)}")


def _told(session: Session, account: Account) -> str:
    """What an account is and how far it sees, in words."""
    session.flush()
    named = select(Grid.name).where(
        Grid.id.in_(select(AccountGrid.grid_id).where(AccountGrid.account_id == account.id))
        | (Grid.id == account.grid_id)
    )
    grids = session.scalars(named.order_by(Grid.path)).all()
    return "，".join([account.role.label, account.reach.label, *(["、".join(grids)] if grids else [])])


def _rights_of(session: Session, account: Account) -> dict[str, Any]:
    grids = session.scalars(select(AccountGrid.grid_id).where(AccountGrid.account_id == account.id))
    return {
        "role": account.role.value,
        "reach": account.reach.value,
        "grid_id": account.grid_id,
        "grids": sorted(grids),
    }


def _take(session: Session, account: Account, wish: Mapping[str, Any]) -> None:
    """Give an account the rights that were asked for."""
    role = Role(wish["role"])
    if account.active:
        refuse_lockout(session, account, role)
    account.role, account.reach, account.grid_id = role, Reach(wish["reach"]), wish["grid_id"]
    session.flush()
    _set_grids(session, account, wish["grids"])


@service("批准账号", needs=Right.APPROVE_ACCOUNTS, undoable=False)
def approve_account(session: Session, name: str) -> None:
    """Let in what waits for approval: a new account, or other rights. Nobody approves what he asked for, or
    his own account. Raises `Refused`."""
    account, asked = _waiting(session, name)
    if not asked.get("new"):
        _take(session, account, asked)
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
    _switch_off(session, account)
    entitle(session, f"停用账号“{account.display}”")


def _switch_off(session: Session, account: Account) -> None:
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
        account.pending = _asked(session, new=True)
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


@service("交接账号", needs=Right.KEEP_ACCOUNTS, undoable=False)
def hand_over(session: Session, name: str, to: str) -> str:
    """Somebody leaves: what is open in his name goes to another, and his account is switched off. Open are
    the drafts that did not go out, and the indicators that he delivers. Answers what was handed over, in
    words. Raises `Refused`."""
    require_keeper(session)
    account, heir = account_named(session, name), account_named(session, to)
    if account.id == heir.id or not heir.active or heir.role in KEEPERS:
        raise Refused("接手的要是另一个在用的业务账号。")
    drafts = _hand_over_drafts(session, account, heir)
    told = [f"草稿 {drafts} 份"] if drafts else []
    if account.scorer:
        if heir.scorer and heir.scorer != account.scorer:
            raise Refused(f"“{heir.display}”已经代表“{heir.scorer}”评分，换一个人接手“{account.scorer}”。")
        heir.scorer, account.scorer = account.scorer, None
        told.append(f"评分单位“{heir.scorer}”")
    _switch_off(session, account)
    words = "、".join(told) or "名下没有没办完的"
    entitle(session, f"“{account.display}”交接给“{heir.display}”：{words}，账号停用")
    return words


def _hand_over_drafts(session: Session, account: Account, heir: Account) -> int:
    if logins.kept_by_server(session):
        # who keeps accounts there need not see what they wrote
        from db.server.heirs import hand_over

        return hand_over(session, account.name, heir.name)
    drafts = session.scalars(
        select(Draft).where(Draft.writer == account.name, Draft.number_id.is_(None))
    ).all()
    for one in drafts:
        one.writer = heir.name
    return len(drafts)


# ---- passwords -----------------------------------------------------------------------------------


def _give_password(session: Session, account: Account, password: str) -> None:
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
    _give_password(session, account, password)
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
    """Change one's own password, by saying the present one. Raises `RuleBroken`."""
    account = account_named(session, session.info["who"].name)
    if logins.kept_by_server(session):
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
def set_policy(session: Session, values: Mapping[str, Any]) -> None:
    """Change some numbers of the policy. Raises `RuleBroken` for one that is out of its bounds."""
    require_approver(session)
    now = asdict(policy_of(session))
    told = []
    for name, value in values.items():
        bounds = BOUNDS[name]
        if not isinstance(value, int) or not bounds.least <= value <= bounds.most:
            raise RuleBroken(f"{bounds.label}：{bounds.least} 到 {bounds.most} {bounds.unit}。")
        if now[name] != value:
            told.append(f"{bounds.label} {now[name]} → {value} {bounds.unit}")
            now[name] = value
    set_setting(session, SECURITY, now)
    entitle(session, f"改安全规矩：{'；'.join(told) or '没有变'}")
