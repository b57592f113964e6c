"""Passwords of shared offices: in the system's own keyring (Windows credentials, the Linux secret service) or
nowhere. They are never in a file of ours, in the journal, or in what a program is started with."""

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


def name_of(url: URL) -> str:
    """Whose password it is: the account on that server, for that office."""
    return f"{url.username}@{url.host or 'localhost'}:{url.port or 5432}/{url.database}"


def recall(url: URL) -> str | None:
    """The password of an address, if the keyring holds it."""
    ring = keyring() if url.username else None
    if ring is None:
        return None
    try:
        return ring.get_password(SERVICE, name_of(url))
    except Exception:  # locked meanwhile: asked for instead
        return None


def keep(url: URL, password: str) -> bool:
    """Put a password into the keyring; answers whether it is there now."""
    ring = keyring()
    if ring is None:
        return False
    try:
        ring.set_password(SERVICE, name_of(url), password)
    except Exception:
        return False
    return True


def forget(url: URL) -> None:
    """Take a password out of the keyring, if it is there."""
    ring = keyring()
    if ring is not None:
        try:
            ring.delete_password(SERVICE, name_of(url))
        except Exception:
            return
