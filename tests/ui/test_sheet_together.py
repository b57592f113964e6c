"""The drawer of a sheet with somebody else at the same sheet: what he saves meets what is typed, nothing is lost, and
it is said who is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.enums import AwayKind, OpinionStage
from db.listening import Spot
from gridoffice.assessment.opinions import give_opinion
from gridoffice.assessment.presence import set_presence
from gridoffice.assessment.service import enter_values
from gridoffice.both_changed import MINE
from gridoffice.fields import Kind
from gridoffice.office import Office
from gridoffice.overview.sheet_story import sheet_story
from gridoffice.scoring.columns import value_columns
from tests.ui.seen import click, words_in
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
DATA, _, PRESENT, OPINIONS = range(4)


@pytest.fixture
def page(full: Path, opened: Open) -> Any:
    window = opened(full)
    window.go("assessment")
    settle(window, quiet_ms=120)
    return window.page


@pytest.fixture
def other(full: Path) -> Iterator[Office]:
    office = Office.open(full)
    yield office
    office.close()


def quiet(page: Any) -> None:
    settle(page.desk, quiet_ms=100)


def opened_sheet(page: Any, tab: int) -> int:
    sheet = page.grid.table.model.ids[0]
    page._edit(sheet, tab)
    quiet(page)
    assert page.side is page.drawer and page.drawer.form is not None
    return sheet


def numbers(page: Any) -> list[str]:
    """Two columns of the scheme that take a plain number."""
    found = [one.name for one in value_columns(page.facts_now.scheme) if one.field.kind is Kind.INTEGER]
    assert len(found) >= 2
    return found[:2]


def test_values_that_only_one_changed_meet_and_the_others_are_chosen(page: Any, other: Office) -> None:
    sheet = opened_sheet(page, DATA)
    month, (one, second) = page.facts_now.id, numbers(page)
    drawer = page.drawer
    assert drawer.spot == Spot("sheet", sheet)
    drawer.form.fields[one].input.setText("1")
    assert drawer.spot == Spot("sheet", sheet, editing=True), "the others hear that it is being changed"
    other.write(enter_values, month, {sheet: {one: 2, second: 3}})
    page.desk.command("save")
    quiet(page)
    assert drawer._meeting is not None and drawer._meeting.choosing
    assert other.read(sheet_story, sheet).values[one] == 2
    assert drawer.form.fields[second].text() == "3", "what was not touched took the new value"
    page.desk.command("close")
    assert page.side is page.drawer and drawer.form.fields[one].text() == "1"
    page.desk.command("save")
    drawer._meeting.pick(one, MINE)
    page.desk.command("save")
    quiet(page)
    stored = other.read(sheet_story, sheet).values
    assert (stored[one], stored[second]) == (1, 3)


def test_attendance_that_another_changed_is_chosen(page: Any, other: Office) -> None:
    sheet = opened_sheet(page, PRESENT)
    form = page.drawer.form
    form.fields["away"].input.setText("2")
    form.fields["away_kind"].put(AwayKind.SICK)
    other.write(set_presence, [sheet], away=5, away_kind=AwayKind.SICK, reason="住院")
    page.desk.command("save")
    quiet(page)
    assert page.drawer._meeting.choosing
    assert other.read(sheet_story, sheet).away == 5
    page.drawer._meeting.overwrite()
    quiet(page)
    story = other.read(sheet_story, sheet)
    assert (story.away, story.standing_reason) == (2, "住院")


def test_an_opinion_that_another_gave_is_told_before_it_is_replaced(page: Any, other: Office) -> None:
    sheet = opened_sheet(page, OPINIONS)
    form = page.drawer.form
    form.fields["stage"].input.setCurrentIndex(2)
    form.fields["points"].input.setText("90")
    other.write(give_opinion, sheet, OpinionStage.FIRST, Decimal(80), None, "还可以")
    page.desk.command("save")
    quiet(page)
    assert "别人刚记过" in words_in(page.drawer) and "80 分，还可以" in words_in(page.drawer)
    assert form.fields["points"].text() == "90"
    (kept,) = other.read(sheet_story, sheet).opinions
    assert kept.points == 80
    page.desk.command("save")
    quiet(page)
    (kept,) = other.read(sheet_story, sheet).opinions
    assert kept.points == 90


def test_what_is_typed_stays_when_another_saves_the_same_sheet(page: Any, other: Office) -> None:
    sheet = opened_sheet(page, DATA)
    one, second = numbers(page)
    page.drawer.form.fields[one].input.setText("1")
    other.write(enter_values, page.facts_now.id, {sheet: {second: 3}})
    page.drawer.again()
    quiet(page)
    assert page.drawer.form.fields[one].text() == "1"
    assert page.drawer.form.fields[second].text() == "3"
    click(page.drawer, "保存并重新计算")
    quiet(page)
    stored = other.read(sheet_story, sheet).values
    assert (stored[one], stored[second]) == (1, 3)
