"""Versions that come after this one, made for the trial: the same program with the next number, and one that
does not start; each with the signed facts by which the page 更新 finds it."""

from __future__ import annotations

import base64
import lzma
import marshal
import shutil
from datetime import date
from pathlib import Path

from nacl.signing import SigningKey

import gridoffice
from gridoffice.updating import release
from gridoffice.updating.release import Package, Release
from installer import packages, packing, payload
from installer.payload import Build

BROKEN = "99.0.0"
NEWS = "试装用的一版。\n\n- 月度考核可以退回重评。"


def following(version: str) -> str:
    """The number after this one."""
    first, second, third = version.split(".")
    return f"{first}.{second}.{int(third) + 1}"


def make(target: Path, work: Path) -> None:
    """In `target`: a folder of releases for each of the two, with the public key that signed them
    (`key.txt`), and the hashes of the next version's files (`later.sha256`)."""
    key = SigningKey.generate()
    target.mkdir(parents=True)
    (target / "key.txt").write_text(base64.b64encode(bytes(key.verify_key)).decode() + "\n", "ascii")
    made = work / "later" / "GridOffice"
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(work / "payload" / "GridOffice", made)
    version = following(gridoffice.__version__)
    (made / packing.PACK).write_bytes(renumbered((made / packing.PACK).read_bytes(), version))
    (target / "later.sha256").write_text(payload.hashes(made), "utf-8")
    publish(made, work, target / "later", version, key)
    publish(broken(work), work, target / "broken", BROKEN, key)


def broken(work: Path) -> Path:
    """A version that does not start: its programs, and nothing that they load."""
    folder = work / "broken" / "GridOffice"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in (payload.PROGRAM, payload.COMMAND):
        shutil.copyfile(work / "payload" / "GridOffice" / name, folder / name)
    return folder


def publish(folder: Path, work: Path, share: Path, version: str, key: SigningKey) -> None:
    """The setup of a program's folder, and the facts of its release, in a folder as offices look in."""
    share.mkdir()
    setup = share / f"GridOffice-{version}-setup.exe"
    packages.setup_exe(folder, work, setup, Build(version, "trial", 0), fast=True)
    package = Package(setup.name, setup.stat().st_size, release.sha256_of(setup))
    facts = Release(version, date(2026, 11, 30), NEWS, {"windows": package})
    (share / release.NAME).write_bytes(release.signed(facts, key))


def renumbered(pack: bytes, version: str) -> bytes:
    """Packed code that calls itself another version: the module with the number comes anew, at the end."""
    at = int.from_bytes(pack[-8:], "big")
    index, places = marshal.loads(pack[at:-8])
    place, group, start, length = index["gridoffice"]
    offset, size = places[group]
    body = lzma.decompress(pack[offset : offset + size], lzma.FORMAT_RAW, filters=packing.FILTERS)
    code = marshal.loads(body[start : start + length])
    if gridoffice.__version__ not in code.co_consts:
        raise LookupError("the program does not say its number where it did")
    consts = tuple(version if one == gridoffice.__version__ else one for one in code.co_consts)
    fresh = marshal.dumps(code.replace(co_consts=consts))
    squeezed = lzma.compress(fresh, lzma.FORMAT_RAW, filters=packing.FILTERS)
    index["gridoffice"] = (place, "later", 0, len(fresh))
    places["later"] = (at, len(squeezed))
    end = marshal.dumps((index, places))
    return pack[:at] + squeezed + end + (at + len(squeezed)).to_bytes(8, "big")
