"""A scheme as it is printed: every indicator with its rule, and below it what else the scheme decides."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gridoffice.assessment.annexes import grade_sentences, noted
from gridoffice.assessment.checking import quantity_and_quality
from gridoffice.assessment.printed import Cell, Printed
from gridoffice.scoring.policies import Missing, PayKind
from gridoffice.scoring.scheme import (
    Indicator,
    Scheme,
    blank_of,
    cap_of,
    describe,
    has_points,
    is_bonus,
    weighs,
)
from gridoffice.scoring.shapes import plain


def scheme_table(scheme: Scheme) -> Printed:
    """A scheme's rule table. What is not decided is not mentioned."""
    whole = sum((one.full for one in scheme.indicators if weighs(one)), Decimal(0))
    rows: list[tuple[Cell, ...]] = [
        (
            number,
            one.dimension,
            one.name,
            _worth(scheme, one),
            describe(scheme, one),
            one.nature.label,
            one.scorer or one.origin.label,
            blank_of(scheme, one),
        )
        for number, one in enumerate(scheme.indicators, 1)
    ]
    rows.append((None, "合计", "", plain(whole), "", "", "", ""))
    return Printed(
        title=f"{scheme.name}计分表",
        facts=(
            f"版本：{scheme.version}",
            f"考核对象：{_whom(scheme)}",
            f"满分{plain(scheme.full)}分，{_bonus(scheme)}",
        ),
        headings=("序号", "考核项目", "考核指标", "分值", "计分规则", "性质", "数据来源", "没有填的"),
        rows=tuple(rows),
        places=(None,) * 8,
        notes=noted([*grade_sentences(scheme), *_decided(scheme)]),
        sums=1,
    )


def _worth(scheme: Scheme, indicator: Indicator) -> str:
    if not has_points(indicator):
        return "—"
    if is_bonus(indicator):
        return f"加分，最多{plain(min(cap_of(scheme, indicator), scheme.bonus_cap))}"
    if not weighs(indicator):
        return f"扣分，最多{plain(cap_of(scheme, indicator))}"
    return plain(indicator.full)


def _whom(scheme: Scheme) -> str:
    return "、".join(scheme.titles) if scheme.titles else scheme.target.label


def _bonus(scheme: Scheme) -> str:
    return f"加分合计最多{plain(scheme.bonus_cap)}分" if scheme.bonus_cap else "不设加分"


def _decided(scheme: Scheme) -> Iterator[str]:
    """What a scheme decides beside its indicators, one sentence each."""
    if scheme.ceiling is not None:
        yield f"总分连同加分最多{plain(scheme.ceiling)}分。"
    if scheme.missing is not Missing.BLOCKS:
        yield f"数据没有填的，{scheme.missing.label}。"
    if scheme.probation_months:
        yield f"到岗不满{scheme.probation_months}个月的参加考核，不定等次。"
    yield f"当月缺勤超过{plain(scheme.absent_beyond)}%的不定等次。"
    for one in scheme.consecutive:
        yield f"连续{one.months}个月{one.grade}及以下的，{one.consequence}。"
    if scheme.calibration_limit is not None:
        yield f"复核时校准，每人加减最多{plain(scheme.calibration_limit)}分，写明原因。"
    yield f"结果公示{scheme.publicity_days}个工作日，申诉受理后{scheme.appeal_days}个工作日内答复。"
    if scheme.pay is not None:
        if scheme.pay.kind is PayKind.LINEAR:
            yield f"绩效按总分÷{plain(scheme.full)}发放。"
        else:
            factors = "，".join(f"{one.grade}{plain(one.factor)}" for one in scheme.pay.factors)
            yield f"绩效按等次系数发放：{factors}。"
    quantity, quality = quantity_and_quality(scheme)
    if quantity or quality:
        yield f"数量指标{plain(quantity)}分，质量指标{plain(quality)}分。"
    if scheme.source:
        yield f"依据：{scheme.source}。"
