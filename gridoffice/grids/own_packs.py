"""The governance packs of one office: those that ship, and those it wrote itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from gridoffice.errors import NotFound
from gridoffice.grids import pack_text
from gridoffice.grids.pack import Pack
from gridoffice.settings import PACKS, setting


def pack_called(session: Session, key: str) -> Pack:
    """The pack of that key, as it ships or as the office wrote it. Raises `NotFound`."""
    if key in pack_text.names():
        return pack_text.load(key)
    own = own_texts(session)
    if key not in own:
        known = [*pack_text.names(), *sorted(own)]
        raise NotFound(f"没有治理模式“{key}”。现有：{'、'.join(known)}。")
    return pack_text.read(own[key], key)


def packs(session: Session) -> list[Pack]:
    """Every pack that this office may work by: those that ship, then its own."""
    own = own_texts(session)
    return [pack_text.load(key) for key in pack_text.names()] + [
        pack_text.read(own[key], key) for key in sorted(own)
    ]


def own_texts(session: Session) -> dict[str, Any]:
    """The text of each pack that the office wrote itself, by key."""
    return setting(session, PACKS, {})
