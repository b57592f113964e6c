"""The journal: what was done, by whom, from where, with what before and after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import Deed
from db.tables.base import Base
from db.types import Canonical, Coded, Key, Moment, codes_check


class Action(Base):
    """One line of the journal. `digest` covers the line, its parts and the line before it."""

    __tablename__ = "action"
    __table_args__ = (codes_check("deed", Deed),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(String(64))
    terminal: Mapped[str] = mapped_column(String(120))
    deed: Mapped[Deed] = mapped_column(Coded(Deed))
    title: Mapped[str] = mapped_column(Text)
    service: Mapped[str] = mapped_column(String(120))
    target: Mapped[int | None] = mapped_column(Key, index=True)
    undoable: Mapped[bool]
    detail: Mapped[Any | None] = mapped_column(Canonical)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class ActionPart(Base):
    """Some of the records that an action touched, all of one table: a compressed list of
    [id, before, after, mark], where `mark` tells whether the record changed since."""

    __tablename__ = "action_part"

    action_id: Mapped[int] = mapped_column(Key, ForeignKey("action.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    of_table: Mapped[str] = mapped_column(String(40))
    count: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class JournalHead(Base):
    """The end of the journal, so that a removed last line is noticed too."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(Key)
    digest: Mapped[str] = mapped_column(String(64))
