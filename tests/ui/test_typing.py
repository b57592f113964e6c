"""Raw values typed into the month's grid as into Excel."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gridoffice.errors import RuleBroken
from gridoffice.history import journal
from gridoffice.overview import questions
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]


@pytest.fixture
def month(full: Path, opened: Open):
    window = opened(full)
    window.go("assessment")
    settle(window, quiet_ms=60)
    page = window.page
    assert page.grid.entry is not None, "a month that is being collected shows its raw values"
    return window, page, page.grid.entry


def raw(window: MainWindow, page, row: int) -> dict:
    return dict(window.office.read(questions.raw_sheet, page.grid.table.model.ids[row]).values)


def first_rate(entry) -> int:
    return next(
        place
        for place in range(len(entry.model.headings))
        if entry.name(place) in entry.fields and entry.fields[entry.name(place)].kind == "rate"
    )


def lines(window: MainWindow) -> int:
    return len(window.office.read(journal))


def test_typing_goes_down_and_can_be_undone(month) -> None:
    window, page, entry = month
    column = first_rate(entry)
    key = entry.name(column).removeprefix(questions.RAW)
    before, count = raw(window, page, 0), lines(window)
    entry.go(0, column)
    QTest.keyClicks(page.grid.table.view, "8")
    QTest.keyClicks(entry.editor, "1.5")
    QTest.keyClick(entry.editor, Qt.Key.Key_Return)
    assert entry.at() == (1, column) and page.grid.table.model.cell(0, column).text.startswith("81.5")
    settle(window, quiet_ms=60)
    assert str(raw(window, page, 0)[key]) == "81.5" and lines(window) == count + 1
    assert entry.at() == (1, column), "the place is kept when the answer is here"
    window.undo()
    settle(window, quiet_ms=60)
    assert raw(window, page, 0) == before


def test_a_wrong_value_is_named_and_nothing_is_written(month) -> None:
    window, page, entry = month
    column, count = first_rate(entry), lines(window)
    QGuiApplication.clipboard().setText("90\n九十多\n91\n")
    entry.go(2, column)
    entry.paste()
    settle(window, quiet_ms=60)
    said = window.banner.words()
    assert "“九十多”" in said and page.grid.table.model.values(3).name in said
    assert entry.fields[entry.name(column)].label in said and lines(window) == count


def test_a_block_from_excel_is_one_action(month) -> None:
    window, page, entry = month
    column, count = first_rate(entry), lines(window)
    key = entry.name(column).removeprefix(questions.RAW)
    QGuiApplication.clipboard().setText("70.5\r\n71.5\r\n72.5\r\n")
    entry.go(4, column)
    entry.paste()
    settle(window, quiet_ms=60)
    assert [str(raw(window, page, row)[key]) for row in (4, 5, 6)] == ["70.5", "71.5", "72.5"]
    assert lines(window) == count + 1
    entry.go(4, column)
    entry.go(6, column, keep=True)
    page.grid.table.copy()
    settle(window, quiet_ms=60)
    assert QGuiApplication.clipboard().text().split() == [
        page.grid.table.model.cell(row, column).text for row in (4, 5, 6)
    ]
    entry.fill_down()
    settle(window, quiet_ms=60)
    assert {str(raw(window, page, row)[key]) for row in (4, 5, 6)} == {"70.5"}
    window.command("leave")
    settle(window, quiet_ms=60)
    assert all(key not in raw(window, page, row) for row in (4, 5, 6))
    assert page.grid.table.model.cell(5, column).text == "缺"
    assert lines(window) == count + 3


def test_filling_right_and_what_the_status_line_says_of_a_block(month) -> None:
    window, page, entry = month
    kinds = [
        entry.fields[entry.name(place)].kind if entry.name(place) in entry.fields else None
        for place in range(len(entry.model.headings))
    ]
    column = next(at for at in range(len(kinds) - 1) if kinds[at] == kinds[at + 1] == "rate")
    for row, text in enumerate(("60", "61")):
        entry.put_texts(row, column, [[text]])
        settle(window, quiet_ms=60)
    entry.go(0, column)
    entry.go(1, column + 1, keep=True)
    QTest.keyClick(page.grid.table.view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    settle(window, quiet_ms=60)
    for row in (0, 1):
        assert (
            page.grid.table.model.cell(row, column + 1).text == page.grid.table.model.cell(row, column).text
        )
    entry.go(0, column)
    entry.go(1, column, keep=True)
    settle(window, quiet_ms=60)
    assert window.status.facts() == ["已选 2 格", "合计 121", "平均 60.50"]
    entry.go(0, column)
    settle(window, quiet_ms=60)
    assert window.status.facts()[0].endswith("人")


def test_ctrl_z_in_a_line_takes_back_letters_and_nothing_else(month) -> None:
    window, page, _ = month
    window.go("workers")
    settle(window, quiet_ms=60)
    window.activateWindow()
    page = window.page
    page._open(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    page._edit()
    settle(window, quiet_ms=60)
    count = lines(window)
    line = page._editing.fields["phone"].input
    before = line.text()
    line.setFocus()
    QTest.keyClicks(line, "7")
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, quiet_ms=60)
    assert line.text() == before and lines(window) == count


def test_what_is_computed_refuses(month) -> None:
    window, page, entry = month
    total = [entry.name(place) for place in range(len(entry.model.headings))].index("total")
    entry.go(0, total)
    assert not page.grid.band._lock.isHidden()
    count = lines(window)
    QGuiApplication.clipboard().setText("100")
    entry.paste()
    settle(window, quiet_ms=60)
    assert "合计" in window.banner.words() and lines(window) == count
    entry.go(0, first_rate(entry))
    assert page.grid.band._lock.isHidden()


def test_too_many_rows_are_refused(month) -> None:
    window, _, entry = month
    count = lines(window)
    QGuiApplication.clipboard().setText("1\n" * 3)
    entry.go(len(entry.model.ids) - 1, first_rate(entry))
    entry.paste()
    assert "往下只有 1 人" in window.banner.words() and lines(window) == count


def test_escape_leaves_the_cell_as_it_was_and_gaps_are_found(month) -> None:
    window, page, entry = month
    entry.go(0, first_rate(entry))
    count = lines(window)
    window.command("edit")
    entry.editor.setText("1")
    QTest.keyClick(entry.editor, Qt.Key.Key_Escape)
    settle(window, quiet_ms=60)
    assert lines(window) == count and not entry.editor.isVisible()
    page.grid.show_values(False)
    settle(window, quiet_ms=60)
    assert page.grid.entry is None and "points_" in "".join(
        what.name for what in page.grid.table.model.columns
    )


def stands(page, row: int) -> tuple:
    line = page.grid.table.model.values(row)
    return line.total, line.grade, line.rank


def test_total_grade_and_rank_follow_every_cell(month) -> None:
    window, page, entry = month
    column = first_rate(entry)
    entry.put_texts(0, column, [["100"]])
    settle(window, quiet_ms=60)
    high = stands(page, 0)
    entry.put_texts(0, column, [["1"]])
    low = stands(page, 0)
    assert low[0] < high[0] and low[2] > high[2], "before the office has written anything"
    assert page.grid.table.model.cell(0, 0).text == str(low[2])
    assert "名次变了" in page.grid.band.told()
    settle(window, quiet_ms=60)
    assert stands(page, 0) == low
    typed = page.grid.live.month.counts()
    assert dict((name, count) for name, count, _, _ in page.panel.shares.lines if name in typed) == {
        name: count for name, count in typed.items() if name is not None
    }
    page.steps.compute()
    settle(window, quiet_ms=60)
    assert stands(page, 0) == low, "computing the whole month finds the same"
    assert page.facts_now.counts == typed
    window.undo()
    settle(window, quiet_ms=60)
    window.undo()
    settle(window, quiet_ms=60)
    assert stands(page, 0) == high, "taken back, it stands as before"


def test_what_the_office_refuses_is_not_shown(month, monkeypatch: pytest.MonkeyPatch) -> None:
    window, page, entry = month
    column = first_rate(entry)
    before = stands(page, 2)
    sheet = page.grid.table.model.ids[2]
    page.grid._put({sheet: {entry.name(column): Decimal(3000)}})
    settle(window, quiet_ms=60)
    assert stands(page, 2) == before and window.banner.isVisible()

    def refuse(*_: object, **__: object) -> None:
        raise RuleBroken("现在不能改。")

    monkeypatch.setattr(window.office, "write", refuse)
    entry.put_texts(2, column, [["7"]])
    settle(window, quiet_ms=60)
    assert stands(page, 2) == before and "现在不能改" in window.banner.words()
