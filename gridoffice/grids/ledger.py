"""网格台账 as Excel knows it: the tree in rows, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import reserve
from db.tables import Grid, table_of
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.grids import rules
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.naming import Place, gazetteer
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
    differences,
    settle,
    take_in,
)
from gridoffice.service import service
from gridoffice.spreadsheet.taking import TakenRow

_PLAIN = ("name", "households", "merchants", "population", "area", "extent", "valid_from", "note")


def plan(session: Session, rows: Sequence[TakenRow], options: Options) -> list[Planned]:
    """Each row against the grid of the same code; a parent may be a row of the same file."""
    pack = office_pack(session)
    book = gazetteer(session, pack)
    stored = {row["code"]: dict(row) for row in session.execute(select(table_of(Grid))).mappings()}
    codes = {row["id"]: code for code, row in stored.items()}
    said_codes = Counter(str(row.values.get("code")) for row in rows)
    first_row: dict[str, int] = {}
    kinds: dict[str, GridKind] = {}
    # rows of this file are places too, under passing numbers below zero, so that names find them
    passing: dict[int, str] = {}
    for number, row in enumerate(rows, 1):
        code, name = row.values.get("code"), row.values.get("name")
        kind = pack.kind_called(row.values.get("kind") or "")
        if not code:
            continue
        first_row.setdefault(code, row.number)
        if kind is not None:
            kinds[code] = kind
        if code not in stored and name and kind:
            passing[-number] = code
            book.add(Place(-number, code, name, kind.key, None, ""))
    planned = []
    parents: dict[str, str | None] = {
        place.code: book.places[place.parent_id].code if place.parent_id is not None else None
        for place in book.places.values()
    }
    found_parents: dict[int, tuple[str | None, list[Problem]]] = {}
    for row in rows:
        code, text = row.values.get("code"), row.values.get("parent")
        if "parent" not in row.values:
            text = parents.get(code or "")
        problems: list[Problem] = []
        parent_code: str | None = None
        if text:
            answer = book.find(text)
            if isinstance(answer, Problem):
                problems.append(_in_column(answer, text))
            else:
                parent_code = book.places[answer].code
        if code:
            parents[code] = parent_code
        found_parents[row.number] = parent_code, problems
    for row in rows:
        code = row.values.get("code")
        parent_code, problems = found_parents[row.number]
        problems = list(problems)
        kind = kinds.get(code or "")
        if code and kind is None:
            said = row.values.get("kind")
            labels = "、".join(one.label for one in pack.kinds)
            if said:
                problems.append(
                    Problem(f"没有“{said}”这种网格类型，应是{labels}。", field="网格类型", value=said)
                )
        if code and said_codes[code] > 1 and first_row[code] != row.number:
            problems.append(
                Problem(f"编码“{code}”与第 {first_row[code]} 行相同。", field="网格编码", value=code)
            )
        if code and kind is not None:
            problems += rules.check_code(kind, code)
            if not problems or parent_code is not None:
                parent_kind = _kind_of(parent_code, kinds, stored, pack.kind)
                problems += rules.check_parent(pack, kind, parent_kind, row.values.get("parent"))
            problems += rules.check_ring(code, parents)
        old = stored.get(code or "")
        changes = _changes(options, old, row.values, kind, parent_code, codes) if old is not None else {}
        planned.append(
            settle(
                row,
                problems,
                changes=changes,
                record=old["id"] if old is not None else None,
                resolved={"parent": parent_code, "kind": kind.key if kind else None},
            )
        )
    return _without_parents_in_error(planned)


def _without_parents_in_error(planned: list[Planned]) -> list[Planned]:
    """A new grid whose parent's own row is wrong cannot be written either, and so on down."""
    wrong = {row.values.get("code") for row in planned if row.outcome is Outcome.ERROR and row.record is None}
    while True:
        held = [row for row in planned if row.outcome is Outcome.NEW and row.resolved["parent"] in wrong]
        if not held:
            return planned
        numbers = {row.number for row in held}
        wrong |= {row.values.get("code") for row in held}
        planned = [_held(row) if row.number in numbers else row for row in planned]


def _held(row: Planned) -> Planned:
    problem = Problem(
        "上级那一行有错，先改上级。", row=row.number, field="上级网格", value=row.resolved["parent"]
    )
    return replace(row, outcome=Outcome.ERROR, problems=(*row.problems, problem))


def _in_column(problem: Problem, text: str) -> Problem:
    return Problem(problem.message, problem.severity, field="上级网格", value=text)


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
    old: Mapping[str, Any],
    said: Mapping[str, Any],
    kind: GridKind | None,
    parent_code: str | None,
    codes: Mapping[int, str],
) -> dict[str, tuple[Any, Any]]:
    changes = differences(options.merge, old, said, _PLAIN)
    if kind is not None and kind.key != old["kind"]:
        changes["kind"] = (old["kind"], kind.key)
    if said.get("parent") and parent_code is not None:
        now = codes.get(old["parent_id"])
        if parent_code != now:
            changes["parent"] = (now, parent_code)
    return changes


def write(session: Session, rows: Sequence[Planned], options: Options) -> None:
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
def import_grids(session: Session, come: Incoming, options: Options) -> Preview:
    """Take a grid ledger in, whole."""
    return take_in(session, GRID_LEDGER, come, options)


GRID_LEDGER = Ledger(
    key="grids",
    title="网格台账",
    unit="个网格",
    columns=lambda _session, _options: columns(GridRow),
    plan=plan,
    write=write,
    service=import_grids,
    listing=GRIDS,
)
