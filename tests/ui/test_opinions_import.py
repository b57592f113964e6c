"""自评初评 by Excel from the window: the table with everybody's name goes out, filled in it comes back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QPushButton

from db.enums import OpinionStage
from gridoffice.assessment.month import months
from gridoffice.overview.sheet_story import sheet_story
from tests.offices import come, outcomes
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow


def press(window: MainWindow, part: Any, text: str) -> None:
    (found,) = [
        one for one in part.findChildren(QPushButton) if one.isVisible() and one.text().strip() == text
    ]
    found.click()
    settle(window, quiet_ms=120)


def test_a_table_with_names_goes_out_and_comes_back(
    full: Path, opened: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = opened(full)
    window.go("assessment")
    settle(window, quiet_ms=120)
    page = window.page
    sheet = page.grid.table.model.ids[3]
    page._edit(sheet, 3)
    settle(window, quiet_ms=120)
    press(window, page.drawer, "整月的自评初评从 Excel 导入")
    start = window.page.start
    (line,) = window.office.read(months)
    assert (start.key, start.options().month) == ("opinions", line.address)

    target = tmp_path / "自评初评.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    press(window, start, "带名单的表")
    book = load_workbook(target)
    lines: list[Any] = list(book.active.iter_rows())  # type: ignore[union-attr]
    head = next(row for row in lines if any(cell.value == "自评得分" for cell in row))
    place = {cell.value: cell.column - 1 for cell in head}
    story = window.office.read(sheet_story, sheet)
    own = next(
        row
        for row in lines
        if row[place["姓名"]].value == story.name and row[place["所属网格"]].value == story.grid
    )
    own[place["自评得分"]].value = 91.5
    own[place["初评意见"]].value = "走访扎实"
    book.save(target)
    done = come(window.office, "opinions", target, month=line.address)
    told = [one for _, one in outcomes(done)]
    assert told.count("updated") == 1 and set(told) == {"updated", "unchanged"}
    opinions = window.office.read(sheet_story, sheet).opinions
    assert [(one.stage, one.points, one.text) for one in opinions] == [
        (OpinionStage.SELF, Decimal("91.5"), None),
        (OpinionStage.FIRST, None, "走访扎实"),
    ]
    assert opinions[0].by == window.office.who.display
