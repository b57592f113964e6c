"""The libraries of Windows that Debian's Wine lacks, made for the trial and never shipped.

    python shims.py FOLDER UCRTBASE...

writes them into FOLDER; UCRTBASE are Wine's own ucrtbase.dll, the first that exists is stood in for:
a copy of it becomes `ucrtwine.dll`, and all that the stand-in does not do itself is forwarded there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pefile

HERE = Path(__file__).resolve().parent
COMPILER = ("x86_64-w64-mingw32-gcc", "-O2", "-shared", "-s", "-static-libgcc")
WINE_MARK = b"Wine builtin DLL"
"""By it Wine tells its own libraries; one under another name must not have it."""


def make(folder: Path, ucrtbase: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, more in (("icuuc", ()), ("bcryptprimitives", ("-ladvapi32",))):
        words = [*COMPILER, "-o", folder / f"{name}.dll", HERE / f"{name}.c", *more]
        subprocess.run([str(word) for word in words], check=True)
    body = ucrtbase.read_bytes()
    (folder / "ucrtwine.dll").write_bytes(body.replace(WINE_MARK, b"\0" * len(WINE_MARK), 1))
    own = _own_functions()
    lines = ["LIBRARY ucrtbase.dll", "EXPORTS"]
    exports: Any = pefile.PE(data=body)
    for symbol in exports.DIRECTORY_ENTRY_EXPORT.symbols:
        if symbol.name is not None:
            name = symbol.name.decode()
            lines.append(f'"{name}"={"shim_" + name if name in own else f"ucrtwine.{name}"}')
    definition = folder / "ucrtbase.def"
    definition.write_text("\n".join(lines) + "\n", "ascii")
    words = [*COMPILER, "-o", folder / "ucrtbase.dll", HERE / "complex.c", definition]
    subprocess.run([str(word) for word in words], check=True)
    definition.unlink()


def _own_functions() -> set[str]:
    text = (HERE / "complex.c").read_text("utf-8")
    families = {
        name
        for line in re.findall(r"^(?:OF|TO_REAL)\(.*", text, re.MULTILINE)
        for name in re.findall(r"\((\w+)\)", line)
    }
    return {name + end for name in families | {"cpow"} for end in ("", "f", "l")}


if __name__ == "__main__":
    make(Path(sys.argv[1]), next(path for path in map(Path, sys.argv[2:]) if path.exists()))
