"""Charts: plotted late, readable by hovering and by a screen reader, clicked like the old rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gridoffice.overview.glance import glance
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages import home
from ui.theme import Theme, look
from ui.widgets import charts
from ui.widgets.chart_data import data_button
from ui.widgets.charts import Bar, BarChart, LineChart
from ui.widgets.parts import Button, Label, column
from ui.widgets.popover import Popover


def plot(chart: BarChart | LineChart) -> None:
    """Plot and marks at once, which the window does in two turns."""
    if chart.plot is None:
        chart.make_plot()
    assert chart.plot is not None
    chart.draw(chart.plot)


@pytest.fixture
def plotted(qapp, qtbot) -> Callable[..., BarChart | LineChart]:
    """Shows a chart and plots it at once."""
    look.wear(Theme.LIGHT, 1.0)
    charts.load()

    def show(chart: BarChart | LineChart) -> BarChart | LineChart:
        qtbot.addWidget(chart)
        chart.resize(320, 200)
        chart.show()
        plot(chart)
        return chart

    return show


def inks(chart: BarChart | LineChart, token: str) -> int:
    """How many pixels of the chart have the colour of a token."""
    picture = chart.grab().toImage()
    wanted = look.color(token).rgb()
    return sum(picture.pixel(x, y) == wanted for x in range(picture.width()) for y in range(picture.height()))


def test_bars_are_as_high_as_their_values(plotted) -> None:
    half = plotted(BarChart("甲", [Bar("一", 10), Bar("二", 10)]))
    tall = inks(half, "chart2")
    half.show_bars([Bar("一", 10), Bar("二", 5)])
    plot(half)
    assert 0.7 < inks(half, "chart2") / tall < 0.8
    assert half.accessibleDescription() == "一 10；二 5"


def test_reference_current_and_alarm_have_their_own_colours(plotted) -> None:
    chart = plotted(BarChart("配备", [Bar("梧桐", 7, 8, "缺 1", alarm=True)], series=("应配", "有人")))
    assert inks(chart, "chart3") > inks(chart, "accent") > 0
    assert chart.accessibleDescription() == "梧桐 应配 8，有人 7"
    now = plotted(BarChart("到期", [Bar("6月", 3, current=True), Bar("7月", 3)]))
    assert inks(now, "accent_text") > 0 and inks(now, "chart2") > 0


def test_nothing_to_show_is_an_empty_chart(plotted) -> None:
    chart = plotted(BarChart("空", [Bar("一", 3)]))
    chart.show_bars([Bar("一", 0), Bar("二", 0)])
    plot(chart)
    assert chart.plot is not None and not chart.plot.isVisible()
    assert chart.accessibleDescription() == ""


def test_a_click_says_which_bar(plotted, qtbot) -> None:
    chart = plotted(BarChart("甲", [Bar(name, 2) for name in "一二三四"]))
    with qtbot.waitSignal(chart.picked) as heard:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    assert heard.args == [3]
    assert chart.mark_at(QPointF(10, 100)) is None, "the numbers at the left are no bar"


def test_a_line_shows_its_target_and_its_last_point(plotted) -> None:
    points = [("5月", 94.6), ("6月", 94.5), ("7月", 95.1)]
    chart = plotted(LineChart("平均", points))
    line, dashed = inks(chart, "accent_text"), inks(chart, "text3")
    assert line > 0
    chart.show_points(points, target=95)
    plot(chart)
    assert inks(chart, "text3") > dashed


def test_the_theme_changes_what_is_plotted(plotted) -> None:
    chart = plotted(BarChart("甲", [Bar("一", 10)]))
    look.wear(Theme.DARK)
    try:
        chart.relook()
        assert inks(chart, "chart2") > 0
    finally:
        look.wear(Theme.LIGHT)


def test_the_home_page_plots_and_leads_to_the_grids(full: Path, opened: Callable[..., MainWindow]) -> None:
    window = opened(full)
    settle(window)
    page = window.page
    assert all(chart.plot is not None for chart in (page.staffing, page.ages))
    assert inks(page.staffing, "accent") > 0
    QTest.mouseClick(page.staffing, Qt.MouseButton.LeftButton, pos=QPoint(100, 60))
    settle(window, quiet_ms=60)
    assert window.page.key == "grids"


def test_a_band_is_a_ground_behind_its_bars(plotted) -> None:
    bars = [Bar(str(place), 2) for place in range(4)]
    plain = plotted(BarChart("户数", bars))
    assert inks(plain, "soft") == 0
    plain.show_bars(bars, band=(1, 2))
    plot(plain)
    ground = inks(plain, "soft")
    assert ground > 0
    plain.show_bars(bars, band=(1, 1))
    plot(plain)
    assert 0 < inks(plain, "soft") < 0.7 * ground


def test_more_bars_than_fit_are_scrolled_to(qapp, qtbot) -> None:
    look.wear(Theme.LIGHT, 1.0)
    area = charts.ScrolledBars(BarChart("配备"))
    qtbot.addWidget(area)
    area.resize(400, 160)
    area.show()
    area.show_bars([Bar(f"第{place}", place, 40) for place in range(1, 41)])
    qapp.processEvents()
    assert len(area.chart.bars) == 40 and area.chart.width() >= 40 * 40
    assert area.horizontalScrollBar().maximum() > 0
    area.show_bars([Bar("一", 1, 2)])
    qapp.processEvents()
    assert area.horizontalScrollBar().maximum() == 0


def test_the_home_page_says_how_many_places_its_chart_leaves_out(full: Path, opened, monkeypatch) -> None:
    window = opened(full)
    page = window.page
    said = window.office.read(glance, window.scope_id)
    assert len(page.staffing.bars) == len(said.staffing) == home.SHOWN
    monkeypatch.setattr(home, "SHOWN", 5)
    page.opened()
    settle(window, quiet_ms=60)
    sentence = page._charts[0][1].whole()
    assert len(page.staffing.bars) == 5 and "另有 7 处" in sentence
    assert sentence.startswith(f"{sum(int(bar.reference or 0) for bar in said.staffing)} 个网格")


def test_the_data_of_a_chart_are_shown_and_copied(qtbot) -> None:
    chart = BarChart("各社区", [Bar("梧桐", 3), Bar("柳荫", 5)])
    made = data_button("各社区", chart.said)
    holder = column(made, chart)
    qtbot.addWidget(holder)
    holder.resize(600, 500)
    holder.show()
    made.click()
    (popover,) = holder.findChildren(Popover)
    shown = [one.whole() for one in popover.findChildren(Label)]
    assert shown == ["各社区", "梧桐", "3", "柳荫", "5"]
    next(one for one in popover.findChildren(Button) if one.words() == "复制").click()
    assert QGuiApplication.clipboard().text() == "各社区\n梧桐\t3\n柳荫\t5\n"
    popover.shut()
