"""Schemes that an office writes itself, and trying one on months that are past."""

from __future__ import annotations

import pytest

from gridoffice import history
from gridoffice.assessment.month import month_facts
from gridoffice.assessment.schemes import (
    copy_scheme,
    readable,
    remove_scheme,
    save_scheme,
    scheme_called,
    scheme_keys,
    schemes,
    shipped_scheme,
    text_of,
)
from gridoffice.assessment.service import open_month
from gridoffice.assessment.simulation import simulate
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.office import Office
from gridoffice.scoring.notation import dump
from tests.offices import scheme, sheets

OWN = "本街道-2026"


def test_a_copy_is_the_same_scheme_under_another_name(small_office: Office) -> None:
    done = small_office.write(copy_scheme, "street-default", OWN, "本街道考核办法")
    copy = small_office.read(scheme_called, OWN)
    shipped = shipped_scheme("street-default")
    assert (copy.key, copy.name) == (OWN, "本街道考核办法")
    assert (copy.indicators, copy.grades) == (shipped.indicators, shipped.grades)
    assert [one.key for one in small_office.read(schemes)] == [*scheme_keys(), OWN]
    assert done.title == "保存考核方案“本街道考核办法”"
    small_office.write(history.undo)
    with pytest.raises(NotFound, match=OWN):
        small_office.read(scheme_called, OWN)


def test_a_month_opens_with_the_offices_own_scheme_and_keeps_its_edition(small_office: Office) -> None:
    small_office.write(copy_scheme, "street-default", OWN, "本街道考核办法")
    small_office.write(open_month, "2026-05", OWN)
    text = small_office.read(text_of, OWN)
    small_office.write(save_scheme, text.replace("本街道考核办法", "本街道考核办法（修订）"))
    small_office.write(open_month, "2026-06", OWN)
    first, second = (small_office.read(month_facts, month) for month in ("2026-05", "2026-06"))
    assert (first.scheme.name, first.scheme_edition) == ("本街道考核办法", 1)
    assert (second.scheme.name, second.scheme_edition) == ("本街道考核办法（修订）", 2)
    small_office.write(remove_scheme, OWN)
    assert small_office.read(month_facts, "2026-05").scheme.name == "本街道考核办法"
    with pytest.raises(NotFound):
        small_office.write(open_month, "2026-07", OWN)


def test_a_scheme_with_a_fault_is_not_kept(small_office: Office) -> None:
    text = small_office.read(text_of, "street-default").replace('key = "street-default"', f'key = "{OWN}"')
    with pytest.raises(RuleBroken, match="随程序带"):
        small_office.write(save_scheme, small_office.read(text_of, "street-default"))
    with pytest.raises(RuleBroken, match=r"合计 105\.00 分，应为 100\.00 分"):
        small_office.write(save_scheme, text.replace("full = 15", "full = 20", 1))
    with pytest.raises(RuleBroken, match="只能用字母"):
        small_office.write(save_scheme, text.replace(OWN, "有 空格"))
    with pytest.raises(RuleBroken, match="不能删除"):
        small_office.write(remove_scheme, "street-default")
    assert small_office.read(schemes) == [shipped_scheme(key) for key in scheme_keys()]


def test_trying_the_months_own_scheme_moves_nobody(street_office: Office, demo_street) -> None:
    own = scheme(street_office, demo_street.month)
    (found,) = street_office.read(simulate, own, [demo_street.month])
    assert len(found.people) == len(sheets(street_office, demo_street.month))
    assert found.lacking == ()
    assert found.regraded == 0
    assert all(one.before == one.after for one in found.people)
    assert found.grades_before == found.grades_after


def test_who_would_move_under_another_scheme(street_office: Office, demo_street) -> None:
    """The same scheme without its bonus and with a lower bar, and one that asks for what was not recorded."""
    own = scheme(street_office, demo_street.month)
    before = {row["name"] + row["grid_name"]: row for row in sheets(street_office, demo_street.month)}
    text = dump(own)
    first = own.grades[0]
    easier = readable(text.replace(f'"minimum":"{first.minimum}"', f'"minimum":"{first.minimum - 5}"', 1))
    (found,) = street_office.read(simulate, easier, [demo_street.month])
    for one in found.people:
        row = before[one.name + one.grid]
        assert one.before.total == one.after.total == row["total"]
        assert one.climbed == 0
    assert found.grades_after[first.name] >= found.grades_before[first.name]
    other = shipped_scheme("hecun")
    (found,) = street_office.read(simulate, other, [demo_street.month])
    assert set(found.lacking) >= {"网格运作成效分", "网格履职绩效分", "网格员绩效分"}
    assert {one.after.total for one in found.people} == {None}
    # nothing was written
    after = {row["name"] + row["grid_name"]: row for row in sheets(street_office, demo_street.month)}
    assert after == before
    with pytest.raises(NotFound):
        street_office.read(simulate, other, ["2019-01"])


def test_schemes_are_tried_on_months_of_their_kind(street_office: Office, demo_street) -> None:
    """Areas on areas, several months in one trial; never a scheme on what it is not for."""
    areas = f"{demo_street.month}/area-evaluation"
    own = scheme(street_office, areas)
    (same,) = street_office.read(simulate, own, [areas])
    assert same.target is own.target and same.regraded == 0
    assert len(same.people) == len(sheets(street_office, areas)) > 0
    heavier = readable(
        dump(own).replace('"full":"30"', '"full":"25"', 1).replace('"full":"40"', '"full":"45"', 1)
    )
    (moved,) = street_office.read(simulate, heavier, [areas])
    assert any(one.before.total != one.after.total for one in moved.people)
    assert street_office.read(simulate, own, [areas, areas]) == [same, same]
    with pytest.raises(RuleBroken, match="不能拿来试算"):
        street_office.read(simulate, own, [demo_street.month])
    with pytest.raises(RuleBroken, match="不能拿来试算"):
        street_office.read(simulate, own, [f"{demo_street.month}/department-evaluation"])
