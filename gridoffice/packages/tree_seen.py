"""What the past of another office's grids is here: known, to be added, or told otherwise by either side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid, GridChange, GridLink, GridPeriod, OrgSeat, PartyLink, PartyOrg, Person, Post
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.intake import Outcome
from gridoffice.listing import chunked
from gridoffice.packages import told
from gridoffice.packages.seen import Seen
from gridoffice.people.lists import lasting


@dataclass(slots=True)
class Spot:
    """One grid that is told of: the record here (None: none), its periods, and what would become of it. `known`
    counts the periods that are here already, `anew` says that it changed since; `why` what stands in the way."""

    line: told.Line
    grid: Grid | None = None
    periods: list[GridPeriod] = field(default_factory=list)
    outcome: Outcome = Outcome.NEW
    known: int = 0
    anew: bool = False
    why: str = ""

    @property
    def code(self) -> str:
        return self.line.now.code

    @property
    def closes(self) -> bool:
        return self.line.valid_to is not None and (self.grid is None or self.grid.valid_to is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSeen(Seen):
    """The past of grids: how many would be `new`, would be `changed`, would be `closed`, are the `same`; grids that
    `differ` stay as they are, with all that changed together with them. `outside` are grids that the other office
    does not answer for."""

    new: int
    changed: int
    closed: int
    same: int
    outside: tuple[str, ...] = ()

    def said(self) -> tuple[tuple[str, Outcome, int], ...]:
        return (
            ("补上网格", Outcome.NEW, self.new),
            ("补上变动", Outcome.UPDATED, self.changed),
            ("关闭", Outcome.UPDATED, self.closed),
            ("已一致", Outcome.UNCHANGED, self.same),
        )


class Comparison:
    """The told past beside the own, each grid by its code of today, else by one it had."""

    def __init__(self, session: Session, tree: told.Tree, place: int | None):
        self.session, self.tree = session, tree
        self.pack = office_pack(session)
        self.spots = {line.now.code: Spot(line) for line in tree.grids}
        self.here = self._here()
        self._meet()
        self.changes = self._changes()
        self.new_places = [one for one in tree.places if one.code not in self.here]
        for spot in self.spots.values():
            self._judge(spot)
        self.outside = tuple(self._outside(path_of(session, place))) if place is not None else ()
        self.with_others: list[str] = []
        self._hold_together()

    def _here(self) -> dict[str, Grid]:
        """The own grids by every code that is told."""
        codes = {one.code for one in self.tree.places}
        for line in self.tree.grids:
            facts = (line.now, *(one.was for one in line.past))
            codes |= {one.code for one in (*facts, *line.given_up)} | {
                one.parent for one in facts if one.parent is not None
            }
        found = {}
        for chunk in chunked(sorted(codes)):
            found |= {one.code: one for one in self.session.scalars(select(Grid).where(Grid.code.in_(chunk)))}
        return found

    def _meet(self) -> None:
        for code, spot in self.spots.items():
            # one that got another code twice on a day has no period with the first
            had = [*(one.code for one in spot.line.given_up), *(one.was.code for one in spot.line.past)]
            earlier = [one for one in reversed(had) if one not in self.spots]
            spot.grid = next((self.here[one] for one in (code, *earlier) if one in self.here), None)
        spots = {spot.grid.id: spot for spot in self.spots.values() if spot.grid is not None}
        for chunk in chunked(sorted(spots)):
            query = select(GridPeriod).where(GridPeriod.grid_id.in_(chunk)).order_by(GridPeriod.to_day)
            for one in self.session.scalars(query):
                spots[one.grid_id].periods.append(one)

    def _changes(self) -> list[GridChange | None]:
        """For each told change the own one that it is; None where it is not known here."""
        known: dict[tuple[Any, ...], GridChange] = {}
        ids = {spot.grid.id: code for code, spot in self.spots.items() if spot.grid is not None}
        for chunk in chunked(sorted(ids)):
            query = select(GridChange, GridLink.grid_id).join(GridLink, GridLink.change_id == GridChange.id)
            for one, grid in self.session.execute(query.where(GridLink.grid_id.in_(chunk))):
                known[one.kind, one.day, ids[grid]] = one
        return [
            next((known[key] for link in one.parts if (key := (one.kind, one.day, link.grid)) in known), None)
            for one in self.tree.changes
        ]

    def _judge(self, spot: Spot) -> None:
        line, grid = spot.line, spot.grid
        spot.why = next(self._wrong(spot), "")
        if spot.why or grid is None:
            spot.outcome = Outcome.CONFLICT if spot.why else Outcome.NEW
            return
        spot.known = min(len(spot.periods), len(line.past))
        fresh = any(self.changes[at] is None and self._is_in(at, spot) for at in range(len(self.changes)))
        spot.anew = fresh or len(line.past) > spot.known
        spot.outcome = Outcome.UPDATED if spot.closes or spot.anew else Outcome.UNCHANGED

    def _is_in(self, change: int, spot: Spot) -> bool:
        return any(link.grid == spot.code for link in self.tree.changes[change].parts)

    def _wrong(self, spot: Spot) -> Iterator[str]:
        """What stands in the way of one grid, in words."""
        line, grid, name = spot.line, spot.grid, spot.line.now.name
        for facts in (line.now, *(one.was for one in line.past)):
            if self.pack.kind_called(facts.kind) is None:
                yield f"“{name}”是{facts.kind}，本办的治理模式里没有，没有动。"
            if facts.parent is not None and facts.parent not in self.here and not self._comes(facts.parent):
                yield f"“{name}”在编码“{facts.parent}”下面，这里没有，没有动。"
        if grid is None:
            return
        days = [(one.from_day, one.to_day) for one in spot.periods]
        theirs = [(one.from_day, one.to_day) for one in line.past]
        shorter = min(len(days), len(theirs))
        starts = [*(start for start, _ in theirs), line.since]
        begun = [*(start for start, _ in days), grid.since]
        if days[:shorter] != theirs[:shorter] or starts[shorter] != begun[shorter]:
            yield f"“{name}”的变动两边记的日子不一样，没有动。在“网格”里看过沿革再办。"
        if grid.valid_to is not None and grid.valid_to != line.valid_to:
            yield f"“{name}”这里到 {grid.valid_to} 为止，对方记的不一样，没有动。"
        if spot.closes:
            yield from self._left_behind(spot, grid)

    def _comes(self, code: str) -> bool:
        return code in self.spots or any(one.code == code for one in self.tree.places)

    def _left_behind(self, spot: Spot, grid: Grid) -> Iterator[str]:
        """Who and what the own books have in a grid that ended there, and the other office does not speak of."""
        last, name, session = spot.line.valid_to, spot.line.now.name, self.session
        assert last is not None
        ended = self.tree.ended
        known: set[tuple[str, str]] = {
            *((one.person.name, one.title) for one in ended.posts if one.grid == spot.code),
            *((one.person.name, one.kind) for one in ended.links if one.grid == spot.code),
            *((one.org, "") for one in ended.seats if one.grid == spot.code),
        }
        here: list[tuple[str, str]] = []
        for what, title in ((Post, Post.title), (PartyLink, PartyLink.kind)):
            query = select(Person.name, title).join(what, what.person_id == Person.id)
            there = query.where(what.grid_id == grid.id, lasting(what, last), _on(what, last))
            here += [(name, words) for name, words in session.execute(there)]
        seats = select(PartyOrg.name).join(OrgSeat, OrgSeat.org_id == PartyOrg.id)
        there = seats.where(OrgSeat.grid_id == grid.id, _on(OrgSeat, last))
        here += [(name, "") for name in session.scalars(there)]
        for one in here:
            if one not in known:
                yield f"“{name}”对方已关闭，这里还有“{one[0]}”，没有动。先说明他到哪里。"
        told_of = {one.grid.id: one for one in self.spots.values() if one.grid is not None}
        children = select(Grid).where(Grid.parent_id == grid.id, Grid.valid_to.is_(None))
        for child in session.scalars(children):
            other = told_of.get(child.id)
            if other is None or (other.line.valid_to is None and other.line.now.parent == spot.code):
                yield f"“{name}”对方已关闭，这里下面还有“{child.name}”，没有动。"

    def _outside(self, top: str) -> Iterator[str]:
        """Grids that would change and that the other office does not answer for."""
        inside = {code for code, one in self.here.items() if one.path.startswith(top)}

        def is_inside(parent: str | None) -> bool:
            seen: set[str] = set()
            while parent is not None and parent not in self.here and parent not in seen:
                seen.add(parent)
                one = self.spots.get(parent)
                facts = (
                    one.line.now
                    if one is not None
                    else next((p for p in self.new_places if p.code == parent), None)
                )
                parent = facts.parent if facts is not None else None
            return parent in inside

        for one in self.new_places:
            if not is_inside(one.parent):
                yield one.name
        for spot in self.spots.values():
            if spot.outcome is Outcome.UNCHANGED:
                continue
            grid, parent = spot.grid, spot.line.now.parent
            stays = grid is not None and grid.path == top
            if not (grid is None or grid.path.startswith(top)) or not (stays or is_inside(parent)):
                yield spot.line.now.name

    def _hold_together(self) -> None:
        """With a grid that stays as it is stay all that changed together with it, and what would hang below."""
        while True:
            held = {code for code, one in self.spots.items() if one.outcome is Outcome.CONFLICT}
            waiting = [one for one in self.spots.values() if one.outcome in (Outcome.NEW, Outcome.UPDATED)]
            with_them = {
                link.grid
                for change, here in zip(self.tree.changes, self.changes, strict=True)
                if here is None and any(link.grid in held for link in change.parts)
                for link in change.parts
            }
            caught = [
                one
                for one in waiting
                if one.code in with_them
                or (one.line.now.parent in held and self.spots[one.line.now.parent].grid is None)
            ]
            if not caught:
                return
            for one in caught:
                one.outcome = Outcome.CONFLICT
                self.with_others.append(f"“{one.line.now.name}”和上面说的一起变动，没有动。")

    def chosen(self) -> list[Spot]:
        """What would be written."""
        return [one for one in self.spots.values() if one.outcome in (Outcome.NEW, Outcome.UPDATED)]

    def seen(self) -> TreeSeen:
        chosen = self.chosen()
        new = [one for one in chosen if one.grid is None]
        old = [one for one in chosen if one.grid is not None]
        closed = [one for one in old if one.closes]
        return TreeSeen(
            new=len(new) + (len(self.new_places) if chosen else 0),
            changed=len(old) - len(closed),
            closed=len(closed),
            same=sum(one.outcome is Outcome.UNCHANGED for one in self.spots.values()),
            outside=self.outside,
            differ=(*(one.why for one in self.spots.values() if one.why), *self.with_others),
        )


def _on(record: Any, last: Any) -> Any:
    """It goes on after a day."""
    return (record.to_day.is_(None)) | (record.to_day > last)
