"""What is gone below is told above, looked at there, ended, and comes back with undo."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from db.enums import PartyMemberKind, ResourceKind
from db.tables import Package, PartyOrg, Post, Resource
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.service import save_grid
from gridoffice.history import undo
from gridoffice.intake import Outcome
from gridoffice.listing import Ask
from gridoffice.packages.had import read
from gridoffice.packages.receiving import receive, take_back, take_in
from gridoffice.packages.standing import parts_of
from gridoffice.party.listing import MEMBERS, ORGS
from gridoffice.party.service import dissolve_orgs, save_member, save_org
from gridoffice.people.hits import person_called
from gridoffice.registers.listing import RESOURCES
from gridoffice.registers.service import remove_resources, save_resource
from gridoffice.training.listing import TRAININGS
from gridoffice.training.service import remove_training, save_training
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import grid_id, roster, worker
from tests.packages.conftest import PASSWORD, Two

GRID = "519921001001001"


def settled(two: Two) -> None:
    """The community has what the street knows of it, and the street knows that it has."""
    two.take(two.community, two.down())
    two.take(two.street, two.up())


def leave(two: Two, name: str) -> None:
    two.community.write(end_posts, [worker(two.community, name).id], date.today() - timedelta(days=1))


def names(office) -> set[str]:  # type: ignore[no-untyped-def]
    return {row.name for row in roster(office)}


def test_who_left_below_leaves_above_and_comes_back(two: Two) -> None:
    settled(two)
    everybody = names(two.street)
    leave(two, "李䶮")
    arrived, taken = two.take(two.street, two.up())
    assert [part.key for part in arrived.said.parts] == ["gone:workers", "tenures"]
    one, past = taken
    assert past.seen.in_words() == "已一致 1", "and that it was until yesterday is told too"
    assert one.title == "网格员花名册·已不在的" and one.seen.in_words() == "移到离岗 1"
    assert names(two.street) == everybody - {"李䶮"}
    part, _ = two.street.read(parts_of, arrived.id)
    assert part.done and part.words.endswith("里已不在，移到离岗 1 人")
    assert one.seen.action is not None
    two.street.write(undo, one.seen.action)
    assert names(two.street) == everybody
    part, _ = two.street.read(parts_of, arrived.id)
    assert not part.done, "what was taken back can be taken in again"
    again = list(take_in(two.street, receive(two.street, two.folder / f"{two.written}.gridpack", PASSWORD)))
    assert again[0].seen.written and names(two.street) == everybody - {"李䶮"}
    ends = two.street.read(
        lambda session: list(session.scalars(select(Post.to_day).where(Post.to_day.is_not(None))))
    )
    assert date.today() - timedelta(days=1) in ends


def test_what_is_different_above_waits(two: Two) -> None:
    settled(two)
    two.street.write(save_worker, worker(two.street, "李䶮").id, {"phone": "13900001111"})
    leave(two, "李䶮")
    file = two.up()
    arrived = receive(two.street, file, PASSWORD)
    (one,) = list(take_in(two.street, arrived))
    assert one.stopped and one.seen.counts[Outcome.CONFLICT] == 1
    assert "“李䶮”和对方原来的不一样，没有动" in one.problems[0].message
    assert "李䶮" in names(two.street)
    one, past = list(take_in(two.street, arrived, only_good=("gone:workers",)))
    assert not one.stopped and not one.seen.written
    assert past.seen.in_words() == "这里还没结束、没有动 1"
    assert "李䶮" in names(two.street), "what the clerk did not look at stays"
    assert all(part.done for part in two.street.read(parts_of, arrived.id))


def test_who_only_changed_is_not_gone(two: Two) -> None:
    settled(two)
    one = worker(two.community, "李䶮")
    two.community.write(save_worker, one.id, {"phone": "13900001111"})
    arrived, _ = two.take(two.street, two.up())
    assert [part.key for part in arrived.said.parts] == ["workers"]
    arrived = receive(two.street, two.up(whole=True), PASSWORD)
    assert not [part for part in arrived.said.parts if part.key.startswith("gone:")]


def test_what_was_taken_out_below_is_taken_out_above(two: Two) -> None:
    settled(two)
    place = grid_id(two.community, GRID)
    made = two.community.write(
        save_resource, None, {"grid_id": place, "kind": ResourceKind.PLACE, "name": "老活动室"}
    )
    two.take(two.street, two.up())
    count = lambda: two.street.read(lambda session: len(RESOURCES.ids(session, Ask())))  # noqa: E731
    before = count()
    two.community.write(remove_resources, [made.result])
    _, (taken,) = two.take(two.street, two.up())
    assert taken.seen.in_words() == "删去 1" and count() == before - 1
    assert taken.seen.action is not None
    two.street.write(undo, taken.seen.action)
    assert count() == before
    found = select(Resource.id).where(Resource.name == "老活动室")
    assert two.street.read(lambda session: session.scalar(found)) is not None


def test_what_was_sent_lies_sealed(two: Two) -> None:
    two.down()
    said = two.street.read(lambda session: session.scalar(select(Package.marks)))
    assert said is not None and "李䶮" not in said and worker(two.street, "李䶮").id_number not in said
    had = read(said)
    assert had.marks and had.who["workers"] and had.scope == grid_id(two.street, "519921001001")
    assert two.street.read(lambda session: len(GRIDS.ids(session, Ask()))) > 0


def test_grids_organisations_members_and_trainings_that_are_gone(two: Two) -> None:
    settled(two)
    here, day = two.community, date.today() - timedelta(days=1)
    values = {"code": "519921001001007", "name": "临时网格", "kind": "一般网格"}
    grid = here.write(save_grid, None, values | {"parent_id": grid_id(here, "519921001001")})
    org = here.write(save_org, None, {"name": "临时党支部", "grid_ids": [grid_id(here, GRID)]}).result
    person = here.read(person_called, "李䶮")
    member = here.write(save_member, None, {"org_id": org, "kind": PartyMemberKind.FULL}, None, person).result
    held = here.write(
        save_training, None, {"name": "临时培训", "day": date(2026, 3, 1), "grid_id": grid_id(here, GRID)}
    )
    two.take(two.street, two.up())
    here.write(remove_training, held.result)
    here.write(save_member, member, {"to_day": day})
    here.write(dissolve_orgs, [org], day)
    assert grid.action is not None
    here.write(undo, grid.action)
    arrived, taken = two.take(two.street, two.up())
    gone = {one.key: one.seen.in_words() for one in taken if one.key.startswith("gone:")}
    assert gone == {
        "gone:training": "删去 1",
        "gone:party-members": "结束组织关系 1",
        "gone:party-orgs": "撤销 1",
        "gone:grids": "关闭 1",
    }

    def left() -> tuple[int, ...]:
        lists = (GRIDS, ORGS, MEMBERS, TRAININGS)
        return two.street.read(lambda session: tuple(len(one.ids(session, Ask())) for one in lists))

    after = left()
    assert take_back(two.street, arrived.id) >= 4
    assert left() == tuple(count + 1 for count in after)


def test_an_organisation_that_still_has_members_here_waits(two: Two) -> None:
    settled(two)
    here = two.community
    org = here.write(save_org, None, {"name": "临时党支部", "grid_ids": [grid_id(here, GRID)]}).result
    two.take(two.street, two.up())
    there = two.street.read(
        lambda session: session.scalar(select(PartyOrg.id).where(PartyOrg.name == "临时党支部"))
    )
    person = two.street.read(person_called, "单晓琴")
    two.street.write(save_member, None, {"org_id": there, "kind": PartyMemberKind.FULL}, None, person)
    here.write(dissolve_orgs, [org], date.today() - timedelta(days=1))
    _, taken = two.take(two.street, two.up())
    assert taken[-1].stopped
    assert taken[-1].problems[0].message == "“临时党支部”还有党员 1 人，先把组织关系转到别的支部。"
