"""Schemes, months and the sheets of a month's assessment."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import AwayKind, Decision, Employment, MonthState, OpinionStage, Standing, Target
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
    """A month's assessment (`period` is YYYY-MM) by one scheme. `digest` seals it when it is locked.

    A locked month that is taken up again is a new edition of it: `follows` names the one before, `reason`
    says why. `entered` holds the day on which each state was entered, `due` the day by which it is to be
    left, `pulled` the day on which each computed indicator was drawn from our own ledgers, all as ISO
    days by code or key. `submitted_by`, `reviewed_by` and `approved_by` are names of accounts. `tally` is
    what a locked month adds up to, place by place, as packed numbers: comparisons read it alone.
    """

    __tablename__ = "month"
    __table_args__ = (
        UniqueConstraint("period", "scheme_key", "edition"),
        codes_check("state", MonthState),
        codes_check("target", Target),
        {"sqlite_autoincrement": True},
    )
    noun = "月度考核"

    period: Mapped[str] = mapped_column(String(7))
    scheme_key: Mapped[str] = mapped_column(String(64))
    edition: Mapped[int] = mapped_column(default=1)
    target: Mapped[Target] = mapped_column(Coded(Target), default=Target.POST)
    scheme_id: Mapped[int] = mapped_column(Key, ForeignKey("scheme.id"), index=True)
    state: Mapped[MonthState] = mapped_column(Coded(MonthState))
    opened_on: Mapped[date]
    computed_at: Mapped[datetime | None] = mapped_column(Moment)
    entered: Mapped[dict[str, str] | None] = mapped_column(Canonical)
    due: Mapped[dict[str, str] | None] = mapped_column(Canonical)
    pulled: Mapped[dict[str, str] | None] = mapped_column(Canonical)
    submitted_by: Mapped[str | None] = mapped_column(String(64))
    reviewed_by: Mapped[str | None] = mapped_column(String(64))
    approved_by: Mapped[str | None] = mapped_column(String(64))
    public_from: Mapped[date | None]
    public_to: Mapped[date | None]
    appeals_until: Mapped[date | None]
    follows: Mapped[int | None] = mapped_column(Key, ForeignKey("month.id"), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    tally: Mapped[bytes | None] = mapped_column(LargeBinary, info=DERIVED, deferred=True)
    locked_at: Mapped[datetime | None] = mapped_column(Moment)
    locked_by: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))


class Department(Record, Base):
    """A department that is assessed; `grid_id` is the unit it serves (empty: the whole office)."""

    __tablename__ = "department"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "部门"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    grid_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    leader: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(60))
    active: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None] = mapped_column(Text)


class Sheet(Record, Base):
    """One sheet of one month: of a person, of an area (`grid_id`) or of a department (`department_id`).

    `days` are the days of the month that somebody served, `away` those of them that they were absent;
    `standing` says why they do not simply take part (empty: they do). `adjustment` are points given or
    taken by calibration or appeal, `granted` a grade set by one; both enter the results.

    `recorded` are the raw values in the order of the scheme's columns, `points` those in the order of its
    indicators, both as little-endian int64 (the smallest for what is not there): raw values in 1/10,000
    (empty: nothing was recorded), points in the scheme's last place. Results follow from what is recorded
    in the whole month and are computed again. Names and grid are copied in when the month opens and frozen
    when it is locked, so that an old report keeps the old names; `seal` is then the digest of the line.

    `reasons` are the words beside marks given by hand, by the key of the indicator; empty where there are none.

    `inputs`, `parts` and `trace` hold raw values, points and the explained sum as text in months that were
    locked before there was `recorded`: what is locked stays byte for byte as it was sealed.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("month_id", "person_id"),
        codes_check("employment", Employment),
        codes_check("away_kind", AwayKind),
        codes_check("standing", Standing),
        # in PostgreSQL a rank that an index holds costs an entry in all of them, and sorting is fast
        Index("ix_sheet_month_rank", "month_id", "rank", "id", info={"only": "sqlite"}).ddl_if(
            dialect="sqlite"
        ),
        Index("ix_sheet_month_path", "month_id", "grid_path", "id"),
        # sheets of people, nearly all there are, stay out of these
        *(
            Index(
                f"ix_sheet_{column}",
                column,
                "month_id",
                unique=True,
                sqlite_where=text(f"{column} IS NOT NULL"),
                postgresql_where=text(f"{column} IS NOT NULL"),
            )
            for column in ("grid_id", "department_id")
        ),
        {"sqlite_autoincrement": True, "postgresql_with": {"fillfactor": 50}},
    )
    noun = "考核表"

    month_id: Mapped[int] = mapped_column(Key, ForeignKey("month.id"))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(Key, ForeignKey("post.id"), index=True)
    grid_id: Mapped[int | None] = mapped_column(Key, ForeignKey("grid.id"))
    department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    name: Mapped[str] = mapped_column(String(80))
    id_number: Mapped[str | None] = mapped_column(String(18))
    title: Mapped[str] = mapped_column(String(40))
    employment: Mapped[Employment | None] = mapped_column(Coded(Employment))
    grid_path: Mapped[str] = mapped_column(PathText)
    grid_name: Mapped[str] = mapped_column(String(250))
    unit_path: Mapped[str] = mapped_column(PathText)
    unit_name: Mapped[str] = mapped_column(String(80))
    days: Mapped[int | None]
    away: Mapped[int | None]
    away_kind: Mapped[AwayKind | None] = mapped_column(Coded(AwayKind))
    standing: Mapped[Standing | None] = mapped_column(Coded(Standing))
    standing_reason: Mapped[str | None] = mapped_column(Text)
    adjustment: Mapped[Decimal | None] = mapped_column(Exact(4))
    granted: Mapped[str | None] = mapped_column(String(20))
    inputs: Mapped[dict[str, Any]] = mapped_column(Canonical)
    parts: Mapped[dict[str, Any] | None] = mapped_column(Canonical, info=DERIVED)
    recorded: Mapped[bytes | None] = mapped_column(LargeBinary)
    reasons: Mapped[dict[str, str] | None] = mapped_column(Canonical)
    points: Mapped[bytes | None] = mapped_column(LargeBinary, info=DERIVED)
    total: Mapped[Decimal | None] = mapped_column(Exact(4), info=DERIVED)
    grade: Mapped[str | None] = mapped_column(String(20), info=DERIVED)
    rank: Mapped[int | None] = mapped_column(info=DERIVED)
    unit_rank: Mapped[int | None] = mapped_column(info=DERIVED)
    trace: Mapped[Any | None] = mapped_column(Canonical, info=DERIVED)
    seal: Mapped[str | None] = mapped_column(String(64), info=DERIVED)


