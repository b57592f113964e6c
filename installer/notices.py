"""The licences of every part that is shipped, and the list of the parts (CycloneDX 1.6)."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

FOLDER = "licences"
LICENCE_WORDS = ("licen", "copying", "copyright", "notice", "authors", "ofl")

DATA = (
    ("Noto Sans SC", "OFL-1.1", "fonts/OFL-NotoSansSC.txt"),
    ("Noto Serif SC", "OFL-1.1", "fonts/OFL-NotoSerifSC.txt"),
    ("LXGW WenKai", "OFL-1.1", "fonts/OFL-LXGWWenKai.txt"),
    ("FandolFang", "GPL-3.0-or-later, embedding excepted", "fonts/COPYING-FandolFang.txt"),
    ("HanaMinB", "OFL-1.1", "fonts/LICENSE-HanaMinB.txt"),
    ("Tabler Icons", "MIT", "icons/LICENSE"),
)
PYTHON = ("CPython", "3.11.9", "PSF-2.0")
DEBIAN = Path("/usr/share/common-licenses")
NAMED_ONLY = {"PySide6_Essentials": ("LGPL-3", "GPL-3"), "shiboken6": ("LGPL-3", "GPL-3")}
"""Packages that name these licences without carrying their text; Debian keeps it."""

OWN_TEXTS = Path(__file__).resolve().parent / "embedded"
EMBEDDED = (
    ("SQLCipher", "sqlcipher3", "BSD-3-Clause", OWN_TEXTS / "SQLCipher.txt"),
    ("OpenSSL (in SQLCipher)", "sqlcipher3", "Apache-2.0", DEBIAN / "Apache-2.0"),
    ("OpenSSL", "psycopg-binary", "Apache-2.0", DEBIAN / "Apache-2.0"),
    ("libpq", "psycopg-binary", "PostgreSQL", OWN_TEXTS / "libpq.txt"),
    ("libxml2 and libxslt", "lxml", "MIT", OWN_TEXTS / "libxml2-libxslt.txt"),
    ("ISA-L", "isal", "BSD-3-Clause", OWN_TEXTS / "ISA-L.txt"),
    ("HarfBuzz", "uharfbuzz", "MIT-Modern-Variant", OWN_TEXTS / "HarfBuzz.txt"),
)
"""Parts within the compiled files of a package, whose text that package does not carry."""


class Unlicensed(Exception):
    """A part that comes without the text of its licence."""


def collect(payload: Path, version: str) -> None:
    """Write `licences/` (one folder a part) and `sbom.json` into the payload. Raises `Unlicensed`."""
    target = payload / FOLDER
    parts: list[dict[str, Any]] = []
    for home in sorted((payload / "lib").glob("*.dist-info")):
        one = PathDistribution(home)
        texts = [
            path
            for path in sorted(home.rglob("*"))
            if path.is_file()
            and any(word in path.relative_to(home).as_posix().lower() for word in LICENCE_WORDS)
        ]
        texts += [DEBIAN / name for name in NAMED_ONLY.get(one.name, ())]
        if not texts:
            raise Unlicensed(f"{one.name} {one.version} comes without its licence")
        for text in texts:
            _copy(text, target / one.name)
        part = _part("library", one.name, one.version, _licence(one))
        parts.append({**part, "purl": f"pkg:pypi/{one.name.lower()}@{one.version}"})
    brought = {part["name"] for part in parts}
    for name, within, licence, text in EMBEDDED:
        if within not in brought:
            raise Unlicensed(f"{name} came with {within}, which is no part any more")
        _copy(text, target / name)
        parts.append({**_part("library", name, "", licence), "description": f"within {within}"})
    for name, licence, file in DATA:
        _copy(payload / "app" / "resources" / file, target / name)
        parts.append(_part("data", name, "", licence))
    name, number, licence = PYTHON
    _copy(payload / "LICENSE.txt", target / name)
    (payload / "LICENSE.txt").unlink()
    parts.append(_part("platform", name, number, licence))
    listed = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid5(NAMESPACE_URL, f"gridoffice {version}").urn,
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "GridOffice", "version": version}},
        "components": parts,
    }
    (payload / "sbom.json").write_text(json.dumps(listed, ensure_ascii=False, indent=1), "utf-8")


def _part(kind: str, name: str, version: str, licence: str) -> dict[str, Any]:
    part = {"type": kind, "name": name, "licenses": [{"license": {"name": licence}}]}
    return {**part, "version": version} if version else part


def _licence(one: Distribution) -> str:
    """What a package says of its own licence, in its newer or its older words."""
    said = one.metadata.json
    text = str(said.get("license_expression") or said.get("license") or "")
    known = [line.rsplit("::", 1)[1].strip() for line in said.get("classifier", ()) if "License ::" in line]
    return text.splitlines()[0] if text else " / ".join(known) or "see the text"


def _copy(text: Path, folder: Path) -> None:
    """Into a folder of one part; texts of the same name keep the folder they came from in theirs."""
    folder.mkdir(parents=True, exist_ok=True)
    name = text.name if not (folder / text.name).exists() else f"{text.parent.name}-{text.name}"
    shutil.copyfile(text, folder / name)
