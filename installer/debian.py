"""The .deb for Kylin, UOS and other desktops that grew out of Debian: the same program with its own Python.

It is made on a computer of the kind it is for (amd64 or arm64), from the Python that makes it and the locked
libraries. Which C library it needs is read from the files themselves.
"""

from __future__ import annotations

import os
import re
import shutil
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from installer import icon, notices, payload
from installer.payload import HERE, ROOT, Build

HOME = Path("opt/gridoffice")
STDLIB_UNUSED = {
    "test",
    "idlelib",
    "lib2to3",
    "ensurepip",
    "distutils",
    "turtledemo",
    "tkinter",
    "pydoc_data",
}
QT_KEPT = re.compile(
    r"Qt/plugins/(platforms/libq(xcb|offscreen)|platforminputcontexts/lib(compose|ibus)\w+|xcbglintegrations/\w+|"
    r"xcbglintegrations/[\w-]+|imageformats/libq(jpeg|ico|svg)|iconengines/\w+|printsupport/\w+|"
    r"platformthemes/libqxdgdesktopportal)\.so|Qt/translations/qt(base)?_zh_CN\.qm|Qt(Core|Gui|Widgets|PrintSupport|Svg)\.abi3\.so|"
    r"lib(pyside6|shiboken6)\.abi3\.so[.\d]*|Shiboken\.abi3\.so|.*\.py"
)
"""Of Qt; the libraries themselves are kept as far as these ask for them."""
OLDER_PLATFORM = {"amd64": "x86_64-manylinux_2_28", "arm64": "aarch64-manylinux_2_31"}
"""Of libraries that come for several C libraries, those for desktops of 2020; the makers' newest otherwise."""
SYSTEM = re.compile(
    r"(ld-linux.*|lib(c|m|dl|pthread|rt|util|resolv|gcc_s|stdc\+\+|GL|EGL|GLX|OpenGL|xkbcommon(-x11)?|X11(-xcb)?|xcb(-.*)?|"
    r"fontconfig|freetype|dbus-1|glib-2\.0|gthread-2\.0|cups|z|zstd)\.so.*)"
)
"""What the desktop brings (`debian/control`)."""


def make(target: Path, work: Path, build: Build, fast: bool = False, older: bool = False) -> None:
    """Write the package; `fast`: larger, in a tenth of the time; `older`: with a Qt for desktops of 2020.

    Raises `payload.Broken` when a library is asked for that nobody brings."""
    root = work / "debian"
    shutil.rmtree(root, ignore_errors=True)
    home = root / HOME
    home.mkdir(parents=True)
    _python(home / "python")
    lock = _older_lock(work) if older else ROOT / "requirements.lock"
    _libraries(home / "lib", lock, OLDER_PLATFORM[architecture()] if older else None)
    payload.own_code(home / "app", build)
    shutil.copyfile(_python_licence(), home / "LICENSE.txt")
    notices.collect(home, build.version)
    payload.shorten_descriptions(home / "lib")
    payload.compile_all(home)
    payload.squeeze_fonts(home / "app" / "resources" / "fonts", work / "fonts")
    bring_along(home)
    _desktop(root)
    payload.same_times(root, build.moment)
    for name in (HOME / "python" / "bin" / "python3.11", Path("usr/bin/gridoffice")):
        (root / name).chmod(0o755)
    _control(root, build)
    payload.same_times(root / "DEBIAN", build.moment)
    words = [
        "dpkg-deb",
        "--root-owner-group",
        *(("-Zgzip", "-z1") if fast else ("-Zxz", "-z9")),
        "--build",
        root,
        target,
    ]
    _run(words, SOURCE_DATE_EPOCH=str(build.moment))


def architecture() -> str:
    """As Debian calls this kind of computer."""
    return _said("dpkg", "--print-architecture").strip()


def _python(folder: Path) -> None:
    """The Python that runs this, compiled, without what the program never imports."""
    library = folder / "lib" / "python3.11"
    shutil.copytree(
        sysconfig.get_path("stdlib"),
        library,
        ignore=lambda where, names: [
            name
            for name in names
            if name in STDLIB_UNUSED | {"site-packages", "dist-packages", "__pycache__"}
            or name.startswith("config-")
        ],
    )
    (folder / "bin").mkdir()
    shutil.copyfile(getattr(sys, "_base_executable", sys.executable), folder / "bin" / "python3.11")
    _run(
        [sys.executable, "-m", "installer.packing", "--beside", library],
        PYTHONPATH=str(ROOT),
        PYTHONHASHSEED="0",
    )
    named = Path(site.getsitepackages([str(folder)])[-1])  # Debian's own Python calls it otherwise
    named.mkdir(parents=True)
    (named / "gridoffice.pth").write_text("".join(f"/{HOME}{end}\n" for end in ("", "/lib", "/app")))


def _older_lock(work: Path) -> Path:
    """The locked libraries with the newest Qt that Kylin V10 and UOS 20 can load (`debian/older-qt.txt`)."""
    blocks = re.split(r"^(?=[a-z])", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.MULTILINE)
    kept = [block for block in blocks if not block.startswith(("pyside6", "shiboken6"))]
    made = work / "older.lock"
    made.write_text("".join(kept) + (HERE / "debian" / "older-qt.txt").read_text("utf-8"), "utf-8")
    return made


