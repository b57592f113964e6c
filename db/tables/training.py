"""Trainings that were held, and who attended them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import Presence, TrainingForm, TrainingState
from db.tables.base import Base, Record
from db.types import Coded, Exact, Key, codes_check


class TrainingPlan(Record, Base):
    """What is to be trained between two days: so many sessions of so many 学时 each. `posts` are titles
    of the pack, joined by 、; empty: everybody below the area."""

    __tablename__ = "training_plan"
    __table_args__ = (codes_check("form", TrainingForm), {"sqlite_autoincrement": True})
    noun = "培训计划"

    name: Mapped[str] = mapped_column(String(120))
    from_day: Mapped[date]
    to_day: Mapped[date]
    grid_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    form: Mapped[TrainingForm | None] = mapped_column(Coded(TrainingForm))
    theme: Mapped[str | None] = mapped_column(Text)
    sessions: Mapped[int | None]
    hours: Mapped[Decimal | None] = mapped_column(Exact(1))
    posts: Mapped[str | None] = mapped_column(Text)
    organiser: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(Text)


class Training(Record, Base):
    """One session on one day; `hours` are 学时. `grid_id` is the area it is for (empty: everybody),
    `posts` the titles it is required for, joined by 、."""

    __tablename__ = "training"
    __table_args__ = (
        codes_check("form", TrainingForm),
        codes_check("state", TrainingState),
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
    state: Mapped[TrainingState | None] = mapped_column(Coded(TrainingState))
    plan_id: Mapped[int | None] = mapped_column(Key, ForeignKey("training_plan.id"), index=True)
    grid_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    posts: Mapped[str | None] = mapped_column(Text)


class Invitation(Record, Base):
    """Somebody asked to come to a training, whether they came or not."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("training_id", "person_id"), {"sqlite_autoincrement": True})
    noun = "培训通知"

    training_id: Mapped[int] = mapped_column(Key, ForeignKey("training.id"))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)


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


class Completion(Record, Base):
    """结业证书: the number given for one attendance, on `day`; a number is never given twice."""

    __tablename__ = "completion"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "结业证书"

    attendance_id: Mapped[int] = mapped_column(Key, ForeignKey("attendance.id"), unique=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    day: Mapped[date]
