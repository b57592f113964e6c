"""Other offices with whom packages are exchanged, and the register of those sent and received."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import Way
from db.tables.base import Base, Record
from db.types import Canonical, Coded, Key, Moment, codes_check


class Partner(Record, Base):
    """往来单位: another office, by the two public keys of its card (hexadecimal). It is `confirmed` once its
    fingerprint was compared by phone; `grid_id` is what it answers for in this office's tree."""

    __tablename__ = "partner"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "往来单位"

    name: Mapped[str] = mapped_column(String(80))
    sign_key: Mapped[str] = mapped_column(String(64), unique=True)
    seal_key: Mapped[str] = mapped_column(String(64))
    confirmed: Mapped[bool] = mapped_column(default=False)
    grid_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)


class Package(Record, Base):
    """上报包: one that was sent or received. `identity` is its own name, `number` counts those of one partner
    in one direction; `contents` are its parts with their rows and digests; `marks` of one sent tell the rows
    that the other office has from then on; `settled` are parts of which nothing was left to write;
    `answered` is what the other office did with one sent."""

    __tablename__ = "package"
    __table_args__ = (
        codes_check("way", Way),
        UniqueConstraint("way", "identity"),
        UniqueConstraint("partner_id", "way", "number"),
        {"sqlite_autoincrement": True},
    )
    noun = "上报包"

    way: Mapped[Way] = mapped_column(Coded(Way))
    partner_id: Mapped[int] = mapped_column(Key, ForeignKey("partner.id"), index=True)
    number: Mapped[int]
    identity: Mapped[str] = mapped_column(String(32))
    made: Mapped[datetime] = mapped_column(Moment)
    month: Mapped[str | None] = mapped_column(String(80))
    whole: Mapped[bool]
    contents: Mapped[Any] = mapped_column(Canonical)
    marks: Mapped[str | None] = mapped_column(Text)
    settled: Mapped[Any] = mapped_column(Canonical)
    answered: Mapped[Any | None] = mapped_column(Canonical)
