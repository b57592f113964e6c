"""设置 → 更新: where to look, what is new, and what happens when it is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gridoffice.updating import fetching, installing, places
from gridoffice.updating.release import Package, Release
from ui import dialogs
from ui.main_window import MainWindow
from ui.newer import look_quietly

BODY = b"newer" * 50_000
Opened = Callable[..., MainWindow]


def words(page: Any) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if not label.isHidden())


def press(page: Any, text: str) -> None:
    (found,) = [
        one for one in page.findChildren(QPushButton) if one.text().strip() == text and not one.isHidden()
    ]
    found.click()


@pytest.fixture
def page(opened: Opened, empty: Path) -> Any:
    window = opened(empty)
    window.go("updates")
    return window.page


@pytest.fixture
def newer(tmp_path: Path) -> Release:
    """A folder with a package, chosen as the place to look."""
    share = tmp_path / "更新 𠮷"
    share.mkdir()
    for leftover in fetching.folder().iterdir():
        leftover.unlink()
    (share / "new-setup.exe").write_bytes(BODY)
    places.choose(str(share))
    package = Package("new-setup.exe", len(BODY), hashlib.sha256(BODY).hexdigest())
    return Release(
        "9.0.0",
        date(2026, 11, 30),
        "两处改进。\n\n- 考核可以退回重评。",
        {places.kind_of_computer(): package},
    )


def test_without_a_place_it_says_that_none_is_chosen(page: Any, qtbot: QtBot) -> None:
    press(page, "检查更新")
    qtbot.waitUntil(lambda: "还没有选更新文件夹" in words(page), timeout=60_000)


def test_an_empty_folder_is_told_and_the_place_is_kept(page: Any, qtbot: QtBot, tmp_path: Path) -> None:
    page.where.setText(str(tmp_path))
    press(page, "检查更新")
    qtbot.waitUntil(lambda: "里没有“GridOffice.release”" in words(page), timeout=60_000)
    assert places.place() == str(tmp_path)


def test_what_is_new_is_read_before_anything_is_taken(page: Any, newer: Release) -> None:
    page.arrive({"release": newer})
    said = words(page)
    assert "新版本 9.0.0" in said
    assert "2026年11月30日" in said
    assert "考核可以退回重评。" in said
    primary = [
        one.text().strip()
        for one in page.findChildren(QPushButton)
        if one.property("kind") == "primary" and not one.isHidden()
    ]
    assert primary == ["更新到 9.0.0"]


def test_where_no_setup_put_the_program_the_administrator_is_told_how(
    page: Any, newer: Release, qtbot: QtBot
) -> None:
    page.arrive({"release": newer})
    press(page, "更新到 9.0.0")
    qtbot.waitUntil(lambda: "sudo apt install" in words(page), timeout=60_000)


@pytest.mark.parametrize("answer", [True, False])
def test_the_setup_starts_only_when_the_clerk_says_so(
    page: Any, newer: Release, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    begun: list[Path] = []
    asked: list[str] = []
    monkeypatch.setattr(installing, "can_install", lambda: True)
    monkeypatch.setattr(installing, "begin", lambda file, release: begun.append(file))
    monkeypatch.setattr(dialogs, "decide", lambda _, question, *rest: asked.append(question) or answer)
    page.arrive({"release": newer})
    press(page, "更新到 9.0.0")
    qtbot.waitUntil(lambda: bool(asked), timeout=60_000)
    assert asked == ["现在更新到 9.0.0？"]
    assert [file.read_bytes() for file in begun] == [BODY] * answer
    assert page.desk.isVisible() is not answer


def test_a_package_with_other_bytes_is_refused_where_the_clerk_looks(
    page: Any, newer: Release, qtbot: QtBot
) -> None:
    Path(places.place(), "new-setup.exe").write_bytes(BODY[:-1] + b"X")
    page.arrive({"release": newer})
    press(page, "更新到 9.0.0")
    qtbot.waitUntil(lambda: "对不上，没有更新" in words(page), timeout=60_000)


def test_how_an_update_ended_is_told_and_a_failure_stays(
    page: Any, newer: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = page.desk
    ended = iter(
        [installing.Outcome(True, "已更新到 9.0.0。"), installing.Outcome(False, "没有更新到 9.1.0。")]
    )
    monkeypatch.setattr(installing, "outcome", lambda: next(ended))
    places.choose("")
    look_quietly(window)
    assert window.toast.words() == "已更新到 9.0.0。"
    assert window.banner.words() == ""
    look_quietly(window)
    assert window.banner.words() == "没有更新到 9.1.0。"
    assert window.banner.property("tone") == "err"
