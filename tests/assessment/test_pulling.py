"""Indicators that our own ledgers know: what is pulled, its day, its evidence, and where values came from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Employment, IssueState, Presence, ResourceKind, Right, TrainingState
from db.tables import (
    Attendance,
    Certificate,
    Grid,
    Household,
    Invitation,
    Issue,
    PartyLink,
    PartyService,
    Person,
    Post,
    Resource,
    Sheet,
    Training,
)
from gridoffice import history
from gridoffice.assessment.departments import save_department
from gridoffice.assessment.evidence import Span
from gridoffice.assessment.month import all_raw_values, month_record, scheme_of, sheet_rows
from gridoffice.assessment.provenance import values_written
from gridoffice.assessment.pulling import pull, sheet_evidence
from gridoffice.assessment.schemes import save_scheme
from gridoffice.assessment.service import compute, enter_values, open_month
from gridoffice.assessment.sources import SOURCES, Gives, Subject, added_up
from gridoffice.errors import RuleBroken
from gridoffice.office import Office
from gridoffice.registers.service import save_issue
from gridoffice.scoring.notation import dump
from gridoffice.scoring.scheme import Grade, Indicator, Measure, Missing, Origin, Scheme, Target
from gridoffice.scoring.shapes import Linear, Manual, RateTimesWeight, Shown
from gridoffice.service import service
from tests.offices import PERIOD, Copies, Opening

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
JUNE = Span(FIRST, LAST)


def days(number: int) -> date:
    return date(2026, 6, number)


@service("装入台账", needs=Right.ASSESS)
def fill(session: Session) -> None:
    """What happened in June."""
    people = {person.name: person.id for person in session.scalars(select(Person).order_by(Person.id))}
    first, second = list(people.values())[:2]
    posts = {post.person_id: post for post in session.scalars(select(Post).order_by(Post.id.desc()))}
    grid = posts[first].grid_id
    trainings = [
        Training(name="防溺水", day=days(5), hours=D("2.5"), state=TrainingState.HELD),
        Training(name="消防", day=days(20), hours=D(3), state=TrainingState.HELD),
        Training(name="春季", day=date(2026, 3, 2), hours=D(4), state=TrainingState.HELD),
        Training(name="取消的", day=days(21), hours=D(9), state=TrainingState.CANCELLED),
    ]
    session.add_all(trainings)
    session.flush()
    rows: list[Any] = [
        Attendance(training_id=trainings[0].id, person_id=first, presence=Presence.PRESENT),
        Attendance(training_id=trainings[1].id, person_id=first, presence=Presence.LATE, hours=D(1)),
        Attendance(training_id=trainings[2].id, person_id=first, presence=Presence.PRESENT),
        Attendance(training_id=trainings[0].id, person_id=second, presence=Presence.ABSENT),
        Attendance(training_id=trainings[1].id, person_id=second, presence=Presence.LEAVE),
        Invitation(training_id=trainings[3].id, person_id=second),
        Certificate(person_id=first, certificate="救护员证", expires=date(2026, 12, 31)),
        Certificate(person_id=second, certificate="救护员证", expires=date(2026, 6, 29)),
        Household(grid_id=grid, name="甲户", caller_id=first),
        Household(grid_id=grid, name="乙户"),
        Household(grid_id=grid, name="已搬走", caller_id=first, to_day=days(29)),
        Issue(
            grid_id=grid,
            day=days(3),
            what="路灯不亮",
            state=IssueState.DONE,
            due=days(9),
            closed=days(6),
            person_id=first,
            satisfied=True,
        ),
        Issue(
            grid_id=grid,
            day=days(4),
            what="占道",
            state=IssueState.DONE,
            due=days(5),
            closed=days(9),
            department="城管办",
            satisfied=False,
        ),
        Issue(
            grid_id=grid,
            day=days(8),
            what="积水",
            state=IssueState.DONE,
            closed=days(8),
            department="梧桐社区",
        ),
        Issue(grid_id=grid, day=days(28), what="漏电", state=IssueState.OPEN, due=date(2026, 7, 9)),
        Issue(grid_id=grid, day=days(28), what="误报", state=IssueState.DROPPED),
        Resource(grid_id=grid, kind=ResourceKind.SUPPLIES, name="灭火器"),
        PartyLink(person_id=first, grid_id=grid, kind="党员"),
        PartyService(person_id=first, grid_id=grid, day=days(2), what="慰问"),
    ]
    session.add_all(rows)


def two(session: Session) -> tuple[Subject, Subject]:
    """The first two people as subjects, numbered 1 and 2."""
    found = []
    for number, person in enumerate(session.scalars(select(Person.id).order_by(Person.id).limit(2)), 1):
        path = session.scalars(select(Post.grid_path).where(Post.person_id == person)).first() or ""
        found.append(Subject(number, person, path))
    return found[0], found[1]


def people_sums(office: Office, key: str, span: Span = JUNE) -> list[tuple[D, int] | None]:
    def look(session: Session) -> list[tuple[D, int] | None]:
        sums = added_up(session, SOURCES[key], span, two(session))
        return [sums.get(1), sums.get(2)]

    return office.read(look)


def place_sum(office: Office, key: str, span: Span = JUNE) -> tuple[D, int] | None:
    """Of everything below the first person's community."""

    def look(session: Session) -> tuple[D, int] | None:
        path = two(session)[0].path
        return added_up(session, SOURCES[key], span, [Subject(9, None, path[:10])]).get(9)

    return office.read(look)


