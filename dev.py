"""Set up, run, test and measure the project: `python3 dev.py setup | run | test | postgres | bench | lock`.

Standard library only: it is what a fresh machine starts with, before anything is installed.
On Windows: `py dev.py run`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OUT = ROOT / "out"
LOCK = ROOT / "requirements-dev.lock"
FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
SOME_FAILED = 1
"""How pytest ends when tests failed, and not because it could not run them."""
FEW = 5
"""So many tests that failed are tried once more alone; of more the machine is not to blame."""
WINDOWS = sys.platform == "win32"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
OLDEST = (3, 11)

# What Qt's xcb platform, fonts and printing link to; Debian's names.
WINDOW_PACKAGES = (
    "libcups2 libdbus-1-3 libegl1 libfontconfig1 libfreetype6 libgl1 libglib2.0-0 libwayland-client0 "
    "libwayland-cursor0 libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 "
    "libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 "
    "libxkbcommon-x11-0 libxkbcommon0"
).split()
PAYLOAD_PACKAGES = "gcc-mingw-w64-x86-64 osslsigncode".split()
INSTALLER_PACKAGES = [*PAYLOAD_PACKAGES, *"binutils mmdebstrap msitools nsis patchelf wixl".split()]
TEST_PACKAGES = (
    "default-jre-headless libactivation-java libjaxb-api-java libpdfbox2-java "  # the judge of PDF/A
    "pgbouncer poppler-utils postgresql xauth xvfb"
).split()

USAGE = """用法：python3 dev.py 命令 [参数]
  setup   建好 .venv 并安装锁定的依赖
  run     打开程序；第一次会先生成一个演示街道；没有显示器时把成果留在 out/
  test    代码检查、类型检查、依赖方向和全部测试（参数交给 pytest）
  installer  做 Windows 安装包（Debian，管理员）并在 Wine 里试装；build 只做，payload 只做程序文件夹
  postgres 版本…  在另外版本的 PostgreSQL 上运行共享资料库的测试（Linux，要有 npm）
  bench   运行 benchmarks/（参数是名称的一部分）
  lock    重新计算锁定文件"""


class Stop(Exception):
    """A sentence for the person at the terminal, and the exit status."""

    def __init__(self, message: str, status: int = 1):
        super().__init__(message)
        self.status = status


def say(message: str) -> None:
    print(message, flush=True)


def tool(name: str) -> str:
    """A program of the project's own environment."""
    return str(BIN / (f"{name}.exe" if WINDOWS else name))


def run(words: Sequence[object], **environment: str) -> int:
    """Run a program in the project's root; answers its exit status."""
    return subprocess.run(
        [str(word) for word in words], cwd=ROOT, env=os.environ | environment, check=False
    ).returncode


def must(what: str, words: Sequence[object], **environment: str) -> None:
    """Run a program that has to succeed."""
    status = run(words, **environment)
    if status:
        raise Stop(f"{what}没有完成（退出码 {status}）。")


