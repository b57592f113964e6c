"""What an account signs in with: its hash, since when, how often it failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db.tables import Account, Credential
from gridoffice.accounts.policy import Policy
from gridoffice.accounts.rules import password_faults
from gridoffice.errors import Problem, RuleBroken

FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)
"""Until when a shared server bars an account whose password somebody tries to guess."""


def credential_of(session: Session, account_id: int) -> Credential:
    """What an account signs in with; made when it has never had one."""
    found = session.scalar(select(Credential).where(Credential.account_id == account_id))
    if found is None:
        found = Credential(account_id=account_id, must_change=False, failures=0)
        session.add(found)
        session.flush()
    return found


def asks_for_passwords(session: Session) -> bool:
    """Whether anybody has a password here. An office of one has none and is asked nothing."""
    return session.scalar(select(exists().where(Credential.secret.is_not(None)))) or False


def hashed(password: str) -> str:
    """The Argon2id hash that is kept of a password (64 MB, two passes: libsodium's measure for a door)."""
    # loaded when a password is given for the first time, not before the first window
    from nacl.pwhash import argon2id

    made = argon2id.str(
        password.encode(),
        opslimit=argon2id.OPSLIMIT_INTERACTIVE,
        memlimit=argon2id.MEMLIMIT_INTERACTIVE,
    )
    return made.decode()


def fits(secret: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    from nacl.exceptions import CryptoError
    from nacl.pwhash import argon2id

    try:
        return argon2id.verify(secret.encode(), password.encode())
    except (CryptoError, ValueError):
        return False


def set_secret(
    session: Session, account: Account, password: str, policy: Policy, *, must_change: bool
) -> Credential:
    """Give an account a new password; it is unlocked by that. Raises `RuleBroken` for one that is too weak
    or was had before. `must_change`: somebody else thought of it, so it holds for one sign-in."""
    one = credential_of(session, account.id)
    said = password_faults(password, (account.name, account.display), policy)
    known = [one.secret, *(one.former or [])] if one.secret else []
    if not said and any(fits(secret, password) for secret in known[: policy.former]):
        said = [f"这个密码最近用过，换一个（最近 {policy.former} 个都不能再用）。"]
    if said:
        raise RuleBroken(said[0], [Problem(message, field="新密码") for message in said])
    one.former = known[: max(policy.former, 0)]
    one.secret, one.since, one.must_change = hashed(password), datetime.now(UTC), must_change
    unlock(one)
    return one


def unlock(one: Credential) -> None:
    one.failures, one.locked_until = 0, None


def expires(one: Credential, policy: Policy) -> datetime | None:
    """When a password has been held long enough; None: never."""
    return one.since + timedelta(days=policy.days) if policy.days and one.since is not None else None
