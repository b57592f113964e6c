"""From the ledgers to the grade and back: who joined in mid-month, how a quota is pooled over the tree, what the
ledgers say after the lock."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import IssueState, MonthState, Presence, Right, Standing, TrainingState
from db.tables import Attendance, Issue, Person, Post, Training
from gridoffice.assessment.locking import lock_month, verify_month
from gridoffice.assessment.pulling import pull
from gridoffice.assessment.schemes import save_scheme
from gridoffice.assessment.service import compute, enter_values, exclude, move_month, open_month
from gridoffice.assessment.since_locked import ledgers_since
from gridoffice.grids.rules import SEGMENT
from gridoffice.office import Office
from gridoffice.scoring.notation import dump
from gridoffice.scoring.policies import Origin, Prorate, RankGroup
from gridoffice.scoring.scheme import Grade, Indicator, Measure, Missing, Scheme
from gridoffice.scoring.shapes import Linear, Manual, RateTimesWeight, Shown
from gridoffice.service import service
from tests.offices import PERIOD, sheets, stepping

GRADES = (Grade("优秀", Decimal(90)), Grade("合格", Decimal(60)), Grade("不合格", Decimal(0)))
VISITS = Indicator(
    "visits",
    "走访户数",
    Linear(Decimal(0), Decimal(1)),
    Decimal(100),
    measure=Measure.COUNT,
    prorate=Prorate.TARGET,
)
OWN = Scheme("own", "本街道", "1", (VISITS,), GRADES, probation_months=3)


@service("改任职起讫（测试）", needs=Right.ASSESS)
def serve(session: Session, name: str, since: date | None, until: date | None) -> None:
    whom = select(Person.id).where(Person.name == name)
    for post in session.scalars(select(Post).where(Post.person_id.in_(whom))):
        post.from_day, post.to_day = since, until


def by_name(office: Office) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in sheets(office)}


def test_who_came_or_left_in_the_month_is_scored_by_the_days_he_was_there(small_office: Office) -> None:
    """The newcomer of the 16th made 30 of 60 visits in half the month: 60 points, and on probation no grade, no
    rank. Who left after the 10th made 30 of 90: 90 points and a grade; whoever stayed has 30."""
    small_office.write(serve, "李䶮", date(2026, 6, 16), None)
    small_office.write(serve, "王𠮷𬭎", date(2020, 1, 1), date(2026, 6, 10))
    small_office.write(save_scheme, dump(OWN))
    small_office.write(open_month, PERIOD, "own")
    small_office.write(enter_values, PERIOD, {row["id"]: {"visits": 30} for row in sheets(small_office)})
    small_office.write(compute, PERIOD)
    rows = by_name(small_office)
    fresh, gone = rows["李䶮"], rows["王𠮷𬭎"]
    assert (fresh["days"], fresh["standing"]) == (15, Standing.PROBATION)
    assert (fresh["total"], fresh["grade"], fresh["rank"]) == (60, None, None)
    assert (gone["days"], gone["standing"], gone["total"], gone["grade"], gone["rank"]) == (
        10,
        None,
        90,
        "优秀",
        1,
    )
    stayed = [row for name, row in rows.items() if name not in ("李䶮", "王𠮷𬭎")]
    assert stayed and all((row["days"], row["total"]) == (30, 30) for row in stayed)


@pytest.mark.parametrize("pool", [RankGroup.NONE, RankGroup.STREET, RankGroup.COMMUNITY])
def test_a_quota_is_pooled_over_the_office_the_street_or_each_community(
    small_office: Office, pool: RankGroup
) -> None:
    """30 % of all, rounded down once; or of each community, rounded down in each."""
    top = replace(GRADES[0], quota=Decimal(30))
    mark = Indicator("mark", "评分", Manual(), Decimal(100))
    own = Scheme("own", "本街道", "1", (mark,), (top, *GRADES[1:]), quota_pool=pool)
    small_office.write(save_scheme, dump(own))
    small_office.write(open_month, PERIOD, "own")
    rows = sheets(small_office)
    values = {row["id"]: {"mark": Decimal(99 - place)} for place, row in enumerate(rows)}
    small_office.write(enter_values, PERIOD, values)
    small_office.write(compute, PERIOD)
    heads = Counter(row["unit_path"] for row in rows)
    assert len(heads) == 2 and len({path[:-SEGMENT] for path in heads}) == 1, "two communities of one street"
    best = Counter(row["unit_path"] for row in sheets(small_office) if row["grade"] == "优秀")
    if pool is RankGroup.COMMUNITY:
        assert best == Counter({path: count * 3 // 10 for path, count in heads.items() if count * 3 // 10})
    else:
        assert sum(best.values()) == len(rows) * 3 // 10 > max(count * 3 // 10 for count in heads.values())


@service("补一次培训（测试）", needs=Right.ASSESS)
def train(session: Session, name: str, hours: Decimal) -> None:
    person = session.scalars(select(Person.id).where(Person.name == name)).first()
    training = Training(name="防溺水", day=date(2026, 6, 5), hours=hours, state=TrainingState.HELD)
    session.add(training)
    session.flush()
    session.add(Attendance(training_id=training.id, person_id=person, presence=Presence.PRESENT))


@service("补一个问题（测试）", needs=Right.ASSESS)
def find(session: Session, name: str, state: IssueState, what: str = "积水") -> None:
    grid = session.scalars(
        select(Post.grid_id).join(Person, Person.id == Post.person_id).where(Person.name == name)
    )
    session.add(Issue(grid_id=grid.first(), day=date(2026, 6, 5), what=what, state=state))


def test_every_kind_of_pulled_value_is_compared_and_only_of_those_who_take_part(small_office: Office) -> None:
    """Counts of a rate, and a figure that is only shown; of somebody who took no part nothing was pulled, and
    nothing is missed."""
    computed: dict[str, Any] = {"origin": Origin.COMPUTED}
    rate = RateTimesWeight(of=("办结数", "问题数"))
    own = Scheme(
        "own",
        "本街道",
        "1",
        (
            Indicator("closed", "办结率", rate, Decimal(100), computed="issues.closed_rate", **computed),
            Indicator("filed", "立案数", Shown(), computed="issues.count", **computed),
        ),
        GRADES,
        missing=Missing.EXCLUDED,
    )
    small_office.write(save_scheme, dump(own))
    small_office.write(find, "李䶮", IssueState.DONE)
    small_office.write(open_month, PERIOD, "own")
    away = next(row["id"] for row in sheets(small_office) if row["name"] != "李䶮")
    small_office.write(exclude, PERIOD, [away], "借调")
    small_office.write(pull, PERIOD)
    small_office.write(compute, PERIOD)
    assert small_office.read(ledgers_since, PERIOD) == []
    small_office.write(find, "李䶮", IssueState.OPEN)
    told = [one for one in small_office.read(ledgers_since, PERIOD) if one.startswith("“李䶮”")]
    assert told == [
        "“李䶮”的问题数，考核里是 1，台账现在算得 2。",
        "“李䶮”的立案数，考核里是 1，台账现在算得 2。",
    ]


def test_a_pulled_value_that_its_ledger_no_longer_bears_out_is_told(small_office: Office) -> None:
    """The locked month stays proved; what was drawn from the ledger and differs there today is named."""
    hours = Indicator(
        "hours",
        "培训学时",
        Linear(Decimal(0), Decimal(10)),
        Decimal(100),
        unit="学时",
        origin=Origin.COMPUTED,
        computed="training.hours",
    )
    own = Scheme("own", "本街道", "1", (hours,), GRADES, missing=Missing.EXCLUDED)
    small_office.write(save_scheme, dump(own))
    small_office.write(train, "李䶮", Decimal("2.5"))
    small_office.write(open_month, PERIOD, "own")
    small_office.write(pull, PERIOD)
    small_office.write(compute, PERIOD)
    for state in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC):
        stepping(small_office, state).write(move_month, PERIOD, state)
    stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)
    assert small_office.read(ledgers_since, PERIOD) == []
    small_office.write(train, "李䶮", Decimal(1))
    (said,) = small_office.read(ledgers_since, PERIOD)
    assert all(word in said for word in ("李䶮", "培训学时", "2.5", "3.5"))
    assert small_office.read(verify_month, PERIOD) == []
