"""What a clerk types and what is laid out are the same text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gridoffice.documents.model import Heading, Paragraph
from gridoffice.papers.numbering import Number, check_next, check_series, number_in
from gridoffice.papers.templates import shipped
from gridoffice.papers.wording import (
    blocks_of,
    chinese_number,
    filled,
    level_of,
    names_in,
    next_number,
    text_of,
)

TEMPLATE = """开头。
一、总体情况
共{人数}人。
二、表扬
（一）名单
{名单}予以表扬。
三、要求
各村要做好。"""


def test_lines_are_headings_by_their_numbers() -> None:
    assert [
        level_of(line) for line in ("一、总体情况", "（十二）名单", "1.入户走访", "（3）其他", "3.5万人")
    ] == [
        1,
        2,
        3,
        4,
        0,
    ]
    assert level_of("一、各社区要逐项整改。") == 0  # a mark at its end: a paragraph
    assert level_of("一、" + "长" * 60) == 0


def test_a_text_is_its_blocks_and_back() -> None:
    text = "现通报如下。\n一、总体情况\n䶮㐂𬭎𠮷𫍯五人。\n（一）名单"
    blocks = blocks_of(text)
    assert blocks == (
        Paragraph("现通报如下。"),
        Heading(1, "一、总体情况"),
        Paragraph("䶮㐂𬭎𠮷𫍯五人。"),
        Heading(2, "（一）名单"),
    )
    assert text_of(blocks) == text
    assert blocks_of("\n\n  甲  \n") == (Paragraph("甲"),)


@given(st.text(alphabet="一二、（）1.。甲乙 \n{}", max_size=60))
def test_reading_what_was_written_changes_nothing(text: str) -> None:
    blocks = blocks_of(text)
    assert blocks_of(text_of(blocks)) == blocks


def test_numbers_fill_in_and_what_has_none_falls_away() -> None:
    assert names_in(TEMPLATE) == ["人数", "名单"]
    assert "二、表扬\n（一）名单\n甲予以表扬。\n三、要求" in filled(TEMPLATE, {"人数": "3", "名单": "甲"})
    assert (
        filled(TEMPLATE, {"人数": "3", "名单": ""}) == "开头。\n一、总体情况\n共3人。\n二、要求\n各村要做好。"
    )
    assert filled("一、甲\n{数}", {"数": ""}) == ""
    assert filled("共{数}人", {}) == "共{数}人"


def test_headings_are_numbered_on() -> None:
    assert next_number(TEMPLATE, 1) == "四、"
    assert next_number("一、甲\n（一）乙\n（二）丙\n二、丁", 2) == "（一）"
    assert next_number("一、甲\n（一）乙", 2) == "（二）"
    assert [chinese_number(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]


@given(st.integers(1, 99))
def test_every_chinese_number_is_a_heading(number: int) -> None:
    assert level_of(f"{chinese_number(number)}、总体情况") == 1


def test_numbers_are_read_however_they_are_written() -> None:
    meant = Number("青网格办", 2026, 14)
    for text in (
        "青网格办〔2026〕14号",
        "青网格办[2026]014号",
        "青网格办（2026）第 14 号",
        "青网格办〔２０２６〕１４号",
    ):
        assert number_in(text) == meant
    assert str(meant) == "青网格办〔2026〕14号"
    for text in ("", None, "14号", "青网格办2026-14", "青网格办〔2026〕0号"):
        assert number_in(text) is None


def test_a_series_has_no_gap_and_nothing_twice() -> None:
    given = Number("青网格办", 2026, 15)
    assert check_next(given, 14, None, None) == []
    assert check_next(given, None, None, None) == []  # a register may begin in the middle of a year
    assert "跳号" in check_next(Number("青网格办", 2026, 17), 14, None, None)[0].message
    assert "倒号" in check_next(Number("青网格办", 2026, 3), 14, None, None)[0].message
    assert "已登记" in check_next(given, 15, "关于通报", None)[0].message
    assert check_series("青网格办") == []
    assert check_series("青网格办〔2026〕") and check_series("")


def test_templates_are_whole() -> None:
    from gridoffice.papers.annexes import ANNEXES
    from gridoffice.papers.facts import NAMES
    from gridoffice.papers.figures import FIGURES
    from gridoffice.papers.numbering import KINDS

    for one in shipped().values():
        assert set(names_in(one.text, one.heading, one.recipients)) <= NAMES, one.key
        assert set(one.annexes) <= set(ANNEXES), one.key
        assert one.kind in KINDS, one.key
        for line in one.text.splitlines():
            if line.startswith("【图："):
                assert line.removeprefix("【图：").removesuffix("】") in FIGURES, one.key
