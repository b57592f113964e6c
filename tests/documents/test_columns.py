"""Cells and headings end their lines where a reader would."""

from __future__ import annotations

import pytest

from gridoffice.documents.columns import columns, largest_size, needs, wrap, wrap_evenly
from tests.documents.paper import FONTS

EM = 10 * 25.4 / 72


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("库尔班·吐尔逊", 4, ["库尔班·", "吐尔逊"]),
        ("河湾·第二网格·微网格05", 8, ["河湾·第二网格·", "微网格05"]),
        ("阿依夏木古丽·阿卜杜热合曼", 4, ["阿依夏木", "古丽·阿", "卜杜热合", "曼"]),  # no part fits
        ("得分−0.25分", 3, ["得分", "−0.25", "分"]),
        ("楼栋长（兼）", 4, ["楼栋长", "（兼）"]),
    ],
)
def test_a_cell_breaks_at_dots_and_never_in_a_number(text: str, room: float, lines: list[str]) -> None:
    assert wrap(FONTS.song, 10, text, room * EM) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("按期办结率", ["按期", "办结率"]),
        ("例会培训缺席", ["例会", "培训", "缺席"]),  # rather three lines than a word broken
        ("按期办结率\n满20", ["按期", "办结率", "满20"]),
        ("社区内\n排名", ["社区内", "排名"]),
    ],
)
def test_a_heading_breaks_between_words_and_keeps_its_own_line_breaks(text: str, lines: list[str]) -> None:
    assert wrap_evenly(FONTS.hei, 10, text, 3.2 * EM) == lines


def test_what_a_heading_is_worth_stays_on_one_line() -> None:
    (need,) = needs(["加分\n最多10"], [("0.00",)], FONTS.song, FONTS.hei)
    assert need.least >= FONTS.hei.width("最多10")


def test_one_character_more_than_usual_is_given_room() -> None:
    rows = [("大学本科",)] * 99 + [("硕士研究生",)]
    (need,) = needs(["学历"], rows, FONTS.song, FONTS.hei)
    assert need.usual == need.most == 5
    rows = [("王芳",)] * 99 + [("迪丽热巴·阿卜杜热合曼",)]
    (need,) = needs(["姓名"], rows, FONTS.song, FONTS.hei)
    assert need.usual == 4 < need.most


def test_the_columns_fill_the_width_in_the_largest_size_that_fits() -> None:
    rows = [("王芳", "永宁·第一网格·微网格05", "95.50")] * 5
    found = needs(["姓名", "所属网格", "合计"], rows, FONTS.song, FONTS.hei)
    assert largest_size(found, (12, 9), 1.0, 90) == 12
    assert largest_size(found, (12, 9), 1.0, 60) == 9
    assert sum(column.width for column in columns(found, 9, 1.0, 60)) == pytest.approx(60)
