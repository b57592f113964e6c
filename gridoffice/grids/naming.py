"""How a clerk names a grid, and which grid such a name means."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import chain, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid, table_of
from gridoffice.errors import Problem
from gridoffice.grids.atlas import Atlas, Place, short
from gridoffice.grids.history import tree_on
from gridoffice.grids.likeness import PLACES, Names, ranked
from gridoffice.grids.pack import Pack
from gridoffice.grids.rules import SEGMENT, path_ids

_BETWEEN = re.compile(r"[\s/\\>＞→·•・,，、:：|_—–－-]+")


FEW = 50
"""From how many places of one name on they are looked up from above."""

MANY = 20_000
"""For the names of so many grids the whole tree is read: numbering them takes longer."""

KEPT = 200
"""So many places below one, as in a community, are kept by name once somebody named one of them."""


class _Index:
    """Places by code, by every form of their names, and by what they stand below."""

    def __init__(self, places: Iterable[Place]):
        self.codes: dict[str, int] = {}
        self.names: dict[str, list[int]] = defaultdict(list)
        self.below: dict[int, list[int]] = defaultdict(list)
        self.longest = 0
        for place in places:
            self.add(place)

    def add(self, place: Place) -> None:
        self.codes[place.code] = place.id
        for called in _called(place.name):
            self.names[called].append(place.id)
            if len(called) > self.longest:
                self.longest = len(called)
        if place.parent_id is not None:
            self.below[place.parent_id].append(place.id)


class Gazetteer(Atlas):
    """All grids by every way of naming them: code, name, or a path of names with any separator.

    It may grow while a ledger is planned, so that a row can name a grid of the same file.
    """

    def __init__(self, pack: Pack, places: Iterable[Place]):
        super().__init__(pack, places)
        self._many: dict[str, frozenset[int]] = {}
        self._near: dict[str, dict[str, list[int]] | None] = {}
        self._heads: dict[str, tuple[str, dict[str, list[int]]]] = {}
        self._spellings: dict[str, set[int]] = {}
        self._answers: dict[str, int | Problem] = {}
        self._likeness: Names | None = None
        self._paths: dict[str | None, int] | None = None

    @cached_property
    def _index(self) -> _Index:
        # whoever only writes paths in full, as our own ledgers do, needs none
        return _Index(self.places.values())

    def add(self, place: Place) -> None:
        self._index.add(place)
        self.places[place.id] = place
        self._forget()

    def _forget(self) -> None:
        super()._forget()
        self._answers.clear()
        self._spellings.clear()
        self._many.clear()
        self._near.clear()
        self._heads.clear()
        self._likeness = None
        self._paths = None

    def hang(self, place_id: int, parent_id: int) -> None:
        """Put a place below another, unless that one already stands below it."""
        place, parent = self.places[place_id], self.places[parent_id]
        if place not in self.above(parent):
            self._index.below[parent_id].append(place_id)
            self.places[place_id] = place._replace(parent_id=parent_id)
            self._forget()

    def written_out(self, first: Sequence[str | None], *more: Sequence[str | None]) -> list[int | None]:
        """For many texts at once, each in one column or in several beside each other: the grid that stands
        and whose path, name for name from the root or from below it, each is. Of the others, and of what
        stands in the first of several columns alone, only `find_parts` knows."""
        if self._paths is None:
            self._paths = self._all_paths()
        roots = {place.name for place in self.places.values() if place.parent_id is None}
        if more and roots.issuperset(first):
            first, more = more[0], more[1:]
        texts = first
        if more:
            parts = zip(first, *more, strict=True)
            texts = ["/".join(filter(None, said)) if any(said[1:]) else None for said in parts]
        found = list(map(self._paths.get, texts))
        if None in found:
            beginnings = tuple(f"{name}/" for name in roots)
            for at, text in enumerate(texts):
                if found[at] is None and text and text.startswith(beginnings):
                    found[at] = self._paths.get(text.partition("/")[2])
        return found

    def _all_paths(self) -> dict[str | None, int]:
        """The grids that stand by the names from below the root down to their own. A name alone is no path;
        what is the path of two is left out."""
        paths: dict[int, str] = {}
        roots, tops, closed = set[str](), dict[int, str](), list[int]()
        for place in self.places.values():
            above = "" if place.parent_id is None else paths.get(place.parent_id)
            if above is None:  # the order is not that of the tree
                above = "/".join(up.name for up in reversed(self.above(place)[1:-1]))
            if above:
                paths[place.id] = f"{above}/{place.name}"
            elif place.parent_id is None:
                roots.add(place.name)
                paths[place.id] = ""
            else:
                paths[place.id] = tops[place.id] = place.name
            if place.last is not None:
                closed.append(place.id)
        for one in {*closed, *tops}:
            del paths[one]
        if not roots.isdisjoint(tops.values()):
            return {}  # a path with the root could be one without it
        owners: dict[str | None, int] = dict(zip(paths.values(), paths, strict=True))
        if len(owners) < len(paths):
            for path, times in Counter(paths.values()).items():
                if times > 1:
                    del owners[path]
        return owners

    def find(self, text: str) -> int | Problem:
        """The grid that a cell means, or the problem to tell the clerk."""
        found = self._answers.get(text)
        if found is None:
            found = self._answers[text] = self._beside(text) or self._find(text)
        return found

    def _beside(self, text: str) -> int | None:
        """The grid, where a text with the same beginning was understood before and leaves nothing open: in
        most rows of a roster somebody serves beside somebody else."""
        head, _, tail = text.rpartition("/")
        joined, near = self._heads.get(head, ("", {}))
        found = near.get(tail, ())
        if len(found) != 1 or text in self._index.codes:
            return None
        # the longest ending that is a name comes first
        for cut in range(max(0, len(joined) + len(tail) - self._index.longest), len(joined)):
            if joined[cut:] + tail in self._index.names:
                return None
        return found[0]

    def find_parts(self, parts: Sequence[str]) -> int | Problem:
        """The grid that several columns (街道, 社区, 网格 …) name together."""
        return self.find("/".join(part for part in parts if part))

    def _meant(self, text: str) -> list[int]:
        if text in self._index.codes:
            return [self._index.codes[text]]
        joined = _joined(text)
        found = self._named(joined)
        if len(found) > 1:
            # a closed grid is meant only where none that stands is
            found = [i for i in found if self.places[i].last is None] or found
        if len(found) > 1:
            # the nearest to the top is what a bare name means, unless several stand there
            found = [i for i in found if _joined(self.places[i].name) == joined] or found
        return found

    def _find(self, text: str) -> int | Problem:
        found = self._meant(text)
        if len(found) == 1:
            head, sign, _ = text.rpartition("/")
            joined = _joined(head)
            if sign and (near := self._near.get(joined)) is not None:
                self._heads[head] = joined, near
            return found[0]
        if found:
            some = "、".join(self.display(self.places[i]) for i in found[:3])
            return Problem(
                f"叫“{text}”的网格有 {len(found)} 个（{some}…），写上社区或用编码。", field="网格", value=text
            )
        return Problem(f"没有“{text}”。{self._nearest(text)}", field="网格", value=text)

    def _named(self, joined: str) -> list[int]:
        """Whoever is called by the longest ending of the text, below places that its beginning spells."""
        names = self._index.names
        for cut in range(max(0, len(joined) - self._index.longest), len(joined)):
            if joined[cut:] in names and (found := self._ending(joined, cut)):
                return found
        return []

    def _ending(self, joined: str, cut: int) -> list[int]:
        named = self._index.names.get(joined[cut:], [])
        if not cut or not named:
            return named
        if len(named) > FEW and (near := self._near.get(joined[:cut])) is not None:
            return near.get(joined[cut:], [])
        above = self._spelled(joined[:cut])
        if len(named) > FEW:
            # a thousand grids are called 微网格01: those below the few meant are found from above
            near = self._named_below(joined[:cut], above)
            if near is not None:
                return near.get(joined[cut:], [])
            wanted = self._bearers(joined[cut:])
            return sorted({one for top in above for one in self._all_below(top) if one in wanted})
        return [one for one in named if any(up.id in above for up in self.above(self.places[one])[1:])]

    def _spelled(self, text: str) -> set[int]:
        """The places whose names, from some above down to their own, spell a text; some may be left out."""
        if text not in self._spellings:
            cuts = (cut for cut in range(len(text)) if text[cut:] in self._index.names)
            found = {one for cut in cuts for one in self._ending(text, cut)}
            for cut in range(1, len(text)):
                # a place may be said twice: 梧桐社区 in one column, 梧桐·第一网格 in the next
                if text[cut:] in self._index.names:
                    found |= self._spelled(text[:cut]) & self._bearers(text[cut:])
            self._spellings[text] = found
        return self._spellings[text]

    def _bearers(self, called: str) -> frozenset[int]:
        """Everybody of a name, as a set that is made once: of some names there are thousands."""
        if called not in self._many:
            self._many[called] = frozenset(self._index.names[called])
        return self._many[called]

    def _named_below(self, beginning: str, above: set[int]) -> dict[str, list[int]] | None:
        """Everything below the places that a beginning spells, by name; None when that is too much to keep."""
        if beginning not in self._near:
            near: dict[str, list[int]] | None = None
            below = [one for top in above for one in self._index.below.get(top, ())]
            for one in below:
                if len(below) > KEPT:
                    break
                below += self._index.below.get(one, ())
            else:
                near = defaultdict(list)
                for one in sorted(set(below)):
                    for called in _called(self.places[one].name):
                        near[called].append(one)
            self._near[beginning] = near
        return self._near[beginning]

    def _all_below(self, place_id: int) -> Iterator[int]:
        todo = list(self._index.below.get(place_id, ()))
        while todo:
            one = todo.pop()
            yield one
            todo += self._index.below.get(one, ())

    def by_code(self, code: str) -> int | None:
        """The grid with exactly this code."""
        return self._index.codes.get(code)

    def exactly(self, text: str) -> int | None:
        """The one grid that a text names, None when there is none or there are several."""
        found = self._meant(text)
        return found[0] if len(found) == 1 else None

    def called(self, text: str) -> int:
        """How many grids a text may mean as it stands."""
        return len(self._meant(text))

    def children(self, place: Place) -> list[Place]:
        """The places right below one."""
        return [self.places[one] for one in self._index.below.get(place.id, ())]

    def like(self, parts: Sequence[str], most: int = 8) -> list[Place]:
        """The places that a text (or 街道, 社区, 网格 beside each other) may have meant, the likeliest
        first; those below a place that the first parts name come before others as like."""
        whole, own = _joined("".join(parts)), _joined(parts[-1])
        within = [set(self._index.names.get(_joined(part), ())) for part in parts[:-1]]

        def inside(place_id: int) -> float:
            above = {up.id for up in self.above(self.places[place_id])} if within else ()
            return sum(not some.isdisjoint(above) for some in within) * 0.3

        if self._likeness is None:
            self._likeness = Names(self._index.names)
        called = (name for text in dict.fromkeys((whole, own)) for name in self._likeness.nearest(text))
        likely = chain(*reversed(within), *(self._index.names[name][:FEW] for name in called))
        near: set[int] = set()
        for one in likely:
            near.add(one)
            if self.places[one].kind in self._units | self.pack.root:
                near.update(self._index.below.get(one, ())[: PLACES // 4])
                near.update(islice(self._all_below(one), PLACES // 8))
            if len(near) >= PLACES:
                break
        names = {one: self._spelled_out(self.places[one]) for one in near}
        found = ranked(whole, names, most, inside)
        if within:
            found = [*(one for one in ranked(own, names, most, inside) if inside(one)), *found]
            found = sorted(dict.fromkeys(found), key=lambda one: -inside(one))[:most]
        return [self.places[one] for one in found]

    def _spelled_out(self, place: Place) -> list[str]:
        """The names that a text is compared with: a place's own, and with its community."""
        shown, unit = self.display(place), self.unit(place)
        names = [_joined(shown)]
        if unit is not None and unit is not place:
            names += [_joined(unit.name + shown.removeprefix(short(unit.name))), _joined(place.name)]
        return names

    def _nearest(self, text: str) -> str:
        close = self.like([text], 1)
        return f"最接近：{self.display(close[0])}。" if close else "先在网格台账里建好这个网格。"


