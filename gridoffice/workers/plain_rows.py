"""The rows of a roster of which nothing is to be said, found by columns: each rule is asked once for equal
values.

What is told here is told by the rules that `row_planning` asks for a single row, and only of rows that
leave nothing open; whatever is not plain at a glance is planned by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar

from gridoffice.errors import Problem
from gridoffice.grids.asking import Places
from gridoffice.intake import Key, Options
from gridoffice.people.finding import PERSON, People
from gridoffice.people.hats import completed
from gridoffice.people.rules import check_identity
from gridoffice.people.stored import Several
from gridoffice.planned import Outcome
from gridoffice.spreadsheet.taken import TakenRows
from gridoffice.workers import rules
from gridoffice.workers.row_planning import Ground, fill_post, read_title
from gridoffice.workers.rows import OF_POST, PERSONAL

T = TypeVar("T")

Columns = dict[str, list[Any]]

COMPLETED = ("sex", "birth", "title", "employment")
"""What stands in a planned row also where the file has no such column."""

PERSON_NAMES = tuple(column.name for column in PERSON)

_ODD: Any = object()
"""Stands in a column where something is to be said."""


@dataclass(frozen=True, slots=True)
class PlainRows:
    """`others` are the positions of the rows that are not plain. Of the plain ones `columns` has the
    completed values by name, and the grid's number and path as `grid_id` and `grid_path`."""

    others: list[int]
    outcomes: Sequence[Outcome]
    records: Sequence[int | None]
    columns: Columns


def once(work: Callable[[int], T], *columns: Sequence[Any]) -> list[T]:
    """What `work` makes of every position, from the first to the last; positions with equal values in all
    these columns have the same."""
    telling = [column for column in columns if column.count(column[0]) < len(column)] if columns[0] else []
    keys = telling[0] if len(telling) == 1 else list(zip(*(telling or columns), strict=True))
    first = dict(zip(reversed(keys), reversed(range(len(keys))), strict=True))
    done = {key: work(at) for key, at in sorted(first.items(), key=itemgetter(1))}
    return list(map(done.__getitem__, keys))


def plain_rows(
    rows: TakenRows,
    grids: Sequence[int | None],
    ground: Ground,
    places: Places,
    people: People,
    posts: Several[int],
    options: Options,
) -> PlainRows:
    """Which rows are plainly new people with one post each, and which say nothing new of one post of
    somebody known."""
    count = len(rows)
    outcomes, records = [Outcome.NEW] * count, [None] * count
    if options.key not in (Key.AUTO, Key.ID_NUMBER):
        return PlainRows(list(range(count)), outcomes, records, {})
    names = rows.names()
    said = {name: rows.column(name) for name in names.union(PERSONAL, OF_POST)}
    columns = said | _identity(said) | {"grid_id": _grids(grids, ground, places)}
    standing = places.book.places
    columns["grid_path"] = [None if one is _ODD else standing[one].path for one in columns["grid_id"]]
    columns["title"], columns["employment"] = _posts(columns, ground, places)
    odd = rows.troubled() | rules.without_room(said) | _unclear(said, people, options) | _early(said)
    for name in ("grid_id", *COMPLETED):
        odd.update(position for position, value in enumerate(columns[name]) if value is _ODD)
    at = people.by_number.places
    known: dict[int, int] = {}
    if at:
        known = {position: at[number] for position, number in enumerate(said["id_number"]) if number in at}
    for position in odd & known.keys():
        del known[position]
    if ground.scope is not None or not known:
        odd |= known.keys()
        return PlainRows(sorted(odd), outcomes, records, columns)
    same = Known(
        list(known), [people.table.rows[place] for place in known.values()], posts, columns["grid_id"], said
    )
    odd |= same.others | same.differing(names, said, columns, options)
    for position, person in zip(same.positions, same.people, strict=True):
        outcomes[position], records[position] = Outcome.UNCHANGED, person[0]
    return PlainRows(sorted(odd), outcomes, records, columns)


def _unclear(said: Columns, people: People, options: Options) -> set[int]:
    """The rows of which only more than the number tells whom they mean, and those that mean the same
    person as another row."""
    numbers, names = said["id_number"], said["name"]
    several: Collection[str] = ()
    if len(set(numbers)) < len(numbers):
        several = {number for number, times in Counter(numbers).items() if times > 1}
    # two ID numbers are two people; of a namesake without one it is not told
    loose = people.unnumbered if options.key is Key.AUTO else ()
    odd = {
        position
        for position, (number, name) in enumerate(zip(numbers, names, strict=True))
        if not number or not name or number in several or name in loose
    }
    if people.elsewhere:
        odd.update(position for position, number in enumerate(numbers) if number in people.elsewhere)
    at, called = people.by_number.places, people.table.names.index("name")
    if at:
        rows = people.table.rows
        odd.update(
            position
            for position, (number, name) in enumerate(zip(numbers, names, strict=True))
            if number in at and rows[at[number]][called] != name
        )
    return odd


