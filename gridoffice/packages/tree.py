"""The past of another office's grids taken in: lines of the tree, what they were, changes, codes given up; whoever
was in a grid that ended leaves it on its last day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import Right
from db.journal import entitle
from db.tables import (
    Grid,
    GridChange,
    GridCode,
    GridLink,
    GridPeriod,
    OrgSeat,
    PartyLink,
    PartyOrg,
    Person,
    Post,
)
from db.turns import Turn
from gridoffice.accounts.service import require
from gridoffice.errors import Conflict
from gridoffice.grids import tree_rules
from gridoffice.grids.rules import segment
from gridoffice.grids.service import derive, search_text
from gridoffice.grids.sketch import FACTS
from gridoffice.listing import chunked
from gridoffice.office import Office
from gridoffice.packages import told
from gridoffice.packages.seen import Arriving, Sort
from gridoffice.packages.tree_seen import Comparison, Spot, TreeSeen
from gridoffice.service import service

KEY, TITLE, FILE = "tree", "网格沿革", "tree.json"


def look_tree(office: Office, part: Arriving) -> TreeSeen:
    """What the past of the other office's grids is here. Raises `BadPackage`."""
    tree = told.read(told.Tree, part.file)
    return office.weigh(lambda session: Comparison(session, tree, part.partner.grid_id).seen())


def keep_tree(office: Office, part: Arriving, seen: TreeSeen) -> TreeSeen:
    """Take in what fits, all in one action. Raises `Conflict` when it is otherwise than was `seen`."""
    if not (seen.new or seen.changed or seen.closed):
        return seen
    tree = told.read(told.Tree, part.file)
    done = office.write(take_tree, tree, part.partner.grid_id, seen, part.partner.name, part.digest)
    return replace(seen, action=done.action)


