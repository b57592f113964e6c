"""The keys of an office, and the card by which another office knows them.

An office signs with Ed25519 and opens what is sealed for it with X25519 (libsodium). Both private keys lie in
its settings behind a password (Argon2id, XSalsa20-Poly1305): a copy of the database alone neither signs nor
opens anything. The card holds the public halves; who receives it compares its fingerprint by phone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from gridoffice.errors import BadSheet, RuleBroken
from gridoffice.service import service
from gridoffice.settings import ORGANISATION, set_setting, setting

KEYS = "package keys"
SHORTEST = 8
"""So many characters a password has at least."""
CARD_ENDING = ".gridcard"
_CARD = "gridoffice card"
_GROUPS, _FIGURES = 6, 4
_LARGEST_CARD = 10_000


@dataclass(frozen=True, slots=True)
class Keys:
    """What an office signs with, and what it opens with."""

    sign: SigningKey
    seal: PrivateKey


@dataclass(frozen=True, slots=True)
class Card:
    """名片 of an office: its name and its public keys (hexadecimal)."""

    name: str
    sign_key: str
    seal_key: str

    @property
    def fingerprint(self) -> str:
        """24 figures in groups of four, to be read aloud."""
        return fingerprint(self.sign_key, self.seal_key)


def fingerprint(sign_key: str, seal_key: str) -> str:
    """What two public keys look like over the phone."""
    digest = hashlib.blake2b(bytes.fromhex(sign_key) + bytes.fromhex(seal_key), digest_size=16).digest()
    figures = f"{int.from_bytes(digest, 'big') % 10 ** (_GROUPS * _FIGURES):0{_GROUPS * _FIGURES}d}"
    return " ".join(figures[start : start + _FIGURES] for start in range(0, len(figures), _FIGURES))


def has_keys(session: Session) -> bool:
    """Whether this office can send and receive."""
    return setting(session, KEYS) is not None


def own_card(session: Session) -> Card:
    """The card of this office. Raises `RuleBroken` when it has no keys yet."""
    kept = _kept(session)
    return Card(setting(session, ORGANISATION, ""), kept["sign"], kept["seal"])


def _kept(session: Session) -> dict[str, str]:
    kept = setting(session, KEYS)
    if kept is None:
        raise RuleBroken("本办还没有上报用的密钥。先设一个上报密码。")
    return kept


@service("设置上报密码", needs=Right.ADMINISTER, undoable=False)
def make_keys(session: Session, password: str) -> None:
    """Give the office its keys, once, behind a password. It cannot be undone: cards of them may be out.
    Raises `RuleBroken` when it has keys, and for a password that is too short."""
    if has_keys(session):
        raise RuleBroken("本办已有密钥。改密码用“改上报密码”。")
    _keep(session, Keys(SigningKey.generate(), PrivateKey.generate()), password)
    entitle(session, "设置上报密码，生成本办密钥")


@service("改上报密码", needs=Right.ADMINISTER, undoable=False)
def change_password(session: Session, old: str, new: str) -> None:
    """The same keys behind another password; cards that are out stay good. Raises as `unlocked` does."""
    _keep(session, unlocked(session, old), new)
    entitle(session, "改上报密码")


def unlocked(session: Session, password: str) -> Keys:
    """The keys of this office. Raises `RuleBroken` for a wrong password, and when there are none."""
    kept = _kept(session)
    box = SecretBox(_stretched(password, bytes.fromhex(kept["salt"])))
    try:
        both = box.decrypt(bytes.fromhex(kept["behind"]))
    except CryptoError:
        raise RuleBroken("上报密码不对，大小写也要一样。") from None
    return Keys(SigningKey(both[:32]), PrivateKey(both[32:]))


def _keep(session: Session, keys: Keys, password: str) -> None:
    if len(password) < SHORTEST:
        raise RuleBroken(f"上报密码至少要 {SHORTEST} 个字符。")
    salt = random(pwhash.argon2id.SALTBYTES)
    behind = SecretBox(_stretched(password, salt)).encrypt(bytes(keys.sign) + bytes(keys.seal))
    set_setting(
        session,
        KEYS,
        {
            "sign": bytes(keys.sign.verify_key).hex(),
            "seal": bytes(keys.seal.public_key).hex(),
            "salt": salt.hex(),
            "behind": bytes(behind).hex(),
        },
    )


def _stretched(password: str, salt: bytes) -> bytes:
    return pwhash.argon2id.kdf(
        SecretBox.KEY_SIZE,
        password.encode(),
        salt,
        opslimit=pwhash.argon2id.OPSLIMIT_INTERACTIVE,
        memlimit=pwhash.argon2id.MEMLIMIT_INTERACTIVE,
    )


def card_text(card: Card) -> str:
    """A card as the file that is handed over; its fingerprint stands in it to be read."""
    said = {_CARD: 1, "name": card.name, "sign": card.sign_key, "seal": card.seal_key}
    return json.dumps({**said, "指纹": card.fingerprint}, ensure_ascii=False, indent=1) + "\n"


def read_card(file: Path) -> Card:
    """The card in a file. Raises `BadSheet` when it is none."""
    wrong = f"“{file.name}”不是单位名片。名片由对方在“上报”里存出，文件名以 {CARD_ENDING} 结尾。"
    try:
        with file.open("rb") as stream:
            said: Any = json.loads(stream.read(_LARGEST_CARD).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadSheet(wrong) from error
    if not isinstance(said, dict) or said.get(_CARD) != 1:
        raise BadSheet(wrong)
    name, sign, seal = (str(said.get(part, "")) for part in ("name", "sign", "seal"))
    if not name.strip() or len(name) > 80 or not (_is_key(sign) and _is_key(seal)):
        raise BadSheet(wrong)
    return Card(name.strip(), sign, seal)


def _is_key(text: str) -> bool:
    try:
        return len(text) == 64 and len(bytes(VerifyKey(bytes.fromhex(text)))) == 32
    except (ValueError, CryptoError):
        return False
