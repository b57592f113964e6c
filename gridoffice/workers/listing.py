"""The roster: who serves below a grid on a day, in which order, and what each line shows."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.tables import Person, Post
from gridoffice.fields import columns
from gridoffice.grids.history import Tree, in_order, tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_at
from gridoffice.grids.service import serving
from gridoffice.listing import Ask, Listing, among, chunked, filtered, look_by_number, numbers, ordered_ids
from gridoffice.people.lists import tallied
from gridoffice.people.service import matching
from gridoffice.workers.rows import WorkerRow

_OF_PERSON = {
    "name": Person.pinyin,
    "id_number": Person.id_number,
    "phone": Person.phone,
    "sex": Person.sex,
    "ethnicity": Person.ethnicity,
    "birth": Person.birth,
    "political": Person.political,
    "education": Person.education,
}
_OF_POST = {
    "title": Post.title,
    "grid": Post.grid_path,
    "employment": Post.employment,
    "from_day": Post.from_day,
    "to_day": Post.to_day,
    "contract_end": Post.contract_end,
    "employer": Post.employer,
}
_BY = {**_OF_PERSON, **_OF_POST}


FEW = 2_000
"""Of more people found the first rows are looked for in the list's own order: they are soon together."""


def _asked(session: Session, tree: Tree, ask: Ask) -> Select[Any]:
    query = select(Post.id).where(serving(tree.day))
    if ask.scope is not None:
        query = query.where(tree.within(Post.grid_path, path_of(session, ask.scope)))
    touches_person = ask.sort in _OF_PERSON or any(one.column in _OF_PERSON for one in ask.filters)
    if ask.search:
        look_by_number(session, ask.search)
        found = select(Person.id).where(matching(ask.search))
        soon = ask.limit is not None and ask.sort is None
        people = numbers(session, found.limit(FEW + 1) if soon else found)
        if soon and len(people) > FEW:
            touches_person = True
            query = query.where(matching(ask.search))
        else:
            query = query.where(among(session, Post.person_id, people))
    if touches_person:
        query = query.join(Person, Person.id == Post.person_id)
    return query


def ids(session: Session, ask: Ask) -> array[int]:
    tree = tree_on(session, ask.day)
    query = _asked(session, tree, ask)
    if tree.moved and ask.sort is None:
        return in_order(session, tree, filtered(query, _BY, ask), Post.grid_path, ask.limit)
    return ordered_ids(session, query, _BY, ask, (Post.grid_path, Post.id))


_LINE = (
    Post.id,
    Post.person_id,
    Person.name,
    Post.title,
    Post.grid_id,
    Person.id_number,
    Person.phone,
    Person.sex,
    Person.ethnicity,
    Person.birth,
    Person.political,
    Person.education,
    Person.address,
    Post.employment,
    Post.from_day,
    Post.to_day,
    Post.contract_end,
    Post.employer,
    Post.leave_reason,
    Post.note,
    Post.grid_path,
)
"""What a line is made of, in the order of `WorkerRow`; the grid, in its place, by its number, and at the
end by its path."""
_PLACE = 4


def rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[WorkerRow]:
    """Some posts; each names its grid as that was called on the day (today when none is said)."""
    found: dict[int, Any] = {}
    for chunk in chunked(wanted):
        query = select(*_LINE).join(Person, Person.id == Post.person_id).where(Post.id.in_(chunk))
        found.update({line[0]: line for line in session.execute(query)})
    paths = {line[_PLACE]: line[-1] for line in found.values()}
    names = names_at(session, office_pack(session), paths, day)
    lines = []
    for post_id in wanted:
        if post_id in found:
            line = list(found[post_id][:-1])
            line[_PLACE] = names[line[_PLACE]][0]
            lines.append(WorkerRow(*line))
    return lines


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    expression = Post.grid_id if column == "grid" else _BY[column]
    asked = _asked(session, tree_on(session, ask.day), ask).subquery()
    query = (
        select(Post.id)
        .select_from(Post)
        .join(Person, Person.id == Post.person_id)
        .where(Post.id.in_(select(asked.c.id)))
    )
    return tallied(session, query, expression)


FILTERS = frozenset({"title", "sex", "ethnicity", "political", "education", "employment", "employer"})
"""Columns whose values are few enough to tick."""

WORKERS = Listing(
    "workers",
    "网格员花名册",
    "人",
    columns(WorkerRow),
    ids,
    rows,
    choices,
    frozenset(_BY),
    FILTERS,
    dated=True,
)
