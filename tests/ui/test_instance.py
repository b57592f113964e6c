"""A second start on the same office hands over to the window that is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gridoffice import settings
from gridoffice.cli.main import run as command_line
from ui import app
from ui.instance import Instance


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QObject) -> Path:
    folder = tmp_path / "本机 䶮"
    folder.mkdir()
    monkeypatch.setattr(settings, "data_folder", lambda: folder)
    return folder


def test_the_second_is_not_first_and_its_file_reaches_the_first(qtbot: QtBot) -> None:
    first, second = Instance("D:/街道.db"), Instance("D:/街道.db")
    assert (first.first, second.first) == (True, False)
    for file in ("D:/上报 𠮷.gridpack", ""):
        with qtbot.waitSignal(first.called, timeout=20_000) as heard:
            second.hand_over(file)
        assert heard.args == [file]
    first.close()
    assert Instance("D:/街道.db").first


def test_another_office_has_a_window_of_its_own() -> None:
    assert Instance("a").first
    one, other = Instance("b"), Instance("c")
    assert one.first
    assert other.first


def test_a_window_that_was_killed_holds_nobody_up(own_folder: Path) -> None:
    say = (
        "import os, sys; from pathlib import Path; from gridoffice import settings;"
        "settings.data_folder = lambda: Path(sys.argv[1]);"
        "from ui.instance import Instance; made = Instance('a'); assert made.first; os._exit(9)"
    )
    died = subprocess.run(
        [sys.executable, "-c", say, str(own_folder)], env=os.environ | {"PYTHONPATH": "."}, check=False
    )
    assert died.returncode == 9
    assert list((own_folder / "windows").glob("*.lock"))
    assert Instance("a").first


def test_an_old_message_is_not_taken_for_a_new_one(own_folder: Path, qtbot: QtBot) -> None:
    first, second = Instance("a"), Instance("a")
    first.close()
    second.hand_over("old")
    fresh = Instance("a")
    with qtbot.assertNotEmitted(fresh.called, wait=300):
        (own_folder / "windows" / "other").write_text("x")


@pytest.mark.parametrize(
    ("words", "database", "file"),
    [
        (["desktop", "--open"], None, None),
        (["desktop", "--open", "街道.gridoffice"], "街道.gridoffice", None),
        (["desktop", "--open", "上报 𠮷.gridpack"], None, Path("上报 𠮷.gridpack")),
    ],
)
def test_what_was_double_clicked_is_an_office_or_a_package(
    words: list[str], database: str | None, file: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(app, "_one_window", lambda _, *given: shown.append(given) or (0, None, None))
    assert command_line(words) == 0
    assert shown == [(database, None, None, file, "")]


def test_two_starts_that_mean_the_same_office_name_it_alike(own_folder: Path, tmp_path: Path) -> None:
    own = own_folder / "office.db"
    assert app._name(None) == app._name(str(own)) == app._name(str(own_folder / "." / "office.db"))
    assert app._name("postgresql://wang@host/office") == "postgresql://wang@host/office"
    settings.remember("database", str(tmp_path / "街道.db"))
    assert app._name(None) == str(tmp_path / "街道.db")
