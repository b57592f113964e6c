"""Photographs and scans: kept beside what they belong to, taken back like every other change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.enums import AttachmentKind, Right
from db.journal import entitle
from db.tables import Appeal, Attachment, Certificate, Person, Training
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.listing import chunked
from gridoffice.people.pictures import JPEG, photo_of, scan_of
from gridoffice.service import service

MOST = 20
"""So many scans one thing may have."""


@dataclass(frozen=True, slots=True)
class Owner:
    """What a scan belongs to: exactly one of these is named."""

    person: int | None = None
    certificate: int | None = None
    training: int | None = None
    appeal: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept scan or photograph, without its content."""

    id: int
    kind: AttachmentKind
    name: str
    media: str
    digest: str


@dataclass(frozen=True, slots=True)
class Content:
    """A kept file: its name, its media type and its bytes."""

    name: str
    media: str
    body: bytes


def _belongs(owner: Owner) -> ColumnElement[bool]:
    if owner.person is not None:
        return Attachment.person_id == owner.person
    if owner.certificate is not None:
        return Attachment.certificate_id == owner.certificate
    if owner.appeal is not None:
        return Attachment.appeal_id == owner.appeal
    return Attachment.training_id == owner.training


_KEPT = (Attachment.id, Attachment.kind, Attachment.name, Attachment.media, Attachment.digest)


def scans(session: Session, owner: Owner) -> list[Kept]:
    """The scans of one owner, in the order in which they came."""
    query = select(*_KEPT).where(_belongs(owner), Attachment.kind == AttachmentKind.SCAN)
    return [_kept(one) for one in session.execute(query.order_by(Attachment.id))]


def _kept(one: Any) -> Kept:
    return Kept(one.id, one.kind, one.name, one.media, one.digest)


def photo(session: Session, person_id: int) -> bytes | None:
    """Somebody's portrait, a JPEG; None when there is none."""
    return photos(session, [person_id]).get(person_id)


def photos(session: Session, person_ids: Sequence[int]) -> Mapping[int, bytes]:
    """The portraits of some people, by person; who has none is not among them."""
    found: dict[int, bytes] = {}
    for chunk in chunked(person_ids):
        query = select(Attachment.person_id, Attachment.content).where(
            Attachment.person_id.in_(chunk), Attachment.kind == AttachmentKind.PHOTO
        )
        found |= {person: body for person, body in session.execute(query) if person is not None}
    return found


def content(session: Session, attachment_id: int) -> Content:
    """A kept file. Raises `NotFound`."""
    one = session.get(Attachment, attachment_id)
    if one is None:
        raise NotFound("这个文件已不在了。")
    return Content(one.name, one.media, one.content)


@service("保存照片", needs=Right.EDIT_PEOPLE)
def set_photo(session: Session, person_id: int, body: bytes, name: str = "") -> int:
    """Keep a picture as somebody's portrait, in the place of the one there is. Raises `RuleBroken` when it
    is no picture; answers the attachment's number."""
    person = _person(session, person_id)
    small = photo_of(body)
    one = session.scalar(_photo_of(person_id))
    entitle(session, f"{'换了' if one is not None else '存了'}“{person.name}”的照片")
    if one is None:
        one = Attachment(person_id=person_id, kind=AttachmentKind.PHOTO)
        session.add(one)
    one.name, one.media = _named(name, "照片", JPEG), JPEG
    one.content, one.digest = small, sha256(small).hexdigest()
    session.flush()
    return one.id


@service("删去照片", needs=Right.EDIT_PEOPLE)
def remove_photo(session: Session, person_id: int) -> None:
    """Take somebody's portrait away. Raises `NotFound` when there is none."""
    person = _person(session, person_id)
    one = session.scalar(_photo_of(person_id))
    if one is None:
        raise NotFound(f"“{person.name}”还没有照片。")
    session.delete(one)
    entitle(session, f"删去“{person.name}”的照片")


@service("保存扫描件", needs=Right.EDIT_PEOPLE)
def add_scan(session: Session, owner: Owner, body: bytes, name: str) -> int:
    """Keep a scan beside what it belongs to. The same file is kept once. Raises `RuleBroken` when it is
    neither a picture nor a PDF, or too large; answers the attachment's number."""
    words = _words(session, owner)
    media, kept = scan_of(body)
    digest = sha256(kept).hexdigest()
    there = scans(session, owner)
    same = next((one for one in there if one.digest == digest), None)
    if same is not None:
        return same.id
    if len(there) >= MOST:
        raise RuleBroken(f"{words}已有 {MOST} 份扫描件，先删去用不着的。")
    one = Attachment(
        person_id=owner.person,
        certificate_id=owner.certificate,
        training_id=owner.training,
        appeal_id=owner.appeal,
        kind=AttachmentKind.SCAN,
        name=_named(name, "扫描件", media),
        media=media,
        digest=digest,
        content=kept,
    )
    session.add(one)
    entitle(session, f"给{words}存了扫描件“{one.name}”")
    session.flush()
    return one.id


@service("删去扫描件", needs=Right.EDIT_PEOPLE)
def remove_scan(session: Session, attachment_id: int) -> None:
    """Take a scan away. Raises `NotFound`."""
    one = session.get(Attachment, attachment_id)
    if one is None:
        raise NotFound("这个文件已不在了。")
    words = _words(session, Owner(one.person_id, one.certificate_id, one.training_id, one.appeal_id))
    session.delete(one)
    entitle(session, f"删去{words}的扫描件“{one.name}”")


def discard(session: Session, owner: Owner) -> None:
    """Before an owner is deleted: what is kept beside it goes in the same action."""
    for one in session.scalars(select(Attachment).where(_belongs(owner))):
        session.delete(one)
    session.flush()


def _photo_of(person_id: int) -> Any:
    return select(Attachment).where(
        Attachment.person_id == person_id, Attachment.kind == AttachmentKind.PHOTO
    )


def _person(session: Session, person_id: int) -> Person:
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound("没有这个人。")
    return found


def _words(session: Session, owner: Owner) -> str:
    """What an owner is called. Raises `NotFound` when it is not there."""
    if owner.person is not None:
        return f"“{_person(session, owner.person).name}”"
    if owner.certificate is not None:
        certificate = session.get(Certificate, owner.certificate)
        if certificate is None:
            raise NotFound("没有这本证书。")
        return f"“{_person(session, certificate.person_id).name}”的“{certificate.certificate}”"
    if owner.appeal is not None:
        appeal = session.get(Appeal, owner.appeal)
        if appeal is None:
            raise NotFound("没有这件申诉。")
        return f"第 {appeal.number} 号申诉"
    training = session.get(Training, owner.training) if owner.training is not None else None
    if training is None:
        raise NotFound("没有这次培训。")
    return f"培训“{training.name}”"


def _named(name: str, otherwise: str, media: str) -> str:
    """The file's name as it is kept, with the ending that fits what it has become."""
    stem = PurePath(name.replace("\\", "/")).stem or otherwise
    return f"{stem[:150]}{'.jpg' if media == JPEG else '.pdf'}"
