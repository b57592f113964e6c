"""The people behind the pictures: bands that add up, movements that are the counts, what is ahead."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from db.enums import Education, Employment
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.overview.team_bands import age_band, schooling, tenure, tenure_band
from gridoffice.overview.team_lists import (
    due_rows,
    movement_rows,
    movements_listing,
    picture,
    serving_rows,
)
from gridoffice.reports import Wish, report_book, report_pdf
from gridoffice.workers.moving import Transfer, transfer_posts
from gridoffice.workers.service import end_posts, save_worker
from tests.documents.paper import poppler_text
from tests.offices import grid_id, worker

DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(1996, 7, 1), "30 岁以下"),
        (date(1996, 6, 30), "30–39 岁"),
        (date(1966, 6, 30), "60 岁以上"),
        (None, "没填"),
    ],
)
def test_age_bands_turn_on_the_birthday(born: date | None, band: str) -> None:
    assert age_band(born, DAY) == band


def test_tenure_is_of_full_years() -> None:
    assert (
        tenure_band(date(2025, 7, 1), DAY) == "不满 1 年" and tenure_band(date(2025, 6, 30), DAY) == "1–3 年"
    )
    assert tenure_band(date(2016, 6, 30), DAY) == "10 年以上" and tenure_band(None, DAY) == "没填"
    assert str(tenure(date(2025, 6, 30), DAY)) == "0.9" and tenure(None, DAY) is None
    assert schooling(Education.MASTER) == "研究生" and schooling(None) == "没填"
    assert {schooling(one) for one in Education} == {"大专以下", "大专", "本科", "研究生", "其他"}


def test_every_picture_adds_up_to_those_who_serve(street_office: Office) -> None:
    day = date.today()
    said = street_office.read(picture, None, day)
    rows = street_office.read(serving_rows, None, day)
    assert said.serving == len(rows) == said.turnover.whole.after
    for bands in (said.ages, said.tenures, said.schoolings):
        assert sum(count for _, count in bands) == said.serving
    moved = street_office.read(movement_rows, None, day)
    for one in said.turnover.months:
        month = [row.way for row in moved if row.month == f"{one.start:%Y-%m}"]
        assert (month.count("新任"), month.count("离任")) == (one.joined, one.left)
    listing = movements_listing()
    month = f"{said.turnover.months[-1].start:%Y-%m}"
    ids = street_office.read(listing.ids, Ask(day=day, filters=(Filter("month", (month,)),)))
    assert len(ids) == said.turnover.months[-1].joined + said.turnover.months[-1].left


def test_across_the_edge_of_an_area_it_is_a_transfer(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    target = grid_id(small_office, "519921001002002")
    small_office.write(transfer_posts, [li.id], Transfer(date(2026, 4, 1), target, reason="补空缺"))
    here, there = (grid_id(small_office, code) for code in ("519921001001", "519921001002"))
    (went,) = small_office.read(movement_rows, here, DAY)
    assert (went.way, went.day, went.elsewhere, went.reason) == (
        "调出",
        date(2026, 4, 1),
        "柳荫·第二网格",
        "补空缺",
    )
    (came,) = small_office.read(movement_rows, there, DAY)
    assert (came.way, came.elsewhere, came.reason) == ("调入", "梧桐·第一网格", "补空缺")
    assert small_office.read(movement_rows, None, DAY) == []
    now = worker(small_office, "李䶮")
    small_office.write(end_posts, [now.id], date(2026, 5, 31), "辞职")
    (left,) = small_office.read(movement_rows, None, DAY)
    assert (left.way, left.month, left.reason) == ("离任", "2026-06", "辞职")
    assert str(left.tenure) == "2.2", "from the first post, not from the transfer"


def test_contracts_and_anniversaries_ahead(small_office: Office, tmp_path: Path) -> None:
    for name, end in (("李䶮", 5), ("单晓琴", 60), ("王𠮷𬭎", -3), ("阿依古丽·买买提", 91)):
        values = {"contract_end": DAY + timedelta(days=end), "employer": "青禾人力"}
        small_office.write(save_worker, worker(small_office, name).id, values)
    first = {"name": "何𫍯", "grid_id": grid_id(small_office, "519921001002002")}
    begun = first | {"from_day": date(2024, 2, 29), "employment": Employment.FULL_TIME}
    small_office.write(save_worker, None, begun)
    found = {(row.name, row.due): row for row in small_office.read(due_rows, None, DAY)}
    assert found["王𠮷𬭎", "合同已到期"].left == -3
    assert found["李䶮", "合同 30 天内到期"].left == 5 and ("单晓琴", "合同 60 天内到期") in found
    assert not any(name == "阿依古丽·买买提" and "合同" in due for name, due in found)
    assert ("何𫍯", "任职满周年") not in found
    early = {row.name: row for row in small_office.read(due_rows, None, date(2026, 2, 1)) if row.years}
    assert (early["何𫍯"].day, early["何𫍯"].years) == (date(2026, 2, 28), 2)
    text = "".join(poppler_text(report_pdf(small_office, "due", Wish(day=DAY)), tmp_path).split())
    assert "合同和周年提醒" in text and "合同已到期" in text
    for name in ("turnover", "movements", "team"):
        assert report_pdf(small_office, name, Wish(day=DAY)).startswith(b"%PDF")
        assert report_book(small_office, name, Wish(day=DAY), tmp_path / f"{name}.xlsx") >= 0
