"""Copying a package here: whole and as it was signed, or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path

from gridoffice import settings
from gridoffice.errors import OfficeError
from gridoffice.progress import report
from gridoffice.updating.places import NoPlace, kind_of_computer, opened
from gridoffice.updating.release import Package, Release, Untrusted, sha256_of

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""The disk, what this user may put on it, or the length a file may have there is at an end."""
PORTION = 1 << 20
ROOM = 3
"""So many times the package must fit on the disk: itself, the new program, and the old one beside it."""


def folder() -> Path:
    """Where packages are kept until they are installed."""
    made = settings.data_folder() / "updates"
    made.mkdir(parents=True, exist_ok=True)
    return made


def package_of(release: Release) -> Package:
    """What of a release is for this computer. Raises `NoPlace` when it brings nothing for it."""
    found = release.packages.get(kind_of_computer())
    if found is None:
        raise NoPlace(f"{release.version} 里没有这种电脑用的安装包。向发布网格办的单位要一份。")
    return found


def fetch(where: str, release: Release) -> Path:
    """The package of a release, copied from `where`; one that is here already and whole is not copied again.

    Raises `Untrusted` when its bytes are not those that were signed, `NoPlace` when it cannot be read,
    `OfficeError` when it cannot be kept. Nothing of it is left behind then.
    """
    package = package_of(release)
    target = folder() / package.name
    if is_whole(target, package):
        return target
    for leftover in folder().iterdir():
        leftover.unlink()
    free = shutil.disk_usage(folder()).free
    if free < ROOM * package.size:
        lacking = (ROOM * package.size - free) // 1_000_000 + 1
        raise OfficeError(f"磁盘放不下更新，还差 {lacking} MB。腾出地方再更新，现在的版本照常能用。")
    fresh = target.with_name(f"{target.name}.part")
    try:
        _copy(where, package, fresh)
        fresh.replace(target)
    except OSError as error:
        full = error.errno in FULL
        raise OfficeError(
            "磁盘满了，更新没有复制完。腾出地方再更新，现在的版本照常能用。"
            if full
            else "更新复制到一半断了。检查网络和更新文件夹，再试一次。"
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return target


def _copy(where: str, package: Package, target: Path) -> None:
    digest, done = hashlib.sha256(), 0
    with opened(where, package.name) as source, target.open("wb") as file:
        while portion := source.read(PORTION):
            done += len(portion)
            if done > package.size:
                break
            digest.update(portion)
            file.write(portion)
            report("复制更新", done, package.size)
        file.flush()
        os.fsync(file.fileno())
    if done < package.size:
        raise OfficeError("更新复制到一半断了。检查网络和更新文件夹，再试一次。")
    if done > package.size or digest.hexdigest() != package.sha256:
        raise Untrusted(f"“{package.name}”和签过名的说明对不上，没有更新。向发布网格办的单位重新要一份。")


def is_whole(file: Path, package: Package) -> bool:
    return file.is_file() and file.stat().st_size == package.size and sha256_of(file) == package.sha256
