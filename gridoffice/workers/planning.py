"""What each row of a roster would change: whom it means, where that person serves, which post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from db.tables import Post
from gridoffice.accounts.service import data_scope
from gridoffice.grids.asking import NOWHERE, Found, Places, came_after, grid_choices
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer
from gridoffice.intake import Options
from gridoffice.people.finding import people_of
from gridoffice.people.finding import who as who_is
from gridoffice.people.hats import belongings
from gridoffice.people.matching import Match, match, person_choices
from gridoffice.planned import Plain, Planned, PlannedRows
from gridoffice.questions import Answers, Asked, Choice, remembered_answers
from gridoffice.spreadsheet.taken import TakenRow, TakenRows
from gridoffice.workers.plain_rows import once, plain_rows
from gridoffice.workers.row_planning import Aim, Ground, Line, Planning

__all__ = ["BONDS", "Aim", "Ground", "choices", "ground", "plan"]


def ground(session: Session, _options: Options) -> Ground:
    """Load what every row is compared with."""
    pack = office_pack(session)
    return Ground(
        pack, gazetteer(session, pack), data_scope(session), remembered_answers(session, "workers"), {}
    )


BONDS = ("name", "id_number")
"""Rows with a name or an ID number in common may mean one person."""


def choices(session: Session, ground: Ground, asked: Asked) -> tuple[Choice, ...]:
    """What may be answered to a question of a roster."""
    if asked.key.startswith("grid "):
        return grid_choices(ground.book, asked, after=came_after(session, ground.book, asked))
    return person_choices(session, ground.book, asked)


def plan(session: Session, rows: Sequence[TakenRow], options: Options, ground: Ground) -> PlannedRows:
    """Each row against the person it means: by ID number, else by name and phone, else by name. Rows of
    which nothing is to be said are told from the columns, and made when somebody looks at them."""
    taken = rows if isinstance(rows, TakenRows) else TakenRows.of(rows)
    answers = Answers(options.answers, ground.remembered)
    places = Places(ground.book, ground.coming, answers, create_missing=options.create_missing)
    people = people_of(session, taken, options.key)
    posts = belongings(session, Post, people.ids())
    named = Named(places, taken)
    planning = Planning(ground, places, posts, options)

    def line(position: int) -> Line:
        row, (words, found) = taken[position], named[position]

        def near(person_id: int) -> bool:
            return any(post["grid_id"] == found.grid_id for post in posts.get(person_id, ()))

        matched = match(people, row, near, key=options.key, answers=answers, place=words)
        start, end = row.values.get("from_day") or date.min, row.values.get("to_day") or date.max
        name = row.values.get("name") or ""
        return Line(row, position, name, found, matched, _who(row, matched), start, end)

    def make(position: int) -> Planned:
        alone = line(position)
        return planning.row(alone, (alone,))

    plain = plain_rows(taken, named.plain, ground, places, people, posts, options)
    lines = [line(position) for position in plain.others]
    if lines and people.table.rows:
        # a row without a number may mean the same person as a plain one
        meant = {line.who for line in lines}
        told = set(plain.others)
        more = (at for at, record in enumerate(plain.records) if record in meant and at not in told)
        lines = sorted((*lines, *(line(position) for position in more)), key=attrgetter("place"))
    together = _together(lines)
    said = {line.place: planning.row(line, together.get(line.who, (line,))) for line in lines}
    return PlannedRows(said, Plain(plain.outcomes, plain.records, plain.columns, make))


def _who(row: TakenRow, matched: Match) -> Any:
    """What two rows of one person have in common."""
    return matched.person["id"] if matched.person is not None else who_is(row)


def _together(lines: Sequence[Line]) -> dict[Any, list[Line]]:
    """The rows of those who have more than one."""
    first: dict[Any, Line] = {}
    several: dict[Any, list[Line]] = {}
    for line in lines:
        other = first.setdefault(line.who, line)
        if other is not line:
            several.setdefault(line.who, [other]).append(line)
    return several


_PLACES = ("street", "community", "grid", "micro")


class Named:
    """The grid that each row names, and the words it does it with. Paths that are written out are looked up
    all at once, other words once for all that are equal. `plain` are the grids of the rows whose words
    leave nothing open."""

    def __init__(self, places: Places, rows: TakenRows):
        self._columns = [(name, column) for name in _PLACES if any(column := rows.column(name))]
        texts = [column for _, column in self._columns]
        self.plain: list[int | None] = [None] * len(rows)
        if any(name != "street" for name, _ in self._columns):
            self.plain = places.book.written_out(*texts)
        filled = rows.filled()
        others = [at for at, found in enumerate(self.plain) if found is None]

        def look(number: int) -> tuple[tuple[str, ...], Found]:
            return _grid(places, self._said(others[number]), filled[others[number]])

        keys = [[column[at] for at in others] for column in (*texts, filled)]
        self._others = dict(zip(others, once(look, *keys), strict=True))
        for at, (_, found) in self._others.items():
            self.plain[at] = found.grid_id if found.is_plain else None

    def __getitem__(self, position: int) -> tuple[tuple[str, ...], Found]:
        if position in self._others:
            return self._others[position]
        return tuple([words for _, words in self._said(position)]), Found(self.plain[position])

    def _said(self, position: int) -> list[tuple[str, str]]:
        return [(name, column[position]) for name, column in self._columns if column[position]]


def _grid(
    places: Places, said: Sequence[tuple[str, str]], filled: frozenset[str]
) -> tuple[tuple[str, ...], Found]:
    """The grid a row names, in one column or in several, and the words it does it with."""
    named = [name for name, _ in said]
    if not named or (named == ["street"] and "street" in filled):
        return (), NOWHERE  # the whole ledger's street is nobody's grid
    field = "所属网格" if "grid" in named else "微网格" if "micro" in named else "社区"
    words = tuple([words for _, words in said])
    found = places.find(words, field, last_alone=filled.issuperset(named[:-1]))
    if found.grid_id is not None:
        found = places.closed(words, field, found.grid_id) or found
    return words, found
