"""网格党组织台账 as Excel knows it: the tree of organisations in rows, in any order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import PartyOrgKind, Right
from db.tables import OrgSeat, PartyOrg, table_of
from db.turns import Turn
from gridoffice.accounts.narrowed import in_reach
from gridoffice.accounts.service import Scope, data_scope
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.grids.asking import Places, grid_choices
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer
from gridoffice.intake import Incoming, Ledger, Options, Outcome, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.party import rules
from gridoffice.party.listing import ORGS
from gridoffice.party.naming import Organisation, Organisations, every_name, organisations, plain_name
from gridoffice.party.rows import OF_ORG, OrgRow
from gridoffice.party.seats import put_right, seats_of
from gridoffice.people.hats import asks_of, remembered_of
from gridoffice.questions import Answers, Asked, Choice
from gridoffice.service import service
from gridoffice.settling import differences, out_of_scope, settle
from gridoffice.spreadsheet.taking import TakenRow


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the organisation of the same name (below the same one, where several have it); a
    parent may be a row of the same file."""
    book = organisations(session)
    seats = seats_of(session, book.by_id, date.today())
    stored = {
        row["id"]: {**row, "grids": seats.get(row["id"], ())}
        for row in session.execute(select(table_of(PartyOrg))).mappings()
    }
    answers = Answers(options.answers, remembered)
    places = Places(gazetteer(session, office_pack(session)), {}, answers, create_missing=False)
    # rows of this file are organisations too, under passing numbers below zero, so that names find them
    passing: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        name = row.values.get("name")
        if name and not book.named(name) and plain_name(name) not in passing:
            passing[plain_name(name)] = -number
            kind = row.values.get("kind") or rules.kind_of(name) or PartyOrgKind.BRANCH
            book.add(Organisation(-number, name, kind, None))
    seen: dict[Any, TakenRow] = {}
    scope, near = data_scope(session), in_reach(session, "party_org", stored)
    planned = [_plan_row(row, options, book, stored, places, scope, near, passing, seen) for row in rows]
    return _settled_tree(planned, passing)


def _plan_row(
    row: TakenRow,
    options: Options,
    book: Organisations,
    stored: Mapping[int, Mapping[str, Any]],
    places: Places,
    scope: Scope | None,
    near: frozenset[int] | None,
    passing: Mapping[str, int],
    seen: dict[Any, TakenRow],
) -> Planned:
    said = dict(row.values)
    name, problems = said.get("name") or "", check_room(PartyOrg, columns(OrgRow), said)
    parent_id = None
    outside = False
    if said.get("parent"):
        answer = book.find(said["parent"])
        if isinstance(answer, Problem):
            problems.append(Problem(answer.message, field="上级党组织", value=said["parent"]))
        else:
            parent_id = answer
    found = [places.find((part,), "对应网格") for part in _parts(places, said.get("grid"))]
    problems += [problem for one in found for problem in one.problems]
    # in the order of the tree, as the list shows them
    grids = tuple(sorted({one.grid_id for one in found if one.grid_id is not None}, key=places.path))
    for grid_id in grids:
        if scope is not None and not scope.holds(places.path(grid_id)):
            outside = True
            where = places.display(grid_id)
            problems.append(out_of_scope("对应网格", where, f"你管“{scope.name}”，这一行的是“{where}”"))
    old, several = _meant(book, stored, name, parent_id, grids)
    if several:
        message = f"叫“{name}”的党组织有 {several} 个，写上上级党组织才能认出是哪一个。"
        problems.append(Problem(message, field="党组织名称", value=name))
    if scope is not None and near is not None and old is not None and old["id"] not in near and not outside:
        outside = True
        problems.append(out_of_scope("党组织名称", name, f"你管“{scope.name}”，这个党组织不在那里"))
    if not said.get("kind"):
        said["kind"] = old["kind"] if old is not None else rules.kind_of(name)
    if name and said["kind"] is None:
        problems.append(
            Problem("看不出是哪一类党组织，填党组织类型。", field="党组织类型", value=row.texts.get("kind"))
        )
    elif parent_id is not None and said["kind"] is not None:
        problems += rules.check_parent(said["kind"], book.by_id[parent_id].kind, said["parent"])
    key = plain_name(name), parent_id
    earlier = seen.setdefault(key, row)
    if name and earlier is not row:
        said_before = f"与{earlier.seen_from(row)}是同一个党组织。"
        problems.append(Problem(said_before, field="党组织名称", value=name))
    changes: dict[str, tuple[Any, Any]] = {}
    if old is not None:
        changes = differences(options, old, said, OF_ORG)
        if parent_id is not None and parent_id != old["parent_id"]:
            changes["parent"] = book.called(old["parent_id"]), book.display(parent_id)
        if grids and grids != old["grids"]:
            before = "、".join(places.display(one) for one in old["grids"])
            changes["grid"] = (before or None, "、".join(places.display(one) for one in grids))
    return settle(
        row,
        problems,
        changes=changes,
        record=old["id"] if old is not None else None,
        resolved={
            "parent_id": parent_id,
            "grids": grids,
            "plain": plain_name(name),
            "passing": passing.get(plain_name(name)),
        },
        conflict=bool(several),
        asks=asks_of(*(one.asked for one in found)),
        skip=any(one.skip for one in found),
        out_of_scope=outside,
        values=said,
    )


