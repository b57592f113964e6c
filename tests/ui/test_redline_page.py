"""一根红线 in the window: walked with the keyboard, mended where it breaks, taken back, taken out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gridoffice.party.redline import redline
from gridoffice.party.service import save_link, save_member, save_org
from tests.offices import grid_id
from tests.ui.seen import click, words_in
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.party_panels import LinkPanel, OrgPanel
from ui.pages.redline import RedLinePage
from ui.pages.redline_side import CardSide
from ui.theme import Theme, look

Open = Callable[..., MainWindow]


def page_of(window: MainWindow) -> RedLinePage:
    window.go("redline")
    settle(window, quiet_ms=60)
    page = window.page
    assert isinstance(page, RedLinePage)
    return page


@pytest.fixture
def window(opened: Open, full: Path) -> MainWindow:
    """A street whose first community and its first grid have organisations."""
    made = opened(full)
    office = made.office
    top = save(made, "中共青禾街道工作委员会", "519921001", None)
    community = save(made, "中共梧桐社区委员会", "519921001001", top)
    branch = save(made, "梧桐第一网格党支部", "519921001001001", community)
    person = office.read(
        lambda session: (
            session.connection().exec_driver_sql("SELECT person_id FROM post ORDER BY id LIMIT 1").scalar()
        )
    )
    office.write(save_member, None, {"org_id": branch}, person_id=person)
    return made


def save(window: MainWindow, name: str, code: str, parent: int | None) -> int:
    values = {"name": name, "grid_ids": [grid_id(window.office, code)], "parent_id": parent}
    return window.office.write(save_org, None, values).result


def test_the_line_is_walked_with_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    view, press = page.view, qtbot.keyClick
    view.setFocus()
    assert view.cards[view.current or 0].title == "青禾街道党工委"
    press(view, Qt.Key.Key_Right)
    assert view.cards[view.current or 0].title == "梧桐社区党委"
    assert "梧桐社区党委" in view.accessibleDescription()
    press(view, Qt.Key.Key_Down)
    assert view.cards[view.current or 0].name == "柳荫社区"
    press(view, Qt.Key.Key_Home)
    if view.current not in view.standing:
        press(view, Qt.Key.Key_Space)
    press(view, Qt.Key.Key_Right)
    assert view.cards[view.current or 0].title == "第一网格党支部"
    press(view, Qt.Key.Key_Left)
    press(view, Qt.Key.Key_Space)
    assert "已收起" in view.accessibleDescription()
    press(view, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert isinstance(page.side, CardSide)
    assert "中共梧桐社区委员会" in words_in(page.side)
    window.command("close")
    assert page.side is page.cover


def test_the_numbers_are_those_of_the_line(window: MainWindow) -> None:
    page = page_of(window)
    line = window.office.read(redline)
    levels = {one.label: one for one in line.tiers}
    assert f"断点 {len(line.broken)} 处" in page.facts
    place = page.cover.level.findText("各级一起")
    page.cover.level.setCurrentIndex(place)
    page.cover.level.activated.emit(place)
    settle(window, quiet_ms=60)
    assert f"{line.whole.organised} / {line.whole.wanted} 个网格" in words_in(page.cover)
    assert sum(one.wanted for one in levels.values()) == line.whole.wanted
    page.cover.bars.picked.emit(page.cover.bars.areas[1].key)
    settle(window, quiet_ms=60)
    assert window.scope_name == "柳荫社区"
    assert page.facts[-1] == f"断点 {len(window.office.read(redline, window.scope_id).broken)} 处"


def test_an_organisation_is_set_up_where_one_lacks(window: MainWindow) -> None:
    page = page_of(window)
    grid = grid_id(window.office, "519921001001002")
    page.view.go_to(grid)
    page._mend(grid, False)
    settle(window, quiet_ms=60)
    panel = page.side
    assert isinstance(panel, OrgPanel)
    assert panel.name.text() == "梧桐第二网格党支部"
    assert panel.parent_org.line.text() == "中共梧桐社区委员会"
    panel.secretary.line.setText("王𠮷𬭎")
    window.command("save")
    settle(window, quiet_ms=60)
    assert page.side is page.cover
    assert page.view.cards[grid].title == "第二网格党支部"
    assert page.view.cards[grid].org_id is not None
    assert window.toast.isVisible()
    window.undo()
    settle(window, quiet_ms=60)
    assert page.view.cards[grid].org_id is None


def test_what_is_missing_is_said_in_the_panel(window: MainWindow) -> None:
    page = page_of(window)
    window.command("new")
    settle(window, quiet_ms=60)
    panel = page.side
    assert isinstance(panel, OrgPanel)
    window.command("save")
    settle(window, quiet_ms=60)
    assert "没写党组织名称。" in words_in(panel)
    page.enter(None)
    other = page.side
    assert isinstance(other, LinkPanel)
    window.command("save")
    assert "所入网格从下面列出的里选一个。" in words_in(other)


def test_a_member_enters_with_one_click(window: MainWindow) -> None:
    page = page_of(window)
    grid = grid_id(window.office, "519921001001001")
    page._mend(grid, True)
    settle(window, quiet_ms=60)
    panel = page.side
    assert isinstance(panel, LinkPanel)
    assert panel.kind.currentText() == "社区党员干部"
    click(panel, "入格")
    settle(window, quiet_ms=60)
    assert page.side is page.cover
    assert page.view.cards[grid].breaks == ()
    window.undo()
    settle(window, quiet_ms=60)
    assert page.view.cards[grid].breaks == ("没有社区党员干部入格",)


def test_only_breaks_as_a_drawing_and_as_a_list(window: MainWindow) -> None:
    page = page_of(window)
    broken = len(window.office.read(redline).broken)
    assert page._only.words() == f"只看断点 {broken}"
    page._only.click()
    settle(window, quiet_ms=60)
    assert sum(bool(card.breaks) for card in page.view.cards.values()) == broken
    page._as_list.click()
    settle(window, quiet_ms=60)
    assert len(page.list.model.ids) == broken
    page._as_list.click()
    page._only.click()
    settle(window, quiet_ms=60)
    page._unfold.click()
    assert page.view.scene.middle.keys() == page.view.cards.keys()
    page._unfold.click()
    assert len(page.view.scene.middle) < len(page.view.cards)


def test_a_click_folds_and_a_double_click_opens(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    view = page.view
    number = grid_id(window.office, "519921001002")
    view.go_to(number)
    pill = view.scene.pill(number).center()
    shift = QPoint(view.horizontalScrollBar().value(), view.verticalScrollBar().value())
    at = pill.toPoint() - shift
    before = number in view.standing
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert (number in view.standing) is not before
    view.go_to(number)
    middle = view.scene.rect(number).center().toPoint() - QPoint(
        view.horizontalScrollBar().value(), view.verticalScrollBar().value()
    )
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    settle(window, quiet_ms=60)
    assert isinstance(page.side, CardSide)
    assert page.side.card.name == "柳荫社区"


def test_the_drawing_leaves_as_picture_and_paper(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(window)
    look.wear(Theme.DARK)
    for name in ("线.png", "线.pdf"):
        target = tmp_path / name
        monkeypatch.setattr(dialogs, "save_file", lambda *_, target=target: target)
        if target.suffix == ".pdf":
            page.view.open_all()
        window.command("export")
        settle(window, quiet_ms=60)
        assert "已导出红线图" in words_in(window.toast)
    image = QImage(str(tmp_path / "线.png"))
    assert image.width() == round(page.view.scene.width) * 2
    assert image.pixelColor(2, 2).name() == "#ffffff"  # paper is white in every theme
    paper = pdfium.PdfDocument(tmp_path / "线.pdf")
    texts = [one.get_textpage().get_text_range() for one in paper]
    paper.close()
    assert "梧桐社区党委" in "".join(texts)
    assert len(texts) > 1
    assert all("一根红线" in one for one in texts)


def test_a_large_line_opens_branch_by_branch(window: MainWindow) -> None:
    page = page_of(window)
    few = {number: card for number, card in page.view.cards.items() if card.column < 2}
    page.view._cards = few
    page.view.standing = frozenset()
    number = grid_id(window.office, "519921001002")
    assert page.view.cards[number].children
    page.view._lay()
    page.view.toggle(number)
    settle(window, quiet_ms=60)
    assert number in page.view.standing
    assert {card.column for card in page.view.scene.children(number)} == {2}


def test_an_empty_office_and_who_may_only_look(opened: Open, empty: Path) -> None:
    window = opened(empty)
    page = page_of(window)
    assert not page.view.cards
    assert page.blank.words() == "还没有网格，建了网格才有红线。"
    assert not page.cover.isVisible()
    assert window.office.read(redline).nodes == ()


def test_links_of_before_show_on_a_past_day(window: MainWindow) -> None:
    page = page_of(window)
    grid = grid_id(window.office, "519921001001001")
    person = window.office.read(
        lambda session: (
            session.connection()
            .exec_driver_sql("SELECT person_id FROM party_member ORDER BY id LIMIT 1")
            .scalar()
        )
    )
    values = {"person_id": person, "grid_id": grid, "from_day": date(2026, 5, 1)}
    window.tell(window.office.write(save_link, None, values))
    settle(window, quiet_ms=60)
    assert page.view.cards[grid].breaks == ()
    window.look_at(date(2026, 4, 1))
    settle(window, quiet_ms=60)
    assert page.view.cards[grid].breaks == ("没有社区党员干部入格",)
    page._open_card(grid)
    settle(window, quiet_ms=60)
    assert isinstance(page.side, CardSide)
    assert not [one for one in page.side.findChildren(QPushButton) if "党员入格" in one.text()]
