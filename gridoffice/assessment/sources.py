"""Indicators that our own ledgers know: which there are, and what they come to.

A source names records (`evidence`) and how they add up. Another ledger (events, points) joins by a
function there and one line in `SOURCES`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Labelled
from db.tables import Post
from gridoffice.assessment import evidence
from gridoffice.assessment import evidence_of_places as places
from gridoffice.assessment.evidence import EVERYBODY, Record, Span, Whom
from gridoffice.errors import Problem
from gridoffice.grids.history import tree_on
from gridoffice.grids.rules import SEGMENT
from gridoffice.grids.service import serving
from gridoffice.scoring.rule_checks import error
from gridoffice.scoring.scheme import Indicator, Measure, Scheme, Target, counts_of, inputs
from gridoffice.scoring.scores import Raw


class Gives(Labelled):
    """What the records of a source add up to."""

    RATE = "rate", "比率"
    SUM = "sum", "合计"
    MEAN = "mean", "平均"


class By(Labelled):
    """By what a record belongs to somebody."""

    PERSON = "person", "本人"
    PLACE = "place", "所在网格"


Look = Callable[[Session, Span, Whom], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that our ledgers know; `word` says what may narrow it down, if anything, `departments` that
    its records also name the department that answers for them."""

    key: str
    name: str
    gives: Gives
    by: By
    look: Look
    word: str = ""
    departments: bool = False


