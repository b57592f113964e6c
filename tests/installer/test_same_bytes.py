"""The same library comes out of every folder: the linker looks at neither the clock nor the path."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from installer import msi, replacing


def test_a_library_is_the_same_wherever_it_is_linked(tmp_path: Path) -> None:
    compiler, *flags = replacing.COMPILER
    if shutil.which(compiler) is None:  # a machine that makes no packages links with its own
        compiler, flags = "cc", ["-shared", "-s"]
        linker: tuple[str, ...] = ()
    else:
        linker = (replacing.LINKER,)
    source = tmp_path / "a.c"
    source.write_text("int answer(void) { return 42; }\n")
    made = []
    for folder in (tmp_path / "one", tmp_path / "two" / "deeper"):
        folder.mkdir(parents=True)
        target = folder / "a.dll"
        subprocess.run([compiler, *flags, *linker, "-o", str(target), str(source)], check=True)
        made.append(target.read_bytes())
    assert made[0] == made[1]


def test_parts_of_the_msi_have_names_that_follow_from_their_place(tmp_path: Path) -> None:
    told = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        (folder / "lib").mkdir(parents=True)
        for name in ("lib/b.dll", "lib/a.dll", "GridOffice.exe"):
            (folder / name).write_bytes(b"x")
        told.append(msi.files(folder))
    assert told[0] == told[1]
    assert told[0].index("GridOffice.exe") < told[0].index("lib/a.dll") < told[0].index("lib/b.dll")
    (folder / "lib" / "b.dll").write_bytes(b"another version")
    assert msi.files(folder) == told[0], "the same part in the next version"
