"""Templates of documents: what a report says, with names where the office's numbers go."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import resources
from gridoffice.errors import NotFound
from gridoffice.written import Writing

FOLDER = "papers"


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `kind` is its 文种; a `monthly` one is of a month of assessment; `annexes` are keys of
    `papers.annexes`; `said` are further fields of the document by their names."""

    key: str
    title: str
    kind: str
    heading: str
    text: str
    recipients: str = ""
    monthly: bool = False
    annexes: tuple[str, ...] = ()
    order: int = 50


@cache
def templates() -> dict[str, Template]:
    """Every template that ships with the program, the usual ones first."""
    found: list[Template] = []
    for file in sorted(resources.path(FOLDER).glob("*.toml")):
        writing = Writing()
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        one = writing.record(Template, {"key": file.stem, **data}, file.stem)
        if one is None:
            raise ValueError(f"{file.name}: {writing.problems}")
        found.append(one)
    found.sort(key=lambda one: (one.order, one.key))
    return {one.key: one for one in found}


def template(key: str) -> Template:
    """The template of that key. Raises `NotFound` naming those there are."""
    found = templates().get(key)
    if found is None:
        known = "、".join(f"{one.key}（{one.title}）" for one in templates().values())
        raise NotFound(f"没有模板“{key}”。现有：{known}。")
    return found
