"""What the registers of a made-up street consist of: plain facts, and nothing that a database would add."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from db.enums import PartyMemberKind, PartyOrgKind, Presence, ReportSide, TrainingForm, TrainingState
from gridoffice.demo.data import GridDatum
from gridoffice.demo.pack_office import Planted
from gridoffice.demo.persons import Person


@dataclass(frozen=True, slots=True)
class OrgDatum:
    """A party organisation; `grid` is a code."""

    name: str
    kind: PartyOrgKind
    parent: str | None
    grid: str | None
    secretary: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class MemberDatum:
    """A member in a branch."""

    person: Person
    branch: str
    kind: PartyMemberKind
    joined: date
    confirmed: date | None
    away: bool = False


@dataclass(frozen=True, slots=True)
class LinkDatum:
    """A member and the grid, by code, to answer for."""

    person: Person
    kind: str
    grid: str
    duty: str
    from_day: date
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class ReportDatum:
    """A member who reported to a grid, by code."""

    person: Person
    side: ReportSide
    unit: str
    grid: str
    from_day: date


@dataclass(frozen=True, slots=True)
class ServiceDatum:
    """What a member did for a grid, by code, on a day."""

    person: Person
    grid: str
    day: date
    what: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class CertificateDatum:
    """A certificate somebody holds."""

    person: Person
    name: str
    level: str
    number: str
    issuer: str
    issued: date
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class PlanDatum:
    """What is to be held in a year; `posts` are titles joined by 、."""

    name: str
    from_day: date
    to_day: date
    sessions: int
    hours: Decimal
    organiser: str
    posts: str


@dataclass(slots=True)
class TrainingDatum:
    """A training on a day; `area` is a code."""

    name: str
    day: date
    form: TrainingForm
    theme: str
    place: str
    hours: Decimal
    organiser: str
    lecturer: str
    state: TrainingState
    plan: str
    posts: str
    area: str | None = None


@dataclass(frozen=True, slots=True)
class SignInDatum:
    """Somebody at a training."""

    training: TrainingDatum
    person: Person
    presence: Presence
    score: int | None = None


@dataclass(slots=True)
class Register:
    """Everything of one street; `planted` are the gaps, by what the findings call them."""

    street: GridDatum
    orgs: list[OrgDatum] = field(default_factory=list)
    members: list[MemberDatum] = field(default_factory=list)
    links: list[LinkDatum] = field(default_factory=list)
    reports: list[ReportDatum] = field(default_factory=list)
    services: list[ServiceDatum] = field(default_factory=list)
    certificates: list[CertificateDatum] = field(default_factory=list)
    plans: list[PlanDatum] = field(default_factory=list)
    trainings: list[TrainingDatum] = field(default_factory=list)
    sign_ins: list[SignInDatum] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
