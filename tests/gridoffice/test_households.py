"""联系户: in and out of Excel, who calls whom, what nobody calls; the call tree of a grid on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from gridoffice import history
from gridoffice.documents.render import page_text
from gridoffice.errors import RuleBroken
from gridoffice.exports import export
from gridoffice.grids.operations import Merge
from gridoffice.households.listing import HOUSEHOLDS, reached
from gridoffice.households.service import (
    end_households,
    give_caller,
    household_row,
    remove_households,
    save_household,
)
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.overview.contacts import call_tree, contacts_listing
from gridoffice.people.merging import merge_people
from gridoffice.reports import Wish, report_book, report_pdf
from tests.gridoffice.tree_changes import change, undone
from tests.offices import Imported, come, errors, grid_id, outcomes, records, workbook, worker

HEADINGS = ("户主姓名", "网格", "电话", "住址", "人数", "呼叫人", "联户党员", "备注")
FIRST, SECOND = "梧桐·第一网格", "梧桐·第二网格"
DAY = date(2026, 6, 1)
ROWS = (
    ("钱𫍯", FIRST, "13900000001", "青禾路1号1幢101", 4, "王𠮷𬭎", "李䶮", "独居老人"),
    ("孙㐂", FIRST, "13900000002", "青禾路1号1幢102", 3, "李䶮", None, None),
    ("周大", SECOND, None, None, 2, None, None, None),
)


def take(office: Office, path: Path, *rows: Sequence[Any], **options: Any) -> Imported:
    full = [(*row, *[None] * (len(HEADINGS) - len(row))) for row in rows]
    return come(office, "households", workbook(path / "户.xlsx", HEADINGS, full, above=1), **options)


def held(office: Office, **ask: Any) -> list[Any]:
    return office.read(lambda session: HOUSEHOLDS.rows(session, HOUSEHOLDS.ids(session, Ask(**ask))))


# The ledger


def test_a_ledger_is_taken_in_and_taken_back(small_office: Office, tmp_path: Path) -> None:
    before = records(small_office)
    done = take(small_office, tmp_path, *ROWS)
    assert (errors(done), done.preview.in_words()) == ([], "新增 3")
    found = [(one.name, one.grid, one.people, one.caller, one.member) for one in held(small_office)]
    assert found == [
        ("孙㐂", FIRST, 3, "李䶮", None),
        ("钱𫍯", FIRST, 4, "王𠮷𬭎", "李䶮"),
        ("周大", SECOND, 2, None, None),
    ]
    assert take(small_office, tmp_path, *ROWS).preview.in_words() == "无变化 3"
    small_office.write(history.undo)
    assert records(small_office) == before


def test_what_goes_out_comes_back_unchanged(small_office: Office, tmp_path: Path) -> None:
    take(small_office, tmp_path, *ROWS)
    target = tmp_path / "出.xlsx"
    assert export(small_office, HOUSEHOLDS, target, Ask(), reveal=True, reason="核对") == 3
    assert come(small_office, "households", target).preview.in_words() == "无变化 3"


def test_somebody_else_takes_over_by_import(small_office: Office, tmp_path: Path) -> None:
    take(small_office, tmp_path, *ROWS)
    done = take(small_office, tmp_path, ("孙㐂", FIRST, "13900000002", None, 5, "王𠮷𬭎"))
    assert done.preview.in_words() == "更新 1"
    (one,) = held(small_office, search="孙㐂")
    assert (one.people, one.caller, one.address) == (5, "王𠮷𬭎", "青禾路1号1幢102")


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        (("吴一", FIRST, None, None, 0), "家庭人数", "应在 1 到 99 之间"),
        (("吴一", FIRST, None, None, 3, "没有的人"), "呼叫人", "人员里没有“没有的人”"),
        (("吴一", SECOND, None, None, 3, None, "张三"), "联系党员", "有 2 个人叫“张三”"),
        (("吴一", "没有的网格"), "所属网格", "没有"),
    ],
)
def test_wrong_rows(
    small_office: Office, tmp_path: Path, row: Sequence[Any], field: str, message: str
) -> None:
    done = take(small_office, tmp_path, row)
    assert [(name, message in words) for _, name, words in errors(done)] == [(field, True)]


def test_namesakes_in_one_grid_are_told_apart_by_phone(small_office: Office, tmp_path: Path) -> None:
    first, second = ("吴一", FIRST, "13900000003"), ("吴一", FIRST, "13900000004")
    assert take(small_office, tmp_path, first, second).preview.in_words() == "新增 2"
    assert take(small_office, tmp_path, (*second, "青禾路2号")).preview.in_words() == "更新 1"
    assert [outcome for _, outcome in outcomes(take(small_office, tmp_path, first, first))] == [
        "unchanged",
        "error",
    ]


# Services


def test_entering_giving_a_caller_ending_removing(small_office: Office) -> None:
    grid, wang = grid_id(small_office, "519921001001001"), worker(small_office, "王𠮷𬭎").person_id
    with pytest.raises(RuleBroken, match="没写户代表"):
        small_office.write(save_household, None, {"grid_id": grid})
    with pytest.raises(RuleBroken, match="早于联系起"):
        days = {"from_day": date(2026, 2, 1), "to_day": date(2026, 1, 1)}
        small_office.write(save_household, None, {"grid_id": grid, "name": "吴一", **days})
    before = records(small_office)
    one = small_office.write(
        save_household, None, {"grid_id": grid, "name": "吴一", "phone": "13900000005", "people": 2}
    ).result
    other = small_office.write(save_household, None, {"grid_id": grid, "name": "郑二"}).result
    assert small_office.read(reached).without_caller == 2
    done = small_office.write(give_caller, [one, other], wang)
    assert (done.result, done.title) == (2, "2 户由“王𠮷𬭎”呼叫")
    seen = small_office.read(household_row, one)
    small_office.write(save_household, one, {"member_id": wang}, seen=seen)
    found = small_office.read(reached, grid)
    assert (found.households, found.people, found.without_caller, found.without_phone) == (2, 2, 0, 1)
    small_office.write(end_households, [other], date(2026, 3, 1))
    assert [row.name for row in held(small_office, day=DAY)] == ["吴一"]
    assert len(held(small_office, day=date(2026, 2, 1))) == 2
    small_office.write(remove_households, [one, other])
    assert held(small_office, day=date(2026, 2, 1)) == []
    for _ in range(6):
        small_office.write(history.undo)
    assert records(small_office) == before


def test_who_is_merged_keeps_the_households(small_office: Office, tmp_path: Path) -> None:
    take(small_office, tmp_path, *ROWS)
    keep, drop = worker(small_office, "单晓琴").person_id, worker(small_office, "赵𫍯").person_id
    small_office.write(give_caller, [one.id for one in held(small_office)], drop)
    small_office.write(merge_people, keep, drop)
    assert {one.caller_id for one in held(small_office)} == {keep}
    small_office.write(history.undo)
    assert {one.caller_id for one in held(small_office)} == {drop}


# The call tree


def test_the_tree_goes_from_leader_to_worker_to_household(small_office: Office, tmp_path: Path) -> None:
    take(small_office, tmp_path, *ROWS)
    rows = small_office.read(call_tree, grid_id(small_office, "519921001001"), DAY)
    assert [(one.tier, one.caller, one.name) for one in rows] == [
        ("负责人", "", "赵𫍯"),
        ("负责人", "赵𫍯", "王𠮷𬭎"),
        ("户代表", "王𠮷𬭎", "钱𫍯"),
        ("网格员", "王𠮷𬭎", "李䶮"),
        ("户代表", "李䶮", "孙㐂"),
        ("负责人", "王𠮷𬭎", "阿依古丽·买买提"),
        ("负责人", "赵𫍯", "单晓琴"),
        ("户代表", "没有指定", "周大"),
    ]
    below = small_office.read(call_tree, grid_id(small_office, "51992100100100101"), DAY)
    assert [(one.caller, one.name) for one in below] == [("王𠮷𬭎", "阿依古丽·买买提")], "called from above"
    listing = contacts_listing()
    ask = Ask(day=DAY, filters=(Filter("caller", ("王𠮷𬭎",)),))
    assert len(small_office.read(listing.ids, ask)) == 3


def test_on_paper_and_in_excel_numbers_are_masked_unless_there_is_a_reason(
    small_office: Office, tmp_path: Path
) -> None:
    take(small_office, tmp_path, *ROWS)
    masked = page_text(report_pdf(small_office, "contacts", Wish(day=DAY)), 0)
    assert "钱𫍯" in masked and "139****0001" in masked and "13900000001" not in masked
    with pytest.raises(RuleBroken):
        report_pdf(small_office, "contacts", Wish(day=DAY, reveal=True))
    whole = page_text(report_pdf(small_office, "contacts", Wish(day=DAY, reveal=True, reason="防汛")), 0)
    assert "13900000001" in whole and "青禾路1号1幢101" in whole
    assert "防汛" in small_office.read(history.journal)[0].title
    assert report_book(small_office, "contacts", Wish(day=DAY), tmp_path / "树.xlsx") == 10


def test_households_follow_the_grid_into_the_one_that_comes_after(
    small_office: Office, tmp_path: Path
) -> None:
    take(small_office, tmp_path, *ROWS)
    first, second = grid_id(small_office, "519921001001001"), grid_id(small_office, "519921001001002")
    before = records(small_office)
    day = date.today()
    done = change(small_office, day, Merge((first, second), into=second))
    assert {one.grid_id for one in held(small_office)} == {second}
    earlier = held(small_office, day=day - timedelta(days=1))
    assert sorted(one.grid_id for one in earlier) == sorted((first, first, second))
    undone(small_office, before, done)
