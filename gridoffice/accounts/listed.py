"""The accounts as a list: who, as what, how far, in which state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Labelled, Reach, Role
from db.tables import Account, AccountGrid, Credential, Grid, Person
from gridoffice.accounts.credentials import expires
from gridoffice.accounts.policy import policy_of
from gridoffice.accounts.rights import Rights, in_words, wanted
from gridoffice.errors import NotFound
from gridoffice.fields import Field, Kind

FIELDS: Mapping[str, Field] = {
    "display": Field("名字"),
    "role": Field("角色", Kind.CODE, codes=Role),
    "reach": Field("看多少", Kind.CODE, codes=Reach),
    "active": Field("在用", Kind.YES_NO),
    "scorer": Field("评分单位"),
}
"""What the columns of an account are called where the journal tells them."""


class Standing(Labelled):
    """Whether an account is let in."""

    NEW = "new", "等批准"
    ACTIVE = "active", "在用"
    LOCKED = "locked", "锁着"
    DISABLED = "disabled", "停用"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account. `unit` is the name of its grid, `where` how far it sees in words, `asked` the rights that wait for
    approval in words and `asked_by` who asked, `wanted` those rights, else what it has, `person` who of the office's
    people it is, `ends` when its password does."""

    id: int
    name: str
    display: str
    role: Role
    reach: Reach
    grid_id: int | None
    unit: str
    grids: tuple[tuple[int, str], ...]
    standing: Standing
    where: str
    asked: str
    asked_by: str
    wanted: Rights
    person: str
    scorer: str
    has_password: bool
    must_change: bool
    failures: int
    locked_until: datetime | None
    seen_at: datetime | None
    seen_from: str
    ends: datetime | None


def account_lines(session: Session) -> list[AccountLine]:
    """Every account: those that wait first, those switched off last."""
    query = select(Account, Credential, Grid.name, Person.name)
    query = query.outerjoin(Credential, Credential.account_id == Account.id)
    query = query.outerjoin(Grid, Grid.id == Account.grid_id).outerjoin(
        Person, Person.id == Account.person_id
    )
    named = {name: shown for name, shown in session.execute(select(Account.name, Account.display))}
    policy, now = policy_of(session), datetime.now(UTC)
    listed = select(AccountGrid.account_id, Grid.id, Grid.name).join(Grid, Grid.id == AccountGrid.grid_id)
    grids: dict[int, list[tuple[int, str]]] = {}
    for account_id, number, name in session.execute(listed.order_by(Grid.path)):
        grids.setdefault(account_id, []).append((number, name))
    found = []
    for account, one, unit, person in session.execute(query.order_by(Account.id)):
        own = tuple(grids.get(account.id, ()))
        asked = account.pending or {}
        has = Rights(account.role, account.reach, account.grid_id, tuple(sorted(number for number, _ in own)))
        wants = wanted(has, asked)
        locked = one.locked_until if one is not None and (one.locked_until or now) > now else None
        found.append(
            AccountLine(
                id=account.id,
                name=account.name,
                display=account.display,
                role=account.role,
                reach=account.reach,
                grid_id=account.grid_id,
                unit=unit or "",
                grids=own,
                standing=_standing(account, locked),
                where=_where(account.reach, unit, own),
                asked=_asked(session, wants, asked),
                wanted=wants,
                asked_by=named.get(asked.get("by", ""), ""),
                person=person or "",
                scorer=account.scorer or "",
                has_password=one is not None and (one.secret or one.since) is not None,
                must_change=one is not None and one.must_change,
                failures=one.failures if one is not None else 0,
                locked_until=locked,
                seen_at=one.seen_at if one is not None else None,
                seen_from=(one.seen_from or "") if one is not None else "",
                ends=expires(one, policy) if one is not None else None,
            )
        )
    order = {Standing.NEW: 0, Standing.LOCKED: 1, Standing.ACTIVE: 2, Standing.DISABLED: 3}
    return sorted(found, key=lambda line: (not line.asked and order[line.standing], order[line.standing]))


def account_line(session: Session, name: str) -> AccountLine:
    """One account. Raises `NotFound`."""
    for line in account_lines(session):
        if line.name == name:
            return line
    raise NotFound(f"没有账号“{name}”。")


def _standing(account: Account, locked: datetime | None) -> Standing:
    if not account.active:
        return Standing.NEW if account.pending else Standing.DISABLED
    return Standing.ACTIVE if locked is None else Standing.LOCKED


def _where(reach: Reach, unit: str | None, own: tuple[tuple[int, str], ...]) -> str:
    if reach in (Reach.BELOW, Reach.UNIT):
        return f"{unit}{'及以下' if reach is Reach.BELOW else ''}" if unit else "没有单位，什么也看不到"
    if reach is Reach.CUSTOM:
        return "、".join(name for _, name in own) or "没有网格，什么也看不到"
    return reach.label


def _asked(session: Session, rights: Rights, asked: Mapping[str, Any]) -> str:
    """The rights that wait, in words; of a new account they are its own."""
    if not asked:
        return ""
    return "新账号" if asked.get("new") else in_words(session, rights)
