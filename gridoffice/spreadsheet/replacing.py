"""A file that takes another's place only when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gridoffice.errors import OfficeError


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file beside `path` that takes its place when all went well, and is gone when not.

    Raises `OfficeError` when the file is open in another program or the folder cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("w+b") as target:
            yield target
        try:
            beside.replace(path)
        except PermissionError:
            raise OfficeError(f"“{path.name}”正在 WPS 里打开，关掉后再试。") from None
        except IsADirectoryError:
            raise OfficeError(f"“{path.name}”是文件夹，换一个文件名。") from None
    except FileNotFoundError:
        raise OfficeError(f"没有“{path.parent}”这个文件夹，写不了“{path.name}”。") from None
    except PermissionError:
        raise OfficeError(f"“{path.parent}”这个文件夹不让写，换一个地方存“{path.name}”。") from None
    except OSError as error:
        raise OfficeError(f"“{path.name}”没写成：{error.strerror or error}。") from None
    finally:
        beside.unlink(missing_ok=True)