def test_what_people_did(small_office: Office) -> None:
    small_office.write(fill)
    assert people_sums(small_office, "training.hours") == [(D("3.5"), 2), None]
    assert people_sums(small_office, "training.year_hours") == [(D("7.5"), 3), None]
    assert people_sums(small_office, "training.attended_rate") == [(2, 2), (0, 1)]
    assert people_sums(small_office, "training.missed") == [None, (1, 1)]
    assert people_sums(small_office, "certificates.held_rate") == [(1, 1), (0, 1)]
    assert people_sums(small_office, "certificates.held_rate", Span(FIRST, LAST, "消防"))[0] == (0, 1)
    assert people_sums(small_office, "certificates.held_rate", Span(FIRST, days(29))) == [(1, 1), (1, 1)]
    assert people_sums(small_office, "certificates.held") == [(1, 1), None]
    assert people_sums(small_office, "households.called") == [(1, 1), None]
    assert people_sums(small_office, "issues.reported") == [(1, 1), None]
    assert people_sums(small_office, "party.services") == [(1, 1), None]


def test_what_happened_in_places(small_office: Office) -> None:
    small_office.write(fill)
    assert place_sum(small_office, "households.coverage") == (1, 2)
    assert place_sum(small_office, "issues.count") == (4, 4)
    assert place_sum(small_office, "issues.closed_rate") == (3, 4)
    assert place_sum(small_office, "issues.on_time_rate") == (1, 2)
    assert place_sum(small_office, "issues.days") == (8, 3)
    assert place_sum(small_office, "issues.in_grid_rate") == (1, 4)
    assert place_sum(small_office, "issues.in_community_rate") == (1, 4)
    assert place_sum(small_office, "issues.satisfied_rate") == (1, 2)
    assert place_sum(small_office, "resources.count") == (1, 1)
    coverage = place_sum(small_office, "party.coverage")
    assert coverage is not None and coverage[0] == 1 < coverage[1]
    # of a person, a source that goes by place is that of their grid
    assert people_sums(small_office, "issues.closed_rate")[0] == (3, 4)


def test_what_earlier_months_left_over(small_office: Office) -> None:
    """遗留案件: found before the month, settled in it, or by its end still not. One that was settled in June was
    settled then, whatever later months see."""
    small_office.write(fill)
    early, late = Span(days(4), days(7)), Span(days(9), days(27))
    assert (
        place_sum(small_office, "issues.older_closed") is place_sum(small_office, "issues.older_open") is None
    )
    assert place_sum(small_office, "issues.older_closed", early) == (1, 1)  # 路灯不亮, found on the 3rd
    assert place_sum(small_office, "issues.older_open", early) is None
    assert place_sum(small_office, "issues.older_open", Span(days(5), days(7))) == (1, 1)  # 占道
    assert place_sum(small_office, "issues.older_closed", late) == (1, 1)
    july = Span(date(2026, 7, 1), date(2026, 7, 31))
    assert place_sum(small_office, "issues.older_open", july) == (1, 1)  # 漏电; 误报 was no problem
    assert place_sum(small_office, "issues.older_closed", july) is None


def test_a_figure_that_is_only_shown_is_pulled_too(small_office: Office) -> None:
    filed = Indicator("filed", "立案数", Shown(), origin=Origin.COMPUTED, computed="issues.count")
    small_office.write(fill)
    small_office.write(save_scheme, dump(replace(OWN, indicators=(filed, *OWN.indicators))))
    small_office.write(open_month, PERIOD, "own")
    small_office.write(pull, PERIOD, ["filed"])
    at = [row["id"] for row in small_office.read(lambda s: sheet_rows(s, month_record(s, PERIOD).id))]
    assert values(small_office)[at.index(sheet_of_first(small_office))] == {"立案数": 4}