@service("收下网格沿革", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def take_tree(
    session: Session, tree: told.Tree, place: int | None, seen: TreeSeen, partner: str, digest: str
) -> None:
    """Write what another office tells of the past of its grids. Raises `Conflict` when that would be something
    else than what was `seen`, and what the rules of the tree raise."""
    require(session.info["who"], Right.EDIT_GRIDS)
    compared = Comparison(session, tree, place)
    if compared.seen() != seen:
        raise Conflict("这期间有人改过资料，再看一遍。")
    _Writing(session, compared).write()
    entitle(
        session,
        f"收下“{partner}”的网格沿革：{seen.in_words()}",
        part=digest,
        whole=True,
        day=f"{date.today()}",
    )


class _Writing:
    """One comparison on its way into the books."""

    def __init__(self, session: Session, compared: Comparison):
        self.session, self.compared, self.tree = session, compared, compared.tree
        self.spots = compared.chosen()
        self.ids = {code: grid.id for code, grid in compared.here.items()}
        self.ids |= {spot.code: spot.grid.id for spot in compared.spots.values() if spot.grid is not None}

    def write(self) -> None:
        closing = [spot for spot in self.spots if spot.grid is not None and spot.closes]
        self._insert()
        self._update()
        self._changes()
        self._periods()
        for spot in closing:
            self._end(spot)
        touched = [self.ids[spot.code] for spot in self.spots]
        self.session.flush()
        derive(self.session, touched)
        self.session.expire_all()
        tree_rules.uphold(self.session, self.compared.pack, touched)

    def _state(self, facts: told.Facts) -> dict[str, Any]:
        return {
            "code": facts.code,
            "name": facts.name,
            "kind": self._kind(facts.kind),
            "parent_id": self.ids[facts.parent] if facts.parent is not None else None,
            **{name: getattr(facts, name) for name in FACTS},
        }

    def _kind(self, word: str) -> str:
        found = self.compared.pack.kind_called(word)
        assert found is not None  # the comparison has looked
        return found.key

    def _insert(self) -> None:
        """Lines that are not here yet, those above before those below."""
        fresh = {one.code: told.Line(one) for one in self.compared.new_places}
        fresh |= {spot.code: spot.line for spot in self.spots if spot.grid is None}
        numbers = reserve(self.session, Grid, len(fresh)) if fresh else ()
        self.ids |= dict(zip(fresh, numbers, strict=True))
        paths = {grid.id: grid.path for grid in self.compared.here.values()}

        def path(code: str) -> str:
            number, parent = self.ids[code], fresh[code].now.parent
            if number not in paths:
                above = "" if parent is None else path(parent) if parent in fresh else paths[self.ids[parent]]
                paths[number] = above + segment(number)
            return paths[number]

        rows = [
            {
                "id": self.ids[code],
                **self._state(line.now),
                "valid_from": line.valid_from,
                "valid_to": line.valid_to,
                "since": line.since,
                "path": path(code),
                "search": search_text(line.now.code, line.now.name),
            }
            for code, line in fresh.items()
        ]
        bulk_insert(self.session, Grid, sorted(rows, key=lambda row: len(row["path"])))

    def _update(self) -> None:
        updates: dict[int, dict[str, Any]] = {}
        for spot in self.spots:
            if spot.grid is None:
                continue
            values: dict[str, Any] = {"valid_to": spot.line.valid_to} if spot.closes else {}
            if spot.anew:
                values |= {**self._state(spot.line.now), "since": spot.line.since}
            if values:
                updates[spot.grid.id] = values
        bulk_update(self.session, Grid, updates)

    def _changes(self) -> None:
        """Changes that are not known here, what each grid was to them, and codes that were given up."""
        codes = {spot.code for spot in self.spots}
        wanted = [
            at
            for at, one in enumerate(self.tree.changes)
            if self.compared.changes[at] is None and any(link.grid in codes for link in one.parts)
        ]
        numbers = dict(
            zip(wanted, reserve(self.session, GridChange, len(wanted)) if wanted else (), strict=True)
        )
        told_of = [self.tree.changes[at] for at in wanted]
        bulk_insert(
            self.session,
            GridChange,
            [
                {
                    "id": numbers[at],
                    "kind": one.kind,
                    "day": one.day,
                    "reason": one.reason,
                    "approval": one.approval,
                }
                for at, one in zip(wanted, told_of, strict=True)
            ],
        )
        self.changes = {
            at: one.id for at, one in enumerate(self.compared.changes) if one is not None
        } | numbers
        self._insert_all(GridLink, self._links(set(numbers)))
        self._insert_all(GridCode, self._given_up())

    def _links(self, fresh: set[int]) -> Iterator[dict[str, Any]]:
        """The links of new changes, and those of new grids to changes that were known."""
        new = {spot.code for spot in self.spots if spot.grid is None}
        for at, one in enumerate(self.tree.changes):
            for link in one.parts:
                if at in fresh or (link.grid in new and at in self.changes):
                    yield {"change_id": self.changes[at], "grid_id": self.ids[link.grid], "part": link.part}

    def _given_up(self) -> Iterator[dict[str, Any]]:
        said = [(spot, one) for spot in self.spots for one in spot.line.given_up]
        known: set[str] = set()
        for chunk in chunked(sorted({one.code for _, one in said})):
            known |= set(self.session.scalars(select(GridCode.code).where(GridCode.code.in_(chunk))))
        for spot, one in said:
            if one.code not in known:
                yield {
                    "code": one.code,
                    "grid_id": self.ids[spot.code],
                    "change_id": self.changes[one.change],
                    "day": one.day,
                    "reason": one.reason,
                }

    def _periods(self) -> None:
        self._insert_all(
            GridPeriod,
            (
                {
                    "grid_id": self.ids[spot.code],
                    "change_id": self.changes[one.change],
                    "from_day": one.from_day,
                    "to_day": one.to_day,
                    "search": search_text(one.was.code, one.was.name),
                    **self._state(one.was),
                }
                for spot in self.spots
                for one in spot.line.past[spot.known :]
            ),
        )

    def _insert_all(self, record: Any, rows: Iterable[dict[str, Any]]) -> None:
        said = list(rows)
        numbers = reserve(self.session, record, len(said)) if said else ()
        bulk_insert(
            self.session, record, [{"id": number, **row} for number, row in zip(numbers, said, strict=True)]
        )

    def _end(self, spot: Spot) -> None:
        """Who and what was in a grid that is closed left it on the day that is told, at the latest on its last."""
        last, grid, ended = spot.line.valid_to, self.ids[spot.code], self.tree.ended
        days: dict[Any, told.Post | told.Answering] = {}
        days |= {(Post, one.person.name, one.title): one for one in ended.posts if one.grid == spot.code}
        days |= {(PartyLink, one.person.name, one.kind): one for one in ended.links if one.grid == spot.code}
        seats = {one.org: one for one in ended.seats if one.grid == spot.code}
        for what, title in ((Post, Post.title), (PartyLink, PartyLink.kind)):
            query = select(what, Person.name, title).join(Person, Person.id == what.person_id)
            there = query.where(what.grid_id == grid, what.to_day.is_(None))
            for one, name, words in self.session.execute(there):
                said = days.get((what, name, words))
                one.to_day = said.to_day if said is not None else last
                if isinstance(one, Post) and isinstance(said, told.Post):
                    one.leave_reason, one.reason = said.leave_reason, said.reason
        query = select(OrgSeat, PartyOrg.name).join(PartyOrg, PartyOrg.id == OrgSeat.org_id)
        for seat, name in self.session.execute(
            query.where(OrgSeat.grid_id == grid, OrgSeat.to_day.is_(None))
        ):
            said = seats.get(name)
            seat.to_day = said.to_day if said is not None else last


TREE = Sort(lambda _key: TITLE, "个网格", look_tree, keep_tree, take_tree, (KEY,))
