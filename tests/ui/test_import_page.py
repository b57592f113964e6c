"""The import page: a file from its head to its undo, with the worker process that really holds its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gridoffice.history import journal
from gridoffice.intake import Key, Merge, Outcome
from gridoffice.listing import Ask
from gridoffice.workers.listing import WORKERS
from tests.spreadsheet.ledger import id_number
from tests.ui.test_pages import cut
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.import_steps import Stage
from ui.pages.importing import ImportPage
from ui.theme import Theme
from ui.widgets.questions import AnswerButton

Open = Callable[..., MainWindow]
HEADS = ("姓名", "身份证号", "联系电话", "所属网格")
NEW = id_number(701, "19880707")


def people(window: MainWindow) -> int:
    return len(window.office.read(WORKERS.ids, Ask()))


def known(window: MainWindow, place: int = 0) -> Any:
    return window.office.read(WORKERS.rows, window.office.read(WORKERS.ids, Ask())[place : place + 1])[0]


def workbook(path: Path, rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "花名册"
    for line in (heads, *rows):
        sheet.append(list(line))
    book.save(path)
    return path


def mixed(path: Path, window: MainWindow) -> Path:
    """One known person with another phone, one unchanged, one new, two whose phones are too short."""
    one, other = known(window), known(window, 1)
    return workbook(
        path,
        [
            (one.name, one.id_number, "13900001111", one.grid),
            (other.name, other.id_number, other.phone, other.grid),
            ("王𠮷𬭎", NEW, "13900002222", one.grid),
            ("㐂䶮", id_number(702, "19900101"), "1390000333", one.grid),
            ("𫍯𠮷", id_number(703, "19910202"), "1390000444", one.grid),
        ],
    )


def wait(window: MainWindow) -> None:
    settle(window, quiet_ms=80)


def taken(window: MainWindow, file: Path, key: str = "workers") -> ImportPage:
    window.go("import", ledger=key, file=str(file))
    wait(window)
    return window.page


def press(page: Any, words: str) -> None:
    """Click the visible button with these words."""
    found = [one for one in page.findChildren(QPushButton) if one.isVisible() and one.text().strip() == words]
    assert found, f"no button {words}"
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def said(part: Any) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisible())


def counts(page: ImportPage) -> dict[str, int]:
    return {tab.words: tab.count for tab in page.review.tabs.tabs}


def texts(page: ImportPage, column: str) -> list[str]:
    """A column of the preview, row by row as it is shown."""
    sheet = page.review.table.sheet
    place = [what.name for what in sheet.columns].index(column) + sheet.first
    return [sheet.cell(row, place).text for row in range(len(sheet.ids)) if sheet.is_row(row)]


def at(page: ImportPage, column: str) -> None:
    """Put the cursor into a column of the current row."""
    sheet, table = page.review.table.sheet, page.review.table
    place = [what.name for what in sheet.columns].index(column) + sheet.first
    table.setCurrentIndex(sheet.index(table.currentIndex().row(), place))


def where(page: ImportPage) -> str:
    """The column that the cursor is in."""
    what = page.review.table.sheet.field_at(page.review.table.currentIndex().column())
    return what.name if what is not None else ""


def type_over(page: ImportPage, text: str) -> None:
    page.review.typing.begin()
    editor = page.review.typing.editor
    assert editor.isVisible()
    editor.setText(text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


# ---- from the file to the undo


def test_a_roster_is_checked_written_and_undone(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    one, before, lines = known(window), people(window), len(window.office.read(journal))
    file = workbook(
        tmp_path / "花名册.xlsx",
        [(one.name, one.id_number, "13900001111", one.grid), ("王𠮷𬭎", NEW, "13900002222", one.grid)],
    )
    page = taken(window, file)
    assert page.stage is Stage.REVIEW
    assert counts(page) == {"全部变动": 2, "新增": 1, "更新": 1, "无变化": 0, "冲突": 0, "错误": 0}
    assert len(window.office.read(journal)) == lines, "nothing is written while it is checked"
    assert page.review.foot.words()[0] == "新增 1 人，更新的 1 人共改 1 格"
    press(page, "写入 2 人（新增 1、更新 1）")
    wait(window)
    assert page.stage is Stage.WRITTEN and people(window) == before + 1
    assert page.review.foot.words()[0] == "已写入：新增 1、更新 1、未变 0、跳过 0"
    assert window.toast.words() == "已导入：新增 1、更新 1、未变 0、跳过 0。"
    press(page, "撤销这次导入")
    wait(window)
    assert people(window) == before and known(window) == one
    assert page.stage is Stage.REVIEW and counts(page)["全部变动"] == 2, "the same file could be written anew"


def test_undoing_from_the_toast_brings_the_review_back(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    file = workbook(tmp_path / "一人.xlsx", [("王𠮷𬭎", NEW, "13900002222", known(window).grid)])
    page = taken(window, file)
    window.command("save")
    wait(window)
    assert page.stage is Stage.WRITTEN
    window.undo()
    wait(window)
    assert page.stage is Stage.REVIEW and counts(page)["新增"] == 1


def test_an_import_of_long_ago_is_taken_back_from_the_list(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    before = people(window)
    page = taken(
        window, workbook(tmp_path / "早先的.xlsx", [("王𠮷𬭎", NEW, "13900002222", known(window).grid)])
    )
    window.command("save")
    wait(window)
    press(page, "再导一份")
    wait(window)
    assert page.stage is Stage.START and "早先的.xlsx" in said(page.start)
    press(page.start, "撤销")
    wait(window)
    assert people(window) == before and "已撤销" in said(page.start)
    assert window.toast.words() == "已整批撤销这次导入。"


def test_only_the_good_rows_are_written_when_that_is_said(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    before = people(window)
    page = taken(window, mixed(tmp_path / "有错.xlsx", window))
    main = page.review.foot.main_button()
    assert main is not None and main.words() == "处理 2 行", "the next step is to settle what is wrong"
    press(page, "只写没问题的 2 人")
    wait(window)
    assert people(window) == before + 1
    assert page.review.foot.words()[0] == "已写入：新增 1、更新 1、未变 1、跳过 2"


def test_the_same_file_again_says_when_it_came(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    file = workbook(tmp_path / "再来.xlsx", [("王𠮷𬭎", NEW, "13900002222", known(window).grid)])
    page = taken(window, file)
    window.command("save")
    wait(window)
    page = taken(window, file)
    assert counts(page)["无变化"] == 1 and counts(page)["全部变动"] == 0
    assert page.review.foot.main_button() is None, "there is nothing to write"
    assert "导入过。每一行都没变，不用再写。" in said(page.review.notes)


def test_the_receipt_tells_what_is_left(
    full: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    page = taken(window, mixed(tmp_path / "有错.xlsx", window))
    window.command("next")
    wait(window)
    type_over(page, "13900003333")
    wait(window)
    marked = tmp_path / "错误回执.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: marked)
    press(page, "错误回执")
    wait(window)
    sheet = openpyxl.load_workbook(marked).worksheets[0]
    noted = [row[0].row for row in sheet.iter_rows() if any(cell.comment for cell in row)]
    assert len(noted) == 1, "the corrected row is no more in it"


# ---- the preview


def test_a_cell_is_corrected_in_its_place(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    page = taken(window, mixed(tmp_path / "有错.xlsx", window))
    table = page.review.table
    assert counts(page)["错误"] == 2 and len(table.sheet.troubles) == 2
    lines = len(table.sheet.ids)
    assert where(page) == "phone", "the cursor waits at the cell"
    type_over(page, "13900003333")
    wait(window)
    assert counts(page)["错误"] == 1 and counts(page)["新增"] == 2
    assert table.sheet.cell(0, 0).text == Outcome.NEW.label, "the row stays where it was"
    assert len(table.sheet.ids) == lines - 1 and len(table.sheet.troubles) == 1
    phone = next(place for place in range(8) if table.sheet.fixed(0, place))
    assert "改过" in table.sheet.data(table.sheet.index(0, phone), Qt.ItemDataRole.AccessibleTextRole)
    assert table.currentIndex().row() == 1, "Enter went down to the next row"
    QTest.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait(window)
    assert counts(page)["错误"] == 2 and not page.file.options.fixes
    assert len(table.sheet.ids) == lines and len(table.sheet.troubles) == 2


def test_what_was_typed_is_what_is_written(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    page = taken(window, mixed(tmp_path / "有错.xlsx", window))
    QGuiApplication.clipboard().setText("13900003333\n13900004444\n")
    at(page, "phone")
    QTest.keyClick(page.review.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait(window)
    assert counts(page)["错误"] == 0, "two pasted cells, two rows put right"
    window.command("save")
    wait(window)
    found = window.office.read(WORKERS.rows, window.office.read(WORKERS.ids, Ask(search="𫍯𠮷")))
    assert [one.phone for one in found] == ["13900004444"]


def test_an_input_method_composes_in_the_cell(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    page = taken(window, mixed(tmp_path / "有错.xlsx", window))
    at(page, "name")
    event = QInputMethodEvent()
    event.setCommitString("刘慧")
    QCoreApplication.sendEvent(page.review.table, event)
    editor = page.review.typing.editor
    assert editor.isVisible() and editor.text() == "刘慧"
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible() and not page.file.options.fixes


def test_f8_goes_from_trouble_to_trouble(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    page = taken(window, mixed(tmp_path / "有错.xlsx", window))
    assert "第 5 行·联系电话" in window.status.facts()[0] and "1 / 2" in window.status.facts()[1]
    window.command("next")
    wait(window)
    assert "第 6 行" in window.status.facts()[0] and "2 / 2" in window.status.facts()[1]
    window.command("next")
    wait(window)
    assert "第 5 行" in window.status.facts()[0], "round to the first"
    QTest.keyClick(page.review.table, Qt.Key.Key_Down)
    assert page.review.table.sheet.is_row(page.review.table.currentIndex().row()), "lines of words are passed"


def test_rows_of_several_sheets_say_their_sheet(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    grid = known(window).grid
    file = workbook(tmp_path / "两社区.xlsx", [("王𠮷𬭎", NEW, "13900002222", grid)])
    book = openpyxl.load_workbook(file)
    book.worksheets[0].title = "梧桐"
    other = book.create_sheet("柳荫")
    for line in (HEADS, ("㐂䶮", id_number(702, "19900101"), "13900003333", grid)):
        other.append(list(line))
    book.save(file)
    page = taken(window, file)
    table = page.review.table

    def shown() -> list[list[str]]:
        sheet = table.sheet
        names = [heading.text for heading in sheet.headings[: sheet.first + 1]]
        return [names, *([sheet.cell(row, place).text for place in range(len(names))] for row in range(2))]

    assert shown() == [
        ["结果", "表", "行", "姓名"],
        ["新增", "梧桐", "2", "王𠮷𬭎"],
        ["新增", "柳荫", "2", "㐂䶮"],
    ]
    assert table.head.frozen == 4, "the name stays in sight beside sheet and row"
    assert window.status.facts()[0].startswith("梧桐 第 2 行")
    table.land(1)
    wait(window)
    assert window.status.facts()[0].startswith("柳荫 第 2 行")
    at(page, "phone")
    type_over(page, "13900004444")
    wait(window)
    assert texts(page, "phone") == ["139****2222", "139****4444"]
    taken(window, workbook(tmp_path / "一人.xlsx", [("𫍯𠮷", id_number(703, "19910202"), "", grid)]))
    assert [heading.text for heading in table.sheet.headings[:3]] == ["结果", "行", "姓名"]
    assert window.status.facts()[0].startswith("第 2 行")


def test_searching_in_the_file(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    page = taken(window, mixed(tmp_path / "有错.xlsx", window))
    window.command("find")
    page.review.search.setText("㐂䶮")
    wait(window)
    QTest.qWait(200)
    wait(window)
    assert texts(page, "name") == ["㐂䶮"]
    page.review.search.setText("没有这个人")
    QTest.keyClick(page.review.search, Qt.Key.Key_Return)
    wait(window)
    assert page.review.blank.words() == "没有一行里有“没有这个人”。"


def test_a_long_file_is_asked_for_page_by_page(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    grid = known(window).grid
    file = workbook(
        tmp_path / "长表.xlsx",
        [
            (f"王{'一二三四五六七八九十'[n % 10]}䶮", id_number(n, "19850505"), f"139{n:08d}", grid)
            for n in range(990)
        ],
    )
    page = taken(window, file)
    table = page.review.table
    assert counts(page)["新增"] == 990 and len(table.sheet.ids) == 990
    assert len(table.sheet._rows) < 300, "only what is in sight was asked for"
    table.go(989)
    wait(window)
    last = table.sheet.row_at(989)
    assert last is not None and last.number == 991
    assert len(table.sheet._rows) < 600


# ---- rules and questions


def test_a_rule_changes_the_rows_at_once(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    one = known(window)
    page = taken(
        window, workbook(tmp_path / "改电话.xlsx", [(one.name, one.id_number, "13900001111", one.grid)])
    )
    assert counts(page)["更新"] == 1
    rules = page.review.side.rules
    rules.another.setCurrentIndex(rules.another.findText("联系电话"))
    rules.another.activated.emit(rules.another.currentIndex())
    wait(window)
    assert page.file.options.merges == {"phone": Merge.BLANKS}
    assert counts(page)["更新"] == 0 and counts(page)["无变化"] == 1


def test_who_is_meant_goes_by_the_key_that_was_chosen(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    one = known(window)
    page = taken(window, workbook(tmp_path / "没证件号.xlsx", [(one.name, None, "13900001111", one.grid)]))
    rules = page.review.side.rules
    assert [Key(rules.key.itemData(place)) for place in range(rules.key.count())] == list(Key)
    assert counts(page)["新增"] == 0, "the name alone tells who it is"
    rules.key.setCurrentIndex(rules.key.findData(Key.NAME_PHONE.value))
    rules.key.activated.emit(rules.key.currentIndex())
    wait(window)
    assert page.file.options.key is Key.NAME_PHONE and counts(page)["新增"] == 1


def unknown_grids(path: Path, window: MainWindow) -> Path:
    """Three new people in a grid that nobody knows, one in a grid that is known."""
    rows = [
        (f"王{sign}䶮", id_number(720 + n, "19880808"), f"1390000072{n}", "幸福路网格")
        for n, sign in enumerate("甲乙丙")
    ]
    return workbook(path, [*rows, ("㐂𬭎", id_number(730, "19880808"), "13900000730", known(window).grid)])


def test_a_question_is_answered_once_for_all_equal_values(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    file = unknown_grids(tmp_path / "不认识的网格.xlsx", window)
    page = taken(window, file)
    questions = page.review.side.questions
    assert counts(page)["错误"] == 3 and questions.waiting() == 1
    assert page.review.side.stack.currentWidget() is questions
    assert "3 行" in said(questions)
    press(questions, "看这些行")
    wait(window)
    assert texts(page, "name") == ["王甲䶮", "王乙䶮", "王丙䶮"]
    page.review.search.clear()
    wait(window)
    answers = questions.answers
    assert answers is not None
    answers.buttons[0].setFocus()
    QTest.keyClick(answers.buttons[0], Qt.Key.Key_Return)
    wait(window)
    assert counts(page)["错误"] == 0 and counts(page)["新增"] == 4 and questions.waiting() == 0
    assert "已定：" in said(questions)
    window.command("save")
    wait(window)
    window.undo()
    wait(window)
    page = taken(window, file)
    assert counts(page)["错误"] == 0, "what was answered is remembered"


def test_a_question_is_answered_at_its_row(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    page = taken(window, unknown_grids(tmp_path / "不认识的网格.xlsx", window))
    table = page.review.table
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = page.review._popup
    assert popup is not None and popup.isVisible()
    skip = popup.findChildren(AnswerButton)[-1]
    assert skip.accessibleName() == "这些行先不写"
    QTest.mouseClick(skip, Qt.MouseButton.LeftButton)
    wait(window)
    assert counts(page)["错误"] == 0 and counts(page)["先不写"] == 3
    press(page, "写入 1 人（新增 1）")
    wait(window)
    assert page.review.foot.words()[0] == "已写入：新增 1、更新 0、未变 0、跳过 3"


# ---- the head


def test_a_heading_nobody_knows_is_pointed_at(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    one = known(window)
    heads = ("姓名", "身份证号", "抖音号", "所属网格")
    page = taken(
        window,
        workbook(tmp_path / "怪表头.xlsx", [(one.name, one.id_number, "13900001111", one.grid)], heads),
    )
    assert counts(page)["更新"] == 0 and "1 列用不上" in page.stepper.steps[1].below
    page._step_picked(1)
    wait(window)
    assert page.stage is Stage.HEAD
    mapping = page.head.mapping
    place = next(place for place, line in enumerate(mapping.lines) if line.heading == "抖音号")
    assert mapping.lines[place].samples == ("13900001111",)
    choice = mapping.choices[place]
    choice.setCurrentIndex(choice.findText("联系电话"))
    choice.activated.emit(choice.currentIndex())
    window.command("save")
    wait(window)
    assert page.stage is Stage.REVIEW and counts(page)["更新"] == 1
    window.command("save")
    wait(window)
    page = taken(window, tmp_path / "怪表头.xlsx")
    assert "用不上" not in page.stepper.steps[1].below, "what was pointed at is remembered"


def test_the_rows_of_the_head_are_ticked(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    one = known(window)
    file = workbook(
        tmp_path / "别的表头.xlsx",
        [("甲列", "乙列", "丙列", "丁列"), (one.name, one.id_number, "13900001111", one.grid)],
        ("各社区报送", "", "", ""),
    )
    page = taken(window, file)
    assert page.stage is Stage.REFUSED and "不像网格员花名册" in said(page.refused)
    press(page, "指给它看哪列是什么")
    wait(window)
    assert page.stage is Stage.HEAD and not page.head.apply.isEnabled()
    page.head.rows.setCurrentIndex(page.head.rows.model().index(1, 1))
    page.head._rows.tick([2])
    wait(window)
    lines = page.head.mapping.lines
    assert [line.heading for line in lines] == ["甲列", "乙列", "丙列", "丁列"]
    for heading, words in (
        ("甲列", "姓名"),
        ("乙列", "身份证号码"),
        ("丙列", "联系电话"),
        ("丁列", "所属网格"),
    ):
        choice = page.head.mapping.choices[[line.heading for line in lines].index(heading)]
        choice.setCurrentIndex(choice.findText(words))
        choice.activated.emit(choice.currentIndex())
    press(page, "按这样读")
    wait(window)
    assert page.stage is Stage.REVIEW and counts(page)["更新"] == 1


def test_sheets_are_ticked(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    grid = known(window).grid
    book = openpyxl.Workbook()
    for name, number in (("梧桐社区", 711), ("青松社区", 712)):
        sheet = book.create_sheet(name)
        sheet.append(list(HEADS))
        sheet.append([f"王{name[0]}䶮", id_number(number, "19880808"), f"13900000{number}", grid])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "两张表.xlsx")
    page = taken(window, tmp_path / "两张表.xlsx")
    assert counts(page)["新增"] == 2 and "2 张表" in page.head_facts.whole()
    page._step_picked(1)
    wait(window)
    page.head._boxes[1].click()
    press(page, "按这样读")
    wait(window)
    assert counts(page)["新增"] == 1 and "1 张没读" in page.head_facts.whole()
    page._step_picked(1)
    wait(window)
    assert "没有选它，没有读" in said(page.head)


def test_what_is_hidden_is_asked_on_the_page(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    file = mixed(tmp_path / "藏.xlsx", window)
    book = openpyxl.load_workbook(file)
    book.worksheets[0].row_dimensions[4].hidden = True
    book.save(file)
    page = taken(window, file)
    assert page.file.now is not None and page.file.now.undecided
    assert "藏起来的：1 行" in said(page.review.notes)
    total = page.file.now.total
    press(page, "不要藏起来的")
    wait(window)
    assert page.file.now.total == total - 1 and "藏起来" not in said(page.review.notes)


# ---- wrong files, and other ways in


def test_another_ledgers_file_is_recognised(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    heads = ("网格编码", "网格名称", "网格类型", "户数")
    file = workbook(tmp_path / "网格表.xlsx", [("519921001009", "梧桐社区第九网格", "一般网格", 120)], heads)
    page = taken(window, file)
    assert page.stage is Stage.REFUSED
    assert "姓名" in said(page.refused) and "这是网格台账" in said(page.refused)
    press(page, "按网格台账读")
    wait(window)
    assert page.stage is Stage.REVIEW and page.file.now is not None and page.file.now.ledger == "grids"


def test_a_file_that_is_no_workbook(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    (tmp_path / "锁住的.xlsx").write_bytes(b"PK\x03\x04 not a zip at all")
    page = taken(window, tmp_path / "锁住的.xlsx")
    assert page.stage is Stage.REFUSED and "读不出来" in said(page.refused)
    buttons = [one.text().strip() for one in page.refused.findChildren(QPushButton) if one.isVisible()]
    assert buttons == ["换一份文件", "回到开头"], "there is no head to point at"
    press(page, "回到开头")
    assert page.stage is Stage.START


def test_cells_copied_in_excel_are_taken_in(full: Path, opened: Open) -> None:
    window = opened(full)
    one = known(window)
    window.go("import", ledger="workers")
    wait(window)
    page = window.page
    QGuiApplication.clipboard().setText(
        "\t".join(HEADS) + f"\n{one.name}\t{one.id_number}\t13900001111\t{one.grid}\n"
    )
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait(window)
    assert page.stage is Stage.REVIEW and counts(page)["更新"] == 1
    assert page.head_facts.whole().startswith("粘贴的内容")
    before = one.phone
    press(page, "写入 1 人（更新 1）")
    wait(window)
    assert known(window).phone == "13900001111" != before


def test_a_file_dropped_on_the_page(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    file = mixed(tmp_path / "拖来的.xlsx", window)
    window.go("import", ledger="workers")
    wait(window)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    window.page.dropEvent(
        QDropEvent(
            QPointF(QPoint(200, 200)),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    wait(window)
    assert window.page.stage is Stage.REVIEW


# ---- on every screen


@pytest.mark.parametrize(
    ("width", "height", "theme", "scale"),
    [
        (1024, 640, Theme.LIGHT, 1.0),
        (1280, 690, Theme.DARK, 1.0),
        (1440, 900, Theme.CONTRAST, 1.5),
    ],
)
def test_no_step_cuts_its_words(
    width: int, height: int, theme: Theme, scale: float, full: Path, tmp_path: Path, opened: Open
) -> None:
    window = opened(full, width, height, theme, scale)
    found: dict[str, list[str]] = {}
    page = taken(window, mixed(tmp_path / "青禾街道2026年11月网格员花名册（社区报送）.xlsx", window))
    found["review"] = cut(window)
    page.review.side.show_tab(1)
    page._show_beside()
    wait(window)
    found["rules"] = cut(window)
    page._show_beside()
    page._step_picked(1)
    wait(window)
    found["head"] = cut(window)
    page._step_picked(2)
    page.write(True)
    wait(window)
    found["written"] = cut(window)
    page = taken(window, unknown_grids(tmp_path / "不认识的网格.xlsx", window))
    page._show_beside()
    wait(window)
    found["questions"] = cut(window)
    other = workbook(
        tmp_path / "网格表.xlsx",
        [("519921001009", "九网格", "一般网格")],
        ("网格编码", "网格名称", "网格类型"),
    )
    page = taken(window, other)
    found["refused"] = cut(window)
    page.restart()
    wait(window)
    found["start"] = cut(window)
    assert found == {step: [] for step in found}


# ---- the worker


def test_a_lost_worker_costs_nothing(full: Path, tmp_path: Path, opened: Open) -> None:
    import os
    import signal

    window = opened(full)
    page = taken(window, mixed(tmp_path / "有错.xlsx", window))
    type_over(page, "13900003333")
    wait(window)
    killed = window.runner.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    for _ in range(200):  # until the window has heard of it
        QTest.qWait(50)
        if window.runner.pid != killed:
            break
    page.review.tabs._pick(5)
    wait(window)
    assert page.stage is Stage.REVIEW and counts(page)["错误"] == 1, "read anew, with what was typed"
    assert texts(page, "name") == ["𫍯𠮷"]


def test_cancelling_leaves_nothing(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    lines = len(window.office.read(journal))
    file = mixed(tmp_path / "有错.xlsx", window)
    window.go("import", ledger="workers", file=str(file))
    window.page.file.cancel()
    wait(window)
    assert window.page.stage is Stage.START and window.page.file.now is None
    assert len(window.office.read(journal)) == lines


def test_another_file_takes_the_place_of_the_first_at_once(full: Path, tmp_path: Path, opened: Open) -> None:
    window = opened(full)
    page = taken(window, mixed(tmp_path / "一.xlsx", window))
    other = workbook(tmp_path / "二.xlsx", [("王𠮷𬭎", NEW, "13900002222", known(window).grid)])
    page.take(other)
    assert page.stage is Stage.READING and not page.review.foot.isVisible(), "nothing of the first is written"
    wait(window)
    assert page.stage is Stage.REVIEW and counts(page)["新增"] == 1
    page.write(False)
    page.file.again(page.file.options)
    assert page.file.writing and not page.review.side.isEnabled(), "what is being written is left alone"
    wait(window)
    assert page.stage is Stage.WRITTEN


def test_another_change_of_the_office_is_seen(full: Path, tmp_path: Path, opened: Open) -> None:
    from gridoffice.workers.service import save_worker

    window = opened(full)
    one = known(window)
    page = taken(
        window, workbook(tmp_path / "改电话.xlsx", [(one.name, one.id_number, "13900001111", one.grid)])
    )
    assert counts(page)["更新"] == 1
    window.write(page, save_worker, one.id, {"phone": "13900001111"})
    wait(window)
    assert counts(page)["更新"] == 0 and counts(page)["无变化"] == 1
