"""Workbooks out: exports, templates, other people's forms."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gridoffice import exports
from gridoffice.cli.asking import add_reveal, add_scope, ask_of, opened
from gridoffice.cli.output import Voice
from gridoffice.errors import RuleBroken
from gridoffice.intake import Options
from gridoffice.ledgers import ledger_called


def add(below: Any) -> None:
    """Say every command of this file to the parser."""
    command = below.add_parser("export", help="导出一个台账")
    command.add_argument("ledger")
    command.add_argument("file", type=Path)
    add_scope(command)
    command.add_argument("--month", help="月份（月度指标数据用）")
    add_reveal(command)
    command.set_defaults(run=export)

    command = below.add_parser("template", help="台账的空表")
    command.add_argument("ledger")
    command.add_argument("file", type=Path)
    command.add_argument("--month", help="月份（月度指标数据用）")
    command.set_defaults(run=template)

    command = below.add_parser("fill", help="填别人发来的空表")
    command.add_argument("form", type=Path)
    command.add_argument("file", type=Path)
    command.add_argument("--ledger", required=True)
    add_scope(command)
    add_reveal(command)
    command.set_defaults(run=fill)


def export(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    ledger = ledger_called(asked.ledger)
    if ledger.listing is None:
        raise RuleBroken(f"{ledger.title}按月导出：assess export {asked.month or '月份'} 文件。")
    count = exports.export(
        office, ledger.listing, asked.file, ask_of(office, asked), reveal=asked.reveal, reason=asked.reason
    )
    voice.answer(
        {"ledger": ledger.key, "file": str(asked.file), "rows": count, "revealed": asked.reveal},
        [f"已导出{ledger.title} {count} {ledger.unit}到“{asked.file}”。"],
    )


def template(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    exports.template(office, asked.ledger, asked.file, Options(month=asked.month))
    voice.answer(
        {"ledger": asked.ledger, "file": str(asked.file)},
        [f"{ledger_called(asked.ledger).title}的空表在“{asked.file}”。"],
    )


def fill(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    form, done = exports.fill(
        office,
        asked.ledger,
        asked.form,
        asked.file,
        ask_of(office, asked),
        reveal=asked.reveal,
        reason=asked.reason,
    )
    voice.answer(
        {
            "ledger": asked.ledger,
            "form": str(asked.form),
            "file": str(asked.file),
            "rows": done.rows,
            "sheets": list(done.sheets),
            "known": [{"heading": heading, "field": what.field.label} for heading, what in form.main.known],
            "unknown": list(done.unknown),
            "without_line": list(done.without_line),
            "without_record": list(done.without_record),
            "not_offered": list(done.not_offered),
            "revealed": asked.reveal,
        },
        [form.in_words(), f"已填 {done.rows} 行到“{asked.file}”。"],
    )
