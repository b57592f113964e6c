"""Somebody goes over to another unit of a shared office: who is asked, what is told, what is not let through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest

from db.enums import Sex
from gridoffice import history
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.office import Office
from gridoffice.people.service import save_person
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import come, errors, grid_id, number, roster, workbook, worker
from tests.server.conftest import LIUYIN, WUTONG, Served
from tests.server.test_attacks import refused

HEADINGS = ("姓名", "身份证号码", "所属网格", "职务")
WORDS = "“周\\*”现在“柳荫社区”任职。先请那边办离岗，或由街道办调动"
NUMBERS = count(300)
YESTERDAY = date.today() - timedelta(days=1)


@pytest.fixture
def zhou(served_at: Callable[[str], Office]) -> Iterator[str]:
    """周敏 of 柳荫社区 by her ID number, another one for each test; what it wrote is taken back."""
    clerk, liuyin, ours = served_at("clerk"), served_at("liuyin"), number(next(NUMBERS), Sex.FEMALE)
    (before, *_) = clerk.read(history.journal, 1)
    values = {"name": "周敏", "id_number": ours, "title": "微网格员"}
    liuyin.write(save_worker, None, values | {"grid_id": grid_id(liuyin, f"{LIUYIN}001")})
    yield ours
    for line in clerk.read(history.journal, 50):
        if line.id > before.id and line.undoable and not line.undone:
            clerk.write(history.undo, line.id)


def masked(whole: str) -> str:
    return f"{whole[:3]}{'*' * 11}{whole[-4:]}"


def appointed(office: Office, whole: str, name: str = "周敏") -> int:
    values = {"name": name, "id_number": whole, "title": "微网格员", "from_day": date.today()}
    values["grid_id"] = grid_id(office, f"{WUTONG}001")
    return office.write(save_worker, None, values).result


def leave(office: Office) -> None:
    office.write(
        end_posts, [row.id for row in roster(office) if row.name == "周敏" and row.to_day is None], YESTERDAY
    )


def test_whom_another_unit_holds_is_asked_for_there(
    served: Served, served_at: Callable[[str], Office], tmp_path: Path, zhou: str
) -> None:
    wutong = served_at("wutong")
    for attempt in (
        lambda: appointed(wutong, zhou),
        lambda: wutong.write(save_person, None, {"name": "周敏", "id_number": zhou}),
    ):
        with pytest.raises(RuleBroken, match=WORDS):
            attempt()
    row = ("周敏", zhou, f"{WUTONG}001", "微网格员")
    done = come(wutong, "workers", workbook(tmp_path / "a.xlsx", HEADINGS, [row]))
    assert done.action is None and "先请那边办离岗" in str(errors(done))
    with pytest.raises(RuleBroken, match="姓名不一样"):
        appointed(wutong, zhou, "周明")
    assert served.told("wutong", "SELECT * FROM person WHERE name = '周敏'") == []


def test_who_has_left_there_is_taken_over(
    served: Served, served_at: Callable[[str], Office], tmp_path: Path, zhou: str
) -> None:
    """The sending unit ends the post, the receiving one gives the next; the old one keeps what it knew."""
    liuyin, wutong = served_at("liuyin"), served_at("wutong")
    leave(liuyin)
    appointed(wutong, zhou)
    seen = worker(wutong, "周敏")
    assert seen.id_number == masked(zhou)
    assert served.told(
        "wutong", "SELECT count(*) FROM post JOIN person ON person.id = person_id WHERE name = '周敏'"
    ) == [(1,)]
    ((known,),) = served.told("liuyin", "SELECT count(*) FROM person WHERE name = '周敏'")
    assert known >= 1
    done = wutong.read(history.journal, 1)[0]
    wutong.write(history.undo, done.id)
    assert served.told("wutong", "SELECT * FROM person WHERE name = '周敏'") == []
    # the same by a workbook
    row = ("周敏", zhou, f"{WUTONG}001", "微网格员")
    assert come(wutong, "workers", workbook(tmp_path / "a.xlsx", HEADINGS, [row])).action is not None


def test_the_street_moves_somebody_itself(served_at: Callable[[str], Office], zhou: str) -> None:
    clerk = served_at("clerk")
    leave(clerk)
    appointed(clerk, zhou)
    assert any(row.name == "周敏" for row in roster(served_at("wutong")))


# With raw SQL


def test_nobody_is_brought_into_scope_by_his_number(served: Served, zhou: str) -> None:
    """A row of one's own unit that names somebody would show who that is."""
    ((person,),) = served.told("clerk", "SELECT max(id) FROM person WHERE name = '周敏'")
    ((grid, path),) = served.told("wutong", f"SELECT id, path FROM grid WHERE code = '{WUTONG}001'")
    ((post,),) = served.told("wutong", "SELECT max(id) FROM post")
    for deed in (
        "INSERT INTO post (version, person_id, grid_id, grid_path, title, employment, concurrent) "
        f"VALUES (1, {person}, {grid}, '{path}', '微网格员', 'full', false)",
        f"UPDATE post SET person_id = {person} WHERE id = {post}",
        f"INSERT INTO reserve (version, grid_id, person_id, name) VALUES (1, {grid}, {person}, 'x')",
        f"INSERT INTO household (version, grid_id, caller_id, name) VALUES (1, {grid}, {person}, 'x')",
        f"INSERT INTO household (version, grid_id, member_id, name) VALUES (1, {grid}, {person}, 'x')",
    ):
        refused(served, "wutong", deed, why="row-level security|does not exist|null value")
    assert served.told("wutong", f"SELECT * FROM person WHERE id = {person}") == []


def test_asking_needs_the_number_the_name_and_a_note(served: Served, zhou: str) -> None:
    def asked(connection: psycopg.Connection, whole: str, name: str) -> list[tuple]:
        query = "SELECT * FROM gridoffice.take_over(ARRAY[%s], ARRAY[%s])"
        return connection.execute(query, (whole, name)).fetchall()

    with served.psql("wutong") as connection:
        assert asked(connection, zhou, "周敏") == []
    with served.opened("wutong") as connection:
        assert asked(connection, zhou, "周敏") == [(zhou, "周*", "柳荫社区")]
        assert asked(connection, zhou, "周") == [(zhou, None, None)]
        assert asked(connection, zhou[:-1], "周敏") == []
        assert connection.execute("SELECT * FROM person WHERE name = '周敏'").fetchall() == []
        connection.rollback()
    for account in ("reader", "nowhere", "liuyin_reader"):
        with served.opened(account) as connection:
            assert asked(connection, zhou, "周敏") == []
            connection.rollback()
    refused(
        served, "wutong", "INSERT INTO gridoffice.taken SELECT txid_current(), 1", why="permission denied"
    )


def test_who_was_taken_over_without_a_post_is_out_of_sight_again(
    served: Served, served_at: Callable[[str], Office], zhou: str
) -> None:
    leave(served_at("liuyin"))
    with served.opened("wutong") as connection:
        connection.execute("SELECT * FROM gridoffice.take_over(ARRAY[%s], ARRAY['周敏'])", (zhou,))
        assert len(connection.execute("SELECT * FROM person WHERE name = '周敏'").fetchall()) == 1
        connection.commit()
        assert connection.execute("SELECT * FROM person WHERE name = '周敏'").fetchall() == []


def test_the_number_of_another_is_no_way_to_write_him(served_at: Callable[[str], Office], zhou: str) -> None:
    with pytest.raises(OfficeError):
        served_at("nowhere").write(save_person, None, {"name": "周敏", "id_number": zhou})
