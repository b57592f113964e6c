"""网格员花名册 as Excel knows it: a person and a post in each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Employment, Right
from db.journal import bulk_insert, bulk_update, reserve
from db.tables import Grid, Person, Post, table_of
from gridoffice import idcard
from gridoffice.errors import Problem, Severity
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import Gazetteer, gazetteer
from gridoffice.grids.pack import Pack
from gridoffice.intake import (
    Incoming,
    Ledger,
    Options,
    Outcome,
    Planned,
    Preview,
    differences,
    settle,
    take_in,
)
from gridoffice.listing import chunked
from gridoffice.people.service import keys
from gridoffice.service import service
from gridoffice.spreadsheet.taking import TakenRow
from gridoffice.workers import rules
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.rows import OF_POST, PERSONAL, PlaceColumns, WorkerRow

Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds of the people that a file may mean."""

    by_number: Mapping[str, Stored]
    by_name: Mapping[str, Sequence[Stored]]
    posts: Mapping[int, Sequence[Stored]]


def plan(session: Session, rows: Sequence[TakenRow], options: Options) -> list[Planned]:
    """Each row against the person it means: by ID number, else by name and phone, else by name."""
    pack = office_pack(session)
    book = gazetteer(session, pack)
    known = _known(session, rows)
    seen: dict[str, list[tuple[int, int | None, str]]] = defaultdict(list)
    return [_plan_row(pack, book, known, seen, row, options) for row in rows]


def _known(session: Session, rows: Sequence[TakenRow]) -> Known:
    numbers = {row.values.get("id_number") for row in rows} - {None}
    names = {row.values.get("name") for row in rows} - {None}
    table = table_of(Person)
    people: dict[int, Stored] = {}
    for column, wanted in ((table.c.id_number, numbers), (table.c.name, names)):
        for chunk in chunked(sorted(wanted)):  # type: ignore[type-var]
            for person in session.execute(select(table).where(column.in_(chunk))).mappings():
                people[person["id"]] = dict(person)
    posts: dict[int, list[Stored]] = defaultdict(list)
    of_post = table_of(Post)
    for chunk in chunked(sorted(people)):
        query = select(of_post).where(of_post.c.person_id.in_(chunk)).order_by(of_post.c.id.desc())
        for post in session.execute(query).mappings():
            posts[post["person_id"]].append(dict(post))
    by_name: dict[str, list[Stored]] = defaultdict(list)
    for person in people.values():
        by_name[person["name"]].append(person)
    by_number = {person["id_number"]: person for person in people.values() if person["id_number"]}
    return Known(by_number, by_name, posts)


def _plan_row(
    pack: Pack,
    book: Gazetteer,
    known: Known,
    seen: dict[str, list[tuple[int, int | None, str]]],
    row: TakenRow,
    options: Options,
) -> Planned:
    said = dict(row.values)
    number = said.get("id_number")
    problems: list[Problem] = []
    grid_id, grid_problem = _grid(book, said)
    if grid_problem is not None:
        problems.append(grid_problem)
    if not any(problem.field == "身份证号码" for problem in row.problems):
        problems += rules.check_identity(number, said.get("sex"), said.get("birth"))
    problems += rules.check_days(said.get("from_day"), said.get("to_day"))
    problems += rules.check_lengths(said)
    if number:
        said["sex"] = said.get("sex") or idcard.sex_of(number)
        said["birth"] = said.get("birth") or idcard.birth_of(number)
    concurrent = False
    if number:
        for earlier, earlier_grid, name in seen[number]:
            if name != said.get("name"):
                problems.append(_at_number(number, f"第 {earlier} 行的“{name}”也是这个身份证号。"))
            elif earlier_grid == grid_id:
                problems.append(_at_number(number, f"与第 {earlier} 行是同一个人、同一个网格。"))
            else:
                concurrent = True
                problems.append(
                    Problem(
                        f"与第 {earlier} 行是同一个人，这一行记为兼任。",
                        Severity.NOTE,
                        field="姓名",
                        value=name,
                    )
                )
        seen[number].append((row.number, grid_id, said.get("name") or ""))
    person, conflict = _person(known, said, grid_id)
    if conflict is not None:
        problems.append(conflict)
    posts = known.posts.get(person["id"], ()) if person is not None else ()
    post = _post(posts, grid_id, said, concurrent)
    if person is None or post is None:
        _fill_post(pack, book, grid_id, said, problems)
    else:
        _read_title(pack, said, problems)
    if grid_id is None and grid_problem is None and post is None:
        problems.append(Problem("没写所属网格。", field="所属网格"))
    changes: dict[str, tuple[Any, Any]] = {}
    if person is not None:
        changes |= differences(options.merge, person, said, PERSONAL)
    if post is not None:
        changes |= differences(options.merge, post, said, OF_POST)
        if grid_id is not None and grid_id != post["grid_id"]:
            old = book.display(book.places[post["grid_id"]])
            changes["grid"] = (old, book.display(book.places[grid_id]))
    elif person is not None and grid_id is not None:
        changes["grid"] = (None, book.display(book.places[grid_id]))
    return settle(
        row,
        problems,
        changes=changes,
        record=person["id"] if person is not None else None,
        resolved={
            "grid_id": grid_id,
            "post_id": post["id"] if post is not None else None,
            "from_day": post["from_day"] if post is not None else None,
            "concurrent": concurrent,
            "old_grid_id": post["grid_id"] if post is not None else None,
        },
        conflict=conflict is not None,
        values=said,
    )


