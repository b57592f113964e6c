"""What a person wrote as tables (TOML, JSON), taken into frozen records with a sentence per mistake."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from gridoffice.errors import Problem, RuleBroken

Taker = Callable[["Writing", Any, str], Any]
"""Takes one raw value, given where it stands; notes what is wrong with it."""


class Writing:
    """Takes tables into records, and gathers what is wrong with them in `problems`.

    `named` says a table's place in the clerk's words; `takers` read the kinds of values that only
    one subject knows.
    """

    def __init__(
        self,
        named: Callable[[str, Mapping[str, Any]], str] = lambda where, _: where,
        takers: Mapping[Any, Taker] | None = None,
    ):
        self.problems: list[Problem] = []
        self._named = named
        self._takers = takers or {}

    def wrong(self, message: str, field: str | None = None, value: Any = None) -> None:
        self.problems.append(Problem(message, field=field, value=None if value is None else said(value, 120)))

    def record(self, cls: type, data: Any, where: str) -> Any:
        """An instance of `cls`; None, with the problems noted, when that is not possible."""
        if not isinstance(data, Mapping):
            self.wrong(f"{where}应为一组条目。")
            return None
        where = self._named(where, data)
        before = len(self.problems)
        known = {field.name: field for field in fields(cls)}
        for name in (name for name in data if name not in known):
            self.wrong(f"{where}里没有“{name}”这个条目。", name, data[name])
        values: dict[str, Any] = {}
        for name, field in known.items():
            if name in data:
                values[name] = self.value(_hints(cls)[name], data[name], f"{where}的 {name} ")
            elif field.default is MISSING and field.default_factory is MISSING:
                self.wrong(f"{where}缺少“{name}”。", name)
        return cls(**values) if len(self.problems) == before else None

    def value(self, kind: Any, raw: Any, where: str) -> Any:
        """One value of a type that a record declares; None, with the problem noted, when it is not."""
        if kind in self._takers:
            return self._takers[kind](self, raw, where)
        if get_origin(kind) in (Union, UnionType):
            return self.value(next(o for o in get_args(kind) if o is not NoneType), raw, where)
        if get_origin(kind) in (tuple, frozenset):
            return self._several(kind, raw, where)
        if is_dataclass(kind):
            return self.record(kind, raw, where)  # type: ignore[arg-type]
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
            words = {
                Decimal: "数",
                int: "整数",
                bool: " true 或 false",
                str: "文字",
                date: "日期，如 2026-10-01",
            }
            wanted = words[kind]
        self.wrong(f"{where}写的是“{said(raw)}”，应为{wanted}。", value=raw)
        return None

    def _several(self, kind: Any, raw: Any, where: str) -> Any:
        if not isinstance(raw, list):
            self.wrong(f"{where}应为一列值。", value=raw)
            return get_origin(kind)()
        of = get_args(kind)[0]
        taken = (
            self.value(of, item, f"{where}第 {place} 项" if is_dataclass(of) else where)
            for place, item in enumerate(raw, 1)
        )
        return get_origin(kind)(taken)


def said(raw: Any, length: int = 40) -> str:
    """A raw value in a sentence, cut when it is long."""
    text = str(raw)
    return text if len(text) <= length else f"{text[:length]}…"


def tables(text: str, what: str) -> dict[str, Any]:
    """The tables of a TOML or JSON text; numbers are exact. Raises `RuleBroken` with the place."""
    text = text.lstrip("\ufeff")
    try:
        if text.lstrip().startswith("{"):
            return json.loads(text, parse_float=Decimal)
        return tomllib.loads(text, parse_float=Decimal)
    except ValueError as error:
        # Both parsers end their English sentence with the place; only the place is passed on.
        place = re.search(r"line (\d+),? column (\d+)", str(error))
        where = f"（第 {place[1]} 行第 {place[2]} 个字）" if place else ""
        raise RuleBroken(f"{what}读不出来{where}，应为 TOML 或 JSON。") from error


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)
