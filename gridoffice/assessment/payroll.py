"""绩效发放表: what each month's result is worth in yuan, to the fen, with sums by unit and for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.server import numbers
from db.tables import Sheet
from gridoffice.assessment.in_a_row import consequences_of
from gridoffice.assessment.month import (
    Where,
    all_raw_values,
    below_in_month,
    month_record,
    scheme_of,
    sheet_rows,
)
from gridoffice.assessment.printed import Cell, Printed
from gridoffice.assessment.publicity import SHOWN
from gridoffice.assessment.rules import in_words, period_days
from gridoffice.errors import RuleBroken
from gridoffice.masking import mask_id
from gridoffice.scoring.pay import Paid, pay_of
from gridoffice.scoring.policies import PayKind
from gridoffice.scoring.scheme import Scheme, is_money

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Payment:
    """One person's line: the sheet and what it is worth."""

    sheet: dict[str, Any]
    paid: Paid


def payments(session: Session, where: Where, scope: int | None = None) -> tuple[Scheme, list[Payment]]:
    """What everybody assessed in a month is paid, unit by unit. Raises `RuleBroken` while results are not
    public yet, or when the scheme says nothing about pay."""
    month = month_record(session, where)
    if month.state not in SHOWN:
        raise RuleBroken(f"{in_words(month.period)}还在{month.state.label}，结果公示以后再出绩效发放表。")
    scheme = scheme_of(session, month)
    rows = sheet_rows(session, month.id, taking=True)
    if scope is not None:
        inside = set(session.scalars(select(Sheet.id).where(below_in_month(session, month.id, scope))))
        rows = [row for row in rows if row["id"] in inside]
    whole = period_days(month.period)[1].day
    found = []
    for row, values in zip(rows, all_raw_values(scheme, rows), strict=True):
        days = None if row["days"] is None else row["days"] - (row["away"] or 0)
        total = None if row["total"] is None else row["total"]
        paid = pay_of(scheme, row["grade"], total, values, title=row["title"], present=days, whole=whole)
        found.append(Payment(row, paid))
    found.sort(key=lambda one: (one.sheet["unit_path"], one.sheet["grid_path"], one.sheet["id"]))
    return scheme, found


def payroll_table(
    session: Session, where: Where, scope: int | None = None, whole_numbers: bool = False
) -> Printed:
    """The payroll: name, ID number (masked unless `whole_numbers`), grade, coefficient, base × coefficient,
    what money indicators bring and cost, the sum; a sum for each unit and one for all."""
    if whole_numbers:
        numbers.whole_numbers(session, "绩效发放表")
    month = month_record(session, where)
    scheme, found = payments(session, where, scope)
    money = [one for one in scheme.indicators if is_money(one)]
    several = len({one.sheet["unit_path"] for one in found}) > 1
    based = any(one.paid.base for one in found)
    rows: list[tuple[Cell, ...]] = []
    number = 0
    for unit in _units(found):
        for one in unit:
            number += 1
            rows.append(_row(number, one, based, whole_numbers))
        if several:
            rows.append(_sum(f"{unit[0].sheet['unit_name']}小计", unit, based))
    rows.append(_sum("合计", found, based))
    factors = 4 if scheme.pay is not None and scheme.pay.kind is PayKind.LINEAR else 2
    follows = consequences_of(session, month, {one.sheet["id"] for one in found})
    named = tuple(
        f"{one.sheet['name']}（{one.sheet['grid_name']}）：{'；'.join(follows[one.sheet['id']])}。"
        for one in found
        if one.sheet["id"] in follows
    )
    how = "考核绩效＝绩效基数×系数（当月不在岗的天数按天折算），四舍五入到分；不够扣的扣到0元。"
    return Printed(
        title=f"{in_words(month.period)}网格员绩效发放表",
        facts=(f"方案：{scheme.name}", f"共{len(found)}人", "单位：元"),
        headings=(
            "序号",
            "姓名",
            "公民身份号码",
            "所属网格",
            "职务",
            "等次",
            *(("绩效基数", "系数", "考核绩效") if based else ()),
            *(one.name for one in money),
            "实发金额" if based else "奖扣合计",
            "领取人签名" if based else "本人签名",
        ),
        rows=tuple(rows),
        places=(*(None,) * 6, *((2, factors, 2) if based else ()), *(2,) * len(money), 2, None),
        widths=(*(1.0,) * (7 + 3 * based + len(money)), 16.0),
        notes=(
            f"注：{how if based else '方案没有写绩效基数，合计是在本人绩效之外奖（正数）、扣（负数）的钱。'}",
            *(("按方案，连续几个月的结果还有这些后果，由单位研究决定：", *named) if named else ()),
        ),
        signature=("制表人：", "复核人：", "单位负责人：", "财务："),
        sums=1,
    )


def _units(found: Sequence[Payment]) -> Iterator[list[Payment]]:
    """The lines of each unit, in their order."""
    pending: list[Payment] = []
    for one in found:
        if pending and pending[-1].sheet["unit_path"] != one.sheet["unit_path"]:
            yield pending
            pending = []
        pending.append(one)
    if pending:
        yield pending


def _row(number: int, one: Payment, based: bool, whole_numbers: bool) -> tuple[Cell, ...]:
    sheet, paid = one.sheet, one.paid
    id_number = sheet["id_number"] or ""
    factor = None if paid.factor is None else paid.factor.quantize(Decimal("0.0001"))
    return (
        number,
        sheet["name"],
        id_number if whole_numbers or not id_number else mask_id(id_number),
        sheet["grid_name"],
        sheet["title"],
        sheet["grade"] or ("不定等次" if sheet["total"] is not None else "没有总分"),
        *((paid.base, factor, paid.earned) if based else ()),
        *(line.amount for line in paid.lines),
        paid.amount,
        "",
    )


def _sum(words: str, some: Sequence[Payment], based: bool) -> tuple[Cell, ...]:
    by_line = zip(*((line.amount for line in one.paid.lines) for one in some), strict=True)
    earned = sum((one.paid.earned for one in some), NOTHING)
    amount = sum((one.paid.amount for one in some), NOTHING)
    return (
        None,
        words,
        "",
        f"{len(some)}人",
        "",
        "",
        *((None, None, earned) if based else ()),
        *(sum(column, NOTHING) for column in by_line),
        amount,
        "",
    )
