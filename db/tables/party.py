"""Party organisations, who belongs to them, and which grids their members answer for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import PartyFlow, PartyMemberKind, PartyOrgKind, ReportSide
from db.tables.base import Base, Record
from db.types import Coded, Exact, Key, codes_check


class PartyOrg(Record, Base):
    """One party organisation, from `from_day` (empty: longer than anyone wrote down) to `to_day` (empty:
    still), both days included. Its seats (`OrgSeat`) are the grids whose organisation it is; one without
    stands where its parent stands. `secretary` is as written; `secretary_id` says who that is."""

    __tablename__ = "party_org"
    __table_args__ = (codes_check("kind", PartyOrgKind), {"sqlite_autoincrement": True})
    noun = "党组织"

    name: Mapped[str] = mapped_column(String(120), index=True)
    kind: Mapped[PartyOrgKind] = mapped_column(Coded(PartyOrgKind))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("party_org.id"), index=True)
    secretary: Mapped[str | None] = mapped_column(String(80))
    secretary_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    phone: Mapped[str | None] = mapped_column(String(60))
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)


class OrgSeat(Record, Base):
    """A grid whose organisation `org_id` is, from `from_day` to `to_day`, both days included."""

    __tablename__ = "org_seat"
    __table_args__ = (
        Index("ix_org_seat_grid_days", "grid_id", "from_day", "to_day", "org_id"),
        {"sqlite_autoincrement": True},
    )
    noun = "党组织所在网格"

    org_id: Mapped[int] = mapped_column(Key, ForeignKey("party_org.id"), index=True)
    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"))
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]


class PartyMember(Record, Base):
    """A person's membership, from `from_day` to `to_day` in one branch. `joined` is the day of becoming a
    probationary member, `confirmed` that of becoming a full one. Without `org_id` the branch is
    elsewhere or unknown (在职党员 who only report to where they live)."""

    __tablename__ = "party_member"
    __table_args__ = (
        codes_check("kind", PartyMemberKind),
        codes_check("flow", PartyFlow),
        {"sqlite_autoincrement": True},
    )
    noun = "党员"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    org_id: Mapped[int | None] = mapped_column(Key, ForeignKey("party_org.id"), index=True)
    kind: Mapped[PartyMemberKind] = mapped_column(Coded(PartyMemberKind))
    flow: Mapped[PartyFlow] = mapped_column(Coded(PartyFlow))
    joined: Mapped[date | None]
    confirmed: Mapped[date | None]
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)


class PartyLink(Record, Base):
    """党员入格: a member answers for a grid from `from_day` to `to_day`, both days included. `kind` is a
    party tier's supervisor in the governance pack's own words."""

    __tablename__ = "party_link"
    __table_args__ = (
        Index("ix_party_link_grid_days", "grid_id", "from_day", "to_day", "person_id"),
        {"sqlite_autoincrement": True},
    )
    noun = "党员入格"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"))
    kind: Mapped[str] = mapped_column(String(40))
    duty: Mapped[str | None] = mapped_column(Text)
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]


class PartyReport(Record, Base):
    """双报到: a member who reported to a grid, for the unit or as a resident, from `from_day` to `to_day`.
    `unit` is the unit whose membership it is."""

    __tablename__ = "party_report"
    __table_args__ = (codes_check("side", ReportSide), {"sqlite_autoincrement": True})
    noun = "双报到"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    side: Mapped[ReportSide] = mapped_column(Coded(ReportSide))
    unit: Mapped[str | None] = mapped_column(String(120))
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)


class PartyService(Record, Base):
    """One service of a member in a grid on `day`; `hours` as recorded."""

    __tablename__ = "party_service"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "服务记录"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    grid_id: Mapped[int] = mapped_column(Key, ForeignKey("grid.id"), index=True)
    day: Mapped[date] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(Text)
    hours: Mapped[Decimal | None] = mapped_column(Exact(1))
    note: Mapped[str | None] = mapped_column(Text)
