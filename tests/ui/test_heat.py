"""The heat map: every tile readable in every theme, reached with the keyboard, told to a screen reader."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from ui.theme import TEXT, Theme, contrast, look
from ui.widgets import charts
from ui.widgets.heat import HEAD, NAMES, TILE, HeatMap, ScrolledHeat, Tiles, deepest, mixed

SHOWN = Tiles(
    ("梧桐", "柳荫"),
    ("走访", "办结", "评议"),
    ((Decimal("90"), Decimal("81.5"), None), (Decimal("99"), Decimal("70"), Decimal("88"))),
    "%",
)


@pytest.fixture
def heat(qapp, qtbot):
    look.wear(Theme.LIGHT, 1.0)
    charts.load()
    made = HeatMap("哪里弱")
    around = ScrolledHeat(made)
    qtbot.addWidget(around)
    around.resize(600, 200)
    made.show_tiles(SHOWN)
    around.show()
    made.make_plot()
    assert made.plot is not None
    made.draw(made.plot)
    yield made
    look.wear(Theme.LIGHT, 1.0)


@pytest.mark.parametrize("theme", list(Theme))
def test_a_number_is_readable_on_every_ground(qapp, theme: Theme) -> None:
    look.wear(theme, 1.0)
    depths = [deepest() * share / 20 for share in range(21)]
    assert min(contrast(look.color("text"), mixed(depth)) for depth in depths) >= TEXT
    assert deepest() >= 0.2, "else all tiles look alike"
    look.wear(Theme.LIGHT, 1.0)


def test_the_higher_the_deeper_and_what_is_not_there_apart(heat) -> None:
    picture = heat.grab().toImage()

    def ground(mark: int) -> float:
        place = heat.place_of(mark).toRect()
        return picture.pixelColor(place.left() + 6, place.top() + 6).lightnessF()

    assert ground(3) < ground(0) < ground(1) <= ground(4)
    place = heat.place_of(2).toRect()
    assert picture.pixelColor(place.left() + 6, place.top() + 6) == look.color("sunken")
    assert heat.weakest() == (1, 1)


def test_tiles_are_told_clicked_and_walked_through(heat, qtbot) -> None:
    assert "梧桐·评议 还没有" in heat.accessibleDescription()
    assert "柳荫·走访 99%" in heat.accessibleDescription()
    x = look.px(NAMES) + 4
    with qtbot.waitSignal(heat.picked) as heard:
        QTest.mousePress(heat, Qt.MouseButton.LeftButton, pos=QPoint(x, look.px(HEAD + TILE) + 4))
    assert heard.args == [3] and heat.place(3) == (1, 0)
    assert heat.mark_at(heat.place_of(0).topLeft() - QPoint(8, 0).toPointF()) is None
    heat.by_keyboard()
    heat.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(heat, key)
    assert heat.at == 4 and heat.accessibleDescription() == "柳荫·办结 70%"
    with qtbot.waitSignal(heat.picked) as heard:
        QTest.keyClick(heat, Qt.Key.Key_Return)
    assert heard.args == [4]


def test_many_columns_are_scrolled_to(heat) -> None:
    wide = Tiles(("梧桐",), tuple(f"第{n}项" for n in range(30)), (tuple(Decimal(n) for n in range(30)),))
    heat.show_tiles(wide)
    assert heat.minimumWidth() > 600
