"""The text of a document under the keyboard: numbers follow the records until they are typed over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from ui.widgets.paper_editor import PaperEditor

TEXT = "共{人数}人，𠮷占{率}。\n一、总体\n{人数}{人数}又{没有}"
FACTS = {"人数": "36", "率": "9.1%"}


@pytest.fixture
def editor(qapp: QObject) -> PaperEditor:
    made = PaperEditor()
    made.resize(400, 300)
    made.set_text(TEXT, FACTS)
    return made


def at(editor: PaperEditor, words: str, after: bool = False) -> None:
    cursor = editor.document().find(words)
    assert not cursor.isNull()
    cursor.setPosition(cursor.selectionEnd() if after else cursor.selectionStart())
    editor.setTextCursor(cursor)


def test_numbers_are_seen_and_names_are_kept(editor: PaperEditor) -> None:
    assert editor.toPlainText() == "共36人，𠮷占9.1%。\n一、总体\n3636又{没有}"
    assert editor.text().split("\n")[:2] == TEXT.split("\n")[:2]


def test_numbers_follow_the_records(editor: PaperEditor) -> None:
    at(editor, "总体")
    editor.update_facts({"人数": "40", "率": "9.1%"})
    assert editor.toPlainText().startswith("共40人，𠮷占9.1%。")
    assert editor.textCursor().block().text() == "一、总体" and editor.textCursor().positionInBlock() == 2


def test_what_is_typed_over_is_text(editor: PaperEditor) -> None:
    at(editor, "9.1%", after=True)
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    assert "占9.1。" in editor.text(), "it is no number of the office any more"
    at(editor, "36", after=True)
    QTest.keyClicks(editor, "5")
    assert editor.text().startswith("共{人数}5人"), "what is typed behind a number is not part of it"
    editor.update_facts({"人数": "41"})
    assert editor.toPlainText().startswith("共415人")


def test_a_line_becomes_a_heading_with_the_next_number(editor: PaperEditor) -> None:
    editor.set_text("开头。\n一、总体\n做好下一步。\n收尾", {})
    at(editor, "做好")
    editor.set_level(1)
    assert editor.text().split("\n")[2] == "二、做好下一步"
    editor.set_level(2)
    assert editor.text().split("\n")[2] == "（一）做好下一步"
    editor.set_level(0)
    assert editor.text().split("\n")[2] == "做好下一步"
    assert editor.level() == 0


def test_only_words_are_pasted(editor: PaperEditor) -> None:
    editor.set_text("", {})
    mime = QMimeData()
    mime.setHtml("<b>甲</b><p>乙</p>")
    mime.setText("甲\r\n\r\n  乙  ")
    editor.insertFromMimeData(mime)
    assert editor.text() == "甲\n乙"
    editor.insert_number("人数", "36")
    QTest.keyClicks(editor, "x")
    assert editor.text() == "甲\n乙{人数}x"
    editor.insert_line("【图：等次分布】")
    assert editor.text().split("\n")[-1] == "【图：等次分布】"
    editor.moveCursor(QTextCursor.MoveOperation.Start)


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="甲𠮷{}人数 一、（\n9", max_size=40))
def test_what_goes_in_comes_out(text: str) -> None:
    made = PaperEditor()
    made.set_text(text, FACTS)
    once = made.text()
    made.set_text(once, FACTS)
    assert made.text() == once
    assert once.replace("{人数}", "36") == text.replace("{人数}", "36")
