"""Workbooks in."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from gridoffice import ledgers
from gridoffice.cli.asking import add_map, meant, opened
from gridoffice.cli.output import Voice, problem_facts, problem_line
from gridoffice.errors import RuleBroken
from gridoffice.intake import Key, Merge, Options, Outcome
from gridoffice.office import Office
from gridoffice.questions import TO, Choice
from gridoffice.review import Review, Reviewed
from gridoffice.settling import OUT_OF_SCOPE
from gridoffice.spreadsheet.guide import Guide, Hidden

STDIN = Path("-")


def add(below: Any) -> None:
    """Say every command of this file to the parser."""
    command = below.add_parser("import", help="导入一个台账")
    command.add_argument("ledger")
    add_incoming(command)
    command.add_argument("--month", help="月份，如 2026-06（月度指标数据用）")
    command.set_defaults(run=import_)


def add_incoming(command: argparse.ArgumentParser) -> None:
    """The file and how it is taken in: the words that every command has which takes a file in."""
    command.add_argument("file", type=Path, help="工作簿；写 - 就读从剪贴板粘来的文字")
    command.add_argument("--scorer", default="", help="月度指标数据：只要这个评分单位的指标")
    command.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    command.add_argument("--good-rows-only", action="store_true", help="有错的行不写，其余照写")
    command.add_argument("--merge", choices=[m.value for m in Merge], default=Merge.FILL.value)
    command.add_argument("--receipt", type=Path, metavar="文件", help="错误回执：原表标出问题另存")
    command.add_argument("--sheet", action="append", default=[], metavar="表名", help="只读这张表，可多次")
    add_map(command)
    command.add_argument(
        "--column-merge",
        action="append",
        default=[],
        metavar="列名=规则",
        help="这一列另用的合并规则，可多次",
    )
    command.add_argument(
        "--key",
        choices=[k.value for k in Key],
        default=Key.AUTO.value,
        help="按什么认出是同一条：" + "、".join(f"{k.value} {k.label}" for k in Key),
    )
    command.add_argument("--create-missing", action="store_true", help="没有的网格，能建的就建")
    command.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="问题=回答",
        help="回答核对时问的问题，可多次；写入后记住",
    )
    command.add_argument(
        "--hidden", choices=[h.value for h in Hidden], default=Hidden.ASK.value, help="藏起来的行和表怎么办"
    )


def import_facts(review: Review, seen: Reviewed) -> dict[str, Any]:
    """An import as JSON, the shape that outside checks rely on."""
    taken, main = review.come.taken, seen.sheets[0]
    return {
        "ledger": seen.ledger,
        "file": seen.file,
        "sheet": main.name,
        "sheets": [
            {"name": one.name, "rows": one.rows, "header_rows": list(one.layout.header_rows)}
            for one in seen.sheets
        ],
        "left_out": [{"sheet": one.sheet, "why": one.why, "rows": one.rows} for one in seen.left_out],
        "header_rows": list(main.layout.header_rows),
        "written": seen.written,
        "action": seen.action,
        "rows": seen.total,
        "new": seen.counts[Outcome.NEW],
        "updated": seen.counts[Outcome.UPDATED],
        "unchanged": seen.counts[Outcome.UNCHANGED],
        "conflicts": seen.counts[Outcome.CONFLICT],
        "errors": seen.counts[Outcome.ERROR],
        "skipped": seen.counts[Outcome.SKIPPED],
        "out_of_scope": seen.out_of_scope,
        "cells": seen.cells,
        "skipped_rows": [{"row": one.row, "why": one.why} for one in taken.skipped],
        "mapping": [
            {"column": one.letter, "heading": one.heading, "field": one.column.field.label, "how": one.how}
            for one in main.layout.columns
        ],
        "unmapped": list(main.layout.unmapped),
        "questions": [asdict(question) for question in seen.questions],
        "before": None if seen.before is None else asdict(seen.before),
        "problems": [problem_facts(problem) for problem in review.plan.problems],
    }


def import_(asked: argparse.Namespace, voice: Voice) -> int:
    office = opened(asked)
    options = _options(asked, office)
    source = sys.stdin.read() if asked.file == STDIN else asked.file
    review = Review(office, asked.ledger, source, options)
    if asked.answer:
        review.again(replace(options, answers=_answers(review.summary(), asked.answer)))
    seen = review.summary() if asked.dry_run else review.write()
    stopped = bool(seen.blocked) and not asked.good_rows_only
    if stopped:
        last = f"有 {seen.blocked} 行要先处理，一行也没有写入。"
    elif asked.dry_run:
        last = "只核对，没有写入。"
    elif seen.action is None:
        last = "没有变化，没有写入。"
    else:
        last = f"已写入，变动编号 {seen.action}。"
    if asked.receipt is not None:
        marked = review.receipt(asked.receipt)
        last += f"错误回执在“{asked.receipt}”，标出 {marked.cells} 格。"
    voice.answer(import_facts(review, seen), [*_told(review, seen), last])
    return 1 if stopped else 0


def _options(asked: argparse.Namespace, office: Office) -> Options:
    options = Options(
        Merge(asked.merge),
        asked.good_rows_only,
        asked.month,
        scorer=asked.scorer,
        key=Key(asked.key),
        create_missing=asked.create_missing,
    )
    columns = office.read(ledgers.ledger_called(asked.ledger).columns, options)
    names = {column.field.label: column.name for column in columns}
    guide = Guide(
        forced={heading: name for heading, name in (meant(names, said) for said in asked.map)},
        hidden=Hidden(asked.hidden),
        sheets=tuple(asked.sheet),
    )
    merges = dict(_merge(names, said) for said in asked.column_merge)
    return replace(options, guide=guide, merges=merges)


def _merge(names: dict[str, str], said: str) -> tuple[str, Merge]:
    """`联系电话=blanks` as the column's name and its rule."""
    label, _, rule = said.rpartition("=")
    if label not in names or rule not in list(Merge):
        rules, known = "、".join(Merge), "、".join(names)
        raise RuleBroken(f"“{said}”看不懂，写成“列名=规则”。规则有：{rules}；列名有：{known}。")
    return names[label], Merge(rule)


