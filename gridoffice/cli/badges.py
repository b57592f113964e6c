"""Whether a text scanned from a badge is one that this office gave out; no network is needed."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import Any

from gridoffice.cli.asking import opened
from gridoffice.cli.output import Voice
from gridoffice.overview.badges import check_badge

NOT_GOOD = 1
"""The exit status of a badge that nobody should be let in with."""


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("badge", help="工作证：核对扫到的文字")
    inner = command.add_subparsers(dest="what", required=True)
    one = inner.add_parser("verify", help="核对一段扫到的文字：真不真，过没过期，人还在不在岗")
    one.add_argument("text", help="扫到的全部文字；写 - 就从标准输入读")
    one.set_defaults(run=verify)


def verify(asked: argparse.Namespace, voice: Voice) -> int | None:
    text = sys.stdin.read() if asked.text == "-" else asked.text
    told = opened(asked).read(check_badge, text)
    voice.answer({"badge": asdict(told)}, [told.words])
    return None if told.good else NOT_GOOD
