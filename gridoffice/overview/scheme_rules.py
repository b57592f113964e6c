"""The indicators of one assessment scheme as a list, for the window and for whoever wants it on paper."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any

from sqlalchemy.orm import Session

from gridoffice.assessment.checking import quantity_and_quality
from gridoffice.assessment.month import MonthLine, months
from gridoffice.assessment.schemes import scheme_called, scheme_keys, schemes, text_of, warnings
from gridoffice.fields import Field, Kind, columns
from gridoffice.listing import Ask, Listing
from gridoffice.scoring.scheme import Scheme, blank_of, describe, weighs
from gridoffice.worked_out import worked_out


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One indicator in words; `full` is empty for what carries no weight of its own."""

    id: int
    name: Annotated[str, Field("指标", Kind.NAME, width=20)]
    dimension: Annotated[str, Field("类别", width=14)]
    full: Annotated[Decimal | None, Field("满分", Kind.DECIMAL, width=8)]
    rule: Annotated[str, Field("评分办法", width=56)]
    nature: Annotated[str, Field("性质", width=8)]
    origin: Annotated[str, Field("数据来源", width=12)]
    scorer: Annotated[str, Field("评分单位", width=16)]
    missing: Annotated[str, Field("没填时", width=20)]


def rules_of(scheme: Scheme) -> list[RuleRow]:
    """The indicators in the scheme's order, numbered from 1."""
    return [
        RuleRow(
            place,
            one.name,
            one.dimension,
            one.full if weighs(one) else None,
            describe(scheme, one),
            one.nature.label,
            one.origin.label,
            one.scorer,
            blank_of(scheme, one),
        )
        for place, one in enumerate(scheme.indicators, 1)
    ]


NARROWED_BY = ("dimension", "nature", "origin")


def rules_listing(key: str) -> Listing:
    """The indicators of the scheme of that key."""

    def work(session: Session, _scope: int | None, _day: date | None) -> Iterable[RuleRow]:
        return rules_of(scheme_called(session, key))

    return worked_out(f"rules-{key}", "考核指标", "项", RuleRow, work, filters=NARROWED_BY)


def draft_listing(key: str, scheme: Callable[[], Scheme]) -> Listing:
    """The indicators of a scheme that is being changed, as it is when somebody looks: nothing of it is
    kept, it changes without anything being written."""
    shown = columns(RuleRow)

    def asked(ask: Ask) -> list[RuleRow]:
        text = ask.search.strip()
        found = [
            one
            for one in rules_of(scheme())
            if all(getattr(one, what.column) in what.values for what in ask.filters)
            and (not text or text in one.name or text in one.rule)
        ]
        if ask.sort is not None:
            filled = [one for one in found if getattr(one, ask.sort) is not None]
            filled.sort(key=attrgetter(ask.sort), reverse=ask.descending)
            found = [*filled, *(one for one in found if getattr(one, ask.sort) is None)]
        return found

    def rows(_session: Session, wanted: Sequence[int]) -> list[RuleRow]:
        by_id = {one.id: one for one in rules_of(scheme())}
        return [by_id[number] for number in wanted if number in by_id]

    def choices(_session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
        counts = Counter(map(attrgetter(column), asked(ask)))
        return [(value, str(value or ""), count) for value, count in counts.most_common()]

    return Listing(
        key=f"rules-{key}",
        title="考核指标",
        unit="项",
        columns=shown,
        ids=lambda _session, ask: array("q", [one.id for one in asked(ask)][: ask.limit]),
        rows=rows,
        choices=choices,
        sorts=frozenset(what.name for what in shown),
        filters=frozenset(NARROWED_BY),
    )


@dataclass(frozen=True, slots=True)
class KnownScheme:
    """One scheme that a month may be opened with, and what is to be said of it. `text` is what an own one
    says, to be changed."""

    scheme: Scheme
    text: str | None
    quantity: Decimal
    quality: Decimal
    warnings: tuple[str, ...]

    @property
    def own(self) -> bool:
        return self.text is not None


@dataclass(frozen=True, slots=True)
class KnownSchemes:
    """Every scheme of the office, and the months it may be tried on, the latest first."""

    all: tuple[KnownScheme, ...]
    months: tuple[MonthLine, ...]


def known_schemes(session: Session) -> KnownSchemes:
    """All that the page of schemes says."""
    shipped = set(scheme_keys())
    return KnownSchemes(
        tuple(
            KnownScheme(
                scheme,
                None if scheme.key in shipped else text_of(session, scheme.key),
                *quantity_and_quality(scheme),
                tuple(one.message for one in warnings(scheme)),
            )
            for scheme in schemes(session)
        ),
        tuple(months(session)),
    )
