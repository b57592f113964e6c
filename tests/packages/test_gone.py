"""What is gone below is told above, looked at there, ended, and comes back with undo."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from db.enums import ResourceKind
from db.tables import Package, Post, Resource
from gridoffice.grids.listing import GRIDS
from gridoffice.history import undo
from gridoffice.intake import Outcome
from gridoffice.listing import Ask
from gridoffice.packages.had import read
from gridoffice.packages.receiving import receive, take_in
from gridoffice.packages.standing import parts_of
from gridoffice.registers.listing import RESOURCES
from gridoffice.registers.service import remove_resources, save_resource
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