def _parts(places: Places, said: str | None) -> tuple[str, ...]:
    """The grids that a cell names; a name with such a sign in it is one."""
    if not said:
        return ()
    parts = tuple(part for part in map(str.strip, _BETWEEN_GRIDS.split(said)) if part)
    return parts if len(parts) > 1 and isinstance(places.book.find(said), Problem) else (said,)


_BETWEEN_GRIDS = re.compile(r"[、，,；;\n]+")


def _meant(
    book: Organisations,
    stored: Mapping[int, Mapping[str, Any]],
    name: str,
    parent_id: int | None,
    grids: Sequence[int],
) -> tuple[Mapping[str, Any] | None, int]:
    """The stored organisation that a row means, and how many it may mean when only the clerk can tell.
    `第一党小组` below another branch is another one; a name that only one has may move."""
    named = [stored[one.id] for one in book.named(name) if one.id in stored]
    here = [one for one in named if parent_id is None or one["parent_id"] == parent_id]
    at_grid = [one for one in here if set(grids) & set(one["grids"])]
    found = at_grid if len(here) > 1 and at_grid else here
    if len(found) > 1:
        return None, len(found)
    if found:
        return found[0], 0
    moves = len(named) == 1 and named[0]["kind"] is not PartyOrgKind.GROUP
    return (named[0] if moves else None), 0


def _settled_tree(planned: list[Planned], passing: Mapping[str, int]) -> list[Planned]:
    """No organisation stands below itself, and none is made below one whose own row is wrong."""
    numbers = {
        row.key: row.record if row.record is not None else passing.get(row.resolved["plain"])
        for row in planned
    }
    parents = {numbers[row.key]: row.resolved["parent_id"] for row in planned}
    rings = {one for one in parents if one is not None and _is_in_ring(one, parents)}
    planned = [
        _wrong(row, "党组织不能挂在自己或自己的下级下面。") if numbers[row.key] in rings else row
        for row in planned
    ]
    while True:
        lost = {numbers[row.key] for row in planned if row.record is None and row.outcome in _NOT_WRITTEN} - {
            None
        }
        held = {
            row.key
            for row in planned
            if row.resolved["parent_id"] in lost and row.outcome not in _NOT_WRITTEN
        }
        if not held:
            return planned
        planned = [_wrong(row, "上级那一行有错，先改上级。") if row.key in held else row for row in planned]


_NOT_WRITTEN = (Outcome.ERROR, Outcome.CONFLICT, Outcome.SKIPPED)


