"""Passwords of shared offices and of local files: in the system's own keyring (Windows credentials, the Linux
secret service) or nowhere. They are never in a file of ours, in the journal, or in what a program is started with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

from sqlalchemy import URL

SERVICE = "网格办"


class Keyring(Protocol):
    """What is asked of a keyring."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> Any: ...
    def delete_password(self, service: str, username: str) -> Any: ...


@cache
def keyring() -> Keyring | None:
    """The keyring of the system, None where there is none that works. Only the systems' own are taken: what an
    environment variable or a file of settings names might keep passwords as plain text."""
    for make in _known():
        try:
            found = make()
            found.get_password(SERVICE, "is it open")
        except Exception:  # whatever a keyring that is missing, locked or broken raises
            continue
        return found
    return None


def _known() -> list[Callable[[], Any]]:
    def windows() -> Any:
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring()

    def secret_service() -> Any:
        from keyring.backends.SecretService import Keyring as Service

        assert Service.priority > 0
        return Service()

    def kwallet() -> Any:
        from keyring.backends.kwallet import DBusKeyring

        assert DBusKeyring.priority > 0
        return DBusKeyring()

    return [windows] if sys.platform == "win32" else [secret_service, kwallet]


def kept_by() -> str:
    """Where a remembered password lies, in words; empty when it cannot be remembered."""
    if keyring() is None:
        return ""
    return "Windows 凭据管理器" if sys.platform == "win32" else "系统钥匙串"


def name_of(whose: URL | bytes) -> str:
    """Whose password it is: the account on that server, for that office; or the local file that begins so, and
    every copy of it."""
    if isinstance(whose, bytes):
        return f"本机资料库 {whose.hex()}"
    return f"{whose.username}@{whose.host or 'localhost'}:{whose.port or 5432}/{whose.database}"


def recall(whose: URL | bytes) -> str | None:
    """The password, if the keyring holds it."""
    ring = keyring() if isinstance(whose, bytes) or whose.username else None
    if ring is None:
        return None
    try:
        return ring.get_password(SERVICE, name_of(whose))
    except Exception:  # locked meanwhile: asked for instead
        return None


def keep(whose: URL | bytes, password: str) -> bool:
    """Put a password into the keyring; answers whether it is there now."""
    ring = keyring()
    if ring is None:
        return False
    try:
        ring.set_password(SERVICE, name_of(whose), password)
    except Exception:
        return False
    return True


def forget(whose: URL | bytes) -> None:
    """Take a password out of the keyring, if it is there."""
    ring = keyring()
    if ring is not None:
        try:
            ring.delete_password(SERVICE, name_of(whose))
        except Exception:
            return
