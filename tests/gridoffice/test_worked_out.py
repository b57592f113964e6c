"""Worked-out lists: one state of the office is gone through once, a write is seen, and they travel."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import pytest
from sqlalchemy.orm import Session

from gridoffice import worked_out
from gridoffice.fields import Field, Kind
from gridoffice.listing import Ask, Filter, Listing, as_text, in_sight, lines
from gridoffice.office import Office
from gridoffice.overview.skills import skilled, skills_listing
from gridoffice.overview.team_lists import due_listing, movements_listing, serving_listing
from gridoffice.overview.vacancies import vacancies_listing
from gridoffice.people.service import save_person
from gridoffice.training.hours import TRAINING_HOURS
from gridoffice.worked_out import worked
from gridoffice.worked_out import worked_out as made
from gridoffice.workers.listing import WORKERS
from tests.offices import grid_id, worker

DAY = date(2026, 6, 1)
_asked: list[int | None] = []


@dataclass(frozen=True, slots=True)
class Served:
    id: int
    person_id: int
    name: Annotated[str, Field("姓名", Kind.NAME)]
    grid: Annotated[str, Field("网格", Kind.GRID)]
    title: Annotated[str | None, Field("职务")]


def _serving(session: Session, scope: int | None, day: date | None) -> Iterable[Served]:
    _asked.append(scope)
    ids = WORKERS.ids(session, Ask(scope=scope, day=day))
    return [
        Served(one.id, one.person_id, one.name, one.grid, one.title if one.name != "张三" else None)
        for one in WORKERS.rows(session, ids, day)
    ]


LIST = made("served", "在岗的人", "人", Served, _serving, ("title",), DAY, person="person_id")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    worked_out._kept.clear()
    _asked.clear()


def _names(office: Office, **asked: object) -> list[str]:
    ask = Ask(day=DAY, **asked)  # type: ignore[arg-type]
    return [one.name for one in office.read(in_sight, LIST, ask, 0, 100)[1]]


def test_one_state_of_the_office_is_gone_through_once(small_office: Office) -> None:
    everybody = _names(small_office)
    assert len(everybody) == 7
    assert sorted(_names(small_office, sort="name")) == sorted(everybody)
    assert small_office.read(LIST.choices, Ask(day=DAY), "title")
    assert len(small_office.read(worked, _serving, None, DAY).rows) == 7
    assert _asked == [None]


def test_a_write_is_seen_and_rows_of_ids_answered_before_stay(small_office: Office) -> None:
    ids = small_office.read(LIST.ids, Ask(day=DAY))
    li = worker(small_office, "李䶮")
    small_office.write(save_person, li.person_id, {"name": "李改名"})
    before = small_office.read(lines, LIST, ids, Ask(day=DAY))
    assert "李䶮" in [one.name for one in before] and _asked == [None], "as when their ids were answered"
    assert "李改名" in _names(small_office) and _asked == [None, None]


def test_what_is_being_written_is_not_kept(small_office: Office) -> None:
    seen: list[list[str]] = []

    def rename(session: Session) -> None:
        save_person(session, worker(small_office, "李䶮").person_id, {"name": "李改名"})
        seen.append([one.name for one in worked(session, _serving, None, DAY).rows])
        raise RuntimeError

    rename.declared = save_person.declared  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError):
        small_office.write(rename)
    assert "李改名" in seen[0] and "李改名" not in _names(small_office)


def test_it_is_narrowed_sorted_and_searched(small_office: Office) -> None:
    here = grid_id(small_office, "519921001002")
    assert set(_names(small_office, scope=here)) < set(_names(small_office)) and _asked == [here, None]
    titles = {one.title for one in small_office.read(worked, _serving, None, DAY).rows} - {None}
    for title in titles:
        found = _names(small_office, filters=(Filter("title", (title,)),))
        assert (
            found
            and len(found)
            == dict(
                (value, count) for value, _, count in small_office.read(LIST.choices, Ask(day=DAY), "title")
            )[title]
        )
    assert set(_names(small_office, filters=(Filter("title", (None,)),))) == {"张三"}
    assert set(_names(small_office, search="liyan")) == {"李䶮"}, "found by pinyin as anywhere else"
    assert set(_names(small_office, search=" 李䶮 ")) == {"李䶮"}
    for descending in (False, True):
        assert _names(small_office, sort="title", descending=descending)[-1] == "张三", "empty comes last"
    in_order = small_office.read(WORKERS.rows, small_office.read(WORKERS.ids, Ask(day=DAY, sort="name")), DAY)
    assert _names(small_office, sort="name") == [one.name for one in in_order], "people by their pinyin"
    assert len(_names(small_office, limit=3)) == 3
    text = small_office.read(as_text, LIST, Ask(day=DAY), [worker(small_office, "李䶮").id], ["name"], True)
    assert text == "姓名\n李䶮\n"


@pytest.mark.parametrize(
    "listing",
    [
        skills_listing(),
        serving_listing(),
        movements_listing(),
        due_listing(),
        vacancies_listing(),
        TRAINING_HOURS,
    ],
    ids=lambda one: one.key,
)
def test_a_list_travels_as_a_plain_value(small_office: Office, listing: Listing) -> None:
    there = pickle.loads(pickle.dumps(listing))
    ask = Ask(day=DAY)
    assert (there.key, there.columns, there.filters) == (listing.key, listing.columns, listing.filters)
    assert small_office.read(in_sight, there, ask, 0, 50) == small_office.read(in_sight, listing, ask, 0, 50)


def test_figures_go_by_the_rows_that_are_kept(small_office: Office) -> None:
    listing = skills_listing()
    assert small_office.read(skilled, None, DAY).people == len(small_office.read(listing.ids, Ask(day=DAY)))
    assert len(worked_out._kept) == 1


def test_results_of_long_ago_go(small_office: Office) -> None:
    for back in range(worked_out.KEPT + 3):
        small_office.read(LIST.ids, replace(Ask(), day=date(2026, 5, 1 + back)))
    assert len(worked_out._kept) == worked_out.KEPT
