"""What the installer asks of the program before it puts a newer one in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridoffice import settings
from gridoffice.establish import establish
from tests.cli.conftest import Call


@pytest.fixture
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(settings, "data_folder", lambda: tmp_path)
    return tmp_path


def test_without_an_office_there_is_nothing_to_back_up(call: Call, own_folder: Path) -> None:
    status, said, _ = call("--json", "backup", "--before-upgrade", "9.9.9")
    assert (status, said) == (0, {"file": None})
    assert list(own_folder.iterdir()) == []


def test_the_office_last_opened_is_backed_up_beside_itself(call: Call, own_folder: Path) -> None:
    folder = own_folder / "资料 䶮"
    folder.mkdir()
    establish(folder / "街道.db").close()
    settings.remember("database", str(folder / "街道.db"))
    status, said, _ = call("--json", "backup", "--before-upgrade", "9.9.9")
    kept = Path(said["file"])
    assert (status, kept.parent, kept.is_file()) == (0, folder, True)
    assert kept.name.startswith("升级到 9.9.9 前 ")


def test_a_shared_office_is_its_administrators_to_back_up(call: Call, own_folder: Path) -> None:
    settings.remember("database", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    status, said, _ = call("--json", "backup", "--before-upgrade", "9.9.9")
    assert (status, said) == (0, {"file": None})


def test_a_damaged_office_stops_the_upgrade(call: Call, own_folder: Path) -> None:
    (own_folder / "office.db").write_bytes(b"no database" * 1000)
    status, said, _ = call("--json", "backup", "--before-upgrade", "9.9.9")
    assert status == 1
    assert "office.db" in said["error"]
    assert [path.name for path in own_folder.iterdir()] == ["office.db"]
