"""What a month's course leaves on paper: opinions and calibrations, how units were scored, appeals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.enums import OpinionStage, Target
from db.tables import Account, Appeal, Month, Opinion, Sheet
from gridoffice.assessment.annexes import fixed
from gridoffice.assessment.appeals import WAITING
from gridoffice.assessment.calibration import Spread, distribution
from gridoffice.assessment.month import Where, below_in_month, month_record, scheme_of
from gridoffice.assessment.printed import Cell, Printed
from gridoffice.assessment.rules import in_words
from gridoffice.documents.model import HeadGroup
from gridoffice.scoring.scheme import Scheme
from gridoffice.scoring.shapes import plain

REGISTER_SIGNED = ("登记人：", "审核人：", "负责人：")


def calibration_table(session: Session, where: Where, scope: int | None = None) -> Printed:
    """How each unit was scored against all of them, before and after calibration. It is of the whole month:
    what is calibrated is the scale of one unit against the others, so `scope` changes nothing."""
    month = month_record(session, where)
    scheme, found = scheme_of(session, month), distribution(session, month.id)
    spans = tuple(f"{plain(low)}–\n{plain(high)}" for low, high in found.spans)
    whole = found.whole
    return Printed(
        title=f"{in_words(month.period)}考核校准对照表",
        facts=(f"方案：{scheme.name}", f"共{len(found.groups)}个单位", "单位：人、分"),
        headings=(
            "单位",
            "人数",
            HeadGroup("校准前", ("平均分", "与全部比")),
            HeadGroup("校准后", ("平均分", "与全部比")),
            "校准\n人数",
            *([HeadGroup("得分分布（人）", spans)] if spans else []),
        ),
        rows=(*(_spread(one, whole) for one in found.groups), _spread(whole, whole)),
        places=(None, None, *(scheme.places,) * 4, None, *(None,) * len(spans)),
        notes=(_limit(scheme),),
        signature=("复核人：", "参加校准人员：", "负责人："),
        sums=1,
    )


def _spread(one: Spread, whole: Spread) -> tuple[Cell, ...]:
    return (
        one.name,
        one.people,
        one.before,
        _beside(one.before, whole.before),
        one.after,
        _beside(one.after, whole.after),
        one.adjusted,
        *one.counts,
    )


def _beside(mean: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if mean is None or whole is None else mean - whole


def _limit(scheme: Scheme) -> str:
    if scheme.calibration_limit is None:
        return "注：校准在复核阶段进行，逐人写明原因。"
    return f"注：校准在复核阶段进行，每人加减最多{plain(scheme.calibration_limit)}分，逐人写明原因。"


def opinions_table(session: Session, where: Where, scope: int | None = None) -> Printed:
    """Everybody of whom something was said: own mark and first review beside the computed total, each
    calibration and each change by appeal with its reason."""
    month = month_record(session, where)
    scheme = scheme_of(session, month)
    query = (
        select(Sheet, Opinion)
        .join(Opinion, Opinion.sheet_id == Sheet.id)
        .where(*_inside(session, month, scope))
        .order_by(Sheet.unit_path, Sheet.grid_path, Sheet.id, Opinion.id)
    )
    said: dict[int, list[Opinion]] = defaultdict(list)
    sheets: dict[int, Sheet] = {}
    for sheet, opinion in session.execute(query):
        sheets[sheet.id] = sheet
        said[sheet.id].append(opinion)
    names = _names(session)
    rows = [_opinions(scheme, number, sheets[one], said[one], names) for number, one in enumerate(sheets, 1)]
    places = scheme.places
    return Printed(
        title=f"{in_words(month.period)}考核意见和校准明细表",
        facts=(
            f"方案：{scheme.name}",
            f"共{len(rows)}{'人' if month.target is Target.POST else '个'}",
            "单位：分",
        ),
        headings=(
            "序号",
            "姓名" if month.target is Target.POST else month.target.label,
            "所属网格",
            "自评",
            "初评",
            HeadGroup("计算得分", ("校准前", "加减", "校准后")),
            "等次",
            "原因和意见",
        ),
        rows=tuple(rows),
        places=(None, None, None, *(places,) * 5, None, None),
        notes=(_limit(scheme),),
        signature=("复核人：", "审定人：", "负责人："),
    )


def _opinions(
    scheme: Scheme, number: int, sheet: Sheet, said: Sequence[Opinion], names: dict[str, str]
) -> tuple[Cell, ...]:
    own = next((one.points for one in said if one.stage is OpinionStage.SELF), None)
    first = next((one.points for one in said if one.stage is OpinionStage.FIRST), None)
    change = sheet.adjustment
    words = [
        f"{one.stage.label}（{names.get(one.given_by, one.given_by)}，{one.given_on}"
        f"{f'，{_change(one.change)}' if one.change else ''}{f'，定为{one.grade}' if one.grade else ''}）"
        f"{f'：{one.text}' if one.text else ''}"
        for one in said
    ]
    before = None if sheet.total is None else sheet.total - (change or Decimal(0))
    return (
        number,
        sheet.name,
        sheet.grid_name,
        own,
        first,
        before,
        change,
        sheet.total,
        f"{sheet.grade or ''}{'（定）' if sheet.granted else ''}",
        "；".join(words),
    )


def _change(points: Decimal) -> str:
    return f"{'加' if points > 0 else '减'}{plain(abs(points))}分"


def appeals_table(session: Session, where: Where, scope: int | None = None) -> Printed:
    """申诉登记表: what was appealed, by when it is to be answered, how it was decided and what that changed."""
    month = month_record(session, where)
    scheme = scheme_of(session, month)
    query = (
        select(Appeal, Sheet)
        .join(Sheet, Sheet.id == Appeal.sheet_id)
        .where(*_inside(session, month, scope))
        .order_by(Appeal.number)
    )
    names = _names(session)
    rows: list[tuple[Cell, ...]] = []
    for appeal, sheet in session.execute(query):
        decided = appeal.decision is not None
        rows.append(
            (
                appeal.number,
                sheet.name,
                sheet.grid_name,
                f"{appeal.raised_on}",
                appeal.what,
                appeal.wanted or "",
                f"{appeal.due_on}",
                _outcome(appeal),
                appeal.answer or "",
                f"{appeal.decided_on}" if appeal.decided_on else "",
                names.get(appeal.decided_by or "", appeal.decided_by or ""),
                f"{fixed(sheet.total, scheme.places)} {sheet.grade or ''}".strip() if decided else "",
            )
        )
    open_ = sum(row[7] == WAITING for row in rows)
    left = f"，{WAITING}{open_}件" if open_ else ""
    return Printed(
        title=f"{in_words(month.period)}考核申诉登记表",
        facts=(f"方案：{scheme.name}", f"共{len(rows)}件{left}"),
        headings=(
            "编号",
            "申诉人",
            "所属网格",
            HeadGroup("申诉", ("日期", "内容", "要求")),
            "答复\n期限",
            HeadGroup("答复", ("结果", "说明", "日期", "经办人")),
            "现在的\n得分和等次",
        ),
        rows=tuple(rows),
        places=(None,) * 12,
        signature=REGISTER_SIGNED,
    )


def _outcome(appeal: Appeal) -> str:
    """How an appeal was decided, and what that changed."""
    if appeal.decision is None:
        return WAITING
    changed = (appeal.changes or {}).get("words")
    return f"{appeal.decision.label}：{changed}" if changed else appeal.decision.label


def _inside(session: Session, month: Month, scope: int | None) -> list[ColumnElement[bool]]:
    """The sheets of a month, or those of them below a grid."""
    found: list[ColumnElement[bool]] = [Sheet.month_id == month.id]
    if scope is not None:
        found.append(below_in_month(session, month.id, scope))
    return found


def _names(session: Session) -> dict[str, str]:
    """What accounts are called by the names they sign with."""
    return {name: shown for name, shown in session.execute(select(Account.name, Account.display))}
