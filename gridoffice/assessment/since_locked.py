"""What our ledgers say of a month today, against what the month says: its people, its areas, and the values
that were drawn from ledgers. Ledgers go on changing, so a difference is told, not blamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from db.tables import Month
from gridoffice.assessment.month import Where, all_raw_values, month_record, scheme_of, sheet_rows
from gridoffice.assessment.pulling import computed, span_of
from gridoffice.assessment.rules import period_days
from gridoffice.assessment.sources import added_up, subject_of, values_from
from gridoffice.assessment.subjects import subjects
from gridoffice.scoring.scheme import Scheme, all_inputs
from gridoffice.scoring.shapes import plain

COMPARED = (("name", "姓名"), ("title", "职务"), ("unit_name", "社区"), ("days", "在岗天数"))


def ledgers_since(session: Session, where: Where) -> list[str]:
    """One sentence for each difference between a month and the ledgers as they are now. Raises `NotFound`."""
    month = month_record(session, where)
    scheme = scheme_of(session, month)
    rows = sheet_rows(session, month.id)
    taking = sheet_rows(session, month.id, taking=True)
    return [*_assessed(session, month, scheme, rows), *_values(session, month, scheme, taking)]


def _subject(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["person_id"], row["grid_id"], row["department_id"]


def _assessed(
    session: Session, month: Month, scheme: Scheme, rows: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Who is assessed, and as what."""
    now = {_subject(row): row for row in subjects(session, scheme, *period_days(month.period))}
    for row in rows:
        found = now.pop(_subject(row), None)
        if found is None:
            yield f"“{row['name']}”（{row['grid_name']}）按现在的台账这个月不在考核范围。"
            continue
        for column, label in COMPARED:
            was, is_now = row[column], found[column]
            if was is not None and was != is_now:
                yield f"“{row['name']}”的{label}，考核里是“{was}”，台账现在是“{is_now}”。"
    for row in now.values():
        yield f"“{row['name']}”（{row['grid_name']}）按现在的台账应参加考核，这个月没有。"


def _values(
    session: Session, month: Month, scheme: Scheme, rows: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """What was drawn from ledgers for those who take part, drawn again."""
    pulled = month.pulled or {}
    labels = {entry.key: entry.label for entry in all_inputs(scheme)}
    raw = all_raw_values(scheme, rows)
    whom = list(map(subject_of, rows))
    for indicator, source, word in computed(scheme):
        if indicator.key not in pulled:
            continue
        sums = added_up(session, source, span_of(month, word), whom)
        for row, values in zip(rows, raw, strict=True):
            for key, value in values_from(indicator, source, sums.get(row["id"])).items():
                if values.get(key) != value:
                    was, is_now = _said(values.get(key)), _said(value)
                    yield f"“{row['name']}”的{labels[key]}，考核里是 {was}，台账现在算得 {is_now}。"


def _said(value: Any) -> str:
    return (
        "空白" if value is None else plain(value) if not isinstance(value, bool) else "是" if value else "否"
    )
