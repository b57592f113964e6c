"""A grid shared out on paper: nothing is lost, the parts are as like as can be, each beside its norms."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from gridoffice.grids.pack_text import load
from gridoffice.grids.sharing import Below, Measure, share_out, weighed
from gridoffice.grids.surroundings import surroundings
from gridoffice.office import Office
from tests.gridoffice.tree_changes import FIRST, JUNE
from tests.offices import grid_id

COUNTS = st.none() | st.integers(0, 400)
BELOW = st.lists(
    st.builds(
        Below,
        st.just(0),
        st.fixed_dictionaries({"households": COUNTS, "merchants": st.none() | st.integers(0, 50)}),
        st.integers(0, 5),
    ),
    max_size=9,
).map(lambda some: [Below(place, one.counts, one.people) for place, one in enumerate(some)])


@given(
    below=BELOW,
    people=st.integers(0, 7),
    parts=st.integers(2, 6),
    by=st.sampled_from(Measure),
    households=COUNTS,
    area=st.none() | st.decimals(0, 10**6, places=2),
)
def test_nothing_is_lost_and_neighbours_stay_together(
    below: list[Below], people: int, parts: int, by: Measure, households: int | None, area: Decimal | None
) -> None:
    whole = {"households": households, "merchants": None, "population": 7, "area": area}
    found = share_out(whole, below, list(range(people)), parts, by)
    assert len(found) == parts
    assert [one for portion in found for one in portion.below] == [one.id for one in below]
    assert sorted(one for portion in found for one in portion.people) == list(range(people))
    if len(below) >= parts:
        assert all(portion.below for portion in found)
    for column, total in whole.items():
        shares = [portion.facts.get(column) for portion in found]
        if total is None:
            assert set(shares) == {None}
        else:
            assert sum(one for one in shares if one is not None) == total
            assert None not in shares and min(shares) >= 0  # type: ignore[type-var]


@given(below=BELOW.filter(lambda some: 2 <= len(some) <= 7), parts=st.integers(2, 3))
def test_the_heaviest_part_is_as_light_as_runs_of_neighbours_allow(below: list[Below], parts: int) -> None:
    assume(len(below) >= parts)
    found = share_out({"households": 1}, below, (), parts, Measure.HOUSEHOLDS)
    weights = [one.counts.get("households") or 0 for one in below]

    def heaviest(cuts: tuple[int, ...]) -> int:
        ends = (0, *cuts, len(below))
        return max(sum(weights[start:end]) for start, end in pairwise(ends))

    best = min(heaviest(cuts) for cuts in combinations(range(1, len(below)), parts - 1))
    assert max(sum(weights[number] for number in one.below) for one in found) == best


def test_work_and_staff_weigh_otherwise_than_households() -> None:
    below = [
        Below(1, {"households": 100, "merchants": 0}, 1),
        Below(2, {"households": 50, "merchants": 150}, 1),
        Below(3, {"households": 50, "merchants": 0}, 4),
    ]
    whole = {"households": 200, "merchants": 150}

    def first(by: Measure) -> tuple[int, ...]:
        return share_out(whole, below, (), 2, by)[0].below

    assert first(Measure.HOUSEHOLDS) == (1,)
    assert share_out(whole, below, (), 2, Measure.HOUSEHOLDS)[1].facts == {
        "households": 100,
        "merchants": 150,
    }
    assert first(Measure.HOURS) == (1,)
    assert first(Measure.STAFF) == (1, 2)
    # with nothing below, homes follow the people
    alone = share_out({"households": 300}, (), (7, 8, 9), 2, Measure.STAFF)
    assert [(one.people, one.facts["households"]) for one in alone] == [((7, 9), 200), ((8,), 100)]


def test_a_part_is_told_beside_the_norms_of_its_kind() -> None:
    pack = load("chengdu-3+1")
    small = weighed(pack.kind("general"), {"households": 250}, [("兼职网格员", "part")])
    assert (small.required, small.present, small.hours) == (1, 0, None)
    assert ["户" in small.faults[0], "实有 0 名" in small.faults[1]] == [True, True]
    micro = weighed(pack.kind("micro"), {"households": 100, "merchants": 20}, [("微网格员", "volunteer")])
    assert (micro.hours, micro.limit) == (Decimal("6.0"), Decimal(5))
    assert any("超过 5 小时" in words for words in micro.faults)
    fits = weighed(pack.kind("micro"), {"households": 60}, [])
    assert fits.faults == ()


def test_what_is_round_a_grid_tells_what_lies_below(small_office: Office) -> None:
    (here,) = small_office.read(surroundings, [grid_id(small_office, FIRST)], JUNE)
    assert [one.id for one in here.below] == [number for number, _ in here.children]
    assert sum(one.people for one in here.below) == 1
    assert set(here.employment) == {held.id for held in here.posts}
