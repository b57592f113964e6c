"""Putting a proved package in the place of this program, and telling afterwards what came of it.

On Windows the setup does it all: it unpacks the new program beside the old one, has it test itself and back the
data up (keeping.py), and only then lets them change places; whatever goes wrong, the old one is started again.
Elsewhere the administrator installs the package.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from gridoffice import __version__, settings
from gridoffice.build import HOME, this_build
from gridoffice.errors import OfficeError
from gridoffice.updating.fetching import folder, is_whole, package_of
from gridoffice.updating.release import Release, Untrusted, numbers

BEGUN = "updating"
"""Under this name the computer remembers which version it is going over to."""
SAID = "outcome.txt"
"""The setup writes its exit status there."""

WHY = {
    "4": "网格办没有关上",
    "5": "升级前备份资料没有做成",
    "6": "装着的版本更新",
    "7": "新版本自检没有通过",
    "8": "旧的程序文件正被占用",
    "9": "磁盘放不下",
}
"""What the setup's exit status means (installer/windows/setup.nsi)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an update ended, in a sentence."""

    well: bool
    words: str


def can_install() -> bool:
    """Whether this program is one that a setup put there."""
    return sys.platform == "win32" and this_build().commit is not None


def begin(package: Path, release: Release) -> None:
    """Start the setup; whoever calls ends the program now. Raises `Untrusted` when the file changed since
    it was copied, `OfficeError` when Windows does not start it."""
    if not is_whole(package, package_of(release)):
        raise Untrusted("复制来的更新被改动过，没有更新。再检查一次更新。")
    settings.remember(BEGUN, release.version)
    (folder() / SAID).unlink(missing_ok=True)
    try:
        subprocess.Popen(command(package), close_fds=True, cwd=package.parent)
    except OSError as error:
        settings.remember(BEGUN, None)
        raise OfficeError("安装程序没有启动，还是现在的版本。看看杀毒软件有没有拦下它。") from error


def command(package: Path) -> str:
    """As setup.exe wants it: the folder last, and never in quotes."""
    return f'"{package}" /S /RESTART /OUTCOME="{folder() / SAID}" /D={HOME}'


def by_hand(package: Path) -> str:
    """What the administrator of a computer without Windows is told."""
    return f"安装包在“{package}”。让管理员运行：sudo apt install “{package}”"


def outcome() -> Outcome | None:
    """What came of an update that was begun; told once, None when there was none."""
    wanted = settings.recall(BEGUN)
    if not isinstance(wanted, str):
        return None
    settings.remember(BEGUN, None)
    if numbers(__version__) >= numbers(wanted):
        for leftover in folder().iterdir():
            leftover.unlink()
        return Outcome(True, f"已更新到 {__version__}。")
    try:
        said = (folder() / SAID).read_text("ascii", errors="replace").strip()
    except OSError:
        said = ""
    why = WHY.get(said, "安装程序没有做完")
    return Outcome(False, f"没有更新到 {wanted}：{why}。还是 {__version__}，资料没有变。")
