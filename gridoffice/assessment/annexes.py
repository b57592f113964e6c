"""The tables behind a month's notice: every score, and the communities beside each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from db.enums import Target
from gridoffice.assessment.month import mean
from gridoffice.assessment.rows import SheetRow
from gridoffice.documents.model import ColumnHead, HeadGroup, TableAnnex
from gridoffice.scoring.scheme import Indicator, RankGroup, Scheme, cap_of, has_points, is_bonus
from gridoffice.scoring.shapes import plain

MOST_COLUMNS = 14
"""Indicators that a sheet has room for in type that can be read; of more, the sums by dimension."""

WHOM = {Target.POST: "网格员", Target.AREA: "区域", Target.DEPARTMENT: "部门"}
"""Who is assessed, as papers call them."""


def heads_of(scheme: Scheme) -> str:
    """What those assessed are counted in."""
    return "人" if scheme.target is Target.POST else f"个{WHOM[scheme.target]}"


def ranks_within(scheme: Scheme) -> bool:
    """Whether a second rank, within a unit, says anything: an area is alone in its own community."""
    people = scheme.target is Target.POST
    return scheme.group is RankGroup.STREET or (people and scheme.group is RankGroup.COMMUNITY)


def fixed(points: Decimal | None, places: int) -> str:
    """Points as a table prints them, all with the same number of decimals: 15.00, −2.50."""
    return "" if points is None else f"{points:.{places}f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Standing:
    """A community's results: how many were assessed, their mean, and how many reached each grade."""

    unit: str
    heads: int
    average: Decimal
    grades: Counter[str | None]


def standing(unit: str, graded: Sequence[SheetRow], places: int) -> Standing:
    """The results of some people together; there is at least one."""
    totals = [row.total for row in graded if row.total is not None]
    average = mean(sum(totals, Decimal(0)), len(totals), places)
    assert average is not None
    return Standing(unit, len(totals), average, Counter(row.grade for row in graded))


def standings(graded: Sequence[SheetRow], places: int) -> list[Standing]:
    """Every community's results, the best mean first."""
    groups: dict[str, list[SheetRow]] = defaultdict(list)
    for row in graded:
        groups[row.unit].append(row)
    found = [standing(unit, some, places) for unit, some in groups.items()]
    return sorted(found, key=lambda one: (-one.average, one.unit))


def places_of(found: Sequence[Standing]) -> list[int]:
    """The place of each in the order of means; equal means share one."""
    first: dict[Decimal, int] = {}
    return [first.setdefault(one.average, place) for place, one in enumerate(found, 1)]


def scores(scheme: Scheme, what: str, rows: Sequence[SheetRow]) -> TableAnnex:
    """Everybody's points under the scheme's dimensions; `what` is the month, perhaps with a place."""
    shown = [indicator for indicator in scheme.indicators if has_points(indicator)]
    groups = [(name, list(some)) for name, some in groupby(shown, lambda one: one.dimension)]
    heads: list[ColumnHead] = []
    if len(shown) > MOST_COLUMNS:
        cells = [some for _, some in groups]
        heads += [_titled(scheme, name or some[0].name, some) for name, some in groups]
    else:
        cells = [[one] for one in shown]
        for name, some in groups:
            titles = [_titled(scheme, one.name, [one]) for one in some]
            heads += [HeadGroup(name, tuple(titles))] if name and len(titles) > 1 else titles
    people = scheme.target is Target.POST
    inside = ranks_within(scheme)
    return TableAnnex(
        title=f"{what}{WHOM[scheme.target]}考核成绩表",
        headings=(
            "排名",
            *(("姓名", "所属网格", "职务") if people else (WHOM[scheme.target],)),
            *heads,
            "合计",
            "等次",
            *([f"{scheme.group.label}\n排名"] if inside else []),
        ),
        rows=[
            (
                str(row.rank or ""),
                *((row.name, row.grid, row.title) if people else (row.name,)),
                *(fixed(_together(row, some), scheme.places) for some in cells),
                fixed(row.total, scheme.places) or "待补",
                row.grade or ("不定等次" if row.total is not None else ""),
                *([str(row.unit_rank or "")] if inside else []),
            )
            for row in rows
        ],
        landscape=True,
        facts=(f"共{len(rows)}{heads_of(scheme)}", "单位：分"),
        notes=grade_notes(scheme),
        persons=people,
    )


