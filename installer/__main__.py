"""`python3 dev.py installer [payload|build|deb|trial|all|release|key]`: make the packages of this commit,
try them, and sign them for the offices that look for newer versions."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from installer import debian, msi, packages, papers, payload, releasing, trial
from installer.payload import ROOT

TOOLS = ("git", "osslsigncode", "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres")
"""Without these no payload is made."""
LARGEST_SETUP, LARGEST_PAYLOAD = 80_000_000, 170_000_000
"""Bytes: what is sent to an office, and what lies on its disk."""
WHAT = ("payload", "build", "deb", "trial", "all", "release", "key")


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py installer")
    parser.add_argument("what", choices=WHAT, nargs="?", default="all")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "installer")
    parser.add_argument("--runtime", type=Path, help="a kept copy of the Python package (runtime.txt)")
    parser.add_argument("--sign", help="a program that signs the file it is given, in place")
    parser.add_argument("--previous", type=Path, help="the setup.exe of an older version, to upgrade from")
    parser.add_argument("--fast", action="store_true", help="larger packages in a tenth of the time")
    parser.add_argument("--older", action="store_true", help="deb: with a Qt for Kylin V10 and UOS 20")
    parser.add_argument("--key", type=Path, help="the private key of releases; never in the repository")
    given = parser.parse_args(words)
    if given.what in ("key", "release") and given.key is None:
        parser.error("--key FILE says where the private key is, or is to be")
    if given.what == "key":
        _say(releasing.make_key(given.key))
        return 0
    out, work = given.out.resolve(), given.work.resolve()
    folder = work / "payload" / "GridOffice"
    build = payload.this_build()
    setup = out / f"GridOffice-{build.version}-setup.exe"
    if given.what in ("payload", "build", "all"):
        lacking = [name for name in TOOLS if shutil.which(name) is None]
        if lacking:
            _say(f"not made: {', '.join(lacking)} is not installed")
            return trial.SKIPPED
        with _timed("payload"):
            payload.make(folder, work, build, given.runtime, given.sign, given.fast)
        _say(f"{sum(path.stat().st_size for path in folder.rglob('*') if path.is_file()) / 2**20:.0f} MiB")
    if given.what in ("build", "all"):
        out.mkdir(parents=True, exist_ok=True)
        with _timed("msi"):
            msi.msi(folder, work, out / f"GridOffice-{build.version}.msi", build)
        with _timed("setup.exe"):
            packages.setup_exe(folder, work, setup, build, given.sign, given.fast)
        installed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        if not given.fast and (setup.stat().st_size > LARGEST_SETUP or installed > LARGEST_PAYLOAD):
            raise payload.Broken(f"too large: {setup.stat().st_size} bytes, {installed} installed")
        papers.write(out, build)
        shutil.copyfile(folder / "sbom.json", out / f"GridOffice-{build.version}-sbom.json")
        lines = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
            for path in sorted(out.glob(f"GridOffice-{build.version}*"))
            if path.suffix != ".sha256"
        ]
        (out / f"GridOffice-{build.version}.sha256").write_text("".join(lines), "utf-8")
        _say("".join(lines).rstrip())
    deb = out / f"gridoffice_{build.version}_{debian.architecture()}.deb"
    if given.what in ("deb", "all"):
        out.mkdir(parents=True, exist_ok=True)
        with _timed("deb"):
            debian.make(deb, work, build, given.fast, given.older)
        _say(f"{deb.stat().st_size / 2**20:.0f} MiB")
    if given.what == "release":
        _say(str(releasing.write(out, build, given.key)))
    if given.what in ("trial", "all"):
        shutil.rmtree(out / "trial", ignore_errors=True)
        with _timed("trial"):
            status = trial.run(setup, folder.with_suffix(".sha256"), work, out / "trial", given.previous)
        if deb.exists():
            with _timed("trial of the .deb"):
                status = max(status, trial.run_deb(deb, work, out / "trial"))
        return status
    return 0


class _timed:
    def __init__(self, what: str):
        self.what = what

    def __enter__(self) -> None:
        self.start = time.monotonic()

    def __exit__(self, *_: object) -> None:
        _say(f"{self.what}: {time.monotonic() - self.start:.0f} s")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