def _libraries(folder: Path, lock: Path, platform: str | None) -> None:
    words = [Path(sys.executable).with_name("uv"), "pip", "install", "-q", "--target", folder, "--no-deps"]
    words += [
        "--python",
        sys.executable,
        "--only-binary",
        ":all:",
        "--require-hashes",
        "-r",
        lock,
        *(("--python-platform", platform) if platform else ()),
    ]
    _run(words, UV_LINK_MODE="copy")
    for pattern in payload.UNUSED:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for pattern in payload.LEFT_BEHIND:
        for path in folder.rglob(pattern):
            path.unlink()
    for package in ("PySide6", "shiboken6"):
        for path in sorted((folder / package).rglob("*")):
            name = path.relative_to(folder / package).as_posix()
            if path.is_file() and not name.startswith("Qt/lib/") and not QT_KEPT.fullmatch(name):
                path.unlink()
    for stand_in in ("QtOpenGL", "QtOpenGLWidgets"):
        (folder / "PySide6" / f"{stand_in}.abi3.so").unlink(missing_ok=True)
        shutil.copyfile(
            HERE / "shipped" / "PySide6" / f"{stand_in}.py", folder / "PySide6" / f"{stand_in}.py"
        )
    kept = needed(folder, (path for path in programs(folder) if "Qt/lib" not in path.as_posix()))
    for path in (folder / "PySide6" / "Qt" / "lib").iterdir():
        if path.name not in kept:
            path.unlink()
    payload.without_empty_folders(folder)


def programs(folder: Path) -> list[Path]:
    """Programs and libraries below a folder."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix not in (".py", ".pyc"):
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found


def asked(path: Path) -> list[str]:
    """The libraries that a program file asks for."""
    return re.findall(r"\(NEEDED\).*\[(.+)\]", _said("readelf", "-d", str(path)))


def needed(folder: Path, first: Iterable[Path]) -> set[str]:
    """What these files ask for, and what that asks for, by name."""
    here = {path.name: path for path in programs(folder)}
    waiting, found = list(first), set[str]()
    while waiting:
        for name in asked(waiting.pop()):
            if name not in found:
                found.add(name)
                if name in here:
                    waiting.append(here[name])
    return found


def bring_along(home: Path) -> None:
    """The libraries that Python itself was built with; every file then finds them beside itself."""
    beside = home / "python" / "lib" / "brought"
    beside.mkdir()
    waiting = [path for path in programs(home / "python")]
    while waiting:
        path = waiting.pop()
        found = dict(re.findall(r"^\s*(\S+) => (/\S+)", _said("ldd", str(path)), re.MULTILINE))
        for name in asked(path):
            if SYSTEM.fullmatch(name) or (beside / name).exists():
                continue
            if name not in found:
                raise payload.Broken(f"{path.name} asks for {name}, which nobody brings")
            shutil.copyfile(found[name], beside / name)
            waiting.append(beside / name)
    for path in programs(home / "python"):
        way = os.path.relpath(beside, path.parent)
        _run(["patchelf", "--set-rpath", f"$ORIGIN/{way}", path])
    brought = {path.name for path in programs(home)}
    for path in programs(home):
        lacking = [name for name in asked(path) if name not in brought and not SYSTEM.fullmatch(name)]
        if lacking:
            raise payload.Broken(f"{path.relative_to(home)} asks for {lacking}, which nobody brings")


def least_libc(folder: Path) -> str:
    """The version of the C library that the newest function asks for."""
    found = {
        tuple(int(part) for part in version.split("."))
        for path in programs(folder)
        for version in re.findall(r"Name: GLIBC_([\d.]+)", _said("readelf", "-V", str(path)))
    }
    return ".".join(map(str, max(found)))


def _desktop(root: Path) -> None:
    for name, place in (
        ("gridoffice", "usr/bin"),
        ("gridoffice.desktop", "usr/share/applications"),
        ("gridoffice.xml", "usr/share/mime/packages"),
    ):
        (root / place).mkdir(parents=True)
        shutil.copyfile(HERE / "debian" / name, root / place / name)
    for size in (16, 24, 32, 48, 64, 128, 256):
        folder = root / f"usr/share/icons/hicolor/{size}x{size}/apps"
        folder.mkdir(parents=True)
        (folder / "gridoffice.png").write_bytes(icon.picture(size))
    told = root / "usr/share/doc/gridoffice"
    told.mkdir(parents=True)
    (told / "copyright").write_text(f"每个部件的许可原文在 /{HOME}/licences。\n", "utf-8")


def _control(root: Path, build: Build) -> None:
    files = [path for path in root.rglob("*") if path.is_file()]
    (root / "DEBIAN").mkdir()
    words = (HERE / "debian" / "control").read_text("utf-8")
    told = words.format(
        version=build.version,
        architecture=architecture(),
        size=sum(path.stat().st_size for path in files) // 1024,
        libc=least_libc(root),
    )
    (root / "DEBIAN" / "control").write_text(told, "utf-8")


def _python_licence() -> Path:
    places: Iterator[Path] = (
        path
        for path in (
            Path(sysconfig.get_path("stdlib"), "LICENSE.txt"),
            Path("/usr/share/doc/python3.11/copyright"),
        )
        if path.is_file()
    )
    return next(places)


def _run(words: Iterable[object], **more: str) -> None:
    subprocess.run([str(word) for word in words], check=True, env=os.environ | more)


def _said(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True, errors="replace").stdout
