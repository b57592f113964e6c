"""What stays when an action is taken back around what was changed since."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from db.bulk import bulk_update
from db.enums import Employment
from db.tables import Certificate, Grid, Person, Post
from gridoffice import history
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.people.service import rekey
from gridoffice.workers.service import end_posts, save_worker
from tests.db.test_journal import act, person
from tests.offices import grid_id, records, roster, worker


def add_workers(office: Office, *names: str, at: str = "519921001001002") -> tuple[Any, list[Any]]:
    """A person and a post each, in one action: what was done, and their lines of the roster."""
    place = grid_id(office, at)

    def add(session: Session) -> None:
        people = [person(name) for name in names]
        session.add_all(people)
        session.flush()
        posts = [
            Post(
                person_id=one.id,
                grid_id=place,
                grid_path="",
                title="专职网格员",
                employment=Employment.FULL_TIME,
            )
            for one in people
        ]
        session.add_all(posts)
        session.flush()
        rekey(session, {one.id for one in people})
        history.repost(session, {one.id for one in posts})

    return office.write(act, add), [worker(office, name) for name in names]


def test_a_person_who_is_kept_keeps_the_post_that_came_with_them(small_office: Office) -> None:
    before = records(small_office)
    done, (one, *_) = add_workers(small_office, "辛甲", "辛乙", "辛丙", "辛丁", "辛戊")
    small_office.write(save_worker, one.id, {"phone": "13911112222"})
    noon = records(small_office)
    for words in (["辛甲连同名下 1 条（后来又改过）"], []):  # what was done again are the others only
        result = small_office.write(history.undo, done.action).result
        assert result.records == 8
        assert [kept.in_words() for kept in result.kept] == words
        names = [row.name for row in roster(small_office) if row.name.startswith("辛")]
        assert names == ["辛甲"]
        now = records(small_office)
        assert [len(now[table]) - len(before[table]) for table in ("person", "post")] == [1, 1]
        assert small_office.write(history.redo, done.action).result.kept == ()
        assert records(small_office) == noon


def test_a_person_whose_post_was_changed_since_is_named_once(small_office: Office) -> None:
    done, (one, _) = add_workers(small_office, "辛甲", "辛乙")
    small_office.write(end_posts, [one.id], date(2026, 6, 30), "调离")
    result = small_office.write(history.undo, done.action).result
    assert result.records == 2
    assert [(kept.noun, kept.name, kept.why, kept.records) for kept in result.kept] == [
        ("人员", "辛甲", "后来又改过", 2)
    ]


def test_a_person_who_is_needed_since_keeps_what_came_with_them(small_office: Office) -> None:
    done, (one, _) = add_workers(small_office, "辛甲", "辛乙")
    small_office.write(
        act, lambda session: session.add(Certificate(person_id=one.person_id, certificate="网格员证"))
    )
    result = small_office.write(history.undo, done.action).result
    assert [kept.in_words() for kept in result.kept] == ["辛甲连同名下 1 条（后来被别处用到）"]
    assert [row.id for row in roster(small_office) if row.name.startswith("辛")] == [one.id]


def test_what_came_to_somebody_who_was_there_before_goes_though_they_were_changed_since(
    small_office: Office,
) -> None:
    """A move closes one post and opens another: both go back, or there would be two open ones."""
    one = worker(small_office, "李䶮")
    before = records(small_office)["post"]

    def move(session: Session) -> None:
        session.get_one(Person, one.person_id).note = "调动"
        session.get_one(Post, one.id).to_day = date(2026, 5, 31)
        place = grid_id(small_office, "519921001001002")
        session.add(
            Post(
                person_id=one.person_id,
                grid_id=place,
                grid_path="",
                title="专职网格员",
                employment=Employment.FULL_TIME,
            )
        )

    done = small_office.write(act, move)
    small_office.write(act, lambda s: bulk_update(s, Person, {one.person_id: {"phone": "13911112222"}}))
    result = small_office.write(history.undo, done.action).result
    assert [kept.in_words() for kept in result.kept] == ["李䶮（后来又改过）"]
    assert records(small_office)["post"] == before


def test_a_grid_that_is_kept_holds_nobody_back(small_office: Office) -> None:
    """A post belongs to its person; the grid is only where it is."""

    def add(session: Session) -> list[int]:
        above = session.get_one(Grid, grid_id(small_office, "519921001002"))
        place = Grid(
            code="519921001002003", name="第三网格", kind="一般网格", parent_id=above.id, path="", search=""
        )
        one = person("辛甲")
        session.add_all([place, one])
        session.flush()
        session.add(
            Post(
                person_id=one.id,
                grid_id=place.id,
                grid_path="",
                title="专职网格员",
                employment=Employment.FULL_TIME,
            )
        )
        return [place.id]

    done = small_office.write(act, add)
    small_office.write(save_grid, done.result[0], {"population": 1200})
    result = small_office.write(history.undo, done.action).result
    assert (result.records, [kept.in_words() for kept in result.kept]) == (2, ["第三网格（后来又改过）"])
    assert "辛甲" not in [row["name"] for row in records(small_office)["person"]]
