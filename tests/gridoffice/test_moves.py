"""A transfer told beforehand: who goes, who cannot, what is vacant then, what is filled, what does not fit."""

from __future__ import annotations

from datetime import date

from db.enums import Employment
from gridoffice.office import Office
from gridoffice.overview.moves import move_preview
from gridoffice.overview.vacancies import vacancies
from gridoffice.workers.moving import Transfer, transfer_posts
from tests.offices import grid_id, records, worker

DAY = date(2026, 6, 30)
WHO = "专职网格员或网格长"


def test_what_is_told_comes_true(small_office: Office) -> None:
    office, target = small_office, grid_id(small_office, "519921001002002")
    moving = [worker(office, name).id for name in ("李䶮", "王𠮷𬭎", "赵𫍯")]
    before = records(office)
    said = office.read(move_preview, moving, Transfer(DAY, target))
    assert records(office) == before, "looking changes nothing"
    assert [one.name for one in said.going] == ["王𠮷𬭎", "李䶮", "赵𫍯"] and not said.refused
    told = {one.message for one in said.effects}
    assert f"梧桐·第一网格调走后缺{WHO} 1 人。" in told
    assert f"柳荫·第二网格的{WHO}补齐了。" in told
    assert "一般网格没有“总网格长”这个岗位：柳荫·第二网格。" in told
    gaps = {(row.grid, row.who) for row in office.read(vacancies, None, DAY)}
    office.write(transfer_posts, moving, Transfer(DAY, target))
    after = {(row.grid, row.who) for row in office.read(vacancies, None, DAY)}
    assert gaps - after >= {("柳荫·第二网格", WHO)} and after - gaps >= {("梧桐·第一网格", WHO)}


def test_another_post_in_the_same_grid_counts_as_what_it_is(small_office: Office) -> None:
    moving = [worker(small_office, name).id for name in ("李䶮", "王𠮷𬭎")]
    wanted = Transfer(DAY, title="兼职网格员", employment=Employment.PART_TIME)
    said = small_office.read(move_preview, moving, wanted)
    assert [one.to_grid_id == one.grid_id for one in said.going] == [True, True]
    assert any("调走后缺" in one.message for one in said.effects), "a part-timer does not fill the norm"
    done = small_office.write(transfer_posts, moving, wanted)
    assert done.title == f"{DAY} 起 2 人改任兼职网格员"
