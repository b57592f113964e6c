"""技能等级 in the window: a bar leads to exactly its rows; the rules are edited as a form and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from db.enums import SkillLevel
from gridoffice.office import Office
from gridoffice.people.hits import find_people
from gridoffice.qualifications.rules import Going
from gridoffice.qualifications.service import SKILLS, save_certificate
from ui.app import settle
from ui.main_window import MainWindow
from ui.widgets.parts import Button

Open = Callable[..., MainWindow]


@pytest.fixture
def window(small: Path, opened: Open) -> MainWindow:
    office = Office.open(small)
    for name, level in (("王𠮷𬭎", "五级"), ("李䶮", "四级")):
        values = {"certificate": "城市管理网格员", "level": level, "issued": date(2020, 1, 1)}
        person = office.read(find_people, name)[0].id
        office.write(save_certificate, None, values | {"person_id": person})
    office.close()
    window = opened(small)
    window.go("skills")
    settle(window, quiet_ms=100)
    return window


def listed(window: MainWindow) -> list[str]:
    table = window.page.table
    return [table.model.values(place).name for place in range(len(table.model.ids))]


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part))


def test_bars_lead_to_the_rows_they_count(window) -> None:
    page = window.page
    assert "7 人里 2 人持证，28.6%" in page._held_said.whole()
    assert [one.name for one in page.held.chart.bars] == ["梧桐", "柳荫"]
    page.held.chart.picked.emit(0)
    settle(window, quiet_ms=60)
    assert sorted(listed(window)) == ["李䶮", "王𠮷𬭎"]
    page.levels.picked.emit(1)
    settle(window, quiet_ms=60)
    assert listed(window) == ["李䶮"] and "筛出 1 人" in page.head_facts.whole()
    assert page._level_lines()[0] == ("未持证", "5 人")


def test_rules_are_changed_and_taken_back(window) -> None:
    page = window.page
    assert page._seen.may_go == page._seen.people - 1, "nobody knows since when 赵𫍯 works"
    page.show_rules()
    settle(window, quiet_ms=60)
    five, four = page.side.steps[:2]
    five.ways[0].work.setText("一")
    window.command("save")
    assert "“一”不是年数" in words(page.side)
    five.ways[0].work.setText("30")
    gone = four.ways[1].findChildren(Button)[0]
    gone.click()
    window.command("save")
    settle(window, quiet_ms=100)
    table = window.office.read(SKILLS.of)
    assert table.steps[0].ways[0].words == "从事本职业满 30 年"
    assert [one.words for one in table.steps[1].ways] == ["取得五级证书满 2 年"]
    assert not page.side
    assert page._seen.may_go == 2, "who has no level yet waits 30 years"
    page.arrive({"going": Going.NOW})
    settle(window, quiet_ms=60)
    assert sorted(listed(window)) == ["李䶮", "王𠮷𬭎"]
    window.undo()
    settle(window, quiet_ms=100)
    assert window.office.read(SKILLS.text) == SKILLS.shipped()


def test_the_drawer_says_why_and_leads_on(window) -> None:
    page = window.page
    page._open(page.table.model.ids[listed(window).index("赵𫍯")])
    assert "没写任职开始日期" in words(page.side)
    page._step(-1)
    window.command("close")
    assert not page.side
    window.command("edit")
    settle(window, quiet_ms=60)
    assert page.side.steps[0].level is SkillLevel.FIVE
    window.command("close")
    assert not page.side
