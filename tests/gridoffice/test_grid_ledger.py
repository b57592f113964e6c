"""网格台账 taken in: rows in any order, parents by any name, wrong rows named, nothing half written."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gridoffice import history
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.service import grid_row, root_id
from gridoffice.grids.tree import children
from gridoffice.intake import Merge
from gridoffice.listing import Ask
from gridoffice.office import Office
from tests.offices import Imported, come, errors, grid_id, journal_lines, outcomes, records, workbook

HEADINGS = (
    "网格编码",
    "网格名称",
    "网格类型",
    "上级网格",
    "户数",
    "商户数",
    "人口",
    "面积",
    "启用日期",
    "备注",
)
COMMUNITY = "519921001003"


def take(office: Office, path: Path, *rows: tuple[Any, ...], **options: Any) -> Imported:
    full = [(*row, *[None] * (len(HEADINGS) - len(row))) for row in rows]
    return come(office, "grids", workbook(path / "网格.xlsx", HEADINGS, full, above=1), **options)


def paths(office: Office) -> dict[str, tuple[str, ...]]:
    """Each grid's code with the names from the top down to it."""
    rows = {row["id"]: row for row in records(office)["grid"]}

    def up(row: Any) -> tuple[str, ...]:
        return (*(up(rows[row["parent_id"]]) if row["parent_id"] else ()), row["name"])

    return {row["code"]: up(row) for row in rows.values()}


NEW = (
    (f"{COMMUNITY}00101", "微网格01", "微网格", f"{COMMUNITY}001", 50),
    (f"{COMMUNITY}001", "第一网格", "一般网格", "新桥村", 350),
    (COMMUNITY, "新桥村", "村", "青禾街道", 800),
    (f"{COMMUNITY}00201", "微网格01", "微网格", "新桥村·第二网格", 50),
    (f"{COMMUNITY}002", "第二网格", "一般网格", "青禾街道/新桥村", 360),
    (f"{COMMUNITY}00202", "微网格02", "微网格", "新桥第二网格", 50),
)


def test_rows_come_in_any_order_and_name_their_parents_in_any_way(
    small_office: Office, tmp_path: Path
) -> None:
    done = take(small_office, tmp_path, *NEW)
    assert errors(done) == []
    assert done.preview.in_words() == "新增 6"
    assert done.preview.written
    found = paths(small_office)
    assert found[f"{COMMUNITY}00101"] == ("青禾街道", "新桥村", "第一网格", "微网格01")
    assert found[f"{COMMUNITY}00201"] == ("青禾街道", "新桥村", "第二网格", "微网格01")
    assert found[f"{COMMUNITY}00202"] == ("青禾街道", "新桥村", "第二网格", "微网格02")
    tree = small_office.read(children, grid_id(small_office, COMMUNITY))
    assert [(node.name, node.kind_label, node.children, node.vacant) for node in tree] == [
        ("第一网格", "一般网格", 1, True),
        ("第二网格", "一般网格", 2, True),
    ]


def test_a_table_of_grids_as_offices_head_it(small_office: Office, tmp_path: Path) -> None:
    """网格划分一览表: 编号 and 名称 under 网格基本情况, the people beside them."""
    heads = [f"网格基本情况/{name}" for name in ("编号", "名称", "类型", "上级网格", "户数（户）")]
    row = ("519921001001009", "第九网格", "一般网格", "梧桐社区", "350户")
    done = come(small_office, "grids", workbook(tmp_path / "划分.xlsx", heads, [row]))
    assert (errors(done), outcomes(done)) == ([], [(2, "new")])


def test_the_same_file_again_changes_nothing(small_office: Office, tmp_path: Path) -> None:
    take(small_office, tmp_path, *NEW)
    lines, before = journal_lines(small_office), records(small_office)
    done = take(small_office, tmp_path, *NEW)
    assert (done.preview.in_words(), done.action, done.preview.written) == ("无变化 6", None, False)
    assert (journal_lines(small_office), records(small_office)) == (lines, before)


def test_an_import_is_undone_whole_also_after_a_restart(
    small_office: Office, tmp_path: Path, office_at: Any
) -> None:
    before = records(small_office)
    done = take(small_office, tmp_path, *NEW)
    after = records(small_office)
    again = office_at(small_office.store.address)
    again.write(history.undo, done.action)
    assert records(again) == before
    again.write(history.redo)
    assert records(again) == after


