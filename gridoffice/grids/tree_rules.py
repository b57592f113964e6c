"""What must hold of the tree on every day from a change on: one rule book for operations, forms,
imports and undo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from db.tables import Grid, GridCode, GridPeriod, OrgSeat, PartyMember, PartyOrg
from gridoffice.accounts.service import data_scope
from gridoffice.errors import Problem, RuleBroken, has_error
from gridoffice.grids import rules
from gridoffice.grids.codes import check_division
from gridoffice.grids.pack import GridKind, Pack
from gridoffice.grids.sketch import STATE, Sketch, Spot, State, lasting
from gridoffice.listing import chunked
from gridoffice.settling import out_of_scope

DEEPEST = 16
"""How many levels a path has room for."""

RING = "网格不能挂在自己或自己的下级下面。"


def check(sketch: Sketch) -> list[Problem]:
    """Everything that is wrong with what was drawn."""
    changed = sketch.changed()
    return [
        *_outside(sketch, changed),
        *(one for spot in changed for one in _moments(sketch, spot)),
        *_dissolved(sketch),
        *_look(sketch, changed),
    ]


def _outside(sketch: Sketch, spots: list[Spot]) -> Iterator[Problem]:
    """The account at work changes grids it looks after, and puts none, nobody and no organisation elsewhere."""
    scope = data_scope(sketch.session)
    if scope is None:
        return
    targets = {to for _, to in sketch.sent.values() if to is not None}
    targets |= {to for _, some in sketch.reseated.values() for to in some}
    touched = {spot.id: spot for spot in spots} | {one: sketch.spot(one) for one in targets}
    for spot in touched.values():
        above = sketch.parent(spot)
        new = spot.was is None or _moved(spot)
        inside = spot.was is None or scope.holds(spot.path)
        # a new parent that is itself new is looked at for itself
        if new and (above is None or (above.was is not None and not scope.holds(above.path))):
            inside = False
        if not inside:
            name = (spot.was or spot.now).name
            yield out_of_scope("网格编码", spot.now.code, f"你管“{scope.name}”，“{name}”这样改就到了它外面")


def corrected(session: Session, pack: Pack, grid_id: int | None, values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a grid once its columns are put right (or, without a number, once it is new)."""
    sketch = Sketch(session, pack, date.today())
    state = State(**{name: values.get(name) for name in STATE})  # type: ignore[arg-type]
    if grid_id is None:
        spot = sketch.add(state)
    else:
        spot = sketch.spot(grid_id)
        spot.now = state
    spot.valid_from, spot.valid_to = values.get("valid_from"), values.get("valid_to")
    if spot.since is not None and spot.valid_from is not None and spot.valid_from >= spot.since:
        return [_said(spot, f"{spot.since} 已有变动，启用日期要在那以前。", "启用日期")]
    return [*_look(sketch, [spot] if spot.lasts(sketch.day) else []), *_ended(sketch, [spot])]


def uphold(session: Session, pack: Pack, grid_ids: Iterable[int], day: date | None = None) -> None:
    """Raises `RuleBroken` when the tree does not hold at some grids that have just been written."""
    sketch = Sketch(session, pack, day or date.today())
    wanted = set(grid_ids)
    sketch.load(wanted)
    there = [sketch.spots[one] for one in sorted(wanted & sketch.spots.keys())]
    problems = _look(sketch, [spot for spot in there if spot.lasts(sketch.day)]) + _ended(sketch, there)
    if has_error(problems):
        raise RuleBroken(next(one.message for one in problems if has_error([one])), problems)


def _ended(sketch: Sketch, spots: list[Spot]) -> list[Problem]:
    """Who was left in grids that are written down as ended."""
    found = []
    for spot in spots:
        if spot.valid_to is not None and spot.id > 0:
            afterwards = Sketch(sketch.session, sketch.pack, spot.valid_to + timedelta(days=1))
            found += _left_behind(afterwards, afterwards.spot(spot.id))
    return found


def _look(sketch: Sketch, spots: list[Spot]) -> list[Problem]:
    standing = [spot for spot in spots if not spot.closing]
    rings = list(_rings(sketch, standing))
    if rings:
        return rings  # the rest would walk in circles
    return [
        *_places(sketch, standing),
        *_names(sketch, standing),
        *_codes(sketch, standing),
        *(one for spot in spots if spot.closing for one in _left_behind(sketch, spot)),
    ]


