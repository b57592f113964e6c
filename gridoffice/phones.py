"""Phone numbers: mobiles, landlines with area code and extension, and two in one cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gridoffice.errors import Problem, Severity
from gridoffice.masking import is_masked

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SEPARATORS = re.compile(r"[/、;,|\n\r或和及()\[\]]+|\s{2,}")
_PART = re.compile(
    r"(?:\+?\s?86[\s-]?|0086[\s-]?)?(?P<mobile>1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9])"
    r"|(?:\(?(?P<area>0[1-9][0-9]{1,2})\)?[ -]?)?(?P<line>[2-9][0-9]{6,7})(?:(?:-|转|ext\.?)\s*(?P<ext>[0-9]{1,6}))?(?![0-9])"
    r"|(?P<short>[1-9][0-9]{2,5})(?![0-9])"
)
_BRACKETED_AREA = re.compile(r"\((0[1-9][0-9]{1,2})\)")
_REMARK = re.compile(r"\([^()0-9]*\)")  # (家)、(微信同号)
_JOINED = re.compile(r"(1[3-9][0-9]{9})(1[3-9][0-9]{9})")
_DOTTED = re.compile(r"(?<![0-9])(1[3-9][0-9])\.([0-9]{4})\.([0-9]{4})(?![0-9])")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{2}", re.IGNORECASE)
_WORDS = re.compile(r"(手机|电话|座机|固话|办公|家庭|宅电|短号|集团|号码|号|联系|本人)+\s*[:：]?")


def normalise(raw: str) -> tuple[str | None, Problem | None]:
    """The number or numbers of a cell, separated by one space, or what is wrong with them.

    A mobile becomes 11 digits; a landline keeps its area code and extension behind hyphens; a
    short number (短号) is kept when it stands beside a full one.
    """
    if _MOBILE.fullmatch(raw):
        return raw, None
    text = unicodedata.normalize("NFKC", raw).strip().strip("'’‘`").rstrip("。.")
    text = text.translate({ord(sign): "-" for sign in "—–‐‑−－"})
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    if not text:
        return None, None
    if is_masked(text):
        return None, Problem("电话是遮住的，不能写入。换成完整的号码。", value=raw)
    if _SCIENTIFIC.fullmatch(text):
        return None, Problem(
            "电话在 Excel 里被存成数字，后几位可能已丢失。把这一格设成文本重新填。", value=raw
        )
    if joined := _JOINED.fullmatch(text):
        both = f"{joined[1]} {joined[2]}"
        return both, Problem(f"两个号码连在一起，按 {both} 记。看看对不对。", Severity.WARNING, value=raw)
    text = _DOTTED.sub(r"\1\2\3", text)
    text = _BRACKETED_AREA.sub(r"\1-", _WORDS.sub(" ", _REMARK.sub(" ", text)))
    numbers: list[str] = []
    full = 0
    for part in _SEPARATORS.split(text):
        rest = part.strip(" -.:：")
        while rest:
            found = _PART.match(rest)
            if found is None:
                return None, Problem(_fault(text, rest), value=raw)
            if found["mobile"]:
                number = re.sub(r"[ -]", "", found["mobile"])
            elif found["line"]:
                number = "-".join(filter(None, (found["area"], found["line"], found["ext"])))
            else:
                number = found["short"]
            full += not found["short"]
            if number not in numbers:
                numbers.append(number)
            rest = rest[found.end() :].strip(" -.:：")
    if not numbers:
        return None, Problem(f"看不懂电话“{raw.strip()}”。只填号码。", value=raw)
    if not full:
        return None, Problem(f"电话“{raw.strip()}”太短。手机号 11 位，座机 7 或 8 位。", value=raw)
    return " ".join(numbers), None


def stand(texts: Sequence[str]) -> list[bool]:
    """Which texts are one mobile number as they stand."""
    fits = _MOBILE.fullmatch
    return [fits(text) is not None for text in texts]


def _fault(text: str, rest: str) -> str:
    digits = re.sub(r"[^0-9]", "", rest)
    if rest.startswith("1") and re.fullmatch(r"[0-9 -]+", rest):
        if len(digits) == 11:
            return f"手机号不对：没有 {digits[:3]} 开头的号段。"
        return f"手机号{'只有' if len(digits) < 11 else '有'} {len(digits)} 位，应为 11 位。"
    if digits == rest or re.fullmatch(r"[0-9 -]+", rest):
        return f"电话有 {len(digits)} 位，不对。手机号 11 位，座机 7 或 8 位。"
    odd = next((c for c in text if not (c.isdigit() or c in " -+/、;,()")), rest[0])
    return f"电话里有“{odd}”。只填号码，两个号码之间用空格隔开。"
