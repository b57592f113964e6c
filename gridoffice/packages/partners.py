"""往来单位: offices with whom packages are exchanged."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Grid, Package
from db.tables import Partner as Stored
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.packages.keys import Card, fingerprint, own_card
from gridoffice.service import service


@dataclass(frozen=True, slots=True)
class Partner:
    """Another office; `grid_id` and `place` are what it answers for in this office's tree."""

    id: int
    name: str
    sign_key: str
    seal_key: str
    confirmed: bool
    grid_id: int | None
    place: str

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.sign_key, self.seal_key)


def partners(session: Session) -> list[Partner]:
    """Everybody, by name."""
    found = session.execute(
        select(Stored, Grid.name).outerjoin(Grid, Grid.id == Stored.grid_id).order_by(Stored.name, Stored.id)
    )
    return [
        Partner(one.id, one.name, one.sign_key, one.seal_key, one.confirmed, one.grid_id, place or "")
        for one, place in found
    ]


def partner(session: Session, partner_id: int) -> Partner:
    """One of them. Raises `NotFound`."""
    found = next((one for one in partners(session) if one.id == partner_id), None)
    if found is None:
        raise NotFound("这个往来单位已不在。")
    return found


def partner_called(session: Session, name: str) -> Partner:
    """The one of that name. Raises `NotFound` naming those there are."""
    known = partners(session)
    found = next((one for one in known if one.name == name), None)
    if found is None:
        names = "、".join(one.name for one in known) or "还没有"
        raise NotFound(f"没有往来单位“{name}”。现有：{names}。")
    return found


def trusted(one: Partner) -> Partner:
    """The partner itself. Raises `RuleBroken` as long as nobody compared its fingerprint."""
    if not one.confirmed:
        raise RuleBroken(f"还没和“{one.name}”在电话里核对过指纹，先核对，再收发。")
    return one


@service("登记往来单位", needs=Right.ADMINISTER)
def add_partner(session: Session, card: Card, confirmed: bool, grid_id: int | None = None) -> int:
    """Take in another office's card; of one that is known by its key the name and place are changed. Answers
    its number; raises `RuleBroken` for the own card and when the name belongs to another."""
    if card.sign_key == own_card(session).sign_key:
        raise RuleBroken("这是本办自己的名片，要的是对方的。")
    known = session.scalar(select(Stored).where(Stored.sign_key == card.sign_key))
    same = session.scalar(select(Stored).where(Stored.name == card.name, Stored.sign_key != card.sign_key))
    if same is not None:
        raise RuleBroken(f"已有往来单位“{card.name}”，密钥不同。对方换过密钥，就先删去旧的，再核对指纹。")
    one = known or Stored(sign_key=card.sign_key)
    one.name, one.seal_key, one.grid_id = card.name, card.seal_key, grid_id
    one.confirmed = confirmed
    session.add(one)
    session.flush()
    entitle(session, f"登记往来单位“{card.name}”，指纹{'已核对' if confirmed else '还没核对'}")
    return one.id


@service("核对往来单位指纹", needs=Right.ADMINISTER)
def confirm_partner(session: Session, partner_id: int) -> None:
    """Somebody compared the fingerprint by phone, figure by figure."""
    one = session.get(Stored, partner(session, partner_id).id)
    assert one is not None
    one.confirmed = True
    entitle(session, f"和“{one.name}”核对过指纹")


@service("删去往来单位", needs=Right.ADMINISTER)
def remove_partner(session: Session, partner_id: int) -> None:
    """Raises `RuleBroken` when packages were exchanged with it: the register names it."""
    one = session.get(Stored, partner(session, partner_id).id)
    assert one is not None
    if session.scalar(select(Package.id).where(Package.partner_id == one.id).limit(1)) is not None:
        raise RuleBroken(f"和“{one.name}”收发过上报包，登记簿里还要用，不能删。")
    session.delete(one)
    entitle(session, f"删去往来单位“{one.name}”")
