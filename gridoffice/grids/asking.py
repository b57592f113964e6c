"""Which grid the words of a row mean, and what the clerk is asked when nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from db.enums import GridPart
from db.tables import GridLink
from gridoffice.errors import Problem
from gridoffice.grids.naming import Gazetteer, Place, without_sign
from gridoffice.grids.pack import GridKind
from gridoffice.questions import CREATE, SKIP, SKIP_WORDS, TO, Answers, Asked, Choice, target

LIKELY = 8
"""So many grids are offered."""


@dataclass(frozen=True, slots=True)
class Found:
    """What words came to: a grid, or a problem and the question that would settle it. `make` is a grid
    that is to be made; `skip` says that rows with these words are left out."""

    grid_id: int | None = None
    problems: tuple[Problem, ...] = ()
    asked: Asked | None = None
    make: Place | None = None
    skip: bool = False

    @property
    def is_plain(self) -> bool:
        """Is it a grid, and nothing to be said of it?"""
        return self == Found(self.grid_id) and self.grid_id is not None


NOWHERE = Found()

Coming = dict[tuple[int, str, str], Place]
"""Grids that are to be made, by parent, kind and name; their numbers are passing ones below zero."""


class Places:
    """Every grid by the words of a ledger's rows, together with the clerk's answers. Equal words are
    looked up once."""

    def __init__(self, book: Gazetteer, coming: Coming, answers: Answers, *, create_missing: bool):
        self.book = book
        self._coming = coming
        self._by_number = {place.id: place for place in coming.values()}
        self._answers = answers
        self._create_missing = create_missing
        self._found: dict[tuple[str, ...], Found] = {}

    def place(self, grid_id: int) -> Place:
        """The grid of that number, also one that is to be made."""
        return self.book.places[grid_id] if grid_id in self.book.places else self._by_number[grid_id]

    def path(self, grid_id: int) -> str:
        """The grid's path; of one that is to be made, its parent's."""
        return self.place(grid_id).path

    def display(self, grid_id: int) -> str:
        """How the grid is called on a list."""
        place = self.place(grid_id)
        return self.book.display(place) if grid_id in self.book.places else f"{place.name}（新建）"

    def find(self, parts: tuple[str, ...], field: str, *, last_alone: bool = False) -> Found:
        """The grid that 街道, 社区, 网格 … name together, as far as they are filled in. `last_alone`: the
        last part is to be taken by itself when the whole makes no sense."""
        key = (*parts, field, "alone" if last_alone else "")
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(parts, field, last_alone=last_alone)
        return found

    def closed(self, parts: tuple[str, ...], field: str, grid_id: int) -> Found | None:
        """What is asked of somebody who serves beyond the last day of the grid that is named; the
        named one as long as nobody answered. None for a grid that stands."""
        last = self.place(grid_id).last
        if last is None:
            return None
        key = (*parts, field, "closed")
        if key not in self._found:
            words = "/".join(parts)
            asked = Asked(f"grid {words}", f"“{self.display(grid_id)}”到 {last} 为止", field, words, parts)
            self._found[key] = self._answered(asked, Found(grid_id, asked=asked))
        return self._found[key]

    def _find(self, parts: tuple[str, ...], field: str, *, last_alone: bool) -> Found:
        answer = self.book.find(parts[-1]) if len(parts) == 1 else self.book.find_parts(parts)
        if isinstance(answer, Problem) and len(parts) > 1:
            # a code or a full path in the last column needs no help from the others
            alone = self.book.find(parts[-1])
            if not isinstance(alone, Problem) or last_alone:
                answer = alone
        if not isinstance(answer, Problem):
            return Found(answer)
        asked = grid_asked(self.book, parts, field)
        problem = Problem(answer.message, answer.severity, field=field, value=answer.value)
        otherwise = Found(None, (problem,), asked)
        return self._answered(asked, otherwise, create_missing=self._create_missing)

    def _answered(self, asked: Asked, otherwise: Found, *, create_missing: bool = False) -> Found:
        answer = self._answers.to(asked)
        if answer == SKIP:
            return Found(asked=asked.answered(SKIP), skip=True)
        meant = self.book.by_code(target(answer) or "")
        if answer is not None and meant is not None:
            said = f"“{self.book.display(self.book.places[meant])}”"
            return Found(meant, tuple(self._answers.note(asked, said)), asked.answered(answer))
        wants = answer is not None and answer.split()[0] == CREATE
        if wants or (answer is None and create_missing):
            place = self._to_make(asked.about, (answer or "").partition(" ")[2])
            if place is not None:
                return Found(place.id, (), asked.answered(f"{CREATE} {place.kind}"), place)
        return otherwise

    def _to_make(self, parts: Sequence[str], kind: str) -> Place | None:
        possible = _possible(self.book, parts)
        if possible is None:
            return None
        parent, kinds, name = possible
        chosen = next((one for one in kinds if one.key == kind), kinds[0])
        key = parent.id, chosen.key, name
        if key not in self._coming:
            self._coming[key] = Place(-1 - len(self._coming), "", name, chosen.key, parent.id, parent.path)
        place = self._coming[key]
        self._by_number[place.id] = place
        return place


def grid_asked(book: Gazetteer, parts: Sequence[str], field: str) -> Asked:
    """The question which grid some words mean."""
    words = "/".join(parts)
    count = book.called(words)
    said = f"叫“{words}”的网格有 {count} 个" if count > 1 else f"“{words}”在网格台账里没有"
    return Asked(f"grid {words}", said, field, words, tuple(parts))


def grid_choices(
    book: Gazetteer, asked: Asked, *, create: bool = True, after: Sequence[int] = ()
) -> tuple[Choice, ...]:
    """The answers to that question, the likeliest first: `after` are the grids that came after the one
    that is named."""
    like = (place for place in book.like(asked.about, 2 * LIKELY) if place.last is None)
    places = list(dict.fromkeys((*(book.places[one] for one in after), *like)))[:LIKELY]
    chosen = book.by_code(target(asked.answer) or "")
    if chosen is not None and book.places[chosen] not in places:
        places = [book.places[chosen], *places]
    likely = [Choice(TO + place.code, f"{book.display(place)}（{place.code}）") for place in places]
    return (*likely, *(_creations(book, asked.about) if create else ()), Choice(SKIP, SKIP_WORDS))


def came_after(session: Session, book: Gazetteer, asked: Asked) -> list[int]:
    """The grids that a closed one was split into or became part of."""
    grid_id = book.exactly("/".join(asked.about))
    before, after = aliased(GridLink), aliased(GridLink)
    found = session.scalars(
        select(after.grid_id)
        .join(before, before.change_id == after.change_id)
        .where(before.grid_id == grid_id, before.part == GridPart.BEFORE, after.part == GridPart.AFTER)
        .order_by(after.id)
    )
    return [one for one in found if book.places[one].last is None]


def _creations(book: Gazetteer, parts: Sequence[str]) -> Iterable[Choice]:
    possible = _possible(book, parts)
    if possible is not None:
        parent, kinds, name = possible
        for kind in kinds:
            words = f"新建{kind.label}“{name}”，在“{book.display(parent)}”下"
            yield Choice(f"{CREATE} {kind.key}", words)


def _possible(book: Gazetteer, parts: Sequence[str]) -> tuple[Place, list[GridKind], str] | None:
    """Below which grid one of this name may be made, and of which kinds, the likeliest first."""
    name = parts[-1]
    above = book.exactly("/".join(parts[:-1])) if len(parts) > 1 else None
    if len(parts) == 1:
        # the name may begin with that of the place it lies in
        for cut in range(len(name) - 2, 1, -1):
            above = book.exactly(name[:cut])
            if above is not None:
                name = without_sign(name[cut:])
                break
    if above is None or len(name) < 2:
        return None
    parent = book.places[above]
    kinds = [kind for kind in book.pack.kinds if parent.kind in kind.parents]
    beside = [place.kind for place in book.children(parent)]

    def likely(kind: GridKind) -> tuple[int, int]:
        named = max((len(word) for word in (kind.label, *kind.words) if word in name), default=0)
        return -named, -beside.count(kind.key)

    return (parent, sorted(kinds, key=likely), name) if kinds else None
