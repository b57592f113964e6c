"""The grid tree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import DERIVED, Base, Record
from db.types import Exact, Key, PathText


class Grid(Record, Base):
    """One node of the tree, from a city down to a micro-grid; `kind` is a kind of the governance pack.

    It exists from `valid_from` (empty: longer than anyone wrote down) to `valid_to` (empty: still), both
    days included.
    `path` is the parent's path and five characters of its own, so that a subtree is a range of paths.
    """

    __tablename__ = "grid"
    __table_args__ = (
        Index("ix_grid_path", "path"),
        {"sqlite_autoincrement": True},
    )
    noun = "网格"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    path: Mapped[str] = mapped_column(PathText, info=DERIVED)
    households: Mapped[int | None]
    merchants: Mapped[int | None]
    population: Mapped[int | None]
    area: Mapped[Decimal | None] = mapped_column(Exact(2), comment="square metres")
    extent: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
