"""A reason typed beside its mark in the month's grid, wanted before the month goes on, seen in the trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from db.enums import MonthState
from gridoffice.assessment.month import month_record, months, sheet_rows
from gridoffice.assessment.schemes import save_scheme, shipped_scheme
from gridoffice.assessment.service import compute, enter_values, move_month, open_month
from gridoffice.office import Office
from gridoffice.overview import questions
from gridoffice.scoring.columns import REASON
from gridoffice.scoring.notation import dump
from gridoffice.scoring.shapes import Manual, Reason
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
WHY = f"{REASON}review"


@pytest.fixture
def month(full: Path, opened: Open):
    """A month by the street's scheme, in which 社区评议 wants a reason for what was deducted: full marks for
    everybody, being scored."""
    office = Office.open(full)
    street = shipped_scheme("street-default")
    own = tuple(
        replace(one, rule=Manual(Reason.LOSS)) if isinstance(one.rule, Manual) else one
        for one in street.indicators
    )
    office.write(save_scheme, dump(replace(street, key="own", name="本街道", indicators=own)))
    where = f"{office.read(months)[0].period}/own"
    office.write(open_month, where.partition("/")[0], "own")
    sheets = office.read(lambda session: sheet_rows(session, month_record(session, where).id))
    rates = {"ledger": 95, "visits": 90, "stale": 0, "on_time": 96, "rework": 1, "satisfaction": 97}
    office.write(enter_values, where, {one["id"]: {**rates, "review": 10} for one in sheets})
    office.write(compute, where)
    office.write(move_month, where, MonthState.SCORING)
    office.close()
    window = opened(full)
    window.go("assessment", month=where)
    settle(window, quiet_ms=60)
    page: Any = window.page
    assert page.grid.entry is not None
    return window, page, page.grid.entry


def place(entry: Any, key: str) -> int:
    return next(at for at in range(len(entry.model.headings)) if entry.name(at) == f"{questions.RAW}{key}")


def words(part: Any) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if not one.isHidden())


def test_a_deduction_asks_for_its_reason_in_the_next_cell(month: Any) -> None:
    window, page, entry = month
    mark, why = place(entry, "review"), place(entry, WHY)
    assert why == mark + 1 and entry.model.headings[why].text == "社区评议说明"
    assert entry.model.cell(0, why).text == "" and not entry.model.cell(0, why).wrong
    entry.go(0, mark)
    QTest.keyClicks(page.grid.table.view, "8")
    QTest.keyClick(entry.editor, Qt.Key.Key_Tab)
    settle(window, quiet_ms=60)
    assert entry.at() == (0, why)
    assert (entry.model.cell(0, why).text, entry.model.cell(0, why).wrong) == ("要说明", True)
    assert page.grid.gaps.marks == 1 and page.steps.unexplained == 1

    page.steps.move_to(MonthState.REVIEW)
    settle(window, quiet_ms=120)
    name = page.grid.table.model.values(0).name
    assert f"“{name}”的“社区评议”8 分没写说明，在分数右边补上。" in words(page.steps.below)
    assert page.facts_now.state is MonthState.SCORING
    entry.go(3, mark)
    window.command("next")
    assert entry.at() == (0, why), "F8 leads to the cell that is wanted"

    entry.begin("两")
    entry.editor.insert("次巡查没有记录")
    QTest.keyClick(entry.editor, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert entry.model.cell(0, why).text == "两次巡查没有记录" and not entry.model.cell(0, why).wrong
    assert page.grid.gaps.marks == 0 and page.steps.unexplained == 0
    assert not page.steps.below.isVisible(), "the refusal goes with its cause"
    sheet = page.grid.table.model.ids[0]
    assert window.office.read(questions.raw_sheet, sheet).values[WHY] == "两次巡查没有记录"
    window.undo()
    settle(window, quiet_ms=60)
    assert WHY not in window.office.read(questions.raw_sheet, sheet).values
    window.redo()
    settle(window, quiet_ms=60)
    page.steps.move_to(MonthState.REVIEW)
    settle(window, quiet_ms=200)
    assert page.facts_now.state is MonthState.REVIEW


def test_marks_and_reasons_are_pasted_together(month: Any) -> None:
    window, page, entry = month
    mark, why = place(entry, "review"), place(entry, WHY)
    QGuiApplication.clipboard().setText("9\t月末例会迟到\n10\t\n7.5\t缺一份走访记录\n")
    entry.go(1, mark)
    entry.paste()
    settle(window, quiet_ms=60)
    assert [entry.model.cell(row, why).text for row in (1, 2, 3)] == ["月末例会迟到", "", "缺一份走访记录"]
    assert page.grid.gaps.marks == 0
    entry.go(1, next(at for at in range(9) if entry.name(at) == "total"))
    page.grid.explain(page.grid.table.model.ids[1])
    settle(window, quiet_ms=60)
    assert "得 9 分（说明：月末例会迟到）" in words(page.grid.trace.popover)
    QGuiApplication.clipboard().setText("字" * 201)
    entry.go(2, why)
    entry.paste()
    settle(window, quiet_ms=60)
    assert "社区评议说明写了 201 个字，最多 200 个字" in window.banner.words()
    assert entry.model.cell(2, why).text == ""


def test_the_drawer_asks_for_it_too(month: Any) -> None:
    window, page, _entry = month
    sheet = page.grid.table.model.ids[0]
    page.grid.edit_wanted.emit(sheet)
    settle(window, quiet_ms=60)
    form = page.drawer.form
    form.fields["review"].input.setText("6")
    form.fields[WHY].input.setText("三次巡查没有记录")
    page.drawer.save()
    settle(window, quiet_ms=200)
    found = window.office.read(questions.raw_sheet, sheet).values
    assert (found["review"], found[WHY]) == (6, "三次巡查没有记录")
