"""The signed facts of a release, as the programs of offices look for them (gridoffice/updating)."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime
from pathlib import Path

from nacl.signing import SigningKey

from gridoffice.updating import release
from gridoffice.updating.release import Package, Release
from installer.payload import HERE, Build

KINDS = {"windows": "GridOffice-{}-setup.exe", "debian-amd64": "gridoffice_{}_amd64.deb"}
KINDS |= {"debian-arm64": "gridoffice_{}_arm64.deb"}


def make_key(file: Path) -> str:
    """A new private key, readable by its owner alone; answers the public one, for `release-keys.txt`.

    Raises FileExistsError rather than overwrite one: releases signed with another are taken by nobody."""
    key = SigningKey.generate()
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as kept:
        kept.write(base64.b64encode(bytes(key)) + b"\n")
    return base64.b64encode(bytes(key.verify_key)).decode()


def write(out: Path, build: Build, key_file: Path) -> Path:
    """Sign what lies in `out` of this version. Raises `LookupError` when that is nothing, or when the
    program would not take the signature."""
    key = SigningKey(base64.b64decode(key_file.read_bytes()))
    packages = {
        kind: Package(path.name, path.stat().st_size, release.sha256_of(path))
        for kind, name in KINDS.items()
        if (path := out / name.format(build.version)).is_file()
    }
    if not packages:
        raise LookupError(f"nothing of {build.version} in {out}")
    news = (HERE / "news" / f"{build.version}.md").read_text("utf-8")
    day = datetime.fromtimestamp(build.moment, UTC).date()
    body = release.signed(Release(build.version, day, news, packages), key)
    try:
        release.proved(body)
    except release.Untrusted as error:
        raise LookupError("the key is none of resources/program/release-keys.txt") from error
    target = out / release.NAME
    target.write_bytes(body)
    return target
