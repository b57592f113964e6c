"""What is left out of the libraries is nothing that the program imports itself; what libraries import of each
other is tried by the installer (`installer/trial.py`)."""

from __future__ import annotations

import ast
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy

from installer import payload
from tests.guards.sources import ROOT, modules

LIBRARIES = Path(sqlalchemy.__file__).parents[1]
SHIPPED = payload.HERE / "shipped"


def imported() -> set[str]:
    """Modules of others that the four rooms import, wherever they do it."""
    found: set[str] = set()
    for path in modules():
        if path.parts[0] not in payload.ROOMS:
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    return {name for name in found if name.partition(".")[0] not in payload.ROOMS}


def test_no_module_that_the_program_imports_is_left_out() -> None:
    left_out = {path for pattern in payload.UNUSED for path in LIBRARIES.glob(pattern)}
    assert left_out, "the patterns are those of the libraries as they are installed"
    names = imported()
    assert {"numpy.typing", "sqlalchemy.orm", "PySide6.QtCore"} <= names
    for name in sorted(names):
        spec = find_spec(name)
        if spec is None or spec.origin is None or name.startswith("PySide6"):
            continue
        place = Path(spec.origin)
        assert not left_out & {place, *place.parents}, name
        assert name.partition(".")[0] not in payload.STANDARD_UNUSED, name
        stand_in = SHIPPED / name.replace(".", "/")
        assert not (stand_in / "__init__.py").exists(), f"{name} is only stood in for"
        assert not stand_in.with_suffix(".py").exists(), f"{name} is only stood in for"


def test_of_qt_every_module_that_the_window_imports_is_kept() -> None:
    for name in imported():
        if name.startswith("PySide6.Qt"):
            assert payload.is_kept(f"{name.partition('.')[2]}.pyd"), name


def test_nothing_of_pythons_own_that_stays_needs_what_goes() -> None:
    folder = Path(sysconfig.get_path("stdlib"))
    apart = {"test", "tests", "idlelib", "turtledemo", "tkinter", "site-packages", *payload.STANDARD_UNUSED}
    for path in folder.rglob("*.py"):
        place = path.relative_to(folder)
        if apart & {*place.parts[:-1], place.parts[0].removesuffix(".py")}:
            continue
        for node in ast.parse(path.read_text("utf-8", errors="replace")).body:
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            assert not {name.partition(".")[0] for name in names} & set(payload.STANDARD_UNUSED), place