def test_an_empty_office_takes_a_whole_tree(database_url: str, tmp_path: Path) -> None:
    from gridoffice.establish import establish

    office = establish(database_url)
    try:
        done = take(office, tmp_path, ("519921001", "青禾街道", "街道"), *NEW)
        assert errors(done) == []
        assert office.read(root_id) == grid_id(office, "519921001")
        assert len(paths(office)) == 7
    finally:
        office.close()


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ((COMMUNITY, "新桥村", "小区", "青禾街道"), "网格类型", "没有“小区”这种网格类型"),
        ((COMMUNITY, "新桥村", "村", "青河街道"), "上级网格", "没有“青河街道”。最接近：青禾街道"),
        ((COMMUNITY, "新桥村", "村", "第一网格"), "上级网格", "叫“第一网格”的网格有 2 个"),
        ((COMMUNITY, "新桥村", "村", "梧桐社区"), "上级网格", "总网格的上级应是街道，不能是总网格"),
        ((COMMUNITY, "新桥村", "村", None), "上级网格", "总网格要有上级"),
        ((COMMUNITY, None, "村", "青禾街道"), "网格名称", "是空的"),
        ((None, "新桥村", "村", "青禾街道"), "网格编码", "是空的"),
        ((COMMUNITY, "新桥村", None, "青禾街道"), "网格类型", "是空的"),
        ((COMMUNITY, "新桥村", "村", "青禾街道", "很多"), "户数", ""),
        ((COMMUNITY, "新桥村", "村", "青禾街道", 99999999999), "户数", "户数太大"),
        ((COMMUNITY, "桥" * 81, "村", "青禾街道"), "网格名称", "有 81 个字，最多 80 个"),
        ((COMMUNITY, "梧桐社区", "村", "青禾街道"), "网格名称", "同一个上级下已有“梧桐社区”"),
        (("519921001002", "柳荫社区", "总网格", "柳荫社区"), "上级网格", "自己"),
        (("519921001001", "梧桐社区", "总网格", "梧桐·第一网格"), "上级网格", ""),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(
    small_office: Office, tmp_path: Path, row: tuple[Any, ...], field: str, said: str
) -> None:
    before, lines = records(small_office), journal_lines(small_office)
    done = take(small_office, tmp_path, ("519921001004", "书院社区", "社区", "青禾街道"), row)
    # one line of title, one of headings, one good row
    assert any(r == 4 and f == field and said in message for r, f, message in errors(done)), errors(done)
    assert (done.action, done.preview.written) == (None, False)
    assert (records(small_office), journal_lines(small_office)) == (before, lines)


def test_the_same_code_twice_names_both_rows(small_office: Office, tmp_path: Path) -> None:
    done = take(
        small_office,
        tmp_path,
        (COMMUNITY, "新桥村", "村", "青禾街道"),
        (COMMUNITY, "旧桥村", "村", "青禾街道"),
    )
    assert errors(done) == [(4, "网格编码", f"编码“{COMMUNITY}”与第 3 行相同。")]


def test_two_new_grids_of_one_name_below_one_parent(small_office: Office, tmp_path: Path) -> None:
    done = take(
        small_office,
        tmp_path,
        (COMMUNITY, "新桥村", "村", "青禾街道"),
        ("519921001004", "新桥村", "村", "青禾街道"),
    )
    assert [(row, field) for row, field, _ in errors(done)] == [(4, "网格名称")]


def test_two_that_change_names_may(small_office: Office, tmp_path: Path) -> None:
    done = take(
        small_office,
        tmp_path,
        ("519921001001001", "第二网格", "一般网格", None),
        ("519921001001002", "第一网格", "一般网格", None),
    )
    assert errors(done) == []
    assert paths(small_office)["519921001001001"][-1] == "第二网格"


def test_a_ring_of_rows_is_refused(small_office: Office, tmp_path: Path) -> None:
    done = take(
        small_office,
        tmp_path,
        ("519921001010", "甲", "总网格", "519921001011"),
        ("519921001011", "乙", "总网格", "519921001010"),
        ("519921001012", "丙", "总网格", "丙"),
    )
    assert {row for row, _, message in errors(done) if "自己" in message} == {3, 4, 5}
    assert not done.preview.written


def test_stored_grids_do_not_become_a_ring(small_office: Office, tmp_path: Path) -> None:
    """Two moves, each right by itself, that would hang each below the other."""
    take(small_office, tmp_path, ("519921001001001001", "第三级", "一般网格", "梧桐社区"))
    done = take(
        small_office,
        tmp_path,
        ("519921001001", "梧桐社区", "总网格", "519921001002"),
        ("519921001002", "柳荫社区", "总网格", "519921001001"),
    )
    assert not done.preview.written
    assert errors(done)


