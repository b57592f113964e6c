"""校准 in the window, and what stands in the drawer of a sheet: attendance, opinions, who takes no part."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from db.enums import AwayKind, MonthState, OpinionStage
from gridoffice.assessment.calibration import Distribution, Spread
from gridoffice.assessment.month import month_facts, months
from gridoffice.assessment.service import compute, exclude, move_month
from gridoffice.history import journal
from gridoffice.overview import questions
from gridoffice.overview.sheet_story import left_out, sheet_story
from tests.offices import stepping
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.sheet_drawer import SCORE
from ui.pages.spread_words import DRAWN, drawn, sentence

Open = Callable[..., MainWindow]


def go(window: MainWindow, key: str, **where: Any) -> Any:
    window.go(key, **where)
    settle(window, quiet_ms=60)
    return window.page


def words(part: Any) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if not one.isHidden())


def press(window: MainWindow, part: Any, text: str) -> None:
    found = [one for one in part.findChildren(QPushButton) if one.isVisible() and one.text().strip() == text]
    assert found, f"no button {text}"
    found[0].click()
    settle(window, quiet_ms=60)


@pytest.fixture
def in_review(full: Path, opened: Open) -> MainWindow:
    window = opened(full)
    month = window.office.read(months)[0].id
    window.office.write(exclude, month, window.office.read(questions.gaps, month).sheets, "借调")
    window.office.write(compute, month)
    for state in (MonthState.SCORING, MonthState.REVIEW):
        stepping(window.office, state).write(move_month, month, state)
    return window


def test_ticked_sheets_are_adjusted_with_a_reason(in_review: MainWindow) -> None:
    window = in_review
    page = go(window, "calibration")
    assert page.said.whole.people == len(page.table.model.ids)
    assert sum(one.people for one in page.said.groups) == page.said.whole.people
    assert "最宽" in page._sentence.whole() and "最严" in page._sentence.whole()
    chosen = list(page.table.model.ids[10:12])
    page.table.model.tick(chosen)
    window.command("edit")
    page.panel.change.setText("两分")
    window.command("save")
    assert "应为数" in words(page.panel.verdict)
    page.panel.change.setText("1.5")
    window.command("save")
    assert "原因没写" in words(page.panel.verdict)
    page.panel._ask()
    settle(window, quiet_ms=60)
    assert "→" in words(page.panel.outcome), "what would come of it is told first"
    page.panel.reason.setText("汛期连续值班")
    window.command("save")
    settle(window, quiet_ms=60)
    assert page.panel is None and page.said.whole.adjusted == 2
    assert "汛期连续值班" in window.office.read(journal)[0].title
    stories = [window.office.read(sheet_story, number) for number in chosen]
    assert [one.adjustment for one in stories] == [Decimal("1.5")] * 2
    window.undo()
    settle(window, quiet_ms=60)
    assert page.said.whole.adjusted == 0


def test_a_unit_is_looked_at_and_left_again(in_review: MainWindow) -> None:
    window = in_review
    page = go(window, "calibration")
    page._turn()
    assert not page.heat_area.isHidden() and len(page.heat.tiles.rows) == len(page.said.groups) + 1
    page._pick(1)
    settle(window, quiet_ms=60)
    assert len(page.table.model.ids) == page.said.groups[1].people
    window.command("close")
    settle(window, quiet_ms=60)
    assert len(page.table.model.ids) == page.said.whole.people
    page.by.setCurrentIndex(1)
    page.by.activated.emit(1)
    settle(window, quiet_ms=60)
    assert page.said.by == "scorer"


def test_outside_review_it_is_only_looked_at(full: Path, opened: Open, empty: Path) -> None:
    window = opened(full)
    page = go(window, "calibration")
    assert not page.adjust_button.isEnabled() and "复核" in page.adjust_button.toolTip()
    window.command("edit")
    assert page.panel is None
    page = go(opened(empty), "calibration")
    assert "还没有月度考核" in page.blank.words()


def test_attendance_and_opinions_in_the_drawer(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "assessment")
    sheet = page.grid.table.model.ids[0]
    page._edit(sheet)
    settle(window, quiet_ms=60)
    page.drawer.tabs._pick(SCORE)
    settle(window, quiet_ms=60)
    told = words(page.drawer)
    assert "怎样到下一等" in told and "还没有总分" not in told
    assert page.facts_now.scheme.indicators[0].name in told
    page.drawer.tabs._pick(SCORE + 1)
    form = page.drawer.form
    form.fields["away"].input.setText("2")
    window.command("save")
    settle(window, quiet_ms=60)
    assert "什么假" in form.fields["away_kind"].problem.text()
    kinds = form.fields["away_kind"].input
    kinds.setCurrentIndex(kinds.findData(AwayKind.SICK))
    window.command("save")
    settle(window, quiet_ms=60)
    assert "2 天，病假" in words(page.drawer)
    page.drawer.tabs._pick(SCORE + 2)
    stages = page.drawer.form.fields["stage"].input
    stages.setCurrentIndex(1)
    page.drawer.form.fields["points"].input.setText("93")
    page.drawer.form.fields["text"].input.setText("都走到了")
    window.command("save")
    settle(window, quiet_ms=60)
    (said,) = window.office.read(sheet_story, sheet).opinions
    assert said.stage is OpinionStage.SELF and said.points == 93
    assert "都走到了" in words(page.drawer) and "比算出的" in words(page.drawer)


def test_somebody_is_left_out_with_a_reason(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "assessment")
    people, sheet = page.facts_now.people, page.grid.table.model.ids[0]
    page._edit(sheet)
    settle(window, quiet_ms=60)
    page.drawer.tabs._pick(SCORE + 1)
    settle(window, quiet_ms=60)
    press(window, page.drawer, "不参加")
    assert "写为什么" in page.drawer.form.fields["standing_reason"].problem.text()
    page.drawer.form.fields["standing_reason"].input.setText("借调到区里")
    press(window, page.drawer, "不参加")
    assert page.facts_now.people == people - 1 and page.facts_now.excluded == 1
    (out,) = window.office.read(left_out, page.facts_now.id)
    assert out.sheet_id == sheet and out.reason == "借调到区里"
    assert sheet not in page.grid.table.model.ids
    assert "借调到区里" in words(page.panel)
    press(window, page.panel, "恢复")
    assert window.office.read(month_facts, page.facts_now.id).excluded == 0


def test_of_thousands_of_units_the_charts_show_those_furthest_apart() -> None:
    """A city has as many bars as communities: drawing them all held the window up for seconds."""
    units = [
        Spread(str(place), f"{place} 号社区", 10, Decimal(90), Decimal(90) + place % 100 - 50, (10,), 0)
        for place in range(1000)
    ]
    whole = Spread("", "青禾市", 10_000, Decimal(90), Decimal(90), (10_000,), 0)
    said = Distribution("unit", ((Decimal(0), Decimal(100)),), whole, tuple(units))
    shown = drawn(said)
    assert len(shown) == DRAWN and list(shown) == [one for one in units if one in shown]
    nearest = min(abs(one.after - 90) for one in shown if one.after is not None)
    hidden = [one for one in units if one not in shown]
    assert all(abs(one.after - 90) <= nearest for one in hidden if one.after is not None)
    assert f"差得最多的 {DRAWN} 个，共 1000 个" in sentence(said)
    few = Distribution("unit", said.spans, whole, tuple(units[:DRAWN]))
    assert drawn(few) == few.groups and "差得最多" not in sentence(few)
