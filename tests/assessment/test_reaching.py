"""怎样到下一等: what is told brings the grade, and a step less does not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from gridoffice.assessment.schemes import scheme_keys, shipped_scheme
from gridoffice.scoring.reaching import reaching
from gridoffice.scoring.scheme import Measure, Scheme, all_inputs
from gridoffice.scoring.scores import Inputs, score


def earned(scheme: Scheme, values: dict) -> str:
    alone = replace(scheme, grades=tuple(replace(grade, quota=None) for grade in scheme.grades))
    return score(alone, [Inputs("", values)])[0].earned or ""


def random_values(scheme: Scheme, chance: Random) -> dict:
    found = {}
    for entry in all_inputs(scheme):
        if entry.measure is Measure.RATE:
            found[entry.key] = Decimal(chance.randint(500, 1000)) / 10
        elif entry.measure is Measure.YES_NO:
            found[entry.key] = False
        else:
            found[entry.key] = chance.randint(0, 12)
    return found


@pytest.mark.parametrize("key", scheme_keys())
def test_what_is_told_is_enough_and_no_more_than_needed(key: str) -> None:
    scheme, chance, told = shipped_scheme(key), Random(7), 0
    order = [grade.name for grade in scheme.grades]
    for _ in range(25):
        values = random_values(scheme, chance)
        found = reaching(scheme, Inputs("", values))
        now = earned(scheme, values)
        if found.grade is None:
            continue
        assert order.index(found.grade) == order.index(now) - 1
        measures = {entry.key: entry.measure for entry in all_inputs(scheme)}
        for way in found.ways:
            told += 1
            better = earned(scheme, {**values, way.key: way.after})
            assert order.index(better) <= order.index(found.grade), way.words()
            if measures[way.key] is Measure.COUNT:
                after = int(way.after or 0)
                less = after - 1 if after > values[way.key] else after + 1
                if less != values[way.key]:
                    assert earned(scheme, {**values, way.key: less}) == now, way.words()
        if found.together:
            assert not found.ways and len(found.together) > 1
            all_of = {way.key: way.after for way in found.together}
            assert order.index(earned(scheme, {**values, **all_of})) <= order.index(found.grade)
    assert told or key != "street-default", "no way was told at all"


def test_the_best_grade_and_a_missing_value_are_told_apart() -> None:
    scheme = shipped_scheme("street-default")
    best = {entry.key: Decimal(100) if entry.measure is Measure.RATE else 0 for entry in all_inputs(scheme)}
    best |= {entry.key: Decimal(10) for entry in all_inputs(scheme) if entry.measure is Measure.AMOUNT}
    assert reaching(scheme, Inputs("", best)).words == f"按得分已是“{scheme.grades[0].name}”。"
    assert reaching(scheme, Inputs("", {})).words == "补齐了才看得出差多少。"


def test_words_say_from_where_to_where() -> None:
    scheme, chance = shipped_scheme("street-default"), Random(3)
    for _ in range(40):
        found = reaching(scheme, Inputs("", random_values(scheme, chance)))
        for way in (*found.ways, *found.together):
            assert "→" in way.words() and "多" in way.words()
        if found.grade == scheme.grades[0].name and scheme.grades[0].quota is not None:
            assert "还要看名次" in found.words
