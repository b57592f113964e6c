"""What a server keeps of a password: the verifier of SCRAM-SHA-256 (RFC 5802, RFC 7677) as PostgreSQL writes it.

PostgreSQL's own client makes one with a salt of its own each time; with a salt that is given, equal passwords
of an account have equal verifiers.
"""

from __future__ import annotations

import hashlib
import hmac
import stringprep
import unicodedata
from base64 import b64encode

ROUNDS = 4096
"""What the server itself takes: another number would tell which accounts there are."""

_FORBIDDEN = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
    stringprep.in_table_a1,
)


def verifier_of(password: str, salt: bytes) -> str:
    """The verifier, for `ALTER ROLE … PASSWORD`."""
    salted = hashlib.pbkdf2_hmac("sha256", prepared(password).encode(), salt, ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    said = [b64encode(one).decode() for one in (salt, stored, server)]
    return f"SCRAM-SHA-256${ROUNDS}:{said[0]}${said[1]}:{said[2]}"


def prepared(password: str) -> str:
    """SASLprep (RFC 4013); as PostgreSQL does it, a password that it refuses is taken as it stands."""
    mapped = "".join(
        " " if stringprep.in_table_c12(sign) else sign
        for sign in password
        if not stringprep.in_table_b1(sign)
    )
    made = unicodedata.ucd_3_2_0.normalize("NFKC", mapped)
    if not made or any(forbidden(sign) for sign in made for forbidden in _FORBIDDEN):
        return password
    right_to_left = [stringprep.in_table_d1(sign) for sign in made]
    if any(right_to_left):
        mixed = any(map(stringprep.in_table_d2, made))
        if mixed or not (right_to_left[0] and right_to_left[-1]):
            return password
    return made
