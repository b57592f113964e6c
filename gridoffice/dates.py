"""Days as offices write them, read into `date`; a month alone becomes its first day, with a note."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from gridoffice.cells import plain
from gridoffice.errors import Problem, Severity

HINT = "写成 2026-12-05 这样。"
OPEN_ENDED = frozenset({"长期", "长期有效", "永久", "永久有效", "至今", "无固定期限", "无期限"})
"""Words for "no end": the cell is empty, and a note says so."""

_EPOCH = date(1899, 12, 30)  # Excel's day 0; right from 1900-03-01 on
_SERIALS = range(10000, 73051)  # 1927-05-18 to 2099-12-31: five digits are never a year or a yyyymm
_YEARS = range(1900, 2101)

_SEPARATED = re.compile(
    r"(?P<y>[0-9]{4}|[0-9]{2})(?P<sep>[-/.年])(?P<m>[0-9]{1,2})(?:(?:[-/.]|月)(?P<d>[0-9]{1,2})日?|月份?)?"
)
_COMPACT = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})?")
_NO_YEAR = re.compile(r"[0-9]{1,2}(?:[-/.]|月)[0-9]{1,2}日?|[0-9]{1,2}月份?")
_YEAR_LAST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?P<y>(?:19|20)[0-9]{2})")
_EARLIEST_CELL = 1910
"""A date cell before this year is a small number whose cell was formatted as a date."""
_TIME = re.compile(r"[T\s]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9:]+)?$")
_WEEKDAY = re.compile(r"[\s(]*(星期|周|礼拜)[一二三四五六日天]\)?$")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_NUMERAL = re.compile(r"[十一二三四五六七八九]+(?=[月日])")
_DASHES = str.maketrans(dict.fromkeys("—–‐‑−~、,。", "-") | {"\\": "/", "号": "日", "'": None, "’": None})

Read = tuple[date | None, tuple[Problem, ...]]


def show(day: date) -> str:
    """The one way a day is written: 2026-06-28 (GB/T 7408.1)."""
    return day.isoformat()


def years_on(day: date, years: int) -> date:
    """The same day so many years on (or back); that of a 29 February is the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def parse(raw: object) -> Read:
    """The day that a cell or a typed text means, and what there is to say about it.

    Takes dates, Excel's serial numbers, `2021-3-1`, `2021/3/1`, `2021.3.1`, `20210301`,
    `2021年3月1日`, `二〇二一年三月一日`; and with month precision (first of the month, a note)
    `2021年3月`, `2021.3`, `199003`. A year of two digits is read with a warning.
    """
    if isinstance(raw, date):
        if raw.year not in _YEARS:
            return _wrong(f"日期不对：年份是 {raw.year}。{HINT}", raw.isoformat()[:10])
        if raw.year < _EARLIEST_CELL:
            return _wrong(f"日期 {raw.isoformat()[:10]} 像是把数字存成了日期。{HINT}", raw.isoformat()[:10])
        return (raw.date() if isinstance(raw, datetime) else raw), ()
    if isinstance(raw, bool):
        return _wrong(f"看不懂日期“{'是' if raw else '否'}”。{HINT}", raw)
    if isinstance(raw, int):
        return _number(raw)
    if isinstance(raw, float):
        return _float(raw)
    return _text(str(raw))


def _text(raw: str) -> Read:
    text = unicodedata.normalize("NFKC", plain(raw))
    if text in OPEN_ENDED:
        return None, (Problem(f"“{text}”按没有期限记，日期空着。", Severity.NOTE, value=text),)
    # hour and minute are dropped before the spaces go, or "1990-3-7 8:00" would end in 78
    text = _TIME.sub("", _WEEKDAY.sub("", text)).translate(_DASHES)
    text = "".join(text.split()).strip("-./").removesuffix("出生").removesuffix("生")
    if "年" in text or "月" in text:
        text = _NUMERAL.sub(lambda found: _small_number(found.group()), text).translate(_DIGITS)
    found = _SEPARATED.fullmatch(text)
    if found:
        month_only = found["d"] is None
        if month_only and len(found["y"]) == 2 and found["sep"] != "年":
            return _wrong(f"看不懂日期“{raw.strip()}”。{HINT}", raw)
        return _day(found["y"], found["m"], found["d"], raw)
    if text.isascii() and text.isdigit():
        return _number(int(text), raw)
    if len(text) == 5 and text.endswith("年") and text[:4].isdigit():
        return _number(int(text[:4]), raw)
    if _NO_YEAR.fullmatch(text):
        return _wrong(f"日期“{raw.strip()}”没写年份。{HINT}", raw)
    if _YEAR_LAST.fullmatch(text):
        return _wrong(f"日期“{raw.strip()}”的年份在最后，分不清哪个是月、哪个是日。{HINT}", raw)
    return _wrong(f"看不懂日期“{raw.strip()}”。{HINT}", raw)


