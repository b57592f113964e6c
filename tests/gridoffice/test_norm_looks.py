"""Norms that hang on more than one grid or person: a village of one grid, two hands of one person."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Employment, Right, Sex, Zone
from db.tables import Grid, Person, Post
from gridoffice.establish import establish
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.overview.findings import Finding, Topic, check
from gridoffice.overview.glance import glance
from gridoffice.service import service
from gridoffice.workers.service import save_worker
from tests.offices import number

STREET = "519921001"


@pytest.fixture
def founded(tmp_path: Path) -> Iterator[Any]:
    """Founds an empty office on a pack, with a street."""
    offices = []

    def found(key: str) -> tuple[Office, int]:
        office = establish(tmp_path / f"{key}.db", key)
        offices.append(office)
        return office, grid(office, STREET, "青禾街道", "街道", None)

    yield found
    for office in offices:
        office.close()


def grid(office: Office, code: str, name: str, kind: str, parent: int | None, **facts: Any) -> int:
    values = {"code": code, "name": name, "kind": kind, "parent_id": parent, **facts}
    return office.write(save_grid, None, values).result


def found(office: Office, topic: Topic) -> list[Finding]:
    return [one for one in office.read(check) if one.topic is topic]


def test_one_village_one_grid(founded: Any) -> None:
    office, street = founded("national")
    village = grid(office, f"{STREET}200", "沙堰村", "村", street, population=480)
    grid(office, f"{STREET}200001", "第一网格", "网格", village, households=150)
    assert found(office, Topic.SIZE) == []
    # a second grid, and the small one is too small like any other
    grid(office, f"{STREET}200002", "第二网格", "网格", village, households=400)
    assert [one.code for one in found(office, Topic.SIZE)] == [f"{STREET}200001"]


def test_a_larger_village_is_no_exception(founded: Any) -> None:
    office, street = founded("national")
    for order, people in enumerate((501, None)):
        village = grid(office, f"{STREET}20{order}", f"{order}村", "村", street, population=people)
        grid(office, f"{STREET}20{order}001", "第一网格", "网格", village, households=150)
    assert len(found(office, Topic.SIZE)) == 2


def test_a_unit_is_measured_in_its_zone(founded: Any) -> None:
    office, street = founded("kcity-5-level")
    community = grid(office, f"{STREET}001", "梧桐社区", "社区", street)
    general = grid(office, f"{STREET}001001", "第一网格", "网格", community, households=400)
    for order, zone in enumerate((None, Zone.CORE, Zone.BUSY), 1):
        code = f"{STREET}00100100{order}"
        grid(office, code, f"单元{order}", "单元网格", general, area=Decimal(30_000), zone=zone)
    assert [(one.code, one.message) for one in found(office, Topic.SIZE)] == [
        (f"{STREET}001001002", "有 30000 平方米，超过单元网格的上限 20000 平方米。")
    ]
    unit = grid(office, f"{STREET}001001004", "单元4", "单元网格", general)
    grid(office, f"{STREET}00100100401", "一号院", "小区", unit)
    assert office.read(glance).grids == 5
    assert [one.message for one in found(office, Topic.UNKNOWN_SIZE)] == ["没填面积，比不了标准。"]


@service("再任一岗", needs=Right.EDIT_PEOPLE)
def second_post(session: Session, name: str, code: str, title: str) -> None:
    """Somebody takes a further post."""
    person = session.scalars(select(Person).where(Person.name == name)).one()
    place = session.scalars(select(Grid).where(Grid.code == code)).one()
    post = Post(person_id=person.id, grid_id=place.id, grid_path=place.path, title=title)
    post.employment, post.concurrent = Employment.FULL_TIME, True
    session.add(post)


def test_whoever_manages_does_not_supervise(founded: Any) -> None:
    office, street = founded("dongcheng")
    community = grid(office, f"{STREET}001", "梧桐社区", "社区", street)
    unit = grid(office, f"{STREET}001001", "一号网格", "万米网格", community, area=Decimal(12_000))
    values = {"name": "王𠮷𬭎", "sex": Sex.MALE, "id_number": number(90), "grid_id": unit}
    office.write(save_worker, None, {**values, "title": "网格管理员"})
    assert found(office, Topic.BOTH_HANDS) == []
    office.write(second_post, "王𠮷𬭎", STREET, "监督员")
    ((one),) = found(office, Topic.BOTH_HANDS)
    assert (one.message, one.fix) == ("王𠮷𬭎又管理又监督，两者应分开。", "换一个人监督")
    assert found(office, Topic.SEVERAL_POSTS) == []
