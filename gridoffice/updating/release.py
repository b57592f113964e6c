"""What a new version says of itself, signed by whoever makes releases.

The file `GridOffice.release` is three parts: a line with the kind of file, a line with the signature
(Ed25519, base64) over all that follows, and the facts as JSON. The program knows the public keys
(`resources/program/release-keys.txt`); the private one never leaves where releases are made.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

import resources
from gridoffice.errors import OfficeError

NAME = "GridOffice.release"
KIND = b"gridoffice-release 1\n"
LARGEST = 1 << 20
"""A file that is longer than this is none of ours, whatever it says."""


class Untrusted(OfficeError):
    """The facts or the files of a new version are not those that were signed."""


@dataclass(frozen=True, slots=True)
class Package:
    """What is installed on one kind of computer: a file beside the facts, its bytes and their SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """A version, the day it was made, what is new for clerks, and its packages by kind of computer."""

    version: str
    day: date
    news: str
    packages: Mapping[str, Package]

    def newer_than(self, version: str) -> bool:
        return numbers(self.version) > numbers(version)


def numbers(version: str) -> tuple[int, ...]:
    """1.10.0 is newer than 1.9.2. Raises ValueError when it is no version."""
    if not re.fullmatch(r"\d{1,5}\.\d{1,5}\.\d{1,5}", version):
        raise ValueError(version)
    return tuple(int(part) for part in version.split("."))


def signed(release: Release, key: SigningKey) -> bytes:
    """The file for this release."""
    facts = {**asdict(release), "day": release.day.isoformat()}
    body = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True).encode()
    return KIND + base64.b64encode(key.sign(body).signature) + b"\n" + body


def proved(file: bytes, keys: Iterable[VerifyKey] | None = None) -> Release:
    """The release of which a file tells. Raises `Untrusted` when none of the program's keys signed it."""
    if not file.startswith(KIND) or len(file) > LARGEST:
        raise Untrusted(f"“{NAME}”不是网格办的更新说明，没有更新。核对更新文件夹选得对不对。")
    signature, _, body = file[len(KIND) :].partition(b"\n")
    for key in known_keys() if keys is None else keys:
        try:
            key.verify(body, base64.b64decode(signature, validate=True))
        except (CryptoError, ValueError, binascii.Error):
            continue
        return _told(body)
    raise Untrusted("更新说明的签名对不上，可能被人改过，没有更新。向发布网格办的单位重新要一份。")


def _told(body: bytes) -> Release:
    try:
        facts: dict[str, Any] = json.loads(body)
        packages = {
            kind: Package(str(one["name"]), int(one["size"]), str(one["sha256"]))
            for kind, one in facts["packages"].items()
        }
        numbers(facts["version"])
        for one in packages.values():
            if PurePath(one.name).name != one.name or not re.fullmatch(r"[0-9a-f]{64}", one.sha256):
                raise ValueError(one.name)
        return Release(facts["version"], date.fromisoformat(facts["day"]), str(facts["news"]), packages)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Untrusted("更新说明里有读不出来的内容，没有更新。") from error


def known_keys() -> tuple[VerifyKey, ...]:
    """The keys whose releases this program takes."""
    lines = resources.path("program", "release-keys.txt").read_text("ascii").splitlines()
    return tuple(VerifyKey(base64.b64decode(line)) for line in lines if line and not line.startswith("#"))


def sha256_of(path: Path) -> str:
    """Of a file of any length."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