def _said(spot: Spot, message: str, field: str | None = None) -> Problem:
    return Problem(message, field=field, value=spot.now.code)


def _dissolved(sketch: Sketch) -> Iterator[Problem]:
    """An organisation ends only when nobody belongs to it and nothing hangs below it."""
    for org_id, name in sketch.dissolved.items():
        stays = or_(PartyMember.to_day.is_(None), PartyMember.to_day >= sketch.day)
        members = select(func.count()).where(PartyMember.org_id == org_id, stays)
        count = sketch.session.scalar(members) or 0
        if count:
            yield Problem(f"“{name}”还有党员 {count} 人，先把组织关系转到别的支部。", value=name)
        lasts = or_(PartyOrg.to_day.is_(None), PartyOrg.to_day >= sketch.day)
        lower = select(PartyOrg.name).where(
            PartyOrg.parent_id == org_id, lasts, PartyOrg.id.not_in(sketch.dissolved)
        )
        below = sketch.session.scalar(lower.order_by(PartyOrg.id).limit(1))
        if below is not None:
            yield Problem(f"“{name}”下面还有“{below}”，先把它改挂到别处。", value=name)
        elsewhere = select(Grid.name).join(OrgSeat, OrgSeat.grid_id == Grid.id)
        seated = or_(OrgSeat.to_day.is_(None), OrgSeat.to_day >= sketch.day)
        other = sketch.session.scalar(
            elsewhere.where(OrgSeat.org_id == org_id, seated, OrgSeat.id.not_in(sketch.reseated)).limit(1)
        )
        if other is not None:
            yield Problem(f"“{name}”还在“{other}”，不能跟着撤销。", value=name)


def _moments(sketch: Sketch, spot: Spot) -> Iterator[Problem]:
    """A change finds the grid there, and comes after all its earlier ones."""
    if spot.was is None or not spot.changed:
        return
    name, day = spot.was.name, sketch.day
    if spot.valid_to is not None:
        yield _said(spot, f"“{name}”到 {spot.valid_to} 为止，不能再变动。")
    elif spot.valid_from is not None and (spot.valid_from > day or (spot.closing and spot.valid_from == day)):
        when = "以后" if spot.closing else "当天或以后"
        yield _said(spot, f"“{name}”{spot.valid_from} 才设立，生效日期要在那天{when}。")
    elif spot.since is not None and spot.since > day:
        yield _said(spot, f"“{name}”{spot.since} 已有变动，生效日期要在那天或以后。")


def _kind(pack: Pack, key: str) -> GridKind | None:
    return next((kind for kind in pack.kinds if kind.key == key), None)


def _places(sketch: Sketch, spots: list[Spot]) -> Iterator[Problem]:
    """A grid hangs under one that stands, of a kind that may carry it, now and on every day since; and
    so does whatever hangs under it."""
    sketch.load(spot.now.parent_id for spot in spots if spot.now.parent_id is not None)
    earlier = _earlier_kinds(sketch, spots)
    turned = [
        spot
        for spot in spots
        if spot.was is not None and (spot.was.kind != spot.now.kind or not spot.changed)
    ]
    below = _below(sketch, turned)
    for spot in spots:
        kind = _kind(sketch.pack, spot.now.kind)
        if kind is None:
            continue
        parent = sketch.parent(spot)
        yield from _under(sketch, spot, parent)
        kinds = {None} if parent is None else {parent.now.kind, *earlier[parent.id]}
        for key in sorted(kinds, key=str):
            above = _kind(sketch.pack, key) if key is not None else None
            if above is not None or parent is None:
                said = parent.now.name if parent is not None else None
                for one in rules.check_parent(sketch.pack, kind, above, said):
                    yield replace(one, value=spot.now.code)  # the grid it is about, as everywhere here
        for name, key in sorted(below[spot.id]):
            child = _kind(sketch.pack, key)
            if child is not None and rules.check_parent(sketch.pack, child, kind, None):
                yield _said(
                    spot,
                    f"“{spot.now.name}”改成{kind.label}后，下面不能再有{child.label}“{name}”。",
                    "网格类型",
                )


