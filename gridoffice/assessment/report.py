"""The official notice of a month's results: 通报, with every score in its annex."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import Decision, MonthState, Target
from db.enums import Standing as Part
from db.tables import Appeal, Grid, Month, Sheet
from gridoffice.assessment.annexes import (
    WHOM,
    Standing,
    fixed,
    heads_of,
    means,
    places_of,
    scores,
    standing,
    standings,
)
from gridoffice.assessment.in_a_row import consequences_of
from gridoffice.assessment.month import (
    Where,
    all_raw_values,
    below_in_month,
    mean,
    month_record,
    scheme_of,
    sheet_rows,
)
from gridoffice.assessment.publicity import SHOWN
from gridoffice.assessment.rows import SheetRow, results
from gridoffice.assessment.rules import in_words, period_days
from gridoffice.documents.model import Block, Heading, OfficialDocument, Paragraph, chinese_date
from gridoffice.errors import RuleBroken
from gridoffice.grids.listing import office_pack
from gridoffice.grids.listing import standing as standing_grids
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import root_id
from gridoffice.listing import Ask
from gridoffice.scoring.scheme import Indicator, Scheme, forced_grade, is_veto, weighs
from gridoffice.scoring.shapes import Effect, Veto
from gridoffice.settings import ORGANISATION, setting

FINAL = frozenset({MonthState.APPROVED, MonthState.LOCKED})
"""States in which results no longer change."""

MOST_PRAISED, MOST_BLAMED = 10, 20
"""How many names stand in the text; the annex holds them all."""

_PLACES = ("社区", "村", "街道", "镇", "乡", "区", "县", "市")


def notice(session: Session, meant: Where, scope: int | None = None) -> OfficialDocument:
    """The notice of a month, of the whole office or below one grid. Raises `RuleBroken` when
    nothing has been computed yet."""
    month = month_record(session, meant)
    scheme = scheme_of(session, month)
    listing = results(session, month.id)
    rows: list[SheetRow] = listing.rows(session, listing.ids(session, Ask(scope=scope)))
    graded = [row for row in rows if row.total is not None]
    words = in_words(month.period)
    if not graded:
        raise RuleBroken(f"{words}还没有算出得分，先计算。")
    found = standings(graded, scheme.places)
    whole = standing("合计", graded, scheme.places)
    people = month.target is Target.POST
    several = people and len(found) > 1
    kind = _kind(row.unit for row in rows)
    locked = month.state is MonthState.LOCKED
    organisation = setting(session, ORGANISATION, "")
    below_root = scope is not None and scope != root_id(session)
    where = names_of(session, office_pack(session), [scope])[scope][0] if below_root and scope else ""
    body: list[Block] = [
        Paragraph(
            f"按照《{scheme.name}》，{organisation}组织开展了{words}{where}{WHOM[month.target]}考核"
            f"{_course(session, month, scope)}。现将有关情况通报如下。"
        ),
        Heading(1, "一、总体情况"),
        Paragraph(
            _overall(scheme, rows, whole, _mean_before(session, month, scope, scheme))
            + _ungraded(session, month, scope)
        ),
        *_weak(scheme, graded),
    ]
    if several:
        body += [Heading(1, f"二、各{kind}情况"), Paragraph(_ends(scheme, kind, found))]
    praise = _praise(scheme, graded, several)
    body.append(Heading(1, f"{'三' if several else '二'}、{'表扬与整改' if praise else '整改要求'}"))
    body += praise
    body += _blame(
        scheme, graded, several, kind if people else "", _vetoed(session, month.id, scheme, graded)
    )
    body += _in_a_row(consequences_of(session, month), graded, several)
    body.append(Paragraph(_task(kind, where, several, scheme, whole)))
    if month.state not in FINAL:
        body.append(Paragraph(f"以上为考核{month.state.label}阶段的数据，审定前可能调整。"))
    return OfficialDocument(
        organisation=organisation,
        title=f"关于{where}{words}{WHOM[month.target]}考核结果的通报",
        body=tuple(body),
        signature=organisation,
        day=month.locked_at.astimezone().date() if locked and month.locked_at else date.today(),
        recipients=where if where and not several else _recipients(session, scope),
        attachments=(
            scores(scheme, where + words, rows),
            *([means(scheme, where + words, kind, found, whole)] if several else []),
        ),
    )


def _kind(names: Iterable[str]) -> str:
    """What places of these names are called together: 社区, 社区（村）, 街道（镇、乡）."""
    ends = {next((end for end in _PLACES if name.endswith(end)), "") for name in names}
    kinds = [end for end in _PLACES if end in ends] or ["网格"]
    return kinds[0] + (f"（{'、'.join(kinds[1:])}）" if len(kinds) > 1 else "")


def _recipients(session: Session, scope: int | None) -> str:
    """Those directly below the office (or the grid) that the notice is about."""
    top = scope if scope is not None else root_id(session)
    names = session.scalars(select(Grid.name).where(Grid.parent_id == top, standing_grids(None)))
    return f"各{_kind(names)}"


def _mean_before(session: Session, month: Month, scope: int | None, scheme: Scheme) -> Decimal | None:
    """The mean of the month before, when that one is locked."""
    first, _ = period_days(month.period)
    before = f"{first.year - (first.month == 1)}-{(first.month - 2) % 12 + 1:02d}"
    locked = select(Month.id).where(
        Month.period == before, Month.scheme_key == month.scheme_key, Month.state == MonthState.LOCKED
    )
    month_id = session.scalar(locked.order_by(Month.edition.desc()).limit(1))
    if month_id is None:
        return None
    query = select(Sheet.total).where(Sheet.month_id == month_id, Sheet.total.is_not(None))
    if scope is not None:
        query = query.where(below_in_month(session, month_id, scope))
    totals = [total for total in session.scalars(query) if total is not None]
    return mean(sum(totals, Decimal(0)), len(totals), scheme.places)


def _course(session: Session, month: Month, scope: int | None) -> str:
    """How the results came to be final: publicity, appeals, approval; nothing before they are public."""
    if month.state not in SHOWN:
        return ""
    days = ""
    if month.public_from and month.public_to:
        days = f"（{chinese_date(month.public_from)}至{chinese_date(month.public_to)}）"
    if month.state is MonthState.PUBLIC:
        return f"，考核结果正在公示{days}"
    query = (
        select(Appeal.decision).join(Sheet, Sheet.id == Appeal.sheet_id).where(Appeal.month_id == month.id)
    )
    if scope is not None:
        query = query.where(below_in_month(session, month.id, scope))
    decisions = list(session.scalars(query))
    appeals = "公示期间没有收到申诉"
    if decisions:
        parts = [f"{one.label}{decisions.count(one)}件" for one in Decision if decisions.count(one)]
        appeals = f"公示期间收到申诉{len(decisions)}件，{'、'.join(parts)}"
    return f"，考核结果已经公示{days}、审定，{appeals}"


def _ungraded(session: Session, month: Month, scope: int | None) -> str:
    """Who takes part without a grade, and who not at all."""
    query = select(Sheet.standing, func.count()).where(
        Sheet.month_id == month.id, Sheet.standing.is_not(None)
    )
    if scope is not None:
        query = query.where(below_in_month(session, month.id, scope))
    counts = {standing: count for standing, count in session.execute(query.group_by(Sheet.standing))}
    parts = [f"{one.label}{counts[one]}人" for one in (Part.PROBATION, Part.ABSENT) if one in counts]
    said = f"{'、'.join(parts)}，参加考核、不定等次。" if parts else ""
    out = counts.get(Part.EXCLUDED)
    return said + (f"另有{out}人不参加本月考核。" if out else "")


def _overall(scheme: Scheme, rows: Sequence[SheetRow], whole: Standing, before: Decimal | None) -> str:
    missing = len(rows) - whole.heads
    each = heads_of(scheme)
    people = f"本月应考核{len(rows)}{each}，实际考核{whole.heads}{each}"
    if missing:
        people += f"，{missing}{each}数据待补、暂未计分"
    average = f"平均得分{fixed(whole.average, scheme.places)}分"
    if before is not None:
        change = whole.average - before
        course = (
            f"{'提高' if change > 0 else '下降'}{fixed(abs(change), scheme.places)}分" if change else "持平"
        )
        average += f"，{'' if change else '与'}{'比上月' if change else '上月'}{course}"
    grades = [
        f"{grade.name}{whole.grades[grade.name]}{each}，占{_share(whole.grades[grade.name], whole.heads)}%"
        for grade in scheme.grades
        if whole.grades[grade.name]
    ]
    if len(grades) == 1 and len(whole.grades) == 1:
        (only,) = whole.grades
        return f"{people}，{average}，等次均为{only}。"
    nobody = "、".join(grade.name for grade in scheme.grades if not whole.grades[grade.name])
    return f"{people}，{average}。其中，{'；'.join(grades)}{f'；无{nobody}人员' if nobody else ''}。"


def _share(part: int, whole: int) -> Decimal | None:
    return mean(part * 100, whole, 1)


def _weak(scheme: Scheme, graded: Sequence[SheetRow]) -> list[Block]:
    """The indicators that lose the largest share of their marks."""
    rates: list[tuple[Decimal, Indicator]] = []
    for indicator in filter(weighs, scheme.indicators):
        points = [row.parts[indicator.key] or Decimal(0) for row in graded if indicator.key in row.parts]
        rate = mean(sum(points, Decimal(0)) * 100 / indicator.full, len(points), 1)
        if rate is not None and rate < 100:
            rates.append((rate, indicator))
    lowest = sorted(rates, key=lambda one: one[0])[:2]
    if not lowest:
        return []
    named = "、".join(f"{indicator.name}（{rate}%）" for rate, indicator in lowest)
    return [Paragraph(f"从分项看，得分率较低的是{named}，下月要重点改进。")]


def _ends(scheme: Scheme, kind: str, found: Sequence[Standing]) -> str:
    """The first and the last few communities."""
    count = min(3, len(found) // 2)

    def named(some: Sequence[Standing]) -> str:
        return "、".join(f"{one.unit}（{fixed(one.average, scheme.places)}分）" for one in some)

    if count == 1:
        first, last = f"第一名是{named(found[:1])}", f"末位是{named(found[-1:])}"
    else:
        first, last = f"前{count}名依次是{named(found[:count])}", f"后{count}名依次是{named(found[-count:])}"
    if places_of(found)[-1] == 1:
        return (
            f"{len(found)}个{kind}平均得分相同，都是{fixed(found[0].average, scheme.places)}分，详见附件2。"
        )
    return f"{len(found)}个{kind}按平均得分排名，{first}，{last}。各{kind}考核情况见附件2。"


def _names(some: Sequence[SheetRow], most: int, several: bool) -> str:
    """张三（梧桐社区）、李四（柳荫社区）等121人."""
    shown = "、".join(f"{row.name}（{row.unit}）" if several else row.name for row in some[:most])
    if len(some) == 1:
        return shown
    each = "人" if some[0].person_id is not None else "个"
    return f"{shown}{'等' if len(some) > most else ''}{len(some)}{each}"


def _praise(scheme: Scheme, graded: Sequence[SheetRow], several: bool) -> list[Block]:
    top = scheme.grades[0].name
    best = [row for row in graded if row.grade == top]
    if not best:
        return []
    return [Paragraph(f"{_names(best, MOST_PRAISED, several)}评为{top}，予以通报表扬。")]


def _blame(
    scheme: Scheme,
    graded: Sequence[SheetRow],
    several: bool,
    kind: str,
    vetoed: Sequence[tuple[Indicator, list[SheetRow]]],
) -> list[Block]:
    bottom = scheme.grades[-1].name
    worst = [row for row in graded if row.grade == bottom]
    reasons = "".join(
        f"{'其中，' if worst and all(row in worst for row in some) else ''}"
        f"{_names(some, MOST_BLAMED, several and not worst)}因{indicator.name}{_effect(scheme, indicator)}。"
        for indicator, some in vetoed
    )
    if worst:
        reasons = (
            f"{_names(worst, MOST_BLAMED, several)}评为{bottom}，"
            f"{f'由所在{kind}约谈本人、限期整改' if kind else '要分析原因、限期整改'}，下月重点跟踪。{reasons}"
        )
    return [Paragraph(reasons)] if reasons else []


def _in_a_row(
    follows: Mapping[int, tuple[str, ...]], graded: Sequence[SheetRow], several: bool
) -> list[Block]:
    """What the scheme says of those whose months in a row were poor; whom it is done to decides the office."""
    of: dict[str, list[SheetRow]] = {}
    for row in graded:
        for said in follows.get(row.id, ()):
            of.setdefault(said, []).append(row)
    # "连续 2 个月" as an official document writes numbers
    told = (f"{_names(some, MOST_BLAMED, several)}{said.replace(' ', '', 2)}。" for said, some in of.items())
    text = "".join(told)
    return [Paragraph(f"按照方案，{text}")] if text else []


def _effect(scheme: Scheme, indicator: Indicator) -> str:
    rule = indicator.rule
    assert isinstance(rule, Veto)
    match rule.effect:
        case Effect.FORCED:
            return f"直接定为{forced_grade(scheme, rule)}"
        case Effect.ZEROED:
            return "总分记0分"
        case Effect.NOT_TOP:
            return f"不得评为{scheme.grades[0].name}"


def _vetoed(
    session: Session, month_id: int, scheme: Scheme, graded: Sequence[SheetRow]
) -> list[tuple[Indicator, list[SheetRow]]]:
    """For each veto of the scheme, whom it befell."""
    vetoes = [indicator for indicator in scheme.indicators if is_veto(indicator)]
    if not vetoes:
        return []
    rows = sheet_rows(session, month_id)
    raw = dict(zip((row["id"] for row in rows), all_raw_values(scheme, rows), strict=True))
    found = [(indicator, [row for row in graded if raw[row.id].get(indicator.key)]) for indicator in vetoes]
    return [(indicator, some) for indicator, some in found if some]


def _task(kind: str, where: str, several: bool, scheme: Scheme, whole: Standing) -> str:
    """What is to be done about lost points, and about those who only just passed."""
    who = f"各{kind}" if several or not where else where
    annex = "附件1" if several else "附件"
    text = f"{who}要对照{annex}查找扣分原因，逐项整改，下月考核时复查。"
    barely = scheme.grades[-2].name if len(scheme.grades) > 2 else None
    if barely and whole.grades[barely]:
        text += f"对评为{barely}的{whole.grades[barely]}{heads_of(scheme)}要加强指导。"
    return text