class Known:
    """The rows that mean a person who holds one post, in the grid and since the day that the row says.
    `others` are those of people with another post, or with several."""

    def __init__(
        self,
        positions: Sequence[int],
        people: Sequence[tuple[Any, ...]],
        posts: Several[int],
        grids: Sequence[Any],
        said: Columns,
    ):
        names, held = posts.table.names, posts.table.rows
        grid, since = names.index("grid_id"), names.index("from_day")
        days, own = said["from_day"], posts.places
        self.post_names = names
        self.positions: list[int] = []
        self.people: list[tuple[Any, ...]] = []
        self.posts: list[tuple[Any, ...]] = []
        self.others: set[int] = set()
        for position, person in zip(positions, people, strict=True):
            places = own.get(person[0], ())
            post = held[places[0]] if len(places) == 1 else None
            if post is None or post[grid] != grids[position] or post[since] != days[position]:
                self.others.add(position)
                continue
            self.positions.append(position)
            self.people.append(person)
            self.posts.append(post)

    def differing(self, file: Collection[str], said: Columns, columns: Columns, options: Options) -> set[int]:
        """The rows that would change something in the columns that the file has. What a row leaves open is
        completed in `columns` by what the office knows."""
        odd: set[int] = set()
        for names, known, of in (
            (PERSON_NAMES, self.people, PERSONAL),
            (self.post_names, self.posts, OF_POST),
        ):
            for name in of:
                if not known or not (name in file or name in COMPLETED):
                    continue
                index, rule, column = names.index(name), options.rule(name), columns[name]
                stored = [one[index] for one in known]
                if name in COMPLETED:
                    column = columns[name] = list(column)
                    for position, old in zip(self.positions, stored, strict=True):
                        if said[name][position] is None and old is not None:
                            column[position] = old
                odd.update(
                    position
                    for position, old in zip(self.positions, stored, strict=True)
                    if column[position] != old and rule.of(old, column[position]) != old
                )
        return odd


def _identity(columns: Columns) -> Columns:
    """Sex and birth, completed by the ID number; odd where they do not agree with it."""
    numbers = columns["id_number"]
    turns = [number and number[16] for number in numbers]
    days = [number and number[6:14] for number in numbers]
    return {"sex": _completed("sex", turns, columns), "birth": _completed("birth", days, columns)}


def _completed(name: str, tells: Sequence[str | None], columns: Columns) -> list[Any]:
    """What the rows say of sex or birth, or else the part of the ID number that `tells` it; odd where the
    rule finds something to say."""
    numbers, said = columns["id_number"], columns[name]

    def value(position: int, one: Any) -> Any:
        number = numbers[position]
        found = completed({"id_number": number, name: one}, None)[name]
        return (
            found
            if number and not check_identity(number, **{"sex": None, "birth": None, name: found})
            else _ODD
        )

    told = once(lambda position: value(position, None), tells)
    # nearly all say the same as their number, or nothing: that is seen faster than looked up
    apart = [
        at for at, (one, own) in enumerate(zip(said, told, strict=True)) if one is not None and one != own
    ]
    by_rule = once(
        lambda place: value(apart[place], said[apart[place]]),
        [tells[at] for at in apart],
        [said[at] for at in apart],
    )
    for at, one in zip(apart, by_rule, strict=True):
        told[at] = one
    return told


def _grids(numbers: Sequence[int | None], ground: Ground, places: Places) -> list[Any]:
    """The grid's number; odd where it is not plain which one, or where it is out of scope."""
    scope = ground.scope
    if scope is None:
        return [_ODD if number is None else number for number in numbers]
    inside = {one: one is not None and scope.holds(places.path(one)) for one in set(numbers)}
    return [number if inside[number] else _ODD for number in numbers]


def _posts(columns: Columns, ground: Ground, places: Places) -> tuple[list[Any], list[Any]]:
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


def _early(columns: Columns) -> set[int]:
    """The rows that say somebody left before arriving."""
    ends = columns["to_day"]
    if not any(ends):
        return set()
    wrong = once(lambda p: bool(rules.check_days(columns["from_day"][p], ends[p])), columns["from_day"], ends)
    return {position for position, early in enumerate(wrong) if early}


def _marks(values: Sequence[Any]) -> Sequence[int]:
    """What tells objects apart that are equal only to themselves, like codes: faster than they do."""
    return list(map(id, values))
