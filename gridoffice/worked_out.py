"""Lists whose rows are worked out and not stored.

What was worked out stays in the process that did it until the journal grows: list, chips, charts and papers
of one state of the office are worked out once. Such a list is a plain value that travels to the worker
process; of a city's the window is sent ids and the rows in sight.
"""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import JournalHead, Person
from db.texts import holds
from gridoffice.fields import Kind, columns
from gridoffice.listing import Ask, Filter, Listing
from gridoffice.values import show

Work = Callable[[Session, int | None, date | None], Iterable[Any]]
"""The rows below a grid on a day, in the list's own order; each row of a list has an `id`."""

KEPT = 8
"""So many results stay; the one that nobody asked for longest goes."""


class Worked:
    """Rows as they were worked out, with what looking through them needs once somebody does."""

    def __init__(self, rows: Sequence[Any]):
        self.rows = rows

    @cached_property
    def by_id(self) -> dict[int, Any]:
        return {one.id: one for one in self.rows}

    @cached_property
    def texts(self) -> list[str]:
        """Each row as it is shown, a column a line: equal values are put into words once."""
        found = []
        for what in columns(type(self.rows[0])) if self.rows else ():
            values = list(map(attrgetter(what.name), self.rows))
            said = {value: show(what.field, value) for value in set(values)}
            found.append([said[value] for value in values])
        return list(map("\n".join, zip(*found, strict=True)))


_Key = tuple[str, Any, Work, int | None, date]
_kept: OrderedDict[_Key, tuple[str | None, Worked]] = OrderedDict()
"""By office, how far the account sees, work, grid and day: at which end of the journal the rows were worked out, and the rows."""


def _key(session: Session, work: Work, scope: int | None, day: date | None) -> _Key:
    return str(session.get_bind().engine.url), session.info.get("extent"), work, scope, day or date.today()


def worked(session: Session, work: Work, scope: int | None, day: date | None) -> Worked:
    """What some work comes to below a grid on a day (today when none is said), worked out anew only when
    something was written since."""
    if "recorder" in session.info:  # what is being written must be seen, and may yet be taken back
        return Worked(tuple(work(session, scope, day)))
    key, head = _key(session, work, scope, day), session.scalar(select(JournalHead.digest))
    known = _kept.pop(key, None)
    if known is None or known[0] != head:
        known = head, Worked(tuple(work(session, scope, day)))
    _kept[key] = known
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return known[1]


@dataclass(frozen=True, slots=True)
class _List:
    """The questions of a list, told apart by plain values: which rows, by which work, on which day when a
    question names none; `person` is the attribute that numbers people, who are found as anywhere else."""

    row: type
    work: Work
    day: date | None
    person: str

    def _worked(self, session: Session, ask: Ask) -> Worked:
        return worked(session, self.work, ask.scope, ask.day or self.day)

    def _asked(self, session: Session, ask: Ask) -> list[Any]:
        whole = self._worked(session, ask)
        found: Iterable[Any] = whole.rows
        text = ask.search.strip()
        if text:
            known = self._people(session, text)
            number = attrgetter(self.person or "id")
            found = [
                one
                for one, said in zip(found, whole.texts, strict=True)
                if text in said or (known and number(one) in known)
            ]
        for what in ask.filters:
            found = _narrowed(found, what)
        return list(found)

    def _people(self, session: Session, text: str) -> set[int]:
        """Who is found by pinyin, ID number or phone."""
        if not self.person:
            return set()
        spelled = holds(Person.search, text.lower())
        return set(session.scalars(select(Person.id).where(spelled)))

    def ids(self, session: Session, ask: Ask) -> array[int]:
        found = self._asked(session, ask)
        if ask.sort is not None:
            found = self._sorted(session, found, ask.sort, ask.descending)
        return array("q", [one.id for one in found[: ask.limit]])

    def _sorted(self, session: Session, found: list[Any], name: str, descending: bool) -> list[Any]:
        """What is empty comes last either way; codes in their own order, people by their pinyin."""
        value = attrgetter(name)
        filled = [one for one in found if value(one) is not None]
        field = next(what.field for what in columns(self.row) if what.name == name)
        key: Callable[[Any], Any] = value
        if field.kind is Kind.NAME and self.person:
            pinyin = dict(session.execute(select(Person.id, Person.pinyin)).all())
            number = attrgetter(self.person)
            key = lambda one: pinyin.get(number(one), "")  # noqa: E731
        elif field.codes is not None:
            order = {code: place for place, code in enumerate(field.codes)}
            key = lambda one: order[value(one)]  # noqa: E731
        filled.sort(key=key, reverse=descending)
        return [*filled, *(one for one in found if value(one) is None)]

    def rows(self, session: Session, wanted: Sequence[int], ask: Ask | None = None) -> list[Any]:
        """Rows as they were when their ids were answered, if they are still kept."""
        ask = ask or Ask()
        kept = _kept.get(_key(session, self.work, ask.scope, ask.day or self.day))
        by_id = (kept[1] if kept is not None else self._worked(session, ask)).by_id
        return [by_id[number] for number in wanted if number in by_id]

    def choices(self, session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
        field = next(what.field for what in columns(self.row) if what.name == column)
        counts = Counter(map(attrgetter(column), self._asked(session, ask)))
        return [(value, show(field, value), count) for value, count in counts.most_common()]


def _narrowed(found: Iterable[Any], what: Filter) -> list[Any]:
    value, wanted = attrgetter(what.column), set(what.values)
    return [one for one in found if value(one) in wanted]


def worked_out(
    key: str,
    title: str,
    unit: str,
    row: type,
    work: Work,
    filters: Iterable[str] = (),
    day: date | None = None,
    person: str = "",
) -> Listing:
    """A list of rows of one class; `day` is the one meant where a question names none."""
    shown = columns(row)
    made = _List(row, work, day, person)
    names = frozenset(what.name for what in shown)
    return Listing(
        key, title, unit, shown, made.ids, made.rows, made.choices, names, frozenset(filters), asked=True
    )
