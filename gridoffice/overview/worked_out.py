"""Lists whose rows are worked out and not stored: looked through, put in order and ticked in memory."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from gridoffice.fields import columns
from gridoffice.listing import Ask, Listing
from gridoffice.values import show

Work = Callable[[Session, int | None, date | None], Iterable[Any]]
"""The rows below a grid on a day, in the list's own order; each has an `id`."""


class Ready:
    """Rows that somebody else worked out (the worker process, for a city): listed as they are."""

    def __init__(self) -> None:
        self.rows: Sequence[Any] = ()

    def __call__(self, _session: Session, _scope: int | None, _day: date | None) -> Sequence[Any]:
        return self.rows


def worked_out(
    key: str,
    title: str,
    unit: str,
    row: type,
    work: Work,
    filters: Iterable[str] = (),
    day: date | None = None,
) -> Listing:
    """A list of rows of one class. What was worked out to know which there are is kept for the rows, so
    each window and each paper has a list of its own: a city is gone through once."""
    shown = columns(row)
    by_name = {column.name: column.field for column in shown}
    kept: dict[int, Any] = {}

    def asked(session: Session, ask: Ask) -> list[Any]:
        found = [
            one
            for one in work(session, ask.scope, ask.day or day)
            if all(getattr(one, what.column) in what.values for what in ask.filters)
        ]
        text = ask.search.strip()
        if text:
            found = [
                one
                for one in found
                if any(text in show(field, getattr(one, name)) for name, field in by_name.items())
            ]
        return found

    def ids(session: Session, ask: Ask) -> array[int]:
        found = asked(session, ask)
        if ask.sort is not None:
            filled = [one for one in found if getattr(one, ask.sort) is not None]
            filled.sort(key=lambda one: getattr(one, ask.sort or ""), reverse=ask.descending)
            found = [*filled, *(one for one in found if getattr(one, ask.sort) is None)]
        kept.clear()
        kept.update((one.id, one) for one in found)
        return array("q", list(kept)[: ask.limit])

    def rows(session: Session, wanted: Sequence[int]) -> list[Any]:
        if not kept.keys() >= set(wanted):
            kept.update((one.id, one) for one in work(session, None, day))
        return [kept[number] for number in wanted if number in kept]

    def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
        counts = Counter(getattr(one, column) for one in asked(session, ask))
        return [(value, show(by_name[column], value), count) for value, count in counts.most_common()]

    names = frozenset(by_name)
    return Listing(key, title, unit, shown, ids, rows, choices, names, frozenset(filters))
