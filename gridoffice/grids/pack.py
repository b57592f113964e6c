"""Governance packs: the kinds of grids, their norms and posts, in the words of one place.

Nothing about grids is uniform in the country, so no kind, norm or post stands in the code.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import resources
from db.enums import Employment
from gridoffice.errors import NotFound


@dataclass(frozen=True, slots=True)
class GridKind:
    """A kind of grid. `households` is the norm (from, to); `unit` marks the level whose name tells
    two grids of the same name apart; a `staffed` grid must have somebody at work in it."""

    key: str
    label: str
    words: tuple[str, ...]
    parents: frozenset[str]
    code: re.Pattern[str]
    households: tuple[int, int] | None
    or_merchants: bool
    unit: bool
    staffed: bool
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostKind:
    """A post, and how it is usually held."""

    label: str
    words: tuple[str, ...]
    employment: Employment


@dataclass(frozen=True, slots=True)
class Pack:
    """One way to run grids. `root` names the kinds that may stand at the top of a tree."""

    key: str
    name: str
    scheme: str
    root: frozenset[str]
    kinds: tuple[GridKind, ...]
    posts: tuple[PostKind, ...]

    def kind(self, key: str) -> GridKind:
        return next(kind for kind in self.kinds if kind.key == key)

    def kind_called(self, word: str) -> GridKind | None:
        """The kind that a ledger means by this word."""
        said = _plain(word)
        for kind in self.kinds:
            if said in (_plain(kind.label), kind.key, *map(_plain, kind.words)):
                return kind
        return None

    def post_called(self, word: str) -> PostKind | None:
        """The post that a ledger means by this word."""
        said = _plain(word)
        for post in self.posts:
            if said in (_plain(post.label), *map(_plain, post.words)):
                return post
        return None

    def post_for(self, kind: str, employment: Employment | None) -> str:
        """The post taken for granted where a roster names none."""
        labels = self.kind(kind).posts or tuple(post.label for post in self.posts)
        for post in self.posts:
            if post.label in labels and post.employment == (employment or Employment.FULL_TIME):
                return post.label
        return labels[0]


def _plain(word: str) -> str:
    return re.sub(r"[\s（）()、/]", "", word)


def names() -> list[str]:
    """The keys of every pack that ships, in order."""
    return sorted(file.stem for file in resources.path("governance").glob("*.toml"))


@cache
def load(key: str) -> Pack:
    """The pack of that key. Raises `NotFound` naming those there are."""
    if key not in names():
        raise NotFound(f"没有治理模式“{key}”。现有：{'、'.join(names())}。")
    with resources.path("governance", f"{key}.toml").open("rb") as file:
        said = tomllib.load(file)
    return Pack(
        key=said["key"],
        name=said["name"],
        scheme=said["scheme"],
        root=frozenset(said["root"]),
        kinds=tuple(_kind(kind) for kind in said["kinds"]),
        posts=tuple(
            PostKind(post["label"], tuple(post.get("words", ())), Employment(post["employment"]))
            for post in said["posts"]
        ),
    )


def _kind(said: dict[str, Any]) -> GridKind:
    low_high = said.get("households")
    return GridKind(
        key=said["key"],
        label=said["label"],
        words=tuple(said.get("words", ())),
        parents=frozenset(said["parents"]),
        code=re.compile(said["code"]),
        households=(low_high[0], low_high[1]) if low_high else None,
        or_merchants=said.get("or_merchants", False),
        unit=said.get("unit", False),
        staffed=said.get("staffed", False),
        posts=tuple(said.get("posts", ())),
    )