def test_who_serves_in_grids(small_office: Office) -> None:
    def served(session: Session) -> tuple[int, int]:
        path = two(session)[0].path[:10]
        query = select(Post).where(Post.grid_path.startswith(path))
        posts = [post for post in session.scalars(query) if post.to_day is None or post.to_day >= LAST]
        return sum(post.employment is Employment.FULL_TIME for post in posts), len(posts)

    assert place_sum(small_office, "staffing.full_time_rate") == small_office.read(served)
    vacant = place_sum(small_office, "vacancies.rate")
    assert vacant is not None and 0 < vacant[0] < vacant[1]
    turnover = place_sum(small_office, "turnover.rate")
    assert turnover is not None and turnover[0] == 0

    @service("离岗", needs=Right.ASSESS)
    def leave(session: Session) -> None:
        post = session.scalars(select(Post).where(Post.person_id == two(session)[0].person)).one()
        post.to_day = days(15)

    small_office.write(leave)
    assert place_sum(small_office, "turnover.rate") == (1, turnover[1])


def test_every_source_answers_an_empty_office(small_office: Office) -> None:
    for key in SOURCES:
        place_sum(small_office, key)
        people_sums(small_office, key)


COMPUTED: dict[str, Any] = {"origin": Origin.COMPUTED, "unit": "%"}
OWN = Scheme(
    "own",
    "本街道",
    "1",
    (
        Indicator(
            "hours",
            "培训学时",
            Linear(D(0), D(5)),
            D(20),
            unit="学时",
            origin=Origin.COMPUTED,
            computed="training.hours",
        ),
        Indicator("held", "持证率", RateTimesWeight(), D(20), computed="certificates.held_rate", **COMPUTED),
        Indicator(
            "closed",
            "办结率",
            RateTimesWeight(of=("办结", "问题")),
            D(30),
            origin=Origin.COMPUTED,
            computed="issues.closed_rate",
        ),
        Indicator(
            "called",
            "联系户",
            Linear(D(0), D(10)),
            D(10),
            measure=Measure.COUNT,
            origin=Origin.COMPUTED,
            computed="households.called",
        ),
        Indicator("review", "评议", Manual(), D(20)),
    ),
    (Grade("合格", D(60)), Grade("不合格", D(0))),
    missing=Missing.EXCLUDED,
)


def values(office: Office, where: str = PERIOD) -> list[dict[str, Any]]:
    def look(session: Session) -> list[dict[str, Any]]:
        month = month_record(session, where)
        return all_raw_values(scheme_of(session, month), sheet_rows(session, month.id))

    return office.read(look)


def sheet_of_first(office: Office, where: str = PERIOD) -> int:
    def look(session: Session) -> int:
        rows = sheet_rows(session, month_record(session, where).id)
        return next(row["id"] for row in rows if row["person_id"] == two(session)[0].person)

    return office.read(look)


def test_pulling_fills_what_is_computed_and_keeps_the_day(small_office: Office) -> None:
    small_office.write(fill)
    small_office.write(save_scheme, dump(OWN))
    small_office.write(open_month, PERIOD, "own")
    sheet = sheet_of_first(small_office)
    small_office.write(enter_values, PERIOD, {sheet: {"review": D(18), "hours": D(99)}})
    done = small_office.write(pull, PERIOD)
    assert done.title.startswith("从台账取 2026年6月的培训学时、持证率、办结率、联系户：")
    place = next(
        at
        for at, row in enumerate(small_office.read(lambda s: sheet_rows(s, month_record(s, PERIOD).id)))
        if row["id"] == sheet
    )
    assert values(small_office)[place] == {
        "hours": D("3.5"),
        "held": 100,
        "办结": 3,
        "问题": 4,
        "called": 1,
        "review": 18,
    }
    pulled = small_office.read(lambda session: month_record(session, PERIOD).pulled)
    assert pulled == dict.fromkeys(("hours", "held", "closed", "called"), date.today().isoformat())
    small_office.write(compute, PERIOD)
    row = small_office.read(lambda s: sheet_rows(s, month_record(s, PERIOD).id, [sheet]))[0]
    assert row["total"] == D("17.5") + 20 + D("22.5") + 10 + 18
    assert small_office.write(pull, PERIOD, ["held"]).result == 0

    evidence = {one.key: one for one in small_office.read(sheet_evidence, sheet)}
    assert evidence["hours"].lines == ("2026-06-05 防溺水 2.5 学时", "2026-06-20 消防 1 学时")
    assert (evidence["hours"].source, evidence["hours"].pulled) == ("当月培训学时", date.today())
    assert evidence["held"].lines == ("救护员证 有效期至 2026-12-31",)
    assert evidence["closed"].count == 4
    assert evidence["called"].lines == ("甲户",)

    written = small_office.read(values_written, sheet)
    assert written["review"].title.startswith("已改“")
    assert written["hours"].title == done.title
    small_office.write(history.undo, done.action)
    assert values(small_office)[place] == {"hours": 99, "review": 18}


