"""The official notice of a month's results: 通报, with every score in its annex."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import MonthState
from db.tables import Sheet
from gridoffice.assessment.month import mean, month_record, scheme_of
from gridoffice.assessment.rows import SheetRow, results
from gridoffice.assessment.rules import in_words
from gridoffice.assessment.scheme import Scheme, is_bonus, is_veto
from gridoffice.assessment.shapes import plain
from gridoffice.documents.model import Block, Heading, OfficialDocument, Paragraph, TableAnnex
from gridoffice.errors import RuleBroken
from gridoffice.listing import Ask
from gridoffice.settings import ORGANISATION, setting


def notice(session: Session, period: str, scope: int | None = None) -> OfficialDocument:
    """The notice of a month, of the whole office or below one grid. Raises `RuleBroken` when
    nothing has been computed yet."""
    month = month_record(session, period)
    scheme = scheme_of(session, month)
    listing = results(session, period)
    rows: list[SheetRow] = listing.rows(session, listing.ids(session, Ask(scope=scope)))
    graded = [row for row in rows if row.total is not None]
    if not graded:
        raise RuleBroken(f"{in_words(period)}还没有算出得分，先计算。")
    organisation = setting(session, ORGANISATION, "")
    words = in_words(period)
    day = month.locked_at.astimezone().date() if month.locked_at else date.today()
    communities = _communities(rows, scheme.places)
    body: list[Block] = [
        Paragraph(f"按照《{scheme.name}》，现将{words}网格员考核结果通报如下。"),
        Heading(1, "一、总体情况"),
        Paragraph(_overall(scheme, rows, graded)),
        *_standing(communities),
        Heading(1, f"{'三' if len(communities) > 1 else '二'}、表扬与整改"),
        *_praise_and_blame(session, month.id, scheme, graded),
    ]
    if month.state is not MonthState.LOCKED:
        body.append(Paragraph(f"以上数据取自考核{month.state.label}阶段，锁定前可能调整。"))
    annexes = [_scores(scheme, words, rows)]
    if len(communities) > 1:
        annexes.append(_means(words, communities))
    return OfficialDocument(
        organisation=organisation,
        title=f"关于{words}网格员考核结果的通报",
        body=tuple(body),
        signature=organisation,
        day=day,
        recipients="各社区（村）",
        attachments=tuple(annexes),
    )


def _overall(scheme: Scheme, rows: Sequence[SheetRow], graded: Sequence[SheetRow]) -> str:
    average = _mean([row.total for row in graded if row.total is not None], scheme.places)
    counts: dict[str, int] = defaultdict(int)
    for row in graded:
        counts[row.grade or ""] += 1
    grades = "，".join(f"{grade.name}{counts[grade.name]}人" for grade in scheme.grades)
    missing = len(rows) - len(graded)
    gap = f"，{missing}人待补" if missing else ""
    return f"本月应考核{len(rows)}人，实际考核{len(graded)}人{gap}，平均{plain(average)}分。其中，{grades}。"


def _mean(totals: Sequence[Decimal], places: int) -> Decimal:
    return mean(sum(totals, Decimal(0)), len(totals), places) or Decimal(0)


def _communities(rows: Sequence[SheetRow], places: int) -> list[tuple[str, int, Decimal]]:
    """Name, heads and mean of each community, the best first."""
    totals: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        if row.total is not None:
            totals[row.unit].append(row.total)
    found = [(unit, len(some), _mean(some, places)) for unit, some in totals.items()]
    return sorted(found, key=lambda one: (-one[2], one[0]))


def _standing(communities: Sequence[tuple[str, int, Decimal]]) -> list[Block]:
    if len(communities) < 2:
        return []
    best, worst = communities[0], communities[-1]
    return [
        Heading(1, "二、各社区情况"),
        Paragraph(
            f"{len(communities)}个社区（村）中，{best[0]}平均{plain(best[2])}分，排名第一；"
            f"{worst[0]}平均{plain(worst[2])}分，排名末位。各社区平均分见附件2。"
        ),
    ]


def _praise_and_blame(
    session: Session, month_id: int, scheme: Scheme, graded: Sequence[SheetRow]
) -> list[Block]:
    top, bottom = scheme.grades[0].name, scheme.grades[-1].name
    best = [row for row in graded if row.grade == top][:10]
    worst = [row for row in graded if row.grade == bottom]
    vetoes = [indicator.key for indicator in scheme.indicators if is_veto(indicator)]
    shown = {row.id for row in graded}
    vetoed = [
        name
        for sheet_id, name, inputs in session.execute(
            select(Sheet.id, Sheet.name, Sheet.inputs).where(Sheet.month_id == month_id).order_by(Sheet.id)
        )
        if sheet_id in shown and any(inputs.get(key) for key in vetoes)
    ]
    found: list[Block] = []
    if best:
        names = "、".join(f"{row.name}（{row.grid}）" for row in best)
        others = sum(1 for row in graded if row.grade == top) - len(best)
        rest = f"等{len(best) + others}人" if others else ""
        found.append(Paragraph(f"{names}{rest}评为{top}，予以表扬。"))
    if worst:
        names = "、".join(row.name for row in worst[:20]) + ("等" if len(worst) > 1 else "")
        found.append(Paragraph(f"{names}{len(worst)}人评为{bottom}，所在社区要约谈本人，下月重点跟踪。"))
    if vetoed:
        found.append(Paragraph(f"其中{'、'.join(vetoed[:20])}因一票否决事项定等。"))
    if not found:
        found.append(Paragraph("各网格要对照得分查找不足，下月整改到位。"))
    return found


def _scores(scheme: Scheme, words: str, rows: Sequence[SheetRow]) -> TableAnnex:
    shown = [indicator for indicator in scheme.indicators if not is_veto(indicator)]
    heads = [
        f"{one.name}（最多{plain(scheme.bonus_cap)}）"
        if is_bonus(one)
        else f"{one.name}（{plain(one.full)}）"
        for one in shown
    ]
    return TableAnnex(
        title=f"{words}网格员考核成绩表",
        headings=("排名", "姓名", "所属网格", "职务", *heads, "合计", "等次"),
        rows=[
            (
                str(row.rank or ""),
                row.name,
                row.grid,
                row.title,
                *(_points(row.parts.get(one.key)) for one in shown),
                _points(row.total) or "待补",
                row.grade or "",
            )
            for row in rows
        ],
        widths=(4, 8, 20, 9, *(6 for _ in shown), 7, 7),
        landscape=True,
        facts=(f"考核月份：{words}", f"共{len(rows)}人"),
    )


def _points(points: Decimal | None) -> str:
    return "" if points is None else plain(points)


def _means(words: str, communities: Sequence[tuple[str, int, Decimal]]) -> TableAnnex:
    return TableAnnex(
        title=f"{words}各社区考核平均分",
        headings=("名次", "社区（村）", "考核人数", "平均分"),
        rows=[
            (str(place), unit, str(count), plain(average))
            for place, (unit, count, average) in enumerate(communities, 1)
        ],
    )
