"""How a clerk names a party organisation, and which one such a name means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import PartyOrgKind
from db.tables import PartyOrg
from gridoffice.errors import Problem
from gridoffice.listing import chunked

_BETWEEN = re.compile(r"[\s/\\>＞→·•・|_—–－-]+")
_PARTY = re.compile(r"^(?:中国共产党|中共)")
_LONG = (
    (re.compile(r"联合支部委员会$"), "联合党支部"),
    (re.compile(r"(?:党)?总支部?委员会$"), "党总支"),
    (re.compile(r"(?:党)?支部委员会$"), "党支部"),
    (re.compile(r"(?<!党)联合支部$"), "联合党支部"),
    (re.compile(r"(?<!党)总支部?$"), "党总支"),
    (re.compile(r"党总支部$"), "党总支"),
    (re.compile(r"(?<!党)(?<!总)支部$"), "党支部"),
    (re.compile(r"(?:党)?工作委员会$"), "党工委"),
    (re.compile(r"(?:党)?委员会$"), "党委"),
)


def plain_name(text: str) -> str:
    """A name as it is compared: `中共梧桐社区第一支部委员会` and `梧桐社区第一党支部` are the same."""
    name = _PARTY.sub("", _BETWEEN.sub("", text))
    for pattern, word in _LONG:
        found, count = pattern.subn(word, name)
        if count:
            return found
    return name


@dataclass(frozen=True, slots=True)
class Organisation:
    """What naming needs to know of an organisation."""

    id: int
    name: str
    kind: PartyOrgKind
    parent_id: int | None


class Organisations:
    """All party organisations by name, or by the name of the one above and their own.

    It may grow while a ledger is planned, so that a row can name an organisation of the same file.
    """

    def __init__(self, known: Iterable[Organisation]):
        self.by_id: dict[int, Organisation] = {}
        self._names: dict[str, list[int]] = defaultdict(list)
        for one in known:
            self.add(one)

    def add(self, one: Organisation) -> None:
        self.by_id[one.id] = one
        self._names[plain_name(one.name)].append(one.id)

    def named(self, name: str) -> list[Organisation]:
        """Every organisation of that name."""
        return [self.by_id[one] for one in self._names.get(plain_name(name), ())]

    def display(self, org_id: int) -> str:
        """The shortest name that tells this organisation from every other."""
        one = self.by_id[org_id]
        above = self.by_id.get(one.parent_id or 0)
        if len(self._names[plain_name(one.name)]) == 1 or above is None:
            return one.name
        return f"{above.name}·{one.name}"

    def called(self, org_id: int | None) -> str | None:
        """The same, None without one and for one that the account at work does not see."""
        return self.display(org_id) if org_id in self.by_id else None

    def find(self, text: str) -> int | Problem:
        """The organisation that a cell means, or the problem to tell the clerk."""
        found = self._names.get(plain_name(text), [])
        if not found:
            found = self._below_another(text)
        if len(found) == 1:
            return found[0]
        if found:
            some = "、".join(self.display(one) for one in found[:3])
            said = f"叫“{text}”的党组织有 {len(found)} 个（{some}…），前面写上上级党组织。"
            return Problem(said, value=text)
        close = get_close_matches(plain_name(text), self._names, 1, 0.5)
        nearest = (
            f"最接近：{self.display(self._names[close[0]][0])}。" if close else "先在网格党组织台账里建好。"
        )
        return Problem(f"没有党组织“{text}”。{nearest}", value=text)

    def _below_another(self, text: str) -> list[int]:
        """`梧桐社区党委·第一党小组`: the name of one above, then the own one."""
        parts = [part for part in _BETWEEN.split(text) if part]
        for cut in range(1, len(parts)):
            above = set(self._names.get(plain_name("".join(parts[:cut])), ()))
            own = self._names.get(plain_name("".join(parts[cut:])), ())
            found = [one for one in own if self.by_id[one].parent_id in above]
            if found:
                return found
        return []

    def like(self, text: str, most: int = 8) -> list[int]:
        """The organisations that a text may have meant, the likeliest first."""
        close = get_close_matches(plain_name(text), self._names, most, 0.4)
        return [one for name in close for one in self._names[name]][:most]

    def above(self, org_id: int) -> list[Organisation]:
        """An organisation and all above it, nearest first."""
        found = [self.by_id[org_id]]
        while (parent := found[-1].parent_id) is not None and parent in self.by_id:
            found.append(self.by_id[parent])
        return found


def organisations(session: Session) -> Organisations:
    """Every party organisation there is, by name."""
    query = select(PartyOrg.id, PartyOrg.name, PartyOrg.kind, PartyOrg.parent_id)
    return Organisations(Organisation(*row) for row in session.execute(query.order_by(PartyOrg.id)))


def every_name(session: Session) -> list[str]:
    """What each organisation is called, in the order in which they were made."""
    book = organisations(session)
    return [book.display(one) for one in book.by_id]


def called(session: Session, org_ids: Iterable[int]) -> dict[int, str]:
    """For some organisations: the shortest name that tells each from every other of the office. Of those that an
    account of a part does not see, nothing."""
    wanted = sorted(set(org_ids))
    found: dict[int, tuple[str, int | None]] = {}
    above: dict[int, str] = {}
    shared: set[str] = set()
    for chunk in chunked(wanted):
        query = select(PartyOrg.id, PartyOrg.name, PartyOrg.parent_id).where(PartyOrg.id.in_(chunk))
        found.update({org_id: (name, parent) for org_id, name, parent in session.execute(query)})
    for chunk in chunked(sorted({parent for _, parent in found.values() if parent is not None})):
        query = select(PartyOrg.id, PartyOrg.name).where(PartyOrg.id.in_(chunk))
        above.update({org_id: name for org_id, name in session.execute(query)})
    for chunk in chunked(sorted({name for name, _ in found.values()})):
        query = select(PartyOrg.name).where(PartyOrg.name.in_(chunk)).group_by(PartyOrg.name)
        shared.update(session.scalars(query.having(func.count() > 1)))
    return {
        org_id: f"{above[parent]}·{name}" if name in shared and parent in above else name
        for org_id, (name, parent) in found.items()
    }
