"""Hours of training: the sums of the list are those of the sign-ins, and rules judge them alike."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from db.enums import Employment, Presence
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.own_tables import save_own_table
from gridoffice.reports import Wish, report_pdf
from gridoffice.training import rules
from gridoffice.training.hours import TRAINING_HOURS, HoursRow, Standing, offered, tally, verdict
from gridoffice.training.hours_edits import check_rule, in_words, rules_text
from gridoffice.training.rules import HoursRule, HoursTable
from gridoffice.training.service import HOURS, hours_of, save_training, shortage
from gridoffice.training.sheet import SignIn, enter_attendance, invite
from tests.offices import grid_id, worker

DAY = date(2026, 6, 30)
HALVES = st.integers(0, 100).map(lambda halves: Decimal(halves) / 2)
DAYS = st.integers(0, 1500).map(lambda back: DAY - timedelta(days=back))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
RULES = st.builds(
    HoursRule,
    st.integers(1, 6),
    HALVES.filter(bool),
    WORDS,
    st.lists(st.sampled_from(list(Employment)), max_size=3, unique=True).map(tuple),
    st.lists(st.sampled_from(["网格长", "专职网格员", "微网格员", '𠮷"岗']), max_size=3, unique=True).map(
        tuple
    ),
)


def lines(office: Office, **ask: object) -> list[HoursRow]:
    what = Ask(day=DAY, **ask)  # type: ignore[arg-type]
    return office.read(lambda s: TRAINING_HOURS.rows(s, TRAINING_HOURS.ids(s, what), what))


@given(rule=RULES, attended=st.lists(st.tuples(DAYS, HALVES), max_size=12))
def test_done_and_missing_make_what_is_asked_for(
    rule: HoursRule, attended: list[tuple[date, Decimal]]
) -> None:
    missing = rules.short_of(rule, attended, DAY)
    counted = sum((hours for day, hours in attended if rule.since(DAY) <= day), Decimal(0))
    assert 0 <= missing <= rule.hours
    assert missing == max(rule.hours - counted, 0)
    # whatever is added never makes somebody shorter, and what lies before the time never counts
    assert rules.short_of(rule, [*attended, (DAY, Decimal(1))], DAY) <= missing
    assert (
        rules.short_of(rule, [*attended, (rule.since(DAY) - timedelta(days=1), Decimal(50))], DAY) == missing
    )


@given(presence=st.sampled_from(list(Presence)), own=st.none() | HALVES, whole=st.none() | HALVES)
def test_what_counts_of_an_attendance(presence: Presence, own: Decimal | None, whole: Decimal | None) -> None:
    found = rules.credited(presence, own, whole)
    assert found == (
        0 if presence in (Presence.LEAVE, Presence.ABSENT) else own if own is not None else whole or 0
    )


@given(
    asked=st.lists(RULES, max_size=4), done=st.lists(HALVES, min_size=4, max_size=4), since=st.none() | DAYS
)
def test_a_verdict_is_that_of_the_worst_rule(
    asked: list[HoursRule], done: list[Decimal], since: date | None
) -> None:
    post = ("网格长", Employment.FULL_TIME)
    found = verdict(asked, [post], done, since, DAY)
    concerned = [place for place, rule in enumerate(asked) if rule.concerns(*post)]
    judged = [place for place in concerned if rules.judged(asked[place], since, DAY)]
    short = [place for place in judged if done[place] < asked[place].hours]
    if not concerned:
        assert found.standing is Standing.FREE
    elif not judged:
        assert found.standing is Standing.EARLY
    else:
        assert (found.standing is Standing.SHORT) == bool(short)
        assert found.missing == max(max(asked[one].hours - done[one], Decimal(0)) for one in judged)


@given(table=st.lists(RULES, max_size=5).map(lambda rules_: HoursTable(tuple(rules_))))
def test_rules_written_out_are_read_back(table: HoursTable) -> None:
    assert HOURS.read(rules_text(table)) == table


def test_rules_of_a_form_are_checked() -> None:
    rule = HoursRule(2, Decimal(20), "省里的办法", (Employment.FULL_TIME,), ("网格长",))
    assert check_rule(rule, ["网格长"]) == []
    assert in_words(rule) == "网格长（专职）：2 年内至少 20 学时"
    wrong = HoursRule(0, Decimal(0), "", (), ("网格侠",))
    assert [one.field for one in check_rule(wrong, ["网格长"])] == ["几年内", "学时", "应参加岗位"]


def test_the_database_adds_up_what_the_rules_do(small_office: Office) -> None:
    """The list's sums are those of the rules over the same sign-ins, for every person, rule and year."""
    names = ("李䶮", "王𠮷𬭎", "单晓琴", "赵𫍯")
    who = {name: worker(small_office, name).person_id for name in names}
    text = rules_text(
        HoursTable(
            (HoursRule(1, Decimal(12), "甲"), HoursRule(2, Decimal(20), "乙", (Employment.FULL_TIME,)))
        )
    )
    small_office.write(save_own_table, HOURS, text)
    states = list(Presence)
    for place in range(30):
        day = DAY - timedelta(days=place * 37)
        values = {
            "name": f"第 {place} 期",
            "day": day,
            "hours": Decimal(place % 5) / 2 + 1 if place % 4 else None,
        }
        one = small_office.write(save_training, None, values).result
        signed = [
            SignIn(person, states[(place * 3 + at) % 5], Decimal(at + 1) if (place + at) % 3 == 0 else None)
            for at, person in enumerate(who.values())
            if (place + at) % 2
        ]
        small_office.write(enter_attendance, one, signed)
    found = {row.name: row for row in lines(small_office)}
    asked = small_office.read(HOURS.of).rules
    for name, person in who.items():
        attended = small_office.read(hours_of, person)
        row = found[name]
        for year, said in ((2026, row.this_year), (2025, row.last_year)):
            assert said == sum((hours for day, hours in attended if day.year == year), Decimal(0))
        assert row.rule is not None
        assert row.missing == rules.short_of(asked[row.rule], attended, DAY)
    short = {one.name for one in small_office.read(shortage, None, DAY)}
    assert {name for name, row in found.items() if row.standing is Standing.SHORT} == short


