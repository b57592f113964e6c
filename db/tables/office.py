"""The office itself: its settings, its accounts, and what they sign in with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import Reach, Role
from db.tables.base import Base, Record
from db.types import Canonical, Coded, Key, Moment, codes_check


class Setting(Record, Base):
    """One named value of the office: its name, its governance model, its customs."""

    __tablename__ = "setting"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "设置"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    value: Mapped[Any] = mapped_column(Canonical)


class Account(Record, Base):
    """Who works in this office. `reach` says how far the account sees: all, its unit `grid_id` (with or
    without what lies below), grids of its own list, or what is told of `person_id`, who it is among the
    people of the office. `scorer` is the office whose indicators alone it delivers.

    `pending` is what was asked for and waits for approval: an account that is not active and has one is
    new; one that is active goes on with what it has.
    """

    __tablename__ = "account"
    __table_args__ = (
        codes_check("role", Role),
        codes_check("reach", Reach),
        {"sqlite_autoincrement": True},
    )
    noun = "账号"

    name: Mapped[str] = mapped_column(String(64), unique=True)
    display: Mapped[str] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(Coded(Role))
    reach: Mapped[Reach] = mapped_column(Coded(Reach))
    grid_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    scorer: Mapped[str | None] = mapped_column(String(80))
    pending: Mapped[Any | None] = mapped_column(Canonical)


class AccountGrid(Record, Base):
    """One of the grids that an account of reach 指定网格 sees, with what lies below it."""

    __tablename__ = "account_grid"
    __table_args__ = (UniqueConstraint("account_id", "grid_id"), {"sqlite_autoincrement": True})
    noun = "账号的网格"

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"))
    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"), index=True)


class Credential(Base):
    """What an account signs in with, and how that went. No record of the journal: a secret, even hashed,
    must not stay in it for ever, and what happened at the door has lines of its own there.

    `secret` is an Argon2 hash (none: no password is asked, or a shared server keeps it), `former` the
    hashes before it, the latest first.
    """

    __tablename__ = "credential"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"), unique=True)
    secret: Mapped[str | None] = mapped_column(String(200))
    since: Mapped[datetime | None] = mapped_column(Moment)
    must_change: Mapped[bool] = mapped_column(default=False)
    former: Mapped[Any | None] = mapped_column(Canonical)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_from: Mapped[str | None] = mapped_column(String(120))
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_from: Mapped[str | None] = mapped_column(String(120))
