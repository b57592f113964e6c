"""What must be true of a certificate, how long it is good for, and what it takes to go up a level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from db.enums import Education, Labelled, SkillLevel
from gridoffice.dates import years_on
from gridoffice.errors import Problem

OCCUPATION = "城市管理网格员"
"""《城市管理网格员》国家职业技能标准（2022）: the occupation whose five levels are counted."""


class Validity(Labelled):
    """How a certificate stands on a day. One that ends is spoken of at 90, 60, 30 and 7 days before, each
    time more urgently."""

    EXPIRED = "expired", "已过期"
    DAYS_7 = "7", "7 天内到期"
    DAYS_30 = "30", "30 天内到期"
    DAYS_60 = "60", "60 天内到期"
    DAYS_90 = "90", "90 天内到期"
    VALID = "valid", "有效"
    FOREVER = "forever", "长期"


STAGES = {
    7: Validity.DAYS_7,
    30: Validity.DAYS_30,
    60: Validity.DAYS_60,
    90: Validity.DAYS_90,
}
"""So many days before its end a certificate has reached that stage; the most urgent first."""


def validity(expires: date | None, day: date) -> Validity:
    """How a certificate stands on a day; it is good on its last one."""
    if expires is None:
        return Validity.FOREVER
    if expires < day:
        return Validity.EXPIRED
    left = (expires - day).days
    return next((stage for days, stage in STAGES.items() if left <= days), Validity.VALID)


_LEVELS = {
    SkillLevel.FIVE: r"五级|5级|(?<![一二三四])初级工?",
    SkillLevel.FOUR: r"四级|4级|中级工?",
    SkillLevel.THREE: r"三级|3级|高级工|高级(?!技师)",
    SkillLevel.TWO: r"二级|2级|(?<!高级)技师",
    SkillLevel.ONE: r"一级|1级|高级技师",
}


def skill_level(certificate: str | None, level: str | None) -> SkillLevel | None:
    """The level of a grid worker's skill certificate: 五级, 初级工 and 五级/初级工 are the same; None for
    certificates of other occupations, whose levels mean something else."""
    if not certificate or not level or "网格" not in certificate:
        return None
    text = re.sub(r"\s+", "", level).replace("Ⅰ", "I")
    # the higher first: 高级技师 holds 技师 too
    for known in reversed(SkillLevel):
        if re.search(_LEVELS[known], text):
            return known
    return None


def written(certificate: str | None, level: str | None) -> str | None:
    """A level as it is kept: in the standard's words where they are known, else as it came."""
    known = skill_level(certificate, level)
    return known.label if known is not None else level


def renewed_until(issued: date | None, expires: date | None, again: date) -> date | None:
    """The last day of a certificate issued `again` that is good for as many years as the one before; None
    where that was not for whole years, or for ever."""
    if issued is None or expires is None:
        return None
    for years in range(1, 31):
        for short in (timedelta(0), timedelta(1)):  # good until the same day, or until the day before
            if years_on(issued, years) - short == expires:
                return years_on(again, years) - short
    return None


def check_days(issued: date | None, expires: date | None) -> list[Problem]:
    """Nothing ends before it begins."""
    if issued and expires and expires < issued:
        said = f"有效期至 {expires} 早于发证日期 {issued}。"
        return [Problem(said, field="有效期至", value=str(expires))]
    return []


# Going up


@dataclass(frozen=True, slots=True)
class Way:
    """One way to be admitted: so many years of work in the occupation, or so many since another level
    was reached, for those with at least some education."""

    words: str
    work: int | None = None
    after: SkillLevel | None = None
    years: int = 0
    education: Education | None = None


def way_words(way: Way) -> str:
    """A way in the clerk's words, from what it asks for."""
    parts = []
    if way.education is not None:
        parts.append(f"{way.education.label}以上学历")
    if way.after is not None:
        parts.append(f"取得{way.after.label.split('/')[0]}证书满 {way.years} 年")
    if way.work is not None:
        parts.append(f"从事本职业满 {way.work} 年")
    return "，".join(parts)


@dataclass(frozen=True, slots=True)
class Step:
    """A level and the ways to be admitted to its examination; one of them is enough."""

    level: SkillLevel
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class SkillTable:
    """申报条件 of an occupation, lowest level first."""

    occupation: str
    source: str
    steps: tuple[Step, ...]


class Going(Labelled):
    """Whether somebody may go for the next level on a day."""

    NOW = "now", "可申报"
    LATER = "later", "还没到时间"
    UNKNOWN = "unknown", "资料不全"
    TOP = "top", "已到最高级"


@dataclass(frozen=True, slots=True)
class Held:
    """A skill certificate somebody has: its level, and since when (None: nobody knows)."""

    level: SkillLevel
    since: date | None


@dataclass(frozen=True, slots=True)
class Next:
    """The level somebody may go for, from which day, and by which way; `day` is None when what is known
    of the person does not tell, and `lacks` then says what the first way asks for."""

    level: SkillLevel
    day: date | None
    words: str
    lacks: str = ""


def going(found: Next | None, day: date) -> Going:
    """How it stands with the next level on a day; no next level means the top is reached."""
    if found is None:
        return Going.TOP
    if found.day is None:
        return Going.UNKNOWN
    return Going.NOW if found.day <= day else Going.LATER


def next_level(
    table: SkillTable, held: Iterable[Held], working_since: date | None, education: Education | None
) -> Next | None:
    """The level above the highest that somebody holds, and the earliest day on which one of its ways is
    open; None at the top. Levels are not skipped (国家职业技能标准编制技术规程: 逐级申报)."""
    reached = {one.level: one.since for one in held}
    order = list(SkillLevel)
    highest = max((order.index(level) for level in reached), default=-1)
    step = next((step for step in table.steps if order.index(step.level) == highest + 1), None)
    if step is None:
        return None
    days = [(day, way) for way in step.ways if (day := _open(way, reached, working_since, education))]
    if not days:
        way = step.ways[0]
        return Next(step.level, None, way.words, _lacks(way, reached, working_since, education))
    day, way = min(days, key=lambda one: one[0])
    return Next(step.level, day, way.words)


def _lacks(
    way: Way,
    reached: Mapping[SkillLevel, date | None],
    working_since: date | None,
    education: Education | None,
) -> str:
    """What is not known of somebody, or not enough, for a way that is not open."""
    found = []
    if way.work is not None and working_since is None:
        found.append("没写任职开始日期")
    if way.after is not None and reached.get(way.after) is None:
        found.append(f"没写{way.after.label}证书的发证日期")
    if way.education is not None and education is None:
        found.append("没写学历")
    elif way.education is not None and not at_least(education, way.education):
        found.append(f"学历不到{way.education.label}")
    return "、".join(found)


def _open(
    way: Way,
    reached: Mapping[SkillLevel, date | None],
    working_since: date | None,
    education: Education | None,
) -> date | None:
    if way.education is not None and not at_least(education, way.education):
        return None
    starts = []
    if way.work is not None:
        starts.append((working_since, way.work))
    if way.after is not None:
        starts.append((reached.get(way.after), way.years))
    days = [years_on(since, years) for since, years in starts if since is not None]
    return max(days) if days and len(days) == len(starts) else None


def at_least(education: Education | None, wanted: Education) -> bool:
    """Whether somebody's education is that or a higher one (GB/T 4658 lists the highest first)."""
    order = list(Education)
    return education is not None and order.index(education) <= order.index(wanted)
