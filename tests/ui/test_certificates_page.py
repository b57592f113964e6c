"""证书 in the window: counted by how they stand, entered, renewed alone and together, removed, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.glance import glance
from gridoffice.overview.topics import Topic
from gridoffice.people.hits import find_people
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.qualifications.rules import Validity, renewed_until
from gridoffice.qualifications.service import save_certificate
from ui.app import settle
from ui.main_window import MainWindow
from ui.widgets.form import PickedField
from ui.widgets.parts import Button, Input

Open = Callable[..., MainWindow]
TODAY = date.today()
ENDS = (("王𠮷𬭎", -1), ("李䶮", 5), ("单晓琴", 20), ("赵𫍯", 300), ("阿依古丽·买买提", None))


@pytest.fixture
def window(small: Path, opened: Open) -> MainWindow:
    office = Office.open(small)
    for name, left in ENDS:
        values = {
            "person_id": office.read(find_people, name)[0].id,
            "certificate": "急救证",
            "issued": TODAY - timedelta(days=1000),
            "expires": None if left is None else TODAY + timedelta(days=left),
        }
        office.write(save_certificate, None, values)
    office.close()
    window = opened(small)
    window.go("certificates")
    settle(window, quiet_ms=60)
    return window


def chips(window: MainWindow) -> list[str]:
    return [one.words() for one in window.page.filters.findChildren(Button) if one.isVisible()]


def press(window: MainWindow, words: str) -> None:
    side = window.page.side
    found = [one for one in side.findChildren(Button) if one.words() == words and one.isVisible()]
    found[0].click()
    settle(window, quiet_ms=60)


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part))


def listed(window: MainWindow) -> list[tuple[str, Validity]]:
    ids = window.office.read(CERTIFICATES.ids, Ask())
    return [(one.name, one.validity) for one in window.office.read(CERTIFICATES.rows, ids)]


def test_chips_count_and_lead_to_exactly_those_rows(window) -> None:
    assert [one for one in chips(window) if one[-1].isdigit()] == [
        "已过期 1",
        "7 天内到期 1",
        "30 天内到期 2",
        "有效 1",
        "长期 1",
    ]
    next(one for one in window.page.filters.findChildren(Button) if one.words() == "30 天内到期 2").click()
    settle(window, quiet_ms=60)
    rows = window.office.read(CERTIFICATES.rows, list(window.page.table.model.ids))
    assert {one.name for one in rows} == {"李䶮", "单晓琴"}
    assert "共 5 本证书，筛出 2 本" in window.page.head_facts.whole()


def test_a_certificate_is_entered_for_somebody_found_by_typing(window) -> None:
    window.command("new")
    form = window.page._editing
    picked = form.fields["person_id"]
    assert isinstance(picked, PickedField)
    window.command("save")
    assert "没写姓名。" in words(window.page.side)
    picker: Any = picked.input
    picker.line.setText("sxq")
    picker.line.textEdited.emit("sxq")
    settle(window, quiet_ms=300)
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    form.fields["certificate"].input.setText("城市管理网格员")
    form.fields["level"].input.setText("初级工")
    window.command("save")
    settle(window, quiet_ms=60)
    assert ("单晓琴", Validity.FOREVER) in listed(window)
    assert "五级/初级工" in words(window.page.side)
    window.undo()
    settle(window, quiet_ms=60)
    assert len(listed(window)) == 5


def test_one_is_renewed_and_tells_what_was_before(window) -> None:
    (ended,) = window.page.table.model.ids[:1]
    number = next(
        one.id
        for one in window.office.read(CERTIFICATES.rows, list(window.page.table.model.ids))
        if one.name == "王𠮷𬭎"
    )
    window.go("certificates", show=number)
    settle(window, quiet_ms=60)
    assert "已过期，过了 1 天" in words(window.page.side)
    press(window, "续证")
    press(window, "续 1 本")
    assert "没写新证的发证日期" in words(window.page.side)
    form = window.page.side.form
    for name, day in (("issued", TODAY), ("expires", TODAY + timedelta(days=1000))):
        assert isinstance(form.fields[name].input, Input)
        form.fields[name].input.setText(day.isoformat())
    window.command("save")
    settle(window, quiet_ms=60)
    assert ("王𠮷𬭎", Validity.VALID) in listed(window) and len(listed(window)) == 5
    window.page.drawer.tabs.picked.emit(1)
    window.page.drawer.tabs.show_tab(1)
    window.page._reread()
    settle(window, quiet_ms=60)
    assert "前 1 本" in words(window.page.drawer)
    assert ended


def test_ticked_ones_are_renewed_together(window) -> None:
    page = window.page
    page.table.filter_by("validity", (Validity.EXPIRED, Validity.DAYS_7))
    settle(window, quiet_ms=60)
    for place in range(2):
        page.table.model.tick(page.table.model.ids[place : place + 1])
    page._renew_button.click()
    settle(window, quiet_ms=60)
    assert "勾选的 2 本证书" in words(page.side)
    page.side.form.fields["issued"].input.setText(TODAY.isoformat())
    press(window, "续 2 本")
    assert [one[1] for one in listed(window)].count(Validity.FOREVER) == 3
    assert page.table.model.tick_count() == 0 and page.side is None
    window.undo()
    settle(window, quiet_ms=60)
    assert {one[1] for one in listed(window)} >= {Validity.EXPIRED, Validity.DAYS_7}


def test_one_is_removed_and_esc_closes_the_nearest(window) -> None:
    window.go("certificates", show=window.page.table.model.ids[0])
    settle(window, quiet_ms=60)
    press(window, "续证")
    window.command("close")
    settle(window, quiet_ms=60)
    assert window.page.side is window.page.drawer
    press(window, "删去")
    assert len(listed(window)) == 4 and window.page.side is None


def test_the_days_work_leads_to_exactly_those_that_end(window) -> None:
    window.go("home")
    settle(window, quiet_ms=100)
    todo = next(one for one in window.office.read(glance, None, TODAY).todo if one.topic is Topic.CERTIFICATE)
    window.page._open(todo)
    settle(window, quiet_ms=60)
    assert window.page.key == "certificates" and todo.count == len(window.page.table.model.ids) == 3
    window.go("certificates", show=window.page.table.model.ids[0])
    settle(window, quiet_ms=60)
    press(window, "看这个人")
    assert window.page.key == "people"


@pytest.mark.parametrize(
    ("issued", "expires", "until"),
    [
        (date(2023, 3, 5), date(2026, 3, 5), date(2029, 3, 6)),
        (date(2023, 3, 5), date(2026, 3, 4), date(2029, 3, 5)),
        (date(2023, 3, 5), date(2026, 3, 1), None),
        (date(2023, 3, 5), None, None),
        (None, date(2026, 3, 1), None),
    ],
)
def test_as_many_years_as_before(issued: date | None, expires: date | None, until: date | None) -> None:
    assert renewed_until(issued, expires, date(2026, 3, 6)) == until
