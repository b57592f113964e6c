"""Any sequence of dated changes leaves one tree on every day, and what came before as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.enums import Zone
from gridoffice import history
from gridoffice.errors import OfficeError
from gridoffice.grids.changing import change_grids, preview
from gridoffice.grids.history import as_of
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.operations import (
    Basis,
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
from gridoffice.grids.rules import segment
from gridoffice.grids.sketch import State
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.party.service import save_org
from gridoffice.safekeeping import verify
from tests.offices import Copies, grid_id, records

NEWEST = date(2026, 10, 1)
Then = dict[int, tuple[State, str]]
Wish = tuple[int, int, int, int, int]
"""Which operation, on which grid, with which other, how much, how many days before the newest."""

WISHES = st.lists(
    st.tuples(
        st.integers(0, 8), st.integers(0, 40), st.integers(0, 40), st.integers(0, 5), st.integers(0, 12)
    ),
    min_size=1,
    max_size=7,
)


class Day:
    """One office through a sequence of changes."""

    def __init__(self, office: Office):
        self.office = office
        self.days = {NEWEST - timedelta(days=10 * n + m) for n in range(14) for m in (0, 1)} | {date.today()}
        self.pack = office.read(office_pack)

    def tree(self, day: date) -> Then:
        return self.office.read(as_of, day)

    def trees(self) -> dict[date, Then]:
        return {day: self.tree(day) for day in self.days}

    def operations(self, wish: Wish, day: date) -> list[Operation]:
        """The wish against the tree of its day: numbers pick grids in the order of the tree."""
        which, one, other, amount, _ = wish
        tree = self.tree(day)
        order = sorted(tree, key=lambda number: tree[number][1])
        grid, second = order[one % len(order)], order[other % len(order)]
        state = tree[grid][0]
        below = [number for number in order if tree[number][0].parent_id == grid]
        posts = [
            row["id"]
            for row in records(self.office)["post"]
            if row["grid_id"] == grid and (row["to_day"] is None or row["to_day"] >= day)
        ]
        if which == 0:
            kinds = [kind.key for kind in self.pack.kinds if state.kind in kind.parents]
            kind = kinds[other % len(kinds)] if kinds else "micro"
            return [Establish(f"新{amount}", kind, grid, facts=Facts(households=amount * 10))]
        if which == 1:
            return [Rename(grid, f"网格{amount}")]
        if which == 2:
            return [Recode(grid)]
        if which == 3:
            return [Move(grid, second), *([Rename(grid, f"网格{amount}")] if amount % 2 else [])]
        if which == 4:
            total = state.households or 0
            first = total * amount // 5
            keeps = amount % 2 == 0
            half, rest = len(posts) // 2, len(below) // 2
            return [
                Split(
                    grid,
                    (
                        Share(
                            state.name,
                            Facts(households=first),
                            workers=() if keeps else tuple(posts[:half]),
                            children=() if keeps else tuple(below[:rest]),
                            keeps=keeps,
                        ),
                        Share(
                            f"分{amount}",
                            Facts(households=total - first),
                            workers=tuple(posts[half:]),
                            children=tuple(below[rest:]),
                        ),
                    ),
                )
            ]
        if which == 5:
            if amount % 2:
                return [Merge((grid, second), into=second)]
            return [Merge((grid, second), name=f"合{amount}")]
        if which == 6:
            return [Convert(grid, self.pack.kinds[other % len(self.pack.kinds)].key)]
        if which == 7:
            zone = (None, *Zone)[amount % 4]
            return [Revise(grid, {"households": amount * 100, "zone": zone, "note": f"注{amount}"})]
        to = second if amount % 2 else None
        return [Close(grid, children_to=second, workers_to=to, seats_to=second if amount % 3 else None)]

    def do(self, wish: Wish) -> bool:
        """Try one wish; whatever comes of it, everything that must hold is looked at."""
        day = NEWEST - timedelta(days=10 * wish[-1])
        before, trees = records(self.office), self.trees()
        try:
            operations = self.operations(wish, day)
            told = self.office.read(preview, Basis(day), operations)
            done = self.office.write(change_grids, Basis(day, "试"), operations)
        except OfficeError:
            assert records(self.office) == before
            return False
        assert told.allowed
        after = records(self.office)
        now = self.trees()
        for one, tree in now.items():
            self.is_a_tree(tree)
            if one < day:
                assert tree == trees[one], f"{one} has changed by an operation of {day}"
        if isinstance(operations[0], (Split, Merge)):
            assert counted(now[day]) == counted(trees[day])
        self.nobody_in_a_closed_grid(after)
        self.lists_agree(now[day], day)
        if done.action is not None:
            self.office.write(history.undo, done.action)
            assert records(self.office) == before
            self.office.write(history.redo, done.action)
            assert records(self.office) == after
        return done.action is not None

    def is_a_tree(self, tree: Then) -> None:
        places: set[tuple[int | None, str]] = set()
        for number, (state, path) in tree.items():
            above = "" if state.parent_id is None else tree[state.parent_id][1]
            assert path == above + segment(number)
            assert (state.parent_id, state.name) not in places
            places.add((state.parent_id, state.name))
            kind = self.pack.kind(state.kind)
            if state.parent_id is None:
                assert state.kind in self.pack.root
            else:
                assert tree[state.parent_id][0].kind in kind.parents
        assert len({state.code for state, _ in tree.values()}) == len(tree)

    def lists_agree(self, tree: Then, day: date) -> None:
        """The grid list of the day is the tree of the day, whole and below any grid."""
        paths = {number: path for number, (_, path) in tree.items()}
        for scope in (None, *list(tree)[::3]):
            shown = self.office.read(GRIDS.ids, Ask(scope=scope, day=day))
            top = paths[scope] if scope is not None else ""
            inside = {number: path for number, path in paths.items() if path.startswith(top)}
            assert list(shown) == sorted(inside, key=lambda number: inside[number])
        rows = self.office.read(GRIDS.rows, list(tree), day)
        assert {row.id: (row.code, row.name, row.households) for row in rows} == {
            number: (state.code, state.name, state.households) for number, (state, _) in tree.items()
        }

    def nobody_in_a_closed_grid(self, rows: dict[str, Any]) -> None:
        ends = {row["id"]: row["valid_to"] for row in rows["grid"]}
        for held in (*rows["post"], *rows["org_seat"]):
            last = ends[held["grid_id"]]
            assert last is None or (held["to_day"] is not None and held["to_day"] <= last)


def counted(tree: Then) -> int:
    return sum(state.households or 0 for state, _ in tree.values())


def a_day(office: Office, wishes: list[Wish]) -> None:
    day = Day(office)
    top, *codes = sorted(row["code"] for row in records(office)["grid"])
    for place, code in enumerate((top, *codes)):
        # every grid has an organisation, and every second one shares it with the next
        shared = [grid_id(office, one) for one in codes[place : place + 2] if place % 2]
        seats = [grid_id(office, code), *shared]
        office.write(save_org, None, {"name": f"第{place}党支部", "grid_ids": seats})
    morning = records(office)
    done = sum(day.do(wish) for wish in wishes)
    assert verify(office).findings == ()
    for _ in range(done):
        office.write(history.undo)
    assert records(office) == morning


@given(wishes=WISHES)
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_on_a_local_database(
    small_copies: Copies, wishes: list[Wish], request: pytest.FixtureRequest
) -> None:
    with TemporaryDirectory() as folder:
        office = Office.open(small_copies.address("sqlite", Path(folder), request))
        try:
            a_day(office, wishes)
        finally:
            office.close()


@pytest.mark.parametrize("seed", range(3))
def test_on_a_shared_database(
    small_copies: Copies,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    office_at: Callable[..., Office],
    seed: int,
) -> None:
    import random

    rng = random.Random(f"tree {seed}")
    wishes = [
        (rng.randrange(9), rng.randrange(40), rng.randrange(40), rng.randrange(6), rng.randrange(12))
        for _ in range(12)
    ]
    a_day(office_at(small_copies.address("postgresql", tmp_path, request)), wishes)
