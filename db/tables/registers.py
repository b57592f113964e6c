"""What a grid can call on, what is wrong in it, and who is called in it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import IssueState, ResourceKind
from db.tables.base import Base, Record
from db.types import Coded, Key, codes_check


class Resource(Record, Base):
    """资源清单: one thing, place, unit or team that a grid can call on, from `from_day` to `to_day`."""

    __tablename__ = "resource"
    __table_args__ = (codes_check("kind", ResourceKind), {"sqlite_autoincrement": True})
    noun = "资源"

    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    kind: Mapped[ResourceKind] = mapped_column(Coded(ResourceKind))
    name: Mapped[str] = mapped_column(String(120))
    contact: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(60))
    address: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[str | None] = mapped_column(String(60))
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)


class Issue(Record, Base):
    """问题清单: one problem found in a grid on `day`. `kind` is a word of the office's own list; `due` the
    day it should be settled by, `closed` the day it was. `reporter` is who reported it, as it was written;
    `person_id` that one where the office knows them."""

    __tablename__ = "issue"
    __table_args__ = (
        codes_check("state", IssueState),
        Index("ix_issue_grid_day", "grid_id", "day", "closed", "state"),
        {"sqlite_autoincrement": True},
    )
    noun = "问题"

    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"))
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str | None] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(String(40))
    reporter: Mapped[str | None] = mapped_column(String(80))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    department: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[IssueState] = mapped_column(Coded(IssueState))
    due: Mapped[date | None]
    closed: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(Text)
    satisfied: Mapped[bool | None]


class Household(Record, Base):
    """联系户: a household of a grid by its representative, who calls it (`caller_id`) and which party
    member keeps in touch with it (`member_id`), from `from_day` to `to_day`."""

    __tablename__ = "household"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "联系户"

    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(60))
    address: Mapped[str | None] = mapped_column(Text)
    people: Mapped[int | None]
    caller_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
