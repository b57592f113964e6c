"""Properties of renewals, skill rules, badges and call trees, whatever they are given."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from db.enums import Education, SkillLevel
from gridoffice.overview.badges import code_text, mark, valid_until
from gridoffice.overview.contacts import HOUSEHOLD, NOBODY, Serves, calls
from gridoffice.qualifications.rules import (
    Going,
    Held,
    SkillTable,
    Step,
    Validity,
    Way,
    going,
    next_level,
    renewed_until,
    validity,
)
from gridoffice.qualifications.service import SKILLS
from gridoffice.qualifications.skill_text import skill_text

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
URGENCY = list(Validity)[:6]


@given(expires=DAYS, day=DAYS, later=st.integers(1, 4000))
def test_a_certificate_only_grows_more_urgent(expires: date, day: date, later: int) -> None:
    before, after = validity(expires, day), validity(expires, day + timedelta(days=later))
    assert URGENCY.index(after) <= URGENCY.index(before)


@given(issued=DAYS, years=st.integers(1, 30), short=st.booleans(), again=DAYS)
def test_a_renewal_lasts_as_long(issued: date, years: int, short: bool, again: date) -> None:
    if (issued.month, issued.day) == (2, 29) or (again.month, again.day) == (2, 29):
        return  # years from a leap day end on the 28th: tested by themselves
    expires = issued.replace(year=issued.year + years) - timedelta(days=short)
    until = renewed_until(issued, expires, again)
    assert until == again.replace(year=again.year + years) - timedelta(days=short)


ways = st.builds(
    Way,
    words=TEXT,
    work=st.integers(0, 50),
    after=st.none() | st.sampled_from(SkillLevel),
    years=st.just(0),
    education=st.none() | st.sampled_from(Education),
)
steps = st.builds(Step, st.sampled_from(SkillLevel), st.lists(ways, min_size=1, max_size=3).map(tuple))


@given(table=st.builds(SkillTable, TEXT, TEXT, st.lists(steps, min_size=1, max_size=5).map(tuple)))
def test_rules_written_out_are_the_rules_read_in(table: SkillTable) -> None:
    assert SKILLS.read(skill_text(table)) == table


@given(
    levels=st.sets(st.sampled_from(SkillLevel)),
    since=st.none() | DAYS,
    issued=st.none() | DAYS,
    education=st.none() | st.sampled_from(Education),
    day=DAYS,
)
def test_no_level_is_skipped_and_waiting_never_closes_a_way(
    levels: set[SkillLevel], since: date | None, issued: date | None, education: Education | None, day: date
) -> None:
    order = list(SkillLevel)
    table = SKILLS.read(SKILLS.shipped())
    found = next_level(table, [Held(level, issued) for level in levels], since, education)
    highest = max((order.index(level) for level in levels), default=-1)
    assert (found is None) == (highest == len(order) - 1)
    assert found is None or order.index(found.level) == highest + 1
    assert found is None or (found.day is None) == bool(found.lacks)
    if going(found, day) is Going.NOW:
        assert going(found, day + timedelta(days=1)) is Going.NOW


@given(said=st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT), place=st.integers(0, 4), other=TEXT)
def test_any_other_word_has_another_mark(said: tuple[str, ...], place: int, other: str) -> None:
    key = "0f" * 32
    changed = (*said[:place], other, *said[place + 1 :])
    assert (mark(key, said) == mark(key, changed)) == (said == changed)
    assert code_text(key, said).endswith(mark(key, said))
    assert mark("1f" * 32, said) != mark(key, said)


@given(day=DAYS, ends=st.lists(st.none() | DAYS, max_size=2))
def test_a_badge_ends_ahead_and_never_after_what_ends(day: date, ends: list[date | None]) -> None:
    until = valid_until(day, *ends)
    assert day <= until <= date(day.year + 1, 12, 31)
    assert all(until <= end for end in ends if end is not None and end >= day)


@given(
    people=st.lists(st.integers(1, 9), unique=True, max_size=5),
    houses=st.lists(st.none() | st.integers(1, 12), max_size=12),
)
def test_everybody_and_every_household_is_called_once(people: list[int], houses: list[int | None]) -> None:
    serves = [Serves(number, f"员{number}", "网格员", None) for number in people]
    represented: list[Any] = [
        SimpleNamespace(caller_id=caller, name=f"户{place}", phone=None, people=1, address=None, note=None)
        for place, caller in enumerate(houses)
    ]
    names: dict[int | None, str] = {number: f"员{number}" for number in range(1, 13)}
    found = list(calls(serves, represented, names, None))
    assert sorted(one[2] for one in found) == sorted(
        [f"员{number}" for number in people] + [f"户{place}" for place in range(len(houses))]
    )
    for tier, caller, name, *_ in found:
        if tier == HOUSEHOLD:
            number = houses[int(name[1:])]
            assert caller == (names[number] if number is not None else NOBODY)
