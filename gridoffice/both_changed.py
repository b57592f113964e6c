"""Two who change the same at a time: what each did elsewhere in it is kept, where both wrote the same somebody has
to choose.

Schemes, packs and tables of rules are written down a line a value, so a line is what two can differ about
(`meet`); of what is filled in, it is a field (`meet_fields`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, ClassVar

from gridoffice.errors import Conflict

MINE, THEIRS, ORIGINAL = range(3)
"""What is chosen between, in the order in which it is offered."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where both wrote: what it is called, and the lines of either and of what it was, in the order above."""

    label: str
    texts: tuple[Sequence[str], Sequence[str], Sequence[str]]


class BothChanged(Conflict):
    """Somebody else changed the same. `now` is what stands: it was seen by whoever chooses, and is said when what
    was chosen is saved, so that a third change in between is met as well. `owners` say whose each text is, in the order
    of the choice, `overwrite` what the button says that takes the first everywhere, and its tip."""

    owners: ClassVar[tuple[str, str, str]] = ("我改的", "现在的", "原来的")
    overwrite: ClassVar[tuple[str, str]] = ("都用我的", "盖过别人改的")

    def __init__(self, title: str, places: Sequence[Place], now: Any):
        super().__init__(f"别人刚改过{title}，有 {len(places)} 处和你改的不一样。还没有存，逐处选留哪个。")
        self.title, self.places, self.now = title, tuple(places), now

    def settled(self, chosen: Sequence[int]) -> Any:
        """What is to be stored when `MINE`, `THEIRS` or `ORIGINAL` was chosen for each place."""
        raise NotImplementedError


# ---- texts, line by line -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clash:
    """Lines that both changed: as they were, as they are written here, as somebody else wrote them meanwhile."""

    original: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


Piece = tuple[str, ...] | Clash


@dataclass(frozen=True, slots=True)
class Joined:
    """A text put together: lines that nobody disputes, and clashes."""

    pieces: tuple[Piece, ...]

    @property
    def clashes(self) -> tuple[Clash, ...]:
        return tuple(one for one in self.pieces if isinstance(one, Clash))

    def text(self, chosen: Sequence[Sequence[str]] = ()) -> str:
        """The text, with the lines chosen for each clash in their order."""
        left = iter(chosen)
        lines = [line for one in self.pieces for line in (next(left) if isinstance(one, Clash) else one)]
        return "\n".join(lines)


class LinesClash(BothChanged):
    """Somebody else changed the same lines; `joined` holds all the others."""

    def __init__(self, title: str, joined: Joined, now: str):
        super().__init__(
            title,
            [
                Place(f"第 {at} 处", (one.mine, one.theirs, one.original))
                for at, one in enumerate(joined.clashes, 1)
            ],
            now,
        )
        self.joined = joined

    def settled(self, chosen: Sequence[int]) -> str:
        return self.joined.text(
            [place.texts[which] for place, which in zip(self.places, chosen, strict=True)]
        )

    def __reduce__(self):  # pyright: ignore[reportIncompatibleMethodOverride]
        return type(self), (self.title, self.joined, self.now)


def meet(title: str, seen: str | None, mine: str, now: str, plain: Callable[[str], str] | None = None) -> str:
    """What is to be stored of a text that was `seen` before it was changed: `mine`, with what somebody else changed
    in other lines meanwhile. `plain` writes a text as the program would, for one that was laid out anew here.
    Raises `LinesClash` where both changed the same. None was seen: mine."""
    if seen is None or now in (seen, mine):
        return mine
    joined = join(seen, mine, now)
    if joined.clashes and plain is not None:
        anew = join(plain(seen), plain(mine), plain(now))
        joined = min(joined, anew, key=lambda one: len(one.clashes))
    if joined.clashes:
        raise LinesClash(title, joined, now)
    return joined.text()


def join(original: str, mine: str, theirs: str) -> Joined:
    """Three texts put together, line by line (as diff3 does)."""
    base, left, right = original.split("\n"), mine.split("\n"), theirs.split("\n")
    pieces: list[Piece] = []
    at = at_left = at_right = 0
    for base_at, left_at, right_at, size in _stable(base, left, right):
        was, here, there = (
            tuple(base[at:base_at]),
            tuple(left[at_left:left_at]),
            tuple(right[at_right:right_at]),
        )
        if here == there or there == was:
            pieces.append(here)
        elif here == was:
            pieces.append(there)
        else:
            pieces.append(Clash(was, here, there))
        pieces.append(tuple(base[base_at : base_at + size]))
        at, at_left, at_right = base_at + size, left_at + size, right_at + size
    return Joined(tuple(one for one in pieces if one != ()))


def _stable(
    base: Sequence[str], left: Sequence[str], right: Sequence[str]
) -> Sequence[tuple[int, int, int, int]]:
    """Runs of lines that are the same in all three: where in each, and how long; an empty one at the end."""
    to_left, to_right = _places(base, left), _places(base, right)
    found: list[tuple[int, int, int, int]] = []
    for at in range(len(base)):
        if at not in to_left or at not in to_right:
            continue
        here = at, to_left[at], to_right[at]
        if found:
            first, one, other, size = found[-1]
            if here == (first + size, one + size, other + size):
                found[-1] = first, one, other, size + 1
                continue
        found.append((*here, 1))
    return [*found, (len(base), len(left), len(right), 0)]


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Where each line of the first stands in the second, for those that stand there still."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {one.a + step: one.b + step for one in blocks for step in range(one.size)}


# ---- what is filled in, field by field -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldClash:
    """A field that both changed: the values in the order of the choice."""

    name: str
    values: tuple[Any, Any, Any]


class FieldsClash(BothChanged):
    """Somebody else changed the same fields; `values` holds all the others as they are to be stored."""

    def __init__(
        self,
        title: str,
        places: Sequence[Place],
        now: Mapping[str, Any],
        values: Mapping[str, Any],
        clashes: Sequence[FieldClash],
    ):
        super().__init__(title, places, now)
        self.values, self.clashes = values, tuple(clashes)

    def settled(self, chosen: Sequence[int]) -> dict[str, Any]:
        picked = {one.name: one.values[which] for one, which in zip(self.clashes, chosen, strict=True)}
        return {**self.values, **picked}

    def __reduce__(self):  # pyright: ignore[reportIncompatibleMethodOverride]
        return type(self), (self.title, self.places, self.now, self.values, self.clashes)


def meet_fields(
    title: str,
    labels: Mapping[str, str],
    seen: Mapping[str, Any] | None,
    mine: Mapping[str, Any],
    now: Mapping[str, Any],
    say: Callable[[str, Any], str] = lambda _, value: str(value),
) -> dict[str, Any]:
    """What is to be stored of the fields in `mine`, which were `seen` before some of them were changed: those that
    were, and the others as they are `now`. `say` reads out a field's value. Raises `FieldsClash` where both changed
    the same. None was seen: mine."""
    values, clashes = {name: now[name] for name in mine}, []
    for name in labels:
        if name not in mine:
            continue
        if seen is None or now[name] == seen[name]:
            values[name] = mine[name]
        elif mine[name] not in (seen[name], now[name]):
            clashes.append(FieldClash(name, (mine[name], now[name], seen[name])))
    if clashes:
        places = []
        for one in clashes:
            wrote, stands, was = ((said,) if (said := say(one.name, value)) else () for value in one.values)
            places.append(Place(labels[one.name], (wrote, stands, was)))
        raise FieldsClash(title, places, now, values, clashes)
    return values
