"""Short ways to change the tree from a day on, and to look at it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from db.enums import Reach
from gridoffice import history
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids.changing import change_grids, preview
from gridoffice.grids.history import as_of
from gridoffice.grids.operations import (
    Basis,
    Facts,
    Move,
    Operation,
    Rename,
    Revise,
    Share,
    Split,
)
from gridoffice.office import Done, Office
from gridoffice.safekeeping import verify
from tests.offices import grid_id, records, roster

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
MAY = date(2026, 5, 15)
STREET = "519921001"
WUTONG, LIUYIN = "519921001001", "519921001002"
FIRST, SECOND = "519921001001001", "519921001001002"
LIU_FIRST, LIU_SECOND = "519921001002001", "519921001002002"
MICRO_1, MICRO_2 = "51992100100100101", "51992100100100102"


def change(office: Office, day: date, *operations: Operation, **basis: Any) -> Done:
    return office.write(change_grids, Basis(day, **basis), operations)


def refused(office: Office, day: date, *operations: Operation) -> str:
    """Why it is refused; nothing is written, and the preview says the same."""
    before = records(office)
    with pytest.raises(RuleBroken) as caught:
        change(office, day, *operations)
    assert records(office) == before
    try:
        told = office.read(preview, Basis(day), operations)
    except NotFound:  # an account of part of an office does not even see what lies elsewhere
        assert office.who.reach is not Reach.ALL
    else:
        assert not told.allowed
        if office.who.reach is Reach.ALL:
            assert caught.value.message in [problem.message for problem in told.problems]
    return caught.value.message


def tree(office: Office, day: date | None = None) -> dict[str, tuple[str, ...]]:
    """Each code with the names from the top down, as of a day."""
    found = office.read(as_of, day)
    names = {number: state.name for number, (state, _) in found.items()}

    def up(number: int) -> tuple[str, ...]:
        state = found[number][0]
        return (*(up(state.parent_id) if state.parent_id is not None else ()), names[number])

    return {state.code: up(number) for number, (state, _) in found.items()}


def households(office: Office, codes: Iterable[str], day: date | None = None) -> list[int | None]:
    found = {state.code: state.households for state, _ in office.read(as_of, day).values()}
    return [found[code] for code in codes]


def posts(office: Office, name: str) -> list[tuple[int, date | None, date | None]]:
    rows = records(office)
    ids = {row["id"] for row in rows["person"] if row["name"] == name}
    return [
        (row["grid_id"], row["from_day"], row["to_day"]) for row in rows["post"] if row["person_id"] in ids
    ]


def undone(office: Office, before: Any, done: Done) -> None:
    """Undo brings back exactly what was, redo what came of it, and the office proves clean."""
    after = records(office)
    office.write(history.undo, done.action)
    assert records(office) == before
    office.write(history.redo, done.action)
    assert records(office) == after
    assert verify(office).findings == ()


def split_of(office: Office) -> Split:
    wang = next(row for row in roster(office) if row.name == "王𠮷𬭎")
    li = next(row for row in roster(office) if row.name == "李䶮")
    return Split(
        grid_id(office, FIRST),
        (
            Share(
                "第一网格", Facts(households=250), workers=(wang.id,), children=(grid_id(office, MICRO_1),)
            ),
            Share("第三网格", Facts(households=150), workers=(li.id,), children=(grid_id(office, MICRO_2),)),
        ),
    )


def moved_about(office: Office) -> None:
    """The first grid leaves 梧桐 for 柳荫 under another name; 柳荫 is renamed and its second grid comes."""
    first, liu = grid_id(office, FIRST), grid_id(office, LIUYIN)
    change(
        office,
        JUNE,
        Rename(first, "河畔网格"),
        Move(first, liu),
        Rename(grid_id(office, LIU_FIRST), "柳荫第一网格"),
        Revise(grid_id(office, SECOND), {"households": 600}),
    )
    second = grid_id(office, LIU_SECOND)
    change(
        office,
        JULY,
        Rename(liu, "柳荫里社区"),
        Rename(second, "第八网格"),
        Move(second, grid_id(office, WUTONG)),
    )
