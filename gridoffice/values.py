"""From the raw content of a cell to a value, and from a value to the one text that shows it.

`parse` and `show` are each other's inverse: `parse(field, show(field, value, reveal=True))` is
`value` again, for every kind.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from db.enums import Education
from gridoffice import dates, idcard, names, phones
from gridoffice.cells import (
    ERROR_TEXTS,
    LOST_DIGITS,
    CellError,
    Percent,
    exact,
    is_blank,
    per_cent,
    plain,
    stand_as_text,
    text_of,
)
from gridoffice.errors import Problem, Severity
from gridoffice.fields import Field, Kind
from gridoffice.masking import STAR, mask
from gridoffice.words import NOT_KNOWN, UNSURE, WORDS, code_key, codes_of, without_study

Parsed = tuple[Any, tuple[Problem, ...]]
Parser = Callable[[object], Parsed]

NOTHING: Parsed = (None, ())

_UNIT = re.compile(
    r"(?:平方公里|平方千米|平方米|公里|学时|课时|小时|分钟|户|人|个|名|家|次|件|条|栋|分|元|岁|年|天|m2|㎡|m²)$"
)


def parse(field: Field, raw: object) -> Parsed:
    """The value of a cell or of a text typed on screen, and what is wrong with it.

    An error goes with the value None; warnings and notes go with a value. Every problem carries
    the field's label and the text seen in the cell.
    """
    return parser(field)(raw)


@cache
def parser(field: Field) -> Parser:
    """`parse` for one field, for whoever reads a whole column."""
    read = _READERS[field.kind](field)
    required = Problem(f"{field.label}是空的，这一列每行都要填。", field=field.label, value="")
    # "无" is an answer where the field knows it as one of its words
    answers = {word for word, _ in field.words} | set(WORDS.get(field.codes, {}) if field.codes else ())
    if field.kind is Kind.YES_NO:
        answers |= {"无", "没有"}

    def parse_one(raw: object) -> Parsed:
        if raw is None:
            return (None, (required,)) if field.required else NOTHING
        if isinstance(raw, str):
            # no sign for nothing is a word of more than four characters
            if (len(raw) < 5 or not raw.isalnum()) and is_blank(raw) and plain(raw) not in answers:
                return (None, (replace(required, value=raw),)) if field.required else NOTHING
            if raw[0] == "#" and raw in ERROR_TEXTS:
                raw = CellError(raw)  # text tables and pasted values hold errors as text
        elif isinstance(raw, Decimal) and not raw.is_finite():
            raw = str(raw)
        if isinstance(raw, CellError):
            return None, (Problem(raw.message, field=field.label, value=raw.code),)
        value, problems = read(raw)
        if problems:
            shown = text_of(raw)
            problems = tuple(replace(p, field=field.label, value=shown) for p in problems)
        if value is None and field.required and not problems:
            return None, (replace(required, value=text_of(raw)),)
        return value, problems

    return parse_one


def as_they_stand(field: Field) -> Callable[[Sequence[str]], list[bool]]:
    """For many texts at once: which are surely their own value, with nothing to say? So `parse` has it,
    one by one and with every rule; of the others only `parse` knows."""
    return _STANDING.get(field.kind, lambda texts: [False] * len(texts))


def show(field: Field, value: object, *, reveal: bool = False) -> str:
    """The one text of a value on screen, paper and in a masked export; None is empty."""
    if value is None:
        return ""
    kind = field.kind
    if isinstance(value, bool):
        return "是" if value else "否"
    if kind is Kind.CODE:
        return getattr(value, "label", None) or str(value)
    if isinstance(value, Decimal):
        text = f"{value:f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        text = "0" if text == "-0" else text
        return text + "%" if kind is Kind.RATE else text
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = str(value)
    if kind is Kind.RATE:
        return text + "%"
    if field.sensitive is None or reveal:
        return text
    return mask(field.sensitive, text)


def _wrong(message: str) -> Parsed:
    return None, (Problem(message),)


def _typed(raw: object, label: str) -> str | Problem:
    """The text of a cell in a text column; a number that lost digits is a problem, never a guess."""
    if isinstance(raw, str):
        return plain(raw)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) >= LOST_DIGITS:
        return Problem(f"{label}在 Excel 里被存成数字，后几位可能已丢失。把这一格设成文本重新填。")
    return text_of(raw)


def _text(field: Field) -> Parser:
    def read(raw: object) -> Parsed:
        text = _typed(raw, field.label)
        if isinstance(text, Problem):
            return None, (text,)
        if isinstance(raw, (date, time, timedelta)):
            return text, (Problem(f"这一格是日期或钟点，照“{text}”记成文字。", Severity.NOTE),)
        return text or None, ()

    return read


def _address(field: Field) -> Parser:
    read_text = _text(field)

    def read(raw: object) -> Parsed:
        text, problems = read_text(raw)
        if text is not None and STAR * 2 in text:
            return _wrong(f"{field.label}是遮住的，不能写入。换成完整的{field.label}。")
        return text, problems

    return read


def _place(field: Field) -> Parser:
    """A code, path or name. What Excel made of `3-12` or `1.10` by itself is never guessed back."""

    def read(raw: object) -> Parsed:
        if isinstance(raw, (date, time, timedelta, bool)):
            return _wrong(f"{field.label}在 Excel 里被存成了日期 {text_of(raw)}。把这一格设成文本重新填。")
        text = _typed(raw, field.label)
        if isinstance(text, Problem):
            return None, (text,)
        if isinstance(raw, float) and not raw.is_integer():
            doubt = f"{field.label}在 Excel 里被存成数字 {text}，末尾的 0 可能已丢失。看看对不对。"
            return text, (Problem(doubt, Severity.WARNING),)
        return text or None, ()

    return read


def _name(field: Field) -> Parser:
    def read(raw: object) -> Parsed:
        if not isinstance(raw, str):
            return _wrong(f"{field.label}“{text_of(raw)}”不是姓名。")
        name = names.normalise(raw)
        if name in names.NOBODY and field.required:
            return _wrong(f"{field.label}“{name}”不是人名。没有人就不要这一行。")
        if name in names.NOBODY:
            return None, (Problem(f"“{name}”按空白记。", Severity.NOTE),)
        if name in names.DITTO:
            return _wrong(f"{field.label}“{name}”不是人名，写出姓名。")
        doubt = names.doubt(raw, name)
        return name or None, (Problem(doubt, Severity.WARNING),) if doubt else ()

    return read


def _id_number(field: Field) -> Parser:
    def read(raw: object) -> Parsed:
        if not isinstance(raw, str):
            if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
                return _wrong(f"{field.label}“{text_of(raw)}”不是身份证号。")
            if abs(float(raw)) >= LOST_DIGITS:
                return _wrong(idcard.AS_NUMBER)
            raw = text_of(raw)
        number = idcard.normalise(raw)
        problem = idcard.check(number)
        if problem is None:
            return number, ()
        longer = idcard.from_15(number)
        if longer is not None:
            message = f"15 位的旧身份证号，按国家标准换成 {longer}。看看对不对。"
            return longer, (Problem(message, Severity.WARNING),)
        return None, (problem,)

    return read


def _phone(field: Field) -> Parser:
    def read(raw: object) -> Parsed:
        text = _typed(raw, field.label)
        if isinstance(text, Problem):
            return None, (text,)
        # the line break between two numbers is told apart from a space inside one
        number, problem = phones.normalise(raw if isinstance(raw, str) else text)
        return number, (problem,) if problem else ()

    return read


def _date(field: Field) -> Parser:
    def read(raw: object) -> Parsed:
        if isinstance(raw, Decimal):
            raw = float(raw)
        if isinstance(raw, time):
            return _wrong(f"{field.label}“{text_of(raw)}”只有钟点，没有日期。{dates.HINT}")
        return dates.parse(raw)

    return read


def _decimal_of(raw: object) -> Decimal | None:
    """The number written in a cell, None when it is none. Commas, a unit behind and full width go."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, Decimal):
        return raw if raw.is_finite() else None
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        return exact(raw) if math.isfinite(raw) else None
    if not isinstance(raw, str):
        return None
    text = unicodedata.normalize("NFKC", plain(raw)).replace(" ", "").replace("−", "-")
    text = _UNIT.sub("", text)
    if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(E[+-]?[0-9]{1,3})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _integer(field: Field) -> Parser:
    def read(raw: object) -> Parsed:
        number = _decimal_of(raw)
        if number is None:
            return _wrong(f"{field.label}“{text_of(raw).strip()}”不是数。只填数字，写成 300 这样。")
        if number != number.to_integral_value():
            return _wrong(f"{field.label}应为整数，这里是 {number}。")
        return int(number), ()

    return read


