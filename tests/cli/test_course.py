"""Who takes part in a month, which departments there are, and whose account it is, from the command line."""

from __future__ import annotations

from decimal import Decimal

from gridoffice.assessment.month import month_facts
from gridoffice.assessment.service import enter_values
from gridoffice.office import Office
from gridoffice.overview.sheet_hits import sheet_names
from tests.cli.conftest import Call
from tests.offices import worker

MONTH = "2026-06"


def test_who_takes_part_is_said_and_taken_back(on: Call, small_office: Office) -> None:
    assert on("assess", "open", MONTH)[0] == 0
    name, number = next(iter(small_office.read(sheet_names, MONTH).values()))
    people = small_office.read(month_facts, MONTH).people
    status, said, _ = on("assess", "exclude", MONTH, "查无此人", "--reason", "借调")
    assert (status, "查无此人" in said["error"]) == (1, True)
    assert on("assess", "exclude", MONTH, number or name, "--reason", "借调到县里")[0] == 0
    assert small_office.read(month_facts, MONTH).people == people - 1
    status, said, _ = on("assess", "readmit", MONTH, number or name)
    assert status == 0, said
    assert small_office.read(month_facts, MONTH).people == people


def test_who_came_later_is_taken_in(on: Call, small_office: Office) -> None:
    assert on("assess", "open", MONTH)[0] == 0
    people = small_office.read(month_facts, MONTH).people
    assert on("assess", "refresh", MONTH)[0] == 0
    assert small_office.read(month_facts, MONTH).people == people


def test_a_department_is_registered_once(on: Call) -> None:
    status, said, _ = on("assess", "departments", "--add", "城市管理科", "--leader", "李䶮")
    assert (status, [one["name"] for one in said["departments"]]) == (0, ["城市管理科"])
    assert said["departments"][0]["leader"] == "李䶮"
    status, said, _ = on("assess", "departments", "--add", "城市管理科")
    assert (status, "城市管理科" in said["error"]) == (1, True)


def test_an_account_is_somebody(on: Call, small_office: Office) -> None:
    somebody = worker(small_office, "李䶮")
    assert on("users", "bind", "clerk", "--person", somebody.id_number or "")[0] == 0
    status, said, _ = on("users", "bind", "nobody", "--person", somebody.id_number or "")
    assert (status, "nobody" in said["error"]) == (1, True)


def test_ledgers_fill_what_they_know(on: Call) -> None:
    scheme = "k-city-levels"
    assert on("assess", "open", MONTH, "--scheme", scheme)[0] == 0
    status, said, _ = on("assess", "pull", MONTH, "--scheme", scheme, "--only", "没有这一项")
    assert (status, "没有这一项" in said["error"]) == (1, True)
    status, said, _ = on("assess", "pull", MONTH, "--scheme", scheme)
    assert status == 0 and len(said["indicators"]) == 4, said
    status, said, _ = on("assess", "pull", MONTH, "--scheme", scheme, "--only", said["indicators"][0])
    assert (status, said["sheets"], len(said["indicators"])) == (0, 0, 1)


def test_marks_without_their_reason_are_named(on: Call, small_office: Office) -> None:
    scheme = "jinniu-street"
    assert on("assess", "open", MONTH, "--scheme", scheme)[0] == 0
    sheet, (name, _) = next(iter(small_office.read(sheet_names, MONTH).items()))
    small_office.write(enter_values, MONTH, {sheet: {"other": Decimal("9.5")}})
    said = on("assess", "progress", MONTH)[1]
    assert said["unexplained"] == [{"name": name, "indicator": "其他", "mark": "9.5"}]
    small_office.write(enter_values, MONTH, {sheet: {"reason:other": "迟报一次"}})
    assert on("assess", "progress", MONTH)[1]["unexplained"] == []
