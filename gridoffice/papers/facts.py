"""The numbers that a document can name, each as it is printed. A group of them is worked out only when one
of its names is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from gridoffice.assessment.month import month_record, words_of
from gridoffice.documents.model import chinese_date
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import root_id
from gridoffice.overview.findings import sightings
from gridoffice.overview.glance import team
from gridoffice.overview.staffing import StaffingRow, staffing
from gridoffice.overview.turnover import rate, turnover, turnover_rate
from gridoffice.papers.month_facts import MONTH, month_facts_of
from gridoffice.party.redline import redline
from gridoffice.qualifications.listing import tally
from gridoffice.qualifications.rules import Validity
from gridoffice.settings import ORGANISATION, setting

MOST_NAMED = 5
"""So many places are named in a sentence; more are counted."""


@dataclass(frozen=True, slots=True)
class About:
    """What a document is about: of which month (its address), below which grid, on which day."""

    day: date
    month: str | None = None
    scope: int | None = None


Facts = Mapping[str, str]
Work = Callable[[Session, About], Facts]

PLAIN = ("发文机关", "范围", "月份", "年份", "季度", "截止日期")
TEAM = ("村社区数", "网格数", "在岗人数", "党员数", "专职人数", "专职率", "平均年龄")
STAFF = ("应配人数", "实有人数", "缺额人数", "配备率", "缺人的村社区")
CHANGE = ("季初人数", "本季新增", "本季离岗", "本季流失率", "近一年离岗", "近一年流失率")
CARDS = ("持证本数", "已过期本数", "30天内到期本数", "有效率")
PARTY = ("应建党组织网格数", "已建党组织网格数", "党组织覆盖率", "党员联系网格数", "未建党组织的网格")
FOUND = ("问题处数", "需立即改的处数", "问题分类")


def percent(part: int, whole: int | Decimal) -> str:
    """A rate with one place: 96.4%; empty of nothing."""
    return _rate(rate(part, whole))


def some(names: Sequence[str], unit: str = "") -> str:
    """甲、乙、丙等8个: some names, and how many there are when not all stand there."""
    shown = "、".join(names[:MOST_NAMED])
    return f"{shown}等{len(names)}{unit}" if len(names) > MOST_NAMED else shown


def quarter(day: date) -> tuple[int, date]:
    """The quarter of a day: its number and its first day."""
    number = (day.month - 1) // 3 + 1
    return number, date(day.year, number * 3 - 2, 1)


def _plain(session: Session, about: About) -> Facts:
    top = root_id(session)
    place = about.scope if about.scope is not None else top
    name = names_of(session, office_pack(session), [place])[place][0] if place is not None else ""
    number, _ = quarter(about.day)
    return {
        "发文机关": setting(session, ORGANISATION, ""),
        "范围": name,
        "月份": words_of(session, month_record(session, about.month)) if about.month else "",
        "年份": f"{about.day.year}年",
        "季度": f"{about.day.year}年第{'一二三四'[number - 1]}季度",
        "截止日期": chinese_date(about.day),
    }


def _team(session: Session, about: About) -> Facts:
    seen = team(session, about.scope, about.day)
    return {
        "村社区数": str(seen.communities),
        "网格数": str(seen.grids),
        "在岗人数": str(seen.workers),
        "党员数": str(seen.members),
        "专职人数": str(seen.full_time),
        "专职率": percent(seen.full_time, seen.workers),
        "平均年龄": f"{seen.average_age}" if seen.average_age is not None else "",
    }


def _staff(session: Session, about: About) -> Facts:
    rows: list[StaffingRow] = staffing(session, about.scope, about.day)
    wanted, here = sum(one.required for one in rows), sum(one.present for one in rows)
    short = [f"{one.place}（缺{one.gap}人）" for one in rows if one.gap]
    missing = sum(one.gap for one in rows)
    return {
        "应配人数": str(wanted),
        "实有人数": str(here),
        "缺额人数": str(missing),
        # people too many in one grid do not fill another
        "配备率": percent(wanted - missing, wanted),
        "缺人的村社区": some(short, "个村（社区）"),
    }


def _change(session: Session, about: About) -> Facts:
    found = turnover(session, about.scope, about.day)
    _, first = quarter(about.day)
    months = [one for one in found.months if one.end >= first]
    left = sum(one.left for one in months)
    return {
        "季初人数": str(months[0].before),
        "本季新增": str(sum(one.joined for one in months)),
        "本季离岗": str(left),
        "本季流失率": _rate(turnover_rate(left, months[0].before, months[-1].after)),
        "近一年离岗": str(found.whole.left),
        "近一年流失率": _rate(found.whole.rate),
    }


def _rate(found: Decimal | None) -> str:
    return "" if found is None else f"{found.normalize():f}%"


def _cards(session: Session, about: About) -> Facts:
    held = tally(session, about.scope, about.day)
    whole = sum(held.values())
    gone = held.get(Validity.EXPIRED, 0)
    soon = held.get(Validity.DAYS_7, 0) + held.get(Validity.DAYS_30, 0)
    return {
        "持证本数": str(whole),
        "已过期本数": str(gone),
        "30天内到期本数": str(soon),
        "有效率": percent(whole - gone, whole),
    }


def _party(session: Session, about: About) -> Facts:
    line = redline(session, about.scope, about.day)
    open_ = [one.grid_id for one in line.nodes if one.organisation_wanted and one.organisation is None]
    names = names_of(session, office_pack(session), open_[:MOST_NAMED], about.day)
    return {
        "应建党组织网格数": str(line.whole.wanted),
        "已建党组织网格数": str(line.whole.organised),
        "党组织覆盖率": percent(line.whole.organised, line.whole.wanted),
        "党员联系网格数": str(line.whole.answered),
        "未建党组织的网格": some([names[one][0] if one in names else "" for one in open_], "个"),
    }


def _found(session: Session, about: About) -> Facts:
    seen = sightings(session, about.scope, about.day)
    topics = Counter(one.topic.label for one in seen)
    urgent = sum(1 for one in seen if one.severity.value == "error")
    return {
        "问题处数": str(len(seen)),
        "需立即改的处数": str(urgent),
        "问题分类": "、".join(f"{label}{count}处" for label, count in topics.most_common()),
    }


GROUPS: tuple[tuple[str, tuple[str, ...], Work], ...] = (
    ("本文件", PLAIN, _plain),
    ("月度考核", MONTH, lambda session, about: month_facts_of(session, about.month, about.scope)),
    ("队伍", TEAM, _team),
    ("配备", STAFF, _staff),
    ("变化", CHANGE, _change),
    ("证书", CARDS, _cards),
    ("红线", PARTY, _party),
    ("规范核对", FOUND, _found),
)
"""Every name by group, in the clerk's words, and how it is worked out."""

NAMES: frozenset[str] = frozenset(name for _, names, _ in GROUPS for name in names)


def facts_of(session: Session, about: About, names: Collection[str]) -> dict[str, str]:
    """What these names stand for; one that is not known is passed over, and so are those of a month in a
    document that is of none."""
    wanted = set(names)
    found: dict[str, str] = {}
    for _, known, work in GROUPS:
        if wanted & set(known) and (known is not MONTH or about.month is not None):
            said = work(session, about)
            found |= {name: said[name] for name in known if name in wanted}
    return found
