"""公示: who is on the list with points and grade, for how long, and how one objects. Never an ID number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from db.enums import MonthState, Target
from db.tables import Month
from gridoffice.assessment.annexes import WHOM, fixed, grade_notes, heads_of, ranks_within
from gridoffice.assessment.month import Where, month_record, scheme_of
from gridoffice.assessment.rows import SheetRow, results
from gridoffice.assessment.rules import in_words
from gridoffice.documents.model import Block, OfficialDocument, Paragraph, TableAnnex, chinese_date
from gridoffice.errors import RuleBroken
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import root_id
from gridoffice.listing import Ask
from gridoffice.scoring.scheme import Scheme
from gridoffice.settings import ORGANISATION, SIGN_PHONES, setting

SHOWN = frozenset({MonthState.PUBLIC, MonthState.APPROVED, MonthState.LOCKED})
"""States in which results have left the office."""


@dataclass(frozen=True, slots=True)
class Said:
    """The days of a month's publicity and the number to call, as they are printed."""

    start: date | None
    end: date | None
    appeals_until: date | None
    phone: str | None


def hidden(name: str) -> str:
    """A name with what tells namesakes apart left out: 张三 → 张*, 王小明 → 王*明; the family name and the
    last character of a longer one stay."""
    if len(name) < 2:
        return name
    return name[0] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")


def said_of(session: Session, month: Month) -> Said:
    """What a public notice says of days and the phone."""
    phone = setting(session, SIGN_PHONES, {}).get("supervision")
    return Said(month.public_from, month.public_to, month.appeals_until, phone)


def how_to_object(said: Said, organisation: str) -> str:
    """Until when, where and how one objects, in one sentence."""
    until = f"{chinese_date(said.appeals_until)}前" if said.appeals_until else "公示期内"
    phone = f"（监督电话：{said.phone}）" if said.phone else ""
    return (
        f"对考核结果有异议的，{until}向{organisation}书面申诉{phone}，写明姓名、所属网格、有异议的项目和理由，"
        "附上证据材料；逾期不再受理。"
    )


def publicity(
    session: Session, where: Where, scope: int | None = None, masked: bool = False
) -> OfficialDocument:
    """The public list of a month, of the whole office or below one grid; `masked` hides a part of each name.

    Raises `RuleBroken` while the month is not public yet."""
    month = month_record(session, where)
    words = in_words(month.period)
    if month.state not in SHOWN:
        raise RuleBroken(f"{words}还在{month.state.label}，复核通过、开始公示以后再印公示名单。")
    scheme = scheme_of(session, month)
    listing = results(session, month.id)
    rows: list[SheetRow] = listing.rows(session, listing.ids(session, Ask(scope=scope)))
    organisation = setting(session, ORGANISATION, "")
    said = said_of(session, month)
    whom = WHOM[scheme.target]
    below_root = scope is not None and scope != root_id(session)
    place = names_of(session, office_pack(session), [scope])[scope][0] if below_root and scope else ""
    days = "公示期5个工作日。"
    if said.start and said.end:
        days = f"公示期为{chinese_date(said.start)}至{chinese_date(said.end)}。"
    body: list[Block] = [
        Paragraph(f"按照《{scheme.name}》，{words}{place}{whom}考核已经复核。现将结果予以公示，名单见附件。"),
        Paragraph(days),
        Paragraph(how_to_object(said, organisation)),
    ]
    return OfficialDocument(
        organisation=organisation,
        title=f"关于{place}{words}{whom}考核结果的公示",
        body=tuple(body),
        signature=organisation,
        day=said.start or date.today(),
        attachments=(
            _list(scheme, f"{place}{words}{whom}考核结果公示名单", rows, hidden if masked else str),
        ),
    )


def _list(scheme: Scheme, title: str, rows: list[SheetRow], shown: Callable[[str], str]) -> TableAnnex:
    people = scheme.target is Target.POST
    inside = ranks_within(scheme)
    headings = ("名次", "姓名", "所属网格", "职务") if people else ("名次", WHOM[scheme.target])
    return TableAnnex(
        title=title,
        headings=(*headings, "得分", "等次", *([f"{scheme.group.label}\n名次"] if inside else [])),
        rows=[
            (
                str(row.rank or ""),
                *((shown(row.name), row.grid, row.title) if people else (row.name,)),
                fixed(row.total, scheme.places),
                row.grade or ("不定等次" if row.total is not None else ""),
                *([str(row.unit_rank or "")] if inside else []),
            )
            for row in rows
        ],
        facts=(f"共{len(rows)}{heads_of(scheme)}", "单位：分"),
        notes=grade_notes(scheme),
    )
