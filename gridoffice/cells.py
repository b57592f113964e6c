"""What can stand in a cell besides text: errors, per cents, signs for nothing; and how each is seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

LOST_DIGITS = 1e15
"""From here on a float no longer holds every digit that the clerk typed."""

NO_RESULT = "公式没有结果"
"""`CellError.code` of a formula that was saved without its result."""


ERROR_TEXTS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)


class CellError:
    """What stands in a cell instead of a value: `#REF!`, `#N/A`, or a formula without result."""

    __slots__ = ("code",)

    def __init__(self, code: str):
        self.code = code

    def __repr__(self) -> str:
        return f"CellError({self.code!r})"

    def __str__(self) -> str:
        return self.code

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CellError) and other.code == self.code

    def __hash__(self) -> int:
        return hash(self.code)

    @property
    def message(self) -> str:
        if self.code == NO_RESULT:
            return "这一格是公式，文件里没有存它的结果。用 WPS 打开另存一次再导入。"
        return f"这一格是错误值 {self.code}，改成正确的内容。"


class Percent(float):
    """A number whose cell shows it as per cent: 0.955 is seen as 95.5%."""

    __slots__ = ()


_EMPTY = frozenset(
    {
        "",
        "无",
        "—",
        "－",
        "-",
        "/",
        "\\",
        "没有",
        "未填",
        "未填写",
        "暂无",
        "暂缺",
        "空",
        "N/A",
        "n/a",
        "NA",
        "--",
        "——",
        "———",
        "/／",
    }
    | {
        "none",
        "None",
        "NULL",
        "null",
        "、",
        "／",
        "＼",
        "–",
        "―",
        "─",
        "无。",
        "（无）",
        "(无)",
        "……",
        "...",
        "*",
    }
)
_STROKES = re.compile(r"[-－—–―─_＿/／\\＼…]+")
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200c\u200d\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)


_STANDING = re.compile(
    r"[^\W_][^\s*\x00-\x1f\x7f\u200b\u200c\u200d\u2060\ufeff\ufffe\uffff\ud800-\udfff]{4,}"
)


def stand_as_text(texts: Sequence[str]) -> list[bool]:
    """Which texts are plain as they stand, and surely no sign for nothing and not masked: those of more
    than four characters that begin with a letter or a digit."""
    fits = _STANDING.fullmatch
    return [fits(text) is not None for text in texts]


def plain(text: str) -> str:
    """One line of text: control and zero-width characters gone, every run of white space one space."""
    if text.isalnum():
        return text
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def is_blank(raw: object) -> bool:
    """Is the cell empty, or filled with one of the signs that mean "nothing" (无, —, /, 暂无 …)?"""
    return raw is None or (
        isinstance(raw, str) and (raw in _EMPTY or (not raw.isalnum() and _says_nothing(plain(raw))))
    )


def _says_nothing(text: str) -> bool:
    return text in _EMPTY or _STROKES.fullmatch(text) is not None


def text_of(raw: object) -> str:
    """The text that the clerk sees in the cell."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, Percent):
        return f"{per_cent(raw):f}%"
    if isinstance(raw, float):
        return f"{raw:.15g}"
    if isinstance(raw, datetime):
        return raw.isoformat(" ", "minutes") if raw.time() != time() else raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw)


def exact(number: float) -> Decimal:
    """The decimal that the clerk sees: Excel itself keeps 15 digits, the rest is binary noise."""
    return Decimal(f"{number:.15g}")


def per_cent(fraction: float) -> Decimal:
    """0.955 → 95.5, as many digits as there are in the fraction."""
    return Decimal(f"{exact(fraction).scaleb(2):f}")
