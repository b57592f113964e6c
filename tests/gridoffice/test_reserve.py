"""后备人员: entered, found for a vacancy, placed; the list goes out and comes back unchanged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.enums import ReserveState
from gridoffice import history
from gridoffice.errors import RuleBroken
from gridoffice.exports import export
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.vacancies import vacancies
from gridoffice.workers.posts import posts_of
from gridoffice.workers.reserve import appoint, candidates, leave_reserve, reserve_row, save_reserve
from gridoffice.workers.reserve_listing import RESERVES
from tests.offices import come, grid_id, number, outcomes, records, roster, workbook, worker

DAY = date(2026, 6, 30)
NEW = {"name": "何𫍯", "id_number": number(80), "phone": "13800000080", "source": "公开招募"}


def listed(office: Office, ask: Ask | None = None) -> list:
    ask = ask or Ask(day=DAY)
    return office.read(lambda session: RESERVES.rows(session, RESERVES.ids(session, ask), ask.day))


def test_somebody_waits_and_is_placed(small_office: Office) -> None:
    place = grid_id(small_office, "519921001002002")
    above = grid_id(small_office, "519921001002")
    values = NEW | {"title": "专职网格员", "grid_id": above, "since": date(2026, 1, 5)}
    one = small_office.write(save_reserve, None, values).result
    with pytest.raises(RuleBroken, match="已在后备名册里"):
        small_office.write(save_reserve, None, values)
    row = small_office.read(reserve_row, one)
    assert (row.title, row.state, row.birth) == ("专职网格员", ReserveState.WAITING, date(1990, 3, 7))
    gap = next(row for row in small_office.read(vacancies, None, DAY) if row.grid == "柳荫·第二网格")
    assert gap.waiting == 1 and not any(
        row.waiting for row in small_office.read(vacancies, None, DAY) if row.unit == "梧桐社区"
    )
    (found,) = small_office.read(candidates, place, gap.posts, DAY)
    assert (found.name, found.serves) == ("何𫍯", "")
    before = records(small_office)
    post = small_office.write(appoint, found.person_id, place, "专职网格员", DAY, "补空缺").result
    now = worker(small_office, "何𫍯")
    assert (now.id, now.grid, now.from_day) == (post, "柳荫·第二网格", DAY)
    row = small_office.read(reserve_row, one)
    assert (row.state, row.to_day) == (ReserveState.PLACED, DAY)
    assert not small_office.read(candidates, place, gap.posts, DAY)
    (then,) = listed(small_office, Ask(day=date(2026, 3, 1)))
    assert then.state is ReserveState.WAITING, "on a day past the person still waited"
    small_office.write(history.undo)
    assert records(small_office) == before


def test_whoever_serves_goes_over_from_the_main_post(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    small_office.write(save_reserve, None, {"person_id": li.person_id, "title": "网格长"})
    small_office.write(appoint, li.person_id, grid_id(small_office, "519921001002002"), "网格长", DAY, "提拔")
    now, before = small_office.read(posts_of, li.person_id)
    assert (now.title, now.from_day, now.reason) == ("网格长", DAY, "提拔")
    assert before.to_day == date(2026, 6, 29)
    (row,) = listed(small_office)
    assert row.state is ReserveState.PLACED


def test_whoever_leaves_the_list_stays_on_record(small_office: Office) -> None:
    one = small_office.write(save_reserve, None, NEW | {"since": date(2026, 1, 5)}).result
    with pytest.raises(RuleBroken, match="早于入库日期"):
        small_office.write(leave_reserve, [one], date(2025, 1, 1))
    small_office.write(leave_reserve, [one], DAY, "已另找工作")
    row = small_office.read(reserve_row, one)
    assert (row.state, row.to_day, row.note) == (ReserveState.LEFT, DAY, "已另找工作")
    again = small_office.write(save_reserve, None, NEW | {"since": date(2026, 7, 1)}).result
    assert (
        again != one and len({row.person_id for row in listed(small_office, Ask(day=date(2026, 7, 1)))}) == 1
    )


def test_the_list_comes_in_from_excel_and_goes_out_again(small_office: Office, tmp_path: Path) -> None:
    headings = ["姓名", "身份证号", "电话", "拟任岗位", "意向区域", "推荐单位", "登记日期", "状态"]
    rows = [
        ["何𫍯", number(80), "13800000080", "专职网格员", "柳荫社区", "社区推荐", "2026-01-05", ""],
        ["李䶮", "519921199003070268", "13800000012", "网格长", "", "组织推荐", "2026-02-01", "待岗"],
        ["周来", "", "13800000081", "微网格员", "没有的网格", "自荐", "2026-02-01", ""],
    ]
    rows[1][1] = worker(small_office, "李䶮").id_number
    file = workbook(tmp_path / "后备.xlsx", headings, rows, above=1)
    done = come(small_office, "reserve", file, good_rows_only=True)
    assert [word for _, word in outcomes(done)] == ["new", "new", "error"]
    people = {row.name: row for row in listed(small_office)}
    assert people["何𫍯"].grid == "柳荫社区" and people["李䶮"].grid is None
    assert people["李䶮"].person_id == worker(small_office, "李䶮").person_id
    assert len(roster(small_office)) == 7, "nobody is on the roster by waiting for it"
    out = tmp_path / "out.xlsx"
    assert export(small_office, RESERVES, out, Ask(day=DAY), reveal=True, reason="核对") == 2
    again = come(small_office, "reserve", out)
    assert {word for _, word in outcomes(again)} == {"unchanged"}