def _under(sketch: Sketch, spot: Spot, parent: Spot | None) -> Iterator[Problem]:
    """The parent is there as long as the grid is."""
    if parent is None:
        return
    name = parent.now.name
    if parent.closing:
        yield _said(spot, f"“{name}”同一天关闭，“{spot.now.name}”要换一个上级。", "上级网格")
    elif spot.valid_to is None and parent.valid_to is not None:
        yield _said(spot, f"“{name}”到 {parent.valid_to} 为止，不能再有下级。", "上级网格")
    elif (spot.was is None or _moved(spot)) and not parent.stands_from(sketch.day):
        yield _said(spot, f"“{name}”{parent.valid_from} 才设立，那以前不能有下级。", "上级网格")


def _earlier_kinds(sketch: Sketch, spots: list[Spot]) -> dict[int, set[str]]:
    """By parent of these grids: the kinds it had from the day on and has no longer."""
    found: dict[int, set[str]] = defaultdict(set)
    parents = {spot.now.parent_id for spot in spots if spot.now.parent_id is not None}
    for chunk in chunked(sorted(one for one in parents if one > 0)):
        for period in sketch.periods(GridPeriod.grid_id.in_(chunk)):
            found[period.grid_id].add(period.kind)
    return found


def _below(sketch: Sketch, spots: list[Spot]) -> dict[int, set[tuple[str, str]]]:
    """Name and kind of whatever hangs below some grids on any day from the day on."""
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for chunk in chunked(sorted(spot.id for spot in spots)):
        stored = select(Grid.id, Grid.parent_id, Grid.name, Grid.kind).where(
            Grid.parent_id.in_(chunk), lasting(sketch.day)
        )
        for grid_id, parent_id, name, kind in sketch.session.execute(stored):
            if parent_id is not None and grid_id not in sketch.spots:
                found[parent_id].add((name, kind))
        for period in sketch.periods(GridPeriod.parent_id.in_(chunk)):
            found[period.parent_id or 0].add((period.name, period.kind))
    for spot in sketch.spots.values():
        if spot.now.parent_id is not None and spot.lasts(sketch.day):
            found[spot.now.parent_id].add((spot.now.name, spot.now.kind))
    return found


def _rings(sketch: Sketch, spots: list[Spot]) -> Iterator[Problem]:
    """Nobody is above itself on any day, and nothing lies deeper than a path has room for."""
    above: dict[int, set[int]] = {}
    todo = {spot.id for spot in spots}
    while todo:
        sketch.load(todo)
        parents: dict[int, set[int]] = {one: set() for one in todo}
        for one in todo:
            parent_id = sketch.spot(one).now.parent_id
            if parent_id is not None:
                parents[one].add(parent_id)
        for chunk in chunked(sorted(one for one in todo if one > 0)):
            for period in sketch.periods(GridPeriod.grid_id.in_(chunk), GridPeriod.parent_id.is_not(None)):
                parents[period.grid_id].add(period.parent_id or 0)
        above |= parents
        todo = {parent for found in parents.values() for parent in found} - above.keys()
    for spot in spots:
        seen: set[int] = set()
        line, depth = set() if spot.now.parent_id is None else {spot.now.parent_id}, 1
        while line:
            if spot.id in line:
                yield _said(spot, RING, "上级网格")
                break
            seen |= line
            line = {parent for one in line for parent in above[one]} - seen
            depth += 1
        else:
            if depth + _height(sketch, spot) > DEEPEST:
                yield _said(spot, f"“{spot.now.name}”这样放有 {DEEPEST} 级以上，太深了。", "上级网格")


def _moved(spot: Spot) -> bool:
    return spot.was is not None and spot.was.parent_id != spot.now.parent_id


def _height(sketch: Sketch, spot: Spot) -> int:
    """How many levels there are below a grid that moves."""
    if spot.was is None or not _moved(spot):
        return 0
    start, end = rules.below(spot.path)
    longest = sketch.session.scalar(
        select(func.max(func.length(Grid.path))).where(Grid.path >= start, Grid.path < end)
    )
    return ((longest or len(spot.path)) - len(spot.path)) // rules.SEGMENT


