"""Somebody is named by a few letters; namesakes are told apart; Enter and the arrows are enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from db.enums import Sex
from gridoffice.fields import Column
from gridoffice.office import Office
from gridoffice.overview.badges import badges, make_badge_key
from gridoffice.people import rows as person
from gridoffice.people.hits import find_people
from tests.offices import number
from ui.app import settle
from ui.main_window import MainWindow
from ui.widgets.form import Form
from ui.widgets.parts import Button
from ui.widgets.person_picker import PersonPicker

Open = Callable[..., MainWindow]


@pytest.fixture
def window(small: Path, opened: Open) -> MainWindow:
    return opened(small)


def typed(window: MainWindow, text: str) -> PersonPicker:
    picker = PersonPicker(window)
    window.page.main.put(picker)
    picker.line.setFocus()
    write(window, picker, text)
    return picker


def write(window: MainWindow, picker: PersonPicker, text: str) -> None:
    """As an input method hands it over; QTest's keys know no Chinese."""
    picker.line.setText(text)
    picker.line.textEdited.emit(text)
    settle(window, quiet_ms=300)


def words(picker: PersonPicker) -> list[str]:
    return [one.text() for one in picker.findChildren(QLabel) if one.isVisibleTo(picker)]


def test_namesakes_stand_with_their_numbers_and_the_arrow_reaches_the_second(window) -> None:
    picker = typed(window, "zhangs")
    names = [one.words() for one in picker.findChildren(Button)]
    assert names == ["张三", "张三"]
    assert any(text.startswith("519***********") for text in words(picker))
    assert all(number(15) not in text and number(16) not in text for text in words(picker))
    QTest.keyClick(picker.line, Qt.Key.Key_Down)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    hits = window.office.read(find_people, "张三")
    assert picker.picked == hits[1].id and picker.line.text() == "张三"


def test_enter_takes_the_first_and_typing_on_forgets_it(window) -> None:
    picker = typed(window, "王𠮷𬭎")
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    assert picker.picked == window.office.read(find_people, number(11)[-4:])[0].id
    write(window, picker, "王𠮷𬭎甲")
    assert picker.picked is None and "没有这个人。" in words(picker)


def test_a_form_wants_somebody_chosen_not_only_typed(window) -> None:
    picker = typed(window, "阿依")
    form = Form([Column("person_id", person.NAME)], None, pickers={"person_id": picker})
    assert form.take() is None
    assert "还没选定" in form.fields["person_id"].problem.text()
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    assert form.take() == {"person_id": picker.picked}
    picker.choose(None, "")
    assert form.take() is None and form.fields["person_id"].problem.text() == "没写姓名。"


def test_people_are_found_by_phone_and_by_the_last_four(
    small: Path, office_at: Callable[..., Office]
) -> None:
    office = office_at(str(small))
    found = office.read(find_people, "00014", date(2025, 6, 1))
    assert [(one.name, one.phone, one.grid) for one in found] == [("单晓琴", "138****0014", "梧桐·第二网格")]
    assert [one.name for one in office.read(find_people, number(12, Sex.FEMALE)[-4:])] == ["李䶮"]
    assert [one.name for one in office.read(find_people, "shanxq")] == []
    assert [one.name for one in office.read(find_people, "sxq")] == ["单晓琴"]
    assert office.read(find_people, "  ") == []
    assert [(one.name, one.id_number) for one in office.read(find_people, "赵")] == [("赵𫍯", "")]
    office.close()


def test_a_scanned_badge_pasted_into_the_quick_search_is_checked(window) -> None:
    window.office.write(make_badge_key)
    text = window.office.read(badges)[0].code
    for said, words in ((text, "真的，赵𫍯在岗"), (text.replace("赵𫍯", "赵龙"), "验证码对不上")):
        line = window.top.search
        line.setFocus()
        QGuiApplication.clipboard().setText(said)
        line.selectAll()
        line.paste()
        line.textEdited.emit(line.text())
        settle(window, quiet_ms=300)
        listed = window.search._list
        assert [listed.item(at).text()[: len(words)] for at in range(listed.count())] == [words]
    QTest.keyClick(window.top.search, Qt.Key.Key_Escape)