def _at_number(number: str, message: str) -> Problem:
    return Problem(message, field="身份证号码", value=number)


def _grid(book: Gazetteer, said: Mapping[str, Any]) -> tuple[int | None, Problem | None]:
    """The grid a row names, in one column or in several."""
    parts = [said.get(name) for name in ("street", "community", "grid", "micro")]
    parts = [part for part in parts if part]
    if not parts:
        return None, None
    answer = book.find(parts[-1]) if len(parts) == 1 else book.find_parts(parts)
    if isinstance(answer, Problem) and len(parts) > 1:
        # a code or a full path in the last column needs no help from the others
        alone = book.find(parts[-1])
        if not isinstance(alone, Problem):
            answer = alone
    if isinstance(answer, Problem):
        field = "所属网格" if said.get("grid") else "微网格" if said.get("micro") else "社区"
        return None, Problem(answer.message, answer.severity, field=field, value=answer.value)
    return answer, None


def _person(
    known: Known, said: Mapping[str, Any], grid_id: int | None
) -> tuple[Stored | None, Problem | None]:
    number, name, phone = said.get("id_number"), said.get("name"), said.get("phone")
    if number and number in known.by_number:
        person = known.by_number[number]
        if name and person["name"] != name:
            return person, Problem(
                f"花名册里这个身份证号是“{person['name']}”，这里写的是“{name}”。", field="姓名", value=name
            )
        return person, None
    namesakes = [one for one in known.by_name.get(name or "", ()) if not (number and one["id_number"])]
    by_phone = [one for one in namesakes if phone and one["phone"] == phone]
    if len(by_phone) == 1:
        return by_phone[0], None
    if number:
        return None, None
    here = [one for one in namesakes if any(p["grid_id"] == grid_id for p in known.posts.get(one["id"], ()))]
    found = by_phone or here or namesakes
    if len(found) > 1:
        return None, Problem(
            f"花名册里有 {len(found)} 个“{name}”，补上身份证号才能认出是哪一个。", field="姓名", value=name
        )
    return (found[0], None) if found else (None, None)


def _post(
    posts: Sequence[Stored], grid_id: int | None, said: Mapping[str, Any], concurrent: bool
) -> Stored | None:
    """The post that a row speaks of: in that grid since that day, else held there now, else held
    there until after the row's first day, else the main one of today (which then moves)."""
    start, today = said.get("from_day"), date.today()
    here = [post for post in posts if post["grid_id"] == grid_id]
    current = [post for post in posts if post["to_day"] is None or post["to_day"] >= today]
    for post in here:
        if post["from_day"] == start:
            return post
    for post in here:
        if post in current:
            return post
    for post in here:
        if start is None or start <= post["to_day"]:
            return post
    if concurrent:
        return None
    return next((post for post in current if not post["concurrent"]), None)


def _read_title(pack: Pack, said: dict[str, Any], problems: list[Problem]) -> None:
    if not said.get("title"):
        return
    post = pack.post_called(said["title"])
    if post is None:
        problems.append(
            Problem(
                f"“{said['title']}”不在本办的岗位里，照原样记下。",
                Severity.WARNING,
                field="职务",
                value=said["title"],
            )
        )
    else:
        said["title"] = post.label
        if "employment" in said:
            said["employment"] = said["employment"] or post.employment


def _fill_post(
    pack: Pack, book: Gazetteer, grid_id: int | None, said: dict[str, Any], problems: list[Problem]
) -> None:
    """A new post needs a title and a way of serving, taken from the pack where the row is silent."""
    _read_title(pack, said, problems)
    if grid_id is not None and not said.get("title"):
        said["title"] = pack.post_for(book.places[grid_id].kind, said.get("employment"))
    if not said.get("employment"):
        usual = pack.post_called(said.get("title") or "")
        said["employment"] = usual.employment if usual else Employment.FULL_TIME


