"""What a package tells of days past, in words that hold in any office: grids by their codes, people by ID number or
name, party organisations by name.

What travels, of one part of the tree: every dated change (why, by whose approval, what each grid was to it), what
grids were before it, grids that are closed, codes given up; posts, memberships, seats of organisations, party links
and reports that have ended, organisations that are dissolved, and since when the present memberships and seats hold.
A grid belongs to the part when it hangs there today, closed or not: one that left it is told by whoever has it now.
What does not travel: changes that wait for their day, locked months, the journal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from db.enums import (
    Employment,
    GridChangeKind,
    GridPart,
    PartyFlow,
    PartyMemberKind,
    PartyOrgKind,
    ReportSide,
    Sex,
    Zone,
)
from gridoffice.packages.sealing import BadPackage
from gridoffice.written import Writing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Facts:
    """A grid for a stretch of days: its kind in the pack's word, its parent by the code that one has today."""

    code: str
    name: str
    kind: str
    parent: str | None = None
    households: int | None = None
    merchants: int | None = None
    population: int | None = None
    area: Decimal | None = None
    extent: str | None = None
    zone: Zone | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """What a grid was until `to_day`, when a change (its place in the list of them) ended it."""

    change: int
    to_day: date
    was: Facts
    from_day: date | None = None


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A code that is not used any more."""

    code: str
    change: int
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A grid as it is, and what it was, the earliest first."""

    now: Facts
    valid_from: date | None = None
    valid_to: date | None = None
    since: date | None = None
    past: tuple[Period, ...] = ()
    given_up: tuple[GivenUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """What a grid was to a change."""

    grid: str
    part: GridPart


@dataclass(frozen=True, slots=True)
class Change:
    """One dated change of the tree."""

    kind: GridChangeKind
    day: date
    parts: tuple[Link, ...]
    reason: str | None = None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person, with as much as is needed to know or to make them."""

    name: str
    id_number: str | None = None
    sex: Sex | None = None
    birth: date | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post that was held in a grid."""

    person: Somebody
    grid: str
    title: str
    employment: Employment
    concurrent: bool
    from_day: date | None = None
    to_day: date | None = None
    contract_end: date | None = None
    employer: str | None = None
    reason: str | None = None
    leave_reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Org:
    """A party organisation that is dissolved."""

    name: str
    kind: PartyOrgKind
    to_day: date
    parent: str | None = None
    secretary: str | None = None
    phone: str | None = None
    from_day: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A grid that an organisation serves, or served."""

    org: str
    grid: str
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A membership; without an organisation the branch is elsewhere."""

    person: Somebody
    kind: PartyMemberKind
    flow: PartyFlow
    org: str | None = None
    joined: date | None = None
    confirmed: date | None = None
    from_day: date | None = None
    to_day: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """A party member who answered for a grid."""

    person: Somebody
    grid: str
    kind: str
    duty: str | None = None
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A party member who had reported to a grid."""

    person: Somebody
    grid: str
    side: ReportSide
    unit: str | None = None
    from_day: date | None = None
    to_day: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Tenures:
    """Who was what, from day to day."""

    orgs: tuple[Org, ...] = ()
    posts: tuple[Post, ...] = ()
    seats: tuple[Seat, ...] = ()
    members: tuple[Member, ...] = ()
    links: tuple[Answering, ...] = ()
    reports: tuple[Report, ...] = ()

    def __len__(self) -> int:
        return sum(len(getattr(self, one.name)) for one in fields(self))


@dataclass(frozen=True, slots=True)
class Tree:
    """The past of the tree. `places` are the grids without a past that others hang or hung below, the highest
    first; `ended` are the posts, links and seats that ended with a grid that is closed."""

    changes: tuple[Change, ...] = ()
    places: tuple[Facts, ...] = ()
    grids: tuple[Line, ...] = ()
    ended: Tenures = Tenures()

    def __len__(self) -> int:
        return len(self.grids)


def plain(value: Any) -> Any:
    """Records as values that JSON has; what is not known is left out."""
    if is_dataclass(value):
        said = ((one.name, getattr(value, one.name)) for one in fields(value))
        return {name: plain(one) for name, one in said if one is not None and one != ()}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def write(value: Any) -> bytes:
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True).encode()


def _day(writing: Writing, raw: Any, where: str) -> date | None:
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        writing.wrong(f"{where}不是日期。", value=raw)
        return None


def read(cls: type[T], file: Path) -> T:
    """What `write` wrote. Raises `BadPackage` for whatever is not as we write it."""
    writing = Writing(takers={date: _day})
    try:
        found = writing.record(cls, json.loads(file.read_bytes()), "旧档")
    except Exception as error:  # whatever a file of somebody else's makes the readers of it say
        raise BadPackage("包里的旧档读不出来，一点也没有收。让对方重新发一份。") from error
    if found is None or not _sound(found):
        raise BadPackage("包里的旧档和本机程序认得的不一样，一点也没有收。让对方升级程序，重新发一份。")
    return found


def _sound(found: Any) -> bool:
    """Days in their order, one line a grid, changes that are there."""
    if not isinstance(found, Tree):
        return all(_in_order(one) for one in _dated(found))
    codes = [line.now.code for line in found.grids]
    places = range(len(found.changes))
    return (
        len(set(codes)) == len(codes)
        and all(link.grid in set(codes) for change in found.changes for link in change.parts)
        and all(one.change in places for line in found.grids for one in (*line.past, *line.given_up))
        and all(_follows(line) for line in found.grids)
        and all(_in_order(one) for one in _dated(found.ended))
    )


def _dated(tenures: Tenures) -> Iterator[Any]:
    for one in fields(tenures):
        yield from getattr(tenures, one.name)


def _in_order(one: Any) -> bool:
    return one.from_day is None or one.to_day is None or one.from_day <= one.to_day


def _follows(line: Line) -> bool:
    """The periods of a grid follow each other, and the last ends before what it is now."""
    starts = [*(one.from_day for one in line.past[1:]), line.since] if line.past else []
    return all(
        start is not None and (start - one.to_day).days == 1 and _in_order(one)
        for one, start in zip(line.past, starts, strict=True)
    )
