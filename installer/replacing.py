"""Parts of libraries that are replaced in the payload: the same for the program, in far less room."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pefile

from installer.signatures import programs

HERE = Path(__file__).resolve().parent
COMPILER = ("x86_64-w64-mingw32-gcc", "-shared", "-s", "-static-libgcc")
LINKER = "-Wl,--no-insert-timestamp,--image-base,0x180000000,--dynamicbase,--nxcompat,--high-entropy-va"
"""The linker would choose the base by the name of the folder."""
OPENSSL = ("libcrypto-3", "libssl-3")


class Unlike(Exception):
    """The replacement does not have what is asked of it."""


def replace_all(payload: Path) -> None:
    """OpenBLAS by a few loops, Qt's OpenGL by its names, and of two OpenSSLs the older by the newer; of
    Microsoft's C++ runtime all get the newest, which the packages then hold once."""
    for path in sorted((HERE / "shipped").rglob("*.py")):
        place = path.relative_to(HERE / "shipped")
        if len(place.parts) > 1:
            target = payload / "lib" / place.parent
            if place.name == "__init__.py":  # it stands for a whole package
                shutil.rmtree(target)
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / path.name)
    readings(payload / "lib" / "pypinyin")
    products(payload)
    one_openssl(payload)
    one_runtime(payload / "lib")


def readings(folder: Path) -> None:
    """The dictionaries of pinyin go into the packed code, compressed with it, instead of lying beside it."""
    for name, key in (("phrases_dict", str), ("pinyin_dict", int)):
        file = folder / f"{name}.json"
        held = json.dumps(json.loads(file.read_text("utf-8")), ensure_ascii=False, separators=(",", ":"))
        made = f"import json\n\n{name} = {{{key.__name__}(one): way for one, way in json.loads({held!r}).items()}}\n"
        (folder / f"{name}.py").write_text(made, "utf-8")
        file.unlink()


def products(payload: Path) -> None:
    """numpy's sums of products by `windows/blas.c`. Raises `Unlike` when numpy asks for more."""
    (found,) = (payload / "lib" / "numpy.libs").glob("libscipy_openblas64_*.dll")
    made = found.with_suffix(".new")
    words = [*COMPILER, LINKER, "-std=c11", "-O2", "-fcx-limited-range", "-Wall", "-Wextra", "-Werror"]
    _run([*words, "-o", made, HERE / "windows" / "blas.c"])
    made.replace(found)
    lacking = asked_of(found.name, programs(payload / "lib")) - exported(found)
    if lacking:
        raise Unlike(f"numpy asks for {sorted(lacking)}")


def one_openssl(payload: Path) -> None:
    """Python's own OpenSSL (of the day of that Python) gives way to the one that comes with psycopg and is
    kept up to date: its two libraries only pass on what Python asks for, by name."""
    for name in OPENSSL:
        (newer,) = (payload / "lib" / "psycopg_binary.libs").glob(f"{name}-x64-*.dll")
        older = payload / f"{name}.dll"
        beside = payload / newer.name  # where Windows looks whoever asks first
        newer.replace(beside)
        older.unlink()
        asked = asked_of(older.name, programs(payload))
        if not asked or asked - exported(beside):
            raise Unlike(f"{beside.name} lacks {sorted(asked - exported(beside))}")
        definition = payload / f"{name}.def"
        lines = [f'"{one}"="{beside.stem}.{one}"' for one in sorted(asked)]
        definition.write_text("\n".join([f"LIBRARY {older.name}", "EXPORTS", *lines]) + "\n", "ascii")
        _run([*COMPILER, LINKER, "-nostdlib", "-Wl,-e,0", "-o", older, definition])
        definition.unlink()


def one_runtime(folder: Path) -> None:
    """The newest of them serves whatever was made for an older one: so Microsoft keeps it."""
    found = {
        path: _version(path)
        for path in sorted(folder.glob("*/msvcp140.dll")) + sorted(folder.glob("*/msvcp140-*.dll"))
    }
    newest = max(found, key=lambda path: found[path])
    body = newest.read_bytes()
    for path in found:
        path.write_bytes(body)


def _version(library: Path) -> tuple[int, int]:
    image: Any = pefile.PE(str(library), fast_load=True)
    image.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
    told = image.VS_FIXEDFILEINFO[0]
    image.close()
    return told.FileVersionMS, told.FileVersionLS


def asked_of(library: str, files: Iterable[Path]) -> set[str]:
    """The functions that these program files take from a library."""
    found: set[str] = set()
    for path in files:
        if path.name.lower() == library.lower():
            continue
        image: Any = pefile.PE(str(path), fast_load=True)
        image.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
        for entry in getattr(image, "DIRECTORY_ENTRY_IMPORT", []):
            if entry.dll.decode().lower() == library.lower():
                found |= {one.name.decode() for one in entry.imports}
        image.close()
    return found


def exported(library: Path) -> set[str]:
    """The functions that a library offers."""
    image: Any = pefile.PE(str(library), fast_load=True)
    image.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_EXPORT"]])
    found = {one.name.decode() for one in image.DIRECTORY_ENTRY_EXPORT.symbols if one.name}
    image.close()
    return found


def _run(words: Iterable[object]) -> None:
    subprocess.run([str(word) for word in words], check=True)
