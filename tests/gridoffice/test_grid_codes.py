"""Codes of grids: the next free one, the number ranges of GB/T 10114, none ever given twice."""

from __future__ import annotations

from datetime import date

import pytest

from gridoffice.errors import RuleBroken
from gridoffice.grids.changing import change_grids, preview
from gridoffice.grids.codes import check_division, next_codes, township
from gridoffice.grids.listing import office_pack
from gridoffice.grids.operations import Basis, Close, Establish, Recode
from gridoffice.office import Office
from tests.offices import grid_id

DAY = date(2026, 6, 1)
WUTONG, SECOND = "519921001001", "519921001001002"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("519921001", "街道"),
        ("519921099", "街道"),
        ("519921100", "镇"),
        ("519921201", "乡"),
        ("519921399", "乡"),
        ("519921400", "政企合一单位"),
        ("519921599", "政企合一单位"),
        ("519921471003", "政企合一单位"),
        ("519921000", None),
        ("519921600", None),
        ("ZH3101010", None),
    ],
)
def test_the_ranges_of_the_standard(code: str, said: str | None) -> None:
    assert township(code) == said


@pytest.mark.parametrize(
    ("code", "name", "warned"),
    [
        ("519921001", "青禾街道", ""),
        ("519921101", "石桥镇", ""),
        ("519921201", "云岭乡", ""),
        # one in sixteen townships of the country is of this kind: a state farm, a development zone
        ("519921471", "青禾经济开发区", ""),
        ("519921501", "望禾农场", ""),
        ("519921471", "青禾街道", ""),
        ("519921101", "青禾街道", "按国标是镇的号段，“青禾街道”看名称是街道"),
        ("519921001", "石桥镇", "按国标是街道的号段，“石桥镇”看名称是镇"),
        ("519921601", "青禾街道", "“601”不在国标的号段里"),
        ("51992100100", "青禾街道", ""),
    ],
)
def test_a_township_whose_code_and_name_disagree(code: str, name: str, warned: str) -> None:
    found = check_division(code, name)
    assert [problem.severity.value for problem in found] == ["warning"] * bool(warned)
    assert all(warned in problem.message for problem in found)


def test_the_next_codes(small_office: Office) -> None:
    def codes(kind: str, parent: str, count: int, name: str = "") -> list[str]:
        return small_office.read(
            lambda session: next_codes(session, office_pack(session).kind(kind), parent, count, name)
        )

    assert codes("general", WUTONG, 2) == [f"{WUTONG}003", f"{WUTONG}004"]
    assert codes("micro", "519921001001001", 1) == ["51992100100100103"]
    assert codes("community", "519921001", 1) == ["519921001003"]
    assert codes("street", "519921", 1, "柳河街道") == ["519921002"]
    assert codes("street", "519921", 1, "石桥镇") == ["519921100"]
    assert codes("street", "519921", 1, "云岭乡") == ["519921200"]
    with pytest.raises(RuleBroken, match="写上编码"):
        codes("general", "ZH31", 1)
    # nobody beside yet: as short as the pattern allows
    assert codes("micro", "519921001001002", 1) == ["51992100100100201"]
    with pytest.raises(RuleBroken, match="用完了，只剩 97 个"):
        codes("micro", "519921001001001", 98)


def test_a_code_is_not_given_again_after_its_grid_is_gone(small_office: Office) -> None:
    wutong, second = grid_id(small_office, WUTONG), grid_id(small_office, SECOND)
    first = grid_id(small_office, "519921001001001")
    small_office.write(change_grids, Basis(DAY), [Close(second, workers_to=first)])
    made = small_office.write(change_grids, Basis(DAY), [Establish("新网格", "一般网格", wutong)]).result
    assert made.established == (grid_id(small_office, f"{WUTONG}003"),)
    for operation in (Establish("又一网格", "一般网格", wutong, SECOND), Recode(first, SECOND)):
        told = small_office.read(preview, Basis(DAY), [operation])
        assert not told.allowed
        assert f"编码“{SECOND}”" in told.problems[0].message


def test_a_code_that_misfits_is_remarked_upon_and_taken(small_office: Office) -> None:
    street = Establish("石桥镇", "街道", None, "519921003")
    told = small_office.read(preview, Basis(DAY), [street])
    assert told.allowed
    assert ["按国标是街道的号段" in problem.message for problem in told.problems] == [True]
    assert small_office.write(change_grids, Basis(DAY), [street]).result.established
