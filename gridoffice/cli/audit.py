"""The audit from the command line: lines found, and the workbook of an inspection."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from gridoffice.audit import KEPT_DAYS, AuditAsk, Matter, alarms, audit_book, audit_lines, names
from gridoffice.cli.asking import day_of, opened
from gridoffice.cli.output import Voice, table


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("audit", help="操作审计：查变动记录，导出给检查的工作簿")
    command.add_argument(
        "out", nargs="?", type=Path, metavar="输出.xlsx", help="导出到这个文件（不写就列出）"
    )
    command.add_argument("--find", default="", metavar="文字", help="办了什么、谁办的、哪台电脑")
    command.add_argument("--who", metavar="账号", help="只看这个账号")
    command.add_argument(
        "--matter",
        choices=[one.value for one in Matter],
        help="、".join(f"{one.value} {one.label}" for one in Matter),
    )
    command.add_argument(
        "--from", dest="first", metavar="日期", help=f"从哪天（导出时不写就是 {KEPT_DAYS} 天前）"
    )
    command.add_argument("--to", dest="last", metavar="日期", help="到哪天")
    command.add_argument("--failed", action="store_true", help="只看没有成功的登录")
    command.add_argument("--limit", type=int, default=50, help="最多列出多少条")
    command.set_defaults(run=run)


def run(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    ask = AuditAsk(
        text=asked.find,
        who=asked.who,
        matter=Matter(asked.matter) if asked.matter else None,
        first=day_of(asked.first),
        last=day_of(asked.last),
        failed=asked.failed,
    )
    if asked.out is not None:
        ask = ask if ask.first else replace(ask, first=date.today() - timedelta(days=KEPT_DAYS))
        count = audit_book(office, asked.out, ask)
        voice.answer({"file": str(asked.out), "rows": count}, [f"已导出 {count} 条到“{asked.out}”。"])
        return
    lines, count = office.read(audit_lines, ask, asked.limit)
    shown, told = office.read(names), office.read(alarms)
    facts = [
        {
            "action": line.id,
            "at": line.at.isoformat(),
            "who": line.who,
            "title": line.title,
            "terminal": line.terminal,
            "deed": line.deed,
        }
        for line in lines
    ]
    rows = [
        (
            str(line.id),
            f"{line.at.astimezone():%Y-%m-%d %H:%M:%S}",
            shown.get(line.who, line.who),
            line.title,
            line.terminal,
        )
        for line in lines
    ]
    voice.answer(
        {"lines": facts, "count": count, "alarms": [one.words for one in told]},
        [
            *(one.words for one in told),
            *table(("编号", "时间", "谁", "办了什么", "在哪台电脑"), rows),
            f"共 {count} 条，列出 {len(lines)} 条。",
        ],
    )
