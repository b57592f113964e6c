"""Every style in which an office writes a day."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gridoffice import dates
from gridoffice.errors import Severity

FIRST_OF_MARCH = date(2021, 3, 1)


@pytest.mark.parametrize(
    "raw",
    ["2021-3-1", "2021/3/1", "2021.3.1", "20210301", "2021年3月1日", "2021年03月01号", "2021-03-01 08:30", " 2021-3-1 ",
     "２０２１．３．１", "2021－3－1",
     "2021年3月1日出生", "二〇二一年三月一日", "2021年 3月 1日", "2021.3.1.", 44256, "44256", 20210301, 44256.5,
     FIRST_OF_MARCH, datetime(2021, 3, 1, 9, 30)],  # noqa: DTZ001 - cells know no time zone
)  # fmt: skip
def test_a_day_in_every_style(raw):
    assert dates.parse(raw) == (FIRST_OF_MARCH, ())


@pytest.mark.parametrize(
    "raw", ["2021年3月", "2021.3", "2021.03", "2021-3", "2021/03", "202103", 202103, 2021.3, "2021年3月份"]
)
def test_a_month_is_its_first_day_with_a_note(raw):
    day, problems = dates.parse(raw)
    assert day == FIRST_OF_MARCH
    assert [problem.severity for problem in problems] == [Severity.NOTE]
    assert "只写到月份" in problems[0].message


@pytest.mark.parametrize(
    ("raw", "day"),
    [("90年3月7日", date(1990, 3, 7)), ("90.3.7", date(1990, 3, 7)), ("05-3-7", date(2005, 3, 7))],
)
def test_a_short_year_is_a_warning(raw, day):
    found, problems = dates.parse(raw)
    assert found == day
    assert problems[0].severity is Severity.WARNING
    assert str(day.year) in problems[0].message


def test_a_number_cell_cannot_tell_january_from_october():
    day, problems = dates.parse(1990.1)
    assert day == date(1990, 1, 1)
    assert problems[0].severity is Severity.WARNING
    assert "10 月" in problems[0].message
    assert dates.parse("1990.1")[1][0].severity is Severity.NOTE
    assert dates.parse(1990.12)[0] == date(1990, 12, 1)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("2026-13-5", "日期不对：没有 13 月。写成 2026-12-05 这样。"),
        ("2021-2-29", "日期不对：2021 年 2 月没有 29 日。写成 2026-12-05 这样。"),
        ("2021年0月", "日期不对：没有 0 月。写成 2026-12-05 这样。"),
        ("上个月", "看不懂日期“上个月”。写成 2026-12-05 这样。"),
        ("3/1/2021", "日期“3/1/2021”的年份在最后，分不清哪个是月、哪个是日。写成 2026-12-05 这样。"),
        ("3月7日", "日期“3月7日”没写年份。写成 2026-12-05 这样。"),
        ("3-7", "日期“3-7”没写年份。写成 2026-12-05 这样。"),
        ("三月七日", "日期“三月七日”没写年份。写成 2026-12-05 这样。"),
        ("1990年", "日期只有年份 1990，还要月份。写成 2026-12-05 这样。"),
        ("90.3", "看不懂日期“90.3”。写成 2026-12-05 这样。"),
        (date(1900, 1, 5), "日期 1900-01-05 像是把数字存成了日期。写成 2026-12-05 这样。"),
        ("1990", "日期只有年份 1990，还要月份。写成 2026-12-05 这样。"),
        ("0221-3-1", "日期不对：年份是 221。写成 2026-12-05 这样。"),
        (-1, "看不懂日期“-1”。写成 2026-12-05 这样。"),
        (float("nan"), "看不懂日期“nan”。写成 2026-12-05 这样。"),
        (True, "看不懂日期“是”。写成 2026-12-05 这样。"),
    ],
)
def test_what_is_no_day_says_so(raw, message):
    day, problems = dates.parse(raw)
    assert day is None
    assert [problem.message for problem in problems] == [message]
    assert problems[0].severity is Severity.ERROR


def test_no_end_is_empty_with_a_note():
    day, problems = dates.parse("长期")
    assert day is None
    assert [problem.severity for problem in problems] == [Severity.NOTE]


@given(some.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_shown_days_are_read_back(day):
    assert dates.parse(dates.show(day)) == (day, ())
    assert dates.parse(f"{day.year}年{day.month}月{day.day}日") == (day, ())


@given(some.dates(date(1927, 6, 1), date(2099, 12, 31)))
def test_serial_numbers_are_excel_s(day):
    assert dates.parse((day - date(1899, 12, 30)).days) == (day, ())


@given(some.text(max_size=20))
def test_no_text_breaks_the_reader(text):
    day, problems = dates.parse(text)
    assert day is not None or problems


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("青禾街道2026年6月网格员花名册", date(2026, 6, 1)),
        ("二〇二六年十二月考核表", date(2026, 12, 1)),
        ("填报时间：2026.06.30", date(2026, 6, 1)),
        ("花名册", None),
        ("2026年13月", None),
    ],
)
def test_the_month_in_a_title(text, month):
    assert dates.month_in(text) == month
