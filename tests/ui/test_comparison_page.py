"""考核对比: what the charts say is what the lists hold, and every mark leads to its rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gridoffice.assessment.comparing import AreaFigure, Comparison
from gridoffice.overview.questions import totals
from tests.ui.conftest import copied
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages import comparison_words as say

Open = Callable[..., MainWindow]


@pytest.fixture
def page(demo_street, tmp_path: Path, opened: Open):
    window = opened(copied(Path(demo_street.database), tmp_path / "street.db"))
    window.go("comparison")
    settle(window, quiet_ms=60)
    return window.page


def area(name: str, mean: str | None, before: str | None = None) -> AreaFigure:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    return AreaFigure(1, name, 3, 3, number(mean), number(before), None)


def test_sentences_of_areas() -> None:
    assert say.of_areas([]) == "下面没有几处可比"
    assert say.of_areas([area("梧桐社区", "90")]) == "只有梧桐有总分"
    two = [area("梧桐社区", "90"), area("柳荫社区", "88.5"), area("新桥村", None)]
    assert say.of_areas(two) == "梧桐最高 90 分，柳荫最低 88.5 分"
    assert say.apart(Decimal("90"), Decimal("91.5"), "上月") == "比上月低 1.5 分"
    assert say.apart(Decimal("90"), None, "上月") == ""
    assert say.month("2025-12", "2026-01") == "25年12月" and say.month("2026-01", "2026-01") == "1月"
    assert say.year_before("2026-02") == "2025-02"


def test_a_month_is_shown_beside_those_before(page) -> None:
    said = page.said
    assert isinstance(said, Comparison) and len(said.months) > 1
    assert [one.period for one in said.months][-1] == said.period == page.month_choice.currentData()
    assert len(page.months.points) == len(said.months)
    now = said.months[-1]
    assert now.mean is not None and say.plain(now.mean) in page._said["months"].whole()
    assert sum(bar.value for bar in page.spans.bars) == now.scored
    assert sum(bar.value for bar in page.grades.bars) == now.scored
    assert len(page.areas.chart.bars) == len(said.areas) == len(page.heat.tiles.rows)
    assert "上月" in page._said["areas"].whole(), "the paler bars are explained"
    page._turn_heat()
    assert len(page.heat.tiles.columns) == len(said.by_month.columns)
    assert len(say.heat_lines(page._heat)) == len(said.areas) * len(said.by_month.columns)


def test_marks_lead_to_the_rows_they_count(page) -> None:
    window, said = page.desk, page.said
    page._pick_grade(0)
    settle(window, quiet_ms=60)
    assert window.page.key == "assessment"
    assert len(window.page.grid.table.model.ids) == dict(said.months[-1].grades)[page.grades.bars[0].name]
    page._pick_span(1)
    settle(window, quiet_ms=60)
    assert len(window.page.grid.table.model.ids) == said.spans[1].people
    where = said.areas[2]
    page._pick_tile(2 * len(said.by_indicator.columns))
    settle(window, quiet_ms=60)
    assert window.scope_id == where.grid_id
    assert len(window.page.grid.table.model.ids) == where.people
    earlier = said.months[0].period
    page._pick_month(0)
    settle(window, quiet_ms=60)
    assert window.page.facts_now.period == earlier


def test_the_scope_narrows_and_another_month_is_chosen(page) -> None:
    window, said = page.desk, page.said
    inside = said.areas[0]
    window.scope.choose(inside.grid_id)
    settle(window, quiet_ms=60)
    assert page.said.months[-1].scored == inside.scored
    assert page.said.months[-1].scored == len(window.office.read(totals, said.period, inside.grid_id))
    page.month_choice.setCurrentIndex(1)
    page.month_choice.activated.emit(1)
    settle(window, quiet_ms=60)
    assert page.said.period == page.courses[0].periods[1]
    first = page.courses[0].periods[-1]
    page.month_choice.setCurrentIndex(page.month_choice.findData(first))
    page.month_choice.activated.emit(page.month_choice.currentIndex())
    settle(window, quiet_ms=60)
    assert page._said["movers"].whole(), "the first month has none before it, and says so"


def test_without_a_computed_month_it_leads_to_the_month(empty: Path, opened: Open) -> None:
    window = opened(empty)
    window.go("comparison")
    settle(window, quiet_ms=60)
    assert window.page.blank.words() == "算过分的月份才有对比。"
