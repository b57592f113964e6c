"""What lies in a package: ledgers as the workbooks that an import reads, the rules of the office above, and what
became of packages received. In the packed file `said.json` stands first; every other part is named in it with
its SHA-256."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from gridoffice.errors import OfficeError
from gridoffice.packages.beside import counted, is_known, title_of
from gridoffice.packages.given import Rules
from gridoffice.packages.sealing import LARGEST, BadPackage
from gridoffice.written import Writing

SAID = "said.json"
FORMAT = 2
"""1: without packs and without days past."""
_MOST = 200
"""Parts of one package."""
_NAME = re.compile(r"[^\x00-\x1f/\\\\:*?\"<>|.][^\x00-\x1f/\\\\:*?\"<>|]{0,79}")
_SUFFIXES = (".xlsx", ".zip", ".json")


@dataclass(frozen=True, slots=True)
class Part:
    """A ledger in a package, or the rows that are gone from one: they are in the workbook `file`, whose SHA-256
    is `digest`; or photographs and scans, in a packed file."""

    key: str
    title: str
    file: str
    rows: int
    digest: str

    @property
    def words(self) -> str:
        """网格员花名册 12 行"""
        return counted(self.key, self.title, self.rows)


@dataclass(frozen=True, slots=True)
class Paper:
    """A workbook to be read, not taken in: what the office above decided."""

    title: str
    file: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a package received: its identity, and by ledger what was done with it, in words."""

    identity: str
    done: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a package says. `number` counts those from one office to another, `previous` is the identity
    of the one before (None for the first); a `whole` one stands by itself, whatever came before."""

    identity: str
    number: int
    previous: str | None
    made: datetime
    name: str
    month: str | None
    whole: bool
    parts: tuple[Part, ...]
    rules: Rules = field(default_factory=Rules)
    answers: tuple[Answer, ...] = ()
    papers: tuple[Paper, ...] = ()


def packed(said: Contents, folder: Path) -> bytes:
    """A package's contents as bytes; the workbooks of its parts lie in a folder."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as box:
        plain = {**asdict(said), "format": FORMAT, "made": said.made.isoformat()}
        box.writestr(SAID, json.dumps(plain, ensure_ascii=False))
        for one in (*said.parts, *said.papers):
            box.write(folder / one.file, one.file)
    return target.getvalue()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Box:
    """The contents of a package and its workbooks, by the names of their files."""

    said: Contents
    files: Mapping[str, bytes]

    def place(self, key: str, folder: Path) -> Path:
        """Where a part lies once it is unpacked."""
        (part,) = (one for one in self.said.parts if one.key == key)
        return folder / f"{part.title}{Path(part.file).suffix}"

    def unpack(self, folder: Path) -> Iterator[tuple[Part, Path]]:
        """Put the parts into a folder, one at a time, in the order in which they are to be read."""
        for part in self.said.parts:
            target = self.place(part.key, folder)
            target.write_bytes(self.files[part.file])
            yield part, target


def unpacked(data: bytes) -> Box:
    """What lies in a package. Raises `BadPackage` for whatever is not as we write it, though it was signed:
    another program may have made it."""
    wrong = "这个上报包里的内容不完整，一点也没有收。让对方升级程序，重新发一份。"
    try:
        with zipfile.ZipFile(BytesIO(data)) as box:
            known = {entry.filename: entry for entry in box.infolist()}
            size = sum(entry.file_size for entry in box.infolist())
            if size > LARGEST or len(box.infolist()) > _MOST:
                raise BadPackage("这个上报包解开后太大，一点也没有收。让对方分几次发。")
            if SAID not in known or len(known) != len(box.infolist()):
                raise BadPackage(wrong)
            said = _said(json.loads(box.read(SAID)), wrong)
            files = {one.file: box.read(one.file) for one in (*said.parts, *said.papers)}
    except OfficeError:
        raise
    except Exception as error:  # whatever a file of somebody else's makes the readers of it say
        raise BadPackage(wrong) from error
    if any(digest_of(files[one.file]) != one.digest for one in (*said.parts, *said.papers)):
        raise BadPackage(wrong)
    return Box(said, files)


@dataclass(frozen=True, slots=True)
class _Plain:
    """`Contents` as it is written down."""

    format: int
    identity: str
    number: int
    made: str
    name: str
    whole: bool
    parts: tuple[Part, ...]
    papers: tuple[Paper, ...] = ()
    previous: str | None = None
    month: str | None = None
    rules: Any = None
    answers: Any = ()


def _said(data: Any, wrong: str) -> Contents:
    if not isinstance(data, dict):
        raise BadPackage(wrong)
    if isinstance(data.get("format"), int) and data["format"] > FORMAT:
        raise BadPackage("这个上报包是用更新的程序做的。先把本机的程序升级，再收。")
    rules, answers = data.pop("rules", {}), data.pop("answers", [])
    writing = Writing()
    plain: _Plain | None = writing.record(
        _Plain, {name: value for name, value in data.items() if value is not None}, "上报包"
    )
    if plain is None or not _texts(rules) or len(plain.identity) != 32 or plain.number < 1:
        raise BadPackage(wrong)
    if not all(is_known(part.key) for part in plain.parts):
        raise BadPackage("这个上报包里有本机还不认识的台账。先把本机的程序升级，再收。")
    inside = (*plain.parts, *plain.papers)
    files, titles = [one.file for one in inside], [one.title for one in plain.papers]
    keys = [part.key for part in plain.parts]
    if any(len(set(some)) < len(some) for some in (files, titles, keys)):
        raise BadPackage(wrong)
    if not all(_NAME.fullmatch(name) for name in (*files, *titles, plain.name)):
        raise BadPackage(wrong)
    if any(part.rows < 0 or Path(part.file).suffix not in _SUFFIXES for part in plain.parts):
        raise BadPackage(wrong)
    return Contents(
        plain.identity,
        plain.number,
        plain.previous,
        datetime.fromisoformat(plain.made),
        plain.name,
        plain.month,
        plain.whole,
        tuple(replace(part, title=title_of(part.key)) for part in plain.parts),
        Rules(**rules),
        tuple(Answer(one["identity"], dict(one["done"])) for one in answers),
        plain.papers,
    )


def _texts(rules: Any) -> bool:
    """Whether rules are texts by their keys."""
    if not isinstance(rules, dict) or not rules.keys() <= Rules.__dataclass_fields__.keys():
        return False
    named = {name: one for name, one in rules.items() if name not in ("model", "model_name")}
    return all(isinstance(rules.get(name, ""), str) for name in ("model", "model_name")) and all(
        isinstance(some, dict) and all(isinstance(text, str) for pair in some.items() for text in pair)
        for some in named.values()
    )