def _decimal(field: Field) -> Parser:
    def read(raw: object) -> Parsed:
        number = _decimal_of(raw)
        if number is None:
            return _wrong(f"{field.label}“{text_of(raw).strip()}”不是数。只填数字，写成 95.5 这样。")
        return number, ()

    return read


def _rate(field: Field) -> Parser:
    def read(raw: object) -> Parsed:
        if isinstance(raw, Percent):
            return per_cent(raw), ()
        if isinstance(raw, str):
            text = unicodedata.normalize("NFKC", raw).strip()
            text = text.removesuffix("%").removeprefix("百分之")
            number = _decimal_of(text)
        else:
            number = _decimal_of(raw)
        if number is None:
            return _wrong(f"{field.label}“{text_of(raw).strip()}”不是百分比。写成 95.5% 这样。")
        return number, ()

    return read


_YES = frozenset("是 有 对 √ ✓ ✔ ☑ ✅ 1 Y YES TRUE T 真 是的 已 V".split())
_NO = frozenset("否 无 没有 不是 错 × ✗ ✘ X ☒ □ 0 N NO FALSE F 假 未 不".split())


def _yes_no(field: Field) -> Parser:
    def read(raw: object) -> Parsed:
        if isinstance(raw, bool):
            return raw, ()
        text = unicodedata.normalize("NFKC", text_of(raw)).strip().upper()
        if text in _YES:
            return True, ()
        if text in _NO:
            return False, ()
        if text in ("○", "〇", "O", "●"):
            return True, (Problem(f"“{text}”按“是”记。看看对不对。", Severity.WARNING),)
        return _wrong(f"{field.label}填“是”或“否”，这里是“{text_of(raw).strip()}”。")

    return read


