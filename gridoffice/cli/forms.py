"""Workbooks out: exports, templates, other people's forms."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from gridoffice import exports, filling
from gridoffice.cli.asking import add_map, add_reveal, add_scope, ask_of, meant, opened
from gridoffice.cli.output import Voice
from gridoffice.errors import RuleBroken
from gridoffice.intake import Options
from gridoffice.ledgers import MONTHLY, ledger_called
from gridoffice.listing import Ask, Filter, Listing
from gridoffice.office import Office
from gridoffice.spreadsheet.form_values import Days, FormStyle, Numbers
from gridoffice.spreadsheet.guide import Guide


def add(below: Any) -> None:
    """Say every command of this file to the parser."""
    command = below.add_parser("export", help="导出一个台账")
    command.add_argument("ledger")
    command.add_argument("file", type=Path)
    _add_wanted(command)
    command.add_argument("--columns", metavar="列名、列名", help="只要这些列，按这个顺序")
    command.add_argument("--month", help="月份（月度指标数据、自评初评表用）")
    add_reveal(command)
    command.set_defaults(run=export)

    command = below.add_parser("template", help="台账的空表")
    command.add_argument("ledger")
    command.add_argument("file", type=Path)
    command.add_argument("--month", help="月份（月度指标数据、自评初评表用）")
    command.add_argument("--scorer", default="", help="只要这个评分单位的指标（月度指标数据用）")
    command.set_defaults(run=template)

    command = below.add_parser("fill", help="填别人发来的空表")
    command.add_argument("form", type=Path)
    command.add_argument("file", type=Path)
    command.add_argument("--ledger", choices=sorted(filling.OFFERED), help="用哪个台账；不说就按表头认")
    _add_wanted(command)
    add_map(command)
    command.add_argument(
        "--days",
        choices=[one.value for one in Days],
        help="日期怎么写：form 跟着表，iso 2026-12-05，dots 2026.12.5，chinese 2026年12月5日，"
        "compact 20261205，month 2026.12；写过就记住",
    )
    command.add_argument(
        "--numbers",
        choices=[one.value for one in Numbers],
        help="证件号怎么写：plain 连写，spaced 分段；写过就记住",
    )
    add_reveal(command)
    command.set_defaults(run=fill)


def _add_wanted(command: argparse.ArgumentParser) -> None:
    """Which rows, in which order."""
    add_scope(command)
    command.add_argument("--search", metavar="文字", default="", help="只要找得到这些字的")
    command.add_argument(
        "--where", action="append", default=[], metavar="列名=值、值", help="只要这一列是这些值的，可多次"
    )
    command.add_argument("--sort", metavar="列名", help="按这一列排")
    command.add_argument("--descending", action="store_true", help="倒着排")


def _wanted(office: Office, asked: argparse.Namespace, listing: Listing) -> Ask:
    """What the words on the command line ask of a list. Raises `RuleBroken` naming what there is."""
    ask = replace(ask_of(office, asked), search=asked.search, descending=asked.descending)
    for said in asked.where:
        label, sign, texts = said.partition("=")
        name = _called(listing, label, listing.filters if sign else frozenset())
        known = {words or "空": value for value, words, _ in office.read(listing.choices, ask, name)}
        texts = _several(texts)
        if lost := next((text for text in texts if text not in known), None):
            raise RuleBroken(f"“{label}”里没有“{lost}”。现有：{'、'.join(known)}。")
        ask = replace(ask, filters=(*ask.filters, Filter(name, tuple(known[text] for text in texts))))
    return replace(ask, sort=_called(listing, asked.sort, listing.sorts)) if asked.sort else ask


def _called(listing: Listing, label: str, among: Collection[str]) -> str:
    """The name of the column that is called so."""
    names = {column.field.label: column.name for column in listing.columns if column.name in among}
    if label not in names:
        raise RuleBroken(f"这里不能用“{label}”。可以用：{'、'.join(names) or '列名=值'}。")
    return names[label]


def _several(words: str) -> list[str]:
    return [word.strip() for word in re.split("[、,，]", words) if word.strip()]


def export(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    ledger = ledger_called(asked.ledger)
    listing = ledger.listing
    if listing is None:
        if asked.month is None:
            raise RuleBroken(f"{ledger.title}按月导出，加上 --month 2026-06 这样的月份。")
        listing = office.read(MONTHLY[ledger.key], asked.month)
    names = {column.name for column in listing.columns}
    columns = [_called(listing, label, names) for label in _several(asked.columns)] if asked.columns else None
    count = exports.export(
        office,
        listing,
        asked.file,
        _wanted(office, asked, listing),
        columns=columns,
        reveal=asked.reveal,
        reason=asked.reason,
    )
    voice.answer(
        {"ledger": ledger.key, "file": str(asked.file), "rows": count, "revealed": asked.reveal},
        [f"已导出{ledger.title} {count} {ledger.unit}到“{asked.file}”。"],
    )


def template(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    exports.template(office, asked.ledger, asked.file, Options(month=asked.month, scorer=asked.scorer))
    voice.answer(
        {"ledger": asked.ledger, "file": str(asked.file)},
        [f"{ledger_called(asked.ledger).title}的空表在“{asked.file}”。"],
    )


def fill(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    key = asked.ledger or office.read(filling.best_ledger, asked.form)
    ledger = ledger_called(key)
    assert ledger.listing is not None  # whatever is offered to forms is a list
    names = {column.field.label: column.name for column in filling.OFFERED[key]}
    guide = Guide(forced=dict(meant(names, said) for said in asked.map)) if asked.map else None
    ask = _wanted(office, asked, ledger.listing)
    style = None
    if asked.days or asked.numbers:
        before = filling.form_seen(office, key, asked.form, ask, guide).style
        style = FormStyle(Days(asked.days or before.days), Numbers(asked.numbers or before.numbers))
    form, done = filling.fill(
        office,
        key,
        asked.form,
        asked.file,
        ask,
        guide=guide,
        style=style,
        reveal=asked.reveal,
        reason=asked.reason,
    )
    main = form.main
    voice.answer(
        {
            "ledger": key,
            "form": str(asked.form),
            "file": str(asked.file),
            "kind": main.kind.value,
            "rows": done.rows,
            "sheets": list(done.sheets),
            "headings": main.total,
            "known": [{"heading": heading, "field": what.field.label} for heading, what in main.known],
            "unknown": list(done.unknown),
            "computed": list(done.computed),
            "without_line": list(done.without_line),
            "without_record": list(done.without_record),
            "not_offered": list(done.not_offered),
            "revealed": asked.reveal,
        },
        [
            form.in_words(),
            f"已用{ledger.title}填 {done.rows} 行到“{asked.file}”。",
            *filling.left_blank(done),
        ],
    )
