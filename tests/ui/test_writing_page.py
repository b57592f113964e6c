"""拟稿 through the window: begun, written, kept, sent out, opened again; the register beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from gridoffice.both_changed import MINE
from gridoffice.documents.render import page_text, pages
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.papers.drafts import DRAFTS, draft, save_draft
from gridoffice.papers.register import NUMBERS, save_number
from tests.documents.ofd_reader import Reader
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.print_panel import PrintPanel
from ui.pages.text_meeting import TextMeeting
from ui.widgets.parts import Button

Open = Callable[..., MainWindow]


@pytest.fixture
def page(full: Path, opened: Open):
    window = opened(full)
    window.go("writing")
    settle(window, quiet_ms=60)
    return window.page


def written(page, key: str = "staffing") -> None:
    page.begin(key)
    settle(page.desk, quiet_ms=200)


def drafts(page) -> list[int]:
    return list(page.desk.office.read(DRAFTS.ids, Ask()))


def paper(page) -> str:
    pdf = page.shown.pdf
    return "".join("".join(page_text(pdf, one) for one in range(pages(pdf))).split())


def test_nothing_is_open_at_first(page) -> None:
    assert page.blank.isVisible() and not page.body.isVisible() and page.side is None
    sentence = page.blank._words
    middle = sentence.mapTo(page, sentence.rect().center())
    assert abs(middle.x() - page.width() / 2) <= 1, "in the middle of the page, not of its left half"
    assert page.height() * 0.35 < middle.y() < page.height() * 0.65
    page.menus.templates()
    words = [action.text() for action in page.menus.menu.actions()]
    assert "季度工作情况报告（报告）" in words
    next(one for one in page.menus.menu.actions() if one.text().startswith("空白公文")).trigger()
    page.menus.menu.close()
    settle(page.desk, quiet_ms=200)
    assert page.writing.template == "blank" and page.body.isVisible()


def test_what_is_typed_stands_on_the_page(page) -> None:
    written(page)
    assert page.shown.unknown == ()
    before = paper(page)
    assert f"网格{page.shown.facts['网格数']}个" in before
    page.editor.moveCursor(QTextCursor.MoveOperation.End)
    page.editor.insertPlainText("特此通报。")
    page.fields.recipients.setText("各村")
    page.fields.recipients.textEdited.emit("各村")
    page.fields.options.red.click()
    settle(page.desk, quiet_ms=900)
    after = paper(page)
    assert "特此通报。" in after and "各村：" in after and "文件" in after
    assert any(fact.startswith("代用字体：") and "仿宋（Fandol 仿宋）" in fact for fact in page.facts)
    assert "没保存" in page.head_facts.whole()
    page.fields.annexes["vacancies"].click()
    settle(page.desk, quiet_ms=400)
    assert "岗位空缺表" not in paper(page)


def test_a_draft_is_kept_and_opened_again(page) -> None:
    window = page.desk
    written(page)
    page.editor.moveCursor(QTextCursor.MoveOperation.End)
    page.editor.insertPlainText("特此通报。")
    window.command("save")
    settle(window, quiet_ms=200)
    (number,) = drafts(page)
    kept = window.office.read(draft, number)
    assert kept.text.endswith("特此通报。") and "{配备率}" in kept.text
    assert page.head_facts.whole().endswith("草稿已保存")
    window.go("drafts")
    settle(window, quiet_ms=100)
    window.page.table.go_to(number)
    window.page.enter()
    settle(window, quiet_ms=200)
    assert window.page is page and page.editor.text() == kept.text
    page._copy()
    settle(window, quiet_ms=200)
    assert len(drafts(page)) == 2 and page.writing.id != number
    window.undo()
    settle(window, quiet_ms=200)
    assert drafts(page) == [number]


def test_what_was_written_is_kept_before_something_else_is_opened(page) -> None:
    written(page)
    page.editor.moveCursor(QTextCursor.MoveOperation.End)
    page.editor.insertPlainText("不能丢。")
    page.desk.go("writing", template="blank")
    settle(page.desk, quiet_ms=300)
    assert page.writing.template == "blank"
    (number,) = drafts(page)
    assert page.desk.office.read(draft, number).text.endswith("不能丢。")


def test_a_number_of_the_office_is_put_in(page) -> None:
    written(page, "blank")
    page.editor.selectAll()
    QTest.keyClick(page.editor, Qt.Key.Key_Delete)
    page.menus.numbers()
    settle(page.desk, quiet_ms=200)
    actions = page.menus.menu.actions()
    assert not [one for one in actions if one.text().startswith("平均得分")], "that is of a month"
    next(one for one in actions if one.text().startswith("在岗人数")).trigger()
    page.menus.menu.close()
    page.menus.figures()
    next(one for one in page.menus.menu.actions() if one.text() == "应配和实有").trigger()
    page.menus.menu.close()
    settle(page.desk, quiet_ms=500)
    assert page.editor.text() == "{在岗人数}\n【图：应配和实有】"
    assert "应配和实有人数" in paper(page)


def test_it_goes_out_under_the_next_number(page, monkeypatch: pytest.MonkeyPatch) -> None:
    window = page.desk
    day = window.day
    first = {"number": f"青网格办〔{day.year}〕14号", "title": "关于某事的通知", "day": day}
    window.office.write(save_number, None, first)
    page.opened()
    written(page)
    assert page.fields.series.text() == "青网格办"
    assert page.fields.coming.text() == f"下一个号：青网格办〔{day.year}〕15号"
    asked: list[str] = []
    monkeypatch.setattr(dialogs, "decide", lambda *words: bool(asked.append(words[1])) or True)
    page.fields.out.click()
    settle(window, quiet_ms=400)
    assert asked == [f"登记为“青网格办〔{day.year}〕15号”？"]
    assert page.writing.number == f"青网格办〔{day.year}〕15号"
    assert page.editor.isReadOnly() and "{" not in page.editor.text()
    assert f"青网格办〔{day.year}〕15号" in paper(page)
    window.go("paper-numbers")
    settle(window, quiet_ms=100)
    register = window.page
    assert register.head_facts.whole() == "共 2 个字号"
    newest = next(iter(window.office.read(NUMBERS.ids, Ask())))
    register._open(newest)
    settle(window, quiet_ms=100)
    next(one for one in register.findChildren(Button) if one.words() == "看这份公文").click()
    settle(window, quiet_ms=200)
    assert window.page is page


def test_the_register_refuses_a_gap_in_its_form(page) -> None:
    window = page.desk
    year = window.day.year
    window.office.write(
        save_number, None, {"number": f"青网格办〔{year}〕1号", "title": "甲", "day": window.day}
    )
    window.go("paper-numbers")
    settle(window, quiet_ms=100)
    window.command("new")
    settle(window, quiet_ms=100)
    form = window.page._editing
    assert form.fields["number"].text() == f"青网格办〔{year}〕2号"
    form.fields["number"].input.setText(f"青网格办〔{year}〕5号")
    form.fields["title"].input.setText("关于某事的通知")
    form.fields["day"].input.setText(window.day.isoformat())
    window.command("save")
    settle(window, quiet_ms=100)
    assert "跳号" in form.fields["number"].problem.text()
    form.fields["number"].input.setText(f"青网格办〔{year}〕2号")
    window.command("save")
    settle(window, quiet_ms=100)
    assert len(window.office.read(NUMBERS.ids, Ask())) == 2


def test_it_leaves_as_pdf_word_and_ofd(page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(page)
    for name in ("通报.pdf", "通报.docx", "通报.ofd"):
        monkeypatch.setattr(dialogs, "save_file", lambda *_, name=name: tmp_path / name)
        page.leaving.save_as()
        settle(page.desk, quiet_ms=200)
    title = page.shown.title
    assert pages((tmp_path / "通报.pdf").read_bytes()) > 2
    assert Reader((tmp_path / "通报.ofd").read_bytes()).info["Title"] == title
    word = Document(BytesIO((tmp_path / "通报.docx").read_bytes()))
    assert word.core_properties.title == title
    assert page.desk.toast.words() == "已存为“通报.ofd”。"


def test_what_is_printed_is_what_is_seen(page) -> None:
    written(page)
    page.leaving.print()
    settle(page.desk, quiet_ms=300)
    panel = page.side
    assert isinstance(panel, PrintPanel) and panel._pdf == page.view.pdf
    page.editor.moveCursor(QTextCursor.MoveOperation.End)
    page.editor.insertPlainText("特此通报。")
    settle(page.desk, quiet_ms=900)
    assert page.side is page.fields, "the panel had the page as it was before"
    page.leaving.print()
    settle(page.desk, quiet_ms=300)
    assert page.side is panel and panel._pdf == page.view.pdf
    assert "特此通报。" in "".join(page_text(panel._pdf, at) for at in range(pages(panel._pdf)))


def test_a_report_is_taken_to_the_editor(page) -> None:
    window = page.desk
    window.go("documents")
    settle(window, quiet_ms=200)
    month = window.page.fields.month()
    window.page.write_button.click()
    settle(window, quiet_ms=300)
    assert window.page is page and page.writing.template == "assessment"
    assert page.writing.month == month
    assert page.shown.facts["应考核人数"].isdecimal()
    assert "考核还没锁定" in " ".join(words for _, words in page.shown.checks)


def test_who_only_reads_writes_nothing(full: Path, opened: Open) -> None:
    from db.enums import Role
    from gridoffice.accounts.keeping import add_account
    from gridoffice.office import Office

    office = Office.open(full)
    office.write(add_account, "kan", "查看", Role.READER)
    office.close()
    window = opened(full, account="kan")
    window.go("writing")
    settle(window, quiet_ms=60)
    written(window.page, "blank")
    assert window.page.editor.isReadOnly() and not window.page.save_button.isEnabled()


def test_a_paper_that_cannot_be_made_yet_has_a_sample(empty: Path, opened: Open) -> None:
    window = opened(empty)
    window.go("documents")
    settle(window, quiet_ms=100)
    page = window.page
    assert page.blank.isVisible() and page.pdf is None
    next(one for one in page.blank.findChildren(Button) if one.words() == "看样张").click()
    settle(window, quiet_ms=60)
    assert not page.blank.isVisible() and page.view.paper.sheets[0].picture is not None
    assert "样张" in page.facts[0] and page.pdf is None


def test_a_document_becomes_a_template_of_the_office(page) -> None:
    window = page.desk
    written(page, "request")
    page.fields.options.red.click()
    page.fields.options.copy_number.setText("000012")
    page.kept_templates.offer(page.template_button)
    assert page.kept_templates.kind.currentData() == "请示"
    page.kept_templates.name.setText("增配请示（红头）")
    page.kept_templates.keep()
    settle(window, quiet_ms=300)
    (own,) = [one for one in page.templates.values() if one.own]
    assert own.said == {"red_head": own.said["red_head"]} and "{" in own.text

    page.menus.templates()
    words = [action.text() for action in page.menus.menu.actions()]
    page.menus.menu.close()
    assert words.index("本办的") < words.index("增配请示（红头）（请示）")
    page.begin(own.key)
    settle(window, quiet_ms=300)
    assert page.writing.template == own.key and page.fields.options.red.isChecked()
    assert page.fields.options.copy_number.text() == "" and "文件" in paper(page)

    page.kept_templates.offer(page.template_button)
    assert page.kept_templates.name.text() == "增配请示（红头）"
    away = [one for one in page.kept_templates.own.findChildren(Button) if one.toolTip().startswith("删去")]
    away[0].click()
    settle(window, quiet_ms=300)
    assert not any(one.own for one in page.templates.values())
    window.undo()
    settle(window, quiet_ms=300)
    assert any(one.own for one in page.templates.values())


def test_two_write_the_same_draft(page) -> None:
    written(page)
    window = page.desk
    window.command("save")
    settle(window, quiet_ms=200)
    (number,) = drafts(page)
    one = window.office.read(draft, number)
    first, *rest = one.text.split("\n")
    other = Office.open(window.office.store.file)
    other.write(save_draft, replace(one, title="别人起的标题", text="\n".join([f"{first}别人写的。", *rest])))
    page.editor.moveCursor(QTextCursor.MoveOperation.End)
    page.editor.insertPlainText("\n特此通报。")
    window.command("save")
    settle(window, quiet_ms=300)
    now = window.office.read(draft, number)
    assert (
        now.title == "别人起的标题" and "别人写的。" in now.text and now.text.rstrip().endswith("特此通报。")
    )
    assert page.editor.text() == now.text and not page.changed()
    other.write(save_draft, replace(now, text=now.text.replace("特此通报。", "妥否，请批示。")))
    other.close()
    page.editor.set_text(now.text.replace("特此通报。", "以上报告。"), {})
    window.command("save")
    settle(window, quiet_ms=300)
    meeting = page.side
    assert isinstance(meeting, TextMeeting)
    meeting.pick(0, MINE)
    meeting.take()
    settle(window, quiet_ms=300)
    assert "以上报告。" in window.office.read(draft, number).text and page.side is page.fields
