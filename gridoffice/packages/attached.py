"""Photographs and scans in a package: of the people, certificates and trainings that travel in its ledgers. Whom one
belongs to is said as people say it (ID number or name, certificate, training and day), since the numbers of records
differ from office to office.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.enums import AttachmentKind, Right
from db.journal import entitle
from db.tables import Attachment, Certificate, Person, Post, Training
from db.turns import Turn
from gridoffice.intake import Outcome
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.packages.had import mark_of
from gridoffice.packages.sealing import LARGEST, BadPackage
from gridoffice.packages.seen import Arriving, Seen, Sort
from gridoffice.people.attachments import Owner, photo, scans
from gridoffice.people.pictures import JPEG, photo_of, scan_of
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.service import service
from gridoffice.training.listing import TRAININGS
from gridoffice.workers.listing import WORKERS

KEY, TITLE, FILE = "attachments", "照片和扫描件", "attachments.zip"
_INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom or what a file belongs to, in words that hold in any office: somebody, one of somebody's certificates,
    or a training."""

    person: str = ""
    id_number: str = ""
    certificate: str = ""
    issued: str = ""
    training: str = ""
    day: str = ""

    def in_words(self) -> str:
        if self.training:
            return f"培训“{self.training}”"
        return f"“{self.person}”的证书“{self.certificate}”" if self.certificate else f"“{self.person}”"


@dataclass(frozen=True, slots=True)
class Attached:
    """One file: `digest` is the SHA-256 of its content; `id` numbers it in the office that sends it."""

    whose: Whose
    kind: AttachmentKind
    name: str
    digest: str
    id: int = 0

    @property
    def mark(self) -> bytes:
        return mark_of(KEY, *asdict(self.whose).values(), self.kind.value, self.digest)


# what goes


def attached(session: Session, scope: int | None) -> list[Attached]:
    """Every file of the people, certificates and trainings below a grid."""
    ask = Ask(scope=scope, day=date.today())
    people = select(Post.person_id).where(Post.id.in_(list(WORKERS.ids(session, ask))))
    certificates, trainings = list(CERTIFICATES.ids(session, ask)), list(TRAININGS.ids(session, ask))
    query = (
        select(
            Attachment.id, Attachment.kind, Attachment.name, Attachment.digest, Person, Certificate, Training
        )
        .outerjoin(Certificate, Certificate.id == Attachment.certificate_id)
        .outerjoin(Training, Training.id == Attachment.training_id)
        .outerjoin(Person, or_(Person.id == Attachment.person_id, Person.id == Certificate.person_id))
        .where(
            or_(
                Attachment.person_id.in_(people),
                Attachment.certificate_id.in_(certificates),
                Attachment.training_id.in_(trainings),
            )
        )
    )
    return [
        Attached(_whose(person, certificate, training), kind, name, digest, number)
        for number, kind, name, digest, person, certificate, training in session.execute(
            query.order_by(Attachment.id)
        )
    ]


