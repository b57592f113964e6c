"""Tables of rules that an office may put its own in place of: listed, written out, read in, put back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gridoffice.assessment.working_days import HOLIDAYS
from gridoffice.cli.asking import opened, put_text, text_in
from gridoffice.cli.output import Voice, table
from gridoffice.errors import NotFound
from gridoffice.own_tables import OwnTable, save_own_table
from gridoffice.party.reporting import SERVICE
from gridoffice.qualifications.service import SKILLS
from gridoffice.training.service import HOURS

TABLES: dict[str, OwnTable[Any]] = {one.key: one for one in (SKILLS, HOURS, SERVICE, HOLIDAYS)}


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser(
        "tables", help="本办的规定：技能等级申报条件、培训学时要求、双报到服务要求、法定节假日"
    )
    command.set_defaults(run=listed)
    inner = command.add_subparsers(dest="what")
    for name, words, run in (
        ("write", "把现在用的写成文件，好编辑", write),
        ("read", "读入编辑好的", read),
        ("reset", "改回随程序的", reset),
    ):
        one = inner.add_parser(name, help=words)
        one.add_argument("key")
        if name != "reset":
            one.add_argument("file", type=Path)
        one.set_defaults(run=run)


def _called(key: str) -> OwnTable[Any]:
    if key not in TABLES:
        known = "、".join(f"{one.key}（{one.title}）" for one in TABLES.values())
        raise NotFound(f"没有规定“{key}”。现有：{known}。")
    return TABLES[key]


def listed(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    found = [(one.key, one.title, office.read(one.text) != one.shipped()) for one in TABLES.values()]
    voice.answer(
        {"tables": [{"key": key, "title": title, "own": own} for key, title, own in found]},
        table(("规定", "名称", ""), [(key, title, "本办自己的" if own else "") for key, title, own in found]),
    )


def write(asked: argparse.Namespace, voice: Voice) -> None:
    one = _called(asked.key)
    put_text(asked.file, opened(asked).read(one.text))
    voice.answer({"key": one.key, "file": str(asked.file)}, [f"{one.title}已写到“{asked.file}”。"])


def read(asked: argparse.Namespace, voice: Voice) -> None:
    one = _called(asked.key)
    done = opened(asked).write(save_own_table, one, text_in(asked.file))
    voice.answer({"key": one.key, "action": done.action}, [f"{one.title}已换成本办自己的。"])


def reset(asked: argparse.Namespace, voice: Voice) -> None:
    one = _called(asked.key)
    done = opened(asked).write(save_own_table, one, None)
    voice.answer({"key": one.key, "action": done.action}, [f"{one.title}已改回随程序的。"])
