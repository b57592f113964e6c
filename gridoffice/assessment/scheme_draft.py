"""A scheme while it is changed in the window: its tables, an indicator's line and rule as plain fields,
what the checks say of it meanwhile. Nothing here is stored; `schemes.save_scheme` keeps the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from gridoffice.assessment.checking import check, quantity_and_quality
from gridoffice.errors import Problem, RuleBroken
from gridoffice.fields import Column, Field, Kind
from gridoffice.grids.own_packs import dump
from gridoffice.scoring.notation import load
from gridoffice.scoring.scheme import Nature, Scheme, weighs
from gridoffice.scoring.shapes import Effect, Empty, Reason, Shape
from gridoffice.written import tables

SHAPES = {
    Shape.RATE: "比率 × 分值",
    Shape.INVERSE_RATE: "（1 − 比率）× 分值",
    Shape.DEDUCTION: "每次扣分",
    Shape.BONUS: "每次加分",
    Shape.BANDS: "分档",
    Shape.FLOOR_PER_N: "每满多少扣分",
    Shape.LINEAR: "按数值算",
    Shape.TALLY: "几类工作相加",
    Shape.NORMALISED: "按面积、人口折算",
    Shape.MANUAL: "手动评分",
    Shape.VETO: "一票否决",
    Shape.SHOWN: "只列出，不计分",
}
"""The shapes that the form knows, as a clerk calls them."""

_NUMBERS = {
    "each": "每次几分",
    "cap": "最多几分",
    "beyond": "超过多少才算",
    "n": "每满多少",
    "points": "扣几分",
    "start": "起始分",
    "slope": "每一份几分",
    "low": "最低几分",
    "high": "最高几分",
    "below": "不到最低一档几分",
    "target": "达到百分之几得满分",
}
_LISTS = {
    "of": ("分子、分母各列", "例如：按期办结数、应办结数；最后一列是分母，前面几列相加"),
    "by": ("除以哪几列", "例如：面积、人口"),
    "terms": ("每类几分", "例如：走访 0.5、排查 1"),
    "bands": ("分档，从高到低", "例如：90=10、75=8；超过写 >90=10"),
}
_CHOICES = {
    "empty": ("没有应办的事时", Empty),
    "effect": ("怎么否决", Effect),
    "reason": ("写不写说明", Reason),
}
_TEXTS = {"grade": "定为哪一等"}
_YES_NO = {"deducts": "各档写的是扣分"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is to be said of a draft at once: `problems` first what forbids it, then what is warned of."""

    full: Decimal
    wanted: Decimal
    quantity: Decimal
    quality: Decimal
    problems: tuple[Problem, ...]


class SchemeDraft:
    """The tables of a scheme of the office's own, as they will be written."""

    def __init__(self, text: str):
        self.written = text
        self.said = tables(text, "方案")
        self.scheme: Scheme = load(text)

    @property
    def changed(self) -> bool:
        return self.text() != dump(tables(self.written, "方案"))

    def text(self) -> str:
        return dump(self.said)

    def _take(self, said: dict[str, Any]) -> None:
        """Raises `RuleBroken` when the tables are no scheme; then nothing has changed."""
        scheme = load(dump(said))
        self.said, self.scheme = said, scheme

    def put(self, place: int, values: Mapping[str, Any]) -> None:
        """Change the line of one indicator (from 0): name, dimension, full, nature, scorer."""
        said = deepcopy(self.said)
        line = said["indicators"][place]
        for name, value in values.items():
            if name == "nature":
                value = nature_of(value)
            if value in (None, ""):
                line.pop(name, None)
            else:
                line[name] = value
        self._take(said)

    def put_rule(self, place: int, shape: Shape, values: Mapping[str, Any]) -> None:
        """Give one indicator another rule."""
        said = deepcopy(self.said)
        said["indicators"][place]["rule"] = written_rule(shape, values)
        self._take(said)

    def put_grades(self, text: str) -> None:
        """Grades from the best to the worst: name, least points, at most how many per cent."""
        said = deepcopy(self.said)
        said["grades"] = grades_of(text)
        self._take(said)

    def add(self, name: str) -> int:
        """One more indicator at the end, scored by hand. Answers its place."""
        said = deepcopy(self.said)
        keys = {one["key"] for one in said["indicators"]}
        number = next(n for n in range(1, len(keys) + 2) if f"own{n}" not in keys)
        said["indicators"].append(
            {"key": f"own{number}", "name": name, "full": 0, "rule": {"shape": Shape.MANUAL.word}}
        )
        self._take(said)
        return len(said["indicators"]) - 1

    def remove(self, place: int) -> None:
        said = deepcopy(self.said)
        del said["indicators"][place]
        self._take(said)

    def standing(self) -> Standing:
        """What the checks say of it as it is now."""
        problems = sorted(check(self.scheme), key=lambda one: one.severity.value != "error")
        full = sum((one.full for one in self.scheme.indicators if weighs(one)), Decimal(0))
        return Standing(full, self.scheme.full, *quantity_and_quality(self.scheme), tuple(problems))


