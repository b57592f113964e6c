"""A locked month is taken up again in the window: the reason is asked for, both editions are told apart."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from db.enums import MonthState, OpinionStage
from gridoffice.assessment.calibration import calibrate
from gridoffice.assessment.locking import verify_month
from gridoffice.assessment.opinions import give_opinion
from gridoffice.history import journal
from tests.ui.conftest import copied
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]


def words(part: Any) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if not one.isHidden())


def press(window: MainWindow, part: Any, text: str) -> None:
    found = [one for one in part.findChildren(QPushButton) if one.isVisible() and one.text().strip() == text]
    assert found, f"no button {text}"
    found[0].click()
    settle(window, quiet_ms=150)


def test_a_new_edition_follows_a_locked_month(demo_street: Any, tmp_path: Path, opened: Open) -> None:
    window = opened(copied(Path(demo_street.database), tmp_path / "street.db"))
    window.go("assessment")
    settle(window, quiet_ms=60)
    page = window.page
    locked = page.facts_now
    assert locked.state is MonthState.LOCKED
    press(window, page.steps, "重开一版")
    press(window, page.steps.below, "重开一版")
    assert "先写一句为什么" in window.toast.words()
    page.steps.below.findChild(type(window.top.search)).setText("申诉后补查到台账")
    press(window, page.steps.below, "重开一版")
    settle(window, quiet_ms=200)
    again = page.facts_now
    assert (again.edition, again.follows, again.state) == (2, locked.id, MonthState.REVIEW)
    assert "申诉后补查到台账" in window.office.read(journal)[0].title
    assert not page.choice.edition.isHidden() and page.choice.edition.count() == 2
    sheet = page.grid.table.model.ids[-1]
    window.office.write(calibrate, [sheet], change=Decimal(2), reason="补记值班")
    press(window, page.steps, "和上一版的不同")
    told = words(page.side)
    assert "1 份" in told or "份有变动" in told
    assert "申诉后补查到台账" in told and "→" in told
    window.command("close")
    page.choice.edition.setCurrentIndex(page.choice.edition.findData(locked.id))
    page.choice.edition.activated.emit(page.choice.edition.currentIndex())
    settle(window, quiet_ms=100)
    assert page.facts_now.id == locked.id and page.facts_now.state is MonthState.LOCKED
    assert window.office.read(verify_month, locked.id) == [], "the locked edition stays as it was sealed"


def test_how_far_the_values_have_come_in(full: Path, opened: Open) -> None:
    window = opened(full)
    window.go("assessment")
    settle(window, quiet_ms=150)
    told = words(window.page.panel.coming)
    assert "收数进度" in told and "格" in told
    page, marks = window.page, window.page.panel.marks
    count = page.facts_now.people
    assert "自评 0 人" in words(marks) and f"差 {count} 人" in words(marks)
    (silent,) = [one for one in marks.findChildren(QWidget) if one.toolTip().startswith("没有自评：")]
    assert silent.toolTip().endswith(f"等 {count} 人")
    sheet = page.grid.table.model.ids[0]
    window.write(page, give_opinion, sheet, OpinionStage.SELF, points=Decimal(90), then=lambda _: None)
    settle(window, quiet_ms=150)
    assert "自评 1 人" in words(marks) and f"差 {count - 1} 人" in words(marks)
