"""Pairs of records that may be one person: found, ranked, and remembered where they are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import MonthState, Right
from db.journal import entitle
from db.server.numbers import whole_numbers
from db.tables import Month, NotTwins, Person, Sheet, table_of
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.listing import chunked
from gridoffice.people.matching import same_phone
from gridoffice.people.service import UNREAD
from gridoffice.service import service

MOST = 500
"""So many pairs are shown at a time, the likeliest first."""
CROWD = 40
"""Of more namesakes than these who are nothing but a name nobody can tell who is who."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, and why. `keep` is the one that a merge would keep: the one
    with locked months, else the one with an ID number, else the older. `rank` is 0 for the likeliest."""

    keep: int
    drop: int
    name: str
    reason: str
    rank: int


def duplicates(session: Session, most: int = MOST) -> list[Pair]:
    """Records of whom at least one has no ID number and who share a name, or how it is read, and besides
    a phone, a birthday or an address; namesakes of whom one is nothing but a name come last. Two ID
    numbers are two people, unless two namesakes' differ as by a slip of the pen; and so are two of whom
    somebody said so."""
    table = table_of(Person)
    whole_numbers(session, "查重")
    query = select(*(table.c[name] for name in ("id", *_LOOKED_AT)))
    bare = select(table.c.pinyin).where(table.c.id_number.is_(None))
    twice = (
        select(table.c.pinyin)
        .where(table.c.pinyin.in_(bare))
        .group_by(table.c.pinyin)
        .having(func.count() > 1)
    )
    several: dict[str, list[Any]] = defaultdict(list)
    for person in session.execute(query.where(table.c.pinyin.in_(twice)).order_by(table.c.id)):
        several[person.pinyin].append(person)
    known = _told_apart(session)
    likely = [
        (one, other, reason, rank)
        for some in several.values()
        for one, other in _pairs(some)
        if (one.id, other.id) not in known
        for rank, reason in (_alike(one, other),)
        if reason
    ]
    likely += [one for one in _slips(session) if (one[0].id, one[1].id) not in known]
    likely.sort(key=lambda found: (found[3], found[0].pinyin, found[0].id, found[1].id))
    likely = likely[:most]
    locked = locked_months(session, {one.id for found in likely for one in found[:2]})
    pairs = []
    for one, other, reason, rank in likely:
        keep, drop = sorted((one, other), key=lambda p: (p.id not in locked, p.id_number is None, p.id))
        pairs.append(Pair(keep.id, drop.id, keep.name, reason, rank))
    return pairs


def slip(one: str, other: str) -> bool:
    """Whether two ID numbers differ as by a slip of the pen: in one digit, or two neighbours changed places.
    The last sign is left out, for it follows from the others (GB 11643)."""
    if len(one) != 18 or len(other) != 18 or one == other:
        return False
    apart = [place for place in range(17) if one[place] != other[place]]
    if len(apart) == 2:
        first, second = apart
        return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return len(apart) == 1


def _slips(session: Session) -> list[tuple[Any, Any, str, int]]:
    """Namesakes whose ID numbers differ by a slip, and whose phones do not tell them apart. One half of such
    numbers is the same."""
    table = table_of(Person)
    query = select(*(table.c[name] for name in ("id", *_LOOKED_AT))).where(table.c.id_number.is_not(None))
    halves: dict[tuple[str, int, str], list[Any]] = defaultdict(list)
    for person in session.execute(query.order_by(table.c.id)).all():
        number = person.id_number
        halves[person.name, 0, number[:8]].append(person)
        halves[person.name, 1, number[8:17]].append(person)
    found = {
        (one.id, other.id): (one, other, "姓名相同，身份证号只差一处", 1)
        for some in halves.values()
        if len(some) > 1
        for one, other in combinations(some, 2)
        if slip(one.id_number, other.id_number)
        and not (one.phone and other.phone and not same_phone(one.phone, other.phone))
    }
    return list(found.values())


_LOOKED_AT = ("name", "pinyin", "id_number", "phone", "birth", "address")


def _pairs(some: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    """Whoever has no number beside everybody else who is read so."""
    bare = [one for one in some if one.id_number is None]
    numbered = [one for one in some if one.id_number is not None] if len(bare) <= CROWD else []
    yield from combinations(bare[:CROWD], 2)
    for one in bare:
        for other in numbered:
            yield (one, other) if one.id < other.id else (other, one)


def _alike(one: Any, other: Any) -> tuple[int, str]:
    """How likely two records are one person (0: the likeliest), and what they share."""
    phone = same_phone(one.phone, other.phone)
    birth = one.birth is not None and one.birth == other.birth
    address = bool(one.address) and one.address == other.address
    shared = [words for words, same in (("电话", phone), ("出生日期", birth), ("住址", address)) if same]
    name = one.name == other.name
    if shared and (name or one.pinyin != UNREAD):
        said = "姓名" if name else "姓名读音"
        rank = 3 * (not name) + (0 if phone else 1 if birth else 2)
        return rank, f"{'、'.join([said, *shared[:-1]])}和{shared[-1]}相同"
    empty = any(p.id_number is None and p.phone is None and p.birth is None for p in (one, other))
    if name and empty:
        return 9, "姓名相同，其中一个没有别的资料"
    return 0, ""


def locked_months(session: Session, person_ids: Iterable[int]) -> set[int]:
    """Who has a sheet in a locked month, which nobody changes any more."""
    found: set[int] = set()
    for chunk in chunked(sorted(person_ids)):
        query = select(Sheet.person_id).join(Month, Month.id == Sheet.month_id)
        of_locked = query.where(Sheet.person_id.in_(chunk), Month.state == MonthState.LOCKED)
        found.update(one for one in session.scalars(of_locked) if one is not None)
    return found


# Told apart


def _told_apart(session: Session) -> set[tuple[int, int]]:
    return {(one, other) for one, other in session.execute(select(NotTwins.person_id, NotTwins.other_id))}


@service("记下不是同一个人", needs=Right.EDIT_PEOPLE)
def tell_apart(session: Session, one: int, other: int) -> None:
    """Remember that two people who look alike are two. Raises `NotFound`, and `RuleBroken` for one and
    the same."""
    if one == other:
        raise RuleBroken("选的是同一个人。")
    people = [session.get(Person, number) for number in sorted((one, other))]
    if None in people:
        raise NotFound("没有这个人。")
    first, second = sorted((one, other))
    query = select(NotTwins.id).where(NotTwins.person_id == first, NotTwins.other_id == second)
    if session.scalar(query) is None:
        session.add(NotTwins(person_id=first, other_id=second))
        names = "和".join(f"“{person.name}”" for person in people if person is not None)
        entitle(session, f"记下{names}不是同一个人")
