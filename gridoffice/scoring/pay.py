"""What a month's result is worth in money: pure, in exact decimals, to the fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gridoffice.errors import RuleBroken
from gridoffice.scoring.policies import Pay, PayKind
from gridoffice.scoring.scheme import Indicator, Scheme, is_money
from gridoffice.scoring.scores import Raw, settle
from gridoffice.scoring.shapes import Money, plain

FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """What one indicator brings or costs, in yuan, and how it comes about."""

    name: str
    sentence: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Paid:
    """One person's performance pay of a month, in yuan with two places.

    `amount` = `earned` (base × factor × share of days, rounded half up to the fen) plus the lines,
    at least 0 where there is a base. `factor` is None for who has no total. `sentence` says the sum.
    """

    base: Decimal
    factor: Decimal | None
    earned: Decimal
    lines: tuple[MoneyLine, ...]
    amount: Decimal
    sentence: str


def fen(amount: Decimal) -> Decimal:
    """Money with two places, half up (away from zero)."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def base_of(pay: Pay, title: str) -> Decimal:
    """The performance pay of a whole month for a title, in yuan."""
    return next((base.amount for base in pay.bases if base.title == title), pay.base)


def factor_of(scheme: Scheme, pay: Pay, grade: str | None, total: Decimal | None) -> Decimal | None:
    """The coefficient; None without a total. Linear: total ÷ full marks, not rounded."""
    if total is None:
        return None
    if grade is None:
        return pay.ungraded
    if pay.kind is PayKind.LINEAR:
        return total / scheme.full
    return next((factor.factor for factor in pay.factors if factor.grade == grade), Decimal(0))


def money_lines(scheme: Scheme, values: Mapping[str, Raw]) -> tuple[MoneyLine, ...]:
    """What the scheme's indicators in money come to; a value not given counts as nothing to say, also
    where the rule asks for what is lacking."""
    return tuple(
        _line(indicator, indicator.rule, values.get(indicator.key))
        for indicator in scheme.indicators
        if isinstance(indicator.rule, Money)
    )


def pay_of(
    scheme: Scheme,
    grade: str | None,
    total: Decimal | None,
    values: Mapping[str, Raw],
    *,
    title: str = "",
    present: int | None = None,
    whole: int = 0,
) -> Paid:
    """What somebody is paid for a month of `whole` days, `present` of them at work (None: all).

    Raises RuleBroken for a scheme that says nothing about pay and has no indicator in money.
    """
    pay = scheme.pay
    if pay is None:
        if not any(is_money(indicator) for indicator in scheme.indicators):
            raise RuleBroken(f"考核方案“{scheme.name}”没有写绩效怎么发。")
        pay = Pay()
    base, factor = base_of(pay, title), factor_of(scheme, pay, grade, total)
    part = pay.prorated and present is not None and whole > 0 and present != whole
    if factor is None:
        earned, said = Decimal(0), "没有总分，绩效不算"
    else:
        exact = base * factor
        said = f"{plain(base)} 元 × {_factor(scheme, pay, grade, total, factor)}"
        if part:
            assert present is not None
            exact = exact * present / whole
            said += f" × 在岗 {present} 天 ÷ {whole} 天"
        if pay.kind is PayKind.LINEAR and grade is not None:
            # one fraction, divided last: nothing is rounded on the way
            assert total is not None
            days, of = (present or 0, whole) if part else (1, 1)
            exact = base * total * days / (scheme.full * of)
        earned = fen(exact)
    lines = money_lines(scheme, values)
    whole_sum = earned + sum((line.amount for line in lines), Decimal(0))
    # without a base of its own the sum is what changes somebody's pay, and may be negative
    short = whole_sum < 0 < base
    amount = fen(Decimal(0) if short else whole_sum)
    if factor is not None:
        said += "".join(_signed(line) for line in lines) + f" = {_yuan(amount)} 元"
        if short:
            said += "（不够扣的扣到 0 元）"
    return Paid(fen(base), factor, earned, lines, amount, said)


def _yuan(amount: Decimal) -> str:
    return str(amount).replace("-", "−")


def _factor(scheme: Scheme, pay: Pay, grade: str | None, total: Decimal | None, factor: Decimal) -> str:
    if grade is None:
        return f"不定等次 {plain(factor)}"
    if pay.kind is PayKind.LINEAR and total is not None:
        return f"总分 {plain(total)} ÷ {plain(scheme.full)}"
    return f"{grade} {plain(factor)}"


def _signed(line: MoneyLine) -> str:
    if not line.amount:
        return ""
    return f" {'−' if line.amount < 0 else '+'} {line.name} {plain(abs(line.amount))} 元"


def _line(indicator: Indicator, rule: Money, raw: Raw) -> MoneyLine:
    name, unit = indicator.name, indicator.unit or "次"
    if raw is None:
        return MoneyLine(name, f"{name}：没有填，不奖不扣", Decimal(0))
    value = settle(raw) if isinstance(raw, Decimal) else Decimal(raw)
    if rule.short_of is None:
        counted = max(value - rule.beyond, Decimal(0))
        what = f"{plain(value)} {unit}"
        if rule.beyond:
            what += f"，超过 {plain(rule.beyond)} {unit}的 {plain(counted)} {unit}"
    else:
        counted = max(rule.short_of - value, Decimal(0))
        what = f"{plain(value)} {unit}，比 {plain(rule.short_of)} {unit}少 {plain(counted)} {unit}"
    verb = "奖" if rule.each > 0 else "扣"
    size = fen(counted * abs(rule.each))
    told = f"{name} {what} × {verb} {plain(abs(rule.each))} 元 = {verb} {plain(size)} 元"
    if rule.cap is not None and size > rule.cap:
        size = fen(rule.cap)
        told += f"，最多{verb} {plain(size)} 元"
    return MoneyLine(name, told, size if rule.each > 0 else -size)
