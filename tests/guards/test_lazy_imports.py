"""What costs a quarter of a second to import is not imported before somebody needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from gridoffice.establish import establish
from tests.guards.sources import ROOT

HEAVY = {
    "PIL",
    "numpy",
    "openpyxl",
    "pandas",
    "pikepdf",
    "pypinyin",
    "pyqtgraph",
    "reportlab",
    "uharfbuzz",
    "xlsxwriter",
}
WINDOW = {"PySide6", "shiboken6"}


def loaded_by(program: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after running `program`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_starting_the_program_imports_nothing_heavy() -> None:
    assert loaded_by("import gridoffice.__main__") & (HEAVY | WINDOW | {"sqlalchemy"}) == set()


def test_the_command_line_imports_nothing_heavy_and_no_window() -> None:
    assert loaded_by("import gridoffice.cli") & (HEAVY | WINDOW) == set()


def test_the_first_window_imports_nothing_heavy(tmp_path: Path) -> None:
    establish(tmp_path / "office.db").close()
    program = f"""
from PySide6.QtCore import QTimer
from ui import app

application = app.application()
QTimer.singleShot(500, application.quit)
assert app.run({str(tmp_path / "office.db")!r}) == 0
"""
    loaded = loaded_by(program)
    assert "PySide6" in loaded
    assert loaded & HEAVY == set()
