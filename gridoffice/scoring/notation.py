"""Schemes as text: TOML that a person writes, canonical JSON that is stored, hashed and compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from gridoffice.errors import RuleBroken
from gridoffice.scoring.scheme import Scheme
from gridoffice.scoring.shapes import Rule, Shape
from gridoffice.written import Writing, tables


def load(text: str) -> Scheme:
    """A scheme from TOML or JSON text; numbers are exact.

    Raises RuleBroken with one problem for each unknown, missing or ill-typed entry. Whether the
    scheme makes sense is for `checking.check`.
    """
    writing = Writing(_named, {Rule: _rule})
    scheme = writing.record(Scheme, tables(text, "方案文件"), "方案")
    if writing.problems:
        problems = writing.problems
        raise RuleBroken(f"方案文件有 {len(problems)} 处不对。{problems[0].message}", problems)
    return scheme


def dump(scheme: Scheme) -> str:
    """The one canonical JSON text of a scheme.

    Keys sorted, decimals as strings without trailing zeros, entries equal to their default left
    out: a locked month's digest stays the same when a later version knows more entries.
    """
    return json.dumps(_plain(scheme), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        given = {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if field.default is MISSING or getattr(value, field.name) != field.default
        }
        return {"shape": Shape(type(value)).word, **given} if _is_rule(type(value)) else given
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return value


@cache
def _rules() -> dict[str, type]:
    return {shape.word: shape.value for shape in Shape}


def _is_rule(kind: Any) -> bool:
    return kind in _rules().values()


def _named(where: str, data: Mapping[str, Any]) -> str:
    """An indicator is called by its name, whatever its place in the file."""
    return f"“{data['name']}”" if isinstance(data.get("name"), str) else where


def _rule(writing: Writing, raw: Any, where: str) -> Any:
    shape = raw.get("shape") if isinstance(raw, dict) else None
    if shape not in _rules():
        writing.wrong(f"{where}写的是“{shape}”，应为 {' / '.join(_rules())}。", value=shape)
        return None
    return writing.record(_rules()[shape], {name: raw[name] for name in raw if name != "shape"}, where)