def _answers(seen: Reviewed, said: list[str]) -> dict[str, str]:
    """`青河路网格=519921001001002` as the question's key and an answer to it: a choice by its sign or
    by its words, or the record it is about."""
    asked = {name: question for question in seen.questions for name in (question.value, question.key)}
    found = {}
    for one in said:
        name, _, answer = one.rpartition("=")
        question = asked.get(name)
        if question is None:
            known = "、".join(f"“{question.key}”" for question in seen.questions[:10]) or "没有"
            raise RuleBroken(f"没有问“{name or one}”。问到的有：{known}。")
        signs = {sign: choice.answer for choice in question.choices for sign in _signs(choice)}
        found[question.key] = signs.get(answer) or TO + answer
    return found


def _signs(choice: Choice) -> tuple[str, ...]:
    """How a choice may be called."""
    return choice.answer.split()[0], choice.answer.removeprefix(TO), choice.words, choice.answer


def _told(review: Review, seen: Reviewed) -> list[str]:
    """An import in sentences."""
    main, problems = seen.sheets[0], review.plan.problems
    lines = [f"{seen.title}“{seen.name}”，工作表“{main.name}”：{seen.total} 行，{seen.in_words()}。"]
    if seen.before is not None:
        day = seen.before.day.astimezone().strftime("%Y-%m-%d %H:%M")
        lines.append(f"这份文件 {day} 由{seen.before.who}导入过（变动编号 {seen.before.action}）。")
    if seen.out_of_scope:
        lines.append(f"{OUT_OF_SCOPE}的 {seen.out_of_scope} 行。")
    skipped = sum((Counter(sheet.skipped) for sheet in seen.sheets), Counter())
    if skipped:
        lines.append("不算数据的行：" + "、".join(f"{why} {count}" for why, count in skipped.items()) + "。")
    if main.layout.unmapped:
        lines.append(f"没认出的列：{'、'.join(main.layout.unmapped)}。")
    lines += [problem_line(problem) for problem in problems[:50]]
    if len(problems) > 50:
        lines.append(f"  ……还有 {len(problems) - 50} 处。")
    waiting = [question for question in seen.questions if question.answer is None]
    for question in waiting[:20]:
        lines.append(f"  问　{question.words}可以答（--answer '{question.key}=…'）：")
        lines += [f"      {choice.answer}　{choice.words}" for choice in question.choices]
    return lines
