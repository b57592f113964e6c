"""What is done to workers: appointing, changing, leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Grid, Person, Post
from gridoffice import idcard
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.listing import unchanged
from gridoffice.people.elsewhere import elsewhere
from gridoffice.people.rules import check_identity
from gridoffice.people.service import keys
from gridoffice.service import service
from gridoffice.workers import rules
from gridoffice.workers.listing import rows
from gridoffice.workers.posts import complete, main_posts, posts_called, whom
from gridoffice.workers.rows import OF_POST, PERSONAL, WorkerRow

GONE = "这个人已不在花名册里。"


def worker_row(session: Session, post_id: int) -> WorkerRow:
    """One worker as the drawer shows it. Raises `NotFound`."""
    found = rows(session, [post_id])
    if not found:
        raise NotFound(GONE)
    return found[0]


@service("保存网格员", needs=Right.EDIT_PEOPLE)
def save_worker(
    session: Session, post_id: int | None, values: Mapping[str, Any], seen: WorkerRow | None = None
) -> int:
    """Create or change one worker: `values` by row column name, `grid_id` as a number; `seen` is the
    row that the form was filled from; `concurrent` says 兼任. Somebody whom the office knows already by the
    ID number gets the post beside whatever else they are. Raises `RuleBroken` with every problem, and `Conflict` when
    somebody else changed the same value meanwhile; answers the post's number."""
    post = session.get(Post, post_id) if post_id is not None else None
    if post is None and post_id is not None:
        raise NotFound(GONE)
    if post is not None and seen is not None:
        changing = {"grid" if name == "grid_id" else name for name in values}
        unchanged(columns(WorkerRow), seen, worker_row(session, post.id), changing)
    person = session.get(Person, post.person_id) if post is not None else None
    said = {name: getattr(person, name) for name in PERSONAL} if person is not None else {}
    said |= {name: getattr(post, name) for name in OF_POST} if post is not None else {}
    said |= {name: None if value == "" else value for name, value in values.items()}
    if not said.get("name"):
        raise RuleBroken("没写姓名。")
    number = said.get("id_number")
    problems = rules.check_days(said.get("from_day"), said.get("to_day")) + rules.check_lengths(said)
    if number:
        said["sex"] = said.get("sex") or idcard.sex_of(number)
        said["birth"] = said.get("birth") or idcard.birth_of(number)
        problems += check_identity(number, said["sex"], said["birth"])
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)
    if number:
        if post is None and (held := elsewhere(session, number, said["name"])) is not None:
            raise RuleBroken(held.message, [held])
        twin = session.scalar(select(Person).where(Person.id_number == number))
        if twin is not None and twin is not person:
            if post is not None or twin.name != said["name"]:
                raise RuleBroken(f"花名册里已有这个身份证号：{twin.name}。")
            # somebody known by another hat is appointed; what the form leaves out stays
            person = twin
            said |= {name: getattr(twin, name) for name in PERSONAL if said.get(name) is None}
    grid_id = said.get("grid_id") or (post.grid_id if post is not None else None)
    grid = session.get(Grid, grid_id) if grid_id is not None else None
    if grid is None:
        raise RuleBroken("没写所属网格。")
    problems = rules.check_grid_lasts(grid.name, grid.valid_to, said.get("to_day"))
    concurrent = bool(said.get("concurrent", post.concurrent if post is not None else False))
    if person is not None and not concurrent:
        others = main_posts(session, person.id, post.id if post is not None else None)
        problems += rules.check_main(person.name, said.get("from_day"), said.get("to_day"), others)
    if problems:
        raise RuleBroken(problems[0].message, problems)
    if person is None:
        person = Person(pinyin="", search="")
        session.add(person)
        entitle(session, f"新增人员“{said['name']}”")
    else:
        entitle(session, f"已改“{person.name}”的资料")
    for name in PERSONAL:
        setattr(person, name, said.get(name))
    for name, value in keys(said["name"], number, said.get("phone")).items():
        setattr(person, name, value)
    session.flush()
    complete(session, grid, said)
    if post is None:
        post = Post(person_id=person.id)
        session.add(post)
    post.grid_id, post.grid_path, post.concurrent = grid.id, grid.path, concurrent
    for name in OF_POST:
        setattr(post, name, said.get(name))
    session.flush()
    return post.id


@service("移到离岗", needs=Right.EDIT_PEOPLE)
def end_posts(session: Session, post_ids: Sequence[int], last_day: date, reason: str | None = None) -> int:
    """Some people leave their posts; `last_day` is their last one. Raises `RuleBroken` naming whoever
    cannot; answers how many left."""
    names = []
    for post in posts_called(session, post_ids):
        person = session.get(Person, post.person_id)
        name = person.name if person is not None else ""
        if post.from_day is not None and last_day < post.from_day:
            message = f"离任日期 {last_day} 早于任职日期 {post.from_day}：{name}。"
            raise RuleBroken(message, [Problem(message, field="离任日期", value=str(last_day))])
        if post.to_day is not None and post.to_day < last_day:
            message = f"“{name}”{post.to_day} 已经离任，离任日期写错了用“更正”改。"
            raise RuleBroken(message, [Problem(message, field="离任日期", value=str(last_day))])
        post.to_day, post.leave_reason = last_day, reason
        names.append(name)
    if names:
        entitle(session, f"已把{whom(names)}移到离岗")
    return len(names)
