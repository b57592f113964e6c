"""Assessment schemes in the window: looked through, copied, written in, tried on a month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from gridoffice.assessment.schemes import scheme_called, scheme_keys, text_of
from ui.app import settle
from ui.main_window import MainWindow
from ui.widgets.parts import Button

Open = Callable[..., MainWindow]


@pytest.fixture
def page(full: Path, opened: Open):
    window = opened(full)
    window.go("schemes")
    settle(window, quiet_ms=60)
    return window.page


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if not one.isHidden())


def test_a_scheme_tells_its_rules_and_what_speaks_against_it(page) -> None:
    assert [page.choice.itemData(place) for place in range(page.choice.count())] == scheme_keys()
    page.show_scheme("k-city")
    settle(page.desk, quiet_ms=60)
    assert len(page.table.model.ids) == 21
    assert "数量类 26 分，质量类 13 分" in words(page.said)
    assert "数量重于质量" in words(page.said)
    assert page.remove_button.isHidden(), "what ships cannot be given up"


def test_a_copy_is_written_in_and_saved(page) -> None:
    window = page.desk
    page.show_scheme("street-default")
    page.ask_copy()
    page.copy("本街道", "本街道考核办法")
    settle(window, quiet_ms=60)
    assert page.shown.scheme.key == "本街道"
    text = page.panel.findChild(QPlainTextEdit)
    assert not text.isReadOnly()
    text.setPlainText(text.toPlainText().replace("minimum = 90", "minimum = 85"))
    window.command("save")
    settle(window, quiet_ms=60)
    assert window.office.read(scheme_called, "本街道").grades[0].minimum == 85
    assert "85 分起" in words(page.said)
    before = window.office.read(text_of, "本街道")
    text.setPlainText(before.replace("full = 100", "full = 90", 1))
    window.command("save")
    settle(window, quiet_ms=60)
    assert "应为 90.00 分，多 10 分" in words(page.panel.verdict)
    assert window.office.read(text_of, "本街道") == before
    page.remove()
    settle(window, quiet_ms=60)
    assert page.choice.findData("本街道") == -1
    window.undo()
    settle(window, quiet_ms=60)
    assert page.choice.findData("本街道") >= 0


def test_what_ships_is_only_read(page) -> None:
    page.show_scheme("hecun")
    page._ask_text()
    settle(page.desk, quiet_ms=60)
    assert page.panel.findChild(QPlainTextEdit).isReadOnly()
    assert "另存一份来改" in [one.text().strip() for one in page.panel.foot.findChildren(Button)]
    page.desk.command("close")
    assert page.side is None


def test_a_scheme_is_tried_on_the_month(page) -> None:
    page.show_scheme("street-default")
    page.ask_trial()
    settle(page.desk, quiet_ms=60)
    assert "人里 0 人等次会变，0 人得分或名次会变" in words(page.panel)
    page.show_scheme("hecun")
    page.ask_trial()
    settle(page.desk, quiet_ms=60)
    assert "当月没有记“网格运作成效分”" in words(page.panel)
    assert "没有总分了" in words(page.panel)


def test_an_office_without_months_says_so(empty: Path, opened: Open) -> None:
    window = opened(empty)
    window.go("schemes")
    settle(window, quiet_ms=60)
    window.page.ask_trial()
    settle(window, quiet_ms=60)
    assert "没有可以试算的月份" in words(window.page.panel)
