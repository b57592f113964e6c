"""The grid tree as it stands, and what it was on days past."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import GridChangeKind, GridPart, Zone
from db.tables.base import DERIVED, Base, Record
from db.types import Canonical, Coded, Exact, Key, PathText, codes_check


class Grid(Record, Base):
    """One node of the tree, from a city down to a micro-grid; `kind` is a kind of the governance pack.

    It exists from `valid_from` (empty: longer than anyone wrote down) to `valid_to` (empty: still), both
    days included. The line says what it is since `since` (empty: since it exists); what it was before
    stands in its periods.
    `path` is the parent's path and five characters of its own, so that a subtree is a range of paths.
    `search` is what a search looks in: name, code, pinyin.
    """

    __tablename__ = "grid"
    __table_args__ = (
        # all that counting needs of a grid, so that a tree of 130,000 opens without reading whole rows
        Index("ix_grid_path", "path", "valid_from", "valid_to", "kind", "households"),
        codes_check("zone", Zone),
        {"sqlite_autoincrement": True},
    )
    noun = "网格"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    path: Mapped[str] = mapped_column(PathText, info=DERIVED)
    search: Mapped[str | None] = mapped_column(Text, info=DERIVED)
    households: Mapped[int | None]
    merchants: Mapped[int | None]
    population: Mapped[int | None]
    area: Mapped[Decimal | None] = mapped_column(Exact(2), comment="square metres")
    extent: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    since: Mapped[date | None]
    zone: Mapped[Zone | None] = mapped_column(Coded(Zone))
    note: Mapped[str | None] = mapped_column(Text)


class GridChange(Record, Base):
    """One dated change of the tree, in force from `day`: why, and by whose approval."""

    __tablename__ = "grid_change"
    __table_args__ = (codes_check("kind", GridChangeKind), {"sqlite_autoincrement": True})
    noun = "网格变动"

    kind: Mapped[GridChangeKind] = mapped_column(Coded(GridChangeKind))
    day: Mapped[date] = mapped_column(index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    approval: Mapped[str | None] = mapped_column(String(120), comment="number of the approving document")


class GridLink(Record, Base):
    """What one grid is to a change: changed itself, closed by it (before), brought forth by it (after)."""

    __tablename__ = "grid_link"
    __table_args__ = (codes_check("part", GridPart), {"sqlite_autoincrement": True})
    noun = "网格沿革"

    change_id: Mapped[int] = mapped_column(Key, ForeignKey("grid_change.id"), index=True)
    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    part: Mapped[GridPart] = mapped_column(Coded(GridPart))


class GridPeriod(Record, Base):
    """What a grid was from `from_day` (empty: since it exists) to `to_day`, when a change ended it.

    The periods of one grid follow each other without a gap, and the last ends the day before the
    grid's own `since`.
    """

    __tablename__ = "grid_period"
    __table_args__ = (
        Index("ix_grid_period_days", "to_day", "from_day"),
        codes_check("zone", Zone),
        {"sqlite_autoincrement": True},
    )
    noun = "网格旧貌"

    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    change_id: Mapped[int] = mapped_column(Key, ForeignKey("grid_change.id"), index=True)
    from_day: Mapped[date | None]
    to_day: Mapped[date]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    search: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    households: Mapped[int | None]
    merchants: Mapped[int | None]
    population: Mapped[int | None]
    area: Mapped[Decimal | None] = mapped_column(Exact(2), comment="square metres")
    extent: Mapped[str | None] = mapped_column(Text)
    zone: Mapped[Zone | None] = mapped_column(Coded(Zone))
    note: Mapped[str | None] = mapped_column(Text)


class GridPlan(Record, Base):
    """A dated change that waits for its day: `draft` says what is to be done, as the operation is written."""

    __tablename__ = "grid_plan"
    __table_args__ = (codes_check("kind", GridChangeKind), {"sqlite_autoincrement": True})
    noun = "待生效的网格变动"

    kind: Mapped[GridChangeKind] = mapped_column(Coded(GridChangeKind))
    day: Mapped[date] = mapped_column(index=True)
    draft: Mapped[Any] = mapped_column(Canonical)
    reason: Mapped[str | None] = mapped_column(Text)
    approval: Mapped[str | None] = mapped_column(String(120))


class GridCode(Record, Base):
    """A code that was given up on `day` and is never given again."""

    __tablename__ = "grid_code"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "作废编码"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    change_id: Mapped[int] = mapped_column(Key, ForeignKey("grid_change.id"), index=True)
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
