"""`grid …`: the tree and its dated changes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from db.enums import Zone
from gridoffice.cli import grid_plans
from gridoffice.cli.asking import add_scope, ask_of, day_of, opened
from gridoffice.cli.grid_words import answer, tell
from gridoffice.cli.output import Voice, table
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids.changing import change_grids, preview
from gridoffice.grids.history import Event, given_up, story
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.operations import (
    Basis,
    Close,
    Convert,
    Establish,
    Facts,
    Merge,
    Move,
    Operation,
    Recode,
    Rename,
    Revise,
    Share,
    Split,
)
from gridoffice.grids.service import grid_row
from gridoffice.grids.surroundings import Surroundings, surroundings
from gridoffice.listing import lines
from gridoffice.office import Office
from gridoffice.overview.questions import grid_meant

SHARES = """拆成的一个网格，写成“名称;户数=250;商户数=8;人口=700;面积=12000;编码=…;人=王强,李梅;下级=编码,编码”；
加“沿用”的那个保留原编码，没分出去的都留在它那里"""


def add(below: Any) -> None:
    """Say `grid …` to the parser."""
    command = below.add_parser("grid", help="网格和网格的变动")
    inner = command.add_subparsers(dest="what", required=True)
    listed = inner.add_parser("list", help="列出网格")
    add_scope(listed)
    listed.set_defaults(run=list_)
    command = inner.add_parser("history", help="一个网格的沿革")
    command.add_argument("grid", metavar="网格", help="编码或名称")
    command.set_defaults(run=history)

    command = _change(inner, "add", "设立网格", establish)
    command.add_argument("name", metavar="名称")
    command.add_argument("--kind", required=True, metavar="类型", help="如 一般网格")
    command.add_argument("--parent", metavar="上级", help="编码或名称")
    command.add_argument("--code", metavar="编码", help="不写就用上级下面的下一个")
    _add_facts(command)
    command = _change(inner, "rename", "更名", rename, one=True)
    command.add_argument("name", metavar="新名称")
    command = _change(inner, "recode", "换编码（旧编码作废，不再使用）", recode, one=True)
    command.add_argument("code", metavar="新编码", nargs="?", help="不写就用下一个")
    command = _change(inner, "move", "调整上级，下级一起走；可以一次几个", move)
    command.add_argument("grids", metavar="网格", nargs="+", help="编码或名称")
    command.add_argument("--to", required=True, metavar="上级", help="编码或名称；空着表示最上级")
    command = _change(inner, "split", "拆分", split, one=True)
    command.add_argument("--into", action="append", required=True, metavar="一份", help=SHARES)
    command = _change(inner, "merge", "合并", merge)
    command.add_argument("grids", metavar="网格", nargs="+", help="编码或名称")
    target = command.add_mutually_exclusive_group(required=True)
    target.add_argument("--into", metavar="网格", help="并入这个网格")
    target.add_argument("--name", metavar="名称", help="合并成这个新网格")
    command.add_argument("--code", metavar="编码", help="新网格的编码，不写就用下一个")
    command = _change(inner, "convert", "变更类型", convert, one=True)
    command.add_argument("kind", metavar="类型")
    command = _change(inner, "revise", "更新数据（以前的日子还是以前的数）", revise, one=True)
    _add_facts(command)
    command = _change(inner, "close", "关闭网格", close, one=True)
    command.add_argument("--children-to", metavar="网格", help="下级归到这个网格")
    command.add_argument("--workers-to", metavar="网格", help="人员归到这个网格")
    command.add_argument(
        "--leaving", action="append", default=[], metavar="姓名", help="随网格离任的人，可多次"
    )
    command.add_argument("--seats-to", metavar="网格", help="党组织改在这个网格")
    command.add_argument("--dissolve", action="store_true", help="党组织随网格撤销")
    grid_plans.add(inner)


def _change(
    inner: Any, name: str, words: str, drawn: Callable[..., list[Operation]], one: bool = False
) -> argparse.ArgumentParser:
    command = inner.add_parser(name, help=words)
    if one:
        command.add_argument("grid", metavar="网格", help="编码或名称")
    command.add_argument(
        "--date", metavar="日期", help="生效日期，如 2026-07-01；不写就是今天，今天以后的先存着"
    )
    command.add_argument("--reason", metavar="事由", help="为什么变动")
    command.add_argument("--approval", metavar="文号", help="批准文件的文号")
    command.add_argument("--dry-run", action="store_true", help="只看会牵动什么，不写入")
    command.set_defaults(run=_run, drawn=drawn)
    return command


_FIGURES = {
    "households": ("户数", int),
    "merchants": ("商户数", int),
    "population": ("人口", int),
    "area": ("面积", Decimal),
    "extent": ("网格范围", str),
    "zone": ("区域类别", str),
    "note": ("备注", str),
}
_ZONES = {zone.label: zone for zone in Zone}


def _add_facts(command: argparse.ArgumentParser) -> None:
    for name, (label, _) in _FIGURES.items():
        hint = {"area": "平方米", "zone": "、".join(_ZONES)}.get(name)
        command.add_argument(f"--{name}", metavar=label, help=hint)


def _figure(name: str, text: str) -> Any:
    label, kind = _FIGURES[name]
    if name == "zone":
        if text not in _ZONES:
            raise RuleBroken(f"没有“{text}”这种区域类别。可写：{'、'.join(_ZONES)}。")
        return _ZONES[text]
    try:
        return kind(text)
    except (ValueError, InvalidOperation):
        raise RuleBroken(f"{label}“{text}”不是数。") from None


def _facts(asked: argparse.Namespace) -> dict[str, Any]:
    """The figures that the command line names."""
    return {name: _figure(name, text) for name in _FIGURES if (text := getattr(asked, name)) is not None}


def _run(asked: argparse.Namespace, voice: Voice) -> int:
    """Draw what was asked for, and tell it or carry it out."""
    office = opened(asked)
    basis = Basis(day_of(asked.date) or date.today(), asked.reason, asked.approval)
    operations = asked.drawn(office, asked, basis.day)
    if asked.dry_run:
        return tell(voice, office.read(preview, basis, operations))
    answer(office, voice, office.write(change_grids, basis, operations))
    return 0


def _meant(office: Office, said: str) -> int:
    return office.read(grid_meant, said)


def establish(office: Office, asked: argparse.Namespace, _day: date) -> list[Operation]:
    parent = _meant(office, asked.parent) if asked.parent else None
    return [Establish(asked.name, asked.kind, parent, asked.code, Facts(**_facts(asked)))]


def rename(office: Office, asked: argparse.Namespace, _day: date) -> list[Operation]:
    return [Rename(_meant(office, asked.grid), asked.name)]


def recode(office: Office, asked: argparse.Namespace, _day: date) -> list[Operation]:
    return [Recode(_meant(office, asked.grid), asked.code)]


def move(office: Office, asked: argparse.Namespace, _day: date) -> list[Operation]:
    parent = _meant(office, asked.to) if asked.to else None
    return [Move(_meant(office, said), parent) for said in asked.grids]


def convert(office: Office, asked: argparse.Namespace, _day: date) -> list[Operation]:
    return [Convert(_meant(office, asked.grid), asked.kind)]


def revise(office: Office, asked: argparse.Namespace, _day: date) -> list[Operation]:
    values = _facts(asked)
    if not values:
        raise RuleBroken("没说更新什么，写上 --households 等。")
    return [Revise(_meant(office, asked.grid), values)]


def merge(office: Office, asked: argparse.Namespace, _day: date) -> list[Operation]:
    into = _meant(office, asked.into) if asked.into else None
    return [Merge(tuple(_meant(office, said) for said in asked.grids), into, asked.name, asked.code)]


def close(office: Office, asked: argparse.Namespace, day: date) -> list[Operation]:
    number = _meant(office, asked.grid)
    (here,) = office.read(surroundings, [number], day)
    return [
        Close(
            number,
            children_to=_meant(office, asked.children_to) if asked.children_to else None,
            workers_to=_meant(office, asked.workers_to) if asked.workers_to else None,
            leaving=tuple(_post(here, name) for name in asked.leaving),
            seats_to=_meant(office, asked.seats_to) if asked.seats_to else None,
            dissolving=tuple(seat.org_id for seat in here.seats) if asked.dissolve else (),
        )
    ]


def split(office: Office, asked: argparse.Namespace, day: date) -> list[Operation]:
    number = _meant(office, asked.grid)
    (here,) = office.read(surroundings, [number], day)
    return [Split(number, tuple(_share(office, here, said) for said in asked.into))]


def _share(office: Office, here: Surroundings, said: str) -> Share:
    """`第一网格;户数=250;人=王强` as one share of a split."""
    name, *rest = (part.strip() for part in said.replace("；", ";").split(";"))
    labels = {label: key for key, (label, _) in _FIGURES.items()} | {"范围": "extent"}
    figures: dict[str, Any] = {}
    code, workers, below, keeps = None, (), (), False
    for part in rest:
        key, _, value = part.partition("=")
        names = [one for one in value.replace("，", ",").replace("、", ",").split(",") if one]
        if key in labels:
            figures[labels[key]] = _figure(labels[key], value)
        elif key == "编码":
            code = value
        elif key == "人":
            workers = tuple(_post(here, one) for one in names)
        elif key == "下级":
            below = tuple(_below(office, here, one) for one in names)
        elif part == "沿用":
            keeps = True
        elif part:
            raise RuleBroken(
                f"“{part}”看不懂，写成“户数=250”这样；可写：{'、'.join(labels)}、编码、人、下级、沿用。"
            )
    return Share(name, Facts(**figures), code, workers, children=below, keeps=keeps)


def _post(here: Surroundings, name: str) -> int:
    """The post of a person in the grid. Raises `NotFound`, and `RuleBroken` for namesakes."""
    found = [held.id for held in here.posts if held.name == name]
    if len(found) > 1:
        raise RuleBroken(f"“{here.state.name}”里有 {len(found)} 个“{name}”，到窗口里分。")
    if not found:
        raise NotFound(f"“{here.state.name}”里没有“{name}”。")
    return found[0]


def _below(office: Office, here: Surroundings, said: str) -> int:
    """A grid directly below, by its name there or its code."""
    named = [number for number, name in here.children if name == said]
    return named[0] if len(named) == 1 else _meant(office, said)


def list_(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    ask = ask_of(office, asked)
    rows = office.read(lambda session: lines(session, GRIDS, GRIDS.ids(session, ask), ask))
    voice.answer(
        {"grids": rows},
        table(
            ("编码", "名称", "类型", "上级", "户数", "人口"),
            [(row.code, row.name, row.kind, row.parent, row.households, row.population) for row in rows],
        ),
    )


def history(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    number = _meant(office, asked.grid)
    events = office.read(story, number)
    codes = office.read(given_up, [number])
    row = office.read(grid_row, number)
    voice.answer(
        {
            "code": row.code,
            "name": row.name,
            "changes": [
                {
                    "day": event.day,
                    "kind": event.kind.value,
                    "part": event.part.value,
                    "reason": event.reason,
                    "approval": event.approval,
                    "before": event.before,
                    "others": [
                        {"part": kin.part.value, "code": kin.code, "name": kin.name} for kin in event.kin
                    ],
                }
                for event in events
            ],
            "codes_given_up": [{"code": one.code, "day": one.day, "reason": one.reason} for one in codes],
        },
        [
            f"{row.name} {row.code}",
            *(_event(event) for event in events),
            *(f"{one.day}　编码 {one.code} 作废：{one.reason}" for one in codes),
        ]
        if events or codes
        else [f"{row.name} {row.code}：没有变动记载。"],
    )


def _event(event: Event) -> str:
    others = "、".join(f"{kin.part.label} {kin.name}（{kin.code}）" for kin in event.kin)
    said = [f"{event.day}　{event.kind.label}（{event.part.label}）"]
    if event.before is not None:
        said.append(f"此前：{event.before.name} {event.before.code}")
    said += [text for text in (others, event.reason, event.approval) if text]
    return "　".join(said)
