"""How alike two headings are: a dictionary of aliases, one normal form, and harmless additions.

Never a plain edit distance: by that measure 民族, 备注 and 手机 are all "nearly" 姓名.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from gridoffice.fields import Column

EXACT = "exact"
ALIAS = "alias"
NORMALISED = "normalised"
SIMILAR = "similar"
REMEMBERED = "remembered"
CHOSEN = "chosen"

REASON = "错误原因"
"""Heading of the column that our copies of a workbook with errors add; it is never data."""

SERIAL = frozenset({"序号", "序", "no", "编次", "顺序号", "行号", "#", "项次", "顺号"})
"""Headings of the running number: it belongs to the paper, not to the person."""

_NOISE = re.compile(r"[\s_*＊:：/／\\、.。\-—~|\"'“”‘’]+")
_BRACKETS = re.compile(r"[(（\[【〔<《][^)）\]】〕>》]*[)）\]】〕>》]")
_BRACKET_SIGNS = re.compile(r"[()（）\[\]【】〔〕<>《》]")

# What may stand before or behind a heading without changing whose value it is.
_BEFORE = (
    "本人",
    "现",
    "所在",
    "所属",
    "当前",
    "人员",
    "个人",
    "公民",
    "居民",
    "有效",
    "最高",
    "员工",
    "职工",
)
_BEFORE_PERSON = ("网格员", "党员", "学员")
_ENDINGS = (
    ("时间", ("日期", "时间", "年月日", "年月")),
    ("号", ("号码", "编号", "代码", "编码", "号")),
    ("名", ("名称", "全称", "名")),
    ("数", ("总数", "数量", "数")),
    ("情况", ("情况", "信息")),
)
_BARE = frozenset({"号", "名", "数"})  # 身份证 = 身份证号码, 网格 = 网格名称, 人口 = 人口数
# A heading with one of these speaks of another person or another time.
_OTHER = ("原", "曾", "前任", "紧急", "配偶", "父", "母", "户主", "家属", "家长", "子女", "介绍人", "监护", "代办",
          "审核", "填表", "填报", "制表", "负责人", "帮扶", "备用", "推荐", "指导", "包联", "民警", "医")  # fmt: skip
_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a heading names a column: a score (higher is better) and how it was found."""

    score: float
    how: str


@cache
def normal(heading: str) -> str:
    """Half width, lower case, without spaces, line breaks and signs; what brackets hold is kept."""
    return _BRACKET_SIGNS.sub("", _NOISE.sub("", unicodedata.normalize("NFKC", heading).lower()))


@cache
def bare(heading: str) -> str:
    """The normal form without what stands in brackets: `户数（户）` → `户数`, `姓名（必填）` → `姓名`."""
    return normal(_BRACKETS.sub("", unicodedata.normalize("NFKC", heading)))


@cache
def _core(text: str) -> tuple[str, str]:
    """A normal heading without harmless beginnings, and the class of its ending."""
    for before in _BEFORE_PERSON + _BEFORE:
        if text.startswith(before) and len(text) - len(before) >= 2:
            text = text[len(before) :]
    for name, endings in _ENDINGS:
        for ending in endings:
            if text.endswith(ending) and len(text) - len(ending) >= 2:
                return text[: -len(ending)], name
    return text, ""


def _same_core(left: str, right: str) -> bool:
    (left_core, left_end), (right_core, right_end) = _core(left), _core(right)
    if left_core != right_core or len(left_core) < 2:
        return False
    return (
        left_end == right_end
        or (not left_end and right_end in _BARE)
        or (not right_end and left_end in _BARE)
    )


@cache
def _pairs(text: str) -> tuple[str, ...]:
    return tuple(text[i : i + 2] for i in range(len(text) - 1))


