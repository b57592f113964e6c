"""A community with an office of its own and a street whose server enforces: three rounds of packages, with photographs,
a month, decisions, and grids that changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from db import backup, migrate, server
from db.enums import MonthState, Role
from db.session import Store
from gridoffice.accounts.keeping import add_account
from gridoffice.accounts.rules import RIGHTS
from gridoffice.assessment.service import compute, enter_values, move_month, open_month
from gridoffice.establish import establish
from gridoffice.grids.changing import change_grids
from gridoffice.grids.operations import Basis, Merge, Rename
from gridoffice.grids.own_packs import copy_pack, pack_called
from gridoffice.office import Office
from gridoffice.packages import keys
from gridoffice.packages.given import take_rules
from gridoffice.packages.receiving import receive, save_paper, take_back, take_in
from gridoffice.people.attachments import photo, set_photo
from gridoffice.people.hits import person_called
from gridoffice.workers.service import end_posts
from tests import postgresql
from tests.offices import PERIOD, Copies, good_values, grid_id, worker
from tests.packages.conftest import COMMUNITY as NAME
from tests.packages.conftest import PASSWORD, Two, introduce
from tests.packages.days import COMMUNITY, same_on_all_days

DATABASE = "served_packages"
FIRST, SECOND = "519921001001001", "519921001001002"


@pytest.fixture
def two(postgres_server: postgresql.Server, small_copies: Copies, tmp_path: Path) -> Iterator[Two]:
    store = Store(postgres_server.create(DATABASE))
    migrate.upgrade(store.engine)
    backup.restore(small_copies.file, store)
    with store.engine.begin() as connection:
        # logins belong to the whole cluster, where another office has such accounts too
        connection.exec_driver_sql("UPDATE account SET name = 'two_' || name")
    store.close()
    founder = Office.open(postgres_server.url(DATABASE))
    for name, role in (("package_admin", Role.ADMINISTRATOR), ("package_reviewer", Role.REVIEWER)):
        founder.write(add_account, name, name, role)
    with founder.store.engine.begin() as connection:
        server.enforce(connection, RIGHTS)
    founder.close()
    street = Office.open(
        f"postgresql+psycopg://package_admin@127.0.0.1:{postgres_server.port}/{DATABASE}", "package_admin"
    )
    establish(tmp_path / "c.db", name=NAME, organisation=NAME).close()
    community = Office.open(tmp_path / "c.db")
    for office in (street, community):
        office.write(keys.make_keys, PASSWORD)
    introduce(street, community, grid_id(street, COMMUNITY))
    introduce(community, street)
    yield Two(street, community, tmp_path)
    street.close()
    community.close()


def picture(shade: int) -> bytes:
    held = BytesIO()
    Image.new("RGB", (300, 400), (shade, 90, 60)).save(held, "PNG")
    return held.getvalue()


def all_in(two: Two, office: Office, file: Path) -> int:
    arrived = receive(office, file, PASSWORD)
    for one in take_in(office, arrived):
        assert not one.stopped, (one.title, [problem.message for problem in one.problems])
    return arrived.id


def test_three_rounds(two: Two) -> None:
    street, community = two.street, two.community
    # one: everything down, a month and photographs up
    all_in(two, community, two.down())
    community.write(set_photo, community.read(person_called, "李䶮"), picture(40), "像.png")
    for office in (street, community):
        office.write(open_month, PERIOD)
    community.write(enter_values, PERIOD, good_values(community))
    all_in(two, street, two.up(month=PERIOD))
    assert street.read(photo, street.read(person_called, "李䶮")) is not None
    # two: the community changes its grids, and somebody leaves; the street decides the month
    community.write(
        change_grids, Basis(date(2026, 3, 1), "更名"), [Rename(grid_id(community, FIRST), "梧桐一网格")]
    )
    both = grid_id(community, FIRST), grid_id(community, SECOND)
    community.write(change_grids, Basis(date(2026, 10, 1), "合并"), [Merge(both, name="合并网格")])
    community.write(end_posts, [worker(community, "单晓琴").id], date(2026, 10, 31))
    taken = all_in(two, street, two.up())
    same_on_all_days(two)
    assert take_back(street, taken) >= 3
    assert not any(
        one.stopped for one in take_in(street, receive(street, two.folder / "3.gridpack", PASSWORD))
    )
    same_on_all_days(two)
    # three: decisions and the street's own way to run grids come down
    street.write(copy_pack, "chengdu-3+1", "qinghe", "青禾模式")
    street.write(enter_values, PERIOD, good_values(street))
    street.write(compute, PERIOD)
    street.write(move_month, PERIOD, MonthState.SCORING)
    street.write(move_month, PERIOD, MonthState.REVIEW)
    reviewer = Office.open(
        street.store.address.replace("package_admin", "package_reviewer"), "package_reviewer"
    )
    reviewer.write(move_month, PERIOD, MonthState.PUBLIC)
    reviewer.close()
    arrived = receive(community, two.down(month=PERIOD, rules=True), PASSWORD)
    for one in take_in(community, arrived):
        assert not one.stopped, (one.title, [problem.message for problem in one.problems])
    community.write(take_rules, arrived.said.rules, arrived.partner.name)
    assert community.read(pack_called, "qinghe").name == "青禾模式"
    (paper,) = arrived.said.papers
    save_paper(community, arrived, paper.title, two.folder / "成绩单.xlsx")
    assert (two.folder / "成绩单.xlsx").stat().st_size > 1000
    same_on_all_days(two)
