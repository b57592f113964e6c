"""What is done to posts: appointing, changing, leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Grid, Person, Post
from gridoffice import idcard
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.listing import unchanged
from gridoffice.people.rules import check_identity
from gridoffice.people.service import keys
from gridoffice.service import service
from gridoffice.workers import rules
from gridoffice.workers.listing import rows
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
        others = _main_posts(session, person.id, post.id if post is not None else None)
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
    pack = office_pack(session)
    if not said.get("title"):
        said["title"] = pack.post_for(grid.kind, said.get("employment"))
    if not said.get("employment"):
        usual = pack.post_called(said["title"])
        said["employment"] = usual.employment if usual else "full"
    if post is None:
        post = Post(person_id=person.id)
        session.add(post)
    post.grid_id, post.grid_path, post.concurrent = grid.id, grid.path, concurrent
    for name in OF_POST:
        setattr(post, name, said.get(name))
    session.flush()
    return post.id


def _main_posts(session: Session, person_id: int, but: int | None) -> list[rules.Held]:
    """The main posts of somebody, but for one of them."""
    query = (
        select(Grid.name, Post.from_day, Post.to_day)
        .join(Post, Post.grid_id == Grid.id)
        .where(Post.person_id == person_id, Post.concurrent.is_(False), Post.id != (but or 0))
        .order_by(Post.id)
    )
    return [rules.Held(*row) for row in session.execute(query)]


@service("调动网格员", needs=Right.EDIT_PEOPLE)
def transfer_posts(
    session: Session, post_ids: Sequence[int], grid_id: int, day: date, reason: str | None = None
) -> list[int]:
    """Some people go to another grid on `day`, in the post and way of serving they have: what they held
    ends the day before. Raises `RuleBroken` naming whoever cannot; answers the numbers of the new posts."""
    grid = session.get(Grid, grid_id)
    if grid is None:
        raise NotFound("没有这个网格。")
    fresh, names = [], []
    for old in session.scalars(select(Post).where(Post.id.in_(post_ids)).order_by(Post.id)):
        person = session.get(Person, old.person_id)
        name = person.name if person is not None else ""
        problems = rules.check_grid_lasts(grid.name, grid.valid_to, None)
        if old.to_day is not None and old.to_day < day:
            problems.append(Problem(f"“{name}”{old.to_day} 已经离任，不能再调整。"))
        if old.from_day is not None and day <= old.from_day:
            problems.append(Problem(f"“{name}”{old.from_day} 才到现在的网格，调整日期要晚于这一天。"))
        if old.grid_id == grid.id:
            problems.append(Problem(f"“{name}”已在“{grid.name}”。"))
        if problems:
            raise RuleBroken(problems[0].message, problems)
        last = old.to_day
        old.to_day, old.reason = day - timedelta(days=1), reason
        fresh.append(
            Post(
                person_id=old.person_id,
                grid_id=grid.id,
                grid_path=grid.path,
                title=old.title,
                employment=old.employment,
                concurrent=old.concurrent,
                from_day=day,
                to_day=last,
                contract_end=old.contract_end,
                note=old.note,
            )
        )
        names.append(name)
    session.add_all(fresh)
    whom = f"“{names[0]}”" if len(names) == 1 else f" {len(names)} 人"
    entitle(session, f"{day} 起把{whom}调到“{grid.name}”")
    session.flush()
    return [post.id for post in fresh]


@service("移到离岗", needs=Right.EDIT_PEOPLE)
def end_posts(session: Session, post_ids: Sequence[int], last_day: date, reason: str | None = None) -> int:
    """Some people leave their posts; `last_day` is their last one. Answers how many left."""
    names = []
    for post in session.scalars(select(Post).where(Post.id.in_(post_ids))):
        problems = rules.check_days(post.from_day, last_day)
        if problems:
            raise RuleBroken(problems[0].message, problems)
        post.to_day, post.reason = last_day, reason
        person = session.get(Person, post.person_id)
        names.append(person.name if person is not None else "")
    if names:
        whom = f"“{names[0]}”" if len(names) == 1 else f" {len(names)} 人"
        entitle(session, f"已把{whom}移到离岗")
    return len(names)
