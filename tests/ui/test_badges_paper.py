"""工作证 in the window: of the chosen posts or all below the scope, in the size that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gridoffice.documents.render import page_text, pages
from gridoffice.listing import Ask
from gridoffice.workers.listing import WORKERS
from ui.app import settle
from ui.main_window import MainWindow
from ui.widgets.parts import Button

Open = Callable[..., MainWindow]


@pytest.fixture
def window(small: Path, opened: Open) -> MainWindow:
    return opened(small)


def test_badges_of_some_posts_in_either_size(window) -> None:
    posts = tuple(window.office.read(WORKERS.ids, Ask(search="张三")))
    window.go("documents", report="badges", posts=posts)
    settle(window, quiet_ms=200)
    page = window.page
    assert page.fields.layout_box.isVisible()
    assert page_text(page.pdf, 0).count("张三") == 2 and pages(page.pdf) == 2
    card = page.pdf
    page.fields.layouts.setCurrentIndex(1)
    page.fields.layouts.activated.emit(1)
    settle(window, quiet_ms=200)
    assert page.pdf != card and "工作证" in page_text(page.pdf, 0)
    window.go("documents", report="badges")
    settle(window, quiet_ms=200)
    assert "王𠮷𬭎" in page_text(page.pdf, 0)
    page.fields.choose("duties")
    page._wanted()
    settle(window, quiet_ms=200)
    assert not page.fields.layout_box.isVisible() and "岗位职责和服务清单" in page_text(page.pdf, 0)


def test_the_roster_prints_badges_of_the_ticked(window) -> None:
    window.go("workers")
    settle(window, quiet_ms=100)
    table = window.page.table
    table.model.tick(table.model.ids[:2])
    next(one for one in window.page.findChildren(Button) if one.words() == "工作证").click()
    settle(window, quiet_ms=200)
    assert window.page.key == "documents" and page_text(window.page.pdf, 0).count("编号") == 2
