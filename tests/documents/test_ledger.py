"""Ledgers of any length: head on every page, nothing lost, no page too many."""

from __future__ import annotations

import pytest

from gridoffice.documents import render
from gridoffice.documents.pdf import ledger_pdf
from gridoffice.errors import Cancelled
from gridoffice.progress import Step, watched
from tests.documents.paper import FONTS, NAMES, chars, poppler_text, strokes

HEADS = ("序号", "姓名", "性别", "公民身份号码", "手机号", "所在网格", "到岗日期", "备注")


def people(count: int) -> list[tuple[str, ...]]:
    return [
        (
            str(place),
            NAMES[place % len(NAMES)],
            "男" if place % 2 else "女",
            f"5199211990{place % 12 + 1:02d}{place % 28 + 1:02d}{place % 1000:03d}X",
            f"138{place:08d}",
            f"永宁社区第{place % 40 + 1}网格",
            "2023-06-28",
            "" if place % 9 else "岗前培训合格，持有社会工作者证书（助理），兼任社区纪检委员和楼栋长联络员",
        )
        for place in range(1, count + 1)
    ]


def made(count: int, **changes: object) -> bytes:
    parts: dict[str, object] = {
        "title": "青禾街道网格员花名册",
        "facts": ("单位：青禾街道网格办", "统计日期：2026-06-30"),
        "headings": HEADS,
        "rows": people(count),
        "signature": ("制表人", "审核人", "单位负责人"),
        "fonts": FONTS,
    }
    return ledger_pdf(**(parts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [0, 1, 2, 17, 19, 20, 21, 41, 63])
def test_every_length_ends_well(count):
    pdf = made(count)
    pages = render.pages(pdf)
    texts = [render.page_text(pdf, index) for index in range(pages)]
    for number, text in enumerate(texts, 1):
        assert f"第 {number} 页" in text and f"共 {pages} 页" in text
        assert all(head in text for head in HEADS)
        assert ("制表人：" in text) == (number == pages)
    shown = [row for text in texts for row in people(count) if row[3] in text]
    assert len(shown) == count
    assert sum(row[3] in texts[-1] for row in people(count)) >= min(count, 2)
    if not count:
        assert pages == 1 and "没有符合条件的记录" in texts[0]
    assert texts[0].count("青禾街道网格员花名册") == 1


def test_two_readers_find_every_name_id_and_phone_of_a_long_ledger(tmp_path):
    rows = people(700)
    pdf = made(700, rows=iter(rows))
    ours = "\n".join(render.page_text(pdf, index) for index in range(render.pages(pdf)))
    for text in (ours, poppler_text(pdf, tmp_path)):
        words = set(text.split())
        for row in rows:
            assert {row[1], row[3], row[4]} <= words
        assert text.count("公民身份号码") == render.pages(pdf)


def test_the_sheet_is_landscape_and_everything_inside_its_margins():
    pdf = made(63)
    for index in range(render.pages(pdf)):
        assert render.page_size(pdf, index) == pytest.approx((297, 210), abs=0.1)
        for stroke in strokes(pdf, index):
            assert stroke.left >= 13 and stroke.right <= 297 - 13 and stroke.bottom <= 210 - 14
        for char in chars(pdf, index):
            assert 13 <= char.x <= 297 - 13 and 15 <= char.y <= 205


def test_rows_are_not_split_and_cells_do_not_touch():
    pdf = made(63)
    for index in range(render.pages(pdf)):
        lines = strokes(pdf, index)
        uprights = sorted({round(line.left, 3) for line in lines if line.right - line.left < 1})
        top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
        for char in chars(pdf, index):
            if top < char.y < bottom:
                assert not any(char.left < edge < char.right for edge in uprights)


def test_weights_decide_the_widths_but_never_break_a_number():
    pdf = made(40, widths=(6, 10, 6, 8, 8, 16, 12, 40))
    words = set(" ".join(render.page_text(pdf, index) for index in range(render.pages(pdf))).split())
    assert {row[3] for row in people(40)} <= words and {row[4] for row in people(40)} <= words


def test_the_widest_number_far_down_decides_too():
    rows = [(str(place), "网格") for place in range(1, 5001)] + [("123456789", "网格")]
    pdf = made(0, headings=("序号", "名称"), rows=rows)
    assert "123456789" in render.page_text(pdf, render.pages(pdf) - 1)


def test_the_same_ledger_gives_the_same_bytes():
    assert made(63) == made(63)


def test_a_long_ledger_can_be_stopped():
    seen: list[Step] = []

    def stop(step: Step) -> bool:
        seen.append(step)
        return step.doing != "生成文件"

    with watched(stop), pytest.raises(Cancelled):
        made(100)
    assert seen[-1].total and seen[0].total == 100


@pytest.mark.parametrize("count", [1, 20, 24, 25, 26, 27, 60])
def test_notes_stand_below_the_last_rows_and_never_alone(count):
    notes = ("注：优秀90分及以上，且不超过人数的20%。", "很长的说明，" * 30)
    pdf = made(count, notes=notes)
    last = render.pages(pdf) - 1
    text = "".join(render.page_text(pdf, last).split())
    assert "注：优秀90分及以上" in text and text.count("很长的说明，") == 30
    assert people(count)[-1][3] in text and "制表人：" in text
    for index in range(last):
        assert "很长的说明" not in render.page_text(pdf, index)
