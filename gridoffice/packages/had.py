"""What the other office has once it took a package in: marks of every row, so that only what changed travels next
time, and the rows themselves, so that those that are gone here can be told there.

Marks and numbers of records are plain; the rows are sealed with the office's own key, as they hold full ID
numbers: only who knows the password for packages reads them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

from gridoffice.packages.keys import Keys

MARK = 8
"""Bytes of a mark."""


def mark_of(*texts: str) -> bytes:
    """The mark of some texts."""
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=MARK).digest()


@dataclass(frozen=True, slots=True)
class HadLedger:
    """One ledger that can lose rows: headings, and by the record's number here who or what it is (a mark) and its
    cells as texts."""

    headings: tuple[str, ...]
    who: Mapping[int, str]
    rows: Mapping[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Had:
    """Everything at once. `who` tells for each ledger the records that the other office has, by number; `sealed`
    holds their cells; `scope` is the part of the tree that was sent."""

    marks: frozenset[bytes]
    scope: int | None = None
    who: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    sealed: str = ""

    def rows(self, keys: Keys) -> dict[str, HadLedger]:
        """The cells, by ledger and record; nothing where they were sealed with other keys."""
        if not self.sealed:
            return {}
        try:
            plain = zlib.decompress(SealedBox(keys.seal).decrypt(base64.b64decode(self.sealed)))
        except (CryptoError, ValueError, zlib.error):
            return {}
        said: dict[str, Any] = json.loads(plain)
        return {
            key: HadLedger(
                tuple(one["headings"]),
                self.who.get(key, {}),
                {int(number): cells for number, cells in one["rows"].items()},
            )
            for key, one in said.items()
        }


def written(
    marks: Iterable[bytes], scope: int | None, ledgers: Mapping[str, HadLedger], seal_key: str
) -> str:
    """All of it as the text that the register keeps."""
    plain = {
        key: {"headings": one.headings, "rows": {str(number): list(row) for number, row in one.rows.items()}}
        for key, one in ledgers.items()
    }
    packed = zlib.compress(json.dumps(plain, ensure_ascii=False).encode(), 6)
    sealed = SealedBox(PublicKey(bytes.fromhex(seal_key))).encrypt(packed)
    return json.dumps(
        {
            "marks": base64.b64encode(b"".join(sorted(marks))).decode(),
            "scope": scope,
            "who": {
                key: {str(number): who for number, who in one.who.items()} for key, one in ledgers.items()
            },
            "sealed": base64.b64encode(sealed).decode(),
        }
    )


def read(text: str | None) -> Had:
    """The text of the register again; one of an earlier program has marks only."""
    if not text:
        return Had(frozenset())
    if not text.startswith("{"):
        return Had(_marks(text))
    said = json.loads(text)
    who = {key: {int(number): one for number, one in some.items()} for key, some in said["who"].items()}
    return Had(_marks(said["marks"]), said["scope"], who, said["sealed"])


def _marks(text: str) -> frozenset[bytes]:
    raw = base64.b64decode(text)
    return frozenset(raw[place : place + MARK] for place in range(0, len(raw), MARK))
