"""规范核对 in the window: findings that lead to their place, communities with what they call for, and a
split that is weighed on paper before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from python_calamine import CalamineWorkbook

from gridoffice.overview.findings import check
from gridoffice.overview.redivision import spread
from gridoffice.overview.staffing import staffing
from gridoffice.overview.topics import Topic
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.change_panel import ChangePanel
from ui.pages.norms import FINDINGS, STAFFING, NormsPage
from ui.widgets.parts import Button

Open = Callable[..., MainWindow]


@pytest.fixture
def norms(full: Path, opened: Open) -> tuple[MainWindow, NormsPage]:
    window = opened(full)
    window.go("norms")
    settle(window, quiet_ms=60)
    return window, window.page


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisible())


def press(window: MainWindow, part, text: str) -> None:
    next(one for one in part.findChildren(Button) if one.words() == text and one.isVisible()).click()
    settle(window, quiet_ms=60)


def first(page: NormsPage, topic: Topic, fix: str = ""):
    model = page.findings.model
    lines = [model.values(place) for place in range(len(model.ids))]
    return next(one for one in lines if one is not None and one.about is topic and fix in one.fix)


def share(draft, households: int):
    """Write a second part with so many households and some of everything else that is counted."""
    part = draft._parts[1]
    for name in draft._counted:
        part.fields[name].input.setText("3")
    part.fields["name"].input.setText("试分网格")
    part.fields["households"].input.setText(str(households))
    return part


def test_the_findings_are_those_of_the_check_and_lead_to_their_place(norms) -> None:
    window, page = norms
    assert isinstance(page, NormsPage) and window.nav.items["grids"].isChecked()
    found = window.office.read(check, window.scope_id)
    assert len(page.findings.model.ids) == len(found) == page.tabs.tabs[FINDINGS].count
    line = first(page, Topic.VACANT)
    page._open(line.id)
    settle(window, quiet_ms=60)
    assert line.message in words(page.drawer) and line.fix in words(page.drawer)
    press(window, page.drawer, "去配人")
    assert window.page.key == "grids" and window.page._shown == line.grid_id


def test_a_finding_of_a_person_leads_to_the_person(norms) -> None:
    window, page = norms
    line = first(page, Topic.CONTRACT)
    page._open(line.id)
    press(window, page.drawer, "去续签")
    assert window.page.key == "workers" and window.page._shown == line.post_id


def test_a_split_is_weighed_before_it_is_saved(norms) -> None:
    window, page = norms
    line = first(page, Topic.SIZE, "拆成")
    page._open(line.id)
    press(window, page.drawer, "试拆分")
    panel = page.side
    assert isinstance(panel, ChangePanel)
    draft = panel.draft
    whole = draft.grid.state.households or 0
    part = share(draft, 9)
    panel.look()
    settle(window, quiet_ms=60)
    assert panel.said is not None and panel.said.allowed
    said = "\n".join(one.message for one in panel.said.problems)
    assert "试分网格" in said and "不到" in said, "nine households are too few"
    part.fields["households"].input.setText(str(whole // 2))
    panel.look()
    settle(window, quiet_ms=60)
    assert not [one for one in panel.said.problems if "试分网格" in one.message]
    before = len(page.findings.model.ids)
    window.command("close")
    settle(window, quiet_ms=60)
    assert page.side is page.drawer and len(window.office.read(check)) == before, "nothing was saved"
    press(window, page.drawer, "试拆分")
    share(page.side.draft, whole // 2)
    window.command("save")
    settle(window, quiet_ms=60)
    sizes = [one.grid_id for one in window.office.read(check) if one.topic is Topic.SIZE]
    assert line.grid_id not in sizes, "saved, and the finding is gone"


def test_communities_and_charts_add_up(norms) -> None:
    window, page = norms
    page._turn(STAFFING)
    settle(window, quiet_ms=60)
    rows = window.office.read(staffing, window.scope_id)
    assert len(page.places.model.ids) == len(rows) == page.tabs.tabs[STAFFING].count
    assert [(bar.value, bar.reference) for bar in page.staffing.chart.bars] == [
        (row.present, row.required) for row in rows if row.required
    ], "no community is left out"
    seen = window.office.read(spread, window.scope_id)
    assert sum(int(bar.value) for bar in page.spread.bars) == seen.inside + seen.below + seen.above
    first_bar, last_bar = page.spread.band
    inside = page.spread.bars[first_bar : last_bar + 1]
    assert sum(int(bar.value) for bar in inside) == seen.inside
    page.staffing.chart.picked.emit(1)
    settle(window, quiet_ms=60)
    assert rows[1].place in words(page.drawer) and f"现有 {rows[1].grids} 个" in words(page.drawer)
    press(window, page.drawer, "看这里的问题")
    assert window.scope_id == rows[1].id and page.table is page.findings
    assert len(page.findings.model.ids) == len(window.office.read(check, rows[1].id))


def test_both_lists_go_out_as_they_stand(norms, tmp_path: Path, monkeypatch) -> None:
    window, page = norms
    for tab, heading in ((FINDINGS, "怎么办"), (STAFFING, "建议网格数")):
        page._turn(tab)
        settle(window, quiet_ms=60)
        target = tmp_path / f"{tab}.xlsx"
        monkeypatch.setattr(dialogs, "save_file", lambda *_, target=target: target)
        window.command("export")
        settle(window)
        table = CalamineWorkbook.from_path(target).get_sheet_by_index(0).to_python()
        assert any(heading in line for line in table)
    window.command("print")
    settle(window)
    assert window.page.key == "documents" and window.page.pdf is not None


def test_a_past_day_is_looked_at_and_nothing_is_tried(norms) -> None:
    window, page = norms
    window.look_at(date.today() - timedelta(days=1))
    settle(window, quiet_ms=60)
    line = first(page, Topic.SIZE)
    page._open(line.id)
    settle(window, quiet_ms=60)
    assert "先在纸上试" not in words(page.drawer)
