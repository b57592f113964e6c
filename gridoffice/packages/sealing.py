"""A package as bytes: signed by who sends it, and sealed so that only the office it is meant for reads it.

Layout: `GRIDPACK`, one byte with the number of the format, 16 bytes that tell for whom it is, then a sealed
box (X25519, XSalsa20-Poly1305) of the sender's public key, an Ed25519 signature and the contents. What is
signed names the receiver's key too: nobody can pass a package on as if it had been meant for another.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox
from nacl.signing import VerifyKey

from gridoffice.errors import OfficeError
from gridoffice.packages.keys import Keys

ENDING = ".gridpack"
FORMAT = 1
LARGEST = 1_000_000_000
"""Bytes that a package, or a packed part of one, may come to when it is unpacked: a city's rosters are a tenth of
that."""
_MAGIC = b"GRIDPACK"
_NAMED = 16
_HEAD = len(_MAGIC) + 1 + _NAMED
_KEY, _SIGNATURE = 32, 64


class BadPackage(OfficeError):
    """A file that is no package, or none that this office may take in."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What came out of a sealed package: who signed it (hexadecimal), and the contents."""

    sign_key: str
    contents: bytes


def sealed(contents: bytes, keys: Keys, seal_key: str) -> bytes:
    """Contents signed with an office's keys and sealed for the public key of another."""
    receiver = bytes.fromhex(seal_key)
    signature = keys.sign.sign(_signed(receiver, contents)).signature
    inside = bytes(keys.sign.verify_key) + signature + contents
    return _MAGIC + bytes([FORMAT]) + _name(receiver) + SealedBox(PublicKey(receiver)).encrypt(inside)


def opened(data: bytes, keys: Keys) -> Opened:
    """What an office's keys find in a package. Raises `BadPackage` in a sentence: no package, of a newer
    program, for another office, altered."""
    if len(data) < _HEAD or data[: len(_MAGIC)] != _MAGIC:
        raise BadPackage(f"这不是上报包。上报包的文件名以 {ENDING} 结尾。")
    if data[len(_MAGIC)] > FORMAT:
        raise BadPackage("这个上报包是用更新的程序做的。先把本机的程序升级，再收。")
    own = bytes(keys.seal.public_key)
    if data[len(_MAGIC) + 1 : _HEAD] != _name(own):
        raise BadPackage("这个上报包不是给本办的。让对方核对发给谁，重新发一份。")
    changed = "这个上报包在路上被改动或损坏了，一点也没有收。让对方重新拷一份。"
    try:
        inside = SealedBox(keys.seal).decrypt(data[_HEAD:])
    except (CryptoError, ValueError):
        raise BadPackage(changed) from None
    signer, signature, contents = (
        inside[:_KEY],
        inside[_KEY : _KEY + _SIGNATURE],
        inside[_KEY + _SIGNATURE :],
    )
    try:
        VerifyKey(signer).verify(_signed(own, contents), signature)
    except (CryptoError, ValueError):
        raise BadPackage(changed) from None
    return Opened(signer.hex(), contents)


def _name(receiver: bytes) -> bytes:
    return hashlib.blake2b(receiver, digest_size=_NAMED).digest()


def _signed(receiver: bytes, contents: bytes) -> bytes:
    return _MAGIC + bytes([FORMAT]) + receiver + contents
