"""Trainings that were held, and who attended them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import Presence, TrainingForm
from db.tables.base import Base, Record
from db.types import Coded, Exact, Key, codes_check


class Training(Record, Base):
    """One session on one day; `hours` are 学时."""

    __tablename__ = "training"
    __table_args__ = (
        codes_check("form", TrainingForm),
        Index("ix_training_day_name", "day", "name"),
        {"sqlite_autoincrement": True},
    )
    noun = "培训"

    name: Mapped[str] = mapped_column(String(120))
    day: Mapped[date]
    form: Mapped[TrainingForm | None] = mapped_column(Coded(TrainingForm))
    theme: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(String(120))
    hours: Mapped[Decimal | None] = mapped_column(Exact(1))
    organiser: Mapped[str | None] = mapped_column(String(120))
    lecturer: Mapped[str | None] = mapped_column(String(80))


class Attendance(Record, Base):
    """One person at one training. `hours` empty: those of the training, for whoever was there."""

    __tablename__ = "attendance"
    __table_args__ = (codes_check("presence", Presence), {"sqlite_autoincrement": True})
    noun = "培训签到"

    training_id: Mapped[int] = mapped_column(Key, ForeignKey("training.id"), index=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    presence: Mapped[Presence] = mapped_column(Coded(Presence))
    hours: Mapped[Decimal | None] = mapped_column(Exact(1))
    score: Mapped[Decimal | None] = mapped_column(Exact(2))
