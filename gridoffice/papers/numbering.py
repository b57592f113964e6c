"""发文字号: 机关代字〔年份〕序号 (GB/T 9704-2012 7.2.5), and what a series of them must be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from gridoffice.errors import Problem

KINDS = ("通报", "通知", "报告", "请示", "批复", "意见", "决定", "函", "纪要", "公告", "通告", "公示")
SECRECY = ("秘密", "机密", "绝密")
URGENCY = ("加急", "特急")

_WRITTEN = re.compile(
    r"(?P<series>[^\d〔\[(（【]+?)[〔\[(（【](?P<year>\d{4})年?[〕\])）】]第?0*(?P<serial>\d+)号?"
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of one series."""

    series: str
    year: int
    serial: int

    def __str__(self) -> str:
        """With hexagonal brackets, the year in full, no 第 and no leading zeros."""
        return f"{self.series}〔{self.year}〕{self.serial}号"


def number_in(text: str | None) -> Number | None:
    """The number that somebody wrote, whatever its brackets; None when it is none."""
    if not text:
        return None
    plain = "".join(
        unicodedata.normalize("NFKC", sign) if sign not in "〔〕【】" else sign
        for sign in text
        if not sign.isspace()
    )
    found = _WRITTEN.fullmatch(plain)
    if found is None or not int(found["serial"]):
        return None
    return Number(found["series"], int(found["year"]), int(found["serial"]))


def check_series(series: str | None) -> list[Problem]:
    """机关代字 are words, without brackets and figures."""
    if not series:
        return [Problem("没写机关代字，例如“青网格办”。", field="机关代字")]
    if re.search(r"[\d〔〕\[\]()（）【】\s]", series):
        return [Problem(f"机关代字只写字，不写年份和序号：“{series}”。", field="机关代字", value=series)]
    return []


def check_next(number: Number, last: int | None, known: str | None, day: date | None) -> list[Problem]:
    """Whether a number may be given out: `last` is the last of its series and year (None: there is none,
    and any may be the first, as a register is begun in the middle of a year), `known` the title under
    which it was given out already."""
    if known is not None:
        return [Problem(f"“{number}”已登记：《{known}》。", field="发文字号", value=str(number))]
    if last is not None and number.serial != last + 1:
        said = f"“{number.series}〔{number.year}〕”的下一个号是 {last + 1}，{number.serial} 号会"
        return [
            Problem(
                f"{said}{'跳号' if number.serial > last else '倒号'}。", field="发文字号", value=str(number)
            )
        ]
    if day is not None and day.year != number.year:
        said = f"成文日期是 {day.year} 年，字号写的是〔{number.year}〕，改一处。"
        return [Problem(said, field="发文字号", value=str(number))]
    return []
