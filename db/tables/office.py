"""The office itself: its settings and its accounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import Role
from db.tables.base import Base, Record
from db.types import Canonical, Coded, Key, codes_check


class Setting(Record, Base):
    """One named value of the office: its name, its governance model, its customs."""

    __tablename__ = "setting"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "设置"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    value: Mapped[Any] = mapped_column(Canonical)


class Account(Record, Base):
    """Who works in this office; `grid_id` is the top of what the account may see, `person_id` who it is
    among the people of the office, `scorer` the office whose indicators alone it delivers."""

    __tablename__ = "account"
    __table_args__ = (codes_check("role", Role), {"sqlite_autoincrement": True})
    noun = "账号"

    name: Mapped[str] = mapped_column(String(64), unique=True)
    display: Mapped[str] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(Coded(Role))
    grid_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    scorer: Mapped[str | None] = mapped_column(String(80))
