"""Natural persons, and the posts they hold in grids."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import Education, Employment, Ethnicity, Political, ReserveState, Sex
from db.tables.base import DERIVED, Base, Record
from db.types import Coded, Key, PathText, codes_check


class Person(Record, Base):
    """One natural person, whatever hats they wear. Nobody is entered twice."""

    __tablename__ = "person"
    __table_args__ = (
        codes_check("sex", Sex),
        codes_check("ethnicity", Ethnicity),
        codes_check("education", Education),
        codes_check("political", Political),
        {"sqlite_autoincrement": True},
    )
    noun = "人员"

    name: Mapped[str] = mapped_column(String(80), index=True)
    id_number: Mapped[str | None] = mapped_column(String(18), unique=True)
    sex: Mapped[Sex | None] = mapped_column(Coded(Sex))
    ethnicity: Mapped[Ethnicity | None] = mapped_column(Coded(Ethnicity))
    birth: Mapped[date | None]
    political: Mapped[Political | None] = mapped_column(Coded(Political))
    education: Mapped[Education | None] = mapped_column(Coded(Education))
    phone: Mapped[str | None] = mapped_column(String(60))
    address: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    pinyin: Mapped[str] = mapped_column(String(200), info=DERIVED)
    search: Mapped[str] = mapped_column(Text, info=DERIVED)


class Post(Record, Base):
    """A post held in a grid from `from_day` to `to_day`, both days included; empty means unknown and still.

    `title` is a post of the governance pack, in the pack's own words. `grid_path` repeats the
    grid's path so that the roster of a subtree is one range of one index.
    """

    __tablename__ = "post"
    __table_args__ = (
        codes_check("employment", Employment),
        # all that a roster's order needs of a post, so that sorting reads no whole row
        Index("ix_post_grid_path", "grid_path", "from_day", "to_day", "person_id", "id"),
        {"sqlite_autoincrement": True},
    )
    noun = "任职"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    grid_path: Mapped[str] = mapped_column(PathText, info=DERIVED)
    title: Mapped[str] = mapped_column(String(40))
    employment: Mapped[Employment] = mapped_column(Coded(Employment))
    concurrent: Mapped[bool] = mapped_column(default=False)
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    contract_end: Mapped[date | None]
    employer: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(Text)
    leave_reason: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)


class NotTwins(Record, Base):
    """Two people who look alike and were said not to be the same; `person_id` is the smaller number."""

    __tablename__ = "not_twins"
    __table_args__ = (UniqueConstraint("person_id", "other_id"), {"sqlite_autoincrement": True})
    noun = "不是同一人"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    other_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)


class Reserve(Record, Base):
    """后备人员: somebody who waits since `since` for a post (`title`, in the pack's words) below `grid_id`
    (empty: anywhere). Who is placed or has left the list stays with the day of it."""

    __tablename__ = "reserve"
    __table_args__ = (codes_check("state", ReserveState), {"sqlite_autoincrement": True})
    noun = "后备人员"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    grid_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    title: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[ReserveState] = mapped_column(Coded(ReserveState), default=ReserveState.WAITING)
    since: Mapped[date | None]
    to_day: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
