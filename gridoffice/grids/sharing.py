"""Sharing a grid out on paper: into parts of like size, work or staff, and what each part would then have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from db.enums import Labelled, Zone
from gridoffice.grids import norms
from gridoffice.grids.norms import Holder
from gridoffice.grids.pack import GridKind
from gridoffice.grids.sketch import COUNTED


class Measure(Labelled):
    """What the parts of a grid are to have alike."""

    HOUSEHOLDS = "households", "户数"
    HOURS = "hours", "走访工时"
    STAFF = "staff", "人员"


@dataclass(frozen=True, slots=True)
class Below:
    """A grid below the one that is shared out: what is counted of it, and how many serve there and below."""

    id: int
    counts: Mapping[str, Any]
    people: int


@dataclass(frozen=True, slots=True)
class Portion:
    """One part: the grids below and the people (by number) that go there, and its counted facts."""

    below: tuple[int, ...]
    people: tuple[int, ...]
    facts: Mapping[str, Any]


def share_out(
    whole: Mapping[str, Any], below: Sequence[Below], people: Sequence[int], parts: int, by: Measure
) -> list[Portion]:
    """A grid in so many parts that have as like as can be of a measure. Grids below that stand beside each
    other stay together, `below` being in the order of the tree. What is counted adds up to the whole:
    by the grids below where they add up to it, else in the proportion of the measure."""
    groups = _contiguous(below, parts, by)
    weights = [sum(_weight(one, by) for one in group) for group in groups]
    if not any(weights):
        weights = [1] * parts
    own = _dealt(people, weights if by is not Measure.STAFF else [1] * parts)
    if by is Measure.STAFF and not below:
        weights = [max(len(some), 1) for some in own]
    facts = {column: _counted(column, whole.get(column), groups, weights) for column in COUNTED}
    return [
        Portion(
            tuple(one.id for one in group),
            tuple(own[place]),
            {column: values[place] for column, values in facts.items() if values is not None},
        )
        for place, group in enumerate(groups)
    ]


def _weight(one: Below, by: Measure) -> int:
    if by is Measure.STAFF:
        return one.people
    doors = one.counts.get("households") or 0
    return doors + (one.counts.get("merchants") or 0) if by is Measure.HOURS else doors


def _contiguous(below: Sequence[Below], parts: int, by: Measure) -> list[Sequence[Below]]:
    """Runs of grids whose heaviest is as light as can be, none empty while there are enough."""
    count = len(below)
    if count < parts:
        return [below[place : place + 1] for place in range(parts)]
    sums = [0]
    for one in below:
        sums.append(sums[-1] + max(_weight(one, by), 0))
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for part in range(1, parts + 1):
        line: dict[int, tuple[float, int]] = {}
        for end in range(part, count - (parts - part) + 1):
            line[end] = min(
                (max(heaviest, sums[end] - sums[start]), start)
                for start, (heaviest, _) in best[-1].items()
                if start < end
            )
        best.append(line)
    cuts = [count]
    for part in range(parts, 0, -1):
        cuts.append(best[part][cuts[-1]][1])
    return [below[start:end] for start, end in pairwise(reversed(cuts))]


def _dealt(people: Sequence[int], weights: Sequence[float]) -> list[list[int]]:
    """People one after the other to where there is most for each of them."""
    found: list[list[int]] = [[] for _ in weights]
    for one in people:
        place = max(range(len(weights)), key=lambda at: (weights[at] / (len(found[at]) + 1), -at))
        found[place].append(one)
    return found


def _counted(
    column: str, total: Any, groups: Sequence[Sequence[Below]], weights: Sequence[float]
) -> list[Any] | None:
    """What each part has of a count; None where nobody counted the whole."""
    if total is None:
        return None
    each: list[list[Any]] = [[one.counts.get(column) for one in group] for group in groups]
    known: list[Any] = [value for group in each for value in group]
    zero = Decimal(0) if isinstance(total, Decimal) else 0
    if known and None not in known and sum(known, zero) == total:
        return [sum(group, zero) for group in each]
    return _proportionate(total, weights)


def _proportionate(total: Any, weights: Sequence[float]) -> list[Any]:
    """A count in the proportion of some weights, whole numbers whole, without rest."""
    fine = Decimal("0.01") if isinstance(total, Decimal) else Decimal(1)
    whole, done, found = Decimal(sum(weights)), Decimal(0), []
    passed = Decimal(0)
    for weight in weights:
        passed += Decimal(weight)
        upto = (Decimal(total) * passed / whole).quantize(fine, ROUND_HALF_UP)
        found.append(upto - done)
        done = upto
    return found if isinstance(total, Decimal) else [int(one) for one in found]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a part comes to beside the norms of its kind: `hours` of work for each of its people where
    there is an hours norm, `required` and `present` staff where there is a formula; `faults` in words."""

    hours: Decimal | None
    limit: Decimal | None
    required: int | None
    present: int
    faults: tuple[str, ...]


def weighed(
    kind: GridKind, facts: Mapping[str, Any], held: Sequence[Holder], zone: Zone | None = None
) -> Weighed:
    """A part on paper. `held` are posts with how they are held, in the part itself."""
    households, merchants = facts.get("households"), facts.get("merchants")
    hours = None
    if kind.hours is not None and households is not None:
        work = (households + (merchants or 0)) * kind.hours.minutes / 60
        hours = (work / max(len(held), 1)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    staff = kind.staff
    faults = [
        norms.size_fault(kind, households, merchants, facts.get("population"), facts.get("area"), zone),
        norms.hours_fault(kind, households, merchants, len(held)),
        norms.staff_fault(staff, households, held) if staff is not None else None,
    ]
    return Weighed(
        hours,
        kind.hours.limit if kind.hours is not None else None,
        norms.required(staff, households) if staff is not None else None,
        norms.present(staff, held) if staff is not None else len(held),
        tuple(one.message for one in faults if one is not None),
    )
