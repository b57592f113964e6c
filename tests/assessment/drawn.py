"""Any scheme, and any month of it: what property tests of scoring draw from."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from gridoffice.scoring.policies import Prorate
from gridoffice.scoring.rule_checks import prorates
from gridoffice.scoring.scheme import (
    Grade,
    Indicator,
    Measure,
    Missing,
    RankGroup,
    Rounding,
    Scheme,
    all_inputs,
)
from gridoffice.scoring.scores import Inputs
from gridoffice.scoring.shapes import (
    Band,
    Bands,
    Bonus,
    Deduction,
    Effect,
    Empty,
    FloorPerN,
    InverseRateTimesWeight,
    Linear,
    Manual,
    Money,
    Normalised,
    RateTimesWeight,
    Shown,
    Tally,
    Term,
    Veto,
)

WHOLE = 30
"""The days of the month."""


def decimals(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    unit = 10**places
    return st.integers(low * unit, high * unit).map(lambda number: Decimal(number).scaleb(-places))


def positive(high: int, places: int = 4) -> st.SearchStrategy[Decimal]:
    return st.integers(1, high * 10**places).map(lambda number: Decimal(number).scaleb(-places))


def suiting(rule: Any) -> list[Prorate]:
    return [way for way in Prorate if prorates(rule, way)]


@st.composite
def rules(draw, full: Decimal, number: int, scheme_full: Decimal):
    cap = st.none() | st.just(full) | positive(int(full) or 1).filter(lambda c: not full or c <= full)
    several = (f"另{number}",) if draw(st.booleans()) else ()
    counts = (f"分子{number}", *several, f"分母{draw(st.integers(0, 1))}")
    choice = draw(st.sampled_from("rate inverse deduction bands floor linear tally normal manual".split()))
    match choice:
        case "rate" | "inverse":
            of, empty = draw(st.sampled_from(((), counts))), draw(st.sampled_from(Empty))
            if choice == "inverse":
                return InverseRateTimesWeight(of, empty)
            return RateTimesWeight(of, empty, draw(st.none() | positive(100)))
        case "deduction":
            of = draw(st.sampled_from(((), counts)))
            return Deduction(draw(positive(200)), draw(cap), draw(decimals(0, 5, 4)), of)
        case "floor":
            return FloorPerN(draw(positive(300)), draw(positive(20)), draw(cap), draw(decimals(0, 5, 4)))
        case "bands":
            ladder = draw(st.lists(st.tuples(decimals(-5, 120, 4), st.booleans()), min_size=1, unique=True))
            points = decimals(0, int(full), 4)
            bands = tuple(Band(at, draw(points), above) for at, above in sorted(ladder))
            return Bands(bands, draw(points), draw(st.booleans()))
        case "linear":
            slope = draw(positive(900) | positive(900).map(lambda n: -n))
            low, high = sorted(draw(st.lists(decimals(0, int(full), 4), min_size=2, max_size=2, unique=True)))
            return Linear(draw(decimals(-1000, 1000, 4)), slope, low, high)
        case "tally":
            each = positive(900) | positive(900).map(lambda n: -n)
            terms = (Term(f"项{number}.{n}", draw(each)) for n in range(draw(st.integers(1, 3))))
            return Tally(tuple(terms), draw(st.just(Decimal(1)) | st.just(full)))
        case "normal":
            by = tuple(f"量{number}.{n}" for n in range(draw(st.integers(1, 2))))
            return Normalised(draw(positive(900)), by, draw(st.sampled_from(Empty)))
        case _:
            return Manual()


@st.composite
def schemes(draw) -> Scheme:
    places = draw(st.integers(0, 3))
    full = Decimal(draw(st.sampled_from((100, 100, 1000))))
    count = draw(st.integers(1, 5))
    cuts = draw(st.sets(st.integers(1, int(full) - 1), min_size=count - 1, max_size=count - 1))
    ends = [0, *sorted(cuts), int(full)]
    policies = st.none() | st.sampled_from(Missing)
    found = []
    for number, (low, high) in enumerate(pairwise(ends)):
        weight = Decimal(high - low)
        rule = draw(rules(weight, number, full))
        within = draw(st.sampled_from(("", "k0"))) if number else ""
        prorate = draw(st.sampled_from(suiting(rule)))
        found.append(
            Indicator(
                f"k{number}",
                f"指标{number}",
                rule,
                weight,
                missing=draw(policies),
                within=within,
                prorate=prorate,
            )
        )
    bonus_cap = draw(decimals(1, 40, 0))
    for number in range(draw(st.integers(0, 2))):
        cap = draw(st.none() | st.just(bonus_cap) | st.just(Decimal(1)))
        terms = draw(
            st.just(()) | st.just((Term(f"奖{number}甲", Decimal(5)), Term(f"奖{number}乙", Decimal("0.3"))))
        )
        rule = Bonus(draw(positive(50)), cap, draw(decimals(0, 3, 0)), terms)
        prorate = draw(st.sampled_from(suiting(rule)))
        found.append(Indicator(f"b{number}", f"奖{number}", rule, missing=draw(policies), prorate=prorate))
    if draw(st.booleans()):
        found.append(
            Indicator("m", "奖金", Money(Decimal(-20), short_of=Decimal(90)), missing=draw(policies))
        )
    if draw(st.booleans()):
        found.append(
            Indicator("f", draw(st.sampled_from(("另看", "分母0"))), Shown(), missing=draw(policies))
        )
    if draw(st.booleans()):
        found.append(Indicator("loss", "直接扣", Deduction(draw(positive(90))), missing=draw(policies)))
    for effect in draw(st.sets(st.sampled_from(Effect))):
        found.append(Indicator(f"v{effect}", f"否决{effect}", Veto(effect), missing=draw(policies)))
    grades = (Grade("甲", full * Decimal("0.9"), draw(st.none() | decimals(1, 100, 0))),)
    grades += (
        Grade("乙", full * Decimal("0.6"), draw(st.none() | decimals(1, 100, 0))),
        Grade("丙", Decimal(0)),
    )
    return Scheme(
        "t",
        "试",
        "1",
        tuple(draw(st.permutations(found))),
        grades,
        full=full,
        bonus_cap=bonus_cap,
        ceiling=draw(st.none() | st.just(full) | st.just(full + 1)),
        missing=draw(st.sampled_from(Missing)),
        places=places,
        ties=draw(st.sampled_from(((), ("k0",)))),
        quota_rounding=draw(st.sampled_from(Rounding)),
        quota_pool=draw(st.sampled_from((RankGroup.NONE, RankGroup.COMMUNITY))),
    )


EXTREMES = [Decimal(0), Decimal("99999999.9999"), Decimal("-99999999.9999"), Decimal("0.0001"), Decimal(100)]
NUMBERS = (
    st.none()
    | st.sampled_from(EXTREMES)
    | st.integers(-3, 130)
    | decimals(0, 100, 2)
    | decimals(0, 100, 8)
    | decimals(-99_999_999, 99_999_999, 4)
)


@st.composite
def surroundings(draw, scheme: Scheme) -> dict[str, Any]:
    return {
        "present": draw(st.none() | st.integers(0, WHOLE)),
        "taking": draw(st.sampled_from((True, True, False))),
        "graded": draw(st.sampled_from((True, True, False))),
        "adjustment": draw(decimals(-30, 30, 3)),
        "granted": draw(st.none() | st.sampled_from([grade.name for grade in scheme.grades])),
    }


@st.composite
def months(draw) -> tuple[Scheme, list[Inputs]]:
    scheme = draw(schemes())
    sheets = []
    for number in range(draw(st.integers(1, 8))):
        values = {
            entry.key: draw(st.none() | st.booleans() if entry.measure is Measure.YES_NO else NUMBERS)
            for entry in all_inputs(scheme)
        }
        unit = draw(st.sampled_from("东西"))
        around = draw(surroundings(scheme)) if draw(st.booleans()) else {}
        sheets.append(Inputs(number, values, unit, unit, **around))
    return scheme, sheets


THOROUGH = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
