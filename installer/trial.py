"""setup.exe tried under Wine 10 in a Debian 13 of its own, the .deb in a fresh Debian 12: what Linux can prove.

What Wine cannot prove (SmartScreen, antivirus, UAC, real printers and fonts, screen scaling) is the
checklist in `windows/checklist.md`, for one PC with Windows 10 and one with Windows 11.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from installer import later
from installer.payload import HERE

DEBIAN = "trixie"
INSIDE = "ca-certificates,wine,wine64,xvfb,xauth,imagemagick,xdotool,procps,mount"
WINE_UCRT = "usr/lib/x86_64-linux-gnu/wine/x86_64-windows/ucrtbase.dll"
OLDER_DEBIAN = "bookworm"
INSIDE_OLDER = "ca-certificates,xvfb,xauth,imagemagick,xdotool,procps,mount"
SKIPPED = 77
"""The exit status that says: this machine cannot try it."""


def run(setup: Path, manifest: Path, work: Path, pictures: Path, previous: Path | None = None) -> int:
    """Try a setup.exe, and the .msi beside it where there is one; answers 0 when they hold, 1 when not,
    `SKIPPED` with the reason where they cannot be tried. What was photographed stands in `pictures`
    afterwards."""
    reason = _reason()
    if reason:
        sys.stdout.write(f"not tried: {reason}\n")
        return SKIPPED
    root = _debian(
        Path(os.environ.get("GRIDOFFICE_WINE", work / "wine")), DEBIAN, INSIDE, "wine pgrep xdotool mount"
    )
    here = root / "tmp" / "trial"
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir(parents=True)
    words = [sys.executable, str(HERE / "smoke" / "shims.py"), str(here / "shims"), str(root / WINE_UCRT)]
    subprocess.run(words, check=True)
    shutil.copyfile(setup, here / "setup.exe")
    shutil.copyfile(manifest, here / "manifest.sha256")
    for name in ("trial.sh", "products.py", "content.py", "walk.py"):
        shutil.copyfile(HERE / "smoke" / name, here / name)
    later.make(here / "releases", work)
    msi = setup.with_name(f"{setup.name.removesuffix('-setup.exe')}.msi")
    if msi.exists():
        shutil.copyfile(msi, here / "setup.msi")
    if previous is not None:
        shutil.copyfile(previous, here / "previous.exe")
    return _inside(root, here, "trial.sh", pictures)


def run_deb(deb: Path, work: Path, pictures: Path) -> int:
    """Try a .deb in a Debian that has nothing of ours; answers as `run` does."""
    reason = _reason()
    if reason:
        sys.stdout.write(f"not tried: {reason}\n")
        return SKIPPED
    given = Path(os.environ.get("GRIDOFFICE_DEBIAN", work / "debian-12"))
    root = _debian(given, OLDER_DEBIAN, INSIDE_OLDER, "pgrep xdotool mount")
    here = root / "tmp" / "trial"
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir(parents=True)
    shutil.copyfile(deb, here / "gridoffice.deb")
    shutil.copyfile(HERE / "smoke" / "debian.sh", here / "debian.sh")
    return _inside(root, here, "debian.sh", pictures)


def _debian(root: Path, suite: str, packages: str, proof: str) -> Path:
    """A Debian in a folder, made when one of the programs in `proof` is not there."""
    if not all(os.path.lexists(root / "usr/bin" / tool) for tool in proof.split()):
        shutil.rmtree(root, ignore_errors=True)
        words = [
            "mmdebstrap",
            "--quiet",
            "--variant=apt",
            f"--include={packages}",
            suite,
            str(root),
            _mirror(),
        ]
        subprocess.run(words, check=True)
    return root


def _inside(root: Path, here: Path, script: str, pictures: Path) -> int:
    """Run a script of the folder `here` in the Debian `root`; its pictures are taken out, the rest goes."""
    inside = (
        f"mount -t proc proc {root}/proc; mount --rbind /dev {root}/dev; mount --make-rslave {root}/dev; "
        f"cp --remove-destination /etc/resolv.conf {root}/etc/resolv.conf; exec chroot {root} "
        f"env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 bash /tmp/trial/{script}"
    )
    done = subprocess.run(["unshare", "--mount", "--pid", "--fork", "bash", "-c", inside], check=False)
    pictures.mkdir(parents=True, exist_ok=True)
    for picture in (here / "out").glob("*"):
        shutil.copyfile(picture, pictures / picture.name)
    shutil.rmtree(here, ignore_errors=True)
    return done.returncode


def _reason() -> str:
    """Why this machine cannot try it; empty when it can."""
    if os.geteuid() != 0:
        return "only root may make a Debian of its own for Wine"
    for tool in ("mmdebstrap", "unshare", "x86_64-w64-mingw32-gcc"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    allowed = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "true"], check=False, capture_output=True
    )
    return "" if allowed.returncode == 0 else "unshare is not allowed here"


def _mirror() -> str:
    """Where this machine's own packages come from."""
    for path in sorted(Path("/etc/apt").rglob("*")):
        if path.suffix in (".list", ".sources") and path.is_file():
            found = re.search(
                r"(?:^URIs:|^deb)\s+(?:\[.*?\]\s+)?(\S+/debian/?)(?:\s|$)",
                path.read_text("utf-8"),
                re.MULTILINE,
            )
            if found:
                return found[1]
    raise LookupError("this machine's package sources name no Debian")
