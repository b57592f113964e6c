"""The governance packs of one office: those that ship, and those it wrote itself by copying one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import resources
from db.enums import Right
from db.journal import entitle
from db.tables import Grid, GridPeriod
from gridoffice.both_changed import meet
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids import pack_text
from gridoffice.grids.pack import Pack
from gridoffice.service import service
from gridoffice.settings import MODEL, PACKS, set_setting, setting
from gridoffice.written import tables


def pack_called(session: Session, key: str) -> Pack:
    """The pack of that key, as it ships or as the office wrote it. Raises `NotFound`."""
    return pack_text.load(key) if key in pack_text.names() else pack_text.read(text_of(session, key), key)


def packs(session: Session) -> list[Pack]:
    """Every pack that this office may work by: those that ship, then its own."""
    own = setting(session, PACKS, {})
    return [pack_called(session, key) for key in (*pack_text.names(), *sorted(own))]


def text_of(session: Session, key: str) -> str:
    """The text of a pack, to be edited. Raises `NotFound` naming those there are."""
    if key in pack_text.names():
        return pack_text.shipped(key)
    own = setting(session, PACKS, {})
    if key not in own:
        known = [*pack_text.names(), *sorted(own)]
        raise NotFound(f"没有治理模式“{key}”。现有：{'、'.join(known)}。")
    return own[key]


@service("保存治理模式", needs=Right.ADMINISTER)
def save_pack(session: Session, text: str, seen: str | None = None) -> str:
    """Keep a pack that the office wrote itself, under the key it says. A shared office shares it. What somebody
    else changed since it was `seen` is kept too.

    Raises `BothChanged` where both changed the same lines,
    `RuleBroken` with every mistake in it, when it bears the key of one that ships, and when the
    office works by it and grids are of a kind that it no longer has. Answers the key.
    """
    key = str(tables(text, "治理模式").get("key", "未命名"))
    text = meet("这个治理模式", seen, text, setting(session, PACKS, {}).get(key, text), _plain)
    pack = pack_text.read(text, key)
    if key in pack_text.names():
        raise RuleBroken(f"“{key}”是随程序带的治理模式，改 key 另存一份。")
    if not re.fullmatch(r"[\w+-]{1,40}", key):
        raise RuleBroken(f"key 写的是“{key}”，只能用字母、数字、汉字、+、-，最长 40 个字。")
    if setting(session, MODEL) == key:
        refuse_lost_kinds(session, pack)
    set_setting(session, PACKS, {**setting(session, PACKS, {}), key: text})
    entitle(session, f"保存治理模式“{pack.name}”")
    return key


def _plain(text: str) -> str:
    return dump(tables(text, "治理模式"))


def refuse_lost_kinds(session: Session, pack: Pack) -> None:
    """Raises `RuleBroken` when grids, present or past, are of a kind that a pack does not have."""
    used = set(session.scalars(select(Grid.kind).distinct()))
    used |= set(session.scalars(select(GridPeriod.kind).distinct()))
    lost = sorted(used - {kind.key for kind in pack.kinds})
    if lost:
        known = {kind.key: kind.label for one in packs(session) for kind in one.kinds}
        words = "、".join(known.get(one, one) for one in lost)
        raise RuleBroken(f"“{pack.name}”里没有{words}这种类型，网格里还有；先调整网格。")


@service("删除治理模式", needs=Right.ADMINISTER)
def remove_pack(session: Session, key: str) -> None:
    """Give up a pack that the office wrote itself. Raises `RuleBroken` while the office works by it."""
    pack = pack_called(session, key)
    own = dict(setting(session, PACKS, {}))
    if key not in own:
        raise RuleBroken(f"“{pack.name}”是随程序带的，不能删除。")
    if setting(session, MODEL) == key:
        raise RuleBroken(f"本办正按“{pack.name}”运行，先换成别的治理模式。")
    del own[key]
    set_setting(session, PACKS, own)
    entitle(session, f"删除治理模式“{pack.name}”")


@service("另存治理模式", needs=Right.ADMINISTER)
def copy_pack(session: Session, source: str, key: str, name: str, options: Iterable[str] = ()) -> str:
    """Keep a copy of a pack as the office's own, with options of other places switched on. Answers the
    key; raises as `save_pack` does, and `NotFound` for an option that there is not."""
    said = {**tables(text_of(session, source), source), "key": key, "name": name}
    for option in options:
        said = switched_on(said, option)
    if key in setting(session, PACKS, {}):
        raise RuleBroken(f"已有治理模式“{key}”，换一个 key。")
    return save_pack(session, dump(said))


# Options


@cache
def option_names() -> tuple[str, ...]:
    """The options that any pack may switch on, by key."""
    return tuple(sorted(file.stem for file in resources.path("governance", "options").glob("*.toml")))


def option(key: str) -> dict[str, Any]:
    """What an option adds to a pack. Raises `NotFound` naming those there are."""
    if key not in option_names():
        raise NotFound(f"没有选项“{key}”。现有：{'、'.join(option_names())}。")
    text = resources.path("governance", "options", f"{key}.toml").read_text(encoding="utf-8")
    return tables(text, key)


def switched_on(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A written pack with an option: the posts and kinds it lacks, and the rule itself. The words
    `@staffed`, `@lowest`, `@unit`, `@workers` in the option stand for what the pack calls them."""
    adds = option(key)
    words = _meanings(said)
    titles = {title for post in said["posts"] for title in (post["label"], *post.get("words", ()))}
    labels = {kind["key"] for kind in said["kinds"]}
    held = [title for title in adds.get("holds", ())]
    staffed = words["@staffed"]
    return {
        **said,
        "source": f"{said['source']}；{adds['name']}：{adds['source']}",
        "kinds": [
            {**kind, "posts": list(dict.fromkeys([*kind.get("posts", ()), *held]))}
            if held and kind["key"] in staffed
            else kind
            for kind in said["kinds"]
        ]
        + [_meant(kind, words) for kind in adds.get("kinds", ()) if kind["key"] not in labels],
        "posts": [*said["posts"], *(post for post in adds.get("posts", ()) if post["label"] not in titles)],
        "options": {**said.get("options", {}), **_meant(adds.get("options", {}), words)},
    }