def _whose(person: Person | None, certificate: Certificate | None, training: Training | None) -> Whose:
    if training is not None:
        return Whose(training=training.name, day=_day(training.day))
    assert person is not None
    named = Whose(person=person.name, id_number=person.id_number or "")
    if certificate is None:
        return named
    return replace(named, certificate=certificate.certificate, issued=_day(certificate.issued))


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def write_files(session: Session, files: Sequence[Attached], target: Path) -> None:
    """The files as one packed part, each content once."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as box:
        said = [
            {**asdict(one.whose), "kind": one.kind.value, "name": one.name, "digest": one.digest}
            for one in files
        ]
        box.writestr(_INDEX, json.dumps(said, ensure_ascii=False))
        for digest, number in {one.digest: one.id for one in files}.items():
            box.writestr(
                digest, session.scalar(select(Attachment.content).where(Attachment.id == number)) or b""
            )


# what comes


def read_files(file: Path) -> tuple[list[Attached], Mapping[str, bytes]]:
    """The files of a part and their contents by digest. Raises `BadPackage` for whatever is not as we write it."""
    try:
        with zipfile.ZipFile(file) as box:
            if sum(entry.file_size for entry in box.infolist()) > LARGEST:
                raise BadPackage("包里的照片和扫描件解开后太大，没有收。让对方分几次发。")
            said: list[dict[str, Any]] = json.loads(box.read(_INDEX))
            found = [
                Attached(
                    Whose(**{name: str(one[name]) for name in Whose.__dataclass_fields__}),
                    AttachmentKind(one["kind"]),
                    str(one["name"]),
                    str(one["digest"]),
                )
                for one in said
            ]
            bodies = {one.digest: box.read(one.digest) for one in found}
    except BadPackage:
        raise
    except Exception as error:  # whatever a file of somebody else's makes the readers of it say
        raise BadPackage("包里的照片和扫描件读不出来。让对方重新发一份。") from error
    if any(sha256(body).hexdigest() != digest for digest, body in bodies.items()):
        raise BadPackage("包里的照片和扫描件不完整。让对方重新发一份。")
    return found, bodies


@dataclass(frozen=True, slots=True)
class Placed:
    """A file and to whom it goes here."""

    file: Attached
    owner: Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedSeen(Seen):
    """Files: those that are `new` here, and how many are here already; those that `differ` have nobody here, or
    another photograph is."""

    new: tuple[Placed, ...]
    same: int

    def said(self) -> tuple[tuple[str, Outcome, int], ...]:
        return ("新增", Outcome.NEW, len(self.new)), ("已有", Outcome.UNCHANGED, self.same)


def look_attached(session: Session, files: Sequence[Attached]) -> AttachedSeen:
    """What each file is here."""
    new, same, differ = [], 0, []
    for one in files:
        owner = _owner(session, one.whose)
        if owner is None:
            differ.append(f"{one.whose.in_words()}这里没有，或者不止一个，“{one.name}”没有收。")
        elif one.kind is AttachmentKind.PHOTO and owner.person is not None:
            there = photo(session, owner.person)
            if there is None:
                new.append(Placed(one, owner))
            elif sha256(there).hexdigest() == one.digest:
                same += 1
            else:
                differ.append(f"{one.whose.in_words()}这里有另一张照片，没有换。")
        elif any(kept.digest == one.digest for kept in scans(session, owner)):
            same += 1
        else:
            new.append(Placed(one, owner))
    return AttachedSeen(new=tuple(new), same=same, differ=tuple(differ))


def _owner(session: Session, whose: Whose) -> Owner | None:
    """Whom a file belongs to here; None when there is nobody, or more than one."""
    if whose.training:
        day = date.fromisoformat(whose.day) if whose.day else None
        trainings = select(Training.id).where(Training.name == whose.training, Training.day == day)
        found = _only(session, trainings)
        return Owner(training=found) if found is not None else None
    same = Person.id_number == whose.id_number if whose.id_number else Person.name == whose.person
    person = _only(session, select(Person.id).where(same))
    if person is None or not whose.certificate:
        return Owner(person=person) if person is not None else None
    issued = date.fromisoformat(whose.issued) if whose.issued else None
    certificates = select(Certificate.id).where(
        Certificate.person_id == person,
        Certificate.certificate == whose.certificate,
        Certificate.issued == issued,
    )
    certificate = _only(session, certificates)
    return Owner(certificate=certificate) if certificate is not None else None


def _only(session: Session, query: Any) -> int | None:
    found = list(session.scalars(query.limit(2)))
    return found[0] if len(found) == 1 else None


def look_files(office: Office, part: Arriving) -> AttachedSeen:
    """What the files of a part are here. Raises `BadPackage`."""
    return office.weigh(look_attached, read_files(part.file)[0])


def keep_files(office: Office, part: Arriving, seen: AttachedSeen) -> AttachedSeen:
    """Keep those that are new, all in one action. Raises as `take_attached` does."""
    if not seen.new:
        return seen
    done = office.write(take_attached, seen.new, read_files(part.file)[1], part.partner.name, part.digest)
    return replace(seen, action=done.action)


@service("收下照片和扫描件", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def take_attached(
    session: Session, placed: Sequence[Placed], bodies: Mapping[str, bytes], partner: str, digest: str
) -> None:
    """Keep files that another office sent, byte for byte, so that they are known again. Raises `RuleBroken` for one
    that is no picture and no PDF."""
    for one in placed:
        body, kind = bodies[one.file.digest], one.file.kind
        media = JPEG if kind is AttachmentKind.PHOTO and photo_of(body) else scan_of(body)[0]
        session.add(
            Attachment(
                person_id=one.owner.person,
                certificate_id=one.owner.certificate,
                training_id=one.owner.training,
                kind=kind,
                name=one.file.name,
                media=media,
                digest=one.file.digest,
                content=body,
            )
        )
    session.flush()
    entitle(session, f"收下“{partner}”的照片和扫描件 {len(placed)} 份", part=digest)


FILES = Sort(lambda _key: TITLE, "份", look_files, keep_files, take_attached, (KEY,))
