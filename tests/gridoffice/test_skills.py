"""技能等级: who holds which level, who may go for the next and why not, by area; the office's own rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from db.enums import Education, SkillLevel
from gridoffice.errors import RuleBroken
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.overview.skills import skilled, skills, skills_listing
from gridoffice.own_tables import save_own_table
from gridoffice.qualifications.rules import Going, SkillTable, Step, Way, way_words
from gridoffice.qualifications.service import SKILLS, save_certificate
from gridoffice.qualifications.skill_text import skill_text
from gridoffice.reports import REPORTS, Wish
from tests.offices import grid_id, worker

SKILL = "城市管理网格员"
DAY = date(2026, 6, 1)


def certify(office: Office, name: str, **values: Any) -> None:
    office.write(
        save_certificate, None, {"person_id": worker(office, name).person_id, "certificate": SKILL} | values
    )


@pytest.fixture
def office(small_office: Office) -> Office:
    certify(small_office, "李䶮", level="五级", issued=date(2020, 6, 1))
    certify(small_office, "李䶮", level="四级", issued=date(2025, 9, 1))
    certify(small_office, "王𠮷𬭎", level="五级")
    certify(small_office, "单晓琴", level="五级", issued=date(2020, 6, 1), expires=date(2024, 6, 1))
    return small_office


def test_everybody_stands_once_with_the_level_reached_and_the_reason(office: Office) -> None:
    rows = {one.name: one for one in office.read(skills, None, DAY) if one.name != "张三"}
    li, wang, shan, zhao = (rows[name] for name in ("李䶮", "王𠮷𬭎", "单晓琴", "赵𫍯"))
    assert (li.level, li.following, li.going) == (SkillLevel.FOUR, SkillLevel.THREE, Going.LATER)
    assert li.opens == date(2029, 9, 1) and "还差 1188 天" in li.reason
    assert (wang.level, wang.going, wang.opens) == (SkillLevel.FIVE, Going.LATER, date(2030, 1, 1))
    assert (shan.level, shan.following, shan.going) == (None, SkillLevel.FIVE, Going.NOW)
    assert (zhao.going, zhao.reason) == (
        Going.UNKNOWN,
        "从事本职业或相关职业满 1 年；没写任职开始日期",
    )
    assert [one.area for one in office.read(skills, grid_id(office, "519921001002"), DAY)] == ["柳荫社区"] * 2


def test_figures_are_those_of_the_rows(office: Office) -> None:
    seen, listing = office.read(skilled, None, DAY), skills_listing()

    def rows(*filters: Filter) -> int:
        return len(office.read(listing.ids, Ask(day=DAY, filters=filters)))

    assert seen.people == rows() == 7
    assert [(one.area, one.people, one.holders, one.rate) for one in seen.areas] == [
        ("梧桐社区", 5, 2, Decimal("40.0")),
        ("柳荫社区", 2, 0, Decimal("0.0")),
    ]
    assert dict(seen.areas[0].levels)[SkillLevel.FOUR] == 1
    for one in seen.areas:
        held = Filter("level", tuple(SkillLevel))
        assert rows(Filter("area", (one.area,)), held) == one.holders
    for level, count in seen.levels:
        assert rows(Filter("level", (level,))) == count
    assert rows(Filter("going", (Going.NOW,))) == seen.may_go
    assert "王𠮷𬭎" in _text(REPORTS["skills"].make(office, Wish(day=DAY)))


def _text(pdf: bytes) -> str:
    from gridoffice.documents.render import page_text

    return page_text(pdf, 0)


def test_rules_written_out_are_read_back_the_same(office: Office) -> None:
    shipped = SKILLS.read(SKILLS.shipped())
    assert SKILLS.read(skill_text(shipped)) == shipped
    asks = Way("", after=SkillLevel.FIVE, years=1, education=Education.COLLEGE)
    own = SkillTable(SKILL, "本地“规定”\n第二行", (Step(SkillLevel.FOUR, (asks,)),))
    assert way_words(asks) == "大学专科以上学历，取得五级证书满 1 年"
    office.write(save_own_table, SKILLS, skill_text(own))
    assert office.read(SKILLS.of) == own
    (wang,) = (one for one in office.read(skills, None, DAY) if one.name == "王𠮷𬭎")
    assert wang.reason.endswith("没写五级/初级工证书的发证日期、没写学历")
    with pytest.raises(RuleBroken):
        office.write(save_own_table, SKILLS, skill_text(own).replace('"30"', '"31"'))
