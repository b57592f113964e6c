"""Notices of one's own result: what each person of a unit gets on one page to read, sign, and object to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Target
from db.tables import Month, Sheet
from gridoffice.assessment.annexes import fixed
from gridoffice.assessment.comparing import YEAR, shifted
from gridoffice.assessment.in_a_row import consequences_of
from gridoffice.assessment.month import (
    Where,
    below_in_month,
    latest_edition,
    month_record,
    scheme_of,
    sheet_rows,
    taking_part,
)
from gridoffice.assessment.publicity import SHOWN, how_to_object, said_of
from gridoffice.assessment.results import inputs_of, traces
from gridoffice.assessment.rules import in_words, period_days
from gridoffice.documents.model import Chart, ChartKind, Series, chinese_date
from gridoffice.documents.score_notice import ScoreLine, ScoreNotice
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.listing import chunked
from gridoffice.progress import counted, report
from gridoffice.scoring.reaching import Reaching, reaching
from gridoffice.scoring.scheme import (
    Indicator,
    RankGroup,
    Scheme,
    cap_of,
    has_points,
    is_bonus,
    is_money,
    weighs,
)
from gridoffice.scoring.shapes import plain
from gridoffice.settings import ORGANISATION, setting

TITLES = {
    Target.POST: "考核结果通知单",
    Target.AREA: "区域考核结果通知单",
    Target.DEPARTMENT: "部门考核结果通知单",
}


def score_notices(
    session: Session,
    where: Where,
    scope: int | None = None,
    person: int | None = None,
    first: bool = False,
) -> list[ScoreNotice]:
    """The notices of a month, of all below a grid (None: the office) or of one person, by place; or the `first`
    of them alone.

    Raises `RuleBroken` while the month is not public yet, `NotFound` when there is nobody."""
    month = month_record(session, where)
    words = in_words(month.period)
    if month.state not in SHOWN:
        raise RuleBroken(f"{words}还在{month.state.label}，开始公示以后再发通知单。")
    query = select(Sheet).where(Sheet.month_id == month.id, taking_part())
    if scope is not None:
        query = query.where(below_in_month(session, month.id, scope))
    if person is not None:
        query = query.where(Sheet.person_id == person)
    query = query.order_by(Sheet.unit_path, Sheet.grid_path, Sheet.id)
    sheets = session.scalars(query.limit(1) if first else query).all()
    if not sheets:
        raise NotFound(f"{words}没有要发通知单的人。")
    return _Notices(session, month, sheets).made()


class _Notices:
    """The notices of some sheets of one month."""

    def __init__(self, session: Session, month: Month, sheets: Sequence[Sheet]):
        self.month, self.sheets = month, sheets
        self.scheme = scheme_of(session, month)
        self.organisation = setting(session, ORGANISATION, "")
        self.said = said_of(session, month)
        report("整理得分", 0, len(sheets))
        numbers = {sheet.id for sheet in sheets}
        self.traces = traces(session, month.id, numbers)
        self.rows = {row["id"]: row for row in sheet_rows(session, month.id, numbers)}
        self.whole = period_days(month.period)[1].day
        self.before = _totals_before(session, month, sheets)
        self.counts = _counts(session, month)
        self.least = _least(session, month)
        self.follows = consequences_of(session, month, numbers)

    def made(self) -> list[ScoreNotice]:
        return [self._one(sheet) for sheet in counted(self.sheets, "整理通知单", len(self.sheets), every=10)]

    def _one(self, sheet: Sheet) -> ScoreNotice:
        scheme, trace = self.scheme, self.traces[sheet.id]
        words = in_words(self.month.period)
        better, said = self._ways(sheet)
        return ScoreNotice(
            title=f"{words}{TITLES[scheme.target]}",
            organisation=self.organisation,
            name=sheet.name,
            facts=tuple(self._facts(sheet)),
            lines=tuple(_lines(scheme, trace)),
            results=tuple(self._results(sheet)),
            formula=trace["formula"],
            notes=tuple(f"{note}。" for note in (*trace["notes"], *self.follows.get(sheet.id, ()))),
            trend=self._trend(sheet),
            ways_title=f"怎样到“{better}”" if better else "",
            ways=said,
            appeal=(how_to_object(self.said, self.organisation),),
            signed=("本人签收" if scheme.target is Target.POST else "签收人", "签收日期"),
            made=chinese_date(self.said.start or date.today()),
        )

    def _ways(self, sheet: Sheet) -> tuple[str, tuple[str, ...]]:
        """The next grade and what it would take: of values recorded where points are lacking, of the rank where
        only its quota is full. Nothing for the best and for those who are not graded."""
        scheme = self.scheme
        names = [grade.name for grade in scheme.grades]
        if sheet.total is None or sheet.grade not in names[1:]:
            return "", ()
        own = inputs_of(scheme, self.rows[sheet.id])
        found = reaching(scheme, own, self.whole)
        better = names[names.index(sheet.grade) - 1]
        if found.grade == better:
            return better, _said(found)
        least = self.least.get(better)
        if least is None or least <= sheet.total:
            return "", ()  # a veto or a calibration decided, no points
        lacking = (
            f"本月评为“{better}”的最低{fixed(least, scheme.places)}分，还差{plain(least - sheet.total)}分。"
        )
        return better, (f"按得分够“{better}”，名额按名次取，已满。{lacking}",)

    def _facts(self, sheet: Sheet) -> list[tuple[str, str]]:
        scheme = self.scheme
        if scheme.target is not Target.POST:
            return [(scheme.target.label, sheet.name), ("考核方案", scheme.name)]
        facts = [
            ("姓名", sheet.name),
            ("职务", sheet.title),
            ("所属网格", sheet.grid_name),
            ("考核方案", scheme.name),
        ]
        if sheet.days is not None:
            kind = sheet.away_kind.label if sheet.away_kind is not None else "缺勤"
            away = f"，其中{kind}{sheet.away}天" if sheet.away else ""
            facts.append(("在岗天数", f"{sheet.days}天{away}"))
        if sheet.standing is not None:
            facts.append(("说明", f"{sheet.standing.label}，参加考核，不定等次"))
        return facts

    def _results(self, sheet: Sheet) -> list[tuple[str, str]]:
        scheme = self.scheme
        graded = sheet.grade or ("不定等次" if sheet.total is not None else "待补")
        found = [("总分", fixed(sheet.total, scheme.places) or "待补"), ("等次", graded)]
        if sheet.rank is not None:
            found.append(("全部排名", f"第 {sheet.rank} 名，共 {self.counts['']} 人"))
        if sheet.unit_rank is not None and scheme.group is RankGroup.COMMUNITY:
            mine = self.counts[sheet.unit_path]
            found.append((f"{scheme.group.label}排名", f"第 {sheet.unit_rank} 名，共 {mine} 人"))
        if scheme.target is not Target.POST:
            found = [(words, said.replace("人", "个")) for words, said in found]
        return found

    def _trend(self, sheet: Sheet) -> Chart | None:
        """The totals of the year up to this month; none where this one is the first."""
        known = self.before.get(_who(sheet), {}) | {self.month.period: sheet.total}
        first = min(known)
        if len(known) < 2:
            return None
        periods = [shifted(self.month.period, -back) for back in range(YEAR - 1, -1, -1)]
        shown = [period for period in periods if period >= first]
        totals = [known.get(period) for period in shown]
        return Chart(
            f"近{len(shown)}个月总分",
            tuple(f"{int(period[5:])}月" for period in shown),
            (Series("总分", tuple(None if total is None else float(total) for total in totals)),),
            ChartKind.LINE,
            places=self.scheme.places,
        )


def _lines(scheme: Scheme, trace: Mapping[str, Any]) -> list[ScoreLine]:
    found = []
    for indicator, line in zip(scheme.indicators, trace["lines"], strict=True):
        if not has_points(indicator) and not is_money(indicator) and line["sentence"].endswith("：否"):
            continue  # a veto that did not befall: nothing to read
        points = None if line["points"] is None else Decimal(line["points"])
        sentence = line["sentence"].removeprefix(indicator.name).lstrip(" ：，")
        found.append(
            ScoreLine(
                indicator.dimension,
                indicator.name,
                _worth(scheme, indicator),
                sentence,
                fixed(points, scheme.places),
            )
        )
    return found


def _worth(scheme: Scheme, indicator: Indicator) -> str:
    if not has_points(indicator):
        return "—"
    if weighs(indicator):
        return plain(indicator.full)
    most = cap_of(scheme, indicator)
    return f"加≤{plain(min(most, scheme.bonus_cap))}" if is_bonus(indicator) else f"扣≤{plain(most)}"


def _said(ways: Reaching) -> tuple[str, ...]:
    """What the next grade asks for, in sentences."""
    some = [f"{number}. {way.words()}。" for number, way in enumerate(ways.ways or ways.together, 1)]
    lead = "下面任一项单独做到就够：" if ways.ways else "下面几项一起做到才够："
    return (ways.words, *((lead, *some) if some else ()))


def _who(sheet: Sheet) -> tuple[int | None, int | None, int | None]:
    """Who or what a sheet is of, from month to month."""
    return sheet.person_id, sheet.grid_id, sheet.department_id


def _totals_before(
    session: Session, month: Month, sheets: Collection[Sheet]
) -> dict[tuple[int | None, int | None, int | None], dict[str, Decimal]]:
    """The totals of the year before by the same scheme, by who was assessed and period."""
    column = {
        Target.POST: Sheet.person_id,
        Target.AREA: Sheet.grid_id,
        Target.DEPARTMENT: Sheet.department_id,
    }
    own = column[month.target]
    wanted = [one for one in (getattr(sheet, own.key) for sheet in sheets) if one is not None]
    found: dict[tuple[int | None, int | None, int | None], dict[str, Decimal]] = defaultdict(dict)
    for chunk in chunked(wanted):
        query = (
            select(Month.period, Sheet.person_id, Sheet.grid_id, Sheet.department_id, Sheet.total)
            .join(Month, Month.id == Sheet.month_id)
            .where(
                own.in_(chunk),
                Month.scheme_key == month.scheme_key,
                Month.computed_at.is_not(None),
                Month.period.between(shifted(month.period, 1 - YEAR), shifted(month.period, -1)),
                latest_edition(),
                Sheet.total.is_not(None),
            )
        )
        for period, person, grid, department, total in session.execute(query):
            if total is not None:
                found[person, grid, department][period] = total
    return found


def _counts(session: Session, month: Month) -> dict[str, int]:
    """How many have a rank: by unit, and under the empty path all."""
    counts: dict[str, int] = defaultdict(int)
    query = select(Sheet.unit_path).where(Sheet.month_id == month.id, Sheet.rank.is_not(None))
    for path in session.scalars(query):
        counts[path] += 1
        counts[""] += 1
    return counts


def _least(session: Session, month: Month) -> dict[str | None, Decimal]:
    """The lowest total that got each grade."""
    query = select(Sheet.grade, Sheet.total).where(Sheet.month_id == month.id, Sheet.total.is_not(None))
    found: dict[str | None, Decimal] = {}
    for grade, total in session.execute(query):
        if total is not None and (grade not in found or total < found[grade]):
            found[grade] = total
    return found
