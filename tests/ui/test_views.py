"""Views of a list: named, taken again with one click, kept alone or shared, taken away and put back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from db.enums import Employment, Role
from gridoffice import settings
from gridoffice.accounts.keeping import add_account
from gridoffice.listing import Filter
from gridoffice.office import Office
from gridoffice.views import shared_views
from tests.ui.seen import click, words_in
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
PART_TIME = Filter("employment", (Employment.PART_TIME,))


def roster(window: MainWindow) -> Any:
    window.go("workers")
    settle(window, quiet_ms=60)
    return window.page


def arranged(page: Any) -> list[int]:
    """The roster narrowed, sorted, and without a column; answers who is listed."""
    page.table.filter_by("employment", PART_TIME.values)
    page.table._arrange(lambda: page.table._sort_by("name"))
    page.kept.show_column("id_number", False)
    settle(page.desk, quiet_ms=60)
    return list(page.table.model.ids)


def panel(page: Any) -> Any:
    page.named.button.click()
    settle(page.desk, quiet_ms=60)
    return page.named.panel


def name_it(page: Any, name: str, everybody: bool = False) -> Any:
    made = panel(page)
    made.name.setText(name)
    made.everybody.setChecked(everybody)
    QTest.keyClick(made.name, Qt.Key.Key_Return)
    settle(page.desk, quiet_ms=60)
    return made


def plain_again(page: Any) -> int:
    page.table.clear_filters()
    page.table._arrange(lambda: page.table.show_what(sort=None))
    page.kept.reset()
    settle(page.desk, quiet_ms=60)
    return len(page.table.model.ids)


@pytest.mark.parametrize("everybody", [False, True])
def test_a_named_look_comes_back_with_one_click(full: Path, opened: Open, everybody: bool) -> None:
    page = roster(opened(full))
    few = arranged(page)
    name_it(page, "兼职", everybody)
    assert page.named.button.words() == "兼职"
    assert len(few) < plain_again(page) and page.named.button.words() == "视图"
    again = roster(opened(full))
    click(panel(again), "兼职")
    settle(again.desk, quiet_ms=60)
    assert list(again.table.model.ids) == few
    assert again.table.ask.sort == "name" and again.table.ask.filters == (PART_TIME,)
    assert "id_number" not in again.table.columns_shown()
    assert again.named.button.words() == "兼职"
    again.table.filter_by("employment", ())
    assert again.named.button.words() == "视图", "another look bears no name"


def test_what_another_clerk_keeps_alone_is_not_offered(full: Path, opened: Open) -> None:
    office = Office.open(full)
    office.write(add_account, "limei", "李梅", Role.CLERK)
    office.close()
    page = roster(opened(full))
    arranged(page)
    name_it(page, "我的")
    name_it(page, "大家的", everybody=True)
    hers = roster(opened(full, account="limei"))
    made = panel(hers)
    offered = [one.text().strip() for one in made._listed.findChildren(QPushButton)]
    assert "大家的" in offered and "我的" not in offered
    assert "共用" in words_in(made)


def test_a_dropped_view_is_put_back(full: Path, opened: Open) -> None:
    page = roster(opened(full))
    arranged(page)
    name_it(page, "兼职")
    made = panel(page)
    cross = next(one for one in made.findChildren(QPushButton) if one.toolTip() == "去掉视图“兼职”")
    cross.click()
    assert page.named.own() == []
    settle(page.desk, quiet_ms=60)
    click(made, "放回去")
    assert [one.name for one in page.named.own()] == ["兼职"]


def test_a_dropped_shared_view_is_undone(full: Path, opened: Open) -> None:
    window = opened(full)
    page = roster(window)
    arranged(page)
    name_it(page, "兼职", everybody=True)
    made = panel(page)
    cross = next(one for one in made.findChildren(QPushButton) if one.toolTip() == "去掉视图“兼职”")
    cross.click()
    settle(window, quiet_ms=60)
    assert window.office.read(shared_views, "workers") == []
    window.undo()
    settle(window, quiet_ms=60)
    assert [one.name for one in window.office.read(shared_views, "workers")] == ["兼职"]


def test_a_name_that_cannot_be_is_refused_in_the_panel(full: Path, opened: Open) -> None:
    page = roster(opened(full))
    made = name_it(page, "   ")
    assert "视图要有个名字。" in words_in(made)
    assert page.named.own() == []


def test_a_file_that_makes_no_sense_offers_nothing(full: Path, opened: Open) -> None:
    page = roster(opened(full))
    for kept in ("", 7, [1, {"name": "a"}], {"name": "a", "look": {}}):
        settings.remember(page.named._key, kept)
        assert page.named.own() == []


def test_a_view_of_columns_that_are_no_more_still_opens(full: Path, opened: Open) -> None:
    page = roster(opened(full))
    look = {"hidden": ["gone"], "filters": {"gone": ["1"], "employment": ["nobody"]}, "sort": ["gone", True]}
    page.kept.take(look)
    settle(page.desk, quiet_ms=60)
    assert page.table.ask.filters == () and page.table.ask.sort is None
    assert len(page.table.model.ids) > 0
