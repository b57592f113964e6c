"""What a document can name of a month of assessment, each as it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from gridoffice.assessment.annexes import Standing, fixed, standing, standings
from gridoffice.assessment.month import mean, month_record, scheme_of
from gridoffice.assessment.rows import SheetRow, results
from gridoffice.listing import Ask
from gridoffice.scoring.scheme import Scheme, weighs

MOST_PRAISED, MOST_BLAMED = 10, 20
"""How many names stand in the text; the annex holds them all."""

MONTH = (
    "考核办法",
    "应考核人数",
    "实际考核人数",
    "待补人数",
    "平均得分",
    "最高分",
    "最低分",
    "等次人数",
    "最好等次人数",
    "最好等次占比",
    "最低等次人数",
    "得分率最低的指标",
    "靠前的村社区",
    "靠后的村社区",
    "表扬名单",
    "约谈名单",
    "考核状态",
)


def month_facts_of(session: Session, address: str | None, scope: int | None) -> Mapping[str, str]:
    """The numbers of a month below a grid; what there is none of is empty. Raises `NotFound` for a month
    that was never opened."""
    assert address is not None
    month = month_record(session, address)
    scheme = scheme_of(session, month)
    listing = results(session, month.id)
    rows: list[SheetRow] = listing.rows(session, listing.ids(session, Ask(scope=scope)))
    graded = [row for row in rows if row.total is not None]
    said: dict[str, str] = dict.fromkeys(MONTH, "")
    said |= {
        "考核办法": f"《{scheme.name}》",
        "应考核人数": str(len(rows)),
        "实际考核人数": str(len(graded)),
        "待补人数": str(len(rows) - len(graded)) if len(rows) > len(graded) else "",
        "考核状态": month.state.label,
    }
    if graded:
        said |= _scored(scheme, graded)
    return said


def _scored(scheme: Scheme, graded: Sequence[SheetRow]) -> dict[str, str]:
    whole = standing("合计", graded, scheme.places)
    totals = [row.total for row in graded if row.total is not None]
    best, worst = scheme.grades[0].name, scheme.grades[-1].name
    places = standings(graded, scheme.places)
    several = len(places) > 1
    count = min(3, len(places) // 2)
    return {
        "平均得分": fixed(whole.average, scheme.places),
        "最高分": fixed(max(totals), scheme.places),
        "最低分": fixed(min(totals), scheme.places),
        "等次人数": "，".join(
            f"{grade.name}{whole.grades[grade.name]}人，占{_share(whole, grade.name)}"
            for grade in scheme.grades
            if whole.grades[grade.name]
        ),
        "最好等次人数": f"{best}{whole.grades[best]}人",
        "最好等次占比": _share(whole, best),
        "最低等次人数": f"{worst}{whole.grades[worst]}人",
        "得分率最低的指标": _weak(scheme, graded),
        "靠前的村社区": _named(places[:count], scheme) if several else "",
        "靠后的村社区": _named(places[-count:], scheme) if several else "",
        "表扬名单": _people([row for row in graded if row.grade == best], MOST_PRAISED, several),
        "约谈名单": _people([row for row in graded if row.grade == worst], MOST_BLAMED, several),
    }


def _share(whole: Standing, grade: str) -> str:
    share = mean(whole.grades[grade] * 100, whole.heads, 1)
    return "" if share is None else f"{share.normalize():f}%"


def _weak(scheme: Scheme, graded: Sequence[SheetRow]) -> str:
    """The two indicators that lose the largest share of their marks."""
    rates: list[tuple[Decimal, str]] = []
    for indicator in filter(weighs, scheme.indicators):
        points = [row.parts[indicator.key] or Decimal(0) for row in graded if indicator.key in row.parts]
        share = mean(sum(points, Decimal(0)) * 100 / indicator.full, len(points), 1)
        if share is not None and share < 100:
            rates.append((share, indicator.name))
    return "、".join(f"{name}（{share}%）" for share, name in sorted(rates)[:2])


def _named(some: Sequence[Standing], scheme: Scheme) -> str:
    return "、".join(f"{one.unit}（{fixed(one.average, scheme.places)}分）" for one in some)


def _people(some: Sequence[SheetRow], most: int, several: bool) -> str:
    shown = "、".join(f"{row.name}（{row.unit}）" if several else row.name for row in some[:most])
    if len(some) <= 1:
        return shown
    return f"{shown}{'等' if len(some) > most else ''}{len(some)}人"
