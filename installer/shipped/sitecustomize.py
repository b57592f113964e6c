"""What Python reads first in an installed program: modules come out of one packed file, `code.pack`.

The file keeps compiled modules, compressed by groups, before an index; `installer/packing.py` writes it.
A module's `__file__` says where it would stand on the disk, so that packages find the data and the
compiled parts they brought, which do stand there.
"""

from __future__ import annotations

import lzma
import marshal
import mmap
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 1 << 22}]
KEPT = 8


class Packed:
    """Finds and loads the modules of one packed file. `folder` is what their places are counted from."""

    def __init__(self, file: Path, folder: Path):
        self._folder = folder
        with file.open("rb") as opened:
            self._body = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        at = int.from_bytes(self._body[-8:], "big")
        self._index: dict[str, tuple[str, str, int, int]]
        self._places: dict[str, tuple[int, int]]
        self._index, self._places = marshal.loads(self._body[at:-8])
        self._open: dict[str, bytes] = {}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        found = self._index.get(name)
        if found is None:
            return None
        place = self._folder / found[0]
        if not found[1]:  # a folder that packages of several makers share
            spec = ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = [str(place)]
            return spec
        spec = ModuleSpec(name, self, origin=str(place), is_package=place.name == "__init__.py")  # type: ignore[arg-type]
        spec.has_location = True
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(str(place.parent))
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """As Python makes modules."""

    def exec_module(self, module: ModuleType) -> None:
        exec(self.get_code(module.__name__), module.__dict__)

    def get_code(self, name: str) -> CodeType:
        _, group, at, length = self._index[name]
        return marshal.loads(memoryview(self._group(group))[at : at + length])

    def _group(self, name: str) -> bytes:
        """Modules of one package are asked for one after the other: the latest groups are kept unpacked."""
        found = self._open.pop(name, None)
        if found is None:
            at, length = self._places[name]
            found = lzma.decompress(self._body[at : at + length], lzma.FORMAT_RAW, filters=FILTERS)
            if len(self._open) >= KEPT:
                self._open.pop(next(iter(self._open)), None)
        self._open[name] = found
        return found

    def get_source(self, name: str) -> None:
        """Sources are not shipped: the commit that a fault names has them."""

    def get_data(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def get_resource_reader(self, name: str) -> Any:
        """For `importlib.resources`: what a package brought stands in the folder it names."""
        from importlib.readers import FileReader

        return FileReader(SimpleNamespace(path=str(self._folder / self._index[name][0])))  # type: ignore[arg-type]

    def is_package(self, name: str) -> bool:
        return self._index[name][0].endswith("__init__.py")


def _begin() -> None:
    here = Path(__file__).resolve().parent
    if (here / "code.pack").is_file():
        sys.meta_path.insert(-1, Packed(here / "code.pack", here))


_begin()
