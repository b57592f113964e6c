"""Documents that the office writes, and the numbers under which they go out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, Record
from db.types import Canonical, Key, Moment


class PaperNumber(Record, Base):
    """发文登记: one number of one series, 机关代字〔年〕序号. Numbers of a series run without a gap; one that
    was given out in vain stays in the register, `void`."""

    __tablename__ = "paper_number"
    __table_args__ = (UniqueConstraint("series", "year", "serial"), {"sqlite_autoincrement": True})
    noun = "发文字号"

    series: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    serial: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(String(20))
    day: Mapped[date]
    recipients: Mapped[str | None] = mapped_column(Text)
    secrecy: Mapped[str | None] = mapped_column(String(20))
    urgency: Mapped[str | None] = mapped_column(String(20))
    drafter: Mapped[str | None] = mapped_column(String(80))
    signer: Mapped[str | None] = mapped_column(String(80))
    copies: Mapped[int | None]
    void: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)


class Draft(Record, Base):
    """草稿: a document as it is being written. `template` is what it was begun from, `text` its body with
    the names of numbers still in braces, `said` the other fields as plain values, `month` the address of
    the month that it is of; `number_id` the number that it went out under."""

    __tablename__ = "draft"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "草稿"

    template: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    said: Mapped[Any] = mapped_column(Canonical)
    month: Mapped[str | None] = mapped_column(String(80))
    grid_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    number_id: Mapped[int | None] = mapped_column(Key, ForeignKey("paper_number.id"), unique=True)
    writer: Mapped[str] = mapped_column(String(64))
    changed: Mapped[datetime] = mapped_column(Moment)
