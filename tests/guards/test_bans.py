"""What only one place may do, and what nobody may do; each with the reason it was found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guards.sources import imports, modules, names

STARTS_NOTHING = {"threading.Lock", "threading.RLock"}
TASKS = {"ui/tasks.py", "ui/worker.py"}
DIALOGS = {"ui/dialogs.py"}

ONLY_HERE = [
    # threads and processes have one owner, so that none is orphaned and every answer comes home
    ("multiprocessing", TASKS | {"gridoffice/__main__.py"}),  # there: freeze_support for a packed program
    ("threading", TASKS),
    ("concurrent", TASKS),
    # what is read back from a file or the journal must never be able to run code
    ("pickle", {"ui/worker.py"}),
    # a question to the clerk looks the same everywhere
    ("PySide6.QtWidgets.QMessageBox", DIALOGS),
]

NEVER = {
    "processEvents": "re-enters the event loop in the middle of a method",
    "QThread": "pure Python work in a thread stalls painting for up to 1.8 s",
    "QSortFilterProxyModel": "13 s for one sort of 150,000 rows; the database sorts",
    "QPdfWriter": "Qt writes Chinese into PDF files that copies out as other characters",
}

NEVER_IMPORTED = {
    "pandas": "turns identity numbers into floats",
}


@pytest.mark.parametrize(("what", "where"), ONLY_HERE, ids=[what for what, _ in ONLY_HERE])
def test_only_one_place_does_it(what: str, where: set[str]) -> None:
    found = {
        path.as_posix()
        for path in modules()
        for name in imports(path)
        if (name == what or name.startswith(f"{what}.")) and name not in STARTS_NOTHING
    }
    assert found - where == set()


@pytest.mark.parametrize("name", NEVER)
def test_nobody_uses(name: str) -> None:
    found = [f"{path}:{line}" for path in modules() for used, line in names(path) if used == name]
    assert found == [], NEVER[name]


@pytest.mark.parametrize("name", NEVER_IMPORTED)
def test_nobody_imports(name: str) -> None:
    found = [path for path in modules() for used in imports(path) if used.split(".")[0] == name]
    assert found == [], NEVER_IMPORTED[name]


DOORS = {"create_engine", "scoped_session", "sessionmaker"}


def test_only_the_store_opens_sessions() -> None:
    """One transaction per action, each with its journal line: nobody goes round the door."""
    allowed = {Path("db/session.py")}
    found = {
        path
        for path in modules()
        for name in imports(path)
        if name
        in ("sqlalchemy.orm.sessionmaker", "sqlalchemy.create_engine", "sqlalchemy.orm.scoped_session")
    }
    assert found - allowed == set()
