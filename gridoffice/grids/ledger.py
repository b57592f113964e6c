"""网格台账 as Excel knows it: the tree in rows, in any order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from db.bulk import reserve
from db.enums import Right
from db.tables import Grid, table_of
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.grids import rules
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.naming import Gazetteer, Place, gazetteer
from gridoffice.grids.pack import GridKind
from gridoffice.grids.rows import GridRow
from gridoffice.grids.service import insert_grids, update_grids
from gridoffice.intake import (
    Incoming,
    Ledger,
    Options,
    Outcome,
    Planned,
    Preview,
    take_in,
)
from gridoffice.limits import check_room
from gridoffice.service import service
from gridoffice.settling import differences, settle
from gridoffice.spreadsheet.taking import RowKey, TakenRow

_PLAIN = ("name", "households", "merchants", "population", "area", "extent", "zone", "valid_from", "note")


def plan(session: Session, rows: Sequence[TakenRow], options: Options, _ground: None) -> list[Planned]:
    """Each row against the grid of the same code; a parent may be a row of the same file."""
    pack = office_pack(session)
    stored: dict[str, RowMapping] = {
        row["code"]: row for row in session.execute(select(table_of(Grid))).mappings()
    }
    codes = {row["id"]: code for code, row in stored.items()}
    first_row: dict[str, TakenRow] = {}
    order = {row.key: place for place, row in enumerate(rows)}
    kinds: dict[str, GridKind] = {}
    for row in rows:
        if code := row.values.get("code"):
            first_row.setdefault(code, row)
            if kind := pack.kind_called(row.values.get("kind") or ""):
                kinds[code] = kind
    parents, lost = _parents(gazetteer(session, pack), kinds, rows)
    names = _names(stored, rows, options)
    places: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for code, name in names.items():
        places[parents.get(code), name].append(code)
    planned = []
    for row in rows:
        said = dict(row.values)
        if "area" in said:
            said["area"] = rules.rounded(said["area"])
        problems = [*lost.get(row.key, ()), *check_room(Grid, columns(GridRow), said)]
        code, word = said.get("code"), said.get("kind")
        kind, old, parent = kinds.get(code or ""), stored.get(code or ""), parents.get(code or "")
        changes = _changes(options, old, said, kind, parent, codes) if old is not None else {}
        if code and word and kind is None:
            labels = "、".join(one.label for one in pack.kinds)
            problems.append(
                Problem(f"没有“{word}”这种网格类型，应是{labels}。", field="网格类型", value=word)
            )
        if code and first_row[code] is not row:
            earlier_row = first_row[code].seen_from(row)
            problems.append(Problem(f"编码“{code}”与{earlier_row}相同。", field="网格编码", value=code))
        if code and kind is not None:
            problems += rules.check_code(kind, code)
            if row.key not in lost:
                parent_kind = _kind_of(parent, kinds, stored, pack.kind)
                problems += rules.check_parent(pack, kind, parent_kind, said.get("parent"))
            problems += rules.check_ring(code, parents)
            twins = [one for one in places[parent, names.get(code)] if one != code]
            earlier = [
                one for one in twins if one not in first_row or order[first_row[one].key] < order[row.key]
            ]
            if earlier and (old is None or changes.keys() & {"name", "parent"}):
                problems.append(
                    Problem(
                        f"同一个上级下已有“{names[code]}”（编码 {earlier[0]}），换个名称。",
                        field="网格名称",
                        value=names[code],
                    )
                )
        planned.append(
            settle(
                row,
                problems,
                changes=changes,
                record=old["id"] if old is not None else None,
                resolved={"parent": parent, "kind": kind.key if kind else None},
                values=said,
            )
        )
    return _without_parents_in_error(planned)


def _parents(
    book: Gazetteer, kinds: Mapping[str, GridKind], rows: Sequence[TakenRow]
) -> tuple[dict[str, str | None], dict[RowKey, list[Problem]]]:
    """The code of each grid's parent, stored or coming, and by row the parents nobody knows. A row
    that names none keeps the one it has."""
    parents: dict[str, str | None] = {
        place.code: book.places[place.parent_id].code if place.parent_id is not None else None
        for place in book.places.values()
    }
    # rows of this file are places too, under passing numbers below zero, so that names find them
    passing: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        code, name = row.values.get("code"), row.values.get("name")
        if code and name and code in kinds and code not in parents and code not in passing:
            passing[code] = -number
            book.add(Place(-number, code, name, kinds[code].key, None, ""))
    waiting = [row for row in rows if row.values.get("parent")]
    while waiting:
        # with each parent found, longer names can be spelled through it
        answers = [(row, book.find(row.values["parent"])) for row in waiting]
        for row, answer in answers:
            code = row.values.get("code")
            if code and not isinstance(answer, Problem):
                parents[code] = book.places[answer].code
                if code in passing:
                    book.hang(passing[code], answer)
        left = [(row, answer) for row, answer in answers if isinstance(answer, Problem)]
        if len(left) == len(waiting):
            return parents, {
                row.key: [replace(answer, field="上级网格", value=row.values["parent"])]
                for row, answer in left
            }
        waiting = [row for row, _ in left]
    return parents, {}


def _names(
    stored: Mapping[str, RowMapping], rows: Sequence[TakenRow], options: Options
) -> dict[str, str | None]:
    """What each standing grid is called once the file is taken in."""
    today = date.today()
    names = {
        code: row["name"]
        for code, row in stored.items()
        if row["valid_to"] is None or row["valid_to"] >= today
    }
    for row in rows:
        if code := row.values.get("code"):
            names[code] = options.merge.of(names.get(code), row.values.get("name"))
    return names


def _without_parents_in_error(planned: list[Planned]) -> list[Planned]:
    """A new grid whose parent's own row is wrong cannot be written either, and so on down."""
    wrong = {row.values.get("code") for row in planned if row.outcome is Outcome.ERROR and row.record is None}
    while True:
        held = [row for row in planned if row.outcome is Outcome.NEW and row.resolved["parent"] in wrong]
        if not held:
            return planned
        keys = {row.key for row in held}
        wrong |= {row.values.get("code") for row in held}
        planned = [_held(row) if row.key in keys else row for row in planned]