def without_sign(text: str) -> str:
    """The text without the separator it begins with."""
    found = _BETWEEN.match(text)
    return text[found.end() :] if found else text


def _joined(text: str) -> str:
    return _BETWEEN.sub("", text)


@lru_cache(10_000)
def _called(name: str) -> frozenset[str]:
    """The joined forms of a place's name, in full and in passing."""
    return frozenset((_joined(name), _joined(short(name))))


def gazetteer(session: Session, pack: Pack) -> Gazetteer:
    """Every grid there is, by name."""
    grid = table_of(Grid).c
    columns = grid.id, grid.code, grid.name, grid.kind, grid.parent_id, grid.path, grid.valid_to
    rows = session.execute(select(*columns).order_by(grid.path)).all()
    return Gazetteer(pack, map(partial(tuple.__new__, Place), rows))  # as Place._make, at twice the speed


def names_of(
    session: Session, pack: Pack, grid_ids: Iterable[int], day: date | None = None
) -> dict[int, tuple[str, str]]:
    """For some grids: how each was called on a list on a day (today when none is said), and its
    community's name."""
    wanted = set(grid_ids)
    query = select(Grid.id, Grid.path)
    paths = session.execute(query if len(wanted) > MANY else query.where(Grid.id.in_(wanted)))
    return names_at(session, pack, {grid_id: path for grid_id, path in paths if grid_id in wanted}, day)


def names_at(
    session: Session, pack: Pack, paths: Mapping[int, str], day: date | None = None
) -> dict[int, tuple[str, str]]:
    """`names_of` grids whose paths of today are known."""
    tree = tree_on(session, day)
    above = {tree.path(path)[:-SEGMENT] for path in paths.values()}
    needed = paths.keys() | {one for path in above for one in path_ids(path)}
    columns = (tree.c[name] for name in ("id", "code", "name", "kind", "parent_id", "path"))
    query = select(*columns)
    places = session.execute(query if len(needed) > MANY else query.where(tree.c.id.in_(needed))).all()
    atlas = Atlas(pack, (Place(*row) for row in places))
    answers = {}
    for grid_id in paths:
        place = atlas.places[grid_id]
        unit = atlas.unit(place)
        answers[grid_id] = (atlas.display(place), unit.name if unit else place.name)
    return answers
