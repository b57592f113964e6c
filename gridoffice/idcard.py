"""The citizen identity number, GB 11643: 6 division + 8 birth + 3 sequence + 1 check character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from operator import mul

from db.enums import Sex
from gridoffice.errors import Problem
from gridoffice.masking import is_masked

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_OF_ZERO = sum(WEIGHTS) * ord("0")
CHECK = "10X98765432"
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65"
    " 71 81 82 83 91".split()  # 81-83 港澳台居民居住证, 9… 外国人永久居留身份证 (2023)
)
EARLIEST = 1900

AS_NUMBER = "身份证号在 Excel 里被存成数字，后三位可能已丢失。把这一格设成文本，照证件重新填。"
MASKED = "身份证号是遮住的，不能写入。换成完整的号码。"

_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?1[0-9]")
_X_LIKE = str.maketrans({"×": "X", "Х": "X", "х": "X", "Χ": "X", "χ": "X", "╳": "X"})
_DROPPED = dict.fromkeys(map(ord, "'’‘`′\"“”"))
_LABEL = re.compile(r"^\s*(公民)?(身份|居民|二代)?(身份证|证件|身份)(号码|号)?\s*[:：]")


def normalise(raw: str) -> str:
    """The number without what typing leaves around it: spaces, quotes, full-width digits, small x, the
    column's name before a colon."""
    if raw.isascii() and raw.isalnum():
        return raw.upper()
    text = unicodedata.normalize("NFKC", _LABEL.sub("", raw)).translate(_X_LIKE).translate(_DROPPED)
    return "".join(
        character
        for character in text.upper()
        if not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")
    )


def check_digit(first17: str) -> str:
    """The check character of the first 17 digits (ISO 7064 MOD 11-2)."""
    return CHECK[(sum(map(mul, WEIGHTS, first17.encode("ascii"))) - _OF_ZERO) % 11]


def birth_of(number: str) -> date | None:
    """The day of birth written in a number of 18, None when there is no such day."""
    return _day(number[6:14])


@lru_cache(50_000)
def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex_of(number: str) -> Sex:
    """The 17th digit: odd is male, even is female."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def from_15(number: str) -> str | None:
    """The number of 18 for one of 15 as issued until 1999; None when it is not a whole one of 15.

    15 digits that are the head of a number of 18 (`519921199003070`) have no day of birth at
    the place where a number of 15 has it, so the two are told apart and nothing is guessed.
    """
    if len(number) != 15 or not (number.isascii() and number.isdigit()):
        return None
    longer = number[:6] + "19" + number[6:]
    if birth_of(longer) is None or number[:2] not in PROVINCES or _looks_cut(number):
        return None
    return longer + check_digit(longer)


def _looks_cut(number: str) -> bool:
    birth = birth_of(number)
    return birth is not None and EARLIEST <= birth.year <= date.today().year


def check(text: str) -> Problem | None:
    """What is wrong with a normalised number of 18; None when it is right (GB 11643)."""
    message = _fault(text)
    return None if message is None else Problem(message, value=text)


def are_right(numbers: Sequence[str]) -> list[bool]:
    """For many numbers at once: which `check` finds nothing wrong with, as they stand."""
    # numpy takes a tenth of a second to import: only whoever reads whole columns pays for it
    import numpy as np

    text = "".join([number if len(number) == 18 and number.isascii() else _NO_NUMBER for number in numbers])
    signs = np.frombuffer(text.encode(), np.uint8).reshape(-1, 18)
    figures = signs[:, :17] - np.uint8(ord("0"))
    right = (figures < 10).all(axis=1)
    figures[~right] = 0
    right &= signs[:, 17] == np.frombuffer(CHECK.encode(), np.uint8)[figures @ np.array(WEIGHTS) % 11]
    right &= np.isin(figures[:, :2] @ _PLACES[-2:], [int(province) for province in PROVINCES])
    year, month, day = (figures[:, at:end] @ _PLACES[at - end :] for at, end in ((6, 10), (10, 12), (12, 14)))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = np.array([0, *_DAYS] + [0] * 87)[month] + (leap & (month == 2))
    today = date.today()
    right &= (year >= EARLIEST) & (day > 0) & (day <= last)
    right &= (year * 100 + month) * 100 + day <= (today.year * 100 + today.month) * 100 + today.day
    return right.tolist()


_NO_NUMBER = "0" * 18
_PLACES = (1000, 100, 10, 1)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _fault(text: str) -> str | None:
    if len(text) == 18 and _SHAPE.fullmatch(text):
        if check_digit(text[:17]) == text[17]:
            birth = birth_of(text)
            if birth is not None and birth.year >= EARLIEST and birth <= date.today():
                return None if text[:2] in PROVINCES else f"身份证号开头不对：没有代码是 {text[:2]} 的省份。"
        birth = birth_of(text)
        if birth is None:
            return f"身份证号里的出生日期不对：没有 {text[6:10]}-{text[10:12]}-{text[12:14]} 这一天。"
        if birth > date.today() or birth.year < EARLIEST:
            return f"身份证号里的出生日期不对：{birth:%Y-%m-%d}。看看有没有抄错。"
        if text.endswith("000"):
            return "身份证号后三位是 000，像是被 Excel 改过。照证件重新填。"
        return "身份证号最后一位对不上，看看有没有抄错。"
    if is_masked(text):
        return MASKED
    if _SCIENTIFIC.fullmatch(text):
        return AS_NUMBER
    odd = next((c for c in text if not (c.isascii() and c.isdigit()) and c != "X"), None)
    if odd is not None:
        return f"身份证号里有“{odd}”。身份证号只有数字，末位可以是 X。"
    if len(text) == 15 and from_15(text):
        return "身份证号是 15 位的旧号码，要换成 18 位。"
    if len(text) == 15:
        return "身份证号只有 15 位，后三位像是丢了。照证件填满 18 位。"
    if len(text) != 18:
        return f"身份证号{'只有' if len(text) < 18 else '有'} {len(text)} 位，应为 18 位。"
    if "X" in text[:17]:
        return "身份证号里的 X 只能在最后一位。"
    return "身份证号不能以 0 开头，看看有没有抄错。"