def _dice(left: str, right: str) -> float:
    """Share of the pairs of neighbouring characters that both have (Sørensen-Dice); 0 where the
    lengths alone keep it below `_ALIKE`."""
    lefts, rights = _pairs(left), _pairs(right)
    if not lefts or not rights or 2 * min(len(lefts), len(rights)) < _ALIKE * (len(lefts) + len(rights)):
        return 0.0
    rest = list(rights)
    both = 0
    for pair in lefts:
        if pair in rest:
            rest.remove(pair)
            both += 1
    return 2 * both / (len(lefts) + len(rights))


def _speaks_of_another(heading: str, known: str) -> bool:
    return any(word not in known for word in _others(heading))


@cache
def _others(heading: str) -> tuple[str, ...]:
    return tuple(word for word in _OTHER if word in heading)


def likeness(heading: str, column: Column) -> Likeness | None:
    """How a flattened heading (`联系方式/手机`) names the column; None when it does not."""
    texts = _readings(heading)
    field = column.field
    best: Likeness | None = None
    for text, worth in texts:
        found = _plain_likeness(text, field.label, field.aliases)
        if found is not None:
            found = Likeness(found.score * worth, found.how)
            if best is None or found.score > best.score:
                best = found
    return best


@cache
def _readings(heading: str) -> tuple[tuple[str, float], ...]:
    """The texts a heading of several rows can be read as: joined, and its lowest row alone."""
    parts = heading.split("/")
    if len(parts) == 1:
        return ((heading, 1.0), *_choices(heading))
    joined = "".join(parts)
    leaf = parts[-1]
    # 紧急联系人/电话 is not the person's own telephone: the lowest row alone would lose that
    if any(word in joined and word not in leaf for word in _OTHER):
        return ((heading, 1.0), (joined, 0.98))
    return ((heading, 1.0), (joined, 0.98), (leaf, 0.9), *_choices(leaf))


def _choices(text: str) -> tuple[tuple[str, float], ...]:
    """What a heading with a choice names: 文化程度／学历 is either. Choices in brackets are hints."""
    parts = re.split("[/／、]", _BRACKETS.sub("", text))
    return tuple((part, 0.8) for part in parts if len(part) >= 2) if len(parts) > 1 else ()


@cache
def _plain_likeness(heading: str, label: str, aliases: tuple[str, ...]) -> Likeness | None:
    if heading == label:
        return Likeness(4.0, EXACT)
    if heading in aliases:
        return Likeness(3.9 - 0.001 * aliases.index(heading), ALIAS)
    places, bares, letters = _known(label, aliases)
    for form in (normal, bare):
        text = form(heading)
        if not text:
            return None
        place = places.get(text)
        if place is not None:
            score = (3.8 if form is normal else 3.5) - 0.001 * place
            return Likeness(score, NORMALISED if place == 0 else ALIAS)
    text = bare(heading)
    best = 0.0
    for other in bares if not letters.isdisjoint(text) else ():
        if _speaks_of_another(text, other):
            continue
        if _same_core(text, other):
            best = max(best, 2.0)
        elif min(len(text), len(other)) >= 3 and (alike := _dice(text, other)) >= _ALIKE:
            best = max(best, 1.0 + alike - _ALIKE)
    return Likeness(best, SIMILAR) if best else None


@cache
def _known(label: str, aliases: tuple[str, ...]) -> tuple[dict[str, int], tuple[str, ...], frozenset[str]]:
    """The forms of a column's names with the place of the first that has each, their bare forms, and
    every character in these."""
    places: dict[str, int] = {}
    names = (label, *aliases)
    for place, name in enumerate(names):
        for text in (normal(name), bare(name)):
            places.setdefault(text, place)
    bares = tuple(map(bare, names))
    return places, bares, frozenset("".join(bares))


def is_serial(heading: str) -> bool:
    """Is this the heading of the running number?"""
    return bare(heading.split("/")[-1]) in SERIAL


def is_ours(heading: str) -> bool:
    """Is this a column that no ledger takes: the running number, or our own column of reasons?"""
    return is_serial(heading) or heading.split("/")[-1] == REASON


def names(columns: Sequence[Column]) -> str:
    """The canonical headings, for a sentence."""
    return "、".join(column.field.label for column in columns)
