"""What one row of a roster comes to, beside the other rows of the same person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.enums import Employment
from gridoffice.accounts.service import Scope
from gridoffice.errors import Problem, Severity
from gridoffice.grids.asking import Coming, Found, Places
from gridoffice.grids.naming import Gazetteer, Place
from gridoffice.grids.pack import Pack
from gridoffice.intake import Merge, Options
from gridoffice.people.finding import Stored
from gridoffice.people.hats import completed
from gridoffice.people.matching import Match
from gridoffice.people.rules import check_identity
from gridoffice.planned import Planned
from gridoffice.settling import differences, out_of_scope, settle
from gridoffice.spreadsheet.taken import TakenRow
from gridoffice.workers import rules
from gridoffice.workers.rows import OF_POST, PERSONAL


@dataclass(frozen=True, slots=True)
class Ground:
    """What every row is compared with, whoever it means."""

    pack: Pack
    book: Gazetteer
    scope: Scope | None
    remembered: Mapping[str, str]
    coming: Coming


@dataclass(frozen=True, slots=True)
class Aim:
    """What writing needs of a planned row: `who` is the same for rows of one new person, `moves` closes
    the post and opens another, `make` is a grid that is to be made first."""

    who: Any
    grid_id: int | None
    post_id: int | None
    moves: bool
    concurrent: bool
    make: Place | None


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says of who serves where."""

    row: TakenRow
    place: int
    name: str
    found: Found
    match: Match
    who: Any
    start: date
    end: date

    @property
    def grid_id(self) -> int | None:
        return self.found.grid_id

    def overlaps(self, other: Line) -> bool:
        return self.start <= other.end and other.start <= self.end


class Planning:
    """Plans rows one by one, each beside the others of the same person."""

    def __init__(
        self,
        ground: Ground,
        places: Places,
        posts: Mapping[int, Sequence[Stored]],
        options: Options,
    ):
        self.ground, self.places, self.posts, self.options = ground, places, posts, options

    def row(self, line: Line, together: Sequence[Line]) -> Planned:
        row, found, matched = line.row, line.found, line.match
        said = dict(row.values)
        person = matched.person
        number, grid_id = said.get("id_number"), line.grid_id
        problems = [*found.problems, *matched.problems]
        if not any(problem.field == "身份证号码" for problem in row.problems):
            problems += check_identity(number, said.get("sex"), said.get("birth"))
        problems += rules.check_days(said.get("from_day"), said.get("to_day"))
        problems += rules.check_lengths(said)
        if person is not None and matched.keep_name:
            said["name"] = person["name"]
        completed(said, person)
        posts = self.posts.get(person["id"], ()) if person is not None else ()
        beside, concurrent = _beside(line, together, posts, number)
        problems += beside
        named = {other.grid_id for other in together if other is not line and other.overlaps(line)}
        post = _post(posts, line, said, concurrent, named)
        read_title(self.ground.pack, said, problems)
        if post is not None and self.options.rule("grid") is Merge.BLANKS:
            grid_id = post["grid_id"]  # where the office knows a grid, that one stands
        moves = post is not None and _moves(post, grid_id, said)
        if post is None:
            fill_post(
                self.ground.pack, self.places.place(grid_id).kind if grid_id is not None else None, said
            )
        else:
            for name in ("title", "employment", "contract_end"):
                if said.get(name) is None and (moves or name != "contract_end"):
                    said[name] = post[name]
        asked = found.asked
        if grid_id is not None:
            place = self.places.place(grid_id)
            last = said.get("to_day") or (post["to_day"] if post is not None and not moves else None)
            beyond = rules.check_grid_lasts(place.name, place.last, last)
            problems += beyond
            if not beyond and asked is not None and asked.answer is None:
                asked = None  # who left in time served there
        if grid_id is None and post is None and not (found.problems or found.skip):
            problems.append(Problem("没写所属网格。", field="所属网格"))
        outside = self._out_of_scope(grid_id, posts, post)
        if outside is not None:
            problems.append(outside)
        asks = tuple(one for one in (asked, matched.asked) if one is not None)
        return settle(
            row,
            problems,
            changes=self._changes(said, person, post, grid_id),
            record=person["id"] if person is not None else None,
            resolved=Aim(
                line.who,
                grid_id,
                post["id"] if post is not None else None,
                moves,
                concurrent,
                found.make,
            ),
            conflict=matched.conflict,
            values=said,
            asks=asks,
            skip=found.skip or matched.skip,
            out_of_scope=outside is not None,
        )

    def _changes(
        self, said: Mapping[str, Any], person: Stored | None, post: Stored | None, grid_id: int | None
    ) -> dict[str, tuple[Any, Any]]:
        if person is None:
            return {}
        changes = differences(self.options, person, said, PERSONAL)
        if post is not None:
            changes |= differences(self.options, post, said, OF_POST)
            if grid_id is not None and grid_id != post["grid_id"]:
                changes["grid"] = (self.places.display(post["grid_id"]), self.places.display(grid_id))
        elif grid_id is not None:
            changes["grid"] = (None, self.places.display(grid_id))
        return changes

    def _out_of_scope(
        self, grid_id: int | None, posts: Sequence[Stored], post: Stored | None
    ) -> Problem | None:
        """May the account at work not change this? It must hold the grid that the row names, the post
        that it changes, and some post of the person."""
        scope = self.ground.scope
        if scope is None:
            return None
        if grid_id is not None and not scope.holds(self.places.path(grid_id)):
            where = self.places.display(grid_id)
        elif post is not None and not scope.holds(post["grid_path"]):
            where = self.places.display(post["grid_id"])
        elif _serves(posts) and not any(scope.holds(one["grid_path"]) for one in posts):
            where = self.places.display(posts[0]["grid_id"])
        else:
            return None
        return out_of_scope("所属网格", where, f"你管“{scope.name}”，这一行的人在“{where}”")


def _serves(posts: Sequence[Stored]) -> bool:
    """Whoever left everywhere may be taken over by the next unit."""
    today = date.today()
    return any(one["to_day"] is None or one["to_day"] >= today for one in posts)


def _beside(
    line: Line, together: Sequence[Line], posts: Sequence[Stored], number: str | None
) -> tuple[list[Problem], bool]:
    """What is wrong with a row beside the others of the same person, and whether its post is held
    beside a main one: the one the office knows as such, else the one named first."""
    if len(together) == 1:
        return [], False
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


def _moves(post: Stored, grid_id: int | None, said: Mapping[str, Any]) -> bool:
    """Whether a row says that somebody went to another grid on a later day than they came to this one."""
    start = said.get("from_day")
    elsewhere = grid_id is not None and grid_id != post["grid_id"]
    return elsewhere and start is not None and (post["from_day"] is None or start > post["from_day"])


def _at_number(number: str, message: str) -> Problem:
    return Problem(message, field="身份证号码", value=number)


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
    if not posts:
        return None
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


def read_title(pack: Pack, said: dict[str, Any], problems: list[Problem]) -> None:
    """The title in the pack's own words; one that it does not know stands, with a warning."""
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


def fill_post(pack: Pack, kind: str | None, said: dict[str, Any]) -> None:
    """A new post in a grid of some kind needs a title and a way of serving, taken from the pack where the
    row is silent."""
    if kind is not None and not said.get("title"):
        said["title"] = pack.post_for(kind, said.get("employment"))
    if not said.get("employment"):
        usual = pack.post_called(said.get("title") or "")
        said["employment"] = usual.employment if usual else Employment.FULL_TIME
