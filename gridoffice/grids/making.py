"""Grids that an import names and the office lacks: made on the way, each with a code of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import reserve
from db.enums import Right
from db.tables import Grid
from gridoffice.accounts.service import require
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import Place
from gridoffice.grids.pack import GridKind
from gridoffice.grids.service import insert_grids

_LAST_NUMBER = re.compile(r"(.*?)(\d+)")


def make_grids(session: Session, places: Iterable[Place]) -> dict[int, int]:
    """Make grids below standing ones, in force from today; answers their numbers by the passing ones
    that they were planned with. Needs the right to change grids."""
    wanted = {place.id: place for place in places}
    if not wanted:
        return {}
    require(session.info["who"], Right.EDIT_GRIDS)
    pack = office_pack(session)
    codes = {code: (kind, parent) for code, kind, parent in session.execute(_CODES)}
    names = {grid_id: code for grid_id, code in session.execute(select(Grid.id, Grid.code))}
    numbers = dict(zip(wanted, reserve(session, Grid, len(wanted)), strict=True))
    rows = []
    for passing, place in wanted.items():
        assert place.parent_id is not None
        code = free_code(codes, pack.kind(place.kind), place.parent_id, names)
        codes[code] = place.kind, place.parent_id
        rows.append(
            {
                "id": numbers[passing],
                "code": code,
                "name": place.name,
                "kind": place.kind,
                "parent_id": place.parent_id,
                "households": None,
                "merchants": None,
                "population": None,
                "area": None,
                "extent": None,
                "note": None,
                "valid_from": date.today(),
                "valid_to": None,
            }
        )
    insert_grids(session, rows)
    return numbers


_CODES = select(Grid.code, Grid.kind, Grid.parent_id)


def free_code(
    codes: Mapping[str, tuple[str, int | None]], kind: GridKind, parent_id: int, names: Mapping[int, str]
) -> str:
    """The code after the last of its kind beside it; of the first one, as those of its kind begin
    elsewhere: the parent's code and a number. `codes` maps each code to its kind and parent, `names`
    each grid to its code."""
    beside = sorted(code for code, (one, above) in codes.items() if (one, above) == (kind.key, parent_id))
    last = next((code for code in reversed(beside) if _LAST_NUMBER.fullmatch(code)), None)
    if last is None:
        last = names[parent_id] + _first(codes, kind, names[parent_id], names)
    found = _LAST_NUMBER.fullmatch(last)
    assert found is not None
    head, number = found.groups()
    step = int(number)
    while True:
        step += 1
        code = head + str(step).zfill(len(number))
        if code not in codes:
            return code


def _first(
    codes: Mapping[str, tuple[str, int | None]], kind: GridKind, parent: str, names: Mapping[int, str]
) -> str:
    """The number before the first one, as wide as others of its kind have it, else as the pack says."""
    for code, (one, above) in codes.items():
        tail = code.removeprefix(names.get(above or 0, code))
        if one == kind.key and tail != code and tail.isdigit():
            return "0" * len(tail)
    fitting = (width for width in range(1, 7) if kind.code.fullmatch(parent + "1".zfill(width)))
    return "0" * next(fitting, 2)
