"""The rows of a roster of which nothing is to be said, found by columns: each rule is asked once for equal
values.

What is told here is told by the rules that `row_planning` asks for a single row, and only of rows that
leave nothing open; whatever is not plain at a glance is planned by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from gridoffice.errors import Problem
from gridoffice.grids.asking import Found, Places
from gridoffice.intake import Key, Options
from gridoffice.people.finding import People
from gridoffice.people.hats import completed
from gridoffice.people.rules import check_identity
from gridoffice.planned import Outcome
from gridoffice.spreadsheet.taken import TakenRows
from gridoffice.workers import rules
from gridoffice.workers.row_planning import Ground, fill_post, read_title
from gridoffice.workers.rows import OF_POST, PERSONAL

T = TypeVar("T")

_ODD: Any = object()
"""Stands in a column where something is to be said."""


@dataclass(frozen=True, slots=True)
class PlainRows:
    """`others` are the positions of the rows that are not plain. Of the plain ones `columns` has the
    completed values by name, and the grid's number as `grid_id`."""

    others: list[int]
    outcomes: Sequence[Outcome]
    records: Sequence[int | None]
    columns: dict[str, Sequence[Any]]


def once(work: Callable[[int], T], *columns: Sequence[Any]) -> list[T]:
    """What `work` makes of every position, from the first to the last; positions with equal values in all
    these columns have the same."""
    keys = list(zip(*columns, strict=True))
    first = dict(zip(reversed(keys), reversed(range(len(keys))), strict=True))
    done = {key: work(first[key]) for key in dict.fromkeys(keys)}
    return list(map(done.__getitem__, keys))


def plain_rows(
    rows: TakenRows, founds: Sequence[Found], ground: Ground, places: Places, people: People, options: Options
) -> PlainRows:
    """Which rows are plainly new people with one post each."""
    count = len(rows)
    new = [Outcome.NEW] * count
    if options.key not in (Key.AUTO, Key.ID_NUMBER):
        return PlainRows(list(range(count)), new, [None] * count, {})
    columns: dict[str, Sequence[Any]] = {name: rows.column(name) for name in (*PERSONAL, *OF_POST)}
    odd = rows.troubled() | rules.without_room(columns) | _known(columns, people, options)
    columns |= _identity(columns) | {"grid_id": _grids(founds, ground, places)}
    columns["title"], columns["employment"] = _posts(columns, ground, places)
    odd.update(_early(columns))
    for column in columns.values():
        odd.update(position for position, value in enumerate(column) if value is _ODD)
    return PlainRows(sorted(odd), new, [None] * count, columns)


def _known(columns: dict[str, Sequence[Any]], people: People, options: Options) -> set[int]:
    """The rows that may mean somebody whom the office knows, or the same person as another row."""
    numbers, names = columns["id_number"], columns["name"]
    several = {number for number, times in Counter(numbers).items() if times > 1}
    loose: set[str] = set()
    if options.key is Key.AUTO:
        # two ID numbers are two people; of a namesake without one it is not told
        loose = {name for name, some in people.by_name.items() if not all(one["id_number"] for one in some)}
    known = people.by_number
    return {
        position
        for position, (number, name) in enumerate(zip(numbers, names, strict=True))
        if not number or not name or number in several or number in known or name in loose
    }


def _identity(columns: dict[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Sex and birth, completed by the ID number; odd where they do not agree with it."""
    numbers, sexes, births = columns["id_number"], columns["sex"], columns["birth"]

    def sex(position: int) -> Any:
        number, said = numbers[position], sexes[position]
        if not number or check_identity(number, said, None):
            return _ODD
        return completed({"id_number": number, "sex": said}, None)["sex"]

    def birth(position: int) -> Any:
        number, said = numbers[position], births[position]
        if not number or check_identity(number, None, said):
            return _ODD
        return completed({"id_number": number, "birth": said}, None)["birth"]

    days = [number and number[6:14] for number in numbers]
    turns = [number and number[16] for number in numbers]
    return {"sex": once(sex, turns, _marks(sexes)), "birth": once(birth, days, births)}


def _grids(founds: Sequence[Found], ground: Ground, places: Places) -> Sequence[Any]:
    """The grid's number; odd where it is not plain which one, or where it is closed or out of scope."""

    def grid(position: int) -> Any:
        found = founds[position]
        if found.grid_id is None or found.problems or found.asked or found.make or found.skip:
            return _ODD
        inside = ground.scope is None or ground.scope.holds(places.path(found.grid_id))
        return found.grid_id if inside and places.place(found.grid_id).last is None else _ODD

    return once(grid, _marks(founds))


def _posts(
    columns: dict[str, Sequence[Any]], ground: Ground, places: Places
) -> tuple[Sequence[Any], Sequence[Any]]:
    """Title and way of serving of a new post; odd where the pack does not know the title."""
    titles, employments, grids = columns["title"], columns["employment"], columns["grid_id"]
    kinds: list[str | None] = [
        places.place(grid).kind if title is None and grid is not _ODD else None
        for title, grid in zip(titles, grids, strict=True)
    ]

    def post(position: int) -> tuple[Any, Any]:
        said = {"title": titles[position], "employment": employments[position]}
        problems: list[Problem] = []
        read_title(ground.pack, said, problems)
        fill_post(ground.pack, kinds[position], said)
        return (_ODD, _ODD) if problems else (said["title"], said["employment"])

    found = once(post, titles, _marks(employments), kinds)
    return [title for title, _ in found], [employment for _, employment in found]


def _early(columns: dict[str, Sequence[Any]]) -> set[int]:
    """The rows that say somebody left before arriving."""
    ends = columns["to_day"]
    if not any(ends):
        return set()
    wrong = once(lambda p: bool(rules.check_days(columns["from_day"][p], ends[p])), columns["from_day"], ends)
    return {position for position, early in enumerate(wrong) if early}


def _marks(values: Sequence[Any]) -> Sequence[int]:
    """What tells objects apart that are equal only to themselves, like codes: faster than they do."""
    return list(map(id, values))