def write(session: Session, rows: Sequence[Planned], options: Options) -> None:
    """Insert new people and their posts, change others; a move on a later day closes the old post."""
    new = [row for row in rows if row.outcome is Outcome.NEW]
    # the second row of one new person is another post of the same record
    people: dict[Any, int] = {}
    owners: list[tuple[Planned, int]] = []
    fresh: list[dict[str, Any]] = []
    ids = iter(reserve(session, Person, len(new))) if new else iter(())
    for row in new:
        said = row.values
        key = said.get("id_number") or (row.number,)
        if key not in people:
            people[key] = next(ids)
            person: dict[str, Any] = {name: said.get(name) for name in PERSONAL}
            person |= {"note": None, "id": people[key]}
            fresh.append(person | keys(person["name"], person["id_number"], person["phone"]))
        owners.append((row, people[key]))
    bulk_insert(session, Person, fresh)
    updates: dict[int, dict[str, Any]] = {}
    post_updates: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.outcome is not Outcome.UPDATED or row.record is None:
            continue
        changed = {name: pair[1] for name, pair in row.changes.items()}
        personal = {name: changed[name] for name in PERSONAL if name in changed}
        if personal:
            updates.setdefault(row.record, {}).update(personal)
        if row.resolved["post_id"] is None:
            owners.append((row, row.record))
        else:
            _change_post(row, changed, post_updates, owners)
    _with_keys(session, updates)
    bulk_update(session, Person, updates)
    paths = _paths(session, [row.resolved["grid_id"] for row, _ in owners] + _moved(post_updates))
    for values in post_updates.values():
        if "grid_id" in values:
            values["grid_path"] = paths[values["grid_id"]]
    bulk_update(session, Post, post_updates)
    numbers = reserve(session, Post, len(owners)) if owners else ()
    bulk_insert(
        session,
        Post,
        [_new_post(n, row, person_id, paths) for n, (row, person_id) in zip(numbers, owners, strict=True)],
    )


def _moved(post_updates: Mapping[int, Mapping[str, Any]]) -> list[int]:
    return [values["grid_id"] for values in post_updates.values() if "grid_id" in values]


def _change_post(
    row: Planned,
    changed: Mapping[str, Any],
    updates: dict[int, dict[str, Any]],
    owners: list[tuple[Planned, int]],
) -> None:
    post_id, start = row.resolved["post_id"], row.values.get("from_day")
    old_start = row.resolved["from_day"]
    if "grid" in changed and start is not None and (old_start is None or start > old_start):
        updates[post_id] = {"to_day": start - timedelta(days=1), "reason": "按花名册调整网格"}
        owners.append((row, row.record or 0))
        return
    values = {name: changed[name] for name in OF_POST if name in changed}
    if "grid" in changed:
        values["grid_id"] = row.resolved["grid_id"]
    if values:
        updates[post_id] = values


def _with_keys(session: Session, updates: dict[int, dict[str, Any]]) -> None:
    """A changed name, number or phone changes what the person is found by."""
    touched = [i for i, values in updates.items() if values.keys() & {"name", "id_number", "phone"}]
    for chunk in chunked(touched):
        query = select(Person.id, Person.name, Person.id_number, Person.phone).where(Person.id.in_(chunk))
        for person_id, name, id_number, phone in session.execute(query):
            values = updates[person_id]
            values |= keys(
                values.get("name", name), values.get("id_number", id_number), values.get("phone", phone)
            )


def _paths(session: Session, grid_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunked(sorted(set(grid_ids))):
        found.update(
            (grid_id, path)
            for grid_id, path in session.execute(select(Grid.id, Grid.path).where(Grid.id.in_(chunk)))
        )
    return found


def _new_post(number: int, row: Planned, person_id: int, paths: Mapping[int, str]) -> dict[str, Any]:
    said = row.values
    return {
        "id": number,
        "person_id": person_id,
        "grid_id": row.resolved["grid_id"],
        "grid_path": paths[row.resolved["grid_id"]],
        "concurrent": row.resolved["concurrent"],
        "reason": None,
        **{name: said.get(name) for name in OF_POST},
    }


@service("导入网格员花名册", needs=Right.EDIT_PEOPLE)
def import_workers(session: Session, come: Incoming, options: Options) -> Preview:
    """Take a roster in, whole."""
    return take_in(session, WORKER_LEDGER, come, options)


WORKER_LEDGER = Ledger(
    key="workers",
    title="网格员花名册",
    unit="人",
    columns=lambda _session, _options: (*columns(WorkerRow), *columns(PlaceColumns)),
    plan=plan,
    write=write,
    service=import_workers,
    listing=WORKERS,
)
