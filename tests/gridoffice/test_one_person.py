"""One person, many hats: the whole record in one answer, and two records of one person made one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from db.enums import MonthState, SkillLevel
from gridoffice import history
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.office import Office
from gridoffice.overview.person_record import person_record
from gridoffice.party.service import save_link, save_member, save_org
from gridoffice.people.duplicates import duplicates
from gridoffice.people.merging import merge_people, preview_merge
from gridoffice.qualifications.service import save_certificate
from gridoffice.training.service import save_training
from gridoffice.training.sheet import SignIn, enter_attendance
from gridoffice.workers.service import save_worker
from tests.offices import grid_id, number, records, roster, to, worker

DAY = date(2026, 6, 30)


def dress(office: Office, person: int, grid: str = "519921001001001") -> None:
    """Put every hat on somebody."""
    org = office.write(save_org, None, {"name": f"第{person}党支部"}).result
    office.write(save_member, None, {"org_id": org, "joined": date(2015, 7, 1)}, person_id=person)
    office.write(save_link, None, {"person_id": person, "grid_id": grid_id(office, grid)})
    values = {"certificate": "急救证", "number": f"N{person}", "issued": date(2024, 1, 1), "expires": DAY}
    office.write(save_certificate, None, values, person_id=person)


def trained(office: Office, *people: int) -> int:
    values = {"name": "消防", "day": date(2026, 3, 5), "hours": Decimal(4)}
    training = office.write(save_training, None, values).result
    office.write(enter_attendance, training, [SignIn(person) for person in people])
    return training


def twin(office: Office, name: str = "李䶮", **values: Any) -> int:
    """A second record of somebody, without an ID number, in another grid."""
    said = {"name": name, "phone": "13800000012", "grid_id": grid_id(office, "519921001002002")} | values
    office.write(save_worker, None, said)
    return max(row.person_id for row in roster(office) if row.name == name)


def test_the_whole_record(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    dress(small_office, li.person_id)
    trained(small_office, li.person_id)
    found = small_office.read(person_record, li.person_id, DAY)
    assert (found.name, found.phone) == ("李䶮", "13800000012")
    assert [(one.grid, one.title) for one in found.posts] == [("梧桐·第一网格", "专职网格员")]
    assert [one.org for one in found.memberships] == [f"第{li.person_id}党支部"]
    assert [(one.grid, one.kind) for one in found.links] == [("梧桐·第一网格", "社区党员干部")]
    assert [(one.certificate, one.validity.label) for one in found.certificates] == [("急救证", "7 天内到期")]
    assert [(one.name, one.hours) for one in found.trainings] == [("消防", Decimal(4))]
    assert found.trained == 4
    assert found.next_level is not None and found.next_level.level is SkillLevel.FIVE
    with pytest.raises(NotFound):
        small_office.read(person_record, 10**9)


def test_duplicates_are_found(small_office: Office) -> None:
    assert small_office.read(duplicates) == []
    other = twin(small_office)
    (pair,) = small_office.read(duplicates)
    assert (pair.keep, pair.drop, pair.reason) == (
        worker_id(small_office),
        other,
        "姓名和电话相同",
    )


def worker_id(office: Office) -> int:
    return min(row.person_id for row in roster(office) if row.name == "李䶮")


def test_a_merge_loses_nothing_and_is_undone(small_office: Office) -> None:
    keep = worker_id(small_office)
    other = twin(small_office, education=None, note=None)
    dress(small_office, other, "519921001002002")
    dress(small_office, keep)
    trained(small_office, keep, other)
    only = small_office.write(
        save_training, None, {"name": "调解", "day": date(2026, 4, 1), "hours": Decimal(2)}
    ).result
    small_office.write(enter_attendance, only, [SignIn(other)])
    before = records(small_office)
    seen = small_office.read(preview_merge, keep, other)
    assert (seen.refused, seen.concurrent) == ("", 1)
    assert dict(seen.moves) == {"任职": 1, "党员入格": 1, "证书": 1, "培训签到": 1}
    assert dict(seen.gone) == {"党员": 1, "培训签到": 1}
    small_office.write(merge_people, keep, other)
    found = small_office.read(person_record, keep, DAY)
    assert {(one.grid, one.concurrent) for one in found.posts} == {
        ("梧桐·第一网格", False),
        ("柳荫·第二网格", True),
    }
    assert len(found.links) == len(found.certificates) == len(found.trainings) == 2
    assert len(found.memberships) == 1
    assert found.trained == 6
    with pytest.raises(NotFound):
        small_office.read(person_record, other)
    small_office.write(history.undo)
    assert records(small_office) == before
    small_office.write(history.redo)
    assert small_office.read(person_record, keep, DAY).trained == 6


def test_what_only_the_other_record_knows_is_kept(small_office: Office) -> None:
    keep = worker_id(small_office)
    other = twin(small_office, phone="13900000099", birth=date(1990, 3, 7))
    seen = small_office.read(preview_merge, keep, other)
    assert seen.differs == (("phone", "13800000012", "13900000099"),)
    small_office.write(merge_people, keep, other, ["phone"])
    assert small_office.read(person_record, keep).phone == "13900000099"
    assert [row.person_id for row in roster(small_office) if row.phone == "13900000099"] == [keep, keep]


def test_the_number_goes_to_the_one_that_is_kept(small_office: Office) -> None:
    zhao = worker(small_office, "赵𫍯").person_id
    other = twin(small_office, "赵𫍯", phone=None, id_number=number(60))
    small_office.write(merge_people, zhao, other)
    assert small_office.read(person_record, zhao).id_number == number(60)


def test_merges_that_are_refused(small_office: Office) -> None:
    first = next(row.person_id for row in roster(small_office) if row.name == "张三")
    second = worker(small_office, "王𠮷𬭎").person_id
    for keep, drop, message in (
        (first, second, "身份证号不同"),
        (first, first, "同一个人"),
    ):
        assert message in small_office.read(preview_merge, keep, drop).refused
        with pytest.raises(RuleBroken, match=message):
            small_office.write(merge_people, keep, drop)


def test_who_has_locked_months_is_the_one_to_keep(small_office: Office) -> None:
    zhao = worker(small_office, "赵𫍯").person_id
    to(small_office, MonthState.LOCKED)
    fresh = twin(small_office, "赵𫍯", phone="13800000017", id_number=number(60))
    (pair,) = [one for one in small_office.read(duplicates) if one.name == "赵𫍯"]
    assert (pair.keep, pair.drop) == (zhao, fresh)
    with pytest.raises(RuleBroken, match="反过来合并"):
        small_office.write(merge_people, fresh, zhao)
    small_office.write(merge_people, zhao, fresh)
    assert small_office.read(person_record, zhao).id_number == number(60)
