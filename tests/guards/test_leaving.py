"""Nothing is written for somebody to take along but through `gridoffice.leaving`: with its purpose and its mark."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.guards.sources import modules, tree

WRITERS = ("write_ledger", "write_book", "fill_form", "write_receipt")
"""They make a workbook of the office's rows: whoever calls one has asked for the mark."""
WITHOUT = {
    "gridoffice/exports.py:template": "empty: nobody stands in it",
    "gridoffice/packages/sending.py:_written": "sealed for one office, whose program alone reads it; noted in the register",
}
BYTES = {
    "gridoffice/packages/sending.py": "a package, sealed; it takes its place once the register has it",
    "gridoffice/packages/contents.py": "a package unpacked into a folder of the program's own",
    "gridoffice/packages/receiving.py": "a part of a package, in a folder of the program's own",
    "gridoffice/demo/build.py": "made-up people",
    "gridoffice/demo/samples.py": "made-up people",
    "ui/style.py": "pictures of the program's own",
}
"""Who writes the bytes of a file himself."""


def functions(body: ast.AST) -> Iterator[ast.FunctionDef]:
    """The functions of a module and the methods of its classes."""
    for node in ast.iter_child_nodes(body):
        if isinstance(node, ast.FunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node)


def called(node: ast.AST) -> set[str]:
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            of = one.func
            found.add(of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else "")
    return found


def test_every_workbook_of_rows_asks_for_its_mark() -> None:
    unmarked, known = [], 0
    for path in modules():
        if path.parts[0] not in ("gridoffice", "ui"):
            continue
        for function in functions(tree(path)):
            calls = called(function)
            if calls & set(WRITERS) and function.name not in WRITERS:
                known += 1
                if "mark_of" not in calls:
                    unmarked.append(f"{path.as_posix()}:{function.name}")
    assert known >= 8
    assert set(unmarked) == set(WITHOUT)


def test_files_are_written_in_one_place() -> None:
    writing = {
        path.as_posix()
        for path in modules()
        if path.parts[0] in ("gridoffice", "ui") and "write_bytes" in called(tree(path))
    }
    assert writing <= set(BYTES), "gridoffice.spreadsheet.replacing.put says why a file cannot be written"
