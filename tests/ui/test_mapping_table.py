"""Headings of somebody's sheet and our columns beside each other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridoffice.fields import columns
from gridoffice.workers.rows import WorkerRow
from ui.widgets.mapping_table import MappingLine, MappingTable
from ui.widgets.parts import Label

COLUMNS = columns(WorkerRow)
LINES = (
    MappingLine("A", "序号", fixed="自动编号"),
    MappingLine("B", "姓名", ("王䶮", "李㐂"), "name", "exact"),
    MappingLine("C", "岗位类别", (), "title", "similar"),
    MappingLine("D", "党费"),
    MappingLine("E", "备注", (), "note", "exact"),
    MappingLine("F", "备注"),
)


def shown(qtbot: QtBot) -> MappingTable:
    made = MappingTable(none="留空")
    qtbot.addWidget(made)
    made.show_lines(LINES, COLUMNS)
    made.resize(1000, 500)
    made.show()
    return made


def pick(table: MappingTable, place: int, words: str) -> None:
    """Choose with the keyboard, as a clerk who never touches the mouse."""
    choice = table.choices[place]
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Down)
    view = choice.view()
    assert view.isVisible(), "the keys open the list"
    QTest.keyClick(view, Qt.Key.Key_Home)
    while view.currentIndex().data() != words:
        before = view.currentIndex().row()
        QTest.keyClick(view, Qt.Key.Key_Down)
        assert view.currentIndex().row() > before, f"no {words}"
    QTest.keyClick(view, Qt.Key.Key_Return)


def test_every_heading_shows_what_it_means(qtbot: QtBot) -> None:
    table = shown(qtbot)
    assert sorted(table.choices) == [1, 2, 3, 4, 5], "the running number has nothing to choose"
    assert [table.choices[place].currentText() for place in (1, 2, 3)] == ["姓名", "职务", "留空"]
    words = {part.whole() for part in table.findChildren(Label)}
    assert {"自动编号", "王䶮、李㐂", "党费"} <= words
    assert [badge.text for badge in table._badges.values()] == ["认得", "看着像", "不认得", "认得", "不认得"]
    assert table.forced() == {}


def test_a_column_has_one_heading(qtbot: QtBot) -> None:
    table = shown(qtbot)
    with qtbot.waitSignal(table.changed):
        pick(table, 3, "职务")
    assert table.field_of(2) is None, "the heading chosen last keeps the column"
    assert table.forced()["党费"] == "title" and table.forced()["岗位类别"] is None
    assert [table._badges[place].text for place in (2, 3)] == ["刚去掉", "刚选的"]


def test_passing_a_name_takes_it_from_nobody(qtbot: QtBot) -> None:
    table = shown(qtbot)
    pick(table, 3, "民族")
    assert table.forced() == {"党费": "ethnicity"}, "姓名 and 职务 were on the way"


def test_a_heading_that_stands_twice_is_named_by_its_letter(qtbot: QtBot) -> None:
    table = shown(qtbot)
    pick(table, 5, "民族")
    assert table.forced()["F"] == "ethnicity"
    assert "备注" not in table.forced()


def test_other_lines_replace_the_earlier(qtbot: QtBot) -> None:
    table = shown(qtbot)
    pick(table, 3, "民族")
    table.show_lines(LINES[:2], COLUMNS)
    assert sorted(table.choices) == [1] and table.forced() == {}
