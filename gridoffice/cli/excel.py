"""Workbooks in."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from gridoffice import ledgers
from gridoffice.cli.asking import add_map, meant, opened
from gridoffice.cli.output import Voice, problem_facts, problem_line
from gridoffice.intake import Merge, Options, Outcome, Preview
from gridoffice.spreadsheet.guide import Guide, Hidden


def add(below: Any) -> None:
    """Say every command of this file to the parser."""
    command = below.add_parser("import", help="导入一个台账")
    command.add_argument("ledger")
    command.add_argument("file", type=Path)
    command.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    command.add_argument("--good-rows-only", action="store_true", help="有错的行不写，其余照写")
    command.add_argument("--merge", choices=[m.value for m in Merge], default=Merge.FILL.value)
    command.add_argument("--month", help="月份，如 2026-06（月度指标数据用）")
    command.add_argument("--receipt", type=Path, metavar="文件", help="错误回执：原表标出问题另存")
    command.add_argument("--sheet", action="append", default=[], metavar="表名", help="只读这张表，可多次")
    add_map(command)
    command.add_argument(
        "--hidden", choices=[h.value for h in Hidden], default=Hidden.ASK.value, help="藏起来的行和表怎么办"
    )
    command.set_defaults(run=import_)


def preview_facts(preview: Preview, action: int | None) -> dict[str, Any]:
    """An import as JSON, the shape that outside checks rely on."""
    layout = preview.incoming.layout
    return {
        "ledger": preview.ledger,
        "file": preview.incoming.file,
        "sheet": preview.incoming.sheet,
        "sheets": [
            {"name": one.name, "rows": len(one.taken.rows), "header_rows": list(one.layout.header_rows)}
            for one in preview.incoming.taken.sheets
        ],
        "left_out": [
            {"sheet": one.sheet, "why": one.why, "rows": one.rows} for one in preview.incoming.taken.left_out
        ],
        "header_rows": list(layout.header_rows),
        "written": preview.written,
        "action": action,
        "rows": len(preview.rows),
        "new": preview.count(Outcome.NEW),
        "updated": preview.count(Outcome.UPDATED),
        "unchanged": preview.count(Outcome.UNCHANGED),
        "conflicts": preview.count(Outcome.CONFLICT),
        "errors": preview.count(Outcome.ERROR),
        "skipped": 0,
        "skipped_rows": [{"row": one.row, "why": one.why} for one in preview.incoming.taken.skipped],
        "mapping": [
            {"column": one.letter, "heading": one.heading, "field": one.column.field.label, "how": one.how}
            for one in layout.columns
        ],
        "unmapped": list(layout.unmapped),
        "problems": [problem_facts(problem) for problem in preview.problems],
    }


def import_(asked: argparse.Namespace, voice: Voice) -> int:
    office = opened(asked)
    options = Options(Merge(asked.merge), asked.good_rows_only, asked.month)
    if asked.sheet or asked.map or asked.hidden != Hidden.ASK:
        columns = office.read(ledgers.ledger_called(asked.ledger).columns, options)
        names = {column.field.label: column.name for column in columns}
        guide = Guide(
            forced={heading: name for heading, name in (meant(names, said) for said in asked.map)},
            hidden=Hidden(asked.hidden),
            sheets=tuple(asked.sheet),
        )
        options = replace(options, guide=guide)
    done = ledgers.import_file(office, asked.ledger, asked.file, options, asked.dry_run)
    preview = done.preview
    stopped = preview.blocked and not asked.good_rows_only
    if stopped:
        last = f"有 {preview.blocked} 行要先处理，一行也没有写入。"
    elif asked.dry_run:
        last = "只核对，没有写入。"
    elif done.action is None:
        last = "没有变化，没有写入。"
    else:
        last = f"已写入，变动编号 {done.action}。"
    if asked.receipt is not None:
        marked = ledgers.receipt(office, preview, asked.receipt)
        last += f"错误回执在“{asked.receipt}”，标出 {marked.cells} 格。"
    skipped = Counter(one.why for one in preview.incoming.taken.skipped)
    lines = [
        f"{preview.title}“{asked.file.name}”，工作表“{preview.incoming.sheet}”："
        f"{len(preview.rows)} 行，{preview.in_words()}。"
    ]
    if skipped:
        lines.append("不算数据的行：" + "、".join(f"{why} {count}" for why, count in skipped.items()) + "。")
    if preview.incoming.layout.unmapped:
        lines.append(f"没认出的列：{'、'.join(preview.incoming.layout.unmapped)}。")
    shown = preview.problems[:50]
    lines += [problem_line(problem) for problem in shown]
    if len(preview.problems) > len(shown):
        lines.append(f"  ……还有 {len(preview.problems) - len(shown)} 处。")
    voice.answer(preview_facts(preview, done.action), [*lines, last])
    return 1 if stopped else 0