def _names(sketch: Sketch, spots: list[Spot]) -> Iterator[Problem]:
    """Two grids below one parent never have one name on one day."""
    wanted = [
        spot
        for spot in spots
        if spot.was is None or spot.was.name != spot.now.name or _moved(spot) or not spot.changed
    ]
    there: dict[tuple[int | None, str], dict[int, None]] = defaultdict(dict)
    for spot in sketch.spots.values():
        if spot.lasts(sketch.day):
            there[spot.now.parent_id, spot.now.name][spot.id] = None
    names = sorted({spot.now.name for spot in wanted})
    for chunk in chunked(names, 400):
        parents = {spot.now.parent_id for spot in wanted if spot.now.name in set(chunk)}
        for some in chunked(sorted(one for one in parents if one is not None and one > 0), 400):
            stored = select(Grid.id, Grid.parent_id, Grid.name).where(
                Grid.parent_id.in_(some), Grid.name.in_(chunk), lasting(sketch.day)
            )
            for grid_id, parent_id, name in sketch.session.execute(stored):
                if grid_id not in sketch.spots:
                    there[parent_id, name][grid_id] = None
            for one in sketch.periods(GridPeriod.parent_id.in_(some), GridPeriod.name.in_(chunk)):
                there[one.parent_id, one.name][one.grid_id] = None
        if None in parents:
            tops = select(Grid.id, Grid.name).where(
                Grid.parent_id.is_(None), Grid.name.in_(chunk), lasting(sketch.day)
            )
            for grid_id, name in sketch.session.execute(tops):
                if grid_id not in sketch.spots:
                    there[None, name][grid_id] = None
    for spot in wanted:
        if there[spot.now.parent_id, spot.now.name].keys() - {spot.id}:
            yield _said(spot, f"这里已有一个“{spot.now.name}”，换个名称。", "网格名称")


def _codes(sketch: Sketch, spots: list[Spot]) -> Iterator[Problem]:
    """A code fits its kind (or is remarked upon), and was never another grid's, nor given up."""
    fresh = [spot for spot in spots if spot.was is None or spot.was.code != spot.now.code]
    taken = taken_codes(sketch.session, [spot.now.code for spot in fresh])
    seen: dict[str, int] = {}
    for spot in fresh:
        code = spot.now.code
        kind = _kind(sketch.pack, spot.now.kind)
        if kind is not None:
            yield from rules.check_code(kind, code)
            yield from check_division(code, spot.now.name)
        if code in taken:
            yield _said(spot, taken[code], "网格编码")
        elif code in seen:
            yield _said(spot, f"编码“{code}”这次用了两回。", "网格编码")
        seen[code] = spot.id


def taken_codes(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Which of these codes cannot be given, and why."""
    found: dict[str, str] = {}
    for chunk in chunked(sorted(set(codes))):
        given_up = select(GridCode.code, GridCode.day).where(GridCode.code.in_(chunk))
        for code, day in session.execute(given_up):
            found[code] = f"编码“{code}”{day} 已作废，不再使用。"
        past = select(GridPeriod.code, GridPeriod.name).where(GridPeriod.code.in_(chunk))
        for code, name in session.execute(past):
            found.setdefault(code, f"编码“{code}”曾是“{name}”的，不再使用。")
        for code, name in session.execute(select(Grid.code, Grid.name).where(Grid.code.in_(chunk))):
            found[code] = f"编码“{code}”已是“{name}”的。"
    return found


def _left_behind(sketch: Sketch, spot: Spot) -> Iterator[Problem]:
    """Nobody is left in a grid that ends, on any day after."""
    name = spot.now.name
    children = sketch.children(spot.id)
    if children:
        some = "、".join(f"“{child.now.name}”" for child in children[:3])
        more = f"等 {len(children)} 个网格" if len(children) > 3 else ""
        yield _said(spot, f"“{name}”下面还有{some}{more}，先给它们换个上级。")
    later = sketch.periods(GridPeriod.parent_id == spot.id)
    if later:
        last = max(period.to_day for period in later)
        yield _said(spot, f"“{name}”下面直到 {last} 还有“{later[0].name}”，生效日期要在那以后。")
    people = [*sketch.posts([spot.id]), *sketch.links([spot.id])]
    if people:
        some = "、".join(f"“{one.name}”" for one in people[:3])
        more = f"等 {len(people)} 人" if len(people) > 3 else ""
        yield _said(spot, f"“{name}”里还有{some}{more}，先说明他们到哪个网格。")
    for seat in sketch.seats([spot.id]):
        yield _said(spot, f"“{name}”还有“{seat.name}”，先说明它改在哪个网格，或者一起撤销。")
