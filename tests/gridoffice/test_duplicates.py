"""Records that may be one person: found and ranked, told apart for good, made one with everything they have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import ReportSide
from gridoffice import history
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.households.service import save_household
from gridoffice.masking import mask_apart, mask_id
from gridoffice.office import Office
from gridoffice.overview import person_changes
from gridoffice.overview.person_changes import changes_of_person
from gridoffice.party.reporting import save_report, save_service
from gridoffice.people.attachments import Owner, add_scan, photo, scans, set_photo
from gridoffice.people.duplicates import Pair, duplicates, slip, tell_apart
from gridoffice.people.merging import PHOTO, merge_people, preview_merge
from gridoffice.people.owning import owned
from gridoffice.people.service import person_row, reveal, save_person
from gridoffice.qualifications.service import remove_certificate, save_certificate
from gridoffice.workers.reserve import save_reserve
from tests.gridoffice.test_attachments import picture
from tests.offices import grid_id, number, records, worker


def someone(office: Office, name: str, **values: Any) -> int:
    return office.write(save_person, None, {"name": name, **values}).result


def pairs(office: Office) -> list[tuple[str, int, int]]:
    return [(one.reason, one.keep, one.drop) for one in office.read(duplicates)]


def test_the_likeliest_come_first(small_office: Office) -> None:
    birth = date(1985, 5, 5)
    people = [
        someone(small_office, "何晓燕", phone="13911110001", birth=birth),
        someone(small_office, "何小燕", phone="13911110001 13922220002"),
        someone(small_office, "何晓燕", birth=birth, address="青禾路1号"),
        someone(small_office, "何晓燕"),
        someone(small_office, "何小艳", address="青禾路1号"),
    ]
    assert pairs(small_office) == [
        ("姓名和出生日期相同", people[0], people[2]),
        ("姓名读音和电话相同", people[0], people[1]),
        ("姓名读音和住址相同", people[2], people[4]),
        ("姓名相同，其中一个没有别的资料", people[0], people[3]),
        ("姓名相同，其中一个没有别的资料", people[2], people[3]),
    ]
    assert [one.rank for one in small_office.read(duplicates)] == [1, 3, 5, 9, 9]


def test_the_one_with_a_number_is_kept_and_two_numbers_are_two_people(small_office: Office) -> None:
    first = someone(small_office, "何来", phone="13911110001")
    second = someone(small_office, "何来", phone="13911110001", id_number=number(80))
    assert pairs(small_office) == [("姓名和电话相同", second, first)]
    small_office.write(save_person, first, {"id_number": number(99)})
    assert pairs(small_office) == []


def test_names_that_cannot_be_read_are_not_alike(small_office: Office) -> None:
    someone(small_office, "𫍯", birth=date(1980, 1, 1))
    someone(small_office, "𬭎", birth=date(1980, 1, 1))
    assert [one for one in pairs(small_office) if "读音" in one[0]] == []


def test_who_is_told_apart_is_not_asked_about_again(small_office: Office) -> None:
    first, second = (someone(small_office, "何来", phone="13911110001") for _ in range(2))
    small_office.write(tell_apart, second, first)
    assert pairs(small_office) == []
    assert small_office.write(tell_apart, first, second).action is None
    small_office.write(history.undo)
    assert pairs(small_office) == [("姓名和电话相同", first, second)]
    with pytest.raises(RuleBroken):
        small_office.write(tell_apart, first, first)
    with pytest.raises(NotFound):
        small_office.write(tell_apart, first, 10**9)


def test_who_is_told_apart_stays_so_after_a_merge(small_office: Office) -> None:
    one, two, other = (someone(small_office, "何来", phone="13911110001") for _ in range(3))
    small_office.write(tell_apart, two, other)
    small_office.write(tell_apart, one, two)
    before = records(small_office)
    small_office.write(merge_people, one, two)
    assert pairs(small_office) == [], "the other is not whom both have become"
    small_office.write(history.undo)
    assert records(small_office) == before


@pytest.mark.parametrize("take", [(), (PHOTO,)])
def test_one_photo_is_left(small_office: Office, take: tuple[str, ...]) -> None:
    one, two = (someone(small_office, "何来", phone="13911110001") for _ in range(2))
    for person in (one, two):
        small_office.write(set_photo, person, picture(30, 40, seed=person))
        small_office.write(add_scan, Owner(person=person), picture(20, 30), "证.png")
    small_office.write(add_scan, Owner(person=two), picture(20, 30, seed=9), "另一张.png")
    wanted = small_office.read(photo, two if take else one)
    before = records(small_office)
    assert small_office.read(preview_merge, one, two).photos
    small_office.write(merge_people, one, two, take)
    assert small_office.read(photo, one) == wanted
    assert [kept.name for kept in small_office.read(scans, Owner(person=one))] == ["证.jpg", "另一张.jpg"]
    small_office.write(history.undo)
    assert records(small_office) == before


def test_a_pair_says_who_is_kept(small_office: Office) -> None:
    first, second = (someone(small_office, "何来", phone="13911110001") for _ in range(2))
    assert small_office.read(duplicates) == [Pair(first, second, "何来", "姓名和电话相同", 0)]


def test_the_changes_of_a_person_are_those_of_every_hat(small_office: Office) -> None:
    li = worker(small_office, "李䶮").person_id
    other = someone(small_office, "何来")
    certificate = small_office.write(save_certificate, None, {"certificate": "急救证"}, person_id=li).result
    small_office.write(save_certificate, None, {"certificate": "社工证"}, person_id=other)
    small_office.write(remove_certificate, certificate)
    small_office.write(set_photo, li, picture(20, 20))
    small_office.write(reveal, li, "核对身份")
    said = [line.title for line in small_office.read(changes_of_person, li).lines]
    assert said == [
        "查看“李䶮”的完整证件号、电话和住址：核对身份",
        "存了“李䶮”的照片",
        "删去“李䶮”的证书“急救证”",
        "给“李䶮”新增证书“急救证”",
        "新增人员“李䶮”",
    ]


def test_the_whole_journal_is_looked_through_stretch_by_stretch(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = worker(small_office, "李䶮").person_id
    for place in range(6):
        small_office.write(save_person, li, {"note": f"第 {place} 次"})
        someone(small_office, f"何{place}")
    whole = [line.id for line in small_office.read(changes_of_person, li).lines]
    assert len(whole) == 7
    monkeypatch.setattr(person_changes, "LOOKED_AT", 3)
    found: list[int] = []
    before: int | None = None
    while True:
        part = small_office.read(changes_of_person, li, before)
        found += [line.id for line in part.lines]
        before = part.before
        if before is None:
            break
    assert found == whole
    few = small_office.read(changes_of_person, li, None, 1)
    assert [line.id for line in few.lines] == whole[:1] and few.before == whole[0]


def test_whatever_refers_to_a_person_goes_along(small_office: Office) -> None:
    """Every table that names people, also one that names the same person twice in a row."""
    one, two = (someone(small_office, "何来", phone="13911110001") for _ in range(2))
    here, there = grid_id(small_office, "51992100100100101"), grid_id(small_office, "519921001002001")
    home = {"grid_id": here, "name": "户主甲", "caller_id": two, "member_id": two}
    small_office.write(save_household, None, home)
    for person, places in ((one, (here,)), (two, (here, there))):
        for place in places:
            small_office.write(save_reserve, None, {"person_id": person, "grid_id": place})
            day = date(2026, 1, 1)
            small_office.write(
                save_report,
                None,
                {"person_id": person, "grid_id": place, "side": ReportSide.RESIDENCE, "from_day": day},
            )
            done = {
                "person_id": person,
                "grid_id": place,
                "day": day,
                "what": "打扫楼道",
                "hours": Decimal(2),
            }
            small_office.write(save_service, None, done)
    before = records(small_office)
    small_office.write(merge_people, one, two)
    after = records(small_office)
    for table, column in owned():
        assert two not in {row[column] for row in after[table.name]}, table.name
    (home_after,) = after["household"]
    assert (home_after["caller_id"], home_after["member_id"]) == (one, one)
    for name, count in (("reserve", 2), ("party_report", 2), ("party_service", 3)):
        assert len(after[name]) == count, name
    small_office.write(history.undo)
    assert records(small_office) == before


def test_one_slip_in_a_number_is_one_person_when_the_clerk_says_which_is_right(small_office: Office) -> None:
    right, wrong = number(80), number(30)
    assert slip(right, wrong) and slip(wrong, right)
    one = someone(small_office, "何来", id_number=right, phone="13911110001")
    two = someone(small_office, "何来", id_number=wrong)
    assert ("姓名相同，身份证号只差一处", one, two) in pairs(small_office)
    seen = small_office.read(preview_merge, one, two)
    assert seen.numbers and not seen.refused and ("id_number", right, wrong) in seen.differs
    before = records(small_office)
    with pytest.raises(RuleBroken, match="写明凭什么"):
        small_office.write(merge_people, one, two, (), "  ")
    assert records(small_office) == before
    small_office.write(merge_people, one, two, ("id_number",), "核对户口簿")
    assert small_office.read(person_row, one).id_number == wrong
    assert pairs(small_office) == []
    line = small_office.read(history.journal)[0]
    assert "核对户口簿" in line.title and right not in line.title and wrong not in line.title
    small_office.write(history.undo)
    assert records(small_office) == before


@given(st.integers(0, 16), st.integers(1, 9), st.integers(0, 499))
def test_a_slip_is_one_digit_or_two_neighbours(place: int, more: int, order: int) -> None:
    one = number(order)
    digits = list(one)
    digits[place] = str((int(digits[place]) + more) % 10)
    assert slip(one, "".join(digits)) and not slip(one, one)
    far = (place + 5) % 17
    digits[far] = str((int(digits[far]) + 1) % 10)
    assert not slip(one, "".join(digits))
    swapped = list(one)
    at = min(place, 15)
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    assert slip(one, "".join(swapped)) == (one[at] != one[at + 1])


def test_two_numbers_show_only_where_they_differ() -> None:
    assert mask_apart("519921199003070038", "519921199103070038") == "519******0****0038"
    assert mask_apart("519921199103070038", "519921199003070038") == "519******1****0038"
    assert mask_apart("519921199003070038", "1") == mask_id("519921199003070038")
