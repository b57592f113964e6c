"""Trainings in the window: a year, a plan, who is due, a sheet filled in as in Excel, papers, hours, charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from db.enums import Presence, TrainingState
from gridoffice.demo.build import Built
from gridoffice.listing import Ask, Filter
from gridoffice.training.hours import Standing
from gridoffice.training.listing import ATTENDANCE, TRAININGS
from gridoffice.training.service import save_training, training_row
from gridoffice.training.sheet import invite, sheet_listing
from tests.ui.conftest import copied
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.training_due import DuePanel
from ui.pages.training_papers import CertifyPanel
from ui.pages.training_rules import TrainingRulesPanel
from ui.theme import Theme
from ui.widgets.parts import Label

Open = Callable[..., MainWindow]
PAGES = (
    "trainings",
    "training-plans",
    "training-sheet",
    "attendance",
    "training-hours",
    "completions",
    "training-figures",
)


@pytest.fixture
def street(demo_street: Built, tmp_path: Path) -> Path:
    """The demo street with its trainings, for this test alone."""
    return copied(demo_street.database, tmp_path / "street.db")


def trainings(window: MainWindow, **ask: Any) -> list[Any]:
    return window.office.read(lambda s: TRAININGS.rows(s, TRAININGS.ids(s, Ask(**ask))))


def sheet(window: MainWindow, number: int) -> dict[str, Any]:
    listing = sheet_listing(number)
    return {row.name: row for row in window.office.read(lambda s: listing.rows(s, listing.ids(s, Ask())))}


def go(window: MainWindow, key: str, **where: Any) -> Any:
    window.go(key, **where)
    settle(window, quiet_ms=60)
    return window.page


def press(window: MainWindow, words: str) -> None:
    """The button of the page (or its side) that says so."""
    found = [
        one
        for one in window.findChildren(QPushButton)
        if one.isVisible() and (one.text().strip() == words or one.text().strip().startswith(f"{words} "))
    ]
    assert len(found) == 1, (words, [one.text() for one in found])
    assert found[0].isEnabled(), found[0].toolTip()
    found[0].click()
    settle(window, quiet_ms=60)


def said(root: QWidget) -> str:
    return "　".join(
        one.whole() if isinstance(one, Label) else one.text()
        for one in root.findChildren(QLabel)
        if one.isVisible()
    )


# the year


def test_a_month_of_the_strip_leads_to_the_sessions_it_counts(street: Path, opened: Open) -> None:
    window = opened(street)
    page = go(window, "trainings")
    assert len(page.months) == 12
    for month in page.months[:2]:
        page.strip.months.setFocus()
        page.strip.months.picked.emit(month.month)
        settle(window, quiet_ms=60)
        assert len(page.table.model.ids) == month.sessions
        assert page.strip.months.chosen == month.month
    page.strip.picked.emit("")
    settle(window, quiet_ms=60)
    assert page.table.ask.filters == ()
    page.strip.turned.emit(-1)
    settle(window, quiet_ms=60)
    assert page.year == date.today().year - 1
    assert len(page.table.model.ids) == sum(one.states.total() for one in page.months)


def test_the_months_are_walked_with_the_keyboard(street: Path, opened: Open) -> None:
    window = opened(street)
    page = go(window, "trainings")
    months = page.strip.months
    months.setFocus()
    QTest.keyClick(months, Qt.Key.Key_Right)
    QTest.keyClick(months, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert page.table.ask.filters == (Filter("month", (f"{page.year}-02",)),)


def test_a_training_is_entered_changed_and_taken_away(empty: Path, opened: Open) -> None:
    window = opened(empty)
    page = go(window, "trainings")
    assert page.table.blank.words() == "“青禾街道网格办”还没有培训。"
    page.commands["new"]()
    settle(window, quiet_ms=60)
    form = page._editing
    for name, text in (("name", "消防安全培训"), ("day", "2026-03-05"), ("hours", "30")):
        form.fields[name].input.setText(text)
    page.commands["save"]()
    settle(window, quiet_ms=60)
    assert "一天的培训在 0 到 24 之间" in form.fields["hours"].problem.text()
    form.fields["hours"].input.setText("4")
    form.fields["posts"].input.setText("网格侠")
    page.commands["save"]()
    settle(window, quiet_ms=60)
    assert "没有岗位“网格侠”" in form.fields["posts"].problem.text()
    form.fields["posts"].input.setText("专职网格员")
    page.commands["save"]()
    settle(window, quiet_ms=60)
    (line,) = trainings(window)
    assert (line.name, line.hours, line.posts, line.state) == (
        "消防安全培训",
        4,
        "专职网格员",
        TrainingState.HELD,
    )
    assert "消防安全培训" in said(page.drawer)
    page.commands["leave"]()
    settle(window, quiet_ms=60)
    assert trainings(window) == []
    window.undo()
    settle(window, quiet_ms=60)
    assert len(trainings(window)) == 1


def test_what_nobody_wrote_down_stands_out_and_leads_to_its_sheet(street: Path, opened: Open) -> None:
    window = opened(street)
    page = go(window, "trainings")
    late = [one for one in trainings(window) if one.state is TrainingState.PLANNED and one.day < date.today()]
    assert len(late) == 1
    page.arrive({"show": late[0].id})
    settle(window, quiet_ms=60)
    assert "到日子没登记" in said(page.drawer)
    press(window, "去登记")
    assert window.page.key == "training-sheet"
    assert window.page.training.id == late[0].id
    assert window.page.table.blank.words() == "这场培训还没有名单。"


# who is due


def test_who_is_due_is_asked_and_somebody_is_named(street: Path, opened: Open) -> None:
    window = opened(street)
    late = next(
        one for one in trainings(window) if one.state is TrainingState.PLANNED and one.day < date.today()
    )
    page = go(window, "training-sheet", training=late.id)
    page.commands["new"]()
    settle(window, quiet_ms=60)
    panel = page.side
    assert isinstance(panel, DuePanel)
    whole = len(panel.chosen())
    assert whole and {one.title for one in panel.found} == {"微网格员"}
    panel.fresh.click()
    assert len(panel.chosen()) <= whole
    panel.fresh.click()
    press(window, f"通知 {whole} 人")
    assert len(sheet(window, late.id)) == whole
    assert page.side is None
    assert "未登记" in page.head_facts.whole()
    page.commands["new"]()
    settle(window, quiet_ms=60)
    panel = page.side
    assert isinstance(panel, DuePanel)
    other = window.office.read(lambda s: ATTENDANCE.rows(s, ATTENDANCE.ids(s, Ask(limit=1)))[0])
    panel.picker.choose(other.person_id, other.name)
    settle(window, quiet_ms=60)
    assert other.name in sheet(window, late.id)
    page.commands["close"]()
    assert page.side is None


# the sheet


@pytest.fixture
def asked(street: Path, opened: Open) -> tuple[MainWindow, Any, int]:
    """A sheet with twelve people of whom nobody has said anything."""
    window = opened(street)
    day = date.today() - timedelta(days=1)
    number = window.office.write(
        save_training, None, {"name": "补课", "day": day, "hours": Decimal(3)}
    ).result
    people = window.office.read(lambda s: ATTENDANCE.rows(s, ATTENDANCE.ids(s, Ask(limit=12))))
    window.office.write(invite, number, [one.person_id for one in people])
    return window, go(window, "training-sheet", training=number), number


def test_a_column_copied_from_excel_is_pasted_into_the_sheet(asked: tuple[MainWindow, Any, int]) -> None:
    window, page, number = asked
    at = next(place for place, what in enumerate(page.table.model.columns) if what.name == "presence")
    assert page.table.view.currentIndex().column() == at + page.table.model.offset
    QGuiApplication.clipboard().setText("√\t\t91\r\n迟到\t1.5\t\r\n病假\t\t\r\n缺席\t\t\r\n")
    page.table.view.setFocus()
    QTest.keyClick(page.table.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(window, quiet_ms=60)
    first = [page.table.model.values(place) for place in range(5)]
    assert [(one.presence, one.hours, one.score) for one in first] == [
        (Presence.PRESENT, None, Decimal(91)),
        (Presence.LATE, Decimal("1.5"), None),
        (Presence.LEAVE, None, None),
        (Presence.ABSENT, None, None),
        (None, None, None),
    ]
    line = window.office.read(training_row, number)
    assert (line.present, line.leave, line.absent, line.open) == (2, 1, 1, len(page.table.model.ids) - 4)
    assert f"未登记 {line.open} 人" in page.head_facts.whole()
    window.undo()
    settle(window, quiet_ms=60)
    assert {one.presence for one in sheet(window, number).values()} == {None}


def test_cells_are_typed_and_what_is_wrong_is_said(asked: tuple[MainWindow, Any, int]) -> None:
    window, page, number = asked
    view, entry = page.table.view, page.entry
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_F2)
    page.commands["edit"]()
    entry.editor.setText("请假")
    QTest.keyClick(entry.editor, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert page.table.model.values(0).presence is Presence.LEAVE
    assert entry.at()[0] == 1
    entry.begin("梦游")
    QTest.keyClick(entry.editor, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert "梦游" in said(window.banner)
    QTest.keyClick(entry.editor, Qt.Key.Key_Escape)
    score = next(place for place, what in enumerate(page.table.model.columns) if what.name == "score")
    entry.go(2, score)
    entry.begin("101")
    QTest.keyClick(entry.editor, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert "0 到 100" in said(window.banner)
    assert page.table.model.values(2).score is None
    entry.go(0, entry.at()[1])
    page.commands["next"]()
    assert page.table.model.values(entry.at()[0]).presence is None
    press(window, "没登记的都算到")
    assert {one.presence for one in sheet(window, number).values()} == {Presence.LEAVE, Presence.PRESENT}
    whole = len(sheet(window, number))
    entry.go(0, entry.at()[1])
    press(window, "从名单去掉")
    assert len(sheet(window, number)) == whole - 1


def test_a_sheet_is_saved_as_a_workbook_and_printed(
    asked: tuple[MainWindow, Any, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, page, _ = asked
    target = tmp_path / "签到表.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    page.commands["export"]()
    settle(window, quiet_ms=200)
    assert target.exists()
    page.commands["print"]()
    settle(window, quiet_ms=60)
    press(window, "签到表，两人一行")
    settle(window, quiet_ms=200)
    assert window.page.key == "documents"
    assert window.page.pdf.startswith(b"%PDF")
    assert window.page.fields.report() == "sign-in"


def test_certificates_are_given_and_printed(asked: tuple[MainWindow, Any, int]) -> None:
    window, page, number = asked
    press(window, "没登记的都算到")
    page.show_certificates()
    settle(window, quiet_ms=60)
    panel = page.side
    assert isinstance(panel, CertifyPanel)
    count = len(panel.found)
    press(window, f"发证 {count} 本")
    assert all(one.number for one in panel.found)
    assert len({one.number for one in sheet(window, number).values()}) == count
    press(window, f"打印 {count} 本")
    settle(window, quiet_ms=200)
    assert window.page.fields.report() == "completion"
    assert window.page.pdf.startswith(b"%PDF")


def test_a_reader_looks_at_a_sheet_and_changes_nothing(street: Path, opened: Open) -> None:
    window = opened(street, account="chakan")
    page = go(window, "training-sheet")
    assert page.entry is None
    page.commands["new"]()
    settle(window, quiet_ms=60)
    assert page.side is None


# plans


def test_what_is_missing_of_a_plan_is_set_down_and_undone(street: Path, opened: Open) -> None:
    window = opened(street)
    page = go(window, "training-plans")
    lines = [page.table.model.values(place) for place in range(len(page.table.model.ids))]
    plan = next(one for one in lines if one.from_day.year > date.today().year and one.missing)
    page.arrive({"show": plan.id})
    settle(window, quiet_ms=60)
    count = len(trainings(window))
    press(window, f"排 {plan.missing} 场")
    made = trainings(window, filters=(Filter("plan", (plan.name,)),))
    assert len(made) == plan.sessions
    assert len(trainings(window)) == count + plan.missing
    assert "还有" not in said(page.drawer)
    window.undo()
    settle(window, quiet_ms=60)
    assert len(trainings(window)) == count
    press(window, "看场次")
    assert window.page.key == "trainings"
    assert len(window.page.table.model.ids) == plan.sessions - plan.missing


# hours


def test_hours_are_narrowed_and_their_rules_changed(street: Path, opened: Open) -> None:
    window = opened(street)
    page = go(window, "training-hours")
    counts = dict(page._counts)
    page.arrive({"standing": Standing.SHORT})
    settle(window, quiet_ms=60)
    assert len(page.table.model.ids) == counts[Standing.SHORT] > 0
    page.table.opened.emit(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    assert "还差" in said(page.drawer)
    page.commands["edit"]()
    settle(window, quiet_ms=60)
    panel = page.side
    assert isinstance(panel, TrainingRulesPanel)
    panel.forms[0].hours.setText("很多")
    page.commands["save"]()
    settle(window, quiet_ms=60)
    assert panel.forms[0].problem.text()
    panel.forms[0].hours.setText("200")
    page.commands["save"]()
    settle(window, quiet_ms=60)
    assert page.side is None
    assert page._counts[Standing.SHORT] > counts[Standing.SHORT]
    assert "200 学时" in page.head_facts.whole()
    window.undo()
    settle(window, quiet_ms=60)
    assert page._counts == counts


# charts and sign-ins


def test_every_bar_leads_to_the_rows_it_counts(street: Path, opened: Open) -> None:
    window = opened(street)
    page = go(window, "training-figures")
    month = next(place for place, one in enumerate(page.seen.months) if one.held and not one.coming)
    page.by_month.picked.emit(month)
    settle(window, quiet_ms=60)
    assert len(window.page.table.model.ids) == page.seen.months[month].sessions
    go(window, "training-figures")
    form, count = page._forms()[0]
    page.by_form.picked.emit(0)
    settle(window, quiet_ms=60)
    assert len(window.page.table.model.ids) == count, form
    go(window, "training-figures")
    area = page.seen.areas[0]
    page.by_area.chart.picked.emit(0)
    settle(window, quiet_ms=60)
    assert window.page.key == "attendance"
    ids = list(window.page.table.model.ids)
    rows = window.office.read(lambda s: ATTENDANCE.rows(s, ids))
    assert sum(row.counted for row in rows) == area.hours
    assert window.scope_id == area.grid_id


def test_sign_ins_are_ticked_added_up_and_removed(street: Path, opened: Open) -> None:
    window = opened(street)
    page = go(window, "attendance", search="政策法规")
    whole = len(page.table.model.ids)
    assert whole > 0
    page.table.model.tick(list(page.table.model.ids[:3]))
    settle(window, quiet_ms=60)
    assert page.facts[0].startswith("已选 3 人次")
    page.commands["leave"]()
    settle(window, quiet_ms=60)
    assert len(page.table.model.ids) == whole - 3
    window.undo()
    settle(window, quiet_ms=60)
    assert len(page.table.model.ids) == whole


def test_the_register_of_certificates_leads_to_papers(street: Path, opened: Open) -> None:
    window = opened(street)
    page = go(window, "completions")
    count = len(page.table.model.ids)
    assert count and f"共 {count} 本" in page.head_facts.whole()
    page.table.view.go(0)
    press(window, "打印这场的结业证")
    settle(window, quiet_ms=200)
    assert window.page.pdf.startswith(b"%PDF")
    page = go(window, "completions")
    name = page.table.model.values(0).name
    page.arrive({"search": name})
    settle(window, quiet_ms=60)
    assert {page.table.model.values(0).name} == {name}
    page.table.opened.emit(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    assert window.page.key == "training-sheet"


# looks


@pytest.mark.parametrize(
    ("width", "height", "theme", "scale"),
    [(1024, 640, Theme.LIGHT, 1.0), (1440, 900, Theme.DARK, 1.25), (1280, 690, Theme.CONTRAST, 1.5)],
)
def test_nothing_is_cut_with_panels_open(
    width: int, height: int, theme: Theme, scale: float, street: Path, opened: Open
) -> None:
    from tests.ui.test_pages import cut

    window = opened(street, width, height, theme, scale)
    found = {}
    for key in PAGES:
        page = go(window, key)
        found[key] = cut(window)
        if hasattr(page, "table") and hasattr(page, "drawer"):
            page.table.opened.emit(page.table.model.ids[1])
            settle(window, quiet_ms=60)
            found[f"{key} drawer"] = cut(window)
            page.commands["close"]()
        for name in ("show_due", "show_certificates", "show_rules"):
            if hasattr(page, name):
                getattr(page, name)()
                settle(window, quiet_ms=60)
                found[f"{key} {name}"] = cut(window)
                page.commands["close"]()
    assert {key: words for key, words in found.items() if words} == {}
