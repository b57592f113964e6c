"""Lists, names, exports and months of a past day; what words mean once a grid is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridoffice.assessment.rows import results
from gridoffice.assessment.service import open_month
from gridoffice.errors import RuleBroken
from gridoffice.exports import export
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.operations import (
    Convert,
    Merge,
)
from gridoffice.listing import Ask, Filter, Listing, lines
from gridoffice.office import Office
from gridoffice.overview.glance import glance
from gridoffice.overview.questions import totals
from gridoffice.safekeeping import verify
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import save_worker
from tests.gridoffice.tree_changes import (
    AUGUST,
    FIRST,
    JULY,
    JUNE,
    LIU_FIRST,
    LIU_SECOND,
    LIUYIN,
    MAY,
    MICRO_1,
    SECOND,
    WUTONG,
    change,
    moved_about,
    posts,
    split_of,
)
from tests.offices import come, errors, grid_id, number, records, workbook, worker


def shown(office: Office, listing: Listing, ask: Ask) -> list[Any]:
    return office.read(lambda session: lines(session, listing, listing.ids(session, ask), ask))


def test_the_grid_list_of_a_past_day(small_office: Office) -> None:
    before = {day: shown(small_office, GRIDS, Ask(day=day)) for day in (None, MAY)}
    assert before[None] == before[MAY]
    scopes = {code: grid_id(small_office, code) for code in (WUTONG, LIUYIN, FIRST)}
    inside = {code: shown(small_office, GRIDS, Ask(scope=scope)) for code, scope in scopes.items()}
    moved_about(small_office)
    for code, scope in scopes.items():
        assert shown(small_office, GRIDS, Ask(scope=scope, day=MAY)) == inside[code]
        assert shown(small_office, GRIDS, Ask(scope=scope)) != inside[code]
    assert shown(small_office, GRIDS, Ask(day=MAY)) == before[MAY]
    assert shown(small_office, GRIDS, Ask(day=MAY, limit=4)) == before[MAY][:4]
    now = {row.code: row for row in shown(small_office, GRIDS, Ask())}
    june = {row.code: row for row in shown(small_office, GRIDS, Ask(day=JUNE))}
    assert (now[FIRST].parent, june[FIRST].parent) == ("柳荫里社区", "柳荫社区")
    assert (june[MICRO_1].parent, june[SECOND].households) == ("柳荫·河畔网格", 600)
    found = shown(small_office, GRIDS, Ask(day=MAY, search="河畔"))
    assert found == []
    assert [row.code for row in shown(small_office, GRIDS, Ask(search="河畔"))] == [FIRST]
    assert [row.code for row in shown(small_office, GRIDS, Ask(day=MAY, search="liuyinshequ"))] == [LIUYIN]
    by_size = [row.households for row in shown(small_office, GRIDS, Ask(day=MAY, sort="households"))]
    assert by_size == [60, 70, 400, 450, 620, 900, 1200, 2100, None, None]


def test_the_filters_of_a_past_day(small_office: Office) -> None:
    change(small_office, JUNE, Convert(grid_id(small_office, LIU_SECOND), "专属网格"))

    def counts(day: date | None) -> dict[str, int]:
        found = small_office.read(GRIDS.choices, Ask(day=day), "kind")
        return {label: count for _, label, count in found}

    assert (counts(None)["专属网格"], counts(MAY)["专属网格"]) == (2, 1)
    special = Ask(day=MAY, filters=(Filter("kind", ("special",)),))
    assert [row.code for row in shown(small_office, GRIDS, special)] == ["519921001900001"]


def test_the_roster_of_a_past_day(small_office: Office) -> None:
    # before 2025 the micro grid had nobody
    day = date(2026, 5, 20)
    before = shown(small_office, WORKERS, Ask(day=day))
    wutong = shown(small_office, WORKERS, Ask(scope=grid_id(small_office, WUTONG), day=day))
    moved_about(small_office)
    change(
        small_office, AUGUST, Merge((grid_id(small_office, LIU_FIRST),), into=grid_id(small_office, FIRST))
    )

    def without_end(rows: list[Any]) -> list[Any]:
        return [replace(row, to_day=None) for row in rows]

    assert without_end(shown(small_office, WORKERS, Ask(day=day))) == before
    assert (
        without_end(shown(small_office, WORKERS, Ask(scope=grid_id(small_office, WUTONG), day=day))) == wutong
    )
    july = {row.name: row.grid for row in shown(small_office, WORKERS, Ask(day=JULY))}
    june = {row.name: row.grid for row in shown(small_office, WORKERS, Ask(day=JUNE))}
    assert (june["李䶮"], july["李䶮"]) == ("柳荫·河畔网格", "柳荫里·河畔网格")
    assert july["张三"] == "柳荫里·柳荫第一网格"
    assert {row.grid for row in shown(small_office, WORKERS, Ask()) if row.name == "张三"} == {
        "柳荫里·河畔网格"
    }


def test_an_export_of_a_past_day_names_what_was(small_office: Office, tmp_path: Path) -> None:
    moved_about(small_office)
    export(small_office, WORKERS, tmp_path / "五月.xlsx", Ask(day=MAY, scope=grid_id(small_office, LIUYIN)))
    book = openpyxl.load_workbook(tmp_path / "五月.xlsx")
    (sheet,) = book.worksheets
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    book.close()
    assert "柳荫·第一网格" in texts
    assert any("范围：柳荫社区" in text for text in texts)
    assert not any("河畔" in text for text in texts)


# ---- what words mean once a grid is closed

ROSTER = ("姓名", "身份证号", "所属网格", "任职日期", "离任日期")


def test_a_name_means_the_grid_that_stands(small_office: Office, tmp_path: Path) -> None:
    """After a split the old 第一网格 is closed and a new one bears its name."""
    change(small_office, JUNE, split_of(small_office))
    rows = [("刘慧", number(70), "梧桐社区第一网格", "2026-09-01", None)]
    done = come(small_office, "workers", workbook(tmp_path / "新人.xlsx", ROSTER, rows))
    assert errors(done) == []
    assert worker(small_office, "刘慧").grid == "梧桐·第一网格"
    assert posts(small_office, "刘慧")[0][0] == grid_id(small_office, "519921001001003")


def test_nobody_is_put_into_a_closed_grid(small_office: Office, tmp_path: Path) -> None:
    first, second = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    change(small_office, JUNE, Merge((first,), into=second))
    with pytest.raises(RuleBroken, match="到 2026-05-31 为止"):
        small_office.write(save_worker, None, {"name": "刘慧", "grid_id": first})
    before = records(small_office)
    rows = [("刘慧", number(70), FIRST, "2026-03-01", None)]
    done = come(small_office, "workers", workbook(tmp_path / "一.xlsx", ROSTER, rows))
    assert [(field, "到 2026-05-31 为止" in said) for _, field, said in errors(done)] == [("所属网格", True)]
    assert records(small_office) == before
    # whoever was there before may still be written down
    rows = [("刘慧", number(70), FIRST, "2026-03-01", "2026-05-01")]
    done = come(small_office, "workers", workbook(tmp_path / "二.xlsx", ROSTER, rows))
    assert errors(done) == []
    assert posts(small_office, "刘慧") == [(first, date(2026, 3, 1), date(2026, 5, 1))]


# ---- months of past days


def of_month(office: Office, period: str, scope: int | None) -> dict[str, str]:
    """Who is listed in a month below a grid, with the grid's name there."""
    listing = office.read(results, period)
    found = office.read(lambda session: listing.rows(session, listing.ids(session, Ask(scope=scope))))
    return {row.name: row.grid for row in found}


