"""Drawing operations on a sketch: what each kind of change does to grids, posts and figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from db.enums import GridChangeKind, GridPart
from db.tables import Grid
from gridoffice.errors import RuleBroken
from gridoffice.fields import columns
from gridoffice.grids.codes import next_codes
from gridoffice.grids.operations import (
    Close,
    Convert,
    Establish,
    Facts,
    Merge,
    Move,
    Operation,
    Recode,
    Rename,
    Revise,
    Share,
    Split,
)
from gridoffice.grids.pack import GridKind
from gridoffice.grids.rows import GridRow
from gridoffice.grids.rules import rounded
from gridoffice.grids.sketch import COUNTED, FACTS, Held, Sketch, Spot, State
from gridoffice.limits import check_room

SUBJECT, BEFORE, AFTER, CARRIED = GridPart

_LABELS = {column.name: column.field.label for column in columns(GridRow)}


def draw(sketch: Sketch, operation: Operation) -> None:
    """Draw one operation. Raises `RuleBroken` and `NotFound` where it makes no sense by itself; whether
    the tree still holds is asked of the whole sketch afterwards."""
    _DRAWERS[type(operation)](sketch, operation)


def _establish(sketch: Sketch, said: Establish) -> None:
    kind = _kind(sketch, said.kind)
    name = _name(said.name)
    spot = _add(sketch, name, kind, said.parent_id, said.code, said.facts)
    sketch.note(GridChangeKind.ESTABLISH, f"设立“{name}”", {spot.id: SUBJECT})


def _add(
    sketch: Sketch, name: str, kind: GridKind, parent_id: int | None, code: str | None, facts: Facts
) -> Spot:
    _room({"code": code})
    return sketch.add(
        State(
            code=code or _code(sketch, kind, parent_id, name),
            name=name,
            kind=kind.key,
            parent_id=parent_id,
            **_facts(facts),
        )
    )


def _rename(sketch: Sketch, said: Rename) -> None:
    old = sketch.spot(said.grid_id).now.name
    name = _name(said.name)
    sketch.change(said.grid_id, name=name)
    sketch.note(GridChangeKind.RENAME, f"“{old}”更名为“{name}”", {said.grid_id: SUBJECT})


def _recode(sketch: Sketch, said: Recode) -> None:
    now = sketch.spot(said.grid_id).now
    kind = _kind(sketch, now.kind)
    code = (said.code or "").strip() or _code(sketch, kind, now.parent_id, now.name)
    _room({"code": code})
    sketch.change(said.grid_id, code=code)
    sketch.note(GridChangeKind.RECODE, f"“{now.name}”编码改为 {code}", {said.grid_id: SUBJECT})


def _move(sketch: Sketch, said: Move) -> None:
    name = sketch.spot(said.grid_id).now.name
    where = f"“{sketch.spot(said.parent_id).now.name}”" if said.parent_id is not None else "最上级"
    sketch.change(said.grid_id, parent_id=said.parent_id)
    sketch.note(GridChangeKind.MOVE, f"“{name}”移到{where}", {said.grid_id: SUBJECT})


def _convert(sketch: Sketch, said: Convert) -> None:
    kind = _kind(sketch, said.kind)
    name = sketch.spot(said.grid_id).now.name
    sketch.change(said.grid_id, kind=kind.key)
    sketch.note(GridChangeKind.CONVERT, f"“{name}”改为{kind.label}", {said.grid_id: SUBJECT})


def _revise(sketch: Sketch, said: Revise) -> None:
    unknown = set(said.values) - set(FACTS)
    if unknown:
        raise RuleBroken(f"不能这样改“{'、'.join(sorted(_LABELS.get(one, one) for one in unknown))}”。")
    name = sketch.spot(said.grid_id).now.name
    values = dict(said.values)
    if "area" in values:
        values["area"] = rounded(values["area"])
    _room(values)
    sketch.change(said.grid_id, **values)
    words = "、".join(_LABELS[one] for one in said.values)
    sketch.note(GridChangeKind.REVISE, f"更新“{name}”的{words}", {said.grid_id: SUBJECT})


def _split(sketch: Sketch, said: Split) -> None:
    spot = sketch.spot(said.grid_id)
    whole = spot.now
    kind = _kind(sketch, whole.kind)
    keepers = [share for share in said.shares if share.keeps]
    if len(said.shares) < 2:
        raise RuleBroken("拆分至少要分成两个网格。")
    if len(keepers) > 1:
        raise RuleBroken(f"只能有一个网格沿用“{whole.name}”的编码。")
    _shared_out(whole, said.shares)
    posts = {held.id: held for held in sketch.posts([spot.id])}
    links = {held.id: held for held in sketch.links([spot.id])}
    children = {child.id: child for child in sketch.children(spot.id)}
    _each_once(whole.name, "人", [one for share in said.shares for one in share.workers], posts)
    _each_once(whole.name, "名入格党员", [one for share in said.shares for one in share.links], links)
    _each_once(whole.name, "个网格", [one for share in said.shares for one in share.children], children)
    parts: dict[int, GridPart] = {}
    for share in said.shares:
        name = _name(share.name)
        facts = share.facts if share.facts.zone is not None else replace(share.facts, zone=whole.zone)
        if share.keeps:
            facts = facts if facts.note is not None else replace(facts, note=whole.note)
            sketch.change(spot.id, name=name, **_facts(facts))
            parts[spot.id] = SUBJECT
            continue
        made = _add(sketch, name, kind, whole.parent_id, share.code, facts)
        parts[made.id] = AFTER
        for post_id in share.workers:
            sketch.send(posts.pop(post_id), made.id)
        for link_id in share.links:
            sketch.send(links.pop(link_id), made.id)
        for child_id in share.children:
            sketch.change(child_id, parent_id=made.id)
            parts[child_id] = CARRIED
    if not keepers:
        for held in links.values():
            _end(sketch, held)
        # an organisation goes on serving the whole of its place
        made = tuple(one for one, part in parts.items() if part is AFTER)
        for seat in sketch.seats([spot.id]):
            sketch.seat(seat, made)
        sketch.close(spot.id)
        parts = {spot.id: BEFORE, **parts}
    names = "、".join(f"“{share.name}”" for share in said.shares)
    sketch.note(GridChangeKind.SPLIT, f"“{whole.name}”拆分为{names}", parts)


def _shared_out(whole: State, shares: Sequence[Share]) -> None:
    """What was counted is shared out without rest."""
    for column in COUNTED:
        total = getattr(whole, column)
        given = [getattr(share.facts, column) for share in shares]
        told = [value for value in given if value is not None]
        label = _LABELS[column]
        if any(value < 0 for value in told):
            raise RuleBroken(f"{label}不能小于零。")
        if total is None or (not told and column != "households"):
            continue
        if len(told) < len(given):
            raise RuleBroken(f"“{whole.name}”有{label} {total}，每个新网格都要写上{label}。")
        rest = total - sum(told, Decimal(0) if column == "area" else 0)
        if rest:
            raise RuleBroken(
                f"各网格{label}合计 {total - rest}，“{whole.name}”原有 {total}，"
                f"{'还差' if rest > 0 else '多出'} {abs(rest)}。"
            )


def _each_once(name: str, unit: str, given: Sequence[int], there: Collection[int]) -> None:
    if len(set(given)) < len(given):
        raise RuleBroken(f"有{unit}分到了两个网格，每{unit}只能去一处。")
    strange = set(given) - set(there)
    if strange:
        raise RuleBroken(f"分到新网格的有 {len(strange)} {unit}不在“{name}”里。")


def _merge(sketch: Sketch, said: Merge) -> None:
    ids = list(dict.fromkeys(said.grid_ids))
    spots = [sketch.spot(one) for one in ids]
    if said.into is None and (not said.name or len(ids) < 2):
        raise RuleBroken("合并成新网格，要有两个以上网格和新名称。")
    sources = [spot for spot in spots if spot.id != said.into]
    if not sources:
        raise RuleBroken("没有选要并入的网格。")
    first = spots[0].now
    if said.into is not None:
        target = sketch.spot(said.into)
        everybody = [target, *sources]
    else:
        kind = _kind(sketch, first.kind)
        zones = {spot.now.zone for spot in sources}
        facts = Facts(zone=zones.pop() if len(zones) == 1 else None)
        target = _add(sketch, _name(said.name or ""), kind, first.parent_id, said.code, facts)
        everybody = sources
    sums = {column: _sum(getattr(spot.now, column) for spot in everybody) for column in COUNTED}
    extents = [spot.now.extent for spot in everybody if spot.now.extent]
    sketch.change(target.id, **sums, extent="；".join(dict.fromkeys(extents)) or None)
    taken = {child.now.name for child in sketch.children(target.id)}
    carried: dict[int, GridPart] = {}
    for spot in sources:
        for child in sketch.children(spot.id):
            if child.id == target.id:
                continue
            name = said.names.get(child.id) or _told_apart(child.now.name, taken)
            taken.add(name)
            sketch.change(child.id, parent_id=target.id, name=_name(name))
            carried[child.id] = CARRIED
        sketch.close(spot.id)
    merged = [spot.id for spot in sources]
    for held in [*sketch.posts(merged), *sketch.links(merged)]:
        sketch.send(held, target.id)
    for seat in sketch.seats(merged):
        sketch.seat(seat, (target.id,))
    names = "、".join(f"“{spot.now.name}”" for spot in sources)
    words = f"{names}并入" if said.into is not None else f"{names}合并为"
    part = SUBJECT if said.into is not None else AFTER
    sketch.note(
        GridChangeKind.MERGE,
        f"{words}“{target.now.name}”",
        {**{spot.id: BEFORE for spot in sources}, target.id: part, **carried},
    )


def _sum(values: Iterable[Any]) -> Any:
    """The sum of what is known; None of nothing."""
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None


def _told_apart(name: str, taken: Collection[str]) -> str:
    """A name that is still free: the next figure (`微网格01` becomes `微网格03`), or one added."""
    if name not in taken:
        return name
    stem, figure = re.fullmatch(r"(.*?)(\d*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    width, number = max(len(figure), 1), int(figure or 1)
    while name in taken:
        number += 1
        name = f"{stem}{number:0{width}d}"
    return name


def _close(sketch: Sketch, said: Close) -> None:
    spot = sketch.spot(said.grid_id)
    posts = {held.id: held for held in sketch.posts([spot.id])}
    _each_once(spot.now.name, "人", said.leaving, posts)
    for post_id in said.leaving:
        _end(sketch, posts.pop(post_id))
    links = sketch.links([spot.id])
    if said.workers_to is not None:
        for held in [*posts.values(), *links]:
            sketch.send(held, said.workers_to)
    else:
        for held in links:
            _end(sketch, held)
    seats_to = said.seats_to if said.seats_to is not None else said.workers_to
    for seat in sketch.seats([spot.id]):
        if seat.org_id in said.dissolving:
            sketch.dissolve(seat)
        elif seats_to is not None:
            sketch.seat(seat, (seats_to,))
    goals = (said.children_to, said.workers_to, seats_to)
    parts = {one: AFTER for one in goals if one is not None}
    if said.children_to is not None:
        for child in sketch.children(spot.id):
            sketch.change(child.id, parent_id=said.children_to)
            parts[child.id] = CARRIED
    sketch.close(spot.id)
    sketch.note(GridChangeKind.CLOSE, f"关闭“{spot.now.name}”", {**parts, spot.id: BEFORE})


def _end(sketch: Sketch, held: Held) -> None:
    if held.from_day is not None and held.from_day >= sketch.day:
        raise RuleBroken(f"“{held.name}”（{held.title}）{held.from_day} 才开始，给他另指一个网格。")
    sketch.send(held, None)


def _kind(sketch: Sketch, word: str) -> GridKind:
    found = next((kind for kind in sketch.pack.kinds if kind.key == word), None)
    found = found or sketch.pack.kind_called(word)
    if found is None:
        labels = "、".join(kind.label for kind in sketch.pack.kinds)
        raise RuleBroken(f"没有“{word}”这种网格类型。现有：{labels}。")
    return found


def _name(said: str) -> str:
    name = said.strip()
    if not name:
        raise RuleBroken("没写网格名称。")
    _room({"name": name})
    return name


def _room(values: Mapping[str, Any]) -> None:
    problems = check_room(Grid, columns(GridRow), values)
    if problems:
        raise RuleBroken(problems[0].message, problems)


def _facts(facts: Facts) -> dict[str, Any]:
    values = {name: getattr(facts, name) for name in FACTS}
    values["area"] = rounded(values["area"])
    _room(values)
    return values


def _code(sketch: Sketch, kind: GridKind, parent_id: int | None, name: str) -> str:
    parent = sketch.spot(parent_id).now.code if parent_id is not None else None
    drawn = [spot.now.code for spot in sketch.spots.values()]
    return next_codes(sketch.session, kind, parent, 1, name, drawn)[0]


_DRAWERS: dict[type, Callable[[Sketch, Any], None]] = {
    Establish: _establish,
    Rename: _rename,
    Recode: _recode,
    Move: _move,
    Split: _split,
    Merge: _merge,
    Convert: _convert,
    Revise: _revise,
    Close: _close,
}
