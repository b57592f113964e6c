"""What a finding is about, and what one consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.tables import Person, Post
from gridoffice.errors import Severity
from gridoffice.grids.norms import Holder
from gridoffice.grids.pack import GridKind, Pack
from gridoffice.grids.service import serving


class Topic(StrEnum):
    """What a finding is about; the page groups by it."""

    VACANT = "vacant"
    PLANNED = "planned"
    ISSUE = "issue"
    STAFF = "staff"
    PART_TIME = "part_time"
    TEAM = "team"
    CONTROL = "control"
    CONTRACT = "contract"
    CERTIFICATE = "certificate"
    SIZE = "size"
    HOURS = "hours"
    FIXED = "fixed"
    PARTY = "party"
    SUPERVISED = "supervised"
    BRANCH = "branch"
    PROBATION = "probation"
    TRAINING = "training"
    COMMITTEE = "committee"
    CODE = "code"
    UNKNOWN_SIZE = "unknown_size"
    BOTH_HANDS = "both_hands"
    SEVERAL_POSTS = "several_posts"
    NO_NUMBER = "no_number"
    TWINS = "twins"
    STEP = "step"
    APPEAL = "appeal"
    DOOR = "door"
    JOURNAL = "journal"

    @property
    def label(self) -> str:
        return _TOPICS[self][0]

    @property
    def errand(self) -> str:
        """What the button beside it says."""
        return _TOPICS[self][1]

    @property
    def unit(self) -> str:
        """What findings of this topic are counted in."""
        return _TOPICS[self][2]


_TOPICS = {
    Topic.VACANT: ("网格没有人", "去配人", "个"),
    Topic.STAFF: ("应配人数不够", "去配人", "个"),
    Topic.PART_TIME: ("只有兼职", "去配人", "个"),
    Topic.TEAM: ("队伍构成不对", "去配人", "个"),
    Topic.CONTROL: ("一名网格长带的人太多", "去配人", "个"),
    Topic.CONTRACT: ("合同将到期或已到期", "去续签", "人"),
    Topic.CERTIFICATE: ("证书将到期或已过期", "去续证", "人"),
    Topic.SIZE: ("网格大小超出标准", "去查看", "个"),
    Topic.HOURS: ("工作量超出标准", "去查看", "个"),
    Topic.FIXED: ("四定不全", "去补填", "个"),
    Topic.PARTY: ("没有党组织", "去补填", "个"),
    Topic.SUPERVISED: ("没有党员监督", "去补填", "个"),
    Topic.BRANCH: ("党支部人数不够", "去查看", "个"),
    Topic.PROBATION: ("预备期已满", "去转正", "人"),
    Topic.TRAINING: ("培训学时不够", "去安排", "人"),
    Topic.COMMITTEE: ("自管会人不够", "去配人", "个"),
    Topic.CODE: ("编码不合规则", "去查看", "个"),
    Topic.UNKNOWN_SIZE: ("没填户数或面积", "去补填", "个"),
    Topic.PLANNED: ("网格调整到了日子", "去办理", "项"),
    Topic.ISSUE: ("问题过了期限没办结", "去办理", "个"),
    Topic.BOTH_HANDS: ("监督和管理是同一人", "去查看", "人"),
    Topic.SEVERAL_POSTS: ("一人多岗", "去查看", "人"),
    Topic.NO_NUMBER: ("没有身份证号", "去补填", "人"),
    Topic.TWINS: ("可能重复登记", "去核对", "对"),
    Topic.STEP: ("月度考核到了期限", "去办理", "个"),
    Topic.APPEAL: ("考核申诉没答复", "去答复", "件"),
    Topic.DOOR: ("登录多次没成功", "去查看", "次"),
    Topic.JOURNAL: ("变动记录太大", "去查看", "MB"),
}

OF_OFFICE = frozenset({Topic.TWINS, Topic.STEP, Topic.APPEAL, Topic.DOOR, Topic.JOURNAL})
"""What is asked of the office as a whole, not of its grids."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: which grid or person, what is wrong, what to do about it."""

    topic: Topic
    severity: Severity
    message: str
    grid_id: int
    grid: str
    code: str
    person: str | None = None
    person_id: int | None = None
    post_id: int | None = None
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A finding before anybody asks what the grid is called."""

    topic: Topic
    severity: Severity
    message: str
    grid_id: int
    person: str | None = None
    person_id: int | None = None
    post_id: int | None = None
    fix: str = ""


class Place(NamedTuple):
    """A grid as its norms see it; a city has 130,000, and a tuple is made fastest. `area` is in
    hundredths of a square metre; `bounds` says whether they are written down."""

    id: int
    path: str
    code: str
    kind: GridKind
    households: int | None
    merchants: int | None
    population: int | None
    area: int | None
    zone: str | None
    bounds: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at: the grids standing below one on a day, parents first, and who holds which post
    in them, by path; both as they were then, and read once however many looks there are. `inside` is
    the condition that a path of today lay there, `start` and `end` the range of today's paths."""

    session: Session
    pack: Pack
    start: str
    end: str
    inside: Callable[[Any], ColumnElement[bool]]
    day: date
    places: Sequence[Place]
    held: Mapping[str, Sequence[Holder]]

    def posts(self, *conditions: ColumnElement[bool]) -> Sequence[Any]:
        """Posts held in the grids asked about: number, grid, person, name, contract end."""
        query = select(Post.id, Post.grid_id, Person.id, Person.name, Post.contract_end)
        inside = (serving(self.day), self.inside(Post.grid_path))
        joined = query.join(Person, Person.id == Post.person_id).where(*inside, *conditions)
        ordered = joined.order_by(Post.contract_end.asc().nulls_last(), Post.grid_path, Post.id)
        return self.session.execute(ordered).all()
