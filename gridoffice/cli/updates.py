"""Newer versions on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from gridoffice.cli.output import Voice
from gridoffice.updating import fetching, installing, places


def add(below: Any) -> None:
    """Say the command to the parser."""
    command = below.add_parser("updates", help="看有没有新版本")
    command.add_argument(
        "--from", dest="place", metavar="文件夹或网址", help="到哪里找，记住；空着是哪里都不找"
    )
    command.add_argument("--fetch", action="store_true", help="有就复制到本机，核对好")
    command.set_defaults(run=updates)


def updates(asked: argparse.Namespace, voice: Voice) -> None:
    """What lies where newer versions are looked for, and, when asked, a proved copy of it."""
    if asked.place is not None:
        places.choose(asked.place)
    where = places.place()
    if not where:
        voice.answer({"place": "", "version": None}, ["没有选更新文件夹，哪里都不找。"])
        return
    found = places.newest(where)
    if found is None:
        voice.answer({"place": where, "version": None}, [f"已是最新版本。找的是“{where}”。"])
        return
    file = fetching.fetch(where, found) if asked.fetch else None
    voice.answer(
        {"place": where, "version": found.version, "news": found.news, "file": str(file) if file else None},
        [
            f"有新版本 {found.version}（{found.day}）：",
            found.news,
            *([f"已复制到“{file}”，签名和内容都对得上。"] if file else []),
            *([installing.by_hand(file)] if file and not installing.can_install() else []),
        ],
    )
