"""What this office tells of days past: read from its own books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.tables import (
    Grid,
    GridChange,
    GridCode,
    GridLink,
    GridPeriod,
    OrgSeat,
    PartyLink,
    PartyMember,
    PartyOrg,
    PartyReport,
    Person,
    Post,
)
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.rules import below, path_ids
from gridoffice.grids.sketch import FACTS
from gridoffice.listing import Ask
from gridoffice.packages import told
from gridoffice.party.listing import ORGS
from gridoffice.party.naming import organisations


class Teller:
    """Reads the past of one part of the tree (None: all of it)."""

    def __init__(self, session: Session, scope: int | None):
        self.session, self.scope = session, scope
        query = select(Grid).order_by(Grid.path)
        if scope is not None:
            low, high = below(path_of(session, scope))
            query = query.where(Grid.path >= low, Grid.path < high)
        self.grids = {one.id: one for one in session.scalars(query)}
        self.codes = {number: code for number, code in session.execute(select(Grid.id, Grid.code))}
        self.kinds = {kind.key: kind.label for kind in office_pack(session).kinds}

    def tree(self) -> told.Tree:
        """The dated changes, and every grid that one of them touched or that is closed."""
        periods = self._of_grids(GridPeriod, GridPeriod.from_day.asc().nulls_first())
        codes = self._of_grids(GridCode, GridCode.id)
        links = self._of_grids(GridLink, GridLink.id)
        wanted = {one.change_id for some in (*periods.values(), *links.values()) for one in some}
        query = select(GridChange).order_by(GridChange.day, GridChange.id)
        changes = [one for one in self.session.scalars(query) if one.id in wanted]
        place = {one.id: at for at, one in enumerate(changes)}
        parts: dict[int, list[told.Link]] = {one.id: [] for one in changes}
        lines = []
        for grid in self.grids.values():
            if grid.id not in links and grid.id not in periods and grid.valid_to is None:
                continue
            for link in links.get(grid.id, ()):
                parts[link.change_id].append(told.Link(grid.code, link.part))
            past = tuple(
                told.Period(place[one.change_id], one.to_day, self._facts(one), one.from_day)
                for one in periods.get(grid.id, ())
            )
            up = tuple(
                told.GivenUp(one.code, place[one.change_id], one.day, one.reason)
                for one in codes.get(grid.id, ())
                if one.change_id in place
            )
            days = grid.valid_from, grid.valid_to, grid.since
            lines.append(told.Line(self._facts(grid), *days, past, up))
        return told.Tree(
            tuple(
                told.Change(one.kind, one.day, tuple(parts[one.id]), one.reason, one.approval)
                for one in changes
            ),
            tuple(self._places(lines)),
            tuple(lines),
            self._ended({one.id for one in self.grids.values() if one.valid_to is not None}),
        )

    def _places(self, lines: Sequence[told.Line]) -> Iterator[told.Facts]:
        """The grids that these hang or hung below and that have no past themselves, the highest first."""
        told_of = {line.now.code for line in lines}
        named = {facts.parent for line in lines for facts in (line.now, *(one.was for one in line.past))}
        number = {code: one for one, code in self.codes.items()}
        tops = {number[one] for one in named - told_of if one is not None}
        paths = self.session.scalars(select(Grid.path).where(Grid.id.in_(tops)))
        wanted = {one for path in paths for one in path_ids(path)}
        query = select(Grid).where(Grid.id.in_(wanted)).order_by(Grid.path)
        yield from (self._facts(one) for one in self.session.scalars(query) if one.code not in told_of)

    def _of_grids(self, record: Any, order: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for one in self.session.scalars(select(record).order_by(order, record.id)):
            if one.grid_id in self.grids:
                found.setdefault(one.grid_id, []).append(one)
        return found

    def _facts(self, row: Any) -> told.Facts:
        parent = self.codes[row.parent_id] if row.parent_id is not None else None
        kind: str = self.kinds.get(row.kind) or row.kind
        return told.Facts(row.code, row.name, kind, parent, **{name: getattr(row, name) for name in FACTS})

    def _ended(self, closed: set[int]) -> told.Tenures:
        return told.Tenures(posts=self._posts(closed), seats=self._seats(closed), links=self._links(closed))

    def tenures(self) -> told.Tenures:
        """Who was what and is no longer, and since when the present seats and memberships hold."""
        self._orgs()
        everywhere = self.grids.keys()
        return told.Tenures(
            tuple(
                told.Org(
                    self.orgs[one.id],
                    one.kind,
                    one.to_day,
                    self.orgs.get(one.parent_id or 0),
                    one.secretary,
                    one.phone,
                    one.from_day,
                    one.note,
                )
                for one in self.session.scalars(select(PartyOrg).order_by(PartyOrg.id))
                if one.id in self.orgs and one.to_day is not None and one.to_day < date.today()
            ),
            self._posts(everywhere),
            self._seats(everywhere, standing=True),
            self._members(),
            self._links(everywhere),
            self._reports(),
        )

    def _orgs(self) -> None:
        """The organisations of the part: those listed there, and those that ever served one of its grids."""
        book = organisations(self.session)
        known = set(ORGS.ids(self.session, Ask(scope=self.scope, day=date.today())))
        for org, grid in self.session.execute(select(OrgSeat.org_id, OrgSeat.grid_id)):
            if grid in self.grids:
                known.add(org)
        self.orgs = {one: book.by_id[one].name for one in book.by_id if one in known}
        gone = select(PartyOrg.id, PartyOrg.name).where(PartyOrg.id.in_(known - self.orgs.keys()))
        self.orgs |= {number: name for number, name in self.session.execute(gone)}

    def _past(self, record: Any, grids: Iterable[int], standing: bool = False) -> list[Any]:
        query = select(record, Person).join(Person, Person.id == record.person_id)
        if not standing:
            query = query.where(record.to_day < date.today())
        wanted = set(grids)
        rows = self.session.execute(query.order_by(record.from_day.asc().nulls_first(), record.id))
        return [(one, _somebody(person)) for one, person in rows if one.grid_id in wanted]

    def _posts(self, grids: Iterable[int]) -> tuple[told.Post, ...]:
        return tuple(
            told.Post(person, self.codes[one.grid_id], **_columns(one, told.Post, ("person", "grid")))
            for one, person in self._past(Post, grids)
        )

    def _links(self, grids: Iterable[int]) -> tuple[told.Answering, ...]:
        return tuple(
            told.Answering(
                person, self.codes[one.grid_id], **_columns(one, told.Answering, ("person", "grid"))
            )
            for one, person in self._past(PartyLink, grids)
        )

    def _reports(self) -> tuple[told.Report, ...]:
        return tuple(
            told.Report(person, self.codes[one.grid_id], **_columns(one, told.Report, ("person", "grid")))
            for one, person in self._past(PartyReport, self.grids)
        )

    def _seats(self, grids: Iterable[int], standing: bool = False) -> tuple[told.Seat, ...]:
        query = select(OrgSeat, PartyOrg.name).join(PartyOrg, PartyOrg.id == OrgSeat.org_id)
        if not standing:
            query = query.where(OrgSeat.to_day < date.today())
        wanted = set(grids)
        rows = self.session.execute(query.order_by(OrgSeat.from_day.asc().nulls_first(), OrgSeat.id))
        return tuple(
            told.Seat(name, self.codes[one.grid_id], one.from_day, one.to_day)
            for one, name in rows
            if one.grid_id in wanted
        )

    def _members(self) -> tuple[told.Member, ...]:
        query = (
            select(PartyMember, Person)
            .join(Person, Person.id == PartyMember.person_id)
            .where(PartyMember.org_id.in_(list(self.orgs)))
            .where(or_(PartyMember.to_day < date.today(), PartyMember.from_day.is_not(None)))
            .order_by(PartyMember.from_day.asc().nulls_first(), PartyMember.id)
        )
        return tuple(
            told.Member(
                _somebody(person),
                org=self.orgs[one.org_id or 0],
                **_columns(one, told.Member, ("person", "org")),
            )
            for one, person in self.session.execute(query)
        )


def _somebody(person: Person) -> told.Somebody:
    return told.Somebody(person.name, person.id_number, person.sex, person.birth)


def _columns(row: Any, of: Any, beside: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in of.__dataclass_fields__ if name not in beside}
