"""A file that takes another's place only when it is whole; and the one sentence for each reason why it cannot."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gridoffice.errors import OfficeError

_IS_FOLDER = "“{}”是文件夹，换一个文件名。"


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file beside `path` that takes its place when all went well, and is gone when not.

    Raises `OfficeError` when the file is open in another program or the folder cannot be written.
    """
    with _beside(path) as beside:
        with beside.open("w+b") as target:
            yield target
        try:
            beside.replace(path)
        except PermissionError:
            raise OfficeError(f"“{path.name}”正在 WPS 里打开，关掉后再试。") from None
        except IsADirectoryError:
            raise OfficeError(_IS_FOLDER.format(path.name)) from None


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises `OfficeError` as `replacing` does."""
    with replacing(path) as target:
        target.write(content)


def check_place(path: Path) -> None:
    """Whether a file can be made there at all, before anything is done for it. Raises `OfficeError` as
    `replacing` does."""
    if path.is_dir():
        raise OfficeError(_IS_FOLDER.format(path.name))
    with _beside(path) as beside:
        beside.touch()


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name beside `path`, free again afterwards; what the folder refuses is said in words."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield beside
    except FileNotFoundError:
        raise OfficeError(f"没有“{path.parent}”这个文件夹，写不了“{path.name}”。") from None
    except PermissionError:
        raise OfficeError(f"“{path.parent}”这个文件夹不让写，换一个地方存“{path.name}”。") from None
    except OSError as error:
        raise OfficeError(f"“{path.name}”没写成：{error.strerror or error}。") from None
    finally:
        beside.unlink(missing_ok=True)
