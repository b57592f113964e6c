"""The program as a process of its own: what a script outside sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.offices import Copies
from ui.pages import PAGES


def run(*words: object, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "gridoffice", *map(str, words)],
        capture_output=True,
        check=False,
        timeout=120,
        **options,  # type: ignore[arg-type]
    )


@pytest.fixture
def database(small_copies: Copies, tmp_path: Path) -> Path:
    file = tmp_path / "office.db"
    file.write_bytes(small_copies.file.read_bytes())
    return file


def test_one_object_in_utf8_whatever_the_console(database: Path) -> None:
    done = run(
        "--database", database, "--json", "grid", "list", env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    assert done.returncode == 0
    assert done.stderr == b""
    names = [one["name"] for one in json.loads(done.stdout.decode("utf-8"))["grids"]]
    assert "梧桐社区" in names
    # the last one that leaves folds the log into the file
    assert [path.name for path in database.parent.glob("office.db*")] == ["office.db"]


def test_refusals_and_wrong_words(database: Path, tmp_path: Path) -> None:
    done = run("--database", database, "import", "workers", tmp_path / "没有.xlsx")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "没有.xlsx" in done.stderr.decode("utf-8")
    assert run("nonsense").returncode == 2
    assert run("--version").returncode == 0


def test_a_reader_that_goes_away_is_no_fault(database: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "gridoffice", "--database", str(database), "journal", "--limit", "500"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) in (0, 1, 120)
    assert b"Traceback" not in said
    assert "故障编号" not in said.decode("utf-8")


def test_the_whole_house_is_walked_once(nobodys_home: Path) -> None:
    done = run("--json", "self-test")
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"]) == (0, True), said
    assert len(said["steps"]) >= 7


def test_the_default_office_is_the_one_of_this_user(tmp_path: Path) -> None:
    """Without --database an office is kept in the user's own folder."""
    home = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(tmp_path)}
    assert run("journal", env=home).returncode == 1
    assert run("init", env=home).returncode == 0
    done = run("--json", "journal", env=home)
    assert (done.returncode, len(json.loads(done.stdout)["actions"])) == (0, 1)
    assert list(tmp_path.rglob("office.db"))


def test_the_window_photographs_every_page(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "图"
    done = run("--database", database, "desktop", "--screenshots", folder)
    assert done.returncode == 0, done.stderr.decode("utf-8")
    photographed = sorted(folder.iterdir())
    assert [one.name for one in photographed] == [
        f"{at:02}-{page.key}.png" for at, page in enumerate(PAGES, 1)
    ]
    assert all(one.stat().st_size > 10_000 for one in photographed)
