"""Posts and their days: one main post at a time, moves that end what was, somebody known by another hat."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from db.enums import Sex
from gridoffice import history
from gridoffice.errors import Conflict, RuleBroken
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.person_record import person_record
from gridoffice.overview.questions import changes
from gridoffice.party.service import save_member
from gridoffice.workers.moving import Transfer, bulk_change, change_posts, movers, transfer_posts
from gridoffice.workers.posts import posts_of, remove_post, save_post
from gridoffice.workers.service import end_posts, save_worker
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
    small_office.write(transfer_posts, [row.id for row in moving], Transfer(day, target, reason="力量调整"))
    for when, grid in ((day - timedelta(days=1), "梧桐·第一网格"), (day, "柳荫·第二网格")):
        there = [row for row in roster(small_office, Ask(day=when)) if row.grid == grid]
        assert {(row.name, row.title) for row in there} >= {(row.name, row.title) for row in moving}
        assert len([row for row in roster(small_office, Ask(day=when)) if row.name == "李䶮"]) == 1
    with pytest.raises(RuleBroken, match="已经离任"):
        small_office.write(transfer_posts, [moving[0].id], Transfer(date(2026, 5, 1), target))
    small_office.write(history.undo)
    assert records(small_office) == before


@pytest.mark.parametrize(
    ("grid", "day", "message"),
    [
        ("519921001001001", date(2026, 4, 1), "已在“第一网格”"),
        ("519921001002002", date(2024, 3, 1), "才到现在的岗位"),
    ],
)
def test_moves_that_cannot_be(small_office: Office, grid: str, day: date, message: str) -> None:
    before = records(small_office)
    with pytest.raises(RuleBroken, match=message):
        small_office.write(
            transfer_posts, [worker(small_office, "李䶮").id], Transfer(day, grid_id(small_office, grid))
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


# one person's posts, one after another


def test_a_post_is_put_right_with_a_reason(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    (before,) = small_office.read(posts_of, li.person_id)
    change = {"from_day": date(2024, 2, 1), "employer": "青禾人力", "reason": "公开招聘"}
    with pytest.raises(RuleBroken, match="没写更正原因"):
        small_office.write(save_post, li.person_id, before.id, change)
    done = small_office.write(save_post, li.person_id, before.id, change, "合同上是 2 月", before)
    assert "合同上是 2 月" in done.title
    (after,) = small_office.read(posts_of, li.person_id)
    assert (after.from_day, after.employer, after.reason) == (date(2024, 2, 1), "青禾人力", "公开招聘")
    with pytest.raises(Conflict):
        small_office.write(save_post, li.person_id, before.id, change, "再改", before)
    small_office.write(history.undo)
    assert small_office.read(posts_of, li.person_id) == [before]


def test_a_second_main_post_is_refused_with_its_days(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    second = {"grid_id": grid_id(small_office, "519921001002001"), "from_day": date(2026, 1, 1)}
    with pytest.raises(RuleBroken, match="2024-03-01 起"):
        small_office.write(save_post, li.person_id, None, second)
    post = small_office.write(save_post, li.person_id, None, second | {"concurrent": True}).result
    with pytest.raises(RuleBroken, match="已有同样的任职"):
        small_office.write(save_post, li.person_id, None, second | {"concurrent": True})
    assert [one.id for one in small_office.read(posts_of, li.person_id)] == [post, li.id]
    small_office.write(remove_post, post, "录错人")
    assert [one.id for one in small_office.read(posts_of, li.person_id)] == [li.id]


def test_reasons_stay_with_the_post_they_are_of(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    place = grid_id(small_office, "519921001002001")
    wanted = Transfer(
        date(2026, 4, 1), place, title="网格长", reason="补空缺", contract_end=date(2029, 3, 31)
    )
    small_office.write(transfer_posts, [li.id], wanted)
    now, before = small_office.read(posts_of, li.person_id)
    assert (before.to_day, before.leave_reason, before.reason) == (date(2026, 3, 31), "补空缺", None)
    assert (now.title, now.from_day, now.reason, now.leave_reason) == (
        "网格长",
        date(2026, 4, 1),
        "补空缺",
        None,
    )
    assert now.contract_end == date(2029, 3, 31)
    small_office.write(end_posts, [now.id], date(2026, 9, 30), "辞职")
    assert small_office.read(posts_of, li.person_id)[0].leave_reason == "辞职"


# many at once


def test_who_cannot_move_is_named_beforehand(small_office: Office) -> None:
    place = grid_id(small_office, "519921001001001")
    everybody = [row.id for row in roster(small_office)]
    said = {
        one.name: one.refused
        for one in small_office.read(movers, everybody, Transfer(date(2026, 4, 1), place))
    }
    assert said["单晓琴"] is None and "已在“第一网格”" in (said["李䶮"] or "")
    before = records(small_office)
    with pytest.raises(RuleBroken, match="已在“第一网格”"):
        small_office.write(transfer_posts, everybody, Transfer(date(2026, 4, 1), place))
    assert records(small_office) == before
    with pytest.raises(RuleBroken, match="没说调到哪个网格"):
        small_office.read(movers, everybody, Transfer(date(2026, 4, 1)))


def test_many_get_the_same_contract(small_office: Office) -> None:
    everybody = [row.id for row in roster(small_office)]
    values = {"contract_end": date(2028, 12, 31), "employer": "青禾人力"}
    before = records(small_office)
    assert small_office.write(change_posts, everybody, values).result == len(everybody)
    assert {(row.contract_end, row.employer) for row in roster(small_office)} == {tuple(values.values())}
    found = small_office.read(bulk_change, everybody, values)
    assert (found.changing, found.same) == ((), len(everybody))
    found = small_office.read(bulk_change, everybody, {"contract_end": date(2024, 1, 31)})
    assert len(found.refused) == 4 and "2025-01-01 才任职" in found.refused[1]
    with pytest.raises(RuleBroken, match="不能空着"):
        small_office.write(change_posts, everybody, {"title": ""})
    small_office.write(history.undo)
    assert records(small_office) == before


def test_the_journal_tells_a_post_in_the_clerk_s_words(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    (before,) = small_office.read(posts_of, li.person_id)
    values = {"reason": "公开招聘", "concurrent": True}
    done = small_office.write(save_post, li.person_id, before.id, values, "合同上写的")
    assert done.action is not None
    (change,) = small_office.read(changes, done.action, 10)
    assert (change.noun, change.name) == ("任职", "李䶮")
    assert {(label, after) for label, _, after in change.columns} == {
        ("任职原因", "公开招聘"),
        ("兼任", "是"),
    }