class Opinion(Record, Base):
    """What somebody says of a sheet at a stage: points, a grade, words. `change` is what a calibration or
    an appeal gave or took; `given_by` is the name of the account."""

    __tablename__ = "opinion"
    __table_args__ = (codes_check("stage", OpinionStage), {"sqlite_autoincrement": True})
    noun = "考核意见"

    sheet_id: Mapped[int] = mapped_column(Key, ForeignKey("sheet.id"), index=True)
    stage: Mapped[OpinionStage] = mapped_column(Coded(OpinionStage))
    points: Mapped[Decimal | None] = mapped_column(Exact(4))
    change: Mapped[Decimal | None] = mapped_column(Exact(4))
    grade: Mapped[str | None] = mapped_column(String(20))
    text: Mapped[str | None] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(String(64))
    given_on: Mapped[date]


class Appeal(Record, Base):
    """申诉 against a sheet, numbered within its month. `changes` is what the decision changed: values by
    column before and after, points and grade, as text. Without a decision it is open."""

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("month_id", "number"),
        codes_check("decision", Decision),
        {"sqlite_autoincrement": True},
    )
    noun = "申诉"

    month_id: Mapped[int] = mapped_column(Key, ForeignKey("month.id"))
    sheet_id: Mapped[int] = mapped_column(Key, ForeignKey("sheet.id"), index=True)
    number: Mapped[int]
    raised_on: Mapped[date]
    what: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date]
    decision: Mapped[Decision | None] = mapped_column(Coded(Decision))
    decided_on: Mapped[date | None]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[str | None] = mapped_column(Text)
    changes: Mapped[dict[str, Any] | None] = mapped_column(Canonical)