def test_a_month_is_looked_at_as_it_was_opened(locked_office: Office) -> None:
    first, wutong, liu = (grid_id(locked_office, code) for code in (FIRST, WUTONG, LIUYIN))
    before = {scope: of_month(locked_office, "2026-06", scope) for scope in (first, wutong, liu)}
    means = {scope: locked_office.read(glance, scope).means for scope in before}
    assert means[first]
    assert before[first]["李䶮"] == "梧桐·第一网格"
    moved_about(locked_office)
    assert {scope: of_month(locked_office, "2026-06", scope) for scope in before} == before
    assert {scope: locked_office.read(glance, scope).means for scope in before} == means
    assert len(locked_office.read(totals, "2026-06", first)) == len(before[first]) == 3
    assert verify(locked_office).findings == ()


def test_a_month_opened_late_shows_the_tree_of_its_last_day(small_office: Office) -> None:
    moved_about(small_office)
    small_office.write(open_month, "2026-05")
    small_office.write(open_month, "2026-06")
    wutong, liu = grid_id(small_office, WUTONG), grid_id(small_office, LIUYIN)
    assert of_month(small_office, "2026-05", wutong)["李䶮"] == "梧桐·第一网格"
    assert "李䶮" not in of_month(small_office, "2026-05", liu)
    assert of_month(small_office, "2026-06", liu)["李䶮"] == "柳荫·河畔网格"
    assert "李䶮" not in of_month(small_office, "2026-06", wutong)


def test_every_level_counts_as_the_whole_does_however_much_moved(small_office: Office) -> None:
    """The database adds up level by level; going through the whole tree must say the same."""
    from gridoffice.grids import tree as counted

    moved_about(small_office)
    for most in (counted.MOVES, 0):
        kept, counted.MOVES = counted.MOVES, most
        try:
            for day in (MAY, JUNE, JULY, date.today()):
                whole = small_office.read(counted.roll_up, None, day)
                waiting: list[int | None] = [None]
                seen = 0
                while waiting:
                    for node in small_office.read(counted.children, waiting.pop(), day):
                        assert node.counts == whole[node.id], (day, node.name)
                        waiting.append(node.id)
                        seen += 1
                assert seen == len(whole)
        finally:
            counted.MOVES = kept
