"""Photographs and scans, kept beside what they belong to."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import AttachmentKind
from db.tables.base import Base, Record
from db.types import Coded, Key, codes_check


class Attachment(Record, Base):
    """One picture or file of a person, a certificate, a training or an appeal: exactly one is named.
    `digest` is the SHA-256 of `content`."""

    __tablename__ = "attachment"
    __table_args__ = (codes_check("kind", AttachmentKind), {"sqlite_autoincrement": True})
    noun = "附件"

    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(Key, ForeignKey("certificate.id"), index=True)
    training_id: Mapped[int | None] = mapped_column(Key, ForeignKey("training.id"), index=True)
    appeal_id: Mapped[int | None] = mapped_column(Key, ForeignKey("appeal.id"), index=True)
    kind: Mapped[AttachmentKind] = mapped_column(Coded(AttachmentKind))
    name: Mapped[str] = mapped_column(String(200))
    media: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