def _meanings(said: Mapping[str, Any]) -> dict[str, list[str]]:
    kinds = said["kinds"]
    carrying = {parent for kind in kinds for parent in kind["parents"]}
    staffed = [kind for kind in kinds if kind.get("staffed")]
    counted = [title for kind in staffed for title in kind.get("staff", {}).get("posts", ())]
    return {
        "@staffed": [kind["key"] for kind in staffed],
        "@lowest": [
            kind["key"] for kind in kinds if kind["key"] not in carrying and kind["key"] not in said["root"]
        ],
        "@unit": [kind["key"] for kind in kinds if kind.get("unit")],
        "@workers": list(dict.fromkeys(counted or [kind["posts"][0] for kind in staffed])),
    }


def _meant(raw: Any, words: Mapping[str, list[str]]) -> Any:
    if isinstance(raw, dict):
        return {key: _meant(value, words) for key, value in raw.items()}
    if isinstance(raw, list):
        return [
            one
            for value in raw
            for one in (words.get(value, [value]) if isinstance(value, str) else [_meant(value, words)])
        ]
    return words[raw][0] if isinstance(raw, str) and raw in words else raw


# Writing


def dump(said: Mapping[str, Any]) -> str:
    """Tables as TOML: plain entries first, then one table after the other, each entry on a line."""
    plain = [f"{key} = {_toml(value)}" for key, value in said.items() if not _is_table(value)]
    blocks = ["\n".join(plain)]
    for key, value in said.items():
        if isinstance(value, dict):
            blocks.append(_block(f"[{key}]", value))
        elif _is_table(value):
            blocks += [_block(f"[[{key}]]", one) for one in value]
    return "\n\n".join(blocks) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, dict) for one in value)
    )


def _block(head: str, said: Mapping[str, Any]) -> str:
    return "\n".join([head, *(f"{key} = {_toml(value)}" for key, value in said.items())])


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {_toml(one)}' for key, one in value.items())} }}"
        case _:
            # what JSON escapes in a text, TOML reads
            return json.dumps(value, ensure_ascii=False)
