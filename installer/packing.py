"""Python code as it is shipped: compiled, without docstrings, in one packed file that
`shipped/sitecustomize.py` reads.

    python -m installer.packing PAYLOAD
    python -m installer.packing --beside FOLDER    (the standard library of the .deb: a .pyc for each)

Run as a process of its own with PYTHONHASHSEED=0, for the same bytes each time.
"""

from __future__ import annotations

import ast
import importlib.util
import lzma
import marshal
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import CodeType

PACK = "code.pack"
FOLDERS = ("lib", "app")
LOOSE = "app/db/migrations/"
"""Alembic reads the steps of the schema from their folder, one by one."""


FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 22}]
ALONE = 400_000
"""A part of a package that is so long lies by itself, the shorter ones of the package together: a tenth less,
and starting still unpacks little that nobody asks for."""


def pack(payload: Path) -> None:
    """Take every module below `lib` and `app` into the packed file, and away from where it stood.

    Modules that are imported together lie together: a third less than each by itself."""
    bodies: dict[str, tuple[str, bytes]] = {}
    spaces: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted((payload / folder).rglob("*.py")):
            place = path.relative_to(payload).as_posix()
            name = module_name(path.relative_to(payload / folder))
            if place.startswith(LOOSE) or name is None:
                continue
            bodies[name] = (place, marshal.dumps(compiled(path.read_bytes(), place)))
            path.unlink()
            for parent in path.parents:
                if parent == payload / folder or (parent / "__init__.py").exists():
                    break
                above = parent.relative_to(payload / folder).as_posix().replace("/", ".")
                spaces.setdefault(above, parent.relative_to(payload).as_posix())
    lengths = Counter[str]()
    for name, (_, body) in bodies.items():
        lengths[_part(name)] += len(body)
    groups: dict[str, bytearray] = {}
    index = {name: (place, "", 0, 0) for name, place in spaces.items()}
    for name, (place, body) in bodies.items():
        key = _part(name) if lengths[_part(name)] > ALONE else name.partition(".")[0]
        group = groups.setdefault(key, bytearray())
        index[name] = (place, key, len(group), len(body))
        group += body
    places: dict[str, tuple[int, int]] = {}
    packed = bytearray()
    for key in sorted(groups):
        squeezed = lzma.compress(bytes(groups[key]), lzma.FORMAT_RAW, filters=FILTERS)
        places[key] = (len(packed), len(squeezed))
        packed += squeezed
    at = len(packed)
    packed += marshal.dumps((index, places))
    (payload / PACK).write_bytes(bytes(packed) + at.to_bytes(8, "big"))


def _part(name: str) -> str:
    return ".".join(name.split(".")[:2])


def module_name(place: Path) -> str | None:
    """`a/b/__init__.py` is a.b; None of what no import could name (templates, data)."""
    parts = [*place.parts[:-1], *([] if place.stem == "__init__" else [place.stem])]
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else None


def compiled(source: bytes, place: str) -> CodeType:
    """The code of a module; its docstrings, which nobody reads there, are left out. Assertions stay."""
    tree = ast.parse(source, place)
    for text in _docstrings(tree):
        text.value = "."  # short and not gone: SQLAlchemy adds to its own
    return lean(compile(tree, place, "exec", dont_inherit=True, optimize=0))


def lean(code: CodeType) -> CodeType:
    """The same code that knows the line of each instruction and no longer its columns: sources, in which a
    fault could point at them, are not shipped, and they are a quarter of all packed code.

    The lines are written down as Python 3.11 reads them (Objects/locations.md of its sources)."""
    table, before = bytearray(), code.co_firstlineno
    for line, run in groupby(line for line, *_ in code.co_positions()):
        for length in _portions(len(list(run)), 8):
            if line is None:
                table.append(0x80 | 15 << 3 | length - 1)
                continue
            table.append(0x80 | 13 << 3 | length - 1)
            step, before = line - before, line
            left = -step << 1 | 1 if step < 0 else step << 1
            while left >= 64:
                table.append(64 | left & 63)
                left >>= 6
            table.append(left)
    inner = tuple(lean(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_linetable=bytes(table), co_consts=inner)


def _portions(whole: int, most: int) -> Iterator[int]:
    while whole > 0:
        yield min(whole, most)
        whole -= most


def lean_file(body: bytes) -> bytes:
    """A .pyc file that Python's makers compiled, as `lean` leaves its code."""
    return body[:16] + marshal.dumps(lean(marshal.loads(body[16:])))


def module_file(source: bytes, place: str) -> bytes:
    """The same as a .pyc file of its own, never held against a source."""
    head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + importlib.util.source_hash(source)
    return head + marshal.dumps(compiled(source, place))


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                if isinstance(first.value.value, str):
                    yield first.value


def compile_beside(folder: Path) -> None:
    """Every module as a .pyc in its own place, its source away."""
    for path in sorted(folder.rglob("*.py")):
        if module_name(path.relative_to(folder)) is not None:
            path.with_suffix(".pyc").write_bytes(
                module_file(path.read_bytes(), path.relative_to(folder).as_posix())
            )
            path.unlink()


if __name__ == "__main__":
    if sys.argv[1] == "--beside":
        compile_beside(Path(sys.argv[2]))
    else:
        pack(Path(sys.argv[1]))
