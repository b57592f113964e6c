"""Charts on paper: in proportion, named, and with every number that fits."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridoffice.documents import render
from gridoffice.documents.charts import number_text, scale_of
from gridoffice.documents.model import Chart, ChartKind, Figure, Paragraph, Series
from gridoffice.documents.pdf import official_pdf
from gridoffice.errors import OfficeError
from tests.documents.paper import FONTS, RARE, chars, notice, poppler_text, strokes

NAMES = ("永宁社区", "梧桐社区", "青杠树村", f"{RARE[:3]}社区")
VALUES = (10.0, 20.0, 40.0, 5.0)


def page_of(chart: Chart, **changes: object) -> bytes:
    return official_pdf(notice(body=(Figure(chart, 9),), **changes), FONTS)


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=9), st.booleans())
def test_a_scale_has_few_round_steps_and_holds_every_value(values, from_zero):
    scale = scale_of(values, from_zero)
    assert 1 <= len(scale.ticks) - 1 <= 8
    slack = scale.step * 1e-6
    assert scale.low - slack <= min(values) and max(values) <= scale.high + slack
    assert not from_zero or scale.low <= 0 <= scale.high
    digits = scale.step / 10 ** math.floor(math.log10(scale.step) + 1e-9)
    assert round(digits, 6) in (1, 2, 5, 10)


def test_numbers_are_rounded_half_up():
    assert [number_text(value, 1) for value in (0.25, 2.35, -0.25, 3)] == ["0.3", "2.4", "-0.3", "3.0"]


@pytest.mark.parametrize("kind", list(ChartKind))
def test_every_name_and_number_of_a_chart_is_read_by_both_readers(kind, tmp_path):
    chart = Chart("图1　事件办结数", NAMES, (Series("办结", VALUES),), kind, "件", 1)
    pdf = page_of(chart)
    for text in (render.page_text(pdf, 0), poppler_text(pdf, tmp_path)):
        flat = "".join(text.split())
        for wanted in (*NAMES, "10.0", "20.0", "40.0", "5.0", "图1事件办结数", "单位：件"):
            assert wanted in flat


def test_bars_are_as_long_as_their_values():
    chart = Chart("图1", NAMES, (Series("办结", VALUES),), ChartKind.BARS)
    outlines = [line for line in strokes(page_of(chart), 0) if 1 < line.right - line.left < 150]
    found = sorted(line.right - line.left for line in outlines)
    lengths = [long for short, long in pairwise([0.0, *found]) if long - short > 0.5]
    assert [length / lengths[0] for length in lengths] == pytest.approx([1, 2, 4, 8], rel=0.02)


def test_columns_begin_at_zero_and_a_missing_value_leaves_a_gap():
    chart = Chart("图1", NAMES, (Series("得分", (90.0, None, -45.0, 45.0)),))
    lines = strokes(page_of(chart), 0)
    outlines = [line for line in lines if line.bottom - line.top > 3 and line.right - line.left > 3]
    tall = sorted(round(line.bottom - line.top, 2) for line in outlines)
    assert len(tall) == 3
    assert [height / tall[0] for height in tall] == pytest.approx([1, 1, 2], rel=0.01)


def test_a_chart_stays_on_one_page_with_its_title():
    chart = Chart("图1　事件办结数", NAMES, (Series("办结", VALUES),))
    for length in range(6, 20):
        pdf = official_pdf(notice(body=(Paragraph("网" * 28 * length), Figure(chart, 9))), FONTS)
        (index,) = [index for index in range(render.pages(pdf)) if "图1" in render.page_text(pdf, index)]
        page = chars(pdf, index)
        axis = [char for char in page if char.text == "永"]
        assert axis and axis[0].y < next(char.y for char in page if char.text == "图")


def test_names_too_long_for_their_place_are_shortened_or_wrapped():
    long = tuple(f"第{n}网格化服务管理工作站" for n in range(1, 13))
    for kind in ChartKind:
        chart = Chart("图1", long, (Series("办结", tuple(float(n) for n in range(12))),), kind)
        for char in chars(page_of(chart), 0):
            assert char.left > 27 and char.right < 185


def test_a_character_nobody_has_is_named():
    chart = Chart("图1", ("张\ue123",), (Series("办结", (1.0,)),))
    with pytest.raises(OfficeError, match=r"U\+E123"):
        page_of(chart)


@pytest.mark.parametrize("values", [(5.0, 5.0, 5.0, 5.0), (100.0, 100.0, 100.0, 100.0), (0.0, 0.0, 0.0, 0.0)])
def test_numbers_of_a_flat_line_stand_clear_of_the_axis(values):
    pdf = page_of(Chart("图1", NAMES, (Series("得分", values),), ChartKind.LINE, "分", 3))
    axis = max(line.bottom for line in strokes(pdf, 0) if line.right - line.left > 100)
    labels = "".join(char.text for char in chars(pdf, 0))
    wanted = number_text(values[0], 3)
    starts = [place for place in range(len(labels)) if labels.startswith(wanted, place)]
    assert len(starts) == len(NAMES)
    for place in starts:
        assert chars(pdf, 0)[place].y < axis - 1.0, "above the axis, not on it"
