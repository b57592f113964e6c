"""What long work says of itself."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtTest import QTest

from gridoffice.progress import Step
from ui.widgets.work_line import BAR_AFTER, WORDS_AFTER, Pace, WorkLine


def test_the_pace_is_told_once_it_is_known() -> None:
    pace = Pace()
    assert pace.words(Step("读取“花名册.xlsx”"), 10.0) == "读取“花名册.xlsx”"
    assert pace.words(Step("与资料库核对", 0, 150_000), 11.0) == "与资料库核对 0 / 150000 行"
    assert (
        pace.words(Step("与资料库核对", 62_000, 150_000), 13.0)
        == "与资料库核对 62000 / 150000 行，每秒 31000 行，还要 3 秒"
    )
    assert pace.words(Step("与资料库核对", 149_000, 150_000), 15.8).endswith("马上好")


def test_another_kind_of_work_has_its_own_pace() -> None:
    pace = Pace()
    pace.words(Step("核对", 0, 100), 0.0)
    pace.words(Step("核对", 100, 100), 1.0)
    assert pace.words(Step("写入资料库", 0, 1000), 2.0) == "写入资料库 0 / 1000 行"
    assert "每秒 50 行，还要 18 秒" in pace.words(Step("写入资料库", 100, 1000), 4.0)
    assert "分钟" in pace.words(Step("写入资料库", 110, 100_000), 6.0)


def test_short_work_shows_nothing(qapp: QObject) -> None:
    line = WorkLine()
    line.show_step(Step("读"))
    line.show_step(None)
    QTest.qWait(BAR_AFTER + 100)
    assert not line.isVisible()
    line.show_step(Step("读", 1, 4))
    QTest.qWait(BAR_AFTER + 100)
    assert line.isVisible() and not line._line.isVisible(), "first only the bar"
    QTest.qWait(WORDS_AFTER - BAR_AFTER)
    assert line._line.isVisible() and line.words() == "读 1 / 4 行"
    line.show_step(None)
    assert not line.isVisible()
