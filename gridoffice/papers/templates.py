"""Templates of documents: what a report says, with names where the office's numbers go. Some ship with the
program, others the office made of what it wrote."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

import resources
from db.enums import Right
from db.journal import entitle
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.service import service
from gridoffice.settings import set_setting, setting
from gridoffice.written import Writing

FOLDER = "papers"
OWN = "paper templates"
"""Under this key the office keeps its own, by their keys."""
LONGEST_TITLE = 30


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `kind` is its 文种; a `monthly` one is of a month of assessment; `annexes` are keys of
    `papers.annexes`; `said` are further fields of the document as `papers.said` keeps them; `own` is one
    that the office made."""

    key: str
    title: str
    kind: str
    heading: str
    text: str
    recipients: str = ""
    monthly: bool = False
    annexes: tuple[str, ...] = ()
    order: int = 50
    said: Mapping[str, Any] = field(default_factory=dict)
    own: bool = False


@cache
def shipped() -> dict[str, Template]:
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


def templates(session: Session) -> dict[str, Template]:
    """Every template of this office: those that ship with the program, then its own by their titles."""
    own = [
        Template(**{**values, "annexes": tuple(values["annexes"])}, key=key, own=True)
        for key, values in setting(session, OWN, {}).items()
    ]
    return shipped() | {one.key: one for one in sorted(own, key=lambda one: one.title)}


def template(session: Session, key: str) -> Template:
    """The template of that key. Raises `NotFound` naming those there are."""
    known = templates(session)
    if key not in known:
        names = "、".join(f"{one.key}（{one.title}）" for one in known.values())
        raise NotFound(f"没有模板“{key}”。现有：{names}。")
    return known[key]


@service("存为公文模板", needs=Right.EDIT_PEOPLE)
def keep_template(session: Session, made: Template) -> str:
    """Keep a template of the office's own, in place of its earlier one of the same title; answers its key,
    whatever `made` has for one. Raises `RuleBroken` without a title or a text, and for the title of one that
    ships with the program."""
    title = made.title.strip()
    if not title or not made.text.strip() or not made.heading.strip():
        raise RuleBroken("模板要有名称、标题和正文。")
    if len(title) > LONGEST_TITLE:
        raise RuleBroken(f"模板名称最多 {LONGEST_TITLE} 个字，这个有 {len(title)} 个。")
    if title in {one.title for one in shipped().values()}:
        raise RuleBroken(f"“{title}”是随程序的模板，换个名称。")
    known: dict[str, Any] = setting(session, OWN, {})
    key = next((key for key, values in known.items() if values["title"] == title), None)
    entitle(session, f"{'改' if key else '新存'}公文模板“{title}”")
    if key is None:
        key = f"own-{1 + max((int(one.partition('-')[2]) for one in known), default=0)}"
    values = asdict(made) | {"title": title}
    del values["key"], values["own"]
    set_setting(session, OWN, {**known, key: values | {"annexes": list(made.annexes)}})
    return key


@service("删去公文模板", needs=Right.EDIT_PEOPLE)
def remove_template(session: Session, key: str) -> None:
    """Drafts begun from it stay as they are. Raises `NotFound`, and `RuleBroken` for one that ships with the
    program."""
    one = template(session, key)
    if not one.own:
        raise RuleBroken(f"“{one.title}”是随程序的模板，不能删。")
    known: dict[str, Any] = setting(session, OWN, {})
    set_setting(session, OWN, {name: values for name, values in known.items() if name != key})
    entitle(session, f"删去公文模板“{one.title}”")
