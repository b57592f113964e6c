"""The registers of the demo street: taken in whole, with exactly the gaps that were put in."""

from __future__ import annotations

from collections import Counter
from datetime import date

from gridoffice.demo import make
from gridoffice.demo.build import Built
from gridoffice.demo.data import DemoOffice, Size
from gridoffice.demo.register import make_register
from gridoffice.demo.register_data import Register
from gridoffice.idcard import check
from gridoffice.intake import Options
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.findings import check as findings
from gridoffice.overview.topics import Topic
from gridoffice.party.listing import LINKS, MEMBERS, ORGS
from gridoffice.party.redline import redline
from gridoffice.party.report_listing import REPORTED, SERVICES
from gridoffice.party.reporting import year_rows
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.review import Review
from gridoffice.training.listing import ATTENDANCE, TRAININGS

DAY = date(2026, 11, 20)


def made(day: date = DAY) -> tuple[DemoOffice, Register]:
    office = make(Size.STREET, day)
    return office, make_register(office, office.streets()[0])


def test_the_register_is_the_same_every_time_and_nobody_is_two_people() -> None:
    office, register = made()
    assert made()[1] == register
    people = {one.person.id_number: one.person.name for one in register.members}
    assert len(people) == len(register.members)
    assert [number for number in people if check(number) is not None] == []
    workers = {worker.id_number: worker.name for worker in office.workers}
    assert {number for number in people if number in workers and workers[number] != people[number]} == set()
    assert len({org.name for org in register.orgs}) == len(register.orgs)
    phones = Counter(one.person.phone for one in register.members)
    assert [phone for phone, count in phones.items() if count > 1] == []


def test_the_gaps_that_were_put_in_are_those_that_are_found(
    street_office: Office, demo_street: Built
) -> None:
    _, register = made(date.today())
    planted: dict[Topic, set[str]] = {}
    for one in register.planted:
        planted.setdefault(one.topic, set()).add(one.code)
    for topic in (Topic.PARTY, Topic.SUPERVISED, Topic.BRANCH):
        found = {one.code for one in street_office.read(findings) if one.topic is topic}
        assert found == planted.get(topic, set()), topic
    expired = {
        one.code
        for one in street_office.read(findings)
        if one.topic is Topic.CERTIFICATE and one.severity.value == "error"
    }
    assert expired == planted.get(Topic.CERTIFICATE, set())
    assert any(one.topic is Topic.TRAINING for one in street_office.read(findings))
    counts = [
        len(street_office.read(listing.ids, Ask()))
        for listing in (ORGS, MEMBERS, LINKS, TRAININGS, ATTENDANCE)
    ]
    assert counts == [
        len(register.orgs),
        len(register.members),
        len(register.links),
        len(register.trainings),
        len(register.sign_ins),
    ]
    assert len(street_office.read(CERTIFICATES.ids, Ask())) == len(register.certificates)
    assert len(street_office.read(REPORTED.ids, Ask())) == len(register.reports) > 40
    assert len(street_office.read(SERVICES.ids, Ask())) == len(register.services) > 60
    years = {row.state for row in street_office.read(year_rows)}
    assert years == {"达标", "还差"}
    line = street_office.read(redline)
    assert line.members == len(register.members)
    assert line.whole.missing == len(planted[Topic.PARTY])


def test_the_books_come_back_unchanged(street_office: Office, demo_street: Built) -> None:
    folder = demo_street.database.parent
    for ledger, ending in (
        ("party-orgs", "网格党组织一览表"),
        ("party-members", "党员信息汇总表"),
        ("party-links", "党员入格台账"),
        ("party-reports", "党员双报到登记表"),
        ("party-services", "党员服务记录"),
        ("qualifications", "持证人员台账"),
        ("training-plans", "培训计划"),
        ("training", "培训台账"),
        ("attendance", "培训签到与成绩"),
        ("attendance", "培训签到表"),
        ("reserve", "后备人员名册"),
        ("households", "联系户台账"),
    ):
        said = Review(street_office, ledger, folder / f"青禾街道{ending}.xlsx", Options()).plan.in_words()
        assert said.startswith("无变化") and "、" not in said, (ending, said)
