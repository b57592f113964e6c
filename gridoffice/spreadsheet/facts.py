"""The fill-in lines of a form: 填报单位、填报人、日期, wherever they stand above or below the table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gridoffice.spreadsheet.skeleton import display_width


@dataclass(frozen=True, slots=True)
class Facts:
    """What a form asks for once: who fills it in, for which office, on which day."""

    unit: str | None = None
    day: date | None = None
    person: str | None = None
    phone: str | None = None


_LABELS = {
    "unit": "填报单位 填表单位 上报单位 报送单位 制表单位 单位名称 单位",
    "day": "填报日期 填报时间 填表日期 填表时间 上报日期 上报时间 报送时间 制表日期 制表时间 统计时间 日期 时间",
    "person": "填报人 填表人 制表人 经办人",
    "phone": "联系电话 联系方式 电话",
}
_GAP = r"[\s_＿]"
_AFTER = r"(?:[（(][^）)]*[)）])?"  # 填报单位（盖章）：
_SKELETON = re.compile(rf"(?<![0-9]){_GAP}+年{_GAP}*月(?:{_GAP}*(日))?")
_FOLLOWED = rf"(?=$|[^\s_＿:：]{{2,10}}{_AFTER}\s*[:：])"
_MONTH = re.compile(rf"([0-9]{{4}})年{_GAP}+月")  # 2026年  月花名册
_PATTERNS = {
    name: re.compile(
        rf"(?<![\u4e00-\u9fff])((?:{'|'.join(words.split())}){_AFTER}\s*[:：])({_GAP}*){_FOLLOWED}"
    )
    for name, words in _LABELS.items()
}
_ALONE = {name: frozenset(words.split()) for name, words in _LABELS.items()}


def written(text: str, facts: Facts) -> str:
    """A fill-in line with the blanks filled that we know something for; all else as it was.

    `填报单位（盖章）：______　日期：  年  月  日` keeps its spacing; `单位：人` is no blank.
    """
    day = facts.day
    if day is not None:
        text = _SKELETON.sub(lambda found: _day(found, day), text, count=1)
        if (found := _MONTH.search(text)) and int(found[1]) == day.year:
            text = text.replace(found[0], f"{day.year}年{day.month}月")
    for name, pattern in _PATTERNS.items():
        value = _value(facts, name)
        if value:
            text = pattern.sub(lambda found, value=value: _filled(found, value), text, count=1)
    return text


def beside(label: str, facts: Facts) -> str | None:
    """What belongs into the empty cell to the right of a label without a colon."""
    bare = re.sub(r"[（(].*?[)）]|[\s:：]", "", label)
    return next((_value(facts, name) for name, words in _ALONE.items() if bare in words), None)


def _value(facts: Facts, name: str) -> str | None:
    value = getattr(facts, name)
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else value


def _day(found: re.Match[str], day: date) -> str:
    before = re.match(rf"{_GAP}*", found[0])
    width = display_width(before[0]) if before else 0
    text = f"{day.year}年{day.month}月" + (f"{day.day}日" if found[1] else "")
    # what stood before the year is made shorter by the year's width
    return " " * max(width - 4, 0) + text


def _filled(found: re.Match[str], value: str) -> str:
    rest = display_width(found[2].replace("_", " ").replace("＿", "  ")) - display_width(value)
    behind = "" if found.end() == len(found.string) else " " * max(rest, 2)
    return f"{found[1]}{value}{behind}"
