"""Where newer versions are looked for: a folder, a share, or, only where somebody wrote one down, an address.

The clerk's own choice comes first, then what the setup was told (`setup.exe /UPDATES=…`), else nothing is
looked for anywhere.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from gridoffice import __version__, settings
from gridoffice.build import HOME
from gridoffice.errors import OfficeError
from gridoffice.updating.release import LARGEST, NAME, Release, proved

PLACE = "updates"
"""Under this name the computer remembers the clerk's choice."""
PRESET = HOME / "updates.txt"
PATIENCE = 20
"""Seconds until a server that does not answer is given up."""


class NoPlace(OfficeError):
    """Where newer versions should be cannot be reached, or holds none."""


def place() -> str:
    """Where to look; empty when nobody said."""
    chosen = settings.recall(PLACE)
    if isinstance(chosen, str):
        return chosen
    try:
        said = PRESET.read_bytes()
    except OSError:
        return ""
    return said.decode("utf-16" if said.startswith(codecs.BOM_UTF16_LE) else "utf-8-sig").strip()


def choose(where: str) -> None:
    """Look there from now on; empty: nowhere."""
    settings.remember(PLACE, where.strip())


def is_address(where: str) -> bool:
    return where.lower().startswith(("https://", "http://"))


def newest(where: str) -> Release | None:
    """The version that lies there, when it is newer than this one.

    Raises `NoPlace` when nothing can be read there, `Untrusted` when it is not signed by ours.
    """
    with opened(where, NAME) as file:
        found = proved(file.read(LARGEST + 1))
    return found if found.newer_than(__version__) else None


@contextmanager
def opened(where: str, name: str) -> Iterator[IO[bytes]]:
    """A file of the place, to be read."""
    if not where:
        raise NoPlace("还没有选更新文件夹。")
    try:
        if is_address(where):
            address = f"{where.rstrip('/')}/{quote(name)}"
            with closing(urlopen(Request(address), timeout=PATIENCE)) as answer:
                yield answer
        else:
            with (Path(where) / name).open("rb") as file:
                yield file
    except (FileNotFoundError, HTTPError) as error:
        raise NoPlace(f"“{where}”里没有“{name}”。核对文件夹，或者问发布网格办的单位。") from error
    except (URLError, TimeoutError, ConnectionError, ValueError) as error:
        raise NoPlace(f"连不上“{where}”。检查网络，或者改用文件夹。") from error
    except PermissionError as error:
        raise NoPlace(f"没有权限读“{where}”。让管理员开通，或者换一个文件夹。") from error


def kind_of_computer() -> str:
    """Under which name the packages for this computer stand in a release."""
    if sys.platform == "win32":
        return "windows"
    import platform

    return {"x86_64": "debian-amd64", "aarch64": "debian-arm64"}.get(platform.machine(), sys.platform)