def nature_of(words: str | None) -> str | None:
    """The code of 数量, 质量, 其他. Raises `RuleBroken` for other words."""
    if not words:
        return None
    found = next((one for one in Nature if one.label == words.strip()), None)
    if found is None:
        raise RuleBroken(f"性质写的是“{words}”，应为{'、'.join(one.label for one in Nature)}。")
    return found.value


# ---- one rule as fields ------------------------------------------------------------------------


def rule_columns(shape: Shape) -> tuple[Column, ...]:
    """The fields that a shape has."""
    found = []
    for field in fields(shape.value):
        name = field.name
        if name in _NUMBERS:
            found.append(Column(name, Field(_NUMBERS[name], Kind.DECIMAL)))
        elif name in _LISTS:
            words, hint = _LISTS[name]
            found.append(Column(name, Field(words, hint=hint)))
        elif name in _CHOICES:
            words, codes = _CHOICES[name]
            found.append(Column(name, Field(words, Kind.CODE, codes=codes)))
        elif name in _TEXTS:
            found.append(Column(name, Field(_TEXTS[name])))
        elif name in _YES_NO:
            found.append(Column(name, Field(_YES_NO[name], Kind.YES_NO)))
    return tuple(found)


def shape_of(rule: Any) -> Shape:
    return Shape(type(rule))


def rule_values(rule: Any) -> dict[str, Any]:
    """The fields of a rule as a form shows them."""
    found: dict[str, Any] = {}
    for what in rule_columns(shape_of(rule)):
        value = getattr(rule, what.name)
        if what.name in ("of", "by"):
            value = "、".join(value)
        elif what.name == "terms":
            value = "、".join(f"{one.name} {one.each:f}" for one in value)
        elif what.name == "bands":
            value = "、".join(
                f"{'>' if one.above else ''}{one.at:f}={one.points:f}" for one in reversed(value)
            )
        found[what.name] = value
    return found


def written_rule(shape: Shape, values: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as the scheme file writes it. Raises `RuleBroken` naming the field that cannot be read."""
    found: dict[str, Any] = {"shape": shape.word}
    for what in rule_columns(shape):
        value = values.get(what.name)
        if value in (None, "", ()):
            continue
        if what.name in ("of", "by"):
            value = _parts(value)
        elif what.name == "terms":
            value = [_term(part) for part in _parts(value)]
        elif what.name == "bands":
            value = sorted((_band(part) for part in _parts(value)), key=lambda one: one["at"])
        elif what.name in _CHOICES:
            value = _CHOICES[what.name][1](value).value  # a form may give the bare word
        found[what.name] = value
    return found


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、，,；;\n]", text) if part.strip()]


def _number(text: str, what: str) -> Decimal:
    try:
        return Decimal(text.strip().replace("−", "-"))
    except InvalidOperation:
        raise RuleBroken(f"“{what}”里的“{text.strip()}”不是数。") from None


def _term(part: str) -> dict[str, Any]:
    name, _, number = part.replace("=", " ").rpartition(" ")
    if not name.strip():
        raise RuleBroken(f"“{part}”要写成“走访 0.5”这样：名称、空格、每次几分。")
    return {"name": name.strip(), "each": _number(number, part)}


def _band(part: str) -> dict[str, Any]:
    at, sign, points = part.partition("=")
    if not sign:
        raise RuleBroken(f"“{part}”要写成“90=10”这样：达到多少、等号、几分。")
    band: dict[str, Any] = {"at": _number(at.lstrip(">＞"), part), "points": _number(points, part)}
    return {**band, "above": True} if at[:1] in (">", "＞") else band


def grade_text(scheme: Scheme) -> str:
    """The grades as the form shows them, one a line."""
    return "\n".join(
        f"{one.name} {one.minimum:f}" + (f" {one.quota:f}%" if one.quota is not None else "")
        for one in scheme.grades
    )


def grades_of(text: str) -> list[dict[str, Any]]:
    """The grades that lines of `名称 起分 上限%` say. Raises `RuleBroken` naming a line that does not."""
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        words = line.split()
        if len(words) not in (2, 3):
            raise RuleBroken(f"“{line}”要写成“优秀 90 20%”这样：等次、起分，有比例限制再写百分之几。")
        grade: dict[str, Any] = {"name": words[0], "minimum": _number(words[1], line)}
        if len(words) == 3:
            grade["quota"] = _number(words[2].rstrip("%％"), line)
        found.append(grade)
    return found
