"""Schemes as text: TOML that a person writes, canonical JSON that is stored, hashed and compared."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from gridoffice.assessment.scheme import Scheme
from gridoffice.assessment.shapes import Rule, Shape
from gridoffice.errors import Problem, RuleBroken


def load(text: str) -> Scheme:
    """A scheme from TOML or JSON text; numbers are exact.

    Raises RuleBroken with one problem for each unknown, missing or ill-typed entry. Whether the
    scheme makes sense is for `checking.check`.
    """
    try:
        if text.lstrip("\ufeff \r\n\t").startswith("{"):
            data = json.loads(text.lstrip("\ufeff"), parse_float=Decimal)
        else:
            data = tomllib.loads(text.lstrip("\ufeff"), parse_float=Decimal)
    except ValueError as error:
        # Both parsers end their English sentence with the place; only the place is passed on.
        place = re.search(r"line (\d+),? column (\d+)", str(error))
        where = f"（第 {place[1]} 行第 {place[2]} 个字）" if place else ""
        raise RuleBroken(f"方案文件读不出来{where}，应为 TOML 或 JSON。") from error
    problems: list[Problem] = []
    scheme = _build(Scheme, data, "方案", problems)
    if problems:
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


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _build(cls: type, data: Any, where: str, problems: list[Problem]) -> Any:
    """An instance of `cls`; None, with the problems noted, when that is not possible."""
    if not isinstance(data, dict):
        problems.append(Problem(f"{where}应为一组条目。"))
        return None
    where = f"“{data['name']}”" if isinstance(data.get("name"), str) else where
    before = len(problems)
    known = {field.name: field for field in fields(cls)}
    for name in (name for name in data if name not in known):
        problems.append(Problem(f"{where}里没有“{name}”这个条目。", field=name, value=str(data[name])))
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name in data:
            values[name] = _value(_hints(cls)[name], data[name], f"{where}的 {name} ", problems)
        elif field.default is MISSING:
            problems.append(Problem(f"{where}缺少“{name}”。", field=name))
    return cls(**values) if len(problems) == before else None


def _value(kind: Any, raw: Any, where: str, problems: list[Problem]) -> Any:
    if kind == Rule:
        return _rule(raw, where, problems)
    if get_origin(kind) in (Union, UnionType):
        (kind,) = (option for option in get_args(kind) if option is not NoneType)
    if get_origin(kind) is tuple:
        if not isinstance(raw, list):
            problems.append(Problem(f"{where}应为一列值。", value=str(raw)))
            return ()
        return tuple(_value(get_args(kind)[0], item, where, problems) for item in raw)
    if is_dataclass(kind):
        return _build(kind, raw, where, problems)  # type: ignore[arg-type]
    try:
        if kind is Decimal and isinstance(raw, int | Decimal | str) and not isinstance(raw, bool):
            number = Decimal(raw)
            if number.is_finite():
                return number
        elif issubclass(kind, Enum):
            return kind(raw)
        elif type(raw) is kind:
            return raw
    except (InvalidOperation, ValueError):
        pass
    if issubclass(kind, Enum):
        wanted = " " + " / ".join(str(member.value) for member in kind)
    else:
        wanted = {Decimal: "数", int: "整数", bool: " true 或 false", str: "文字"}[kind]
    problems.append(Problem(f"{where}写的是“{raw}”，应为{wanted}。", value=str(raw)))
    return None


def _rule(raw: Any, where: str, problems: list[Problem]) -> Any:
    shape = raw.get("shape") if isinstance(raw, dict) else None
    if shape not in _rules():
        problems.append(Problem(f"{where}写的是“{shape}”，应为 {' / '.join(_rules())}。", value=str(shape)))
        return None
    return _build(_rules()[shape], {name: raw[name] for name in raw if name != "shape"}, where, problems)
