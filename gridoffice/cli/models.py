"""Governance packs from the command line: listed, shown, copied, edited, gone over to."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gridoffice.cli.asking import opened, put_text, text_in
from gridoffice.cli.output import Voice, problem_facts, problem_line, table
from gridoffice.errors import RuleBroken
from gridoffice.grids import own_packs, pack_text
from gridoffice.grids.duties import duties
from gridoffice.grids.listing import office_pack
from gridoffice.grids.pack import GridKind, Pack, Span
from gridoffice.grids.switching import Counterpart, preview_switch, switch_pack


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("models", help="治理模式：列出、查看、另存、编辑、更换")
    command.set_defaults(run=listed)
    inner = command.add_subparsers(dest="what")

    one = inner.add_parser("show", help="一个治理模式的类型、标准、队伍和职责")
    one.add_argument("key")
    one.set_defaults(run=show)

    inner.add_parser("options", help="任何模式都可以打开的选项").set_defaults(run=options)

    one = inner.add_parser("copy", help="另存为本办自己的治理模式")
    one.add_argument("source", help="从哪一个")
    one.add_argument("key", help="新的 key")
    one.add_argument("--name", required=True, help="新的名称")
    one.add_argument("--with", dest="options", action="append", default=[], metavar="选项")
    one.set_defaults(run=copy)

    one = inner.add_parser("write", help="把一个治理模式写成文件，好编辑")
    one.add_argument("key")
    one.add_argument("file", type=Path)
    one.set_defaults(run=write)

    one = inner.add_parser("read", help="读入编辑好的治理模式")
    one.add_argument("file", type=Path)
    one.set_defaults(run=read)

    one = inner.add_parser("remove", help="删除本办自己的治理模式")
    one.add_argument("key")
    one.set_defaults(run=remove)

    one = inner.add_parser("switch", help="换成另一个治理模式（可以撤销）")
    one.add_argument("key")
    one.add_argument("--kind", action="append", default=[], metavar="旧=新", help="网格类型怎样对应")
    one.add_argument(
        "--post", action="append", default=[], metavar="旧=新", help="岗位怎样对应，旧=旧是保留原名"
    )
    one.add_argument("--dry-run", action="store_true", help="只看，不换")
    one.set_defaults(run=switch)


def listed(asked: argparse.Namespace, voice: Voice) -> None:
    """With a database its own packs too, and which one it works by."""
    found, current = [pack_text.load(key) for key in pack_text.names()], None
    if asked.database is not None:
        office = opened(asked)
        found, current = office.read(own_packs.packs), office.read(office_pack).key
    voice.answer(
        {
            "models": [
                {"key": one.key, "name": one.name, "source": one.source, "scheme": one.scheme}
                for one in found
            ],
            "current": current,
        },
        table(
            ("模式", "名称", "考核方案", ""),
            [(one.key, one.name, one.scheme, "现用" if one.key == current else "") for one in found],
        ),
    )


def _pack(asked: argparse.Namespace, key: str) -> Pack:
    if asked.database is None and key in pack_text.names():
        return pack_text.load(key)
    return opened(asked).read(own_packs.pack_called, key)


def show(asked: argparse.Namespace, voice: Voice) -> None:
    pack = _pack(asked, asked.key)
    labels = {kind.key: kind.label for kind in pack.kinds}
    kinds = [
        (
            kind.label,
            "、".join(labels[key] for key in labels if key in kind.parents),
            _norm(kind),
            "、".join(kind.posts),
        )
        for kind in pack.kinds
    ]
    lines = duties(pack)
    voice.answer(
        {
            "key": pack.key,
            "name": pack.name,
            "source": pack.source,
            "scheme": pack.scheme,
            "lead": pack.lead,
            "kinds": [
                {"key": kind.key, "label": kind.label, "parents": sorted(kind.parents), "norm": _norm(kind)}
                for kind in pack.kinds
            ],
            "posts": [post.label for post in pack.posts],
            "lines": [{"section": one.section, "whose": one.whose, "text": one.text} for one in lines],
        },
        [
            f"{pack.name}（{pack.key}）",
            f"出处：{pack.source}",
            *table(("类型", "上级", "标准", "岗位"), kinds),
            *table(("类别", "岗位、层级", "内容"), [(one.section, one.whose, one.text) for one in lines]),
        ],
    )


def _norm(kind: GridKind) -> str:
    spans: Sequence[tuple[Span | None, str]] = (
        (kind.households, "户"),
        (kind.merchants, "家商户"),
        (kind.population, "人"),
        (kind.area, "平方米"),
    )
    return "，".join(f"{span[0]}–{span[1]} {unit}" for span, unit in spans if span is not None)


def options(asked: argparse.Namespace, voice: Voice) -> None:
    found = [(key, own_packs.option(key)) for key in own_packs.option_names()]
    voice.answer(
        {"options": [{"key": key, "name": one["name"], "source": one["source"]} for key, one in found]},
        table(("选项", "名称", "出处"), [(key, one["name"], one["source"]) for key, one in found]),
    )


def copy(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    done = office.write(own_packs.copy_pack, asked.source, asked.key, asked.name, asked.options)
    voice.answer(
        {"key": done.result, "name": asked.name, "action": done.action},
        [f"已另存为“{asked.name}”（{done.result}）。用 models write 写成文件编辑，用 models switch 更换。"],
    )


def write(asked: argparse.Namespace, voice: Voice) -> None:
    if asked.database is None and asked.key in pack_text.names():
        text = pack_text.shipped(asked.key)
    else:
        text = opened(asked).read(own_packs.text_of, asked.key)
    put_text(asked.file, text)
    voice.answer({"key": asked.key, "file": str(asked.file)}, [f"治理模式“{asked.key}”在“{asked.file}”。"])


def read(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(own_packs.save_pack, text_in(asked.file))
    voice.answer({"key": done.result, "action": done.action}, [f"已保存治理模式“{done.result}”。"])


def remove(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(own_packs.remove_pack, asked.key)
    voice.answer({"key": asked.key, "action": done.action}, [f"已删除治理模式“{asked.key}”。"])


def switch(asked: argparse.Namespace, voice: Voice) -> int:
    """Show what each kind and post becomes; go over unless it is only to be seen or cannot be."""
    office = opened(asked)
    kinds, posts = _pairs(asked.kind), _pairs(asked.post)
    seen = office.read(preview_switch, asked.key, kinds, posts)
    action = None
    if seen.ready and not asked.dry_run:
        action = office.write(switch_pack, asked.key, kinds, posts).action
    if action is not None:
        last = f"已换成“{seen.name}”，变动编号 {action}，可以撤销。"
    elif seen.ready:
        last = "可以更换，没有写入。"
    else:
        last = f"有 {len(seen.problems)} 处要先定，没有更换。"
    voice.answer(
        {
            "key": seen.key,
            "name": seen.name,
            "scheme": seen.scheme,
            "kinds": seen.kinds,
            "posts": seen.posts,
            "codes": seen.codes,
            "problems": [problem_facts(one) for one in seen.problems],
            "ready": seen.ready,
            "action": action,
        },
        [
            *table(("网格类型", "个数", "换成"), _rows(seen.kinds)),
            *table(("岗位", "人数", "换成"), _rows(seen.posts)),
            *([f"{seen.codes} 个网格的编码不合新模式的规则，照旧保留。"] if seen.codes else []),
            *(problem_line(one) for one in seen.problems),
            last,
        ],
    )
    return 0 if seen.ready else 1


def _rows(found: Sequence[Counterpart]) -> list[tuple[str, int, str]]:
    return [(one.label, one.count, one.becomes or "？") for one in found]


def _pairs(said: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in said:
        old, sign, new = one.partition("=")
        if not sign or not old or not new:
            raise RuleBroken(f"“{one}”看不懂，写成“旧=新”。")
        found[old] = new
    return found
