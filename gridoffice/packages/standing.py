"""Where a package received stands: which of its ledgers were taken in, as which action, and what that came to.

Nothing of this is stored twice: an import knows the file it took in, and one that was undone took in nothing.
Only a ledger of which nothing was left to write has no import; it is `settled` in the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right, Way
from db.journal import entitle
from db.tables import Package
from gridoffice.earlier import taken_in_before
from gridoffice.errors import NotFound
from gridoffice.ledgers import LEDGERS
from gridoffice.packages.beside import BESIDE, title_of
from gridoffice.packages.contents import Answer
from gridoffice.service import service

NOTHING_NEW = "没有要写入的"


@dataclass(frozen=True, slots=True)
class PartStanding:
    """One ledger of a package: `action` is the import that took it in, `words` what that did; neither while
    it is still to be done."""

    key: str
    title: str
    rows: int
    action: int | None
    words: str

    @property
    def done(self) -> bool:
        return bool(self.words)


def parts_of(session: Session, package_id: int) -> list[PartStanding]:
    """The ledgers of a package in the order in which they are taken in. Raises `NotFound`."""
    return list(_parts(session, _stored(session, package_id)))


def received_as(session: Session, partner_id: int, number: int) -> int:
    """Where a package received stands in the register. Raises `NotFound`."""
    query = select(Package.id).where(
        Package.partner_id == partner_id, Package.way == Way.RECEIVED, Package.number == number
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound(f"没有收到过它的第 {number} 号上报包。")
    return found


def _stored(session: Session, package_id: int) -> Package:
    found = session.get(Package, package_id)
    if found is None:
        raise NotFound("这个上报包已不在登记簿里。")
    return found


def _parts(session: Session, package: Package) -> Iterator[PartStanding]:
    contents: list[dict[str, Any]] = package.contents
    for part in contents:
        key, title, rows = part["key"], part["title"], part["rows"]
        taker = _taker(key)
        before = None
        if package.way is Way.RECEIVED:
            before = taken_in_before(session, f"{taker.__module__}.{taker.__qualname__}", part["digest"])
        words = before.title if before is not None else NOTHING_NEW if key in package.settled else ""
        yield PartStanding(key, title, rows, before.action if before is not None else None, words)


def _taker(key: str) -> Any:
    return BESIDE[key].service if key in BESIDE else LEDGERS[key].service


def is_done(session: Session, package: Package) -> bool:
    """Whether everything of a package received was taken in."""
    return all(part.done for part in _parts(session, package))


def state_of(session: Session, package: Package) -> str:
    """Where a package stands, in the clerk's words."""
    if package.way is Way.SENT:
        if package.answered is None:
            return "已发出"
        done: Mapping[str, str] = package.answered
        return "对方已收" if all(done.values()) else "对方收了一部分"
    parts = list(_parts(session, package))
    left = [part for part in parts if not part.done]
    if not left:
        return "已收完"
    later = select(Package.id).where(
        Package.partner_id == package.partner_id,
        Package.way == Way.RECEIVED,
        Package.number > package.number,
        Package.whole,
    )
    if session.scalar(later.limit(1)) is not None:
        return "后面的全部包已代替"
    return "还没写入" if len(left) == len(parts) else f"还差 {len(left)} 份台账"


def answers_for(session: Session, partner_id: int) -> Iterator[Answer]:
    """What became of packages of a partner, as far as it has not been told."""
    query = select(Package).where(Package.partner_id == partner_id, Package.way == Way.RECEIVED)
    for one in session.scalars(query.order_by(Package.number)):
        done = {part.key: part.words for part in _parts(session, one)}
        if done and any(done.values()) and done != one.answered:
            yield Answer(one.identity, done)


@service("收完上报包里的台账", needs=Right.EDIT_PEOPLE)
def settle(session: Session, package_id: int, key: str) -> None:
    """Note that nothing of a ledger was left to write. Raises `NotFound`."""
    one = _stored(session, package_id)
    one.settled = [*one.settled, key]
    entitle(session, f"上报包第 {one.number} 号的{title_of(key)}：{NOTHING_NEW}")