def _held(row: Planned) -> Planned:
    problem = Problem(
        "上级那一行有错，先改上级。",
        row=row.number,
        sheet=row.sheet or None,
        field="上级网格",
        value=row.resolved["parent"],
    )
    return replace(row, outcome=Outcome.ERROR, problems=(*row.problems, problem))


def _kind_of(
    code: str | None, kinds: Mapping[str, GridKind], stored: Mapping[str, Any], kind: Any
) -> GridKind | None:
    if code is None:
        return None
    if code in kinds:
        return kinds[code]
    return kind(stored[code]["kind"]) if code in stored else None


def _changes(
    options: Options,
    old: RowMapping,
    said: Mapping[str, Any],
    kind: GridKind | None,
    parent_code: str | None,
    codes: Mapping[int, str],
) -> dict[str, tuple[Any, Any]]:
    changes = differences(options, dict(old), said, _PLAIN)
    if kind is not None and kind.key != old["kind"]:
        changes["kind"] = (old["kind"], kind.key)
    if said.get("parent") and parent_code is not None:
        now = codes.get(old["parent_id"])
        if parent_code != now:
            changes["parent"] = (now, parent_code)
    return changes


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new grids parents first, then change the others."""
    ids = {code: grid_id for code, grid_id in session.execute(select(Grid.code, Grid.id))}
    new = {row.values["code"]: row for row in rows if row.outcome is Outcome.NEW}
    ids |= dict(zip(new, reserve(session, Grid, len(new)), strict=True)) if new else {}
    ready = []
    for code in _parents_first(new):
        row = new[code]
        parent = row.resolved["parent"]
        ready.append(
            {
                "id": ids[code],
                "code": code,
                "kind": row.resolved["kind"],
                "parent_id": ids[parent] if parent is not None else None,
                "valid_to": None,
                **{name: row.values.get(name) for name in _PLAIN},
            }
        )
    insert_grids(session, ready)
    updates: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.outcome is Outcome.UPDATED and row.record is not None:
            values = {name: new_value for name, (_, new_value) in row.changes.items()}
            if "parent" in values:
                values["parent_id"] = ids[values.pop("parent")]
            updates[row.record] = values
    update_grids(session, updates)
    return {}


def _parents_first(new: Mapping[str, Planned]) -> list[str]:
    order: dict[str, None] = {}
    for code in new:
        line = []
        one: str | None = code
        while one is not None and one in new and one not in order:
            line.append(one)
            one = new[one].resolved["parent"]
        order.update(dict.fromkeys(reversed(line)))
    return list(order)


@service("导入网格台账", needs=Right.EDIT_GRIDS)
def import_grids(session: Session, come: Incoming, options: Options, ready: Preview | None = None) -> Preview:
    """Take a grid ledger in, whole."""
    return take_in(session, GRID_LEDGER, come, options, ready)


GRID_LEDGER = Ledger(
    key="grids",
    title="网格台账",
    unit="个网格",
    columns=lambda _session, _options: columns(GridRow),
    ground=lambda _session, _options: None,
    plan=plan,
    write=write,
    service=import_grids,
    listing=GRIDS,
)
