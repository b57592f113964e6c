"""The project's own source files, parsed, for the guards."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("resources", "db", "gridoffice", "ui")


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the program, relative to the root."""
    return tuple(
        path.relative_to(ROOT)
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "__pycache__" not in path.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it, by its full name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names(path: Path) -> Iterator[tuple[str, int]]:
    """Every name and attribute that a file uses, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield from ((alias.name, node.lineno) for alias in node.names)


@cache
def office_modules() -> tuple[ModuleType, ...]:
    """Every module of the office, imported (but not `__main__`, which would run it)."""
    import gridoffice

    found = pkgutil.walk_packages(gridoffice.__path__, "gridoffice.")
    return tuple(importlib.import_module(info.name) for info in found if not info.name.endswith("__main__"))