def _code(field: Field) -> Parser:
    if field.codes is None:
        raise TypeError(f"{field.label}: a field of kind CODE needs its codes")
    table = codes_of(field.codes, field.words)
    unsure = UNSURE.get(field.codes, {})
    bare = without_study if field.codes is Education else str
    labels = [member.label for member in field.codes]
    offered = "、".join(labels[:13]) + ("……" if len(labels) > 13 else "")

    def read(raw: object) -> Parsed:
        if isinstance(raw, bool):
            raw = "是" if raw else "否"
        key = code_key(text_of(raw))
        member = table.get(key) or table.get(bare(key))
        if member is not None:
            return member, ()
        member = unsure.get(key)
        if member is not None:
            shown = text_of(raw).strip()
            return member, (Problem(f"“{shown}”按“{member.label}”记。看看对不对。", Severity.WARNING),)
        if key in NOT_KNOWN:
            return None, (Problem(f"“{text_of(raw).strip()}”按空白记。", Severity.NOTE),)
        near = [label for label in labels if len(set(label) & set(key)) >= 2][:5]
        choice = "、".join(near) if near else offered
        return _wrong(f"{field.label}里没有“{text_of(raw).strip()}”这一种。可填：{choice}。")

    return read


_READERS: dict[Kind, Callable[[Field], Parser]] = {
    Kind.TEXT: _text,
    Kind.NAME: _name,
    Kind.ID_NUMBER: _id_number,
    Kind.PHONE: _phone,
    Kind.ADDRESS: _address,
    Kind.DATE: _date,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.RATE: _rate,
    Kind.CODE: _code,
    Kind.YES_NO: _yes_no,
    Kind.GRID: _place,
}

_STANDING: dict[Kind, Callable[[Sequence[str]], list[bool]]] = {
    Kind.TEXT: stand_as_text,
    Kind.ADDRESS: stand_as_text,
    Kind.GRID: stand_as_text,
    Kind.NAME: names.stand,
    Kind.ID_NUMBER: idcard.are_right,
    Kind.PHONE: phones.stand,
}
