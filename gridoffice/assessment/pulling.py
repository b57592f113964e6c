"""Filling a month's computed indicators from our own ledgers, and what stands behind each value."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Month, Sheet, table_of
from db.turns import Turn
from gridoffice.assessment.duties import refuse_part
from gridoffice.assessment.evidence import Span
from gridoffice.assessment.month import Where, cells_reader, month_record, scheme_of, taking_part, words_of
from gridoffice.assessment.rules import period_days
from gridoffice.assessment.service import refuse_unless_open, write_cells
from gridoffice.assessment.sources import (
    Source,
    Subject,
    added_up,
    named_source,
    records_of,
    subject_of,
    values_from,
)
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.progress import report
from gridoffice.scoring.scheme import Indicator, Scheme
from gridoffice.service import service


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a computed value of one sheet comes from, as the ledgers are now. `count` records, the first of
    them in words; `pulled` is the day on which the value on the sheet was drawn from them (None: never)."""

    key: str
    name: str
    source: str
    pulled: date | None
    count: int
    lines: tuple[str, ...]


def computed(scheme: Scheme) -> list[tuple[Indicator, Source, str]]:
    """The indicators that our ledgers know, each with its source and the word that narrows it down."""
    found = []
    for indicator in scheme.indicators:
        source, word = named_source(indicator.computed)
        if source is not None:
            found.append((indicator, source, word))
    return found


@service("从台账取数", needs=Right.ASSESS, turn=Turn.MONTH)
def pull(session: Session, where: Where, keys: Collection[str] | None = None) -> int:
    """Fill computed indicators (all, or those with these keys) of everybody who takes part, from the
    ledgers as they are now; the day stands on the month. Values typed over them before are replaced.
    Answers how many sheets changed.

    Raises `Locked` or `Refused` when the month takes no values, `RuleBroken` when nothing is computed.
    """
    refuse_part(session)
    month = month_record(session, where)
    refuse_unless_open(month)
    scheme = scheme_of(session, month)
    known = computed(scheme)
    unknown = set(keys or ()) - {indicator.key for indicator, _, _ in known}
    if unknown:
        raise RuleBroken(f"这些指标不由台账计算：{'、'.join(sorted(unknown))}。")
    chosen = [one for one in known if keys is None or one[0].key in keys]
    if not chosen:
        raise RuleBroken(f"方案“{scheme.name}”里没有由台账计算的指标。")
    table = table_of(Sheet)
    wanted = ("id", "person_id", "department_id", "name", "grid_path", "recorded", "inputs", "reasons")
    query = select(*(table.c[name] for name in wanted))
    query = query.where(table.c.month_id == month.id, taking_part()).order_by(table.c.id)
    rows = [dict(row) for row in session.execute(query).mappings()]
    subjects = list(map(subject_of, rows))
    values = dict(zip((row["id"] for row in rows), map(cells_reader(scheme), rows), strict=True))
    for done, (indicator, source, word) in enumerate(chosen):
        report(f"取{indicator.name}", done, len(chosen))
        sums = added_up(session, source, span_of(month, word), subjects)
        for subject in subjects:
            values[subject.sheet].update(values_from(indicator, source, sums.get(subject.sheet)))
    changed = write_cells(session, month, scheme, values)
    session.refresh(month)
    today = date.today().isoformat()
    month.pulled = {**(month.pulled or {}), **{indicator.key: today for indicator, _, _ in chosen}}
    names = "、".join(indicator.name for indicator, _, _ in chosen)
    entitle(session, f"从台账取 {words_of(session, month)}的{names}：{changed} 张考核表有变化")
    return changed


def span_of(month: Month, word: str) -> Span:
    """The month's days, of a month that still runs those up to today."""
    first, last = period_days(month.period)
    return Span(first, max(first, min(last, date.today())), word)


def sheet_evidence(session: Session, sheet_id: int, most: int = 50) -> list[Evidence]:
    """What the computed values of one sheet come from. Raises `NotFound`."""
    sheet = session.get(Sheet, sheet_id)
    if sheet is None:
        raise NotFound("没有这张考核表。")
    month = session.get_one(Month, sheet.month_id)
    department = sheet.name if sheet.department_id is not None else None
    subject = Subject(sheet.id, sheet.person_id, sheet.grid_path, department)
    pulled = month.pulled or {}
    found = []
    for indicator, source, word in computed(scheme_of(session, month)):
        records = records_of(session, source, span_of(month, word), subject)
        day = pulled.get(indicator.key)
        lines = tuple(record.said() for record in records[:most])
        found.append(
            Evidence(
                indicator.key,
                indicator.name,
                f"{source.name}（{word}）" if word else source.name,
                date.fromisoformat(day) if day else None,
                len(records),
                lines,
            )
        )
    return found