def _small_number(chinese: str) -> str:
    """十二 → 12, 二十八 → 28."""
    tens, ten, units = chinese.rpartition("十")
    if not ten:
        return chinese.translate(_DIGITS)
    return (tens.translate(_DIGITS) or "1") + (units.translate(_DIGITS) or "0")


def _number(number: int, raw: object = None) -> Read:
    raw = number if raw is None else raw
    if number in _SERIALS:
        return _EPOCH + timedelta(days=number), ()
    found = _COMPACT.fullmatch(str(number))
    if found:
        return _day(found["y"], found["m"], found["d"], raw)
    if number in _YEARS:
        return _wrong(f"日期只有年份 {number}，还要月份。{HINT}", raw)
    return _wrong(f"看不懂日期“{raw}”。{HINT}", raw)


def _float(number: float) -> Read:
    if number != number or number in (float("inf"), float("-inf")):
        return _wrong(f"看不懂日期“{number}”。{HINT}", number)
    if number.is_integer():
        return _number(int(number))
    if 1900 <= number < 2101:
        # 1990.10 typed into a number cell is stored as 1990.1: January and October look the same
        year, _, month = f"{number:.10g}".partition(".")
        day, problems = _day(year, month, None, number)
        if day is not None and month == "1":
            doubt = Problem(
                f"{number:g} 可能是 1 月，也可能是 10 月，先按 1 月记。看看对不对。",
                Severity.WARNING,
                value=f"{number:g}",
            )
            return day, (doubt,)
        return day, problems
    if int(number) in _SERIALS:
        return _EPOCH + timedelta(days=int(number)), ()
    return _wrong(f"看不懂日期“{number:g}”。{HINT}", number)


def _day(year_text: str, month_text: str, day_text: str | None, raw: object) -> Read:
    year, month, day = int(year_text), int(month_text), int(day_text) if day_text else 1
    problems: tuple[Problem, ...] = ()
    shown = str(raw).strip()
    if len(year_text) == 2:
        year = _century(year)
        message = f"年份只写了两位，“{shown}”按 {year} 年记。看看对不对。"
        problems += (Problem(message, Severity.WARNING, value=shown),)
    if year not in _YEARS:
        return _wrong(f"日期不对：年份是 {year}。{HINT}", raw)
    if not 1 <= month <= 12:
        return _wrong(f"日期不对：没有 {month} 月。{HINT}", raw)
    try:
        value = date(year, month, day)
    except ValueError:
        return _wrong(f"日期不对：{year} 年 {month} 月没有 {day} 日。{HINT}", raw)
    if day_text is None:
        message = f"只写到月份，按 {value.isoformat()} 记。"
        problems += (Problem(message, Severity.NOTE, value=shown),)
    return value, problems


def _century(short: int) -> int:
    """The year of two digits that lies at most five years ahead: contracts end in the near future."""
    recent = 2000 + short
    return recent if recent <= date.today().year + 5 else 1900 + short


def _wrong(message: str, raw: object) -> Read:
    return None, (Problem(message, value=str(raw).strip()),)


def month_in(text: str) -> date | None:
    """The first month named in a title or a facts line: `青禾街道2026年6月网格员花名册` → 2026-06-01."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    plain = _NUMERAL.sub(lambda found: _small_number(found.group()), plain).translate(_DIGITS)
    found = re.search(r"(20[0-9]{2})[年.-](1[0-2]|0?[1-9])(?:月|(?![0-9]))", plain)
    return date(int(found[1]), int(found[2]), 1) if found else None
