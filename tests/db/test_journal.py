"""The journal: what each write leaves in it, and what undo and redo make of that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import images, proof
from db.bulk import bulk_delete, bulk_insert, bulk_update, reserve
from db.enums import Deed, Right, Sex
from db.journal import entitle
from db.tables import Action, ActionPart, Grid, Person, Post, Setting
from gridoffice import history
from gridoffice.errors import Conflict, NotFound, Refused, RuleBroken
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.service import service
from gridoffice.settings import NAME, set_setting, setting
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import grid_id, journal_lines, number, records, roster, worker


@service("试办", needs=Right.READ)
def act(session: Session, deed: Callable[[Session], Any]) -> Any:
    """Whatever a test wants to do in one action."""
    return deed(session)


def entries(office: Office, action: int | None) -> list[tuple[str, int, Any, Any]]:
    assert action is not None
    with office.store.reading() as session:
        parts = session.scalars(
            select(ActionPart).where(ActionPart.action_id == action).order_by(ActionPart.number)
        ).all()
        return [
            (part.of_table, entry[0], entry[1], entry[2])
            for part in parts
            for entry in images.unpack(part.body)
        ]


PERSON = {
    "id_number": None,
    "sex": None,
    "ethnicity": None,
    "birth": None,
    "political": None,
    "education": None,
    "phone": None,
    "address": None,
    "note": None,
    "pinyin": "x",
    "search": "x",
}


def person(name: str, **values: Any) -> Person:
    return Person(**{**PERSON, "name": name, **values})


# What is written down


def test_a_new_record_is_written_down_whole_without_what_follows_from_it(small_office: Office) -> None:
    def add(session: Session) -> int:
        one = person("陈建国", birth=date(1990, 3, 7), sex=Sex.MALE)
        session.add(one)
        session.flush()
        return one.id

    done = small_office.write(act, add)
    ((table, record, before, after),) = entries(small_office, done.action)
    assert (table, record, before) == ("person", done.result, None)
    assert after == {"name": "陈建国", "birth": "1990-03-07", "sex": "1"}  # nothing is said of empty columns
    assert done.changes == {"person": frozenset({done.result})}


def test_a_change_is_written_down_column_by_column(small_office: Office) -> None:
    grid = grid_id(small_office, "519921001002002")

    def change(session: Session) -> None:
        found = session.get_one(Grid, grid)
        found.area = Decimal("1234.50")
        found.name = "第二网格"  # as it was
        found.path += ""

    done = small_office.write(act, change)
    assert entries(small_office, done.action) == [("grid", grid, {"area": None}, {"area": 123450})]


def test_a_removed_record_is_written_down_whole(small_office: Office) -> None:
    with small_office.store.reading() as session:
        key = session.scalars(select(Setting.id).where(Setting.key == NAME)).one()

    done = small_office.write(act, lambda session: session.delete(session.get_one(Setting, key)))
    assert entries(small_office, done.action) == [
        ("setting", key, {"key": NAME, "value": "青禾街道网格办"}, None)
    ]


def test_bulk_writes_are_written_down_like_single_ones(small_office: Office) -> None:
    def insert(session: Session) -> Sequence[int]:
        numbers = reserve(session, Person, 1500)
        bulk_insert(session, Person, [{**PERSON, "id": n, "name": f"人{n}"} for n in numbers])
        return list(numbers)

    numbers = small_office.write(act, insert).result

    done = small_office.write(
        act,
        lambda session: bulk_update(
            session,
            Person,
            {n: {"name": f"人{n}" if n % 2 else "改", "pinyin": "gai", "phone": None} for n in numbers},
        ),
    )
    changed = [n for n in numbers if n % 2 == 0]
    assert done.result == len(changed)
    assert entries(small_office, done.action) == [
        ("person", n, {"name": f"人{n}"}, {"name": "改"}) for n in changed
    ]

    done = small_office.write(act, lambda session: bulk_delete(session, Person, numbers))
    assert done.result == len(numbers)
    found = entries(small_office, done.action)
    assert [entry[1] for entry in found] == numbers
    assert all(entry[3] is None and entry[2]["name"] in ("改", f"人{entry[1]}") for entry in found)
    assert all("pinyin" not in entry[2] for entry in found)


def test_nothing_changed_leaves_no_line(small_office: Office) -> None:
    lines = journal_lines(small_office)
    one = worker(small_office, "李䶮")

    def same(session: Session) -> None:
        found = session.get_one(Person, one.person_id)
        found.name = "李" + "䶮"
        bulk_update(session, Person, {one.person_id: {"phone": found.phone}})

    assert small_office.write(act, same).action is None
    assert small_office.write(act, lambda session: None).action is None
    assert small_office.write(act, lambda session: bulk_delete(session, Person, [])).action is None
    assert journal_lines(small_office) == lines


def test_a_line_says_who_what_and_from_where(small_office: Office, office_at: Callable[..., Office]) -> None:
    clerk = office_at(small_office.store.address, "clerk")
    done = clerk.write(save_grid, grid_id(clerk, "519921001002"), {"population": 2500})
    line = clerk.read(history.journal, 1)[0]
    assert (line.id, line.who, line.deed, line.undoable, line.undone) == (
        done.action,
        "clerk",
        Deed.DO,
        True,
        False,
    )
    assert line.title == "已改网格“柳荫社区”"
    assert line.terminal
    assert done.action is not None
    (what,) = clerk.read(history.touched, done.action)
    assert (what.noun, what.before, what.after) == ("网格", {"population": None}, {"population": 2500})


def test_a_service_that_fails_leaves_nothing(small_office: Office) -> None:
    before, lines = records(small_office), journal_lines(small_office)

    def half(session: Session) -> None:
        session.add(person("半途"))
        session.flush()
        bulk_update(session, Person, {worker(small_office, "李䶮").person_id: {"name": "李某"}})
        entitle(session, "不该留下")
        raise RuleBroken("办到一半")

    with pytest.raises(RuleBroken):
        small_office.write(act, half)
    assert records(small_office) == before
    assert journal_lines(small_office) == lines
    small_office.write(save_grid, grid_id(small_office, "519921001002"), {"population": 1})
    assert journal_lines(small_office) == lines + 1


def test_record_numbers_are_never_used_twice(small_office: Office) -> None:
    def take(count: int) -> list[int]:
        return small_office.write(act, lambda session: list(reserve(session, Person, count))).result

    def add(numbers: Sequence[int]) -> None:
        rows = [{**PERSON, "id": n, "name": f"人{n}"} for n in numbers]
        small_office.write(act, lambda session: bulk_insert(session, Person, rows))

    first = take(5)
    add(first)
    small_office.write(act, lambda session: bulk_delete(session, Person, first))

    def by_itself(session: Session) -> int:
        one = person("自己编号")
        session.add(one)
        session.flush()
        return one.id

    alone = small_office.write(act, by_itself).result
    second = take(2000)
    assert alone > max(first)
    assert min(second) > alone
    assert second == list(range(second[0], second[0] + 2000))


# Undo and redo


def test_undo_brings_everything_back_and_redo_does_it_again(small_office: Office) -> None:
    before = records(small_office)
    one = worker(small_office, "李䶮")
    small_office.write(
        save_worker,
        one.id,
        {"name": "李尧", "phone": "13900000000", "grid_id": grid_id(small_office, "519921001002002")},
    )
    after = records(small_office)
    assert after != before
    for _ in range(3):
        small_office.write(history.undo)
        assert records(small_office) == before
        small_office.write(history.redo)
        assert records(small_office) == after
    small_office.write(history.undo)
    assert records(small_office) == before
    assert [row.name for row in roster(small_office)].count("李䶮") == 1


def test_a_new_record_comes_and_goes_under_its_own_number(small_office: Office) -> None:
    before = records(small_office)
    values = {
        "name": "单晓琴",
        "id_number": number(77, Sex.FEMALE),
        "grid_id": grid_id(small_office, "519921001001002"),
    }
    post = small_office.write(save_worker, None, values).result
    after = records(small_office)
    small_office.write(history.undo)
    assert records(small_office) == before
    small_office.write(history.redo)
    assert records(small_office) == after
    assert post in [row.id for row in roster(small_office)]


def test_several_steps_are_taken_back_one_by_one_and_come_again_in_order(small_office: Office) -> None:
    grid = grid_id(small_office, "519921001002")
    states = [records(small_office)]
    for count in (1, 2, 3):
        small_office.write(save_grid, grid, {"population": count})
        states.append(records(small_office))
    for state in reversed(states[:-1]):
        small_office.write(history.undo)
        assert records(small_office) == state
    for state in states[1:]:
        small_office.write(history.redo)
        assert records(small_office) == state
    with pytest.raises(Refused, match="没有可以恢复"):
        small_office.write(history.redo)


def test_after_something_new_there_is_nothing_to_redo(small_office: Office) -> None:
    grid = grid_id(small_office, "519921001002")
    small_office.write(save_grid, grid, {"population": 1})
    small_office.write(history.undo)
    small_office.write(save_grid, grid, {"households": 901})
    assert small_office.read(history.last_redoable) is None
    with pytest.raises(Refused, match="没有可以恢复"):
        small_office.write(history.redo)
    small_office.write(history.undo)
    # that was the newer one: the older one may come again now, by its number or as the last
    assert small_office.read(history.last_redoable) is not None


def test_undo_and_redo_reach_past_any_number_of_lines(small_office: Office) -> None:
    """101 actions taken back one after the other are 202 lines; what stands lies before all of them,
    and the first of them comes again as the last."""
    grid = grid_id(small_office, "519921001002")
    kept = small_office.write(save_grid, grid, {"population": 1}).action
    first = small_office.write(save_grid, grid, {"households": 7000}).action
    more = [
        small_office.write(save_grid, grid, {"households": 7000 + count}).action for count in range(1, 101)
    ]
    for _ in (first, *more):
        small_office.write(history.undo)
    standing = small_office.read(history.last_undoable)
    assert standing is not None and standing.id == kept and not standing.undone
    coming = small_office.read(history.last_redoable)
    assert coming is not None and coming.id == first and coming.undone
    for action in (first, more[0]):
        assert small_office.write(history.redo).result.action == action
    coming, latest = small_office.read(history.last_redoable), small_office.read(history.last_undoable)
    assert coming is not None and coming.id == more[1]
    assert latest is not None and latest.id == more[0]


def test_an_older_action_is_undone_around_what_was_changed_since(small_office: Office) -> None:
    one, two = worker(small_office, "李䶮"), worker(small_office, "单晓琴")

    def both(session: Session) -> None:
        bulk_update(session, Person, {row.person_id: {"note": "同一批"} for row in (one, two)})

    done = small_office.write(act, both)
    small_office.write(save_worker, one.id, {"phone": "13911112222"})
    result = small_office.write(history.undo, done.action).result
    assert result.records == 1
    assert [(kept.noun, kept.name, kept.why) for kept in result.kept] == [("人员", "李䶮", "后来又改过")]
    notes = {row["id"]: (row["note"], row["phone"]) for row in records(small_office)["person"]}
    assert notes[one.person_id] == ("同一批", "13911112222")
    assert notes[two.person_id] == (None, two.phone)


def test_undo_that_can_do_nothing_says_so_and_leaves_no_line(small_office: Office) -> None:
    one = worker(small_office, "李䶮")
    done = small_office.write(save_worker, one.id, {"note": "一"})
    small_office.write(save_worker, one.id, {"note": "二"})
    lines = journal_lines(small_office)
    with pytest.raises(Conflict, match=r"李䶮.*后来又改过"):
        small_office.write(history.undo, done.action)
    assert journal_lines(small_office) == lines


def test_a_record_needed_elsewhere_is_kept_and_named(small_office: Office) -> None:
    grid = {"code": "519921001002003", "name": "第三网格", "kind": "一般网格"}
    parent = grid_id(small_office, "519921001002")
    made = small_office.write(save_grid, None, {**grid, "parent_id": parent})
    small_office.write(save_worker, None, {"name": "周敏", "id_number": number(80), "grid_id": made.result})
    with pytest.raises(Conflict, match="网格“第三网格”后来被别处用到"):
        small_office.write(history.undo, made.action)
    assert grid_id(small_office, "519921001002003") == made.result


def test_what_was_removed_comes_back_with_all_that_follows_from_it(small_office: Office) -> None:
    before = records(small_office)
    one = worker(small_office, "赵𫍯")

    def remove(session: Session) -> None:
        bulk_delete(session, Post, [one.id])
        bulk_delete(session, Person, [one.person_id])

    small_office.write(act, remove)
    small_office.write(history.undo)
    assert records(small_office) == before


def test_a_moved_grid_takes_its_paths_back(small_office: Office) -> None:
    before = records(small_office)
    general = grid_id(small_office, "519921001001001")
    small_office.write(
        save_grid, general, {"parent_id": grid_id(small_office, "519921001002"), "name": "第九网格"}
    )
    moved = records(small_office)
    assert moved["post"] != before["post"]
    small_office.write(history.undo)
    assert records(small_office) == before
    small_office.write(history.redo)
    assert records(small_office) == moved


def test_one_action_may_touch_one_record_again_and_again(small_office: Office) -> None:
    before = records(small_office)
    one = worker(small_office, "李䶮")

    def several(session: Session) -> int:
        fresh = person("先写")
        session.add(fresh)
        session.flush()
        fresh.name = "再改"
        session.flush()
        bulk_update(session, Person, {fresh.id: {"name": "又改"}})
        for note in ("一", "二", "三"):
            bulk_update(session, Person, {one.person_id: {"note": note}})
        return fresh.id

    made = small_office.write(act, several).result
    after = records(small_office)
    result = small_office.write(history.undo).result
    assert result.kept == ()
    assert records(small_office) == before
    small_office.write(history.redo)
    again, now = records(small_office)["person"], after["person"]
    assert [(row["id"], row["name"], row["note"]) for row in again] == [
        (row["id"], row["name"], row["note"]) for row in now
    ]
    assert {row["id"]: row["name"] for row in again}[made] == "又改"


def test_what_comes_and_goes_within_one_action_stays_gone(small_office: Office) -> None:
    before = records(small_office)

    def fleeting(session: Session) -> None:
        fresh = person("来去")
        session.add(fresh)
        session.flush()
        session.delete(fresh)
        session.flush()
        bulk_update(session, Person, {worker(small_office, "李䶮").person_id: {"note": "x"}})

    done = small_office.write(act, fleeting)
    assert [entry[1:] for entry in entries(small_office, done.action)] == [
        (worker(small_office, "李䶮").person_id, {"note": None}, {"note": "x"})
    ]
    small_office.write(history.undo)
    assert records(small_office) == before
    small_office.write(history.redo)
    small_office.write(history.undo)
    assert records(small_office) == before


def test_refusals_of_undo_are_sentences(small_office: Office) -> None:
    with pytest.raises(NotFound, match="没有第 99999 条变动"):
        small_office.write(history.undo, 99999)
    with pytest.raises(Refused, match="不能撤销"):
        small_office.write(history.undo, 1)  # the founding
    grid = grid_id(small_office, "519921001002")
    done = small_office.write(save_grid, grid, {"population": 5})
    with pytest.raises(Refused, match="没有撤销过"):
        small_office.write(history.redo, done.action)
    undone = small_office.write(history.undo)
    with pytest.raises(Refused, match="已经撤销过了"):
        small_office.write(history.undo, done.action)
    with pytest.raises(Refused, match="不能撤销"):
        small_office.write(history.undo, undone.action)


def test_undo_stands_in_the_journal_itself(small_office: Office) -> None:
    done = small_office.write(end_posts, [worker(small_office, "李䶮").id], date(2026, 6, 30), "调离")
    small_office.write(history.undo)
    line, undone = small_office.read(history.journal, 2)
    assert (line.deed, line.title, line.undoable) == (Deed.UNDO, f"撤销：{undone.title}", False)
    assert (undone.id, undone.undone) == (done.action, True)
    with small_office.store.reading() as session:
        assert proof.verify(session) == []
        assert session.get_one(Action, line.id).target == done.action


def test_settings_come_back_too(small_office: Office) -> None:
    small_office.write(act, lambda session: set_setting(session, NAME, "别的名字"))
    assert small_office.read(setting, NAME) == "别的名字"
    small_office.write(history.undo)
    assert small_office.read(setting, NAME) == "青禾街道网格办"