def must_quietly(what: str, words: Sequence[object]) -> None:
    """The same, but what it says is only shown when it fails."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Stop(f"{done.stdout}\n{what}没有完成（退出码 {done.returncode}）。")


# Setting up


def setup(*, tests: bool) -> None:
    """Make or update the environment; does nothing when it is already as locked."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise Stop(f"需要 Python 3.11 或更新的版本，这里是 {found}。")
    install_system_packages(WINDOW_PACKAGES + (TEST_PACKAGES if tests else []))
    if not works(PYTHON):
        make_environment()
    wanted = environment_digest()
    mark = VENV / "gridoffice.digest"
    if mark.is_file() and mark.read_text() == wanted and Path(tool("gridoffice")).is_file():
        return
    say("正在安装锁定的依赖……")
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q"]
    must_quietly("安装依赖", [*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", LOCK])
    must_quietly("安装本程序", [*pip, "--no-deps", "--no-build-isolation", "-e", ROOT])
    mark.write_text(wanted)


def works(python: Path) -> bool:
    """Whether the environment's interpreter still runs (it may point to one that was removed)."""
    if not python.exists():
        return False
    words = [str(python), "-c", f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def make_environment() -> None:
    say("正在建立 .venv……")
    try:
        import ensurepip  # noqa: F401  Debian cuts it out of python3 and ships it as python3-venv
    except ImportError:
        install_system_packages(["python3-venv"])
    must("建立 .venv ", [sys.executable, "-m", "venv", "--clear", VENV])


def environment_digest() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    digest.update(str(ROOT).encode())
    return digest.hexdigest()


def install_system_packages(names: Sequence[str]) -> None:
    """On Debian and its children, install what is missing; elsewhere the tests say what they miss."""
    if not shutil.which("dpkg-query") or not shutil.which("apt-get"):
        return
    missing = [name for name in names if not installed(name)]
    if not missing:
        return
    say(f"正在安装系统软件包：{' '.join(missing)}")
    as_root: list[str] = []
    if os.geteuid() != 0:
        as_root = ["sudo", "-n"]
        if not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode:
            raise Stop(
                f"缺少系统软件包，要由管理员安装：\n  sudo apt-get update && sudo apt-get install -y {' '.join(missing)}"
            )
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    must_quietly("更新软件包清单", [*apt, "update"])
    must_quietly("安装系统软件包", [*apt, "install", "-y", "--no-install-recommends", *missing])


def installed(name: str) -> bool:
    """Whether Debian's package is installed, under its older name or the one with 64-bit time."""
    words = ["dpkg-query", "-W", "-f", "${db:Status-Status}\n", name, f"{name}t64"]
    found = subprocess.run(words, check=False, capture_output=True, text=True)
    return "installed" in found.stdout.split()


# Commands


def command_setup(words: list[str]) -> int:
    refuse_words(words)
    setup(tests=True)
    say(f"已就绪：{tool('gridoffice')}")
    return 0


def command_run(words: list[str]) -> int:
    """Open the desktop on the demo office, which is made the first time."""
    setup(tests=False)
    demo = OUT / "demo"
    if not any(demo.glob("*.db")):
        say("正在生成演示街道……")
        try:
            must("生成演示街道", [tool("gridoffice"), "demo", demo, "--size", "street"])
        except BaseException:
            shutil.rmtree(demo, ignore_errors=True)  # half an office would be opened the next time
            raise
    database = next(demo.glob("*.db"))
    office = [tool("gridoffice"), "--database", database]
    if has_display():
        return run([*office, "desktop", *words])
    screens = OUT / "screens"
    shutil.rmtree(screens, ignore_errors=True)
    must("逐页截图", [*office, "desktop", "--screenshots", screens, *words], QT_QPA_PLATFORM="offscreen")
    say("这里没有显示器，界面没有打开；成果在：")
    say(f"  资料库　{database}")
    for title, folder, pattern in (
        ("公文", demo, "*.pdf"),
        ("工作簿", demo, "*.xlsx"),
        ("各页截图", screens, "*.png"),
    ):
        for path in sorted(folder.rglob(pattern)):
            say(f"  {title}　{path}")
    return 0


def has_display() -> bool:
    return sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def command_test(words: list[str]) -> int:
    """Every check in turn, the quick ones first; all are run, so that one call tells everything."""
    setup(tests=True)
    steps: list[tuple[str, list[object]]] = [
        ("ruff check", [tool("ruff"), "check"]),
        ("ruff format", [tool("ruff"), "format", "--check"]),
        ("lint-imports", [tool("lint-imports"), "--no-cache"]),
        ("basedpyright", [tool("basedpyright")]),
        ("pytest", [PYTHON, "-m", "pytest", "-n", at_once(), "--dist", "loadfile", *words]),
    ]
    failed = []
    for name, step in steps:
        say(f"—— {name}")
        start = time.monotonic()
        status = run(step)
        if status and not (name == "pytest" and status == SOME_FAILED and passes_alone(words)):
            failed.append(name)
        say(f"—— {name} {'未通过' if name in failed else '通过'}，{time.monotonic() - start:.1f} 秒\n")
    if failed:
        raise Stop(f"没有通过：{'、'.join(failed)}")
    return 0


def passes_alone(words: list[str]) -> bool:
    """Whether the few tests that failed beside others pass when nothing else runs: windows, servers and
    killed processes share a busy machine. Which they were is said; each is still to be mended."""
    try:
        failed = sorted(json.loads(FAILED.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False
    if not 0 < len(failed) <= FEW:
        return False
    say(f"—— {len(failed)} 项没有通过，单独再试一遍")
    if run([PYTHON, "-m", "pytest", "--last-failed", "--last-failed-no-failures", "none", *words]):
        return False
    say("单独运行通过了，和别的一起运行时没有通过，要查：\n" + "\n".join(f"  {name}" for name in failed))
    return True


def at_once() -> int:
    """How many processes the tests run in: each has windows and a database server of its own."""
    return min(4, os.cpu_count() or 1)


def command_bench(words: list[str]) -> int:
    setup(tests=True)
    return run([PYTHON, "-m", "benchmarks", *words])


def command_postgres(words: list[str]) -> int:
    """The tests of shared offices on other versions of PostgreSQL (tests/versions.py)."""
    if not words or not all(word.isdecimal() for word in words):
        raise Stop(f"要写明版本，例如：postgres 13 17\n{USAGE}", 2)
    if WINDOWS or not shutil.which("npm"):
        raise Stop("要在 Linux 上，并装有 npm。")
    setup(tests=True)
    return run([PYTHON, "-m", "tests.versions", *words])


def command_installer(words: list[str]) -> int:
    """What offices install, from this commit (installer/)."""
    setup(tests=False)
    install_system_packages(PAYLOAD_PACKAGES if "payload" in words else INSTALLER_PACKAGES)
    return run([PYTHON, "-m", "installer", *words])


def command_lock(words: list[str]) -> int:
    """Compute both lock files from pyproject.toml; newest versions with `--upgrade`.

    The first holds what the program itself needs (the installer takes it), the second adds what
    developing needs, at the same versions.
    """
    setup(tests=False)
    runtime = ROOT / "requirements.lock"
    uv = [tool("uv"), "pip", "compile", "pyproject.toml", "-q", "--universal", "--python-version", "3.11"]
    uv += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", *words]
    must_quietly("锁定依赖", [*uv, "-o", runtime])
    must_quietly("锁定依赖", [*uv, "--extra", "dev", "-c", runtime, "-o", LOCK])
    return 0


def refuse_words(words: list[str]) -> None:
    if words:
        raise Stop(f"不认识的参数：{' '.join(words)}\n{USAGE}", 2)


COMMANDS = {
    "setup": command_setup,
    "run": command_run,
    "test": command_test,
    "postgres": command_postgres,
    "bench": command_bench,
    "installer": command_installer,
    "lock": command_lock,
}


def main(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        # A Windows console in another language must not stop the work over a character.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        if not words or words[0] not in COMMANDS:
            raise Stop(USAGE, 2)
        return COMMANDS[words[0]](words[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.status
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