def test_hours_are_listed_filtered_and_counted(small_office: Office) -> None:
    counts = small_office.read(tally, None, DAY)
    for standing in Standing:
        rows = lines(small_office, filters=(Filter("standing", (standing,)),))
        assert (len(rows), {row.standing for row in rows} - {standing}) == (counts[standing], set())
    assert sum(counts.values()) == len(lines(small_office))
    by_missing = [row.missing for row in lines(small_office, sort="missing", descending=True)]
    known = [one for one in by_missing if one is not None]
    assert by_missing == sorted(known, reverse=True) + [None] * (len(by_missing) - len(known))
    here = grid_id(small_office, "519921001002")
    assert {row.name for row in lines(small_office, scope=here)} == {"张三"}
    assert small_office.read(TRAINING_HOURS.choices, Ask(day=DAY), "standing")
    assert report_pdf(small_office, "training-hours", Wish(day=DAY)).startswith(b"%PDF")


def test_what_is_offered_to_somebody(small_office: Office) -> None:
    today = date.today()
    li, here = worker(small_office, "李䶮").person_id, grid_id(small_office, "519921001002")
    for name, more in (
        ("都来", {}),
        ("网格长的", {"posts": "网格长"}),
        ("专职的", {"posts": "专职网格员、网格长"}),
        ("柳荫的", {"area_id": here}),
    ):
        values = {"name": name, "day": today + timedelta(days=3), **more}
        one = small_office.write(save_training, None, values).result
        if name == "都来":
            small_office.write(invite, one, [li])
    found = small_office.read(offered, li, today)
    assert [(one.name, one.on) for one in found] == [("都来", True), ("专职的", False)]
