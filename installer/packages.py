"""What most are given: setup.exe, made by NSIS. The .msi for a whole department: msi.py; the .deb: debian.py."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from installer.payload import HERE, Build


def _run(words: Iterable[object], moment: int, folder: Path) -> None:
    """Packers that put a time into what they make take it from the environment."""
    subprocess.run(
        [str(word) for word in words],
        check=True,
        cwd=folder,
        env=os.environ | {"SOURCE_DATE_EPOCH": str(moment), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
    )


def setup_exe(
    payload: Path, work: Path, target: Path, build: Build, sign: str | None = None, fast: bool = False
) -> None:
    """`GridOffice-x.y.z-setup.exe`: per user, no administrator, removed by the list of what it brought."""
    files = [path for path in sorted(payload.rglob("*")) if path.is_file()]
    listed = work / "removal.nsh"
    listed.write_text("\n".join(removal(payload, files)) + "\n", "utf-8-sig")
    size = sum(path.stat().st_size for path in files)
    defines: dict[str, object] = {
        "OUT": target,
        "PAYLOAD": payload,
        "ICON": work / "launcher" / "gridoffice.ico",
        "REMOVAL": listed,
        "VERSION": build.version,
        "NUMBERS": ".".join(map(str, build.numbers)),
        "KIBIBYTES": size // 1024,
        "ROOM": 2 * size // 2**20 + 64,
    }
    if sign:
        defines["SIGN"] = sign
    if fast:
        defines["FAST"] = 1
    words = ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8"]
    _run(
        [*words, *(f"-D{name}={value}" for name, value in defines.items()), HERE / "windows" / "setup.nsi"],
        build.moment,
        work,
    )


def removal(payload: Path, files: list[Path]) -> list[str]:
    """Lines that delete exactly these files, and then folders that are empty, the deepest first."""
    folders = sorted(
        {parent for path in files for parent in path.parents if payload in parent.parents},
        key=lambda path: (-len(path.parts), path),
    )
    return [
        *(f'Delete "$INSTDIR\\{_windows(path.relative_to(payload))}"' for path in files),
        *(f'RMDir "$INSTDIR\\{_windows(path.relative_to(payload))}"' for path in folders),
    ]


def _windows(path: Path) -> str:
    return path.as_posix().replace("/", "\\").replace("$", "$$")
