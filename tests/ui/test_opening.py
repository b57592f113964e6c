"""The first start and the next: which office is opened, what is remembered, what is said when it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gridoffice import settings
from gridoffice.cli.main import run as command_line
from gridoffice.errors import NotFound, OfficeError
from gridoffice.history import journal
from gridoffice.office import Office
from ui import app, dialogs


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who never opened the program."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setattr(settings, "data_folder", lambda: folder)
    return folder


def opened(database: str | None) -> Office:
    """An office that asks nobody for anything."""
    entered = app.open_office(database)
    assert entered is not None and entered.before is None
    return entered.office


def test_the_first_start_founds_an_office(own_folder: Path) -> None:
    office = opened(None)
    assert len(office.read(journal)) == 1
    office.close()
    again = opened(None)
    assert len(again.read(journal)) == 1, "the second start opens the same"
    again.close()
    assert (own_folder / "office.db").exists()


def test_the_last_office_is_opened_next_time(own_folder: Path, empty: Path) -> None:
    office = opened(str(empty))
    app.remember_office(office)
    office.close()
    again = opened(None)
    assert again.store.file == empty.resolve()
    again.close()
    assert settings.default_database() == str(empty.resolve())


def test_a_password_is_not_written_down(own_folder: Path) -> None:
    class Shared:
        class store:
            file = None
            address = "postgresql://wang:secret@host/office"

            class url:
                password = "secret"

    app.remember_office(Shared)  # type: ignore[arg-type]
    assert settings.recall("database") is None


def test_a_lost_office_is_not_replaced_unasked(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.remember("database", str(own_folder / "gone.db"))
    with pytest.raises(NotFound, match=r"gone\.db"):
        app.open_office(None)
    assert not (own_folder / "office.db").exists()
    asked = []
    monkeypatch.setattr(app, "somebody_sits", lambda: True)
    monkeypatch.setattr(dialogs, "decide", lambda *words: not asked.append(words))
    office = opened(None)
    assert office.store.file == own_folder / "office.db"
    assert "gone.db" in asked[0][2]
    office.close()


def test_an_office_named_and_missing_is_never_founded(own_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OfficeError):
        app.open_office(str(tmp_path / "no.db"))
    assert not (tmp_path / "no.db").exists()


def test_what_stops_the_opening_is_said_in_a_box_and_printed(
    qapp,
    own_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = []
    monkeypatch.setattr(app, "somebody_sits", lambda: True)
    monkeypatch.setattr(dialogs, "decide", lambda *words: bool(told.append(words)))
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"not a database at all" * 400)
    assert command_line(["--database", str(broken)]) == 1
    assert len(told) == 1 and "broken.db" in told[0][2]
    assert told[0][2] in capsys.readouterr().err


def test_started_without_words_the_program_opens_its_own_office(tmp_path: Path) -> None:
    home = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(tmp_path)}
    program = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from ui import app\n"
        "application = app.application()\n"
        "QTimer.singleShot(400, application.quit)\n"
        "from gridoffice.__main__ import main\n"
        "sys.exit(main([]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = list(tmp_path.rglob("office.db"))
    assert len(found) == 1
    office = Office.open(found[0])
    assert len(office.read(journal)) == 1
    office.close()
    assert str(found[0]) in (found[0].parent / "window.json").read_text("utf-8")


def test_a_packed_program_lets_its_worker_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker process of a packed program starts as the program itself: that must come first."""
    from gridoffice import __main__

    begun = []
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr("multiprocessing.freeze_support", lambda: begun.append(True))
    with pytest.raises(SystemExit):
        __main__.main(["--version"])
    assert begun == [True]
