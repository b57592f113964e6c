"""The table of staffing adds up to the findings, on screen, on paper and in the workbook."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from gridoffice.documents.render import page_text, pages
from gridoffice.errors import RuleBroken
from gridoffice.grids.changing import change_grids
from gridoffice.grids.operations import Basis, Move, Rename, Revise
from gridoffice.office import Office
from gridoffice.overview.findings import Topic, check
from gridoffice.overview.staffing import staffing
from gridoffice.reports import Wish, report_book, report_pdf
from gridoffice.workers.service import end_posts
from tests.offices import grid_id, worker


def test_a_community_beside_what_it_calls_for(small_office: Office) -> None:
    first, second = small_office.read(staffing)
    # 梧桐: 1200 households; 第一网格 400 with two, 第二网格 620 with a part-timer only
    assert (first.place, first.households, first.grids, first.advised) == ("梧桐社区", 1200, 2, "3–4")
    assert (first.required, first.present, first.gap) == (3, 2, 2)
    assert (first.serving, first.full_time, str(first.full_rate)) == (5, 3, "60.0")
    assert (second.place, second.required, second.present, second.gap) == ("柳荫社区", 2, 2, 1)


def test_a_scope_and_a_day(small_office: Office) -> None:
    small_office.write(end_posts, [worker(small_office, "李䶮").id], date.today() - timedelta(days=1))
    scope = grid_id(small_office, "519921001001")
    (row,) = small_office.read(staffing, scope)
    assert row.present == 1
    (before,) = small_office.read(staffing, scope, date.today() - timedelta(days=1))
    assert before.present == 2


def test_gaps_are_what_the_findings_say(street_office: Office) -> None:
    rows = street_office.read(staffing)
    found = street_office.read(check)
    lacking = [one for one in found if one.topic in (Topic.STAFF, Topic.PART_TIME)]
    vacant = [one for one in found if one.topic is Topic.VACANT and one.grid.endswith("网格")]
    assert len(rows) == 12
    assert sum(row.gap for row in rows) >= len(lacking)
    assert (sum(row.gap for row in rows) > 0) == bool(lacking or vacant)


def test_paper_and_workbook_say_the_same(small_office: Office, tmp_path: Path) -> None:
    pdf = report_pdf(small_office, "staffing", Wish())
    words = "".join(page_text(pdf, index) for index in range(pages(pdf)))
    for text in ("网格配备情况表", "梧桐社区", "柳荫社区", "3–4", "60%"):
        assert text in words
    file = tmp_path / "配备.xlsx"
    assert report_book(small_office, "staffing", Wish(), file) == 2
    table = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    head = next(row for row in table if "应配" in row)
    line = next(row for row in table if "梧桐社区" in row)
    assert (line[head.index("应配")], line[head.index("缺")]) == (3, 2)


def test_duties_are_printed_whole(small_office: Office, tmp_path: Path) -> None:
    pdf = report_pdf(small_office, "duties", Wish())
    words = "".join(page_text(pdf, index) for index in range(pages(pdf)))
    for text in ("家庭邻里小纠纷先期调解", "由街道下沉党员干部监督", "微网格党小组"):
        assert text in words
    with pytest.raises(RuleBroken, match="只能印成 PDF"):
        report_book(small_office, "assessment", Wish("2026-06"), tmp_path / "x.xlsx")


def test_a_past_day_is_judged_by_the_tree_of_that_day(small_office: Office) -> None:
    second, day = grid_id(small_office, "519921001001002"), date(2026, 6, 1)
    changes = [
        Rename(second, "第三网格"),
        Revise(second, {"households": 480}),
        Move(second, grid_id(small_office, "519921001002")),
    ]
    small_office.write(change_grids, Basis(day), changes)
    wutong = grid_id(small_office, "519921001001")

    def sizes(scope: int | None, day: date | None) -> dict[str, str]:
        found = small_office.read(check, scope, day)
        return {one.grid: one.message for one in found if one.topic is Topic.SIZE}

    assert sizes(None, None) == {}
    before = day - timedelta(days=1)
    assert sizes(None, before) == {"梧桐·第二网格": "有 620 户，超过一般网格的上限 500 户。"}
    assert sizes(wutong, before) == sizes(None, before)
    assert [row.grids for row in small_office.read(staffing)] == [1, 3]
    assert [row.grids for row in small_office.read(staffing, None, before)] == [2, 2]
