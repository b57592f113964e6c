"""What an account is and how far it sees, as one value: compared, asked for, read out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Reach, Role
from db.tables import Account, AccountGrid, Grid

Standing = Mapping[str, Any]
"""What an account goes by and may, by the names of `STANDING`."""
STANDING = {"display": "名字", "rights": "角色和看多少"}


@dataclass(frozen=True, slots=True)
class Rights:
    """A role and how far it sees: `grid_id` is the unit of a reach that has one, `grids` those of 指定网格."""

    role: Role
    reach: Reach
    grid_id: int | None = None
    grids: tuple[int, ...] = ()

    def tidy(self) -> Rights:
        """The same without what its reach does not ask for."""
        unit = self.grid_id if self.reach in (Reach.BELOW, Reach.UNIT) else None
        grids = tuple(sorted(set(self.grids))) if self.reach is Reach.CUSTOM else ()
        return replace(self, grid_id=unit, grids=grids)

    def plain(self) -> dict[str, Any]:
        """As it is kept while it waits for approval."""
        return {
            "role": self.role.value,
            "reach": self.reach.value,
            "grid_id": self.grid_id,
            "grids": list(self.grids),
        }


def rights_of(session: Session, account: Account) -> Rights:
    """What an account has."""
    grids = session.scalars(select(AccountGrid.grid_id).where(AccountGrid.account_id == account.id))
    return Rights(account.role, account.reach, account.grid_id, tuple(sorted(grids)))


def wanted(has: Rights, pending: Mapping[str, Any] | None) -> Rights:
    """What waits for approval, else what an account `has`."""
    if not pending or pending.get("new"):
        return has
    return Rights(Role(pending["role"]), Reach(pending["reach"]), pending["grid_id"], tuple(pending["grids"]))


def standing(session: Session, account: Account) -> Standing:
    """What an account goes by, and what it may or what was asked for it."""
    return {"display": account.display, "rights": wanted(rights_of(session, account), account.pending)}


def in_words(session: Session, rights: Rights) -> str:
    """Role, reach and the names of its grids."""
    numbers = [one for one in (rights.grid_id, *rights.grids) if one is not None]
    names = (
        session.scalars(select(Grid.name).where(Grid.id.in_(numbers)).order_by(Grid.path)).all()
        if numbers
        else []
    )
    return "，".join([rights.role.label, rights.reach.label, *(["、".join(names)] if names else [])])
