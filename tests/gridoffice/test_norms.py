"""Norms as pure rules: every bound, the formula, and each sentence with its fix."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db.enums import Employment, Zone
from gridoffice.errors import Severity
from gridoffice.grids import norms
from gridoffice.grids.changing import preview
from gridoffice.grids.operations import Basis, Facts, Rename, Share, Split
from gridoffice.grids.pack import Pack
from gridoffice.grids.pack_text import load
from gridoffice.office import Office
from tests.offices import grid_id

FULL, PART, HELPER = (one.value for one in (Employment.FULL_TIME, Employment.PART_TIME, Employment.VOLUNTEER))


@pytest.fixture
def chengdu() -> Pack:
    return load("chengdu-3+1")


@pytest.mark.parametrize(
    ("households", "said", "fix"),
    [
        (299, "只有 299 户，不到一般网格的下限 300 户。", "并入相邻网格，或经批准保留"),
        (300, None, None),
        (500, None, None),
        (501, "有 501 户，超过一般网格的上限 500 户。", "拆成 2 个，或经批准保留"),
        (1001, "有 1001 户，超过一般网格的上限 500 户。", "拆成 3 个，或经批准保留"),
        (None, None, None),
    ],
)
def test_the_norm_includes_its_bounds(
    chengdu: Pack, households: int | None, said: str | None, fix: str | None
) -> None:
    fault = norms.size_fault(chengdu.kind("general"), households, None)
    assert (fault and fault.message, fault and fault.fix) == (said, fix)


def test_merchants_count_where_they_are_more(chengdu: Pack) -> None:
    micro = chengdu.kind("micro")
    assert norms.size_fault(micro, 20, 30) is None
    fault = norms.size_fault(micro, 20, 101)
    assert fault is not None
    assert fault.message == "有 101 家商户，超过微网格的上限 100 家商户。"
    # a general grid is not measured by its merchants
    assert norms.size_fault(chengdu.kind("general"), 300, 900) is None


def test_an_area_is_measured_by_the_class_of_its_zone() -> None:
    unit = load("kcity-5-level").kind("unit")
    area = Decimal(30000)
    assert norms.size_fault(unit, None, None, area=area) is None
    assert norms.size_fault(unit, None, None, area=area, zone=Zone.BUSY) is None
    fault = norms.size_fault(unit, None, None, area=area, zone=Zone.CORE)
    assert fault is not None
    assert fault.message == "有 30000 平方米，超过单元网格的上限 20000 平方米。"
    assert norms.unmeasured(unit, 10, None) == "面积"


def test_one_grid_of_a_small_village_is_never_too_small() -> None:
    general = load("national").kind("general")
    assert norms.size_fault(general, 120, None, alone=True) is None
    assert norms.size_fault(general, 501, None, alone=True) is not None


@pytest.mark.parametrize(
    ("doors", "people", "said"),
    [
        ((100, 0), 1, None),
        ((100, 1), 1, "5.1"),
        ((100, 1), 2, None),
        ((90, None), 0, None),
        ((201, 0), 2, "5.1"),
    ],
)
def test_hours_are_shared_by_those_who_serve(
    chengdu: Pack, doors: tuple[int, int | None], people: int, said: str | None
) -> None:
    fault = norms.hours_fault(chengdu.kind("micro"), *doors, people)
    assert (fault is not None) == (said is not None)
    if fault is not None:
        assert f"约要 {said} 小时，超过 5 小时" in fault.message


def test_the_staffing_formula_rounds_up_and_counts_only_whom_it_names(chengdu: Pack) -> None:
    staff = chengdu.kind("general").staff
    assert staff is not None
    assert [norms.required(staff, count) for count in (None, 0, 500, 501, 1000, 1001)] == [1, 1, 1, 2, 2, 3]
    held = [("专职网格员", FULL), ("专职网格员", PART), ("网格长", FULL), ("微网格员", FULL)]
    assert norms.present(staff, held) == 2
    assert norms.staff_fault(staff, 1000, held) is None
    fault = norms.staff_fault(staff, 1001, held)
    assert fault is not None
    assert (fault.message, fault.fix) == ("应配专职网格员或网格长 3 名，实有 2 名。", "补配 1 名")


def test_part_timers_only() -> None:
    general = load("national").kind("general")
    assert norms.part_time_fault(general, [("专职网格员", PART), ("网格长", HELPER)]) is not None
    assert norms.part_time_fault(general, [("网格长", FULL)]) is None
    assert norms.part_time_fault(general, []) is None
    # where part-timers count, they are no fault
    assert norms.part_time_fault(load("xqu-2+3").kind("general"), [("网格管理员", PART)]) is None


def test_a_team_is_told_all_at_once_what_it_lacks() -> None:
    general = load("jiashan-1+3+N").kind("general")
    fault = norms.team_fault(general, [("网格长", PART), ("专职网格员", FULL)])
    assert fault is not None
    assert fault.message == "兼职网格员应有 1 名，实有 0 名；网格指导员应有 1 名，实有 0 名。"
    whole = [(post, PART) for post in general.posts]
    assert norms.team_fault(general, whole) is None


@pytest.mark.parametrize(("count", "wrong"), [(5, True), (6, False), (8, False), (9, True)])
def test_a_team_of_zhoushan_is_six_to_eight(count: int, wrong: bool) -> None:
    general = load("zhoushan").kind("general")
    held = [("网格长", PART), ("专职网格员", FULL), *[("居民代表", HELPER)] * (count - 2)]
    assert (norms.team_fault(general, held) is not None) == wrong


def test_a_mixed_team_has_every_side() -> None:
    pack = load("zhoushan")
    held = [("网格长", PART), ("居民代表", HELPER)]
    fault = norms.mixed_fault(pack, pack.kind("general"), held)
    assert fault is not None
    assert fault.message == "团队里没有社会组织人员。"
    assert norms.mixed_fault(pack, pack.kind("general"), [*held, ("社会组织人员", HELPER)]) is None
    assert norms.mixed_fault(pack, pack.kind("special"), held) is None


def test_four_settled_things() -> None:
    pack = load("xqu-2+3")
    general = pack.kind("general")
    assert norms.fixed_fault(pack, general, True, [("网格管理员", PART)]) is None
    fault = norms.fixed_fault(pack, general, False, [("网格管理员", PART), ("协管员", PART)])
    assert fault is not None
    assert fault.message == "四定还差定格（没写四至）、定岗（协管员不是网格的岗位）。"


@pytest.mark.parametrize(
    ("total", "advised"), [(100, (1, 1)), (300, (1, 1)), (550, (2, 2)), (1000, (2, 3)), (2443, (5, 8))]
)
def test_the_recommended_number_of_grids(total: int, advised: tuple[int, int]) -> None:
    assert norms.recommended((300, 500), total) == advised


def test_managing_and_supervising_are_two_hands() -> None:
    pack = load("dongcheng")
    assert norms.both_hands(pack, ["网格管理员", "监督员"])
    assert not norms.both_hands(pack, ["网格管理员", "网格管理员"])


def test_a_split_is_weighed_before_it_is_saved(small_office: Office) -> None:
    general = grid_id(small_office, "519921001001001")
    halves = Split(
        general, (Share("第一网格", Facts(households=250)), Share("第三网格", Facts(households=150)))
    )
    told = small_office.read(preview, Basis(date(2026, 6, 1)), [halves])
    said = [problem.message for problem in told.problems if problem.severity is Severity.WARNING]
    assert "第一网格：只有 250 户，不到一般网格的下限 300 户。" in said
    assert "第三网格：只有 150 户，不到一般网格的下限 300 户。" in said
    # a new name changes no size, and 620 households are today's fault already
    named = Rename(grid_id(small_office, "519921001001002"), "新网格")
    told = small_office.read(preview, Basis(date(2026, 6, 1)), [named])
    assert [problem for problem in told.problems if "620" in problem.message] == []
