"""Schemes, months and the sheets of a month's assessment."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import Employment, MonthState
from db.tables.base import DERIVED, Base, Record
from db.types import Canonical, Coded, Exact, Key, Moment, PathText, codes_check


class Scheme(Record, Base):
    """One edition of an assessment scheme; `body` is its canonical JSON and never changes once used."""

    __tablename__ = "scheme"
    __table_args__ = (UniqueConstraint("key", "edition"), {"sqlite_autoincrement": True})
    noun = "考核方案"

    key: Mapped[str] = mapped_column(String(64))
    edition: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)


class Month(Record, Base):
    """A month's assessment (`period` is YYYY-MM). `digest` seals it when it is locked."""

    __tablename__ = "month"
    __table_args__ = (codes_check("state", MonthState), {"sqlite_autoincrement": True})
    noun = "月度考核"

    period: Mapped[str] = mapped_column(String(7), unique=True)
    scheme_id: Mapped[int] = mapped_column(Key, ForeignKey("scheme.id"), index=True)
    state: Mapped[MonthState] = mapped_column(Coded(MonthState))
    opened_on: Mapped[date]
    computed_at: Mapped[datetime | None] = mapped_column(Moment)
    locked_at: Mapped[datetime | None] = mapped_column(Moment)
    locked_by: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))


class Sheet(Record, Base):
    """One person's sheet of one month.

    `recorded` are the raw values in the order of the scheme's columns, `points` those in the order of its
    indicators, both as little-endian int64 (the smallest for what is not there): raw values in 1/10,000
    (empty: nothing was recorded), points in the scheme's last place. Results follow from what is recorded
    in the whole month and are computed again. Names and grid are copied in when the month opens and frozen
    when it is locked, so that an old report keeps the old names; `seal` is then the digest of the line.

    `inputs`, `parts` and `trace` hold raw values, points and the explained sum as text in months that were
    locked before there was `recorded`: what is locked stays byte for byte as it was sealed.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("month_id", "person_id"),
        codes_check("employment", Employment),
        Index("ix_sheet_month_rank", "month_id", "rank", "id"),
        Index("ix_sheet_month_path", "month_id", "grid_path", "id"),
        {"sqlite_autoincrement": True},
    )
    noun = "考核表"

    month_id: Mapped[int] = mapped_column(Key, ForeignKey("month.id"))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    post_id: Mapped[int] = mapped_column(Key, ForeignKey("post.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    id_number: Mapped[str | None] = mapped_column(String(18))
    title: Mapped[str] = mapped_column(String(40))
    employment: Mapped[Employment] = mapped_column(Coded(Employment))
    grid_path: Mapped[str] = mapped_column(PathText)
    grid_name: Mapped[str] = mapped_column(String(250))
    unit_path: Mapped[str] = mapped_column(PathText)
    unit_name: Mapped[str] = mapped_column(String(80))
    inputs: Mapped[dict[str, Any]] = mapped_column(Canonical)
    parts: Mapped[dict[str, Any] | None] = mapped_column(Canonical, info=DERIVED)
    recorded: Mapped[bytes | None] = mapped_column(LargeBinary)
    points: Mapped[bytes | None] = mapped_column(LargeBinary, info=DERIVED)
    total: Mapped[Decimal | None] = mapped_column(Exact(4), info=DERIVED)
    grade: Mapped[str | None] = mapped_column(String(20), info=DERIVED)
    rank: Mapped[int | None] = mapped_column(info=DERIVED)
    unit_rank: Mapped[int | None] = mapped_column(info=DERIVED)
    trace: Mapped[Any | None] = mapped_column(Canonical, info=DERIVED)
    seal: Mapped[str | None] = mapped_column(String(64), info=DERIVED)
