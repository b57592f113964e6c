"""Going over to another way to run grids through the window, and a pack of the office's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit

from gridoffice.grids.listing import office_pack
from gridoffice.grids.own_packs import text_of
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.pack_form import PackForm
from ui.widgets.parts import Choice

Open = Callable[..., MainWindow]


@pytest.fixture
def packs(full: Path, opened: Open):
    window = opened(full)
    window.go("settings")
    settle(window, quiet_ms=60)
    window.page._open_packs()
    settle(window, quiet_ms=60)
    return window, window.page.side


def show(window: MainWindow, panel, key: str) -> None:
    panel.show_pack(key)
    settle(window, quiet_ms=60)


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel))


def test_all_goes_over_to_another_pack_and_back(packs) -> None:
    window, panel = packs
    before = window.office.read(office_pack)
    panel.copy("qinghe", "青禾模式", ["all-round"])
    settle(window, quiet_ms=60)
    assert panel.said.ready and not panel.verdict.findChildren(QLabel)
    panel.go_over()
    settle(window, quiet_ms=60)
    assert window.office.read(office_pack).key == "qinghe" and "青禾模式" in window.status.last()
    assert panel.known.now == "qinghe", "the panel shows what is in force"
    window.go("grids")
    settle(window, quiet_ms=60)
    assert window.page.pack.key == "qinghe"
    window.undo()
    settle(window, quiet_ms=60)
    assert window.office.read(office_pack).key == before.key
    assert window.page.pack.key == before.key, "the page of grids follows"


def test_what_fits_nothing_there_is_asked_and_nothing_moves(packs) -> None:
    window, panel = packs
    before = window.office.read(office_pack).key
    show(window, panel, "national")
    assert "微网格" in words(panel.verdict) and not panel.said.ready
    places = {part.accessibleName(): part for part in panel.findChildren(Choice)}
    place = places["微网格员变成"]
    place.setCurrentIndex(place.findData("微网格员"))
    place.activated.emit(place.currentIndex())
    settle(window, quiet_ms=60)
    assert next(one for one in panel.said.posts if one.label == "微网格员").becomes == "微网格员"
    panel.go_over()
    settle(window, quiet_ms=60)
    assert window.office.read(office_pack).key == before and words(panel.verdict)


def test_a_copy_can_be_written_in_and_a_mistake_is_a_sentence(packs) -> None:
    window, panel = packs
    panel.copy("qinghe", "青禾模式", ["all-round"])
    settle(window, quiet_ms=60)
    assert panel.pack.key == "qinghe" and panel.pack.name == "青禾模式"
    text = window.office.read(text_of, "qinghe")
    assert "all_round = true" in text
    panel._ask_text()
    settle(window, quiet_ms=60)
    page = panel.findChild(QPlainTextEdit)
    assert page.toPlainText() == text and not page.isReadOnly()
    panel.save_text(text.replace("all_round = true", "all_round = 7"))
    settle(window, quiet_ms=60)
    assert words(panel.verdict) and window.office.read(text_of, "qinghe") == text
    panel.save_text(text.replace("青禾模式", "青禾模式二"))
    settle(window, quiet_ms=60)
    assert panel.pack.name == "青禾模式二"


def test_a_pack_that_ships_is_only_read(packs) -> None:
    window, panel = packs
    panel._ask_text()
    settle(window, quiet_ms=60)
    page = panel.findChild(QPlainTextEdit)
    assert page.isReadOnly() and "kinds" in page.toPlainText()
    page.setFocus()
    panel.show_pack(panel.pack.key)
    focus = QApplication.focusWidget()
    assert focus is not None and (focus is panel or panel.isAncestorOf(focus)), "the keyboard stays here"
    window.command("close")
    assert window.page.side is None


def test_norms_are_changed_in_a_form_one_kind_at_a_time(packs) -> None:
    window, panel = packs
    panel.copy("qinghe", "青禾模式", [])
    settle(window, quiet_ms=60)
    panel.go_over()
    settle(window, quiet_ms=60)
    panel._ask_parts()
    settle(window, quiet_ms=60)
    form = panel.findChild(PackForm)
    assert form.part.currentText() == "一般网格", "the first that has a norm"
    line = form.form.fields["households"]
    line.input.setText("五百")
    panel.save_part(form)
    settle(window, quiet_ms=60)
    assert "写成 300–500 这样" in line.problem.text()
    line.input.setText("200-450")
    panel.save_part(form)
    settle(window, quiet_ms=60)
    assert window.office.read(office_pack).kind("general").households == (200, 450)
    again = next(one for one in panel.findChildren(PackForm) if one.isVisible())
    assert again.part.currentText() == "一般网格" and again.form.fields["households"].text() == "200–450"
    window.undo()
    settle(window, quiet_ms=60)
    assert window.office.read(office_pack).kind("general").households == (300, 500)


def test_posts_are_added_renamed_and_taken_out_in_the_form(packs) -> None:
    from gridoffice.grids.own_packs import pack_called
    from gridoffice.grids.pack_groups import Group

    window, panel = packs
    panel.copy("qinghe", "青禾模式", [])
    settle(window, quiet_ms=60)

    def form() -> Any:
        settle(window, quiet_ms=60)
        return next(one for one in panel.findChildren(PackForm) if one.isVisible())

    panel._ask_parts((Group.POST, 0))
    shown = form()
    assert shown.group.currentText() == "岗位" and shown.part.count() > 3
    shown._add.click()
    settle(window, quiet_ms=60)
    assert shown.part.currentText() == "新的一项"
    shown.form.fields["label"].input.setText("楼栋长")
    shown.form.fields["employment"].input.setCurrentIndex(3)
    shown.form.fields["duties"].input.setText("上门走访；代办")
    panel.save_part(shown)
    shown = form()
    assert shown.part.currentText() == "楼栋长"
    added = window.office.read(pack_called, "qinghe").posts[-1]
    assert (added.label, added.employment.label, added.duties) == ("楼栋长", "志愿", ("上门走访", "代办"))
    shown._remove.click()
    shown = form()
    assert "楼栋长" not in {post.label for post in window.office.read(pack_called, "qinghe").posts}
    panel._ask_parts((Group.WHOLE, 0))
    shown = form()
    shown.form.fields["lead"].input.setText("区委社会工作部")
    panel.save_part(shown)
    form()
    assert window.office.read(pack_called, "qinghe").lead == "区委社会工作部"
