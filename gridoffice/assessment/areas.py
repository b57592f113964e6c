"""The areas below a grid beside each other on paper: means, changes, grades, dimensions of a month."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy.orm import Session

from gridoffice.assessment.comparing import YEAR, AreaFigure, Comparison, comparison, shifted
from gridoffice.assessment.month import Where, month_record, scheme_of
from gridoffice.assessment.printed import Cell, Printed
from gridoffice.assessment.rules import in_words
from gridoffice.documents.model import ColumnHead, HeadGroup
from gridoffice.errors import RuleBroken
from gridoffice.scoring.shapes import plain


def area_table(session: Session, where: Where, scope: int | None = None) -> Printed:
    """The areas next below a grid (None: the office), the best mean first. Raises `RuleBroken` when nothing
    is computed or nothing lies below."""
    month = month_record(session, where)
    scheme = scheme_of(session, month)
    if month.computed_at is None:
        raise RuleBroken(f"{in_words(month.period)}还没有算出得分，先计算。")
    found = comparison(session, scheme.key, month.period, scope)
    if not found.areas:
        raise RuleBroken("这个网格下面没有别的网格，没有可并列的。")
    return table_of(found, scheme.places)


def table_of(found: Comparison, places: int) -> Printed:
    """A comparison's areas as a table; the last row is all of them together."""
    by_period = {one.period: one for one in found.months}
    whole = by_period[found.period]
    before, year = by_period.get(shifted(found.period, -1)), by_period.get(shifted(found.period, -YEAR))
    together = AreaFigure(
        0,
        "合计",
        whole.people,
        whole.scored,
        whole.mean,
        before.mean if before else None,
        year.mean if year else None,
        tuple(count for _, count in whole.grades),
        tuple(one.mean for one in found.dimensions),
    )
    ordered = sorted(found.areas, key=lambda one: (one.mean is None, -(one.mean or 0), one.grid_id))
    grades = tuple(_in_two(grade) for grade, _ in whole.grades)
    year_known = any(one.year_before is not None for one in (*ordered, together))
    told = ("本月", "上月", "增减", *(("上年同月", "增减") if year_known else ()))
    dimensions = tuple(f"{one.name}\n满{plain(one.full)}" for one in found.dimensions)
    headings: tuple[ColumnHead, ...] = (
        "名次",
        "区域",
        HeadGroup("考核对象", ("应考核", "已计分")),
        HeadGroup("平均得分", told),
        HeadGroup("等次分布", grades),
        *([HeadGroup("各项平均得分", dimensions)] if dimensions else []),
    )
    return Printed(
        title=f"{in_words(found.period)}各区域考核情况汇总表",
        facts=(f"方案：{found.scheme_name}", f"共{len(ordered)}个区域", f"单位：{found.unit}、分"),
        headings=headings,
        rows=(
            *(
                _row(place, one, year_known)
                for place, one in zip(ranks(one.mean for one in ordered), ordered, strict=True)
            ),
            _row(None, together, year_known),
        ),
        places=(*(None,) * 4, *(places,) * len(told), *(None,) * len(grades), *(places,) * len(dimensions)),
        notes=("注：平均得分按已计分的计算，名次按本月平均得分排，相同的并列；没有考核的月份留空。",),
        sums=1,
    )


def _in_two(grade: str) -> str:
    """A grade of four characters in two lines: 基本 / 合格."""
    return f"{grade[:2]}\n{grade[2:]}" if len(grade) == 4 else grade


def _row(place: int | None, area: AreaFigure, year_known: bool) -> tuple[Cell, ...]:
    year = (area.year_before, _change(area.mean, area.year_before)) if year_known else ()
    return (
        place,
        area.name,
        area.people,
        area.scored,
        area.mean,
        area.before,
        _change(area.mean, area.before),
        *year,
        *area.grades,
        *area.dimensions,
    )


def _change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    return None if now is None or then is None else now - then


def ranks(values: Iterable[Decimal | None]) -> list[int | None]:
    """Places of values that stand in descending order: 1, 2, 2, 4; nothing for those without a value."""
    first: dict[Decimal, int] = {}
    return [
        None if value is None else first.setdefault(value, place) for place, value in enumerate(values, 1)
    ]