def _together(row: SheetRow, some: Sequence[Indicator]) -> Decimal | None:
    """A person's points in some indicators; None when none of them counted."""
    points = [found for one in some if (found := row.parts.get(one.key)) is not None]
    return sum(points, Decimal(0)) if points else None


def _titled(scheme: Scheme, name: str, some: Sequence[Indicator]) -> str:
    """The heading of a column, and below it what it is worth."""
    full = sum((one.full for one in some), Decimal(0))
    most = sum((cap_of(scheme, one) for one in some), Decimal(0))
    if is_bonus(some[0]):
        worth = f"最多{plain(min(most, scheme.bonus_cap))}"
    else:
        worth = f"满{plain(full)}" if full else f"最多扣{plain(most)}"
    return f"{name}\n{worth}"


def grade_notes(scheme: Scheme) -> tuple[str, ...]:
    """Where the grades begin and how equal totals are ranked, as notes below a table."""
    return noted(grade_sentences(scheme))


def noted(sentences: Sequence[str]) -> tuple[str, ...]:
    """Sentences as the notes of a table: 注：1.…, the others below the first; one alone has no number."""
    if len(sentences) == 1:
        return (f"注：{sentences[0]}",)
    return tuple(
        f"{'　　' if number > 1 else '注：'}{number}.{said}" for number, said in enumerate(sentences, 1)
    )


def grade_sentences(scheme: Scheme) -> list[str]:
    """Where the grades begin and how equal totals are ranked, as the scheme says."""
    found = []
    for grade, above in zip(scheme.grades, (None, *scheme.grades), strict=False):
        if grade is scheme.grades[-1] and above is not None:
            line = f"{grade.name}不满{plain(above.minimum)}分"
        else:
            line = f"{grade.name}{plain(grade.minimum)}分及以上"
        if grade.quota is not None:
            line += f"且不超过{_pool(scheme)}人数的{plain(grade.quota)}%"
        found.append(line)
    names = {indicator.key: indicator.name for indicator in scheme.indicators}
    ties = "、".join(names[key] for key in scheme.ties)
    said = [f"{'，'.join(found)}。"]
    if any(grade.quota is not None for grade in scheme.grades):
        said.append(f"等次名额按人数算出后{scheme.quota_rounding.label}，{scheme.quota_ties.label}。")
    if ties:
        said.append(f"合计相同的，依次按{ties}得分排名；仍相同的名次并列。")
    return said


def _pool(scheme: Scheme) -> str:
    """Over which unit a quota is counted; nothing to say when it is everybody."""
    if scheme.quota_pool is RankGroup.NONE:
        return ""
    return f"本{scheme.quota_pool.label.removesuffix('内')}"


def means(scheme: Scheme, what: str, kind: str, found: Sequence[Standing], whole: Standing) -> TableAnnex:
    """The communities beside each other, and all of them together."""

    def line(place: str, one: Standing) -> tuple[str, ...]:
        grades = (str(one.grades[grade.name]) for grade in scheme.grades)
        return (place, one.unit, str(one.heads), fixed(one.average, scheme.places), *grades)

    return TableAnnex(
        title=f"{what}各{kind}考核情况表",
        headings=(
            "名次",
            kind,
            "考核人数",
            "平均分",
            HeadGroup("等次人数", tuple(grade.name for grade in scheme.grades)),
        ),
        rows=[
            *(line(str(place), one) for place, one in zip(places_of(found), found, strict=True)),
            line("", whole),
        ],
        facts=(f"共{len(found)}个{kind}", "单位：人、分"),
    )