MANY = 2_100


@service("改别的考核表（测试）", needs=Right.ASSESS)
def touch(session: Session, sheet: int, number: int) -> None:
    session.get_one(Sheet, sheet).standing_reason = str(number)


def test_a_value_is_traced_however_long_ago_it_was_written(
    office_at: Opening, small_copies: Copies, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Whoever typed it first is still told when thousands of actions lie between, of other sheets and of this
    one's other values."""
    office = office_at(small_copies.address("sqlite", tmp_path, request))
    office.write(save_scheme, dump(OWN))
    office.write(open_month, PERIOD, "own")
    sheet = sheet_of_first(office)
    other = next(
        row["id"]
        for row in office.read(lambda s: sheet_rows(s, month_record(s, PERIOD).id))
        if row["id"] != sheet
    )
    first = office.write(enter_values, PERIOD, {sheet: {"review": D(18)}})
    second = office.write(enter_values, PERIOD, {sheet: {"hours": D(9)}})
    for number in range(MANY):
        office.write(touch, other, number)
    written = office.read(values_written, sheet)
    assert {key: one.action for key, one in written.items()} == {
        "review": first.action,
        "hours": second.action,
    }
    assert (written["review"].title, written["hours"].title) == (first.title, second.title)


def test_pulling_is_refused_where_nothing_can_be_pulled(small_office: Office) -> None:
    small_office.write(open_month, PERIOD)
    with pytest.raises(RuleBroken, match="没有由台账计算的指标"):
        small_office.write(pull, PERIOD)
    small_office.write(save_scheme, dump(OWN))
    small_office.write(open_month, "2026-05", "own")
    with pytest.raises(RuleBroken, match="这些指标不由台账计算：review。"):
        small_office.write(pull, "2026-05", ["review"])


def test_areas_are_filled_too(small_office: Office) -> None:
    small_office.write(fill)
    small_office.write(open_month, PERIOD, "k-city-levels")
    small_office.write(pull, f"{PERIOD}/k-city-levels")
    found = [row for row in values(small_office, f"{PERIOD}/k-city-levels") if row]
    of_its_own = {"in_grid": D(25), "in_community": D(25), "closed": D(75), "days": D("2.6667")}
    assert found and all(row == of_its_own for row in found)


def test_departments_are_filled_by_what_they_answer_for(small_office: Office) -> None:
    """Of the problems of June 城管办 has two, one settled in time, and 应急办 none."""
    rates: dict[str, Any] = {"origin": Origin.COMPUTED, "computed": "issues.closed_rate"}
    own = Scheme(
        "departments-own",
        "部门",
        "1",
        (
            Indicator("handled", "处置率", RateTimesWeight(of=("处置数", "应处置数")), D(60), **rates),
            Indicator(
                "on_time",
                "按期办结率",
                RateTimesWeight(),
                D(40),
                unit="%",
                origin=Origin.COMPUTED,
                computed="issues.on_time_rate",
            ),
        ),
        (Grade("合格", D(60)), Grade("不合格", D(0))),
        target=Target.DEPARTMENT,
        missing=Missing.EXCLUDED,
    )
    small_office.write(save_scheme, dump(own))
    for name in ("城管办", "应急办"):
        small_office.write(save_department, None, {"name": name})
    grid = small_office.read(
        lambda session: session.scalars(select(Grid.id).order_by(Grid.id.desc())).first()
    )
    problem = {"grid_id": grid, "department": "城管办", "day": date(2026, 6, 3), "due": date(2026, 6, 10)}
    closed = {"state": IssueState.DONE, "closed": date(2026, 6, 8)}
    small_office.write(save_issue, None, {**problem, **closed, "what": "占道经营"})
    small_office.write(save_issue, None, {**problem, "what": "违法建设"})
    small_office.write(save_issue, None, {**problem, **closed, "department": "社区", "what": "积水"})
    small_office.write(open_month, PERIOD, "departments-own")
    small_office.write(pull, PERIOD)
    assert values(small_office) == [
        {"处置数": 1, "应处置数": 2, "on_time": 50},
        {"处置数": 0, "应处置数": 0},
    ]
    first = small_office.read(lambda s: sheet_rows(s, month_record(s, PERIOD).id))[0]["id"]
    evidence = small_office.read(sheet_evidence, first)[0]
    assert [line.split()[1] for line in evidence.lines] == ["占道经营", "违法建设"]


def test_every_source_is_whole() -> None:
    for key, source in SOURCES.items():
        assert source.key == key and source.name and source.look.__doc__
        assert source.gives in Gives
    assert len({source.name for source in SOURCES.values()}) == len(SOURCES)
