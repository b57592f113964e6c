"""Who was what and is no longer, as another office tells it: posts, memberships, seats of organisations, party links,
reports. Each is found among the own by whom and what it concerns and by its days; what is not here is added, days
that are told otherwise are put right. What still goes on here is not ended by it: of that the rows that are gone
speak."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import Right
from db.journal import entitle
from db.tables import Grid, OrgSeat, PartyLink, PartyMember, PartyOrg, PartyReport, Person, Post
from db.turns import Turn
from gridoffice.errors import Conflict
from gridoffice.grids.listing import path_of
from gridoffice.intake import Outcome
from gridoffice.listing import chunked
from gridoffice.office import Office
from gridoffice.packages import told
from gridoffice.packages.seen import Arriving, Seen, Sort
from gridoffice.people.rows import PERSONAL
from gridoffice.people.writing import insert_people
from gridoffice.service import service

KEY, TITLE, FILE = "tenures", "任职和组织关系旧档", "tenures.json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of tenure: the record it is here, and the columns beside its days by which two are the same."""

    record: Any
    same: tuple[str, ...]
    word: str


_KINDS: dict[str, Kind] = {
    "posts": Kind(Post, ("person_id", "grid_id", "title"), "任职"),
    "seats": Kind(OrgSeat, ("org_id", "grid_id"), "所在网格"),
    "members": Kind(PartyMember, ("person_id", "org_id"), "组织关系"),
    "links": Kind(PartyLink, ("person_id", "grid_id", "kind"), "入格"),
    "reports": Kind(PartyReport, ("person_id", "grid_id", "side"), "报到"),
}
_REFERS = {"person": "person_id", "grid": "grid_id", "org": "org_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TenuresSeen(Seen):
    """How many would be `added` and `changed`, are the `same`, and go on here (they stay); `people` would be made
    with them. `outside` are grids that the other office does not answer for."""

    added: int
    changed: int
    same: int
    goes_on: int
    people: int
    outside: tuple[str, ...] = ()

    def said(self) -> tuple[tuple[str, Outcome, int], ...]:
        return (
            ("补上", Outcome.NEW, self.added),
            ("补上原来的人", Outcome.NEW, self.people),
            ("更正日期", Outcome.UPDATED, self.changed),
            ("已一致", Outcome.UNCHANGED, self.same),
            ("这里还没结束、没有动", Outcome.SKIPPED, self.goes_on),
        )


@dataclass(slots=True)
class _Found:
    """What would be written: new and changed records by kind, people and organisations that are made with them
    (their numbers below zero)."""

    new: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    people: dict[int, told.Somebody] = field(default_factory=dict)
    orgs: dict[int, told.Org] = field(default_factory=dict)
    differ: list[str] = field(default_factory=list)
    outside: dict[str, None] = field(default_factory=dict)
    same: int = 0
    goes_on: int = 0

    def seen(self) -> TenuresSeen:
        return TenuresSeen(
            added=sum(map(len, self.new.values())) + len(self.orgs),
            changed=sum(map(len, self.changed.values())),
            same=self.same,
            goes_on=self.goes_on,
            people=len(self.people),
            outside=tuple(self.outside),
            differ=tuple(dict.fromkeys(self.differ)),
        )


def look_tenures(office: Office, part: Arriving) -> TenuresSeen:
    """What is told of tenures that ended, beside the own. Raises `BadPackage`."""
    tenures = told.read(told.Tenures, part.file)
    return office.weigh(lambda session: _Comparison(session, tenures, part.partner.grid_id).found.seen())


def keep_tenures(office: Office, part: Arriving, seen: TenuresSeen) -> TenuresSeen:
    """Add and put right what fits, in one action. Raises `Conflict` when it is otherwise than was `seen`."""
    if not (seen.added or seen.changed):
        return seen
    tenures = told.read(told.Tenures, part.file)
    done = office.write(take_tenures, tenures, part.partner.grid_id, seen, part.partner.name, part.digest)
    return replace(seen, action=done.action)


@service("收下任职和组织关系旧档", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def take_tenures(
    session: Session, tenures: told.Tenures, place: int | None, seen: TenuresSeen, partner: str, digest: str
) -> None:
    """Write what another office tells of posts and memberships that ended. Raises `Conflict` when that would be
    something else than what was `seen`."""
    found = _Comparison(session, tenures, place).found
    if found.seen() != seen:
        raise Conflict("这期间有人改过资料，再看一遍。")
    _write(session, found)
    entitle(session, f"收下“{partner}”的{TITLE}：{seen.in_words()}", part=digest)


class _Comparison:
    """Told tenures beside the own."""

    def __init__(self, session: Session, tenures: told.Tenures, place: int | None):
        self.session, self.tenures = session, tenures
        self.found = _Found()
        self.top = path_of(session, place) if place is not None else ""
        self._know_grids()
        self._know_people()
        self._know_orgs()
        for name, kind in _KINDS.items():
            self._compare(name, kind, getattr(tenures, name))
        meant = {row.get("person_id") for some in self.found.new.values() for row in some}
        self.found.people = {one: who for one, who in self.found.people.items() if one in meant}

    def _all(self) -> Iterator[Any]:
        for name in _KINDS:
            yield from getattr(self.tenures, name)

    def _know_grids(self) -> None:
        codes = {one.grid for one in self._all() if getattr(one, "grid", None) is not None}
        self.grids: dict[str, Grid] = {}
        for chunk in chunked(sorted(codes)):
            query = select(Grid).where(Grid.code.in_(chunk))
            self.grids |= {one.code: one for one in self.session.scalars(query)}

    def _know_people(self) -> None:
        wanted = {one.person for one in self._all() if hasattr(one, "person")}
        numbers, names = {one.id_number for one in wanted} - {None}, {one.name for one in wanted}
        by_number: dict[str | None, int] = {}
        by_name: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
        person = select(Person.id, Person.name, Person.id_number)
        for chunk in chunked(sorted(one for one in numbers if one is not None)):
            query = person.where(Person.id_number.in_(chunk))
            by_number |= {number: one for one, _, number in self.session.execute(query)}
        for chunk in chunked(sorted(names)):
            for one, name, number in self.session.execute(person.where(Person.name.in_(chunk))):
                by_name[name].append((one, number))
        self.people: dict[told.Somebody, int | None] = {}
        for one in sorted(wanted, key=lambda who: (who.name, who.id_number or "")):
            alike = [number for number, said in by_name[one.name] if one.id_number is None or said is None]
            known = by_number.get(one.id_number) if one.id_number else None
            if known is None and not alike:
                known = -1 - len(self.found.people)
                self.found.people[known] = one
            self.people[one] = known if known is not None else alike[0] if len(alike) == 1 else None

    def _know_orgs(self) -> None:
        self.orgs: dict[str, list[int]] = defaultdict(list)
        for number, name in self.session.execute(select(PartyOrg.id, PartyOrg.name).order_by(PartyOrg.id)):
            self.orgs[name].append(number)
        for one in self.tenures.orgs:
            if one.name not in self.orgs:
                self.found.orgs[-1 - len(self.found.orgs)] = one
                self.orgs[one.name] = [-len(self.found.orgs)]

    def _compare(self, name: str, kind: Kind, tenures: Sequence[Any]) -> None:
        placed = [(one, said) for one in tenures if (said := self._placed(one, kind)) is not None]
        if not placed:
            return
        own: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
        owner = kind.same[0]
        for chunk in chunked(sorted({said[owner] for _, said in placed if said[owner] > 0})):
            for row in self.session.scalars(
                select(kind.record).where(getattr(kind.record, owner).in_(chunk))
            ):
                own[tuple(getattr(row, column) for column in kind.same)].append(row)
        taken: set[int] = set()
        for one, said in placed:
            rows = [row for row in own[tuple(said[column] for column in kind.same)] if row.id not in taken]
            row = _meant(rows, said)
            if row is None:
                if said["to_day"] is not None:  # of what goes on the ledgers speak
                    self._check_place(one)
                    self.found.new[name].append(said)
                continue
            taken.add(row.id)
            self._beside(name, one, said, row)

    def _beside(self, name: str, one: Any, said: dict[str, Any], row: Any) -> None:
        days = {day: said[day] for day in ("from_day", "to_day") if said[day] != getattr(row, day)}
        if said["to_day"] is not None and row.to_day is None:
            self.found.goes_on += 1  # what is gone over there was told, and is decided there
        elif said["to_day"] is None and row.to_day is not None:
            self.found.same += 1  # it has ended here; the other office hears of that
        elif days:
            self._check_place(one)
            self.found.changed[name][row.id] = days
        else:
            self.found.same += 1

    def _check_place(self, one: Any) -> None:
        grid = self.grids.get(getattr(one, "grid", None) or "")
        if grid is not None and not grid.path.startswith(self.top):
            self.found.outside[grid.name] = None

    def _placed(self, one: Any, kind: Kind) -> dict[str, Any] | None:
        """What a told tenure would be as a record; None, with the reason noted, where something is not known."""
        said = {
            column.name: getattr(one, column.name) for column in fields(one) if column.name not in _REFERS
        }
        ends = said["to_day"] is not None
        if hasattr(one, "grid"):
            if one.grid not in self.grids:
                if ends:
                    self.found.differ.append(f"编码“{one.grid}”的网格这里没有，那里的{kind.word}没有收。")
                return None
            said["grid_id"] = self.grids[one.grid].id
        if hasattr(one, "person"):
            if self.people[one.person] is None:
                self.found.differ.append(f"这里叫“{one.person.name}”的不止一个，他的{kind.word}没有收。")
                return None
            said["person_id"] = self.people[one.person]
        if hasattr(one, "org"):
            known = self.orgs.get(one.org or "", [])
            if one.org is not None and len(known) != 1:
                if ends:
                    self.found.differ.append(
                        f"党组织“{one.org}”这里没有，或者不止一个，它的{kind.word}没有收。"
                    )
                return None
            said["org_id"] = known[0] if one.org is not None else None
        return said


def _meant(rows: Sequence[Any], said: dict[str, Any]) -> Any:
    """The own record that a told one is: of the same days, else of the same first day, else the only one that it
    shares days with."""
    for same in (("from_day", "to_day"), ("from_day",)):
        for row in rows:
            if all(getattr(row, day) == said[day] for day in same):
                return row
    start, end = said["from_day"] or date.min, said["to_day"] or date.max
    found = [row for row in rows if (row.from_day or date.min) <= end and start <= (row.to_day or date.max)]
    return found[0] if len(found) == 1 else None


def _write(session: Session, found: _Found) -> None:
    made = _make_people(session, found.people)
    orgs = _make_orgs(session, found.orgs)
    paths = _paths(session, found.new["posts"])
    for name, kind in _KINDS.items():
        rows = found.new[name]
        numbers = reserve(session, kind.record, len(rows)) if rows else ()
        bulk_insert(
            session,
            kind.record,
            [
                {
                    "id": number,
                    **row,
                    **(
                        {"person_id": made.get(row["person_id"], row["person_id"])}
                        if "person_id" in row
                        else {}
                    ),
                    **({"org_id": orgs.get(row["org_id"], row["org_id"])} if "org_id" in row else {}),
                    **({"grid_path": paths[row["grid_id"]]} if name == "posts" else {}),
                }
                for number, row in zip(numbers, rows, strict=True)
            ],
        )
        bulk_update(session, kind.record, found.changed[name])


def _make_people(session: Session, people: dict[int, told.Somebody]) -> dict[int, int]:
    some = list(people.values())
    said = {name: [getattr(one, name, None) for one in some] for name in PERSONAL}
    return dict(zip(people, insert_people(session, said), strict=True))


def _make_orgs(session: Session, orgs: dict[int, told.Org]) -> dict[int, int]:
    if not orgs:
        return {}
    numbers = dict(zip(orgs, reserve(session, PartyOrg, len(orgs)), strict=True))
    there: dict[str, int] = {name: one for one, name in session.execute(select(PartyOrg.id, PartyOrg.name))}
    there |= {one.name: numbers[passing] for passing, one in orgs.items()}
    for passing, one in orgs.items():
        session.add(
            PartyOrg(
                id=numbers[passing],
                name=one.name,
                kind=one.kind,
                secretary=one.secretary,
                phone=one.phone,
                from_day=one.from_day,
                to_day=one.to_day,
                note=one.note,
            )
        )
    session.flush()
    for passing, one in orgs.items():
        parent = there.get(one.parent or "")
        if parent is not None and parent != numbers[passing]:
            session.get_one(PartyOrg, numbers[passing]).parent_id = parent
    session.flush()
    return numbers


def _paths(session: Session, posts: Sequence[dict[str, Any]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunked(sorted({one["grid_id"] for one in posts})):
        found |= {
            one: path for one, path in session.execute(select(Grid.id, Grid.path).where(Grid.id.in_(chunk)))
        }
    return found


TENURES = Sort(lambda _key: TITLE, "条", look_tenures, keep_tenures, take_tenures, (KEY,))
