"""What is done to certificates: entering, renewing, removing; what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Certificate, Person, Post
from gridoffice.errors import NotFound, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.limits import check_room
from gridoffice.listing import unchanged
from gridoffice.own_tables import OwnTable
from gridoffice.people.attachments import Owner, discard
from gridoffice.qualifications import rules
from gridoffice.qualifications.listing import current, good_on, rows
from gridoffice.qualifications.rows import OWN, CertificateRow
from gridoffice.qualifications.rules import Held, Next, SkillTable
from gridoffice.service import service

GONE = "这本证书已不在台账里。"
SKILLS = OwnTable("skill-levels", "技能等级申报条件", SkillTable, ("skills", "grid-worker.toml"))
_OWN = tuple(column for column in columns(CertificateRow) if column.name in OWN)


def certificate_row(session: Session, certificate_id: int) -> CertificateRow:
    """One certificate as the form shows it. Raises `NotFound`."""
    found = rows(session, [certificate_id])
    if not found:
        raise NotFound(GONE)
    return found[0]


def _there(session: Session, certificate_id: int) -> tuple[Certificate, Person]:
    one = session.get(Certificate, certificate_id)
    person = session.get(Person, one.person_id) if one is not None else None
    if one is None or person is None:
        raise NotFound(GONE)
    return one, person


def _checked(said: dict[str, Any]) -> dict[str, Any]:
    said = {name: None if value == "" else value for name, value in said.items()}
    if not said.get("certificate"):
        raise RuleBroken("没写证书名称。")
    said["level"] = rules.written(said["certificate"], said.get("level"))
    problems = rules.check_days(said.get("issued"), said.get("expires")) + check_room(Certificate, _OWN, said)
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)
    return said


@service("保存证书", needs=Right.EDIT_PEOPLE)
def save_certificate(
    session: Session,
    certificate_id: int | None,
    values: Mapping[str, Any],
    seen: CertificateRow | None = None,
    person_id: int | None = None,
) -> int:
    """Create or change one certificate: `values` by column name; a new one is `person_id`'s, which may
    stand among the values. Raises `RuleBroken`, and `Conflict` when somebody else changed the same value
    since `seen`; answers its number."""
    values = dict(values)
    person_id = values.pop("person_id", person_id)
    if certificate_id is None:
        person = session.get(Person, person_id) if person_id is not None else None
        if person is None:
            raise RuleBroken("没写是谁的证书。")
        one = Certificate(person_id=person.id)
        said = _checked({name: values.get(name) for name in OWN})
        session.add(one)
        entitle(session, f"给“{person.name}”新增证书“{said['certificate']}”")
    else:
        one, person = _there(session, certificate_id)
        if seen is not None:
            unchanged(_OWN, seen, certificate_row(session, certificate_id), values)
        said = _checked({name: getattr(one, name) for name in OWN} | values)
        entitle(session, f"已改“{person.name}”的证书“{one.certificate}”")
    for name in OWN:
        setattr(one, name, said.get(name))
    session.flush()
    return one.id


@service("续证", needs=Right.EDIT_PEOPLE)
def renew_certificate(session: Session, certificate_id: int, values: Mapping[str, Any]) -> int:
    """A certificate was renewed: a new one with these values (what is not said stays as on the old one)
    takes its place, and the old one is kept. Raises `RuleBroken` when it was renewed already or the new
    one is not issued later; answers the new one's number."""
    old, person = _there(session, certificate_id)
    fresh = _renewed(session, old, person, values)
    entitle(session, f"“{person.name}”的证书“{old.certificate}”已续证")
    session.flush()
    return fresh.id


@service("一起续证", needs=Right.EDIT_PEOPLE)
def renew_certificates(
    session: Session, certificate_ids: Sequence[int], issued: date | None, expires: date | None
) -> list[int]:
    """Several certificates were renewed on one day until one day (None: valid for ever), all or none;
    numbers, levels and issuers stay as they were. Raises `RuleBroken` with the one that cannot be;
    answers the new ones' numbers, in the order asked."""
    fresh = []
    for number in certificate_ids:
        old, person = _there(session, number)
        try:
            fresh.append(_renewed(session, old, person, {"issued": issued, "expires": expires}))
        except RuleBroken as error:
            raise RuleBroken(f"{person.name}的“{old.certificate}”：{error.message}", error.problems) from None
    if not fresh:
        raise RuleBroken("先勾选要续的证书。")
    entitle(session, f"{len(fresh)} 本证书已续证")
    session.flush()
    return [one.id for one in fresh]


def _renewed(session: Session, old: Certificate, person: Person, values: Mapping[str, Any]) -> Certificate:
    if session.scalar(select(Certificate.id).where(Certificate.renews_id == old.id)) is not None:
        raise RuleBroken("这本证书已经续过了，在续的那本上接着续。")
    said = {name: getattr(old, name) for name in OWN} | {"issued": None, "expires": None} | dict(values)
    said = _checked(said)
    if said["issued"] is None:
        raise RuleBroken("没写新证的发证日期。")
    if old.issued is not None and said["issued"] <= old.issued:
        raise RuleBroken(f"新证的发证日期 {said['issued']} 不晚于旧证的 {old.issued}。")
    fresh = Certificate(person_id=person.id, renews_id=old.id, **{name: said.get(name) for name in OWN})
    session.add(fresh)
    return fresh


@service("删去证书", needs=Right.EDIT_PEOPLE)
def remove_certificate(session: Session, certificate_id: int) -> None:
    """Take a certificate out of the ledger, with its scans; one that renewed it then follows upon what it
    renewed."""
    one, person = _there(session, certificate_id)
    discard(session, Owner(certificate=one.id))
    for later in session.scalars(select(Certificate).where(Certificate.renews_id == one.id)):
        later.renews_id = one.renews_id
    session.flush()
    session.delete(one)
    entitle(session, f"删去“{person.name}”的证书“{one.certificate}”")


def history(session: Session, certificate_id: int) -> list[CertificateRow]:
    """A certificate and all that it was renewed from, the newest first. Raises `NotFound`."""
    found = []
    step: int | None = certificate_id
    while step is not None:
        found.append(certificate_row(session, step))
        step = session.scalar(select(Certificate.renews_id).where(Certificate.id == step))
    return found


def eligible(session: Session, person_id: int, day: date | None = None) -> Next | None:
    """The level of the grid worker's skill that somebody may go for next, and from when. Work counts
    from the first day of the first post. Raises `NotFound`."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("没有这个人。")
    day = day or date.today()
    held = [
        Held(level, one.issued)
        for one in session.scalars(
            select(Certificate).where(Certificate.person_id == person_id, current(day), good_on(day))
        )
        if (level := rules.skill_level(one.certificate, one.level)) is not None
    ]
    since = session.scalar(select(func.min(Post.from_day)).where(Post.person_id == person_id))
    return rules.next_level(SKILLS.of(session), held, since, person.education)
