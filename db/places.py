"""Where a local database may lie: never on a network share, where SQLite's locks do not hold."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

MOUNTS = Path("/proc/self/mountinfo")
REMOTE = 4
"""GetDriveType's answer for a drive letter that stands for a share (`DRIVE_REMOTE`)."""
NETWORKED = frozenset(
    """nfs nfs4 cifs smb smb2 smb3 smbfs ncpfs afs ceph glusterfs fuse.glusterfs lustre davfs fuse.davfs2
    fuse.sshfs fuse.rclone fuse.smbnetfs fuse.gvfsd-fuse vboxsf fuse.vmhgfs-fuse""".split()
)
"""Kinds of Linux file systems that are another computer's (or, of a virtual machine, its host's)."""


def network_reason(path: Path) -> str | None:
    """Why the file would lie on another computer ("共享文件夹 \\\\server\\share", "网络盘 Z:", …); None where it
    lies on this one. Nothing needs to be there yet."""
    if sys.platform == "win32":
        return windows_reason(str(path if str(path).startswith(("\\\\", "//")) else path.absolute()))
    shared = unc_reason(str(path))
    if shared is not None:
        return shared
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    return linux_reason(path.resolve(), mounts)


def unc_reason(path: str) -> str | None:
    """`\\\\server\\share`, in any spelling; not `\\\\?\\C:\\` and `\\\\.\\`, which are of this computer."""
    said = path.replace("/", "\\")
    if said.upper().startswith("\\\\?\\UNC\\"):
        said = "\\\\" + said[8:]
    if not said.startswith("\\\\") or said.startswith(("\\\\?\\", "\\\\.\\")):
        return None
    return f"共享文件夹“{PureWindowsPath(said).drive or said}”"


def windows_reason(path: str, kind_of: Callable[[str], int] | None = None) -> str | None:
    """The same on Windows, where a letter may stand for a share: `kind_of` is GetDriveType."""
    shared = unc_reason(path)
    if shared is not None:
        return shared
    drive = PureWindowsPath(path.removeprefix("\\\\?\\")).drive
    if not drive:
        return None
    return f"网络盘“{drive}”" if (kind_of or _drive_type)(drive + "\\") == REMOTE else None


def _drive_type(root: str) -> int:
    if sys.platform != "win32":
        return 0
    import ctypes

    return ctypes.windll.kernel32.GetDriveTypeW(root)


def linux_reason(path: Path, mounts: str) -> str | None:
    """The same on Linux, by what /proc/self/mountinfo says (proc(5))."""
    best: tuple[int, str, str] = (0, "", "")
    for line in mounts.splitlines():
        head, found, tail = line.partition(" - ")
        words = head.split(" ")
        if not found or len(words) < 5 or not tail:
            continue
        place = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), words[4])
        # of several mounts at one place the last one lies on top
        if PurePosixPath(path).is_relative_to(place) and len(place) >= best[0]:
            best = (len(place), place, tail.split(" ")[0])
    return f"网络盘“{best[1]}”（{best[2]}）" if best[2] in NETWORKED else None