def _is_in_ring(start: int, parents: Mapping[int | None, int | None]) -> bool:
    seen: set[int] = set()
    one = parents.get(start)
    while one is not None and one not in seen:
        seen.add(one)
        one = parents.get(one)
    return start in seen


def _wrong(row: Planned, message: str) -> Planned:
    said = row.values.get("parent")
    problem = Problem(message, row=row.number, sheet=row.sheet or None, field="上级党组织", value=said)
    return replace(row, outcome=Outcome.ERROR, problems=(*row.problems, problem))


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new organisations, those above before those below, and change the others."""
    new = [row for row in rows if row.outcome is Outcome.NEW]
    ids = (
        dict(zip((row.key for row in new), reserve(session, PartyOrg, len(new)), strict=True)) if new else {}
    )
    made = {row.resolved["passing"]: ids[row.key] for row in new}

    def parent_of(row: Planned) -> int | None:
        return made.get(row.resolved["parent_id"], row.resolved["parent_id"])

    ready: dict[int, dict[str, Any]] = {
        ids[row.key]: {
            "id": ids[row.key],
            "name": row.values["name"],
            "parent_id": parent_of(row),
            "secretary_id": None,
            "from_day": None,
            "to_day": None,
            "note": None,
            **{name: row.values.get(name) for name in OF_ORG},
        }
        for row in new
    }
    bulk_insert(session, PartyOrg, [ready[number] for number in _above_first(ready)])
    updates: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.outcome is Outcome.UPDATED and row.record is not None:
            values = {name: row.changes[name][1] for name in OF_ORG if name in row.changes}
            if "parent" in row.changes:
                values["parent_id"] = parent_of(row)
            if "secretary" in values:
                values["secretary_id"] = None
            updates[row.record] = values
    bulk_update(session, PartyOrg, updates)
    _seat(session, [(ids[row.key], row.resolved["grids"]) for row in new])
    for row in rows:
        if row.record is not None and "grid" in row.changes:
            org = session.get(PartyOrg, row.record)
            assert org is not None
            put_right(session, org, row.resolved["grids"], date.today())
    return {}


def _seat(session: Session, seats: Sequence[tuple[int, Sequence[int]]]) -> None:
    """The grids of organisations that were just made."""
    pairs = [(org_id, grid_id) for org_id, grids in seats for grid_id in grids]
    numbers = reserve(session, OrgSeat, len(pairs)) if pairs else ()
    bulk_insert(
        session,
        OrgSeat,
        [
            {"id": number, "org_id": org_id, "grid_id": grid_id, "from_day": None, "to_day": None}
            for number, (org_id, grid_id) in zip(numbers, pairs, strict=True)
        ],
    )


def _above_first(ready: Mapping[int, Mapping[str, Any]]) -> list[int]:
    order: dict[int, None] = {}
    for number in ready:
        line = []
        one: int | None = number
        while one is not None and one in ready and one not in order:
            line.append(one)
            one = ready[one]["parent_id"]
        order.update(dict.fromkeys(reversed(line)))
    return list(order)


def choices(session: Session, _ground: object, asked: Asked) -> tuple[Choice, ...]:
    """Which grid a row may mean."""
    return grid_choices(gazetteer(session, office_pack(session)), asked, create=False)


@service("导入网格党组织台账", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_orgs(session: Session, come: Incoming, options: Options, ready: Preview | None = None) -> Preview:
    """Take a ledger of party organisations in, whole."""
    return take_in(session, ORG_LEDGER, come, options, ready)


ORG_LEDGER = Ledger(
    key="party-orgs",
    title="网格党组织台账",
    unit="个党组织",
    columns=lambda _session, _options: columns(OrgRow),
    ground=remembered_of("party-orgs"),
    plan=plan,
    choices=choices,
    write=write,
    service=import_orgs,
    listing=ORGS,
    offers=lambda session: {"parent": every_name(session)},
)
