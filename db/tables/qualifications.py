"""Certificates that people hold, with those they were renewed from."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, Record
from db.types import Key


class Certificate(Record, Base):
    """One certificate as it was issued. A renewal is a certificate of its own that `renews` the earlier
    one, so that what was held on a day past can be told. `expires` empty: valid for ever."""

    __tablename__ = "certificate"
    __table_args__ = ({"sqlite_autoincrement": True},)
    noun = "证书"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    certificate: Mapped[str] = mapped_column(String(120))
    level: Mapped[str | None] = mapped_column(String(40))
    number: Mapped[str | None] = mapped_column(String(80))
    issuer: Mapped[str | None] = mapped_column(String(120))
    issued: Mapped[date | None]
    expires: Mapped[date | None] = mapped_column(index=True)
    renews_id: Mapped[int | None] = mapped_column(Key, ForeignKey("certificate.id"), index=True)