def test_only_the_good_rows_but_none_below_a_bad_one(small_office: Office, tmp_path: Path) -> None:
    done = take(
        small_office,
        tmp_path,
        (f"{COMMUNITY}00101", "微网格01", "微网格", f"{COMMUNITY}001"),
        (f"{COMMUNITY}001", "第一网格", "一般网格", COMMUNITY),
        (COMMUNITY, "新桥村", "小区", "青禾街道"),
        ("519921001004", "书院社区", "社区", "青禾街道"),
        good_rows_only=True,
    )
    assert outcomes(done) == [(3, "error"), (4, "error"), (5, "error"), (6, "new")]
    assert done.preview.written
    assert "519921001004" in paths(small_office)
    assert COMMUNITY + "001" not in paths(small_office)


def test_a_good_row_whose_parent_is_stored_stays_when_the_parents_own_row_is_wrong(
    small_office: Office, tmp_path: Path
) -> None:
    done = take(
        small_office,
        tmp_path,
        ("519921001002", "柳荫社区", "总网格", "青禾街道", "很多"),
        ("519921001002003", "第三网格", "一般网格", "柳荫社区", 320),
        good_rows_only=True,
    )
    assert outcomes(done) == [(3, "error"), (4, "new")]
    assert paths(small_office)["519921001002003"] == ("青禾街道", "柳荫社区", "第三网格")


STORED = ("519921001001002", "第二网格", "一般网格", "梧桐社区")


@pytest.mark.parametrize(
    ("merge", "households", "merchants"),
    [(Merge.FILL, 500, None), (Merge.OVERWRITE, 500, None), (Merge.BLANKS, 620, None)],
)
def test_a_value_in_the_file(
    small_office: Office, tmp_path: Path, merge: Merge, households: int, merchants: int | None
) -> None:
    take(small_office, tmp_path, (*STORED, 500, None), merge=merge)
    row = small_office.read(grid_row, grid_id(small_office, STORED[0]))
    assert (row.households, row.merchants) == (households, merchants)


@pytest.mark.parametrize(
    ("merge", "households"), [(Merge.FILL, 620), (Merge.OVERWRITE, None), (Merge.BLANKS, 620)]
)
def test_a_blank_in_the_file(
    small_office: Office, tmp_path: Path, merge: Merge, households: int | None
) -> None:
    done = take(small_office, tmp_path, (*STORED, None, 3), merge=merge)
    assert errors(done) == []
    row = small_office.read(grid_row, grid_id(small_office, STORED[0]))
    assert (row.households, row.merchants) == (households, 3)


@pytest.mark.parametrize("merge", list(Merge))
def test_a_blank_parent_leaves_a_grid_where_it_is(small_office: Office, tmp_path: Path, merge: Merge) -> None:
    before = paths(small_office)
    done = take(small_office, tmp_path, (STORED[0], "第二网格", "一般网格", None, 621), merge=merge)
    assert errors(done) == []
    assert paths(small_office) == before


def test_a_column_the_file_does_not_have_is_left_alone(small_office: Office, tmp_path: Path) -> None:
    file = workbook(tmp_path / "窄.xlsx", HEADINGS[:3], [STORED[:3]])
    done = come(small_office, "grids", file, merge=Merge.OVERWRITE)
    assert done.preview.in_words() == "无变化 1"


def test_a_moved_grid_takes_all_below_it_along(small_office: Office, tmp_path: Path) -> None:
    done = take(small_office, tmp_path, ("519921001001001", "第三网格", "一般网格", "柳荫社区", 400))
    assert errors(done) == []
    assert paths(small_office)["51992100100100101"] == ("青禾街道", "柳荫社区", "第三网格", "微网格01")
    below = small_office.read(GRIDS.ids, Ask(scope=grid_id(small_office, "519921001002")))
    assert grid_id(small_office, "51992100100100101") in below


def test_an_area_off_a_map_is_kept_to_two_places(small_office: Office, tmp_path: Path) -> None:
    row = (COMMUNITY, "新桥村", "村", "青禾街道", 800, 12, 2400, 123456.785, "2024年6月", "南岸")
    assert errors(take(small_office, tmp_path, row)) == []
    found = small_office.read(grid_row, grid_id(small_office, COMMUNITY))
    assert found.area == Decimal("123456.79")
    assert str(found.valid_from) == "2024-06-01"
    assert take(small_office, tmp_path, row).preview.in_words() == "无变化 1"