SOURCES = {
    source.key: source
    for source in (
        Source("training.hours", "当月培训学时", Gives.SUM, By.PERSON, evidence.training_hours),
        Source("training.year_hours", "今年培训学时", Gives.SUM, By.PERSON, evidence.training_hours_of_year),
        Source("training.attended_rate", "培训参加率", Gives.RATE, By.PERSON, evidence.trainings_called),
        Source("training.missed", "培训缺席次数", Gives.SUM, By.PERSON, evidence.trainings_missed),
        Source(
            "certificates.held", "有效证书数", Gives.SUM, By.PERSON, evidence.certificates_held, "证书名称"
        ),
        Source("certificates.held_rate", "持证率", Gives.RATE, By.PERSON, evidence.certificates, "证书名称"),
        Source("households.called", "联系户数", Gives.SUM, By.PERSON, places.households_called),
        Source("households.coverage", "联系户覆盖率", Gives.RATE, By.PLACE, places.households),
        Source("issues.reported", "上报问题数", Gives.SUM, By.PERSON, places.issues_reported, "问题类别"),
        Source(
            "issues.count",
            "当月问题数",
            Gives.SUM,
            By.PLACE,
            places.issues_found,
            "问题类别",
            departments=True,
        ),
        Source(
            "issues.older_closed",
            "以前的问题当月办结数",
            Gives.SUM,
            By.PLACE,
            places.older_closed,
            "问题类别",
            departments=True,
        ),
        Source(
            "issues.older_open",
            "以前的问题没办结数",
            Gives.SUM,
            By.PLACE,
            places.older_open,
            "问题类别",
            departments=True,
        ),
        Source(
            "issues.closed_rate",
            "问题办结率",
            Gives.RATE,
            By.PLACE,
            places.issues_closed,
            "问题类别",
            departments=True,
        ),
        Source(
            "issues.on_time_rate",
            "问题按期办结率",
            Gives.RATE,
            By.PLACE,
            places.issues_on_time,
            "问题类别",
            departments=True,
        ),
        Source(
            "issues.days",
            "问题平均办理天数",
            Gives.MEAN,
            By.PLACE,
            places.issues_days,
            "问题类别",
            departments=True,
        ),
        Source(
            "issues.in_grid_rate", "网格内解决率", Gives.RATE, By.PLACE, places.issues_in_grid, "问题类别"
        ),
        Source(
            "issues.in_community_rate",
            "社区解决率",
            Gives.RATE,
            By.PLACE,
            places.issues_in_community,
            "问题类别",
        ),
        Source(
            "issues.satisfied_rate",
            "问题办理满意率",
            Gives.RATE,
            By.PLACE,
            places.issues_satisfied,
            "问题类别",
            departments=True,
        ),
        Source("resources.count", "资源数", Gives.SUM, By.PLACE, places.resources, "资源类别"),
        Source("party.coverage", "党组织和党员覆盖率", Gives.RATE, By.PLACE, places.party_coverage),
        Source("party.services", "党员服务次数", Gives.SUM, By.PERSON, places.party_services),
        Source("vacancies.rate", "网格空缺率", Gives.RATE, By.PLACE, places.vacancies),
        Source("staffing.full_time_rate", "专职率", Gives.RATE, By.PLACE, places.full_time),
        Source("turnover.rate", "当月离岗率", Gives.RATE, By.PLACE, places.turnover),
    )
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose sheet it is: a person with the path of their grid, an area by its path, both as the tree was
    on the month's last day, or a department by its name."""

    sheet: int
    person: int | None
    path: str
    department: str | None = None


def subject_of(row: Mapping[str, Any]) -> Subject:
    """Whose a sheet is; of the row number, person, department, path and name are read."""
    department = row["name"] if row["department_id"] is not None else None
    return Subject(row["id"], row["person_id"], row["grid_path"], department)


Sums = dict[int, tuple[Decimal, int]]
"""Σ part and Σ whole by sheet; a sheet without any record is not there."""


def named_source(computed: str) -> tuple[Source | None, str]:
    """The source that an indicator names, and the word after its colon: “certificates.held_rate:救护”."""
    key, _, word = computed.partition(":")
    return SOURCES.get(key), word


def added_up(session: Session, source: Source, span: Span, subjects: Sequence[Subject]) -> Sums:
    """What the records of a month come to for each of these sheets.

    Of a person: their own records, or those of their grid with all below where a source goes by place.
    Of an area: all below; people count where their main post is on the last day. Of a department: what it
    answers for.
    """
    found: dict[int, list[Any]] = {}

    def add(sheets: Iterable[int], record: Record) -> None:
        for sheet in sheets:
            sums = found.setdefault(sheet, [Decimal(0), 0])
            sums[0] += record.part
            sums[1] += record.whole

    people: dict[int, list[int]] = defaultdict(list)
    areas: dict[str, list[int]] = defaultdict(list)
    departments: dict[str, list[int]] = defaultdict(list)
    for subject in subjects:
        if subject.department is not None:
            departments[subject.department].append(subject.sheet)
        elif source.by is By.PERSON and subject.person is not None:
            people[subject.person].append(subject.sheet)
        else:
            areas[subject.path].append(subject.sheet)
    seats = _seats(session, span.last) if areas and source.by is By.PERSON else {}
    for record in source.look(session, span, EVERYBODY):
        if record.department:
            add(departments.get(record.department, ()), record)
        if source.by is By.PERSON:
            add(people.get(record.person or 0, ()), record)
        path = seats.get(record.person or 0, "") if source.by is By.PERSON else record.path
        if areas:
            for end in range(len(path), 0, -SEGMENT):
                add(areas.get(path[:end], ()), record)
    return {sheet: (part, whole) for sheet, (part, whole) in found.items()}


def records_of(session: Session, source: Source, span: Span, subject: Subject) -> list[Record]:
    """The records behind one sheet's value."""
    if subject.department is not None:
        return list(source.look(session, span, Whom(department=subject.department)))
    if source.by is By.PERSON and subject.person is not None:
        return list(source.look(session, span, Whom(person=subject.person)))
    if source.by is By.PLACE:
        tree = tree_on(session, span.last)
        today = next((now for now, then in tree.moved.items() if then == subject.path), subject.path)
        return list(source.look(session, span, Whom(path=today)))
    seats = _seats(session, span.last)
    return [
        record
        for record in source.look(session, span, EVERYBODY)
        if seats.get(record.person or 0, "").startswith(subject.path)
    ]


def _seats(session: Session, day: date) -> dict[int, str]:
    """Where everybody serves on a day, by the main post."""
    tree = tree_on(session, day)
    query = (
        select(Post.person_id, Post.grid_path).where(serving(day)).order_by(Post.concurrent.desc(), Post.id)
    )
    return {person: tree.path(path) for person, path in session.execute(query)}


def values_from(indicator: Indicator, source: Source, sums: tuple[Decimal, int] | None) -> Mapping[str, Raw]:
    """The columns that an indicator reads, filled from what was added up.

    A rate with two columns gets numerator and denominator; else it stands in per cent, half up to four
    places, and empty without any record. A sum without any record is 0, a mean is empty.
    """
    part, whole = sums or (Decimal(0), 0)
    entries = inputs(indicator)
    if len(entries) == 2:
        return {entries[0].key: int(part), entries[1].key: whole}
    (entry,) = entries
    if source.gives is Gives.SUM:
        return {entry.key: int(part) if entry.measure is Measure.COUNT else part}
    if not whole:
        return {entry.key: None}
    times = 100 if source.gives is Gives.RATE else 1
    return {entry.key: (part * times / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP)}


def source_problems(scheme: Scheme, indicator: Indicator) -> Iterator[Problem]:
    """Whether the source is there, fits the target, and gives what the rule reads."""
    name = indicator.name
    source, word = named_source(indicator.computed)
    if source is None:
        yield error(
            f"“{name}”由“{indicator.computed}”计算，没有这个来源。有：{'、'.join(SOURCES)}。", indicator
        )
        return
    if word and not source.word:
        yield error(f"“{name}”的来源“{source.name}”不分类别，去掉“{word}”。", indicator)
    if scheme.target is Target.DEPARTMENT and not source.departments:
        able = "、".join(one.name for one in SOURCES.values() if one.departments)
        yield error(f"“{name}”：台账的“{source.name}”不分部门，部门能算的有：{able}。", indicator)
    entries = list(inputs(indicator))
    counts = len(counts_of(indicator.rule)) == 2
    if len(entries) > 1 and not counts:
        yield error(f"“{name}”的规则要几列数，台账只能算出一个。", indicator)
        return
    is_rate = counts or entries[0].measure is Measure.RATE
    if is_rate is not (source.gives is Gives.RATE):
        wanted = "比率" if is_rate else "数"
        yield error(f"“{name}”的规则要{wanted}，“{source.name}”算出的是{source.gives.label}。", indicator)
    if entries[0].measure is Measure.YES_NO:
        yield error(f"“{name}”是是否项，台账算不出。", indicator)
    if source.gives is Gives.MEAN and entries[0].measure is Measure.COUNT:
        yield error(f"“{name}”记的是次数，“{source.name}”是平均数，要写 measure = amount。", indicator)
