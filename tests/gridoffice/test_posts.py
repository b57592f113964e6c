"""Posts and their days: one main post at a time, moves that end what was, somebody known by another hat."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from db.enums import Sex
from gridoffice import history
from gridoffice.errors import RuleBroken
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.person_record import person_record
from gridoffice.party.service import save_member
from gridoffice.workers.service import end_posts, save_worker, transfer_posts
from tests.offices import grid_id, number, records, roster, worker

LI = {"name": "李䶮", "id_number": number(12, Sex.FEMALE)}


def appoint(office: Office, grid: str, **values: Any) -> int:
    said = LI | {"grid_id": grid_id(office, grid)} | values
    return office.write(save_worker, None, said).result


def test_one_main_post_at_a_time(small_office: Office) -> None:
    with pytest.raises(RuleBroken, match="同一时间已在“第一网格”任职"):
        appoint(small_office, "519921001002002", from_day=date(2026, 1, 1))
    beside = appoint(small_office, "519921001002002", from_day=date(2026, 1, 1), concurrent=True)
    with pytest.raises(RuleBroken, match="同一时间已在"):
        small_office.write(save_worker, beside, {"concurrent": False})
    small_office.write(end_posts, [worker_of(small_office, "梧桐·第一网格").id], date(2025, 12, 31))
    small_office.write(save_worker, beside, {"concurrent": False})
    person = worker_of(small_office, "柳荫·第二网格").person_id
    assert [one.concurrent for one in small_office.read(person_record, person).posts] == [False, False]


def worker_of(office: Office, grid: str) -> Any:
    (found,) = [row for row in roster(office) if row.name == "李䶮" and row.grid == grid]
    return found


def test_people_move_on_a_day(small_office: Office) -> None:
    before = records(small_office)
    moving = [row for row in roster(small_office) if row.grid == "梧桐·第一网格"]
    assert len(moving) == 2
    day = date(2026, 4, 1)
    target = grid_id(small_office, "519921001002002")
    small_office.write(transfer_posts, [row.id for row in moving], target, day, "力量调整")
    for when, grid in ((day - timedelta(days=1), "梧桐·第一网格"), (day, "柳荫·第二网格")):
        there = [row for row in roster(small_office, Ask(day=when)) if row.grid == grid]
        assert {(row.name, row.title) for row in there} >= {(row.name, row.title) for row in moving}
        assert len([row for row in roster(small_office, Ask(day=when)) if row.name == "李䶮"]) == 1
    with pytest.raises(RuleBroken, match="已经离任"):
        small_office.write(transfer_posts, [moving[0].id], target, date(2026, 5, 1))
    small_office.write(history.undo)
    assert records(small_office) == before


@pytest.mark.parametrize(
    ("grid", "day", "message"),
    [
        ("519921001001001", date(2026, 4, 1), "已在“第一网格”"),
        ("519921001002002", date(2024, 3, 1), "才到现在的网格"),
    ],
)
def test_moves_that_cannot_be(small_office: Office, grid: str, day: date, message: str) -> None:
    before = records(small_office)
    with pytest.raises(RuleBroken, match=message):
        small_office.write(
            transfer_posts, [worker(small_office, "李䶮").id], grid_id(small_office, grid), day
        )
    assert records(small_office) == before


def test_a_member_without_a_post_is_appointed(small_office: Office) -> None:
    first = {"name": "何来", "id_number": number(70), "phone": "13800000070"}
    place = grid_id(small_office, "519921001002002")
    post = small_office.write(
        save_worker, None, first | {"grid_id": place, "from_day": date(2024, 1, 1)}
    ).result
    person = worker(small_office, "何来").person_id
    small_office.write(save_member, None, {}, person_id=person)
    small_office.write(end_posts, [post], date(2025, 1, 1))
    again = {"name": "何来", "id_number": number(70), "grid_id": place, "from_day": date(2026, 1, 1)}
    small_office.write(save_worker, None, again)
    now = worker(small_office, "何来")
    assert (now.person_id, now.phone) == (person, "13800000070")
    with pytest.raises(RuleBroken, match="花名册里已有这个身份证号：何来"):
        small_office.write(save_worker, None, again | {"name": "何往"})
