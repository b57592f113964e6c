"""Natural persons, and the posts they hold in grids."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import Education, Employment, Ethnicity, Political, Sex
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
    reason: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
