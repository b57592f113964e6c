"""Grids beside the norms of the pack: one pass over the places, whatever the pack asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from db.enums import Zone
from gridoffice.errors import Severity
from gridoffice.grids import norms
from gridoffice.grids.norms import Fault
from gridoffice.grids.rules import SEGMENT, check_code
from gridoffice.overview.topics import Asked, Place, Sighting, Topic

_WEIGHTS = {
    Topic.VACANT: Severity.ERROR,
    Topic.UNKNOWN_SIZE: Severity.NOTE,
    Topic.COMMITTEE: Severity.NOTE,
}


def _seen(topic: Topic, place: Place, fault: Fault) -> Sighting:
    severity = _WEIGHTS.get(topic, Severity.WARNING)
    return Sighting(topic, severity, fault.message, place.id, fix=fault.fix)


def staffing(asked: Asked) -> Iterator[Sighting]:
    """Nobody in a staffed grid or below it; too few, only part-timers, the wrong team; 四定."""
    covered = {path[:cut] for path in asked.held for cut in range(SEGMENT, len(path) + 1, SEGMENT)}
    looked = {kind.key for kind in asked.pack.kinds if kind.staffed or kind.team or kind.staff}
    options = asked.pack.options
    for option in (options.committee, options.mixed, options.fixed):
        looked.update(option.kinds if option is not None else ())
    for place in asked.places:
        kind = place.kind
        if kind.key not in looked:
            continue
        if kind.staffed and place.path not in covered:
            yield _seen(Topic.VACANT, place, Fault("没有网格员。", "尽快配人"))
            continue
        held = asked.held.get(place.path, ())
        part_time = norms.part_time_fault(kind, held)
        if part_time is not None:
            yield _seen(Topic.PART_TIME, place, part_time)
        elif kind.staff is not None and not norms.lacks_staff(kind, held):
            few = norms.staff_fault(kind.staff, place.households, held)
            if few is not None:
                yield _seen(Topic.STAFF, place, few)
        for topic, fault in (
            (Topic.TEAM, norms.team_fault(kind, held)),
            (Topic.TEAM, norms.mixed_fault(asked.pack, kind, held)),
            (Topic.FIXED, norms.fixed_fault(asked.pack, kind, place.bounds, held)),
            (Topic.COMMITTEE, norms.committee_fault(asked.pack, kind, held)),
        ):
            if fault is not None:
                yield _seen(topic, place, fault)


def sizes(asked: Asked) -> Iterator[Sighting]:
    """Too large or too small, more work than the hours norm, not measured at all."""
    alone = _alone(asked)
    plain = {kind.key: norms.by_households(kind) for kind in asked.pack.kinds}
    doors = {kind.key: norms.doors(kind) for kind in asked.pack.kinds}
    for place in asked.places:
        kind, households, merchants = place.kind, place.households, place.merchants or 0
        limit, norm = doors[kind.key], plain[kind.key]
        if limit is not None and households is not None:
            people = len(asked.held.get(place.path, ()))
            if households + merchants > limit * max(people, 1):
                over = norms.hours_fault(kind, households, merchants, people)
                if over is not None:
                    yield _seen(Topic.HOURS, place, over)
        # nearly every grid of a city fits, and is not looked at further
        if norm is not None and households is not None and norm[0] <= households <= norm[1] >= merchants:
            continue
        area = None if place.area is None else Decimal(place.area) / 100
        zone = None if place.zone is None else Zone(place.zone)
        missing = norms.unmeasured(kind, place.households, area)
        found = norms.size_fault(
            kind, place.households, place.merchants, place.population, area, zone, place.path in alone
        )
        if found is not None:
            yield _seen(Topic.SIZE, place, found)
        elif missing is not None:
            said = Fault(f"没填{missing}，比不了标准。", f"补填{missing}")
            yield _seen(Topic.UNKNOWN_SIZE, place, said)


def _alone(asked: Asked) -> set[str]:
    """Grids that are the only one of a parent with few people: one village, one grid."""
    kinds = {kind.key: kind.alone for kind in asked.pack.kinds if kind.alone is not None}
    if not kinds:
        return set()
    children = Counter(place.path[:-SEGMENT] for place in asked.places if place.kind.key in kinds)
    people = {place.path: place.population for place in asked.places if place.path in children}
    return {
        place.path
        for place in asked.places
        if (most := kinds.get(place.kind.key)) is not None
        and children[place.path[:-SEGMENT]] == 1
        and (people.get(place.path[:-SEGMENT]) or most + 1) <= most
    }


def codes(asked: Asked) -> Iterator[Sighting]:
    for place in asked.places:
        for problem in check_code(place.kind, place.code):
            fault = Fault(problem.message, "按本办的编码规则换编码")
            yield _seen(Topic.CODE, place, fault)


def control(asked: Asked) -> Iterator[Sighting]:
    """More workers to a leader than the span of control allows, where the pack has one."""
    rule = asked.pack.options.control
    if rule is None:
        return
    leaders: Counter[str] = Counter()
    workers: Counter[str] = Counter()
    for path, held in asked.held.items():
        led = sum(1 for title, _ in held if title in rule.leaders)
        at_work = sum(1 for title, how in held if title in rule.workers and how == norms.FULL)
        for cut in range(SEGMENT, len(path) + 1, SEGMENT):
            leaders[path[:cut]] += led
            workers[path[:cut]] += at_work
    for place in asked.places:
        if place.kind.key == rule.within:
            fault = norms.control_fault(asked.pack, leaders[place.path], workers[place.path])
            if fault is not None:
                yield _seen(Topic.CONTROL, place, fault)
