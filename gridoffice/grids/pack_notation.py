"""How the entries of a written pack are shown in a form, and how what is typed there is written back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from db.enums import Labelled, Zone
from gridoffice.errors import Problem, RuleBroken

_BETWEEN = re.compile(r"\s*(?:[-–—~～至到]+)\s*")
_LISTED = re.compile(r"[、，,；;\s]+")
_ITEMS = re.compile(r"\s*[；;\n]+\s*")
SIZES = {"households": "户数", "merchants": "商户数", "population": "人口", "area": "面积"}
"""What a norm is about."""


class Wrong(RuleBroken):
    """What is typed cannot be meant."""


@dataclass(frozen=True, slots=True)
class Book:
    """The kinds of a pack by key, for entries that name them."""

    kinds: Mapping[str, str]

    def key(self, label: str) -> str:
        """The key of a kind by its label. Raises `Wrong` naming those there are."""
        for key, known in self.kinds.items():
            if label in (known, key):
                return key
        raise Wrong(f"没有“{label}”这种网格类型。现有：{'、'.join(self.kinds.values())}。")

    def label(self, key: str) -> str:
        return self.kinds.get(key, key)


@dataclass(frozen=True, slots=True)
class Notation:
    """One way of writing: `show` makes of an entry (None: not there) what the form holds, `read` the
    entry of what it then holds (None: to be taken out), raising `Wrong`."""

    show: Callable[[Any, Book], Any]
    read: Callable[[Any, Book], Any]


def _text(value: Any, _: Book) -> Any:
    return value


def listed(text: str | None) -> list[str]:
    """The words of a line that stand one after the other."""
    return [word for word in _LISTED.split(text or "") if word]


def _items(text: str | None) -> list[str]:
    return [one for one in _ITEMS.split((text or "").strip()) if one]


def span(text: str | None, label: str = "") -> list[int] | None:
    """`300–500`, however the dash is written; nothing is no norm. Raises `Wrong`."""
    if not text or not text.strip():
        return None
    parts = _BETWEEN.split(text.strip().replace(",", ""))
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise Wrong(f"{label}写的是“{text.strip()}”，应为下限和上限，写成 300–500 这样。")
    low, high = map(int, parts)
    if low > high:
        raise Wrong(f"{label}的下限 {low} 大于上限 {high}，两个数换过来。")
    return [low, high]


def _spanned(raw: Any, _: Book) -> str | None:
    return None if raw is None else f"{raw[0]}–{raw[1]}"


# Composite lines


def _team_shown(raw: Any, _: Book) -> str | None:
    return "；".join(_rule_shown(rule) for rule in raw or ()) or None


def _rule_shown(rule: Mapping[str, Any]) -> str:
    who = "、".join(rule.get("posts", ())) or ANY_POST
    least, most = rule.get("least", 1), rule.get("most")
    count = f"至少 {least}" if most is None else f"{least}" if most == least else f"{least}–{most}"
    return f"{who} {count}"


ANY_POST = "不论岗位"
_RULE = re.compile(
    r"(?P<who>.*?)\s*(?P<atleast>至少|不少于)?\s*(?P<least>\d+)(?:\s*[-–—~～至到]+\s*(?P<most>\d+))?\s*人?"
)


def _team_read(text: Any, _: Book) -> Any:
    rules = []
    for one in _items(text):
        found = _RULE.fullmatch(one)
        if found is None or not found["who"].strip():
            raise Wrong(f"“{one}”看不懂，写成“网格长 1；指导员、兼职网格员 至少 2；{ANY_POST} 6–8”这样。")
        who, least = listed(found["who"]), int(found["least"])
        rule: dict[str, Any] = {} if who == [ANY_POST] else {"posts": who}
        rule["least"] = least
        if found["most"] is not None or found["atleast"] is None:
            rule["most"] = int(found["most"] or least)
        rules.append(rule)
    return rules or None


def _zones_shown(raw: Any, _: Book) -> str | None:
    said = []
    for one in raw or ():
        sizes = [f"{label} {one[key][0]}–{one[key][1]}" for key, label in SIZES.items() if key in one]
        said.append(" ".join([Zone(one["zone"]).label, *sizes]))
    return "；".join(said) or None


def _zones_read(text: Any, _: Book) -> Any:
    zones = {zone.label: zone.value for zone in Zone}
    names = {label: key for key, label in SIZES.items()}
    found = []
    for one in _items(text):
        head, *rest = one.split()
        if head not in zones or not rest or len(rest) % 2:
            raise Wrong(f"“{one}”看不懂，写成“核心区 面积 8000–12000；一般区 面积 20000–40000”这样。")
        norm: dict[str, Any] = {"zone": zones[head]}
        for label, size in zip(rest[::2], rest[1::2], strict=True):
            if label not in names:
                raise Wrong(f"没有“{label}”这种标准。可写：{'、'.join(names)}。")
            norm[names[label]] = span(size, label)
        found.append(norm)
    return found or None


def _tabled(words: tuple[str, ...], number: str, kind: type, example: str, needed: bool = True) -> Notation:
    """Small tables on one line, words before a number, with a semicolon between; the last of the words may
    have spaces in it, and without a number (where it is not `needed`) all is words."""

    def show(raw: Any, _: Book) -> str | None:
        keys = (*words, number)
        lines = (" ".join(f"{one[key]}" for key in keys if one.get(key) is not None) for one in raw or ())
        return "；".join(lines) or None

    def read(text: Any, _: Book) -> Any:
        found = []
        for one in _items(text):
            head, _space, tail = one.rpartition(" ")
            try:
                table: dict[str, Any] = {number: kind(tail)}
            except (ValueError, InvalidOperation):
                head, table = one, {}
            parts = head.split(maxsplit=len(words) - 1)
            if len(parts) < len(words) or (needed and not table):
                raise Wrong(f"“{one}”看不懂，写成“{example}”这样。")
            found.append({**dict(zip(words, parts, strict=True)), **table})
        return found or None

    return Notation(show, read)


TEXT = Notation(_text, _text)
LISTED = Notation(lambda raw, _: "、".join(raw or ()) or None, lambda text, _: listed(text) or None)
ITEMS = Notation(lambda raw, _: "；".join(raw or ()) or None, lambda text, _: _items(text) or None)
YES = Notation(lambda raw, _: bool(raw), lambda said, _: True if said else None)
UNLESS = Notation(lambda raw, _: raw is not False, lambda said, _: None if said else False)
SPAN = Notation(_spanned, lambda text, _: span(text))
KIND = Notation(
    lambda raw, book: None if raw is None else book.label(raw),
    lambda text, book: book.key(text) if text else None,
)
KINDS = Notation(
    lambda raw, book: "、".join(map(book.label, raw or ())) or None,
    lambda text, book: [book.key(word) for word in listed(text)] or None,
)
TEAM = Notation(_team_shown, _team_read)
ZONES = Notation(_zones_shown, _zones_read)
EARN = _tabled(("label",), "points", Decimal, "上报有效信息 5；完成专项任务 10", needed=False)
CARE = _tabled(("colour", "people"), "days", int, "红 重点关爱 2；黄 经常关爱 7")
TARGETS = _tabled(("label",), "percent", Decimal, "24 小时响应率 97.5；活跃度 99")


def coded(codes: type[Labelled]) -> Notation:
    """A code, by its member."""
    return Notation(
        lambda raw, _: None if raw is None else codes(raw),
        lambda said, _: codes(said).value if said else None,
    )


def several_coded(codes: type[Labelled]) -> Notation:
    """Several codes, by their labels."""

    def read(text: Any, _: Book) -> Any:
        known = {code.label: code.value for code in codes}
        wrong = [word for word in listed(text) if word not in known]
        if wrong:
            raise Wrong(f"没有“{wrong[0]}”。可写：{'、'.join(known)}。")
        return [known[word] for word in listed(text)] or None

    return Notation(lambda raw, _: "、".join(codes(one).label for one in raw or ()) or None, read)


def said_of(field: str, error: Wrong, value: Any) -> Problem:
    """The problem of a line of the form."""
    message = error.message if error.message.startswith(("“", "没有")) else f"{field}{error.message}"
    return Problem(message, field=field, value=None if value is None else str(value))
