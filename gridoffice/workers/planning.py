"""Which person and which post a row of a roster means, and what it would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Employment
from db.tables import Post
from gridoffice.errors import Problem, Severity
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import Gazetteer, gazetteer
from gridoffice.grids.pack import Pack
from gridoffice.intake import (
    Options,
    Planned,
)
from gridoffice.people.finding import People, Stored, meant, people_of, who
from gridoffice.people.hats import belongings, completed
from gridoffice.people.rules import check_identity
from gridoffice.settling import differences, settle
from gridoffice.spreadsheet.taking import TakenRow
from gridoffice.workers import rules
from gridoffice.workers.rows import OF_POST, PERSONAL


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds of the people that a file may mean."""

    people: People
    posts: Mapping[int, Sequence[Stored]]


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says of where somebody serves, and the problem when nobody knows the place."""

    row: TakenRow
    place: int
    name: str
    grid_id: int | None
    start: date
    end: date
    problem: Problem | None

    def overlaps(self, other: Line) -> bool:
        return self.start <= other.end and other.start <= self.end


def plan(session: Session, rows: Sequence[TakenRow], options: Options, _ground: None) -> list[Planned]:
    """Each row against the person it means: by ID number, else by name and phone, else by name."""
    pack = office_pack(session)
    book = gazetteer(session, pack)
    known = _known(session, rows)
    lines = [_line(book, row, place) for place, row in enumerate(rows)]
    together: dict[Any, list[Line]] = defaultdict(list)
    for row, line in zip(rows, lines, strict=True):
        together[who(row)].append(line)
    return [
        _plan_row(pack, book, known, line, together[who(row)], row, options)
        for row, line in zip(rows, lines, strict=True)
    ]


def _line(book: Gazetteer, row: TakenRow, place: int) -> Line:
    said = row.values
    grid_id, problem = _grid(book, row)
    start, end = said.get("from_day") or date.min, said.get("to_day") or date.max
    return Line(row, place, said.get("name") or "", grid_id, start, end, problem)


def _known(session: Session, rows: Sequence[TakenRow]) -> Known:
    people = people_of(session, rows)
    return Known(people, belongings(session, Post, people.ids()))


def _plan_row(
    pack: Pack,
    book: Gazetteer,
    known: Known,
    line: Line,
    together: Sequence[Line],
    row: TakenRow,
    options: Options,
) -> Planned:
    said = dict(row.values)
    number, grid_id = said.get("id_number"), line.grid_id
    problems: list[Problem] = [] if line.problem is None else [line.problem]
    if not any(problem.field == "身份证号码" for problem in row.problems):
        problems += check_identity(number, said.get("sex"), said.get("birth"))
    problems += rules.check_days(said.get("from_day"), said.get("to_day"))
    problems += rules.check_lengths(said)
    person, conflict = meant(
        known.people, said, lambda one: any(post["grid_id"] == grid_id for post in known.posts.get(one, ()))
    )
    if conflict is not None:
        problems.append(conflict)
    completed(said, person)
    posts = known.posts.get(person["id"], ()) if person is not None else ()
    beside, concurrent = _beside(line, together, posts, number)
    problems += beside
    named = {other.grid_id for other in together if other is not line and other.overlaps(line)}
    post = _post(posts, line, said, concurrent, named)
    _read_title(pack, said, problems)
    moves = post is not None and _moves(post, line, said)
    if post is None:
        _fill_post(pack, book, grid_id, said)
    else:
        for name in ("title", "employment", "contract_end"):
            if said.get(name) is None and (moves or name != "contract_end"):
                said[name] = post[name]
    if grid_id is None and line.problem is None and post is None:
        problems.append(Problem("没写所属网格。", field="所属网格"))
    changes: dict[str, tuple[Any, Any]] = {}
    if person is not None:
        changes |= differences(options, dict(person), said, PERSONAL)
    if post is not None:
        changes |= differences(options, dict(post), said, OF_POST)
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
            "who": who(row),
            "grid_id": grid_id,
            "post_id": post["id"] if post is not None else None,
            "moves": moves,
            "concurrent": concurrent,
        },
        conflict=conflict is not None,
        values=said,
    )


def _beside(
    line: Line, together: Sequence[Line], posts: Sequence[Stored], number: str | None
) -> tuple[list[Problem], bool]:
    """What is wrong with a row beside the others of the same person, and whether its post is held
    beside a main one: the one the office knows as such, else the one named first."""
    main = {post["grid_id"] for post in posts if not post["concurrent"]}
    problems = []
    concurrent = False
    for other in together:
        earlier = other.place < line.place
        there = other.row.seen_from(line.row)
        if other.name != line.name:
            if earlier and number:
                problems.append(_at_number(number, f"{there}的“{other.name}”也是这个身份证号。"))
        elif other is line or not other.overlaps(line):
            continue
        elif other.grid_id == line.grid_id:
            if earlier:
                said = f"与{there}是同一个人、同一个网格。"
                problems.append(
                    _at_number(number, said) if number else Problem(said, field="姓名", value=line.name)
                )
        elif (other.grid_id in main, -other.place) > (line.grid_id in main, -line.place):
            concurrent = True
            said = f"与{there}是同一个人，这一行记为兼任。"
            problems.append(Problem(said, Severity.NOTE, field="姓名", value=line.name))
    return problems, concurrent


def _moves(post: Stored, line: Line, said: Mapping[str, Any]) -> bool:
    """Whether a row says that somebody went to another grid on a later day than they came to this one."""
    start = said.get("from_day")
    elsewhere = line.grid_id is not None and line.grid_id != post["grid_id"]
    return elsewhere and start is not None and (post["from_day"] is None or start > post["from_day"])


def _at_number(number: str, message: str) -> Problem:
    return Problem(message, field="身份证号码", value=number)


def _grid(book: Gazetteer, row: TakenRow) -> tuple[int | None, Problem | None]:
    """The grid a row names, in one column or in several."""
    said = row.values
    named = [name for name in ("street", "community", "grid", "micro") if said.get(name)]
    if named == ["street"] and "street" in row.filled:
        return None, None  # the whole ledger's street is nobody's grid
    parts = [said[name] for name in named]
    if not parts:
        return None, None
    answer = book.find(parts[-1]) if len(parts) == 1 else book.find_parts(parts)
    if isinstance(answer, Problem) and len(parts) > 1:
        # a code or a full path in the last column needs no help from the others
        alone = book.find(parts[-1])
        if not isinstance(alone, Problem) or row.filled.issuperset(named[:-1]):
            answer = alone
    if isinstance(answer, Problem):
        field = "所属网格" if said.get("grid") else "微网格" if said.get("micro") else "社区"
        return None, Problem(answer.message, answer.severity, field=field, value=answer.value)
    return answer, None


def _post(
    posts: Sequence[Stored],
    line: Line,
    said: Mapping[str, Any],
    concurrent: bool,
    named: Collection[int | None],
) -> Stored | None:
    """The post that a row speaks of: in that grid since that day, else held there now, else held
    there until after the row's first day, else the main one of today (which then moves), unless
    another row speaks of that one or the row tells of a time before it."""
    start, today = said.get("from_day"), date.today()
    here = [post for post in posts if post["grid_id"] == line.grid_id]
    current = [post for post in posts if post["to_day"] is None or post["to_day"] >= today]
    for post in here:
        if post["from_day"] == start:
            return post
    for post in here:
        if post in current and line.end >= (post["from_day"] or date.min):
            return post
    for post in here:
        if post not in current and (start is None or start <= post["to_day"]):
            return post
    if concurrent:
        return None
    for post in current:
        before = post["from_day"] is not None and line.end < post["from_day"]
        if not post["concurrent"] and post["grid_id"] not in named and not before:
            return post
    return None


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


def _fill_post(pack: Pack, book: Gazetteer, grid_id: int | None, said: dict[str, Any]) -> None:
    """A new post needs a title and a way of serving, taken from the pack where the row is silent."""
    if grid_id is not None and not said.get("title"):
        said["title"] = pack.post_for(book.places[grid_id].kind, said.get("employment"))
    if not said.get("employment"):
        usual = pack.post_called(said.get("title") or "")
        said["employment"] = usual.employment if usual else Employment.FULL_TIME
