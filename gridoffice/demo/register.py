"""The other hats of a made-up street: its party organisations and members, who answers for which grid,
certificates, trainings and sign-ins, with the gaps that every register has."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from db.enums import Employment, PartyMemberKind, PartyOrgKind, Political
from gridoffice.dates import years_on
from gridoffice.demo.data import (
    CHIEF,
    COMMUNITY,
    FULL_TIME,
    GENERAL,
    LEADER,
    MICRO,
    SPECIAL,
    DemoOffice,
    GridDatum,
    WorkerDatum,
)
from gridoffice.demo.pack_office import Planted
from gridoffice.demo.persons import Person, Registry
from gridoffice.demo.register_data import (
    CertificateDatum,
    LinkDatum,
    MemberDatum,
    OrgDatum,
    Register,
)
from gridoffice.demo.register_training import add_trainings
from gridoffice.demo.reporting import add_reports
from gridoffice.grids.naming import short
from gridoffice.overview.topics import Topic

SUNKEN, CADRE, DEDICATED, RESIDENT = "街道下沉党员干部", "社区党员干部", "专属党员", "居民党员"
"""The kinds of members who answer for grids, in the words of the model `chengdu-3+1`."""

OCCUPATION = "城市管理网格员"
SHARE_OF_GROUPS, SHARE_OF_TIES = 0.94, 0.9
"""How many of the micro-grids have their party group, and somebody who answers for them."""

_DUTIES = {
    SUNKEN: ("指导社区网格党建", "包联社区，每月到网格一次", "协调街道部门解决网格难题"),
    CADRE: ("联系一般网格，组织党员议事", "督促网格问题办结", "带队入户走访"),
    DEDICATED: ("联系楼宇商户，反映诉求", "组织专属网格党员活动", "宣传政策，排查安全隐患"),
    RESIDENT: (
        "联系本微网格居民，收集意见",
        "参与邻里纠纷调解",
        "关爱独居老人，每周走访",
        "带头垃圾分类和环境维护",
    ),
}


def make_register(office: DemoOffice, street: GridDatum) -> Register:
    """The register of a street of a made-up office; the same every time. Pure."""
    return _Making(office, street).make()


class _Making:
    """A register while it is being made."""

    def __init__(self, office: DemoOffice, street: GridDatum):
        self.today = office.today
        self.rng = Random(f"{office.seed} {street.code}")
        self.street = street
        self.grids = office.below(street.code)
        self.serving = [one for one in office.serving(street.code) if one.left is None]
        self.by_grid: dict[str, list[WorkerDatum]] = {}
        for worker in self.serving:
            self.by_grid.setdefault(worker.grid, []).append(worker)
        self.registry = Registry(self.rng, office.today)
        # nobody made here shares a number or a phone with anybody who serves
        self.registry.taken = {worker.id_number[:17] for worker in office.workers}
        self.registry.count = 10**6 + int(street.code[-6:]) * 1000
        self.made = Register(street)
        self.joined: dict[str, MemberDatum] = {}

    def make(self) -> Register:
        top = f"中共{self.street.name}工作委员会"
        own = f"{self.street.name}机关党支部"
        cadres = [self.stranger(30, 57, 0.4) for _ in range(14)]
        self.org(top, PartyOrgKind.COMMITTEE, None, self.street.code, cadres[0])
        self.org(own, PartyOrgKind.BRANCH, top, None, cadres[1])
        for cadre in cadres:
            self.join(cadre, own)
        communities = [grid for grid in self.grids if grid.kind == COMMUNITY]
        for place, community in enumerate(communities):
            self.community(community, top, cadres, uncovered=place == len(communities) - 1)
        self.certify()
        serving = [(worker, person_of(worker)) for worker in self.serving]
        add_reports(self.made, communities, self.today, Random(f"{self.street.code} 双报到"))
        add_trainings(self.made, communities, serving, self.today, self.rng)
        return self.made

    # Party

    def community(self, community: GridDatum, top: str, cadres: list[Person], *, uncovered: bool) -> None:
        village = not community.name.endswith("社区")
        kind = PartyOrgKind.GENERAL if village else PartyOrgKind.COMMITTEE
        ending = "总支部委员会" if village else "委员会"
        name = f"中共{community.name}{ending}"
        chiefs = [person_of(one) for one in self.by_grid.get(community.code, ()) if one.post == CHIEF]
        staff = [*chiefs, *(self.stranger(26, 55, 0.6) for _ in range(3))]
        self.org(name, kind, top, community.code, staff[0])
        own = f"{community.name}居委会党支部" if not village else f"{community.name}村委会党支部"
        self.org(own, PartyOrgKind.BRANCH, name, None, staff[1])
        for person in staff:
            self.join(person, own)
        if uncovered:
            self.made.planted.append(Planted(Topic.SUPERVISED, community.code))
        else:
            for person in self.rng.sample(cadres, 2):
                self.link(person, SUNKEN, community)
        below = [grid for grid in self.grids if grid.parent == community.code]
        generals = [grid for grid in below if grid.kind == GENERAL]
        for order, grid in enumerate(generals):
            self.general(grid, community, name, staff[order % len(staff)])
        for grid in below:
            if grid.kind == SPECIAL:
                self.special(grid, community, name)

    def general(self, grid: GridDatum, community: GridDatum, parent: str, cadre: Person) -> None:
        rng = self.rng
        micros = [one for one in self.grids if one.parent == grid.code and one.kind == MICRO]
        own = [one for one in self.by_grid.get(grid.code, ()) if one.political in _PARTY]
        of_micro = {
            m.code: [w for w in self.by_grid.get(m.code, ()) if w.political in _PARTY] for m in micros
        }
        bare = rng.random() < 0.025
        small = not bare and rng.random() < 0.03
        residents = [] if small else [self.stranger(30, 78, 0.5) for _ in range(4 + len(micros) // 2)]
        helping = [person_of(one) for some in of_micro.values() for one in some]
        leaders = [person_of(one) for one in own] or residents or helping
        branch = f"{short(community.name)}{grid.name}党支部"
        if bare or not leaders:
            self.made.planted.append(Planted(Topic.PARTY, grid.code))
            branch = f"{community.name}{'居' if community.name.endswith('社区') else '村'}委会党支部"
        else:
            self.org(branch, PartyOrgKind.BRANCH, parent, grid.code, leaders[0])
        members = [*(person_of(one) for one in own), *residents, *helping]
        if small and leaders:
            members = members[:2]
            self.made.planted.append(Planted(Topic.BRANCH, grid.code))
        for person in members:
            self.join(person, branch)
        if rng.random() < 0.04:
            self.made.planted.append(Planted(Topic.SUPERVISED, grid.code))
        else:
            self.link(cadre, CADRE, grid)
        for order, micro in enumerate(micros):
            here = [person_of(one) for one in of_micro[micro.code] if one.id_number in self.joined]
            helpers = (
                here or residents[order % len(residents) : order % len(residents) + 1] if residents else here
            )
            if rng.random() < SHARE_OF_GROUPS and not bare and leaders:
                group = f"{short(community.name)}{grid.name}{micro.name}党小组"
                self.org(group, PartyOrgKind.GROUP, branch, micro.code, (helpers or leaders)[0])
            else:
                self.made.planted.append(Planted(Topic.PARTY, micro.code))
            if helpers and rng.random() < SHARE_OF_TIES:
                self.link(helpers[0], RESIDENT, micro)
            else:
                self.made.planted.append(Planted(Topic.SUPERVISED, micro.code))

    def special(self, grid: GridDatum, community: GridDatum, parent: str) -> None:
        if self.rng.random() < 0.1:
            self.made.planted.append(Planted(Topic.PARTY, grid.code))
            self.made.planted.append(Planted(Topic.SUPERVISED, grid.code))
            return
        name = f"{short(community.name)}{grid.name.removesuffix('专属网格')}联合党支部"
        people = [self.stranger(26, 56, 0.45) for _ in range(3)]
        self.org(name, PartyOrgKind.JOINT_BRANCH, parent, grid.code, people[0])
        for person in people:
            self.join(person, name)
        self.link(people[0], DEDICATED, grid)

    def org(
        self, name: str, kind: PartyOrgKind, parent: str | None, grid: str | None, secretary: Person
    ) -> None:
        self.made.orgs.append(OrgDatum(name, kind, parent, grid, secretary.name, secretary.phone))

    def stranger(self, youngest: int, oldest: int, women: float) -> Person:
        """A party member who serves in no grid."""
        person = self.registry.person(self.street.code[:6], youngest, oldest, women)
        return Person(
            person.name,
            person.id_number,
            person.sex,
            person.ethnicity,
            person.birth,
            Political.MEMBER,
            person.education,
            person.phone,
            person.age,
        )

    def join(self, person: Person, branch: str) -> None:
        """Somebody becomes a member of a branch, at some time since coming of age."""
        if person.id_number in self.joined:
            return
        rng, today = self.rng, self.today
        if person.political is Political.PROBATIONARY:
            overdue = rng.random() < 0.3
            joined = today - timedelta(
                days=380 + int(rng.random() * 150) if overdue else 30 + int(rng.random() * 320)
            )
            datum = MemberDatum(person, branch, PartyMemberKind.PROBATIONARY, joined, None)
        else:
            earliest = years_on(person.birth, 19)
            latest = max(earliest, today - timedelta(days=500))
            joined = earliest + (latest - earliest) * rng.random() ** 1.5
            if rng.random() < 0.4:
                joined = min(date(joined.year, 7, 1), latest)
            joined = max(joined, earliest)
            confirmed = years_on(joined, 1)
            datum = MemberDatum(
                person, branch, PartyMemberKind.FULL, joined, confirmed, away=rng.random() < 0.02
            )
        self.joined[person.id_number] = datum
        self.made.members.append(datum)

    def link(self, person: Person, kind: str, grid: GridDatum) -> None:
        """Somebody answers for a grid since some day after it was drawn."""
        first = max(grid.opened, date(2022, 9, 1))
        day = first + (self.today - first) * self.rng.random() * 0.9
        duties = _DUTIES[kind]
        duty = duties[int(self.rng.random() * len(duties))]
        self.made.links.append(LinkDatum(person, kind, grid.code, duty, day.replace(day=1)))

    # Certificates and trainings

    def certify(self) -> None:
        """Skill certificates of those who work for pay, first-aid and social-work ones of some."""
        rng, today = self.rng, self.today
        for worker in self.serving:
            if worker.employment is Employment.VOLUNTEER:
                continue
            person = person_of(worker)
            paid = worker.post in (FULL_TIME, LEADER)
            if paid and (today - worker.appointed).days > 420 and rng.random() < 0.55:
                first = worker.appointed + timedelta(days=380 + int(rng.random() * 200))
                self.skill(person, "五级/初级工", first)
                second = years_on(first, 2) + timedelta(days=int(rng.random() * 300))
                if rng.random() < 0.45:
                    self.skill(person, "四级/中级工", second)
            if paid and rng.random() < 0.18:
                level = "助理社会工作师" if rng.random() < 0.75 else "社会工作师"
                issued = date(today.year - 1 - int(rng.random() * 6), 9, 1)
                self.certificate(person, "社会工作者职业资格证书", level, "人力资源和社会保障厅", issued)
            if rng.random() < 0.16:
                days = int(rng.random() * 1160)
                issued = today - timedelta(days=days)
                expires = years_on(issued, 3) - timedelta(days=1)
                self.certificate(person, "红十字救护员证", "", "锦泽市红十字会", issued, expires)
                if expires < today:
                    self.made.planted.append(Planted(Topic.CERTIFICATE, worker.grid))

    def skill(self, person: Person, level: str, issued: date) -> None:
        if issued < self.today:
            self.certificate(person, OCCUPATION, level, "锦泽市职业技能评价中心", issued)

    def certificate(
        self,
        person: Person,
        name: str,
        level: str,
        issuer: str,
        issued: date,
        expires: date | None = None,
    ) -> None:
        number = f"{issued:%Y%m}{len(self.made.certificates) + 1:06d}"
        self.made.certificates.append(CertificateDatum(person, name, level, number, issuer, issued, expires))


_PARTY = (Political.MEMBER, Political.PROBATIONARY)


def person_of(worker: WorkerDatum) -> Person:
    """A worker as a person, whatever the post."""
    return Person(
        worker.name,
        worker.id_number,
        worker.sex,
        worker.ethnicity,
        worker.birth,
        worker.political,
        worker.education,
        worker.phone,
        0,
    )
