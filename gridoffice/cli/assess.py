"""`assess …`: the monthly assessment as commands."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from db.enums import MonthState
from gridoffice import exports
from gridoffice.assessment import locking, service
from gridoffice.assessment import month as months
from gridoffice.assessment import results as kept
from gridoffice.assessment.ledger import INDICATOR_LEDGER
from gridoffice.assessment.rows import SheetRow, results
from gridoffice.assessment.rules import in_words, moves_from
from gridoffice.assessment.since_locked import ledgers_since
from gridoffice.cli import course, excel, schemes
from gridoffice.cli.asking import opened
from gridoffice.cli.course import of_month
from gridoffice.cli.output import Voice, table
from gridoffice.errors import NotFound
from gridoffice.listing import Ask
from gridoffice.overview.sheet_hits import sheet_numbers


def add(below: Any) -> None:
    """Say every command of this file to the parser."""
    top = below.add_parser("assess", help="月度考核")
    inner = top.add_subparsers(dest="what", required=True)

    inner.add_parser("schemes", help="列出考核方案").set_defaults(run=schemes.listed)
    command = inner.add_parser("months", help="列出月份")
    command.add_argument("--every", action="store_true", help="连同以前的版次")
    command.set_defaults(run=list_months)

    command = inner.add_parser("open", help="开始一个月的考核")
    command.add_argument("month", help="月份，如 2026-06")
    command.add_argument("--scheme", help="考核方案（schemes 列出全部）")
    command.set_defaults(run=open_)
    command = of_month(inner, "import", "导入指标数据", import_)
    command.set_defaults(ledger=INDICATOR_LEDGER.key)
    excel.add_incoming(command)
    of_month(inner, "compute", "计算得分", compute)
    command = of_month(inner, "show", "看得分", show)
    command.add_argument("--trace", metavar="姓名或身份证号", nargs="?", const="", help="得分从哪来")
    command = of_month(inner, "export", "导出成绩单", export)
    command.add_argument("file", type=Path)
    command = of_month(inner, "move", "进入下一步", move)
    command.add_argument("to", choices=[s.value for s in MonthState if s is not MonthState.LOCKED])
    command.add_argument("--reason", default="", help="退回的原因")
    of_month(inner, "lock", "锁定（锁定后不能改）", lock)
    of_month(inner, "verify", "重新计算已锁定的月份并比对，并与现在的台账比", verify)
    course.add(inner)


def list_months(asked: argparse.Namespace, voice: Voice) -> None:
    found = opened(asked).read(months.months, asked.every)
    voice.answer(
        {
            "months": [
                {
                    "month": one.period,
                    "scheme": one.scheme_key,
                    "target": one.target.value,
                    "version": one.edition,
                    "state": one.state.value,
                }
                for one in found
            ]
        },
        table(
            ("月份", "对象", "方案", "版次", "状态"),
            [(one.period, one.target.label, one.scheme, one.edition, one.state.label) for one in found],
        ),
    )


def open_(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(service.open_month, asked.month, asked.scheme)
    voice.answer({"month": asked.month, "people": done.result, "action": done.action}, [f"{done.title}。"])


def import_(asked: argparse.Namespace, voice: Voice) -> int | None:
    asked.month = asked.meant
    return excel.import_(asked, voice)


def compute(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    done = office.write(service.compute, asked.meant)
    facts = office.read(months.month_facts, asked.meant)
    voice.answer(
        {
            "month": asked.month,
            "people": facts.people,
            "scored": facts.scored,
            "mean": facts.mean,
            "grades": {grade or "待补": count for grade, count in facts.counts.items()},
            "action": done.action,
        },
        [f"{done.title}。"],
    )


def show(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    facts = office.read(months.month_facts, asked.meant)
    listing = office.read(results, asked.meant)
    rows: list[SheetRow] = office.read(lambda session: listing.rows(session, listing.ids(session, Ask())))
    if asked.trace:
        return _trace(asked, voice, rows)
    traces = office.read(kept.traces, asked.meant) if asked.trace == "" else {}
    voice.answer(
        {
            "month": asked.month,
            "state": facts.state.value,
            "scheme": facts.scheme.key,
            "people": facts.people,
            "scored": facts.scored,
            "mean": facts.mean,
            "locked_by": facts.locked_by,
            "sheets": [
                {
                    "name": row.name,
                    "grid": row.grid,
                    "unit": row.unit,
                    "title": row.title,
                    "points": row.parts,
                    "total": row.total,
                    "grade": row.grade,
                    "rank": row.rank,
                    "unit_rank": row.unit_rank,
                    **({"trace": traces[row.id]} if traces else {}),
                }
                for row in rows
            ],
        },
        [
            f"{in_words(asked.month)}考核，{facts.state.label}，{facts.scored}/{facts.people} 人有总分。",
            *table(
                ("排名", "姓名", "所属网格", "合计", "等次"),
                [
                    (row.rank, row.name, row.grid, row.total if row.total is not None else "待补", row.grade)
                    for row in rows
                ],
            ),
        ],
    )
    return None


def _trace(asked: argparse.Namespace, voice: Voice, rows: list[SheetRow]) -> None:
    office = opened(asked)
    wanted = asked.trace.strip()
    numbers = office.read(sheet_numbers, asked.meant)
    found = [row for row in rows if row.name == wanted or numbers.get(row.id) == wanted.upper()]
    if not found:
        raise NotFound(f"{in_words(asked.month)}考核里没有“{wanted}”。")
    explained = office.read(kept.traces, asked.meant, {row.id for row in found})
    traces = [(row, explained[row.id]) for row in found]
    lines = []
    for row, trace in traces:
        lines.append(f"{row.name}（{row.grid}）")
        lines += [f"  {line['sentence']}" for line in trace["lines"]]
        lines += [f"  {trace['formula']}", f"  {trace['verdict']}", *(f"  {note}" for note in trace["notes"])]
    voice.answer(
        {
            "month": asked.month,
            "sheets": [
                {
                    "name": row.name,
                    "grid": row.grid,
                    "total": row.total,
                    "grade": row.grade,
                    "rank": row.rank,
                    "trace": trace,
                }
                for row, trace in traces
            ],
        },
        lines,
    )


def export(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    listing = office.read(results, asked.meant)
    title = f"{in_words(asked.month)}网格员考核成绩表"
    count = exports.export(office, listing, asked.file, Ask(), title=title)
    voice.answer(
        {"month": asked.month, "file": str(asked.file), "rows": count},
        [f"已导出成绩 {count} 人到“{asked.file}”。"],
    )


def move(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(service.move_month, asked.meant, MonthState(asked.to), asked.reason)
    next_ = "、".join(f"{one.to.value}（{one.label}）" for one in moves_from(MonthState(asked.to)))
    voice.answer(
        {"month": asked.month, "state": asked.to, "action": done.action},
        [f"{done.title}。", f"下一步：{next_}。"],
    )


def lock(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(locking.lock_month, asked.meant)
    voice.answer(
        {"month": asked.month, "state": "locked", "digest": done.result, "action": done.action},
        [f"{done.title}。封存码 {done.result[:16]}。"],
    )


def verify(asked: argparse.Namespace, voice: Voice) -> int:
    office = opened(asked)
    found = office.read(locking.verify_month, asked.meant)
    # what was altered may not be readable
    since = [] if found else office.read(ledgers_since, asked.meant)
    words = in_words(asked.month)
    lines = found or [f"{words}考核重新计算与锁定时一致。"]
    told = (
        [f"与现在的台账比，有 {len(since)} 处不同（台账后来可以改，不影响已锁定的结果）："] if since else []
    )
    voice.answer(
        {"month": asked.month, "ok": not found, "findings": found, "since": since}, [*lines, *told, *since]
    )
    return 1 if found else 0
