"""Packs as text: TOML that a person writes, checked with one sentence per mistake."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

import resources
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids.pack import GridKind, Pack, PostKind, Span, plain
from gridoffice.written import Writing, said, tables


@cache
def names() -> tuple[str, ...]:
    """The keys of every pack that ships, in order."""
    return tuple(sorted(file.stem for file in resources.path("governance").glob("*.toml")))


@cache
def load(key: str) -> Pack:
    """The shipped pack of that key. Raises `NotFound` naming those there are."""
    return read(shipped(key), f"{key}.toml")


def shipped(key: str) -> str:
    """The text of a pack that ships. Raises `NotFound` naming those there are."""
    if key not in names():
        raise NotFound(f"没有治理模式“{key}”。现有：{'、'.join(names())}。")
    return resources.path("governance", f"{key}.toml").read_text(encoding="utf-8")


@lru_cache(64)
def read(text: str, file: str) -> Pack:
    """A pack from TOML or JSON text; `file` names it in what is said of its mistakes.

    Raises `RuleBroken` with one problem for each mistake, naming the file and the key.
    """
    writing = Writing(_named, {re.Pattern[str]: _pattern, Span: _span})
    pack = writing.record(Pack, tables(text, f"治理模式 {file} "), f"{file} ")
    for wrong in _at_odds(pack) if pack is not None else ():
        writing.wrong(f"{file} 的 {wrong}")
    if pack is None or writing.problems:
        problems = writing.problems
        raise RuleBroken(f"治理模式 {file} 有 {len(problems)} 处不对。{problems[0].message}", problems)
    return pack


def _named(where: str, data: Mapping[str, Any]) -> str:
    word = data.get("label")
    return f"{where}“{said(word)}”" if isinstance(word, str) else where


def _pattern(writing: Writing, raw: Any, where: str) -> re.Pattern[str] | None:
    try:
        return re.compile(raw)
    except (TypeError, re.error):
        writing.wrong(f"{where}写的是“{said(raw)}”，应为编码的正则式，如 '\\d{{15}}'。", value=raw)
        return None


def _span(writing: Writing, raw: Any, where: str) -> Span | None:
    if isinstance(raw, list) and len(raw) == 2 and all(type(end) is int for end in raw):
        if 0 <= raw[0] <= raw[1]:
            return raw[0], raw[1]
        writing.wrong(f"{where}写的是“{said(raw)}”，下限不能大于上限，也不能小于 0。", value=raw)
    else:
        writing.wrong(f"{where}写的是“{said(raw)}”，应为两个整数 [下限, 上限]。", value=raw)
    return None


def _at_odds(pack: Pack) -> Iterator[str]:
    """What each entry says rightly but not in keeping with the others."""
    kinds, posts = {kind.key for kind in pack.kinds}, {post.label for post in pack.posts}
    for what, words in (
        ("kinds 里两个类型的 key 都是", [kind.key for kind in pack.kinds]),
        ("kinds 里两个类型都叫", [word for kind in pack.kinds for word in _words(kind)]),
        ("posts 里两个岗位都叫", [word for post in pack.posts for word in _words(post)]),
    ):
        for word, times in Counter(words).items():
            if times > 1:
                yield f"{what}“{word}”，只能留一个。"
    if not resources.FOLDER.joinpath("schemes", f"{pack.scheme}.toml").is_file():
        yield f"scheme 写的是“{pack.scheme}”，没有这个考核方案。"
    yield from _unknown("root", pack.root, kinds, "kinds 里没有这个类型")
    if not pack.root:
        yield "root 是空的，至少要有一种类型可以作最上级。"
    for kind in pack.kinds:
        yield from _kind_at_odds(kind, kinds, posts)
    for kind in _hanging_in_the_air(pack):
        yield f"kinds“{kind.label}”的 parents 连不到 root 里的类型。"
    options = pack.options
    for key, named in (
        ("party 的 kind", [tier.kind for tier in pack.party]),
        ("services 的 level", [one.level for one in pack.services if one.level is not None]),
        ("bodies 的 at", [body.at for body in pack.bodies]),
        ("options.committee 的 kinds", options.committee.kinds if options.committee else ()),
        ("options.control 的 within", [options.control.within] if options.control else ()),
        ("options.mixed 的 kinds", options.mixed.kinds if options.mixed else ()),
        ("options.fixed 的 kinds", options.fixed.kinds if options.fixed else ()),
    ):
        yield from _unknown(key, named, kinds, "kinds 里没有这个类型")
    for key, named in (
        ("options.committee 的 posts", options.committee.posts if options.committee else ()),
        ("options.control 的 leaders", options.control.leaders if options.control else ()),
        ("options.control 的 workers", options.control.workers if options.control else ()),
    ):
        yield from _unknown(key, named, posts, "posts 里没有这个岗位")
    if options.control is not None and options.control.most < 1:
        yield f"options.control 的 most 写的是“{options.control.most}”，至少是 1。"
    sides = {post.side for post in pack.posts}
    for side in options.mixed.sides if options.mixed else ():
        if side not in sides:
            yield f"options.mixed 要有{side.label}，posts 里没有一个岗位的 side 是“{side.value}”。"
    axes = {post.axis for post in pack.posts} - {None}
    if options.separate and len(axes) < 2:
        yield "options 的 separate 要把管理和监督分开，posts 里要各有岗位写上 axis。"


def _words(one: GridKind | PostKind) -> set[str]:
    return {plain(word) for word in (one.label, *one.words)}


def _kind_at_odds(kind: GridKind, kinds: set[str], posts: set[str]) -> Iterator[str]:
    where = f"kinds“{kind.label}”的"
    yield from _unknown(f"{where} parents", kind.parents, kinds, "kinds 里没有这个类型")
    yield from _unknown(f"{where} posts", kind.posts, posts, "posts 里没有这个岗位")
    for rule in kind.team:
        yield from _unknown(f"{where} team", rule.posts, set(kind.posts), "这个类型的 posts 里没有这个岗位")
        if rule.least < 0 or (rule.most is not None and rule.most < max(rule.least, 1)):
            most = "不限" if rule.most is None else rule.most
            yield f"{where} team 写的是至少 {rule.least} 人、至多 {most} 人，至多不能少于至少。"
    if kind.staff is not None:
        own = set(kind.posts)
        yield from _unknown(f"{where} staff", kind.staff.posts, own, "这个类型的 posts 里没有这个岗位")
        if kind.staff.each < 0 or (kind.staff.households is not None and kind.staff.households < 1):
            yield f"{where} staff 的 each 不能小于 0，households 不能小于 1。"
    if kind.hours is not None and (kind.hours.limit <= 0 or kind.hours.minutes <= 0):
        yield f"{where} hours 的 limit 和 minutes 要大于 0。"
    zones = Counter(one.zone for one in kind.zones)
    for zone, times in zones.items():
        if times > 1:
            yield f"{where} zones 里“{zone.value}”写了 {times} 次，只能写一次。"


def _unknown(key: str, named: Iterable[str], known: set[str], why: str) -> Iterator[str]:
    for word in sorted(set(named) - known):
        yield f"{key} 写的是“{word}”，{why}。"


def _hanging_in_the_air(pack: Pack) -> list[GridKind]:
    """Kinds that no line of parents joins to a root: none could ever be entered."""
    joined = set(pack.root)
    while True:
        found = {kind.key for kind in pack.kinds if kind.key not in joined and kind.parents & joined}
        if not found:
            return [kind for kind in pack.kinds if kind.key not in joined]
        joined |= found
