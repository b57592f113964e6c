"""One person, many hats, through the window: the drawer, a photograph, looking at numbers, two made one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from db.enums import Education, Role
from gridoffice.accounts.keeping import add_account
from gridoffice.history import journal
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.overview.everybody import EVERYBODY, Serving, everybody_row
from gridoffice.overview.person_record import person_record
from gridoffice.overview.topics import Topic
from gridoffice.party.service import save_member, save_org
from gridoffice.people.attachments import Owner, photo, scans
from gridoffice.people.duplicates import duplicates
from gridoffice.people.service import save_person
from gridoffice.qualifications.service import save_certificate
from gridoffice.training.service import save_training
from gridoffice.training.sheet import SignIn, enter_attendance
from gridoffice.workers.service import worker_row
from tests.gridoffice.test_attachments import picture
from tests.offices import number
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.person_tabs import TABS
from ui.pages.todo_line import ToDoLine
from ui.widgets.badges import Badge
from ui.widgets.picture import Portrait
from ui.widgets.scans import Scans

Open = Callable[..., MainWindow]


def go(window: MainWindow, key: str, **where: object) -> Any:
    window.go(key, **where)
    settle(window, quiet_ms=60)
    return window.page


def said(page: Any) -> list[str]:
    """Everything that the drawer says."""
    drawer = page.drawer
    words = [part.whole() if hasattr(part, "whole") else part.text() for part in drawer.findChildren(QLabel)]
    return words + [part.text for part in drawer.findChildren(Badge)]


def press(page: Any, words: str) -> None:
    settle(page.desk, quiet_ms=60)
    found = [
        part
        for part in page.findChildren(QPushButton)
        if part.isVisible() and words in (part.text().strip(), part.toolTip())
    ]
    assert found, f"no button {words}"
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
    settle(page.desk, quiet_ms=60)


def tab(page: Any, name: str) -> list[str]:
    page.drawer.tabs._pick(TABS.index(name))
    settle(page.desk, quiet_ms=60)
    return said(page)


def dressed(window: MainWindow) -> tuple[int, int]:
    """The first worker of the roster with every hat: post and person."""
    office = window.office
    page = go(window, "workers")
    post = page.table.model.ids[0]
    person = office.read(worker_row, post).person_id
    soon = window.day + timedelta(days=14)
    said_of = {"certificate": "网格员上岗证", "number": "S-1", "issued": window.day, "expires": soon}
    office.write(save_certificate, None, said_of, person_id=person)
    org = office.write(save_org, None, {"name": "青禾第一党支部"}).result
    office.write(save_member, None, {"org_id": org, "joined": date(2003, 7, 1)}, person_id=person)
    held = {"name": "消防培训", "day": window.day - timedelta(days=30), "hours": Decimal(4)}
    training = office.write(save_training, None, held).result
    office.write(enter_attendance, training, [SignIn(person)])
    page._open(post)
    settle(window, quiet_ms=60)
    return post, person


def test_every_hat_has_its_tab_and_the_alarm_stands_on_top(full: Path, opened: Open) -> None:
    window = opened(full)
    post, _ = dressed(window)
    page = window.page
    row = window.office.read(worker_row, post)
    words = said(page)
    until = window.day + timedelta(days=14)
    assert f"网格员上岗证 {until.month}月{until.day}日到期，还有 14 天" in words
    assert row.grid in words and (row.title or "") in "".join(words)
    assert "近 6 个月考核" in words
    assert any("任职 1 段" in text for text in tab(page, "任职"))
    assert "网格员上岗证" in tab(page, "证书")
    assert {"青禾第一党支部", "正式党员"} <= set(tab(page, "党员"))
    assert {"消防培训", "近 2 年 4 学时"} <= set(tab(page, "培训"))
    assert "近 6 个月考核" in tab(page, "考核")
    changes = tab(page, "变动")
    assert f"给“{row.name}”新增证书“网格员上岗证”" in changes
    press_back = page.drawer.tabs
    press_back._pick(TABS.index("证书"))
    press(page, "打开")
    assert window.page.key == "certificates" and window.page._shown is not None


def test_who_is_no_worker_is_reached_too(full: Path, opened: Open) -> None:
    window = opened(full)
    person = window.office.write(save_person, None, {"name": "巫马何来", "phone": "13900000001"}).result
    page = go(window, "people", search="wmhl")
    assert list(page.table.model.ids) == [person]
    assert page.head_facts.whole().endswith("筛出 1 人")
    page.filters._clear.click()
    settle(window, quiet_ms=60)
    assert len(page.table.model.ids) == len(window.office.read(EVERYBODY.ids, Ask()))
    window.search.begin()
    window.top.search.setText("巫马")
    window.search._ask()
    settle(window, quiet_ms=60)
    QTest.keyClick(window.top.search, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert (window.page.key, window.page._shown) == ("people", person)
    assert "没有任职。" in said(window.page)


def test_somebody_without_a_post_is_entered_and_put_right(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "people")
    window.command("new")
    settle(window, quiet_ms=60)
    for name, text in (("name", "巫马何来"), ("phone", "13912345678"), ("address", "青禾路12号3幢501")):
        page._editing.fields[name].input.setText(text)
    window.command("save")
    settle(window, quiet_ms=60)
    person = page._shown
    row = window.office.read(everybody_row, person)
    assert (row.serving, row.address) == (Serving.NEVER, "青禾路12号3幢501")
    assert "青禾路12****" in said(page)
    window.command("edit")
    settle(window, quiet_ms=60)
    line = page._editing.fields["phone"].input
    assert line.text() == "139****5678", "a form masks what lists mask"
    page._editing.fields["note"].input.setText("退休教师")
    window.command("save")
    settle(window, quiet_ms=60)
    row = window.office.read(everybody_row, person)
    assert (row.phone, row.note) == ("13912345678", "退休教师")
    window.command("edit")
    settle(window, quiet_ms=60)
    page._editing.fields["phone"].input.setText("1391234567")
    window.command("save")
    settle(window, quiet_ms=60)
    assert page._editing.fields["phone"].problem.text()


@pytest.mark.parametrize("key", ["workers", "people"])
def test_numbers_are_looked_at_for_a_reason_and_for_a_while(key: str, full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, key)
    place = next(n for n in range(50) if page.table.model.values(n).id_number)
    page._open(page.table.model.ids[place])
    settle(window, quiet_ms=60)
    line = page.table.model.values(place)
    number = line.id_number
    assert number not in said(page)
    window.command("reveal")
    settle(window, quiet_ms=60)
    line_of_reason = window.focusWidget()
    assert isinstance(line_of_reason, QLineEdit)
    line_of_reason.setText("核对底册")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert number in said(page)
    assert window.office.read(journal)[0].title == f"查看“{line.name}”的完整证件号、电话和住址：核对底册"
    assert page.person._masked.isActive() and page.person._masked.interval() == 30_000
    page.person._masked.timeout.emit()
    settle(window, quiet_ms=60)
    assert number not in said(page)
    # whoever is opened next is masked
    page.person.ask()
    press(page, "核对身份")
    assert number in said(page)
    page._step(1)
    settle(window, quiet_ms=60)
    assert page.person.whole is None


def test_who_may_only_look_neither_reveals_nor_changes_a_picture(full: Path, opened: Open) -> None:
    office = Office.open(full)
    office.write(add_account, "chakan", "查看", Role.READER)
    office.close()
    window = opened(full, account="chakan")
    page = go(window, "people")
    page._open(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    words = [part.text().strip() for part in page.drawer.findChildren(QPushButton)]
    assert "查看" not in words and "加扫描件" not in words
    assert not page.drawer.findChild(Portrait).acceptDrops()


def portrait(page: Any) -> Portrait:
    settle(page.desk, quiet_ms=60)
    found = page.drawer.findChild(Portrait)
    assert found is not None
    return found


def test_a_photograph_is_clicked_dropped_pasted_and_taken_away(
    full: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    page = go(window, "workers")
    page._open(page.table.model.ids[0])
    person = window.office.read(worker_row, page.table.model.ids[0]).person_id
    one, other = tmp_path / "一.png", tmp_path / "二.png"
    one.write_bytes(picture(300, 400, seed=1))
    other.write_bytes(picture(300, 400, seed=2))
    monkeypatch.setattr(dialogs, "open_file", lambda *_: one)
    QTest.mouseClick(portrait(page), Qt.MouseButton.LeftButton)
    first = window.office.read(photo, person) if settle(window, quiet_ms=80) is None else None
    assert first is not None and portrait(page).picture is not None
    assert "照片" in window.toast.words()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(other))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    portrait(page).dropEvent(drop)
    settle(window, quiet_ms=80)
    second = window.office.read(photo, person)
    assert second is not None and second != first
    image = QImage(60, 80, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    portrait(page).setFocus()
    QTest.keyClick(portrait(page), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(window, quiet_ms=80)
    assert window.office.read(photo, person) not in (first, second, None)
    window.undo()
    settle(window, quiet_ms=80)
    assert window.office.read(photo, person) == second
    portrait(page).setFocus()
    QTest.keyClick(portrait(page), Qt.Key.Key_Delete)
    settle(window, quiet_ms=80)
    assert window.office.read(photo, person) is None
    assert page.table.model.rowCount() > 0 and page._shown is not None, "Del takes the photo, not the person"
    broken = tmp_path / "坏.png"
    broken.write_bytes(b"no picture")
    monkeypatch.setattr(dialogs, "open_file", lambda *_: broken)
    QTest.mouseClick(portrait(page), Qt.MouseButton.LeftButton)
    settle(window, quiet_ms=80)
    assert "不是能读的图片" in window.banner.words()


def test_scans_stand_with_their_certificate(
    full: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    _, person = dressed(window)
    page = window.page
    tab(page, "证书")
    (certificate,) = [
        one.id
        for one in window.office.read(person_record, person).certificates
        if one.certificate == "网格员上岗证"
    ]
    file = tmp_path / "正面.png"
    file.write_bytes(picture(300, 200))
    monkeypatch.setattr(dialogs, "open_file", lambda *_: file)
    (found,) = [
        one for one in page.drawer.findChildren(Scans) if one._owner == Owner(certificate=certificate)
    ]
    found.add.click()
    settle(window, quiet_ms=80)
    assert [one.name for one in window.office.read(scans, Owner(certificate=certificate))] == ["正面.jpg"]
    assert "扫描件 1 份" in said(page)
    press(page, "正面.jpg")
    kept = tmp_path / "另存.jpg"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: kept)
    press(page, "另存为")
    assert kept.read_bytes()[:2] == b"\xff\xd8"
    press(page, "删去正面.jpg")
    assert window.office.read(scans, Owner(certificate=certificate)) == []


def twins(window: MainWindow) -> tuple[int, int]:
    """A worker, and somebody entered once more with another education and an address."""
    office = window.office
    row = next(
        one
        for one in office.read(EVERYBODY.rows, office.read(EVERYBODY.ids, Ask()))
        if one.phone and one.education and one.serving is Serving.NOW
    )
    again = {"name": row.name, "phone": row.phone, "address": "青禾路12号3幢501", "note": "重复登记"}
    education = next(code for code in Education if code is not row.education)
    second = office.write(save_person, None, again | {"education": education}).result
    return row.id, second


def test_two_records_are_compared_and_made_one(full: Path, opened: Open) -> None:
    window = opened(full)
    keep, drop = twins(window)
    before = window.office.read(everybody_row, keep)
    other = window.office.read(everybody_row, drop)
    page = go(window, "people")
    press(page, "可能重复 1")
    page = window.page
    assert page.key == "duplicates" and "1 对" in page.head_facts.whole()
    page._open(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    assert {"会补上", "一样", "重复登记"} <= set(said(page))
    page.comparison.choose("education", other=True)
    page.comparison.choose("address", other=True)
    window.command("save")
    settle(window, quiet_ms=80)
    after = window.office.read(everybody_row, keep)
    assert (after.education, after.address) == (other.education, "青禾路12号3幢501")
    assert after.note == "重复登记", "what only the other says is filled in"
    assert after.phone == before.phone and window.office.read(duplicates) == []
    assert page.table.model.rowCount() == 0 and page.side is None
    assert window.toast.words() == f"合并两个“{before.name}”"
    window.undo()
    settle(window, quiet_ms=80)
    assert window.office.read(everybody_row, keep) == before
    assert page.table.model.rowCount() == 1


def test_two_who_are_two_are_not_asked_about_again(full: Path, opened: Open) -> None:
    window = opened(full)
    twins(window)
    page = go(window, "duplicates")
    page._open(page.table.model.ids[0])
    press(page, "记下来，以后不再提示")
    assert page.table.model.rowCount() == 0
    assert page.table.findChildren(QLabel) and "没有看起来重复的人。" in [
        part.text() for part in page.table.findChildren(QLabel)
    ]
    window.undo()
    settle(window, quiet_ms=80)
    assert page.table.model.rowCount() == 1


def test_of_two_numbers_the_clerk_says_which_is_right_and_why(full: Path, opened: Open) -> None:
    window = opened(full)
    for place in (80, 30):
        window.office.write(save_person, None, {"name": "何来", "id_number": number(place)})
    page = go(window, "duplicates")
    line = next(one for one in page.table.model.ids if page.table.model.values(one - 1).name == "何来")
    page._open(line)
    settle(window, quiet_ms=80)
    assert "身份证号只差一处" in "".join(said(page))
    window.command("save")
    assert "点一下哪个是对的" in "".join(said(page))
    page.comparison.choose("id_number", True)
    window.command("save")
    assert "写明凭什么" in "".join(said(page))
    page.comparison.reason.setText("核对户口簿")
    window.command("save")
    settle(window, quiet_ms=80)
    assert "核对户口簿" in window.office.read(journal)[0].title


def test_two_ticked_people_are_compared_and_two_numbers_refused(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "people", filters=(Filter("serving", (Serving.NOW,)),))
    numbered = [n for n in range(20) if page.table.model.values(n).id_number]
    page.table.model.tick([page.table.model.ids[n] for n in numbered[:2]])
    page._merge()
    settle(window, quiet_ms=80)
    page = window.page
    assert page.key == "duplicates"
    assert "两个人的身份证号不同，不是同一个人。" in said(page)
    assert "合并成一个人" not in [b.text().strip() for b in page.drawer.findChildren(QPushButton)]
    window.command("save")
    settle(window, quiet_ms=60)
    assert "合并" not in window.office.read(journal)[0].title


def test_the_home_page_leads_to_who_may_be_entered_twice(full: Path, opened: Open) -> None:
    window = opened(full)
    twins(window)
    page = go(window, "home")
    page.opened()
    settle(window, quiet_ms=80)
    (line,) = [one for one in page.findChildren(ToDoLine) if one.todo.topic is Topic.TWINS]
    assert line.todo.count == 1 and line.todo.topic.errand == "去核对"
    line.picked.emit(line.todo)
    settle(window, quiet_ms=80)
    assert window.page.key == "duplicates" and window.page.table.model.rowCount() == 1


def test_what_changed_on_another_page_is_there_on_coming_back(full: Path, opened: Open) -> None:
    window = opened(full)
    _, person = dressed(window)
    page = window.page
    go(window, "certificates")
    values = {"certificate": "急救证", "issued": window.day}
    window.write(window, save_certificate, None, values, person_id=person)
    settle(window, quiet_ms=80)
    assert go(window, "workers") is page
    assert "急救证" in said(page)
