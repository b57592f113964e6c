"""Line breaking: nothing forbidden at either end, nothing lost, every full line flush."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridoffice.documents import official_format as form
from gridoffice.documents.columns import wrap, wrap_evenly
from gridoffice.documents.fonts import POINT
from gridoffice.documents.lines import MOST_SPREAD, NO_END, NO_START, Measure, Run, break_lines, line_text
from gridoffice.documents.titles import balanced
from tests.documents.paper import FONTS, RARE

BODY = Measure(FONTS.fang, form.SIZE_3, form.CELL)
TITLE = Measure(FONTS.title, form.SIZE_2, form.SIZE_2 * POINT)

hanzi = st.text(
    st.sampled_from("为掌握全街道网格员履职情况对月份工作进行了考核" + RARE), min_size=1, max_size=9
)
numbers = st.from_regex(r"[1-9][0-9]{0,5}(\.[0-9]{1,2})?%?", fullmatch=True)
phrase = st.one_of(
    hanzi,
    numbers,
    hanzi.map(lambda text: f"《{text}》"),
    hanzi.map(lambda text: f"“{text}”"),
    numbers.map(lambda text: f"（{text}）"),
    st.just("——"),
    st.just("……"),
    st.just("〔2026〕14号"),
)
sentence = st.lists(
    st.tuples(phrase, phrase, hanzi, st.sampled_from(["，", "。", "；", "、", "：“", "”。", "》，", "！"])),
    min_size=1,
    max_size=14,
).map(lambda parts: "".join("".join(part) for part in parts))


def _end(runs: list[Run]) -> float:
    """The right edge of a line, without the spacing after its last character."""
    return max(run.x + FONTS.fang.width(run.text, 16) + run.spacing * (len(run.text) - 1) for run in runs)


@settings(max_examples=150, deadline=None)
@given(sentence)
def test_no_line_begins_or_ends_with_a_forbidden_mark(text):
    lines = [line_text(runs) for runs in break_lines(BODY, text, form.AREA_WIDTH, 2 * form.CELL)]
    assert "".join(lines) == text
    for line in lines[1:]:
        assert line[0] not in NO_START, lines
    for line in lines[:-1]:
        assert line[-1] not in NO_END, lines


@settings(max_examples=150, deadline=None)
@given(sentence)
def test_numbers_and_long_marks_stay_whole_and_full_lines_are_flush(text):
    broken = break_lines(BODY, text, form.AREA_WIDTH, 2 * form.CELL)
    lines = [line_text(runs) for runs in broken]
    for before, after in pairwise(lines):
        assert not (before[-1].isdigit() and after[0].isdigit())
        assert before[-1] + after[0] not in ("——", "……")
    assert broken[0][0].x == pytest.approx(2 * form.CELL)
    half = form.SIZE_3 * POINT / 2
    for runs in broken[:-1]:
        # The empty half of a mark at the end may hang over the edge.
        over = half if line_text(runs)[-1] in NO_START else 0.0
        short = form.AREA_WIDTH - _end(runs)
        gaps = len(BODY.pieces(line_text(runs), form.AREA_WIDTH)) - 1
        assert short >= -over - 0.1
        assert short <= 0.1 or short > (gaps - 1) * MOST_SPREAD * BODY.em, "spread in reason, but left short"


def test_28_characters_fill_a_line():
    runs = break_lines(BODY, "网" * 60, form.AREA_WIDTH)
    assert [len(line_text(line)) for line in runs] == [28, 28, 4]
    assert len(runs[0]) == 1


def test_a_mark_that_would_begin_a_line_is_drawn_in():
    text = "《网格》，" + "格" * 23 + "，网格"
    assert [line_text(line) for line in break_lines(BODY, text, form.AREA_WIDTH)] == [text[:29], text[29:]]


def test_a_mark_that_cannot_be_drawn_in_takes_a_character_down():
    text = "网" * 28 + "，网格"
    lines = [line_text(line) for line in break_lines(BODY, text, form.AREA_WIDTH)]
    # The mark's own empty half gives 8 of the 16 points it needs.
    assert lines == ["网" * 27, "网，网格"]


def test_a_number_longer_than_a_line_is_broken_rather_than_lost():
    text = "1" * 200
    lines = [line_text(line) for line in break_lines(BODY, text, form.AREA_WIDTH)]
    assert "".join(lines) == text and len(lines) > 1


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于2026年6月网格员考核结果的通报", ["关于2026年6月网格员考核结果的通报"]),
        (
            "关于2026年第二季度网格力量配备情况的通报",
            ["关于2026年第二季度", "网格力量配备情况的通报"],
        ),
        (
            "关于做好2026年下半年专职网格员岗前培训和持证上岗工作的通知",
            ["关于做好2026年下半年专职网格员", "岗前培训和持证上岗工作的通知"],
        ),
        ("青禾街道\n网格员考核通报", ["青禾街道", "网格员考核通报"]),
    ],
)
def test_titles_break_where_a_word_ends(title, lines):
    assert balanced(TITLE, title, form.AREA_WIDTH) == lines


@settings(max_examples=80, deadline=None)
@given(st.lists(hanzi, min_size=1, max_size=9).map(lambda parts: "关于" + "".join(parts) + "的通报"))
def test_title_lines_are_balanced_and_fit(title):
    lines = balanced(TITLE, title, form.AREA_WIDTH)
    assert "".join(lines) == title
    widths = [TITLE.width(line) for line in lines]
    assert max(widths) <= form.AREA_WIDTH
    assert not any(line[0] in NO_START or line.startswith("的") for line in lines[1:])
    if len(lines) > 1:
        assert min(widths) >= max(widths) * 0.5


def test_cells_and_heads_wrap_between_words():
    room = 4.2 * 9 * POINT
    assert wrap_evenly(FONTS.hei, 9, "走访完成率", room) == ["走访", "完成率"]
    assert wrap(FONTS.song, 9, "迟报信息，扣", room) == ["迟报信", "息，扣"]
    assert wrap(FONTS.song, 9, "甲\n乙", room) == ["甲", "乙"]
